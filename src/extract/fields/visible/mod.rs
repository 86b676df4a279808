//! What readers see: headlines, bylines and dates in the markup, each with how clearly it is marked
//! ([`hints`]) and where it stands. What stands in navigation, comments or teasers belongs to
//! something else than the article.

mod headings;
mod hints;
mod text;
mod words;

use crate::limits::Limits;
use crate::page::{Id, Tag, Tree};
use hints::Hints;
use text::byline_text;
pub(super) use text::short_text;
use words::ClassMeanings;
pub(super) use words::is_author_page;

/// Bylines, dates and headings of one page that are read, of each.
const MAX_ITEMS: usize = 200;
/// A byline or a date with more characters is something else.
const ITEM_CHARS: usize = 160;
/// Elements this many nodes apart belong to one byline.
const ONE_BYLINE: usize = 24;
/// An `<article>` of so many nodes is no teaser.
const LONG_ARTICLE: usize = 100;

/// A byline in a container outside the article still belongs to it where it is marked this clearly…
const CLEARLY_MARKED: u8 = 4;
/// …and begins within so many nodes of the headline.
const UNDER_HEADLINE: usize = 60;

/// The strength of what `itemprop` names.
const PROPERTY: u8 = 5;

/// A range of nodes: a subtree.
type Span = (Id, Id);

/// A byline or a date that the markup marks as such.
#[derive(Debug, Clone)]
pub(super) struct MarkedText {
    pub(super) node: Id,
    /// One past its last node.
    end: Id,
    /// What it says.
    pub(super) text: String,
    strength: u8,
    /// The text is the machine-readable form of what the element shows.
    pub(super) is_stated: bool,
    /// The markup says that it is a date of modification.
    pub(super) is_modified: bool,
    /// The innermost container outside the article that contains it.
    aside: Option<Span>,
    /// The innermost `<article>` that contains it.
    article: Option<Span>,
}

impl MarkedText {
    /// True where the markup says in so many words which date it is.
    pub(super) fn is_property(&self) -> bool {
        self.strength >= PROPERTY
    }

    /// True where the markup marks it as a date of this article, and not just as some date.
    pub(super) fn is_clear(&self) -> bool {
        self.strength >= CLEARLY_MARKED
    }

    /// True where both belong to one byline.
    fn follows(&self, last: &MarkedText) -> bool {
        self.node - last.node <= ONE_BYLINE
    }
}

/// A headline in the page.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    /// Where it stands.
    pub(super) node: Id,
    /// What it says.
    pub(super) text: String,
    /// It is the page's own: an `<h1>`, or marked as the headline.
    pub(super) is_main: bool,
    /// It is marked as the headline of a post, perhaps of another one.
    pub(super) is_marked: bool,
    /// Its texts, where it has several: a kicker or a counter may have an element of its own.
    pub(super) parts: Vec<String>,
    /// How many of them, from the first, have an element that a class calls a kicker.
    pub(super) kicker_parts: usize,
    /// It is the last of a row of links to sections. The headline that readers see may be another.
    pub(super) is_in_breadcrumb: bool,
    /// It is a link to the front page: the name of the site.
    pub(super) is_home_link: bool,
    /// The innermost `<article>` that contains it.
    pub(super) article: Option<Span>,
}

/// What the walk over the page has found.
#[derive(Debug)]
pub(super) struct Visible<'p> {
    /// Headings in document order, but those in containers outside the article.
    pub(super) headings: Vec<Heading>,
    bylines: Vec<MarkedText>,
    dates: Vec<MarkedText>,
    classes: ClassMeanings,
    limits: &'p Limits,
    /// Containers open at this point of the walk.
    asides: Vec<Span>,
    articles: Vec<Span>,
    /// The outermost containers outside the article, in document order.
    outside: Vec<Span>,
}

impl<'p> Visible<'p> {
    /// Prepares for a walk over this page.
    pub(super) fn new(tree: &Tree<'_>, limits: &'p Limits) -> Visible<'p> {
        Visible {
            headings: Vec::new(),
            bylines: Vec::new(),
            dates: Vec::new(),
            classes: ClassMeanings::of(tree, limits),
            limits,
            asides: Vec::new(),
            articles: Vec::new(),
            outside: Vec::new(),
        }
    }

    /// Adds an element. Elements come in document order.
    pub(super) fn add(&mut self, tree: &Tree<'_>, id: Id) {
        let tag = tree.tag(id);
        let hints = Hints::of(tree, id, &self.classes, self.limits);
        if hints.is_none() && !means_something(tag) {
            return;
        }
        self.leave(id);
        let hints = hints.unwrap_or_default();
        let span = (id, tree.end(id));
        // Before it opens as a container: a byline that is an `<aside>` stands where that does.
        self.add_marked(tree, tag, span, &hints);
        // A container of most of the page holds the article, whatever its name is.
        let is_small = (span.1 - span.0) * 2 <= tree.len();
        if is_small && hints.is_aside(tag, !self.articles.is_empty()) {
            if self.asides.is_empty() {
                self.outside.push(span);
            }
            self.asides.push(span);
        } else if tag == Tag::Article {
            self.articles.push(span);
        }
        let is_heading = matches!(tag, Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4);
        let is_main = (tag == Tag::H1 && !hints.names_kicker()) || hints.has_property("headline");
        let is_marked = is_heading && hints.names_headline();
        if is_main || is_heading {
            self.add_heading(tree, id, is_main, is_marked);
        }
    }

    /// Adds an element's byline and date, if it is marked as one.
    fn add_marked(&mut self, tree: &Tree<'_>, tag: Tag, span: Span, hints: &Hints<'_>) {
        let (id, _) = span;
        if let Some(strength) = hints.byline_strength(tag) {
            let text = hints
                .stated
                .map(str::to_owned)
                .or_else(|| byline_text(tree, id));
            let byline = self.marked_text(span, text, strength);
            push(&mut self.bylines, byline);
        }
        if let Some((strength, is_modified)) = hints.date_strength(tag) {
            let text = hints.stated.map(str::to_owned);
            let text = text.or_else(|| short_text(tree, id, ITEM_CHARS));
            let text = text.filter(|it| it.chars().any(char::is_numeric));
            let date = self.marked_text(span, text, strength);
            let date = date.map(|it| MarkedText {
                is_stated: hints.stated.is_some(),
                is_modified,
                ..it
            });
            push(&mut self.dates, date);
        }
    }

    fn add_heading(&mut self, tree: &Tree<'_>, id: Id, is_main: bool, is_marked: bool) {
        let is_own = is_main || is_marked || self.asides.is_empty();
        if self.headings.len() >= MAX_ITEMS || !is_own {
            return;
        }
        let text = short_text(tree, id, self.limits.field_chars);
        if let Some(text) = text.filter(|it| !it.is_empty()) {
            self.headings.push(Heading {
                node: id,
                text,
                is_main,
                is_marked,
                parts: headings::parts(tree, id),
                kicker_parts: headings::kicker_parts(tree, id),
                is_in_breadcrumb: is_main && headings::is_in_breadcrumb(tree, id),
                is_home_link: headings::is_home_link(tree, id),
                article: self.articles.last().copied(),
            });
        }
    }

    /// Closes the containers that end before `id`.
    fn leave(&mut self, id: Id) {
        for open in [&mut self.asides, &mut self.articles] {
            while open.last().is_some_and(|&(_, end)| end <= id) {
                open.pop();
            }
        }
    }

    fn marked_text(
        &self,
        (node, end): Span,
        text: Option<String>,
        strength: u8,
    ) -> Option<MarkedText> {
        Some(MarkedText {
            node,
            end,
            text: text.filter(|it| !it.is_empty())?,
            strength,
            is_stated: false,
            is_modified: false,
            aside: self.asides.last().copied(),
            article: self.articles.last().copied(),
        })
    }

    /// The bylines of the article under `headline` that are marked at least this clearly: the clearest
    /// and nearest first, adjacent ones as one group.
    pub(super) fn bylines(&self, headline: Option<Id>, least: u8) -> Vec<Vec<&str>> {
        let mut groups: Vec<(u8, Vec<&MarkedText>)> = Vec::new();
        let near = self.of_article(&self.bylines, headline);
        for byline in near.filter(|it| it.strength >= least) {
            let last = groups.iter_mut().rev().find(|it| it.0 == byline.strength);
            match last {
                Some((_, group)) if group.last().is_some_and(|it| byline.follows(it)) => {
                    // Of a byline within a byline, the inner one is the name alone.
                    group.retain(|it| byline.node >= it.end);
                    group.push(byline);
                }
                _ => groups.push((byline.strength, vec![byline])),
            }
        }
        groups.sort_by_key(|(strength, group)| {
            rank(*strength, group.first().map_or(0, |it| it.node), headline)
        });
        let groups = groups.into_iter().map(|(_, group)| group);
        groups
            .map(|group| group.into_iter().map(|it| it.text.as_str()).collect())
            .collect()
    }

    /// Marked dates, the clearest and nearest first: those near the headline (at most `reach` nodes after
    /// it), and the others.
    pub(super) fn dates(
        &self,
        headline: Option<Id>,
        reach: usize,
    ) -> (Vec<&MarkedText>, Vec<&MarkedText>) {
        let is_near = |it: &&MarkedText| {
            headline.is_some_and(|at| it.node + ONE_BYLINE >= at && it.node <= at + reach)
        };
        let mut own: Vec<&MarkedText> = self.of_article(&self.dates, headline).collect();
        own.sort_by_key(|it| rank(it.strength, it.node, headline));
        own.into_iter().partition(is_near)
    }

    /// True for a node in a container outside the article under `headline`. A small one next to the headline
    /// may hold its date.
    pub(super) fn is_outside(&self, node: Id, headline: Option<Id>) -> bool {
        let after = self.outside.partition_point(|&(start, _)| start <= node);
        let Some(&(start, end)) = after.checked_sub(1).and_then(|at| self.outside.get(at)) else {
            return false;
        };
        let is_own = headline.is_some_and(|at| {
            let is_next = end - start <= LONG_ARTICLE && start.abs_diff(at) <= UNDER_HEADLINE;
            start <= at && at < end || is_next
        });
        node < end && !is_own
    }

    /// What may belong to the article under `headline`: not what stands in containers outside it, nor
    /// in other articles.
    fn of_article<'m>(
        &self,
        marked: &'m [MarkedText],
        headline: Option<Id>,
    ) -> impl Iterator<Item = &'m MarkedText> {
        let heading = self.headings.iter().find(|it| Some(it.node) == headline);
        let own_article = heading.and_then(|it| it.article);
        marked.iter().filter(move |item| {
            let contains_headline =
                |(start, end): Span| headline.is_some_and(|at| start <= at && at < end);
            let is_own = |span: Span| {
                let within =
                    own_article.is_none_or(|(start, end)| start <= span.0 && span.1 <= end);
                contains_headline(span) || (within && span.1 - span.0 > LONG_ARTICLE)
            };
            // Some pages put the byline itself into an `<aside>` under the headline.
            let is_byline = |(start, end): Span| {
                let is_under =
                    headline.is_some_and(|at| start > at && start - at <= UNDER_HEADLINE);
                is_under && item.strength >= CLEARLY_MARKED && end - start <= LONG_ARTICLE
            };
            item.aside
                .is_none_or(|it| contains_headline(it) || is_byline(it))
                && item.article.is_none_or(is_own)
        })
    }
}

/// True for elements that say what they hold without attributes.
fn means_something(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Nav | Tag::Aside | Tag::Footer | Tag::Article | Tag::Time
    ) || tag.heading_level().is_some()
}

/// The clearest first, then the nearest to the headline.
fn rank(strength: u8, node: Id, headline: Option<Id>) -> (std::cmp::Reverse<u8>, usize) {
    let distance = headline.map_or(node, |at| node.abs_diff(at));
    (std::cmp::Reverse(strength), distance)
}

fn push(list: &mut Vec<MarkedText>, item: Option<MarkedText>) {
    if list.len() < MAX_ITEMS {
        list.extend(item);
    }
}
