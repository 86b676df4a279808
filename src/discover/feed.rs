//! RSS, Atom and JSON feeds. Each item is read on its own, so that a damaged one does not cost the others.

mod json;

use url::Url;

use crate::discover::dates::feed_millis;
use crate::discover::xml::{self, Field, Item, Names};
use crate::discover::{CandidateUrl, DiscoverError, Feed, gzip, resolve};
use crate::limits::Limits;
use crate::page::decode::decode;
use crate::page::tree::fold_space;

/// The names of the root elements of feeds.
pub(super) const ROOTS: &[&str] = &["rss", "feed", "rdf", "channel", "entry"];
const NAMES: Names = Names {
    items: &["item", "entry"],
    leaves: &[
        "title",
        "link",
        "guid",
        "id",
        "pubdate",
        "published",
        "updated",
        "issued",
        "modified",
        "description",
        "summary",
        "category",
        "comments",
    ],
};
const ATOM: &str = "http://www.w3.org/2005/atom";

/// Parses an RSS, Atom or JSON feed, gzipped or not, as far as it can be read. Entries without an address are
/// skipped.
///
/// # Errors
/// Fails if the bytes are not a feed, or are more than [`Limits::feed_bytes`].
pub fn feed(
    bytes: &[u8],
    content_type: Option<&str>,
    base: &Url,
    limits: &Limits,
) -> Result<Feed, DiscoverError> {
    let unzipped = gzip::unzip(bytes, limits.feed_bytes)?;
    if unzipped.is_too_large {
        return Err(DiscoverError::TooLarge(limits.feed_bytes));
    }
    let decoded = decode(&unzipped.bytes, content_type, Some(base));
    let text = decoded
        .text
        .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut feed = Feed::default();
    if text.starts_with('{') {
        feed = json::feed(text, base, limits).ok_or(DiscoverError::NotFeed)?;
    } else {
        let is_damaged = xml::items(text, ROOTS, &NAMES, |item| {
            feed.truncated = feed.entries.len() >= limits.sitemap_urls;
            if !feed.truncated {
                feed.entries.extend(candidate(item, base, limits));
            }
            !feed.truncated
        });
        feed.is_damaged = is_damaged.ok_or(DiscoverError::NotFeed)?;
    }
    feed.is_damaged |= unzipped.is_cut_off;
    Ok(feed)
}

fn candidate(item: &Item<'_>, base: &Url, limits: &Limits) -> Option<CandidateUrl> {
    let written = address(item)?;
    let base = item
        .bases
        .iter()
        .fold(base.clone(), |base, next| base.join(next).unwrap_or(base));
    let first = |names: &[&str]| {
        let mut dates = item.direct().filter(|it| names.contains(&&*it.name));
        dates.find_map(|it| feed_millis(&it.text))
    };
    let published = first(&["pubdate", "published", "issued", "date"]);
    let title = item.own("title").map(|it| fold_space(&it.text));
    Some(CandidateUrl {
        url: resolve(&base, &written, limits)?,
        title: title.into_iter().find(|it| !it.is_empty()),
        dated: published.or_else(|| first(&["updated", "modified"])),
        published,
    })
}

/// The address for readers: that which a feed service has replaced, the link to the page, the permalink, or
/// any other.
fn address(item: &Item<'_>) -> Option<String> {
    let mut ranked: Vec<(u8, &str)> = Vec::new();
    for field in item.direct() {
        let text = field.text.trim();
        match &*field.name {
            "origlink" => ranked.push((0, text)),
            "link" if field.attribute("href").is_none() && field.is_core => ranked.push((1, text)),
            "link"
                if field.is_core
                    || field.namespace.eq_ignore_ascii_case(ATOM)
                    || field.namespace == "atom" =>
            {
                let href = field.attribute("href").unwrap_or_default();
                ranked.extend(rank(field).map(|rank| (rank, href)));
            }
            "guid" | "id" if field.is_core && text.starts_with("http") => {
                let is_permalink = field.attribute("ispermalink") != Some("false");
                ranked.push((if is_permalink { 3 } else { 5 }, text));
            }
            _ => {}
        }
    }
    ranked.extend(item.attribute("rdf:about").map(|about| (3, about)));
    ranked.retain(|(_, written)| !written.trim().is_empty());
    let best = ranked.into_iter().min_by_key(|(rank, _)| *rank)?;
    Some(best.1.to_owned())
}

/// The rank of an Atom link: the page for readers before other forms of it, both before the rest.
fn rank(link: &Field<'_>) -> Option<u8> {
    let kind = link
        .attribute("type")
        .unwrap_or("text/html")
        .to_ascii_lowercase();
    let is_page = kind.starts_with("text/html") || kind.starts_with("application/xhtml");
    match link
        .attribute("rel")
        .unwrap_or("alternate")
        .to_ascii_lowercase()
        .as_str()
    {
        "alternate" | "" if is_page => Some(1),
        "alternate" | "" => Some(4),
        "enclosure" | "edit" | "replies" | "license" | "hub" => None,
        _ => Some(6),
    }
}

#[cfg(test)]
mod tests;
