//! JSON-LD: the node that describes this page's article, and what it states. Pages have many blocks,
//! nested and often broken ([`repair`]), which also describe other articles, the newspaper and the
//! path to the page. Values are returned as the page wrote them, for the caller to clean.

mod graph;
mod lenient;
mod repair;
mod types;
mod values;

use serde_json::Value;

use crate::article::{Access, Kind};
use crate::limits::Limits;
use graph::Graph;
pub(super) use types::named_types;

/// What the page's JSON-LD states; a field is empty where it states nothing.
#[derive(Debug, Default, PartialEq)]
pub(super) struct LinkedData {
    pub(super) headline: Option<String>,
    pub(super) description: Option<String>,
    pub(super) authors: Vec<String>,
    /// The authors that are organisations.
    pub(super) organisations: Vec<String>,
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) section: Option<String>,
    pub(super) tags: Vec<String>,
    /// The article's pictures, then their thumbnails.
    pub(super) images: Vec<String>,
    pub(super) publisher: Option<String>,
    /// The picture of the publisher.
    pub(super) logo: Option<String>,
    /// The names of the web site and of organisations, one of each type.
    pub(super) sites: Vec<String>,
    pub(super) language: Option<String>,
    pub(super) access: Option<Access>,
    /// Whether the article's parts, or the page around it, are free to read.
    pub(super) access_of_parts: Option<Access>,
    pub(super) body: Option<String>,
    pub(super) kind: Option<Kind>,
    /// Names on the path from the front page, outermost first.
    pub(super) breadcrumbs: Vec<String>,
    /// When the page, not the article, was published: content systems state it for every page.
    pub(super) page_published: Option<String>,
    /// When the page was modified.
    pub(super) page_modified: Option<String>,
}

/// What is known of the page from elsewhere, to distinguish its article from others.
#[derive(Debug, Default)]
pub(super) struct PageNames {
    /// The page's URLs, each as its [`url_key`].
    pub(super) urls: Vec<String>,
    /// Its titles in plain form.
    pub(super) titles: Vec<String>,
}

/// Reads every block and returns what they state about this page.
pub(super) fn read(blocks: &[&str], page: &PageNames, limits: &Limits) -> LinkedData {
    let values: Vec<Value> = blocks
        .iter()
        .take(limits.json_ld_blocks)
        .filter(|text| text.len() <= limits.json_ld_bytes)
        .filter_map(|text| repair::parse(text))
        .collect();
    let mut graph = Graph::new(limits);
    for value in &values {
        graph.add(value);
    }
    graph.describe(page)
}

/// A URL without scheme, `www.`, query, fragment and trailing slash, in lower case: equal for all
/// the forms in which pages write one.
pub(super) fn url_key(url: &str) -> String {
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    let bare = bare.split_once("://").map_or(bare, |(_, rest)| rest);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    bare.trim_end_matches('/').to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
