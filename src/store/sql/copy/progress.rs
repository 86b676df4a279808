//! How far a copy is, as its own table `copy_progress` has it, and whose copy it is.

use std::collections::HashMap;

use serde_json::Value;

use super::tables;
use crate::files;
use crate::location::StoreLocation;
use crate::store::sql::database::{self, Cell, Connection, Table, query, query_as, query_scalar};
use crate::store::sql::{SqlStore, transaction};
use crate::store::{CopyError, StoreError};

/// How far a table is.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    /// The primary key of the last row that was copied.
    pub(super) position: Option<Vec<Cell>>,
    pub(super) filled: bool,
}

/// By what name a copy knows the store that it is made of.
pub(super) fn name_of(location: &StoreLocation) -> String {
    match location {
        StoreLocation::File(path) => {
            let path = files::resolve(path).unwrap_or_else(|_| path.clone());
            path.display().to_string()
        }
        StoreLocation::Server(url) => url.to_string(),
    }
}

/// How far each table is; notes that a copy begins, where none has.
pub(super) async fn begin(
    copy: &SqlStore,
    source: &str,
) -> Result<HashMap<String, Progress>, CopyError> {
    let fault = |error| CopyError::Store(copy.fault(error));
    if let Some(source_location) = source_of(copy).await? {
        if source_location != source {
            return Err(CopyError::OtherCopy {
                location: copy.location.clone(),
                source_location,
            });
        }
        return known(copy).await.map_err(fault);
    }
    for table in tables::all() {
        if !table.is_empty(copy.readers()).await.map_err(fault)? {
            let location = copy.location.clone();
            return Err(CopyError::Occupied { location });
        }
    }
    let begun: Result<(), StoreError> = transaction!(copy, |connection| async {
        for table in tables::all() {
            query("INSERT INTO copy_progress (name, source) VALUES ($1, $2)")
                .bind(table.name)
                .bind(source)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    });
    begun?;
    Ok(HashMap::new())
}

/// The store of which this one is an unfinished copy.
pub(in crate::store::sql) async fn source_of(
    store: &SqlStore,
) -> Result<Option<String>, StoreError> {
    query_scalar("SELECT source FROM copy_progress LIMIT 1")
        .fetch_optional(store.readers())
        .await
        .map_err(|error| store.fault(error))
}

async fn known(copy: &SqlStore) -> Result<HashMap<String, Progress>, database::Error> {
    let rows: Vec<(String, Option<String>, bool)> =
        query_as("SELECT name, position, filled <> 0 FROM copy_progress")
            .fetch_all(copy.readers())
            .await?;
    let progress = rows.into_iter().map(|(name, position, filled)| {
        let position = position.as_deref().and_then(cells);
        (name, Progress { position, filled })
    });
    Ok(progress.collect())
}

/// Notes how far a table is.
pub(super) async fn note(
    connection: &mut Connection,
    table: &Table,
    position: Option<&[Cell]>,
    filled: bool,
) -> Result<(), database::Error> {
    query("UPDATE copy_progress SET position = $2, filled = $3 WHERE name = $1")
        .bind(table.name)
        .bind(position.map(text))
        .bind(filled)
        .execute(connection)
        .await
        .map(|_| ())
}

/// Notes that all is copied and compared.
pub(super) async fn end(copy: &SqlStore) -> Result<(), StoreError> {
    transaction!(copy, |connection| async {
        for table in tables::all() {
            table.after_inserts(&mut *connection).await?;
        }
        query("DELETE FROM copy_progress")
            .execute(connection)
            .await
            .map(|_| ())
    })
}

/// A key as JSON. Keys are made of numbers and texts.
fn text(key: &[Cell]) -> String {
    let values = key.iter().map(|cell| match cell {
        Cell::Int(value) => Value::from(*value),
        Cell::Text(text) => Value::from(text.as_str()),
        Cell::Null | Cell::Bytes(_) => Value::Null,
    });
    Value::from_iter(values).to_string()
}

fn cells(text: &str) -> Option<Vec<Cell>> {
    let values: Vec<Value> = serde_json::from_str(text).ok()?;
    let cells = values.into_iter().map(|value| match value {
        Value::String(text) => Some(Cell::Text(text)),
        Value::Number(number) => number.as_i64().map(Cell::Int),
        _ => None,
    });
    cells.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_as_text() {
        let key = [Cell::Text("a \"b\"".to_owned()), Cell::Int(i64::MIN)];
        assert_eq!(cells(&text(&key)).as_deref(), Some(key.as_slice()));
        assert_eq!(cells("[null]"), None);
    }
}
