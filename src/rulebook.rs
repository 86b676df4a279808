//! Users' extraction rules, compiled, and which of them apply to a page: those of its source, then those
//! of its host, as valid when the page was fetched. Also test cases for rules ([`case`]), the check of
//! rules against stored pages ([`check`]), and the import of another program's site configs ([`ftr`]).

pub mod case;
pub mod check;
pub mod ftr;
mod xpath;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use url::Url;

use crate::canonical::site_of;
use crate::config::Config;
use crate::extract::{SelectorLayer, SiteRules};
use crate::selectors::SelectorSet;

/// Rules with their validity periods.
type ValidityPeriods = Vec<(SelectorSet, Arc<SelectorLayer>)>;

/// All rules of a configuration.
#[derive(Debug, Default)]
pub struct RuleBook {
    sources: Vec<SourceRules>,
    hosts: BTreeMap<String, ValidityPeriods>,
}

#[derive(Debug)]
struct SourceRules {
    name: String,
    /// The sites of its entry points.
    sites: Vec<String>,
    periods: ValidityPeriods,
    min_words: Option<usize>,
    timezone: Option<TimeZone>,
    render: Option<Url>,
}

impl RuleBook {
    /// Compiles the rules of a configuration, which has validated them.
    pub fn new(config: &Config) -> RuleBook {
        let sources = config.sources.iter().map(|source| SourceRules {
            name: source.name.clone(),
            sites: source.entry_points().filter_map(site_of).collect(),
            periods: compile(&source.select),
            min_words: source.min_words,
            timezone: source.timezone.clone(),
            render: source.render.clone(),
        });
        let hosts = config.rules.hosts.iter();
        RuleBook {
            sources: sources.collect(),
            hosts: hosts
                .map(|(host, sets)| (host.clone(), compile(sets)))
                .collect(),
        }
    }

    /// The rules for a page at this address, fetched at this time (unix milliseconds). If no source is
    /// named, the first one with an entry point on the page's site is used.
    pub fn for_page(&self, source: Option<&str>, url: Option<&Url>, fetched_at: i64) -> SiteRules {
        let own = match source {
            Some(name) => self.sources.iter().find(|it| it.name == name),
            None => url.and_then(|url| self.source_of(url)),
        };
        let min_words = own.and_then(|source| source.min_words);
        let timezone = own.and_then(|source| source.timezone.clone());
        let own = own.and_then(|source| valid_at(&source.periods, fetched_at));
        let host = url.and_then(|url| self.host_rules(url));
        let host = host.and_then(|periods| valid_at(periods, fetched_at));
        SiteRules::new(own.into_iter().chain(host).collect())
            .with_min_words(min_words)
            .with_timezone(timezone)
    }

    /// The browser that shows the page at this address where scripts make it, by the first source with an entry point
    /// on the page's site.
    pub fn browser(&self, url: &Url) -> Option<&Url> {
        self.source_of(url)?.render.as_ref()
    }

    /// True if a source of that name is configured.
    pub fn has_source(&self, name: &str) -> bool {
        self.sources.iter().any(|it| it.name == name)
    }

    fn source_of(&self, url: &Url) -> Option<&SourceRules> {
        let site = site_of(url)?;
        self.sources.iter().find(|it| it.sites.contains(&site))
    }

    /// The rules of the host itself, or else of the nearest parent domain that has any.
    fn host_rules(&self, url: &Url) -> Option<&ValidityPeriods> {
        let host = url.host_str()?;
        let mut name = host.strip_prefix("www.").unwrap_or(host);
        loop {
            if let Some(periods) = self.hosts.get(name) {
                return Some(periods);
            }
            name = name.split_once('.')?.1;
        }
    }
}

fn compile(sets: &[SelectorSet]) -> ValidityPeriods {
    let compiled = sets.iter().map(|set| {
        let layer = SelectorLayer::compile(&set.selectors);
        (set.clone(), Arc::new(layer))
    });
    compiled.collect()
}

/// The first rules that are valid at this time.
fn valid_at(periods: &ValidityPeriods, at: i64) -> Option<Arc<SelectorLayer>> {
    let valid = periods.iter().find(|(set, _)| set.is_valid_at(at));
    valid.map(|(_, layer)| Arc::clone(layer))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn book(config: &str, hosts: &[(&str, &str)]) -> RuleBook {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in hosts {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let path = dir.path().join("config.toml.txt");
        let text = format!("{config}\n[rules]\ndir = {:?}\n", dir.path());
        std::fs::write(&path, text).unwrap();
        RuleBook::new(&Config::load(Path::new(&path)).unwrap())
    }

    fn selectors(book: &RuleBook, url: &str, day: &str) -> Vec<String> {
        let day: jiff::civil::Date = day.parse().unwrap();
        let at = jiff::tz::TimeZone::UTC
            .to_timestamp(day.at(0, 0, 0, 0))
            .unwrap();
        let url = Url::parse(url).unwrap();
        let rules = book.for_page(None, Some(&url), at.as_millisecond());
        rules.selectors().map(|it| it.css.clone()).collect()
    }

    const SOURCE: &str = "[[source]]\nname = \"a\"\nfeeds = [\"https://feeds.paper.example/x\"]\n\
                          [source.select]\nstrip = [\".a\"]\n";

    #[test]
    fn the_sources_rules_come_before_the_hosts_and_a_host_covers_its_subdomains() {
        let hosts = [
            ("paper.example.toml", "[select]\nstrip = \".b\"\n"),
            ("live.paper.example.toml", "[select]\nstrip = [\".c\"]\n"),
        ];
        let book = book(SOURCE, &hosts);
        let found = |url| selectors(&book, url, "2026-01-01");
        assert_eq!(found("https://www.paper.example/1"), [".a", ".b"]);
        assert_eq!(found("https://news.paper.example/1"), [".a", ".b"]);
        assert_eq!(found("https://x.live.paper.example/1"), [".a", ".c"]);
        assert_eq!(found("https://other.example/1"), Vec::<String>::new());
    }

    #[test]
    fn a_page_falls_under_the_rules_of_its_day() {
        let text = "[[select]]\nvalid_from = \"2026-03-01\"\narticle = \".new\"\n\
                    [[select]]\nvalid_until = \"2026-03-01\"\narticle = \".old\"\n";
        let book = book("", &[("paper.example.toml", text)]);
        let found = |day| selectors(&book, "https://paper.example/1", day);
        assert_eq!(found("2026-02-28"), [".old"]);
        assert_eq!(found("2026-03-01"), [".new"]);
    }
}
