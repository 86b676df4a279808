//! A source as a crawl uses it: its globs and selectors compiled, and which of the addresses found
//! are fetched.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use url::{Host, Url};

use crate::canonical::{canonical, site};
use crate::config::{Config, DiscoverSettings, Source};
use crate::crawl::judged_by::judged_by;
use crate::discover::CandidateUrl;
use crate::extract::SiteRules;
use crate::frontier::{Evidence, FoundUrl, Seed, UrlKind};
use crate::rulebook::RuleBook;

/// A source, compiled.
#[derive(Debug)]
pub(super) struct CompiledSource {
    pub(super) source: Source,
    book: Arc<RuleBook>,
    include: GlobSet,
    exclude: GlobSet,
    /// Registrable domains that pages may lie on; empty where feeds alone are given, which may
    /// lead anywhere.
    sites: HashSet<String>,
    /// Candidates dated before this, in unix milliseconds, are skipped.
    oldest: Option<i64>,
    /// By what its pages are judged.
    pub(super) judged_by: String,
}

/// The sources of a configuration by name.
pub(super) type CompiledSources = HashMap<String, Arc<CompiledSource>>;

/// Compiles every source. Globs and selectors were checked with the configuration.
pub(super) fn plans(config: &Config, now: i64) -> CompiledSources {
    let age = config
        .crawl
        .max_age
        .and_then(|age| i64::try_from(age.as_millis()).ok());
    let oldest = age.map(|age| now.saturating_sub(age));
    let book = Arc::new(RuleBook::new(config));
    let plan = |source: &Source| {
        let plan = CompiledSource {
            judged_by: judged_by(config, source),
            ..CompiledSource::new(source, Arc::clone(&book), oldest)
        };
        (source.name.clone(), Arc::new(plan))
    };
    config.sources.iter().map(plan).collect()
}

/// The configured sources as the frontier records them.
pub(super) fn seeds(config: &Config) -> Vec<Seed> {
    config.sources.iter().map(seed).collect()
}

fn seed(source: &Source) -> Seed {
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
    let entry_points = lists
        .into_iter()
        .filter(|(.., used)| *used)
        .flat_map(|(kind, urls, _)| urls.iter().map(move |url| (kind, canonical(url))));
    Seed {
        source: source.name.clone(),
        settings: settings_key(source),
        entry_points: entry_points.collect(),
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

impl CompiledSource {
    fn new(source: &Source, book: Arc<RuleBook>, oldest: Option<i64>) -> CompiledSource {
        let named = if source.start.is_empty() {
            &source.sitemaps
        } else {
            &source.start
        };
        CompiledSource {
            book,
            include: globs(&source.include),
            exclude: globs(&source.exclude),
            sites: named.iter().filter_map(site_of).collect(),
            oldest,
            judged_by: String::new(),
            source: source.clone(),
        }
    }

    /// All rules.
    pub(super) fn book(&self) -> Arc<RuleBook> {
        Arc::clone(&self.book)
    }

    /// The rules for a page of this source, fetched at that time.
    pub(super) fn rules(&self, url: Option<&Url>, fetched_at: i64) -> SiteRules {
        self.book.for_page(Some(&self.source.name), url, fetched_at)
    }

    /// The pages among these candidates that the source wants.
    pub(super) fn pages(
        &self,
        candidates: Vec<CandidateUrl>,
        depth: u32,
        evidence: Evidence,
    ) -> Vec<FoundUrl> {
        let wanted = candidates
            .into_iter()
            .filter(|candidate| self.wants(candidate));
        wanted
            .map(|it| FoundUrl {
                url: it.url,
                kind: UrlKind::Page,
                depth,
                hint: it.dated,
                published: it.published,
                guessed: false,
                evidence: Some(match (evidence, it.published) {
                    // Only news sitemaps state when a page was published.
                    (Evidence::Sitemap, Some(_)) => Evidence::NewsSitemap,
                    (evidence, _) => evidence,
                }),
            })
            .collect()
    }

    /// True for a date before the oldest that is wanted.
    pub(super) fn is_too_old(&self, at: Option<i64>) -> bool {
        self.oldest.zip(at).is_some_and(|(oldest, at)| at < oldest)
    }

    fn wants(&self, candidate: &CandidateUrl) -> bool {
        let own = self.sites.is_empty()
            || site_of(&candidate.url).is_some_and(|site| self.sites.contains(&site));
        let (url, path) = (candidate.url.as_str(), candidate.url.path());
        let named = |globs: &GlobSet| globs.is_match(path) || globs.is_match(url);
        own && !self.is_too_old(candidate.dated)
            && (self.include.is_empty() || named(&self.include))
            && !named(&self.exclude)
    }
}

fn site_of(url: &Url) -> Option<String> {
    Some(match url.host()? {
        Host::Domain(name) => site(name),
        other => other.to_string(),
    })
}

fn globs(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        if let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(source: Source, urls: &[&str]) -> Vec<String> {
        let plan = CompiledSource::new(&source, Arc::default(), Some(1_000));
        let candidate = |url: &&str| CandidateUrl {
            url: Url::parse(url).unwrap(),
            title: None,
            dated: url.contains("old").then_some(999),
            published: None,
        };
        let pages = plan.pages(urls.iter().map(candidate).collect(), 1, Evidence::Link);
        pages
            .iter()
            .map(|page| page.url.path().to_owned())
            .collect()
    }

    fn source() -> Source {
        Source {
            start: vec![Url::parse("https://www.paper.example/").unwrap()],
            ..Source::default()
        }
    }

    #[test]
    fn the_settings_of_a_source_are_known_to_an_earlier_store() {
        let source = Source {
            include: vec!["/news/**".into()],
            max_depth: 1,
            ..source()
        };
        let expected = r#"Discover { feeds: true, sitemaps: true, links: true } 1 ["/news/**"] []"#;
        assert_eq!(settings_key(&source), expected);
    }

    #[test]
    fn a_link_must_match_one_include_and_no_exclude() {
        let source = Source {
            include: vec!["/news/**".into(), "https://blog.paper.example/*".into()],
            exclude: vec!["/news/video/**".into()],
            ..source()
        };
        let urls = [
            "https://paper.example/news/a/b",
            "https://paper.example/news/video/c",
            "https://paper.example/sport/d",
            "https://blog.paper.example/e",
        ];
        assert_eq!(wanted(source, &urls), ["/news/a/b", "/e"]);
    }

    #[test]
    fn old_pages_and_other_sites_are_skipped() {
        let urls = [
            "https://paper.example/a",
            "https://paper.example/old",
            "https://other.example/b",
        ];
        assert_eq!(wanted(source(), &urls), ["/a"]);
    }

    #[test]
    fn feeds_alone_may_lead_anywhere() {
        let feed = Url::parse("https://feeds.example/x").unwrap();
        let source = Source {
            feeds: vec![feed],
            ..Source::default()
        };
        assert_eq!(wanted(source, &["https://paper.example/a"]), ["/a"]);
    }
}
