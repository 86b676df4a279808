//! A source as a crawl uses it: its globs and selectors compiled, and which of the addresses found
//! are fetched.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use url::Url;

use crate::article::Rights;
use crate::canonical::{canonical, dedup_key, same_site};
use crate::config::{Config, Source};
use crate::crawl::filters::Filters;
use crate::crawl::judged_by::judged_by;
use crate::crawl::sites::{ByHost, Reach, Sites, most_common};
use crate::discover::{CandidateUrl, Standing};
use crate::extract::SiteRules;
use crate::fetch::Subscription;
use crate::frontier::{Due, FoundUrl, UrlKind};
use crate::rights::Reader;
use crate::rulebook::RuleBook;
use crate::verdict::{AddressEvidence, Verdict, VisitOutcome};

/// A source, compiled.
#[derive(Debug)]
pub(super) struct CompiledSource {
    pub(super) source: Source,
    book: Arc<RuleBook>,
    filters: Filters,
    /// Where its pages may lie.
    sites: Sites,
    /// The feeds and sitemaps that the settings name.
    named: HashSet<Url>,
    /// Candidates dated before this, in unix milliseconds, are skipped.
    oldest: Option<i64>,
    /// By what its pages are judged.
    pub(super) judged_by: String,
    /// What your own subscription needs.
    pub(super) subscription: Option<Subscription>,
    /// For whom the opt-outs of its pages are read.
    pub(super) reader: Reader,
}

/// The sources of a configuration by name.
pub(super) type CompiledSources = HashMap<String, Arc<CompiledSource>>;

/// Compiles every source, with the sites that its entry points have led to and its subscription. Globs and selectors
/// were checked with the configuration.
pub(super) fn plans(
    config: &Config,
    (sites, subscriptions): (
        &BTreeMap<String, Vec<String>>,
        &BTreeMap<String, Subscription>,
    ),
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
            subscription: subscriptions.get(&source.name).cloned(),
            reader: Reader::new(config.rights.purpose, &config.crawl.user_agent),
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
            filters: Filters::new(source),
            oldest,
            judged_by: String::new(),
            subscription: None,
            reader: Reader::default(),
            source: source.clone(),
        }
    }

    /// Why a page is not kept whose site states that it is not for the purpose of the crawl. What stands in a page's
    /// place says nothing of the page.
    pub(super) fn withheld(&self, verdict: Verdict, rights: &Rights) -> Option<String> {
        let is_read = matches!(
            verdict,
            Verdict::Article | Verdict::NotArticle | Verdict::PaywallStub
        );
        let opt_out = self.reader.forbidden_by(rights).filter(|_| is_read);
        opt_out.map(|it| it.to_string())
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
    /// that has arrived there. Those that are too old are marked as such.
    pub(super) fn pages(
        &self,
        candidates: Vec<CandidateUrl>,
        due: &Due,
        arrived: &Url,
    ) -> Vec<FoundUrl> {
        let (evidence, depth) = match due.kind {
            UrlKind::Feed => (AddressEvidence::Feed, 1),
            UrlKind::Sitemap => (AddressEvidence::Sitemap, 1),
            UrlKind::Start | UrlKind::Page => (AddressEvidence::Link, due.depth + 1),
        };
        let reach = self.reach(due);
        let mut is_near = ByHost::new(|url| {
            let of_start = due.kind == UrlKind::Start && same_site(url, arrived);
            of_start || self.sites.has(url, reach)
        });
        let is_wanted = |it: &CandidateUrl| is_near.of(&it.url) && self.wants(it);
        let wanted = candidates.into_iter().filter(is_wanted);
        wanted
            .map(|it| FoundUrl {
                too_old: self.is_too_old(it.dated),
                url: it.url,
                kind: UrlKind::Page,
                depth,
                hint: it.dated,
                published: it.published,
                guessed: false,
                evidence: match (evidence, it.published) {
                    // Only news sitemaps state when a page was published.
                    (AddressEvidence::Sitemap, Some(_)) => AddressEvidence::NewsSitemap,
                    (evidence, _) => evidence,
                },
            })
            .collect()
    }

    /// Candidates dated before this, in unix milliseconds, are too old.
    pub(super) fn oldest(&self) -> Option<i64> {
        self.oldest
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
            UrlKind::Start | UrlKind::Feed | UrlKind::Sitemap => Reach::Sisters,
            UrlKind::Page => Reach::Own,
        }
    }

    /// Learns from the answer of an entry point which sites are the source's own, and gives those
    /// that are new: the one that its start page has moved to, and the one on which most of the pages
    /// lie that a feed names, or a sitemap that speaks for itself.
    pub(super) fn learn(
        &self,
        due: &Due,
        arrived: &Url,
        candidates: &[CandidateUrl],
    ) -> Vec<String> {
        let leads_to = match due.kind {
            UrlKind::Start => Some(arrived),
            UrlKind::Feed => most_common(candidates),
            UrlKind::Sitemap if self.speaks_for_itself(due, candidates) => most_common(candidates),
            UrlKind::Sitemap | UrlKind::Page => None,
        };
        leads_to
            .and_then(|url| self.sites.learn(url))
            .into_iter()
            .collect()
    }

    /// True for a sitemap whose pages are the source's own, wherever they lie: one that the settings
    /// name, any where they name no start page, and a news sitemap.
    fn speaks_for_itself(&self, due: &Due, pages: &[CandidateUrl]) -> bool {
        let is_news = pages.iter().any(|page| page.published.is_some());
        is_news || self.source.start.is_empty() || self.named.contains(&due.url)
    }

    /// What to say of a start page that has moved to a site that the settings do not name.
    pub(super) fn moved(&self, due: &Due, arrived: &Url) -> Option<String> {
        let has_moved = due.kind == UrlKind::Start
            && !same_site(&due.url, arrived)
            && !self.sites.is_configured(arrived);
        has_moved.then(|| format!("moved to {arrived}: put this address into `start`"))
    }

    /// What to say of an entry point of the settings that has moved for good.
    pub(super) fn moved_for_good(&self, due: &Due, to: &Url) -> Option<String> {
        // A start page has links of its own, whatever its scheme and host are written like.
        let (key, has_moved) = match due.kind {
            UrlKind::Start => ("start", dedup_key(&due.url) != dedup_key(to)),
            UrlKind::Feed => ("feeds", self.named.contains(&due.url)),
            UrlKind::Sitemap => ("sitemaps", self.named.contains(&due.url)),
            UrlKind::Page => return None,
        };
        let has_moved = has_moved && due.url != canonical(to);
        has_moved.then(|| format!("moved for good to {to}: put this address into `{key}`"))
    }

    /// Why a page that a redirect has led to is none of this source's; `None` where it is. Another
    /// scheme, host or view of the same page is no other page.
    pub(super) fn refuses(&self, due: &Due, arrived: &Url) -> Option<String> {
        let page = canonical(arrived);
        if dedup_key(&due.url) == dedup_key(&page) {
            return None;
        }
        let may_lead_anywhere =
            due.evidence == AddressEvidence::Feed && !self.source.feeds.is_empty();
        let is_own = may_lead_anywhere
            || same_site(&due.url, &page)
            || self.sites.has(&page, Reach::Sisters);
        if !is_own {
            return Some(format!("redirected to another site: {page}"));
        }
        if let Some(glob) = self.filters.excluded_by(&page) {
            return Some(format!("redirected to {page}, which `exclude` has: {glob}"));
        }
        // A whole address in `include` may have the scheme or the host that was asked for.
        let mut as_asked = due.url.clone();
        as_asked.set_path(page.path());
        as_asked.set_query(page.query());
        let is_included = self.filters.includes(&page) || self.filters.includes(&as_asked);
        (!is_included).then(|| format!("redirected to {page}, which no `include` has"))
    }

    /// What to say of a page that has arrived there and ended so although the subscription's headers and cookies were sent.
    pub(super) fn locked_out(
        &self,
        arrived: &Url,
        end: (VisitOutcome, Option<u16>),
        what: &str,
    ) -> Option<String> {
        let subscription = self.subscription.as_ref()?;
        subscription.locked_out(arrived, end, what)
    }

    /// What the settings say of a link of the page at `page`.
    pub(super) fn standing(&self, url: &Url, page: &Url) -> Standing {
        let filters = &self.filters;
        // Feeds alone may lead anywhere, but the pages that they name lead only to their own sites.
        let has_sites = !self.source.start.is_empty();
        let is_own = same_site(url, page) || (has_sites && self.sites.has(url, Reach::Sisters));
        if !is_own {
            Standing::OtherSite
        } else if filters.excludes(url) {
            Standing::Excluded
        } else if !filters.includes(url) {
            Standing::NotIncluded
        } else if filters.names(url) {
            Standing::Named
        } else {
            Standing::Open
        }
    }

    fn wants(&self, candidate: &CandidateUrl) -> bool {
        self.filters.includes(&candidate.url) && !self.filters.excludes(&candidate.url)
    }
}
