//! What a crawl tells its caller while it runs.

use url::Url;

use crate::verdict::VisitOutcome;

/// Something that happened, told in the order it was stored.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A host is being visited from now on.
    Began {
        /// The host, with its port where that is not the scheme's own.
        host: &'a str,
        /// Addresses that are due there, of those claimed at once.
        due: usize,
    },
    /// A host is left.
    Left {
        /// The host.
        host: &'a str,
    },
    /// An address was visited and its outcome stored.
    Visited {
        /// The source it belongs to.
        source: &'a str,
        /// The address as asked for.
        url: &'a Url,
        /// Its host, as in [`Event::Began`].
        host: &'a str,
        /// True for front pages, feeds and sitemaps.
        entry_point: bool,
        /// How the visit ended.
        outcome: VisitOutcome,
        /// Why, where there is more to say than the outcome's name; one line.
        reason: Option<&'a str>,
        /// The article's headline.
        title: Option<&'a str>,
        /// Addresses found on it that were not known before.
        found: usize,
    },
    /// A dry run: this page is due.
    Due {
        /// The source it belongs to.
        source: &'a str,
        /// The address.
        url: &'a str,
    },
}

/// Hears of every [`Event`]. Called from one task only, one event after the other; the crawl waits
/// while it runs.
pub trait Progress: Send + Sync {
    /// Hears of one event.
    fn event(&self, event: &Event<'_>);
}

/// Hears of nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _event: &Event<'_>) {}
}
