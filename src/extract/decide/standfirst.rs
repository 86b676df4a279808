//! The standfirst: the summary between headline and body. It has a place of its own, above the first
//! paragraph and apart from the paragraphs. A first paragraph that says what the description says is the
//! lede, because many sites copy their description from there.

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body, KeepReason};
use crate::extract::features::PageView;
use crate::extract::rules::Group;
use crate::page::text::{plain, word_count};
use crate::page::{Id, Tag};

/// A standfirst may be this many blocks above the body.
const REACH: usize = 25;
/// Shorter paragraphs are not the body's first.
const PARAGRAPH_CHARS: usize = 60;
/// The least bytes of letters and digits that make a sentence.
const SENTENCE: usize = 40;
/// An element with more paragraphs is the body, whatever its name.
const MOST_PARAGRAPHS: usize = 2;
/// A sentence below the headline scores this much at least…
const LEAST_SCORE: f32 = 0.1;
/// …and has so many words.
const WORDS: std::ops::RangeInclusive<usize> = 4..=60;
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
            break;
        }
    }
    find_below_headline(view, body, first);
}

/// A sentence right below the headline is the standfirst, whatever its score: a byline may part it from the text.
fn find_below_headline(view: &PageView<'_, '_>, body: &mut Body, first: usize) {
    let is_headline = |&block: &usize| body.verdicts[block] == BlockVerdict::Headline;
    let Some(block) = (0..first).rev().find(is_headline).map(|it| it + 1) else {
        return;
    };
    let text = view.blocks.text(block);
    let may_be = body.verdicts[block] == BlockVerdict::Score
        && matches!(body.roles[block], Role::Paragraph | Role::Heading)
        && body.scores[block] >= LEAST_SCORE
        && view.blocks.list[block].link_density() <= 0.2;
    let is_notice =
        || view.rules.credits.find(text).is_some() || view.rules.phrases.find(text).is_some();
    if block < first && may_be && is_sentence(text) && !is_notice() {
        body.verdicts[block] = BlockVerdict::Kept(KeepReason::Standfirst);
        body.roles[block] = Role::Standfirst;
    }
}

fn is_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', '“', '’', '»', '«', ')', '」', '』']);
    WORDS.contains(&word_count(text))
        && text.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।'])
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
    let strippable = match view.marks.group(at.first, view.rules) {
        None | Some(Group::Navigation | Group::Byline) => true,
        // Some sites keep the standfirst in the element of the picture's caption.
        Some(Group::Caption) => view
            .tree
            .attr(at.owner, "class")
            .is_some_and(names_standfirst),
        _ => false,
    };
    strippable && at.chars >= 30 && at.link_density() <= 0.3
}

/// True where the class names of the block's element, or of the one around it, call it a standfirst, and
/// name neither the paragraphs as well nor a wrapper of them.
fn is_named(view: &PageView<'_, '_>, block: usize, next: Option<usize>, body: &Body) -> bool {
    let owner = view.blocks.list[block].owner;
    let first = view.blocks.list[block].first;
    let is_caption = view.marks.group(first, view.rules) == Some(Group::Caption);
    if view.marks.is_stripped(first) && !is_caption {
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
    const NAMES: [&str; 15] = [
        "standfirst",
        "dek",
        "subdeck",
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

/// The words of a `class` attribute, in lower case; 'articleDek' is read as 'article-dek'.
fn words(class: &str) -> impl Iterator<Item = String> + '_ {
    let names = class.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    // 'ArticleDek-bIqFFZ': the end is generated.
    let is_generated = |end: &str| end.contains(|c: char| c.is_ascii_uppercase());
    let bare = move |name| match str::rsplit_once(name, '-') {
        Some((name, end)) if is_generated(end) => name,
        _ => name,
    };
    names.map(bare).map(|name| {
        let mut word = String::with_capacity(name.len() + 2);
        for c in name.chars() {
            if c.is_ascii_uppercase() && word.ends_with(|it: char| it.is_ascii_lowercase()) {
                word.push('-');
            }
            word.push(c.to_ascii_lowercase());
        }
        word
    })
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
