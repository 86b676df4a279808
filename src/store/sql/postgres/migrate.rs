//! Brings the tables of a database up to date, one process at a time: sqlx takes an advisory lock for it.

use sqlx::migrate::Migrator;

use super::Server;
use super::error::store_error;
use crate::store::StoreError;
use crate::store::sql::database::{Tables, migration_error};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Brings the tables up to date. Where they are, nothing is asked that needs more than the right to read and write rows.
pub(super) async fn migrate(server: &Server) -> Result<(), StoreError> {
    if tables(server).await? == Tables::Current {
        return Ok(());
    }
    let location = server.location.as_str();
    let connection = server.pool.acquire().await;
    let mut connection = connection.map_err(|error| store_error(location, error))?;
    let migrated = MIGRATIONS.run_direct(None, &mut *connection, false).await;
    migrated.map_err(|error| migration_error(location, error, store_error))
}

/// Makes articles new that came from another server with a back-up: transactions are counted by each server for itself,
/// and an article of a transaction that this one has not come to would not be among the changes for a long time.
pub(super) async fn renumber(server: &Server) -> Result<(), StoreError> {
    let renumbered = sqlx::query(
        "UPDATE articles SET added_in = DEFAULT WHERE added_in >= pg_snapshot_xmax(pg_current_snapshot())",
    );
    let renumbered = renumbered.execute(&server.pool).await;
    renumbered.map_err(|error| store_error(&server.location, error))?;
    Ok(())
}

/// What the tables are to this version.
///
/// # Errors
/// Fails with [`StoreError::Newer`] where a newer version made them.
pub(super) async fn tables(server: &Server) -> Result<Tables, StoreError> {
    let fault = |error| store_error(&server.location, error);
    let exist: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(&server.pool)
        .await
        .map_err(fault)?;
    if !exist {
        return Ok(Tables::None);
    }
    let applied = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
        .fetch_all(&server.pool)
        .await
        .map_err(fault)?;
    match Tables::after(applied, &MIGRATIONS) {
        Tables::Newer(version) => Err(StoreError::Newer {
            location: server.location.clone(),
            version,
        }),
        tables => Ok(tables),
    }
}
