//! How much a block repeats: words of the headline, the description or the authors' names, or the whole
//! text of another block.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::extract::features::text_stats::{Words, words};
use crate::extract::fields::Fields;
use crate::extract::model::matrix::{FeatureMatrix, put_row, share};
use crate::extract::segment::blocks::Blocks;

/// The golden ratio in 64 bits, which spreads the bits of what it multiplies.
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A bit for the last bits of each word of a set: most words are in no set, and need no search.
#[derive(Debug, Default, Clone, Copy)]
struct Filter([u64; 8]);

impl Filter {
    fn may_hold(&self, word: u32) -> bool {
        let (row, bit) = filter_place(word);
        self.0[row] & bit != 0
    }

    /// The words of either.
    fn or(self, other: Filter) -> Filter {
        Filter(std::array::from_fn(|row| self.0[row] | other.0[row]))
    }
}

/// The words of a short text.
#[derive(Debug, Default)]
struct WordSet {
    /// In rising order.
    hashes: Vec<u32>,
    filter: Filter,
}

impl WordSet {
    fn of(text: &str) -> WordSet {
        let mut hashes = words(text);
        hashes.sort_unstable();
        hashes.dedup();
        let mut filter = Filter::default();
        for (row, bit) in hashes.iter().map(|&hash| filter_place(hash)) {
            filter.0[row] |= bit;
        }
        WordSet { hashes, filter }
    }

    fn contains(&self, word: u32) -> bool {
        self.filter.may_hold(word) && self.hashes.binary_search(&word).is_ok()
    }

    fn len(&self) -> usize {
        self.hashes.len()
    }
}

fn filter_place(hash: u32) -> (usize, u64) {
    ((hash >> 6) as usize & 7, 1 << (hash & 63))
}

/// The texts that blocks are compared with.
#[derive(Debug)]
pub struct Similarity {
    /// The block of the headline.
    pub headline: Option<usize>,
    title: WordSet,
    description: WordSet,
    authors: WordSet,
    /// The words of all three.
    any: Filter,
    /// By block: how many other blocks have the same text.
    repeats: Vec<usize>,
}

impl Similarity {
    /// Reads the words of the fields, and finds the headline among the blocks.
    pub fn new(fields: &Fields, blocks: &Blocks, all_words: &Words) -> Similarity {
        let set = |text: Option<&str>| WordSet::of(text.unwrap_or_default());
        let title = set(fields.title.as_deref());
        let description = set(fields.description.as_deref());
        let authors = set(Some(&fields.authors.join(" ")));
        Similarity {
            headline: headline(blocks, all_words, &title),
            any: title.filter.or(description.filter).or(authors.filter),
            title,
            description,
            authors,
            repeats: repeats(blocks, all_words),
        }
    }

    /// Adds the block's overlap with the fields and other blocks to its row.
    pub fn put(&self, all_words: &Words, block: usize, matrix: &mut FeatureMatrix) {
        let own = all_words.of_block(block);
        let (mut title, mut description, mut authors) = (0, 0, 0);
        for &word in own.iter().filter(|word| self.any.may_hold(**word)) {
            title += usize::from(self.title.contains(word));
            description += usize::from(self.description.contains(word));
            authors += usize::from(self.authors.contains(word));
        }
        put_row!(matrix,
            "words of title" => share(title, own.len()),
            "title covered" => share(title, self.title.len()),
            "words of description" => share(description, own.len()),
            "description covered" => share(description, self.description.len()),
            "words of authors" => share(authors, own.len()),
            "repeats" => self.repeats[block] as f32,
        );
    }
}

/// How often each block's text occurs elsewhere on the page.
fn repeats(blocks: &Blocks, words: &Words) -> Vec<usize> {
    // A hash of hashes, wide enough for a page of a million blocks.
    let mix = |key: u64, word: &u32| (key ^ u64::from(*word)).wrapping_mul(ODD).rotate_left(29);
    let key = |block: usize| words.of_block(block).iter().fold(1, mix);
    let keys: Vec<u64> = (0..blocks.list.len()).map(key).collect();
    let mut counts: HashMap<u64, usize, RandomState> = HashMap::default();
    for &key in &keys {
        *counts.entry(key).or_default() += 1;
    }
    keys.iter().map(|key| counts[key] - 1).collect()
}

/// The block of the headline: the heading that shares most words with the title, or any other block that
/// says the title and nothing else.
fn headline(blocks: &Blocks, words: &Words, title: &WordSet) -> Option<usize> {
    let overlap = |block: usize| {
        let own = words.of_block(block);
        let shared = own.iter().filter(|word| title.contains(**word)).count();
        share(2 * shared, own.len() + title.len())
    };
    let headings = (0..blocks.list.len()).filter(|&block| {
        let level = blocks.list[block].level;
        (1..=2).contains(&level) || overlap(block) > 0.9
    });
    let bonus = |block: usize| {
        if blocks.list[block].level == 1 {
            0.3
        } else {
            0.0
        }
    };
    headings
        .map(|block| (block, overlap(block) + bonus(block)))
        .filter(|(_, overlap)| *overlap > 0.25)
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(block, _)| block)
}
