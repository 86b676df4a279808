//! One question and its answer: waits for the host's turn, sends, reads within bounds, and asks
//! again where that may help. Every request of the program goes out here. Redirects are answers;
//! where they lead is decided, and guarded, by the caller.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap, HeaderName};
use tokio::sync::Semaphore;
use url::Url;

use crate::config::{CrawlSettings, NetworkSettings};
use crate::fetch::client::Clients;
use crate::fetch::failure::Failure;
use crate::fetch::guard::{Guard, Route};
use crate::fetch::host::Hosts;
use crate::fetch::request_profile::RequestProfile;
use crate::fetch::retry::{self, Policy};
use crate::fetch::{SetupError, body};
use crate::verdict::VisitOutcome;

/// What it takes to ask.
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

/// One address that may be asked for: it passed the guard and robots.txt.
#[derive(Debug)]
pub(super) struct Hop {
    pub(super) url: Url,
    pub(super) route: Route,
    /// The least time between two requests to its host.
    pub(super) interval: Duration,
}

/// What a host answers.
#[derive(Debug)]
pub(super) enum Answer {
    Arrived(HttpResponse),
    /// A redirect, to what its `Location` header says.
    Moved(Option<String>),
}

/// What was asked for, or that it has not changed.
#[derive(Debug)]
pub(super) struct HttpResponse {
    pub(super) status: StatusCode,
    pub(super) content_type: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    pub(super) x_robots_tag: Option<String>,
    pub(super) tdm_reservation: Option<String>,
    /// `max-age` of `Cache-Control` (RFC 9111, 5.2.2.1).
    pub(super) lifetime: Option<Duration>,
    pub(super) body: Vec<u8>,
}

impl Exchange {
    pub(super) fn new(
        crawl: &CrawlSettings,
        network: &NetworkSettings,
    ) -> Result<Exchange, SetupError> {
        Ok(Exchange {
            guard: Guard::new(network),
            hosts: Hosts::new(Policy::DEFAULT.hosts),
            policy: Policy::DEFAULT,
            clients: Clients::new(crawl, network)?,
            slots: Arc::new(Semaphore::new(
                crawl.concurrency.clamp(1, Semaphore::MAX_PERMITS),
            )),
            timeout: crawl.timeout,
            retries: crawl.retries,
        })
    }

    /// Asks, and asks again after connection faults, 429 and 5xx.
    pub(super) async fn ask(
        &self,
        hop: &Hop,
        errand: &RequestProfile<'_>,
    ) -> Result<Answer, Failure> {
        let mut tries = 0;
        loop {
            let pause = self.policy.backoff(tries, retry::chance());
            let failure = match self.ask_once(hop, errand, pause).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let asked_for = failure.retry_after.unwrap_or_default();
            if !failure.may_pass() || tries >= self.retries || asked_for > self.policy.patience {
                return Err(failure);
            }
            tries += 1;
            // A host on hold is waited for with the next turn, by all who want one.
            if !failure.holds_host() {
                tokio::time::sleep(pause.max(asked_for)).await;
            }
        }
    }

    /// One try. Where the answer is that the host is overburdened, the host is left alone for as
    /// long as it says, and for `pause` at least.
    async fn ask_once(
        &self,
        hop: &Hop,
        errand: &RequestProfile<'_>,
        pause: Duration,
    ) -> Result<Answer, Failure> {
        let host = self.hosts.of(&hop.url);
        let mut turn = host
            .turn(hop.interval, self.policy.patience, &self.slots)
            .await?;
        let answer = tokio::time::timeout(self.timeout, self.send(hop, errand))
            .await
            .unwrap_or_else(|_| Err(self.too_slow()));
        if let Err(failure) = &answer
            && failure.holds_host()
            && let Some(status) = failure.status
        {
            turn.hold(pause.max(failure.retry_after.unwrap_or_default()), status);
        }
        answer
    }

    async fn send(&self, hop: &Hop, errand: &RequestProfile<'_>) -> Result<Answer, Failure> {
        let response = self
            .clients
            .request(&hop.url, hop.route, errand)
            .send()
            .await?;
        let (status, headers) = (response.status(), response.headers().clone());
        if status.is_success() {
            let body = body::read(response, errand).await?;
            return Ok(Answer::Arrived(HttpResponse::new(status, &headers, body)));
        }
        if status == StatusCode::NOT_MODIFIED && errand.is_conditional() {
            return Ok(Answer::Arrived(HttpResponse::new(
                status,
                &headers,
                Vec::new(),
            )));
        }
        if status.is_redirection() {
            return Ok(Answer::Moved(text(&headers, &header::LOCATION)));
        }
        Err(Failure::status(status, self.retry_after(&headers)))
    }

    fn retry_after(&self, headers: &HeaderMap) -> Option<Duration> {
        let value = text(headers, &header::RETRY_AFTER)?;
        let wait = retry::retry_after(&value, Timestamp::now())?;
        Some(wait.min(self.policy.longest_hold))
    }

    fn too_slow(&self) -> Failure {
        let mend = "raise [crawl] timeout if the site is slow but worth it";
        let reason = format!("not finished within {:?}; {mend}", self.timeout);
        Failure::new(VisitOutcome::TooSlow, reason)
    }
}

impl HttpResponse {
    fn new(status: StatusCode, headers: &HeaderMap, body: Vec<u8>) -> HttpResponse {
        HttpResponse {
            status,
            content_type: text(headers, &header::CONTENT_TYPE),
            etag: text(headers, &header::ETAG),
            last_modified: text(headers, &header::LAST_MODIFIED),
            x_robots_tag: all(headers, "x-robots-tag"),
            tdm_reservation: all(headers, "tdm-reservation"),
            lifetime: all(headers, "cache-control").and_then(|it| max_age(&it)),
            body,
        }
    }
}

/// The `max-age` of a `Cache-Control` header.
fn max_age(directives: &str) -> Option<Duration> {
    let mut directives = directives.split(',').filter_map(|it| it.split_once('='));
    let (_, seconds) = directives.find(|(name, _)| name.trim().eq_ignore_ascii_case("max-age"))?;
    seconds
        .trim()
        .trim_matches('"')
        .parse()
        .ok()
        .map(Duration::from_secs)
}

/// A header as text, whatever bytes it holds.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
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
