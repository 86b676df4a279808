//! The settings of a crawl, from `config.toml`. The tables are read as written (`raw`), then validated
//! into the types here (`validate`); every problem is collected and reported with its place in the file
//! ([`ConfigError`]). Settings do not change once built. This module imports nothing of this crate but the
//! record's roles and the selectors' types.

mod access;
mod browser;
mod contact;
mod diagnose;
#[cfg(feature = "serve")]
pub mod edit;
mod fallback;
mod format;
mod health;
mod identity;
mod languages;
#[cfg(feature = "crawl")]
mod new_source;
mod paths;
mod raw;
mod rights;
mod select;
mod timezones;
pub mod units;
mod validate;
mod values;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use url::Url;

use crate::article::Role;
use crate::location::{SERVER_WAIT, StoreLocation};
use crate::selectors::SelectorSet;

#[cfg(feature = "fetch")]
pub(crate) use access::twin;
pub use access::{Cookie, Credentials, GivenSecret, Secret, SecretSource, SourceAccess};
#[cfg(feature = "fetch")]
pub(crate) use browser::is_near;
pub use contact::{ContactError, UserAgentPlace, reserved_domain};
pub use diagnose::{ConfigError, Diagnostic};
pub(crate) use diagnose::{Diagnostics, closest};
pub use fallback::{ArchiveLookup, ArchiveSettings};
pub use format::Format;
pub use health::{FailOn, HealthSettings};
pub use identity::{AgentForm, IdentitySettings};
#[cfg(feature = "crawl")]
pub use new_source::{BlockStyle, NewSource, Notes};
pub use rights::RightsSettings;
pub(crate) use select::day;
pub use select::host_rules;

/// The contents of `config.toml`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// `[crawl]`
    pub crawl: CrawlSettings,
    /// `[network]`
    pub network: NetworkSettings,
    /// `[identity]`
    pub identity: IdentitySettings,
    /// `[store]`
    pub store: StoreSettings,
    /// `[rights]`
    pub rights: RightsSettings,
    /// `[health]`
    pub health: HealthSettings,
    /// `[output]`
    pub output: OutputSettings,
    /// `[rules]`
    pub rules: RulesSettings,
    /// `[[source]]`
    pub sources: Vec<Source>,
    /// Where the file has `user_agent`, for messages.
    pub user_agent_at: UserAgentPlace,
}

impl Config {
    /// The names of the sources, in the file's order.
    pub fn source_names(&self) -> Vec<String> {
        self.sources.iter().map(|it| it.name.clone()).collect()
    }

    /// Reads a file. Paths in it are relative to its folder, those that it leaves to their defaults
    /// too.
    ///
    /// # Errors
    /// Names every problem with its line and its fix.
    pub fn load(path: &Path) -> Result<Config, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
            path: path.to_owned(),
            reason: format!(
                "{error}; use --config FILE to name another file, or `newsprint init` to make one"
            ),
        })?;
        let mut config = Config::parse(&text, path)?;
        let default_dir = config.rules.dir == RulesSettings::default().dir;
        config.resolve_paths(path.parent().unwrap_or(Path::new("")));
        config.with_hosts(default_dir)
    }

    /// The defaults, if there is no file. Rules by host are read all the same.
    ///
    /// # Errors
    /// Names every problem in the rules by host.
    pub fn without_file() -> Result<Config, ConfigError> {
        Config::default().with_hosts(true)
    }

    /// Reads the rules by host. Their folder may be missing where nobody named it.
    fn with_hosts(mut self, may_be_missing: bool) -> Result<Config, ConfigError> {
        if let Some(dir) = &self.rules.dir
            && (dir.exists() || !may_be_missing)
        {
            self.rules.hosts = select::hosts(dir)?;
        }
        Ok(self)
    }

    /// Parses the text of a file; `path` is used in messages. Paths stay as they are written.
    ///
    /// # Errors
    /// Names every problem with its line and its fix.
    pub fn parse(text: &str, path: &Path) -> Result<Config, ConfigError> {
        let mut diagnostics = diagnose::Diagnostics::new(path, text);
        let file = toml::from_str(text).unwrap_or_else(|error| {
            diagnostics.push_toml(&error);
            raw::File::default()
        });
        let config = validate::config(file, &mut diagnostics);
        diagnostics.into_result(config)
    }
}

/// How pages are fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct CrawlSettings {
    /// The `User-Agent` header; its product token is matched against robots.txt.
    pub user_agent: String,
    /// The `From` header: the email address of whoever is responsible; `None` sends none.
    pub from: Option<String>,
    /// Requests in flight over all hosts.
    pub concurrency: usize,
    /// Requests per second to one host; a longer `Crawl-delay` wins.
    pub requests_per_second: f64,
    /// Obey robots.txt.
    pub respect_robots: bool,
    /// Time for one request, from connecting to the last byte.
    pub timeout: Duration,
    /// Maximum size of a page in bytes, after decompression.
    pub max_body: u64,
    /// Maximum number of redirects followed from one address.
    pub max_redirects: usize,
    /// Retries after connection errors, 429 and 5xx.
    pub retries: u32,
    /// Minimum interval between visits to a front page, feed or sitemap…
    pub recheck: Duration,
    /// …and the maximum.
    pub recheck_max: Duration,
    /// Wait so long for a host's next turn, such as that of a `Crawl-delay`; what is farther off is left
    /// to the next pass.
    pub host_wait: Duration,
    /// Fetch articles again after this time, with conditional requests; `None` for never.
    pub refetch_articles: Option<Duration>,
    /// Skip articles older than this by the date in a feed or sitemap; `None` skips none.
    pub max_age: Option<Duration>,
}

impl Default for CrawlSettings {
    fn default() -> Self {
        CrawlSettings {
            user_agent: concat!(
                "newsprint/",
                env!("CARGO_PKG_VERSION_MAJOR"),
                ".",
                env!("CARGO_PKG_VERSION_MINOR"),
                " (+https://example.org/newsprint)"
            )
            .to_owned(),
            from: None,
            concurrency: 32,
            requests_per_second: 1.0,
            respect_robots: true,
            timeout: Duration::from_secs(20),
            max_body: 5 << 20,
            max_redirects: 8,
            retries: 2,
            recheck: Duration::from_secs(5 * 60),
            recheck_max: Duration::from_secs(24 * 3600),
            host_wait: Duration::from_secs(60),
            refetch_articles: None,
            max_age: Some(Duration::from_secs(30 * 24 * 3600)),
        }
    }
}

/// Where connections may be made.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NetworkSettings {
    /// Allow loopback, private, link-local and metadata addresses.
    pub allow_private: bool,
    /// `http://`, `https://` or `socks5://` proxy.
    pub proxy: Option<Url>,
    /// "host:port" to address, as curl's `--resolve`; trusted, also when private.
    pub resolve: BTreeMap<(String, u16), SocketAddr>,
}

/// The store.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreSettings {
    /// Where it is.
    pub location: StoreLocation,
    /// How long raw pages are kept for `reextract`; zero keeps none.
    pub keep_pages: Duration,
    /// How long a server that is away is waited for.
    pub wait: Duration,
    /// The name of this machine's crawl among those that share a store on a server; that of the host, with a number
    /// where it runs several, if there is none.
    pub worker: Option<String>,
}

impl Default for StoreSettings {
    fn default() -> Self {
        StoreSettings {
            location: StoreLocation::File(PathBuf::from("newsprint.db")),
            keep_pages: Duration::from_secs(30 * 24 * 3600),
            wait: SERVER_WAIT,
            worker: None,
        }
    }
}

/// The files that a crawl writes in addition to its store.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputSettings {
    /// Folder of the article files; `None` writes none.
    pub dir: Option<PathBuf>,
    /// `text` and `markdown` (one file per article), `jsonl` (one file per day and source), `csv` or `parquet` (one
    /// file per pass, day and source).
    pub format: Format,
    /// Files of CSV begin with a byte order mark.
    pub bom: bool,
    /// The roles of blocks that make up the text.
    pub include: Vec<Role>,
    /// Folder of the WARC files of what was fetched; `None` writes none.
    pub warc: Option<PathBuf>,
    /// A WARC file that has reached this many bytes is completed, and the next one begun.
    pub warc_size: u64,
}

impl Default for OutputSettings {
    fn default() -> Self {
        OutputSettings {
            dir: Some(PathBuf::from("articles")),
            format: Format::Jsonl,
            bom: false,
            include: Role::DEFAULT.to_vec(),
            warc: None,
            warc_size: 1_000_000_000,
        }
    }
}

/// A site or a part of one, such as a newspaper or a blog.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Source {
    /// The name in records, `status` and file names.
    pub name: String,
    /// Front and section pages; links are followed from here.
    pub start: Vec<Url>,
    /// RSS, Atom or JSON feeds.
    pub feeds: Vec<Url>,
    /// Sitemaps and sitemap indexes.
    pub sitemaps: Vec<Url>,
    /// How articles are found.
    pub discover: DiscoverSettings,
    /// Maximum number of links from a start page.
    pub max_depth: u32,
    /// Globs on paths or whole URLs; if there are any, a link must match one.
    pub include: Vec<String>,
    /// Globs; a link must not match any.
    pub exclude: Vec<String>,
    /// Requests per second to this source's hosts, if different from `[crawl]`.
    pub requests_per_second: Option<f64>,
    /// Skip articles in another language (BCP 47; only the primary language is compared).
    pub language: Option<String>,
    /// The time zone of times that the source's pages state without one.
    pub timezone: Option<TimeZone>,
    /// Shorter texts are no articles, unless a feed names them or an `article` selector finds them;
    /// `None` for the built-in minimum.
    pub min_words: Option<usize>,
    /// Headers and cookies of your own subscription, for this source's hosts alone.
    pub access: SourceAccess,
    /// The DevTools port of a running Chromium, which shows the pages that scripts make; `None` shows none.
    pub render: Option<Url>,
    /// The archives that are asked for copies of pages that are gone, the first first.
    pub fallback: Vec<ArchiveSettings>,
    /// CSS selectors, for pages where the built-in extraction needs help.
    pub select: Vec<SelectorSet>,
}

impl Source {
    /// Its front pages, feeds and sitemaps.
    pub fn entry_points(&self) -> impl Iterator<Item = &Url> {
        self.start.iter().chain(&self.feeds).chain(&self.sitemaps)
    }
}

/// The folders of rules by host and of their test cases.
#[derive(Debug, Clone, PartialEq)]
pub struct RulesSettings {
    /// Folder of rules by host (`example.org.toml`); `None` reads none.
    pub dir: Option<PathBuf>,
    /// Folder of the cases that `newsprint rules test` runs, with a folder for each source or host.
    pub tests: PathBuf,
    /// The rules in `dir`, by host without `www.`
    pub hosts: BTreeMap<String, Vec<SelectorSet>>,
}

impl Default for RulesSettings {
    fn default() -> Self {
        RulesSettings {
            dir: Some(PathBuf::from("rules/sites")),
            tests: PathBuf::from("rules/tests"),
            hosts: BTreeMap::new(),
        }
    }
}

/// How articles may be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscoverSettings {
    /// Feeds, configured and found.
    pub feeds: bool,
    /// Sitemaps, configured and found in robots.txt.
    pub sitemaps: bool,
    /// Links on start pages.
    pub links: bool,
}

impl Default for DiscoverSettings {
    fn default() -> Self {
        DiscoverSettings {
            feeds: true,
            sitemaps: true,
            links: true,
        }
    }
}

#[cfg(test)]
mod tests;
