//! One way to ask two engines, SQLite and PostgreSQL. A statement is written once (`dialect` has the words in which the
//! engines differ), given values (`value`) and carried out on whichever connection there is (`query`). This room knows
//! no table.
//!
//! All whole numbers are of 64 bits, on both sides and in both engines: what is added, counted or measured is cast to
//! `BIGINT`. Flags are numbers, 0 and 1, and are read as `flag <> 0`. Text is ordered by its bytes.

mod batch;
mod cells;
mod dialect;
mod migrations;
mod query;
mod reading;
mod table;
mod value;

use self::dialect::Engine;

use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

pub(crate) use batch::Batch;
pub(crate) use cells::{Cell, Cells};
pub(crate) use migrations::{Tables, migration_error};
#[cfg(test)]
pub(crate) use query::run;
pub(crate) use query::{Query, query, query_as, query_by_engine, query_scalar};
pub(crate) use reading::Reading;
pub(crate) use table::{Kind, Table};
pub(crate) use value::{Int, Value, listed, listed_if_any, rows_of};
// Rows are read by what the derive makes, for both engines; errors are what the library reports.
pub(crate) use sqlx::{Error, FromRow};

/// A connection to write by.
#[derive(Debug)]
pub(crate) enum Connection {
    /// The one connection that writes to a file.
    Sqlite(SqliteConnection),
    /// A transaction on a connection that reads, too, as in a store for a while.
    SqliteShared(Transaction<'static, Sqlite>),
    /// A transaction on one of a server's connections, and its number.
    Postgres(Transaction<'static, Postgres>, TransactionNumber),
}

/// The number of a server's transaction. By it the server can be asked later whether it was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransactionNumber {
    /// Nobody has asked for it.
    Unknown,
    /// A statement gave it, by `CURRENT_TRANSACTION`.
    Known(i64),
    /// The transaction has written nothing, and has none.
    None,
}

impl Connection {
    /// For tests: the connection to a file.
    ///
    /// # Errors
    /// Fails where it is one to a server.
    #[cfg(test)]
    pub(crate) fn sqlite(&mut self) -> Result<&mut SqliteConnection, Error> {
        match On::from(self) {
            On::Sqlite(connection) => Ok(connection),
            _ => Err(Error::Configuration("the store is no file".into())),
        }
    }

    /// True where other processes write to the same tables.
    pub(crate) fn is_to_server(&self) -> bool {
        matches!(self, Connection::Postgres(..))
    }

    /// Notes the number of the transaction, which a statement gave by `CURRENT_TRANSACTION`.
    pub(crate) fn note_transaction(&mut self, number: i64) {
        self.note_number(TransactionNumber::Known(number));
    }

    /// Notes that the transaction has written nothing: nothing is lost with it.
    pub(crate) fn note_nothing_written(&mut self) {
        self.note_number(TransactionNumber::None);
    }

    fn note_number(&mut self, number: TransactionNumber) {
        if let Connection::Postgres(_, known) = self {
            *known = number;
        }
    }
}

/// The connections to read by.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Readers<'a> {
    /// To a file.
    Sqlite(&'a SqlitePool),
    /// To a server.
    Postgres(&'a PgPool),
}

/// What a statement is carried out on.
#[derive(Debug)]
pub(crate) enum On<'c> {
    Sqlite(&'c mut SqliteConnection),
    SqlitePool(&'c SqlitePool),
    Postgres(&'c mut PgConnection),
    PostgresPool(&'c PgPool),
}

impl On<'_> {
    fn engine(&self) -> Engine {
        match self {
            On::Sqlite(_) | On::SqlitePool(_) => Engine::Sqlite,
            On::Postgres(_) | On::PostgresPool(_) => Engine::Postgres,
        }
    }

    /// The same, for one statement of several.
    pub(crate) fn again(&mut self) -> On<'_> {
        match self {
            On::Sqlite(connection) => On::Sqlite(connection),
            On::SqlitePool(pool) => On::SqlitePool(pool),
            On::Postgres(connection) => On::Postgres(connection),
            On::PostgresPool(pool) => On::PostgresPool(pool),
        }
    }
}

impl<'c> From<&'c mut Connection> for On<'c> {
    fn from(connection: &'c mut Connection) -> On<'c> {
        match connection {
            Connection::Sqlite(connection) => On::Sqlite(connection),
            Connection::SqliteShared(transaction) => On::Sqlite(transaction),
            Connection::Postgres(transaction, _) => On::Postgres(transaction),
        }
    }
}

impl<'c> From<&'c mut SqliteConnection> for On<'c> {
    fn from(connection: &'c mut SqliteConnection) -> On<'c> {
        On::Sqlite(connection)
    }
}

impl<'c> From<Readers<'c>> for On<'c> {
    fn from(readers: Readers<'c>) -> On<'c> {
        match readers {
            Readers::Sqlite(pool) => On::SqlitePool(pool),
            Readers::Postgres(pool) => On::PostgresPool(pool),
        }
    }
}
