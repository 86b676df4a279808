//! The settings of a client.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::client::{Client, Readers};
use crate::config::{Config, CrawlSettings, IdentitySettings, NetworkSettings};
use crate::extract::{Extractor, Options};
use crate::fetch::{Fetcher, SetupError, Subscription};
use crate::identity::Signer;
use crate::limits::Limits;
use crate::render::Browsers;
use crate::rights::Purpose;
use crate::rulebook::RuleBook;

/// Makes a [`Client`]. Settings that are not given are those of `config.toml`'s documentation.
#[derive(Debug, Default)]
pub struct ClientBuilder {
    crawl: CrawlSettings,
    network: NetworkSettings,
    identity: IdentitySettings,
    purpose: Purpose,
    options: Options,
    limits: Limits,
    rules: RuleBook,
    subscriptions: Vec<Subscription>,
}

impl ClientBuilder {
    /// How the client names itself to servers. robots.txt is read for the product token at the
    /// beginning: `example-bot` of `example-bot/1.0 (+https://example.org/bot)`.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.crawl.user_agent = user_agent.into();
        self
    }

    /// The `From` header: the email address of whoever is responsible (RFC 9110, 10.1.2).
    #[must_use]
    pub fn from_address(mut self, address: impl Into<String>) -> Self {
        self.crawl.from = Some(address.into());
        self
    }

    /// Requests per second to one host; a `Crawl-delay` in robots.txt wins where it is slower.
    #[must_use]
    pub fn requests_per_second(mut self, rate: f64) -> Self {
        self.crawl.requests_per_second = rate;
        self
    }

    /// Requests in flight, all hosts together.
    #[must_use]
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.crawl.concurrency = requests;
        self
    }

    /// Whether robots.txt is obeyed. Turn this off for your own sites only.
    #[must_use]
    pub fn respect_robots(mut self, respect: bool) -> Self {
        self.crawl.respect_robots = respect;
        self
    }

    /// The time for one request, from connecting to the last byte.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.crawl.timeout = timeout;
        self
    }

    /// Bytes of one page after decompression.
    #[must_use]
    pub fn max_body(mut self, bytes: u64) -> Self {
        self.crawl.max_body = bytes;
        self
    }

    /// Redirects that are followed from one address.
    #[must_use]
    pub fn max_redirects(mut self, redirects: usize) -> Self {
        self.crawl.max_redirects = redirects;
        self
    }

    /// Further tries after connection errors, 429 and 5xx.
    #[must_use]
    pub fn retries(mut self, retries: u32) -> Self {
        self.crawl.retries = retries;
        self
    }

    /// An `http://`, `https://` or `socks5://` proxy.
    #[must_use]
    pub fn proxy(mut self, proxy: Url) -> Self {
        self.network.proxy = Some(proxy);
        self
    }

    /// Whether loopback, private, link-local and metadata addresses may be requested.
    #[must_use]
    pub fn allow_private(mut self, allow: bool) -> Self {
        self.network.allow_private = allow;
        self
    }

    /// Connects to this address for that host and port, as curl's `--resolve` does. The address may
    /// be private.
    #[must_use]
    pub fn resolve(mut self, host: impl Into<String>, port: u16, address: SocketAddr) -> Self {
        self.network.resolve.insert((host.into(), port), address);
        self
    }

    /// What the record holds besides the text.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// The bounds on what is read and parsed.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What the texts are for: opt-outs of sites that forbid it are obeyed. [`Purpose::Archive`] otherwise.
    #[must_use]
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// Takes the settings of `[crawl]`, `[network]`, `[identity]` and `[rights]` and the selectors of sources and hosts.
    #[must_use]
    pub fn config(mut self, config: &Config) -> Self {
        self.crawl = config.crawl.clone();
        self.network = config.network.clone();
        self.identity = config.identity.clone();
        self.purpose = config.rights.purpose;
        self.rules = RuleBook::new(config);
        self
    }

    /// Sends these headers and cookies of your own, each to its own places alone. [`config`](ClientBuilder::config) does
    /// not: whoever serves others with a client would send them for those too.
    #[must_use]
    pub fn subscriptions(mut self, subscriptions: Vec<Subscription>) -> Self {
        self.subscriptions = subscriptions;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// Fails where the proxy or the user agent can't be used, or the key of `[identity]` can't be read.
    pub fn build(self) -> Result<Client, SetupError> {
        let signer = Signer::of(&self.identity)?;
        let fetcher = Fetcher::signing(&self.crawl, &self.network, signer)?;
        let fetcher = fetcher
            .with_subscriptions(self.subscriptions)
            .with_purpose(self.purpose);
        let extractor = Extractor::builder()
            .options(self.options)
            .limits(self.limits.clone());
        Ok(Client {
            readers: Readers::new(self.limits.read_time),
            fetcher: fetcher.with_limits(self.limits),
            extractor: Arc::new(extractor.build()),
            rules: Arc::new(self.rules),
            browsers: Browsers::default(),
        })
    }
}
