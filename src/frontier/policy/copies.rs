//! When an archive is asked for a copy of a page: once, when the page has ended for good as gone, or as one that cannot
//! be reached any more. Never for what the site refuses: by robots.txt, a bot check, a wall, a log-in or a paywall.

use crate::frontier::policy::settle::{SettledUrl, UrlState};
use crate::frontier::{CopyLookup, Schedule, UrlKind, Visit};
use crate::verdict::VisitOutcome;

/// Times that an archive is asked which does not answer.
const TRIES: u8 = 3;

/// True where the page is gone, or its host is.
fn is_gone(visit: &Visit) -> bool {
    match visit.outcome() {
        VisitOutcome::Http4xx => matches!(visit.status(), Some(404 | 410)),
        VisitOutcome::Soft404
        | VisitOutcome::Dns
        | VisitOutcome::Connect
        | VisitOutcome::Tls
        | VisitOutcome::TooSlow
        | VisitOutcome::Http5xx => true,
        _ => false,
    }
}

/// The same address, with a look-up in the next pass where its source asks an archive and this was the last visit.
pub(crate) fn with_lookup(settled: SettledUrl, state: &UrlState, visit: &Visit) -> SettledUrl {
    let may_ask = visit.due.lookup == CopyLookup::Allowed && visit.due.kind == UrlKind::Page;
    let is_lost =
        settled.due_at.is_none() && settled.stored_at.is_none() && state.stored_at.is_none();
    if !(may_ask && is_lost && is_gone(visit)) {
        return settled;
    }
    SettledUrl {
        due_at: Some(visit.at.saturating_add(1)),
        lookup: Some(1),
        ..settled
    }
}

/// Settles an address whose copy was looked up and found: it is never asked for again.
pub(crate) fn settle_copy(state: &UrlState, visit: &Visit) -> SettledUrl {
    let stored_at = visit.outcome().is_article().then_some(visit.at);
    SettledUrl {
        due_at: None,
        recheck: None,
        attempts: state.attempts,
        stored_at: state.stored_at.or(stored_at),
        replaces_validators: false,
        lookup: Some(0),
    }
}

/// When a look-up that brought nothing is made again, and which one that is; 0 for none.
pub(crate) fn after_lookup(schedule: &Schedule, visit: &Visit) -> (Option<i64>, i64) {
    match visit.due.lookup {
        CopyLookup::Now(number) if number <= TRIES => {
            let wait = schedule.same_try(u32::from(number.saturating_sub(1)));
            (Some(visit.at.saturating_add(wait)), i64::from(number))
        }
        _ => (None, 0),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::frontier::{Due, FailedVisit, VisitResult};

    fn visit(outcome: VisitOutcome, status: Option<u16>, lookup: CopyLookup) -> Visit {
        let due = Due {
            lookup,
            ..Due::of_test(UrlKind::Page, "https://daily.test/a", "daily")
        };
        let result = VisitResult::Failed(FailedVisit {
            outcome,
            reason: String::new(),
            status,
            retry_after: None,
            failed_at: None,
        });
        Visit { due, at: 7, result }
    }

    const LOST: SettledUrl = SettledUrl {
        due_at: None,
        recheck: None,
        attempts: 5,
        stored_at: None,
        replaces_validators: false,
        lookup: None,
    };

    #[test]
    fn only_what_is_gone_for_good_is_looked_up() {
        let state = UrlState::default();
        let lookup = |settled, outcome, status| {
            let visit = visit(outcome, status, CopyLookup::Allowed);
            with_lookup(settled, &state, &visit).lookup
        };
        for (outcome, status) in [
            (VisitOutcome::Http4xx, Some(404)),
            (VisitOutcome::Http4xx, Some(410)),
            (VisitOutcome::Soft404, Some(200)),
            (VisitOutcome::Dns, None),
            (VisitOutcome::Connect, None),
            (VisitOutcome::Http5xx, Some(502)),
        ] {
            assert_eq!(lookup(LOST, outcome, status), Some(1), "{outcome:?}");
            let again = SettledUrl {
                due_at: Some(9),
                ..LOST
            };
            assert_eq!(lookup(again, outcome, status), None, "it is tried again");
            let stored = SettledUrl {
                stored_at: Some(1),
                ..LOST
            };
            assert_eq!(lookup(stored, outcome, status), None, "its text is there");
        }
        for outcome in VisitOutcome::ALL.iter().copied() {
            let refused = lookup(LOST, outcome, Some(403));
            let is_reachable = !outcome.is_transient() && outcome != VisitOutcome::Soft404;
            assert_eq!(refused.is_none(), is_reachable, "{outcome:?}");
        }
        for status in [401, 402, 403, 429, 451] {
            assert_eq!(lookup(LOST, VisitOutcome::Http4xx, Some(status)), None);
        }
    }

    #[test]
    fn an_archive_is_asked_once_and_three_times_where_it_does_not_answer() {
        let gone = |lookup| visit(VisitOutcome::Http4xx, Some(404), lookup);
        for lookup in [CopyLookup::None, CopyLookup::Asked, CopyLookup::Done] {
            let settled = with_lookup(LOST, &UrlState::default(), &gone(lookup));
            assert_eq!(settled, LOST);
        }
        let schedule = Schedule::new(Duration::from_secs(300), Duration::from_secs(86_400));
        let after = |lookup| after_lookup(&schedule, &gone(lookup));
        assert_eq!(after(CopyLookup::Done), (None, 0));
        for number in [2, 3] {
            let (due, again) = after(CopyLookup::Now(number));
            assert!(due.is_some_and(|at| at > 7), "{number}");
            assert_eq!(again, i64::from(number));
        }
        assert_eq!(after(CopyLookup::Now(4)), (None, 0));
    }
}
