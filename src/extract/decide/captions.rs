//! Captions without a `<figure>`: lines that are credits, end with one, or stand below a picture in small type,
//! in italics or in the middle.

use std::ops::RangeInclusive;

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body, KeepReason};
use crate::extract::features::PageView;
use crate::extract::rules::credits::Credit;
use crate::page::text::word_count;
use crate::page::{Id, Tag};

/// Longer blocks are text…
const CAPTION_CHARS: usize = 400;
/// …and so are those of more words: in Chinese and Japanese each character counts as one.
const CAPTION_WORDS: usize = 120;
/// A line that ends with a credit is a caption anywhere if it is no longer than this.
const LINE_CHARS: usize = 160;
/// A caption that only its style shows has no more characters…
const STYLED_CHARS: usize = 200;
/// …and no fewer words: a shorter line may be a subhead.
const STYLED_WORDS: usize = 5;
/// A phrase has no more characters.
const PHRASE_CHARS: usize = 80;
/// Narrower pictures are icons.
const ICON_PIXELS: u32 = 60;
/// Captions may be this share of the text at most: one in so many characters.
const SHARE: usize = 3;
/// Blocks that score lower stand elsewhere on the page.
const LEAST_SCORE: f32 = 0.1;
/// How many elements above a block may style it.
const LEVELS: usize = 4;
/// Paragraphs of this length or more show how the text is set.
const TEXT_CHARS: usize = 60;

/// Gives captions their role.
pub fn mark(view: &PageView<'_, '_>, body: &mut Body) {
    let (Some(first), Some(last)) = (body.kept().next(), body.kept().last()) else {
        return;
    };
    let is_style_rare = !is_text_styled(view, body);
    let captions = captions(view, body, first..=last, is_style_rare);
    let chars = |block: usize| view.blocks.list[block].chars;
    let all: usize = body.kept().map(chars).sum();
    let kept = captions.iter().filter(|&&it| body.verdicts[it].is_kept());
    if kept.map(|&it| chars(it)).sum::<usize>() * SHARE > all {
        return;
    }
    for block in captions {
        body.verdicts[block] = BlockVerdict::Kept(KeepReason::Caption);
        body.roles[block] = Role::Caption;
    }
}

/// The captions among these blocks. Above the first paragraph, what stands below a picture in another style is
/// the standfirst.
fn captions(
    view: &PageView<'_, '_>,
    body: &Body,
    blocks: RangeInclusive<usize>,
    is_style_rare: bool,
) -> Vec<usize> {
    let mut captions = Vec::new();
    let mut has_text = false;
    for block in blocks.filter(|&block| is_open(body, block)) {
        match sign_of(view, block, is_style_rare) {
            Some(Sign::Words) => captions.push(block),
            Some(Sign::Style) if has_text || is_phrase(view, block) => captions.push(block),
            _ => {
                let is_long = view.blocks.list[block].chars >= TEXT_CHARS;
                has_text |= is_long && body.verdicts[block].is_kept();
            }
        }
    }
    captions
}

/// True for paragraphs that no rule and no user has decided about.
fn is_open(body: &Body, block: usize) -> bool {
    let is_open = matches!(
        body.verdicts[block],
        BlockVerdict::Kept(KeepReason::Score | KeepReason::Container | KeepReason::Run)
            | BlockVerdict::Score
            | BlockVerdict::Phrase
    );
    is_open && body.scores[block] >= LEAST_SCORE && body.roles[block] == Role::Paragraph
}

/// True for a short line that is no sentence.
fn is_phrase(view: &PageView<'_, '_>, block: usize) -> bool {
    const ENDS: [char; 10] = ['.', '!', '?', '…', '"', '”', '。', '！', '？', ':'];
    let text = view.blocks.text(block);
    view.blocks.list[block].chars <= PHRASE_CHARS && !text.ends_with(ENDS)
}

/// What makes a block a caption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// A credit, or what points at a picture.
    Words,
    /// Only its style, below a picture.
    Style,
}

fn sign_of(view: &PageView<'_, '_>, block: usize, is_style_rare: bool) -> Option<Sign> {
    let at = &view.blocks.list[block];
    let text = view.blocks.text(block);
    let is_long = at.chars > CAPTION_CHARS || word_count(text) > CAPTION_WORDS;
    if is_long || view.marks.is_stripped(at.first) {
        return None;
    }
    if ends_with_picture_link(text) {
        return (!is_in_quote(view, at.owner)).then_some(Sign::Words);
    }
    let credit = view.rules.credits.find(text);
    let is_below = is_below_picture(view, block);
    let points = view.rules.credits.points_at_picture(text);
    let is_styled = || is_style_rare && is_styled(view, block);
    let has_words = match credit {
        Some(Credit::Whole) => true,
        Some(Credit::End) => {
            is_below || points || at.chars <= LINE_CHARS && !text.contains('\n') || is_styled()
        }
        Some(Credit::Brackets) => is_below && is_styled(),
        None => is_below && points,
    };
    if has_words {
        return Some(Sign::Words);
    }
    (is_below && may_be_caption(view, block) && is_styled()).then_some(Sign::Style)
}

/// True for one sentence or part of one: no subhead, no list of lines, no paragraph.
fn may_be_caption(view: &PageView<'_, '_>, block: usize) -> bool {
    let at = &view.blocks.list[block];
    let text = view.blocks.text(block);
    at.chars <= STYLED_CHARS
        && at.strong_chars * 2 < at.chars
        && word_count(text) >= STYLED_WORDS
        && !text.contains('\n')
        && !text.ends_with([':', '：'])
}

/// True where the text ends with the address under which a post's picture stands.
fn ends_with_picture_link(text: &str) -> bool {
    let last = text.split_whitespace().last().unwrap_or_default();
    let last = last.strip_prefix("https://").unwrap_or(last);
    ["pic.twitter.com/", "pic.x.com/"]
        .iter()
        .any(|it| last.starts_with(it))
}

fn is_in_quote(view: &PageView<'_, '_>, owner: Id) -> bool {
    let mut around = std::iter::once(owner)
        .chain(view.tree.ancestors(owner))
        .take(LEVELS);
    around.any(|id| view.tree.tag(id) == Tag::Blockquote)
}

/// True where nothing but a picture stands between the block and the one before it.
fn is_below_picture(view: &PageView<'_, '_>, block: usize) -> bool {
    let from = match block.checked_sub(1) {
        Some(before) => view.blocks.list[before].last,
        None => 0,
    };
    let at = &view.blocks.list[block];
    let box_of_both = view.tree.ancestors(at.owner).nth(1).unwrap_or(at.owner);
    (from.max(box_of_both)..at.first)
        .any(|id| matches!(view.tree.tag(id), Tag::Img | Tag::Video) && !is_icon(view, id))
}

fn is_icon(view: &PageView<'_, '_>, id: Id) -> bool {
    let width = view.tree.attr(id, "width").and_then(|it| it.parse().ok());
    width.is_some_and(|it: u32| it <= ICON_PIXELS)
}

/// True where most paragraphs are styled as captions are elsewhere.
fn is_text_styled(view: &PageView<'_, '_>, body: &Body) -> bool {
    let is_text = |&block: &usize| {
        body.roles[block] == Role::Paragraph && view.blocks.list[block].chars >= TEXT_CHARS
    };
    let (mut styled, mut all) = (0, 0);
    for block in body.kept().filter(is_text) {
        all += 1;
        styled += usize::from(is_styled(view, block));
    }
    styled * 2 >= all
}

/// True for a block in small type, in italics, grey or in the middle.
fn is_styled(view: &PageView<'_, '_>, block: usize) -> bool {
    let at = &view.blocks.list[block];
    let tree = view.tree;
    let holds_block = |&id: &Id| tree.is_within(at.last, id);
    let around = tree
        .ancestors(at.first)
        .take_while(|&id| id > 0)
        .take(LEVELS + 2);
    let mut around = around.filter(holds_block).take(LEVELS);
    at.emphasis_chars * 10 >= at.chars * 9
        || around.any(|id| {
            matches!(tree.tag(id), Tag::Small | Tag::Center)
                || tree.attr(id, "style").is_some_and(is_small_or_centred)
                || tree
                    .attr(id, "align")
                    .is_some_and(|it| it.eq_ignore_ascii_case("center"))
        })
}

fn is_small_or_centred(style: &str) -> bool {
    style.split(';').any(|declaration| {
        let Some((name, value)) = declaration.split_once(':') else {
            return false;
        };
        let value = value.trim().to_ascii_lowercase();
        match name.trim().to_ascii_lowercase().as_str() {
            "text-align" => value.starts_with("center"),
            "font-style" => value.starts_with("italic"),
            "font-size" => is_small(&value),
            _ => false,
        }
    })
}

/// True for sizes clearly below those of text.
fn is_small(size: &str) -> bool {
    let digits = size.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number: Option<f32> = digits.parse().ok();
    match (number, &size[digits.len()..]) {
        (Some(number), "px") => number <= 13.0,
        (Some(number), "pt") => number <= 10.0,
        (Some(number), "em" | "rem") => number < 0.9,
        (Some(number), "%") => number < 90.0,
        _ => {
            size.starts_with("small") || size.starts_with("x-small") || size.starts_with("xx-small")
        }
    }
}
