//! For tests: the statements that were run, and how SQLite carries them out.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::Mutex;

use sqlx::{AssertSqlSafe, Row};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

use crate::store::sql::SqlStore;

static STATEMENTS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Collects every statement that this process runs from now on.
pub(crate) fn collect() {
    tracing::subscriber::set_global_default(Statements).unwrap();
}

/// The statements that were collected, each with the lines of its plan.
pub(crate) async fn explain() -> Vec<(String, Vec<String>)> {
    let statements = STATEMENTS.lock().unwrap().clone();
    let store = SqlStore::scratch(Path::new("no-such-folder/newsprint.db")).await;
    let mut transaction = store.unwrap().begin().await.unwrap();
    let connection = transaction.sqlite().unwrap();
    let mut explained = Vec::new();
    // Migrations begin with a comment, and run once.
    let is_migration = |sql: &&String| sql.starts_with("--") || sql.contains("_sqlx_migrations");
    let statements = statements.iter().filter(|sql| !is_migration(sql));
    // Some go to SQLite several in one text.
    for sql in statements.flat_map(|sql| sql.split(";\n")) {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        // What a migration does otherwise may speak of tables that are gone.
        if let Ok(plan) = sqlx::query(explain).fetch_all(&mut *connection).await {
            let lines = plan.iter().map(|row| row.get("detail"));
            explained.push((sql.to_owned(), lines.collect()));
        }
    }
    explained
}

/// Collects the statements that sqlx says it has run.
struct Statements;

impl Subscriber for Statements {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Statement);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// The fields of one event. A statement that is short stands in its summary alone.
#[derive(Default)]
struct Statement;

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        let value = value.trim();
        let is_whole = field.name() == "db.statement" || !value.ends_with('…');
        if matches!(field.name(), "db.statement" | "summary") && is_whole && !value.is_empty() {
            STATEMENTS.lock().unwrap().insert(value.to_owned());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = (field, value);
    }
}
