//! One request and its answer: waits for the host's permit, sends, reads within bounds, and tries
//! again where that may help. Every request of the program goes out here. Redirects are answers;
//! where they lead is decided, and guarded, by the caller.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap, HeaderName};
use tokio::sync::Semaphore;
use url::Url;

use crate::config::{CrawlSettings, NetworkSettings};
use crate::fetch::client::Clients;
use crate::fetch::guard::{Guard, Route};
use crate::fetch::host::Hosts;
use crate::fetch::profile::RequestProfile;
use crate::fetch::retry::{self, Policy};
use crate::fetch::{FetchErrorKind, SetupError, body};

/// What it takes to send a request.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) guard: Guard,
    pub(super) hosts: Hosts,
    pub(super) policy: Policy,
    clients: Clients,
    /// Requests in flight, all hosts together.
    slots: Arc<Semaphore>,
    timeout: Duration,
    retries: u32,
}

/// One address that may be requested: it passed the guard and robots.txt.
#[derive(Debug)]
pub(super) struct Hop {
    pub(super) url: Url,
    pub(super) route: Route,
    /// The least time between two requests to its host.
    pub(super) interval: Duration,
}

/// What a server answers.
#[derive(Debug)]
pub(super) enum Answer {
    /// What was requested, or that it has not changed.
    Response(HttpResponse),
    /// A redirect, to what its `Location` header says.
    Redirect(Option<String>),
}

/// An answer that is no redirect and no error.
#[derive(Debug)]
pub(super) struct HttpResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// Decompressed.
    pub(super) body: Vec<u8>,
}

impl Exchange {
    pub(super) fn new(
        crawl: &CrawlSettings,
        network: &NetworkSettings,
    ) -> Result<Exchange, SetupError> {
        Ok(Exchange {
            guard: Guard::new(network),
            hosts: Hosts::new(Policy::DEFAULT.max_hosts),
            policy: Policy::DEFAULT,
            clients: Clients::new(crawl, network)?,
            slots: Arc::new(Semaphore::new(
                crawl.concurrency.clamp(1, Semaphore::MAX_PERMITS),
            )),
            timeout: crawl.timeout,
            retries: crawl.retries,
        })
    }

    /// Sends a request, and sends it again after connection errors, 429 and 5xx.
    pub(super) async fn request(
        &self,
        hop: &Hop,
        profile: &RequestProfile<'_>,
    ) -> Result<Answer, FetchErrorKind> {
        let mut tries = 0;
        loop {
            let backoff = self.policy.backoff(tries, fastrand::f64());
            let error = match self.try_once(hop, profile, backoff).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let asked_for = error.retry_after().unwrap_or_default();
            let is_final = tries >= self.retries || asked_for > self.policy.max_wait;
            if is_final || !error.is_worth_retrying() {
                return Err(error);
            }
            tries += 1;
            // A host that backs off is waited for with the next permit, by everyone who wants one.
            if !error.is_overload() {
                tokio::time::sleep(backoff.max(asked_for)).await;
            }
        }
    }

    /// One try. Where the answer is that the host is overloaded, it gets no requests for as long
    /// as it says, and for `backoff` at least.
    async fn try_once(
        &self,
        hop: &Hop,
        profile: &RequestProfile<'_>,
        backoff: Duration,
    ) -> Result<Answer, FetchErrorKind> {
        let host = self.hosts.of(&hop.url);
        let max_wait = self.policy.max_wait;
        let mut permit = host.permit(hop.interval, max_wait, &self.slots).await?;
        let timeout = self.timeout;
        let answer = tokio::time::timeout(timeout, self.send(hop, profile))
            .await
            .unwrap_or(Err(FetchErrorKind::TooSlow { timeout }));
        if let Err(error) = &answer
            && error.is_overload()
            && let FetchErrorKind::Status {
                status,
                retry_after,
            } = error
        {
            permit.back_off(backoff.max(retry_after.unwrap_or_default()), *status);
        }
        answer
    }

    async fn send(
        &self,
        hop: &Hop,
        profile: &RequestProfile<'_>,
    ) -> Result<Answer, FetchErrorKind> {
        let response = self
            .clients
            .request(&hop.url, hop.route, profile)
            .send()
            .await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = if status.is_success() {
            body::read(response, profile).await?
        } else if status == StatusCode::NOT_MODIFIED && profile.is_conditional() {
            Vec::new()
        } else if status.is_redirection() {
            return Ok(Answer::Redirect(first(&headers, &header::LOCATION)));
        } else {
            return Err(FetchErrorKind::Status {
                status: status.as_u16(),
                retry_after: self.retry_after(&headers),
            });
        };
        Ok(Answer::Response(HttpResponse {
            status,
            headers,
            body,
        }))
    }

    fn retry_after(&self, headers: &HeaderMap) -> Option<Duration> {
        let value = first(headers, &header::RETRY_AFTER)?;
        let wait = retry::retry_after(&value, SystemTime::now())?;
        Some(wait.min(self.policy.max_retry_after))
    }
}

impl HttpResponse {
    /// The `Content-Type` header.
    pub(super) fn content_type(&self) -> Option<String> {
        first(&self.headers, &header::CONTENT_TYPE)
    }

    /// The `ETag` header.
    pub(super) fn etag(&self) -> Option<String> {
        first(&self.headers, &header::ETAG)
    }

    /// The `Last-Modified` header.
    pub(super) fn last_modified(&self) -> Option<String> {
        first(&self.headers, &header::LAST_MODIFIED)
    }

    /// The `X-Robots-Tag` headers, joined by commas.
    pub(super) fn x_robots_tag(&self) -> Option<String> {
        all(&self.headers, "x-robots-tag")
    }

    /// The `tdm-reservation` headers, joined by commas.
    pub(super) fn tdm_reservation(&self) -> Option<String> {
        all(&self.headers, "tdm-reservation")
    }

    /// The `max-age` of `Cache-Control` (RFC 9111, 5.2.2.1).
    pub(super) fn max_age(&self) -> Option<Duration> {
        let directives = all(&self.headers, "cache-control")?;
        let mut directives = directives.split(',').filter_map(|it| it.split_once('='));
        let (_, seconds) =
            directives.find(|(name, _)| name.trim().eq_ignore_ascii_case("max-age"))?;
        let seconds = seconds.trim().trim_matches('"').parse().ok()?;
        Some(Duration::from_secs(seconds))
    }
}

/// The first header of that name as text, whatever bytes it holds.
fn first(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// All headers of one name, joined by commas.
fn all(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(name).iter();
    let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()));
    values
        .map(std::borrow::Cow::into_owned)
        .reduce(|all, next| format!("{all}, {next}"))
}
