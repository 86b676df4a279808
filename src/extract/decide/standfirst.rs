//! The standfirst: the summary between headline and body. It has a place of its own, above the first
//! paragraph and apart from the paragraphs. A first paragraph that says what the description says is the
//! lede, because many sites copy their description from there.

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body, KeepReason};
use crate::extract::features::PageView;
use crate::extract::rules::Group;
use crate::page::text::plain;
use crate::page::{Id, Tag};

/// A standfirst may be this many blocks above the body.
const REACH: usize = 25;
/// Shorter paragraphs are not the body's first.
const PARAGRAPH_CHARS: usize = 60;
/// The least bytes of letters and digits that make a sentence.
const SENTENCE: usize = 40;
/// An element with more paragraphs is the body, whatever its name.
const MOST_PARAGRAPHS: usize = 2;
/// How many elements above a block are compared with those above another.
const LEVELS: usize = 6;

/// Finds the standfirst: the block before or at the start of the body whose class names call it so, or that
/// says what the description says and is set apart from the paragraphs.
pub fn find(view: &PageView<'_, '_>, body: &mut Body) {
    let paragraphs = first_paragraphs(view, body);
    let Some(&first) = paragraphs.first() else {
        return;
    };
    let description = view.fields.description.as_deref().map(plain);
    let description = description.filter(|it| it.len() >= SENTENCE);
    for block in (first.saturating_sub(REACH)..=first).rev() {
        let is_settled = matches!(
            body.verdicts[block],
            BlockVerdict::Seen(_) | BlockVerdict::Headline
        );
        if is_settled || !may_be(view, block) {
            continue;
        }
        let next = paragraphs.iter().copied().find(|&it| it > block);
        let says_description = description.as_ref().is_some_and(|it| says(view, block, it));
        let is_apart = next.is_some_and(|next| is_apart(view, block, next, &paragraphs));
        if is_named(view, block, next, body) || says_description && is_apart {
            body.verdicts[block] = BlockVerdict::Kept(KeepReason::Standfirst);
            body.roles[block] = Role::Standfirst;
            return;
        }
        if says_description {
            if !body.verdicts[block].is_kept() {
                body.verdicts[block] = BlockVerdict::Kept(KeepReason::Lede);
            }
            return;
        }
    }
}

/// The first paragraphs of the body, as many as it takes to compare the first with the rest.
fn first_paragraphs(view: &PageView<'_, '_>, body: &Body) -> Vec<usize> {
    let is_paragraph = |&block: &usize| {
        body.roles[block] == Role::Paragraph && view.blocks.list[block].chars > PARAGRAPH_CHARS
    };
    body.kept().filter(is_paragraph).take(4).collect()
}

fn may_be(view: &PageView<'_, '_>, block: usize) -> bool {
    let at = &view.blocks.list[block];
    let strippable = matches!(
        view.marks.group(at.first, view.rules),
        None | Some(Group::Navigation | Group::Byline)
    );
    strippable && at.chars >= 30 && at.link_density() <= 0.3
}

/// True where the class names of the block's element, or of the one around it, call it a standfirst, and
/// name neither the paragraphs as well nor a wrapper of them.
fn is_named(view: &PageView<'_, '_>, block: usize, next: Option<usize>, body: &Body) -> bool {
    let owner = view.blocks.list[block].owner;
    if view.marks.is_stripped(view.blocks.list[block].first) {
        return false;
    }
    let class = |id: Id| view.tree.attr(id, "class");
    let next_owner = next.map(|next| view.blocks.list[next].owner);
    if class(owner).is_some_and(names_standfirst) {
        return next_owner.and_then(class) != class(owner);
    }
    let parent = view.tree.parent(owner);
    let is_inside = |&block: &usize| {
        body.roles[block] == Role::Paragraph
            && view.tree.is_within(view.blocks.list[block].owner, parent)
    };
    class(parent).is_some_and(names_standfirst)
        && body.kept().filter(is_inside).count() <= MOST_PARAGRAPHS
}

/// True for a block that stands in an element of another kind than the paragraph `next`, which comes after
/// it. Where every paragraph differs from the one after it, class names say nothing.
fn is_apart(view: &PageView<'_, '_>, block: usize, next: usize, paragraphs: &[usize]) -> bool {
    let owner = |block: usize| view.blocks.list[block].owner;
    if !differ(view, owner(block), owner(next)) {
        return false;
    }
    let mut rest = paragraphs.iter().filter(|&&it| it >= next);
    match (rest.next(), rest.next()) {
        (Some(&one), Some(&other)) => !differ(view, owner(one), owner(other)),
        _ => true,
    }
}

/// True where the elements around two blocks differ below the element around both, in tag or class. A class
/// that marks the first paragraph for its drop cap makes no difference.
fn differ(view: &PageView<'_, '_>, one: Id, other: Id) -> bool {
    let (mut one, mut other) = (one, other);
    for _ in 0..LEVELS {
        if one == other {
            return false;
        }
        let (tag, class) = (view.tree.tag(one), view.tree.attr(one, "class"));
        let is_same = tag == view.tree.tag(other)
            && (class == view.tree.attr(other, "class")
                || tag == Tag::P && class.is_some_and(marks_first));
        if !is_same {
            return true;
        }
        one = view.tree.parent(one);
        other = view.tree.parent(other);
    }
    true
}

/// True for a class that styles the first paragraph of a text.
fn marks_first(class: &str) -> bool {
    const NAMES: [&str; 6] = [
        "first",
        "drop",
        "dropcap",
        "initial",
        "has-drop-cap",
        "opening",
    ];
    words(class).any(|word| NAMES.contains(&word.as_str()) || word.contains("drop-cap"))
}

fn names_standfirst(class: &str) -> bool {
    const NAMES: [&str; 14] = [
        "standfirst",
        "dek",
        "subtitle",
        "sub-title",
        "subheadline",
        "sub-headline",
        "lede",
        "lead",
        "intro",
        "summary",
        "excerpt",
        "chapeau",
        "deck",
        "teaser-text",
    ];
    words(class).any(|word| {
        let ends_so = |name: &&str| {
            let start = word.strip_suffix(*name);
            start.is_some_and(|it| it.is_empty() || it.ends_with('-'))
        };
        NAMES.iter().any(ends_so)
    })
}

/// The words of a `class` attribute, in lower case.
fn words(class: &str) -> impl Iterator<Item = String> + '_ {
    class
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .map(str::to_ascii_lowercase)
}

/// True for a block that begins like the description, or the other way round.
fn says(view: &PageView<'_, '_>, block: usize, description: &str) -> bool {
    let own = plain(view.blocks.text(block));
    let own = own.as_str();
    let (short, long) = if description.len() < own.len() {
        (description, own)
    } else {
        (own, description)
    };
    short.len() >= SENTENCE && long.starts_with(short) && long.len() < short.len() * 3 / 2 + 20
}
