//! Feeds, sitemaps and links: bytes in, candidate addresses out, no I/O. All input is untrusted: it is
//! bounded by [`Limits`] and read as far as it is valid.

mod dates;
mod feed;
mod gzip;
mod index;
mod links;
mod sitemap;
mod xml;

use url::Url;

use crate::canonical::{into_canonical, site};
use crate::limits::Limits;
use crate::traps::is_trap;

pub use feed::feed;
pub use index::maps_to_read;
pub use links::{
    FollowReason, JudgedLink, LinkDecision, PassReason, Standing, links, links_of_source, sections,
};
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

/// The contents of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feed {
    /// The entries that have an address.
    pub entries: Vec<CandidateUrl>,
    /// True if the feed breaks the rules of its format, so that something may be missing.
    pub is_damaged: bool,
    /// True if a limit was reached before the end.
    pub truncated: bool,
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
    /// True if the sitemap breaks the rules of its format, so that something may be missing.
    pub is_damaged: bool,
}

/// The links of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// Pages that are followed, the most likely first.
    pub pages: Vec<CandidateUrl>,
    /// Feeds that the page declares.
    pub feeds: Vec<Url>,
    /// Every address that the page links to, in the order of the page, each with what becomes of it.
    pub judged: Vec<JudgedLink>,
}

impl Links {
    /// The links that are not followed.
    pub fn passed_over(&self) -> impl Iterator<Item = (&JudgedLink, PassReason)> {
        self.judged.iter().filter_map(|link| match link.decision {
            LinkDecision::PassedOver(reason) => Some((link, reason)),
            LinkDecision::Followed(_) => None,
        })
    }
}

/// A feed or sitemap could not be parsed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoverError {
    /// The feed has more bytes than [`Limits::feed_bytes`].
    #[error("the feed is larger than {0} bytes")]
    TooLarge(usize),
    /// The bytes are not RSS, Atom or a JSON feed.
    #[error("not a feed: neither RSS, Atom nor a JSON feed")]
    NotFeed,
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
    resolve_any(base, written, limits).filter(|url| !is_trap(url))
}

/// The same, traps included.
fn resolve_any(base: &Url, written: &str, limits: &Limits) -> Option<Url> {
    let written = written.trim();
    if written.is_empty() || written.len() > limits.url_chars {
        return None;
    }
    // `feed:https://host/` and `feed://host/`.
    let written = match written.split_at_checked(5) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("feed:") => rest,
        _ => written,
    };
    let url = if lacks_scheme(base, written) {
        base.join(&format!("//{written}")).ok()?
    } else {
        base.join(written).ok()?
    };
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    // Tracking parameters do not make a trap.
    is_web.then(|| into_canonical(url))
}

/// True for an address that begins with a host: `www.paper.example/a`, or a host of the same site.
fn lacks_scheme(base: &Url, written: &str) -> bool {
    if written.starts_with("http://") || written.starts_with("https://") {
        return false;
    }
    let authority = written.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let host = host.to_ascii_lowercase();
    let own = base.host_str().unwrap_or_default();
    let is_www = host.starts_with("www.") && host.matches('.').count() > 1;
    let is_own = host == own || (host.contains('.') && site(&host) == site(own));
    (is_www || is_own) && port.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(written: &str) -> Option<String> {
        let base = Url::parse("https://paper.example/rss/feed.xml").unwrap();
        resolve(&base, written, &Limits::DEFAULT).map(String::from)
    }

    #[test]
    fn addresses_without_a_scheme_begin_with_their_host() {
        for (written, expected) in [
            ("www.paper.example/a", "https://www.paper.example/a"),
            ("paper.example/a?b=1", "https://paper.example/a?b=1"),
            ("paper.example:8080/a", "https://paper.example:8080/a"),
            ("news.paper.example/a", "https://news.paper.example/a"),
            ("//paper.example/a", "https://paper.example/a"),
            ("a.html", "https://paper.example/rss/a.html"),
            ("example/a", "https://paper.example/rss/example/a"),
            ("feed:https://paper.example/a", "https://paper.example/a"),
            ("feed://paper.example/a", "https://paper.example/a"),
        ] {
            assert_eq!(resolved(written).as_deref(), Some(expected), "{written}");
        }
        assert_eq!(resolved("mailto:desk@paper.example"), None);
    }

    #[test]
    fn tracking_parameters_do_not_make_a_trap() {
        let tracking: Vec<String> = (1..=9).map(|n| format!("utm_x{n}=1")).collect();
        let written = format!("/news/ferry?{}&id=7", tracking.join("&"));
        let expected = Some("https://paper.example/news/ferry?id=7");
        assert_eq!(resolved(&written).as_deref(), expected);
        let session = "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17;jsessionid=1";
        assert_eq!(resolved(session), None);
        assert_eq!(resolved("/a?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9"), None);
    }
}
