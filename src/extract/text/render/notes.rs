//! Footnotes: links such as `<sup><a href="#fn1">1</a></sup>` and the notes that they lead to, further down in
//! the kept text.

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::extract::text::render::Source;
use crate::extract::text::render::inline::{Inline, Style, plain};
use crate::page::{Id, Tag};

/// The sign of a note is no longer than this, in characters: `[12]`.
const LONGEST_SIGN: usize = 6;
/// A note has no more blocks than this.
const MOST_BLOCKS: usize = 8;
/// References beyond this many stay what they are.
const MOST_REFERENCES: usize = 2000;

/// The notes of a text.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Their numbers or signs, in the order of the references.
    pub(super) labels: Vec<String>,
    /// The note that an anchor refers to.
    references: HashMap<Id, usize>,
    /// The note that an element holds.
    elements: HashMap<Id, usize>,
}

impl Notes {
    /// Finds the references in the selected blocks, and their notes.
    pub(super) fn find(source: &Source<'_, '_>, selected: &[usize]) -> Notes {
        let wanted = references(source, selected);
        if wanted.is_empty() {
            return Notes::default();
        }
        let targets = targets(source, wanted.iter().map(|it| it.1));
        let mut notes = Notes::default();
        let mut taken: HashSet<String> = HashSet::new();
        for (anchor, fragment, sign) in wanted.into_iter().take(MOST_REFERENCES) {
            let target = targets.get(fragment).filter(|&&target| target > anchor);
            let Some(element) = target.and_then(|&it| note_element(source, selected, it)) else {
                continue;
            };
            if source.tree.is_within(anchor, element) {
                continue;
            }
            let note = *notes.elements.entry(element).or_insert_with(|| {
                let number = notes.labels.len() + 1;
                let free = std::iter::once(sign).chain((number..).map(|it| it.to_string()));
                let label = free
                    .into_iter()
                    .find(|it| !it.is_empty() && taken.insert(it.clone()));
                notes.labels.push(label.unwrap_or_default());
                number - 1
            });
            notes.references.insert(anchor, note);
        }
        notes
    }

    /// The note that this anchor refers to.
    pub(super) fn note_of(&self, anchor: Id) -> Option<usize> {
        self.references.get(&anchor).copied()
    }

    /// The note that this element holds.
    pub(super) fn note_at(&self, element: Id) -> Option<usize> {
        self.elements.get(&element).copied()
    }
}

/// A note's text without its own number at the beginning and without links back, such as ↩.
pub(super) fn without_signs(mut inlines: Vec<Inline>, label: &str) -> Vec<Inline> {
    let is_sign = |inline: &Inline, label: &str| {
        let is_raised = matches!(inline, Inline::Link(..) | Inline::Styled(Style::Sup, _));
        let words = plain(std::slice::from_ref(inline));
        let words = words.trim_matches(|c: char| !c.is_alphanumeric());
        is_raised && (words.is_empty() || words == label)
    };
    if inlines.first().is_some_and(|it| is_sign(it, label)) {
        inlines.remove(0);
    }
    inlines.retain(|it| !is_sign(it, ""));
    inlines
}

/// Anchors that look like references, each with the fragment it leads to and its sign.
fn references<'a>(source: &Source<'_, 'a>, selected: &[usize]) -> Vec<(Id, &'a str, String)> {
    let tree = source.tree;
    let mut found = Vec::new();
    for &block in selected {
        let entry = &source.blocks.list[block];
        if entry.links == 0 {
            continue;
        }
        // The anchor of the block's first text stands before it.
        let from = tree
            .ancestors(entry.first)
            .find(|&id| tree.tag(id) == Tag::A);
        let from = from.filter(|&id| id > entry.owner).unwrap_or(entry.first);
        for id in from..=entry.last {
            if tree.tag(id) == Tag::A
                && let Some(fragment) = tree
                    .attr(id, "href")
                    .and_then(|it| fragment(source.base, it))
                && let Some(sign) = sign(&tree.text(id), is_raised(source, id))
            {
                found.push((id, fragment, sign));
            }
        }
    }
    found
}

/// True for an anchor around or inside a `<sup>`.
fn is_raised(source: &Source<'_, '_>, anchor: Id) -> bool {
    let tree = source.tree;
    let mut above = tree.ancestors(anchor).take(3);
    above.any(|id| tree.tag(id) == Tag::Sup)
        || tree
            .descendants(anchor)
            .take(3)
            .any(|id| tree.tag(id) == Tag::Sup)
}

/// The fragment of a link within the page.
fn fragment<'h>(base: Option<&Url>, href: &'h str) -> Option<&'h str> {
    let (page, fragment) = href.split_once('#')?;
    let is_here = page.is_empty()
        || base.is_some_and(|it| {
            let base = it.as_str().split('#').next().unwrap_or_default();
            page == base || it.path() == page
        });
    (is_here && !fragment.is_empty()).then_some(fragment)
}

/// The sign of a note, without brackets; `None` for other text. What is not raised must be in brackets.
fn sign(text: &str, is_raised: bool) -> Option<String> {
    if text.is_empty() || text.chars().count() > LONGEST_SIGN {
        return None;
    }
    let inner = text.trim_matches(['[', ']', '(', ')', '.', ' ']);
    let is_sign = inner.chars().all(|c| c.is_ascii_alphanumeric())
        || inner.chars().count() <= 3 && inner.chars().all(|c| "*†‡§¶#".contains(c));
    let is_bracketed = text.starts_with(['[', '(']);
    if !is_sign || inner.is_empty() || !(is_raised || is_bracketed) {
        return None;
    }
    let is_word = inner.chars().all(|c| c.is_ascii_alphanumeric());
    Some(if is_word {
        inner.to_owned()
    } else {
        String::new()
    })
}

/// The elements of these ids.
fn targets<'a>(
    source: &Source<'_, 'a>,
    wanted: impl Iterator<Item = &'a str>,
) -> HashMap<&'a str, Id> {
    let mut places: HashMap<&str, Option<Id>> = wanted.map(|it| (it, None)).collect();
    for id in 0..source.tree.len() {
        let name = source.tree.attr(id, "id");
        let name = name.or_else(|| match source.tree.tag(id) {
            Tag::A => source.tree.attr(id, "name"),
            _ => None,
        });
        if let Some(place) = name.and_then(|it| places.get_mut(it)) {
            place.get_or_insert(id);
        }
    }
    places
        .into_iter()
        .filter_map(|(name, id)| Some((name, id?)))
        .collect()
}

/// The element of the note at a target, where a few of the selected blocks stand in it and no heading.
fn note_element(source: &Source<'_, '_>, selected: &[usize], target: Id) -> Option<Id> {
    let tree = source.tree;
    let itself = || std::iter::once(target).chain(tree.ancestors(target).take(4));
    let item = itself().find(|&id| tree.tag(id) == Tag::Li);
    let block = itself()
        .take_while(|&id| !matches!(tree.tag(id), Tag::Body | Tag::Article | Tag::Main))
        .find(|&id| tree.tag(id).is_block());
    let element = item.or(block)?;
    let blocks = &source.blocks.list;
    let inside = |&&block: &&usize| tree.is_within(blocks[block].first, element);
    let mut of_note = selected.iter().filter(inside);
    let is_note = |&block: &usize| blocks[block].level == 0 || tree.tag(element) == Tag::Li;
    let count = of_note.clone().take(MOST_BLOCKS + 1).count();
    ((1..=MOST_BLOCKS).contains(&count) && of_note.all(is_note)).then_some(element)
}
