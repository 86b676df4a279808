//! Features of the second pass about the text that the first pass finds likely: how far it is from a block,
//! in blocks and in the page's tree, and how much of it comes after.

use crate::article::Role;
use crate::extract::features::PageView;
use crate::extract::model::matrix::{FeatureMatrix, log, put_row};
use crate::page::{Id, Tree};

/// Blocks above this score are likely text.
const LIKELY: f32 = 0.5;
/// Ways through the tree are measured up to this many levels.
const FARTHEST: usize = 12;
/// Shorter blocks are labels and bylines as often as text.
const TEXT_CHARS: usize = 40;

/// Where the blocks are that the first pass takes for text.
pub(super) struct LikelyText {
    /// Blocks since the last likely text, and until the next, by block.
    before: Vec<usize>,
    after: Vec<usize>,
    /// The first and the last likely text.
    first: usize,
    last: usize,
    /// Characters of likely text from each block on.
    chars_after: Vec<usize>,
    /// The nearest text of any score, by block.
    prev_text: Vec<Option<usize>>,
    next_text: Vec<Option<usize>>,
}

impl LikelyText {
    pub(super) fn new(view: &PageView<'_, '_>, scores: &[f32]) -> LikelyText {
        let count = scores.len();
        let likely =
            |block: usize| scores[block] > LIKELY && view.blocks.list[block].chars >= TEXT_CHARS;
        let (prev_text, next_text) = texts_around(view);
        let mut text = LikelyText {
            before: vec![count; count],
            after: vec![count; count],
            first: (0..count).find(|&block| likely(block)).unwrap_or(count),
            last: (0..count).rev().find(|&block| likely(block)).unwrap_or(0),
            chars_after: vec![0; count + 1],
            prev_text,
            next_text,
        };
        for block in 1..count {
            text.before[block] = if likely(block - 1) {
                1
            } else {
                text.before[block - 1].saturating_add(1)
            };
        }
        for block in (0..count).rev() {
            let own = if likely(block) {
                view.blocks.list[block].chars
            } else {
                0
            };
            text.chars_after[block] = text.chars_after[block + 1] + own;
            if block + 1 < count {
                text.after[block] = if likely(block + 1) {
                    1
                } else {
                    text.after[block + 1].saturating_add(1)
                };
            }
        }
        text
    }

    /// Adds how far and how much likely text is to the block's row.
    pub(super) fn put(&self, block: usize, matrix: &mut FeatureMatrix) {
        let all = self.chars_after[0].max(1) as f32;
        put_row!(matrix,
            "text before" => log(self.before[block]),
            "text after" => log(self.after[block]),
            "since first text" => signed(block, self.first),
            "since last text" => signed(block, self.last),
            "likely chars after" => log(self.chars_after[block + 1]),
            "likely share after" => self.chars_after[block + 1] as f32 / all,
        );
    }

    /// Adds how near in the tree the likely text before and after a block is, and what the first pass made of
    /// the next text of any score: a heading is as good as what follows it.
    pub(super) fn put_nearest(
        &self,
        view: &PageView<'_, '_>,
        scores: &[f32],
        block: usize,
        matrix: &mut FeatureMatrix,
    ) {
        let owner = |block: usize| view.blocks.list[block].owner;
        let count = scores.len();
        let before = block
            .checked_sub(self.before[block])
            .filter(|_| self.before[block] < count);
        let after = Some(block + self.after[block]).filter(|&it| it < count);
        let way_to = |it: Option<usize>| {
            it.map_or((-1.0, -1.0), |it| way(view.tree, owner(block), owner(it)))
        };
        let (before, after) = (way_to(before), way_to(after));
        let score = |it: Option<usize>| it.map_or(-1.0, |it| scores[it]);
        put_row!(matrix,
            "up to text before" => before.0,
            "down to text before" => before.1,
            "up to text after" => after.0,
            "down to text after" => after.1,
            "next text score" => score(self.next_text[block]),
            "prev text score" => score(self.prev_text[block]),
        );
    }
}

/// The nearest block of text before and after each block, whatever its score: no heading, and no short line.
fn texts_around(view: &PageView<'_, '_>) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let list = &view.blocks.list;
    let is_text =
        |block: usize| list[block].role != Role::Heading && list[block].chars >= TEXT_CHARS;
    let mut around = (vec![None; list.len()], vec![None; list.len()]);
    let mut last = None;
    for block in 0..list.len() {
        around.0[block] = last;
        if is_text(block) {
            last = Some(block);
        }
    }
    last = None;
    for block in (0..list.len()).rev() {
        around.1[block] = last;
        if is_text(block) {
            last = Some(block);
        }
    }
    around
}

/// How far up the page's tree the way from one block to another goes, and how far down from there. Long
/// ways end at [`FARTHEST`].
fn way(tree: &Tree<'_>, from: Id, to: Id) -> (f32, f32) {
    let up = |start: Id, other: Id| {
        let above = std::iter::once(start).chain(tree.ancestors(start));
        above
            .take(FARTHEST)
            .take_while(|&id| !tree.is_within(other, id))
            .count() as f32
    };
    (up(from, to), up(to, from))
}

/// The signed logarithm of a distance in blocks.
fn signed(block: usize, from: usize) -> f32 {
    if block >= from {
        log(block - from)
    } else {
        -log(from - block)
    }
}
