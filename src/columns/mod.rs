//! Records as Arrow columns: the rows of Parquet files, and what the Python package gives to data frames and
//! engines. [`schema`] is the one list of columns; names, order and types are stable and change only with
//! [`SCHEMA_VERSION`], which the schema states in its metadata as [`VERSION_KEY`].
//!
//! - Every column, item of a list and field of a struct may be null, so that engines which derive types from a
//!   short description (`array<string>`) find the types they expect, and so that a page without a record is a row
//!   of nulls.
//! - Whole numbers are 64 bits wide. Columns of fields that are printed only on request are always there.
//! - Dates keep the form in which they are written. The instant and the day stand in columns of their own.
//!
//! This module does no I/O.

mod builder;
mod fields;
mod values;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, Schema, SchemaRef};

use crate::article::{Article, SCHEMA_VERSION};
use builder::Builder;
use fields::COLUMNS;
use values::Value;

/// The key of the schema's metadata under which [`SCHEMA_VERSION`] stands.
pub const VERSION_KEY: &str = "newsprint.schema_version";

/// Most bytes of one batch: Arrow's strings are found by offsets of 31 bits.
pub const MAX_BYTES: usize = i32::MAX as usize;

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let fields: Vec<_> = COLUMNS.iter().map(fields::Column::field).collect();
    let version = (VERSION_KEY.to_owned(), SCHEMA_VERSION.to_string());
    Arc::new(Schema::new_with_metadata(fields, HashMap::from([version])))
});

/// The columns of records: the fields of the record in their order, each with its description.
pub fn schema() -> SchemaRef {
    SCHEMA.clone()
}

/// A batch has no room for another record.
#[derive(Debug, thiserror::Error)]
#[error("a batch of columns holds at most 2 GiB; finish it and add the record to the next one")]
pub struct ColumnsFull;

/// Collects records as columns.
///
/// ```
/// # use newsprint::columns::{Columns, schema};
/// let article = newsprint::Article { text: "The ferry is back.".to_owned(), ..Default::default() };
/// let mut columns = Columns::new();
/// columns.push(&article)?;
/// columns.push_null()?;
/// let batch = columns.finish()?;
/// assert_eq!((batch.num_rows(), batch.schema()), (2, schema()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Columns {
    builders: Vec<Builder>,
    rows: usize,
    bytes: usize,
}

impl Columns {
    /// No rows yet.
    pub fn new() -> Columns {
        Columns {
            builders: COLUMNS.iter().map(|it| Builder::new(it.kind)).collect(),
            rows: 0,
            bytes: 0,
        }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// Fails if the batch would grow beyond [`MAX_BYTES`]; nothing is added then.
    pub fn push(&mut self, article: &Article) -> Result<(), ColumnsFull> {
        self.push_values(COLUMNS.iter().map(|it| (it.value)(article)).collect())
    }

    /// Adds a row of nulls: a page that has no record.
    ///
    /// # Errors
    /// Fails if the batch would grow beyond [`MAX_BYTES`]; nothing is added then.
    pub fn push_null(&mut self) -> Result<(), ColumnsFull> {
        self.push_values(COLUMNS.iter().map(|_| Value::Null).collect())
    }

    fn push_values(&mut self, values: Vec<Value>) -> Result<(), ColumnsFull> {
        let bytes = values.iter().map(Value::bytes).sum::<usize>() + self.bytes;
        if bytes > MAX_BYTES {
            return Err(ColumnsFull);
        }
        for (builder, value) in self.builders.iter_mut().zip(values) {
            builder.push(value);
        }
        self.rows += 1;
        self.bytes = bytes;
        Ok(())
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// What the rows take in memory, within a few bytes a value.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The rows as one batch with the columns of [`schema`]. The next record begins a new batch.
    ///
    /// # Errors
    /// Never fails: every column has the type that the schema states.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        (self.rows, self.bytes) = (0, 0);
        let arrays: Vec<ArrayRef> = self.builders.iter_mut().map(Builder::finish).collect();
        RecordBatch::try_new(schema(), arrays)
    }
}

impl Default for Columns {
    fn default() -> Columns {
        Columns::new()
    }
}

#[cfg(test)]
mod tests;
