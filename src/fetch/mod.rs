//! The polite HTTP client. Only this room touches the network; every request (page, robots.txt,
//! feed, sitemap, each redirect hop) passes the same address guard and the same host's limiter.

mod arrival;
mod body;
mod bulk;
mod client;
mod contact;
mod cookies;
mod descriptors;
mod error;
mod error_page;
mod exchange;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod guard;
mod headers;
mod host;
mod landing;
mod login;
mod part;
mod profile;
mod recording;
mod redirects;
mod refresh;
mod request;
mod request_log;
mod reservations;
mod retry;
mod rights;
mod robots;
mod subscription;
mod tls;
mod transport;

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::config;
use crate::identity::{KeyError, Signer};
use crate::limits::Limits;
use crate::rights::{Purpose, Reader};
use contact::Contact;
use descriptors::Descriptors;
use exchange::{Answer, Exchange, Hop, HttpResponse};
use profile::RequestProfile;
use redirects::{ChainBounds, RedirectChain};
use refresh::{Refresh, refresh};
use rights::Behalf;
use robots::Robots;

pub(crate) use arrival::{Arrival, Correction};
pub use body::Truncation;
pub(crate) use bulk::BulkPermits;
pub use descriptors::raise_open_files;
pub use error::{FetchError, FetchErrorKind};
pub use error_page::ErrorPage;
pub use guard::AddressError;
pub use landing::Landing;
pub(crate) use part::Part;
pub use recording::{Cut, Exchanged, Recorder};
pub use redirects::RedirectError;
pub use request::{Expect, Request, Response};
pub use robots::{BoxFuture, RobotsStore};
pub use subscription::Subscription;
pub use transport::TransportError;

/// The client: one for a whole run, shared by every task. Clones are the same client.
#[derive(Debug, Clone)]
pub struct Fetcher {
    exchange: Arc<Exchange>,
    robots_store: Option<Arc<dyn RobotsStore>>,
    recorder: Option<Arc<dyn Recorder>>,
    /// For requests that have none of their own.
    subscriptions: Arc<[Subscription]>,
    /// For whom opt-outs are read, robots.txt among them.
    reader: Reader,
    respect_robots: bool,
    requests_per_second: f64,
    max_body: usize,
    max_redirects: usize,
    limits: Limits,
}

/// When a host has a turn for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NextTurn {
    /// How long the request would wait; zero where none would be sent.
    pub wait: Duration,
    /// The time between two requests to the host.
    pub interval: Duration,
    /// The host was asked for its robots.txt just now.
    pub asked_robots: bool,
}

/// The client could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The HTTP client refused its settings.
    #[error("the HTTP client could not be set up")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The key that requests are signed with can't be used.
    #[error("requests cannot be signed")]
    Identity(#[from] KeyError),
    /// The proxy is of a kind that can't be used.
    #[error("{0} cannot be used as a proxy; give an http://, https:// or socks5:// address")]
    Proxy(Url),
    /// The process may open too few files to send a request.
    #[error(
        "too few files may be open: {limit}, and at least {needed} are needed; raise the limit with \
         `ulimit -n 1024`, or LimitNOFILE= in a systemd unit"
    )]
    OpenFiles {
        /// How many may be open.
        limit: u64,
        /// How many must.
        needed: u64,
    },
}

impl From<rustls::Error> for SetupError {
    fn from(error: rustls::Error) -> SetupError {
        SetupError::Client(error.into())
    }
}

impl From<reqwest::Error> for SetupError {
    fn from(error: reqwest::Error) -> SetupError {
        SetupError::Client(error.into())
    }
}

/// Requests that may be in flight, of those that the settings allow: each takes files, which the process may
/// have open a limited number of.
///
/// # Errors
/// Fails where there is room for none.
pub(crate) fn requests_at_once(configured: usize) -> Result<usize, SetupError> {
    Descriptors::of_process().requests(configured)
}

impl Fetcher {
    /// A client with these settings and the default [`Limits`].
    ///
    /// # Errors
    ///
    /// Fails where the proxy or the user agent can't be used, and where the process may open too few files.
    pub fn new(
        crawl: &config::CrawlSettings,
        network: &config::NetworkSettings,
    ) -> Result<Fetcher, SetupError> {
        Fetcher::signing(crawl, network, None)
    }

    /// The same, signing every request with what [`Signer::of`] makes of the settings of `[identity]`.
    ///
    /// # Errors
    ///
    /// Fails as [`Fetcher::new`] does.
    pub fn signing(
        crawl: &config::CrawlSettings,
        network: &config::NetworkSettings,
        signer: Option<Signer>,
    ) -> Result<Fetcher, SetupError> {
        Ok(Fetcher {
            exchange: Arc::new(Exchange::new(crawl, network, Contact::new(crawl, signer))?),
            robots_store: None,
            recorder: None,
            subscriptions: Arc::default(),
            reader: Reader::new(Purpose::Archive, &crawl.user_agent),
            respect_robots: crawl.respect_robots,
            requests_per_second: crawl.requests_per_second,
            max_body: usize::try_from(crawl.max_body).unwrap_or(usize::MAX),
            max_redirects: crawl.max_redirects,
            limits: Limits::default(),
        })
    }

    /// A client for these settings: those of `[crawl]`, `[network]` and `[identity]`.
    ///
    /// # Errors
    ///
    /// Fails as [`Fetcher::new`] does, and where the key can't be read.
    pub fn configured(config: &config::Config) -> Result<Fetcher, SetupError> {
        let signer = Signer::of(&config.identity)?;
        let fetcher = Fetcher::signing(&config.crawl, &config.network, signer)?;
        Ok(fetcher.with_purpose(config.rights.purpose))
    }

    /// The same client with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Fetcher {
        Fetcher { limits, ..self }
    }

    /// The limits.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The same client, with a store where robots.txt files are kept and looked up first.
    #[must_use]
    pub fn with_robots_store(self, robots: Arc<dyn RobotsStore>) -> Fetcher {
        Fetcher {
            robots_store: Some(robots),
            ..self
        }
    }

    /// The same client, of which every exchange is recorded.
    #[must_use]
    pub fn recorded_by(&self, recorder: Arc<dyn Recorder>) -> Fetcher {
        Fetcher {
            recorder: Some(recorder),
            ..self.clone()
        }
    }

    /// The same client with these subscriptions, of which each request has the first whose places its address is among.
    #[must_use]
    pub fn with_subscriptions(self, subscriptions: Vec<Subscription>) -> Fetcher {
        Fetcher {
            subscriptions: subscriptions.into(),
            ..self
        }
    }

    /// The first of the client's subscriptions that has the address among its places.
    pub(crate) fn subscription(&self, url: &Url) -> Option<&Subscription> {
        self.subscriptions.iter().find(|it| it.covers(url))
    }

    /// Notes that an earlier run, or another worker meanwhile, sent its last request to a host (`news.example.org`) so
    /// long ago, so that the pace holds across the two.
    pub async fn note_last_request(&self, host: &str, ago: Duration) {
        self.exchange.hosts.named(host).note_last_request(ago).await;
    }

    /// When the host of an address has a turn for it at this rate (`None` for the client's own): by its
    /// pace, and by its robots.txt, which is requested where it is not known.
    pub async fn next_turn(&self, url: &Url, per_second: Option<f64>) -> NextTurn {
        let per_second = per_second.unwrap_or(self.requests_per_second);
        if self.exchange.guard.route(url).is_err() {
            // No request is sent.
            return NextTurn::default();
        }
        let host = self.exchange.hosts.of(url);
        let before = host.permits();
        let mut crawl_delay = None;
        if self.respect_robots {
            match self.robots(url, per_second).await {
                Ok(robots) if robots.allows(url) => crawl_delay = robots.crawl_delay(),
                _ => return NextTurn::default(),
            }
        }
        let interval = self.exchange.policy.interval(per_second, crawl_delay);
        NextTurn {
            wait: host.wait(interval),
            interval,
            asked_robots: host.permits() != before,
        }
    }

    /// Requests one address, politely: robots.txt, rate, retries, redirects.
    ///
    /// # Errors
    ///
    /// Everything but an answer with status 200 to 299 (or 304 to a request with validators) is a
    /// [`FetchError`], which says at which hop it happened and why.
    pub async fn get(&self, request: &Request) -> Result<Response, FetchError> {
        let (response, _) = self.get_in_turn(request).await?;
        Ok(response)
    }

    /// The same, with the turns of a large feed or sitemap, which whoever has a lot to read at once holds until
    /// it is done with it. Whoever holds turns must not request anything else meanwhile.
    pub(crate) async fn get_in_turn(
        &self,
        request: &Request,
    ) -> Result<(Response, BulkPermits), FetchError> {
        let profile = RequestProfile::of(request, self.max_body, &self.limits)
            .recorded_by(self.recorder.as_deref());
        let own = request.subscription.as_ref();
        let own = own.or_else(|| self.subscription(&request.url));
        let (mut chain, per_second) = self.chain(request, own.cloned());
        match self.follow(&mut chain, per_second, &profile).await {
            Ok(mut response) => {
                let mut permits = std::mem::take(&mut response.permits);
                if profile.is_bulk() {
                    self.exchange.bulk.read(&response.body, &mut permits).await;
                }
                let named = chain.named().to_vec();
                let mut response = chain.finish(response);
                if profile.is_page() {
                    let named = &named;
                    self.add_rights(&mut response, Behalf { named, per_second })
                        .await;
                }
                Ok((response, permits))
            }
            Err(error) => Err(error.at(chain.current())),
        }
    }

    /// The redirect chain that a request begins, and its requests per second.
    fn chain(&self, request: &Request, own: Option<Subscription>) -> (RedirectChain, f64) {
        let bounds = ChainBounds {
            redirects: self.max_redirects,
            url_chars: self.limits.url_chars,
        };
        let chain = RedirectChain::new(request.url.clone(), bounds).with_subscription(own);
        let per_second = request.requests_per_second;
        let per_second = per_second.unwrap_or(self.requests_per_second);
        (chain.on_behalf_of(&request.named), per_second)
    }

    /// The sitemaps that the robots.txt of this address's host names. Fetches it if need be; empty
    /// where there is none.
    pub async fn sitemaps(&self, url: &Url) -> Vec<Url> {
        match self.robots(url, self.requests_per_second).await {
            Ok(robots) => robots.sitemaps().to_vec(),
            Err(_) => Vec::new(),
        }
    }

    /// Follows redirects to the answer; each hop is checked, paced and requested like the first.
    async fn follow(
        &self,
        chain: &mut RedirectChain,
        per_second: f64,
        profile: &RequestProfile<'_>,
    ) -> Result<HttpResponse, FetchErrorKind> {
        loop {
            let hop = self.hop(chain, per_second).await?;
            let response = match self.exchange.request(&hop, profile).await? {
                Answer::Redirect(to) => {
                    chain.follow(to.location.as_deref(), &to.headers)?;
                    if to.is_permanent() {
                        chain.note_permanent();
                    }
                    continue;
                }
                Answer::Response(response) => response,
            };
            match self.refresh(&response, chain, profile) {
                Some(to) => chain.follow(Some(to.as_str()), &response.headers)?,
                None => return Ok(response),
            }
        }
    }

    /// Where a page leads on by itself, as a redirect does.
    fn refresh(
        &self,
        response: &HttpResponse,
        chain: &RedirectChain,
        profile: &RequestProfile<'_>,
    ) -> Option<Url> {
        if !profile.is_page() {
            return None;
        }
        match refresh(response, chain.current(), &self.limits)? {
            Refresh::To(url) => Some(url),
            Refresh::Again(url) => chain.is_changed_by(&response.headers).then_some(url),
        }
    }

    /// Prepares one hop: past the address guard, past robots.txt, at the pace its host wants.
    async fn hop(&self, chain: &RedirectChain, per_second: f64) -> Result<Hop, FetchErrorKind> {
        let url = chain.current();
        let route = self.exchange.guard.admit(url, chain.named()).await?;
        let mut robots = None;
        if self.respect_robots {
            let known = self.robots(url, per_second).await;
            let known =
                known.map_err(|error| FetchErrorKind::RobotsUnavailable(Box::new(error)))?;
            if !known.allows(url) {
                let host = url.host_str().unwrap_or_default().to_owned();
                return Err(FetchErrorKind::Robots { host });
            }
            robots = Some(known);
        }
        let (named, robots) = (chain.named(), robots.as_deref());
        self.admit_purpose(url, robots, Behalf { named, per_second })
            .await?;
        let crawl_delay = robots.and_then(Robots::crawl_delay);
        Ok(Hop {
            url: url.clone(),
            route,
            interval: self.exchange.policy.interval(per_second, crawl_delay),
            cookies: chain.cookies(),
            own: chain.own_headers(),
            login: chain.login(),
        })
    }
}
