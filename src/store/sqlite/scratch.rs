//! A store in memory that knows what another knows of addresses and hosts, for crawls that only
//! show what they would do. The other is read and never written: neither brought up to date nor
//! locked, so that it may also be one that its reader may not write, or one that a crawl uses now.

use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, SqliteConnection};
use url::Url;

use super::identity::Identity;
use super::{MIGRATIONS, SqliteStore, connect, migrate};
use crate::store::StoreError;

/// What a crawl knows of addresses and hosts.
const COPIED: [&str; 7] = [
    // Before the addresses, whose triggers would begin it anew.
    "host_shares",
    "urls",
    "hosts",
    "sources",
    "source_sites",
    "shapes",
    "robots",
];

impl SqliteStore {
    /// A store in memory that knows the addresses and hosts that the one in this file knows, if
    /// there is one.
    pub(crate) async fn scratch(path: &Path) -> Result<SqliteStore, StoreError> {
        let location = path.display().to_string();
        let memory = connect(&location, 1, SqliteConnectOptions::new().in_memory(true)).await?;
        migrate(&location, &memory).await?;
        let scratch = SqliteStore {
            identity: Identity::none(),
            location,
            writer: memory.clone(),
            readers: memory,
            full: Arc::default(),
            _copy: None,
        };
        if path.exists() {
            scratch.copy_addresses(path).await?;
        }
        Ok(scratch)
    }

    async fn copy_addresses(&self, from: &Path) -> Result<(), StoreError> {
        let steps = async {
            let mut connection = self.writer.acquire().await?;
            attach(&mut connection, from).await?;
            let version = version(&mut connection).await?;
            if MIGRATIONS.iter().all(|known| known.version < version) {
                return Ok(Some(version));
            }
            for table in COPIED {
                copy(&mut connection, table).await?;
            }
            sqlx::raw_sql(
                "UPDATE hosts SET claimed_at = 0, lease_until = 0, lease_owner = NULL;
                 DETACH original",
            )
            .execute(&mut *connection)
            .await?;
            Ok(None)
        };
        match steps.await.map_err(|error| self.fault(error))? {
            None => Ok(()),
            Some(version) => Err(StoreError::Newer {
                location: self.location.clone(),
                version,
            }),
        }
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

/// The last change of its tables that the original has seen; 0 where it has no tables yet.
async fn version(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let empty: bool = sqlx::query_scalar("SELECT COUNT(*) = 0 FROM original.sqlite_schema")
        .fetch_one(&mut *connection)
        .await?;
    if empty {
        return Ok(0);
    }
    sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM original._sqlx_migrations")
        .fetch_one(connection)
        .await
}

/// Copies a table's columns that both stores have: the original may be of an older version.
async fn copy(connection: &mut SqliteConnection, table: &str) -> Result<(), sqlx::Error> {
    let columns: Option<String> = sqlx::query_scalar(
        "SELECT group_concat(name, ', ') FROM pragma_table_info($1, 'main')
         WHERE name IN (SELECT name FROM pragma_table_info($1, 'original'))",
    )
    .bind(table)
    .fetch_one(&mut *connection)
    .await?;
    let Some(columns) = columns else {
        return Ok(());
    };
    // Names of our own tables and columns alone.
    let copy = format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM original.{table}");
    sqlx::query(AssertSqlSafe(copy))
        .execute(connection)
        .await
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::Store;

    /// How many rows the copy of this store has of each table.
    async fn copied(path: &Path) -> Result<Vec<i64>, StoreError> {
        let scratch = SqliteStore::scratch(path).await?;
        let mut counts = Vec::new();
        for table in COPIED {
            let count = format!("SELECT COUNT(*) FROM {table}");
            let count = sqlx::query_scalar(AssertSqlSafe(count));
            counts.push(count.fetch_one(scratch.readers()).await.unwrap());
        }
        Ok(counts)
    }

    /// Makes a store at this path with one row in each table.
    async fn filled(path: &Path) -> SqliteStore {
        let store = SqliteStore::open(path).await.unwrap();
        sqlx::raw_sql(
            "INSERT INTO urls (url, host, source, kind, depth, given)
                 VALUES ('https://a.test/', 'a.test', 'a', 'page', 0, 0);
             INSERT INTO hosts (host, lease_until) VALUES ('a.test', 7);
             INSERT INTO sources (source, settings) VALUES ('a', '');
             INSERT INTO source_sites (source, site) VALUES ('a', 'a.test');
             INSERT INTO shapes (shape, source, host, barren, visited_at)
                 VALUES ('a', 'a', 'a.test', 0, 0);
             INSERT INTO robots (origin, expires_at) VALUES ('https://a.test', 0)",
        )
        .execute(store.writer())
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
            assert_eq!(copied(&path).await.unwrap(), [1; 7], "{name}, open");
            store.close().await;
            let before = fs::read(&path).unwrap();
            assert_eq!(copied(&path).await.unwrap(), [1; 7], "{name}, closed");
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
        assert_eq!(copied(&path).await.unwrap(), [1; 7]);
    }

    #[tokio::test]
    async fn a_store_of_an_older_version_is_copied_and_one_of_a_newer_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("newsprint.db");
        let store = filled(&path).await;
        let older = "ALTER TABLE urls DROP COLUMN published; DROP TABLE robots";
        sqlx::raw_sql(older).execute(store.writer()).await.unwrap();
        assert_eq!(copied(&path).await.unwrap(), [1, 1, 1, 1, 1, 1, 0]);
        let newer = "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1";
        sqlx::raw_sql(newer).execute(store.writer()).await.unwrap();
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
        assert_eq!(copied(&path).await.unwrap(), [0; 7]);
        fs::write(&path, "not a database".repeat(100)).unwrap();
        assert!(matches!(
            copied(&path).await,
            Err(StoreError::Corrupt { .. })
        ));
    }
}
