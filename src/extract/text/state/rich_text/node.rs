//! What a node of rich text says of itself: its kind, its text, its level, its marks, its address.

use serde_json::{Map, Value};

use crate::extract::text::state::kinds::{ListKind, NodeKind, kind_of, of_name, of_tag};
use crate::extract::text::state::strings;

/// Where nodes keep their text.
const TEXT_KEYS: [&str; 10] = [
    "text",
    "value",
    "content",
    "html",
    "innerHTML",
    "markdown",
    "code",
    "copy",
    "body",
    "rawHtml",
];
/// Objects between a node and its fields.
const WRAPPER_KEYS: [&str; 12] = [
    "data",
    "model",
    "attributes",
    "attrs",
    "props",
    "properties",
    "fields",
    "primary",
    "params",
    "value",
    "settings",
    "json",
];
/// Where links keep their address.
const LINK_KEYS: [&str; 6] = ["url", "href", "uri", "locator", "link", "target_url"];

/// True for a list of nodes of rich text: half of them are known by their kind, and one has text.
pub(in crate::extract::text::state) fn is_rich(items: &[Value]) -> bool {
    let (mut known, mut texts) = (0, 0);
    for item in items {
        let kind = node_kind(item);
        known += usize::from(kind.is_some());
        texts += usize::from(kind.is_some_and(NodeKind::is_text));
    }
    texts > 0 && known * 2 >= items.len()
}

/// What an item of a list is: an object by its fields, a list by the name of an element at its head.
pub(super) fn node_kind(item: &Value) -> Option<NodeKind> {
    match item {
        Value::Object(fields) => kind_of(fields),
        Value::Array(items) => match items.as_slice() {
            // `["p", {}, "text"]`, as Nuxt writes elements.
            [Value::String(tag), Value::Object(_), ..] => of_tag(tag),
            // `["$", "p", null, {"children": "text"}]`, as React does.
            [
                Value::String(sign),
                Value::String(tag),
                _,
                Value::Object(_),
                ..,
            ] if sign == "$" => of_tag(tag),
            _ => None,
        },
        _ => None,
    }
}

/// True for texts that are whole sentences, one by one, with no space to join them: paragraphs.
pub(super) fn stand_alone(items: &[Value]) -> bool {
    let mut texts = 0;
    for item in items {
        let Some(text) = item.as_str().or_else(|| own_text(item)) else {
            return false;
        };
        let is_whole = strings::has_blocks(text)
            || (text.trim() == text && text.contains(' ') && strings::ends_sentence(text))
            || (text.trim() == text && text.chars().count() > 12 && strings::ends_sentence(text));
        if !is_whole {
            return false;
        }
        texts += 1;
    }
    texts > 1
}

/// The objects between a node and its fields.
pub(super) fn wrappers(fields: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    WRAPPER_KEYS
        .iter()
        .filter_map(|key| fields.get(*key)?.as_object())
}

/// The text that a node holds itself.
pub(super) fn own_text(item: &Value) -> Option<&str> {
    let fields = item.as_object()?;
    let text = |fields: &'_ Map<String, Value>| {
        let key = TEXT_KEYS
            .iter()
            .find(|key| fields.get(**key).is_some_and(Value::is_string))?;
        Some(*key)
    };
    if let Some(key) = text(fields) {
        return fields[key].as_str();
    }
    wrappers(fields).find_map(|inner| inner[text(inner)?].as_str())
}

/// A heading's level, where a field says it; else 2.
pub(super) fn stated_level(item: &Value) -> u8 {
    let level = item.as_object().and_then(|fields| {
        std::iter::once(fields)
            .chain(wrappers(fields))
            .find_map(|fields| {
                let level = fields
                    .get("level")
                    .or_else(|| fields.get("depth"))
                    .or_else(|| fields.get("tag"))?;
                let name = level
                    .as_str()
                    .and_then(|it| it.trim_start_matches('h').parse().ok());
                level.as_u64().or(name)
            })
    });
    level
        .and_then(|level| u8::try_from(level).ok())
        .unwrap_or(2)
}

/// The tag of a list, where a field says whether it is numbered.
pub(super) fn stated_list(item: &Value) -> &'static str {
    let is_numbered = item.as_object().is_some_and(|fields| {
        std::iter::once(fields)
            .chain(wrappers(fields))
            .any(|fields| {
                let keys = ["list_type", "listType", "style", "format", "ordered", "tag"];
                keys.iter().filter_map(|key| fields.get(*key)).any(|value| {
                    let name = value
                        .as_str()
                        .is_some_and(|it| matches!(it, "ordered" | "numbered" | "number" | "ol"));
                    name || value == &Value::Bool(true)
                })
            })
    });
    if is_numbered { "ol" } else { "ul" }
}

pub(super) fn list_tag(list: ListKind) -> &'static str {
    if list == ListKind::Numbers {
        "ol"
    } else {
        "ul"
    }
}

/// How deep an item is nested that has no list around it.
pub(super) fn item_level(item: &Value) -> usize {
    let level = |key: &str| item.get(key).and_then(Value::as_u64);
    let level = level("level").unwrap_or_else(|| level("depth").unwrap_or(0) + 1);
    usize::try_from(level).unwrap_or(1).clamp(1, 6)
}

/// The elements for the marks of a text.
pub(super) fn marks(fields: &Map<String, Value>) -> Vec<&'static str> {
    let mut marks = Vec::new();
    let mut add = |name: &str| {
        if let Some(NodeKind::Inline(tag)) = of_name(name) {
            marks.push(tag);
        } else if name == "code" {
            marks.push("code");
        }
    };
    for mark in fields
        .get("marks")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let name = mark.as_str().or_else(|| mark.get("type")?.as_str());
        name.into_iter().for_each(&mut add);
    }
    for name in ["bold", "italic", "code"] {
        if fields.get(name) == Some(&Value::Bool(true)) {
            add(name);
        }
    }
    // Lexical's bits.
    let bits = fields.get("format").and_then(Value::as_u64).unwrap_or(0);
    for (bit, name) in [(1, "bold"), (2, "italic"), (16, "code")] {
        if bits & bit != 0 {
            add(name);
        }
    }
    marks
}

/// The address that a node links to.
pub(super) fn link_target(item: &Value) -> Option<&str> {
    let fields = match item {
        Value::Object(fields) => fields,
        Value::Array(items) => items.iter().find_map(Value::as_object)?,
        _ => return None,
    };
    std::iter::once(fields)
        .chain(wrappers(fields))
        .find_map(|fields| LINK_KEYS.iter().find_map(|key| fields.get(*key)?.as_str()))
        .filter(|target| target.len() < 2000)
}

/// True for an object with a headline and an address: an article, or a card that leads to one.
pub(in crate::extract::text::state) fn is_document(fields: &Map<String, Value>) -> bool {
    let has = |keys: &[&str]| {
        keys.iter()
            .any(|key| fields.get(*key).is_some_and(|it| !it.is_null()))
    };
    has(&["title", "headline", "headlines", "name"])
        && has(&[
            "url",
            "slug",
            "uri",
            "path",
            "link",
            "href",
            "permalink",
            "canonical_url",
            "canonicalUrl",
            "website_url",
        ])
}
