//! What stands beside a block.

use super::{Facts, View};
use crate::extract::rows::{Table, flag, log};

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

/// Adds what the blocks beside a block tell to its row.
pub fn put(view: &View<'_, '_>, facts: &Facts, block: usize, table: &mut Table) {
    for (step, names) in NEIGHBOURS {
        put_neighbour(
            view,
            facts,
            block,
            block.checked_add_signed(step),
            names,
            table,
        );
    }
}

fn put_neighbour(
    view: &View<'_, '_>,
    facts: &Facts,
    block: usize,
    other: Option<usize>,
    names: [&'static str; 8],
    table: &mut Table,
) {
    let other = other.filter(|&other| other < view.blocks.list.len());
    let Some(other) = other else {
        for name in names {
            table.put(name, -1.0);
        }
        return;
    };
    let at = &view.blocks.list[other];
    let best = facts.containers.best;
    let inside = best.is_some_and(|(best, _)| view.tree.is_within(at.owner, best));
    let text = view.blocks.text(other);
    let nearest = &facts.containers.nearest;
    let values = [
        log(at.chars),
        at.link_density() as f32,
        f32::from(at.role as u8),
        view.mark(at.first),
        flag(inside),
        flag(facts.words.wording[other].ends_sentence(text)),
        flag(facts.places.paths.of_block[other] == facts.places.paths.of_block[block]),
        flag(nearest[other] == nearest[block]),
    ];
    for (name, value) in names.into_iter().zip(values) {
        table.put(name, value);
    }
}
