//! What has been found and what was done: articles with their revisions, raw pages, site memory,
//! robots.txt files, passes over the sources, and how far the output files are written. [`Store`] is
//! what the rest of the program knows of it; [`open`] is the one place that chooses an
//! implementation. `policy` decides (what is a duplicate, which source is sick), `sqlite` stores.
//!
//! This room knows nothing of the network, of markup or of the configuration. It reads no clock:
//! times come from the caller, in unix milliseconds.

mod addresses;
mod articles;
mod changes;
mod copy;
mod error;
mod history;
mod lock;
mod objects;
mod output_files;
mod pages;
pub(crate) mod policy;
mod robots;
mod search;
pub(crate) mod sql;
mod status;
#[cfg(test)]
pub(crate) mod tests;
mod trends;
mod worker;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::article::Article;
use crate::extract::site_memory::SiteMemory;
use crate::location::StoreLocation;
use crate::search::SearchQuery;

pub use addresses::{Address, AddressFilter, Addresses};
pub(crate) use articles::Rewrite;
pub use articles::{ArticleVersion, Articles, Filter, RewriteResult, StoredArticle, StoredAs};
pub use changes::{BadPosition, ChangePosition, Changes};
pub use copy::{CopyError, CopyProgress, CopyStep, OnCopyProgress, TableCopy, TableDigest};
pub use error::{Cause, StoreError};
pub use history::{ArticleSample, EntryPoint, SourceHistory};
pub use lock::{Lock, LockError};
pub use output_files::{BegunOutput, OutputFile};
pub use pages::{PackedPage, Packer, PagePosition, Pages, RawPage};
pub use policy::change::HealthChange;
pub use policy::health::HealthIssue;
pub use robots::RobotsFile;
pub use search::{
    BadSearchCursor, Found, FoundArticles, Hit, Indexed, NearDuplicate, SearchCursor, SearchPage,
    Total, Unindexed,
};
pub use status::{FailingEntry, SourceStatus, StatusTimes, WorkerState, WorkerStatus};
pub use trends::{SourceDay, Trends};
#[cfg(feature = "crawl")]
pub(crate) use worker::host_name;
pub use worker::{Joining, Worker};

use sql::SqlStore;

/// Opens the store at this location, or creates one, and brings its tables up to date.
///
/// # Errors
/// Fails where the store can't be opened, created or brought up to date, and where a newer version
/// wrote it.
pub async fn open(location: impl Into<StoreLocation>) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(SqlStore::open(location).await?))
}

/// Opens the store at this location if there is one.
///
/// # Errors
/// Fails as [`open`] does, and with [`StoreError::Missing`] where there is none.
pub async fn open_existing(
    location: impl Into<StoreLocation>,
) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(SqlStore::open_existing(location).await?))
}

/// Opens the store at this location, to read it: without a lock, and also where its reader may write
/// neither its file nor its folder. What writes to it fails. One that an earlier version wrote is not brought up to
/// date, but read from a temporary copy.
///
/// # Errors
/// Fails as [`open_existing`] does, and with [`StoreError::Older`] where an earlier version wrote it and
/// it can't be copied.
pub async fn open_read_only(
    location: impl Into<StoreLocation>,
) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(SqlStore::open_read_only(location).await?))
}

/// Locks the store at this location for one crawl, at once or not at all. The store need not exist. One on a server
/// has no lock: any number of crawls share it.
///
/// # Errors
/// Fails with [`LockError::Held`] where another crawl has the lock.
pub async fn lock(location: impl Into<StoreLocation>) -> Result<Option<Lock>, LockError> {
    match location.into() {
        StoreLocation::File(path) => sql::sqlite::lock::acquire(&path).map(Some),
        StoreLocation::Server(_) => Ok(None),
    }
}

/// Copies the store at one location to another, which may be on the other engine, and compares all rows of both in
/// the end. A copy that was interrupted goes on where it was.
///
/// The store that is copied is read in one snapshot. Where a copy was interrupted, what has changed since is copied again:
/// the copy is the store as it was when the last run began.
///
/// # Errors
/// Fails where a crawl is using one of the two, where the target has a store of its own, and where `on_progress` stops
/// it.
pub async fn copy(
    from: &StoreLocation,
    to: &StoreLocation,
    on_progress: OnCopyProgress<'_>,
) -> Result<Vec<TableCopy>, CopyError> {
    sql::copy::copy(from, to, on_progress).await
}

/// A store of articles and of what a crawl needs to remember. All times are unix milliseconds.
///
/// Every method fails with the [`StoreError`] that fits where the database can't be used. Articles
/// and raw pages come in through [`Frontier::finish`](crate::frontier::Frontier::finish), in the
/// transaction that ends their visit.
#[async_trait]
pub trait Store: Trends + fmt::Debug + Send + Sync {
    /// The store's name for messages: its file, or its address without a password.
    fn location(&self) -> &str;

    /// The articles stored after the one at `seq` (0 for all) that pass the filter, in the order in
    /// which they were stored, at most `limit`. [`articles`](#method.articles) is a cursor over them.
    ///
    /// # Errors
    /// Besides those of every method: [`StoreError::BadRecord`].
    async fn articles_after(
        &self,
        filter: &Filter,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<StoredArticle>, StoreError>;

    /// The articles stored or changed after this position, in the order in which that was done, at most
    /// `limit`; fewer where the filter leaves some out. On a server, an article is among them once no transaction
    /// that began before its own is under way.
    ///
    /// # Errors
    /// Besides those of every method: [`StoreError::BadRecord`], and [`StoreError::BadCursor`] where the position is
    /// one of another store.
    async fn changes_after(
        &self,
        filter: &Filter,
        position: &ChangePosition,
        limit: u32,
    ) -> Result<Changes, StoreError>;

    /// Every revision of an article, the first one first; empty where there is none of that id.
    ///
    /// # Errors
    /// Besides those of every method: [`StoreError::BadRecord`].
    async fn revisions(&self, id: &str) -> Result<Vec<Article>, StoreError>;

    /// An article as it is now; `None` where there is none of that id.
    ///
    /// # Errors
    /// Besides those of every method: [`StoreError::BadRecord`].
    async fn article(&self, id: &str) -> Result<Option<StoredArticle>, StoreError>;

    /// The articles whose text is the same as that of the article with this id, or nearly, the most similar ones
    /// first, at most `limit`.
    ///
    /// # Errors
    /// Besides those of every method: [`StoreError::BadRecord`].
    async fn near_duplicates(&self, id: &str, limit: u32)
    -> Result<Vec<NearDuplicate>, StoreError>;

    /// Puts the words of articles that were stored or changed into the index for full-text search, at most of `limit`
    /// articles, in short transactions. Whoever searches calls it before, and again until nothing is left. Several may do
    /// so at the same time. A store that is only read is searched as it is indexed: there it does nothing, and says that
    /// nothing is left.
    async fn index_articles(&self, limit: u32) -> Result<Indexed, StoreError>;

    /// The articles that a query finds after a place (`None` for the first), at most `limit`; only those that are
    /// [indexed](Store::index_articles). [`found`](#method.found) is a cursor over all, and [`search`](#method.search)
    /// gives a page with snippets.
    ///
    /// # Errors
    /// Besides those of every method: [`StoreError::BadRecord`].
    async fn find(
        &self,
        query: &SearchQuery,
        after: Option<SearchCursor>,
        limit: u32,
    ) -> Result<FoundArticles, StoreError>;

    /// How many articles a query finds.
    async fn count_found(&self, query: &SearchQuery) -> Result<Total, StoreError>;

    /// The articles stored after the one at `seq` (0 for all) that are not in the output files yet,
    /// in the order in which they were stored, at most `limit`. Of a store that is a [worker](Worker)'s, those that
    /// this one is to write.
    ///
    /// # Errors
    /// Besides those of every method: [`StoreError::BadRecord`].
    async fn unwritten(&self, seq: i64, limit: u32) -> Result<Vec<StoredArticle>, StoreError>;

    /// Makes what no other worker will write this one's to write: articles of those that have been away for an hour,
    /// or write no files. Has no effect where the store has no workers.
    async fn adopt_unwritten(&self) -> Result<(), StoreError>;

    /// Notes in one transaction what is being written to output files from now on, and gives what was known
    /// of each before: of one that is not known, that it is as long as it is now.
    async fn begin_outputs(&self, files: &[BegunOutput]) -> Result<Vec<OutputFile>, StoreError>;

    /// The output files that were begun and of which nothing was ever noted as written.
    async fn unwritten_outputs(&self) -> Result<Vec<String>, StoreError>;

    /// Notes in one transaction that these articles are written and how long, in bytes, the files have
    /// become that hold them, which are complete by that. What has changed since it was read stays
    /// unwritten.
    async fn note_written(
        &self,
        articles: &[ArticleVersion],
        files: &[(String, u64)],
        now: i64,
    ) -> Result<(), StoreError>;

    /// The sources that have raw pages, by name.
    async fn page_sources(&self) -> Result<Vec<String>, StoreError>;

    /// The raw pages of a source after a position, the newest first, at most `limit`. The filter's
    /// times apply, its sources don't. [`pages`](#method.pages) is a cursor over them.
    async fn pages_after(
        &self,
        source: &str,
        filter: &Filter,
        position: PagePosition,
        limit: u32,
    ) -> Result<Vec<(PagePosition, PackedPage)>, StoreError>;

    /// One of the raw pages, by its number; `None` where it is gone, or damaged beyond reading.
    async fn page(&self, id: i64) -> Result<Option<RawPage>, StoreError>;

    /// The number of the raw page that was fetched at this address; `None` where none is kept.
    async fn page_number(&self, url: &str) -> Result<Option<i64>, StoreError>;

    /// The numbers of raw pages that were refused and judged by something else than what judges the
    /// pages of their source today, by the names of the sources; the newest first, at most `limit`.
    async fn refused_pages(
        &self,
        judged_by: &[(String, String)],
        limit: u32,
    ) -> Result<Vec<i64>, StoreError>;

    /// Deletes the raw pages that were fetched before this time, and the oldest of those that were
    /// refused where a source has too many.
    async fn drop_pages(&self, before: i64) -> Result<(), StoreError>;

    /// What is known of a host's articles (the host without `www.`); an empty memory where nothing
    /// was learned.
    async fn site_memory(&self, host: &str) -> Result<Arc<SiteMemory>, StoreError>;

    /// The robots.txt of an origin (`https://news.example.org`), where one is stored that is still
    /// valid.
    async fn robots(&self, origin: &str, now: i64) -> Result<Option<RobotsFile>, StoreError>;

    /// Stores the robots.txt of an origin for the passes to come.
    async fn put_robots(&self, origin: &str, robots: &RobotsFile) -> Result<(), StoreError>;

    /// Deletes the robots.txt files that are no longer valid.
    async fn drop_expired_robots(&self, now: i64) -> Result<(), StoreError>;

    /// Notes that a pass over these sources begins, and forgets those of long ago. Gives when the earliest pass over
    /// one of them began that runs now: where several may, what one finds is due in the others, too.
    async fn begin_runs(&self, sources: &[String], started: i64) -> Result<i64, StoreError>;

    /// Notes that the pass over these sources which began at `started` has ended, and gives those of them whose
    /// health is to be judged: all, unless other [workers](Worker) are still at them.
    async fn end_runs(
        &self,
        sources: &[String],
        started: i64,
        ended: i64,
    ) -> Result<Vec<String>, StoreError>;

    /// What is known of a source since `window` ago.
    async fn history(
        &self,
        source: &str,
        window: Duration,
        now: i64,
    ) -> Result<SourceHistory, StoreError>;

    /// The last pass, the addresses and the number of articles of a source, and what became of its
    /// pages since a time. Daily counts, failing entry points and health issues stay empty: see
    /// [`status`](#method.status).
    async fn source_state(&self, source: &str, since: i64) -> Result<SourceStatus, StoreError>;

    /// The [workers](Worker) that have given a sign of life since this time, by name; none where a store has no
    /// workers.
    async fn workers(&self, since: i64) -> Result<Vec<WorkerStatus>, StoreError>;

    /// Notes the names of the source's health issues after a pass, and gives those after the pass
    /// before.
    async fn replace_health(
        &self,
        source: &str,
        issues: &[String],
        now: i64,
    ) -> Result<Vec<String>, StoreError>;

    /// The addresses after a position (0 for all) that pass the filter, in the order in which they
    /// were found, at most `limit`. [`addresses`](#method.addresses) is a cursor over them.
    async fn addresses_after(
        &self,
        filter: &AddressFilter,
        position: i64,
        limit: u32,
    ) -> Result<Vec<Address>, StoreError>;

    /// Articles of a source by the day on which they were stored: so many days of 24 hours, the
    /// last of which ends now.
    async fn daily_articles(
        &self,
        source: &str,
        days: usize,
        now: i64,
    ) -> Result<Vec<u64>, StoreError>;

    /// The time by the clock that leases and due times go by, in unix milliseconds; `None` where that is the machine's.
    async fn now(&self) -> Result<Option<i64>, StoreError>;

    /// A server that is away is waited for no longer than this from now on.
    fn wait_at_most(&self, most: Duration);

    /// Closes every connection, after which the store can't be used.
    async fn close(&self);
}

impl dyn Store + '_ {
    /// A cursor over the articles that pass the filter, in the order in which they were stored.
    pub fn articles(&self, filter: Filter) -> Articles<'_> {
        Articles::new(self, filter)
    }

    /// A cursor over all articles that a query finds; by relevance, over the best thousand.
    pub fn found(&self, query: SearchQuery) -> Found<'_> {
        Found::new(self, query)
    }

    /// A page of what a query finds, with snippets: the articles after a place (`None` for the first page), at most
    /// `limit`.
    ///
    /// # Errors
    /// Fails where the store can't be read.
    pub async fn search(
        &self,
        query: &SearchQuery,
        after: Option<SearchCursor>,
        limit: u32,
    ) -> Result<SearchPage, StoreError> {
        search::page(self, query, after, limit).await
    }

    /// A cursor over the raw pages that pass the filter: by source, the newest of each first.
    pub fn pages(&self, filter: Filter) -> Pages<'_> {
        Pages::new(self, filter)
    }

    /// A cursor over the addresses that pass the filter, in the order in which they were found.
    pub fn addresses(&self, filter: AddressFilter) -> Addresses<'_> {
        Addresses::new(self, filter)
    }

    /// A row for each of these sources, in their order. A source that was never crawled has an empty
    /// one.
    ///
    /// # Errors
    /// Fails where the store can't be read.
    pub async fn status(
        &self,
        sources: &[String],
        times: StatusTimes,
    ) -> Result<Vec<SourceStatus>, StoreError> {
        let mut rows = Vec::with_capacity(sources.len());
        for source in sources {
            rows.push(status::of_source(self, source, times).await?);
        }
        Ok(rows)
    }
}
