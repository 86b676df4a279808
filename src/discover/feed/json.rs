//! JSON Feed.

use serde_json::{Deserializer, Value};
use url::Url;

use crate::discover::dates::feed_millis;
use crate::discover::{CandidateUrl, Feed, resolve};
use crate::limits::Limits;
use crate::page::tree::fold_space;

/// After so many damaged items the rest is not read.
const DAMAGED_ITEMS: usize = 20;

/// Reads the items of a JSON Feed one by one; `None` if the text is no JSON Feed.
pub(super) fn feed(text: &str, base: &Url, limits: &Limits) -> Option<Feed> {
    if !text.contains("jsonfeed.org") {
        return None;
    }
    let (_, after) = text.split_once("\"items\"")?;
    let mut rest = after
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('[')?;
    let mut feed = Feed::default();
    let mut damaged = 0;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if rest.starts_with(']') {
            break;
        }
        if feed.entries.len() >= limits.sitemap_urls {
            feed.truncated = true;
            break;
        }
        let mut items = Deserializer::from_str(rest).into_iter::<Value>();
        match items.next() {
            Some(Ok(item)) => {
                feed.entries.extend(candidate(&item, base, limits));
                rest = &rest[items.byte_offset()..];
            }
            Some(Err(error)) if !error.is_eof() && damaged < DAMAGED_ITEMS => {
                damaged += 1;
                // The next item begins at the next brace after a comma.
                let next = rest.match_indices('{').skip(1);
                let mut starts = next.filter(|(at, _)| rest[..*at].trim_end().ends_with(','));
                let Some((start, _)) = starts.next() else {
                    break;
                };
                rest = &rest[start..];
            }
            _ => {
                damaged += 1;
                break;
            }
        }
    }
    feed.is_damaged = damaged > 0;
    Some(feed)
}

fn candidate(item: &Value, base: &Url, limits: &Limits) -> Option<CandidateUrl> {
    let text = |name: &str| item[name].as_str().filter(|text| !text.trim().is_empty());
    let id = text("id").filter(|id| id.starts_with("http"));
    let written = text("url").or(id).or_else(|| text("external_url"))?;
    let published = text("date_published").and_then(feed_millis);
    Some(CandidateUrl {
        url: resolve(base, written, limits)?,
        title: text("title").map(fold_space),
        dated: published.or_else(|| text("date_modified").and_then(feed_millis)),
        published,
    })
}
