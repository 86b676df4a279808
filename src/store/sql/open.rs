//! How a store is opened: where there is one or a new one, to read, to change nothing, or once its server is up.

use std::path::Path;
use std::sync::Arc;

use super::postgres::Server;
use super::sqlite::SqliteFile;
use super::waiting::{Outage, Tries};
use super::{Engine, SqlStore, copy};
use crate::location::{ServerUrl, StoreLocation};
use crate::store::{Store, StoreError};

impl SqlStore {
    /// Opens the store, or creates one, and brings its tables up to date.
    pub(crate) async fn open(location: impl Into<StoreLocation>) -> Result<SqlStore, StoreError> {
        SqlStore::open_unfinished(&location.into())
            .await?
            .whole()
            .await
    }

    /// The same, also where it is an unfinished copy of another.
    pub(super) async fn open_unfinished(location: &StoreLocation) -> Result<SqlStore, StoreError> {
        Ok(match location {
            StoreLocation::File(path) => SqlStore::in_file(path, SqliteFile::open(path).await?),
            StoreLocation::Server(url) => SqlStore::on_server(url, Server::open(url).await?),
        })
    }

    /// The store, unless it is an unfinished copy of another.
    async fn whole(self) -> Result<SqlStore, StoreError> {
        match copy::source_of(&self).await? {
            None => Ok(self),
            Some(source) => Err(StoreError::Unfinished {
                location: self.location,
                original: source,
            }),
        }
    }

    /// Opens the store as [`SqlStore::open`] does. A server that is away is waited for.
    pub(crate) async fn open_when_up(
        location: impl Into<StoreLocation>,
    ) -> Result<SqlStore, StoreError> {
        let location = location.into();
        let outage = match &location {
            StoreLocation::File(_) => None,
            StoreLocation::Server(url) => Some(Outage::waited_for(url.wait())),
        };
        Tries::during(outage.as_ref())
            .of(|| SqlStore::open(&location))
            .await
    }

    /// Opens the store if there is one.
    pub(crate) async fn open_existing(
        location: impl Into<StoreLocation>,
    ) -> Result<SqlStore, StoreError> {
        let location = location.into();
        match &location {
            StoreLocation::File(path) if !path.exists() => Err(StoreError::Missing {
                location: path.display().to_string(),
            }),
            StoreLocation::File(_) => SqlStore::open(&location).await,
            StoreLocation::Server(url) => {
                let server = Server::open_existing(url).await?;
                SqlStore::on_server(url, server).whole().await
            }
        }
    }

    /// Opens the store to read it; see [`store::open_read_only`](crate::store::open_read_only).
    pub(crate) async fn open_read_only(
        location: impl Into<StoreLocation>,
    ) -> Result<SqlStore, StoreError> {
        let store = match &location.into() {
            StoreLocation::File(path) => {
                SqlStore::in_file(path, SqliteFile::open_read_only(path).await?)
            }
            StoreLocation::Server(url) => {
                SqlStore::on_server(url, Server::open_read_only(url).await?)
            }
        };
        store.whole().await
    }

    /// Opens the store for changes that are all rolled back; see
    /// [`frontier::open_dry`](crate::frontier::open_dry).
    pub(crate) async fn open_dry(
        location: impl Into<StoreLocation>,
    ) -> Result<SqlStore, StoreError> {
        let store = match &location.into() {
            StoreLocation::File(path) => SqlStore::in_file(path, SqliteFile::open_dry(path).await?),
            StoreLocation::Server(url) => SqlStore::on_server(url, Server::open_dry(url).await?),
        };
        store.whole().await
    }

    /// A store in a file of its own that knows the addresses and hosts that this one knows, if there is one,
    /// and is gone when it is dropped.
    pub(crate) async fn scratch(
        location: impl Into<StoreLocation>,
    ) -> Result<SqlStore, StoreError> {
        match &location.into() {
            StoreLocation::File(path) => {
                Ok(SqlStore::in_file(path, SqliteFile::scratch(path).await?))
            }
            StoreLocation::Server(url) => SqlStore::scratch_of_server(url).await,
        }
    }

    async fn scratch_of_server(url: &ServerUrl) -> Result<SqlStore, StoreError> {
        let scratch = SqlStore {
            location: url.to_string(),
            engine: Engine::Sqlite(SqliteFile::empty_scratch(url.to_string()).await?),
            memories: Arc::default(),
        };
        match SqlStore::open_read_only(StoreLocation::Server(url.clone())).await {
            Ok(original) => {
                let copied = copy::copy_addresses(&original, &scratch).await;
                original.close().await;
                copied?;
            }
            Err(StoreError::Missing { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(scratch)
    }

    fn on_server(url: &ServerUrl, server: Server) -> SqlStore {
        SqlStore {
            location: url.to_string(),
            engine: Engine::Postgres(server),
            memories: Arc::default(),
        }
    }

    fn in_file(path: &Path, file: SqliteFile) -> SqlStore {
        SqlStore {
            location: path.display().to_string(),
            engine: Engine::Sqlite(file),
            memories: Arc::default(),
        }
    }
}
