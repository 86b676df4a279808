//! What a page in a browser is given: its scripts, and what they request. A request goes the way of every other:
//! address guard, robots.txt, pace, redirects, limits.

use std::time::Duration;

use reqwest::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN};

use url::Url;

use crate::fetch::exchange::HttpResponse;
use crate::fetch::headers::first;
use crate::fetch::profile::RequestProfile;
use crate::fetch::{Expect, FetchError, Fetcher, Request};

/// An answer for a page in a browser.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The `Content-Type` header.
    pub(crate) content_type: Option<String>,
    /// Which pages of other sites may read it (Fetch Standard, 3.3.3): the `Access-Control-Allow-Origin` header…
    pub(crate) allow_origin: Option<String>,
    /// …and `Access-Control-Allow-Credentials`.
    pub(crate) allow_credentials: Option<String>,
    /// How long it may be used again without asking (`max-age`).
    pub(crate) max_age: Option<Duration>,
    /// The body, decompressed.
    pub(crate) body: Vec<u8>,
}

impl Part {
    fn of(response: HttpResponse) -> Part {
        Part {
            status: response.status.as_u16(),
            content_type: response.content_type(),
            allow_origin: first(&response.headers, &ACCESS_CONTROL_ALLOW_ORIGIN),
            allow_credentials: first(&response.headers, &ACCESS_CONTROL_ALLOW_CREDENTIALS),
            max_age: response.max_age(),
            body: response.body,
        }
    }
}

impl Fetcher {
    /// A request of a page that was fetched: for a script of it, or for what a script of it wants. What is sent of the
    /// user's own is what was sent for the page, and goes to its own places alone: no page makes use of another's.
    pub(crate) fn of_page(&self, page: &Request, url: Url, expect: Expect) -> Request {
        let own = page.subscription.as_ref();
        let own = own.or_else(|| self.subscription(&page.url)).cloned();
        let request = Request {
            url,
            expect,
            etag: None,
            last_modified: None,
            ..page.clone()
        };
        request.with_subscription(own)
    }

    /// Requests what a page in a browser wants, as politely as anything.
    ///
    /// # Errors
    /// Fails as [`Fetcher::get`] does.
    pub(crate) async fn part(&self, request: &Request) -> Result<Part, FetchError> {
        let profile = RequestProfile::of(request, self.max_body, &self.limits)
            .recorded_by(self.recorder.as_deref());
        let (mut chain, per_second) = self.chain(request, request.subscription.clone());
        match self.follow(&mut chain, per_second, &profile).await {
            Ok(response) => Ok(Part::of(response)),
            Err(error) => Err(error.at(chain.current())),
        }
    }

    /// The `User-Agent` header of every request.
    pub(crate) fn user_agent(&self) -> &str {
        &self.exchange.user_agent
    }

    /// Bytes of a page, decompressed.
    pub(crate) fn max_body(&self) -> usize {
        self.max_body
    }
}
