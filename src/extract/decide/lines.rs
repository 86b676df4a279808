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
/// A line of names is no longer, in characters…
const NAME_CHARS: usize = 60;
/// …and neither are the short words between names: 'de', 'van', 'and'.
const PARTICLE_CHARS: usize = 3;
/// In a shorter text nothing is set apart from the rest.
const FEWEST_PARAGRAPHS: usize = 3;

/// Drops lines of dates and names, notices, and what the page says about its authors at the end.
pub fn drop_lines(view: &PageView<'_, '_>, body: &mut Body) {
    drop_biographies(view, body);
    drop_name_above(view, body);
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
        let is_notice = notice.is_some_and(|it| it == Certain::Anywhere || !is_inside);
        if may_be && (is_notice || is_shortcode(view.blocks.text(block))) {
            body.verdicts[block] = BlockVerdict::Phrase;
        }
    }
}

/// True for a placeholder of a blog system that nothing has filled: `[gallery ids=4,5]`, `[ad#top]`, `[/caption]`.
fn is_shortcode(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let Some(inner) = inner else { return false };
    let (end, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let is_name = |c: char| c.is_ascii_lowercase() || matches!(c, '-' | '_');
    let rest = inner.trim_start_matches(is_name);
    let name = &inner[..inner.len() - rest.len()];
    let has_values = rest.starts_with('#') || rest.starts_with(' ') && rest.contains('=');
    name.len() >= 2
        && !inner.contains('[')
        && (has_values || rest.is_empty() && (end || name.contains('_')))
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

/// Drops a name that stands alone above the first paragraph: where the page states no author, or another.
fn drop_name_above(view: &PageView<'_, '_>, body: &mut Body) {
    let mut kept = body.kept();
    let (Some(line), Some(next)) = (kept.next(), kept.next()) else {
        return;
    };
    let is_line = body.roles[line] == Role::Paragraph
        && view.blocks.list[next].chars >= TEXT_CHARS
        && body.verdicts[line].is_kept_by_score();
    let names = name_words(view.blocks.text(line));
    if !is_line || names.is_empty() {
        return;
    }
    // A word that the text writes in lower case is no name.
    let is_word = |own: &str| names.iter().any(|name| name.to_lowercase() == own);
    let text = std::iter::once(next).chain(kept);
    let mut words = text.flat_map(|it| view.blocks.text(it).split(|c: char| !c.is_alphabetic()));
    let is_in_text = words.any(is_word);
    drop(words);
    if !is_in_text {
        body.verdicts[line] = BlockVerdict::Byline;
    }
}

/// The words of a line that consists of names, as 'Ada Quill', 'ADA QUILL and Jan de Wit'; none for any other line.
fn name_words(line: &str) -> Vec<&str> {
    if line.chars().count() > NAME_CHARS || !line.ends_with(char::is_alphabetic) {
        return Vec::new();
    }
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.');
    let words = line.split(|c: char| c.is_whitespace() || matches!(c, '/' | '&' | ','));
    let words: Vec<&str> = words.filter(|it| !it.is_empty()).collect();
    let is_name = |word: &&str| word.starts_with(char::is_uppercase);
    let may_be = |word: &&str| {
        word.chars().all(is_letter) && (is_name(word) || word.chars().count() <= PARTICLE_CHARS)
    };
    if !words.iter().all(may_be) {
        return Vec::new();
    }
    let names: Vec<&str> = words.into_iter().filter(is_name).collect();
    if names.len() < 2 { Vec::new() } else { names }
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
    if names.is_empty() {
        return;
    }
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
        if view.blocks.list[block].chars > BIOGRAPHY_CHARS {
            continue;
        }
        let own = view.blocks.text(block).to_lowercase();
        let opens = |name: &String| {
            let rest = own.strip_prefix(name.as_str());
            rest.is_some_and(|it| !it.starts_with(char::is_alphanumeric))
        };
        if names.iter().any(opens) && is_set_apart(view, block, text) {
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
