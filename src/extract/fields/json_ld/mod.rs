//! JSON-LD: the node that speaks of this page's article, and what it says. Blocks are many, nested
//! and often broken ([`repair`]); they also speak of other articles, of the paper and of the way to
//! the page. What is taken over is still text as the page wrote it, to be cleaned by the caller.

mod repair;

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::article::Kind;
use crate::extract::fields::field;
use crate::limits::Limits;

type Object = Map<String, Value>;

/// Keys that lead from a node to nodes of the same page.
const INWARD: [&str; 3] = ["@graph", "mainEntity", "mainEntityOfPage"];
/// Nodes of one page that are looked at.
const NODES: usize = 2_000;
/// With more articles than this on a page and none that names it, the page is a list.
const FEW_ARTICLES: usize = 2;

/// What the page's JSON-LD says; fields are empty where it is silent.
#[derive(Debug, Default, PartialEq)]
pub(super) struct LinkedData {
    pub(super) headline: Option<String>,
    pub(super) description: Option<String>,
    pub(super) authors: Vec<String>,
    /// The authors, where all of them are organisations.
    pub(super) organisations: Vec<String>,
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) section: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) image: Option<String>,
    pub(super) publisher: Option<String>,
    pub(super) language: Option<String>,
    pub(super) is_free: Option<bool>,
    pub(super) body: Option<String>,
    pub(super) kind: Option<Kind>,
    /// Names on the way from the front page, outermost first.
    pub(super) crumbs: Vec<String>,
    /// When the page, not the article, was published: content systems state it for every page.
    pub(super) page_published: Option<String>,
    /// When the page was changed.
    pub(super) page_modified: Option<String>,
}

/// What is known of the page from elsewhere, to tell its article from others.
#[derive(Debug, Default)]
pub(super) struct PageNames {
    /// Addresses of the page, each by [`address_key`].
    pub(super) addresses: Vec<String>,
    /// Its titles in plain form.
    pub(super) titles: Vec<String>,
}

/// Reads every block and says what they say of this page.
pub(super) fn read(blocks: &[&str], page: &PageNames) -> LinkedData {
    let limits = &Limits::DEFAULT;
    let values: Vec<Value> = blocks
        .iter()
        .take(limits.json_ld_blocks)
        .filter(|text| text.len() <= limits.json_ld_bytes)
        .filter_map(|text| repair::parse(text))
        .collect();
    let mut graph = Graph::default();
    for value in &values {
        graph.collect(value);
    }
    graph.describe(page)
}

/// The types that a block names, read without parsing it: they tell what the page deals in also
/// where the rest is broken.
pub(super) fn named_types(block: &str) -> impl Iterator<Item = &str> {
    let block = if block.len() > Limits::DEFAULT.json_ld_bytes {
        ""
    } else {
        block
    };
    block.split("\"@type\"").skip(1).filter_map(|rest| {
        let value = rest.trim_start().strip_prefix(':')?.trim_start();
        let value = value.strip_prefix('[').map_or(value, str::trim_start);
        value
            .strip_prefix('"')?
            .split_once('"')
            .map(|(name, _)| name)
    })
}

/// An address without scheme, `www.`, query, fragment and closing slash: what names a page in
/// whatever spelling.
pub(super) fn address_key(address: &str) -> String {
    let bare = address.split(['?', '#']).next().unwrap_or_default();
    let bare = bare.split_once("://").map_or(bare, |(_, rest)| rest);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    bare.trim_end_matches('/').to_ascii_lowercase()
}

/// What a node is about, by its `@type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Page,
    Media,
    Article,
}

/// The nodes of all blocks.
#[derive(Debug, Default)]
struct Graph<'v> {
    nodes: Vec<&'v Object>,
    by_id: HashMap<&'v str, &'v Object>,
}

impl<'v> Graph<'v> {
    /// Takes in a value and what it leads to. Depth is bounded by the parser's (128).
    fn collect(&mut self, value: &'v Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Object(object) if self.nodes.len() < NODES => {
                self.nodes.push(object);
                if object.len() > 1
                    && let Some(id) = object.get("@id").and_then(Value::as_str)
                {
                    self.by_id.entry(id).or_insert(object);
                }
                for key in INWARD {
                    if let Some(inner) = object.get(key) {
                        self.collect(inner);
                    }
                }
            }
            _ => {}
        }
    }

    fn describe(&self, page: &PageNames) -> LinkedData {
        let mut data = self
            .main(page)
            .map(|node| self.article(node))
            .unwrap_or_default();
        for node in self
            .nodes
            .iter()
            .filter(|it| class(it) == Some(Class::Page))
        {
            data.page_published = data
                .page_published
                .or_else(|| text(node.get("datePublished")));
            data.page_modified = data
                .page_modified
                .or_else(|| text(node.get("dateModified")));
            data.language = data.language.or_else(|| text(node.get("inLanguage")));
            data.description = data.description.or_else(|| text(node.get("description")));
            data.kind = data.kind.or_else(|| kind(node));
            if data.crumbs.is_empty() {
                data.crumbs = self.crumbs(node.get("breadcrumb"));
            }
        }
        if data.crumbs.is_empty() {
            let list = self.nodes.iter().find(|it| has_type(it, "breadcrumblist"));
            data.crumbs = list.map(|list| crumb_names(list)).unwrap_or_default();
        }
        if data.publisher.is_none() {
            let sites = ["website", "newsmediaorganization", "organization"];
            data.publisher = sites.iter().find_map(|name| {
                let site = self.nodes.iter().find(|it| has_type(it, name))?;
                text(site.get("name"))
            });
        }
        data
    }

    /// The article of the page: of the highest class, the node that names the page best; none
    /// where several articles are listed and none names it.
    fn main(&self, page: &PageNames) -> Option<&'v Object> {
        let mut best: Option<(&'v Object, (bool, Class, u8))> = None;
        let mut articles = 0;
        for &node in &self.nodes {
            let Some(class) = class(node).filter(|&it| it > Class::Page) else {
                continue;
            };
            articles += usize::from(class == Class::Article);
            let belongs = belongs(node, page);
            // A video that names the page is still a part of the article that doesn't say so.
            let rank = (class == Class::Article || belongs > 0, class, belongs);
            if best.is_none_or(|(_, highest)| rank > highest) {
                best = Some((node, rank));
            }
        }
        let (node, (_, class, belongs)) = best?;
        let is_listed = articles > FEW_ARTICLES && belongs == 0;
        let is_loose = class == Class::Media && belongs == 0;
        (!is_listed && !is_loose).then_some(node)
    }

    fn article(&self, node: &'v Object) -> LinkedData {
        let get = |key: &str| node.get(key);
        let authors = self.names(node);
        let is_organisation = |it: &Value| {
            it.as_object()
                .is_some_and(|it| has_type(it, "organization"))
        };
        let all_organisations = many(get("author")).all(is_organisation);
        LinkedData {
            organisations: if all_organisations {
                authors.clone()
            } else {
                Vec::new()
            },
            headline: text(get("headline")).or_else(|| text(get("name"))),
            description: text(get("description")),
            authors,
            published: text(get("datePublished"))
                .or_else(|| text(get("uploadDate")))
                .or_else(|| text(get("dateCreated"))),
            modified: text(get("dateModified")),
            section: text(get("articleSection")),
            tags: words(get("keywords")),
            image: self
                .address(get("image"))
                .or_else(|| self.address(get("thumbnailUrl"))),
            publisher: get("publisher").and_then(|it| self.name(it)),
            language: text(get("inLanguage")),
            is_free: get("isAccessibleForFree").and_then(truth),
            body: text(get("articleBody")),
            kind: kind(node),
            ..LinkedData::default()
        }
    }

    fn names(&self, node: &'v Object) -> Vec<String> {
        for key in ["author", "creator"] {
            let names: Vec<String> = many(node.get(key))
                .take(Limits::DEFAULT.list_items)
                .filter_map(|it| self.name(it))
                .collect();
            if !names.is_empty() {
                return names;
            }
        }
        Vec::new()
    }

    /// The name of a person or an organisation: a string, a node, or a reference to one.
    fn name(&self, value: &Value) -> Option<String> {
        match value {
            Value::String(name) => Some(name.clone()),
            Value::Array(items) => items.iter().find_map(|item| self.name(item)),
            Value::Object(object) => {
                let own = text(object.get("name")).or_else(|| {
                    let given = text(object.get("givenName"))?;
                    Some(format!("{given} {}", text(object.get("familyName"))?))
                });
                own.or_else(|| text(self.resolve(object)?.get("name")))
            }
            _ => None,
        }
    }

    fn address(&self, value: Option<&Value>) -> Option<String> {
        match value? {
            Value::String(address) => Some(address.clone()),
            Value::Array(items) => items.iter().find_map(|item| self.address(Some(item))),
            Value::Object(object) => {
                let own = text(object.get("url")).or_else(|| text(object.get("contentUrl")));
                own.or_else(|| {
                    let image = self.resolve(object)?;
                    text(image.get("url")).or_else(|| text(image.get("contentUrl")))
                })
            }
            _ => None,
        }
    }

    fn resolve(&self, object: &Object) -> Option<&'v Object> {
        self.by_id.get(object.get("@id")?.as_str()?).copied()
    }

    fn crumbs(&self, value: Option<&Value>) -> Vec<String> {
        let Some(list) = value.and_then(Value::as_object) else {
            return Vec::new();
        };
        crumb_names(self.resolve(list).unwrap_or(list))
    }
}

fn crumb_names(list: &Object) -> Vec<String> {
    many(list.get("itemListElement"))
        .take(Limits::DEFAULT.list_items)
        .filter_map(|it| {
            let item = it.as_object()?;
            text(item.get("name")).or_else(|| text(item.get("item")?.get("name")))
        })
        .collect()
}

/// How much speaks for the node being this page's article: its address, its headline.
fn belongs(node: &Object, page: &PageNames) -> u8 {
    let addresses = ["url", "@id", "mainEntityOfPage"];
    let mut known = addresses.iter().filter_map(|key| {
        let value = node.get(*key)?;
        let address = value.as_str().or_else(|| {
            let inner = value.as_object()?;
            inner.get("@id").or_else(|| inner.get("url"))?.as_str()
        })?;
        Some(address_key(address))
    });
    let by_address = known.any(|key| !key.is_empty() && page.addresses.contains(&key));
    let headline = text(node.get("headline")).or_else(|| text(node.get("name")));
    let by_headline = headline.is_some_and(|headline| {
        let plain = headline
            .chars()
            .take(Limits::DEFAULT.field_chars)
            .collect::<String>();
        let plain = field::clean(&plain)
            .map(|it| field::plain(&it))
            .unwrap_or_default();
        !plain.is_empty() && page.titles.iter().any(|title| title.starts_with(&plain))
    });
    u8::from(by_address) * 2 + u8::from(by_headline) * 2
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

fn has_type(node: &Object, name: &str) -> bool {
    types(node).any(|it| it == name)
}

/// The classes of schema.org's types, in words their names end with.
const CLASSES: &[(&str, Class)] = &[
    ("article", Class::Article),
    ("blogposting", Class::Article),
    ("posting", Class::Article),
    ("report", Class::Article),
    ("recipe", Class::Article),
    ("claimreview", Class::Article),
    ("review", Class::Article),
    ("gallery", Class::Media),
    ("videoobject", Class::Media),
    ("podcastepisode", Class::Media),
    ("episode", Class::Media),
    ("newsevent", Class::Media),
    ("page", Class::Page),
];

fn class(node: &Object) -> Option<Class> {
    types(node)
        .filter_map(|name| {
            let (_, class) = CLASSES.iter().find(|(end, _)| name.ends_with(end))?;
            Some(*class)
        })
        .max()
}

/// The kind of a page by its node's type; a bare `WebPage` says nothing.
fn kind(node: &Object) -> Option<Kind> {
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

/// The items of a value that may be one or many.
fn many(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
    .iter()
}

/// A value as text: a string, the first of several, the value or name of a node.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => items.iter().find_map(|item| text(Some(item))),
        Value::Object(object) => ["@value", "name", "@id"]
            .iter()
            .find_map(|key| object.get(*key)?.as_str())
            .map(str::to_owned),
        _ => None,
    }
}

/// Keywords: a list of strings or nodes, or one string with commas.
fn words(value: Option<&Value>) -> Vec<String> {
    many(value)
        .take(Limits::DEFAULT.list_items)
        .filter_map(|it| text(Some(it)))
        .collect()
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(word) => match word.rsplit('/').next()?.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests;
