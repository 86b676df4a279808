//! Lines inside the text that point to other articles: 'Read also: …', 'DON'T MISS' above a few links, a
//! headline in capitals that is a link; and appeals of the site. The scorer keeps some of them, since they stand among paragraphs. A
//! paragraph with a link in it is no such line, nor is a list of links that nothing announces as others.

use crate::article::Role;
use crate::extract::decide::appeals::is_appeal;
use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::features::PageView;
use crate::page::text::solid_chars;
use crate::page::{Id, Tag};

/// The phrases in `rules/phrases.toml` that announce other articles.
const READ_ON: &str = "read on";
/// The longest label above a list of links, in characters.
const LABEL: usize = 40;
/// Lines that a label announces, outside lists.
const LINES: usize = 10;
/// Fewer words in capitals may be a subhead.
const HEADLINE_WORDS: usize = 4;
/// What stands before promoted headlines, in capitals.
const SHOUTS: [&str; 40] = [
    "WARNING",
    "EXCLUSIVE",
    "REVEALED",
    "BREAKING",
    "JUST IN",
    "MUST READ",
    "MUST-READ",
    "WATCH",
    "WATCH LIVE",
    "WATCH NOW",
    "IN PICTURES",
    "IN PICS",
    "PICTURES",
    "PHOTOS",
    "PHOTO GALLERY",
    "GALLERY",
    "VIDEO",
    "VIDEOS",
    "LISTEN",
    "INSIGHT",
    "ANALYSIS",
    "COMMENT",
    "OPINION",
    "POLL",
    "QUIZ",
    "DISCOVER",
    "TRENDING",
    "LATEST",
    "LIVE",
    "EXKLUSIV",
    "EXCLUSIF",
    "EN IMAGES",
    "EXCLUSIVO",
    "ESCLUSIVA",
    "ESCLUSIVO",
    "FOTOS",
    "ЭКСКЛЮЗИВ",
    "ВИДЕО",
    "ФОТО",
    "FOTOGALERIE",
];

/// Drops lines that point to other articles.
pub(super) fn drop_pointers(view: &PageView<'_, '_>, body: &mut Body) {
    let count = body.verdicts.len();
    let (mut block, mut has_begun) = (0, false);
    while block < count {
        let end = announced(view, block, count);
        if end > block + 1 {
            (block..end).for_each(|it| drop(body, it, BlockVerdict::Pointer));
        } else if body.verdicts[block].is_kept_by_score() {
            if is_pointer(view, block) {
                drop(body, block, BlockVerdict::Pointer);
            } else if has_begun && is_appeal(view, block) {
                drop(body, block, BlockVerdict::Appeal);
            }
        }
        has_begun |= body.verdicts[block].is_kept();
        block = end.max(block + 1);
    }
}

fn drop(body: &mut Body, block: usize, verdict: BlockVerdict) {
    if body.verdicts[block].is_kept_by_score() {
        body.verdicts[block] = verdict;
    }
}

/// True for a line that is a link, except for a phrase or a word in capitals before it.
fn is_pointer(view: &PageView<'_, '_>, block: usize) -> bool {
    let at = &view.blocks.list[block];
    if at.links == 0 || matches!(at.role, Role::Table | Role::Code) {
        return false;
    }
    let text = view.blocks.text(block);
    let opening = view.rules.phrases.opening(text, READ_ON);
    let opening = opening.or_else(|| shout(text));
    match opening {
        // What follows the phrase is a link, up to a label such as '[VIDEO]'.
        Some(chars) => at.link_chars * 10 >= at.chars.saturating_sub(chars) * 8,
        None => {
            at.role != Role::Heading && at.link_density() > 0.95 && is_headline_in_capitals(text)
        }
    }
}

/// The characters of a word in capitals before a colon.
fn shout(text: &str) -> Option<usize> {
    let (word, _) = text.split_once([':', '\n', '：'])?;
    let word = word.trim();
    let chars = solid_chars(word) + 1;
    SHOUTS.contains(&word).then_some(chars)
}

fn is_headline_in_capitals(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let capitals = letters().filter(|c| c.is_uppercase()).count();
    text.split_whitespace().count() >= HEADLINE_WORDS && capitals * 10 > letters().count() * 9
}

/// The end of the links that a label at `block` announces; the next block if it announces none.
fn announced(view: &PageView<'_, '_>, block: usize, count: usize) -> usize {
    let at = &view.blocks.list[block];
    // 'Read more' as a link ends a teaser, it announces nothing.
    let is_label = at.chars <= LABEL
        && at.links == 0
        && !view.marks.is_certain(at.first, view.rules)
        && matches!(at.role, Role::Heading | Role::Paragraph | Role::List)
        && view.rules.phrases.find(view.blocks.text(block)) == Some(READ_ON)
        && view.rules.phrases.opening(view.blocks.text(block), READ_ON)
            >= Some(at.chars.saturating_sub(3));
    let next = block + 1;
    if !is_label || next >= count {
        return next;
    }
    let list = &view.blocks.list;
    if list[next].role == Role::List {
        let end = list_around(view, list[next].owner).map_or(next, |id| end_of(view, id));
        let has_links = |it: usize| list[it].links > 0;
        return if (next..end).all(has_links) {
            end
        } else {
            next
        };
    }
    let is_link = |&it: &usize| list[it].link_density() > 0.75 && list[it].role != Role::Heading;
    let last = count.min(next + LINES);
    (next..last).find(|it| !is_link(it)).unwrap_or(last)
}

/// The list around an item.
fn list_around(view: &PageView<'_, '_>, item: Id) -> Option<Id> {
    let tree = view.tree;
    let mut above = tree.ancestors(item);
    above.find(|&it| matches!(tree.tag(it), Tag::Ul | Tag::Ol | Tag::Dl))
}

/// The first block after an element.
fn end_of(view: &PageView<'_, '_>, id: Id) -> usize {
    let end = view.tree.end(id);
    view.blocks.list.partition_point(|at| at.first < end)
}
