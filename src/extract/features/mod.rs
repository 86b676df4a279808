//! What the learned scorer looks at: a row of numbers for each block, from one walk over its
//! characters, sums over containers made once, and the blocks around it. Training and use run this
//! same code; nothing here names a site.

mod containers;
mod context;
mod element_names;
mod neighbours;
mod paths;
mod position;
mod similarity;
pub(super) mod text_stats;

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

/// About how many features there are, to make room for.
const WIDTH: usize = 180;

/// A page as the features are made from it.
#[derive(Debug, Clone, Copy)]
pub struct PageView<'p, 'a> {
    /// The page's nodes.
    pub tree: &'p Tree<'a>,
    /// What the rules say of them.
    pub marks: &'p Marks,
    /// The rules.
    pub rules: &'p Rules,
    /// The page's blocks.
    pub blocks: &'p Blocks,
    /// The fields, of which title, description and authors are looked for in the text.
    pub fields: &'p Fields,
}

/// The sums and the places that both looks at a page need.
#[derive(Debug)]
pub struct PageStats {
    /// Words and wording by block.
    pub words: Words,
    /// Sums by container.
    pub containers: Containers,
    /// Place, path and neighbours by block.
    pub positions: position::Positions,
}

impl PageStats {
    /// Gathers what there is to know of a page's blocks.
    pub fn of(view: &PageView<'_, '_>) -> PageStats {
        let words = Words::of(view.blocks);
        let containers = Containers::of(view.tree, view.marks, view.blocks);
        let positions = position::Positions::of(view, &words, &containers);
        PageStats {
            words,
            containers,
            positions,
        }
    }
}

/// The features of the first look.
pub fn first_pass_features(
    view: &PageView<'_, '_>,
    stats: &PageStats,
    weights: &WordWeights,
) -> FeatureMatrix {
    let names = element_names::NameWeights::of(view.tree, view.blocks, &stats.words, weights);
    let count = view.blocks.list.len();
    let mut matrix = FeatureMatrix::with_capacity(count, WIDTH);
    for block in 0..count {
        stats.words.stats[block].put(view.blocks.text(block), &mut matrix);
        stats.positions.put(view, stats, block, &mut matrix);
        names.put(view.tree, view.blocks, block, &mut matrix);
        matrix.end_row();
    }
    matrix
}
