//! robots.txt by origin, in SQLite.

use super::SqliteStore;
use crate::store::{RobotsFile, StoreError};

/// The robots.txt of an origin that is still valid.
pub(super) async fn find(
    store: &SqliteStore,
    origin: &str,
    now: i64,
) -> Result<Option<RobotsFile>, StoreError> {
    let row: Option<(Option<Vec<u8>>, i64)> =
        sqlx::query_as("SELECT file, expires_at FROM robots WHERE origin = $1 AND expires_at > $2")
            .bind(origin)
            .bind(now)
            .fetch_optional(store.readers())
            .await
            .map_err(|error| store.fault(error))?;
    Ok(row.map(|(file, expires_at)| RobotsFile {
        bytes: file,
        expires_at,
    }))
}

/// Stores the robots.txt of an origin.
pub(super) async fn put(
    store: &SqliteStore,
    origin: &str,
    robots: &RobotsFile,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO robots (origin, file, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT DO UPDATE SET file = excluded.file, expires_at = excluded.expires_at",
    )
    .bind(origin)
    .bind(&robots.bytes)
    .bind(robots.expires_at)
    .execute(store.writer())
    .await
    .map_err(|error| store.fault(error))
    .map(|_| ())
}

/// Deletes what has expired.
pub(super) async fn drop_expired(store: &SqliteStore, now: i64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM robots WHERE expires_at <= $1")
        .bind(now)
        .execute(store.writer())
        .await
        .map_err(|error| store.fault(error))
        .map(|_| ())
}
