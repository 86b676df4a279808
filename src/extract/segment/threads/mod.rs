//! Finds threads of readers' comments where an article stands before them: by the names of elements in many
//! languages, by their headings ('5 comments'), and by structure alone, that is, several elements of one kind
//! that each have a name, a time and a button to answer. Selectors cannot: many sites generate their class names,
//! and a thread may be longer than its article. A wrapper that holds the article too is never marked, nor is
//! anything on the pages of a forum.

mod figures;
mod forum;
mod items;
mod name_words;
mod shapes;
mod signals;
#[cfg(test)]
mod tests;
mod words;

use std::cell::Cell;

use crate::extract::segment::structural::{Found, Layout};
use crate::extract::segment::threads::items::Group;
use crate::extract::segment::threads::signals::Signals;
use crate::extract::segment::threads::words::Naming;
use crate::page::{Id, Tag};

/// A page has an article if it has this much prose before the comments, in bytes.
const ARTICLE: usize = 160;
/// Text around a thread that belongs to it: its heading, the rules for comments, the form.
const AROUND: usize = 120;
const RULES: usize = 600;
/// What may stand in one line with a prompt: a number in brackets.
const MARKS: usize = 6;
/// A comment of this much prose may be longer than the article.
const COMMENT: usize = 800;
/// One in an element that is named after comments may be this much longer.
const NAMED: usize = 4;
/// The part of a thread's text that its comments make up.
const SHARE: f64 = 0.6;
/// Headings looked at.
const HEADINGS: usize = 64;
/// Signs looked at, by those that the page has.
const LOOKS: usize = 8;

/// Marks the threads of a page.
pub(super) fn find(layout: &Layout<'_, '_>, found: &mut Vec<Found>) {
    if layout.of(0).prose < ARTICLE {
        return;
    }
    let signals = Signals::new(layout.tree);
    if signals.is_forum {
        return;
    }
    let left = Cell::new(LOOKS * signals.places.len());
    let page = Page {
        layout,
        signals,
        left,
    };
    page.prompts(found);
    page.by_name(found);
    page.by_heading(found);
    page.by_structure(found);
}

/// A page and its signs.
struct Page<'l, 'a, 'p> {
    layout: &'l Layout<'a, 'p>,
    signals: Signals,
    /// How many signs may still be looked at; without this, nested elements could make the work quadratic.
    left: Cell<usize>,
}

/// Neighbouring nodes, from the first up to the end of the last.
#[derive(Debug, Clone, Copy)]
struct Range {
    from: Id,
    to: Id,
    parent: Id,
}

impl Page<'_, '_, '_> {
    fn by_name(&self, found: &mut Vec<Found>) {
        let tree = self.layout.tree;
        let mut end = 0;
        for id in 0..tree.len() {
            let naming = self.signals.namings[id];
            if id < end || naming == Naming::None || !is_container(tree.tag(id)) {
                continue;
            }
            let range = Range {
                from: id,
                to: tree.end(id),
                parent: tree.parent(id),
            };
            let is_thread = self.layout.of(id).all > 0
                && self.is_after_article(range.from)
                && self.is_named_thread(naming, range)
                && self.holds_comments_alone(range, if naming == Naming::Sure { NAMED } else { 1 });
            if is_thread {
                end = range.to;
                self.mark(range, "named-thread", found);
            }
        }
    }

    /// Lines that ask for comments, wherever they are: above the article, below it, between others.
    fn prompts(&self, found: &mut Vec<Found>) {
        let tree = self.layout.tree;
        for &text in self.signals.prompts.iter().take(HEADINGS) {
            let most = self.layout.of(text).all + MARKS;
            let is_line =
                |id: &Id| self.layout.of(*id).all <= most && is_inside_page(tree.tag(*id));
            let mut line = tree.ancestors(text).take_while(is_line);
            let block = line.find(|&id| tree.tag(id).is_block());
            let is_own = |id: &Id| is_container(tree.tag(*id)) || tree.tag(*id) == Tag::P;
            found.extend(block.filter(is_own).map(|id| (id, "comment-prompts")));
        }
    }

    fn by_heading(&self, found: &mut Vec<Found>) {
        let tree = self.layout.tree;
        for &(text, is_counted) in self.signals.headings.iter().take(HEADINGS) {
            let is_line =
                |id: &Id| self.layout.of(*id).all <= AROUND && is_inside_page(tree.tag(*id));
            let line = tree.ancestors(text).take_while(is_line).last();
            let Some(from) = line.filter(|_| self.is_after_article(text)) else {
                continue;
            };
            let parent = tree.parent(from);
            let range = Range {
                from,
                to: tree.end(parent),
                parent,
            };
            let below = self.signals.between(tree.end(from), range.to);
            let is_thread = (is_counted && below.times > 0 || self.looks_like_comments(range))
                && self.holds_comments_alone(range, 1);
            if is_thread {
                self.mark(range, "headed-thread", found);
            }
        }
    }

    fn by_structure(&self, found: &mut Vec<Found>) {
        let all = self.signals.all();
        let may_be_written = all.authors > 0 && all.votes + all.forms > 0;
        if all.actions == 0 && !may_be_written && !self.signals.has_names {
            return;
        }
        for group in items::groups(self.layout, &self.signals) {
            if self.is_after_article(group.first) && self.is_thread(&group) {
                self.mark(self.range_of(&group), "unnamed-thread", found);
            }
        }
    }

    /// True where a text of some length stands before the node.
    fn is_after_article(&self, id: Id) -> bool {
        self.layout.between(0, id).prose >= ARTICLE
    }

    /// True for a range without a headline and without an article, that is, without more prose in one piece
    /// than stands before it; `factor` times as much may be a comment.
    fn holds_comments_alone(&self, range: Range, factor: usize) -> bool {
        let headlines = self.layout.between(range.from, range.to).headlines;
        let bodies = self.signals.between(range.from, range.to).bodies;
        let article = self.layout.between(0, range.from).prose;
        let most = factor * article.max(COMMENT);
        headlines == 0
            && bodies == 0
            && self.longest_piece(range).is_some_and(|piece| piece <= most)
    }

    /// The most prose of a range without a sign of comments in it; `None` if too much was looked at.
    fn longest_piece(&self, range: Range) -> Option<usize> {
        let places = &self.signals.places;
        let first = places.partition_point(|&place| place <= range.from);
        let last = places.partition_point(|&place| place < range.to);
        self.left
            .set(self.left.get().checked_sub(last.saturating_sub(first))?);
        let (mut from, mut longest) = (range.from, 0);
        for &place in places
            .get(first..last)
            .unwrap_or_default()
            .iter()
            .chain([&range.to])
        {
            longest = longest.max(self.layout.between(from, place).prose);
            from = place;
        }
        Some(longest)
    }

    /// A word that is used for other things too needs a sign of comments.
    fn is_named_thread(&self, naming: Naming, range: Range) -> bool {
        naming == Naming::Sure
            || self.looks_like_comments(range)
            || self.signals.between(range.from, range.to).times > 1
    }

    fn looks_like_comments(&self, range: Range) -> bool {
        let count = self.signals.between(range.from, range.to);
        let is_signed = count.times > 0 || count.authors > 0;
        count.actions > 0 && is_signed
            || count.forms > 0 && (is_signed || count.actions > 0)
            || count.times > 1 && count.authors > 1 && count.votes + count.names > 1
    }

    fn is_thread(&self, group: &Group) -> bool {
        let range = self.range_of(group);
        let text = self.layout.between(range.from, range.to).all;
        let most = |number: usize| number * 5 >= group.items * 3;
        let (is_timed, is_signed) = (most(group.timed), most(group.signed));
        let is_flat = self.is_flat(range, group);
        let answers = if is_flat {
            self.signals.between(range.from, range.to).actions as usize
        } else {
            group.answered
        };
        let is_answered = most(answers) && (is_timed || most(group.users));
        let is_written =
            is_timed && most(group.users) && (most(group.voted) || self.form_near(range));
        let is_named = most(group.named) && (is_timed || is_signed);
        (is_answered || is_written || is_named)
            && (is_flat || group.text as f64 >= text as f64 * SHARE)
            && self.holds_comments_alone(range, 1)
    }

    /// True for a list of names with the texts next to them, not in the same elements.
    fn is_flat(&self, range: Range, group: &Group) -> bool {
        let text = self.layout.between(range.from, range.to).all;
        let parent = |id: Id| self.layout.tree.parent(id);
        group.text * 3 < text && parent(group.first) == parent(group.last)
    }

    /// True where a field to write into stands within the elements around a range.
    fn form_near(&self, range: Range) -> bool {
        let tree = self.layout.tree;
        let around = tree.parent(range.parent);
        let around = if is_inside_page(tree.tag(around)) {
            around
        } else {
            range.parent
        };
        self.signals.between(range.from, tree.end(around)).forms > 0
    }

    /// The children of one element that hold a group.
    fn range_of(&self, group: &Group) -> Range {
        let tree = self.layout.tree;
        let last_end = tree.end(group.last);
        let mut from = group.first;
        let mut parent = tree.parent(from);
        while parent != 0 && tree.end(parent) < last_end {
            (from, parent) = (parent, tree.parent(parent));
        }
        let to = tree
            .children(parent)
            .map(|id| tree.end(id))
            .find(|&end| end >= last_end);
        let range = Range {
            from,
            to: to.unwrap_or(last_end),
            parent,
        };
        self.with_last_text(range, group)
    }

    /// In lists of names with the texts next to them, the last text stands behind the last name.
    fn with_last_text(&self, range: Range, group: &Group) -> Range {
        let end = self.layout.tree.end(range.parent);
        let text = self.layout.between(range.from, range.to);
        let rest = self.layout.between(range.to, end);
        let is_flat = self.is_flat(range, group);
        let is_last = rest.all <= 3 * text.all / group.items.max(1) + AROUND && rest.headlines == 0;
        Range {
            to: if is_flat && is_last { end } else { range.to },
            ..range
        }
    }

    /// Marks a range and what belongs to it around it.
    fn mark(&self, range: Range, rule: &'static str, found: &mut Vec<Found>) {
        let tree = self.layout.tree;
        let mut range = range;
        while self.belongs_to(range) {
            range = Range {
                from: range.parent,
                to: tree.end(range.parent),
                parent: tree.parent(range.parent),
            };
        }
        let children = tree.children(range.parent);
        let marked = children.filter(|&id| id >= range.from && id < range.to);
        found.extend(marked.map(|id| (id, rule)));
    }

    /// True if the parent of a range holds nothing else but a heading, a form and the like.
    fn belongs_to(&self, range: Range) -> bool {
        let (tree, parent) = (self.layout.tree, range.parent);
        if !is_inside_page(tree.tag(parent)) || self.layout.of(parent).headlines > 0 {
            return false;
        }
        let before = self.layout.between(parent, range.from);
        let after = self.layout.between(range.to, tree.end(parent));
        let own = self.layout.between(range.from, range.to).all;
        before.prose == 0
            && before.all <= AROUND
            && after.all <= RULES + own / 4
            && self.signals.between(parent, tree.end(parent)).bodies == 0
    }
}

/// True for elements that sites put a thread into.
fn is_container(tag: Tag) -> bool {
    let is_cell = matches!(tag, Tag::Td | Tag::Th | Tag::Dt | Tag::Dd);
    (tag.is_block() || tag == Tag::Other) && is_inside_page(tag) && tag != Tag::P && !is_cell
}

fn is_inside_page(tag: Tag) -> bool {
    !matches!(tag, Tag::Root | Tag::Html | Tag::Body | Tag::Main)
}
