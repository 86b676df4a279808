//! From a block that is wrong to selectors that make it right: built from the element of the block and those around
//! it, tried on the page, the narrowest of those that may last first.

use std::collections::HashSet;

use super::css::{Form, Forms, around, upward};
use super::names::Doubt;
use crate::extract::explain::{ExplainedBlock, Explanation};
use crate::page::select::{Caches, Selector};
use crate::page::{Id, Page, Tag, Tree};
use crate::selectors::SelectorKey;

/// Proposals for one block, at most.
pub const MOST: usize = 8;
/// Of selectors that match the same elements of the page, so many are shown.
const SAME: usize = 2;
/// Elements around a block that are tried.
const LEVELS: usize = 6;
/// Elements in a block that are tried, for fields.
const PARTS: usize = 20;
/// What only may last is proposed where there are fewer that will.
const FEW: usize = 3;

/// What a block can be said to be, in the order in which it is offered.
pub const KEYS: [SelectorKey; 9] = [
    SelectorKey::Strip,
    SelectorKey::Keep,
    SelectorKey::Article,
    SelectorKey::Title,
    SelectorKey::Description,
    SelectorKey::Authors,
    SelectorKey::Published,
    SelectorKey::Modified,
    SelectorKey::Section,
];

/// A selector that would correct a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The key of `[select]` that it would stand under.
    pub key: SelectorKey,
    /// The selector.
    pub css: String,
    /// What it matches, in words.
    pub words: String,
    /// The blocks of the page that have text in the elements it matches.
    pub blocks: usize,
    /// Those of them, besides the one to correct, that it would change too: kept ones that it strips, dropped ones
    /// that it keeps. Of a field: elements after the first.
    pub others: usize,
    /// Why it may not last.
    pub doubt: Option<Doubt>,
}

/// What a block most likely is if it is judged wrongly.
pub fn usual_key(block: &ExplainedBlock) -> SelectorKey {
    if block.kept {
        SelectorKey::Strip
    } else {
        SelectorKey::Keep
    }
}

/// Selectors that make a block of a page what `key` says, at most [`MOST`]. The page is the one that was explained.
pub fn propose(
    page: &Page<'_>,
    explanation: &Explanation,
    block: usize,
    key: SelectorKey,
) -> Vec<Proposal> {
    let path = page.input.url.map_or("", |url| url.path());
    let scene = Scene {
        tree: &page.tree,
        blocks: &explanation.blocks,
        block,
        key,
    };
    let forms = Forms {
        tree: &page.tree,
        path,
    };
    let mut tried = HashSet::new();
    let mut found: Vec<(Rank, Vec<Id>, Proposal)> = Vec::new();
    for id in scene.elements() {
        for form in forms.of(id) {
            if tried.insert(form.css.clone())
                && let Some(measured) = scene.measure(id, form)
            {
                found.push(measured);
            }
        }
    }
    found.sort_by_key(|it| it.0);
    shortened(found)
}

/// What proposals are ordered by.
type Rank = (bool, usize, usize, u8, usize);

/// The first of those that match the same elements, and names that may not last only where there is little else.
fn shortened(found: Vec<(Rank, Vec<Id>, Proposal)>) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = Vec::new();
    let mut matched: Vec<Vec<Id>> = Vec::new();
    for (_, ids, proposal) in found {
        let same = matched.iter().filter(|it| **it == ids).count();
        let is_poor = proposal.doubt.is_some() && proposals.len() >= FEW;
        if same < SAME && !is_poor && proposals.len() < MOST {
            matched.push(ids);
            proposals.push(proposal);
        }
    }
    proposals
}

/// The block in its page.
#[derive(Debug)]
struct Scene<'a> {
    tree: &'a Tree<'a>,
    blocks: &'a [ExplainedBlock],
    block: usize,
    key: SelectorKey,
}

impl Scene<'_> {
    /// The elements that a selector may be made for, the nearest first.
    fn elements(&self) -> Vec<Id> {
        let Some(nodes) = self.blocks.get(self.block).map(|it| &it.nodes) else {
            return Vec::new();
        };
        let Some(own) = around(self.tree, nodes) else {
            return Vec::new();
        };
        match self.key {
            SelectorKey::Strip => self.around_less_than_half(own),
            SelectorKey::Keep => upward(self.tree, own).take(LEVELS).collect(),
            SelectorKey::Article => self.around_most(own),
            _ => self.of_field(own),
        }
    }

    /// The elements around that hold less than half of the text that is kept, besides the block itself.
    fn around_less_than_half(&self, own: Id) -> Vec<Id> {
        let kept = || self.others().filter(|(_, it)| it.kept);
        let all: usize = kept().map(|(_, it)| it.text.len()).sum();
        let is_part = |id: &Id| {
            let inside = kept().filter(|(_, it)| self.is_in(it, *id));
            let inside: usize = inside.map(|(_, it)| it.text.len()).sum();
            inside == 0 || inside * 2 < all
        };
        upward(self.tree, own)
            .take_while(is_part)
            .take(LEVELS)
            .collect()
    }

    /// The elements around that hold at least half of what is kept; any, of a page of which nothing is.
    fn around_most(&self, own: Id) -> Vec<Id> {
        let has_kept = self.blocks.iter().any(|it| it.kept);
        let wanted = |it: &&ExplainedBlock| it.kept || !has_kept;
        let all = self.blocks.iter().filter(wanted).count();
        let holds_most = |id: &Id| {
            let inside = self.blocks.iter().filter(wanted);
            let inside = inside.filter(|it| self.is_in(it, *id)).count();
            !has_kept || inside * 2 >= all
        };
        upward(self.tree, own)
            .filter(holds_most)
            .take(LEVELS / 2)
            .collect()
    }

    /// The elements in the block and those around it that hold nothing else.
    fn of_field(&self, own: Id) -> Vec<Id> {
        let parts = self
            .tree
            .descendants(own)
            .filter(|id| self.tree.name(*id).is_some());
        let parts: Vec<Id> = parts
            .filter(|id| self.tree.tag(*id) != Tag::Br)
            .take(PARTS)
            .collect();
        let has_others = |id: &Id| self.others().any(|(_, it)| self.is_in(it, *id));
        let around = upward(self.tree, own).take_while(|id| *id == own || !has_others(id));
        around.take(LEVELS).chain(parts).collect()
    }

    fn others(&self) -> impl Iterator<Item = (usize, &ExplainedBlock)> {
        let all = self.blocks.iter().enumerate();
        all.filter(|(at, _)| *at != self.block)
    }

    /// True for a block with text in this element.
    fn is_in(&self, block: &ExplainedBlock, element: Id) -> bool {
        let mut nodes = block.nodes.iter();
        nodes.any(|node| self.tree.is_within(*node, element))
    }

    /// For each node of the page, whether it is in one of these elements.
    fn covered(&self, elements: &[Id]) -> Vec<bool> {
        let mut covered = vec![false; self.tree.len()];
        let mut end = 0;
        for &id in elements {
            // Inside of the one before otherwise.
            if id >= end {
                end = self.tree.end(id);
                covered[id..end].fill(true);
            }
        }
        covered
    }

    /// What a selector, made for this element, matches on the page.
    fn measure(&self, id: Id, form: Form) -> Option<(Rank, Vec<Id>, Proposal)> {
        let selector = Selector::parse(&form.css).ok()?;
        let caches = Caches::default();
        let all = 0..self.tree.len();
        let matched: Vec<Id> = all
            .filter(|it| selector.matches(self.tree, *it, &caches))
            .collect();
        // Of fields and of the article, the first element counts.
        let is_first_taken = !matches!(
            self.key,
            SelectorKey::Strip | SelectorKey::Keep | SelectorKey::Authors
        );
        let is_found = if is_first_taken {
            matched.first() == Some(&id)
        } else {
            matched.contains(&id)
        };
        if !is_found {
            return None;
        }
        let counted = if is_first_taken {
            &matched[..1]
        } else {
            &matched[..]
        };
        let covered = self.covered(counted);
        let hit = |it: &&ExplainedBlock| it.nodes.iter().any(|node| covered[*node]);
        let blocks = self.blocks.iter().filter(hit).count();
        let others = self.others().map(|(_, it)| it).filter(hit);
        let others = match self.key {
            SelectorKey::Strip => others.filter(|it| it.kept).count(),
            SelectorKey::Keep | SelectorKey::Article => others.filter(|it| !it.kept).count(),
            _ => matched.len() - 1,
        };
        let rank = (
            form.doubt.is_some(),
            others,
            blocks,
            form.rank,
            form.css.len(),
        );
        let proposal = Proposal {
            key: self.key,
            css: form.css,
            words: form.words,
            blocks,
            others,
            doubt: form.doubt,
        };
        Some((rank, matched, proposal))
    }
}

#[cfg(test)]
mod tests;
