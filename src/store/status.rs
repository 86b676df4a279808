//! What `status` shows: a row a source, from the passes, the articles and the addresses, and a row a worker.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::store::{EntryPoint, HealthIssue, Store, StoreError};
use crate::verdict::VisitOutcome;

const DAY: i64 = 24 * 3600 * 1000;
/// Days that are counted one by one, at most.
const MOST_DAYS: usize = 92;
/// A worker is at work if it has given a sign of life within this time.
pub(super) const PRESENT_MS: i64 = 120_000;

/// What is known of one source. Times are unix milliseconds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceStatus {
    /// Its name.
    pub source: String,
    /// When its last pass began; `None` before the first. Passes of other workers that were under way then count as
    /// parts of it.
    pub started: Option<i64>,
    /// When that pass ended; `None` while it runs, or if it was killed.
    pub ended: Option<i64>,
    /// How that pass's visits to pages ended.
    pub outcomes: BTreeMap<VisitOutcome, u64>,
    /// How that pass's visits to front pages, feeds and sitemaps ended.
    pub entry_outcomes: BTreeMap<VisitOutcome, u64>,
    /// From when on pages are counted as found, stored and lost.
    pub since: i64,
    /// Pages that were first named since then.
    pub found: u64,
    /// Addresses that its entry points name and that are not taken in before fewer of its pages wait.
    pub left_out: u64,
    /// Articles that were stored since then, or changed.
    pub stored: u64,
    /// Pages that were last visited since then and are not in the store, by how the visit ended…
    pub lost: BTreeMap<VisitOutcome, u64>,
    /// …those of them that the site's opt-outs forbid, by the statement that does…
    pub withheld: BTreeMap<String, u64>,
    /// …and those of them that will be tried again.
    pub tried_again: u64,
    /// Articles stored, of all passes.
    pub articles: u64,
    /// Front pages, feeds and sitemaps in use.
    pub entry_points: u64,
    /// Those of them whose last visit failed, or found another page in their place.
    pub failing: Vec<FailingEntry>,
    /// Pages that wait to be fetched, also those that are tried again.
    pub waiting: u64,
    /// When the next address is due, and its host is not left alone.
    pub next_due: Option<i64>,
    /// Articles of each day of the window, the oldest first, today last.
    pub daily: Vec<u64>,
    /// What needs attention.
    pub health_issues: Vec<HealthIssue>,
}

/// A front page, feed or sitemap that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailingEntry {
    /// Its address.
    pub url: String,
    /// How the visit ended.
    pub outcome: VisitOutcome,
    /// Why.
    pub reason: Option<String>,
    /// Visits in a row that failed.
    pub attempts: u32,
}

/// A process that crawls a store on a server, or did so lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerStatus {
    /// Its name.
    pub name: String,
    /// What it does.
    pub state: WorkerState,
    /// When it gave a sign of life last, in unix milliseconds by the server's clock.
    pub seen_at: i64,
    /// Hosts that are leased to it.
    pub hosts: u64,
    /// Articles that it has stored and that are in none of its files yet.
    pub unwritten: u64,
}

/// What a worker does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkerState {
    /// A pass is under way.
    Crawling,
    /// It runs, between two passes.
    Idle,
    /// It is connected and gives no sign of life: it was stopped, or its machine is busy or cut off.
    Silent,
    /// Its connection is gone in the middle of a pass: it was killed, or is about to connect again.
    Gone,
    /// It has ended.
    Ended,
}

impl WorkerState {
    /// One word for it.
    pub fn name(self) -> &'static str {
        match self {
            WorkerState::Crawling => "crawling",
            WorkerState::Idle => "idle",
            WorkerState::Silent => "silent",
            WorkerState::Gone => "gone",
            WorkerState::Ended => "ended",
        }
    }
}

/// What is seen of a worker.
#[derive(Debug, Clone, Copy)]
pub(super) struct WorkerSigns {
    /// Its pass has begun and not ended.
    pub(super) has_pass: bool,
    /// It has a connection, by which it holds its name.
    pub(super) is_connected: bool,
    /// For how long it has given no sign of life.
    pub(super) silent_ms: i64,
}

impl WorkerSigns {
    pub(super) fn state(self) -> WorkerState {
        match (self.is_connected, self.has_pass) {
            (true, _) if self.silent_ms > PRESENT_MS => WorkerState::Silent,
            (true, true) => WorkerState::Crawling,
            (true, false) => WorkerState::Idle,
            (false, true) => WorkerState::Gone,
            (false, false) => WorkerState::Ended,
        }
    }
}

impl SourceStatus {
    /// Pages that are lost, of all causes.
    pub fn lost_pages(&self) -> u64 {
        self.lost.values().sum()
    }

    /// Pages that the last pass visited.
    pub fn pages(&self) -> u64 {
        self.outcomes.values().sum()
    }

    /// Articles that the last pass brought.
    pub fn new_articles(&self) -> u64 {
        let articles = self
            .outcomes
            .iter()
            .filter(|(outcome, _)| outcome.is_article());
        articles.map(|(_, count)| count).sum()
    }
}

/// The times that a status covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusTimes {
    /// From when on pages are counted as found, stored and lost, in unix milliseconds.
    pub since: i64,
    /// The past of a source with which it is compared.
    pub health: Duration,
    /// Now, in unix milliseconds.
    pub now: i64,
}

/// The status of one source.
pub(super) async fn of_source(
    store: &dyn Store,
    source: &str,
    times: StatusTimes,
) -> Result<SourceStatus, StoreError> {
    let now = times.now;
    let history = store.history(source, times.health, now).await?;
    Ok(SourceStatus {
        health_issues: history.health_issues(now),
        daily: store
            .daily_articles(source, days(now - history.since), now)
            .await?,
        failing: failing(&history.entry_points),
        ..store.source_state(source, times.since).await?
    })
}

/// The entry points that were visited and could not be read.
fn failing(entry_points: &[EntryPoint]) -> Vec<FailingEntry> {
    let failing = entry_points.iter().filter(|it| !it.is_read());
    let failing = failing.filter_map(|it| {
        Some(FailingEntry {
            url: it.url.clone(),
            outcome: it.outcome?,
            reason: it.reason.clone(),
            attempts: it.attempts,
        })
    });
    failing.collect()
}

/// The days of a window that are counted one by one.
fn days(window: i64) -> usize {
    usize::try_from(window / DAY)
        .unwrap_or(0)
        .clamp(1, MOST_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_is_what_its_signs_say() {
        let state = |is_connected, has_pass, silent_ms| {
            let signs = WorkerSigns {
                has_pass,
                is_connected,
                silent_ms,
            };
            signs.state().name()
        };
        assert_eq!(state(true, true, 15_000), "crawling");
        assert_eq!(state(true, false, 15_000), "idle");
        assert_eq!(state(true, true, 130_000), "silent");
        assert_eq!(state(true, false, 130_000), "silent");
        assert_eq!(state(false, true, 15_000), "gone");
        assert_eq!(state(false, false, 9_000_000), "ended");
    }

    #[test]
    fn at_least_a_day_is_counted_and_no_more_than_a_quarter() {
        assert_eq!(days(3600 * 1000), 1);
        assert_eq!(days(7 * DAY), 7);
        assert_eq!(days(i64::MAX), MOST_DAYS);
        assert_eq!(days(-DAY), 1);
    }
}
