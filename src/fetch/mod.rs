//! The polite HTTP client. Only this room touches the network; every request (page, robots.txt,
//! feed, sitemap, each redirect hop) passes the same address guard and the same host's limiter.

mod guard;
mod retry;
mod robots;

use std::time::Duration;

use url::Url;

use crate::config;
use crate::outcome::Outcome;

/// The client: one for a whole run, shared by every task.
#[derive(Debug, Clone)]
pub struct Fetcher {}

/// The client could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The HTTP client refused its settings.
    #[error("the HTTP client could not be set up")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
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
    /// A feed, at most [`feed_bytes`](crate::limits::Limits::feed_bytes) long.
    Feed,
    /// A sitemap, at most [`sitemap_bytes`](crate::limits::Limits::sitemap_bytes) long.
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

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{url}: {reason}")]
pub struct FetchError {
    /// The address that failed: the last hop.
    pub url: Url,
    /// How the visit ended.
    pub outcome: Outcome,
    /// What happened and, where there is one, the mend; one line.
    pub reason: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The host asked to be left alone for this long.
    pub retry_after: Option<Duration>,
}

impl Fetcher {
    /// A client with these settings.
    pub fn new(_crawl: &config::Crawl, _network: &config::Network) -> Result<Fetcher, SetupError> {
        Ok(Fetcher {})
    }

    /// Asks for one address, politely: robots.txt, rate, retries, redirects.
    pub async fn get(&self, request: &Request) -> Result<Response, FetchError> {
        Err(FetchError {
            url: request.url.clone(),
            outcome: Outcome::Connect,
            reason: String::new(),
            status: None,
            retry_after: None,
        })
    }

    /// The sitemaps that the robots.txt of this address's host names. Fetches it if need be; empty
    /// where there is none.
    pub async fn sitemaps(&self, _url: &Url) -> Vec<Url> {
        Vec::new()
    }
}
