//! What a page is ([`Verdict`]), what named its address ([`AddressEvidence`]), and how a visit to an
//! address ended ([`VisitOutcome`]). A visit ends
//! in exactly one outcome, which the store records with its reason and `status` counts; a page that
//! was read gives its verdict as the outcome.

use serde::{Deserialize, Serialize};

/// What begins the reason of a visit that brought only what those get who do not subscribe, although the source's own
/// headers and cookies were sent.
pub const LOCKED_OUT: &str = "your subscription does not open the page";

/// What a page is: an article, or what it is instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Verdict {
    /// The page holds an article.
    Article,
    /// A front or section page.
    Index,
    /// Any other page without an article.
    NotArticle,
    /// A cookie or consent wall in place of the page.
    ConsentWall,
    /// A bot check in place of the page.
    Challenge,
    /// 'Page not found', served as if it were a page.
    Soft404,
    /// Only the first lines of an article for subscribers.
    PaywallStub,
    /// The page holds no text.
    Empty,
}

impl Verdict {
    /// True where the page holds an article.
    pub fn is_article(self) -> bool {
        self == Verdict::Article
    }

    /// The name in `explain` and in the store: `stored` for an article, as its [`VisitOutcome`].
    pub fn name(self) -> &'static str {
        VisitOutcome::from(self).name()
    }
}

impl From<Verdict> for VisitOutcome {
    /// A page that is an article is stored; any other verdict is the outcome of the same name.
    fn from(verdict: Verdict) -> VisitOutcome {
        match verdict {
            Verdict::Article => VisitOutcome::Stored,
            Verdict::Index => VisitOutcome::Index,
            Verdict::NotArticle => VisitOutcome::NotArticle,
            Verdict::ConsentWall => VisitOutcome::ConsentWall,
            Verdict::Challenge => VisitOutcome::Challenge,
            Verdict::Soft404 => VisitOutcome::Soft404,
            Verdict::PaywallStub => VisitOutcome::PaywallStub,
            Verdict::Empty => VisitOutcome::Empty,
        }
    }
}

/// What named a page's address, from the weakest evidence of an article to the strongest: of several,
/// the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
#[repr(u8)]
pub enum AddressEvidence {
    /// Nothing is known of it.
    #[default]
    Unknown = 0,
    /// A link on another page.
    Link = 1,
    /// A sitemap, which lists pages of any kind.
    Sitemap = 2,
    /// A news sitemap, which lists articles.
    NewsSitemap = 3,
    /// An item of a feed.
    Feed = 4,
}

impl AddressEvidence {
    /// The name in the store; `None` where nothing is known.
    pub fn name(self) -> Option<&'static str> {
        match self {
            AddressEvidence::Unknown => None,
            AddressEvidence::Link => Some("link"),
            AddressEvidence::Sitemap => Some("sitemap"),
            AddressEvidence::NewsSitemap => Some("news"),
            AddressEvidence::Feed => Some("feed"),
        }
    }

    /// The evidence of that name; `Unknown` if there is none.
    pub fn from_name(name: &str) -> AddressEvidence {
        match name {
            "link" => AddressEvidence::Link,
            "sitemap" => AddressEvidence::Sitemap,
            "news" => AddressEvidence::NewsSitemap,
            "feed" => AddressEvidence::Feed,
            _ => AddressEvidence::Unknown,
        }
    }

    /// The number in the store; `None` where nothing is known.
    pub fn code(self) -> Option<u8> {
        (self != AddressEvidence::Unknown).then_some(self as u8)
    }

    /// The evidence of that number; `Unknown` if there is none.
    pub fn from_code(code: Option<u8>) -> AddressEvidence {
        match code {
            Some(1) => AddressEvidence::Link,
            Some(2) => AddressEvidence::Sitemap,
            Some(3) => AddressEvidence::NewsSitemap,
            Some(4) => AddressEvidence::Feed,
            _ => AddressEvidence::Unknown,
        }
    }

    /// True where the site itself lists the page among its articles.
    pub fn names_article(self) -> bool {
        matches!(self, AddressEvidence::NewsSitemap | AddressEvidence::Feed)
    }
}

macro_rules! outcomes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The one way in which a visit ended.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum VisitOutcome {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl VisitOutcome {
            /// Every outcome, in the order of the documentation.
            pub const ALL: &[VisitOutcome] = &[$(VisitOutcome::$variant,)*];

            /// The name in the store, in `status` and in logs.
            pub fn name(self) -> &'static str {
                match self { $(VisitOutcome::$variant => $name,)* }
            }
        }
    };
}

outcomes! {
    /// A new article, stored.
    Stored = "stored",
    /// Asked again: nothing had changed.
    Unchanged = "unchanged",
    /// Stored, with the same text as an article stored earlier.
    Duplicate = "duplicate",
    /// Asked again: the text had changed.
    Updated = "updated",
    /// A front or section page, a feed or a sitemap: read for its links.
    Index = "index",
    /// A page that holds no article.
    NotArticle = "not_article",
    /// A cookie or consent wall in place of the page.
    ConsentWall = "consent_wall",
    /// A bot check, whatever its HTTP status.
    Challenge = "challenge",
    /// 'Page not found' with status 200.
    Soft404 = "soft_404",
    /// The first lines of an article for subscribers.
    PaywallStub = "paywall_stub",
    /// No text at all.
    Empty = "empty",
    /// Older than `max_age`.
    TooOld = "too_old",
    /// Not in the source's language.
    OtherLanguage = "other_language",
    /// Disallowed by robots.txt.
    Robots = "robots",
    /// The site states that its pages are not for the purpose of the crawl.
    OptOut = "opt_out",
    /// A private, loopback or otherwise refused address.
    BlockedAddress = "blocked_address",
    /// Larger than `max_body`.
    TooLarge = "too_large",
    /// Not finished within `timeout`.
    TooSlow = "too_slow",
    /// Not a web page.
    NotHtml = "not_html",
    /// An HTTP status from 400 to 499.
    Http4xx = "http_4xx",
    /// An HTTP status of 500 or more.
    Http5xx = "http_5xx",
    /// The connection failed or broke.
    Connect = "connect",
    /// TLS failed, or the certificate could not be verified.
    Tls = "tls",
    /// The host's name could not be resolved.
    Dns = "dns",
    /// Too many redirects, a loop, or one that leads nowhere.
    Redirects = "redirects",
    /// A fault of newsprint itself.
    Panic = "panic",
    /// The body could not be decompressed.
    BadEncoding = "bad_encoding",
    /// Redirected to a page that is not the source's.
    MovedAway = "moved_away",
    /// The browser that shows the source's pages was away, or failed.
    NotRendered = "not_rendered",
}

impl VisitOutcome {
    /// The outcome of that name, if there is one.
    pub fn from_name(name: &str) -> Option<VisitOutcome> {
        VisitOutcome::ALL
            .iter()
            .copied()
            .find(|outcome| outcome.name() == name)
    }

    /// What it means, for addresses of which nothing more is known.
    pub fn meaning(self) -> &'static str {
        match self {
            VisitOutcome::Stored => "a new article",
            VisitOutcome::Unchanged => "nothing had changed",
            VisitOutcome::Duplicate => "the text of another article",
            VisitOutcome::Updated => "the text had changed",
            VisitOutcome::Index => "a front or section page, read for its links",
            VisitOutcome::NotArticle => "the page holds no article",
            VisitOutcome::ConsentWall => "a cookie or consent wall in place of the page",
            VisitOutcome::Challenge => "a bot check in place of the page",
            VisitOutcome::Soft404 => "the page says that it was not found",
            VisitOutcome::PaywallStub => "only the first lines, for those who do not subscribe",
            VisitOutcome::Empty => "the page holds no text",
            VisitOutcome::TooOld => "older than `max_age`",
            VisitOutcome::OtherLanguage => "not in the source's `language`",
            VisitOutcome::Robots => "disallowed by robots.txt",
            VisitOutcome::OptOut => "the site states that its pages are not for this `purpose`",
            VisitOutcome::BlockedAddress => "the address is private or refused",
            VisitOutcome::TooLarge => "larger than `max_body`",
            VisitOutcome::TooSlow => "not finished within `timeout`",
            VisitOutcome::NotHtml => "not a web page",
            VisitOutcome::Http4xx => "the server refused the request (HTTP 400 to 499)",
            VisitOutcome::Http5xx => "the server failed (HTTP 500 or more)",
            VisitOutcome::Connect => "the connection failed",
            VisitOutcome::Tls => "TLS failed",
            VisitOutcome::Dns => "the host's name could not be resolved",
            VisitOutcome::Redirects => "too many redirects, or a loop",
            VisitOutcome::Panic => "a fault of newsprint",
            VisitOutcome::BadEncoding => "the body could not be decompressed",
            VisitOutcome::MovedAway => "redirected out of the source",
            VisitOutcome::NotRendered => "scripts make the page, and the browser could not show it",
        }
    }

    /// True where an article was written to the store.
    pub fn is_article(self) -> bool {
        matches!(
            self,
            VisitOutcome::Stored | VisitOutcome::Duplicate | VisitOutcome::Updated
        )
    }

    /// True where the visit failed for a reason that may pass: the address is asked again.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            VisitOutcome::TooSlow
                | VisitOutcome::Http5xx
                | VisitOutcome::Connect
                | VisitOutcome::Tls
                | VisitOutcome::Dns
        )
    }

    /// True where the visit brought nothing because something failed, here or there.
    pub fn is_failure(self) -> bool {
        self.is_transient()
            || matches!(
                self,
                VisitOutcome::Robots
                    | VisitOutcome::OptOut
                    | VisitOutcome::BlockedAddress
                    | VisitOutcome::TooLarge
                    | VisitOutcome::NotHtml
                    | VisitOutcome::Http4xx
                    | VisitOutcome::Redirects
                    | VisitOutcome::Panic
                    | VisitOutcome::BadEncoding
                    | VisitOutcome::NotRendered
            )
    }

    /// True where a page that was named is not stored: neither is its article in the store, nor is it a
    /// front or section page, which holds none.
    pub fn is_loss(self) -> bool {
        !self.is_article() && !matches!(self, VisitOutcome::Unchanged | VisitOutcome::Index)
    }

    /// True where our own policy refused the page: robots.txt, opt-outs, addresses, limits.
    pub fn is_refusal(self) -> bool {
        matches!(
            self,
            VisitOutcome::Robots
                | VisitOutcome::OptOut
                | VisitOutcome::BlockedAddress
                | VisitOutcome::TooLarge
        )
    }
}
