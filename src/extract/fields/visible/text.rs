//! The text of short elements: a byline, a date, a heading.

use crate::extract::fields::visible::ITEM_CHARS;
use crate::page::glue::needs_space;
use crate::page::text::{folded_length, trim};
use crate::page::tree::fold_space;
use crate::page::{Id, Tag, Tree};

/// Nodes of one element whose text is read.
const MAX_NODES: usize = 400;

/// The text below a node, with its white space folded; `None` where it is longer than `limit`
/// characters.
pub(in crate::extract::fields) fn short_text(
    tree: &Tree<'_>,
    id: Id,
    limit: usize,
) -> Option<String> {
    collect_text(tree, id, limit, ' ').map(|text| fold_space(&text))
}

/// The text of a byline: the name marked inside it, else its own with `|` between blocks.
pub(super) fn byline_text(tree: &Tree<'_>, id: Id) -> Option<String> {
    let mut inside = tree.descendants(id).take(MAX_NODES);
    let name = inside.find(|&node| tree.attr(node, "itemprop") == Some("name"));
    let Some(name) = name else {
        return collect_text(tree, id, ITEM_CHARS, '|');
    };
    let stated = tree.attr(name, "content").map(str::to_owned);
    stated.or_else(|| short_text(tree, name, ITEM_CHARS))
}

/// The text below a node with `gap` for blocks and line breaks; `None` where it is longer than
/// `limit` characters, white space aside.
fn collect_text(tree: &Tree<'_>, id: Id, limit: usize, gap: char) -> Option<String> {
    let mut text = String::new();
    let (mut left, mut before) = (limit, None);
    for node in (id..tree.end(id)).take(MAX_NODES) {
        if let Some(piece) = tree.own_text(node) {
            let spaced = |end: bool| end.then_some(' ');
            let is_apart = before.is_some_and(|before| needs_space(tree, before, node));
            before = Some(node);
            text.extend(spaced(is_apart || piece.starts_with(char::is_whitespace)));
            left = push_within(&mut text, trim(piece), left)?;
            text.extend(spaced(piece.ends_with(char::is_whitespace)));
        } else if tree.tag(node).is_block() || tree.tag(node) == Tag::Br {
            text.push(gap);
        }
    }
    Some(text)
}

/// Appends a trimmed text with its white space folded, and returns how many more characters there may be; `None`
/// where it has more than `limit`, without reading all of it.
fn push_within(text: &mut String, piece: &str, limit: usize) -> Option<usize> {
    let head = piece.as_bytes();
    let head = &head[..head.len().min(limit.saturating_add(1))];
    // Most texts are ASCII with single spaces, a byte a character.
    if head.is_ascii() && folded_length(head) == head.len() {
        let left = limit.checked_sub(piece.len())?;
        text.push_str(piece);
        return Some(left);
    }
    let mut left = limit;
    for (place, word) in piece.split_whitespace().enumerate() {
        if place > 0 {
            left = left.checked_sub(1)?;
            text.push(' ');
        }
        left = left.checked_sub(word.chars().count())?;
        text.push_str(word);
    }
    Some(left)
}
