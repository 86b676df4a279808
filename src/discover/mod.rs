//! Feeds, sitemaps and links: bytes in, candidate addresses out. No I/O. Everything read here is
//! hostile: bounded by [`Limits`], read as far as it goes.

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

/// Where feeds are on most sites that name none.
pub const USUAL_FEEDS: [&str; 4] = ["/feed/", "/rss.xml", "/feed.xml", "/atom.xml"];
/// Where sitemaps are on most sites that name none.
pub const USUAL_SITEMAPS: [&str; 2] = ["/sitemap.xml", "/news-sitemap.xml"];

/// An address that may hold an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateUrl {
    /// The address in its canonical form.
    pub url: Url,
    /// The headline or the link's text.
    pub title: Option<String>,
    /// When it was published or last changed, in unix milliseconds, where a feed or sitemap says so.
    pub dated: Option<i64>,
    /// When it was published, where one says just that.
    pub published: Option<i64>,
}

/// What a sitemap holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sitemap {
    /// Pages.
    pub pages: Vec<CandidateUrl>,
    /// Further sitemaps, with their `lastmod` in unix milliseconds.
    pub maps: Vec<(Url, Option<i64>)>,
    /// A limit was met: there is more than was read.
    pub truncated: bool,
}

/// What a page links to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// Pages of the same site that look like articles, the likeliest first.
    pub pages: Vec<CandidateUrl>,
    /// Feeds that the page declares.
    pub feeds: Vec<Url>,
}

/// A feed or sitemap could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UnreadableError(pub String);

/// Resolves an address as a page, feed or sitemap writes it; `None` for what is not a web address,
/// too long or a trap.
fn resolve(base: &Url, written: &str) -> Option<Url> {
    let written = written.trim();
    if written.is_empty() || written.len() > Limits::DEFAULT.url_chars {
        return None;
    }
    let url = base.join(written).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    (is_web && !is_trap(&url)).then(|| canonical(&url))
}

/// Reads a date as sitemaps write it (W3C date and time): a year, month, day or instant.
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
    fn dates_of_every_grain_are_read() {
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
