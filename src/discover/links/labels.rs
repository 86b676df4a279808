//! The names of sections among a page's links.

use super::anchors::{Anchors, words};
use super::card::SECTION_WORDS;
use super::outline::{CLIMB, HEADINGS, Outline, Place};
use crate::page::Tree;

/// For each address, true where it is that of a section: its links are short, and in a menu or the same
/// again and again.
pub(super) fn labels(tree: &Tree<'_>, outline: &Outline<'_, '_>, anchors: &Anchors) -> Vec<bool> {
    #[derive(Default, Clone)]
    struct Seen<'a> {
        in_menu: bool,
        is_headline: bool,
        is_prominent: bool,
        text: Option<&'a str>,
        repeats: usize,
    }
    let mut seen = vec![Seen::default(); anchors.addresses.len()];
    for anchor in &anchors.list {
        let seen = &mut seen[anchor.address];
        let in_menu = outline.place(anchor.node) == Place::Menu;
        let in_heading = || {
            let mut above = tree.ancestors(anchor.node).take(CLIMB);
            outline.holds(anchor.node, &HEADINGS)
                || above.any(|id| tree.tag(id).heading_level().is_some())
        };
        seen.in_menu |= in_menu;
        let is_long = words(anchors.best_text(anchor)) > SECTION_WORDS + 1;
        seen.is_headline |= is_long || anchor.is_bookmark;
        seen.is_prominent |= outline.holds_image(anchor.node) || in_heading();
        match seen.text {
            None => seen.text = Some(&anchor.text),
            Some(text) if text == anchor.text && !text.is_empty() => seen.repeats += 1,
            Some(_) => {}
        }
    }
    let is_label =
        |it: Seen<'_>| !it.is_headline && (it.in_menu || (it.repeats > 0 && !it.is_prominent));
    seen.into_iter().map(is_label).collect()
}
