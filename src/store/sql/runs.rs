//! The passes over each source: when they ran, and how their visits ended.

use super::database::{self, Connection, Query, listed};
use super::{SqlStore, transaction, windows};
use crate::store::StoreError;
use crate::store::policy::RUN_RETENTION_MS;
use crate::verdict::VisitOutcome;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// Notes that a pass over these sources begins, and forgets those of long ago.
pub(super) async fn begin(
    store: &SqlStore,
    sources: &[String],
    started: i64,
) -> Result<i64, StoreError> {
    transaction!(store, |transaction| async {
        database::query(
            "INSERT INTO runs (source, started) SELECT value, $2 FROM each($1) WHERE TRUE
             ON CONFLICT DO NOTHING",
        )
        .bind(listed(sources))
        .bind(started)
        .execute(&mut *transaction)
        .await?;
        for forget in [
            "DELETE FROM runs WHERE started < $1",
            "DELETE FROM run_outcomes WHERE started < $1",
        ] {
            database::query(forget)
                .bind(started - RUN_RETENTION_MS)
                .execute(&mut *transaction)
                .await?;
        }
        if let Some(worker) = store.worker() {
            windows::begin(transaction, worker, sources).await?;
        }
        earliest(transaction, sources, started).await
    })
}

/// When the earliest pass over one of these sources began that runs now. One that was killed is taken to run for a day;
/// whoever has the lock of a store is alone.
async fn earliest(
    transaction: &mut Connection,
    sources: &[String],
    started: i64,
) -> Result<i64, database::Error> {
    if !transaction.is_to_server() {
        return Ok(started);
    }
    let earliest: Option<i64> = database::query_scalar(
        "SELECT MIN(started) FROM runs
         WHERE ended IS NULL AND started > $1 AND source IN (SELECT value FROM each($2))",
    )
    .bind(started.saturating_sub(DAY_MS))
    .bind(listed(sources))
    .fetch_one(transaction)
    .await?;
    Ok(earliest.map_or(started, |it| it.min(started)))
}

/// Notes that the pass which began at `started` has ended, and gives the sources whose health is to be judged.
pub(super) async fn end(
    store: &SqlStore,
    sources: &[String],
    started: i64,
    ended: i64,
) -> Result<Vec<String>, StoreError> {
    transaction!(store, |transaction| async {
        database::query("UPDATE runs SET ended = $2 WHERE started = $1")
            .bind(started)
            .bind(ended)
            .execute(&mut *transaction)
            .await?;
        match store.worker() {
            Some(worker) => windows::end(transaction, worker, sources).await,
            None => Ok(sources.to_vec()),
        }
    })
}

/// What visits of one pass are counted by.
pub(crate) struct RunOutcome<'a> {
    /// The source of the addresses.
    pub(crate) source: &'a str,
    /// When the pass began.
    pub(crate) started: i64,
    /// True for front pages, feeds and sitemaps.
    pub(crate) entry_point: bool,
    /// How the visits ended.
    pub(crate) outcome: VisitOutcome,
}

/// Counts so many more visits that ended so.
pub(crate) fn count_visits(ended: RunOutcome<'_>, count: u64) -> Query {
    database::query(
        "INSERT INTO run_outcomes (source, started, entry_point, outcome, count)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (source, started, entry_point, outcome)
         DO UPDATE SET count = run_outcomes.count + excluded.count",
    )
    .bind(ended.source)
    .bind(ended.started)
    .bind(ended.entry_point)
    .bind(ended.outcome.name())
    .bind(i64::try_from(count).unwrap_or(i64::MAX))
}
