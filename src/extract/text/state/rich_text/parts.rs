//! The parts of a text that are more than a line: lists, quotes with who is quoted, tables, pictures.

use serde_json::Value;

use crate::extract::text::render::escape_html;
use crate::extract::text::state::kinds::{NodeKind, of_name};
use crate::extract::text::state::rich_text::node::{link_target, node_kind, own_text, wrappers};
use crate::extract::text::state::rich_text::{CHILD_KEYS, DEPTH, Place, RichText};
use crate::extract::text::state::strings;

/// Where quotes keep who is quoted.
const SOURCE_KEYS: [&str; 8] = [
    "attribution",
    "citation",
    "cite",
    "caption",
    "credit",
    "author",
    "source",
    "quotee",
];
/// Ranges of one text that are read.
const MOST_RANGES: usize = 500;

impl RichText {
    /// Writes the items of a list, which may be strings or have lists of their own.
    pub(super) fn list_items(&mut self, item: &Value, depth: usize) {
        let start = self.markup.len();
        if let Value::Object(fields) = item {
            let items = std::iter::once(fields)
                .chain(wrappers(fields))
                .find_map(|fields| {
                    let lists = CHILD_KEYS
                        .iter()
                        .filter_map(|key| fields.get(*key)?.as_array());
                    lists.into_iter().find(|items| !items.is_empty())
                });
            self.items(items.map_or(&[], Vec::as_slice), depth);
        }
        if self.markup.len() == start {
            self.inside(item, Place::Block, depth);
        }
    }

    fn items(&mut self, items: &[Value], depth: usize) {
        for item in items {
            if depth > DEPTH || self.budget == 0 {
                return;
            }
            self.budget -= 1;
            let start = self.markup.len();
            match node_kind(item) {
                Some(
                    NodeKind::Item(_) | NodeKind::Text | NodeKind::Paragraph | NodeKind::Container,
                )
                | None => {
                    self.item(item, depth + 1);
                    self.wrap(start, "li");
                }
                Some(kind) => self.block(item, kind, depth),
            }
        }
    }

    /// Writes an item: a string, a node, or a text with items below it.
    fn item(&mut self, item: &Value, depth: usize) {
        let below = item.get("items").and_then(Value::as_array);
        match (item, own_text(item), below) {
            (Value::String(text), ..) => self.markup.push_str(&strings::inline(text)),
            (_, Some(text), Some(below)) => {
                self.markup.push_str(&strings::inline(text));
                let start = self.markup.len();
                self.items(below, depth);
                self.wrap(start, "ul");
            }
            _ => self.inside(item, Place::Line, depth),
        }
    }

    /// Writes who is quoted.
    pub(super) fn source(&mut self, item: &Value, quote: usize) {
        let Value::Object(fields) = item else { return };
        let mut all = std::iter::once(fields).chain(wrappers(fields));
        let source = all.find_map(|fields| {
            SOURCE_KEYS.iter().find_map(|key| match fields.get(*key)? {
                Value::String(text) => Some(text.as_str()),
                Value::Object(inner) => ["content", "text", "name"]
                    .iter()
                    .find_map(|key| inner.get(*key)?.as_str()),
                _ => None,
            })
        });
        let source = source
            .map(str::trim)
            .filter(|it| !it.is_empty() && it.len() < 300);
        if let Some(source) = source
            && !self.markup[quote..].contains(source)
        {
            if !strings::has_blocks(&self.markup[quote..]) {
                self.wrap(quote, "p");
            }
            let dash = if source.starts_with(['—', '–', '-']) {
                ""
            } else {
                "— "
            };
            self.markup.push_str(&format!(
                "<footer>{dash}{}</footer>",
                strings::inline(source)
            ));
        }
    }

    /// Writes a table: of nodes, or of lists of texts.
    pub(super) fn table(&mut self, item: &Value, depth: usize) {
        let Value::Object(fields) = item else {
            self.inside(item, Place::Block, depth);
            return;
        };
        let lists = std::iter::once(fields)
            .chain(wrappers(fields))
            .find_map(|fields| {
                let rows = ["rows", "content", "body", "data"]
                    .iter()
                    .find_map(|key| fields.get(*key)?.as_array())?;
                let is_plain = rows
                    .first()
                    .is_some_and(|row| row.is_array() && node_kind(row).is_none());
                is_plain.then_some((fields.get("header").and_then(Value::as_array), rows))
            });
        let Some((header, rows)) = lists else {
            self.inside(item, Place::Block, depth);
            return;
        };
        if let Some(header) = header {
            self.row(header, "th", depth);
        }
        for row in rows.iter().filter_map(Value::as_array) {
            self.row(row, "td", depth);
        }
    }

    fn row(&mut self, cells: &[Value], tag: &str, depth: usize) {
        self.markup.push_str("<tr>");
        for cell in cells {
            self.markup.push_str(&format!("<{tag}>"));
            self.inline(cell, depth + 1);
            self.markup.push_str(&format!("</{tag}>"));
        }
        self.markup.push_str("</tr>\n");
    }

    /// Writes a picture with its caption, if both its address and a caption are known.
    pub(super) fn image(&mut self, item: &Value) {
        let Value::Object(fields) = item else { return };
        let text = |keys: &[&str]| {
            let mut all = std::iter::once(fields).chain(wrappers(fields));
            all.find_map(|fields| keys.iter().find_map(|key| fields.get(*key)?.as_str()))
        };
        let source = text(&["url", "src", "href"]).filter(|it| it.len() < 2000);
        if let (Some(source), Some(caption)) = (source, text(&["caption", "description"])) {
            let alt = escape_html(text(&["alt", "alt_text", "altText"]).unwrap_or_default());
            let source = escape_html(source);
            self.markup.push_str(&format!(
                "<figure><img src=\"{source}\" alt=\"{alt}\"><figcaption>{}</figcaption></figure>\n",
                strings::inline(caption)
            ));
        }
    }

    /// Writes a text whose markup is given by ranges of it (Prismic, Draft.js, Medium); false where there are none.
    pub(super) fn ranged(&mut self, item: &Value, text: &str) -> bool {
        let ranges = ranges(item);
        if ranges.is_empty() || strings::has_tags(text) {
            return false;
        }
        let mut bounds: Vec<usize> = ranges.iter().flat_map(|it| [it.start, it.end]).collect();
        bounds.sort_unstable();
        bounds.dedup();
        let mut bounds = bounds.into_iter().peekable();
        // Ranges count in units of UTF-16.
        let (mut at, mut from) = (0, 0);
        for (byte, c) in text.char_indices() {
            if bounds.next_if(|&bound| bound <= at).is_some() {
                self.piece(&text[from..byte], at.saturating_sub(1), &ranges);
                from = byte;
                while bounds.next_if(|&bound| bound <= at).is_some() {}
            }
            at += c.len_utf16();
        }
        self.piece(&text[from..], at.saturating_sub(1), &ranges);
        true
    }

    /// Writes a piece of a text with the markup of the ranges around its last character.
    fn piece(&mut self, piece: &str, last: usize, ranges: &[Range<'_>]) {
        if piece.is_empty() {
            return;
        }
        let start = self.markup.len();
        self.markup.push_str(&strings::inline(piece));
        for range in ranges.iter().filter(|it| it.start <= last && last < it.end) {
            match range.markup {
                Markup::Tag(tag) => self.wrap_inline(start, tag),
                Markup::Link(target) => self.wrap_link(start, Some(target)),
            }
        }
    }
}

/// A range of a text with its markup.
struct Range<'v> {
    start: usize,
    end: usize,
    markup: Markup<'v>,
}

#[derive(Clone, Copy)]
enum Markup<'v> {
    Tag(&'static str),
    Link(&'v str),
}

/// The ranges of a text.
fn ranges(item: &Value) -> Vec<Range<'_>> {
    let lists = ["spans", "markups", "inlineStyleRanges"].iter();
    let lists = lists.filter_map(|key| item.get(*key)?.as_array());
    let range = |range| read_range(range);
    lists
        .flatten()
        .filter_map(range)
        .take(MOST_RANGES)
        .collect()
}

fn read_range(range: &Value) -> Option<Range<'_>> {
    let number = |key: &str| {
        range
            .get(key)?
            .as_u64()
            .and_then(|it| usize::try_from(it).ok())
    };
    let start = number("start").or_else(|| number("offset"))?;
    let end = number("end").or_else(|| Some(start + number("length")?.min(1 << 30)))?;
    let name = ["type", "style"]
        .iter()
        .find_map(|key| range.get(*key)?.as_str())?;
    let markup = match of_name(name)? {
        NodeKind::Inline(tag) => Markup::Tag(tag),
        NodeKind::Link => Markup::Link(link_target(range)?),
        _ => return None,
    };
    (start < end).then_some(Range { start, end, markup })
}
