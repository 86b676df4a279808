//! The titles of a page, sorted, and which of them is the headline.

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::field_text;
use crate::extract::fields::title::agreement::{self, best, weight};
use crate::extract::fields::title::page_text::PageText;
use crate::extract::fields::title::segments::Segments;
use crate::extract::fields::title::site_suffix::{Cut, Why, headline_in, is_site_name};
use crate::extract::fields::title::{Headline, Title, generic, kicker, shortened};
use crate::extract::fields::visible::Heading;
use crate::limits::Limits;
use crate::page::{Id, Tree};

/// A heading agrees with a stated title when they share this part of their words.
const AGREEMENT: f64 = 0.6;
/// If it is the only main heading, so little is enough: nothing else is the headline.
const LONE_AGREEMENT: f64 = 0.2;
/// A minor heading must be part of a stated title as a whole.
const PART: f64 = 0.9;
/// A main heading in a row of links has other words than a title that it agrees with less.
const CRUMB: f64 = 0.8;
/// A title of no more weight (two words) may be the site's or a section's…
const LABEL_WEIGHT: usize = 4;
/// …and a heading of this weight is none of these.
const HEADLINE_WEIGHT: usize = 8;

/// A heading, and what it says.
pub(super) type HeadingText<'a> = (&'a Heading, String);

/// A title that the page states for machines, without the site's name.
#[derive(Debug)]
pub(super) struct Stated<'p> {
    source: Source<'p>,
    pub(super) text: String,
    pub(super) plain: String,
    pub(super) cuts: Vec<Cut>,
}

/// The titles of a page, sorted.
#[derive(Debug, Default)]
pub(super) struct Titles<'p> {
    /// The titles that it states for machines, the most trusted first.
    pub(super) stated: Vec<Stated<'p>>,
    /// Those that name nothing but the site, or a page of any kind.
    empty: Vec<Stated<'p>>,
    /// Its headings: the main ones, those marked as a post's, and the others.
    headings: [Vec<HeadingText<'p>>; 3],
}

impl<'p> Titles<'p> {
    /// Sorts the candidates. Titles lose the site's name; each heading is listed once.
    pub(super) fn sorted(
        candidates: impl Iterator<Item = Candidate<'p, Title<'p>>>,
        sites: &[String],
        limits: &Limits,
    ) -> Titles<'p> {
        let mut titles = Titles::default();
        for candidate in candidates {
            let Some(text) = field_text::clean(&candidate.value.text, limits) else {
                continue;
            };
            match candidate.value.heading {
                Some(heading) => titles.add_heading(heading, text, sites),
                None => titles.add_stated(candidate.source, &text, sites),
            }
        }
        shortened::complete(&mut titles.stated);
        titles
    }

    fn add_stated(&mut self, source: Source<'p>, text: &str, sites: &[String]) {
        let mut cuts = Vec::new();
        let text = if is_site_name(text, sites) {
            text.to_owned()
        } else {
            headline_in(text, sites, false, &mut cuts)
        };
        let is_empty = is_site_name(&text, sites) || generic::is_generic(&text);
        let list = if is_empty {
            &mut self.empty
        } else {
            &mut self.stated
        };
        list.push(Stated {
            source,
            plain: field_text::plain(&text),
            text,
            cuts,
        });
    }

    fn add_heading(&mut self, heading: &'p Heading, text: String, sites: &[String]) {
        let text = if heading.is_main {
            headline_in(&text, sites, true, &mut Vec::new())
        } else {
            text
        };
        let is_duplicate =
            |known: &HeadingText<'_>| known.1 == text && known.0.is_main == heading.is_main;
        let is_known = self.headings.iter().flatten().any(is_duplicate);
        if is_known || heading.is_home_link || is_site_name(&text, sites) {
            return;
        }
        let list = match (heading.is_main, heading.is_marked) {
            (true, _) => &mut self.headings[0],
            (_, true) => &mut self.headings[1],
            _ => &mut self.headings[2],
        };
        list.push((heading, text));
    }

    /// The stated titles in plain form.
    fn plain(&self) -> Vec<String> {
        self.stated.iter().map(|it| it.plain.clone()).collect()
    }

    /// The heading that shows the headline.
    pub(super) fn shown(&self) -> Option<Headline> {
        let mut compared = self.plain();
        compared.extend(self.stated.iter().flat_map(|it| heads(&it.text)));
        let agreeing = |headings, least| {
            best(headings, &compared).filter(|(agreement, _)| *agreement >= least)
        };
        let [main, marked, other] = &self.headings;
        let lone = if main.len() == 1 {
            self.lone_agreement(&main[0].1)
        } else {
            AGREEMENT
        };
        let (_, (heading, text)) = self
            .under_breadcrumb()
            .or_else(|| agreeing(main, AGREEMENT))
            .or_else(|| agreeing(marked, AGREEMENT))
            .or_else(|| self.heavier(main))
            .or_else(|| self.only_one())
            .or_else(|| {
                let is_enough = |it: f64| it >= lone || self.stated.is_empty();
                best(main, &compared).filter(|(it, _)| is_enough(*it))
            })
            .or_else(|| agreeing(other, PART).filter(|(_, it)| self.says_as_much(&it.1)))?;
        let (text, kicker) = kicker::without(heading, text, &self.stated);
        Some(Headline {
            text: Some(text),
            node: Some(heading.node),
            is_heading: true,
            source: kicker.is_some().then(|| "heading".to_owned()),
            cuts: kicker.into_iter().collect(),
            ..Headline::default()
        })
    }

    /// Where neither a stated title nor a main heading is one: the only heading that is marked as a post's, or
    /// the only one of an `<article>`.
    fn only_one(&self) -> Option<(f64, &HeadingText<'p>)> {
        let [main, marked, other] = &self.headings;
        if !self.stated.is_empty() || !main.is_empty() {
            return None;
        }
        let mut of_article = other.iter().filter(|it| it.0.article.is_some());
        let only = match (marked.as_slice(), of_article.next(), of_article.next()) {
            ([one], ..) => one,
            ([], Some(one), None) => one,
            _ => return None,
        };
        Some((0.0, only))
    }

    /// True for a minor heading that is no label, or where the page states labels alone.
    fn says_as_much(&self, heading: &str) -> bool {
        let is_label = |plain: &str| weight(plain) <= LABEL_WEIGHT;
        !is_label(&field_text::plain(heading)) || self.stated.iter().all(|it| is_label(&it.plain))
    }

    /// The headline below a main heading that ends a row of links to sections: a heading that a stated
    /// title says to be the headline, which has other words.
    fn under_breadcrumb(&self) -> Option<(f64, &HeadingText<'p>)> {
        let crumb = self.headings[0].iter().find(|it| it.0.is_in_breadcrumb)?;
        let of_crumb = std::slice::from_ref(crumb);
        let mut other = self.plain();
        other
            .retain(|it| best(of_crumb, std::slice::from_ref(it)).is_none_or(|(it, _)| it < CRUMB));
        let mut all = self.headings.iter();
        all.find_map(|it| best(it, &other).filter(|(agreement, _)| *agreement >= PART))
    }

    /// A minor heading that is a stated title or a part of it, where it says much more than the only main
    /// one: that is a section or the site.
    fn heavier(&self, main: &[HeadingText<'p>]) -> Option<(f64, &HeadingText<'p>)> {
        let [(_, lone)] = main else {
            return None;
        };
        let (agreement, other) = best(&self.headings[2], &self.plain())?;
        let weigh = |text: &str| weight(&field_text::plain(text));
        let least = HEADLINE_WEIGHT.max(2 * weigh(lone));
        (agreement >= PART && weigh(&other.1) >= least).then_some((agreement, other))
    }

    /// How well the only main heading must agree: not at all where the page states labels alone.
    fn lone_agreement(&self, heading: &str) -> f64 {
        let is_label = |it: &Stated<'_>| weight(&it.plain) <= LABEL_WEIGHT;
        let is_headline = weight(&field_text::plain(heading)) >= HEADLINE_WEIGHT;
        if is_headline && self.stated.iter().all(is_label) {
            0.0
        } else {
            LONE_AGREEMENT
        }
    }

    /// The stated title that the page's text bears out best; one that names nothing but the site only
    /// where the page shows it as a line.
    pub(super) fn stated_one(mut self, tree: &Tree<'_>) -> Headline {
        let place = self.place();
        let all = self.stated.iter().chain(&self.empty);
        let text = PageText::of(tree, all.map(|it| it.text.as_str()));
        for at in 0..self.stated.len() {
            self.shorten(at);
        }
        for title in &mut self.stated {
            title.text = text.trim(&title.text, &mut title.cuts);
        }
        let is_label = |it: &Stated<'_>| text.is_link(&it.text);
        let lone = self.headings[0]
            .first()
            .filter(|_| self.headings[0].len() == 1);
        let lone = lone.filter(|_| self.stated.iter().all(is_label));
        if let Some((heading, text)) =
            lone.filter(|it| weight(&field_text::plain(&it.1)) >= HEADLINE_WEIGHT)
        {
            return Headline {
                text: Some(text.clone()),
                node: Some(heading.node),
                is_heading: true,
                ..Headline::default()
            };
        }
        let is_whole = |it: &Stated<'_>| {
            weight(&it.plain) >= LABEL_WEIGHT && Segments::of(&it.text).len() < 2 && !is_label(it)
        };
        let first = self.stated.first().filter(|it| is_whole(it)).map(|_| 0);
        let shown = || {
            self.stated
                .iter()
                .position(|it| text.line(&it.text).is_some())
        };
        let other = || self.stated.iter().position(|it| !is_label(it));
        let any = || (!self.stated.is_empty()).then_some(0);
        let chosen = first.or_else(shown).or_else(other).or_else(any);
        let is_headline = |it: &Stated<'_>| {
            generic::is_generic(&it.text)
                || weight(&it.plain) >= HEADLINE_WEIGHT && text.line(&it.text).is_some()
        };
        let title = match chosen {
            Some(at) => self.stated.swap_remove(at),
            None => match self.empty.iter().position(is_headline) {
                Some(at) => self.empty.swap_remove(at),
                None => {
                    return Headline {
                        node: place,
                        ..Headline::default()
                    };
                }
            },
        };
        Headline {
            node: place.or_else(|| text.line(&title.text)),
            is_heading: false,
            source: Some(title.source.to_string()),
            text: Some(title.text),
            cuts: title.cuts,
            ..Headline::default()
        }
    }

    /// Where the article begins: at the only main heading, or at the one that agrees best.
    fn place(&self) -> Option<Id> {
        let [main, _, other] = &self.headings;
        let lone = main.first().filter(|_| main.len() == 1);
        let agreeing = || {
            Some(
                best(other, &self.plain())
                    .filter(|(it, _)| *it >= AGREEMENT)?
                    .1,
            )
        };
        Some(lone.or_else(agreeing)?.0.node)
    }

    /// Cuts off a stated title what another one, which is its beginning or its end, lacks.
    fn shorten(&mut self, at: usize) {
        let title = &self.stated[at];
        let segments = Segments::of(&title.text);
        let all = segments.len();
        let ends = (1..all).flat_map(|it| [(0, it, it, all), (it, all, 0, it)]);
        let ends =
            ends.filter(|&(from, to, ..)| segments.is_certain(if from == 0 { to } else { from }));
        let other = ends.into_iter().find_map(|(from, to, cut_from, cut_to)| {
            let plain = field_text::plain(segments.slice(from, to));
            let is_other = self.stated.iter().any(|it| it.plain == plain);
            let cut = segments.slice(cut_from, cut_to).to_owned();
            (is_other && weight(&plain) >= LABEL_WEIGHT)
                .then(|| (segments.slice(from, to).to_owned(), cut))
        });
        if let Some((text, cut)) = other {
            let title = &mut self.stated[at];
            title.text = text;
            title.cuts.push(Cut {
                text: cut,
                why: Why::Stated,
            });
        }
    }
}

/// The longest segment of a title, and its beginnings that end before a segment; in plain form.
fn heads(title: &str) -> Vec<String> {
    let segments = Segments::of(title);
    let all = segments.len();
    if all < 2 {
        return Vec::new();
    }
    let heads = segments.heads().map(field_text::plain);
    let each = (0..all).map(|it| field_text::plain(segments.slice(it, it + 1)));
    let longest = each.max_by_key(|it| weight(it));
    let all = heads.chain(longest);
    all.filter(|it| agreement::says_enough(it)).collect()
}
