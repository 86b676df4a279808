//! The polite HTTP client. Only this room touches the network; every request (page, robots.txt,
//! feed, sitemap, each redirect hop) passes the same address guard ([`guard`]) and the same host's
//! pace ([`host`]), and every page also its host's robots.txt ([`robots`]).

mod body;
mod client;
mod error;
pub mod guard;
pub mod host;
mod retry;
pub mod robots;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap, HeaderName};
use tokio::sync::Semaphore;
use url::Url;

use crate::config::{Crawl, Network};
use crate::limits::Limits;
use crate::outcome::Outcome;
use client::Clients;
use guard::Guard;
use host::{Host, Hosts};
use retry::Policy;
use robots::Rules;

pub use error::FetchError;

/// Redirects of a robots.txt that are followed (RFC 9309, 2.3.1.2: at least five).
const ROBOTS_REDIRECTS: usize = 5;

/// The client: one for a whole run, shared by every task.
#[derive(Debug, Clone)]
pub struct Fetcher {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    crawl: Crawl,
    guard: Arc<Guard>,
    clients: Clients,
    hosts: Hosts,
    /// Requests in flight, all hosts together.
    flights: Semaphore,
    agent: String,
    retry: Policy,
}

/// The client could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The HTTP client refused its settings.
    #[error("the HTTP client could not be set up")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A `resolve` entry names two ports.
    #[error(
        "resolve: {host}:{port} can't lead to {address}: a port written in a URL is kept, so both \
         must be port {port}"
    )]
    ResolvePort {
        /// The entry's host.
        host: String,
        /// The entry's port.
        port: u16,
        /// Where it leads.
        address: SocketAddr,
    },
}

/// One address to be asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The address.
    pub url: Url,
    /// Requests per second to the hosts on the way, if not as configured.
    pub requests_per_second: Option<f64>,
    /// The `ETag` of the last answer.
    pub etag: Option<String>,
    /// The `Last-Modified` of the last answer.
    pub last_modified: Option<String>,
    /// What is wanted, for the `Accept` header, the size limit and the check of the type.
    pub want: Want,
}

/// What an address is expected to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A web page, at most `max_body` long; anything that is not HTML is refused.
    Page,
    /// A feed, at most [`feed_bytes`](Limits::feed_bytes) long.
    Feed,
    /// A sitemap, at most [`sitemap_bytes`](Limits::sitemap_bytes) long.
    Sitemap,
}

/// An answer with status 200 to 299, or 304.
#[derive(Debug, Clone)]
pub struct Response {
    /// The address that answered, after redirects.
    pub url: Url,
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
    /// The body, decompressed; empty with 304.
    pub body: Vec<u8>,
}

/// What one request brought: an answer, or where it points.
enum Answer {
    Here(Box<Response>),
    Moved(Url),
}

impl Fetcher {
    /// A client with these settings.
    ///
    /// # Errors
    /// Fails where TLS can't be set up or a `resolve` entry can't be kept.
    pub fn new(crawl: &Crawl, network: &Network) -> Result<Fetcher, SetupError> {
        let guard = Arc::new(Guard::new(network.allow_private, network.resolve.clone()));
        let shared = Shared {
            clients: Clients::new(crawl, network, &guard)?,
            guard,
            hosts: Hosts::default(),
            flights: Semaphore::new(crawl.concurrency.max(1)),
            agent: robots::product_token(&crawl.user_agent).to_owned(),
            retry: Policy::new(crawl.retries),
            crawl: crawl.clone(),
        };
        Ok(Fetcher {
            shared: Arc::new(shared),
        })
    }

    /// Asks for one address, politely. Each hop of a redirect is a request like the first: guard,
    /// robots.txt and pace of its own host.
    ///
    /// # Errors
    /// The error holds the outcome, and a reason that a person can act on.
    pub async fn get(&self, request: &Request) -> Result<Response, FetchError> {
        let mut url = request.url.clone();
        let mut redirects: Vec<Url> = Vec::new();
        loop {
            let host = self.host(&url, request.requests_per_second)?;
            self.check_robots(&host, &url).await?;
            match self.ask_with_retries(&host, &url, request).await? {
                Answer::Here(mut response) => {
                    response.redirects = redirects;
                    return Ok(*response);
                }
                Answer::Moved(next) => {
                    redirects.push(std::mem::replace(&mut url, next));
                    check_hops(&redirects, &url, self.shared.crawl.max_redirects)?;
                }
            }
        }
    }

    /// The sitemaps that the robots.txt of this address's host names. Fetches it if need be; empty
    /// where there is none.
    pub async fn sitemaps(&self, url: &Url) -> Vec<Url> {
        match self.host(url, None) {
            Ok(host) => self.robots(&host, url).await.sitemaps().to_vec(),
            Err(_) => Vec::new(),
        }
    }

    /// The host of an address that may be connected to.
    fn host(&self, url: &Url, requests_per_second: Option<f64>) -> Result<Arc<Host>, FetchError> {
        self.shared
            .guard
            .check(url)
            .map_err(|refusal| FetchError::refused(url, &refusal))?;
        let rate = requests_per_second.unwrap_or(self.shared.crawl.requests_per_second);
        let interval = host::interval(rate);
        let host = self.shared.hosts.of(url, interval);
        host.slow_to(interval);
        Ok(host)
    }

    async fn check_robots(&self, host: &Host, url: &Url) -> Result<(), FetchError> {
        if !self.shared.crawl.respect_robots || self.robots(host, url).await.allows(url) {
            return Ok(());
        }
        let name = url.host_str().unwrap_or_default();
        let reason = format!(
            "disallowed by robots.txt of {name}; set [crawl] respect_robots = false only for sites \
             of your own"
        );
        Err(FetchError::new(url, Outcome::Robots, reason))
    }

    /// The host's robots.txt, asked for once a run.
    async fn robots(&self, host: &Host, url: &Url) -> Arc<Rules> {
        let ask = || async {
            let rules = self.fetch_robots(url).await;
            if let Some(delay) = rules.delay() {
                host.slow_to(delay);
            }
            Arc::new(rules)
        };
        Arc::clone(host.robots.get_or_init(ask).await)
    }

    /// Asks for robots.txt: 4xx means that there is none, anything else but an answer that nothing
    /// may be asked for (RFC 9309, 2.3.1).
    async fn fetch_robots(&self, url: &Url) -> Rules {
        let Ok(mut at) = url.join("/robots.txt") else {
            return Rules::allow_all();
        };
        let request = Request {
            url: at.clone(),
            requests_per_second: None,
            etag: None,
            last_modified: None,
            want: Want::Feed,
        };
        for _ in 0..=ROBOTS_REDIRECTS {
            let Ok(host) = self.host(&at, None) else {
                return Rules::disallow_all();
            };
            match self.ask_with_retries(&host, &at, &request).await {
                Ok(Answer::Here(response)) => {
                    let cut = response.body.len().min(Limits::DEFAULT.robots_bytes);
                    return Rules::parse(&response.body[..cut], &at, &self.shared.agent);
                }
                Ok(Answer::Moved(next)) => at = next,
                Err(error) if error.outcome == Outcome::Http4xx && error.status != Some(429) => {
                    return Rules::allow_all();
                }
                Err(error) => {
                    tracing::debug!(%error, "robots.txt can't be had: nothing is asked for");
                    return Rules::disallow_all();
                }
            }
        }
        Rules::allow_all()
    }

    async fn ask_with_retries(
        &self,
        host: &Host,
        url: &Url,
        request: &Request,
    ) -> Result<Answer, FetchError> {
        let mut attempt = 0;
        loop {
            let error = match self.ask(host, url, request).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            attempt += 1;
            let policy = self.shared.retry;
            let wait = policy.wait(
                attempt,
                error.outcome,
                error.status,
                error.retry_after,
                spread(),
            );
            let Some(wait) = wait else { return Err(error) };
            tracing::debug!(%error, attempt, ?wait, "asking again");
            host.hold(wait);
        }
    }

    /// One request: the host's connection and pace first, then a place among all requests.
    async fn ask(&self, host: &Host, url: &Url, request: &Request) -> Result<Answer, FetchError> {
        let closed =
            || FetchError::new(url, Outcome::Connect, "the client is shut down".to_owned());
        let _connection = host.ready().await.ok_or_else(closed)?;
        let _flight = self.shared.flights.acquire().await.map_err(|_| closed())?;
        let limit = self.shared.crawl.timeout;
        match tokio::time::timeout(limit, self.exchange(url, request)).await {
            Ok(result) => result,
            Err(_) => Err(FetchError::new(
                url,
                Outcome::TooSlow,
                format!(
                    "no whole answer within {limit:?}; raise [crawl] timeout if it is worth it"
                ),
            )),
        }
    }

    async fn exchange(&self, url: &Url, request: &Request) -> Result<Answer, FetchError> {
        let sent = self.send(url, request).await;
        let mut response = sent.map_err(|error| FetchError::from_reqwest(url, &error))?;
        let status = response.status();
        if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
            return moved(url, &response).map(Answer::Moved);
        }
        if !status.is_success() && status != StatusCode::NOT_MODIFIED {
            let asked = text(response.headers(), &header::RETRY_AFTER)
                .and_then(|value| retry::retry_after(&value, unix_seconds()));
            return Err(FetchError::from_status(url, status.as_u16(), asked));
        }
        let limit = body::limit(request.want, self.shared.crawl.max_body);
        let body = body::read(&mut response, limit).await.map_err(|error| {
            let (outcome, reason) = body::outcome(&error);
            FetchError::new(url, outcome, reason)
        })?;
        let answer = response_of(url, &response, body);
        if status.is_success() {
            body::check_type(request.want, answer.content_type.as_deref(), &answer.body)
                .map_err(|reason| FetchError::new(url, Outcome::NotHtml, reason))?;
        }
        Ok(Answer::Here(Box::new(answer)))
    }

    async fn send(&self, url: &Url, request: &Request) -> reqwest::Result<reqwest::Response> {
        let mut builder = self.shared.clients.of(url).get(url.clone());
        builder = builder.header(header::ACCEPT, body::accept(request.want));
        if let Some(etag) = &request.etag {
            builder = builder.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &request.last_modified {
            builder = builder.header(header::IF_MODIFIED_SINCE, date);
        }
        builder.send().await
    }
}

fn response_of(url: &Url, response: &reqwest::Response, body: Vec<u8>) -> Response {
    let headers = response.headers();
    let tags: Vec<&str> = headers
        .get_all("x-robots-tag")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    Response {
        url: url.clone(),
        redirects: Vec::new(),
        status: response.status().as_u16(),
        content_type: text(headers, &header::CONTENT_TYPE),
        etag: text(headers, &header::ETAG),
        last_modified: text(headers, &header::LAST_MODIFIED),
        x_robots_tag: (!tags.is_empty()).then(|| tags.join(", ")),
        body,
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

/// Where a redirect leads.
fn moved(url: &Url, response: &reqwest::Response) -> Result<Url, FetchError> {
    let location = text(response.headers(), &header::LOCATION).filter(|it| !it.is_empty());
    let Some(location) = location else {
        let reason = format!(
            "redirects (status {}) without saying where",
            response.status()
        );
        return Err(FetchError::new(url, Outcome::Redirects, reason));
    };
    let long = location.len() > Limits::DEFAULT.url_chars;
    match url.join(&location) {
        Ok(mut next) if !long => {
            next.set_fragment(None);
            Ok(next)
        }
        _ => {
            let shown: String = location.chars().take(80).collect();
            let reason = format!("redirects to `{shown}`, which is no address");
            Err(FetchError::new(url, Outcome::Redirects, reason))
        }
    }
}

fn check_hops(redirects: &[Url], next: &Url, most: usize) -> Result<(), FetchError> {
    let reason = if redirects.contains(next) {
        "redirects in a circle".to_owned()
    } else if redirects.len() > most {
        format!("redirects more than {most} times")
    } else {
        return Ok(());
    };
    Err(FetchError::new(next, Outcome::Redirects, reason))
}

fn unix_seconds() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Jitter for retries: the clock's odd nanoseconds will do.
fn spread() -> f64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    f64::from(since.subsec_nanos() % 1000) / 1000.0
}
