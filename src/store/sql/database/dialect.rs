//! The words in which the engines differ. Statements are written in what both understand, and in these:
//!
//! | written | SQLite | PostgreSQL |
//! |---|---|---|
//! | `each($1)`, a table with the column `value` | `json_each($1) AS each` | `unnest($1) AS each(value)` |
//! | `each_row($1)`, likewise, of rows | `json_each($1) AS each_row` | `json_array_elements(…) AS each_row(value)` |
//! | `json(text)` | as written | `CAST(text AS json)` |
//! | `LEAST(…)`, `GREATEST(…)` | `MIN(…)`, `MAX(…)` | as written |
//! | `CROSS JOIN a ON …`: joined in this order | as written | `JOIN a ON …` |
//! | `INDEXED BY name` | as written | left out: it chooses by its statistics |
//! | `FOR NO KEY UPDATE OF … SKIP LOCKED`, at the end | left out: one writes at a time | as written |
//! | `next_number(t, id)`, of a new row | `(SELECT COALESCE(MAX(id), 0) + 1 FROM t)` | `nextval('t_id_seq')` |
//! | `CURRENT_TRANSACTION`, its number | `0` | `CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)` |
//!
//! `LEAST` and `GREATEST` are given no null: SQLite answers with null then, and PostgreSQL with the other value.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

/// Which engine a statement is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

/// Statements by their place in the program, as the engine reads them.
type Written = RwLock<HashMap<(usize, usize), &'static str>>;

/// The statement as the engine reads it. Each is written once.
pub(super) fn written_for(engine: Engine, sql: &'static str) -> &'static str {
    static SQLITE: LazyLock<Written> = LazyLock::new(Written::default);
    static POSTGRES: LazyLock<Written> = LazyLock::new(Written::default);
    let written = match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    };
    let place = (sql.as_ptr().addr(), sql.len());
    let known = written.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.get(&place) {
        return known;
    }
    drop(known);
    let new: &'static str = write(engine, sql).leak();
    let mut known = written.write().unwrap_or_else(PoisonError::into_inner);
    known.entry(place).or_insert(new)
}

fn write(engine: Engine, sql: &str) -> String {
    match engine {
        Engine::Sqlite => {
            let sql = with_tables(sql, "each(", |list| format!("json_each({list}) AS each"));
            let sql = with_tables(&sql, "each_row(", |list| {
                format!("json_each({list}) AS each_row")
            });
            let sql = with_tables(&sql, "next_number(", |of| {
                let (table, column) = of.split_once(", ").unwrap_or((of, ""));
                format!("(SELECT COALESCE(MAX({column}), 0) + 1 FROM {table})")
            });
            let (sql, _lock) = sql.split_once("FOR NO KEY UPDATE").unwrap_or((&sql, ""));
            sql.replace("LEAST(", "MIN(")
                .replace("GREATEST(", "MAX(")
                .replace("CURRENT_TRANSACTION", "0")
        }
        Engine::Postgres => {
            let sql = with_tables(sql, "each(", |list| {
                format!("unnest({list}) AS each(value)")
            });
            let sql = with_tables(&sql, "json(", |text| format!("CAST({text} AS json)"));
            let sql = with_tables(&sql, "each_row(", |list| {
                format!("json_array_elements(CAST({list} AS json)) AS each_row(value)")
            });
            let sql = with_tables(&sql, "next_number(", |of| {
                format!("nextval('{}_seq')", of.replace(", ", "_"))
            });
            let number = "CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)";
            let sql = sql
                .replace("CROSS JOIN", "JOIN")
                .replace("CURRENT_TRANSACTION", number);
            without_index_names(&sql)
        }
    }
}

/// The statement with each call of this function written otherwise.
fn with_tables(sql: &str, call: &str, written: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(sql.len() + 32);
    let mut rest = sql;
    while let Some(at) = rest.find(call) {
        let (before, called) = rest.split_at(at);
        let is_name = before.ends_with(|it: char| it.is_alphanumeric() || it == '_');
        let (parameter, after) = called
            .strip_prefix(call)
            .and_then(|it| it.split_once(')'))
            .unwrap_or((called, ""));
        out.push_str(before);
        if is_name {
            out.push_str(call);
            rest = called.strip_prefix(call).unwrap_or_default();
        } else {
            out.push_str(&written(parameter));
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn without_index_names(sql: &str) -> String {
    let mut parts = sql.split("INDEXED BY ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = part.find(char::is_whitespace).unwrap_or(part.len());
        out.push_str(part.get(name..).unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_written_for_each_engine() {
        let sql =
            "SELECT LEAST(a, $2) FROM each($1) CROSS JOIN t INDEXED BY t_a ON t.id = each.value
             WHERE x IN (SELECT value FROM each_row($3))";
        assert_eq!(
            write(Engine::Sqlite, sql),
            "SELECT MIN(a, $2) FROM json_each($1) AS each CROSS JOIN t INDEXED BY t_a ON t.id = each.value
             WHERE x IN (SELECT value FROM json_each($3) AS each_row)"
        );
        assert_eq!(
            write(Engine::Postgres, sql),
            "SELECT LEAST(a, $2) FROM unnest($1) AS each(value) JOIN t  ON t.id = each.value
             WHERE x IN (SELECT value FROM json_array_elements(CAST($3 AS json)) AS each_row(value))"
        );
    }

    #[test]
    fn only_a_server_locks_rows_and_numbers_transactions() {
        let sql = "SELECT CURRENT_TRANSACTION FROM t LIMIT 1 FOR NO KEY UPDATE OF t SKIP LOCKED";
        assert_eq!(write(Engine::Sqlite, sql), "SELECT 0 FROM t LIMIT 1 ");
        assert_eq!(
            write(Engine::Postgres, sql),
            "SELECT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT) FROM t LIMIT 1 \
             FOR NO KEY UPDATE OF t SKIP LOCKED"
        );
    }

    #[test]
    fn a_new_row_has_the_next_number() {
        let sql = "SELECT next_number(articles, seq), 1";
        assert_eq!(
            write(Engine::Sqlite, sql),
            "SELECT (SELECT COALESCE(MAX(seq), 0) + 1 FROM articles), 1"
        );
        assert_eq!(
            write(Engine::Postgres, sql),
            "SELECT nextval('articles_seq_seq'), 1"
        );
    }

    #[test]
    fn a_statement_is_written_once() {
        let sql = "SELECT value FROM each($1)";
        let first = written_for(Engine::Sqlite, sql);
        assert!(std::ptr::eq(first, written_for(Engine::Sqlite, sql)));
        assert_ne!(first, written_for(Engine::Postgres, sql));
    }
}
