//! Features of the two blocks before and the two after a block.

use crate::extract::features::text_stats::Words;
use crate::extract::features::{Containers, PageStats, PageView};
use crate::extract::model::encoding;
use crate::extract::model::matrix::{FeatureMatrix, flag, log};

/// The distance of each neighbour, and the names of its features.
const NEIGHBOURS: [(isize, [&str; 8]); 4] = [
    (
        -1,
        [
            "prev chars",
            "prev links",
            "prev role",
            "prev mark",
            "prev in best",
            "prev ends",
            "prev same path",
            "prev same container",
        ],
    ),
    (
        1,
        [
            "next chars",
            "next links",
            "next role",
            "next mark",
            "next in best",
            "next ends",
            "next same path",
            "next same container",
        ],
    ),
    (
        -2,
        [
            "prev2 chars",
            "prev2 links",
            "prev2 role",
            "prev2 mark",
            "prev2 in best",
            "prev2 ends",
            "prev2 same path",
            "prev2 same container",
        ],
    ),
    (
        2,
        [
            "next2 chars",
            "next2 links",
            "next2 role",
            "next2 mark",
            "next2 in best",
            "next2 ends",
            "next2 same path",
            "next2 same container",
        ],
    ),
];

/// The features that each block has as a neighbour of another.
#[derive(Debug)]
pub struct Neighbours {
    values: Vec<[f32; 6]>,
}

impl Neighbours {
    /// Computes them for every block.
    pub fn new(view: &PageView<'_, '_>, words: &Words, containers: &Containers) -> Neighbours {
        let values = view.blocks.list.iter().enumerate().map(|(block, at)| {
            let best = containers.best;
            let inside = best.is_some_and(|(best, _)| view.tree.is_within(at.owner, best));
            [
                log(at.chars),
                at.link_density() as f32,
                f32::from(encoding::role(at.role)),
                encoding::mark(view.marks.of(at.first), view.rules),
                flag(inside),
                flag(words.stats[block].ends_sentence()),
            ]
        });
        Neighbours {
            values: values.collect(),
        }
    }

    /// Adds the features of a block's neighbours to its row.
    pub fn put(&self, stats: &PageStats, block: usize, matrix: &mut FeatureMatrix) {
        let (paths, nearest) = (&stats.positions.paths.of_block, &stats.containers.nearest);
        for (step, names) in &NEIGHBOURS {
            let other = block.checked_add_signed(*step);
            let other = other.and_then(|it| Some((it, *self.values.get(it)?)));
            let row = other.map_or(
                [-1.0; 8],
                |(other, [chars, links, role, mark, best, ends])| {
                    let is_same_path = flag(paths[other] == paths[block]);
                    let is_same_container = flag(nearest[other] == nearest[block]);
                    [
                        chars,
                        links,
                        role,
                        mark,
                        best,
                        ends,
                        is_same_path,
                        is_same_container,
                    ]
                },
            );
            matrix.put_all(names, row);
        }
    }
}
