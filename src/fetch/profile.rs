//! What one exchange is for: the headers to send and the bounds on what comes back.

use crate::fetch::{Expect, Recorder, Request};
use crate::limits::Limits;

/// What to ask for and how much of it to take.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestProfile<'a> {
    /// The `Accept` header.
    pub(super) accept: &'static str,
    /// Bytes of the body, decompressed.
    pub(super) max_body: usize,
    /// Bytes of the body of an error answer; none are read where this is 0.
    pub(super) max_error_page: usize,
    /// What becomes of longer bodies.
    pub(super) excess: Excess,
    /// The validators of the last answer.
    pub(super) etag: Option<&'a str>,
    pub(super) last_modified: Option<&'a str>,
    /// The `Origin` header.
    pub(super) origin: Option<&'a str>,
    /// Of which time the copy should be, where an archive is asked.
    pub(super) accept_datetime: Option<&'a str>,
    /// Who keeps the exchange.
    pub(super) recorder: Option<&'a dyn Recorder>,
}

/// What becomes of a body that is longer than wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    /// It is refused, as one that is too large for what was expected.
    Refuse(Expect),
    /// Its start is taken.
    Cut,
}

impl<'a> RequestProfile<'a> {
    /// The same for exchanges that are recorded, if there is a recorder.
    pub(super) fn recorded_by(self, recorder: Option<&'a dyn Recorder>) -> RequestProfile<'a> {
        RequestProfile { recorder, ..self }
    }
}

impl RequestProfile<'_> {
    /// The profile of a caller's request; pages may be `max_page` bytes long.
    pub(super) fn of<'a>(
        request: &'a Request,
        max_page: usize,
        limits: &Limits,
    ) -> RequestProfile<'a> {
        let (accept, max_body) = match request.expect {
            Expect::Page => (
                "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5",
                max_page,
            ),
            Expect::Feed => (
                "application/rss+xml, application/atom+xml, application/feed+json, \
                 application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
                limits.feed_bytes,
            ),
            Expect::Sitemap => (
                "application/xml, text/xml, application/gzip;q=0.9, text/plain;q=0.8, */*;q=0.5",
                limits.sitemap_bytes,
            ),
            Expect::Script => ("*/*", max_page),
            Expect::Data => ("application/json, text/plain, */*;q=0.5", max_page),
        };
        RequestProfile {
            accept,
            max_body,
            max_error_page: limits.error_page_bytes,
            excess: Excess::Refuse(request.expect),
            etag: request.etag.as_deref(),
            last_modified: request.last_modified.as_deref(),
            origin: request.origin.as_deref(),
            accept_datetime: request.accept_datetime.as_deref(),
            recorder: None,
        }
    }

    /// The profile of a robots.txt: what goes beyond the limit is left unread (RFC 9309, 2.5).
    pub(super) fn robots(limits: &Limits) -> RequestProfile<'static> {
        RequestProfile {
            accept: "text/plain, */*;q=0.5",
            max_body: limits.robots_bytes,
            max_error_page: 0,
            excess: Excess::Cut,
            etag: None,
            last_modified: None,
            origin: None,
            accept_datetime: None,
            recorder: None,
        }
    }

    /// True where a web page is asked for: what is not HTML is refused.
    pub(super) fn is_page(&self) -> bool {
        self.excess == Excess::Refuse(Expect::Page)
    }

    /// True where a feed or a sitemap is asked for, which may be many times as large as a page.
    pub(super) fn is_bulk(&self) -> bool {
        matches!(self.excess, Excess::Refuse(Expect::Feed | Expect::Sitemap))
    }

    /// True where a 304 is an answer.
    pub(super) fn is_conditional(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }
}
