//! Which sites a source's pages may lie on: those that the settings name, and those that its entry
//! points have led to, which are remembered from pass to pass.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{PoisonError, RwLock};

use url::Url;

use crate::canonical::site_of;
use crate::config::Source;
use crate::discover::CandidateUrl;

/// Sites that a source learns at most.
const MOST_LEARNED: usize = 16;

/// How far the addresses that an entry point names may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Anywhere: the settings name this feed.
    Anywhere,
    /// To the source's own sites.
    Own,
    /// To the source's own sites and to those of the same name: `paper.co.uk` and `paper.com`.
    Sisters,
}

/// The sites of one source, as registrable domains.
#[derive(Debug)]
pub(super) struct Sites {
    /// Empty where feeds alone are given, which may lead anywhere.
    configured: HashSet<String>,
    learned: RwLock<BTreeSet<String>>,
}

impl Sites {
    /// The sites of a source that has learned these.
    pub(super) fn new(source: &Source, learned: &[String]) -> Sites {
        let named = if source.start.is_empty() {
            &source.sitemaps
        } else {
            &source.start
        };
        Sites {
            configured: named.iter().filter_map(site_of).collect(),
            learned: RwLock::new(learned.iter().cloned().collect()),
        }
    }

    /// True for an address that an entry point of this reach may name.
    pub(super) fn has(&self, url: &Url, reach: Reach) -> bool {
        if self.configured.is_empty() || reach == Reach::Anywhere {
            return true;
        }
        let Some(site) = site_of(url) else {
            return false;
        };
        self.is_own(&site) || (reach == Reach::Sisters && self.is_sister(&site))
    }

    /// Takes in a site that an entry point has led to, and gives it where it is new.
    pub(super) fn learn(&self, url: &Url) -> Option<String> {
        let site = site_of(url)?;
        if self.configured.is_empty() || self.is_own(&site) {
            return None;
        }
        let mut learned = self.learned.write().unwrap_or_else(PoisonError::into_inner);
        (learned.len() < MOST_LEARNED && learned.insert(site.clone())).then_some(site)
    }

    /// True for an address on a site of the settings.
    pub(super) fn is_configured(&self, url: &Url) -> bool {
        self.configured.is_empty() || site_of(url).is_some_and(|it| self.configured.contains(&it))
    }

    fn is_own(&self, site: &str) -> bool {
        let learned = self.learned.read().unwrap_or_else(PoisonError::into_inner);
        self.configured.contains(site) || learned.contains(site)
    }

    fn is_sister(&self, site: &str) -> bool {
        let learned = self.learned.read().unwrap_or_else(PoisonError::into_inner);
        let mut own = self.configured.iter().chain(learned.iter());
        own.any(|own| have_one_name(own, site))
    }
}

/// A question that an address's host decides. The last answer is remembered: tens of thousands of addresses
/// that a sitemap names lie on one host.
#[derive(Debug)]
pub(super) struct ByHost<F> {
    decide: F,
    last: Option<(String, bool)>,
}

impl<F: Fn(&Url) -> bool> ByHost<F> {
    pub(super) fn new(decide: F) -> ByHost<F> {
        ByHost { decide, last: None }
    }

    /// The answer for the host of this address.
    pub(super) fn of(&mut self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        match &self.last {
            Some((last, answer)) if last == host => *answer,
            _ => {
                let answer = (self.decide)(url);
                self.last = Some((host.to_owned(), answer));
                answer
            }
        }
    }
}

/// True for registrable domains that differ only below which suffix they are registered.
fn have_one_name(one: &str, other: &str) -> bool {
    let name = |site: &str| site.split_once('.').map(|(name, _)| name.to_owned());
    let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    name(one).is_some_and(|own| !is_number(&own) && name(other) == Some(own))
}

/// An address of the site on which most of these lie, if one has more than half of them.
pub(super) fn most_common(candidates: &[CandidateUrl]) -> Option<&Url> {
    let mut counts: BTreeMap<String, (usize, &Url)> = BTreeMap::new();
    // What an entry point names lies on few hosts, and the site of each need not be found more than once.
    let hosts = candidates.chunk_by(|one, other| one.url.host() == other.url.host());
    for of_host in hosts {
        let first = of_host.first().map(|it| &it.url);
        if let Some((site, url)) = first.and_then(|url| Some((site_of(url)?, url))) {
            counts.entry(site).or_insert((0, url)).0 += of_host.len();
        }
    }
    let (count, url) = counts.into_values().max_by_key(|(count, _)| *count)?;
    (count * 2 > candidates.len()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn sites(learned: &[&str]) -> Sites {
        let source = Source {
            start: vec![url("https://www.paper.co.uk/")],
            feeds: vec![url("https://feeds.example/paper")],
            ..Source::default()
        };
        let learned: Vec<String> = learned.iter().map(|&site| site.to_owned()).collect();
        Sites::new(&source, &learned)
    }

    #[test]
    fn a_sister_site_has_the_same_name_under_another_suffix() {
        let sites = sites(&[]);
        for (address, own, sister) in [
            ("https://news.paper.co.uk/a", true, true),
            ("https://www.paper.com/a", false, true),
            ("https://paper.news/a", false, true),
            ("https://paper-news.com/a", false, false),
            ("https://paper.other.com/a", false, false),
            ("https://co.uk/a", false, false),
        ] {
            assert_eq!(sites.has(&url(address), Reach::Own), own, "{address}");
            assert_eq!(
                sites.has(&url(address), Reach::Sisters),
                sister,
                "{address}"
            );
            assert!(sites.has(&url(address), Reach::Anywhere));
        }
        assert!(!have_one_name("10.0.0.1", "10.0.0.2"));
    }

    #[test]
    fn what_is_learned_is_the_sources_own_and_new_once() {
        let sites = sites(&["daily.test"]);
        assert!(sites.has(&url("http://www.daily.test/a"), Reach::Own));
        assert!(!sites.has(&url("http://weekly.test/a"), Reach::Own));
        assert_eq!(
            sites.learn(&url("http://www.weekly.test/")).as_deref(),
            Some("weekly.test")
        );
        assert_eq!(sites.learn(&url("http://weekly.test/")), None);
        assert_eq!(sites.learn(&url("http://paper.co.uk/")), None);
        assert!(sites.has(&url("http://weekly.test/a"), Reach::Own));
        let learned = (0..99).filter_map(|n| sites.learn(&url(&format!("http://n{n}.test/"))));
        assert_eq!(learned.count(), MOST_LEARNED - 2);
    }

    #[test]
    fn one_host_is_decided_once_in_a_row() {
        let asked = std::cell::Cell::new(0);
        let mut is_own = ByHost::new(|url: &Url| {
            asked.set(asked.get() + 1);
            url.host_str() == Some("a.test")
        });
        for (address, expected, times) in [
            ("https://a.test/1", true, 1),
            ("https://a.test:8080/2", true, 1),
            ("https://b.test/1", false, 2),
            ("https://b.test/2", false, 2),
            ("https://a.test/3", true, 3),
        ] {
            assert_eq!(is_own.of(&url(address)), expected, "{address}");
            assert_eq!(asked.get(), times, "{address}");
        }
    }

    #[test]
    fn a_feed_may_lie_elsewhere_than_most_of_its_items() {
        let candidates = |urls: &[&str]| -> Vec<CandidateUrl> {
            let candidate = |text: &&str| CandidateUrl {
                url: url(text),
                title: None,
                dated: None,
                published: None,
            };
            urls.iter().map(candidate).collect()
        };
        let most =
            |urls: &[&str]| most_common(&candidates(urls)).map(|url| url.as_str().to_owned());
        let found = most(&[
            "https://a.test/1",
            "https://b.test/2",
            "https://www.b.test/3",
        ]);
        assert_eq!(found.as_deref(), Some("https://b.test/2"));
        assert_eq!(most(&["https://a.test/1", "https://b.test/2"]), None);
        assert_eq!(
            most(&["https://a.test/1"]).as_deref(),
            Some("https://a.test/1")
        );
        assert_eq!(most(&[]), None);
    }
}
