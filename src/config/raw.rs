//! The tables of `config.toml` as written: every key is optional, and values know their place in the
//! file. [`crate::config::validate`] gives them their meaning.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::config::access::RawTable;
use crate::config::fallback::RawArchive;
use crate::config::select::{RawSelect, Tables};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) crawl: Crawl,
    #[serde(default)]
    pub(super) network: Network,
    #[serde(default)]
    pub(super) identity: Identity,
    #[serde(default)]
    pub(super) store: Store,
    #[serde(default)]
    pub(super) rights: Rights,
    #[serde(default)]
    pub(super) health: Health,
    #[serde(default)]
    pub(super) output: Output,
    #[serde(default)]
    pub(super) rules: Rules,
    #[serde(default)]
    pub(super) fallback: BTreeMap<Spanned<String>, RawArchive>,
    #[serde(default)]
    pub(super) source: Vec<Source>,
}

type Text = Option<Spanned<String>>;
type Texts = Option<Vec<Spanned<String>>>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Crawl {
    pub(super) user_agent: Text,
    pub(super) from: Text,
    pub(super) concurrency: Option<Spanned<usize>>,
    pub(super) requests_per_second: Option<Spanned<f64>>,
    pub(super) respect_robots: Option<bool>,
    pub(super) timeout: Text,
    pub(super) max_body: Text,
    pub(super) max_redirects: Option<usize>,
    pub(super) retries: Option<u32>,
    pub(super) recheck: Text,
    pub(super) recheck_max: Text,
    pub(super) host_wait: Text,
    pub(super) refetch_articles: Text,
    pub(super) max_age: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Network {
    pub(super) allow_private: Option<bool>,
    pub(super) proxy: Text,
    #[serde(default)]
    pub(super) resolve: BTreeMap<Spanned<String>, Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    pub(super) key: Text,
    pub(super) directory: Text,
    pub(super) signature_agent: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Store {
    pub(super) url: Text,
    pub(super) keep_pages: Text,
    pub(super) wait: Text,
    pub(super) worker: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rights {
    pub(super) purpose: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Health {
    pub(super) window: Text,
    pub(super) fail: Option<Spanned<toml::Value>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Output {
    pub(super) dir: Text,
    pub(super) format: Text,
    pub(super) bom: Option<bool>,
    pub(super) include: Texts,
    pub(super) warc: Text,
    pub(super) warc_size: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub(super) name: Text,
    pub(super) start: Texts,
    pub(super) feeds: Texts,
    pub(super) sitemaps: Texts,
    pub(super) discover: Texts,
    pub(super) max_depth: Option<u32>,
    pub(super) include: Texts,
    pub(super) exclude: Texts,
    pub(super) requests_per_second: Option<Spanned<f64>>,
    pub(super) language: Text,
    pub(super) timezone: Text,
    pub(super) min_words: Option<usize>,
    pub(super) headers: Option<Spanned<RawTable>>,
    pub(super) cookies: Option<Spanned<RawTable>>,
    pub(super) cookie_jar: Text,
    pub(super) render: Text,
    pub(super) fallback: Texts,
    #[serde(default)]
    pub(super) select: Tables<RawSelect>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub(super) dir: Text,
    pub(super) tests: Text,
}
