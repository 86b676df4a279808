//! Makes pages due again at a user's request.

use sqlx::SqliteConnection;

use crate::store::AddressFilter;

/// Makes pages due, but for those whose article is in the store under this address or another; see [`Frontier::retry`](crate::frontier::Frontier::retry).
pub(super) async fn retry(
    connection: &mut SqliteConnection,
    filter: &AddressFilter,
    now: i64,
) -> Result<u64, sqlx::Error> {
    let sources = serde_json::Value::from(filter.sources.as_slice()).to_string();
    let outcomes: Vec<&str> = filter.outcomes.iter().map(|it| it.name()).collect();
    let made_due = sqlx::query(
        "UPDATE urls SET due_at = $1, attempts = 0
         WHERE kind = 'page' AND stored_at IS NULL AND (due_at > $1
               OR (due_at IS NULL AND outcome NOT IN ('stored', 'duplicate', 'updated', 'unchanged')))
           AND ($2 = '[]' OR source IN (SELECT value FROM json_each($2)))
           AND ($3 = '[]' OR outcome IN (SELECT value FROM json_each($3)))
           AND ($4 IS NULL OR COALESCE(visited_at, found_at) >= $4)
           AND (NOT $5 OR due_at IS NULL)",
    )
    .bind(now)
    .bind(sources)
    .bind(serde_json::Value::from(outcomes).to_string())
    .bind(filter.since)
    .bind(filter.lost)
    .execute(connection)
    .await?;
    Ok(made_due.rows_affected())
}
