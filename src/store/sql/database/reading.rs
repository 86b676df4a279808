//! Tables, read in the order of their primary keys, as much at a time as fits into memory.

use super::cells::{Cell, Cells};
use super::table::{Table, places};
use super::{Error, On, Query, query_as};

/// Rows that are read at a time…
const ROWS: i64 = 2_000;
/// …and about how many bytes of what may be long, or one row.
const BYTES: i64 = 16 << 20;

/// A reading of a table in the order of its primary key.
#[derive(Debug)]
pub(crate) struct Reading {
    table: &'static Table,
    after: Option<Vec<Cell>>,
}

impl Reading {
    /// Reads the rows after the one with this key, or all.
    pub(crate) fn of(table: &'static Table, after: Option<Vec<Cell>>) -> Reading {
        Reading { table, after }
    }

    /// The primary key of the last row that was read.
    pub(crate) fn position(&self) -> Option<&[Cell]> {
        self.after.as_deref()
    }

    /// The next rows; none at the end.
    pub(crate) async fn next(&mut self, on: impl Into<On<'_>>) -> Result<Vec<Cells>, Error> {
        let mut on = on.into();
        let most = match self.table.weight() {
            Some(weight) => self.most(&weight, on.again()).await?,
            None => ROWS,
        };
        let sql = self.sql(&self.table.names());
        let rows: Vec<Cells> = self
            .bound(query_as(sql))
            .bind(most)
            .fetch_all(on.again())
            .await?;
        if let Some(last) = rows.last() {
            self.after = Some(self.table.key_of(last).to_vec());
        }
        Ok(rows)
    }

    /// How many of the next rows fit into memory; one does in any case.
    async fn most(&self, weight: &str, on: On<'_>) -> Result<i64, Error> {
        let weights: Vec<(i64,)> = self
            .bound(query_as(self.sql(weight)))
            .bind(ROWS)
            .fetch_all(on)
            .await?;
        let mut bytes = 0;
        let fitting = weights.iter().take_while(|(weight,)| {
            bytes += weight;
            bytes <= BYTES
        });
        Ok(i64::try_from(fitting.count()).unwrap_or(ROWS).max(1))
    }

    fn sql(&self, what: &str) -> String {
        let (name, key) = (self.table.name, self.table.key_names());
        let (after, limit) = match &self.after {
            Some(after) => {
                let places = places(after.len());
                (format!("WHERE ({key}) > ({places})"), after.len() + 1)
            }
            None => (String::new(), 1),
        };
        format!("SELECT {what} FROM {name} {after} ORDER BY {key} LIMIT ${limit}")
    }

    fn bound<T>(&self, query: Query<T>) -> Query<T> {
        let after = self.after.iter().flatten();
        after.fold(query, Query::bind)
    }
}
