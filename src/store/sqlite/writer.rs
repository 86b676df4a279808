//! The one connection that writes, and transactions on it. It is in no pool: a pool asks a connection
//! whether it lives before and after each use, and as SQLite runs on a thread of its own, each such question
//! costs as much as a statement.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::sqlite::SqlitePool;
use sqlx::{Connection, Sqlite, SqliteConnection, Transaction};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};

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
    connection: SqliteConnection,
    /// One was begun and has not ended, as far as is known.
    in_transaction: bool,
}

impl Writer {
    /// This connection.
    pub(super) fn of(connection: SqliteConnection) -> Writer {
        let opened = Opened {
            connection,
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
                return begun.map(Writing::Shared);
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
        let begun = sqlx::query("BEGIN IMMEDIATE");
        if let Err(error) = begun.execute(&mut writing.opened.connection).await {
            writing.opened.in_transaction = false;
            return Err(error);
        }
        Ok(Writing::Own(writing))
    }

    /// Closes the connection once nobody writes.
    pub(super) async fn close(&self) {
        match self {
            Writer::Own(own) => {
                if let Some(opened) = own.lock().await.take() {
                    // There is nobody left whom a failure would concern.
                    let _ = opened.connection.close().await;
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
            let ended = sqlx::query("ROLLBACK").execute(&mut self.connection).await;
            if let Err(error) = ended {
                tracing::debug!("rolled back before: {error}");
            }
            self.in_transaction = false;
        }
    }
}

/// A transaction that writes; rolled back unless it is committed.
#[derive(Debug)]
pub(crate) enum Writing {
    Own(Turn),
    Shared(Transaction<'static, Sqlite>),
}

impl Writing {
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Writing::Own(mut turn) => {
                let opened = &mut *turn.opened;
                let commit = sqlx::query("COMMIT");
                commit.execute(&mut opened.connection).await?;
                opened.in_transaction = false;
                Ok(())
            }
            Writing::Shared(transaction) => transaction.commit().await,
        }
    }

    pub(crate) async fn rollback(self) -> Result<(), sqlx::Error> {
        match self {
            Writing::Own(mut turn) => {
                turn.opened.roll_back().await;
                Ok(())
            }
            Writing::Shared(transaction) => transaction.rollback().await,
        }
    }
}

impl Deref for Writing {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        match self {
            Writing::Own(turn) => &turn.opened.connection,
            Writing::Shared(transaction) => transaction,
        }
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match self {
            Writing::Own(turn) => &mut turn.opened.connection,
            Writing::Shared(transaction) => transaction,
        }
    }
}

/// A turn at the connection that writes.
#[derive(Debug)]
pub(crate) struct Turn {
    opened: OwnedMappedMutexGuard<Option<Opened>, Opened>,
    of: Arc<Mutex<Option<Opened>>>,
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
