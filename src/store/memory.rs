//! Site memory, kept by host: read before a page is extracted, and added to in the transaction that
//! keeps a new article.

use sqlx::SqliteConnection;

use crate::extract::site_memory::{PageFingerprint, SiteMemory};
use crate::store::{Store, StoreError};

impl Store {
    /// What is known of a host's articles; nothing where none were learned.
    pub async fn site_memory(&self, host: &str) -> Result<SiteMemory, StoreError> {
        let mut connection = self
            .readers()
            .acquire()
            .await
            .map_err(|error| self.fault(error))?;
        let memory = read(&mut connection, host).await;
        memory.map_err(|error| self.fault(error))
    }
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

/// Takes in what a new article teaches, within the caller's transaction.
pub(crate) async fn learn(
    connection: &mut SqliteConnection,
    host: &str,
    traits: &PageFingerprint,
) -> Result<(), sqlx::Error> {
    let mut memory = read(connection, host).await?;
    if !memory.learn(traits) {
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
