//! Rich text to markup: one reader for the trees of editors and content systems. What a node is comes from
//! [`kinds`](super::kinds); where its text and its children are, from the keys below. Parts of one paragraph are
//! joined; what is not known to be text is left out.

mod node;
mod parts;

use serde_json::{Map, Value};

use crate::extract::text::render::escape_html;
use crate::extract::text::state::kinds::{ListKind, NodeKind, of_name};
pub(super) use crate::extract::text::state::rich_text::node::{is_document, is_rich};
use crate::extract::text::state::rich_text::node::{
    item_level, link_target, list_tag, marks, node_kind, own_text, stand_alone, stated_level,
    stated_list, wrappers,
};
use crate::extract::text::state::strings;

/// Levels of nesting that are followed.
const DEPTH: usize = 60;
/// Where nodes keep their children.
const CHILD_KEYS: [&str; 20] = [
    "children",
    "content",
    "nodes",
    "leaves",
    "content_elements",
    "items",
    "blocks",
    "innerBlocks",
    "paragraphs",
    "rows",
    "cells",
    "columns",
    "elements",
    "listItems",
    "list_items",
    "body",
    "text",
    "root",
    "document",
    "value",
];

/// Markup that is made of rich text.
#[derive(Debug, Default)]
pub(super) struct RichText {
    /// The markup.
    pub(super) markup: String,
    /// Nodes that may still be read.
    pub(super) budget: usize,
    /// Where marks of Portable Text link to, by their keys.
    links: Vec<(String, String)>,
}

impl RichText {
    /// A reader of at most `budget` nodes.
    pub(super) fn new(budget: usize) -> RichText {
        RichText {
            budget,
            ..RichText::default()
        }
    }

    /// Writes a list of nodes.
    pub(super) fn list(&mut self, items: &[Value]) {
        self.nodes(items, Place::Block, 0);
    }

    fn nodes(&mut self, items: &[Value], place: Place, depth: usize) {
        let has_block = items
            .iter()
            .any(|it| node_kind(it).is_some_and(|kind| !kind.is_inline()));
        if place == Place::Line && !has_block {
            items.iter().for_each(|it| self.inline(it, depth));
        } else if !has_block && !stand_alone(items) {
            let start = self.markup.len();
            items.iter().for_each(|it| self.inline(it, depth));
            self.wrap(start, "p");
        } else {
            self.blocks(items, depth);
        }
    }

    /// Writes nodes below each other. Items without a list around them get one.
    fn blocks(&mut self, items: &[Value], depth: usize) {
        let mut lists: Vec<&str> = Vec::new();
        for item in items {
            let Some(kind) = node_kind(item) else {
                self.unknown(item, depth);
                continue;
            };
            let level = match kind {
                NodeKind::Item(list) if list != ListKind::Open => item_level(item),
                _ => 0,
            };
            while lists.len() > level {
                self.close(lists.pop());
            }
            if let NodeKind::Item(list) = kind {
                while lists.len() < level {
                    let tag = list_tag(list);
                    self.markup.push_str(&format!("<{tag}>\n"));
                    lists.push(tag);
                }
            }
            self.block(item, kind, depth);
        }
        while !lists.is_empty() {
            self.close(lists.pop());
        }
    }

    fn close(&mut self, tag: Option<&str>) {
        self.markup.extend(tag.map(|tag| format!("</{tag}>\n")));
    }

    /// Puts what was written since `start` in an element, unless it is nothing, or blocks already.
    fn wrap(&mut self, start: usize, tag: &str) {
        let written = &self.markup[start..];
        if written.trim().is_empty() {
            self.markup.truncate(start);
        } else if tag != "p" || !strings::has_blocks(&written.replace("<br>", "")) {
            self.markup.insert_str(start, &format!("<{tag}>"));
            self.markup.push_str(&format!("</{tag}>\n"));
        }
    }

    /// Writes a node that has a line of its own.
    fn block(&mut self, item: &Value, kind: NodeKind, depth: usize) {
        if depth > DEPTH || self.budget == 0 {
            return;
        }
        self.budget -= 1;
        self.read_link_keys(item);
        let start = self.markup.len();
        let depth = depth + 1;
        match kind {
            NodeKind::Paragraph | NodeKind::Text | NodeKind::Link | NodeKind::Inline(_) => {
                self.inside(item, Place::Line, depth);
                self.wrap(start, "p");
            }
            NodeKind::Markup => self.inside(item, Place::Block, depth),
            NodeKind::Heading(level) => {
                self.inside(item, Place::Line, depth);
                let level = if level == 0 {
                    stated_level(item)
                } else {
                    level
                };
                self.wrap(start, &format!("h{}", level.clamp(2, 6)));
            }
            NodeKind::Quote => {
                self.inside(item, Place::Block, depth);
                if !self.markup[start..].trim().is_empty() {
                    self.source(item, start);
                }
                self.wrap(start, "blockquote");
            }
            NodeKind::List(list) => {
                self.list_items(item, depth);
                self.wrap(
                    start,
                    if list == ListKind::Open {
                        stated_list(item)
                    } else {
                        list_tag(list)
                    },
                );
            }
            NodeKind::Item(_) => {
                self.inside(item, Place::Line, depth);
                self.wrap(start, "li");
            }
            NodeKind::Code => {
                let text = own_text(item).unwrap_or_default();
                self.markup.push_str(&escape_html(text));
                if text.is_empty() {
                    self.inside(item, Place::Line, depth);
                }
                self.wrap(start, "pre");
            }
            NodeKind::Table => {
                self.table(item, depth);
                self.wrap(start, "table");
            }
            NodeKind::Row | NodeKind::Cell | NodeKind::HeaderCell => {
                let (tag, place) = match kind {
                    NodeKind::Row => ("tr", Place::Block),
                    NodeKind::Cell => ("td", Place::Line),
                    _ => ("th", Place::Line),
                };
                self.inside(item, place, depth);
                self.wrap(start, tag);
            }
            NodeKind::Container => self.inside(item, Place::Block, depth),
            NodeKind::Image => self.image(item),
            NodeKind::LineBreak | NodeKind::Dropped => {}
        }
    }

    /// Reads where the marks of a block link to.
    fn read_link_keys(&mut self, item: &Value) {
        if let Some(marks) = item.get("markDefs").and_then(Value::as_array) {
            let keyed = marks.iter().filter_map(|mark| {
                Some((
                    mark.get("_key")?.as_str()?.to_owned(),
                    link_target(mark)?.to_owned(),
                ))
            });
            self.links = keyed.collect();
        }
    }

    /// The address that a mark of a text links to.
    fn marked_link(&self, fields: &Map<String, Value>) -> Option<String> {
        let mut marks = fields.get("marks")?.as_array()?.iter();
        marks.find_map(|mark| match mark {
            Value::String(key) => self
                .links
                .iter()
                .find(|(it, _)| it == key)
                .map(|(_, target)| target.clone()),
            _ => {
                let is_link = mark.get("type").and_then(Value::as_str).and_then(of_name)
                    == Some(NodeKind::Link);
                if is_link {
                    link_target(mark).map(str::to_owned)
                } else {
                    None
                }
            }
        })
    }

    /// Writes a node without a known kind: only what it holds of nodes whose kind is known.
    fn unknown(&mut self, item: &Value, depth: usize) {
        if depth > DEPTH || self.budget == 0 {
            return;
        }
        self.budget -= 1;
        match item {
            Value::Object(fields) if !is_document(fields) => {
                for value in fields.values() {
                    match value {
                        Value::Array(items) if is_rich(items) => {
                            self.nodes(items, Place::Block, depth + 1);
                        }
                        Value::Object(_) => self.unknown(value, depth + 1),
                        _ => {}
                    }
                }
            }
            Value::String(text) if strings::ends_sentence(text) => {
                let start = self.markup.len();
                self.markup.push_str(&strings::inline(text));
                self.wrap(start, "p");
            }
            _ => {}
        }
    }

    /// Writes a node within a line.
    fn inline(&mut self, item: &Value, depth: usize) {
        if depth > DEPTH || self.budget == 0 {
            return;
        }
        self.budget -= 1;
        let depth = depth + 1;
        let start = self.markup.len();
        match (item, node_kind(item)) {
            (Value::String(text), _) => self.markup.push_str(&strings::inline(text)),
            (_, Some(NodeKind::LineBreak)) => self.markup.push_str("<br>"),
            (_, Some(NodeKind::Link)) => {
                self.inside(item, Place::Line, depth);
                self.wrap_link(start, link_target(item));
            }
            (_, Some(NodeKind::Inline(tag))) => {
                self.inside(item, Place::Line, depth);
                self.wrap_inline(start, tag);
            }
            (Value::Object(fields), Some(NodeKind::Text)) => {
                self.inside(item, Place::Line, depth);
                for tag in marks(fields) {
                    self.wrap_inline(start, tag);
                }
                let target = self.marked_link(fields);
                self.wrap_link(start, target.as_deref());
            }
            (_, Some(NodeKind::Dropped | NodeKind::Image)) => {}
            (_, Some(_)) => self.inside(item, Place::Line, depth),
            // A node that editors put into a line, such as a footnote's mark or a person's name.
            (Value::Object(_), None) => self.inside(item, Place::Line, depth),
            _ => {}
        }
    }

    fn wrap_inline(&mut self, start: usize, tag: &str) {
        if !self.markup[start..].trim().is_empty() {
            self.markup.insert_str(start, &format!("<{tag}>"));
            self.markup.push_str(&format!("</{tag}>"));
        }
    }

    fn wrap_link(&mut self, start: usize, target: Option<&str>) {
        if let Some(target) = target
            && !self.markup[start..].trim().is_empty()
        {
            let href = escape_html(target);
            self.markup
                .insert_str(start, &format!("<a href=\"{href}\">"));
            self.markup.push_str("</a>");
        }
    }

    /// Writes what a node holds: its children, or where it has none its text.
    fn inside(&mut self, item: &Value, place: Place, depth: usize) {
        let start = self.markup.len();
        match item {
            Value::Object(fields) => {
                self.children(fields, place, depth);
                for wrapper in wrappers(fields) {
                    if self.markup.len() > start {
                        return;
                    }
                    self.children(wrapper, place, depth);
                }
            }
            Value::Array(items) => match items.as_slice() {
                [Value::String(_), Value::Object(_), children @ ..] => {
                    self.nodes(children, place, depth);
                }
                [_, _, _, Value::Object(props), ..] => self.children(props, place, depth),
                _ => {}
            },
            _ => {}
        }
        if self.markup[start..].trim().is_empty() {
            self.markup.truncate(start);
            let text = own_text(item).unwrap_or_default();
            match place {
                Place::Line if self.ranged(item, text) => {}
                Place::Line => self.markup.push_str(&strings::inline(text)),
                Place::Block => self.markup.push_str(&strings::blocks(text)),
            }
        }
    }

    /// Writes the first children that have a text.
    fn children(&mut self, fields: &Map<String, Value>, place: Place, depth: usize) {
        if depth > DEPTH {
            return;
        }
        let start = self.markup.len();
        for key in CHILD_KEYS {
            match fields.get(key) {
                Some(Value::Array(items)) if !items.is_empty() => {
                    self.nodes(items, place, depth + 1);
                }
                Some(Value::Object(_)) if key != "value" => {
                    if let Some(child) = fields.get(key) {
                        self.inside(child, place, depth + 1);
                    }
                }
                // React's only child needs no list.
                Some(Value::String(text)) if key == "children" => {
                    self.markup.push_str(&strings::inline(text));
                }
                _ => continue,
            }
            if self.markup.len() > start {
                return;
            }
        }
    }
}

/// Where nodes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Below each other.
    Block,
    /// In a line.
    Line,
}
