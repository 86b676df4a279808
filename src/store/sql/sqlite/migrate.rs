//! Brings the tables of a store up to date. One step is not SQL: the keys of addresses.

use sqlx::SqliteConnection;
use sqlx::migrate::{MigrateError, Migrator};
use url::Url;

use super::error::store_error;
use crate::store::StoreError;
use crate::store::sql::database::migration_error;
use crate::store::sql::keys::PageKey;
use crate::store::sql::pieces::address;

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// The migration after which addresses have no keys yet; the next one makes the index of them.
const WITHOUT_KEYS: i64 = 19;
/// Addresses that are given keys at a time.
const BATCH: u32 = 5_000;

/// Brings the tables up to date.
pub(super) async fn migrate(
    location: &str,
    connection: &mut SqliteConnection,
) -> Result<(), StoreError> {
    let steps = async {
        // Not `run_to` and `run`, which make a future that can't be spawned.
        MIGRATIONS
            .run_direct(Some(WITHOUT_KEYS), connection, false)
            .await?;
        set_keys(connection).await?;
        MIGRATIONS.run_direct(None, connection, false).await
    };
    let migrated: Result<(), MigrateError> = steps.await;
    migrated.map_err(|error| migration_error(location, error, store_error))
}

/// Gives each address its key, unless that was done. What a kill has left half done is done again.
async fn set_keys(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let done: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM _sqlx_migrations WHERE version > $1)")
            .bind(WITHOUT_KEYS)
            .fetch_one(&mut *connection)
            .await?;
    if done {
        return Ok(());
    }
    let mut after = 0;
    while let Some(last) = set_some(connection, after).await? {
        after = last;
    }
    Ok(())
}

/// Gives the addresses after this one their keys, and names the last of them.
async fn set_some(
    connection: &mut SqliteConnection,
    after: i64,
) -> Result<Option<i64>, sqlx::Error> {
    let rows: Vec<(i64, String)> = sqlx::query_as(concat!(
        "SELECT urls.id, ",
        address!("hosts.host", "path"),
        " FROM urls CROSS JOIN hosts ON hosts.id = urls.host_id
         WHERE urls.id > $1 ORDER BY urls.id LIMIT $2"
    ))
    .bind(after)
    .bind(BATCH)
    .fetch_all(&mut *connection)
    .await?;
    let Some(last) = rows.last().map(|(id, _)| *id) else {
        return Ok(None);
    };
    let keys = rows.into_iter().filter_map(|(id, url)| {
        let key = PageKey::of(&Url::parse(&url).ok()?);
        Some(vec![id, key.hash])
    });
    let keys = serde_json::Value::from_iter(keys).to_string();
    sqlx::query(
        "UPDATE urls SET key = new.value ->> 1 FROM json_each($1) AS new
         WHERE urls.id = new.value ->> 0",
    )
    .bind(keys)
    .execute(connection)
    .await?;
    Ok(Some(last))
}
