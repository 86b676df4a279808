//! Tables as lists of columns, and their rows written many at a time.

use std::fmt::Write as _;

use sqlx::postgres::PgArguments;
use sqlx::{Arguments, AssertSqlSafe};

use super::cells::{Cell, Cells};
use super::{Error, On, Query, query, query_scalar};

/// Values that one statement of SQLite is given at most: it takes 32,766.
const VALUES: usize = 30_000;
/// Rows that one statement deletes.
const DELETED: usize = 500;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    /// Text that may be long.
    LongText,
    Bytes,
}

/// A table: its columns, the first of which are its primary key.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) key: usize,
    pub(crate) columns: &'static [(&'static str, Kind)],
}

impl Table {
    /// The primary key of one of its rows.
    pub(crate) fn key_of<'r>(&self, row: &'r Cells) -> &'r [Cell] {
        row.0.get(..self.key).unwrap_or_default()
    }

    pub(super) fn names(&self) -> String {
        quoted(self.columns)
    }

    pub(super) fn key_names(&self) -> String {
        quoted(self.columns.get(..self.key).unwrap_or_default())
    }

    /// The bytes of a row that may be many.
    pub(super) fn weight(&self) -> Option<String> {
        let long = self
            .columns
            .iter()
            .filter(|(_, kind)| matches!(kind, Kind::LongText | Kind::Bytes));
        let weights: Vec<String> = long
            .map(|(name, _)| format!("COALESCE(OCTET_LENGTH(\"{name}\"), 0)"))
            .collect();
        (!weights.is_empty()).then(|| format!("CAST({} AS BIGINT)", weights.join(" + ")))
    }

    /// The number of its rows.
    pub(crate) async fn count(&self, on: impl Into<On<'_>>) -> Result<i64, Error> {
        query_scalar(format!("SELECT COUNT(*) FROM {}", self.name))
            .fetch_one(on)
            .await
    }

    /// True where it has no row.
    pub(crate) async fn is_empty(&self, on: impl Into<On<'_>>) -> Result<bool, Error> {
        let sql = format!("SELECT NOT EXISTS (SELECT 1 FROM {})", self.name);
        query_scalar(sql).fetch_one(on).await
    }

    /// Inserts rows, but none whose primary key or other unique key is there.
    pub(crate) async fn insert(
        &self,
        on: impl Into<On<'_>>,
        rows: Vec<Cells>,
    ) -> Result<(), Error> {
        match on.into() {
            On::Sqlite(connection) => {
                for rows in rows.chunks(VALUES / self.columns.len().max(1)) {
                    let values = rows.iter().flat_map(|row| &row.0);
                    let insert = query(self.insert_for_sqlite(rows.len()));
                    let insert = values.fold(insert, Query::bind);
                    insert.execute(&mut *connection).await?;
                }
            }
            On::Postgres(connection) => {
                let (sql, values) = self.insert_for_postgres(rows)?;
                sqlx::query_with(AssertSqlSafe(sql), values)
                    .execute(connection)
                    .await?;
            }
            On::SqlitePool(_) | On::PostgresPool(_) => {
                return Err(Error::Configuration(
                    "rows are inserted in a transaction".into(),
                ));
            }
        }
        Ok(())
    }

    fn insert_for_sqlite(&self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.columns.len()].join(","));
        format!(
            "INSERT INTO {} ({}) VALUES {} ON CONFLICT DO NOTHING",
            self.name,
            self.names(),
            vec![row.as_str(); rows].join(",")
        )
    }

    /// One array a column: the statement is the same however many rows there are.
    fn insert_for_postgres(&self, rows: Vec<Cells>) -> Result<(String, PgArguments), Error> {
        let mut columns: Vec<Vec<Cell>> = self
            .columns
            .iter()
            .map(|_| Vec::with_capacity(rows.len()))
            .collect();
        for row in rows {
            for (column, cell) in columns.iter_mut().zip(row.0) {
                column.push(cell);
            }
        }
        let mut values = PgArguments::default();
        let mut arrays = String::new();
        for (at, ((_, kind), column)) in self.columns.iter().zip(columns).enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let _ = write!(arrays, "{comma}CAST(${} AS {}[])", at + 1, kind.name());
            let column = column.into_iter();
            match kind {
                Kind::Int => values.add(column.map(Cell::int).collect::<Vec<_>>()),
                Kind::Text | Kind::LongText => {
                    values.add(column.map(Cell::text).collect::<Vec<_>>())
                }
                Kind::Bytes => values.add(column.map(Cell::bytes).collect::<Vec<_>>()),
            }
            .map_err(Error::Encode)?;
        }
        let (name, names) = (self.name, self.names());
        let sql = format!(
            "INSERT INTO {name} ({names}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING"
        );
        Ok((sql, values))
    }

    /// Deletes the rows with these keys.
    pub(crate) async fn delete(
        &self,
        on: impl Into<On<'_>>,
        keys: &[Vec<Cell>],
    ) -> Result<(), Error> {
        let mut on = on.into();
        for keys in keys.chunks(DELETED) {
            let mut sql = format!(
                "DELETE FROM {} WHERE ({}) IN (VALUES ",
                self.name,
                self.key_names()
            );
            let mut place = 0;
            for (number, _) in keys.iter().enumerate() {
                sql.push_str(if number == 0 { "(" } else { ", (" });
                for (at, (_, kind)) in self.columns.iter().take(self.key).enumerate() {
                    place += 1;
                    let comma = if at == 0 { "" } else { ", " };
                    let _ = write!(sql, "{comma}CAST(${place} AS {})", kind.name());
                }
                sql.push(')');
            }
            sql.push(')');
            let statement = keys.iter().flatten().fold(query(sql), Query::bind);
            statement.execute(on.again()).await?;
        }
        Ok(())
    }

    /// Makes the numbers that the engine gives to new rows follow those that are there, and its plans fit them. SQLite
    /// needs neither.
    pub(crate) async fn after_inserts(&self, on: impl Into<On<'_>>) -> Result<(), Error> {
        let On::Postgres(connection) = on.into() else {
            return Ok(());
        };
        let name = self.name;
        if let [(key, Kind::Int), ..] = self.columns
            && self.key == 1
        {
            let sql = format!(
                "SELECT setval(sequence, GREATEST(number, 1), number > 0)
                 FROM (SELECT pg_get_serial_sequence('{name}', '{key}') AS sequence,
                              (SELECT COALESCE(MAX(\"{key}\"), 0) FROM {name}) AS number) AS numbers
                 WHERE sequence IS NOT NULL"
            );
            sqlx::query(AssertSqlSafe(sql))
                .execute(&mut *connection)
                .await?;
        }
        let analyze = AssertSqlSafe(format!("ANALYZE {name}"));
        sqlx::query(analyze).execute(connection).await.map(|_| ())
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Int => "BIGINT",
            Kind::Text | Kind::LongText => "TEXT",
            Kind::Bytes => "BYTEA",
        }
    }
}

fn quoted(columns: &[(&str, Kind)]) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|(name, _)| format!("\"{name}\""))
        .collect();
    names.join(", ")
}

pub(super) fn places(count: usize) -> String {
    let places: Vec<String> = (1..=count).map(|it| format!("${it}")).collect();
    places.join(", ")
}
