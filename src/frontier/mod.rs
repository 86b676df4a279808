//! What is known of every address and host, and when each is due. A pass claims a host with what
//! is due there, visits one address after the other, and hands each visit back; whoever holds a
//! host holds it alone. [`Frontier`] is what a crawl needs; [`SqliteFrontier`] keeps it in the
//! store's file, so that a visit's article and its end are one transaction. No network, no clock:
//! times come from the caller, in unix milliseconds.

mod schedule;
mod sqlite;
mod visit;

use std::future::Future;

use url::Url;

use crate::store::{KeptRobots, StoreError};
use crate::verdict::VisitOutcome;

pub use schedule::Schedule;
pub use sqlite::SqliteFrontier;
pub use visit::{AnsweredVisit, FailedVisit, ReadArticle, Reading, Visit, VisitResult};

/// What an address is expected to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UrlKind {
    /// An article, or a page on the way to some.
    Page,
    /// A front or section page: read for its links, again and again.
    Start,
    /// A feed.
    Feed,
    /// A sitemap or an index of them.
    Sitemap,
}

impl UrlKind {
    /// The name in the store.
    pub fn name(self) -> &'static str {
        match self {
            UrlKind::Page => "page",
            UrlKind::Start => "start",
            UrlKind::Feed => "feed",
            UrlKind::Sitemap => "sitemap",
        }
    }

    /// The kind of that name, if there is one.
    pub fn from_name(name: &str) -> Option<UrlKind> {
        [
            UrlKind::Page,
            UrlKind::Start,
            UrlKind::Feed,
            UrlKind::Sitemap,
        ]
        .into_iter()
        .find(|kind| kind.name() == name)
    }

    /// True for what is asked again and again for new addresses.
    pub fn is_entry_point(self) -> bool {
        self != UrlKind::Page
    }
}

/// What the configuration says of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// The source's name.
    pub source: String,
    /// All settings that decide what is found, in any stable form. When it changes, what was found
    /// by the old ones is looked for again.
    pub settings: String,
    /// The entry points it names.
    pub entry_points: Vec<(UrlKind, Url)>,
}

/// One pass over the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// Names the holder of leases; no two that run at the same time are alike.
    pub owner: String,
    /// When it began. Addresses that fall due later, by a retry or a recheck, are left to the next
    /// pass, so that each one ends.
    pub started: i64,
    /// The sources that take part.
    pub sources: Vec<String>,
}

/// A host, held by the pass that claimed it, and some of what is due there: entry points first,
/// then the newest pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The host, with its port where that is not the scheme's own.
    pub host: String,
    /// When the host was last asked for something, in this pass or an earlier one.
    pub visited_at: Option<i64>,
    /// At least one.
    pub due: Vec<Due>,
}

/// An address that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its number in the frontier.
    pub id: i64,
    /// The address.
    pub url: Url,
    /// The source it belongs to.
    pub source: String,
    /// What it is expected to hold.
    pub kind: UrlKind,
    /// Hops from a start page, or levels of sitemap indexes.
    pub depth: u32,
    /// Nothing names it; see [`FoundUrl::guessed`].
    pub guessed: bool,
    /// The `ETag` of the last answer.
    pub etag: Option<String>,
    /// The `Last-Modified` of the last answer.
    pub last_modified: Option<String>,
    /// When it was published, as the feed or news sitemap that named it has it.
    pub published: Option<i64>,
}

/// An address that a visit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundUrl {
    /// The address, in its canonical form.
    pub url: Url,
    /// What it is expected to hold.
    pub kind: UrlKind,
    /// Hops from a start page, or levels of sitemap indexes.
    pub depth: u32,
    /// About when it was published; pages are fetched newest first, those without a hint last. Of
    /// a sitemap: when it last changed; one that is known is due again where this is news.
    pub hint: Option<i64>,
    /// When it was published, where a feed or news sitemap says just that.
    pub published: Option<i64>,
    /// Nothing names this address, but many sites have one there: it is asked once, and forgotten
    /// where nothing answers.
    pub guessed: bool,
}

/// What the store made of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub outcome: VisitOutcome,
    /// Why, in one line.
    pub reason: Option<String>,
    /// How many of the pages found were not known before.
    pub new_pages: usize,
    /// The host is to be left alone for a while: the rest of its claim is void.
    pub host_backed_off: bool,
}

/// What a crawl needs of a frontier.
pub trait Frontier: Sync {
    /// Takes note of the configured sources, all of them: new entry points are due at once, those
    /// that are gone never again.
    fn seed(&self, seeds: &[Seed], now: i64)
    -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Claims a host where something is due, the one that waited longest; `None` where nothing is.
    /// The claim lasts until [`Frontier::release`], or for a quarter of an hour after the last
    /// visit.
    fn claim(
        &self,
        pass: &Pass,
        now: i64,
    ) -> impl Future<Output = Result<Option<Claim>, StoreError>> + Send;

    /// Keeps the outcome of a visit with its article, what it found, and when the address is due
    /// again: all of it or, if this fails, nothing.
    fn finish(
        &self,
        pass: &Pass,
        visit: Visit,
    ) -> impl Future<Output = Result<Finished, StoreError>> + Send;

    /// Gives a host back.
    fn release(
        &self,
        pass: &Pass,
        host: &str,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The robots.txt of an origin (`https://news.example.org`), where one is kept that may still be
    /// believed.
    fn robots(
        &self,
        origin: &str,
        now: i64,
    ) -> impl Future<Output = Result<Option<KeptRobots>, StoreError>> + Send;

    /// Keeps the robots.txt of an origin for the passes to come.
    fn keep_robots(
        &self,
        origin: &str,
        robots: KeptRobots,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The host of an address as the frontier names it: with the port where that is not the scheme's
/// own. Empty for addresses without a host, which are never fetched.
pub fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
