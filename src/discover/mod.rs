//! Feeds, sitemaps and links: bytes in, candidate addresses out. No I/O.

use url::Url;

use crate::limits::Limits;
use crate::page::Tree;

/// An address that may hold an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The address in its canonical form.
    pub url: Url,
    /// The headline or the link's text.
    pub title: Option<String>,
    /// When it was published, in unix milliseconds, where a feed or sitemap says so.
    pub published: Option<i64>,
}

/// What a sitemap holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sitemap {
    /// Pages.
    pub pages: Vec<Candidate>,
    /// Further sitemaps, with their `lastmod` in unix milliseconds.
    pub maps: Vec<(Url, Option<i64>)>,
    /// A limit was met: there is more than was read.
    pub truncated: bool,
}

/// What a page links to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// Pages of the same site that look like articles, the likeliest first.
    pub pages: Vec<Candidate>,
    /// Feeds that the page declares.
    pub feeds: Vec<Url>,
}

/// A feed or sitemap could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UnreadableError(pub String);

/// Reads an RSS, Atom or JSON feed.
pub fn feed(
    _bytes: &[u8],
    _content_type: Option<&str>,
    _base: &Url,
    _limits: &Limits,
) -> Result<Vec<Candidate>, UnreadableError> {
    Ok(Vec::new())
}

/// Reads a sitemap or an index of sitemaps: XML, gzipped or not, plain text, or a feed.
pub fn sitemap(
    _bytes: &[u8],
    _content_type: Option<&str>,
    _base: &Url,
    _limits: &Limits,
) -> Result<Sitemap, UnreadableError> {
    Ok(Sitemap::default())
}

/// Collects the links of a page.
pub fn links(_tree: &Tree<'_>, _base: &Url, _limits: &Limits) -> Links {
    Links::default()
}
