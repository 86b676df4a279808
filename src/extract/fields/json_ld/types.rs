//! schema.org's types: what kind of node and of page each stands for.

use serde_json::Value;

use crate::article::Kind;
use crate::extract::fields::json_ld::values::{Object, many};
use crate::limits::Limits;

/// What a node describes, by its `@type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NodeClass {
    Page,
    Media,
    Article,
}

/// The classes of schema.org's types, by how their names end.
const CLASSES: &[(&str, NodeClass)] = &[
    ("article", NodeClass::Article),
    ("blogposting", NodeClass::Article),
    ("posting", NodeClass::Article),
    ("report", NodeClass::Article),
    ("recipe", NodeClass::Article),
    ("claimreview", NodeClass::Article),
    ("review", NodeClass::Article),
    ("gallery", NodeClass::Media),
    ("videoobject", NodeClass::Media),
    ("podcastepisode", NodeClass::Media),
    ("episode", NodeClass::Media),
    ("newsevent", NodeClass::Media),
    ("page", NodeClass::Page),
];

/// The highest class of a node's types.
pub(super) fn class(node: &Object) -> Option<NodeClass> {
    types(node)
        .filter_map(|name| {
            let (_, class) = CLASSES.iter().find(|(end, _)| name.ends_with(end))?;
            Some(*class)
        })
        .max()
}

/// The kind of a page by its node's type; a bare `WebPage` says nothing.
pub(super) fn kind(node: &Object) -> Option<Kind> {
    types(node).find_map(|name| match name.as_str() {
        "liveblogposting" => Some(Kind::LiveBlog),
        "imagegallery" | "mediagallery" => Some(Kind::Gallery),
        "videoobject" => Some(Kind::Video),
        "collectionpage" | "searchresultspage" => Some(Kind::Index),
        "product" | "productpage" | "contactpage" | "checkoutpage" => Some(Kind::Other),
        name if name.ends_with("article") || name.ends_with("blogposting") => Some(Kind::Article),
        _ => None,
    })
}

/// True where one of a node's types has this name, in lower case.
pub(super) fn has_type(node: &Object, name: &str) -> bool {
    types(node).any(|it| it == name)
}

fn types(node: &Object) -> impl Iterator<Item = String> + '_ {
    many(node.get("@type"))
        .take(10)
        .filter_map(Value::as_str)
        .map(|name| {
            name.rsplit(['/', ':', '#'])
                .next()
                .unwrap_or(name)
                .to_ascii_lowercase()
        })
}

/// The types that a block names, found without parsing it: they say what the page is about even
/// where the rest is broken.
pub(in crate::extract::fields) fn named_types<'b>(
    block: &'b str,
    limits: &Limits,
) -> impl Iterator<Item = &'b str> + use<'b> {
    let block = if block.len() > limits.json_ld_bytes {
        ""
    } else {
        block
    };
    block.split("@type").skip(1).filter_map(|rest| {
        let value = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
        let value = value.trim_start().strip_prefix(':')?.trim_start();
        let value = value.strip_prefix('[').map_or(value, str::trim_start);
        let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        value[1..].split_once(quote).map(|(name, _)| name)
    })
}
