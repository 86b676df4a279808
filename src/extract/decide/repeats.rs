//! What a page says twice: blocks that repeat an earlier one, and pull quotes, which repeat a sentence of
//! the text in a box of their own.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::features::{PageStats, PageView, Words};
use crate::page::{Id, Tag};

/// Shorter blocks may occur twice in one article: 'Battery life: ten hours.'
const FEWEST_REPEATED: usize = 12;
/// Shorter boxes are labels.
const FEWEST_QUOTED: usize = 6;
/// A box without a mark of its own must repeat more words.
const FEWEST_UNMARKED: usize = 8;
/// A pull quote may end with the name of who said it.
const NAME_WORDS: usize = 6;
/// Places in the text that may begin like a quote; more are a refrain.
const PLACES: usize = 8;
/// A box's path has no more kept blocks.
const BOXES: usize = 4;
/// How many elements above a block may mark it as a quote.
const LEVELS: usize = 4;

/// Drops blocks that repeat an earlier one, unless a user's `keep` selects them. Some pages hold their text
/// twice, for wide and for narrow screens, or for a box that is open or closed; readers see it once. A
/// single question may be asked twice.
pub fn drop_repeats(view: &PageView<'_, '_>, words: &Words, body: &mut Body) {
    let mut known: HashSet<&[u32], RandomState> = HashSet::default();
    let blocks: Vec<usize> = body.kept().collect();
    let mut repeats = Vec::with_capacity(blocks.len());
    for &block in &blocks {
        let own = words.of_block(block);
        repeats.push(own.len() >= FEWEST_REPEATED && !known.insert(own));
    }
    for (at, &block) in blocks.iter().enumerate() {
        let is_alone = !(at > 0 && repeats[at - 1]) && repeats.get(at + 1) != Some(&true);
        let text = view.blocks.text(block);
        let is_asked = is_alone && text.trim_end().ends_with(['?', '？', '؟', ';', '՞']);
        if repeats[at] && !is_asked && !body.verdicts[block].is_selected() {
            body.verdicts[block] = BlockVerdict::Repeat;
        }
    }
}

/// What makes a block a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BoxMark {
    /// An aside, or class names that say 'quote'.
    Named,
    /// A block quote, which may also be what the text is about.
    BlockQuote,
    /// A path that hardly any other block has.
    Path,
}

/// Drops pull quotes, with the names below them.
pub fn drop_pull_quotes(view: &PageView<'_, '_>, stats: &PageStats, body: &mut Body) {
    let boxes = boxes(view, stats, body);
    if boxes.is_empty() {
        return;
    }
    let text = Sentences::new(&stats.words, body, &boxes);
    let quotes = boxes
        .into_iter()
        .filter(|&(block, mark)| text.repeats(view, block, mark));
    let quotes: Vec<(usize, BoxMark)> = quotes.collect();
    for (block, mark) in quotes {
        body.verdicts[block] = BlockVerdict::Quoted;
        if mark != BoxMark::Path {
            drop_name_below(view, &stats.words, block, body);
        }
    }
}

/// The kept blocks that may be pull quotes: not the first of the text, and no headings.
fn boxes(view: &PageView<'_, '_>, stats: &PageStats, body: &Body) -> Vec<(usize, BoxMark)> {
    let paths = &stats.positions.paths;
    let mut kept_of_path: HashMap<usize, usize, RandomState> = HashMap::default();
    for block in body.kept() {
        *kept_of_path.entry(paths.of_block[block]).or_default() += 1;
    }
    let of_a_box = |&block: &usize| {
        let may_be = matches!(body.roles[block], Role::Paragraph | Role::Quote)
            && stats.words.of_block(block).len() >= FEWEST_QUOTED
            && !body.verdicts[block].is_selected();
        may_be.then_some(())?;
        let mark = mark_of(view, view.blocks.list[block].owner);
        let is_rare = kept_of_path[&paths.of_block[block]] <= BOXES;
        let mark = mark.or_else(|| is_rare.then_some(BoxMark::Path))?;
        Some((block, mark))
    };
    let mut boxes: Vec<_> = body.kept().filter_map(|block| of_a_box(&block)).collect();
    let first = body
        .kept()
        .find(|&block| body.roles[block] == Role::Paragraph);
    boxes.retain(|&(block, mark)| mark == BoxMark::Named || Some(block) > first);
    boxes
}

/// The mark of the elements around a block.
fn mark_of(view: &PageView<'_, '_>, owner: Id) -> Option<BoxMark> {
    let tree = view.tree;
    let near = std::iter::once(owner)
        .chain(tree.ancestors(owner))
        .take(LEVELS);
    let mut mark = None;
    for id in near {
        match tree.tag(id) {
            Tag::Article | Tag::Main | Tag::Body => break,
            Tag::Aside => return Some(BoxMark::Named),
            Tag::Blockquote => mark = Some(BoxMark::BlockQuote),
            _ => {}
        }
        if tree.attr(id, "class").is_some_and(names_a_pull_quote) {
            return Some(BoxMark::Named);
        }
    }
    mark
}

/// True for class names such as `pull-quote`, `PullQuote_root`, `zitat`.
fn names_a_pull_quote(class: &str) -> bool {
    const NAMES: [&str; 10] = [
        "pullquote",
        "quote",
        "zitat",
        "citat",
        "citation",
        "cita",
        "citazione",
        "blockzitat",
        "highlight",
        "callout",
    ];
    const JOINED: [&str; 3] = ["pullquote", "pull-quote", "pull_quote"];
    let mut words = class.split(|c: char| !c.is_ascii_alphabetic());
    let is_joined = || {
        let lower = class.to_ascii_lowercase();
        JOINED.iter().any(|it| lower.contains(it))
    };
    class.contains(['q', 'Q']) && is_joined()
        || words.any(|word| NAMES.iter().any(|name| word.eq_ignore_ascii_case(name)))
}

/// The words of all kept blocks, found by how boxes begin.
struct Sentences<'w> {
    words: &'w Words,
    /// Block and place of each run of six words that a box begins with.
    places: HashMap<&'w [u32], Vec<(usize, usize)>, RandomState>,
}

impl<'w> Sentences<'w> {
    fn new(words: &'w Words, body: &Body, boxes: &[(usize, BoxMark)]) -> Sentences<'w> {
        let begins = boxes.iter().map(|&(block, _)| words.of_block(block));
        let begins = begins.map(|own| (&own[..FEWEST_QUOTED], Vec::new()));
        let mut places: HashMap<&[u32], Vec<(usize, usize)>, RandomState> = begins.collect();
        for block in body.kept() {
            let own = words.of_block(block);
            for (at, run) in own.windows(FEWEST_QUOTED).enumerate() {
                if let Some(list) = places.get_mut(run)
                    && list.len() < PLACES
                {
                    list.push((block, at));
                }
            }
        }
        Sentences { words, places }
    }

    /// True where the box's words stand within another block, which says more. A block quote that the text
    /// goes on to discuss is no pull quote.
    fn repeats(&self, view: &PageView<'_, '_>, block: usize, mark: BoxMark) -> bool {
        let own = self.words.of_block(block);
        let fewest = match mark {
            BoxMark::Path => FEWEST_UNMARKED,
            BoxMark::Named | BoxMark::BlockQuote => FEWEST_QUOTED,
        };
        let Some(places) = self.places.get(&own[..FEWEST_QUOTED]) else {
            return false;
        };
        own.len() >= fewest
            && places.iter().any(|&(other, at)| {
                let theirs = &self.words.of_block(other)[at..];
                let same = own.iter().zip(theirs).take_while(|(a, b)| a == b).count();
                let rest = own.len() - same;
                let is_said =
                    rest == 0 || mark != BoxMark::Path && rest <= NAME_WORDS && rest < same;
                let is_before = mark != BoxMark::BlockQuote || other < block;
                let is_apart = mark != BoxMark::Path || !is_set_alike(view, block, other);
                other != block
                    && is_apart
                    && is_said
                    && is_before
                    && self.words.of_block(other).len() > same
                    && mark_of(view, view.blocks.list[other].owner).is_none()
            })
    }
}

/// True for blocks whose elements, and those around them, have the same tags and classes: paragraphs of one text.
fn is_set_alike(view: &PageView<'_, '_>, one: usize, other: usize) -> bool {
    let key = |id: Id| (view.tree.tag(id), view.tree.class(id));
    let keys = |block: usize| {
        let owner = view.blocks.list[block].owner;
        (key(owner), key(view.tree.parent(owner)))
    };
    keys(one) == keys(other)
}

/// Drops the short line after a pull quote in the same box: who said it.
fn drop_name_below(view: &PageView<'_, '_>, words: &Words, block: usize, body: &mut Body) {
    let tree = view.tree;
    let owner = view.blocks.list[block].owner;
    let near = std::iter::once(owner)
        .chain(tree.ancestors(owner))
        .take(LEVELS);
    let is_box = |&id: &Id| {
        matches!(tree.tag(id), Tag::Aside | Tag::Blockquote)
            || tree.attr(id, "class").is_some_and(names_a_pull_quote)
    };
    let Some(around) = near.filter(is_box).last() else {
        return;
    };
    let next = block + 1;
    let is_name = next < body.verdicts.len()
        && body.verdicts[next].is_kept()
        && !body.verdicts[next].is_selected()
        && words.of_block(next).len() <= NAME_WORDS
        && tree.is_within(view.blocks.list[next].owner, around);
    if is_name {
        body.verdicts[next] = BlockVerdict::Quoted;
    }
}
