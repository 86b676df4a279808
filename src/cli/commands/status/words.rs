//! The state of a source in words.

use newsprint::store::SourceStatus;

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
