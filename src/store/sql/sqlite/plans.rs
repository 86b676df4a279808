//! For tests: how SQLite carries out the statements that were run.

use std::path::Path;

use sqlx::{AssertSqlSafe, Row};

use crate::store::sql::SqlStore;
use crate::store::tests::statements;

/// The statements that were collected, each with the lines of its plan.
pub(crate) async fn explain() -> Vec<(String, Vec<String>)> {
    let statements = statements::collected();
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
