//! For tests: how PostgreSQL carries out the statements that were run, whatever values they are given and however large
//! the tables are.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::store::tests::database::TestDatabase;
use crate::store::tests::statements;

/// The statements that were collected, each with what its plan walks from end to end: tables, and indexes without a
/// condition. A statement that can't be explained has the reason.
pub(crate) async fn explain() -> Vec<(String, Vec<String>)> {
    let database = TestDatabase::create().unwrap();
    let mut connection = database.connect().await;
    let setting = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off";
    sqlx::raw_sql(setting)
        .execute(&mut connection)
        .await
        .unwrap();
    let mut explained = Vec::new();
    for sql in statements::collected() {
        // Migrations run once, and settings read no table.
        let words = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];
        if sql.contains("_sqlx_migrations") || !words.iter().any(|word| sql.starts_with(word)) {
            continue;
        }
        let plan = plan_of(&mut connection, &sql).await;
        let walks = plan.map_or_else(|error| vec![error], |plan| walks(&plan));
        explained.push((sql, walks));
    }
    connection.close().await.unwrap();
    explained
}

/// The lines of the plan of a statement.
async fn plan_of(connection: &mut PgConnection, sql: &str) -> Result<Vec<String>, String> {
    let count = (1..)
        .take_while(|it| sql.contains(&format!("${it}")))
        .count();
    let mut fault = String::new();
    for types in types_of(sql, count) {
        let prepare = format!("PREPARE explained{types} AS {sql}");
        let prepared = sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *connection);
        if let Err(error) = prepared.await {
            fault = error.to_string();
            continue;
        }
        let values = match count {
            0 => String::new(),
            count => format!("({})", vec!["NULL"; count].join(", ")),
        };
        let explain = format!("EXPLAIN (COSTS OFF) EXECUTE explained{values}");
        let plan = sqlx::query_scalar(AssertSqlSafe(explain)).fetch_all(&mut *connection);
        let plan = plan.await.map_err(|error| error.to_string());
        let forget = sqlx::raw_sql("DEALLOCATE explained").execute(&mut *connection);
        forget.await.unwrap();
        return plan;
    }
    Err(fault)
}

/// Types that the values of a statement may have, to be tried in turn: a log does not say them, and the server can't
/// always make them out.
fn types_of(sql: &str, count: usize) -> Vec<String> {
    if count == 0 {
        return vec![String::new()];
    }
    let lists: Vec<usize> = (0..count)
        .filter(|at| sql.contains(&format!("unnest(${})", at + 1)))
        .collect();
    let mut tried = Vec::new();
    for texts in 0..1_usize << lists.len() {
        let mut types = vec!["unknown"; count];
        for (place, at) in lists.iter().enumerate() {
            types[*at] = match texts >> place & 1 {
                0 => "bigint[]",
                _ => "text[]",
            };
        }
        tried.push(format!("({})", types.join(", ")));
        for at in (0..count).filter(|at| !lists.contains(at)) {
            let mut types = types.clone();
            types[at] = "bigint";
            tried.push(format!("({})", types.join(", ")));
        }
    }
    tried
}

/// What a plan walks from end to end.
fn walks(plan: &[String]) -> Vec<String> {
    let is_node = |line: &&String| line.trim_start().starts_with("->");
    let mut walks = Vec::new();
    for (at, line) in plan.iter().enumerate() {
        let node = line.trim_start().trim_start_matches("->").trim_start();
        let details = plan[at + 1..].iter().take_while(|line| !is_node(line));
        let is_bounded = details.into_iter().any(|line| line.contains("Index Cond:"));
        let is_index = ["Index Scan", "Index Only Scan", "Bitmap Index Scan"]
            .iter()
            .any(|it| node.starts_with(it));
        if node.starts_with("Seq Scan") || is_index && !is_bounded {
            walks.push(node.to_owned());
        }
    }
    walks
}
