//! A source as a crawl uses it: its globs and selectors compiled, and which of the addresses found
//! are fetched.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use url::Url;

use crate::canonical::{canonical, dedup_key, same_site};
use crate::config::{Config, Source};
use crate::crawl::judged_by::judged_by;
use crate::crawl::sites::{Reach, Sites, most_common};
use crate::discover::CandidateUrl;
use crate::extract::SiteRules;
use crate::frontier::{Due, Evidence, FoundUrl, UrlKind};
use crate::rulebook::RuleBook;

/// A source, compiled.
#[derive(Debug)]
pub(super) struct CompiledSource {
    pub(super) source: Source,
    book: Arc<RuleBook>,
    include: GlobSet,
    exclude: GlobSet,
    /// Where its pages may lie.
    sites: Sites,
    /// The feeds and sitemaps that the settings name.
    named: HashSet<Url>,
    /// Candidates dated before this, in unix milliseconds, are skipped.
    oldest: Option<i64>,
    /// By what its pages are judged.
    pub(super) judged_by: String,
}

/// The sources of a configuration by name.
pub(super) type CompiledSources = HashMap<String, Arc<CompiledSource>>;

/// Compiles every source, with the sites that its entry points have led to. Globs and selectors
/// were checked with the configuration.
pub(super) fn plans(
    config: &Config,
    sites: &BTreeMap<String, Vec<String>>,
    now: i64,
) -> CompiledSources {
    let age = config
        .crawl
        .max_age
        .and_then(|age| i64::try_from(age.as_millis()).ok());
    let oldest = age.map(|age| now.saturating_sub(age));
    let book = Arc::new(RuleBook::new(config));
    let plan = |source: &Source| {
        let learned = sites.get(&source.name).map_or(&[][..], Vec::as_slice);
        let plan = CompiledSource {
            judged_by: judged_by(config, source),
            ..CompiledSource::new(source, learned, Arc::clone(&book), oldest)
        };
        (source.name.clone(), Arc::new(plan))
    };
    config.sources.iter().map(plan).collect()
}

impl CompiledSource {
    fn new(
        source: &Source,
        learned: &[String],
        book: Arc<RuleBook>,
        oldest: Option<i64>,
    ) -> CompiledSource {
        let named = source.feeds.iter().chain(&source.sitemaps);
        CompiledSource {
            named: named.map(canonical).collect(),
            sites: Sites::new(source, learned),
            book,
            include: globs(&source.include),
            exclude: globs(&source.exclude),
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

    /// The pages that the source wants among these candidates, which the answer of an address names
    /// that has arrived there.
    pub(super) fn pages(
        &self,
        candidates: Vec<CandidateUrl>,
        due: &Due,
        arrived: &Url,
    ) -> Vec<FoundUrl> {
        let (evidence, depth) = match due.kind {
            UrlKind::Feed => (Evidence::Feed, 1),
            UrlKind::Sitemap => (Evidence::Sitemap, 1),
            UrlKind::Start | UrlKind::Page => (Evidence::Link, due.depth + 1),
        };
        let reach = self.reach(due);
        let wanted = candidates.into_iter().filter(|candidate| {
            let of_start = due.kind == UrlKind::Start && same_site(&candidate.url, arrived);
            (of_start || self.sites.has(&candidate.url, reach)) && self.wants(candidate)
        });
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

    /// How far the addresses may lead that an address names. A feed that the settings name may lead
    /// anywhere.
    fn reach(&self, due: &Due) -> Reach {
        match due.kind {
            UrlKind::Feed if self.named.contains(&due.url) => Reach::Anywhere,
            UrlKind::Feed | UrlKind::Sitemap => Reach::Sisters,
            UrlKind::Start | UrlKind::Page => Reach::Own,
        }
    }

    /// Learns from the answer of an entry point which sites are the source's own, and gives those
    /// that are new: the one that its start page has moved to, and the one on which most of the pages
    /// lie that a feed names, or a sitemap of the settings.
    pub(super) fn learn(
        &self,
        due: &Due,
        arrived: &Url,
        candidates: &[CandidateUrl],
    ) -> Vec<String> {
        let leads_to = match due.kind {
            UrlKind::Start => Some(arrived),
            UrlKind::Feed => most_common(candidates),
            UrlKind::Sitemap if self.named.contains(&due.url) => most_common(candidates),
            UrlKind::Sitemap | UrlKind::Page => None,
        };
        leads_to
            .and_then(|url| self.sites.learn(url))
            .into_iter()
            .collect()
    }

    /// What to say of a start page that has moved to a site that the settings do not name.
    pub(super) fn moved(&self, due: &Due, arrived: &Url) -> Option<String> {
        let has_moved = due.kind == UrlKind::Start
            && !same_site(&due.url, arrived)
            && !self.sites.is_configured(arrived);
        has_moved.then(|| format!("moved to {arrived}: put this address into `start`"))
    }

    /// Why a page that a redirect has led to is none of this source's; `None` where it is. Another
    /// scheme, host or view of the same page is no other page.
    pub(super) fn refuses(&self, due: &Due, arrived: &Url) -> Option<String> {
        let page = canonical(arrived);
        if dedup_key(&due.url) == dedup_key(&page) {
            return None;
        }
        let may_lead_anywhere =
            due.evidence == Some(Evidence::Feed) && !self.source.feeds.is_empty();
        let is_own = may_lead_anywhere
            || same_site(&due.url, &page)
            || self.sites.has(&page, Reach::Sisters);
        if !is_own {
            return Some(format!("redirected to another site: {page}"));
        }
        if let Some(glob) = self.excluded_by(&page) {
            return Some(format!("redirected to {page}, which `exclude` has: {glob}"));
        }
        // A whole address in `include` may have the scheme or the host that was asked for.
        let mut as_asked = due.url.clone();
        as_asked.set_path(page.path());
        as_asked.set_query(page.query());
        let is_included = self.is_included(&page) || self.is_included(&as_asked);
        (!is_included).then(|| format!("redirected to {page}, which no `include` has"))
    }

    fn wants(&self, candidate: &CandidateUrl) -> bool {
        !self.is_too_old(candidate.dated)
            && self.is_included(&candidate.url)
            && self.excluded_by(&candidate.url).is_none()
    }

    fn is_included(&self, url: &Url) -> bool {
        let globs = &self.include;
        globs.is_empty() || globs.is_match(url.path()) || globs.is_match(url.as_str())
    }

    /// The glob of `exclude` that an address matches.
    fn excluded_by(&self, url: &Url) -> Option<&str> {
        let globs = &self.exclude;
        let mut matches = globs.matches(url.path());
        matches.extend(globs.matches(url.as_str()));
        let glob = self.source.exclude.get(*matches.iter().min()?);
        glob.map(String::as_str)
    }
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

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn due(kind: UrlKind, address: &str) -> Due {
        Due {
            id: 1,
            url: url(address),
            source: "paper".to_owned(),
            kind,
            depth: 0,
            guessed: false,
            etag: None,
            last_modified: None,
            published: None,
            evidence: None,
        }
    }

    fn candidates(urls: &[&str]) -> Vec<CandidateUrl> {
        let candidate = |text: &&str| CandidateUrl {
            url: url(text),
            title: None,
            dated: text.contains("old").then_some(999),
            published: None,
        };
        urls.iter().map(candidate).collect()
    }

    fn plan(source: &Source) -> CompiledSource {
        CompiledSource::new(source, &[], Arc::default(), Some(1_000))
    }

    fn named_by(plan: &CompiledSource, due: &Due, urls: &[&str]) -> Vec<String> {
        let found = candidates(urls);
        plan.learn(due, &due.url, &found);
        let pages = plan.pages(found, due, &due.url).into_iter();
        pages.map(|page| page.url.path().to_owned()).collect()
    }

    fn wanted(source: Source, urls: &[&str]) -> Vec<String> {
        let front = due(UrlKind::Start, "https://www.paper.example/");
        named_by(&plan(&source), &front, urls)
    }

    fn source() -> Source {
        Source {
            start: vec![url("https://www.paper.example/")],
            ..Source::default()
        }
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
    fn feeds_of_the_settings_may_lead_anywhere() {
        let feed = "https://feeds.example/x";
        let alone = Source {
            feeds: vec![url(feed)],
            ..Source::default()
        };
        let with_start = Source {
            feeds: vec![url(feed)],
            ..source()
        };
        let urls = ["https://one.example/a", "https://two.example/b"];
        for source in [alone, with_start] {
            let found = named_by(&plan(&source), &due(UrlKind::Feed, feed), &urls);
            assert_eq!(found, ["/a", "/b"]);
        }
    }

    #[test]
    fn feeds_that_are_found_lead_to_own_and_sister_sites_and_where_most_items_lie() {
        let feed = due(UrlKind::Feed, "https://paper.example/feed");
        let plan = plan(&source());
        let urls = [
            "https://paper.example/a",
            "https://paper.news/b",
            "https://third.example/c",
        ];
        assert_eq!(named_by(&plan, &feed, &urls), ["/a", "/b"]);
        let urls = [
            "https://other.example/d",
            "https://www.other.example/e",
            "https://paper.example/f",
        ];
        assert_eq!(named_by(&plan, &feed, &urls), ["/d", "/e", "/f"]);
        // It is the source's own from now on, also for a redirect.
        let page = due(UrlKind::Page, "https://paper.example/a");
        assert_eq!(plan.refuses(&page, &url("https://other.example/a")), None);
    }

    #[test]
    fn a_sitemap_that_is_found_does_not_lead_to_other_sites() {
        let map = due(UrlKind::Sitemap, "https://paper.example/map.xml");
        let urls = ["https://other.example/a", "https://paper.co.uk/b"];
        assert_eq!(named_by(&plan(&source()), &map, &urls), ["/b"]);
    }

    #[test]
    fn a_start_page_that_has_moved_takes_the_source_along() {
        let plan = plan(&source());
        let front = due(UrlKind::Start, "https://www.paper.example/");
        let arrived = url("https://herald.example/");
        assert_eq!(plan.learn(&front, &arrived, &[]), ["herald.example"]);
        let found = candidates(&["https://herald.example/a", "https://other.example/b"]);
        assert_eq!(plan.pages(found, &front, &arrived).len(), 1);
        let said = plan.moved(&front, &arrived).unwrap();
        assert_eq!(
            said,
            "moved to https://herald.example/: put this address into `start`"
        );
        let www = url("https://paper.example/start");
        assert_eq!(plan.moved(&front, &www), None);
    }

    #[test]
    fn a_redirect_is_held_against_the_filters_at_its_end() {
        let source = Source {
            include: vec!["https://www.paper.example/news/**".into()],
            exclude: vec!["/video/**".into(), "/news/video/**".into()],
            ..source()
        };
        let plan = plan(&source);
        let page = due(UrlKind::Page, "https://www.paper.example/news/a");
        for (arrived, expected) in [
            ("https://www.paper.example/news/b", None),
            ("http://m.paper.example/news/b", None),
            ("https://m.paper.example/news/a?utm_source=x", None),
            ("https://amp.paper.example/news/a", None),
            ("https://www.paper.test/news/b", None),
            ("https://other.example/news/a", Some("another site")),
            (
                "https://www.paper.example/news/video/a",
                Some("/news/video/**"),
            ),
            ("https://www.paper.example/sport/a", Some("no `include`")),
        ] {
            let refused = plan.refuses(&page, &url(arrived));
            match (refused, expected) {
                (None, None) => (),
                (Some(reason), Some(expected)) => assert!(reason.contains(expected), "{reason}"),
                other => panic!("{arrived}: {other:?}"),
            }
        }
    }

    #[test]
    fn an_item_of_a_feed_of_the_settings_may_be_redirected_anywhere() {
        let source = Source {
            feeds: vec![url("https://feeds.example/x")],
            ..source()
        };
        let plan = plan(&source);
        let item = Due {
            evidence: Some(Evidence::Feed),
            ..due(UrlKind::Page, "https://short.example/1")
        };
        assert_eq!(plan.refuses(&item, &url("https://other.example/a")), None);
    }
}
