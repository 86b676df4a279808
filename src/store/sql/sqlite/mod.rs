//! A store in one file of SQLite.
//!
//! SQLite lets one connection write at a time, and fails a transaction that reads first and writes
//! later while another writes. So all writing goes through one connection and begins as such
//! (`BEGIN IMMEDIATE`). Reading has connections of its own; write-ahead logging lets them see the
//! last committed state meanwhile.

mod error;
mod identity;
pub(crate) mod lock;
mod migrate;
#[cfg(test)]
pub(crate) mod plans;
mod read_only;
mod scratch;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use self::error::store_error;
use self::identity::Identity;
use self::migrate::migrate;
use self::writer::Writer;
use super::database;
use super::writing::Writing;
use crate::files::{self, Access};
use crate::store::StoreError;

pub(crate) use migrate::MIGRATIONS;
pub(super) use writer::Turn;

/// How long to wait for another process that writes.
const BUSY: Duration = Duration::from_secs(10);
/// How many times: a backup of a large store may take a while.
const BUSY_TRIES: u32 = 3;
const READERS: u32 = 2;
/// The cache of the connection that writes, in KiB (below zero, as SQLite wants it). The keys of a host's addresses
/// come in no order: with 2 MB, SQLite's own choice, a new address costs a seventh more.
const CACHE: &str = "-16000";
/// How long to wait for a connection. Whoever waits for the one that writes is given it in turn, and each
/// transaction is short; a time-out would end a pass that is only busy.
const TURN: Duration = Duration::from_secs(365 * 24 * 3600);

/// An open file. Clones share its connections.
#[derive(Debug, Clone)]
pub(crate) struct SqliteFile {
    location: String,
    identity: Identity,
    writer: Writer,
    readers: SqlitePool,
    /// The disk was found full: SQLite ended a transaction by itself then, which sqlx doesn't know,
    /// and whatever is begun after that fails for a reason that explains nothing.
    full: Arc<AtomicBool>,
    /// Where it is, if it is a copy that goes with it.
    copy: Option<Arc<TempDir>>,
}

impl SqliteFile {
    /// Opens the store in this file, or creates one, and brings its tables up to date.
    pub(crate) async fn open(path: &Path) -> Result<SqliteFile, StoreError> {
        let location = path.display().to_string();
        // SQLite gives its other files the mode of this one. Whatever is wrong here, it reports better.
        if let Ok(resolved) = files::resolve(path) {
            let _ = files::create_new(&resolved, Access::Private);
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY);
        // One connection at first: two that make a new file a store find it locked, and do not wait.
        let writing = options.clone().pragma("cache_size", CACHE);
        let writer = SqliteConnection::connect_with(&writing).await;
        let mut writer = writer.map_err(|error| store_error(&location, error))?;
        migrate(&location, &mut writer).await?;
        Ok(SqliteFile {
            identity: Identity::of(path),
            writer: Writer::of(writer),
            readers: connect(&location, READERS, options).await?,
            full: Arc::default(),
            copy: None,
            location,
        })
    }

    /// Begins to write; waits for whoever else does.
    pub(super) async fn begin(&self) -> Result<Writing, StoreError> {
        self.identity.check()?;
        let mut tries = 0;
        loop {
            let begun = self.writer.begin().await;
            tries += 1;
            match begun.map_err(|error| self.fault(error)) {
                Err(StoreError::Locked { .. }) if tries < BUSY_TRIES => {}
                begun => return begun,
            }
        }
    }

    /// Begins to read what is in the store now.
    pub(super) async fn snapshot(&self) -> Result<Writing, StoreError> {
        let begun = self.readers.begin().await;
        let begun = begun.map_err(|error| self.fault(error))?;
        Ok(Writing::Transaction(database::Connection::SqliteShared(
            begun,
        )))
    }

    /// True where one connection does nothing but write.
    pub(super) fn has_own_writer(&self) -> bool {
        matches!(self.writer, Writer::Own(_))
    }

    /// The connections to read by.
    pub(super) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// What sqlx reports, as an error of this store.
    pub(super) fn fault(&self, error: database::Error) -> StoreError {
        let fault = match store_error(&self.location, error) {
            StoreError::Failed { location, source } if self.full.load(Ordering::Relaxed) => {
                StoreError::Full { location, source }
            }
            fault => fault,
        };
        if matches!(fault, StoreError::Full { .. }) {
            self.full.store(true, Ordering::Relaxed);
        }
        fault
    }

    /// Closes every connection.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn connect(
    location: &str,
    connections: u32,
    options: SqliteConnectOptions,
) -> Result<SqlitePool, StoreError> {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(TURN)
        // A file on this machine does not go away as a server does, and asking costs as much as a statement.
        .test_before_acquire(false)
        // A database in memory lives as long as its connection.
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await
        .map_err(|error| store_error(location, error))
}
