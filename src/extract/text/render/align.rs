//! Where the text nodes of a block stand in its text: each is looked up in turn, so that the text decides which
//! words there are, and the nodes only which markup is around them.

use crate::page::text::is_invisible;
use crate::page::{Id, Tree};

/// A text node of fewer characters is not looked for further on in the block.
const FEWEST_CHARS: usize = 12;
/// How far ahead a text node is looked for, in bytes.
const AHEAD: usize = 400;

/// Where the text nodes of a block stand in its text.
pub(super) struct Found {
    /// A node, and where its text starts and ends.
    pub(super) places: Vec<(Id, usize, usize)>,
    /// They make up all of the text.
    pub(super) is_whole: bool,
}

/// Finds text nodes in a text, in order. Nodes that are not there are left out.
pub(super) fn align(tree: &Tree<'_>, nodes: &[Id], text: &str) -> Option<Found> {
    let mut places = Vec::with_capacity(nodes.len());
    let (mut at, mut is_whole) = (0, true);
    for &id in nodes {
        let Some(piece) = tree.own_text(id) else {
            continue;
        };
        let place = place_of(text, at, piece).or_else(|| {
            is_whole = false;
            ahead(text, at, piece)
        });
        if let Some((start, end)) = place.filter(|(start, end)| start < end) {
            places.push((id, start, end));
            at = end;
        }
    }
    is_whole &= text[at..].trim_end_matches([' ', '|']).is_empty();
    (!places.is_empty()).then_some(Found { places, is_whole })
}

/// Where a text node stands whose text comes next; both white space and the separators of cells may be
/// skipped. A node of white space takes no place.
fn place_of(text: &str, from: usize, piece: &str) -> Option<(usize, usize)> {
    let mut wanted = piece
        .chars()
        .filter(|&c| !c.is_whitespace() && !is_invisible(c))
        .peekable();
    if wanted.peek().is_none() {
        return Some((from, from));
    }
    let (mut start, mut end) = (None, from);
    for (at, c) in text[from..].char_indices() {
        match wanted.peek() {
            None => break,
            Some(&next) if next == c => {
                start.get_or_insert(from + at);
                end = from + at + c.len_utf8();
                wanted.next();
            }
            Some(_) if c.is_whitespace() || c == '|' => {}
            Some(_) => return None,
        }
    }
    (wanted.peek().is_none()).then_some((start?, end))
}

/// The same for a longer node that stands a little further on, after text that no node holds.
fn ahead(text: &str, from: usize, piece: &str) -> Option<(usize, usize)> {
    let first = piece.chars().find(|c| !c.is_whitespace())?;
    let is_long = piece.chars().filter(|c| !c.is_whitespace()).count() >= FEWEST_CHARS;
    let starts = text[from..]
        .char_indices()
        .take_while(|(at, _)| *at < AHEAD);
    let mut starts = starts.filter(|&(_, c)| is_long && c == first);
    starts.find_map(|(at, _)| place_of(text, from + at, piece))
}
