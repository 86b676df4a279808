//! A store that is only read: opened without a lock, never brought up to date and never written, also where its
//! reader may not write the file or its folder. What an earlier version wrote is read from a copy.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use tempfile::TempDir;

use super::identity::Identity;
use super::writer::Writer;
use super::{BUSY, MIGRATIONS, READERS, SqliteFile, connect};
use crate::files::{self, Access};
use crate::store::StoreError;
use crate::store::sql::database::Tables;

/// The largest store of an earlier version that is copied to be read.
const MOST_COPIED: u64 = 512 << 20;

/// The name of a copy in its folder.
const COPY: &str = "copy.db";

impl SqliteFile {
    /// Opens the store in this file, to read it.
    pub(crate) async fn open_read_only(path: &Path) -> Result<SqliteFile, StoreError> {
        let location = path.display().to_string();
        let (pool, tables) = open_tables(&location, path).await?;
        if let Tables::Current = tables {
            return Ok(store_of(path, pool));
        }
        let copied = copy(&location, &pool, path).await;
        pool.close().await;
        copied
    }

    /// The file that is read: the one at this path, or the copy of it.
    pub(super) fn file(&self, path: &Path) -> PathBuf {
        let copy = self.copy.as_ref().map(|dir| dir.path().join(COPY));
        copy.unwrap_or_else(|| path.to_owned())
    }

    /// Opens the store in this file for changes that are all rolled back; a copy of it, where the file may not be
    /// written, an earlier version wrote it, or a crawl that runs or was killed has left a log.
    pub(crate) async fn open_dry(path: &Path) -> Result<SqliteFile, StoreError> {
        let location = path.display().to_string();
        let (pool, tables) = open_tables(&location, path).await?;
        let is_current = matches!(tables, Tables::Current);
        let mut opened = Ok(None);
        if is_current && !has_log(path) {
            opened = writable(&location, path).await;
        }
        if let Ok(None) = opened {
            opened = match copy(&location, &pool, path).await {
                // Too large, for one.
                Err(_) if is_current => writable(&location, path).await,
                copied => copied.map(Some),
            };
        }
        pool.close().await;
        opened?.ok_or(StoreError::Older { location })
    }
}

/// Opens the file to write it, if its user may.
async fn writable(location: &str, path: &Path) -> Result<Option<SqliteFile>, StoreError> {
    let writer = connect(location, 1, existing(path)).await?;
    let begun = writer.begin_with("BEGIN IMMEDIATE").await;
    match begun.map_err(|error| super::store_error(location, error)) {
        Ok(transaction) => drop(transaction),
        Err(StoreError::ReadOnly { .. } | StoreError::Unavailable { .. }) => {
            writer.close().await;
            return Ok(None);
        }
        Err(error) => return Err(error),
    }
    let readers = connect(location, READERS, existing(path)).await?;
    Ok(Some(SqliteFile {
        writer: Writer::Shared(writer),
        ..store_of(path, readers)
    }))
}

fn store_of(path: &Path, pool: SqlitePool) -> SqliteFile {
    SqliteFile {
        location: path.display().to_string(),
        identity: Identity::of(path),
        writer: Writer::Shared(pool.clone()),
        readers: pool,
        full: Arc::default(),
        copy: None,
    }
}

/// A copy of the store that is up to date, and deleted with it.
async fn copy(location: &str, pool: &SqlitePool, path: &Path) -> Result<SqliteFile, StoreError> {
    let older = || StoreError::Older {
        location: location.to_owned(),
    };
    if fs::metadata(path).is_ok_and(|data| data.len() > MOST_COPIED) {
        return Err(older());
    }
    let copied = async {
        let dir = TempDir::with_prefix("newsprint-").ok()?;
        let file = dir.path().join(COPY);
        files::create_new(&file, Access::Private).ok()?;
        let mut connection = pool.acquire().await.ok()?;
        // The copy is written.
        let free = sqlx::query("PRAGMA query_only = OFF");
        free.execute(&mut *connection).await.ok()?;
        let copying = sqlx::query("VACUUM INTO $1").bind(file.to_str()?);
        copying.execute(&mut *connection).await.ok()?;
        Some((SqliteFile::open(&file).await.ok()?, dir))
    };
    let (store, dir) = copied.await.ok_or_else(older)?;
    Ok(SqliteFile {
        location: location.to_owned(),
        copy: Some(Arc::new(dir)),
        ..store
    })
}

/// Opens the file, unless there is no store in it that this version can read.
async fn open_tables(location: &str, path: &Path) -> Result<(SqlitePool, Tables), StoreError> {
    let location = location.to_owned();
    if !path.exists() {
        return Err(StoreError::Missing { location });
    }
    let (pool, tables) = open(&location, path).await?;
    let refused = match tables {
        Tables::Current | Tables::Older => return Ok((pool, tables)),
        // A crawl was killed before it made any.
        Tables::None => StoreError::Missing { location },
        Tables::Newer(version) => StoreError::Newer { location, version },
    };
    pool.close().await;
    Err(refused)
}

fn existing(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY)
}

/// Opens the file as its reader may. Where there is no log, as one that may be written: SQLite makes its files next
/// to it, and takes them away again. Where there is one, of a crawl that runs or was killed, as one that may only
/// be read, so that closing it does not move the log into the file. Else, where SQLite can have no files of its own
/// there, as one that nobody changes meanwhile.
async fn open(location: &str, path: &Path) -> Result<(SqlitePool, Tables), StoreError> {
    let options = existing(path).pragma("query_only", "ON");
    let read_only = existing(path).read_only(true);
    let immutable = read_only.clone().immutable(true);
    let has_log = has_log(path);
    let tries = if has_log {
        vec![read_only, immutable]
    } else {
        vec![options, read_only, immutable]
    };
    let (last, mut failed) = (tries.len() - 1, None);
    for (at, options) in tries.into_iter().enumerate() {
        match try_open(location, options).await {
            Err(error @ (StoreError::ReadOnly { .. } | StoreError::Unavailable { .. })) => {
                failed = Some(error);
            }
            opened => {
                if has_log && at == last && opened.is_ok() {
                    tracing::warn!(
                        "the log of {location} can't be read where nothing can be written: what a crawl \
                         stored last is missing here"
                    );
                }
                return opened;
            }
        }
    }
    Err(failed.unwrap_or(StoreError::Missing {
        location: location.to_owned(),
    }))
}

/// True if not all that was stored is in the file itself.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).is_ok_and(|data| data.is_file() && data.len() > 0)
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
        return Ok(Tables::None);
    }
    let applied = sqlx::query_scalar("SELECT version FROM _sqlx_migrations")
        .fetch_all(pool)
        .await?;
    Ok(Tables::after(applied, &MIGRATIONS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sql::{SqlStore, database};
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
        let store = SqlStore::open_read_only(path).await?;
        let rows = store.addresses_after(&AddressFilter::default(), 0, 9).await;
        store.close().await;
        rows.map(|rows| rows.len())
    }

    async fn filled(path: &Path) -> SqlStore {
        let store = SqlStore::open(path).await.unwrap();
        database::run(
            store.readers(),
            "INSERT INTO hosts (host) VALUES ('a.test');
             INSERT INTO source_ids (name) VALUES ('a');
             INSERT INTO urls (host_id, source_id, key, path, kind, depth, given)
             VALUES (1, 1, 1, '/', 0, 0, 0)",
        )
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

    /// Takes back what some migrations did.
    const OLDER: &str = "DELETE FROM _sqlx_migrations WHERE version = 16;
        ALTER TABLE output_files DROP COLUMN lines";

    /// The files of a folder with what they hold.
    fn contents(dir: &Path) -> Vec<(std::ffi::OsString, Vec<u8>)> {
        let files = fs::read_dir(dir).unwrap().map(Result::unwrap);
        let files =
            files.filter(|it| it.path().is_file() && !it.path().ends_with("newsprint.db-shm"));
        let mut files: Vec<_> = files
            .map(|it| (it.file_name(), fs::read(it.path()).unwrap()))
            .collect();
        files.sort();
        files
    }

    #[tokio::test]
    async fn an_older_store_is_read_and_stays_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("newsprint.db");
        let store = filled(&path).await;
        database::run(store.readers(), OLDER).await.unwrap();
        store.close().await;
        let before = contents(dir.path());
        for closed in [false, true] {
            if closed {
                close_folder(&path);
            }
            assert_eq!(addresses(&path).await.unwrap(), 1);
            let store = SqlStore::open_dry(&path).await.unwrap();
            database::run(store.readers(), "DELETE FROM urls")
                .await
                .unwrap();
            store.close().await;
            assert_eq!(contents(dir.path()), before);
        }
    }

    #[tokio::test]
    async fn the_log_of_a_killed_crawl_is_read_and_stays_as_it_is() {
        for older in [false, true] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("newsprint.db");
            let store = filled(&path).await;
            if older {
                database::run(store.readers(), OLDER).await.unwrap();
            }
            // What a kill leaves is what is there now.
            let killed = tempfile::tempdir().unwrap();
            for (name, bytes) in contents(dir.path()) {
                fs::write(killed.path().join(name), bytes).unwrap();
            }
            let path = killed.path().join("newsprint.db");
            assert!(has_log(&path));
            let before = contents(killed.path());
            assert_eq!(addresses(&path).await.unwrap(), 1, "older: {older}");
            assert_eq!(contents(killed.path()), before);
        }
    }

    #[tokio::test]
    async fn a_dry_opening_changes_what_is_rolled_back_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("newsprint.db");
        filled(&path).await.close().await;
        let before = contents(dir.path());
        let store = SqlStore::open_dry(&path).await.unwrap();
        let mut transaction = store.begin().await.unwrap();
        let deleted = database::query("DELETE FROM urls")
            .execute(&mut *transaction)
            .await;
        assert_eq!(deleted.unwrap(), 1);
        drop(transaction);
        store.close().await;
        assert_eq!(contents(dir.path()), before);
        let read = SqlStore::open_read_only(&path).await.unwrap();
        let refused = database::query("DELETE FROM urls")
            .execute(read.readers())
            .await;
        assert!(refused.is_err(), "a store that is only read");
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
        database::run(store.readers(), newer).await.unwrap();
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
