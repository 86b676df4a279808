//! The store in one SQLite file. The tables of addresses and hosts are in the same file, so that an
//! article and the end of its visit are one transaction; `frontier::sqlite` works on them.
//!
//! SQLite lets one connection write at a time, and fails a transaction that reads first and writes
//! later while another writes. So all writing goes through one connection and begins as such
//! (`BEGIN IMMEDIATE`). Reading has connections of its own; write-ahead logging lets them see the
//! last committed state meanwhile.

mod addresses;
mod articles;
mod error;
mod health;
mod history;
mod identity;
mod keys;
pub(super) mod lock;
mod migrate;
mod output_files;
mod pages;
mod place;
#[cfg(test)]
pub(crate) mod plans;
mod read_only;
mod revisions;
mod robots;
mod runs;
mod scratch;
mod site_memory;
mod sql;
mod status;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sqlx::query::Query;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{Connection, Sqlite, SqliteConnection};
use tempfile::TempDir;

use self::error::store_error;
use self::identity::Identity;
use self::migrate::migrate;
use self::site_memory::KeptMemories;
use self::writer::{Writer, Writing};
use crate::article::Article;
use crate::extract::site_memory::SiteMemory;
use crate::files::{self, Access};
use crate::store::{
    Address, AddressFilter, ArticleVersion, BegunOutput, Filter, OutputFile, PackedPage,
    PagePosition, RawPage, RobotsFile, SourceHistory, SourceStatus, Store, StoreError,
    StoredArticle,
};

pub(crate) use addresses::{make_due, note_article};
pub(crate) use articles::note_missed;
pub(crate) use keys::{PageKey, Stored, find_page, find_page_of};
pub(crate) use migrate::MIGRATIONS;
pub(crate) use pages::{JudgedPage, store_page, update_page};
pub(crate) use place::{adopt, source_of, store_article};
pub(crate) use revisions::rewrite_article;
pub(crate) use runs::{RunOutcome, count_visits};
pub(crate) use site_memory::learn;
pub(crate) use sql::{address, host_id, source_id};

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

/// The values of the column `urls.given`.
pub(crate) mod given {
    /// A page, a feed or a sitemap names the address.
    pub(crate) const FOUND: i64 = 0;
    /// The configuration names it.
    pub(crate) const CONFIGURED: i64 = 1;
    /// Nothing names it, but many sites have one there.
    pub(crate) const GUESSED: i64 = 2;
}

/// An open store. Clones share its connections.
#[derive(Debug, Clone)]
pub(crate) struct SqliteStore {
    location: String,
    identity: Identity,
    writer: Writer,
    readers: SqlitePool,
    memories: Arc<KeptMemories>,
    /// The disk was found full: SQLite ended a transaction by itself then, which sqlx doesn't know,
    /// and whatever is begun after that fails for a reason that explains nothing.
    full: Arc<AtomicBool>,
    /// Where it is, if it is a copy that goes with it.
    copy: Option<Arc<TempDir>>,
}

impl SqliteStore {
    /// Opens the store in this file, or creates one, and brings its tables up to date.
    pub(crate) async fn open(path: &Path) -> Result<SqliteStore, StoreError> {
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
        Ok(SqliteStore {
            identity: Identity::of(path),
            writer: Writer::of(writer),
            readers: connect(&location, READERS, options).await?,
            memories: Arc::default(),
            full: Arc::default(),
            copy: None,
            location,
        })
    }

    /// Opens the store in this file if there is one.
    pub(crate) async fn open_existing(path: &Path) -> Result<SqliteStore, StoreError> {
        if path.exists() {
            SqliteStore::open(path).await
        } else {
            Err(StoreError::Missing {
                location: path.display().to_string(),
            })
        }
    }

    /// Begins to write; waits for whoever else does.
    pub(crate) async fn begin(&self) -> Result<Writing, StoreError> {
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

    /// Writes by one statement.
    async fn write(&self, query: Query<'_, Sqlite, SqliteArguments>) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let steps = async {
            query.execute(&mut *transaction).await?;
            transaction.commit().await
        };
        steps.await.map_err(|error| self.fault(error))
    }

    /// The connections to read by.
    fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// What sqlx reports, as an error of this store.
    pub(crate) fn fault(&self, error: sqlx::Error) -> StoreError {
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

#[async_trait]
impl Store for SqliteStore {
    fn location(&self) -> &str {
        &self.location
    }

    async fn articles_after(
        &self,
        filter: &Filter,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<StoredArticle>, StoreError> {
        articles::after(self, filter, seq, limit).await
    }

    async fn revisions(&self, id: &str) -> Result<Vec<Article>, StoreError> {
        revisions::all(self, id).await
    }

    async fn unwritten(&self, seq: i64, limit: u32) -> Result<Vec<StoredArticle>, StoreError> {
        articles::unwritten(self, seq, limit).await
    }

    async fn begin_outputs(&self, files: &[BegunOutput]) -> Result<Vec<OutputFile>, StoreError> {
        output_files::begin(self, files).await
    }

    async fn note_written(
        &self,
        articles: &[ArticleVersion],
        files: &[(String, u64)],
        now: i64,
    ) -> Result<(), StoreError> {
        output_files::note_written(self, articles, files, now).await
    }

    async fn page_sources(&self) -> Result<Vec<String>, StoreError> {
        pages::sources(self).await
    }

    async fn pages_after(
        &self,
        source: &str,
        filter: &Filter,
        position: PagePosition,
        limit: u32,
    ) -> Result<Vec<(PagePosition, PackedPage)>, StoreError> {
        pages::after(self, source, filter, position, limit).await
    }

    async fn page(&self, id: i64) -> Result<Option<RawPage>, StoreError> {
        pages::find(self, id).await
    }

    async fn refused_pages(
        &self,
        judged_by: &[(String, String)],
        limit: u32,
    ) -> Result<Vec<i64>, StoreError> {
        pages::refused(self, judged_by, limit).await
    }

    async fn drop_pages(&self, before: i64) -> Result<(), StoreError> {
        pages::drop_before(self, before).await
    }

    async fn site_memory(&self, host: &str) -> Result<Arc<SiteMemory>, StoreError> {
        site_memory::find(self, host).await
    }

    async fn robots(&self, origin: &str, now: i64) -> Result<Option<RobotsFile>, StoreError> {
        robots::find(self, origin, now).await
    }

    async fn put_robots(&self, origin: &str, robots: &RobotsFile) -> Result<(), StoreError> {
        robots::put(self, origin, robots).await
    }

    async fn drop_expired_robots(&self, now: i64) -> Result<(), StoreError> {
        robots::drop_expired(self, now).await
    }

    async fn begin_runs(&self, sources: &[String], started: i64) -> Result<(), StoreError> {
        runs::begin(self, sources, started).await
    }

    async fn end_runs(&self, started: i64, ended: i64) -> Result<(), StoreError> {
        runs::end(self, started, ended).await
    }

    async fn history(
        &self,
        source: &str,
        window: Duration,
        now: i64,
    ) -> Result<SourceHistory, StoreError> {
        history::of_source(self, source, window, now).await
    }

    async fn source_state(&self, source: &str, since: i64) -> Result<SourceStatus, StoreError> {
        status::source_state(self, source, since).await
    }

    async fn replace_health(
        &self,
        source: &str,
        issues: &[String],
        now: i64,
    ) -> Result<Vec<String>, StoreError> {
        health::replace(self, source, issues, now).await
    }

    async fn addresses_after(
        &self,
        filter: &AddressFilter,
        position: i64,
        limit: u32,
    ) -> Result<Vec<Address>, StoreError> {
        addresses::after(self, filter, position, limit).await
    }

    async fn daily_articles(
        &self,
        source: &str,
        days: usize,
        now: i64,
    ) -> Result<Vec<u64>, StoreError> {
        status::daily_articles(self, source, days, now).await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
