//! The state of a source in words.

use newsprint::store::{HealthIssue, SourceStatus};

/// One word for the state of a source.
pub(super) fn health(row: &SourceStatus) -> &'static str {
    match row.health_issues.first() {
        None if row.started.is_none() => "-",
        None => "good",
        Some(HealthIssue::Unreachable) => "unreachable",
        Some(HealthIssue::Quiet { .. }) => "quiet",
        Some(HealthIssue::Thin { .. }) => "thin",
        Some(_) => "ill",
    }
}

/// `http_4xx 2, robots 1`
pub(super) fn failures(row: &SourceStatus) -> String {
    let all = row
        .outcomes
        .iter()
        .filter(|(outcome, _)| outcome.is_failure());
    let all: Vec<String> = all
        .map(|(outcome, count)| format!("{} {count}", outcome.name()))
        .collect();
    if all.is_empty() {
        "-".to_owned()
    } else {
        all.join(", ")
    }
}
