//! The state of a source in words.

use newsprint::store::SourceStatus;

use crate::cli::counts::counted;

/// `http_4xx 14, soft_404 2; 12 tried again`
pub(super) fn lost(row: &SourceStatus) -> String {
    let mut causes: Vec<_> = row.lost.iter().collect();
    causes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let causes: Vec<String> = causes
        .into_iter()
        .map(|(outcome, count)| format!("{} {count}", outcome.name()))
        .collect();
    match (causes.is_empty(), row.tried_again) {
        (true, _) => "-".to_owned(),
        (false, 0) => causes.join(", "),
        (false, again) => format!("{}; {again} tried again", causes.join(", ")),
    }
}

/// `12 pages are withheld by opt-outs: Content-Signal ai-train=no 10, noai 2`
pub(super) fn withheld(row: &SourceStatus) -> String {
    let mut statements: Vec<_> = row.withheld.iter().collect();
    statements.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let all: u64 = row.withheld.values().sum();
    let by = statements
        .into_iter()
        .map(|(statement, count)| format!("{statement} {count}"));
    let by: Vec<String> = by.collect();
    let verb = if all == 1 { "is" } else { "are" };
    format!(
        "{} {verb} withheld by opt-outs: {}",
        counted(all, "page"),
        by.join(", ")
    )
}
