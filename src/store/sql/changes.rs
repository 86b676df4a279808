//! Articles in the order in which they were stored and changed.
//!
//! In a file, one process writes at a time, and counts. A server has many, and none that counts: of two transactions,
//! the one that began later may end first, and a reader who went on from its article would never see the other one.
//! There the order is that of the transactions, and only those are read before which none is under way.

use super::articles::read_record;
use super::database::{self, Value, listed_if_any, query_by_engine};
use super::{Engine, SqlStore};
use crate::store::{ChangePosition, Changes, Filter, StoreError};

/// The position and number of an article, when it was fetched, and its record if it passes the filter.
type Row = (i64, i64, i64, Option<String>);

/// Articles that were stored or changed one after the other, as their rows are.
#[derive(Debug, Default)]
pub(super) struct ChangedRows {
    /// The number of each, when it was fetched, and its record.
    pub(super) rows: Vec<(i64, i64, String)>,
    /// The place after them.
    pub(super) position: ChangePosition,
    /// Nothing can be read after that yet.
    pub(super) is_last: bool,
}

/// The articles stored or changed after this position, at most so many.
pub(super) async fn after(
    store: &SqlStore,
    filter: &Filter,
    position: &ChangePosition,
    limit: u32,
) -> Result<Changes, StoreError> {
    let changed = rows_after(store, filter, position, limit).await?;
    let read = |(seq, _, record): (i64, i64, String)| read_record(store, &seq, &record);
    let articles = changed.rows.into_iter().map(read);
    Ok(Changes {
        articles: articles.collect::<Result<_, _>>()?,
        position: changed.position,
        is_last: changed.is_last,
    })
}

/// The rows of these articles.
pub(super) async fn rows_after(
    store: &SqlStore,
    filter: &Filter,
    position: &ChangePosition,
    limit: u32,
) -> Result<ChangedRows, StoreError> {
    let database = check(store, position).await?;
    let rows = rows(store, filter, position, limit).await;
    let rows = rows.map_err(|error| store.fault(error))?;
    let mut changed = ChangedRows {
        is_last: rows.len() < usize::try_from(limit).unwrap_or(usize::MAX),
        position: ChangePosition {
            database,
            ..position.clone()
        },
        ..ChangedRows::default()
    };
    for (change, seq, fetched_at, record) in rows {
        changed.position.change = change;
        changed.position.seq = seq;
        changed
            .rows
            .extend(record.map(|record| (seq, fetched_at, record)));
    }
    Ok(changed)
}

/// Articles were stored or changed after this position that cannot be read in their order yet.
pub(super) async fn are_held_back(
    store: &SqlStore,
    position: &ChangePosition,
) -> Result<bool, StoreError> {
    if matches!(store.engine, Engine::Sqlite(_)) {
        return Ok(false);
    }
    let next = database::query_scalar::<i64>(
        "SELECT seq FROM articles WHERE (added_in, seq) > (CAST(CAST($1 AS TEXT) AS xid8), $2)
         ORDER BY added_in, seq LIMIT 1",
    );
    let next = next
        .bind(position.change.to_string())
        .bind(position.seq)
        .fetch_optional(store.readers())
        .await;
    next.map(|it| it.is_some())
        .map_err(|error| store.fault(error))
}

/// Every row counts, so that a follower of one source does not walk past the others again and again.
async fn rows(
    store: &SqlStore,
    filter: &Filter,
    position: &ChangePosition,
    limit: u32,
) -> Result<Vec<Row>, database::Error> {
    let rows = query_by_engine::<Row>(
        "SELECT COALESCE(change, seq), seq, fetched_at,
                CASE WHEN (?3 IS NULL OR fetched_at >= ?3) AND (?4 IS NULL OR fetched_at < ?4)
                      AND (?5 IS NULL OR source IN (SELECT value FROM json_each(?5))) THEN record END
         FROM articles WHERE COALESCE(change, seq) > ?1 AND ?2 IS NOT NULL
         ORDER BY COALESCE(change, seq) LIMIT ?6",
        "SELECT CAST(CAST(added_in AS TEXT) AS BIGINT), seq, fetched_at,
                CASE WHEN ($3 IS NULL OR fetched_at >= $3) AND ($4 IS NULL OR fetched_at < $4)
                      AND ($5 IS NULL OR source = ANY($5)) THEN record END
         FROM articles
         WHERE (added_in, seq) > (CAST(CAST($1 AS TEXT) AS xid8), $2)
           AND added_in < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY added_in, seq LIMIT $6",
    );
    let change = match store.engine {
        Engine::Sqlite(_) => Value::from(position.change),
        Engine::Postgres(_) => Value::from(position.change.to_string()),
    };
    rows.bind(change)
        .bind(position.seq)
        .bind(filter.since)
        .bind(filter.until)
        .bind(listed_if_any(&filter.sources))
        .bind(limit)
        .fetch_all(store.readers())
        .await
}

/// Makes sure that the position is one of this database, and gives the database's name. A server that was set up anew
/// counts its transactions anew, and one that was set back to an earlier state counts some twice.
async fn check(store: &SqlStore, position: &ChangePosition) -> Result<String, StoreError> {
    let state = query_by_engine::<(String, i64)>(
        "SELECT 'sqlite', COALESCE(MAX(COALESCE(change, seq)), 0) FROM articles",
        "SELECT 'postgres-' || system_identifier || '-' || pg_database.oid,
                CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT)
         FROM pg_control_system(), pg_database WHERE datname = current_database()",
    );
    let state = state.fetch_one(store.readers()).await;
    let (database, last) = state.map_err(|error| store.fault(error))?;
    let is_other = !position.database.is_empty() && position.database != database;
    if is_other || position.change > last {
        return Err(StoreError::BadCursor {
            location: store.location.clone(),
        });
    }
    Ok(database)
}
