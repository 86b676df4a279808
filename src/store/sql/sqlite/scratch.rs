//! A store for a while that knows what another knows of addresses and hosts, for crawls that only
//! show what they would do: in a temporary file, since a store may hold more than memory does. The other is read and never written: neither brought up to date nor
//! locked, so that it may also be one that its reader may not write, or one that a crawl uses now. What a store on a
//! server knows is copied by `store::sql::copy`.

use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, SqliteConnection};
use tempfile::TempDir;
use url::Url;

use super::error::store_error;
use super::identity::Identity;
use super::writer::Writer;
use super::{SqliteFile, connect, migrate};
use crate::store::StoreError;
use crate::store::sql::copy::ADDRESSES;

impl SqliteFile {
    /// A store that knows the addresses and hosts that the one in this file knows, if there is one,
    /// and is gone when it is dropped.
    pub(crate) async fn scratch(path: &Path) -> Result<SqliteFile, StoreError> {
        let scratch = SqliteFile::empty_scratch(path.display().to_string()).await?;
        match SqliteFile::open_read_only(path).await {
            Ok(original) => {
                let copied = scratch.copy_addresses(&original.file(path)).await;
                original.close().await;
                copied?;
            }
            Err(StoreError::Missing { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(scratch)
    }

    /// A store that knows nothing and is gone when it is dropped. Its faults name this location.
    pub(crate) async fn empty_scratch(location: String) -> Result<SqliteFile, StoreError> {
        let folder = TempDir::with_prefix("newsprint-").ok();
        let options = options_of_scratch(folder.as_ref());
        let readers = connect(&location, 1, options).await?;
        let first = readers.acquire().await;
        let mut first = first.map_err(|error| store_error(&location, error))?;
        migrate(&location, &mut first).await?;
        drop(first);
        Ok(SqliteFile {
            identity: Identity::none(),
            location,
            writer: Writer::Shared(readers.clone()),
            readers,
            full: Arc::default(),
            copy: folder.map(Arc::new),
        })
    }

    async fn copy_addresses(&self, from: &Path) -> Result<(), StoreError> {
        let steps = async {
            let mut connection = self.readers.acquire().await?;
            attach(&mut connection, from).await?;
            for table in &ADDRESSES {
                // Names of our own tables alone.
                let table = table.name;
                let copy = format!("INSERT INTO {table} SELECT * FROM original.{table}");
                sqlx::query(AssertSqlSafe(copy))
                    .execute(&mut *connection)
                    .await?;
            }
            sqlx::raw_sql(
                "UPDATE hosts SET claimed_at = 0, lease_until = 0, lease_owner = NULL;
                 DETACH original",
            )
            .execute(&mut *connection)
            .await
        };
        steps.await.map_err(|error| self.fault(error)).map(|_| ())
    }
}

/// Nobody needs what a scratch store holds after a crash. Without a folder for it, it is in memory.
fn options_of_scratch(folder: Option<&TempDir>) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new();
    match folder {
        Some(folder) => options
            .filename(folder.path().join("scratch.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Memory)
            .synchronous(SqliteSynchronous::Off),
        None => options.in_memory(true),
    }
}

/// Attaches the file as `original`. What a crawl has not yet brought from its log into the file can
/// only be read with files of SQLite's own next to it; without a log, or where there can be no such
/// files, as in a folder that may only be read, what is in the file itself is read.
async fn attach(connection: &mut SqliteConnection, file: &Path) -> Result<(), sqlx::Error> {
    let url = std::path::absolute(file)
        .ok()
        .and_then(|path| Url::from_file_path(path).ok())
        .ok_or_else(|| sqlx::Error::Configuration("the path is not valid".into()))?;
    // Without a mode, the file would be opened as what the scratch store is: a database in memory.
    let url = format!("{url}?mode=ro&cache=private");
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    if Path::new(&log).exists() && attach_url(connection, &url).await.is_ok() {
        return Ok(());
    }
    attach_url(connection, &format!("{url}&immutable=1")).await
}

async fn attach_url(connection: &mut SqliteConnection, url: &str) -> Result<(), sqlx::Error> {
    sqlx::query("ATTACH $1 AS original")
        .bind(url)
        .execute(connection)
        .await
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::Store;
    use crate::store::sql::{SqlStore, database};

    /// How many rows the copy of this store has of each table.
    async fn copied(path: &Path) -> Result<Vec<i64>, StoreError> {
        let scratch = SqlStore::scratch(path).await?;
        let mut counts = Vec::new();
        for table in &ADDRESSES {
            counts.push(table.count(scratch.readers()).await.unwrap());
        }
        Ok(counts)
    }

    /// Makes a store at this path with one row in each table.
    async fn filled(path: &Path) -> SqlStore {
        let store = SqlStore::open(path).await.unwrap();
        database::run(
            store.readers(),
            "INSERT INTO hosts (id, host, lease_until) VALUES (1, 'a.test', 7);
             INSERT INTO source_ids (id, name) VALUES (1, 'a');
             INSERT INTO host_shares (host_id, source_id) VALUES (1, 1);
             INSERT INTO urls (host_id, source_id, key, path, kind, depth, given)
                 VALUES (1, 1, 1, '/', 0, 0, 0);
             INSERT INTO found_pages (source_id, found_at, pages) VALUES (1, 1, 1);
             INSERT INTO sources (source, settings) VALUES ('a', '');
             INSERT INTO source_sites (source, site) VALUES ('a', 'a.test');
             INSERT INTO shapes (shape, source, host, barren, visited_at)
                 VALUES ('a', 'a', 'a.test', 0, 0);
             INSERT INTO robots (origin, expires_at) VALUES ('https://a.test', 0)",
        )
        .await
        .unwrap();
        store
    }

    #[tokio::test]
    async fn what_a_store_knows_is_copied_whatever_its_path_and_while_it_is_open() {
        for name in ["newsprint.db", "a 'b' \"c\".db", "50%20?mode=memory#x.db"] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join(name);
            let store = filled(&path).await;
            assert_eq!(copied(&path).await.unwrap(), [1; 9], "{name}, open");
            store.close().await;
            let before = fs::read(&path).unwrap();
            assert_eq!(copied(&path).await.unwrap(), [1; 9], "{name}, closed");
            assert_eq!(fs::read(&path).unwrap(), before);
            assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "{name} alone");
        }
    }

    #[tokio::test]
    async fn a_store_is_copied_where_no_file_can_be_made_next_to_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("newsprint.db");
        filled(&path).await.close().await;
        fs::create_dir(dir.path().join("newsprint.db-shm")).unwrap();
        fs::create_dir(dir.path().join("newsprint.db-wal")).unwrap();
        assert_eq!(copied(&path).await.unwrap(), [1; 9]);
    }

    #[tokio::test]
    async fn a_store_of_an_older_version_is_copied_and_one_of_a_newer_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("newsprint.db");
        let store = filled(&path).await;
        let older = "DELETE FROM _sqlx_migrations WHERE version = 16;
            ALTER TABLE output_files DROP COLUMN lines";
        database::run(store.readers(), older).await.unwrap();
        assert_eq!(copied(&path).await.unwrap(), [1; 9]);
        let newer = "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1";
        database::run(store.readers(), newer).await.unwrap();
        let refused = copied(&path).await;
        assert!(matches!(
            refused,
            Err(StoreError::Newer { version: 9999, .. })
        ));
    }

    #[tokio::test]
    async fn an_empty_file_holds_nothing_and_another_file_is_no_store() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("newsprint.db");
        fs::write(&path, "").unwrap();
        assert_eq!(copied(&path).await.unwrap(), [0; 9]);
        fs::write(&path, "not a database".repeat(100)).unwrap();
        assert!(matches!(
            copied(&path).await,
            Err(StoreError::Corrupt { .. })
        ));
    }
}
