//! Runs of cards: siblings that lead to one page each.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use crate::extract::segment::cards::sums::{HEADING, Sum, Sums};
use crate::page::{Id, Tag, Tree};

/// Runs that are looked at on one page.
const RUNS: usize = 300;
/// Nodes of a card.
const NODES: usize = 250;
/// Text of a card outside links, and of one block of it.
const EXCERPTS: u32 = 700;
const EXCERPT: u32 = 450;
/// Text of a card in links.
const LINKED: u32 = 900;
/// What may stand between two cards: a label of an ad, a date.
const LABEL: u32 = 60;
/// An excerpt that is a sibling of its heading.
const FOLLOWER: u32 = 350;

/// Cards of one parent.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// The cards. In a flat run, their headings.
    pub(super) cards: Vec<Id>,
    /// The cards and the excerpts that follow headings.
    pub(super) members: Vec<Id>,
    /// How many pages they lead to.
    pub(super) targets: usize,
    /// Excerpts are siblings of the headings.
    pub(super) is_flat: bool,
}

impl Run {
    pub(super) fn width(&self, sums: &Sums) -> u32 {
        self.members.iter().map(|&id| sums.of[id].width).sum()
    }
}

/// The runs of a page, in document order of the parents, at most so many of each: of several pages, and of
/// one. A card's parts are no run.
pub(super) fn runs(tree: &Tree<'_>, sums: &Sums) -> Vec<Run> {
    let (mut all, mut card_end) = (Vec::new(), 0);
    for parent in 1..tree.len() {
        let sum = &sums.of[parent];
        if sum.target == 0 || sum.width == 0 || matches!(tree.tag(parent), Tag::Text | Tag::A) {
            continue;
        }
        if parent < card_end {
            continue;
        }
        if is_card(tree, parent, sum) {
            card_end = tree.end(parent);
            continue;
        }
        runs_of(tree, sums, parent, &mut all);
    }
    let mut left = [RUNS; 2];
    all.retain(|run| {
        let left = &mut left[usize::from(run.targets > 1)];
        *left = left.saturating_sub(1);
        *left > 0
    });
    all
}

fn runs_of(tree: &Tree<'_>, sums: &Sums, parent: Id, all: &mut Vec<Run>) {
    let mut run = Run::default();
    let mut targets = HashSet::with_hasher(RandomState::default());
    for child in tree.children(parent) {
        let sum = &sums.of[child];
        let is_next = run
            .cards
            .last()
            .is_none_or(|&last| tree.tag(last) == tree.tag(child));
        if is_card(tree, child, sum) && is_next {
            run.cards.push(child);
            run.members.push(child);
            targets.insert(sum.target);
        } else if follows_heading(tree, sums, &run, child) {
            run.members.push(child);
            run.is_flat = true;
        } else if sum.width > LABEL || sum.target != 0 && sum.width > 0 {
            close(&mut run, &mut targets, all);
            if is_card(tree, child, sum) {
                run.cards.push(child);
                run.members.push(child);
                targets.insert(sum.target);
            }
        }
    }
    close(&mut run, &mut targets, all);
}

fn close(run: &mut Run, targets: &mut HashSet<u64, RandomState>, all: &mut Vec<Run>) {
    let mut run = std::mem::take(run);
    run.targets = targets.len();
    targets.clear();
    if run.targets > 0 {
        all.push(run);
    }
}

fn is_card(tree: &Tree<'_>, id: Id, sum: &Sum) -> bool {
    sum.leads_to_one_page()
        && tree.tag(id) != Tag::Text
        && tree.end(id) - id <= NODES
        && sum.linked <= LINKED
        && sum.width - sum.linked <= EXCERPTS
        && sum.widest <= EXCERPT
}

/// True for an excerpt right below a heading that is a card.
fn follows_heading(tree: &Tree<'_>, sums: &Sums, run: &Run, child: Id) -> bool {
    let Some(&heading) = run.cards.last() else {
        return false;
    };
    let is_heading = sums.of[heading].has(HEADING) || tree.tag(heading) == Tag::Dt;
    let sum = &sums.of[child];
    let leads_there = sum.target == 0 || sum.target == sums.of[heading].target;
    let is_near = run.members[run.members.len().saturating_sub(3)..].contains(&heading);
    is_heading && is_near && leads_there && sum.width > 0 && sum.width <= FOLLOWER
}
