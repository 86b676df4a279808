//! The features of the second pass: what the first pass made of the block, of those around it, of those
//! with the same path, and of its container.

use std::sync::OnceLock;

use crate::extract::features::likely_text::LikelyText;
use crate::extract::features::{PageStats, PageView};
use crate::extract::model::matrix::{FeatureMatrix, log, put_row};

/// Features of the first pass that the second pass reads too. It corrects the first scores and need not
/// learn everything again.
const CARRIED: [&str; 48] = [
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
    "since heading",
    "under level",
    "under links",
    "dates since headline",
    "headings since headline",
    "items",
    "item blocks",
    "item links",
    "item dates",
    "repeats",
    "in aside",
    "words min",
];

/// Where those features stand in the first pass's rows.
static COLUMNS: OnceLock<[usize; CARRIED.len()]> = OnceLock::new();

/// About how many features the second pass has.
const WIDTH: usize = CARRIED.len() + 40;

fn column(first: &FeatureMatrix, name: &str) -> usize {
    let found = first.names().iter().position(|it| *it == name);
    // A test looks for each of them.
    found.unwrap_or_default()
}

/// Scores summed up to each block, so that the sum of any stretch is one subtraction.
#[derive(Default)]
struct Sums {
    scores: Vec<f32>,
    count: Vec<f32>,
}

impl Sums {
    fn mean(&self, from: usize, to: usize) -> f32 {
        let scores = self.scores[to] - self.scores[from];
        scores / (self.count[to] - self.count[from]).max(1.0)
    }
}

/// Scores summed up over the blocks of one path, or of one group of items.
#[derive(Clone, Copy, Default)]
struct PathSums {
    scores: f32,
    /// Scores times characters.
    mass: f32,
    chars: f32,
}

impl PathSums {
    fn add(&mut self, score: f32, chars: f32) {
        self.scores += score;
        self.mass += score * chars;
        self.chars += chars;
    }

    /// The mean of the other blocks, by characters.
    fn mean_of_others(&self, score: f32, chars: f32) -> f32 {
        if self.chars > chars {
            (self.mass - score * chars) / (self.chars - chars)
        } else {
            -1.0
        }
    }
}

/// The first pass's scores, summed up in the ways that features need.
struct Context<'c> {
    view: &'c PageView<'c, 'c>,
    stats: &'c PageStats,
    scores: &'c [f32],
    sums: Sums,
    paths: Vec<PathSums>,
    /// Scores by group of items.
    items: Vec<PathSums>,
    /// Scores times characters of the blocks in each element, by node, and of all blocks.
    mass: Vec<f32>,
    all_mass: f32,
    likely: LikelyText,
}

/// The features of the second pass, a row a block. `first` holds the features of the first pass, and
/// `scores` its scores. Rows of blocks that are not `wanted` are zeros, but for the page's first.
pub fn second_pass_features(
    view: &PageView<'_, '_>,
    stats: &PageStats,
    first: &FeatureMatrix,
    scores: &[f32],
    wanted: impl Fn(usize) -> bool,
) -> FeatureMatrix {
    if scores.is_empty() {
        return FeatureMatrix::default();
    }
    let context = Context::new(view, stats, scores);
    // The columns are the same on every page.
    let carried = COLUMNS.get_or_init(|| CARRIED.map(|name| column(first, name)));
    let mut matrix = FeatureMatrix::with_capacity(scores.len(), WIDTH);
    for block in 0..scores.len() {
        if block > 0 && !wanted(block) {
            matrix.skip_row();
            continue;
        }
        let row = first.row(block);
        matrix.put_all(&CARRIED, carried.map(|column| row[column]));
        context.put(block, &mut matrix);
        matrix.end_row();
    }
    matrix
}

impl<'c> Context<'c> {
    fn new(view: &'c PageView<'c, 'c>, stats: &'c PageStats, scores: &'c [f32]) -> Context<'c> {
        let mut context = Context {
            view,
            stats,
            scores,
            sums: Sums {
                scores: vec![0.0],
                count: vec![0.0],
            },
            paths: vec![PathSums::default(); stats.positions.paths.list.len()],
            items: vec![PathSums::default(); stats.positions.items.groups()],
            mass: vec![0.0; view.tree.len()],
            all_mass: 0.0,
            likely: LikelyText::new(view, scores),
        };
        for (block, &score) in scores.iter().enumerate() {
            context.add(block, score);
        }
        for id in (1..view.tree.len()).rev() {
            let mass = context.mass[id];
            context.mass[view.tree.parent(id)] += mass;
        }
        context.all_mass = context.all_mass.max(1.0);
        context
    }

    fn add(&mut self, block: usize, score: f32) {
        let chars = self.view.blocks.list[block].chars as f32;
        self.sums.scores.push(self.sums.scores[block] + score);
        self.sums.count.push(self.sums.count[block] + 1.0);
        let path = &mut self.paths[self.stats.positions.paths.of_block[block]];
        path.add(score, chars);
        if let Some((group, _)) = self.stats.positions.items.of_block[block] {
            self.items[group].add(score, chars);
        }
        self.mass[self.stats.containers.nearest[block]] += score * chars;
        self.all_mass += score * chars;
    }

    /// Adds a block's features to its row.
    fn put(&self, block: usize, matrix: &mut FeatureMatrix) {
        matrix.put("score", self.scores[block]);
        self.put_path(block, matrix);
        self.put_containers(block, matrix);
        self.put_windows(block, matrix);
        self.put_neighbours(block, matrix);
        self.likely.put(block, matrix);
        self.likely
            .put_nearest(self.view, self.scores, block, matrix);
    }

    fn put_path(&self, block: usize, matrix: &mut FeatureMatrix) {
        let paths = &self.stats.positions.paths;
        let number = paths.of_block[block];
        let (path, blocks) = (self.paths[number], paths.list[number].blocks as f32);
        let (score, chars) = (
            self.scores[block],
            self.view.blocks.list[block].chars as f32,
        );
        let items = self.stats.positions.items.of_block[block];
        let mean = items.map_or(-1.0, |(group, _)| {
            self.items[group].mean_of_others(score, chars)
        });
        let nearest = self.stats.containers.nearest[block];
        let container = PathSums {
            mass: self.mass[nearest],
            chars: self.stats.containers.sum(nearest).chars as f32,
            ..PathSums::default()
        };
        put_row!(matrix,
            "path score" => path.scores / blocks.max(1.0),
            "path score by chars" => path.mass / path.chars.max(1.0),
            "others of path" => (path.scores - score) / (blocks - 1.0).max(1.0),
            "others of items" => mean,
            "others of container" => container.mean_of_others(score, chars),
        );
    }

    fn put_containers(&self, block: usize, matrix: &mut FeatureMatrix) {
        const NAMES: [[&str; 2]; 3] = [
            ["mass 1", "mean 1"],
            ["mass 2", "mean 2"],
            ["mass 3", "mean 3"],
        ];
        let mut id = self.stats.containers.nearest[block];
        for [mass, mean] in NAMES {
            let chars = self.stats.containers.sum(id).chars as f32;
            matrix.put(mass, self.mass[id] / self.all_mass);
            matrix.put(mean, self.mass[id] / chars.max(1.0));
            id = self.view.tree.parent(id);
        }
    }

    fn put_windows(&self, block: usize, matrix: &mut FeatureMatrix) {
        let (sums, count) = (&self.sums, self.scores.len());
        let before = |reach: usize| sums.mean(block.saturating_sub(reach), block);
        let from = (block + 1).min(count);
        let after = |reach: usize| sums.mean(from, (block + 1 + reach).min(count));
        let all = sums.scores[count];
        put_row!(matrix,
            "scores before 2" => before(2),
            "scores after 2" => after(2),
            "scores before 5" => before(5),
            "scores after 5" => after(5),
            "scores before 12" => before(12),
            "scores after 12" => after(12),
            "mass before" => sums.mean(0, block) * block as f32 / all.max(1.0),
            "page mass" => log(all as usize),
        );
    }

    fn put_neighbours(&self, block: usize, matrix: &mut FeatureMatrix) {
        let score = |step: isize| {
            let other = block.checked_add_signed(step);
            let score = other.and_then(|it| self.scores.get(it)).copied();
            score.unwrap_or(-1.0)
        };
        put_row!(matrix,
            "score -1" => score(-1),
            "score +1" => score(1),
            "score -2" => score(-2),
            "score +2" => score(2),
        );
    }
}
