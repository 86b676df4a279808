//! Finds the robots.txt that applies to an address: in memory, in a store that outlives the run,
//! or on the network, by the same guard and pace as every other request.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::fetch::exchange::{Answer, Hop, HttpResponse};
use crate::fetch::profile::RequestProfile;
use crate::fetch::redirects::{ChainBounds, RedirectChain};
use crate::fetch::rights::Behalf;
use crate::fetch::robots::Robots;
use crate::fetch::robots::cache::RobotsResult;
use crate::fetch::{FetchErrorKind, Fetcher};
use crate::verdict::VisitOutcome;

/// What a [`RobotsStore`] returns.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What it takes to fetch a file that holds for a whole site.
#[derive(Debug)]
pub(in crate::fetch) struct SiteFileRequest<'a> {
    pub(in crate::fetch) location: &'a Url,
    /// The addresses that the user named, for the sake of which it is fetched.
    pub(in crate::fetch) named: &'a [Url],
    pub(in crate::fetch) per_second: f64,
    /// What goes beyond is left unread.
    pub(in crate::fetch) max_bytes: usize,
}

/// A file with its remaining lifetime; `None` in place of the bytes where there is no such file.
type RobotsFile = (Option<Vec<u8>>, Duration);

/// Stores robots.txt files between runs, so that each host is asked for its file once a day,
/// however often the program starts. Licences and reservations are kept beside them under their full addresses.
pub trait RobotsStore: Debug + Send + Sync {
    /// The file of an origin (`https://news.example.org`) and how much longer it is valid; `None`
    /// where nothing is known. A file that is `None` does not exist.
    fn load<'a>(&'a self, origin: &'a str) -> BoxFuture<'a, Option<(Option<Vec<u8>>, Duration)>>;

    /// Stores the file of an origin for so long. An error here does not fail the request.
    fn save<'a>(
        &'a self,
        origin: &'a str,
        file: Option<&'a [u8]>,
        lifetime: Duration,
    ) -> BoxFuture<'a, ()>;
}

impl Fetcher {
    /// Why a page that is gone is not to be had from elsewhere either: its site's robots.txt forbids it, or cannot be read
    /// though the site is there, or an opt-out of the site binds this crawl.
    pub async fn refuses_copy(&self, url: &Url) -> Option<String> {
        if !self.respect_robots {
            return None;
        }
        if let Err(error) = self.exchange.guard.route(url) {
            return Some(error.to_string());
        }
        match self.robots(url, self.requests_per_second).await {
            Ok(robots) if robots.allows(url) => {
                let behalf = Behalf {
                    named: std::slice::from_ref(url),
                    per_second: self.requests_per_second,
                };
                let admitted = self.admit_purpose(url, Some(&robots), behalf).await;
                admitted.err().map(|error| error.to_string())
            }
            Ok(_) => Some("robots.txt disallows the page".to_owned()),
            Err(error) => match VisitOutcome::from(&error) {
                VisitOutcome::Dns | VisitOutcome::Connect => None,
                _ => Some(format!("robots.txt cannot be read: {error}")),
            },
        }
    }

    /// The robots.txt of an address's host, from memory, the store or the network. A file that
    /// does not exist allows everything; one that can't be read is an error, and nothing may be
    /// fetched (RFC 9309, 2.3.1).
    pub(in crate::fetch) async fn robots(&self, url: &Url, per_second: f64) -> RobotsResult {
        let host = self.exchange.hosts.of(url);
        let mut cache = host.robots().await;
        if let Some(known) = cache.get(url) {
            return known;
        }
        let location = url.join("/robots.txt").unwrap_or_else(|_| url.clone());
        let file = SiteFileRequest {
            location: &location,
            named: std::slice::from_ref(&location),
            per_second,
            max_bytes: self.limits.robots_bytes,
        };
        let key = location.origin().ascii_serialization();
        let (robots, lifetime) = match self.site_file(&file, &key).await {
            Ok((Some(file), lifetime)) => {
                let robots = Robots::parse(&file, &self.reader.token, &location);
                (Ok(Arc::new(robots)), lifetime)
            }
            Ok((None, lifetime)) => (Ok(Arc::new(Robots::allow_all())), lifetime),
            Err(error) => {
                let retry = self.exchange.policy.robots_retry;
                let lifetime = error.retry_after().unwrap_or(retry);
                (Err(error), lifetime)
            }
        };
        cache.insert(url, robots.clone(), lifetime);
        robots
    }

    /// A file that holds for a whole site, from the store, under a key, or the network.
    pub(in crate::fetch) async fn site_file(
        &self,
        file: &SiteFileRequest<'_>,
        key: &str,
    ) -> Result<RobotsFile, FetchErrorKind> {
        if let Some(store) = &self.robots_store
            && let Some(stored) = store.load(key).await
        {
            return Ok(stored);
        }
        let response = self.fetch_site_file(file).await?;
        let policy = &self.exchange.policy;
        let lifetime = response.as_ref().and_then(HttpResponse::max_age);
        let lifetime = lifetime
            .unwrap_or(policy.robots_max_age)
            .clamp(policy.robots_min_age, policy.robots_max_age);
        let file = response.map(|response| response.body);
        if let Some(store) = &self.robots_store {
            store.save(key, file.as_deref(), lifetime).await;
        }
        Ok((file, lifetime))
    }

    /// Requests a robots.txt or a file like it; `None` where there is none, which allows everything.
    async fn fetch_site_file(
        &self,
        file: &SiteFileRequest<'_>,
    ) -> Result<Option<HttpResponse>, FetchErrorKind> {
        let bounds = ChainBounds {
            redirects: self.exchange.policy.robots_redirects,
            url_chars: self.limits.url_chars,
        };
        let profile = RequestProfile::robots(&self.limits).recorded_by(self.recorder.as_deref());
        let profile = RequestProfile {
            max_body: file.max_bytes,
            ..profile
        };
        let chain = RedirectChain::new(file.location.clone(), bounds);
        let mut chain = chain.on_behalf_of(file.named);
        loop {
            let url = chain.current().clone();
            let hop = Hop {
                route: self.exchange.guard.admit(&url, chain.named()).await?,
                url,
                interval: self.exchange.policy.interval(file.per_second, None),
                cookies: chain.cookies(),
                own: Vec::new(),
                login: None,
            };
            match self.exchange.request(&hop, &profile).await {
                Ok(Answer::Response(file)) => return Ok(Some(file)),
                Ok(Answer::Redirect(to))
                    if chain.follow(to.location.as_deref(), &to.headers).is_ok() => {}
                // Redirects that lead nowhere are a file that does not exist, and so is every 4xx
                // but the one that means 'not now'.
                Ok(Answer::Redirect(_)) => return Ok(None),
                Err(error) if is_missing(&error) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }
}

fn is_missing(error: &FetchErrorKind) -> bool {
    VisitOutcome::from(error) == VisitOutcome::Http4xx && !error.is_overload()
}
