//! What each element of a page holds as far as cards are concerned: text, the link that it leads to, and
//! signs of a teaser. One walk down and one up the tree; an element costs the same however much it holds.

use std::hash::BuildHasher;

use crate::extract::segment::cards::text;
use crate::page::text::trim;
use crate::page::{Id, Tag, Tree};

/// A link with a shorter text is no title, but the name of an author or a section.
pub(super) const TITLE: u32 = 15;
/// Text before and after a link that stands by itself: a kicker, a number, a date.
const KICKER: u32 = 30;

/// A link whose text is long enough for a title stands by itself.
pub(super) const HAS_TITLE: u16 = 1;
/// Links lead to several pages.
const LEADS_AWAY: u16 = 1 << 1;
/// A picture.
pub(super) const PICTURE: u16 = 1 << 2;
/// A date or a time, by itself.
pub(super) const DATED: u16 = 1 << 3;
/// A text that ends with an ellipsis.
pub(super) const CUT: u16 = 1 << 4;
/// A heading that is a link, or in one.
pub(super) const HEADING: u16 = 1 << 5;
/// A link around elements of their own: a card as a whole.
pub(super) const WHOLE: u16 = 1 << 6;
/// An element that begins a line of its own.
const BLOCK: u16 = 1 << 8;
/// A headline of the first level, a form or a field: what no card holds.
const NO_CARD: u16 = 1 << 7;

/// The sums of an element.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    /// The width of the text.
    pub(super) width: u32,
    /// Of it, in links.
    pub(super) linked: u32,
    /// The most text outside links in one block.
    pub(super) widest: u32,
    /// The page that it leads to; 0 if there is none.
    pub(super) target: u64,
    /// The widest text of a link to it.
    link: u32,
    /// Links to it.
    times: u16,
    signs: u16,
}

impl Sum {
    /// True for each of the signs.
    pub(super) fn has(&self, signs: u16) -> bool {
        self.signs & signs == signs
    }

    /// True where all that it leads to is one page, which it names by a title or twice.
    pub(super) fn leads_to_one_page(&self) -> bool {
        let is_named = self.has(HAS_TITLE) || self.times > 1 && self.has(PICTURE);
        self.target != 0 && is_named && self.signs & (LEADS_AWAY | NO_CARD) == 0
    }

    fn add(&mut self, other: &Sum) {
        self.width += other.width;
        self.linked += other.linked;
        self.widest = self.widest.max(other.widest);
        self.signs |= other.signs;
        if other.target == 0 {
            return;
        }
        let is_same = self.target == other.target;
        if self.target == 0 || is_same {
            self.target = other.target;
            self.times = self.times.saturating_add(other.times);
            self.link = self.link.max(other.link);
            return;
        }
        if self.link.min(other.link) > TITLE || self.times.min(other.times) > 1 {
            self.signs |= LEADS_AWAY;
        }
        if other.link > self.link {
            (self.target, self.times, self.link) = (other.target, other.times, other.link);
        }
    }
}

/// A block's own text, around its links.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Own {
    /// Outside links, before the first of them.
    before: u32,
    /// Outside links, after it.
    after: u32,
    linked: u32,
    /// A line break follows a link.
    is_broken: bool,
}

impl Own {
    pub(super) fn unlinked(&self) -> u32 {
        self.before + self.after
    }

    /// True for text that has links in it at most.
    pub(super) fn is_prose(&self, least: u32) -> bool {
        self.unlinked() >= least && self.linked * 2 <= self.unlinked()
    }
}

/// The sums of a page.
pub(super) struct Sums {
    /// By node.
    pub(super) of: Vec<Sum>,
    /// By block.
    pub(super) own: Vec<Own>,
}

impl Sums {
    pub(super) fn new(tree: &Tree<'_>) -> Sums {
        let mut walk = Walk::new(tree);
        for id in 1..tree.len() {
            walk.go_down(id);
        }
        for id in (1..tree.len()).rev() {
            walk.go_up(id);
        }
        Sums {
            of: walk.sums,
            own: walk.own,
        }
    }
}

struct Walk<'a, 'p> {
    tree: &'a Tree<'p>,
    sums: Vec<Sum>,
    own: Vec<Own>,
    /// The block around each node.
    block: Vec<u32>,
    /// The link around each node; 0 if there is none.
    link: Vec<u32>,
    hidden_end: Id,
    hasher: foldhash::fast::FixedState,
}

impl<'a, 'p> Walk<'a, 'p> {
    fn new(tree: &'a Tree<'p>) -> Self {
        let count = tree.len();
        Walk {
            tree,
            sums: vec![Sum::default(); count],
            own: vec![Own::default(); count],
            block: vec![0; count],
            link: vec![0; count],
            hidden_end: 0,
            hasher: foldhash::fast::FixedState::default(),
        }
    }

    fn go_down(&mut self, id: Id) {
        let (tree, above, number) = (self.tree, self.tree.parent(id), id as u32);
        let tag = tree.tag(id);
        self.block[id] = if tag.is_block() {
            number
        } else {
            self.block[above]
        };
        self.link[id] = self.link[above];
        match tag {
            Tag::Script | Tag::Style | Tag::Head | Tag::Template | Tag::Noscript => {
                self.hidden_end = self.hidden_end.max(tree.end(id));
            }
            Tag::A => {
                if let Some(target) = tree.attr(id, "href").and_then(text::target) {
                    self.link[id] = number;
                    self.sums[id].target = self.hasher.hash_one(target);
                    self.sums[id].times = 1;
                }
            }
            Tag::Br => {
                let own = &mut self.own[self.block[id] as usize];
                own.is_broken |= own.linked > 0;
            }
            Tag::Img | Tag::Picture | Tag::Amp => self.sums[id].signs |= PICTURE,
            Tag::Time => self.sums[id].signs |= DATED,
            Tag::H1 | Tag::Form | Tag::Textarea | Tag::Blockquote => {
                self.sums[id].signs |= NO_CARD;
            }
            Tag::Text if id >= self.hidden_end && tree.text_bytes(id) > 0 => self.add_text(id),
            _ => {}
        }
    }

    fn add_text(&mut self, id: Id) {
        let Some(piece) = self.tree.own_text(id).map(trim) else {
            return;
        };
        let width = text::width(piece);
        let is_linked = self.link[id] != 0;
        let sum = &mut self.sums[id];
        sum.width = width;
        sum.linked = if is_linked { width } else { 0 };
        if text::is_date(piece, width) {
            sum.signs |= DATED;
        } else if text::is_cut(piece, width) {
            sum.signs |= CUT;
        }
        let own = &mut self.own[self.block[id] as usize];
        match (is_linked, own.linked) {
            (true, _) => own.linked += width,
            (false, 0) => own.before += width,
            (false, _) => own.after += width,
        }
    }

    fn go_up(&mut self, id: Id) {
        let tag = self.tree.tag(id);
        if tag == Tag::Text && self.sums[id].width == 0 {
            return;
        }
        if tag.is_block() {
            let sum = &mut self.sums[id];
            sum.widest = sum.widest.max(self.own[id].unlinked());
            sum.signs |= BLOCK;
        }
        if tag.heading_level().is_some() && self.sums[id].width > 0 {
            let sum = &mut self.sums[id];
            if sum.linked * 10 >= sum.width * 8 {
                sum.signs |= HEADING;
            }
        }
        if self.link[id] == id as u32 {
            self.close_link(id);
        }
        let sum = self.sums[id];
        self.sums[self.tree.parent(id)].add(&sum);
    }

    fn close_link(&mut self, id: Id) {
        let own = self.own[self.block[id] as usize];
        let stands_apart = own.before <= KICKER && (own.after <= KICKER || own.is_broken);
        let sum = &mut self.sums[id];
        let holds_blocks = sum.has(BLOCK);
        sum.link = sum.linked;
        if sum.link >= TITLE && (holds_blocks || stands_apart) {
            sum.signs |= HAS_TITLE;
        }
        if holds_blocks && sum.link >= TITLE {
            sum.signs |= WHOLE;
        }
    }
}
