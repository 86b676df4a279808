//! The features that the learned scorer reads: a row of numbers for each block, computed from its
//! characters, the elements around it and its neighbours. Training and extraction run the same code.
//! Nothing here names a site.

mod containers;
mod context;
mod element_names;
mod items;
mod likely_text;
mod neighbours;
mod page;
mod paths;
mod position;
mod similarity;
pub(super) mod text_stats;

#[cfg(test)]
mod tests;

pub use containers::Containers;
pub use context::second_pass_features;
pub use element_names::{for_each_word, headings};
pub use text_stats::Words;

use crate::extract::fields::Fields;
use crate::extract::model::WordWeights;
use crate::extract::model::matrix::FeatureMatrix;
use crate::extract::rules::Rules;
use crate::extract::segment::blocks::Blocks;
use crate::extract::segment::marks::Marks;
use crate::page::Tree;

/// About how many features the first pass has.
const WIDTH: usize = 200;

/// What is known about a page before its blocks are scored.
#[derive(Debug, Clone, Copy)]
pub struct PageView<'p, 'a> {
    /// The page's nodes.
    pub tree: &'p Tree<'a>,
    /// What the rules say about the nodes.
    pub marks: &'p Marks,
    /// The rules.
    pub rules: &'p Rules,
    /// The page's blocks.
    pub blocks: &'p Blocks,
    /// The fields; blocks are compared with the title, the description and the authors.
    pub fields: &'p Fields,
}

/// What is computed once for a page and read by the features of both passes.
#[derive(Debug)]
pub struct PageStats {
    /// Words and character counts by block.
    pub words: Words,
    /// Sums by container.
    pub containers: Containers,
    /// Position, path and neighbours by block.
    pub positions: position::Positions,
}

impl PageStats {
    /// Computes the statistics of a page.
    pub fn new(view: &PageView<'_, '_>) -> PageStats {
        let words = Words::new(view.blocks);
        let containers = Containers::new(view.tree, view.marks, view.blocks, &words);
        let positions = position::Positions::new(view, &words, &containers);
        PageStats {
            words,
            containers,
            positions,
        }
    }
}

/// The features of the first pass, a row a block: what is known about the block itself.
pub fn first_pass_features(
    view: &PageView<'_, '_>,
    stats: &PageStats,
    weights: &WordWeights,
) -> FeatureMatrix {
    let names = element_names::NameWeights::new(view.tree, view.blocks, &stats.words, weights);
    let count = view.blocks.list.len();
    let mut matrix = FeatureMatrix::with_capacity(count, WIDTH);
    for block in 0..count {
        stats.words.stats[block].put(&mut matrix);
        stats.positions.put(view, stats, block, &mut matrix);
        names.put(view.tree, view.blocks, block, &mut matrix);
        matrix.end_row();
    }
    matrix
}
