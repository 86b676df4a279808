//! Feeds, sitemaps and links: bytes in, candidate addresses out, no I/O. All input is untrusted: it is
//! bounded by [`Limits`] and read as far as it is valid.

mod feed;
mod links;
mod sitemap;

use jiff::Timestamp;
use url::Url;

use crate::canonical::canonical;
use crate::limits::Limits;
use crate::traps::is_trap;

pub use feed::feed;
pub use links::{links, sections};
pub use sitemap::sitemap;

/// Common paths of feeds, tried on sites that declare none.
pub const USUAL_FEEDS: [&str; 4] = ["/feed/", "/rss.xml", "/feed.xml", "/atom.xml"];
/// Common paths of sitemaps, tried on sites that declare none.
pub const USUAL_SITEMAPS: [&str; 2] = ["/sitemap.xml", "/news-sitemap.xml"];

/// An address that may lead to an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateUrl {
    /// The canonical address.
    pub url: Url,
    /// The headline or the link's text.
    pub title: Option<String>,
    /// The date of publication or of the last change according to a feed or sitemap, in unix milliseconds.
    pub dated: Option<i64>,
    /// The date of publication, if stated as such, in unix milliseconds.
    pub published: Option<i64>,
}

/// The contents of a sitemap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sitemap {
    /// Pages.
    pub pages: Vec<CandidateUrl>,
    /// Further sitemaps, with their `lastmod` in unix milliseconds.
    pub maps: Vec<(Url, Option<i64>)>,
    /// True if a limit was reached before the end.
    pub truncated: bool,
}

/// The links of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// Pages of the same site that look like articles, the most likely first.
    pub pages: Vec<CandidateUrl>,
    /// Feeds that the page declares.
    pub feeds: Vec<Url>,
}

/// A feed or sitemap could not be parsed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoverError {
    /// The feed has more bytes than [`Limits::feed_bytes`].
    #[error("the feed is larger than {0} bytes")]
    TooLarge(usize),
    /// The bytes are not RSS, Atom or a JSON feed.
    #[error("not a valid feed: {0}")]
    Feed(#[source] feed_rs::parser::ParseFeedError),
    /// Decompression failed at the first byte.
    #[error("invalid gzip data: {0}")]
    Gzip(#[source] std::io::Error),
    /// XML or HTML with another root element than those of sitemaps and feeds.
    #[error("not a sitemap: the root element is <{root}>")]
    NotSitemap {
        /// The local name of the root element.
        root: String,
    },
    /// Text without any address.
    #[error("not a sitemap: neither XML nor a list of addresses")]
    NoAddresses,
}

/// Resolves an address from a page, feed or sitemap; `None` if it is not a web address, is longer than
/// [`Limits::url_chars`] or is a crawler trap.
fn resolve(base: &Url, written: &str, limits: &Limits) -> Option<Url> {
    let written = written.trim();
    if written.is_empty() || written.len() > limits.url_chars {
        return None;
    }
    let url = base.join(written).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    (is_web && !is_trap(&url)).then(|| canonical(&url))
}

/// Parses a W3C date as used in sitemaps: a year, month, day or instant.
fn w3c_millis(written: &str) -> Option<i64> {
    let written = written.trim();
    if let Ok(instant) = written.parse::<Timestamp>() {
        return Some(instant.as_millisecond());
    }
    let padded = match written.len() {
        4 => format!("{written}-01-01"),
        7 => format!("{written}-01"),
        _ => written.get(..10)?.to_owned(),
    };
    let day: jiff::civil::Date = padded.parse().ok()?;
    let midnight = day.to_datetime(jiff::civil::Time::midnight());
    let instant = jiff::tz::Offset::UTC.to_timestamp(midnight).ok()?;
    Some(instant.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_precision_are_read() {
        for (written, expected) in [
            ("2026-11-23T10:00:00+01:00", Some(1_795_424_400_000)),
            ("2026-11-23T09:00:00Z", Some(1_795_424_400_000)),
            ("2026-11-23", Some(1_795_392_000_000)),
            ("2026-11", Some(1_793_491_200_000)),
            ("1970", Some(0)),
            ("2026-13-40", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(w3c_millis(written), expected, "{written}");
        }
    }
}
