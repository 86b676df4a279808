//! robots.txt by origin.

use super::SqlStore;
use super::database;
use crate::store::{RobotsFile, StoreError};

/// The robots.txt of an origin that is still valid.
pub(super) async fn find(
    store: &SqlStore,
    origin: &str,
    now: i64,
) -> Result<Option<RobotsFile>, StoreError> {
    let row: Option<(Option<Vec<u8>>, i64)> = database::query_as(
        "SELECT file, expires_at FROM robots WHERE origin = $1 AND expires_at > $2",
    )
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

/// Larger files are kept as long as they have room together: a site with a thousand subdomains may have a
/// robots.txt of half a megabyte on each. Others are fetched again by the next pass. The index
/// `robots_large` has the same number.
const LARGE: usize = 32_768;
/// Bytes of all large files.
const LARGE_BYTES: i64 = 32 << 20;

/// Stores the robots.txt of an origin.
pub(super) async fn put(
    store: &SqlStore,
    origin: &str,
    robots: &RobotsFile,
) -> Result<(), StoreError> {
    let length = robots.bytes.as_ref().map_or(0, Vec::len);
    if length > LARGE && !has_room(store, length).await? {
        return Ok(());
    }
    let insert = database::query(
        "INSERT INTO robots (origin, file, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (origin) DO UPDATE SET file = excluded.file, expires_at = excluded.expires_at",
    );
    let insert = insert.bind(origin).bind(&robots.bytes);
    store.write(insert.bind(robots.expires_at)).await?;
    Ok(())
}

/// True where there is room for one more large file.
async fn has_room(store: &SqlStore, length: usize) -> Result<bool, StoreError> {
    let bytes: i64 = database::query_scalar(
        "SELECT CAST(COALESCE(SUM(LENGTH(file)), 0) AS BIGINT) FROM robots WHERE LENGTH(file) > 32768",
    )
    .fetch_one(store.readers())
    .await
    .map_err(|error| store.fault(error))?;
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    Ok(bytes.saturating_add(length) <= LARGE_BYTES)
}

/// Deletes what has expired.
pub(super) async fn drop_expired(store: &SqlStore, now: i64) -> Result<(), StoreError> {
    let delete = database::query("DELETE FROM robots WHERE expires_at <= $1");
    store.write(delete.bind(now)).await?;
    Ok(())
}
