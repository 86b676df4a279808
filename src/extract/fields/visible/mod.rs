//! What readers see: headlines, bylines and dates in the markup, each with how plainly it is marked
//! as one ([`marks`]) and where it stands. What stands in navigation, comments or teasers beside
//! the article speaks of something else.

mod marks;

use crate::limits::Limits;
use crate::page::tree::fold_space;
use crate::page::{Id, Tag, Tree};
use marks::{Marks, Senses};

/// Mentions of one sort that are kept.
const MENTIONS: usize = 200;
/// A byline or a date with more characters is something else.
const MENTION_CHARS: usize = 160;
/// Nodes looked at for the text of one mention.
const MENTION_NODES: usize = 400;
/// Mentions this many nodes apart belong to one byline.
const ONE_BYLINE: usize = 24;
/// An `<article>` of so many nodes is no teaser.
const LONG_ARTICLE: usize = 100;

/// What a container beside the article holds is still the article's where it is marked as plainly…
const PLAINLY_MARKED: u8 = 4;
/// …and begins within so many nodes of the headline.
const UNDER_HEADLINE: usize = 60;

/// A range of nodes: a subtree.
type Span = (Id, Id);

/// A byline or a date in the page.
#[derive(Debug, Clone)]
pub(super) struct MarkedText {
    pub(super) node: Id,
    /// One past its last node.
    end: Id,
    /// What it says.
    pub(super) text: String,
    strength: u8,
    /// The innermost container beside the article that it stands in.
    aside: Option<Span>,
    /// The innermost `<article>` that it stands in.
    article: Option<Span>,
}

impl MarkedText {
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
    /// It is marked as the headline of some post, perhaps of another.
    pub(super) is_marked: bool,
    /// All that it says is one piece: no kicker or counter has an element of its own.
    pub(super) is_one_piece: bool,
    /// The innermost `<article>` that it stands in.
    pub(super) article: Option<Span>,
}

/// What the walk has found.
#[derive(Debug, Default)]
pub(super) struct Visible {
    /// Headings outside of containers beside the article, in order.
    pub(super) headings: Vec<Heading>,
    bylines: Vec<MarkedText>,
    published: Vec<MarkedText>,
    modified: Vec<MarkedText>,
    senses: Senses,
    /// Containers open at this point of the walk.
    asides: Vec<Span>,
    articles: Vec<Span>,
}

impl Visible {
    /// Before the walk over this page.
    pub(super) fn on(tree: &Tree<'_>) -> Visible {
        Visible {
            senses: Senses::of(tree),
            ..Visible::default()
        }
    }

    /// Takes in one element. Elements come in document order.
    pub(super) fn add(&mut self, tree: &Tree<'_>, id: Id) {
        let tag = tree.tag(id);
        self.leave(id);
        let marks = Marks::of(tree, id, &self.senses).unwrap_or_default();
        let span = (id, tree.end(id));
        // Before it opens as a container: a byline that is an `<aside>` stands where that does.
        self.add_mentions(tree, tag, span, &marks);
        if marks.is_aside(tag, !self.articles.is_empty()) {
            self.asides.push(span);
        } else if tag == Tag::Article {
            self.articles.push(span);
        }
        let is_heading = matches!(tag, Tag::H2 | Tag::H3 | Tag::H4);
        let is_main = tag == Tag::H1 || marks.has_property("headline");
        let is_marked = is_heading && marks.names_headline();
        if is_main || is_heading {
            self.add_heading(tree, id, is_main, is_marked);
        }
    }

    /// Takes in what an element says of authors and dates.
    fn add_mentions(&mut self, tree: &Tree<'_>, tag: Tag, span: Span, marks: &Marks<'_>) {
        let (id, _) = span;
        if let Some(strength) = marks.byline_strength(tag) {
            let text = marks
                .stated
                .map(str::to_owned)
                .or_else(|| byline_text(tree, id));
            let mention = self.mention(span, text, strength);
            keep(&mut self.bylines, mention);
        }
        if let Some((strength, modified)) = marks.date_strength(tag) {
            let text = marks.stated.map(str::to_owned);
            let text = text.or_else(|| short_text(tree, id, MENTION_CHARS));
            let text = text.filter(|it| it.chars().any(char::is_numeric));
            let mention = self.mention(span, text, strength);
            let list = if modified {
                &mut self.modified
            } else {
                &mut self.published
            };
            keep(list, mention);
        }
    }

    fn add_heading(&mut self, tree: &Tree<'_>, id: Id, is_main: bool, is_marked: bool) {
        let is_own = is_main || is_marked || self.asides.is_empty();
        if self.headings.len() >= MENTIONS || !is_own {
            return;
        }
        let text = short_text(tree, id, Limits::DEFAULT.field_chars);
        if let Some(text) = text.filter(|it| !it.is_empty()) {
            let article = self.articles.last().copied();
            let texts = tree.descendants(id).filter_map(|it| tree.own_text(it));
            let pieces = texts.filter(|it| !it.trim().is_empty()).take(2).count();
            self.headings.push(Heading {
                node: id,
                text,
                is_main,
                is_marked,
                is_one_piece: pieces == 1,
                article,
            });
        }
    }

    /// Forgets the containers that end before `id`.
    fn leave(&mut self, id: Id) {
        for open in [&mut self.asides, &mut self.articles] {
            while open.last().is_some_and(|&(_, end)| end <= id) {
                open.pop();
            }
        }
    }

    fn mention(&self, (node, end): Span, text: Option<String>, strength: u8) -> Option<MarkedText> {
        Some(MarkedText {
            node,
            end,
            text: text.filter(|it| !it.is_empty())?,
            strength,
            aside: self.asides.last().copied(),
            article: self.articles.last().copied(),
        })
    }

    /// The bylines of the article under `headline` that are at least so plainly marked: the plainest
    /// and nearest first, those that stand together as one group.
    pub(super) fn bylines(&self, headline: Option<Id>, least: u8) -> Vec<Vec<&str>> {
        let mut groups: Vec<(u8, Vec<&MarkedText>)> = Vec::new();
        let near = self.near(&self.bylines, headline);
        for mention in near.filter(|it| it.strength >= least) {
            let last = groups.iter_mut().rev().find(|it| it.0 == mention.strength);
            match last {
                Some((_, group)) if group.last().is_some_and(|it| mention.follows(it)) => {
                    // Of a byline within a byline, the inner one is the name alone.
                    group.retain(|it| mention.node >= it.end);
                    group.push(mention);
                }
                _ => groups.push((mention.strength, vec![mention])),
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

    /// Dates of publication, the plainest and nearest first.
    pub(super) fn published(&self, headline: Option<Id>) -> Vec<&MarkedText> {
        self.ranked(&self.published, headline)
    }

    /// The same, parted: those that stand beside the headline, and the others.
    pub(super) fn published_beside(
        &self,
        headline: Option<Id>,
        reach: usize,
    ) -> (Vec<&MarkedText>, Vec<&MarkedText>) {
        let is_beside = |it: &&MarkedText| {
            headline.is_some_and(|at| it.node + ONE_BYLINE >= at && it.node <= at + reach)
        };
        self.published(headline).into_iter().partition(is_beside)
    }

    /// Dates of change, likewise.
    pub(super) fn modified(&self, headline: Option<Id>) -> Vec<&MarkedText> {
        self.ranked(&self.modified, headline)
    }

    fn ranked<'m>(&self, mentions: &'m [MarkedText], headline: Option<Id>) -> Vec<&'m MarkedText> {
        let mut mine: Vec<&MarkedText> = self.near(mentions, headline).collect();
        mine.sort_by_key(|it| rank(it.strength, it.node, headline));
        mine
    }

    /// The mentions that may speak of the article under `headline`: not those in containers beside
    /// it, nor those in other articles.
    fn near<'m>(
        &self,
        mentions: &'m [MarkedText],
        headline: Option<Id>,
    ) -> impl Iterator<Item = &'m MarkedText> {
        let heading = self.headings.iter().find(|it| Some(it.node) == headline);
        let own_article = heading.and_then(|it| it.article);
        mentions.iter().filter(move |mention| {
            let holds = |(start, end): Span| headline.is_some_and(|at| start <= at && at < end);
            let is_own = |span: Span| {
                let within =
                    own_article.is_none_or(|(start, end)| start <= span.0 && span.1 <= end);
                holds(span) || (within && span.1 - span.0 > LONG_ARTICLE)
            };
            // Some pages put the byline itself into an `<aside>` under the headline.
            let is_plain = |(start, end): Span| {
                let is_under =
                    headline.is_some_and(|at| start > at && start - at <= UNDER_HEADLINE);
                is_under && mention.strength >= PLAINLY_MARKED && end - start <= LONG_ARTICLE
            };
            mention.aside.is_none_or(|it| holds(it) || is_plain(it))
                && mention.article.is_none_or(is_own)
        })
    }
}

/// Plainer first, then nearer to the headline.
fn rank(strength: u8, node: Id, headline: Option<Id>) -> (std::cmp::Reverse<u8>, usize) {
    let distance = headline.map_or(node, |at| node.abs_diff(at));
    (std::cmp::Reverse(strength), distance)
}

fn keep(list: &mut Vec<MarkedText>, mention: Option<MarkedText>) {
    if list.len() < MENTIONS {
        list.extend(mention);
    }
}

/// The text below a node, folded; `None` where it is longer than `limit` characters.
pub(super) fn short_text(tree: &Tree<'_>, id: Id, limit: usize) -> Option<String> {
    gather(tree, id, limit, ' ').map(|text| fold_space(&text))
}

/// The text of a byline: the name marked inside it, else its own; blocks part names.
fn byline_text(tree: &Tree<'_>, id: Id) -> Option<String> {
    let mut inside = tree.descendants(id).take(MENTION_NODES);
    let name = inside.find(|&node| tree.attr(node, "itemprop") == Some("name"));
    let Some(name) = name else {
        return gather(tree, id, MENTION_CHARS, '|');
    };
    let stated = tree.attr(name, "content").map(str::to_owned);
    stated.or_else(|| short_text(tree, name, MENTION_CHARS))
}

/// The text below a node with `gap` for blocks and line breaks; `None` where it is longer than
/// `limit` characters, white space aside.
fn gather(tree: &Tree<'_>, id: Id, limit: usize, gap: char) -> Option<String> {
    let mut text = String::new();
    let mut chars = 0;
    for node in (id..tree.end(id)).take(MENTION_NODES) {
        if let Some(piece) = tree.own_text(node) {
            let folded = fold_space(piece);
            chars += folded.chars().count();
            if chars > limit {
                return None;
            }
            let spaced = |end: bool| end.then_some(' ');
            text.extend(spaced(piece.starts_with(char::is_whitespace)));
            text.push_str(&folded);
            text.extend(spaced(piece.ends_with(char::is_whitespace)));
        } else if tree.tag(node).is_block() || tree.tag(node) == Tag::Br {
            text.push(gap);
        }
    }
    Some(text)
}
