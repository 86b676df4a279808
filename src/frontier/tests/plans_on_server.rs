//! No statement walks what grows on a server: the statements that other tests have run are explained for tables of some size,
//! and none may read addresses, hosts, articles or pages from end to end, nor sort what it selects.

use super::plans::stories;
use crate::store::sql::postgres::plans;
use crate::store::tests::{database::is_on_server, statements};

/// Tables with a row a source or a worker.
const SMALL: [&str; 6] = [
    "source_ids",
    "sources",
    "source_sites",
    "source_health",
    "health_windows",
    "workers",
];

/// What a statement may do all the same, by a part of it: what its plan says, and why.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

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
