//! Site memory in SQLite, one row a host: read before a page is extracted, and added to in the
//! transaction that stores a new article.

use sqlx::SqliteConnection;

use super::SqliteStore;
use crate::extract::site_memory::{PageFingerprint, SiteMemory};
use crate::store::StoreError;

/// What is known of a host's articles; an empty memory where nothing is.
pub(super) async fn find(store: &SqliteStore, host: &str) -> Result<SiteMemory, StoreError> {
    let steps = async {
        let mut connection = store.readers().acquire().await?;
        read(&mut connection, host).await
    };
    steps.await.map_err(|error| store.fault(error))
}

async fn read(connection: &mut SqliteConnection, host: &str) -> Result<SiteMemory, sqlx::Error> {
    let bytes: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT memory FROM site_memory WHERE host = $1")
            .bind(host)
            .fetch_optional(connection)
            .await?;
    let memory = bytes.and_then(|bytes| SiteMemory::from_bytes(&bytes));
    Ok(memory.unwrap_or_default())
}

/// Adds what a new article teaches, within the caller's transaction.
pub(crate) async fn learn(
    connection: &mut SqliteConnection,
    host: &str,
    fingerprint: &PageFingerprint,
) -> Result<(), sqlx::Error> {
    let mut memory = read(connection, host).await?;
    if !memory.learn(fingerprint) {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO site_memory (host, memory) VALUES ($1, $2)
         ON CONFLICT (host) DO UPDATE SET memory = excluded.memory",
    )
    .bind(host)
    .bind(memory.to_bytes())
    .execute(connection)
    .await
    .map(|_| ())
}
