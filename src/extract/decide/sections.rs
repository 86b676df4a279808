//! A heading and what stands below it go together. A heading that scores low stays where text follows that is
//! kept; what stands below the article under a heading of something else goes with it; and a line that
//! announces links goes where the links went. Boxes of facts between the paragraphs of the article are its text, and so are notes whose sign stands in it.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body, KeepReason};
use crate::extract::features::{PageStats, PageView};
use crate::extract::rules::{Group, Mark};
use crate::page::Id;

/// Headings that score lower are those of something else.
const LEAST_SCORE: f32 = 0.12;
/// A heading below the article that scores lower is no part of it…
const FOREIGN: f32 = 0.3;
/// …and what stands under it is this part of the text at most: one in so many characters.
const SHARE: usize = 4;
/// The text has this many blocks before anything stands below it.
const FEWEST: usize = 5;
/// A paragraph of this many characters is the text of a heading.
const TEXT_CHARS: usize = 60;
/// The rule that marks asides.
const ASIDES: &str = "sidebars";
/// A box of facts has this many characters…
const BOX_CHARS: usize = 200;
/// …and one in so many of them at most is a link's.
const BOX_LINKS: usize = 10;
/// Paragraphs of this many characters are the article's.
const PARAGRAPH: usize = 80;
/// Signs of notes, and the least score of a note.
const NOTE_SIGNS: [char; 3] = ['*', '†', '‡'];
const NOTE_SCORE: f32 = 0.1;
/// The longest line that announces links.
const LINE_CHARS: usize = 100;
/// A block with a larger share of links is a link.
const LINKS: f64 = 0.75;

/// Keeps headings that score low where the text below them is kept: within the text, and above a list.
pub(super) fn keep_headings(view: &PageView<'_, '_>, body: &mut Body) {
    let Some(first) = body.kept().next() else {
        return;
    };
    for block in (0..body.verdicts.len().saturating_sub(1)).rev() {
        let is_open =
            body.verdicts[block] == BlockVerdict::Score && body.roles[block] == Role::Heading;
        if is_open
            && body.scores[block] >= LEAST_SCORE
            && view.blocks.list[block].link_density() < 0.5
            && has_text_below(view, body, block, block > first)
        {
            body.verdicts[block] = BlockVerdict::Kept(KeepReason::Heading);
        }
    }
}

/// True where the next block is kept and may be what a heading announces.
fn has_text_below(view: &PageView<'_, '_>, body: &Body, heading: usize, is_inside: bool) -> bool {
    let next = heading + 1;
    let at = &view.blocks.list[next];
    body.verdicts[next].is_kept()
        && match body.roles[next] {
            Role::List => at.link_density() < 0.5,
            Role::Heading => is_inside,
            Role::Paragraph => is_inside && at.chars >= TEXT_CHARS,
            _ => false,
        }
}

/// Drops what stands below the article under a heading that is no part of it, in another element and set
/// otherwise than the article's paragraphs: appeals for donations, job markets, coupons.
pub(super) fn drop_foreign(view: &PageView<'_, '_>, stats: &PageStats, body: &mut Body) {
    let in_text = |&it: &usize| !matches!(body.roles[it], Role::Caption | Role::Entry);
    let kept: Vec<usize> = body.kept().filter(in_text).collect();
    if kept.len() < FEWEST || body.container.is_some() {
        return;
    }
    let paths = &stats.positions.paths.of_block;
    let nearest = &stats.containers.nearest;
    let chars = |it: &usize| view.blocks.list[*it].chars;
    let prose = || kept.iter().filter(|it| body.roles[**it] == Role::Paragraph);
    let (Some(path), Some(container)) = (
        heaviest(prose().map(|it| (paths[*it], chars(it)))),
        heaviest(prose().map(|it| (nearest[*it], chars(it)))),
    ) else {
        return;
    };
    let is_main = |it: &usize| paths[*it] == path && nearest[*it] == container;
    let Some(end) = kept.iter().rposition(is_main) else {
        return;
    };
    let (text, below) = kept.split_at(end + 1);
    let all: usize = kept.iter().map(chars).sum();
    if below.iter().map(chars).sum::<usize>() * SHARE > all {
        return;
    }
    // From here on, nothing below is set as the article is.
    let is_like_text = |it: &usize| {
        paths[*it] == path || nearest[*it] == container || body.roles[*it] == Role::Heading
    };
    let apart = below.iter().rposition(is_like_text).map_or(0, |it| it + 1);
    let next_kept = |heading: usize| below.partition_point(|it| *it <= heading);
    let is_foreign = |heading: &usize| {
        let next = next_kept(*heading);
        next >= apart && below.get(next) == Some(&(heading + 1))
    };
    let mut headings = (text[end]..body.verdicts.len()).filter(|it| is_foreign_heading(body, *it));
    let Some(heading) = headings.find(is_foreign) else {
        return;
    };
    let under: Vec<usize> = below.iter().copied().filter(|it| *it >= heading).collect();
    for block in under {
        if body.verdicts[block].is_kept_by_score() {
            body.verdicts[block] = BlockVerdict::ForeignSection;
        }
    }
}

/// Keeps asides of prose in the element of the article's paragraphs, between the first of these and the last.
pub(super) fn keep_fact_boxes(view: &PageView<'_, '_>, stats: &PageStats, body: &mut Body) {
    let chars = |block: usize| view.blocks.list[block].chars;
    let is_prose = |it: &usize| body.roles[*it] == Role::Paragraph && chars(*it) >= PARAGRAPH;
    let prose: Vec<usize> = body.kept().filter(is_prose).collect();
    let nearest = |it: &usize| (stats.containers.nearest[*it], chars(*it));
    let (Some(&first), Some(&last), Some(article)) = (
        prose.first(),
        prose.last(),
        heaviest(prose.iter().map(nearest)),
    ) else {
        return;
    };
    let blocks: Vec<usize> = (first..last).collect();
    let is_aside = |it: usize| is_open_aside(view, body, it);
    let runs = blocks.chunk_by(|&a, &b| is_aside(a) == is_aside(b));
    let boxes = runs.filter(|run| is_aside(run[0]) && is_fact_box(view, run, article));
    let boxes: Vec<usize> = boxes.flatten().copied().collect();
    for block in boxes {
        if body.roles[block] != Role::Caption && !body.verdicts[block].is_kept() {
            body.verdicts[block] = BlockVerdict::Kept(KeepReason::FactBox);
        }
    }
}

/// Keeps notes below a text that has their sign: 'Amina* is sixteen', '*Name changed'.
pub(super) fn keep_notes(view: &PageView<'_, '_>, body: &mut Body) {
    // For each sign, the first block that calls a note.
    let calls = NOTE_SIGNS.map(|sign| {
        body.kept()
            .find(|&it| calls_note(view.blocks.text(it), sign))
    });
    let first = calls.iter().flatten().min().copied();
    for block in first.map_or(0..0, |first| first + 1..body.verdicts.len()) {
        let is_open = body.verdicts[block] == BlockVerdict::Score
            && body.roles[block] == Role::Paragraph
            && body.scores[block] >= NOTE_SCORE
            && view.blocks.list[block].link_density() < 0.3;
        let text = view.blocks.text(block);
        let mut called = NOTE_SIGNS.iter().zip(calls);
        if is_open
            && called.any(|(sign, at)| text.starts_with(*sign) && at.is_some_and(|it| it < block))
        {
            body.verdicts[block] = BlockVerdict::Kept(KeepReason::Note);
        }
    }
}

/// True for a text with a sign right after a word.
fn calls_note(text: &str, sign: char) -> bool {
    text.match_indices(sign).any(|(at, sign)| {
        let (before, after) = (&text[..at], &text[at + sign.len()..]);
        before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '”' | '"' | '»'))
            && !after.starts_with(char::is_alphanumeric)
    })
}

fn is_open_aside(view: &PageView<'_, '_>, body: &Body, block: usize) -> bool {
    let is_open = matches!(
        body.verdicts[block],
        BlockVerdict::Rule(_) | BlockVerdict::Kept(KeepReason::Score | KeepReason::Heading)
    );
    match view.marks.of(view.blocks.list[block].first) {
        mark @ Mark::Rule(rule) if is_open => {
            view.rules.rules[usize::from(rule)].name == ASIDES && !view.rules.is_certain(mark)
        }
        _ => false,
    }
}

fn is_fact_box(view: &PageView<'_, '_>, blocks: &[usize], article: Id) -> bool {
    let list = &view.blocks.list;
    let chars: usize = blocks.iter().map(|&it| list[it].chars).sum();
    let links: usize = blocks.iter().map(|&it| list[it].link_chars).sum();
    chars >= BOX_CHARS
        && links * BOX_LINKS <= chars
        && blocks
            .iter()
            .all(|&it| view.tree.is_within(list[it].owner, article))
}

fn is_foreign_heading(body: &Body, block: usize) -> bool {
    let is_open = matches!(
        body.verdicts[block],
        BlockVerdict::Score
            | BlockVerdict::Phrase
            | BlockVerdict::Links
            | BlockVerdict::Kept(KeepReason::Heading)
    );
    is_open && body.roles[block] == Role::Heading && body.scores[block] < FOREIGN
}

/// The key with the largest sum.
fn heaviest(parts: impl Iterator<Item = (usize, usize)>) -> Option<usize> {
    let mut sums: HashMap<usize, usize, RandomState> = HashMap::default();
    for (key, size) in parts {
        *sums.entry(key).or_default() += size;
    }
    let largest = sums
        .into_iter()
        .max_by_key(|&(key, sum)| (sum, std::cmp::Reverse(key)));
    largest.map(|(key, _)| key)
}

/// Drops short lines with a colon at their end whose links were dropped: 'More on the harbour:'.
pub(super) fn drop_announcements(view: &PageView<'_, '_>, body: &mut Body) {
    for block in 0..body.verdicts.len().saturating_sub(1) {
        let at = &view.blocks.list[block];
        let is_line = body.verdicts[block].is_kept_by_score()
            && matches!(body.roles[block], Role::Paragraph | Role::Heading)
            && at.chars <= LINE_CHARS
            && view.blocks.text(block).ends_with([':', '：']);
        let next = view.blocks.list[block + 1].first;
        let went = match body.verdicts[block + 1] {
            BlockVerdict::Links | BlockVerdict::Score | BlockVerdict::Pointer => true,
            BlockVerdict::Rule(_) => view.marks.group(next, view.rules) == Some(Group::Related),
            _ => false,
        };
        if is_line && went && view.blocks.list[block + 1].link_density() > LINKS {
            body.verdicts[block] = BlockVerdict::Pointer;
        }
    }
}
