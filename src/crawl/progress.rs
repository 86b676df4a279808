//! What a crawl reports to its caller while it runs.

use url::Url;

use crate::frontier::LinkCounts;
use crate::verdict::VisitOutcome;

/// Something that happened, reported in the order in which it was stored.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The visits to a host begin.
    Began {
        /// The host, with its port where that is not the scheme's own.
        host: &'a str,
        /// Addresses that are due there, of those claimed at once.
        due: usize,
    },
    /// The visits to a host end.
    Left {
        /// The host.
        host: &'a str,
    },
    /// An address was visited and its outcome stored.
    Visited {
        /// The source it belongs to.
        source: &'a str,
        /// The address as requested.
        url: &'a Url,
        /// Its host, as in [`Event::Began`].
        host: &'a str,
        /// True for front pages, feeds and sitemaps.
        entry_point: bool,
        /// How the visit ended.
        outcome: VisitOutcome,
        /// True where nothing names the address, a usual place of feeds or sitemaps, and nothing is there: no
        /// failure.
        wrong_guess: bool,
        /// Why, in one line, where the outcome's name does not say it all.
        reason: Option<&'a str>,
        /// The article's headline.
        title: Option<&'a str>,
        /// New addresses found on it.
        found: usize,
        /// Front pages, feeds and sitemaps: how many of its links are followed.
        links: Option<LinkCounts>,
    },
    /// A dry run: this page is due.
    Due {
        /// The source it belongs to.
        source: &'a str,
        /// The address.
        url: &'a str,
    },
}

/// Receives every [`Event`]. Called from one task only, one event after the other; the crawl waits
/// for it.
pub trait Progress: Send + Sync {
    /// Receives one event.
    fn event(&self, event: &Event<'_>);
}

/// Ignores every event.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _event: &Event<'_>) {}
}
