//! Copies: the text a second time, with small differences: one copy for wide screens and one for narrow ones, or a
//! shorter version for a reading mode. Only whole containers count, or every other paragraph of one: an
//! article may repeat a paragraph.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::features::{PageStats, PageView};
use crate::page::Id;

/// A copy holds this share of the other version, in tenths: a recipe that repeats a few steps is none.
const OF_ORIGINAL: usize = 5;
/// Shorter blocks are compared as wholes.
const FEWEST_WORDS: usize = 12;
/// Words that are compared at once.
const SHINGLE: usize = 3;
/// This share of a copy's words stands in one earlier block, in tenths.
const SAME: usize = 7;
/// A container is a copy if this share of its text is, in tenths…
const OF_A_COPY: usize = 6;
/// …and a container holds both versions if this share is, in as many paragraphs.
const OF_BOTH: usize = 4;
const FEWEST_COPIES: usize = 3;

/// A container's kept text, and what of it stands in earlier blocks.
#[derive(Default)]
struct Text {
    all: usize,
    of_others: usize,
    /// Of the blocks that it repeats, and the container of the last of them.
    originals: usize,
    other: Id,
    of_itself: usize,
    copies: usize,
}

/// Drops blocks that say what earlier ones say.
pub(super) fn drop_copies(view: &PageView<'_, '_>, stats: &PageStats, body: &mut Body) {
    let originals = originals(view, stats, body);
    if originals.is_empty() {
        return;
    }
    let container = |block: usize| stats.containers.nearest[block];
    let mut texts: HashMap<Id, Text, RandomState> = HashMap::default();
    for block in body.kept() {
        let text = texts.entry(container(block)).or_default();
        let chars = view.blocks.list[block].chars;
        text.all += chars;
        match originals.get(&block) {
            Some(&original) if container(original) == container(block) => {
                text.of_itself += chars;
                text.copies += 1;
            }
            Some(&original) => {
                text.of_others += chars;
                text.originals += view.blocks.list[original].chars;
                text.other = container(original);
            }
            None => {}
        }
    }
    let is_copy = |text: &Text| {
        let other = texts.get(&text.other).map_or(0, |other| other.all);
        text.of_others * 10 >= text.all * OF_A_COPY
            && text.of_others > 0
            && text.originals * 10 >= other * OF_ORIGINAL
    };
    let holds_both =
        |text: &Text| text.copies >= FEWEST_COPIES && text.of_itself * 10 >= text.all * OF_BOTH;
    let mut said: HashSet<&[u32], RandomState> = HashSet::default();
    let mut dropped = Vec::new();
    for block in body.kept() {
        let text = &texts[&container(block)];
        let words = stats.words.of_block(block);
        let is_repeated = originals.contains_key(&block) || said.contains(words);
        if is_repeated && (is_copy(text) || holds_both(text)) {
            dropped.push(block);
        }
        said.insert(words);
    }
    for block in dropped {
        if !body.verdicts[block].is_selected() {
            body.verdicts[block] = BlockVerdict::Repeat;
        }
    }
}

/// For each kept block that mostly repeats an earlier one, that block.
fn originals(
    view: &PageView<'_, '_>,
    stats: &PageStats,
    body: &Body,
) -> HashMap<usize, usize, RandomState> {
    let mut first: HashMap<u128, usize, RandomState> = HashMap::default();
    let mut originals: HashMap<usize, usize, RandomState> = HashMap::default();
    let mut counts: HashMap<usize, usize, RandomState> = HashMap::default();
    for block in body.kept() {
        let words = stats.words.of_block(block);
        if words.len() < FEWEST_WORDS {
            continue;
        }
        counts.clear();
        for shingle in words.windows(SHINGLE) {
            let said_by = *first.entry(key(shingle)).or_insert(block);
            if said_by != block {
                *counts.entry(said_by).or_default() += 1;
            }
        }
        let shingles = words.len() + 1 - SHINGLE;
        let most = counts.iter().max_by_key(|&(&block, &count)| (count, block));
        if let Some((&earlier, _)) = most.filter(|&(_, &count)| count * 10 >= shingles * SAME) {
            originals.insert(block, earlier);
        }
    }
    // Several paragraphs like one: items of a list that have a pattern, not copies.
    let mut times: HashMap<usize, usize, RandomState> = HashMap::default();
    for &original in originals.values() {
        *times.entry(original).or_default() += 1;
    }
    originals
        .retain(|block, original| times[original] == 1 && has_numbers_of(view, *block, *original));
    originals
}

/// True where each number of a block stands in the other, too: two paragraphs of one pattern that differ in
/// their numbers say different things.
fn has_numbers_of(view: &PageView<'_, '_>, block: usize, other: usize) -> bool {
    let numbers = |block: usize| {
        let runs = view.blocks.text(block).split(|c: char| !c.is_ascii_digit());
        runs.filter(|run| !run.is_empty())
    };
    let known: HashSet<&str, RandomState> = numbers(other).collect();
    numbers(block).all(|number| known.contains(number))
}

/// The words of a shingle as one number.
fn key(shingle: &[u32]) -> u128 {
    let words = shingle.iter();
    words.fold(0, |key, &word| key << u32::BITS | u128::from(word))
}
