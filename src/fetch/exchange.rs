//! One request and its answer: waits for the host's permit, sends, reads within bounds, and tries
//! again where that may help. Every request of the program goes out here. Redirects are answers;
//! where they lead is decided, and guarded, by the caller.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap, HeaderName};
use tokio::sync::Semaphore;
use url::Url;

use crate::config::{CrawlSettings, NetworkSettings};
use crate::fetch::body::{self, Body, Truncation};
use crate::fetch::bulk::{Bulk, BulkPermits, Turns};
use crate::fetch::client::Clients;
use crate::fetch::contact::Contact;
use crate::fetch::cookies::CookieHeader;
use crate::fetch::guard::{Guard, Route};
use crate::fetch::headers::{all, first, location};
use crate::fetch::host::Hosts;
use crate::fetch::login::Login;
use crate::fetch::profile::RequestProfile;
use crate::fetch::recording::{Incoming, Tape};
use crate::fetch::request_log;
use crate::fetch::retry::{self, Policy};
use crate::fetch::subscription::OwnHeader;
use crate::fetch::{ErrorPage, FetchErrorKind, SetupError, requests_at_once};

/// Bytes of a validator. A longer one is no use cut short, and the next answer is a whole one.
const LONGEST_VALIDATOR: usize = 1024;

/// What it takes to send a request.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) guard: Guard,
    pub(super) hosts: Hosts,
    pub(super) policy: Policy,
    clients: Clients,
    /// Turns of large feeds and sitemaps.
    pub(super) bulk: Bulk,
    /// Requests in flight, all hosts together.
    slots: Arc<Semaphore>,
    timeout: Duration,
    retries: u32,
    pub(super) user_agent: String,
    contact: Contact,
}

/// One address that may be requested: it passed the guard and robots.txt.
#[derive(Debug)]
pub(super) struct Hop {
    pub(super) url: Url,
    pub(super) route: Route,
    /// The least time between two requests to its host.
    pub(super) interval: Duration,
    /// The `Cookie` header.
    pub(super) cookies: Option<CookieHeader>,
    /// Headers of the user's own.
    pub(super) own: Vec<OwnHeader>,
    /// The user name and password that the caller's address names for this origin.
    pub(super) login: Option<Login>,
}

impl Hop {
    /// True where the request says who the user is, by a login or by the headers or cookies of a subscription.
    pub(super) fn is_personal(&self) -> bool {
        let has_own = self.cookies.as_ref().is_some_and(|it| it.has_own);
        self.login.is_some() || has_own || !self.own.is_empty()
    }
}

/// What a server answers.
#[derive(Debug)]
pub(super) enum Answer {
    /// What was requested, or that it has not changed.
    Response(HttpResponse),
    /// A redirect.
    Redirect(Redirect),
}

/// An answer that redirects.
#[derive(Debug)]
pub(super) struct Redirect {
    /// Where to, by its `Location` header.
    pub(super) location: Option<String>,
    /// The HTTP status.
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
}

/// An answer that is no redirect and no error.
#[derive(Debug)]
pub(super) struct HttpResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// Decompressed.
    pub(super) body: Vec<u8>,
    pub(super) truncation: Option<Truncation>,
    /// The connection broke, and what had come before will do if there is nothing better.
    is_cut_off: bool,
    pub(super) permits: BulkPermits,
}

impl Exchange {
    pub(super) fn new(
        crawl: &CrawlSettings,
        network: &NetworkSettings,
        contact: Contact,
    ) -> Result<Exchange, SetupError> {
        Ok(Exchange {
            guard: Guard::new(network),
            hosts: Hosts::new(Policy::DEFAULT.max_hosts),
            policy: Policy::DEFAULT,
            clients: Clients::new(crawl, network)?,
            bulk: Bulk::default(),
            slots: Arc::new(Semaphore::new(
                requests_at_once(crawl.concurrency)?.clamp(1, Semaphore::MAX_PERMITS),
            )),
            timeout: crawl.timeout,
            retries: crawl.retries,
            user_agent: crawl.user_agent.clone(),
            contact,
        })
    }

    /// Sends a request, and sends it again after connection errors, 429 and 5xx. Where the answer breaks
    /// off each time, the best that came is the answer.
    pub(super) async fn request(
        &self,
        hop: &Hop,
        profile: &RequestProfile<'_>,
    ) -> Result<Answer, FetchErrorKind> {
        let (mut tries, mut best) = (0, None);
        loop {
            let backoff = self.policy.backoff(tries, fastrand::f64());
            let (pause, is_overload) = match self.try_once(hop, profile, backoff).await {
                Ok(answer) if !answer.is_cut_off() || tries >= self.retries => return Ok(answer),
                Ok(mut answer) => {
                    answer.give_way();
                    best = Some(answer);
                    (Duration::ZERO, false)
                }
                Err(error) => {
                    let asked_for = error.retry_after().unwrap_or_default();
                    let is_final = tries >= self.retries || asked_for > self.policy.max_wait;
                    if is_final || !error.is_worth_retrying() {
                        return best.ok_or(error);
                    }
                    (asked_for, error.is_overload())
                }
            };
            tries += 1;
            // A host that backs off is waited for with the next permit, by everyone who wants one.
            if !is_overload {
                tokio::time::sleep(backoff.max(pause)).await;
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
        let asked = Instant::now();
        let mut permit = host.permit(hop.interval, max_wait, &self.slots).await?;
        request_log::permitted(&hop.url, asked);
        let sent = Instant::now();
        let timeout = self.timeout;
        let turns = self.turns();
        let mut tape = profile.recorder.map(|_| Tape::new());
        let answer = turns
            .within(timeout, self.send((hop, &mut tape), profile, &turns))
            .await
            .unwrap_or(Err(FetchErrorKind::TooSlow { timeout }));
        request_log::answered(&hop.url, sent, &answer);
        if let Err(error) = &answer
            && error.is_overload()
            && let FetchErrorKind::Status {
                status,
                retry_after,
                ..
            } = error
        {
            permit.back_off(backoff.max(retry_after.unwrap_or_default()), *status);
        }
        // Of a redirect it is the least time until the next request (RFC 9110, 10.2.3).
        if let Ok(Answer::Redirect(to)) = &answer
            && let Some(pause) = self.retry_after(&to.headers)
        {
            permit.back_off(pause, to.status);
        }
        drop(permit);
        let exchanged = tape.and_then(|tape| tape.end(hop, &answer));
        if let (Some(recorder), Some(exchanged)) = (profile.recorder, exchanged) {
            recorder.record(exchanged).await;
        }
        answer
    }

    async fn send(
        &self,
        (hop, tape): (&Hop, &mut Option<Tape>),
        profile: &RequestProfile<'_>,
        turns: &Turns<'_>,
    ) -> Result<Answer, FetchErrorKind> {
        let (client, request) = self.clients.request(hop, profile).build_split();
        let mut request = request?;
        self.contact.state(&mut request, hop);
        if let Some(tape) = tape {
            tape.record_request(&request, hop, &self.user_agent);
        }
        let sent = client.execute(request);
        let Ok(response) = tokio::time::timeout(turns.silence(), sent).await else {
            return Err(FetchErrorKind::silent(&hop.url));
        };
        let response = Incoming::new(response?, hop, tape.as_mut());
        self.read(response, profile, turns).await
    }

    /// The turns of one request among those for large bodies.
    pub(super) fn turns(&self) -> Turns<'_> {
        Turns::of(&self.bulk, self.policy.silence(self.timeout))
    }

    /// Reads what a server has sent.
    pub(super) async fn read(
        &self,
        response: Incoming<'_>,
        profile: &RequestProfile<'_>,
        turns: &Turns<'_>,
    ) -> Result<Answer, FetchErrorKind> {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = if status.is_success() {
            body::read(response, profile, turns).await?
        } else if status == StatusCode::NOT_MODIFIED && profile.is_conditional() {
            response.receive_for_record(self.timeout / 4).await;
            Body::default()
        } else if status.is_redirection() {
            let location = location(&headers);
            response.receive_for_record(self.timeout / 4).await;
            return Ok(Answer::Redirect(Redirect {
                location,
                status: status.as_u16(),
                headers,
            }));
        } else {
            return Err(FetchErrorKind::Status {
                status: status.as_u16(),
                retry_after: self.retry_after(&headers),
                page: self.error_page(response, &headers, profile).await,
            });
        };
        Ok(Answer::Response(HttpResponse {
            status,
            headers,
            body: body.bytes,
            truncation: body.truncation,
            is_cut_off: body.is_cut_off,
            permits: body.permits,
        }))
    }

    /// What an error answer shows in place of what was asked for, where it comes soon: the status is worth
    /// more.
    async fn error_page(
        &self,
        response: Incoming<'_>,
        headers: &HeaderMap,
        profile: &RequestProfile<'_>,
    ) -> Option<Arc<ErrorPage>> {
        if profile.max_error_page == 0 {
            response.receive_for_record(self.timeout / 4).await;
            return None;
        }
        let turns = self.turns();
        let body = body::read_error_page(response, profile, &turns);
        let body = tokio::time::timeout(self.timeout / 4, body).await.ok()?;
        let content_type = first(headers, &header::CONTENT_TYPE);
        (!body.is_empty()).then(|| Arc::new(ErrorPage { content_type, body }))
    }

    fn retry_after(&self, headers: &HeaderMap) -> Option<Duration> {
        let value = first(headers, &header::RETRY_AFTER)?;
        let wait = retry::retry_after(&value, SystemTime::now())?;
        Some(wait.min(self.policy.max_retry_after))
    }
}

impl Answer {
    fn is_cut_off(&self) -> bool {
        matches!(self, Answer::Response(response) if response.is_cut_off)
    }

    /// Gives its turns to others: whoever waits for one must not hold another.
    fn give_way(&mut self) {
        if let Answer::Response(response) = self {
            response.permits = BulkPermits::default();
        }
    }
}

impl Redirect {
    /// For good.
    pub(super) fn is_permanent(&self) -> bool {
        matches!(self.status, 301 | 308)
    }
}

impl HttpResponse {
    /// The `Content-Type` header.
    pub(super) fn content_type(&self) -> Option<String> {
        first(&self.headers, &header::CONTENT_TYPE)
    }

    /// The `ETag` header.
    pub(super) fn etag(&self) -> Option<String> {
        first(&self.headers, &header::ETAG).filter(|it| it.len() <= LONGEST_VALIDATOR)
    }

    /// The `Last-Modified` header.
    pub(super) fn last_modified(&self) -> Option<String> {
        first(&self.headers, &header::LAST_MODIFIED).filter(|it| it.len() <= LONGEST_VALIDATOR)
    }

    /// The `X-Robots-Tag` headers, joined by commas.
    pub(super) fn x_robots_tag(&self) -> Option<String> {
        self.stated("x-robots-tag")
    }

    /// The `tdm-reservation` headers, joined by commas.
    pub(super) fn tdm_reservation(&self) -> Option<String> {
        self.stated("tdm-reservation")
    }

    /// The headers of this name, joined by commas; with those of the page itself where an archive passes them on.
    fn stated(&self, name: &str) -> Option<String> {
        let archived = all(&self.headers, &format!("x-archive-orig-{name}"));
        let all = all(&self.headers, name).into_iter().chain(archived);
        all.reduce(|one, other| format!("{one}, {other}"))
    }

    /// The `Memento-Datetime` header.
    pub(super) fn memento_datetime(&self) -> Option<String> {
        first(&self.headers, &HeaderName::from_static("memento-datetime"))
    }

    /// The `Refresh` header.
    pub(super) fn refresh(&self) -> Option<String> {
        first(&self.headers, &HeaderName::from_static("refresh"))
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
