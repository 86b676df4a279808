//! No statement walks what grows on a server: the statements that other tests have run are explained for tables of some size,
//! and none may read addresses, hosts, articles or pages from end to end, nor sort what it selects.

use super::plans::stories;
use crate::store::sql::postgres::plans;
use crate::store::tests::{database::is_on_server, statements};

/// Tables with a row a source, a pass or a worker.
const SMALL: [&str; 11] = [
    "runs",
    "run_outcomes",
    "copy_progress",
    "source_ids",
    "sources",
    "source_sites",
    "source_health",
    "health_windows",
    "workers",
    "search_sources",
    "pg_database",
];

/// What a statement may do all the same, by a part of it: what its plan says, and why.
const EXCEPTIONS: [(&str, &str, &str); 32] = [
    (
        "search_position",
        "Seq Scan on search_position",
        "a table of one row",
    ),
    (
        "GROUP BY articles.source, 2",
        "Sort",
        "articles of the days that are shown",
    ),
    (
        "GROUP BY source_ids.name, 2",
        "Sort",
        "pages of the days that are shown",
    ),
    (
        "AS near",
        "Sort",
        "eight bands of 64 articles, and articles that state one URL",
    ),
    (
        "ORDER BY depth, hint DESC NULLS LAST, id LIMIT",
        "Sort",
        "entry points of a source at a host",
    ),
    (
        "ORDER BY due_at, depth, id LIMIT",
        "Sort",
        "entry points of a source at a host",
    ),
    (
        "ORDER BY hint NULLS FIRST, id DESC LIMIT",
        "Incremental Sort",
        "pages of one date",
    ),
    (
        "outcome = 'too_old' AND visits = 0",
        "Sort",
        "pages of a source that are too old, of which so many are kept",
    ),
    (
        "ORDER BY given = $3 DESC",
        "Sort",
        "entry points of a source",
    ),
    (
        "FROM sources LEFT JOIN source_ids",
        "",
        "entry points of all sources, once a pass",
    ),
    (
        "FROM urls\n    WHERE due_at > $1 AND COALESCE",
        "Seq Scan on urls",
        "only where a clock was ahead",
    ),
    (
        "UPDATE shapes SET visited_at = $1 WHERE visited_at > $1",
        "Seq Scan on shapes",
        "only where a clock was ahead",
    ),
    (
        "FROM hosts WHERE visited_at > $1 OR",
        "Seq Scan on hosts",
        "a row a host, once a pass",
    ),
    (
        "SELECT host, back_off_until",
        "Seq Scan on hosts",
        "a row a host, once a pass",
    ),
    (
        "FROM host_shares LEFT JOIN hosts",
        "Seq Scan on host",
        "a row a host and source, once a pass",
    ),
    (
        "DELETE FROM robots",
        "Seq Scan on robots",
        "a row a site, once a pass",
    ),
    (
        "PARTITION BY source ORDER BY",
        "",
        "refused pages, of which so many are kept",
    ),
    (
        "AND pages.judged_by IS DISTINCT FROM",
        "",
        "refused pages, of which so many are kept",
    ),
    (
        "AND fetched_at <= $2 GROUP BY 1",
        "Sort",
        "articles of the days that are shown",
    ),
    (
        "SELECT outcome, COUNT(*), COUNT(due_at)",
        "Sort",
        "lost pages of the days that are shown",
    ),
    (
        "FROM revisions WHERE id = $1",
        "Sort",
        "revisions of an article",
    ),
    (
        "SELECT started, entry_point <> 0, outcome, count",
        "Sort",
        "passes of a source that count",
    ),
    (
        "UPDATE urls SET due_at = $7, attempts = 0",
        "Index Scan using urls_lost_in_order",
        "a user's command",
    ),
    (
        "UPDATE host_shares SET page_failures = 0",
        "Seq Scan on host_shares",
        "a user's command",
    ),
    ("WHERE hosts.turn_at > $1", "", "a row a host, once a pass"),
    (
        "SELECT MIN(lease_until)",
        "Seq Scan on hosts",
        "a row a host, where a worker has nothing to do",
    ),
    (
        "SELECT urls.id FROM urls JOIN hosts",
        "Sort",
        "refused pages that were not kept, once for each change of the settings",
    ),
    (
        "FROM search_words WHERE words @@",
        "",
        "read through bitmaps of indexes alone",
    ),
    (
        "FROM search_words WHERE CAST($1 AS TEXT) = ''",
        "Sort",
        "a plan for any source; for a few rows",
    ),
    (
        "FROM text_bands AS own",
        "Sort",
        "eight bands of 64 articles",
    ),
    ("FROM search_sources ORDER BY id", "Sort", "a row a source"),
    (
        "AND added_in < pg_snapshot_xmin",
        "Sort",
        "the articles of one transaction, which here are all",
    ),
];

#[test]
fn no_statement_walks_what_grows_on_a_server() {
    if !is_on_server() {
        return;
    }
    statements::note_all();
    stories();
    let explain = tokio::runtime::Runtime::new().unwrap();
    let explained = explain.block_on(plans::explain());
    let walks = explained.iter().flat_map(|(sql, walks)| {
        let bad = walks.iter().filter(|walk| !is_allowed(sql, walk));
        bad.map(move |walk| format!("{walk}\n    {sql}"))
    });
    let walks: Vec<String> = walks.collect();
    assert_eq!(walks, [""; 0], "{}", walks.join("\n"));
    let count = explained.len();
    assert!(count > 100, "only {count} statements were run");
    for of_visits in [
        "UPDATE hosts SET visited_at",
        "FROM host_shares AS share",
        "AS refetches",
        "nextval('articles_seq_seq')",
        "UPDATE urls SET",
    ] {
        let is_there = explained.iter().any(|(sql, _)| sql.contains(of_visits));
        assert!(is_there, "no statement with {of_visits}");
    }
}

fn is_allowed(sql: &str, walk: &str) -> bool {
    let table = walk.split(" on ").nth(1).unwrap_or_default();
    let table = table.split(' ').next().unwrap_or_default();
    let mut exceptions = EXCEPTIONS.iter();
    SMALL.contains(&table)
        || exceptions.any(|(part, plan, _)| sql.contains(part) && walk.starts_with(plan))
}
