//! The settings of a crawl: what `config.toml` says, checked. The tables are read as they are
//! written, then validated into the types here, with every fault collected and placed in the file.
//! Immutable once built; imports nothing of ours but the roles of the record and the shape of
//! selectors.

mod diagnose;
mod raw;
mod select;
pub mod units;
mod validate;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use crate::article::Role;
use crate::selectors::SelectorSet;

pub use diagnose::{ConfigError, Diagnostic};
pub(crate) use diagnose::{Diagnostics, closest};
pub(crate) use select::day;

/// Everything `config.toml` says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// `[crawl]`
    pub crawl: CrawlSettings,
    /// `[network]`
    pub network: NetworkSettings,
    /// `[store]`
    pub store: StoreSettings,
    /// `[health]`
    pub health: HealthSettings,
    /// `[output]`
    pub output: OutputSettings,
    /// `[rules]`
    pub rules: RulesSettings,
    /// `[[source]]`
    pub sources: Vec<Source>,
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// Names every fault with its line and its mend.
    pub fn load(path: &Path) -> Result<Config, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
            path: path.to_owned(),
            reason: format!("{error}; name another with --config FILE"),
        })?;
        Config::parse(&text, path)?.with_hosts()
    }

    /// The defaults, for those who have no file; rules by host hold all the same.
    ///
    /// # Errors
    /// Names every fault in the rules by host.
    pub fn without_file() -> Result<Config, ConfigError> {
        Config::default().with_hosts()
    }

    /// Reads the rules by host. The folder may be missing unless it was named.
    fn with_hosts(mut self) -> Result<Config, ConfigError> {
        if let Some(dir) = &self.rules.dir
            && (dir.exists() || self.rules.dir != RulesSettings::default().dir)
        {
            self.rules.hosts = select::hosts(dir)?;
        }
        Ok(self)
    }

    /// Reads the text of a file; `path` is what diagnostics are reported under.
    ///
    /// # Errors
    /// Names every fault with its line and its mend.
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

/// How pages are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct CrawlSettings {
    /// What we call ourselves; its product token is matched against robots.txt.
    pub user_agent: String,
    /// Requests in flight, all hosts together.
    pub concurrency: usize,
    /// Requests per second to one host; a slower `Crawl-delay` wins.
    pub requests_per_second: f64,
    /// Obey robots.txt.
    pub respect_robots: bool,
    /// One request, from connecting to the last byte.
    pub timeout: Duration,
    /// Bytes of one page after decompression.
    pub max_body: u64,
    /// Redirects followed from one address.
    pub max_redirects: usize,
    /// Further tries after connection diagnostics, 429 and 5xx.
    pub retries: u32,
    /// Front pages, feeds and sitemaps no more often than this…
    pub recheck: Duration,
    /// …and no more seldom than this.
    pub recheck_max: Duration,
    /// Visit articles again after this long, by conditional requests; `None` for never.
    pub refetch_articles: Option<Duration>,
    /// Skip articles that a feed or sitemap dates older; `None` skips none.
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
            concurrency: 32,
            requests_per_second: 1.0,
            respect_robots: true,
            timeout: Duration::from_secs(20),
            max_body: 5 << 20,
            max_redirects: 8,
            retries: 2,
            recheck: Duration::from_secs(5 * 60),
            recheck_max: Duration::from_secs(24 * 3600),
            refetch_articles: None,
            max_age: Some(Duration::from_secs(30 * 24 * 3600)),
        }
    }
}

/// Where connections may go.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NetworkSettings {
    /// Allow loopback, private, link-local and metadata addresses.
    pub allow_private: bool,
    /// `http://`, `https://` or `socks5://` proxy.
    pub proxy: Option<Url>,
    /// "host:port" to address, as curl's `--resolve`; trusted, also when private.
    pub resolve: BTreeMap<(String, u16), SocketAddr>,
}

/// Where the store lies.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreSettings {
    /// Path of the SQLite file (`sqlite:PATH` in the configuration).
    pub path: PathBuf,
    /// Raw pages are kept for so long, to be extracted again; nothing keeps none.
    pub keep_pages: Duration,
}

impl Default for StoreSettings {
    fn default() -> Self {
        StoreSettings {
            path: PathBuf::from("newsprint.db"),
            keep_pages: Duration::from_secs(30 * 24 * 3600),
        }
    }
}

/// When a source needs a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthSettings {
    /// A source's own past that it is compared with.
    pub window: Duration,
    /// Exit with 3 when a source has gone quiet or thin.
    pub fail: bool,
}

impl Default for HealthSettings {
    fn default() -> Self {
        HealthSettings {
            window: Duration::from_secs(14 * 24 * 3600),
            fail: true,
        }
    }
}

/// The form of files and of standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Title, blank line, body.
    Text,
    /// Front matter and Markdown.
    Markdown,
    /// A page of plain semantic HTML.
    Html,
    /// One indented object, or an array of them.
    Json,
    /// One object a line.
    Jsonl,
}

impl Format {
    /// Every form, with its name on the command line and in `config.toml`.
    pub const ALL: [(&str, Format); 5] = [
        ("text", Format::Text),
        ("markdown", Format::Markdown),
        ("html", Format::Html),
        ("json", Format::Json),
        ("jsonl", Format::Jsonl),
    ];

    /// The names of those that a crawl can write to files.
    pub const FILES: [&str; 3] = ["text", "markdown", "jsonl"];

    /// The format of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, format)| format)
    }
}

/// What a crawl writes beside its store.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputSettings {
    /// Folder of the article files; `None` writes none.
    pub dir: Option<PathBuf>,
    /// `text`, `markdown` (a file an article) or `jsonl` (a file a day and source).
    pub format: Format,
    /// The roles that make the text.
    pub include: Vec<Role>,
}

impl Default for OutputSettings {
    fn default() -> Self {
        OutputSettings {
            dir: Some(PathBuf::from("articles")),
            format: Format::Jsonl,
            include: Role::DEFAULT.to_vec(),
        }
    }
}

/// One paper, agency or blog.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Source {
    /// The name in records, `status` and file names.
    pub name: String,
    /// Front and section pages: links are followed from here.
    pub start: Vec<Url>,
    /// RSS, Atom or JSON feeds.
    pub feeds: Vec<Url>,
    /// Sitemaps and indexes of them.
    pub sitemaps: Vec<Url>,
    /// What may be used to find articles.
    pub discover: DiscoverSettings,
    /// Hops from a start page.
    pub max_depth: u32,
    /// Globs on the path, or on whole URLs; a link must match one, if any are given.
    pub include: Vec<String>,
    /// Globs; a link must match none.
    pub exclude: Vec<String>,
    /// Requests per second to this source's hosts, if not as in `[crawl]`.
    pub requests_per_second: Option<f64>,
    /// Drop articles in another language (BCP 47; the primary language counts).
    pub language: Option<String>,
    /// CSS selectors where the built-in extraction needs help.
    pub select: Vec<SelectorSet>,
}

/// Where rules by host and their cases lie.
#[derive(Debug, Clone, PartialEq)]
pub struct RulesSettings {
    /// Folder of rules by host (`example.org.toml`); `None` reads none.
    pub dir: Option<PathBuf>,
    /// Folder of the cases that `newsprint rules test` runs, a folder a source or host.
    pub tests: PathBuf,
    /// What the folder holds, by host without `www.`
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

/// What may be used to find articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscoverSettings {
    /// Feeds, given and found.
    pub feeds: bool,
    /// Sitemaps, given and found in robots.txt.
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
