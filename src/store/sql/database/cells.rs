//! Values and rows of any table.

use sha2::{Digest, Sha256};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Row, Type, TypeInfo, ValueRef};

use super::value::without_nul;
use super::{Error, FromRow, Value};

/// A value of a row. Values of a kind are in the order in which both engines have them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row of any table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cells(pub(crate) Vec<Cell>);

impl Cells {
    /// Adds the row to a hash, in a form in which no two rows are the same.
    pub(crate) fn add_to(&self, hash: &mut Sha256) {
        for cell in &self.0 {
            match cell {
                Cell::Null => hash.update(b"n"),
                Cell::Int(value) => {
                    hash.update(b"i");
                    hash.update(value.to_be_bytes());
                }
                Cell::Text(text) => add_bytes(hash, b"t", text.as_bytes()),
                Cell::Bytes(bytes) => add_bytes(hash, b"b", bytes),
            }
        }
    }

    /// Replaces the NULs of texts, which PostgreSQL has none of, and gives the number of texts that had some.
    pub(crate) fn replace_nuls(&mut self) -> u64 {
        let mut replaced = 0;
        for cell in &mut self.0 {
            if let Cell::Text(text) = cell
                && text.contains('\0')
            {
                *text = without_nul(std::mem::take(text));
                replaced += 1;
            }
        }
        replaced
    }
}

fn add_bytes(hash: &mut Sha256, kind: &[u8], bytes: &[u8]) {
    hash.update(kind);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

impl From<&Cell> for Value {
    fn from(cell: &Cell) -> Value {
        match cell {
            Cell::Null => Value::Text(None),
            Cell::Int(value) => Value::Int(Some(*value)),
            Cell::Text(text) => Value::Text(Some(text.clone())),
            Cell::Bytes(bytes) => Value::Bytes(Some(bytes.clone())),
        }
    }
}

impl<'r> FromRow<'r, SqliteRow> for Cells {
    fn from_row(row: &'r SqliteRow) -> Result<Cells, Error> {
        cells(row)
    }
}

impl<'r> FromRow<'r, PgRow> for Cells {
    fn from_row(row: &'r PgRow) -> Result<Cells, Error> {
        cells(row)
    }
}

fn cells<'r, R>(row: &'r R) -> Result<Cells, Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    let cell = |at: usize| {
        let value = row.try_get_raw(at)?;
        if value.is_null() {
            return Ok(Cell::Null);
        }
        let name = value.type_info().name().to_owned();
        match name.as_str() {
            "INTEGER" | "INT8" => row.try_get_unchecked(at).map(Cell::Int),
            "TEXT" => row.try_get_unchecked(at).map(Cell::Text),
            "BLOB" | "BYTEA" => row.try_get_unchecked(at).map(Cell::Bytes),
            _ => Err(Error::Decode(format!("a value of the type {name}").into())),
        }
    };
    (0..row.len())
        .map(cell)
        .collect::<Result<_, _>>()
        .map(Cells)
}

impl Cell {
    pub(super) fn int(self) -> Option<i64> {
        match self {
            Cell::Int(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn text(self) -> Option<String> {
        match self {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Cell::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}
