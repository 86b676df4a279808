//! Features of a block's position: on the page, after the headline, in which elements, among which other
//! blocks.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::article::Role;
use crate::extract::features::items::{self, Items};
use crate::extract::features::neighbours::Neighbours;
use crate::extract::features::page::{PAGE, page_columns};
use crate::extract::features::paths::Paths;
use crate::extract::features::similarity::Similarity;
use crate::extract::features::text_stats::Words;
use crate::extract::features::{Containers, PageStats, PageView};
use crate::extract::model::encoding;
use crate::extract::model::matrix::{FeatureMatrix, flag, log, put_row, share};
use crate::extract::segment::blocks::Blocks;
use crate::page::{Id, Tag, Tree};

/// Ancestors that are features of their own.
const ABOVE: [&str; 11] = [
    "in article",
    "in main",
    "in aside",
    "in footer",
    "in header",
    "in nav",
    "in form",
    "in figure",
    "in table",
    "in item",
    "in section",
];

/// The bit of a tag among [`ABOVE`]; 0 for others.
fn bit_above(tag: Tag) -> u16 {
    match tag {
        Tag::Article => 1 << 0,
        Tag::Main => 1 << 1,
        Tag::Aside => 1 << 2,
        Tag::Footer => 1 << 3,
        Tag::Header => 1 << 4,
        Tag::Nav => 1 << 5,
        Tag::Form => 1 << 6,
        Tag::Figure => 1 << 7,
        Tag::Table => 1 << 8,
        Tag::Li => 1 << 9,
        Tag::Section => 1 << 10,
        _ => 0,
    }
}

/// The windows around a block: how many blocks to each side, and the names of the features.
const WINDOWS: [(usize, &str, &str); 3] = [
    (1, "links around 3", "chars around 3"),
    (2, "links around 5", "chars around 5"),
    (7, "links around 15", "chars around 15"),
];

/// The positions of a page's blocks.
#[derive(Debug)]
pub struct Positions {
    /// What blocks repeat.
    similarity: Similarity,
    /// The features of each block as a neighbour.
    neighbours: Neighbours,
    /// Which blocks have the same path.
    pub paths: Paths,
    /// The items around blocks.
    pub items: Items,
    /// By node: which elements of [`ABOVE`] are around it, and how deep it is nested.
    above: Vec<u16>,
    depth: Vec<u16>,
    /// Characters, and characters in links, before each block.
    chars_before: Vec<usize>,
    links_before: Vec<usize>,
    /// The last heading above each block.
    heading: Vec<Option<usize>>,
    /// Headings of the first or second level before each block.
    high_headings: Vec<usize>,
    /// By block: it matches a boilerplate phrase of the rules.
    pub phrases: Vec<bool>,
    /// Pictures and players, and thematic breaks, before each block.
    media: Vec<usize>,
    rules: Vec<usize>,
    /// By block: how many blocks of the same container come before it, and after it.
    siblings: Vec<(usize, usize)>,
    /// The columns of [`PAGE`].
    page: [f32; 8],
}

impl Positions {
    /// Finds the positions of a page's blocks.
    pub fn new(view: &PageView<'_, '_>, all_words: &Words, containers: &Containers) -> Positions {
        let (tree, blocks) = (view.tree, view.blocks);
        let (above, depth) = inherit(tree);
        let mut chars_before = vec![0];
        let mut links_before = vec![0];
        for (block, at) in blocks.list.iter().enumerate() {
            chars_before.push(chars_before[block] + at.chars);
            links_before.push(links_before[block] + at.link_chars);
        }
        let all = (
            chars_before[blocks.list.len()],
            links_before[blocks.list.len()],
        );
        let (media, rules) = elements_before(view);
        Positions {
            heading: last_headings(blocks),
            high_headings: high_headings(blocks),
            phrases: (0..blocks.list.len())
                .map(|block| view.rules.phrases.find(blocks.text(block)).is_some())
                .collect(),
            media,
            rules,
            siblings: siblings(&containers.nearest),
            page: page_columns(view, containers, all),
            similarity: Similarity::new(view.fields, blocks, all_words),
            paths: Paths::new(tree, blocks),
            neighbours: Neighbours::new(view, all_words, containers),
            items: Items::new(view, all_words, containers),
            above,
            depth,
            chars_before,
            links_before,
        }
    }

    /// Characters of all blocks.
    pub fn all_chars(&self) -> usize {
        self.chars_before.last().copied().unwrap_or_default()
    }

    /// Adds the features of a block's position to its row.
    pub fn put(
        &self,
        view: &PageView<'_, '_>,
        stats: &PageStats,
        block: usize,
        matrix: &mut FeatureMatrix,
    ) {
        self.put_markup(view, stats, block, matrix);
        self.put_position(view.blocks.list.len(), block, matrix);
        self.put_headings(view.blocks, block, matrix);
        self.items.put(&stats.containers, block, matrix);
        self.similarity.put(&stats.words, block, matrix);
        self.put_containers(view, stats, block, matrix);
        self.paths.put(self.all_chars(), block, matrix);
        self.put_windows(block, matrix);
        self.neighbours.put(stats, block, matrix);
        matrix.put_all(&PAGE, self.page);
    }

    fn put_markup(
        &self,
        view: &PageView<'_, '_>,
        stats: &PageStats,
        block: usize,
        matrix: &mut FeatureMatrix,
    ) {
        let at = &view.blocks.list[block];
        let tree = view.tree;
        let tag = |id: Id| f32::from(encoding::tag(tree.tag(id)));
        let parent = tree.parent(at.owner);
        let passed = |counts: &[usize], block: usize| (counts[block + 1] - counts[block]) as f32;
        let is_only = stats.containers.sum(at.owner).blocks == 1;
        put_row!(matrix,
            "role" => f32::from(encoding::role(at.role)),
            "level" => f32::from(at.level),
            "tag" => tag(at.owner),
            "parent tag" => tag(parent),
            "container tag" => tag(stats.containers.nearest[block]),
            "depth" => f32::from(self.depth[at.owner]),
            "link density" => at.link_density() as f32,
            "links" => at.links as f32,
            "link chars" => log(at.link_chars),
            "media before" => passed(&self.media, block),
            "media after" => passed(&self.media, block + 1),
            "rules before" => passed(&self.rules, block),
            "sibling place" => log(self.siblings[block].0),
            "siblings after" => log(self.siblings[block].1),
            "italic" => share(at.emphasis_chars, at.chars),
            "bold" => share(at.strong_chars, at.chars),
        );
        let above = self.above[at.owner];
        matrix.put_all(
            &ABOVE,
            std::array::from_fn(|bit| flag(above & (1 << bit) != 0)),
        );
        put_row!(matrix,
            "mark" => encoding::mark(view.marks.of(at.first), view.rules),
            "phrase" => flag(self.phrases[block]),
            "only block of owner" => flag(is_only),
        );
    }

    fn put_position(&self, count: usize, block: usize, matrix: &mut FeatureMatrix) {
        let (blocks, chars) = match self.similarity.headline {
            None => (0.0, 0.0),
            Some(headline) if headline <= block => (
                log(block - headline),
                log(self.chars_before[block] - self.chars_before[headline]),
            ),
            Some(headline) => (
                -log(headline - block),
                -log(self.chars_before[headline] - self.chars_before[block]),
            ),
        };
        put_row!(matrix,
            "place" => share(block, count),
            "place by chars" => share(self.chars_before[block], self.all_chars()),
            "blocks before" => log(block),
            "blocks after" => log(count - block),
            "chars before" => log(self.chars_before[block]),
            "chars after" => log(self.all_chars() - self.chars_before[block + 1]),
            "blocks since headline" => blocks,
            "chars since headline" => chars,
        );
    }

    /// What came between the headline and the block, and the last heading above it: that of a card is a
    /// link, and an article that is appended has a headline and a date of its own.
    fn put_headings(&self, blocks: &Blocks, block: usize, matrix: &mut FeatureMatrix) {
        let since = |counts: &[usize]| match self.similarity.headline {
            Some(headline) if headline < block => log(counts[block] - counts[headline + 1]),
            _ => -1.0,
        };
        let last = self.heading[block];
        let distance = last.map_or(block + 1, |heading| block - heading);
        put_row!(matrix,
            "dates since headline" => since(self.items.dates()),
            "headings since headline" => since(&self.high_headings),
            "since heading" => log(distance),
        );
        let row = last.map_or([-1.0; 3], |heading| {
            let at = &blocks.list[heading];
            [f32::from(at.level), at.link_density() as f32, log(at.chars)]
        });
        matrix.put_all(&["under level", "under links", "under chars"], row);
    }

    fn put_containers(
        &self,
        view: &PageView<'_, '_>,
        stats: &PageStats,
        block: usize,
        matrix: &mut FeatureMatrix,
    ) {
        const LEVELS: [[&str; 5]; 4] = [
            ["score 1", "share 1", "links 1", "blocks 1", "paragraphs 1"],
            ["score 2", "share 2", "links 2", "blocks 2", "paragraphs 2"],
            ["score 3", "share 3", "links 3", "blocks 3", "paragraphs 3"],
            ["score 4", "share 4", "links 4", "blocks 4", "paragraphs 4"],
        ];
        let containers = &stats.containers;
        let best_score = containers
            .best
            .map_or(1.0, |(best, _)| containers.sum(best).score);
        let mut id = containers.nearest[block];
        for [score, chars, links, blocks, paragraphs] in LEVELS {
            let sum = containers.sum(id);
            put_row!(matrix,
                score => sum.score / best_score,
                chars => share(sum.chars, self.all_chars()),
                links => sum.link_density(),
                blocks => log(sum.blocks),
                paragraphs => log(sum.paragraphs),
            );
            id = view.tree.parent(id);
        }
        let owner = view.blocks.list[block].owner;
        let (inside, wide, below) = match containers.best {
            None => (false, false, 0.0),
            Some((best, wide)) => {
                let inside = view.tree.is_within(owner, best);
                let below = f32::from(self.depth[owner]) - f32::from(self.depth[best]);
                (inside, view.tree.is_within(owner, wide), below)
            }
        };
        put_row!(matrix,
            "in best" => flag(inside),
            "in widened best" => flag(wide),
            "levels below best" => below,
            "points" => containers.points[block],
        );
    }

    fn put_windows(&self, block: usize, matrix: &mut FeatureMatrix) {
        let count = self.paths.of_block.len();
        for (reach, links, chars) in WINDOWS {
            let (from, to) = (block.saturating_sub(reach), (block + reach + 1).min(count));
            let all = self.chars_before[to] - self.chars_before[from];
            put_row!(matrix,
                links => share(self.links_before[to] - self.links_before[from], all),
                chars => log(all / (to - from)),
            );
        }
    }
}

/// Which elements of [`ABOVE`] are around each node, itself included, and how deep it is nested.
fn inherit(tree: &Tree<'_>) -> (Vec<u16>, Vec<u16>) {
    let mut above = vec![0u16; tree.len()];
    let mut depth = vec![0u16; tree.len()];
    for id in 1..tree.len() {
        let parent = tree.parent(id);
        let tag = tree.tag(id);
        above[id] = above[parent] | bit_above(tag);
        depth[id] = depth[parent].saturating_add(1);
    }
    (above, depth)
}

fn is_media(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Img | Tag::Picture | Tag::Figure | Tag::Video | Tag::Audio | Tag::Iframe | Tag::Amp
    )
}

/// How many pictures and players, and how many thematic breaks, begin before each block; the last counts are
/// for the whole page.
fn elements_before(view: &PageView<'_, '_>) -> (Vec<usize>, Vec<usize>) {
    let (mut media, mut rules) = (vec![0], vec![0]);
    let (mut pictures, mut breaks, mut id) = (0, 0, 0);
    let ends = view.blocks.list.iter().map(|block| block.first);
    for end in ends.chain([view.tree.len()]) {
        while id < end {
            let tag = view.tree.tag(id);
            pictures += usize::from(is_media(tag));
            breaks += usize::from(tag == Tag::Hr);
            id += 1;
        }
        media.push(pictures);
        rules.push(breaks);
    }
    (media, rules)
}

/// How many blocks of the same container come before and after each block.
fn siblings(nearest: &[Id]) -> Vec<(usize, usize)> {
    let mut seen: HashMap<Id, usize, RandomState> = HashMap::default();
    let earlier: Vec<usize> = nearest
        .iter()
        .map(|&id| {
            let count = seen.entry(id).or_default();
            *count += 1;
            *count - 1
        })
        .collect();
    let both = |(id, before): (&Id, usize)| (before, seen[id] - before - 1);
    nearest.iter().zip(earlier).map(both).collect()
}

/// The last heading at or above each block.
fn last_headings(blocks: &Blocks) -> Vec<Option<usize>> {
    let mut last = None;
    let list = blocks.list.iter().enumerate();
    list.map(|(block, at)| {
        if at.level > 0 && at.role == Role::Heading {
            last = Some(block);
        }
        last
    })
    .collect()
}

/// How many headings of the first or second level are before each block.
fn high_headings(blocks: &Blocks) -> Vec<usize> {
    let blocks = blocks.list.iter();
    items::before(blocks.map(|it| it.role == Role::Heading && it.level <= 2))
}
