//! A store that is only read: opened without a lock and without bringing it up to date, also where its reader
//! may not write the file or its folder.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use super::identity::Identity;
use super::{BUSY, MIGRATIONS, READERS, SqliteStore, connect, lock};
use crate::store::StoreError;

/// What the tables of a store are to this version.
enum Tables {
    Current,
    Older,
    Newer(i64),
}

impl SqliteStore {
    /// Opens the store in this file, to read it. One that an earlier version wrote is brought up to date
    /// first, if it may be written and no crawl is using it.
    pub(crate) async fn open_read_only(path: &Path) -> Result<SqliteStore, StoreError> {
        let location = path.display().to_string();
        if !path.exists() {
            return Err(StoreError::Missing { location });
        }
        let (pool, tables) = open(&location, path).await?;
        match tables {
            Tables::Current => Ok(SqliteStore {
                identity: Identity::of(path),
                location,
                writer: pool.clone(),
                readers: pool,
                full: Arc::default(),
            }),
            Tables::Newer(version) => Err(StoreError::Newer { location, version }),
            Tables::Older => {
                pool.close().await;
                let Ok(_alone) = lock::acquire(path) else {
                    return Err(StoreError::Older { location });
                };
                match SqliteStore::open(path).await {
                    Err(StoreError::ReadOnly { .. } | StoreError::Unavailable { .. }) => {
                        Err(StoreError::Older { location })
                    }
                    opened => opened,
                }
            }
        }
    }
}

/// Opens the file as its reader may: as one that may be written, so that SQLite can share it with a crawl;
/// else as one that may only be read; else, where SQLite can have no files of its own next to it, as one that
/// nobody changes meanwhile.
async fn open(location: &str, path: &Path) -> Result<(SqlitePool, Tables), StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY);
    let read_only = options.clone().read_only(true);
    let mut last = None;
    for options in [options, read_only.clone(), read_only.immutable(true)] {
        match try_open(location, options).await {
            Err(error @ (StoreError::ReadOnly { .. } | StoreError::Unavailable { .. })) => {
                last = Some(error);
            }
            opened => return opened,
        }
    }
    Err(last.unwrap_or(StoreError::Missing {
        location: location.to_owned(),
    }))
}

async fn try_open(
    location: &str,
    options: SqliteConnectOptions,
) -> Result<(SqlitePool, Tables), StoreError> {
    let pool = connect(location, READERS, options).await?;
    match tables(&pool).await {
        Ok(tables) => Ok((pool, tables)),
        Err(error) => {
            pool.close().await;
            Err(super::store_error(location, error))
        }
    }
}

async fn tables(pool: &SqlitePool) -> Result<Tables, sqlx::Error> {
    let is_empty: bool = sqlx::query_scalar("SELECT COUNT(*) = 0 FROM sqlite_schema")
        .fetch_one(pool)
        .await?;
    if is_empty {
        return Ok(Tables::Older);
    }
    let applied: HashSet<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations")
        .fetch_all(pool)
        .await?
        .into_iter()
        .collect();
    let known: HashSet<i64> = MIGRATIONS.iter().map(|it| it.version).collect();
    Ok(match applied.difference(&known).max() {
        Some(version) => Tables::Newer(*version),
        None if applied.len() < known.len() => Tables::Older,
        None => Tables::Current,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::{AddressFilter, Store};

    /// Makes it impossible for SQLite to have files of its own next to the store, as in a folder that may
    /// only be read; those who run tests may be allowed everything.
    fn close_folder(path: &Path) {
        for suffix in ["-shm", "-wal"] {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            let _ = fs::remove_file(&name);
            fs::create_dir(&name).unwrap();
        }
    }

    async fn addresses(path: &Path) -> Result<usize, StoreError> {
        let store = SqliteStore::open_read_only(path).await?;
        let rows = store.addresses_after(&AddressFilter::default(), 0, 9).await;
        store.close().await;
        rows.map(|rows| rows.len())
    }

    async fn filled(path: &Path) -> SqliteStore {
        let store = SqliteStore::open(path).await.unwrap();
        sqlx::raw_sql(
            "INSERT INTO urls (url, host, source, kind, depth, given)
             VALUES ('https://a.test/', 'a.test', 'a', 'page', 0, 0)",
        )
        .execute(store.writer())
        .await
        .unwrap();
        store
    }

    #[tokio::test]
    async fn a_store_is_read_while_it_is_open_and_where_nothing_can_be_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("newsprint.db");
        let store = filled(&path).await;
        assert_eq!(addresses(&path).await.unwrap(), 1);
        store.close().await;
        let before = fs::read(&path).unwrap();
        assert_eq!(addresses(&path).await.unwrap(), 1);
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "{dir:?} alone"
        );
        close_folder(&path);
        assert_eq!(addresses(&path).await.unwrap(), 1);
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[tokio::test]
    async fn an_older_store_is_brought_up_to_date_or_its_reader_is_told_what_does_that() {
        let older = "DELETE FROM _sqlx_migrations WHERE version = 10; DROP TABLE source_health;
                     ALTER TABLE output_files DROP COLUMN unfinished; DROP INDEX urls_found;
                     DROP INDEX urls_lost; DROP INDEX urls_article; ALTER TABLE urls DROP COLUMN article";
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("newsprint.db");
        let store = filled(&path).await;
        sqlx::raw_sql(older).execute(store.writer()).await.unwrap();
        store.close().await;
        // A crawl is using it.
        let held = lock::acquire(&path).unwrap();
        let error = addresses(&path).await.unwrap_err();
        assert!(matches!(error, StoreError::Older { .. }));
        assert!(error.to_string().contains("`newsprint crawl`"));
        drop(held);
        let copy = dir.path().join("copy.db");
        fs::copy(&path, &copy).unwrap();
        assert_eq!(addresses(&path).await.unwrap(), 1);
        close_folder(&copy);
        let refused = addresses(&copy).await;
        assert!(
            matches!(refused, Err(StoreError::Older { .. })),
            "{refused:?}"
        );
    }

    #[tokio::test]
    async fn what_is_no_store_or_a_newer_one_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("newsprint.db");
        assert!(matches!(
            addresses(&path).await,
            Err(StoreError::Missing { .. })
        ));
        let store = filled(&path).await;
        let newer = "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1";
        sqlx::raw_sql(newer).execute(store.writer()).await.unwrap();
        store.close().await;
        let refused = addresses(&path).await;
        assert!(matches!(
            refused,
            Err(StoreError::Newer { version: 9999, .. })
        ));
        fs::write(&path, "not a database".repeat(100)).unwrap();
        let refused = addresses(&path).await;
        assert!(
            matches!(refused, Err(StoreError::Corrupt { .. })),
            "{refused:?}"
        );
    }
}
