//! A transaction that writes, on either engine.

use std::ops::{Deref, DerefMut};

use super::database::{Connection, Error};
use super::sqlite::Turn;

/// A transaction that writes; rolled back unless it is committed.
#[derive(Debug)]
pub(crate) enum Writing {
    /// On the one connection that writes to a file.
    Turn(Turn),
    /// On a connection that is given back after it.
    Transaction(Connection),
}

impl Writing {
    pub(crate) async fn commit(self) -> Result<(), Error> {
        match self {
            Writing::Turn(turn) => turn.commit().await,
            Writing::Transaction(Connection::SqliteShared(transaction)) => {
                transaction.commit().await
            }
            Writing::Transaction(Connection::Postgres(transaction, _)) => {
                transaction.commit().await
            }
            Writing::Transaction(_) => Ok(()),
        }
    }

    pub(crate) async fn rollback(self) -> Result<(), Error> {
        match self {
            Writing::Turn(turn) => {
                turn.roll_back().await;
                Ok(())
            }
            Writing::Transaction(Connection::SqliteShared(transaction)) => {
                transaction.rollback().await
            }
            Writing::Transaction(Connection::Postgres(transaction, _)) => {
                transaction.rollback().await
            }
            Writing::Transaction(_) => Ok(()),
        }
    }
}

impl Deref for Writing {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            Writing::Turn(turn) => turn,
            Writing::Transaction(connection) => connection,
        }
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut Connection {
        match self {
            Writing::Turn(turn) => turn,
            Writing::Transaction(connection) => connection,
        }
    }
}
