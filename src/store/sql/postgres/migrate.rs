//! Brings the tables of a database up to date, one process at a time: sqlx takes an advisory lock for it.

use std::collections::BTreeSet;

use sqlx::migrate::Migrator;

use super::Server;
use super::error::{migration_error, store_error};
use crate::store::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Brings the tables up to date. Where they are, nothing is asked that needs more than the right to read and write rows.
pub(super) async fn migrate(server: &Server) -> Result<(), StoreError> {
    if tables(server).await? == Some(true) {
        return Ok(());
    }
    let location = server.location.as_str();
    let connection = server.pool.acquire().await;
    let mut connection = connection.map_err(|error| store_error(location, error))?;
    let migrated = MIGRATIONS.run_direct(None, &mut *connection, false).await;
    migrated.map_err(|error| migration_error(location, error))
}

/// True where the tables are those of this version, false where they are older; `None` where there are none.
///
/// # Errors
/// Fails with [`StoreError::Newer`] where a newer version made them.
pub(super) async fn tables(server: &Server) -> Result<Option<bool>, StoreError> {
    let fault = |error| store_error(&server.location, error);
    let exist: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(&server.pool)
        .await
        .map_err(fault)?;
    if !exist {
        return Ok(None);
    }
    let applied: Vec<i64> =
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
            .fetch_all(&server.pool)
            .await
            .map_err(fault)?;
    let applied = BTreeSet::from_iter(applied);
    let known: BTreeSet<i64> = MIGRATIONS.iter().map(|it| it.version).collect();
    match applied.difference(&known).max() {
        Some(version) => Err(StoreError::Newer {
            location: server.location.clone(),
            version: *version,
        }),
        None => Ok(Some(applied == known)),
    }
}
