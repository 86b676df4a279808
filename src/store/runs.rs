//! The passes over each source: when, and how the visits ended.

use sqlx::SqliteConnection;

use crate::store::{Store, StoreError};
use crate::verdict::VisitOutcome;

/// Passes older than this are forgotten: a pass every five minutes is 100,000 rows a source and year.
const KEPT_MS: i64 = 90 * 24 * 3600 * 1000;

impl Store {
    /// Notes that a pass over these sources begins, and forgets those of long ago.
    pub async fn begin_runs(&self, sources: &[String], started: i64) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let steps = async {
            for source in sources {
                sqlx::query("INSERT OR IGNORE INTO runs (source, started) VALUES ($1, $2)")
                    .bind(source)
                    .bind(started)
                    .execute(&mut *transaction)
                    .await?;
            }
            for forget in [
                "DELETE FROM runs WHERE started < $1",
                "DELETE FROM run_outcomes WHERE started < $1",
            ] {
                sqlx::query(forget)
                    .bind(started - KEPT_MS)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await
        };
        steps.await.map_err(|error| self.fault(error))
    }

    /// Notes that the pass which began at `started` has ended.
    pub async fn end_runs(&self, started: i64, ended: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE runs SET ended = $2 WHERE started = $1")
            .bind(started)
            .bind(ended)
            .execute(&self.writer)
            .await
            .map_err(|error| self.fault(error))
            .map(|_| ())
    }
}

/// Counts the end of a visit, within the caller's transaction.
pub(crate) async fn count(
    connection: &mut SqliteConnection,
    source: &str,
    started: i64,
    entry_point: bool,
    outcome: VisitOutcome,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO run_outcomes (source, started, entry_point, outcome, count)
         VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT DO UPDATE SET count = count + 1",
    )
    .bind(source)
    .bind(started)
    .bind(entry_point)
    .bind(outcome.name())
    .execute(connection)
    .await
    .map(|_| ())
}
