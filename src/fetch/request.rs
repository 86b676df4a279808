//! What callers hand in and get back: an address with what is expected there, and the answer.

use url::Url;

use crate::fetch::{Landing, Subscription, Truncation};
use crate::page::Input;
use crate::rights::Signals;

/// A request for one address, made by [`Request::page`], [`Request::feed`] or
/// [`Request::sitemap`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Request {
    /// The address.
    pub url: Url,
    /// What it is expected to hold.
    pub expect: Expect,
    /// Requests per second to the hosts along the redirects, where the client's own rate is not
    /// wanted.
    pub requests_per_second: Option<f64>,
    /// The `ETag` of the last answer.
    pub etag: Option<String>,
    /// The `Last-Modified` of the last answer.
    pub last_modified: Option<String>,
    /// The addresses that the user named, for the sake of which this one is requested.
    pub(super) named: Vec<Url>,
    /// The `Accept-Datetime` header (RFC 7089, 2.1.1).
    pub(super) accept_datetime: Option<String>,
    /// What is sent to its own places along the redirects.
    pub(super) subscription: Option<Subscription>,
    /// The `Origin` header: of which site the script is that sends the request.
    pub(super) origin: Option<String>,
}

/// What an address is expected to hold: decides the `Accept` header, the size limit and whether
/// the content type is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// A web page, at most `max_body` long; anything that is not HTML is refused.
    Page,
    /// A feed, at most [`feed_bytes`](crate::limits::Limits::feed_bytes) long.
    Feed,
    /// A sitemap, at most [`sitemap_bytes`](crate::limits::Limits::sitemap_bytes) long.
    Sitemap,
    /// A script of a page that a browser shows, at most `max_body` long.
    Script,
    /// What such a script requests, at most `max_body` long.
    Data,
}

/// An answer with status 200 to 299, or 304.
#[derive(Debug, Clone)]
pub struct Response {
    /// The address that answered, after redirects.
    pub url: Url,
    /// Where the requested address has moved for good, by the permanent redirects (301, 308) that the chain
    /// begins with.
    pub moved_to: Option<Url>,
    /// The addresses that redirected, in order.
    pub redirects: Vec<Url>,
    /// The HTTP status; 304 where the validators still hold.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `ETag` header.
    pub etag: Option<String>,
    /// The `Last-Modified` header.
    pub last_modified: Option<String>,
    /// The `X-Robots-Tag` headers, joined by commas.
    pub x_robots_tag: Option<String>,
    /// The `tdm-reservation` header (TDMRep).
    pub tdm_reservation: Option<String>,
    /// The `Memento-Datetime` header: when an archive took the copy that this is (RFC 7089, 2.1.1).
    pub memento_datetime: Option<String>,
    /// What robots.txt, other headers and licences state of the use of the page.
    pub signals: Signals,
    /// The licences that its headers name and that are not read.
    pub(crate) licences: Vec<Url>,
    /// Where the body was cut short, if it was.
    pub truncation: Option<Truncation>,
    /// The body, decompressed; empty with 304.
    pub body: Vec<u8>,
}

impl Request {
    /// A request for a web page.
    pub fn page(url: Url) -> Request {
        Request::new(url, Expect::Page)
    }

    /// A request for a feed.
    pub fn feed(url: Url) -> Request {
        Request::new(url, Expect::Feed)
    }

    /// A request for a sitemap or a sitemap index.
    pub fn sitemap(url: Url) -> Request {
        Request::new(url, Expect::Sitemap)
    }

    fn new(url: Url, expect: Expect) -> Request {
        Request {
            named: vec![url.clone()],
            url,
            expect,
            requests_per_second: None,
            etag: None,
            last_modified: None,
            subscription: None,
            origin: None,
            accept_datetime: None,
        }
    }

    /// The same to a TimeGate, for the copy nearest to this date in the form of HTTP.
    #[must_use]
    pub fn with_accept_datetime(self, date: Option<String>) -> Request {
        Request {
            accept_datetime: date,
            ..self
        }
    }

    /// The same with the headers and cookies of a subscription, which are sent to its own places alone. Without this,
    /// they are those of the first of the client's subscriptions that has the address among its places.
    #[must_use]
    pub fn with_subscription(self, subscription: Option<Subscription>) -> Request {
        Request {
            subscription,
            ..self
        }
    }

    /// The same for a script of that site, as the `Origin` header says.
    #[must_use]
    pub(crate) fn with_origin(self, origin: Option<String>) -> Request {
        Request { origin, ..self }
    }

    /// True where something of the user's own is sent, if only to its own places.
    pub(crate) fn is_subscribed(&self) -> bool {
        self.subscription.is_some()
    }

    /// The same at this rate; `None` for the client's own.
    #[must_use]
    pub fn with_rate(self, requests_per_second: Option<f64>) -> Request {
        Request {
            requests_per_second,
            ..self
        }
    }

    /// The same on behalf of the addresses that the user named, such as the entry points of a source. Where an entry
    /// of `network.resolve` leads to a private address, it is followed for these addresses, for others of their
    /// sites and for what is at the same place, not wherever a page leads. Without this, the user named the
    /// request's own address.
    #[must_use]
    pub fn on_behalf_of(self, named: impl IntoIterator<Item = Url>) -> Request {
        Request {
            named: named.into_iter().collect(),
            ..self
        }
    }

    /// The same, to be answered only where the page has changed since the answer with these
    /// validators.
    #[must_use]
    pub fn with_validators(self, etag: Option<String>, last_modified: Option<String>) -> Request {
        Request {
            etag,
            last_modified,
            ..self
        }
    }
}

impl Response {
    /// What redirects have led to in place of what was asked for, if the addresses show that.
    pub fn landing(&self) -> Option<Landing> {
        Landing::of(self.redirects.first()?, &self.url)
    }

    /// True where the server sent nothing (204, an empty 200).
    pub fn is_empty(&self) -> bool {
        self.status != 304 && self.body.iter().all(u8::is_ascii_whitespace)
    }

    /// The page as it is parsed and extracted.
    pub fn input(&self) -> Input<'_> {
        let mut input = Input::new(&self.body)
            .with_url(&self.url)
            .with_content_type(self.content_type.as_deref());
        input.x_robots_tag = self.x_robots_tag.as_deref();
        input.tdm_reservation = self.tdm_reservation.as_deref();
        input.signals = Some(&self.signals);
        input
    }
}
