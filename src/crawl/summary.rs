//! What a crawl did, source by source.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::crawl::pending::Done;
use crate::frontier::LeftOver;
use crate::store::{HealthChange, HealthIssue};
use crate::verdict::VisitOutcome;

/// What one pass did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// One for each source that took part, in the order of the configuration.
    pub sources: Vec<SourceSummary>,
    /// Articles that were written to output files, including those that an earlier pass left.
    pub written: u64,
    /// Output files that someone else has changed since the last pass. What they hold is left, and new
    /// articles are after it.
    pub changed_files: Vec<PathBuf>,
    /// Why the pass ended before everything due was visited.
    pub cut_short: Option<CutShort>,
}

/// Why a pass ended early. What was visited is stored; the rest is fetched by the next pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutShort {
    /// The caller asked for it.
    Stopped,
    /// `max_pages` were fetched.
    MaxPages,
    /// The time was up.
    TimeLimit,
    /// Several pages took without end, so that no others could be read.
    Stuck,
}

/// What one pass did for one source.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceSummary {
    /// The source's name.
    pub name: String,
    /// How the visits to pages ended (front pages, feeds and sitemaps not counted), and how many new
    /// pages were too old to be visited.
    pub outcomes: BTreeMap<VisitOutcome, u64>,
    /// Front pages, feeds and sitemaps that were visited.
    pub entry_points: u64,
    /// Those of them that failed.
    pub failures: Vec<EntryFailure>,
    /// New addresses found.
    pub found: u64,
    /// Addresses that were named and not taken in, as many of the source wait as may. What named them is
    /// read in full again by a later pass.
    pub left_out: u64,
    /// Sitemaps that are left to the next pass, as the source has named enough addresses in this one.
    pub postponed: u64,
    /// Pages that an earlier pass had refused and kept, and that were judged again, by a newer version or
    /// other settings.
    pub judged_again: u64,
    /// Those of them that hold an article, which is stored now.
    pub accepted: u64,
    /// Hosts with pages or entry points of the source that are left to the next pass, because the host's
    /// next turn is far off.
    pub left: Vec<LeftHost>,
    /// What needs attention.
    pub health_issues: Vec<HealthIssue>,
    /// How that compares with the pass before.
    pub health_change: HealthChange,
    /// The names of the health issues after the pass before.
    pub health_before: Vec<String>,
}

/// What is left to the next pass at a host that wants long waits between requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftHost {
    /// The host.
    pub host: String,
    /// The time that it wants between two requests.
    pub interval: Duration,
    /// Addresses that are due there.
    pub addresses: u64,
}

/// A front page, feed or sitemap that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFailure {
    /// Its address.
    pub url: Url,
    /// How the visit ended.
    pub outcome: VisitOutcome,
    /// Why, in one line.
    pub reason: String,
}

impl Summary {
    /// The sources that need attention: see [`SourceSummary::needs_attention`].
    pub fn needs_attention(&self) -> impl Iterator<Item = &SourceSummary> {
        self.sources
            .iter()
            .filter(|source| source.needs_attention())
    }

    /// Those of them where no front page, feed or sitemap could be read.
    pub fn unreachable(&self) -> impl Iterator<Item = &SourceSummary> {
        let is = |source: &&SourceSummary| source.health_issues.iter().any(HealthIssue::is_unread);
        self.sources.iter().filter(is)
    }

    pub(super) fn add_written(&mut self, done: Done) {
        self.written += done.count;
        for file in done.changed_files {
            if !self.changed_files.contains(&file) {
                self.changed_files.push(file);
            }
        }
    }

    pub(super) fn count_postponed(&mut self, source: &str) {
        let row = self.sources.iter_mut().find(|row| row.name == source);
        if let Some(row) = row {
            row.postponed += 1;
        }
    }

    pub(super) fn add_left(&mut self, left: Vec<LeftOver>) {
        for it in left {
            let mut rows = self.sources.iter_mut();
            if let Some(row) = rows.find(|row| row.name == it.source) {
                row.left.push(LeftHost {
                    host: it.host,
                    interval: Duration::from_millis(it.interval.unsigned_abs()),
                    addresses: it.addresses,
                });
            }
        }
    }

    /// The sources that got worse in this pass.
    pub fn worse(&self) -> impl Iterator<Item = &SourceSummary> {
        let is = |source: &&SourceSummary| source.health_change == HealthChange::Worse;
        self.sources.iter().filter(is)
    }

    /// Pages of all sources that were visited and are not in the store, by how the visit ended.
    pub fn lost(&self) -> BTreeMap<VisitOutcome, u64> {
        let mut lost = BTreeMap::new();
        for (outcome, count) in self.sources.iter().flat_map(SourceSummary::lost) {
            *lost.entry(outcome).or_default() += count;
        }
        lost
    }

    /// New and changed articles of all sources.
    pub fn articles(&self) -> u64 {
        self.sources.iter().map(SourceSummary::articles).sum()
    }
}

impl SourceSummary {
    /// Pages that were visited: what is too old is not.
    pub fn pages(&self) -> u64 {
        self.count(|outcome| outcome != VisitOutcome::TooOld)
    }

    /// New and changed articles, including those whose text is known from another address.
    pub fn articles(&self) -> u64 {
        self.count(VisitOutcome::is_article)
    }

    /// Pages that failed.
    pub fn failed(&self) -> u64 {
        self.count(VisitOutcome::is_failure)
    }

    /// True where the source is unreachable, has gone quiet or thin, or refuses our requests.
    pub fn needs_attention(&self) -> bool {
        !self.health_issues.is_empty()
    }

    /// Pages that were visited and are not in the store, by how the visit ended.
    pub fn lost(&self) -> impl Iterator<Item = (VisitOutcome, u64)> {
        let counts = self
            .outcomes
            .iter()
            .map(|(outcome, count)| (*outcome, *count));
        counts.filter(|(outcome, _)| outcome.is_loss())
    }

    pub(super) fn compare_health(&mut self, before: Vec<String>, now: &[String]) {
        self.health_change = HealthChange::between(&before, now);
        self.health_before = before;
    }

    fn count(&self, of: impl Fn(VisitOutcome) -> bool) -> u64 {
        let counted = self.outcomes.iter().filter(|(outcome, _)| of(**outcome));
        counted.map(|(_, count)| count).sum()
    }
}
