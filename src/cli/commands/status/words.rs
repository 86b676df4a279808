//! How a source is doing, in words.

use newsprint::store::{Ailment, SourceStatus};

/// One word for how the source is doing.
pub(super) fn health(row: &SourceStatus) -> &'static str {
    match row.ailments.first() {
        None if row.started.is_none() => "-",
        None => "good",
        Some(Ailment::Unreachable) => "unreachable",
        Some(Ailment::Quiet { .. }) => "quiet",
        Some(Ailment::Thin { .. }) => "thin",
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
