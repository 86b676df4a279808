//! Statements that go to the database in one message. Each message costs as much as a small statement: SQLite runs on a
//! thread of its own, and a server is a round trip away.

use std::borrow::Cow;
use std::fmt::Write;

use super::dialect::Engine;
use super::query::{Query, Row, query, written};
use super::{Error, On, Value};

/// Statements that are carried out together. None of them reads what another one writes, and no two write the same row:
/// SQLite carries them out one after the other, PostgreSQL as parts of one statement that all see what was before it
/// (<https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-MODIFYING>).
#[derive(Debug, Default)]
pub(crate) struct Batch(Vec<Query>);

impl Batch {
    /// Adds a statement that inserts, updates or deletes.
    pub(crate) fn add(&mut self, query: Query) {
        self.0.push(query);
    }

    /// Adds those of another batch.
    pub(crate) fn append(&mut self, mut other: Batch) {
        self.0.append(&mut other.0);
    }

    /// Carries the statements out.
    pub(crate) async fn execute(self, on: impl Into<On<'_>>) -> Result<(), Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        let on = on.into();
        let engine = on.engine();
        let mut parts = self.0;
        // A single one stands alone.
        let last = match (engine, parts.len()) {
            (_, 1) | (Engine::Sqlite, _) => parts.pop(),
            (Engine::Postgres, _) => None,
        };
        let last = last.unwrap_or_else(|| query("SELECT 1"));
        let (text, values) = Batch(parts).joined(last, engine);
        written::<()>(text, values).execute(on).await.map(|_| ())
    }

    /// Carries the statements out with one more, and gives the only row of that.
    pub(crate) async fn and_one<T: Row>(
        self,
        last: Query<T>,
        on: impl Into<On<'_>>,
    ) -> Result<T, Error> {
        let on = on.into();
        let (text, values) = self.joined(last, on.engine());
        written(text, values).fetch_one(on).await
    }

    /// One text of all statements and one more, whose values are numbered through.
    fn joined<T>(self, last: Query<T>, engine: Engine) -> (String, Vec<Value>) {
        let mut text = String::new();
        let mut values = Vec::new();
        for (number, query) in self.0.into_iter().enumerate() {
            let sql = with_values(query, engine, &mut values);
            // Writing to a string does not fail.
            let _ = match engine {
                Engine::Sqlite => writeln!(text, "{sql};"),
                Engine::Postgres if number == 0 => write!(text, "WITH part0 AS ({sql})"),
                Engine::Postgres => write!(text, ", part{number} AS ({sql})"),
            };
        }
        if engine == Engine::Postgres && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&with_values(last, engine, &mut values));
        (text, values)
    }
}

/// The text of a statement whose values follow these.
fn with_values<T>(query: Query<T>, engine: Engine, values: &mut Vec<Value>) -> String {
    let (sql, own) = query.parts(engine);
    let sql = numbered_from(&sql, values.len()).into_owned();
    values.extend(own);
    sql
}

/// The statement with the number of each of its values raised by so many.
fn numbered_from(sql: &str, before: usize) -> Cow<'_, str> {
    if before == 0 {
        return Cow::Borrowed(sql);
    }
    let mut parts = sql.split('$');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        let number: usize = number.parse().unwrap_or_default();
        let _ = write!(out, "${}{rest}", number + before);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> Batch {
        let mut batch = Batch::default();
        batch.add(query("UPDATE a SET x = $2 WHERE id = $1").bind(1).bind(2));
        batch.add(query("DELETE FROM b WHERE id IN (SELECT value FROM each($1))").bind(3));
        batch
    }

    #[test]
    fn statements_are_joined_as_each_engine_takes_them() {
        let last = || query("SELECT x FROM c WHERE id = $1").bind(4);
        let (text, values) = batch().joined(last(), Engine::Sqlite);
        assert_eq!(
            text,
            "UPDATE a SET x = $2 WHERE id = $1;\n\
             DELETE FROM b WHERE id IN (SELECT value FROM json_each($3) AS each);\n\
             SELECT x FROM c WHERE id = $4"
        );
        assert_eq!(values, [1, 2, 3, 4].map(Value::from));
        let (text, _) = batch().joined(last(), Engine::Postgres);
        assert_eq!(
            text,
            "WITH part0 AS (UPDATE a SET x = $2 WHERE id = $1), \
             part1 AS (DELETE FROM b WHERE id IN (SELECT value FROM unnest($3) AS each(value))) \
             SELECT x FROM c WHERE id = $4"
        );
    }
}
