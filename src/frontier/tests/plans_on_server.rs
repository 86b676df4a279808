//! No statement walks what grows: the statements that other tests have run are explained by the server, for tables of
//! any size, and none may read a table of addresses, hosts, articles or pages from end to end.

use super::plans::stories;
use crate::store::sql::postgres::plans;
use crate::store::tests::{database::is_on_server, statements};

/// Tables with a row a source or a pass.
const SMALL: [&str; 5] = [
    "runs",
    "run_outcomes",
    "source_ids",
    "sources",
    "source_sites",
];

/// What a statement may walk all the same, by a part of it, and why.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

#[test]
#[ignore = "its exceptions are not listed yet"]
fn no_statement_walks_what_grows_on_a_server() {
    if !is_on_server() {
        return;
    }
    let collecting = statements::collect_here();
    stories();
    drop(collecting);
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
}

fn is_allowed(sql: &str, walk: &str) -> bool {
    let table = walk.split(" on ").nth(1).unwrap_or_default();
    let table = table.split(' ').next().unwrap_or_default();
    let mut exceptions = EXCEPTIONS.iter();
    SMALL.contains(&table)
        || exceptions.any(|(part, name, _)| sql.contains(part) && walk.contains(name))
}
