//! Fields of stored records that change although the article does not: its id, where it moves to another address, and
//! its source, where that gets another name.

use serde_json::{Map, Value};

use super::database::{self, Connection};

/// Articles that are read at a time.
const BATCH: i64 = 500;

/// Gives all records of a source its new name.
pub(crate) async fn rename_source(
    connection: &mut Connection,
    old: &str,
    new: &str,
) -> Result<(), database::Error> {
    let mut after = 0;
    loop {
        let articles: Vec<(i64, String, String)> = database::query_as(
            "SELECT seq, id, record FROM articles WHERE source = $1 AND seq > $2
             ORDER BY seq LIMIT $3",
        )
        .bind(old)
        .bind(after)
        .bind(BATCH)
        .fetch_all(&mut *connection)
        .await?;
        let Some((last, ..)) = articles.last() else {
            return Ok(());
        };
        after = *last;
        for (seq, id, record) in articles {
            database::query("UPDATE articles SET record = $2 WHERE seq = $1")
                .bind(seq)
                .bind(with_field(&record, "source", new)?)
                .execute(&mut *connection)
                .await?;
            let revisions = Revisions { id: &id, now: &id };
            revisions.set(connection, "source", new).await?;
        }
    }
}

/// The revisions of an article, and the id that it has from now on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Revisions<'a> {
    pub(super) id: &'a str,
    pub(super) now: &'a str,
}

impl Revisions<'_> {
    /// Sets a field of all of them.
    pub(super) async fn set(
        self,
        connection: &mut Connection,
        field: &str,
        value: &str,
    ) -> Result<(), database::Error> {
        let revisions: Vec<(i64, String)> =
            database::query_as("SELECT revision, record FROM revisions WHERE id = $1")
                .bind(self.id)
                .fetch_all(&mut *connection)
                .await?;
        for (revision, record) in revisions {
            database::query(
                "UPDATE revisions SET id = $3, record = $4 WHERE id = $1 AND revision = $2",
            )
            .bind(self.id)
            .bind(revision)
            .bind(self.now)
            .bind(with_field(&record, field, value)?)
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }
}

/// The record with another value of this field, in its place.
fn with_field(record: &str, field: &str, value: &str) -> Result<String, database::Error> {
    let decode = |error: serde_json::Error| database::Error::Decode(error.into());
    let mut fields: Map<String, Value> = serde_json::from_str(record).map_err(decode)?;
    fields.insert(field.to_owned(), Value::from(value));
    serde_json::to_string(&fields).map_err(decode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_changes_in_its_place() {
        let record = r#"{"id":"a","source":"old","text":"«ä»\n","words":1.0}"#;
        assert_eq!(
            with_field(record, "source", "new \"x\"").unwrap(),
            r#"{"id":"a","source":"new \"x\"","text":"«ä»\n","words":1.0}"#
        );
    }
}
