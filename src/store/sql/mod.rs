//! The store in a database: one file of SQLite, or a PostgreSQL server. The tables of addresses and hosts are in the
//! same database, so that an article and the end of its visit are one transaction; `frontier::sql` works on them.
//!
//! Statements are written once for both engines (`database`). What an engine has of its own stands in `sqlite` and
//! `postgres`: how it is opened and brought up to date, who writes when, and what its errors mean.

mod addresses;
mod articles;
mod changes;
pub(super) mod copy;
pub(crate) mod database;
mod health;
mod history;
mod keys;
mod lease;
mod locks;
mod open;
mod output_files;
mod pages;
mod pieces;
mod place;
pub(crate) mod postgres;
mod records;
mod revisions;
mod robots;
mod runs;
pub(crate) mod search;
mod similar;
mod site_memory;
pub(crate) mod sqlite;
mod status;
mod trends;
mod waiting;
mod windows;
mod workers;
mod writing;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use self::database::{Query, Readers};
use self::postgres::Server;
use self::site_memory::KeptMemories;
use self::sqlite::SqliteFile;
use self::writing::Writing;
use crate::article::Article;
use crate::extract::site_memory::SiteMemory;
use crate::search::SearchQuery;
use crate::store::{
    Address, AddressFilter, ArticleVersion, BegunOutput, ChangePosition, Changes, Filter,
    FoundArticles, Indexed, NearDuplicate, OutputFile, PackedPage, PagePosition, RawPage,
    RobotsFile, SearchCursor, SourceHistory, SourceStatus, Store, StoreError, StoredArticle, Total,
    WorkerStatus,
};

pub(crate) use addresses::{make_due, make_one_due, note_article};
pub(crate) use articles::note_missed;
pub(crate) use keys::{PageKey, Stored, find_page, find_page_of};
pub(crate) use lease::LeaseLost;
pub(crate) use locks::{LockOf, lock};
pub(crate) use pages::{JudgedPage, store_page, update_page};
pub(crate) use pieces::{address, host_id, source_id};
pub(crate) use place::{Arrival, Compared, adopt, source_of, store_article};
pub(crate) use records::rename_source;
pub(crate) use revisions::rewrite_article;
pub(crate) use runs::{RunOutcome, count_visits};
pub(crate) use site_memory::learn;
pub(crate) use waiting::transaction;

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
pub(crate) struct SqlStore {
    location: String,
    engine: Engine,
    memories: Arc<KeptMemories>,
}

/// What the store is in.
#[derive(Debug, Clone)]
enum Engine {
    Sqlite(SqliteFile),
    Postgres(Server),
}

impl SqlStore {
    /// Begins to write; waits for whoever else does.
    pub(crate) async fn begin(&self) -> Result<Writing, StoreError> {
        match &self.engine {
            Engine::Sqlite(file) => file.begin().await,
            Engine::Postgres(server) => server.begin().await,
        }
    }

    /// Begins to read what is in it now, whatever others write meanwhile.
    async fn snapshot(&self) -> Result<Writing, StoreError> {
        match &self.engine {
            Engine::Sqlite(file) => file.snapshot().await,
            Engine::Postgres(server) => server.snapshot().await,
        }
    }

    /// Writes by one statement, which may be repeated, and gives the number of rows that it has changed.
    pub(crate) async fn write(&self, query: Query) -> Result<u64, StoreError> {
        if let Engine::Postgres(server) = &self.engine {
            let pool = Readers::Postgres(server.pool());
            let write = || async {
                let done = query.clone().execute(pool).await;
                done.map_err(|error| self.fault(error))
            };
            return self.repeating(write).await;
        }
        let mut transaction = self.begin().await?;
        let steps = async {
            let rows = query.execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(rows)
        };
        steps.await.map_err(|error| self.fault(error))
    }

    /// True where another process may write to it: it is not one for a while.
    fn is_shared(&self) -> bool {
        match &self.engine {
            Engine::Sqlite(file) => file.has_own_writer(),
            Engine::Postgres(_) => true,
        }
    }

    /// The worker that uses the store, where it has any.
    fn worker(&self) -> Option<&str> {
        match &self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(server) => server.worker(),
        }
    }

    /// The connections to read by.
    pub(crate) fn readers(&self) -> Readers<'_> {
        match &self.engine {
            Engine::Sqlite(file) => Readers::Sqlite(file.readers()),
            Engine::Postgres(server) => Readers::Postgres(server.pool()),
        }
    }

    /// What the database reports, as an error of this store.
    pub(crate) fn fault(&self, error: database::Error) -> StoreError {
        if let Some(LeaseLost(host)) = LeaseLost::of(&error) {
            return StoreError::LeaseLost { host: host.clone() };
        }
        match &self.engine {
            Engine::Sqlite(file) => file.fault(error),
            Engine::Postgres(server) => server.fault(error),
        }
    }
}

#[async_trait]
impl Store for SqlStore {
    fn location(&self) -> &str {
        &self.location
    }

    async fn articles_after(
        &self,
        filter: &Filter,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<StoredArticle>, StoreError> {
        self.repeating(|| articles::after(self, filter, seq, limit))
            .await
    }

    async fn changes_after(
        &self,
        filter: &Filter,
        position: &ChangePosition,
        limit: u32,
    ) -> Result<Changes, StoreError> {
        self.repeating(|| changes::after(self, filter, position, limit))
            .await
    }

    async fn revisions(&self, id: &str) -> Result<Vec<Article>, StoreError> {
        self.repeating(|| revisions::all(self, id)).await
    }

    async fn article(&self, id: &str) -> Result<Option<StoredArticle>, StoreError> {
        self.repeating(|| search::find_one(self, id)).await
    }

    async fn near_duplicates(
        &self,
        id: &str,
        limit: u32,
    ) -> Result<Vec<NearDuplicate>, StoreError> {
        self.repeating(|| search::near_duplicates(self, id, limit))
            .await
    }

    async fn index_articles(&self, limit: u32) -> Result<Indexed, StoreError> {
        search::index(self, limit).await
    }

    async fn find(
        &self,
        query: &SearchQuery,
        after: Option<SearchCursor>,
        limit: u32,
    ) -> Result<FoundArticles, StoreError> {
        self.repeating(|| search::find(self, query, after, limit))
            .await
    }

    async fn count_found(&self, query: &SearchQuery) -> Result<Total, StoreError> {
        self.repeating(|| search::count(self, query)).await
    }

    async fn unwritten(&self, seq: i64, limit: u32) -> Result<Vec<StoredArticle>, StoreError> {
        self.repeating(|| output_files::unwritten(self, seq, limit))
            .await
    }

    async fn adopt_unwritten(&self) -> Result<(), StoreError> {
        output_files::adopt(self).await
    }

    async fn begin_outputs(&self, files: &[BegunOutput]) -> Result<Vec<OutputFile>, StoreError> {
        output_files::begin(self, files).await
    }

    async fn unwritten_outputs(&self) -> Result<Vec<String>, StoreError> {
        output_files::unwritten_outputs(self).await
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
        self.repeating(|| pages::sources(self)).await
    }

    async fn pages_after(
        &self,
        source: &str,
        filter: &Filter,
        position: PagePosition,
        limit: u32,
    ) -> Result<Vec<(PagePosition, PackedPage)>, StoreError> {
        self.repeating(|| pages::after(self, source, filter, position, limit))
            .await
    }

    async fn page(&self, id: i64) -> Result<Option<RawPage>, StoreError> {
        self.repeating(|| pages::find(self, id)).await
    }

    async fn page_number(&self, url: &str) -> Result<Option<i64>, StoreError> {
        self.repeating(|| pages::number_of(self, url)).await
    }

    async fn refused_pages(
        &self,
        judged_by: &[(String, String)],
        limit: u32,
    ) -> Result<Vec<i64>, StoreError> {
        self.repeating(|| pages::refused(self, judged_by, limit))
            .await
    }

    async fn drop_pages(&self, before: i64) -> Result<(), StoreError> {
        pages::drop_before(self, before).await
    }

    async fn site_memory(&self, host: &str) -> Result<Arc<SiteMemory>, StoreError> {
        self.repeating(|| site_memory::find(self, host)).await
    }

    async fn robots(&self, origin: &str, now: i64) -> Result<Option<RobotsFile>, StoreError> {
        self.repeating(|| robots::find(self, origin, now)).await
    }

    async fn put_robots(&self, origin: &str, robots: &RobotsFile) -> Result<(), StoreError> {
        self.repeating(|| robots::put(self, origin, robots)).await
    }

    async fn drop_expired_robots(&self, now: i64) -> Result<(), StoreError> {
        self.repeating(|| robots::drop_expired(self, now)).await
    }

    async fn begin_runs(&self, sources: &[String], started: i64) -> Result<i64, StoreError> {
        runs::begin(self, sources, started).await
    }

    async fn end_runs(
        &self,
        sources: &[String],
        started: i64,
        ended: i64,
    ) -> Result<Vec<String>, StoreError> {
        runs::end(self, sources, started, ended).await
    }

    async fn history(
        &self,
        source: &str,
        window: Duration,
        now: i64,
    ) -> Result<SourceHistory, StoreError> {
        self.repeating(|| history::of_source(self, source, window, now))
            .await
    }

    async fn source_state(&self, source: &str, since: i64) -> Result<SourceStatus, StoreError> {
        self.repeating(|| status::source_state(self, source, since))
            .await
    }

    async fn workers(&self, since: i64) -> Result<Vec<WorkerStatus>, StoreError> {
        self.repeating(|| workers::seen_since(self, since)).await
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
        self.repeating(|| addresses::after(self, filter, position, limit))
            .await
    }

    async fn daily_articles(
        &self,
        source: &str,
        days: usize,
        now: i64,
    ) -> Result<Vec<u64>, StoreError> {
        self.repeating(|| status::daily_articles(self, source, days, now))
            .await
    }

    async fn now(&self) -> Result<Option<i64>, StoreError> {
        match &self.engine {
            Engine::Sqlite(_) => Ok(None),
            Engine::Postgres(server) => self.repeating(|| server.now()).await.map(Some),
        }
    }

    fn wait_at_most(&self, most: Duration) {
        if let Engine::Postgres(server) = &self.engine {
            server.outage().wait_at_most(most);
        }
    }

    async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(file) => file.close().await,
            Engine::Postgres(server) => server.close().await,
        }
    }
}
