//! For tests: how PostgreSQL carries out the statements that were run, in a store of some size.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::store::tests::database::TestDatabase;
use crate::store::tests::statements;

/// Rows enough in each table that grows for an index to be worth it, spread as a crawl spreads them: few addresses wait.
const ROWS: &str = "
    INSERT INTO source_ids (name) SELECT 's' || n FROM generate_series(1, 100) AS n;
    INSERT INTO sources (source, settings, position) SELECT 's' || n, '{}', n FROM generate_series(1, 100) AS n;
    INSERT INTO hosts (host, source_id, claimed_at, visited_at)
        SELECT 'h' || n || '.test', n % 100 + 1, n, n FROM generate_series(1, 5000) AS n;
    INSERT INTO host_shares (host_id, source_id, due_at, claimed_at)
        SELECT n, n % 100 + 1, CASE WHEN n % 5 > 0 THEN n END, n FROM generate_series(1, 5000) AS n;
    INSERT INTO urls (host_id, source_id, kind, key, path, depth, given, due_at, visits, stored_at, evidence, hint,
                      found_at, visited_at, outcome, article)
        SELECT n % 5000 + 1, (n % 5000 + 1) % 100 + 1, CASE WHEN n % 200 < 1 THEN 1 ELSE 0 END, n * 7919, '/news/' || n,
               1, 0, CASE WHEN n % 10 < 3 THEN n END, n % 10, CASE WHEN n % 10 BETWEEN 2 AND 8 THEN n END, n % 4 + 1, n, n,
               n, CASE n % 10 WHEN 0 THEN NULL WHEN 1 THEN 'http_4xx' WHEN 9 THEN 'not_article' ELSE 'stored' END,
               CASE WHEN n % 10 BETWEEN 2 AND 8 THEN 'a' || n % 20000 END
        FROM generate_series(1, 100000) AS n;
    INSERT INTO shapes (shape, source, host, barren, visited_at)
        SELECT 'h' || n || '.test/*', 's' || n % 100 + 1, 'h' || n || '.test', 0, n FROM generate_series(1, 5000) AS n;
    INSERT INTO robots (origin, expires_at) SELECT 'https://h' || n || '.test', n FROM generate_series(1, 5000) AS n;
    INSERT INTO articles (id, source, content_hash, fetched_at, written_at, record, words)
        SELECT 'a' || n, 's' || n % 100 + 1, 'c' || n, n, n, '{}', n FROM generate_series(1, 20000) AS n;
    INSERT INTO revisions SELECT 'a' || n, 1, n, '{}' FROM generate_series(1, 5000) AS n;
    INSERT INTO text_bands SELECT n * 104729 % 1000000007, n / 8 + 1 FROM generate_series(0, 79999::bigint) AS n;
    INSERT INTO pages (url, final_url, source, fetched_at, status, is_article, length, packed, judged_by)
        SELECT 'https://h' || n || '.test/', '', 's' || n % 100 + 1, n, 200, CASE WHEN n % 20 < 1 THEN 0 ELSE 1 END,
               9, '', 'x'
        FROM generate_series(1, 20000) AS n;
    INSERT INTO site_memory SELECT 'h' || n || '.test', '' FROM generate_series(1, 5000) AS n;
    INSERT INTO site_memory_news SELECT 'h' || n % 5000 + 1 || '.test', n / 5000, '' FROM generate_series(1, 20000) AS n;
    INSERT INTO runs SELECT 's' || n % 100 + 1, n / 100, n FROM generate_series(1, 10000) AS n;
    INSERT INTO run_outcomes SELECT 's' || n % 100 + 1, n / 100, 0, 'stored', n FROM generate_series(1, 10000) AS n;
    INSERT INTO found_pages SELECT n % 100 + 1, n / 100, 1 FROM generate_series(1, 10000) AS n;
    INSERT INTO search_sources (source) SELECT 's' || n FROM generate_series(1, 100) AS n;
    INSERT INTO search_words
        SELECT n, n, n % 100 + 1, 'en', 'en', 'article', n, CAST('w' || n % 1000 || ':1' AS tsvector)
        FROM generate_series(1, 20000) AS n;
    INSERT INTO output_files SELECT 'file' || n, n, 0 FROM generate_series(1, 5000) AS n;
    ANALYZE";

/// The statements that were noted, each with what its plan reads from end to end or sorts, whatever the values. A
/// statement that can't be explained has the reason.
pub(crate) async fn explain() -> Vec<(String, Vec<String>)> {
    let database = TestDatabase::create().unwrap();
    database.run(ROWS).await;
    let mut connection = database.connect().await;
    let setting = "SET plan_cache_mode = force_generic_plan";
    sqlx::raw_sql(setting)
        .execute(&mut connection)
        .await
        .unwrap();
    let mut explained = Vec::new();
    for (sql, types) in statements::noted() {
        let plan = plan_of(&mut connection, &sql, &types).await;
        let walks = plan.map_or_else(|error| vec![error.to_string()], |plan| walks(&plan));
        explained.push((sql, walks));
    }
    connection.close().await.unwrap();
    explained
}

/// The lines of the plan of a statement; none where it is one that has no plan.
async fn plan_of(
    connection: &mut PgConnection,
    sql: &str,
    types: &str,
) -> Result<Vec<String>, sqlx::Error> {
    let words = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];
    if !words.iter().any(|word| sql.trim_start().starts_with(word)) {
        return Ok(Vec::new());
    }
    let (types, values) = match types {
        "" => (String::new(), String::new()),
        types => {
            let values = vec!["NULL"; types.split(", ").count()];
            (format!("({types})"), format!("({})", values.join(", ")))
        }
    };
    let prepare = AssertSqlSafe(format!("PREPARE explained{types} AS {sql}"));
    sqlx::raw_sql(prepare).execute(&mut *connection).await?;
    let explain = AssertSqlSafe(format!("EXPLAIN (COSTS OFF) EXECUTE explained{values}"));
    let plan = sqlx::query_scalar(explain)
        .fetch_all(&mut *connection)
        .await;
    let forget = sqlx::raw_sql("DEALLOCATE explained").execute(&mut *connection);
    forget.await?;
    plan
}

/// What a plan reads from end to end, tables and indexes, and what it sorts.
fn walks(plan: &[String]) -> Vec<String> {
    let is_node = |line: &&String| line.trim_start().starts_with("->");
    let mut walks = Vec::new();
    for (at, line) in plan.iter().enumerate() {
        let node = line.trim_start().trim_start_matches("->").trim_start();
        let details = plan.iter().skip(at + 1).take_while(|line| !is_node(line));
        let is_bounded = details.into_iter().any(|line| line.contains("Index Cond:"));
        let is_index = ["Index Scan", "Index Only Scan", "Bitmap Index Scan"]
            .iter()
            .any(|it| node.starts_with(it));
        let is_sort = ["Sort", "Incremental Sort"].contains(&node);
        if node.starts_with("Seq Scan") || is_sort || is_index && !is_bounded {
            walks.push(node.to_owned());
        }
    }
    walks
}
