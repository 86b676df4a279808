//! What is known of sources, addresses and workers as JSON objects: the same in `status --format json`, in
//! `pages --format jsonl` and in the API.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::store::{Address, HealthIssue, SourceStatus, WorkerStatus};
use crate::verdict::VisitOutcome;
use crate::wording::times::rfc3339;

impl SourceStatus {
    /// One word or two for the state of the source.
    pub fn health_word(&self) -> &'static str {
        match self.health_issues.first() {
            None if self.started.is_none() => "-",
            None => "good",
            Some(issue) => HealthIssue::word(issue),
        }
    }

    /// The source as a JSON object.
    pub fn object(&self) -> Value {
        let issues = self.health_issues.iter().map(ToString::to_string);
        let failing = self.failing.iter().map(|entry| {
            json!({
                "url": entry.url,
                "outcome": entry.outcome.name(),
                "reason": entry.reason,
                "attempts": entry.attempts,
            })
        });
        json!({
            "source": self.source,
            "last_run": self.started.and_then(rfc3339),
            "ended": self.ended.and_then(rfc3339),
            "pages": self.pages(),
            "new_articles": self.new_articles(),
            "since": rfc3339(self.since),
            "found": self.found,
            "stored": self.stored,
            "lost": counts(&self.lost),
            "withheld": self.withheld,
            "tried_again": self.tried_again,
            "articles": self.articles,
            "waiting": self.waiting,
            "left_out": self.left_out,
            "health": self.health_word(),
            "ailments": issues.collect::<Vec<_>>(),
            "daily": self.daily,
            "outcomes": counts(&self.outcomes),
            "entry_points": self.entry_points,
            "entry_outcomes": counts(&self.entry_outcomes),
            "failing": failing.collect::<Vec<_>>(),
            "next_due": self.next_due.and_then(rfc3339),
        })
    }
}

impl WorkerStatus {
    /// The worker as a JSON object.
    pub fn object(&self) -> Value {
        json!({
            "worker": self.name,
            "state": self.state.name(),
            "last_seen": rfc3339(self.seen_at),
            "hosts": self.hosts,
            "unwritten": self.unwritten,
        })
    }
}

impl Address {
    /// The keys of [`Address::object`], in their order.
    pub const KEYS: [&str; 14] = [
        "url",
        "source",
        "kind",
        "outcome",
        "reason",
        "status",
        "tries",
        "evidence",
        "found_at",
        "last_visit",
        "next_visit",
        "lost",
        "stored_id",
        "title",
    ];

    /// The address as a JSON object.
    pub fn object(&self) -> Value {
        let time = |at: Option<i64>| at.and_then(rfc3339);
        json!({
            "url": self.url,
            "source": self.source,
            "kind": self.kind,
            "outcome": self.outcome.map(VisitOutcome::name),
            "reason": self.reason,
            "status": self.status,
            "tries": self.tries,
            "evidence": self.evidence,
            "found_at": time(self.found_at),
            "last_visit": time(self.last_visit),
            "next_visit": time(self.next_visit),
            "lost": self.is_lost,
            "stored_id": self.stored_id,
            "title": self.title,
        })
    }
}

fn counts(counts: &BTreeMap<VisitOutcome, u64>) -> Value {
    let named = counts
        .iter()
        .map(|(outcome, count)| (outcome.name().to_owned(), (*count).into()));
    Value::Object(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_keys_that_are_listed() {
        let object = Address::default().object();
        let keys: Vec<&str> = object
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(keys, Address::KEYS);
    }

    #[test]
    fn a_source_that_was_never_crawled_is_neither_good_nor_bad() {
        let mut row = SourceStatus::default();
        assert_eq!(row.object()["health"], "-");
        row.started = Some(0);
        assert_eq!(row.object()["health"], "good");
        assert_eq!(row.object()["last_run"], "1970-01-01T00:00:00Z");
    }
}
