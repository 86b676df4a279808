//! The recent past of a source, by which its health is judged.

use std::collections::BTreeMap;

use crate::store::HealthIssue;
use crate::store::policy::health;
use crate::verdict::VisitOutcome;

/// What is known of one source within a window. Times are unix milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceHistory {
    /// Its articles, the newest first.
    pub articles: Vec<ArticleSample>,
    /// How the visits of each pass to its pages ended, the newest first.
    pub passes: Vec<BTreeMap<VisitOutcome, u64>>,
    /// Its front pages, feeds and sitemaps in use.
    pub entry_points: Vec<EntryPoint>,
    /// When the last pass began that visited any of them.
    pub entries_visited_since: Option<i64>,
    /// Its lost pages, by how their last visit ended.
    pub lost: BTreeMap<VisitOutcome, u64>,
    /// An article of it was stored at any time.
    pub ever_stored: bool,
    /// The `article` selectors that matched nothing, one an article, of the newest ten.
    pub missed: Vec<String>,
    /// Pages that the user's own subscription did not open: why, those visited last first.
    pub locked_out: Vec<String>,
    /// When the window begins.
    pub since: i64,
}

/// What is known of a front page, feed or sitemap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryPoint {
    /// Its address.
    pub url: String,
    /// The settings name it.
    pub configured: bool,
    /// When it was last visited.
    pub visited_at: Option<i64>,
    /// How that visit ended.
    pub outcome: Option<VisitOutcome>,
    /// Why.
    pub reason: Option<String>,
    /// Visits in a row that failed.
    pub attempts: u32,
    /// Links that were followed when it was last read; `None` where it never was.
    pub followed: Option<u32>,
    /// Links that were passed over then.
    pub passed: Option<u32>,
    /// It breaks the rules of its format.
    pub damaged: bool,
}

impl EntryPoint {
    /// True where its last visit found what belongs there.
    pub fn is_read(&self) -> bool {
        self.outcome.is_some_and(|it| !it.is_loss())
    }
}

/// What the history knows of one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArticleSample {
    /// When it was fetched.
    pub at: i64,
    /// Words of its text.
    pub words: u32,
    /// The watched fields it fills, as bits.
    pub filled: u32,
}

/// How many visits of one pass ended in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutcomeCount {
    /// When the pass began.
    pub(crate) started: i64,
    /// Visits to front pages, feeds and sitemaps, in place of pages.
    pub(crate) entry_point: bool,
    pub(crate) outcome: VisitOutcome,
    pub(crate) count: u64,
}

impl SourceHistory {
    /// What is wrong with the source now, in unix milliseconds; empty where nothing is, or where too
    /// little is known.
    pub fn health_issues(&self, now: i64) -> Vec<HealthIssue> {
        health::issues(self, now)
    }

    /// Adds the outcomes of passes, the newest pass first.
    pub(crate) fn add_outcomes(&mut self, counts: Vec<OutcomeCount>) {
        let newest = counts.iter().find(|it| it.entry_point);
        self.entries_visited_since = newest.map(|it| it.started);
        let mut pass = None;
        for it in counts.into_iter().filter(|it| !it.entry_point) {
            if pass != Some(it.started) {
                pass = Some(it.started);
                self.passes.push(BTreeMap::new());
            }
            if let Some(pass) = self.passes.last_mut() {
                pass.insert(it.outcome, it.count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(started: i64, entry_point: bool, outcome: VisitOutcome, count: u64) -> OutcomeCount {
        OutcomeCount {
            started,
            entry_point,
            outcome,
            count,
        }
    }

    #[test]
    fn pages_count_by_pass_and_the_newest_pass_over_entry_points_is_known() {
        let mut history = SourceHistory::default();
        history.add_outcomes(vec![
            count(3, false, VisitOutcome::Stored, 2),
            count(3, false, VisitOutcome::Http4xx, 1),
            count(2, true, VisitOutcome::Index, 4),
            count(2, true, VisitOutcome::Dns, 1),
            count(2, false, VisitOutcome::Stored, 5),
            count(1, true, VisitOutcome::Dns, 9),
        ]);
        assert_eq!(history.entries_visited_since, Some(2));
        let stored = |pass: &BTreeMap<VisitOutcome, u64>| pass[&VisitOutcome::Stored];
        let passes: Vec<u64> = history.passes.iter().map(stored).collect();
        assert_eq!(passes, [2, 5]);
        assert_eq!(history.passes[0].len(), 2);
    }
}
