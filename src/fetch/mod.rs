//! The polite HTTP client. Only this room touches the network; every request (page, robots.txt,
//! feed, sitemap, each redirect hop) passes the same address guard and the same host's limiter.

mod body;
mod client;
mod exchange;
mod failure;
mod guard;
mod host;
mod redirects;
mod request_profile;
mod retry;
mod robots;

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::config;
use crate::fetch::exchange::{Answer, Exchange, Hop, HttpResponse};
use crate::fetch::failure::Failure;
use crate::fetch::host::RobotsOrFault;
use crate::fetch::redirects::RedirectChain;
use crate::fetch::request_profile::RequestProfile;
use crate::fetch::robots::Robots;
use crate::verdict::VisitOutcome;

/// The client: one for a whole run, shared by every task. Clones are the same client.
#[derive(Debug, Clone)]
pub struct Fetcher {
    exchange: Arc<Exchange>,
    robots_store: Option<Arc<dyn RobotsStore>>,
    /// What robots.txt may call us.
    product_token: String,
    respect_robots: bool,
    requests_per_second: f64,
    max_body: usize,
    max_redirects: usize,
}

/// The client could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The HTTP client refused its settings.
    #[error("the HTTP client could not be set up")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The proxy is of a kind that cannot be used.
    #[error("{0} is no proxy that can be used; give an http://, https:// or socks5:// address")]
    Proxy(Url),
}

impl From<reqwest::Error> for SetupError {
    fn from(error: reqwest::Error) -> SetupError {
        SetupError::Client(error.into())
    }
}

/// What a [`RobotsStore`] gives back.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Keeps robots.txt from one run to the next, so that each host is asked for it once a day, however
/// often the program starts.
pub trait RobotsStore: Debug + Send + Sync {
    /// The file of an origin (`https://news.example.org`) and how much longer it may be believed;
    /// `None` where nothing is known. A file that is `None` is one that does not exist.
    fn recall<'a>(&'a self, origin: &'a str) -> Later<'a, Option<(Option<Vec<u8>>, Duration)>>;

    /// Keeps the file of an origin for so long. Failing to is no failure of the request.
    fn keep<'a>(
        &'a self,
        origin: &'a str,
        file: Option<&'a [u8]>,
        lifetime: Duration,
    ) -> Later<'a, ()>;
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
    /// The `tdm-reservation` header (TDMRep).
    pub tdm_reservation: Option<String>,
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
    pub outcome: VisitOutcome,
    /// What happened and, where there is one, the mend; one line.
    pub reason: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The host asked to be left alone for this long.
    pub retry_after: Option<Duration>,
}

impl Fetcher {
    /// A client with these settings.
    ///
    /// # Errors
    ///
    /// Where the proxy or the user agent is none that can be used.
    pub fn new(
        crawl: &config::CrawlSettings,
        network: &config::NetworkSettings,
    ) -> Result<Fetcher, SetupError> {
        Ok(Fetcher {
            exchange: Arc::new(Exchange::new(crawl, network)?),
            robots_store: None,
            product_token: robots::product_token(&crawl.user_agent).to_owned(),
            respect_robots: crawl.respect_robots,
            requests_per_second: crawl.requests_per_second,
            max_body: usize::try_from(crawl.max_body).unwrap_or(usize::MAX),
            max_redirects: crawl.max_redirects,
        })
    }

    /// The same client, which keeps robots.txt there and looks there first.
    pub fn remembering(self, robots: Arc<dyn RobotsStore>) -> Fetcher {
        Fetcher {
            robots_store: Some(robots),
            ..self
        }
    }

    /// Takes note that a host (`news.example.org`) was last asked for something so long ago, by an
    /// earlier run, so that its pace holds across the two.
    pub async fn note_last_request(&self, host: &str, ago: Duration) {
        self.exchange.hosts.named(host).note_last_request(ago).await;
    }

    /// Asks for one address, politely: robots.txt, rate, retries, redirects.
    ///
    /// # Errors
    ///
    /// Whatever is no answer with status 200 to 299 (or 304 to a request with validators) is a
    /// [`FetchError`], which says at which hop it happened, how the visit ended and why.
    pub async fn get(&self, request: &Request) -> Result<Response, FetchError> {
        let errand = RequestProfile::of(request, self.max_body);
        let per_second = request
            .requests_per_second
            .unwrap_or(self.requests_per_second);
        let mut trail = RedirectChain::new(request.url.clone(), self.max_redirects);
        match self.walk(&mut trail, per_second, &errand).await {
            Ok(arrival) => Ok(trail.arrive(arrival)),
            Err(failure) => Err(failure.at(trail.here())),
        }
    }

    /// The sitemaps that the robots.txt of this address's host names. Fetches it if need be; empty
    /// where there is none.
    pub async fn sitemaps(&self, url: &Url) -> Vec<Url> {
        match self.robots(url, self.requests_per_second).await {
            Ok(robots) => robots.sitemaps().to_vec(),
            Err(_) => Vec::new(),
        }
    }

    /// Goes from hop to hop; each is let through, paced and asked for as if it were the first.
    async fn walk(
        &self,
        trail: &mut RedirectChain,
        per_second: f64,
        errand: &RequestProfile<'_>,
    ) -> Result<HttpResponse, Failure> {
        loop {
            let hop = self.hop(trail.here(), per_second).await?;
            match self.exchange.ask(&hop, errand).await? {
                Answer::Arrived(arrival) => return Ok(arrival),
                Answer::Moved(location) => trail.follow(location.as_deref())?,
            }
        }
    }

    /// Prepares one hop: past the address guard, past robots.txt, at the pace its host wants.
    async fn hop(&self, url: &Url, per_second: f64) -> Result<Hop, Failure> {
        let route = self.exchange.guard.route(url)?;
        let mut crawl_delay = None;
        if self.respect_robots {
            let robots = self
                .robots(url, per_second)
                .await
                .map_err(unreadable_robots)?;
            if !robots.allows(url) {
                return Err(disallowed(url));
            }
            crawl_delay = robots.crawl_delay();
        }
        Ok(Hop {
            url: url.clone(),
            route,
            interval: self.exchange.policy.interval(per_second, crawl_delay),
        })
    }

    /// The robots.txt of an address's host, remembered or fetched. A file that is not there allows
    /// everything; one that cannot be had is an error, and nothing may be fetched (RFC 9309,
    /// 2.3.1).
    async fn robots(&self, url: &Url, per_second: f64) -> RobotsOrFault {
        let host = self.exchange.hosts.of(url);
        let mut memory = host.robots().await;
        if let Some(known) = memory.recall(url) {
            return known;
        }
        let location = url.join("/robots.txt").unwrap_or_else(|_| url.clone());
        let origin = location.origin().ascii_serialization();
        let kept = match &self.robots_store {
            Some(store) => store.recall(&origin).await,
            None => None,
        };
        let file = match kept {
            Some((file, lifetime)) => Ok((file, lifetime)),
            None => {
                self.fetch_and_keep_robots(&location, &origin, per_second)
                    .await
            }
        };
        let policy = &self.exchange.policy;
        let (found, age) = match file {
            Ok((Some(file), age)) => {
                let robots = Robots::parse(&file, &self.product_token, &location);
                (Ok(Arc::new(robots)), age)
            }
            Ok((None, age)) => (Ok(Arc::new(Robots::open())), age),
            Err(fault) => {
                let age = fault.retry_after.unwrap_or(policy.robots_fault_age);
                (Err(fault), age)
            }
        };
        memory.keep(url, found.clone(), age);
        found
    }

    async fn fetch_and_keep_robots(
        &self,
        location: &Url,
        origin: &str,
        per_second: f64,
    ) -> Result<(Option<Vec<u8>>, Duration), Failure> {
        let found = self.fetch_robots(location, per_second).await?;
        let policy = &self.exchange.policy;
        let lifetime = found.as_ref().and_then(|arrival| arrival.lifetime);
        let lifetime = lifetime
            .unwrap_or(policy.robots_age)
            .clamp(policy.robots_least_age, policy.robots_age);
        let file = found.map(|arrival| arrival.body);
        if let Some(store) = &self.robots_store {
            store.keep(origin, file.as_deref(), lifetime).await;
        }
        Ok((file, lifetime))
    }

    /// Asks for a robots.txt; `None` where there is none, which opens everything.
    async fn fetch_robots(
        &self,
        location: &Url,
        per_second: f64,
    ) -> Result<Option<HttpResponse>, Failure> {
        let mut trail = RedirectChain::new(location.clone(), self.exchange.policy.robots_redirects);
        loop {
            let here = trail.here().clone();
            let hop = Hop {
                route: self.exchange.guard.route(&here)?,
                url: here,
                interval: self.exchange.policy.interval(per_second, None),
            };
            match self.exchange.ask(&hop, &RequestProfile::robots()).await {
                Ok(Answer::Arrived(file)) => return Ok(Some(file)),
                Ok(Answer::Moved(to)) if trail.follow(to.as_deref()).is_ok() => {}
                // Redirects that lead nowhere are a file that is not there, and so is every 4xx
                // but the one that means 'not now'.
                Ok(Answer::Moved(_)) => return Ok(None),
                Err(fault) if fault.outcome == VisitOutcome::Http4xx && !fault.holds_host() => {
                    return Ok(None);
                }
                Err(fault) => return Err(fault),
            }
        }
    }
}

fn disallowed(url: &Url) -> Failure {
    let host = url.host_str().unwrap_or_default();
    let mend = "set [crawl] respect_robots = false only for sites you own";
    Failure::new(
        VisitOutcome::Robots,
        format!("blocked by robots.txt of {host}; {mend}"),
    )
}

/// The outcome stays that of the fault, since it may pass and the address is then asked again.
fn unreadable_robots(fault: Failure) -> Failure {
    Failure {
        reason: format!(
            "nothing is fetched while robots.txt cannot be read: {}",
            fault.reason
        ),
        ..fault
    }
}
