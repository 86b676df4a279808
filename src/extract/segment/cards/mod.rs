//! Cards: teasers of other articles around and inside the text, whatever their classes are called. A card is
//! a small element all of whose links lead to one page; cards come in runs of siblings. A run is foreign
//! where it looks like news (dates, cut excerpts, cards that are one link, a heading as 'Read also') and
//! stands apart from the text, or between two parts of it under such a heading. A list that is the article
//! itself ('ten films to see') stays: the rest of the page is then less than its list.

mod place;
mod runs;
mod sums;
mod text;

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::extract::segment::cards::place::{Place, Prose};
use crate::extract::segment::cards::runs::{Run, runs};
use crate::extract::segment::cards::sums::{CUT, DATED, HEADING, PICTURE, Sums, WHOLE};
use crate::extract::segment::structural::{Found, Layout};
use crate::page::{Id, Tag, Tree};

/// The rule of cards in `rules/related.toml`.
const RULE: &str = "cards";
/// On pages with less prose outside cards, cards may be what the page is for.
const LEAST_PROSE: u32 = 150;
/// A list of links is none of the article's where there is so much prose outside it.
const MUCH_PROSE: u32 = 400;
/// The mean width of the excerpts of teasers; what is said of the things in a list is longer.
const SHORT_EXCERPT: u32 = 220;
const EXCERPT: u32 = 300;
/// The longest heading of a list of other articles.
const HEADING_WIDTH: u32 = 60;
/// A link in a list of other articles is as wide as a headline.
const HEADLINE: u32 = 25;

/// Finds the cards that lead to other articles.
pub(super) fn find(layout: &Layout<'_, '_>, found: &mut Vec<Found>) {
    let tree = layout.tree;
    let sums = Sums::new(tree);
    let all = runs(tree, &sums);
    if all.is_empty() {
        return;
    }
    let prose = Prose::new(layout, &sums, &all);
    if prose.all() < LEAST_PROSE {
        return;
    }
    let page = CardPage {
        layout,
        sums: &sums,
        prose: &prose,
        host: host_of(tree),
        listed: number_in_title(tree),
    };
    for run in &all {
        let heading = page.heading(run);
        if page.is_foreign(run, heading) {
            found.extend(run.members.iter().map(|&id| (id, RULE)));
            found.extend(heading.map(|id| (id, RULE)));
        }
    }
}

/// What is known of a page when its runs are judged.
struct CardPage<'a, 'p> {
    layout: &'a Layout<'a, 'p>,
    sums: &'a Sums,
    prose: &'a Prose,
    host: Option<&'p str>,
    /// The number in the page's title: 'Ten films', '7 ways'.
    listed: Option<usize>,
}

/// How many cards of a run have each sign.
#[derive(Default)]
struct Signs {
    dated: bool,
    cut: bool,
    whole: bool,
    heading: bool,
    picture: bool,
}

impl CardPage<'_, '_> {
    /// True for a run of cards of other articles. `heading` announces such.
    fn is_foreign(&self, run: &Run, heading: Option<Id>) -> bool {
        let excerpts = self.excerpts(run);
        let signs = self.signs(run);
        let certainty = [signs.dated, signs.cut, signs.whole];
        let certainty = certainty.into_iter().filter(|&it| it).count();
        let is_sure = certainty > 1 || (signs.dated || signs.cut) && signs.picture;
        let place = self.prose.place(self.layout.tree, run);
        if run.targets < 2 && heading.is_none() || !self.leads_within_site(run) {
            return false;
        }
        let is_outweighed = self.is_outweighed(excerpts);
        if heading.is_some() && (is_outweighed || is_sure || certainty > 0 && place == Place::Apart)
        {
            return true;
        }
        // A page that announces a number of things may list them on pages of their own.
        if !is_sure && (self.listed.is_some() || !is_outweighed) {
            return false;
        }
        let is_short = |mean: u32| excerpts <= run.targets as u32 * mean;
        let is_framed = signs.heading || signs.picture || signs.cut;
        match place {
            _ if run.is_flat => signs.cut && is_sure,
            Place::Between => is_sure && signs.cut || self.is_link_list(run, excerpts),
            Place::Flow => certainty > 0 && is_short(SHORT_EXCERPT) && is_framed,
            Place::Apart if certainty > 0 => is_framed || signs.whole,
            Place::Apart => {
                let is_small = self.prose.all() >= excerpts * 2 && is_short(EXCERPT);
                is_small && run.targets > 2 && signs.picture
            }
        }
    }

    /// True where the text outside cards is more than that of the cards.
    fn is_outweighed(&self, excerpts: u32) -> bool {
        self.prose.all() >= excerpts || excerpts < LEAST_PROSE
    }

    /// True where most cards lead to the page's own site.
    fn leads_within_site(&self, run: &Run) -> bool {
        let tree = self.layout.tree;
        let within = run.cards.iter().filter(|&&id| self.is_internal(tree, id));
        within.count() * 3 >= run.cards.len() * 2
    }

    /// A list of headlines within a longer text, each a link after a kicker at most.
    fn is_link_list(&self, run: &Run, excerpts: u32) -> bool {
        let wide = |&id: &Id| self.sums.of[id].linked >= HEADLINE;
        let has_kicker = |id: &&Id| self.sums.of[**id].width > self.sums.of[**id].linked;
        run.targets > 1
            && excerpts as usize <= run.cards.len() * HEADLINE as usize
            && run.cards.iter().all(wide)
            && run.cards.iter().filter(has_kicker).count() * 2 >= run.cards.len()
            && self.prose.all() >= MUCH_PROSE
            && run.width(self.sums) * 4 <= self.prose.all()
    }

    fn is_internal(&self, tree: &Tree<'_>, card: Id) -> bool {
        let links = std::iter::once(card).chain(tree.descendants(card));
        let mut addresses = links.filter(|&id| tree.tag(id) == Tag::A);
        addresses.all(|id| match tree.attr(id, "href").and_then(text::host) {
            None => true,
            Some(host) => self.host.is_some_and(|own| text::is_same_site(own, host)),
        })
    }

    /// The width of the cards' texts outside links.
    fn excerpts(&self, run: &Run) -> u32 {
        let unlinked = |&id: &Id| self.sums.of[id].width - self.sums.of[id].linked;
        run.members.iter().map(unlinked).sum()
    }

    fn signs(&self, run: &Run) -> Signs {
        let most = |sign: u16| {
            let with = run.members.iter().filter(|&&id| self.sums.of[id].has(sign));
            with.count() * 2 >= run.cards.len()
        };
        Signs {
            dated: most(DATED),
            cut: most(CUT),
            whole: most(WHOLE) && self.excerpts(run) * 7 <= run.width(self.sums) * 2,
            heading: most(HEADING),
            picture: most(PICTURE),
        }
    }

    /// The short text above a run that announces other articles.
    fn heading(&self, run: &Run) -> Option<Id> {
        let tree = self.layout.tree;
        let first = *run.cards.first()?;
        let above = std::iter::once(first).chain(tree.ancestors(first));
        let heading = above.take(6).find_map(|id| self.text_before(id))?;
        let sum = &self.sums.of[heading];
        let is_short = sum.width <= HEADING_WIDTH;
        let phrases = &self.layout.rules.phrases;
        (is_short && phrases.find(&tree.text(heading)) == Some("read on")).then_some(heading)
    }

    /// The nearest sibling above an element that has text.
    fn text_before(&self, id: Id) -> Option<Id> {
        let above = self.layout.tree.parent(id);
        let siblings = self.layout.tree.children(above).take_while(|&it| it < id);
        siblings.filter(|&it| self.sums.of[it].width > 0).last()
    }
}

/// The host that the page says it is on; else the one that most of its links name.
fn host_of<'p>(tree: &Tree<'p>) -> Option<&'p str> {
    let head = tree.elements(Tag::Head).next();
    let mut in_head = head.into_iter().flat_map(|it| tree.descendants(it));
    let stated = in_head.find_map(|id| {
        let address = match tree.tag(id) {
            Tag::Link if tree.attr(id, "rel") == Some("canonical") => tree.attr(id, "href"),
            Tag::Meta if tree.attr(id, "property") == Some("og:url") => tree.attr(id, "content"),
            _ => None,
        };
        address.and_then(text::host)
    });
    stated.or_else(|| {
        let mut hosts: HashMap<&str, usize, RandomState> = HashMap::default();
        let links = tree.elements(Tag::A).filter_map(|id| tree.attr(id, "href"));
        for host in links.filter_map(text::host) {
            *hosts.entry(host).or_default() += 1;
        }
        let most = hosts.into_iter().max_by_key(|&(host, count)| (count, host));
        most.map(|(host, _)| host)
    })
}

/// A number of things that the title announces.
fn number_in_title(tree: &Tree<'_>) -> Option<usize> {
    let title = tree.elements(Tag::Title).next()?;
    let text = tree.text(title);
    let words = text.split(|c: char| !c.is_alphanumeric());
    let numbers = words.filter_map(|word| word.parse().ok());
    numbers
        .into_iter()
        .find(|number| (3..=150).contains(number))
}
