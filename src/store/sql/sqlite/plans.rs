//! For tests: how SQLite carries out the statements that were run.

use std::path::Path;

use sqlx::{AssertSqlSafe, Row};

use crate::store::sql::SqlStore;
use crate::store::tests::statements;

/// The statements that were noted, each with the lines of its plan.
pub(crate) async fn explain() -> Vec<(String, Vec<String>)> {
    let store = SqlStore::scratch(Path::new("no-such-folder/newsprint.db")).await;
    let mut transaction = store.unwrap().begin().await.unwrap();
    let connection = transaction.sqlite().unwrap();
    let mut explained = Vec::new();
    let noted = statements::noted();
    // Some go to SQLite several in one text.
    for sql in noted.keys().flat_map(|sql| sql.split(";\n")) {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let plan = sqlx::query(explain).fetch_all(&mut *connection).await;
        let lines = plan.unwrap().iter().map(|row| row.get("detail")).collect();
        explained.push((sql.to_owned(), lines));
    }
    explained
}
