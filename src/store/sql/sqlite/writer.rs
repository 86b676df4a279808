//! The one connection that writes, and transactions on it. It is in no pool: a pool asks a connection
//! whether it lives before and after each use, and as SQLite runs on a thread of its own, each such question
//! costs as much as a statement.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::sqlite::SqlitePool;
use sqlx::{Connection as _, SqliteConnection};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};

use crate::store::sql::database::{Connection, query};
use crate::store::sql::writing::Writing;

/// The connection that writes.
#[derive(Debug, Clone)]
pub(super) enum Writer {
    /// One of its own, until it is closed. Those who wait for it are given it in turn.
    Own(Arc<Mutex<Option<Opened>>>),
    /// One that reads, too: a scratch store has no other.
    Shared(SqlitePool),
}

/// A connection with what is known of its transaction.
#[derive(Debug)]
pub(super) struct Opened {
    connection: Connection,
    /// One was begun and has not ended, as far as is known.
    in_transaction: bool,
}

impl Writer {
    /// This connection.
    pub(super) fn of(connection: SqliteConnection) -> Writer {
        let opened = Opened {
            connection: Connection::Sqlite(connection),
            in_transaction: false,
        };
        Writer::Own(Arc::new(Mutex::new(Some(opened))))
    }

    /// Waits for the connection, and begins a transaction that may write.
    pub(super) async fn begin(&self) -> Result<Writing, sqlx::Error> {
        let own = match self {
            Writer::Own(own) => own,
            Writer::Shared(pool) => {
                let begun = pool.begin_with("BEGIN IMMEDIATE").await;
                return begun.map(|it| Writing::Transaction(Connection::SqliteShared(it)));
            }
        };
        let guard = Arc::clone(own).lock_owned().await;
        let opened = OwnedMutexGuard::try_map(guard, Option::as_mut);
        let mut opened = opened.map_err(|_| sqlx::Error::PoolClosed)?;
        opened.roll_back().await;
        opened.in_transaction = true;
        let mut writing = Turn {
            opened,
            of: Arc::clone(own),
        };
        let begun = query("BEGIN IMMEDIATE");
        if let Err(error) = begun.execute(&mut writing.opened.connection).await {
            writing.opened.in_transaction = false;
            return Err(error);
        }
        Ok(Writing::Turn(writing))
    }

    /// Closes the connection once nobody writes.
    pub(super) async fn close(&self) {
        match self {
            Writer::Own(own) => {
                let opened = own.lock().await.take();
                if let Some(Connection::Sqlite(connection)) = opened.map(|it| it.connection) {
                    // There is nobody left whom a failure would concern.
                    let _ = connection.close().await;
                }
            }
            Writer::Shared(pool) => pool.close().await,
        }
    }
}

impl Opened {
    /// Ends what a transaction that was dropped has left. SQLite may have ended it by itself, as on a full
    /// disk, and then says so.
    async fn roll_back(&mut self) {
        if self.in_transaction {
            let ended = query("ROLLBACK").execute(&mut self.connection).await;
            if let Err(error) = ended {
                tracing::debug!("rolled back before: {error}");
            }
            self.in_transaction = false;
        }
    }
}

/// A turn at the connection that writes.
#[derive(Debug)]
pub(crate) struct Turn {
    opened: OwnedMappedMutexGuard<Option<Opened>, Opened>,
    of: Arc<Mutex<Option<Opened>>>,
}

impl Turn {
    pub(in crate::store::sql) async fn commit(mut self) -> Result<(), sqlx::Error> {
        let opened = &mut *self.opened;
        query("COMMIT").execute(&mut opened.connection).await?;
        opened.in_transaction = false;
        Ok(())
    }

    pub(in crate::store::sql) async fn roll_back(mut self) {
        self.opened.roll_back().await;
    }
}

impl Deref for Turn {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.opened.connection
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.opened.connection
    }
}

impl Drop for Turn {
    /// Whoever writes next rolls back first; but nobody may for long, and other processes wait for the lock.
    fn drop(&mut self) {
        if !self.opened.in_transaction {
            return;
        }
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let own = Arc::clone(&self.of);
        runtime.spawn(async move {
            if let Some(opened) = own.lock().await.as_mut() {
                opened.roll_back().await;
            }
        });
    }
}
