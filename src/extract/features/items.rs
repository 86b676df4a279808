//! Items: elements that repeat as siblings of one tag and class, such as cards, comments, entries of a list
//! or sections of the text. What holds of the items together holds of each, whatever the class is called.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::extract::features::PageView;
use crate::extract::features::containers::Containers;
use crate::extract::features::text_stats::{TextStats, Words, hash, step};
use crate::extract::model::encoding;
use crate::extract::model::matrix::{FeatureMatrix, log, share};
use crate::page::{Id, Tag, Tree};

/// Fewer siblings are no items.
const FEWEST: usize = 3;
/// An item is at most this many elements above its block's own.
const LEVELS: usize = 6;

/// The items around a page's blocks.
#[derive(Debug)]
pub struct Items {
    /// By block: the number of its group, and how many elements the item is above the block's own.
    pub of_block: Vec<Option<(usize, usize)>>,
    /// By block: its item's element, where it has one.
    elements: Vec<Option<Id>>,
    /// The number of items of each group.
    sizes: Vec<usize>,
    /// By node: the first block in it.
    first_block: Vec<usize>,
    /// Headings, and dates and times of day, before each block.
    headings: Vec<usize>,
    dates: Vec<usize>,
}

impl Items {
    /// Finds the items of a page.
    pub fn new(view: &PageView<'_, '_>, words: &Words, containers: &Containers) -> Items {
        let (tree, list) = (view.tree, &view.blocks.list);
        let first_block = first_blocks(view);
        let (group_of, sizes) = groups(tree, containers);
        let item = |owner: Id| {
            let above = std::iter::once(owner).chain(tree.ancestors(owner));
            above.take(LEVELS).zip(0..).find_map(|(id, level)| {
                let group = group_of[id].filter(|&group| sizes[group] >= FEWEST)?;
                Some((id, group, level))
            })
        };
        let found: Vec<_> = list.iter().map(|block| item(block.owner)).collect();
        Items {
            of_block: found
                .iter()
                .map(|it| it.map(|(_, group, level)| (group, level)))
                .collect(),
            elements: found.iter().map(|it| it.map(|(id, ..)| id)).collect(),
            first_block,
            headings: before(list.iter().map(|block| block.level > 0)),
            dates: before(words.stats.iter().map(TextStats::is_date_like)),
            sizes,
        }
    }

    /// Number of groups.
    pub fn groups(&self) -> usize {
        self.sizes.len()
    }

    /// Dates before each block, and those of the whole page.
    pub fn dates(&self) -> &[usize] {
        &self.dates
    }

    /// Adds the features of the item around a block to its row.
    pub fn put(&self, containers: &Containers, block: usize, matrix: &mut FeatureMatrix) {
        const NAMES: [&str; 8] = [
            "items",
            "item level",
            "item blocks",
            "item chars",
            "item links",
            "item headings",
            "item dates",
            "place in item",
        ];
        let found = self.of_block[block].zip(self.elements[block]);
        let row = found.map_or([-1.0; 8], |((group, level), id)| {
            let sum = containers.sum(id);
            let from = self.first_block[id];
            let to = (from + sum.blocks).min(self.headings.len() - 1);
            [
                log(self.sizes[group]),
                level as f32,
                log(sum.blocks),
                log(sum.chars),
                sum.link_density(),
                share(self.headings[to] - self.headings[from], sum.blocks),
                share(self.dates[to] - self.dates[from], sum.blocks),
                log(block.saturating_sub(from)),
            ]
        });
        matrix.put_all(&NAMES, row);
    }
}

/// The first block in each element that has one.
fn first_blocks(view: &PageView<'_, '_>) -> Vec<usize> {
    let mut first = vec![usize::MAX; view.tree.len()];
    for (number, block) in view.blocks.list.iter().enumerate() {
        first[block.owner] = first[block.owner].min(number);
    }
    for id in (1..view.tree.len()).rev() {
        let parent = view.tree.parent(id);
        first[parent] = first[parent].min(first[id]);
    }
    first
}

/// Numbers the groups of siblings with text that have one tag and class: the group of each element, and
/// the number of its members.
fn groups(tree: &Tree<'_>, containers: &Containers) -> (Vec<Option<usize>>, Vec<usize>) {
    let classes: Vec<u32> = tree
        .classes()
        .iter()
        .map(|class| class_key(class))
        .collect();
    let mut numbers: HashMap<(Id, Tag, u32), usize, RandomState> = HashMap::default();
    let mut sizes: Vec<usize> = Vec::new();
    // By parent, the last element of a group: most siblings of a card are cards, and need no look-up.
    let mut last: Vec<Option<(Tag, u32, usize)>> = vec![None; tree.len()];
    let group = |id: Id| {
        let tag = tree.tag(id);
        if !may_be_item(tag) || containers.sum(id).blocks == 0 {
            return None;
        }
        let class = tree.class(id).map_or(0, |number| classes[number]);
        let parent = tree.parent(id);
        let number = match last[parent] {
            Some((its_tag, its_class, number)) if (its_tag, its_class) == (tag, class) => number,
            _ => *numbers.entry((parent, tag, class)).or_insert_with(|| {
                sizes.push(0);
                sizes.len() - 1
            }),
        };
        last[parent] = Some((tag, class, number));
        sizes[number] += 1;
        Some(number)
    };
    let group_of = (0..tree.len()).map(group).collect();
    (group_of, sizes)
}

/// A hash of a class without its digits: `post-17` and `post-18` are of one kind.
fn class_key(class: &str) -> u32 {
    let letters = class.bytes().filter(|byte| !byte.is_ascii_digit());
    letters.fold(hash(encoding::tag(Tag::Div), ""), step)
}

/// True for elements that hold blocks, as cards do; paragraphs always repeat.
fn may_be_item(tag: Tag) -> bool {
    let is_box = tag.is_block() || matches!(tag, Tag::A | Tag::Other);
    let is_line = matches!(tag, Tag::P | Tag::Pre) || tag.heading_level().is_some();
    is_box && !is_line && !matches!(tag, Tag::Html | Tag::Body | Tag::Root)
}

/// How many of these are true before each place; the last count is of all.
pub(super) fn before(flags: impl Iterator<Item = bool>) -> Vec<usize> {
    let mut counts = vec![0];
    let mut count = 0;
    for flag in flags {
        count += usize::from(flag);
        counts.push(count);
    }
    counts
}
