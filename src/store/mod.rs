//! What has been found, kept in one SQLite file: articles, passes over the sources, and how far
//! the output files are written. The tables of addresses and hosts lie in the same file, so that
//! an article and the end of its visit are one transaction; `frontier` works on them. This room
//! knows nothing of the network, of pages or of the configuration.
//!
//! SQLite lets one connection write at a time, and fails a transaction that reads first and writes
//! later while another writes. So all writing goes through one connection and begins as such
//! (`BEGIN IMMEDIATE`); reading has connections of its own, which write-ahead logging lets see the
//! last committed state meanwhile.

mod articles;
mod error;
mod health;
mod lock;
mod memory;
mod output_files;
mod pages;
mod revisions;
mod robots;
mod runs;
mod similarity;
mod status;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};

pub use articles::{Articles, Filter, Kept, Pending};
pub(crate) use articles::{keep, note_missed};
pub use error::StoreError;
pub use health::{HealthIssue, SourceHistory, Stored};
pub use lock::{Lock, LockError};
pub(crate) use memory::learn;
pub(crate) use pages::keep_page;
pub use pages::{PackedPage, Pages, RawPage};
pub use revisions::RewriteResult;
pub use robots::KeptRobots;
pub(crate) use runs::count;
pub use status::{FailingEntry, SourceStatus};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long to wait for another process that writes.
const BUSY: Duration = Duration::from_secs(10);
const READERS: u32 = 2;

/// An open store. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    writer: SqlitePool,
    readers: SqlitePool,
    /// The disk was found full: SQLite ended a transaction by itself then, which sqlx doesn't know,
    /// and whatever is begun after that fails for a reason that explains nothing.
    full: Arc<AtomicBool>,
}

impl Store {
    /// Opens the store at this path, or makes one, and brings its tables up to date.
    pub async fn open(path: &Path) -> Result<Store, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY);
        let writer = connect(path, 1, options.clone()).await?;
        migrate(path, &writer).await?;
        Ok(Store {
            path: path.to_owned(),
            writer,
            readers: connect(path, READERS, options).await?,
            full: Arc::default(),
        })
    }

    /// Opens the store at this path if there is one.
    pub async fn open_existing(path: &Path) -> Result<Store, StoreError> {
        if path.exists() {
            Store::open(path).await
        } else {
            Err(StoreError::Missing {
                path: path.to_owned(),
            })
        }
    }

    /// A store in memory that knows the addresses and hosts that the one at this path knows. What
    /// happens to it leaves no trace.
    pub async fn scratch(path: &Path) -> Result<Store, StoreError> {
        let original = match Store::open_existing(path).await {
            Ok(store) => Some(store),
            Err(StoreError::Missing { .. }) => None,
            Err(error) => return Err(error),
        };
        let memory = connect(path, 1, SqliteConnectOptions::new().in_memory(true)).await?;
        migrate(path, &memory).await?;
        let scratch = Store {
            path: path.to_owned(),
            writer: memory.clone(),
            readers: memory,
            full: Arc::default(),
        };
        if let Some(original) = original {
            original.close().await;
            scratch.copy_addresses().await?;
        }
        Ok(scratch)
    }

    async fn copy_addresses(&self) -> Result<(), StoreError> {
        let steps = async {
            let mut connection = self.writer.acquire().await?;
            sqlx::query("ATTACH $1 AS original")
                .bind(self.path.to_string_lossy().into_owned())
                .execute(&mut *connection)
                .await?;
            sqlx::raw_sql(
                "INSERT INTO urls SELECT * FROM original.urls;
                 INSERT INTO hosts (host, failures, back_off_until, visited_at)
                     SELECT host, failures, back_off_until, visited_at FROM original.hosts;
                 INSERT INTO robots SELECT * FROM original.robots;
                 INSERT INTO shapes SELECT * FROM original.shapes;
                 DETACH original",
            )
            .execute(&mut *connection)
            .await
        };
        steps.await.map_err(|error| self.fault(error)).map(|_| ())
    }

    /// The store's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Closes every connection, which folds the write-ahead log into the file.
    pub async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Begins to write; waits for whoever else does.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let begun = self.writer.begin_with("BEGIN IMMEDIATE").await;
        begun.map_err(|error| self.fault(error))
    }

    /// The connections to read by.
    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// What sqlx reports, with the path and the mend.
    pub(crate) fn fault(&self, error: sqlx::Error) -> StoreError {
        let fault = match StoreError::of(&self.path, error) {
            StoreError::Failed { path, source } if self.full.load(Ordering::Relaxed) => {
                StoreError::DiskFull { path, source }
            }
            fault => fault,
        };
        if matches!(fault, StoreError::DiskFull { .. }) {
            self.full.store(true, Ordering::Relaxed);
        }
        fault
    }
}

async fn connect(
    path: &Path,
    connections: u32,
    options: SqliteConnectOptions,
) -> Result<SqlitePool, StoreError> {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        // A database in memory lives as long as its connection.
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await
        .map_err(|error| StoreError::of(path, error))
}

async fn migrate(path: &Path, pool: &SqlitePool) -> Result<(), StoreError> {
    match MIGRATIONS.run(pool).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(version)) => Err(StoreError::Newer {
            path: path.to_owned(),
            version,
        }),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            Err(StoreError::of(path, error))
        }
        Err(error) => Err(StoreError::of(path, error.into())),
    }
}
