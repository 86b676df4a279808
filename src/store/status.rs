//! What `status` shows: a row a source, from the passes, the articles and the addresses.

use std::collections::BTreeMap;

use std::time::Duration;

use crate::store::{HealthIssue, Store, StoreError};
use crate::verdict::VisitOutcome;

const DAY: i64 = 24 * 3600 * 1000;
/// Days of a source's past that are told one by one.
const MOST_DAYS: usize = 92;

/// What is known of one source. Times are unix milliseconds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceStatus {
    /// Its name.
    pub source: String,
    /// When its last pass began; `None` before the first.
    pub started: Option<i64>,
    /// When that pass ended; `None` while it runs, or if it was killed.
    pub ended: Option<i64>,
    /// How that pass's visits to pages ended.
    pub outcomes: BTreeMap<VisitOutcome, u64>,
    /// How that pass's visits to front pages, feeds and sitemaps ended.
    pub entry_outcomes: BTreeMap<VisitOutcome, u64>,
    /// Articles kept, of all passes.
    pub articles: u64,
    /// Front pages, feeds and sitemaps in use.
    pub entry_points: u64,
    /// Those of them whose last visit failed.
    pub failing: Vec<FailingEntry>,
    /// Pages that wait to be fetched.
    pub waiting: u64,
    /// When the next address is due.
    pub next_due: Option<i64>,
    /// Articles of each day of the window, the oldest first, today last.
    pub daily: Vec<u64>,
    /// What a person should look at, by the source's own past.
    pub health_issues: Vec<HealthIssue>,
}

/// A front page, feed or sitemap whose last visit failed.
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

impl SourceStatus {
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

impl Store {
    /// A row for each of these sources, in their order, compared with its past of so long; a source
    /// that was never crawled has an empty one.
    pub async fn status(
        &self,
        sources: &[String],
        window: Duration,
        now: i64,
    ) -> Result<Vec<SourceStatus>, StoreError> {
        let mut rows = Vec::with_capacity(sources.len());
        for source in sources {
            let row = self.source_status(source).await;
            let mut row = row.map_err(|error| self.fault(error))?;
            let past = self.past(source, window, now).await?;
            row.health_issues = past.health_issues(now);
            let daily = self.daily(source, past.since, now).await;
            row.daily = daily.map_err(|error| self.fault(error))?;
            rows.push(row);
        }
        Ok(rows)
    }

    /// Articles by the day on which they were stored, each of 24 hours that end now.
    async fn daily(&self, source: &str, since: i64, now: i64) -> Result<Vec<u64>, sqlx::Error> {
        let days = usize::try_from((now - since) / DAY)
            .unwrap_or(0)
            .clamp(1, MOST_DAYS);
        let counts: Vec<(i64, u64)> = sqlx::query_as(
            "SELECT ($2 - fetched_at) / $3, COUNT(*) FROM articles
             WHERE source = $1 AND fetched_at > $2 - $3 * $4 AND fetched_at <= $2 GROUP BY 1",
        )
        .bind(source)
        .bind(now)
        .bind(DAY)
        .bind(i64::try_from(days).unwrap_or(1))
        .fetch_all(self.readers())
        .await?;
        let mut daily = vec![0; days];
        for (ago, count) in counts {
            let at = usize::try_from(ago)
                .ok()
                .and_then(|ago| (days - 1).checked_sub(ago));
            if let Some(day) = at.and_then(|at| daily.get_mut(at)) {
                *day = count;
            }
        }
        Ok(daily)
    }

    async fn source_status(&self, source: &str) -> Result<SourceStatus, sqlx::Error> {
        let mut status = SourceStatus {
            source: source.to_owned(),
            ..SourceStatus::default()
        };
        self.last_run(&mut status).await?;
        status.articles = sqlx::query_scalar("SELECT COUNT(*) FROM articles WHERE source = $1")
            .bind(source)
            .fetch_one(self.readers())
            .await?;
        (status.waiting, status.entry_points, status.next_due) = sqlx::query_as(
            "SELECT COUNT(*) FILTER (WHERE kind = 'page' AND stored_at IS NULL),
                    COUNT(*) FILTER (WHERE kind <> 'page'),
                    MIN(due_at)
             FROM urls WHERE source = $1 AND due_at IS NOT NULL",
        )
        .bind(source)
        .fetch_one(self.readers())
        .await?;
        status.failing = self.failing(source).await?;
        Ok(status)
    }

    async fn last_run(&self, status: &mut SourceStatus) -> Result<(), sqlx::Error> {
        let run: Option<(i64, Option<i64>)> = sqlx::query_as(
            "SELECT started, ended FROM runs WHERE source = $1 ORDER BY started DESC LIMIT 1",
        )
        .bind(&status.source)
        .fetch_optional(self.readers())
        .await?;
        let Some((started, ended)) = run else {
            return Ok(());
        };
        status.started = Some(started);
        status.ended = ended;
        let counts: Vec<(bool, String, u64)> = sqlx::query_as(
            "SELECT entry_point, outcome, count FROM run_outcomes
             WHERE source = $1 AND started = $2",
        )
        .bind(&status.source)
        .bind(started)
        .fetch_all(self.readers())
        .await?;
        for (entry_point, name, count) in counts {
            let outcomes = if entry_point {
                &mut status.entry_outcomes
            } else {
                &mut status.outcomes
            };
            if let Some(outcome) = VisitOutcome::from_name(&name) {
                outcomes.insert(outcome, count);
            }
        }
        Ok(())
    }

    async fn failing(&self, source: &str) -> Result<Vec<FailingEntry>, sqlx::Error> {
        let rows: Vec<(String, String, Option<String>, u32)> = sqlx::query_as(
            "SELECT url, outcome, reason, attempts FROM urls
             WHERE source = $1 AND kind <> 'page' AND due_at IS NOT NULL
               AND attempts > 0 AND outcome IS NOT NULL AND given <> 2
             ORDER BY url",
        )
        .bind(source)
        .fetch_all(self.readers())
        .await?;
        let entries = rows
            .into_iter()
            .filter_map(|(url, name, reason, attempts)| {
                Some(FailingEntry {
                    url,
                    outcome: VisitOutcome::from_name(&name)?,
                    reason,
                    attempts,
                })
            });
        Ok(entries.collect())
    }
}
