//! Where pages keep their data: scripts that hold JSON, literals that scripts assign or pass to a function, the
//! chunks of a stream, and attributes of elements.

use serde_json::Value;

use crate::extract::text::state::literal::{self, Reader};
use crate::extract::text::state::references;
use crate::page::Page;

/// Shorter literals hold no article.
const LEAST_BYTES: usize = 160;
/// Bytes of a page in which scripts are looked for.
const MOST_BYTES: usize = 16 << 20;
/// Values of one page.
pub(super) const MOST_VALUES: usize = 600_000;
/// Literals of one page.
const MOST_LITERALS: usize = 200;

/// The data of a page.
#[derive(Debug, Default)]
pub(super) struct PageState {
    /// What scripts and attributes hold.
    pub(super) values: Vec<Value>,
    /// The rows that React's server components were sent as, in one string.
    pub(super) flight: String,
    /// Values that may still be read.
    budget: usize,
}

impl PageState {
    /// Reads all data of a page; `text` is its source.
    pub(super) fn of(page: &Page<'_>, text: &str) -> PageState {
        let mut state = PageState {
            budget: MOST_VALUES,
            ..PageState::default()
        };
        let mut stream = String::new();
        for script in scripts(text) {
            state.add_script(&script, &mut stream);
        }
        state
            .values
            .extend(references::streamed(&stream, state.budget));
        state.add_attributes(page);
        state
    }

    fn add_script(&mut self, script: &Script<'_>, stream: &mut String) {
        let body = script.body.trim();
        if body.len() < LEAST_BYTES && !body.contains("push(") && !body.contains("enqueue(") {
            return;
        }
        let is_json =
            script.is_json() || (body.starts_with(['{', '[']) && body.ends_with(['}', ']']));
        if is_json && self.add_json(body) {
            return;
        }
        self.add_literals(body, stream);
    }

    /// Adds a script that is one value.
    fn add_json(&mut self, body: &str) -> bool {
        // Angular's server once escaped its state by entities of its own.
        let unescaped;
        let body = if body.starts_with("{&q;") || body.starts_with("{&quot;") {
            unescaped = [
                ("&q;", "\""),
                ("&quot;", "\""),
                ("&l;", "<"),
                ("&g;", ">"),
                ("&s;", "'"),
                ("&a;", "&"),
            ]
            .iter()
            .fold(body.to_owned(), |body, (from, to)| body.replace(from, to));
            unescaped.as_str()
        } else {
            body
        };
        let Some(value) = literal::value(body, self.budget) else {
            return false;
        };
        self.add(value);
        true
    }

    /// Adds the literals that a script assigns or passes on. Each byte is read once: after a literal that fails,
    /// the search goes on where it failed.
    fn add_literals(&mut self, body: &str, stream: &mut String) {
        let bytes = body.as_bytes();
        let mut at = 0;
        while let Some(found) = memchr::memchr3(b'=', b'(', b',', &bytes[at..]) {
            let sign = at + found;
            at = sign + 1;
            if self.budget == 0 || self.values.len() >= MOST_LITERALS {
                return;
            }
            if !begins_literal(&body[at..]) {
                continue;
            }
            let mut reader = Reader::new(body, at, self.budget);
            let value = reader.value(0);
            let length = reader.at - at;
            self.budget = self.budget.min(reader.left());
            at = reader.at.max(at);
            while !body.is_char_boundary(at) {
                at += 1;
            }
            let Some(value) = value else { continue };
            if !self.add_chunk(&body[..sign], &value, stream) && length >= LEAST_BYTES {
                self.add(value);
            }
        }
    }

    /// Adds a chunk of a stream: of React's server components, or of React Router's data.
    fn add_chunk(&mut self, before: &str, value: &Value, stream: &mut String) -> bool {
        match value {
            Value::Array(items) if before.ends_with("push") => match items.as_slice() {
                [Value::Number(_), Value::String(chunk)] => {
                    self.flight.push_str(chunk);
                    true
                }
                _ => false,
            },
            Value::String(chunk) if before.ends_with("enqueue") => {
                stream.push_str(chunk);
                true
            }
            _ => false,
        }
    }

    fn add(&mut self, value: Value) {
        let value = references::resolved(value, &mut self.budget);
        self.values.push(value);
    }

    /// Adds attributes that hold data or markup: an island's `props`, `data-page`, `data-props`.
    fn add_attributes(&mut self, page: &Page<'_>) {
        let tree = &page.tree;
        for id in 0..tree.len() {
            for (name, value) in tree.attrs(id) {
                if value.len() < LEAST_BYTES || name == "srcset" || name == "style" {
                    continue;
                }
                let value = value.trim_start();
                if value.starts_with(['{', '[']) {
                    if let Some(value) = literal::value(value, self.budget) {
                        self.add(value);
                    }
                } else if value.starts_with("<p") || value.starts_with("<div") {
                    self.values.push(Value::String(value.to_owned()));
                }
            }
        }
    }
}

/// True where a literal that may be long begins: an object, a list, a string, or a call that returns one.
fn begins_literal(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(['{', '[', '"', '\'', '`'])
        || text.starts_with("JSON.parse(")
        || text.starts_with("decodeURIComponent(")
        || text.starts_with("function(")
        || text.starts_with("(function(")
}

/// A script of the page.
struct Script<'t> {
    attributes: &'t str,
    body: &'t str,
}

impl Script<'_> {
    fn is_json(&self) -> bool {
        self.attributes.contains("json")
    }

    /// True for data that describes the page and is read elsewhere.
    fn is_linked_data(&self) -> bool {
        self.attributes.contains("ld+json")
    }
}

/// The scripts of a page's source.
fn scripts(text: &str) -> impl Iterator<Item = Script<'_>> {
    let text = &text[..text.floor_char_boundary(MOST_BYTES)];
    let mut at = 0;
    let all = std::iter::from_fn(move || {
        let start = at + find_tag(&text[at..], "<script")?;
        let open = start + text[start..].find('>')?;
        let body = open + 1;
        let end = find_tag(&text[body..], "</script").map_or(text.len(), |end| body + end);
        at = end;
        Some(Script {
            attributes: &text[start..open],
            body: &text[body..end],
        })
    });
    all.filter(|script| !script.is_linked_data())
}

/// Where a tag begins, in letters of any case.
fn find_tag(text: &str, tag: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).find(|&at| {
        let head = bytes.get(at..at + tag.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(tag.as_bytes()))
    })
}
