//! The recent past of a source, read from SQLite.

use std::time::Duration;

use super::SqliteStore;
use crate::store::history::OutcomeCount;
use crate::store::policy::health::{MOST_ARTICLES, MOST_PASSES, RECENT};
use crate::store::{ArticleSample, SourceHistory, StoreError};
use crate::verdict::VisitOutcome;

/// What is known of a source since `window` ago.
pub(super) async fn of_source(
    store: &SqliteStore,
    source: &str,
    window: Duration,
    now: i64,
) -> Result<SourceHistory, StoreError> {
    let window = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
    let since = now.saturating_sub(window);
    let steps = async {
        let mut history = SourceHistory {
            articles: articles(store, source, since).await?,
            missed: missed(store, source, since).await?,
            since,
            ..SourceHistory::default()
        };
        history.add_outcomes(outcomes(store, source, since).await?);
        Ok(history)
    };
    steps.await.map_err(|error| store.fault(error))
}

async fn articles(
    store: &SqliteStore,
    source: &str,
    since: i64,
) -> Result<Vec<ArticleSample>, sqlx::Error> {
    let rows: Vec<(i64, u32, u32)> = sqlx::query_as(
        "SELECT fetched_at, words, filled FROM articles
         WHERE source = $1 AND fetched_at >= $2 AND words IS NOT NULL
         ORDER BY fetched_at DESC LIMIT $3",
    )
    .bind(source)
    .bind(since)
    .bind(MOST_ARTICLES)
    .fetch_all(store.readers())
    .await?;
    let sample = |(at, words, filled)| ArticleSample { at, words, filled };
    Ok(rows.into_iter().map(sample).collect())
}

async fn outcomes(
    store: &SqliteStore,
    source: &str,
    since: i64,
) -> Result<Vec<OutcomeCount>, sqlx::Error> {
    let rows: Vec<(i64, bool, String, u64)> = sqlx::query_as(
        "SELECT started, entry_point, outcome, count FROM run_outcomes
         WHERE source = $1 AND started IN (
             SELECT started FROM runs WHERE source = $1 AND started >= $2
             ORDER BY started DESC LIMIT $3)
         ORDER BY started DESC",
    )
    .bind(source)
    .bind(since)
    .bind(MOST_PASSES)
    .fetch_all(store.readers())
    .await?;
    // An outcome without a name here is one of a newer version.
    let counts = rows
        .into_iter()
        .filter_map(|(started, entry_point, name, count)| {
            Some(OutcomeCount {
                started,
                entry_point,
                outcome: VisitOutcome::from_name(&name)?,
                count,
            })
        });
    Ok(counts.collect())
}

async fn missed(store: &SqliteStore, source: &str, since: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT missed FROM (
             SELECT missed FROM articles
             WHERE source = $1 AND fetched_at >= $2 AND words IS NOT NULL
             ORDER BY fetched_at DESC LIMIT $3)
         WHERE missed IS NOT NULL",
    )
    .bind(source)
    .bind(since)
    .bind(i64::try_from(RECENT).unwrap_or(i64::MAX))
    .fetch_all(store.readers())
    .await
}
