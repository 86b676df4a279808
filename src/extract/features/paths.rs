//! Paths: blocks share a path where their element and the two above it have the same tags and classes.
//! A site's template gives its paragraphs one path, and its boxes others.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::extract::features::text_stats::{hash, step};
use crate::extract::model::encoding;
use crate::extract::model::matrix::{FeatureMatrix, log, put_row, share};
use crate::extract::segment::blocks::Blocks;
use crate::page::{Id, Tree};

/// The blocks of one path.
#[derive(Debug, Clone, Copy, Default)]
pub struct Path {
    /// Number of blocks.
    pub blocks: usize,
    /// Their characters.
    pub chars: usize,
    link_chars: usize,
    first: usize,
    last: usize,
}

/// The paths of a page's blocks.
#[derive(Debug)]
pub struct Paths {
    /// The number of each block's path.
    pub of_block: Vec<usize>,
    /// The paths by number.
    pub list: Vec<Path>,
    /// By block: the first and last block of the run of blocks with one path around it.
    runs: Vec<(usize, usize)>,
}

impl Paths {
    /// Numbers the paths of a page's blocks.
    pub fn new(tree: &Tree<'_>, blocks: &Blocks) -> Paths {
        let (of_block, list) = paths(tree, blocks);
        Paths {
            runs: runs(&of_block),
            of_block,
            list,
        }
    }

    /// Adds the features of a block's path to its row.
    pub fn put(&self, all_chars: usize, block: usize, matrix: &mut FeatureMatrix) {
        let path = &self.list[self.of_block[block]];
        let (start, end) = self.runs[block];
        put_row!(matrix,
            "path share" => share(path.chars, all_chars),
            "path blocks" => log(path.blocks),
            "path mean" => log(path.chars / path.blocks.max(1)),
            "path links" => share(path.link_chars, path.chars),
            "path place" => share(block - path.first, path.last - path.first),
            "run before" => log(block - start),
            "run after" => log(end - block),
        );
    }
}

/// Numbers the paths: the tags and classes of a block's element and the two above it.
fn paths(tree: &Tree<'_>, blocks: &Blocks) -> (Vec<usize>, Vec<Path>) {
    let mut keys: Vec<Option<u32>> = vec![None; tree.len()];
    let mut numbers: HashMap<u32, usize, RandomState> = HashMap::default();
    let mut paths: Vec<Path> = Vec::new();
    let mut path_of = Vec::with_capacity(blocks.list.len());
    for (block, at) in blocks.list.iter().enumerate() {
        let mut key = hash(0, "");
        for id in std::iter::once(at.owner)
            .chain(tree.ancestors(at.owner))
            .take(3)
        {
            let element = *keys[id].get_or_insert_with(|| element_key(tree, id));
            key = element.to_le_bytes().into_iter().fold(key, step);
        }
        let number = *numbers.entry(key).or_insert_with(|| {
            paths.push(Path {
                first: block,
                ..Path::default()
            });
            paths.len() - 1
        });
        let path = &mut paths[number];
        path.blocks += 1;
        path.chars += at.chars;
        path.link_chars += at.link_chars;
        path.last = block;
        path_of.push(number);
    }
    (path_of, paths)
}

/// A hash of an element's tag and classes, without the digits in them.
fn element_key(tree: &Tree<'_>, id: Id) -> u32 {
    let start = hash(encoding::tag(tree.tag(id)), "");
    let class = tree.class(id).map_or("", |class| tree.classes()[class]);
    class
        .bytes()
        .filter(|byte| !byte.is_ascii_digit())
        .fold(start, step)
}

fn runs(path_of: &[usize]) -> Vec<(usize, usize)> {
    let mut runs = Vec::with_capacity(path_of.len());
    for run in path_of.chunk_by(|a, b| a == b) {
        let start = runs.len();
        runs.resize(start + run.len(), (start, start + run.len() - 1));
    }
    runs
}
