//! The last line of a run over archives: what was read, and what became of it.

use std::fmt;

use newsprint::input::ReadCounts;

use crate::cli::counts::counted;
use crate::cli::tally::Tally;

/// What was read and what became of it.
pub(super) struct Summary<'a> {
    read: ReadCounts,
    tally: &'a Tally,
}

impl Summary<'_> {
    pub(super) fn new(read: ReadCounts, tally: &Tally) -> Summary<'_> {
        Summary { read, tally }
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (read, tally) = (&self.read, self.tally);
        write!(
            f,
            "{} of archives read: {}, {}; {}",
            indicatif::HumanBytes(read.bytes),
            counted(read.records, "record"),
            counted(read.pages, "page"),
            counted(tally.articles(), "article"),
        )?;
        let missing = tally.missing();
        if !missing.is_empty() {
            let outcomes = missing
                .iter()
                .map(|(name, count)| format!("{name} {count}"));
            let outcomes: Vec<_> = outcomes.collect();
            let total = missing.values().sum();
            let (pages, outcomes) = (counted(total, "input"), outcomes.join(", "));
            write!(f, "; {pages} without an article ({outcomes})")?;
        }
        let passed = [
            (read.other_status, "by their status"),
            (read.other_type, "not HTML"),
            (read.revisits, "revisits"),
            (read.other_records, "other records"),
        ];
        let passed = passed.iter().filter(|(count, _)| *count > 0);
        let passed: Vec<_> = passed
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        if passed.is_empty() {
            return Ok(());
        }
        write!(f, "; passed over: {}", passed.join(", "))
    }
}
