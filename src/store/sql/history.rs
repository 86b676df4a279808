//! The recent past of a source.

use std::collections::BTreeMap;
use std::time::Duration;

use super::database::{self, FromRow, Int};
use super::pieces::{address, source_id};
use super::{SqlStore, addresses, given};
use crate::store::history::OutcomeCount;
use crate::store::policy::health::{MOST_ARTICLES, MOST_PASSES, RECENT};
use crate::store::{ArticleSample, EntryPoint, SourceHistory, StoreError};
use crate::verdict::{LOCKED_OUT, VisitOutcome};

/// What is known of a source since `window` ago.
pub(super) async fn of_source(
    store: &SqlStore,
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
            entry_points: entry_points(store, source).await?,
            lost: lost(store, source, since).await?,
            locked_out: locked_out(store, source, since).await?,
            ever_stored: ever_stored(store, source).await?,
            since,
            ..SourceHistory::default()
        };
        history.add_outcomes(outcomes(store, source, since).await?);
        Ok(history)
    };
    steps.await.map_err(|error| store.fault(error))
}

async fn articles(
    store: &SqlStore,
    source: &str,
    since: i64,
) -> Result<Vec<ArticleSample>, database::Error> {
    let rows: Vec<(i64, Int<u32>, Int<u32>)> = database::query_as(
        "SELECT fetched_at, words, filled FROM articles
         WHERE source = $1 AND fetched_at >= $2 AND words IS NOT NULL
         ORDER BY fetched_at DESC LIMIT $3",
    )
    .bind(source)
    .bind(since)
    .bind(MOST_ARTICLES)
    .fetch_all(store.readers())
    .await?;
    let sample = |(at, Int(words), Int(filled))| ArticleSample { at, words, filled };
    Ok(rows.into_iter().map(sample).collect())
}

/// The entry points in use. Those that were only guessed count once they were read.
async fn entry_points(store: &SqlStore, source: &str) -> Result<Vec<EntryPoint>, database::Error> {
    let rows: Vec<EntryRow> = database::query_as(concat!(
        "SELECT ",
        address!("hosts.host", "path"),
        " AS url, given, urls.visited_at, outcome, reason, attempts, links_followed,
                links_passed, damaged <> 0 AS damaged
         FROM urls CROSS JOIN hosts ON hosts.id = urls.host_id
         WHERE urls.source_id = ",
        source_id!("$1"),
        " AND kind <> 0 AND due_at IS NOT NULL AND (given <> $2 OR links_followed IS NOT NULL)
         ORDER BY given = $3 DESC, url"
    ))
    .bind(source)
    .bind(given::GUESSED)
    .bind(given::CONFIGURED)
    .fetch_all(store.readers())
    .await?;
    Ok(rows.into_iter().map(EntryRow::entry_point).collect())
}

#[derive(FromRow)]
struct EntryRow {
    url: String,
    given: i64,
    visited_at: Option<i64>,
    outcome: Option<String>,
    reason: Option<String>,
    #[sqlx(try_from = "i64")]
    attempts: u32,
    links_followed: Option<Int<u32>>,
    links_passed: Option<Int<u32>>,
    damaged: bool,
}

impl EntryRow {
    fn entry_point(self) -> EntryPoint {
        EntryPoint {
            outcome: self.outcome.as_deref().and_then(VisitOutcome::from_name),
            url: self.url,
            configured: self.given == given::CONFIGURED,
            visited_at: self.visited_at,
            reason: self.reason,
            attempts: self.attempts,
            followed: self.links_followed.map(|it| it.0),
            passed: self.links_passed.map(|it| it.0),
            damaged: self.damaged,
        }
    }
}

async fn lost(
    store: &SqlStore,
    source: &str,
    since: i64,
) -> Result<BTreeMap<VisitOutcome, u64>, database::Error> {
    let counts = addresses::lost(store, source, since).await?.into_iter();
    Ok(counts.map(|it| (it.outcome, it.count)).collect())
}

/// Why pages were lost to a paywall although the user's own headers and cookies were sent.
async fn locked_out(
    store: &SqlStore,
    source: &str,
    since: i64,
) -> Result<Vec<String>, database::Error> {
    let mut rows: Vec<(i64, String)> = database::query_as(concat!(
        "SELECT visited_at, reason FROM urls
         WHERE kind = 0 AND source_id = ",
        source_id!("$1"),
        " AND outcome IN ('paywall_stub', 'http_4xx', 'redirects') AND stored_at IS NULL AND article IS NULL
          AND visited_at >= $2 AND reason LIKE $3
         LIMIT $4",
    ))
    .bind(source)
    .bind(since)
    .bind(format!("{LOCKED_OUT}%"))
    .bind(MOST_ARTICLES)
    .fetch_all(store.readers())
    .await?;
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(rows.into_iter().map(|(_, reason)| reason).collect())
}

async fn ever_stored(store: &SqlStore, source: &str) -> Result<bool, database::Error> {
    // A dry run knows the addresses alone. In this order the first is found by an index: a server that expects to meet one
    // soon would else look at all articles of a source that has none.
    database::query_scalar(
        "SELECT (SELECT 1 FROM articles WHERE source = $1 ORDER BY fetched_at LIMIT 1) IS NOT NULL
             OR (SELECT 1 FROM run_outcomes WHERE source = $1 AND entry_point = 0
                   AND outcome IN ('stored', 'unchanged', 'updated', 'duplicate')
                 ORDER BY started LIMIT 1) IS NOT NULL",
    )
    .bind(source)
    .fetch_one(store.readers())
    .await
}

async fn outcomes(
    store: &SqlStore,
    source: &str,
    since: i64,
) -> Result<Vec<OutcomeCount>, database::Error> {
    let rows: Vec<(i64, bool, String, Int<u64>)> = database::query_as(
        "SELECT started, entry_point <> 0, outcome, count FROM run_outcomes
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
        .filter_map(|(started, entry_point, name, Int(count))| {
            Some(OutcomeCount {
                started,
                entry_point,
                outcome: VisitOutcome::from_name(&name)?,
                count,
            })
        });
    Ok(counts.collect())
}

async fn missed(
    store: &SqlStore,
    source: &str,
    since: i64,
) -> Result<Vec<String>, database::Error> {
    database::query_scalar(
        "SELECT missed FROM (
             SELECT missed FROM articles
             WHERE source = $1 AND fetched_at >= $2 AND words IS NOT NULL
             ORDER BY fetched_at DESC LIMIT $3) AS recent
         WHERE missed IS NOT NULL",
    )
    .bind(source)
    .bind(since)
    .bind(i64::try_from(RECENT).unwrap_or(i64::MAX))
    .fetch_all(store.readers())
    .await
}
