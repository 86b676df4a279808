//! No statement walks what grows: the statements that other tests have run are explained by the SQLite that is bundled,
//! and none may scan a table of addresses, hosts, articles or pages, nor sort more than a page of rows.

use super::{articles, bounds, claims, clock, named, pages, retries, shares, too_old, trends};
use crate::store::sql::search::tests as search;
use crate::store::sql::sqlite::plans;
use crate::store::tests::{database::is_on_server, statements};

/// What may be walked from end to end: a list that a statement is given, a selection with a limit of its own, and
/// tables with a row a source or a pass.
const SMALL: [&str; 25] = [
    "CONSTANT",
    "runs",
    "run_outcomes",
    "named",
    "each",
    "each_row",
    "source_ids",
    "sources",
    "source_sites",
    "owner",
    "other",
    "new",
    "placed",
    "recent",
    "stated",
    "same",
    "near",
    "fresh",
    "backlog",
    "retries",
    "refetches",
    "next",
    "versions",
    "json_each",
    "search_sources",
];

/// What a statement may do all the same, by a part of it: what its plan says, and why.
const EXCEPTIONS: [(&str, &str, &str); 32] = [
    (
        "LIMIT $7) AS counted",
        "SCAN",
        "stops at as many as are counted",
    ),
    (
        "GROUP BY articles.source, 2",
        "USE TEMP B-TREE",
        "articles of the days that are shown",
    ),
    (
        "GROUP BY source_ids.name, 2",
        "USE TEMP B-TREE",
        "pages of the days that are shown",
    ),
    (
        "FROM urls\n    WHERE due_at > $1 AND COALESCE",
        "SCAN urls",
        "only where a clock was ahead",
    ),
    (
        "FROM hosts WHERE visited_at > $1 OR",
        "SCAN hosts",
        "a row a host, once a pass",
    ),
    (
        "SELECT host, back_off_until",
        "SCAN hosts",
        "a row a host, once a pass",
    ),
    (
        "FROM host_shares LEFT JOIN hosts",
        "SCAN host_shares",
        "a row a host and source, once a pass",
    ),
    (
        "UPDATE hosts SET lease_until = 0 WHERE lease_until",
        "SCAN hosts",
        "a row a host, once a pass",
    ),
    (
        "WHERE hosts.turn_at > $1",
        "SCAN hosts",
        "a row a host, once a pass",
    ),
    (
        "WHERE hosts.turn_at > $1",
        "USE TEMP B-TREE",
        "a row a slow host",
    ),
    (
        "UPDATE host_shares SET page_failures = 0",
        "SCAN host_shares",
        "a user's command",
    ),
    (
        "INDEXED BY host_shares_in_turn",
        "SCAN share USING",
        "stops at the first share that has something due",
    ),
    ("UPDATE OR REPLACE", "SCAN", "a source is renamed"),
    (
        "ORDER BY depth, hint DESC NULLS LAST, id",
        "USE TEMP B-TREE",
        "entry points of a source at a host",
    ),
    (
        "ORDER BY due_at, depth, id",
        "USE TEMP B-TREE",
        "entry points of a source at a host",
    ),
    (
        "ORDER BY given = $3 DESC",
        "USE TEMP B-TREE",
        "entry points of a source",
    ),
    ("SELECT DISTINCT other.name", "USE TEMP B-TREE", "sources"),
    (
        "GROUP BY seq ORDER BY COUNT(*)",
        "USE TEMP B-TREE",
        "eight bands of 64 articles",
    ),
    (
        "FROM articles WHERE stated_id = $1",
        "USE TEMP B-TREE",
        "articles that state one URL",
    ),
    (
        "FROM revisions WHERE id = $1",
        "USE TEMP B-TREE",
        "revisions of an article",
    ),
    (
        "AND fetched_at <= $2 GROUP BY 1",
        "USE TEMP B-TREE",
        "articles of the days that are shown",
    ),
    (
        "SELECT outcome, COUNT(*), COUNT(due_at)",
        "USE TEMP B-TREE",
        "lost pages of the days that are shown",
    ),
    (
        "SELECT pages.id FROM json_each($1) AS each_row",
        "USE TEMP B-TREE",
        "refused pages, of which so many are kept",
    ),
    (
        "PARTITION BY source ORDER BY",
        "SCAN pages USING COVERING INDEX",
        "refused pages, of which so many are kept",
    ),
    (
        "PARTITION BY source ORDER BY",
        "USE TEMP B-TREE",
        "refused pages, of which so many are kept",
    ),
    (
        "UPDATE shapes SET visited_at = $1 WHERE visited_at > $1",
        "SCAN shapes",
        "only where a clock was ahead",
    ),
    (
        "DELETE FROM robots",
        "SCAN robots",
        "a row a site, once a pass",
    ),
    (
        "search_words MATCH $1",
        "SCAN search_words VIRTUAL TABLE INDEX 0:M",
        "what SQLite calls a search of FTS5",
    ),
    (
        "ORDER BY rowid DESC LIMIT",
        "SCAN search_words VIRTUAL TABLE INDEX 192:M",
        "the same, from the last entry on",
    ),
    (
        "ORDER BY bm25(",
        "USE TEMP B-TREE",
        "the newest matches, of which so many are ranked",
    ),
    (
        "DELETE FROM search_words",
        "SCAN search_words VIRTUAL TABLE INDEX",
        "an entry by its number",
    ),
    (
        "FROM text_bands AS own",
        "USE TEMP B-TREE",
        "eight bands of 64 articles",
    ),
];

/// Tests that run every statement of a crawl, of its store's upkeep and of the commands that list and count.
pub(super) fn stories() {
    articles::the_status_of_a_source_is_its_last_pass_and_its_history();
    articles::what_changes_while_it_is_written_is_written_again();
    articles::a_page_gets_its_own_url_though_another_was_stored_under_it();
    articles::articles_are_new_duplicates_revisions_or_known();
    bounds::newer_pages_take_the_place_of_older_ones_whose_entry_point_is_read_again();
    bounds::hosts_without_end_are_taken_in_a_few_at_a_time_and_forgotten_when_nothing_is_due_there(
    );
    claims::retries_go_after_new_pages();
    clock::a_host_backed_off_under_a_clock_ahead_is_asked_again();
    named::the_strongest_evidence_is_kept();
    named::a_wrong_guess_that_is_declared_later_is_read();
    named::an_entry_point_is_no_page_of_its_source();
    pages::better_evidence_is_a_reason_to_judge_a_refused_page_again();
    pages::a_refused_page_whose_article_goes_on_elsewhere_is_fetched_again();
    pages::old_pages_are_dropped();
    pages::refused_pages_that_were_not_kept_are_fetched_once_again_where_a_feed_names_them();
    retries::pages_are_made_due_by_source_outcome_time_and_loss();
    retries::a_404_that_repeats_is_final_where_nothing_names_the_page_any_more();
    shares::at_a_slow_host_entry_points_and_pages_take_turns();
    too_old::the_newest_have_rows();
    too_old::what_is_too_old_no_longer_is_asked_for();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { search::story(crate::store::tests::empty().await).await });
    trends::days_are_counted_and_pages_are_listed_by_outcome();
    trends::one_page_is_made_due();
}

#[test]
fn no_statement_walks_what_grows() {
    if is_on_server() {
        return;
    }
    statements::note_all();
    stories();
    let explain = tokio::runtime::Runtime::new().unwrap();
    let explained = explain.block_on(plans::explain());
    let walks = explained.iter().flat_map(|(sql, plan)| {
        let bad = plan
            .iter()
            .filter(|line| is_walk(line) && !is_exception(sql, line));
        bad.map(move |line| format!("{line}\n    {sql}"))
    });
    let walks: Vec<String> = walks.collect();
    assert_eq!(walks, [""; 0], "{}", walks.join("\n"));
    let count = explained.len();
    assert!(count > 100, "only {count} statements were run");
}

/// True where a line of a plan says that a large table is walked, or that rows are sorted.
fn is_walk(line: &str) -> bool {
    let scanned = line
        .strip_prefix("SCAN ")
        .and_then(|it| it.split(' ').next());
    let is_list = |name: &str| name.starts_with('(') || name.ends_with("-ROW");
    let is_large = |name: &str| !is_list(name) && !SMALL.contains(&name);
    scanned.is_some_and(is_large) || line.contains("USE TEMP B-TREE")
}

fn is_exception(sql: &str, line: &str) -> bool {
    let mut exceptions = EXCEPTIONS.iter();
    exceptions.any(|(part, plan, _)| sql.contains(part) && line.starts_with(plan))
}
