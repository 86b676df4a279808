//! What stands beside a block.

use crate::extract::features::text_stats::Words;
use crate::extract::features::{Containers, Facts, View};
use crate::extract::model::matrix::{FeatureMatrix, flag, log};

/// The blocks beside a block, and the names of what they tell.
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

/// What each block tells those beside it.
#[derive(Debug)]
pub struct Beside {
    told: Vec<[f32; 6]>,
}

impl Beside {
    /// Asks every block once.
    pub fn of(view: &View<'_, '_>, words: &Words, containers: &Containers) -> Beside {
        let told = view.blocks.list.iter().enumerate().map(|(block, at)| {
            let best = containers.best;
            let inside = best.is_some_and(|(best, _)| view.tree.is_within(at.owner, best));
            let text = view.blocks.text(block);
            [
                log(at.chars),
                at.link_density() as f32,
                f32::from(at.role as u8),
                view.mark(at.first),
                flag(inside),
                flag(words.wording[block].ends_sentence(text)),
            ]
        });
        Beside {
            told: told.collect(),
        }
    }

    /// Adds what the blocks beside a block tell to its row.
    pub fn put(&self, facts: &Facts, block: usize, table: &mut FeatureMatrix) {
        let (paths, nearest) = (&facts.places.paths.of_block, &facts.containers.nearest);
        for (step, names) in NEIGHBOURS {
            let other = block.checked_add_signed(step);
            let Some((other, told)) = other.and_then(|it| Some((it, self.told.get(it)?))) else {
                for name in names {
                    table.put(name, -1.0);
                }
                continue;
            };
            let shared = [
                flag(paths[other] == paths[block]),
                flag(nearest[other] == nearest[block]),
            ];
            for (name, &value) in names.into_iter().zip(told.iter().chain(&shared)) {
                table.put(name, value);
            }
        }
    }
}
