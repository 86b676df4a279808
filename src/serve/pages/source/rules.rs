//! The rules that apply to a source's pages, and their cases.

use std::sync::Arc;

use crate::config::{Config, Source};
use crate::rulebook::case::{self, CaseFailure};
use crate::selectors::SelectorSet;
use crate::serve::app::Loaded;
use crate::wording::plain::plain;
use crate::wording::times::rfc3339;

/// Cases that are run at once.
const MOST_CASES: usize = 100;

/// A selector.
pub(super) struct RuleRow {
    pub(super) key: &'static str,
    pub(super) css: String,
    pub(super) place: String,
    pub(super) valid: String,
}

/// What came of a case.
pub(super) struct CaseRow {
    pub(super) name: String,
    /// Why it fails; empty where it passes.
    pub(super) failures: Vec<String>,
}

/// The selectors of the source, then those of its hosts.
pub(super) fn of_source(config: &Config, source: &Source) -> Vec<RuleRow> {
    let hosts = config.rules.hosts.iter();
    let hosts = hosts.filter(|(host, _)| is_host_of(source, host));
    let sets = source.select.iter().chain(hosts.flat_map(|(_, sets)| sets));
    sets.flat_map(rows).collect()
}

fn rows(set: &SelectorSet) -> Vec<RuleRow> {
    let day = |at: i64| {
        rfc3339(at)
            .unwrap_or_default()
            .chars()
            .take(10)
            .collect::<String>()
    };
    let valid = match (set.valid_from.map(day), set.valid_until.map(day)) {
        (None, None) => String::new(),
        (Some(from), None) => format!("from {from} on"),
        (None, Some(until)) => format!("before {until}"),
        (Some(from), Some(until)) => format!("from {from} on, before {until}"),
    };
    let rows = set.selectors.iter().map(|it| RuleRow {
        key: it.key.name(),
        css: plain(&it.css),
        place: plain(&it.place),
        valid: valid.clone(),
    });
    rows.collect()
}

/// True if an entry point of the source is at this host or below it.
fn is_host_of(source: &Source, host: &str) -> bool {
    let below = format!(".{host}");
    let mut hosts = source.entry_points().filter_map(|it| it.host_str());
    hosts.any(|it| it == host || it.ends_with(&below))
}

/// The folders in which cases of the source may be.
fn folders(config: &Config, source: &Source) -> Vec<String> {
    let own = source.entry_points().filter_map(|it| it.host_str());
    let own = own.map(|it| it.trim_start_matches("www.").to_owned());
    let ruled = config
        .rules
        .hosts
        .keys()
        .filter(|it| is_host_of(source, it))
        .cloned();
    let mut all: Vec<String> = [source.name.clone()]
        .into_iter()
        .chain(own)
        .chain(ruled)
        .collect();
    all.sort();
    all.dedup();
    all
}

/// True if there may be cases.
pub(super) fn has_cases(config: &Config, source: &Source) -> bool {
    let is_name = |it: &&String| !it.contains(['/', '\\']) && *it != "..";
    let folders = folders(config, source);
    folders
        .iter()
        .filter(is_name)
        .any(|it| config.rules.tests.join(it).is_dir())
}

/// Runs the cases of a source.
pub(super) async fn run_cases(
    loaded: Arc<Loaded>,
    source: String,
    now: i64,
) -> Result<Vec<CaseRow>, String> {
    let run = move || {
        let config = &loaded.config;
        let Some(source) = config.sources.iter().find(|it| it.name == source) else {
            return Ok(Vec::new());
        };
        if !has_cases(config, source) {
            return Ok(Vec::new());
        }
        let cases = case::read(&config.rules.tests, &folders(config, source));
        let cases = cases.map_err(|error| plain(&error.to_string()))?;
        let rows = cases.iter().take(MOST_CASES).map(|case| CaseRow {
            name: plain(&format!("{}/{}", case.folder, case.name)),
            failures: case.run(&loaded.rules, now).iter().map(words).collect(),
        });
        Ok(rows.collect())
    };
    let done = tokio::task::spawn_blocking(run).await;
    done.unwrap_or_else(|_| Err("the cases could not be run".to_owned()))
}

/// Why a case fails, in a sentence.
fn words(failure: &CaseFailure) -> String {
    let text = match failure {
        CaseFailure::NoArticle(verdict) => {
            format!("the page is not an article: {}", verdict.name())
        }
        CaseFailure::Missing { phrase, dropped } => match dropped {
            Some(_) => format!("the text must have {phrase:?}, and the block with it is dropped"),
            None => format!("the text must have {phrase:?}, which is in no block of the page"),
        },
        CaseFailure::Present { phrase, .. } => format!("the text must not have {phrase:?}"),
        CaseFailure::Field {
            name,
            expected,
            found,
        } => format!("`{name}` must be {expected}, and is {found}"),
    };
    plain(&text)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::selectors::SelectorKey;

    #[test]
    fn rules_of_the_source_stand_before_those_of_its_hosts() {
        let set = |css: &str| SelectorSet::of(&[(SelectorKey::Strip, css)], "config.toml:7");
        let source = Source {
            name: "daily".to_owned(),
            start: vec![Url::parse("https://news.daily.test/").unwrap()],
            select: vec![SelectorSet {
                valid_from: Some(0),
                ..set(".own")
            }],
            ..Source::default()
        };
        let mut config = Config::default();
        for host in ["daily.test", "other.test", "aily.test"] {
            config.rules.hosts.insert(host.to_owned(), vec![set(host)]);
        }
        let rules = of_source(&config, &source);
        let css: Vec<&str> = rules.iter().map(|it| it.css.as_str()).collect();
        assert_eq!(css, [".own", "daily.test"]);
        assert_eq!(rules[0].valid, "from 1970-01-01 on");
        assert_eq!(
            folders(&config, &source),
            ["daily", "daily.test", "news.daily.test"]
        );
    }
}
