//! Features of words with trained weights: words of the classes, ids and roles of the elements around a
//! block, and words of the block's own text, such as 'Read more' or 'Related'.

use crate::extract::features::PageView;
use crate::extract::features::text_stats::{Words, hash, step};
use crate::extract::model::WordWeights;
use crate::extract::model::encoding::{WordKind, word_kind};
use crate::extract::model::matrix::{FeatureMatrix, put_row};
use crate::extract::segment::blocks::{Block, Blocks};
use crate::page::{AttrNames, Id, Tag, Tree};

/// Words read from the names of one element.
const NAMES: usize = 24;
/// Elements above a block whose names count, its own included.
const LEVELS: usize = 8;
/// In blocks of at most this many words, every word is an edge word.
const SHORT: usize = 8;
/// In longer ones the first and the last words are.
const FIRST: usize = 3;
const LAST: usize = 2;
/// Words read of a block's text.
const MOST: usize = 80;
/// A heading speaks for this many blocks below it.
const BELOW: usize = 12;

/// The sum, the least and the greatest of some weights.
#[derive(Debug, Clone, Copy, Default)]
pub struct WeightSum {
    sum: f32,
    min: f32,
    max: f32,
}

impl WeightSum {
    /// Adds the weight of a word; most words have none.
    fn add(&mut self, weight: Option<f32>) {
        let Some(weight) = weight else {
            return;
        };
        self.sum += weight;
        self.min = self.min.min(weight);
        self.max = self.max.max(weight);
    }

    fn join(&mut self, other: WeightSum) {
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

/// Weights of the words around and in each block.
#[derive(Debug)]
pub struct NameWeights {
    /// Weights of an element's names, by node; computed for elements around blocks.
    elements: Vec<Option<WeightSum>>,
    /// Weights of the first and last words, by block.
    pub edges: Vec<WeightSum>,
    /// Weights of the heading's words, by block.
    under: Vec<WeightSum>,
    /// Weights of all words and their number, by block.
    whole: Vec<(WeightSum, usize)>,
}

impl NameWeights {
    /// Looks up the weights of a page's names and texts.
    pub fn new(
        tree: &Tree<'_>,
        blocks: &Blocks,
        words: &Words,
        weights: &WordWeights,
    ) -> NameWeights {
        let mut names = NameWeights {
            elements: vec![None; tree.len()],
            edges: Vec::with_capacity(blocks.list.len()),
            under: Vec::with_capacity(blocks.list.len()),
            whole: Vec::with_capacity(blocks.list.len()),
        };
        let headings = headings(blocks, words);
        let mut elements = ElementWeights::new(tree, weights);
        for (block, at) in blocks.list.iter().enumerate() {
            for id in chain(tree, at.owner) {
                if names.elements[id].is_some() {
                    break;
                }
                names.elements[id] = Some(elements.of(id));
            }
            let mut edge = WeightSum::default();
            for_each_edge(words.of_block(block), |word| edge.add(weights.of(word)));
            names.edges.push(edge);
            let (mut whole, mut count) = (WeightSum::default(), 0);
            for_each_inside(words.of_block(block), |word| {
                whole.add(weights.of(word));
                count += 1;
            });
            names.whole.push((whole, count));
            let mut under = WeightSum::default();
            if let Some(heading) = headings[block] {
                for_each_under(words.of_block(heading), |word| under.add(weights.of(word)));
            }
            names.under.push(under);
        }
        names
    }

    /// Adds the weights of names and words to the block's row.
    pub fn put(&self, tree: &Tree<'_>, blocks: &Blocks, block: usize, matrix: &mut FeatureMatrix) {
        let mut levels = chain(tree, blocks.list[block].owner).map(|id| self.elements[id]);
        let mut next = || levels.next().flatten().unwrap_or_default();
        let (own, parent, third) = (next(), next(), next());
        let mut near = own;
        near.join(parent);
        near.join(third);
        let mut all = near;
        for _ in 3..LEVELS {
            all.join(next());
        }
        let (edge, under) = (self.edges[block], self.under[block]);
        let (whole, count) = self.whole[block];
        let neighbour = |step: isize| {
            let other = block.checked_add_signed(step);
            other
                .and_then(|it| self.edges.get(it))
                .copied()
                .unwrap_or_default()
        };
        put_row!(matrix,
            "own names sum" => own.sum,
            "own names min" => own.min,
            "own names max" => own.max,
            "parent names sum" => parent.sum,
            "parent names min" => parent.min,
            "near names sum" => near.sum,
            "near names min" => near.min,
            "near names max" => near.max,
            "all names sum" => all.sum,
            "all names min" => all.min,
            "all names max" => all.max,
            "edge words sum" => edge.sum,
            "edge words min" => edge.min,
            "edge words max" => edge.max,
            "words mean" => whole.sum / count.max(1) as f32,
            "words sum" => whole.sum,
            "words min" => whole.min,
            "words max" => whole.max,
            "prev words sum" => neighbour(-1).sum,
            "next words sum" => neighbour(1).sum,
            "under words sum" => under.sum,
            "under words min" => under.min,
        );
    }
}

/// Looks up the weights of elements' names: those of elements with nothing but a class once for each class.
struct ElementWeights<'w, 'a> {
    tree: &'w Tree<'a>,
    weights: &'w WordWeights,
    of_class: Vec<Option<WeightSum>>,
}

impl<'w, 'a> ElementWeights<'w, 'a> {
    fn new(tree: &'w Tree<'a>, weights: &'w WordWeights) -> ElementWeights<'w, 'a> {
        ElementWeights {
            tree,
            weights,
            of_class: vec![None; tree.classes().len()],
        }
    }

    fn of(&mut self, id: Id) -> WeightSum {
        const OTHERS: AttrNames = AttrNames::of("id")
            .with(AttrNames::of("role"))
            .with(AttrNames::of("itemprop"))
            .with(AttrNames::of("aria-label"));
        let class = self.tree.class(id);
        let class = class.filter(|_| !self.tree.attr_names(id).may_share(OTHERS));
        if let Some(known) = class.and_then(|class| self.of_class[class]) {
            return known;
        }
        let mut weight = WeightSum::default();
        for_each_name(self.tree, id, |word| weight.add(self.weights.of(word)));
        if let Some(class) = class {
            self.of_class[class] = Some(weight);
        }
        weight
    }
}

/// Visits every word of a block that training may give a weight; `heading` is the block's own of
/// [`headings`].
pub fn for_each_word(
    view: &PageView<'_, '_>,
    words: &Words,
    block: usize,
    heading: Option<usize>,
    mut found: impl FnMut(u32),
) {
    for id in chain(view.tree, view.blocks.list[block].owner) {
        for_each_name(view.tree, id, &mut found);
    }
    for_each_edge(words.of_block(block), &mut found);
    for_each_inside(words.of_block(block), &mut found);
    if let Some(heading) = heading {
        for_each_under(words.of_block(heading), &mut found);
    }
}

/// For each block, the nearest short heading above it, if it is not far away.
pub fn headings(blocks: &Blocks, words: &Words) -> Vec<Option<usize>> {
    let mut last: Option<usize> = None;
    let above = |(block, at): (usize, &Block)| {
        let near = last.filter(|heading| block - heading <= BELOW);
        if at.level > 0 && (1..=SHORT).contains(&words.of_block(block).len()) {
            last = Some(block);
        }
        near
    };
    blocks.list.iter().enumerate().map(above).collect()
}

fn chain<'t>(tree: &'t Tree<'_>, owner: Id) -> impl Iterator<Item = Id> + 't {
    std::iter::once(owner)
        .chain(tree.ancestors(owner))
        .take_while(|&id| !matches!(tree.tag(id), Tag::Body | Tag::Html | Tag::Root))
        .take(LEVELS)
}

/// Visits the words of an element's class, id, role, label and item property.
fn for_each_name(tree: &Tree<'_>, id: Id, mut found: impl FnMut(u32)) {
    let mut left = NAMES;
    for (key, value) in tree.attrs(id) {
        if !matches!(key, "class" | "id" | "role" | "itemprop" | "aria-label") {
            continue;
        }
        for_each_part(value, |word| {
            if left > 0 {
                left -= 1;
                found(word);
            }
        });
    }
}

/// Visits the words in a name: `articleBody__lead-in2` is article, body, lead, in.
fn for_each_part(name: &str, mut found: impl FnMut(u32)) {
    let start = hash(word_kind(WordKind::ElementName), "");
    let (mut at, mut length, mut was_lower) = (start, 0, false);
    for byte in name.bytes() {
        // Most bytes of a name are these, and a word goes on with them.
        if byte.is_ascii_lowercase() {
            (at, length, was_lower) = (step(at, byte), length + 1, true);
            continue;
        }
        let is_capital = byte.is_ascii_uppercase();
        if was_lower || !is_capital {
            if length > 1 {
                found(at);
            }
            (at, length) = (start, 0);
        }
        if is_capital {
            (at, length) = (step(at, byte.to_ascii_lowercase()), length + 1);
        }
        was_lower = false;
    }
    if length > 1 {
        found(at);
    }
}

/// Visits the first and last words of a text, and the pairs of words there.
fn for_each_edge(words: &[u32], mut found: impl FnMut(u32)) {
    let count = words.len();
    for (place, &word) in words.iter().enumerate() {
        if count <= SHORT || place < FIRST || place + LAST >= count {
            found(mixed(WordKind::Edge, word));
        }
    }
    for pair in [words.first_chunk::<2>(), words.last_chunk::<2>()]
        .into_iter()
        .flatten()
    {
        found(mixed(WordKind::Pair, pair[0].rotate_left(7) ^ pair[1]));
    }
}

/// Visits the words of a text, wherever they are.
fn for_each_inside(words: &[u32], mut found: impl FnMut(u32)) {
    for &word in words.iter().take(MOST) {
        found(mixed(WordKind::Inside, word));
    }
}

fn for_each_under(words: &[u32], mut found: impl FnMut(u32)) {
    for &word in words {
        found(mixed(WordKind::Heading, word));
    }
}

fn mixed(kind: WordKind, word: u32) -> u32 {
    step(word, word_kind(kind))
}
