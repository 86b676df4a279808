//! The headline. Pages state it several times, each time a little differently: with the site's
//! name, shortened, or made for sharing. The heading that readers see is taken where a stated title
//! agrees with it, else the first stated title.

mod agreement;
mod site_suffix;

use std::borrow::Cow;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::visible::Heading;
use crate::extract::fields::{field_text, meta};
use crate::limits::Limits;
use crate::page::Id;
use crate::selectors::SelectorKey;
use agreement::best;
use site_suffix::headline_in;
pub(super) use site_suffix::is_site_name;

/// A heading agrees with a stated title when they share this part of their words.
const AGREEMENT: f64 = 0.6;
/// If it is the only main heading, so little is enough: nothing else is the headline.
const LONE_AGREEMENT: f64 = 0.2;
/// A minor heading must be part of a stated title as a whole.
const PART: f64 = 0.9;
/// `<meta>` titles of one page that are compared.
const META_TITLES: usize = 20;

/// A title, and the heading that shows it to readers.
#[derive(Debug, Clone)]
pub(super) struct Title<'p> {
    pub(super) text: Cow<'p, str>,
    heading: Option<&'p Heading>,
}

impl Title<'_> {
    /// True for a heading that is neither the page's main one nor marked as a headline. It counts only
    /// where a stated title contains it.
    pub(super) fn is_minor(&self) -> bool {
        self.heading.is_some_and(|it| !it.is_main && !it.is_marked)
    }
}

/// The headline of the page's markup, and where it stands if readers see it.
#[derive(Debug, Clone, Default)]
pub(super) struct Headline {
    pub(super) text: Option<String>,
    pub(super) node: Option<Id>,
    /// What the page states for machines, without the site's name.
    pub(super) stated: Vec<String>,
}

/// What users' selectors find, what the page states for machines, its headings in document order, and
/// its `<title>`, which carries more than the headline.
pub(super) fn candidates<'p>(
    page: &'p PageSources<'_>,
) -> impl Iterator<Item = Candidate<'p, Title<'p>>> {
    let selected = page.selected(SelectorKey::Title);
    selected.map(stated).chain(of_markup(page))
}

/// The candidates that the page's markup states and shows.
fn of_markup<'p>(page: &'p PageSources<'_>) -> impl Iterator<Item = Candidate<'p, Title<'p>>> {
    let title = page.scan.title.iter();
    let title = title.map(|it| Candidate::borrowed(Source::Place("<title>"), it));
    let headings = page.scan.visible.headings.iter().map(|heading| {
        let title = Title {
            text: Cow::Borrowed(heading.text.as_str()),
            heading: Some(heading),
        };
        Candidate::new(Source::Place("heading"), title)
    });
    page.json_ld("headline", &page.linked.headline)
        .chain(page.metas(meta::TITLE).take(META_TITLES))
        .map(stated)
        .chain(headings)
        .chain(title.map(stated))
}

fn stated(candidate: Candidate<'_>) -> Candidate<'_, Title<'_>> {
    let title = Title {
        text: candidate.value,
        heading: None,
    };
    Candidate::new(candidate.source, title)
}

/// The title: a selector's, else the headline of the markup.
pub(super) fn decide(page: &PageSources<'_>, headline: &Headline) -> Option<String> {
    let mut selected = page.selected(SelectorKey::Title);
    let selected = selected.next().map(|it| it.value.into_owned());
    selected.or_else(|| headline.text.clone())
}

/// The headline of the page's markup.
pub(super) fn headline(page: &PageSources<'_>) -> Headline {
    choose(of_markup(page), &page.site_names, page.limits)
}

/// A heading, and what it says.
type HeadingText<'a> = (&'a Heading, String);

/// The heading that agrees with a stated title, else the first stated title.
fn choose<'p>(
    candidates: impl Iterator<Item = Candidate<'p, Title<'p>>>,
    sites: &[String],
    limits: &Limits,
) -> Headline {
    let (stated, [main, marked, other]) = sorted(candidates, sites, limits);
    let plain_stated: Vec<String> = stated.iter().map(|it| field_text::plain(it)).collect();
    let least = if main.len() == 1 {
        LONE_AGREEMENT
    } else {
        AGREEMENT
    };
    let agreeing = |headings, least| {
        best(headings, &plain_stated).filter(|(agreement, _)| *agreement >= least)
    };
    let seen = agreeing(&main, AGREEMENT)
        .or_else(|| agreeing(&marked, AGREEMENT))
        .or_else(|| best(&main, &plain_stated).filter(|(it, _)| *it >= least || stated.is_empty()))
        .or_else(|| agreeing(&other, PART));
    match seen {
        Some((_, (heading, text))) => Headline {
            text: Some(without_kicker(heading, text, &stated, &plain_stated).to_owned()),
            node: Some(heading.node),
            stated,
        },
        // The only main heading, or the one that agrees best, still shows where the article begins.
        None => {
            let lone = main.first().filter(|_| main.len() == 1);
            let place = lone.or_else(|| Some(agreeing(&other, AGREEMENT)?.1));
            Headline {
                node: place.map(|(heading, _)| heading.node),
                text: stated.first().cloned(),
                stated,
            }
        }
    }
}

/// The heading's text, or the stated title with which it ends: then the rest is a kicker or a counter.
fn without_kicker<'t>(
    heading: &Heading,
    text: &'t str,
    stated: &'t [String],
    plain_stated: &[String],
) -> &'t str {
    let plain = field_text::plain(text);
    let is_whole = heading.is_one_piece && plain_stated.contains(&plain);
    let mut ends = plain_stated.iter();
    let end = ends.position(|it| !is_whole && agreement::is_end(it, &plain));
    end.map_or(text, |at| &stated[at])
}

/// The titles that the page states for machines, the most trusted first; and its headings: the main
/// ones, those marked as a post's, and the others. Titles lose the site's name, and are left out where
/// they are nothing else; each heading is listed once.
fn sorted<'p>(
    candidates: impl Iterator<Item = Candidate<'p, Title<'p>>>,
    sites: &[String],
    limits: &Limits,
) -> (Vec<String>, [Vec<HeadingText<'p>>; 3]) {
    let mut stated = Vec::new();
    let mut headings: [Vec<HeadingText<'p>>; 3] = [Vec::new(), Vec::new(), Vec::new()];
    for Candidate { value: title, .. } in candidates {
        let Some(text) = field_text::clean(&title.text, limits) else {
            continue;
        };
        let is_minor = title.heading.is_some_and(|it| !it.is_main);
        let text = if is_minor {
            text
        } else {
            headline_in(&text, sites)
        };
        let Some(heading) = title.heading else {
            if !is_site_name(&text, sites) {
                stated.push(text);
            }
            continue;
        };
        let is_duplicate =
            |known: &HeadingText<'_>| known.1 == text && known.0.is_main == heading.is_main;
        if !headings.iter().flatten().any(is_duplicate) && !is_site_name(&text, sites) {
            let rank = match (heading.is_main, heading.is_marked) {
                (true, _) => 0,
                (_, true) => 1,
                _ => 2,
            };
            headings[rank].push((heading, text));
        }
    }
    (stated, headings)
}

#[cfg(test)]
mod tests;
