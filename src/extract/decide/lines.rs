//! Lines that are no part of a text though they stand in it: dates and bylines, reading times, notices of
//! reuse, and what the author is. All of them are known by the whole line and by their place.

use std::ops::Range;

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::features::PageView;
use crate::extract::fields::{MetaLine, MetaLines};
use crate::extract::rules::phrases::Certain;
use crate::page::{Id, Tag};

/// A block of this many characters is text, not a line of data.
const TEXT_CHARS: usize = 80;
/// A chronology has this many dates of its own.
const CHRONOLOGY: usize = 2;
/// Longer blocks are no notes on the author.
const BIOGRAPHY_CHARS: usize = 600;
/// So many blocks at the end may be notes on the authors.
const BIOGRAPHIES: usize = 3;
/// In a shorter text nothing is set apart from the rest.
const FEWEST_PARAGRAPHS: usize = 3;

/// Drops lines of dates and names, notices, and what the page says about its authors at the end.
pub fn drop_lines(view: &PageView<'_, '_>, body: &mut Body) {
    drop_biographies(view, body);
    let Some(text) = text_range(view, body) else {
        return;
    };
    drop_notices(view, body, &text);
    drop_meta_lines(view, body, &text);
}

/// From the first block that is certainly text to the last.
fn text_range(view: &PageView<'_, '_>, body: &Body) -> Option<Range<usize>> {
    let is_text = |&block: &usize| {
        let is_prose = matches!(
            body.roles[block],
            Role::Paragraph | Role::List | Role::Quote
        );
        let text = view.blocks.text(block);
        is_prose
            && view.blocks.list[block].chars >= TEXT_CHARS
            && view.rules.phrases.find_certain(text).is_none()
    };
    let first = body.kept().find(is_text)?;
    let last = body.kept().rev().find(is_text)?;
    Some(first..last + 1)
}

fn drop_notices(view: &PageView<'_, '_>, body: &mut Body, text: &Range<usize>) {
    for block in open_blocks(body) {
        let is_inside = text.contains(&block);
        let may_be = matches!(body.roles[block], Role::Paragraph | Role::List);
        let notice = view.rules.phrases.find_certain(view.blocks.text(block));
        if may_be && notice.is_some_and(|it| it == Certain::Anywhere || !is_inside) {
            body.verdicts[block] = BlockVerdict::Phrase;
        }
    }
}

fn drop_meta_lines(view: &PageView<'_, '_>, body: &mut Body, text: &Range<usize>) {
    let reader = MetaLines::new(view.fields);
    let lines = open_blocks(body).into_iter().filter_map(|block| {
        let may_be = matches!(
            body.roles[block],
            Role::Paragraph | Role::List | Role::Heading
        );
        let line = may_be.then(|| reader.read(view.blocks.text(block)))?;
        Some((block, line?))
    });
    let lines: Vec<(usize, MetaLine)> = lines.collect();
    let is_bare = |line: &MetaLine| !line.is_labelled && !line.has_name;
    let is_other = |line: &MetaLine| is_bare(line) && !line.is_own_date;
    let dates = lines.iter().filter(|(_, line)| is_other(line)).count();
    for (block, line) in lines {
        let is_edge = !text.contains(&block);
        let is_heading = body.roles[block] == Role::Heading;
        let is_meta = if dates >= CHRONOLOGY && is_bare(&line) {
            line.is_own_date && block < text.start && !is_heading
        } else {
            !is_heading && (line.is_labelled || line.is_own_date || is_edge)
                || is_edge && line.is_own_date
                || line.has_name && is_in_italics(view, block)
        };
        if is_meta {
            body.verdicts[block] = BlockVerdict::Byline;
        }
    }
}

/// Drops what stands below the text about its authors, set apart from it by italics, by class names or by
/// a line across the page.
fn drop_biographies(view: &PageView<'_, '_>, body: &mut Body) {
    let names: Vec<String> = view
        .fields
        .authors
        .iter()
        .map(|it| it.to_lowercase())
        .collect();
    let kept: Vec<usize> = body.kept().collect();
    let is_prose = |block: &usize| body.roles[*block] == Role::Paragraph;
    let prose: Vec<usize> = kept.iter().copied().filter(is_prose).collect();
    if prose.len() < FEWEST_PARAGRAPHS {
        return;
    }
    let text = prose[(prose.len() - 1) / 2];
    for &block in kept.iter().rev().take(BIOGRAPHIES) {
        if block <= text || !is_open(body, block) {
            return;
        }
        let own = view.blocks.text(block).to_lowercase();
        let opens = |name: &String| {
            let rest = own.strip_prefix(name.as_str());
            rest.is_some_and(|it| !it.starts_with(char::is_alphanumeric))
        };
        let is_short = view.blocks.list[block].chars <= BIOGRAPHY_CHARS;
        if is_short && names.iter().any(opens) && is_set_apart(view, block, text) {
            body.verdicts[block] = BlockVerdict::Biography;
        }
    }
}

/// True where a block is set otherwise than `text`: in italics, in another element or class, or below a line.
fn is_set_apart(view: &PageView<'_, '_>, block: usize, text: usize) -> bool {
    let owner = |block: usize| view.blocks.list[block].owner;
    let key = |id: Id| (view.tree.tag(id), view.tree.class(id));
    is_in_italics(view, block) && !is_in_italics(view, text)
        || key(owner(block)) != key(owner(text))
        || view.tree.parent(owner(block)) != view.tree.parent(owner(text))
        || (owner(text)..owner(block)).any(|id| view.tree.tag(id) == Tag::Hr)
}

fn is_in_italics(view: &PageView<'_, '_>, block: usize) -> bool {
    let at = &view.blocks.list[block];
    at.emphasis_chars * 10 >= at.chars * 9
}

/// The kept blocks that no user's selector keeps.
fn open_blocks(body: &Body) -> Vec<usize> {
    body.kept().filter(|&block| is_open(body, block)).collect()
}

fn is_open(body: &Body, block: usize) -> bool {
    let verdict = body.verdicts[block];
    verdict.is_kept() && !verdict.is_selected()
}
