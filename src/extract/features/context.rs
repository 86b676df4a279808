//! The second look: what the first one made of the block, of those around it, of those made like
//! it, and of its container.

use crate::extract::features::{PageStats, PageView};
use crate::extract::model::matrix::{FeatureMatrix, log};

/// What the second look takes over from the first; it is there to judge the first, not to learn
/// everything again.
const CARRIED: [&str; 36] = [
    "chars",
    "words",
    "role",
    "level",
    "link density",
    "ends sentence",
    "near names sum",
    "near names min",
    "edge words sum",
    "edge words min",
    "under words sum",
    "words mean",
    "mark",
    "phrase",
    "blocks since headline",
    "bold",
    "italic",
    "media before",
    "words of title",
    "description covered",
    "path share",
    "path blocks",
    "run before",
    "run after",
    "place",
    "next chars",
    "prev chars",
    "in best",
    "sibling place",
    "siblings after",
    "next role",
    "prev role",
    "digits",
    "capitals",
    "begins with",
    "ends in",
];
/// Blocks above this score count as text.
const LIKELY: f32 = 0.5;

/// Scores summed up to each block, so that any stretch is one subtraction.
struct Sums {
    mass: Vec<f32>,
    count: Vec<f32>,
}

impl Sums {
    fn mean(&self, from: usize, to: usize) -> f32 {
        let mass = self.mass[to] - self.mass[from];
        mass / (self.count[to] - self.count[from]).max(1.0)
    }
}

/// The features of the second look, a row a block.
pub fn second_pass_features(
    view: &PageView<'_, '_>,
    stats: &PageStats,
    first: &FeatureMatrix,
    scores: &[f32],
) -> FeatureMatrix {
    let count = scores.len();
    let chars = |block: usize| view.blocks.list[block].chars as f32;
    let mut sums = Sums {
        mass: vec![0.0],
        count: vec![0.0],
    };
    let mut paths = vec![(0.0f32, 0.0f32, 0.0f32); stats.positions.paths.list.len()];
    let mut inside = vec![0.0f32; view.tree.len()];
    let mut total = 0.0f32;
    for (block, &score) in scores.iter().enumerate() {
        sums.mass.push(sums.mass[block] + score);
        sums.count.push(sums.count[block] + 1.0);
        let path = &mut paths[stats.positions.paths.of_block[block]];
        path.0 += score;
        path.1 += score * chars(block);
        path.2 += chars(block);
        inside[stats.containers.nearest[block]] += score * chars(block);
        total += score * chars(block);
    }
    for id in (1..view.tree.len()).rev() {
        let mass = inside[id];
        inside[view.tree.parent(id)] += mass;
    }
    let around = Around::of(view, scores);
    let carried: Vec<(&'static str, usize)> = CARRIED
        .iter()
        .filter_map(|&name| Some((name, first.names().iter().position(|it| *it == name)?)))
        .collect();
    let mut matrix = FeatureMatrix::with_capacity(count, CARRIED.len() + 32);
    let total = total.max(1.0);
    for block in 0..count {
        for &(name, column) in &carried {
            matrix.put(name, first.row(block)[column]);
        }
        matrix.put("score", scores[block]);
        let path = paths[stats.positions.paths.of_block[block]];
        let blocks =
            stats.positions.paths.list[stats.positions.paths.of_block[block]].blocks as f32;
        matrix.put("path score", path.0 / blocks.max(1.0));
        matrix.put("path score by chars", path.1 / path.2.max(1.0));
        matrix.put(
            "others of path",
            (path.0 - scores[block]) / (blocks - 1.0).max(1.0),
        );
        put_containers(view, stats, block, &inside, total, &mut matrix);
        put_windows(&sums, block, count, &mut matrix);
        put_neighbours(scores, block, &mut matrix);
        around.put(block, &mut matrix);
        matrix.end_row();
    }
    matrix
}

fn put_containers(
    view: &PageView<'_, '_>,
    stats: &PageStats,
    block: usize,
    inside: &[f32],
    total: f32,
    matrix: &mut FeatureMatrix,
) {
    const NAMES: [[&str; 2]; 3] = [
        ["mass 1", "mean 1"],
        ["mass 2", "mean 2"],
        ["mass 3", "mean 3"],
    ];
    let mut id = stats.containers.nearest[block];
    for [mass, mean] in NAMES {
        let chars = stats.containers.sum(id).chars as f32;
        matrix.put(mass, inside[id] / total);
        matrix.put(mean, inside[id] / chars.max(1.0));
        id = view.tree.parent(id);
    }
}

fn put_windows(sums: &Sums, block: usize, count: usize, matrix: &mut FeatureMatrix) {
    for (reach, before, after) in [
        (2, "scores before 2", "scores after 2"),
        (5, "scores before 5", "scores after 5"),
        (12, "scores before 12", "scores after 12"),
    ] {
        matrix.put(before, sums.mean(block.saturating_sub(reach), block));
        let from = (block + 1).min(count);
        matrix.put(after, sums.mean(from, (block + 1 + reach).min(count)));
    }
    matrix.put(
        "mass before",
        sums.mean(0, block) * block as f32 / sums.mass[count].max(1.0),
    );
    matrix.put("page mass", log(sums.mass[count] as usize));
}

fn put_neighbours(scores: &[f32], block: usize, matrix: &mut FeatureMatrix) {
    for (step, name) in [
        (-1, "score -1"),
        (1, "score +1"),
        (-2, "score -2"),
        (2, "score +2"),
    ] {
        let other = block.checked_add_signed(step);
        matrix.put(
            name,
            other.and_then(|it| scores.get(it)).copied().unwrap_or(-1.0),
        );
    }
}

/// How far the nearest likely text is on either side, and where the likely text begins and ends.
struct Around {
    before: Vec<usize>,
    after: Vec<usize>,
    first: usize,
    last: usize,
    chars_after: Vec<usize>,
}

impl Around {
    fn of(view: &PageView<'_, '_>, scores: &[f32]) -> Around {
        let count = scores.len();
        let likely = |block: usize| scores[block] > LIKELY && view.blocks.list[block].chars >= 40;
        let mut it = Around {
            before: vec![count; count],
            after: vec![count; count],
            first: (0..count).find(|&block| likely(block)).unwrap_or(count),
            last: (0..count).rev().find(|&block| likely(block)).unwrap_or(0),
            chars_after: vec![0; count + 1],
        };
        for block in 1..count {
            it.before[block] = if likely(block - 1) {
                1
            } else {
                it.before[block - 1].saturating_add(1)
            };
        }
        for block in (0..count).rev() {
            let own = if likely(block) {
                view.blocks.list[block].chars
            } else {
                0
            };
            it.chars_after[block] = it.chars_after[block + 1] + own;
            if block + 1 < count {
                it.after[block] = if likely(block + 1) {
                    1
                } else {
                    it.after[block + 1].saturating_add(1)
                };
            }
        }
        it
    }

    fn put(&self, block: usize, matrix: &mut FeatureMatrix) {
        matrix.put("text before", log(self.before[block]));
        matrix.put("text after", log(self.after[block]));
        matrix.put("since first text", signed(block, self.first));
        matrix.put("since last text", signed(block, self.last));
        matrix.put("likely chars after", log(self.chars_after[block + 1]));
        let all = self.chars_after[0].max(1) as f32;
        matrix.put(
            "likely share after",
            self.chars_after[block + 1] as f32 / all,
        );
    }
}

/// A distance in blocks, its magnitude logarithmic.
fn signed(block: usize, from: usize) -> f32 {
    if block >= from {
        log(block - from)
    } else {
        -log(from - block)
    }
}
