//! The workers of a store on a server: a row each.

use newsprint::store::{WorkerState, WorkerStatus};

use crate::cli::counts::counted;
use crate::cli::plain::plain;
use crate::cli::table::Table;
use crate::cli::times;

/// The table to read.
pub(super) fn table(workers: &[WorkerStatus], now: i64) -> String {
    let mut table = Table::new(&["worker", "state", "last seen", "hosts", "unwritten"]);
    for worker in workers {
        table.row(vec![
            worker.name.clone(),
            worker.state.name().to_owned(),
            times::relative(worker.seen_at.min(now), now),
            worker.hosts.to_string(),
            worker.unwritten.to_string(),
        ]);
    }
    let mut out = table.render();
    for note in workers.iter().filter_map(note) {
        out.push_str(&plain(&note));
        out.push('\n');
    }
    out
}

/// What becomes of the articles that a worker has left in the store alone.
pub(super) fn note(worker: &WorkerStatus) -> Option<String> {
    let is_away = !matches!(worker.state, WorkerState::Crawling | WorkerState::Idle);
    (is_away && worker.unwritten > 0).then(|| {
        format!(
            "{}: {} stored and not in its files yet: it writes them when it runs again, and another worker does if it \
             is not seen for an hour",
            worker.name,
            counted(worker.unwritten, "article")
        )
    })
}
