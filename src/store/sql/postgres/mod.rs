//! A store in a database of a PostgreSQL server, which several machines may share.

mod connect;
mod error;
mod migrate;
#[cfg(test)]
pub(crate) mod plans;
mod service;
pub(super) mod worker;

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgPool};

use self::error::store_error;
use super::database::{self, Connection, Tables, TransactionNumber};
use super::waiting::Outage;
use super::writing::Writing;
use crate::location::ServerUrl;
use crate::store::StoreError;
use worker::server_time;

pub(super) use error::is_of_future;
pub(crate) use worker::Seat;

/// The oldest server that is supported, as `server_version_num` has it.
const OLDEST: i32 = 140_000;

/// An open database. Clones share its connections.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    location: String,
    pool: PgPool,
    outage: Arc<Outage>,
    worker: Option<Arc<str>>,
}

impl Server {
    /// Opens the database, and brings its tables up to date.
    pub(super) async fn open(url: &ServerUrl) -> Result<Server, StoreError> {
        Server::connect(url, |options| options)
            .await?
            .up_to_date()
            .await
    }

    /// Opens the database if there is a store in it, and brings its tables up to date.
    pub(super) async fn open_existing(url: &ServerUrl) -> Result<Server, StoreError> {
        let server = Server::connect(url, |options| options).await?;
        if migrate::tables(&server).await? == Tables::None {
            return Err(server.missing());
        }
        server.up_to_date().await
    }

    async fn up_to_date(self) -> Result<Server, StoreError> {
        migrate::migrate(&self).await?;
        migrate::renumber(&self).await?;
        Ok(self)
    }

    /// Opens the database to read it, if there is a store of this version in it. What writes to it fails.
    pub(super) async fn open_read_only(url: &ServerUrl) -> Result<Server, StoreError> {
        let read_only =
            |options: PgConnectOptions| options.options([("default_transaction_read_only", "on")]);
        Server::connect(url, read_only).await?.current().await
    }

    /// Opens the database for changes that are all rolled back, if there is a store of this version in it.
    pub(super) async fn open_dry(url: &ServerUrl) -> Result<Server, StoreError> {
        let server = Server::connect(url, |options| options).await?;
        server.current().await
    }

    async fn connect(
        url: &ServerUrl,
        with: impl FnOnce(PgConnectOptions) -> PgConnectOptions,
    ) -> Result<Server, StoreError> {
        let location = url.to_string();
        let options = connect::options(url).map_err(|what| StoreError::BadAddress {
            location: location.clone(),
            what,
        })?;
        let pool = connect::connect(with(options), connect::wait(url)).await;
        let pool = pool.map_err(|error| store_error(&location, error))?;
        let worker = url.worker().map(|it| it.as_str().into());
        let server = Server {
            location,
            pool,
            worker,
            outage: Arc::new(Outage::waited_for(url.wait())),
        };
        server.check_version().await?;
        Ok(server)
    }

    async fn check_version(&self) -> Result<(), StoreError> {
        let version: i32 =
            sqlx::query_scalar("SELECT CAST(current_setting('server_version_num') AS INTEGER)")
                .fetch_one(&self.pool)
                .await
                .map_err(|error| self.fault(error))?;
        supported(&self.location, version)
    }

    /// The database, where its tables are those of this version.
    async fn current(self) -> Result<Server, StoreError> {
        match migrate::tables(&self).await? {
            Tables::Current => Ok(self),
            Tables::None => Err(self.missing()),
            Tables::Older | Tables::Newer(_) => Err(StoreError::Older {
                location: self.location,
            }),
        }
    }

    fn missing(&self) -> StoreError {
        StoreError::Missing {
            location: self.location.clone(),
        }
    }

    /// The time by the server's clock, in unix milliseconds. Half of the way there and back is taken off, and of three
    /// answers the one counts that came soonest.
    pub(super) async fn now(&self) -> Result<i64, StoreError> {
        let mut best: Option<(Duration, i64, Instant)> = None;
        for _ in 0..3 {
            let asked = Instant::now();
            let time: i64 = sqlx::query_scalar(concat!("SELECT ", server_time!()))
                .fetch_one(&self.pool)
                .await
                .map_err(|error| self.fault(error))?;
            let (answered, took) = (Instant::now(), asked.elapsed());
            if best.is_none_or(|(least, _, _)| took < least) {
                best = Some((took, time, answered));
            }
        }
        let millis = |it: Duration| i64::try_from(it.as_millis()).unwrap_or(i64::MAX);
        Ok(best.map_or(0, |(took, time, answered)| {
            time + millis(took / 2 + answered.elapsed())
        }))
    }

    /// Begins to write.
    pub(super) async fn begin(&self) -> Result<Writing, StoreError> {
        let begun = self.pool.begin().await;
        let begun = begun.map_err(|error| self.fault(error))?;
        Ok(Writing::Transaction(Connection::Postgres(
            begun,
            TransactionNumber::Unknown,
        )))
    }

    /// How long the server has been away.
    pub(super) fn outage(&self) -> &Outage {
        &self.outage
    }

    /// Begins to read what is in the store now, whatever others write meanwhile.
    pub(super) async fn snapshot(&self) -> Result<Writing, StoreError> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let begun = self.pool.begin_with(begin).await;
        let begun = begun.map_err(|error| self.fault(error))?;
        Ok(Writing::Transaction(Connection::Postgres(
            begun,
            TransactionNumber::Unknown,
        )))
    }

    /// Begins to read rows through bitmaps of indexes alone, whatever the server expects of other ways.
    pub(super) async fn by_bitmap(&self) -> Result<Writing, database::Error> {
        let begin = "BEGIN READ ONLY; SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; \
                     SET LOCAL enable_indexonlyscan = off";
        let begun = self.pool.begin_with(begin).await?;
        Ok(Writing::Transaction(Connection::Postgres(
            begun,
            TransactionNumber::Unknown,
        )))
    }

    /// The worker that uses the store.
    pub(super) fn worker(&self) -> Option<&str> {
        self.worker.as_deref()
    }

    /// The connections to read by.
    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// What sqlx reports, as an error of this store.
    pub(super) fn fault(&self, error: database::Error) -> StoreError {
        store_error(&self.location, error)
    }

    /// Closes every connection.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// # Errors
/// Fails where a server of this version, as `server_version_num` has it, is too old.
fn supported(location: &str, version: i32) -> Result<(), StoreError> {
    if version >= OLDEST {
        return Ok(());
    }
    Err(StoreError::OldServer {
        location: location.to_owned(),
        version: version / 10_000,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_too_old_is_named_with_its_version() {
        assert!(supported("news", 140_000).is_ok());
        assert!(supported("news", 180_001).is_ok());
        let old = supported("news", 130_021).unwrap_err().to_string();
        assert_eq!(
            old,
            "news is on PostgreSQL 13; version 14 or newer is needed"
        );
    }
}
