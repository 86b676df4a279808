//! What each source gets of a pass: its share of the tasks, so that one with a thousand hosts keeps none of the
//! others waiting, and so many addresses from sitemaps.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::frontier::{Claim, Due, Pass, UrlKind};

/// Addresses that the feeds and sitemaps of one source may name in one pass; sitemaps that are due after that are
/// left to the next.
const MOST_NAMED: u64 = 500_000;

/// How many tasks each source has.
#[derive(Debug, Default)]
pub(super) struct Shares {
    running: Arc<Mutex<HashMap<String, usize>>>,
}

/// The tasks of a claim, for as long as it is worked on.
#[derive(Debug)]
pub(super) struct Share {
    sources: Vec<String>,
    running: Arc<Mutex<HashMap<String, usize>>>,
}

impl Shares {
    /// The pass for those sources alone that have fewer tasks than their share of `tasks`: they are asked for
    /// work first. `None` where that would be all of them, or none.
    pub(super) fn first(&self, pass: &Pass, tasks: usize) -> Option<Pass> {
        let share = (tasks / pass.sources.len().max(1)).max(1);
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.values().all(|count| *count < share) {
            return None;
        }
        let has_less = |name: &&String| running.get(*name).is_none_or(|count| *count < share);
        let sources: Vec<String> = pass.sources.iter().filter(has_less).cloned().collect();
        (!sources.is_empty()).then(|| Pass {
            sources,
            ..pass.clone()
        })
    }

    /// Counts a claim for the sources that it has addresses of.
    pub(super) fn take(&self, claim: &Claim) -> Share {
        let mut sources: Vec<String> = claim.due.iter().map(|due| due.source.clone()).collect();
        sources.sort_unstable();
        sources.dedup();
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        for source in &sources {
            *running.entry(source.clone()).or_default() += 1;
        }
        Share {
            sources,
            running: Arc::clone(&self.running),
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        for source in &self.sources {
            let count = running.get(source).copied().unwrap_or_default();
            if count > 1 {
                running.insert(source.clone(), count - 1);
            } else {
                running.remove(source);
            }
        }
    }
}

/// How many addresses the feeds and sitemaps of each source have named in this pass.
#[derive(Debug, Default)]
pub(super) struct Named(Mutex<HashMap<String, u64>>);

impl Named {
    /// True for a sitemap of a source that has named enough.
    pub(super) fn is_enough(&self, due: &Due) -> bool {
        let named = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        due.kind == UrlKind::Sitemap
            && named
                .get(&due.source)
                .is_some_and(|count| *count >= MOST_NAMED)
    }

    /// Counts what an entry point has named.
    pub(super) fn add(&self, source: &str, count: u64) {
        let mut named = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = named.entry(source.to_owned()).or_default();
        *sum = sum.saturating_add(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(sources: &[&str]) -> Pass {
        Pass {
            owner: "a".to_owned(),
            token: None,
            started: 1,
            since: 1,
            sources: sources.iter().map(|&it| it.to_owned()).collect(),
        }
    }

    fn claim(source: &str) -> Claim {
        Claim {
            host: "daily.test".to_owned(),
            token: 1,
            visited_at: None,
            is_own: false,
            due: vec![Due::of_test(UrlKind::Page, "https://daily.test/a", source)],
        }
    }

    #[test]
    fn a_source_that_has_its_share_of_the_tasks_gets_more_only_where_the_others_want_none() {
        let shares = Shares::default();
        let pass = pass(&["large", "small"]);
        assert_eq!(shares.first(&pass, 4), None);
        let one = shares.take(&claim("large"));
        assert_eq!(shares.first(&pass, 4), None);
        let two = shares.take(&claim("large"));
        let first = shares.first(&pass, 4).unwrap();
        assert_eq!(first.sources, ["small"]);
        drop((one, two));
        assert_eq!(shares.first(&pass, 4), None);
    }

    #[test]
    fn a_source_that_is_alone_has_all_tasks_and_many_have_one_each() {
        let shares = Shares::default();
        let alone = pass(&["large"]);
        let all: Vec<Share> = (0..4).map(|_| shares.take(&claim("large"))).collect();
        assert_eq!(shares.first(&alone, 4), None);
        let many = pass(&["large", "a", "b", "c", "d", "e"]);
        let first = shares.first(&many, 4).unwrap();
        assert_eq!(first.sources, ["a", "b", "c", "d", "e"]);
        drop(all);
    }

    #[test]
    fn sitemaps_of_a_source_that_has_named_enough_are_left_and_nothing_else_is() {
        let named = Named::default();
        let due = |kind, source| Due::of_test(kind, "https://daily.test/a.xml", source);
        named.add("large", MOST_NAMED - 1);
        assert!(!named.is_enough(&due(UrlKind::Sitemap, "large")));
        named.add("large", 1);
        assert!(named.is_enough(&due(UrlKind::Sitemap, "large")));
        assert!(!named.is_enough(&due(UrlKind::Sitemap, "small")));
        assert!(!named.is_enough(&due(UrlKind::Feed, "large")));
        assert!(!named.is_enough(&due(UrlKind::Page, "large")));
    }
}
