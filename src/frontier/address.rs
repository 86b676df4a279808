//! Addresses: what they are expected to hold, where they come from, which are due and which were
//! found.

use url::Url;

use crate::verdict::{AddressEvidence, VisitOutcome};

/// What an address is expected to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum UrlKind {
    /// An article, or a page on the way to some.
    Page = 0,
    /// A front or section page: read for its links, again and again.
    Start = 1,
    /// A feed.
    Feed = 2,
    /// A sitemap or an index of them.
    Sitemap = 3,
}

impl UrlKind {
    /// The name in messages.
    pub fn name(self) -> &'static str {
        match self {
            UrlKind::Page => "page",
            UrlKind::Start => "start",
            UrlKind::Feed => "feed",
            UrlKind::Sitemap => "sitemap",
        }
    }

    /// The number in the store.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    /// The kind of that number, if there is one.
    pub(crate) fn from_code(code: u8) -> Option<UrlKind> {
        [
            UrlKind::Page,
            UrlKind::Start,
            UrlKind::Feed,
            UrlKind::Sitemap,
        ]
        .into_iter()
        .find(|kind| kind.code() == code)
    }

    /// True for what is fetched again and again for new addresses.
    pub fn is_entry_point(self) -> bool {
        self != UrlKind::Page
    }

    /// True where a visit that ended so has failed. Of an entry point, whatever is neither read nor
    /// unchanged has: a bot check in the place of a front page, say.
    pub fn has_failed(self, outcome: VisitOutcome) -> bool {
        if self.is_entry_point() {
            !matches!(outcome, VisitOutcome::Index | VisitOutcome::Unchanged)
        } else {
            outcome.is_failure()
        }
    }
}

/// Where an address comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Origin {
    /// A page, a feed or a sitemap names it.
    #[default]
    Found,
    /// The configuration names it.
    Configured,
    /// Nothing names it; see [`FoundUrl::guessed`].
    Guessed,
}

/// Whether an archive is asked for a copy of a page that is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CopyLookup {
    /// Nothing is known of that.
    #[default]
    None,
    /// Its source asks an archive where the page turns out to be gone.
    Allowed,
    /// An archive is asked, for the time of this number.
    Now(u8),
    /// An archive was asked in this visit.
    Done,
    /// An archive was asked before.
    Asked,
}

impl CopyLookup {
    /// True where an archive is asked in place of the page's own server.
    pub fn is_lookup(self) -> bool {
        matches!(self, CopyLookup::Now(_) | CopyLookup::Done)
    }

    /// What the store has of it.
    pub(crate) fn from_code(code: Option<u8>) -> CopyLookup {
        match code {
            None => CopyLookup::None,
            Some(0) => CopyLookup::Asked,
            Some(number) => CopyLookup::Now(number),
        }
    }
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
    /// What the archive has of it since the last whole answer, in the archive's own terms.
    pub archived: Option<String>,
    /// When it was published, by the feed or news sitemap that named it.
    pub published: Option<i64>,
    /// The strongest evidence that named it; unknown where only the configuration or nothing does.
    pub evidence: AddressEvidence,
    /// Whether an archive is asked for a copy.
    pub lookup: CopyLookup,
}

impl Due {
    /// True where nothing named the address and a visit with this outcome found nothing there.
    pub fn is_wrong_guess(&self, outcome: VisitOutcome) -> bool {
        self.guessed && self.kind.has_failed(outcome)
    }

    /// An address of which only this is known, for tests.
    #[cfg(test)]
    pub(crate) fn of_test(kind: UrlKind, url: &str, source: &str) -> Due {
        Due {
            id: 1,
            url: url.parse().unwrap(),
            source: source.to_owned(),
            kind,
            depth: 0,
            guessed: false,
            etag: None,
            last_modified: None,
            archived: None,
            published: None,
            evidence: AddressEvidence::Unknown,
            lookup: CopyLookup::None,
        }
    }
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
    /// Nothing names this address, but many sites have one there: it is tried once, and forgotten
    /// where nothing answers.
    pub guessed: bool,
    /// What names it.
    pub evidence: AddressEvidence,
    /// A page older than `max_age` by its hint: it is recorded as such, and not visited.
    pub too_old: bool,
}
