//! The feeds of a page.

use url::Url;

use super::SiteLinks;
use crate::canonical::same_site;
use crate::discover::resolve;
use crate::page::{Id, Tag, Tree};

/// The most feeds of a page.
const FEEDS: usize = 20;
/// The media types of feeds, and those under which they are served too.
const TYPES: &[&str] = &[
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
    "text/rss+xml",
    "text/rss",
];
/// Last segments, values of parameters and parts of file names that name feeds.
const NAMES: &[&str] = &["rss", "rss2", "rdf", "atom", "feed", "feeds"];

/// The feeds that a page declares or, if there are none, those that it links to.
pub(super) fn feeds(tree: &Tree<'_>, site: &SiteLinks<'_>) -> Vec<Url> {
    let url = |id: Id| {
        let href = tree.attr(id, "href")?;
        let is_other = ["/comments/", "wp-json", "oembed"];
        let lower = href.to_ascii_lowercase();
        let url = resolve(&site.base, href, site.limits)?;
        (!is_other.iter().any(|it| lower.contains(it))).then_some(url)
    };
    let links = tree.elements(Tag::Link).filter(|&id| is_declared(tree, id));
    let declared = distinct(links.filter_map(url));
    if !declared.is_empty() {
        return declared;
    }
    let anchors = tree.elements(Tag::A).take(4 * site.limits.page_links);
    distinct(anchors.filter_map(|id| {
        let url = url(id)?;
        let has_scheme = tree.attr(id, "href")?.trim().starts_with("feed:");
        let is_feed =
            names_feed_file(&url) || (url.path().ends_with(".xml") && names_feed(&tree.text(id)));
        let is_near = same_site(&url, &site.home) && is_feed;
        // Feed services: `feeds.example.com/paper`.
        (has_scheme || is_near || names_feed(url.host_str()?)).then_some(url)
    }))
}

fn distinct(urls: impl Iterator<Item = Url>) -> Vec<Url> {
    let mut feeds: Vec<Url> = Vec::new();
    for url in urls {
        if !feeds.contains(&url) {
            feeds.push(url);
        }
        if feeds.len() >= FEEDS {
            break;
        }
    }
    feeds
}

/// True for a `<link>` to a feed: by its type or, without one, by `rel=feed`.
fn is_declared(tree: &Tree<'_>, id: Id) -> bool {
    let rel = tree
        .attr(id, "rel")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let has = |name: &str| rel.split_whitespace().any(|it| it == name);
    let kind = tree
        .attr(id, "type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    has("feed") && kind.is_empty() || (has("alternate") || has("feed")) && TYPES.contains(&kind)
}

/// True for an address such as `/rss`, `/news/feed/`, `/rss.xml`, `/politics.rss` or `?format=feed`.
fn names_feed_file(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_file = match last.rsplit_once('.') {
        Some((_, "rss" | "atom" | "rdf")) => true,
        Some((_, "xml" | "json" | "php")) => names_feed(&path),
        _ => false,
    };
    let chooses = url.query_pairs().any(|(name, value)| {
        matches!(&*name, "feed" | "format" | "type" | "output") && NAMES.contains(&&*value)
    });
    is_file || chooses || NAMES.contains(&last)
}

/// True for a text with a word that names feeds.
fn names_feed(text: &str) -> bool {
    text.to_ascii_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| NAMES.contains(&word) || word == "rssfeed")
}
