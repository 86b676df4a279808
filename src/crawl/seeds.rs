//! The configured sources as the frontier records them: their entry points, and the settings that
//! decide what is found and what is stopped.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::canonical::{canonical, site, site_of};
use crate::config::{Config, DiscoverSettings, Source};
use crate::crawl::clock::millis;
use crate::fetch::Subscription;
use crate::frontier::{Seed, Seeded, UrlKind, VisitLimits};
use crate::selectors::SelectorSet;

/// The configured sources, in the configuration's order.
pub(super) fn seeds(config: &Config, subscriptions: &BTreeMap<String, Subscription>) -> Vec<Seed> {
    let seed = |source: &Source| {
        let subscription = subscriptions.get(&source.name);
        let mut seed = seed(config, source);
        seed.limits.access = subscription.map_or_else(String::new, Subscription::fingerprint);
        seed
    };
    config.sources.iter().map(seed).collect()
}

fn seed(config: &Config, source: &Source) -> Seed {
    let allowed = source.discover;
    let lists = [
        (
            UrlKind::Start,
            &source.start,
            allowed.links || allowed.feeds || allowed.sitemaps,
        ),
        (UrlKind::Feed, &source.feeds, allowed.feeds),
        (UrlKind::Sitemap, &source.sitemaps, allowed.sitemaps),
    ];
    let used = lists.into_iter().filter(|(.., used)| *used);
    let entry_points = used
        .clone()
        .flat_map(|(kind, urls, _)| urls.iter().map(move |url| (kind, canonical(url))));
    Seed {
        source: source.name.clone(),
        settings: settings_key(source),
        entry_points: entry_points.collect(),
        kinds: used.map(|(kind, ..)| kind).collect(),
        limits: limits(config, source),
        generation: None,
    }
}

/// The settings of sources that a process has stored, so that it notices when another stores newer ones. Clones are the
/// same.
#[derive(Debug, Clone, Default)]
pub struct SeededSettings(Arc<Mutex<HashMap<String, Stored>>>);

/// What was stored of a source.
#[derive(Debug)]
struct Stored {
    seed: Seed,
    generation: i64,
    is_reported: bool,
}

impl SeededSettings {
    /// The same seeds, each with the generation in which these very settings were stored before.
    pub(super) fn with_generations(&self, mut seeds: Vec<Seed>) -> Vec<Seed> {
        let stored = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for seed in &mut seeds {
            let before = stored.get(&seed.source).filter(|it| it.seed == *seed);
            seed.generation = before.map(|it| it.generation);
        }
        seeds
    }

    /// Notes what has been stored, and reports once which settings are outdated.
    pub(super) fn note(&self, seeds: Vec<Seed>, seeded: &Seeded) {
        let mut stored = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for source in &seeded.outdated {
            if let Some(outdated) = stored.get_mut(source)
                && !std::mem::replace(&mut outdated.is_reported, true)
            {
                tracing::warn!(
                    "another worker has newer settings of the source `{source}`, which hold; bring the \
                     configuration file of this one up to date and start it again"
                );
            }
        }
        for mut seed in seeds {
            seed.generation = None;
            if let Some(&generation) = seeded.generations.get(&seed.source) {
                let name = seed.source.clone();
                let is_reported = false;
                stored.insert(
                    name,
                    Stored {
                        seed,
                        generation,
                        is_reported,
                    },
                );
            }
        }
    }
}

/// The settings that decide what is found, as the store knows them. A store written by an earlier
/// version has the same text, so this must not depend on how a type is named.
fn settings_key(source: &Source) -> String {
    let DiscoverSettings {
        feeds,
        sitemaps,
        links,
    } = source.discover;
    format!(
        "Discover {{ feeds: {feeds}, sitemaps: {sitemaps}, links: {links} }} {} {:?} {:?}",
        source.max_depth, source.include, source.exclude
    )
}

/// The settings that stop visits to a source's addresses.
fn limits(config: &Config, source: &Source) -> VisitLimits {
    let (crawl, network) = (&config.crawl, &config.network);
    VisitLimits {
        max_body: crawl.max_body,
        max_redirects: u64::try_from(crawl.max_redirects).unwrap_or(u64::MAX),
        timeout: u64::try_from(crawl.timeout.as_millis()).unwrap_or(u64::MAX),
        respect_robots: crawl.respect_robots,
        user_agent: crawl.user_agent.clone(),
        purpose: config.rights.purpose.name().to_owned(),
        allow_private: network.allow_private,
        network: format!(
            "{} {:?}",
            network.proxy.as_ref().map_or("", |proxy| proxy.as_str()),
            network.resolve
        ),
        max_age: crawl.max_age.map_or(i64::MAX, millis),
        language: source.language.clone().unwrap_or_default(),
        min_words: source
            .min_words
            .map_or(0, |words| u64::try_from(words).unwrap_or(u64::MAX)),
        select: selectors(config, source),
        max_depth: source.max_depth.into(),
        render: source.render.is_some(),
        refetch: crawl.refetch_articles.map_or(i64::MAX, millis),
        access: String::new(),
        fallbacks: u64::try_from(source.fallback.len()).unwrap_or(u64::MAX),
        filters: format!("{:?} {:?}", source.include, source.exclude),
    }
}

/// The selectors of a source and of the hosts of its sites, without the places where they are
/// written.
fn selectors(config: &Config, source: &Source) -> String {
    let sites: BTreeSet<String> = source.entry_points().filter_map(site_of).collect();
    let of_hosts = config
        .rules
        .hosts
        .iter()
        .filter(|(host, _)| sites.contains(&site(host)))
        .flat_map(|(_, sets)| sets);
    let mut text = String::new();
    for SelectorSet {
        selectors,
        valid_from,
        valid_until,
    } in source.select.iter().chain(of_hosts)
    {
        text.push_str(&format!("{valid_from:?} {valid_until:?}\n"));
        for selector in selectors {
            text.push_str(&format!("{} {:?}\n", selector.key.name(), selector.css));
        }
    }
    text
}

/// What to say of sources that read the same entry points with the same filters: the first one gets
/// all that both want. Only sources with other settings than before are named, so that it is said
/// once.
pub(super) fn same_sources(config: &Config, changed: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, one) in config.sources.iter().enumerate() {
        for other in &config.sources[at + 1..] {
            let is_new = changed.contains(&one.name) || changed.contains(&other.name);
            if let Some(shared) = shared_entry_point(one, other).filter(|_| is_new) {
                found.push(format!(
                    "the sources `{}` and `{}` both read {shared} with the same filters, so that \
                     the first one gets its articles; remove it from one of them, or give them \
                     different `include` or `exclude`",
                    one.name, other.name
                ));
            }
        }
    }
    found
}

/// An entry point of both sources, if nothing tells apart which pages of it each one wants.
fn shared_entry_point(one: &Source, other: &Source) -> Option<String> {
    let filters = |it: &Source| (it.include.clone(), it.exclude.clone(), it.language.clone());
    let entry_points = |it: &Source| -> BTreeSet<String> {
        let urls = it.entry_points();
        urls.map(|url| canonical(url).into()).collect()
    };
    if filters(one) != filters(other) {
        return None;
    }
    let shared = entry_points(one);
    shared.intersection(&entry_points(other)).next().cloned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use url::Url;

    use super::*;

    fn config(text: &str) -> Config {
        Config::parse(text, Path::new("config.toml")).unwrap_or_else(|error| panic!("{error}"))
    }

    const DAILY: &str = "[[source]]\nname = \"daily\"\nstart = [\"https://daily.test/\"]\n";

    #[test]
    fn the_settings_of_a_source_are_known_to_an_earlier_store() {
        let source = Source {
            start: vec![Url::parse("https://www.paper.example/").unwrap()],
            include: vec!["/news/**".into()],
            max_depth: 1,
            ..Source::default()
        };
        let expected = r#"Discover { feeds: true, sitemaps: true, links: true } 1 ["/news/**"] []"#;
        assert_eq!(settings_key(&source), expected);
    }

    #[test]
    fn where_a_selector_is_written_is_no_setting() {
        let select = |lines: &str| {
            let text = format!("{lines}{DAILY}[source.select]\narticle = \"#a\"\n");
            let config = config(&text);
            limits(&config, &config.sources[0]).select
        };
        assert_eq!(select(""), select("\n\n"));
        assert!(select("").contains("article \"#a\""));
    }

    #[test]
    fn settings_that_are_written_as_the_defaults_are_no_change() {
        let of = |text: &str| {
            let config = config(text);
            limits(&config, &config.sources[0])
        };
        let written = format!("[crawl]\nmax_age = \"30d\"\nmax_redirects = 8\n{DAILY}");
        assert_eq!(of(DAILY), of(&written));
        let other = format!("[crawl]\nmax_age = \"never\"\nmax_body = \"9 MiB\"\n{DAILY}");
        assert_eq!(of(&other).max_age, i64::MAX);
        assert_eq!(of(&other).max_body, 9 << 20);
    }

    #[test]
    fn sources_that_nothing_tells_apart_are_named_once() {
        let weekly = DAILY.replace("\"daily\"", "\"weekly\"");
        let both = config(&format!("{DAILY}{weekly}"));
        let changed = ["weekly".to_owned()];
        let said = same_sources(&both, &changed);
        assert_eq!(said.len(), 1);
        assert!(said[0].contains("`daily` and `weekly` both read https://daily.test/"));
        assert!(same_sources(&both, &[]).is_empty());
        let apart = config(&format!("{DAILY}{weekly}include = [\"/sport/**\"]\n"));
        assert!(same_sources(&apart, &changed).is_empty());
    }
}
