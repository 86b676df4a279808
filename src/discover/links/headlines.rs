//! What a page puts forward as a headline, whatever its address looks like: the links of headings, of cards
//! (repeated siblings of like shape with a headline, a picture or a date), of lists of headlines, and the
//! permanent addresses of articles that stand on the page as a whole.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::anchors::{Anchor, Anchors, words};
use super::card::{Card, SECTION_WORDS, has_date, is_card, is_headline};
use super::decision::FollowReason;
use super::labels::labels;
use super::outline::{CLIMB, HEADINGS, Outline, Place};
use crate::page::{Id, Tag, Tree};

/// The links of a list of headlines have so many words on average…
const HEADLINE_WORDS: usize = 4;
/// …and so many where each has a picture.
const PICTURE_WORDS: usize = 3;
/// Elements around a card whose siblings show that it is one of many.
const REPEATS_WITHIN: usize = 3;
/// Siblings before a flat card's text that may hold its heading.
const HEADING_BEFORE: usize = 3;
/// An item with more links is no card.
const MOST_LINKS: usize = 6;
/// A card holds fewer nodes.
const CARD_NODES: usize = 2_000;

/// A headline, and what shows that it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Headline {
    pub(super) title: String,
    pub(super) reason: FollowReason,
}

/// A link to a page of the site that may be an article.
#[derive(Debug, Clone, Copy)]
struct ContentLink {
    node: Id,
    address: usize,
    /// Words of its text.
    words: usize,
}

/// The headlines of a page.
pub(super) struct Headlines<'t, 'p> {
    tree: &'t Tree<'p>,
    outline: &'t Outline<'t, 'p>,
    anchors: &'t Anchors,
    /// Links to pages of the site that may be articles.
    content: Vec<ContentLink>,
    /// For each of them, the place in `content` of the next one with another address.
    next_other: Vec<usize>,
    cards: RefCell<HashMap<Id, Rc<Card>>>,
}

impl<'t, 'p> Headlines<'t, 'p> {
    pub(super) fn new(
        tree: &'t Tree<'p>,
        outline: &'t Outline<'t, 'p>,
        anchors: &'t Anchors,
    ) -> Headlines<'t, 'p> {
        let labels = labels(tree, outline, anchors);
        let may_be_article = |anchor: &&Anchor| {
            let decided = anchors.addresses[anchor.address].decided;
            decided.is_none_or(super::LinkDecision::is_followed) && !labels[anchor.address]
        };
        let content = anchors.list.iter().filter(may_be_article);
        let content = content.map(|it| ContentLink {
            node: it.node,
            address: it.address,
            words: text_words(anchors, it),
        });
        let content: Vec<_> = content.collect();
        let mut next_other = vec![content.len(); content.len()];
        for at in (0..content.len().saturating_sub(1)).rev() {
            next_other[at] = if content[at].address == content[at + 1].address {
                next_other[at + 1]
            } else {
                at + 1
            };
        }
        Headlines {
            tree,
            outline,
            anchors,
            content,
            next_other,
            cards: RefCell::default(),
        }
    }

    /// The headline of a link, if the page puts it forward as one.
    pub(super) fn of(&self, anchor: &Anchor) -> Option<Headline> {
        let is_content = self
            .content
            .binary_search_by_key(&anchor.node, |it| it.node)
            .is_ok();
        if !is_content || self.outline.place(anchor.node) != Place::Content {
            return None;
        }
        let card = self.card(anchor);
        let text = self.anchors.best_text(anchor);
        let own = text_words(self.anchors, anchor);
        // The section that an article belongs to stands before its heading.
        let is_label = (1..=SECTION_WORDS).contains(&own)
            && card.heading_at.is_some_and(|at| anchor.node < at)
            && !self.outline.holds_image(anchor.node);
        let reason = if self.is_permalink(anchor) {
            Some(FollowReason::Permalink)
        } else if is_label {
            None
        } else if card.is_heading_linked && is_headline(&card) {
            Some(FollowReason::Headline)
        } else if is_card(&card, own) && (!card.heading.is_empty() || !self.is_inline(anchor)) {
            Some(FollowReason::Card)
        } else if self.is_listed(anchor, &card, own) {
            Some(FollowReason::HeadlineList)
        } else {
            None
        };
        let title = if card.heading.is_empty() {
            text.to_owned()
        } else {
            card.heading.clone()
        };
        reason.map(|reason| Headline { title, reason })
    }

    /// The headline of an address that an element states which is not a link.
    pub(super) fn of_stated(&self, node: Id) -> Option<Headline> {
        if self.outline.place(node) != Place::Content {
            return None;
        }
        let tree = self.tree;
        let is_article = |id: &Id| tree.tag(*id) == Tag::Article;
        let article = std::iter::once(node)
            .chain(tree.ancestors(node))
            .find(is_article);
        let heading = |within: Id| {
            let mut nodes = tree.descendants(within).take(CARD_NODES);
            nodes
                .find(|id| self.outline.is_heading(*id))
                .map(|id| tree.text(id))
        };
        if let Some(article) = article {
            return Some(Headline {
                title: heading(article).unwrap_or_default(),
                reason: FollowReason::Permalink,
            });
        }
        let title = heading(node).filter(|it| !it.is_empty() && self.links_in(node).is_empty())?;
        Some(Headline {
            title,
            reason: FollowReason::Card,
        })
    }

    /// The places in `content` of the links in a subtree.
    fn links_in(&self, node: Id) -> std::ops::Range<usize> {
        let end = self.tree.end(node);
        let first = self.content.partition_point(|it| it.node < node);
        first..self.content.partition_point(|it| it.node < end).max(first)
    }

    /// True where all links of a subtree lead to one address.
    fn is_exclusive(&self, node: Id) -> bool {
        let links = self.links_in(node);
        links.is_empty() || self.next_other[links.start] >= links.end
    }

    /// The largest element around a link that holds no link to another article.
    fn region(&self, anchor: Id) -> Id {
        let mut region = anchor;
        for above in self.tree.ancestors(anchor).take(CLIMB) {
            let is_page = matches!(
                self.tree.tag(above),
                Tag::Body | Tag::Main | Tag::Html | Tag::Root
            );
            let is_large = self.tree.end(above) - above > CARD_NODES;
            if is_page || is_large || !self.is_exclusive(above) {
                break;
            }
            region = above;
        }
        region
    }

    fn card(&self, anchor: &Anchor) -> Rc<Card> {
        let region = self.region(anchor.node);
        if let Some(known) = self.cards.borrow().get(&region) {
            return Rc::clone(known);
        }
        let card = Rc::new(self.read_card(region));
        self.cards.borrow_mut().insert(region, Rc::clone(&card));
        card
    }

    fn read_card(&self, region: Id) -> Card {
        let mut card = Card {
            has_image: self.outline.holds_image(region),
            has_date: self.outline.holds(region, &[Tag::Time]),
            is_repeated: self.is_repeated(region),
            ..Card::default()
        };
        let mut above = self.tree.ancestors(region).take(CLIMB);
        let around = above.find(|id| self.tree.tag(*id).heading_level().is_some());
        let is_small = |id: &Id| self.tree.end(*id) - id < CARD_NODES;
        if let Some(heading) = around.filter(is_small) {
            card.heading = self.tree.text(heading);
            card.is_heading_linked = true;
        }
        self.read_text(&mut card, region);
        if card.heading.is_empty() {
            let before = std::iter::successors(Some(region), |id| self.outline.before(*id));
            let before = before.skip(1).take(HEADING_BEFORE);
            let mut free = before.take_while(|id| self.links_in(*id).is_empty());
            let heading = free.find(|id| self.outline.is_heading(*id));
            card.heading = heading.map(|id| self.tree.text(id)).unwrap_or_default();
        }
        // A flat list has its summaries between the links' elements.
        if let Some(after) = self.outline.after(region)
            && self.tree.tag(after) != self.tree.tag(region)
            && self.links_in(after).is_empty()
            && !self.outline.is_heading(after)
        {
            let mut below = Card::default();
            self.read_text(&mut below, after);
            card.summary += below.summary;
            card.has_date |= below.has_date || self.outline.holds(after, &[Tag::Time]);
            card.has_image |= self.outline.holds_image(after);
        }
        if card.heading.is_empty() && card.is_repeated {
            card.heading = self.other_heading(region).unwrap_or_default();
        }
        card
    }

    /// What stands for a heading that a card lacks: emphasis or, where the texts of its links say nothing,
    /// the heading of the item around it, which leads nowhere.
    fn other_heading(&self, region: Id) -> Option<String> {
        let (tree, outline) = (self.tree, self.outline);
        let leads_nowhere = |id: &Id| self.links_in(*id).is_empty() && !self.is_in_link(*id);
        let emphasis = |id: &Id| matches!(tree.tag(*id), Tag::Strong | Tag::B);
        let first = |within: Id, is_it: &dyn Fn(&Id) -> bool| {
            let mut nodes = tree.descendants(within).take(CARD_NODES);
            let found = nodes.find(|id| is_it(id) && leads_nowhere(id))?;
            Some(tree.text(found)).filter(|it| words(it) >= SECTION_WORDS)
        };
        let is_mute = self.content[self.links_in(region)]
            .iter()
            .all(|it| it.words == 0);
        first(region, &emphasis).or_else(|| {
            let mut around = tree.ancestors(region).take(REPEATS_WITHIN);
            let item = around.find(|id| is_mute && self.repeats(*id))?;
            let few = self.links_in(item).len() <= MOST_LINKS;
            let heading = |id: &Id| outline.is_heading(*id);
            let found = first(item, &heading).or_else(|| first(item, &emphasis));
            found.filter(|_| few)
        })
    }

    /// Reads heading, dates and summary of a subtree.
    fn read_text(&self, card: &mut Card, region: Id) {
        let (tree, mut at) = (self.tree, region);
        let end = tree.end(region).min(region + CARD_NODES);
        // Nothing up to here is summary: it is in a heading or a link.
        let mut spoken_for = 0;
        while at < end {
            if let Some(text) = tree.own_text(at) {
                card.has_date |= has_date(text);
                if at >= spoken_for {
                    card.summary += words(text);
                }
            } else if card.heading.is_empty() && self.outline.is_heading(at) {
                card.heading = tree.text(at);
                card.is_heading_linked = !self.links_in(at).is_empty() || self.is_in_link(at);
                card.heading_at = Some(at).filter(|_| !card.is_heading_linked);
                spoken_for = spoken_for.max(tree.end(at));
            } else if tree.tag(at) == Tag::A && !self.outline.holds(at, &HEADINGS) {
                spoken_for = spoken_for.max(tree.end(at));
            } else if matches!(tree.tag(at), Tag::Script | Tag::Style | Tag::Template) {
                at = tree.end(at);
                continue;
            }
            at += 1;
        }
    }

    fn is_in_link(&self, id: Id) -> bool {
        let mut above = self.tree.ancestors(id).take(CLIMB);
        above.any(|it| self.tree.tag(it) == Tag::A)
    }

    /// True where an element or one closely around it has siblings like it that lead to other
    /// addresses: one article element or one with a heading, or two of anything.
    fn is_repeated(&self, region: Id) -> bool {
        let around = std::iter::once(region).chain(self.tree.ancestors(region));
        around.take(REPEATS_WITHIN + 1).any(|id| self.repeats(id))
    }

    fn repeats(&self, id: Id) -> bool {
        let own = self.ends(id);
        let leads_elsewhere = |other: &Id| {
            let ends = self.ends(*other);
            ends.is_some() && ends != own
        };
        let alike = self.outline.alike(id);
        let others = alike.iter().filter(|it| leads_elsewhere(it)).count();
        let is_content =
            self.outline.holds(id, &HEADINGS) || self.outline.holds(id, &[Tag::Article, Tag::Time]);
        own.is_some() && others >= if is_content { 1 } else { 2 }
    }

    /// The first and the last address of a subtree.
    fn ends(&self, id: Id) -> Option<(usize, usize)> {
        let links = self.links_in(id);
        let last = links.end.checked_sub(1).filter(|_| !links.is_empty())?;
        Some((
            self.content[links.start].address,
            self.content[last].address,
        ))
    }

    /// True for `rel=bookmark`, and for the link of the date of an article.
    fn is_permalink(&self, anchor: &Anchor) -> bool {
        let tree = self.tree;
        let mut above = tree.ancestors(anchor.node).take(CLIMB);
        let is_dated = self.outline.holds(anchor.node, &[Tag::Time])
            || tree.tag(tree.parent(anchor.node)) == Tag::Time;
        let in_article = above.any(|it| tree.tag(it) == Tag::Article);
        anchor.is_bookmark || (is_dated && in_article)
    }

    /// True for a link in the running text of a paragraph.
    fn is_inline(&self, anchor: &Anchor) -> bool {
        let tree = self.tree;
        let mut above = tree.ancestors(anchor.node).take(CLIMB);
        let Some(block) = above.find(|id| tree.tag(*id).is_block()) else {
            return false;
        };
        if !matches!(tree.tag(block), Tag::P | Tag::Blockquote | Tag::Dd) {
            return false;
        }
        let before = (block..anchor.node).filter_map(|id| tree.own_text(id));
        let mut counts = before.map(words).scan(0, |sum, words| {
            *sum += words;
            Some(*sum)
        });
        counts.any(|words| words > 1)
    }

    /// True for a link in a list of headlines: the texts of the links around it are as long.
    fn is_listed(&self, anchor: &Anchor, card: &Card, own: usize) -> bool {
        if !card.is_repeated || own < SECTION_WORDS || self.is_inline(anchor) {
            return false;
        }
        let longest = |id: Id| {
            self.content[self.links_in(id)]
                .iter()
                .map(|it| it.words)
                .max()
        };
        let alike = self.outline.alike(self.region(anchor.node));
        let counts: Vec<usize> = alike.into_iter().filter_map(longest).chain([own]).collect();
        let mean = if card.has_image {
            PICTURE_WORDS
        } else {
            HEADLINE_WORDS
        };
        counts.len() > 2 && counts.iter().sum::<usize>() >= mean * counts.len()
    }
}

/// Words of the text by which a link is known; none where that leads to other addresses too.
fn text_words(anchors: &Anchors, anchor: &Anchor) -> usize {
    let text = anchors.best_text(anchor);
    if anchors.is_generic(text) {
        0
    } else {
        words(text)
    }
}
