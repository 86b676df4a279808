//! Statements with their values, and what comes of them.

use std::borrow::Cow;
use std::marker::PhantomData;

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Decode, Postgres, Sqlite, Type};

use super::dialect::{Engine, written_for};
use super::value::{for_postgres, for_sqlite};
use super::{Error, FromRow, On, Value};
#[cfg(test)]
use crate::store::tests::statements::note;

/// What is read from a row of either engine.
pub(crate) trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

/// What is read from a column of either engine.
pub(crate) trait Column:
    for<'r> Decode<'r, Sqlite>
    + Type<Sqlite>
    + for<'r> Decode<'r, Postgres>
    + Type<Postgres>
    + Send
    + Unpin
{
}

impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite>
        + Type<Sqlite>
        + for<'r> Decode<'r, Postgres>
        + Type<Postgres>
        + Send
        + Unpin
{
}

/// A statement as it was written.
#[derive(Debug, Clone)]
enum Text {
    /// For both engines.
    Both(Cow<'static, str>),
    /// For each its own.
    ByEngine {
        sqlite: &'static str,
        postgres: &'static str,
    },
}

impl Text {
    fn for_engine(self, engine: Engine) -> Cow<'static, str> {
        match (self, engine) {
            (Text::Both(Cow::Borrowed(sql)), engine) => Cow::Borrowed(written_for(engine, sql)),
            (Text::Both(Cow::Owned(sql)), _) => Cow::Owned(sql),
            (Text::ByEngine { sqlite, .. }, Engine::Sqlite) => Cow::Borrowed(sqlite),
            (Text::ByEngine { postgres, .. }, Engine::Postgres) => Cow::Borrowed(postgres),
        }
    }
}

/// For tests: carries out statements without values, one after the other.
#[cfg(test)]
pub(crate) async fn run(on: impl Into<On<'_>>, statements: &'static str) -> Result<u64, Error> {
    let statements = sqlx::raw_sql(statements);
    Ok(match on.into() {
        On::Sqlite(connection) => statements.execute(connection).await?.rows_affected(),
        On::SqlitePool(pool) => statements.execute(pool).await?.rows_affected(),
        On::Postgres(connection) => statements.execute(connection).await?.rows_affected(),
        On::PostgresPool(pool) => statements.execute(pool).await?.rows_affected(),
    })
}

/// A statement with its values, that gives rows of this type.
#[derive(Debug, Clone)]
#[must_use]
pub(crate) struct Query<T = ()> {
    text: Text,
    values: Vec<Value>,
    row: PhantomData<fn() -> T>,
}

fn of_text<T>(text: Text) -> Query<T> {
    Query {
        text,
        values: Vec::new(),
        row: PhantomData,
    }
}

/// A statement that gives nothing.
pub(crate) fn query(sql: impl Into<Cow<'static, str>>) -> Query {
    of_text(Text::Both(sql.into()))
}

/// A statement that gives rows.
pub(crate) fn query_as<T: Row>(sql: impl Into<Cow<'static, str>>) -> Query<T> {
    of_text(Text::Both(sql.into()))
}

/// A statement that is written for the engine, with its values.
pub(super) fn written<T>(text: String, values: Vec<Value>) -> Query<T> {
    Query {
        values,
        ..of_text(Text::Both(text.into()))
    }
}

/// A statement that gives rows, where no one text does for both engines.
pub(crate) fn query_by_engine<T>(sqlite: &'static str, postgres: &'static str) -> Query<T> {
    of_text(Text::ByEngine { sqlite, postgres })
}

/// A statement that gives rows of one column.
pub(crate) fn query_scalar<T: Column>(sql: impl Into<Cow<'static, str>>) -> Scalar<T> {
    Scalar(of_text(Text::Both(sql.into())))
}

/// Tests see every statement with its values.
#[cfg(not(test))]
fn note(_sql: &str, _values: &[Value]) {}

/// Carries a statement out by these functions of sqlx, and makes something of what comes of it.
macro_rules! carry_out {
    ($text:expr, $values:expr, $on:expr, $with:ident, $method:ident, $made:expr) => {{
        let on = $on;
        let sql = $text.for_engine(on.engine());
        note(&sql, &$values);
        let sql = AssertSqlSafe(sql);
        match on {
            On::Sqlite(connection) => {
                let sql = sqlx::$with(sql, for_sqlite($values)?);
                sql.$method(connection).await.map($made)
            }
            On::SqlitePool(pool) => {
                let sql = sqlx::$with(sql, for_sqlite($values)?);
                sql.$method(pool).await.map($made)
            }
            On::Postgres(connection) => {
                let sql = sqlx::$with(sql, for_postgres($values)?);
                sql.$method(connection).await.map($made)
            }
            On::PostgresPool(pool) => {
                let sql = sqlx::$with(sql, for_postgres($values)?);
                sql.$method(pool).await.map($made)
            }
        }
    }};
}

impl<T> Query<T> {
    /// Gives the statement its next value.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Query<T> {
        self.values.push(value.into());
        self
    }

    /// The text as this engine takes it, and the values.
    pub(super) fn parts(self, engine: Engine) -> (Cow<'static, str>, Vec<Value>) {
        (self.text.for_engine(engine), self.values)
    }

    /// Carries the statement out, and gives the number of rows that it has changed.
    pub(crate) async fn execute(self, on: impl Into<On<'_>>) -> Result<u64, Error> {
        carry_out!(
            self.text,
            self.values,
            on.into(),
            query_with,
            execute,
            |it| it.rows_affected()
        )
    }
}

impl<T: Row> Query<T> {
    /// All rows.
    pub(crate) async fn fetch_all(self, on: impl Into<On<'_>>) -> Result<Vec<T>, Error> {
        carry_out!(
            self.text,
            self.values,
            on.into(),
            query_as_with,
            fetch_all,
            |it| it
        )
    }

    /// The only row.
    pub(crate) async fn fetch_one(self, on: impl Into<On<'_>>) -> Result<T, Error> {
        carry_out!(
            self.text,
            self.values,
            on.into(),
            query_as_with,
            fetch_one,
            |it| it
        )
    }

    /// The first row, if there is one.
    pub(crate) async fn fetch_optional(self, on: impl Into<On<'_>>) -> Result<Option<T>, Error> {
        carry_out!(
            self.text,
            self.values,
            on.into(),
            query_as_with,
            fetch_optional,
            |it| it
        )
    }
}

/// A statement that gives rows of one column.
#[derive(Debug)]
#[must_use]
pub(crate) struct Scalar<T>(Query<(T,)>);

impl<T: Column> Scalar<T> {
    /// Gives the statement its next value.
    pub(crate) fn bind(self, value: impl Into<Value>) -> Scalar<T> {
        Scalar(self.0.bind(value))
    }

    /// All rows.
    pub(crate) async fn fetch_all(self, on: impl Into<On<'_>>) -> Result<Vec<T>, Error> {
        let rows = self.0.fetch_all(on).await?;
        Ok(rows.into_iter().map(|(value,)| value).collect())
    }

    /// The only row.
    pub(crate) async fn fetch_one(self, on: impl Into<On<'_>>) -> Result<T, Error> {
        Ok(self.0.fetch_one(on).await?.0)
    }

    /// The first row, if there is one.
    pub(crate) async fn fetch_optional(self, on: impl Into<On<'_>>) -> Result<Option<T>, Error> {
        Ok(self.0.fetch_optional(on).await?.map(|(value,)| value))
    }
}
