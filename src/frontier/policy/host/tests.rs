//! What visits mean for their host.

use std::time::Duration;

use url::Url;

use super::*;
use crate::frontier::{AnsweredVisit, Due, FailedVisit, Reading, VisitResult};
use crate::verdict::VisitOutcome;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const NOW: i64 = 1_800_000_000_000;

fn schedule() -> Schedule {
    Schedule::new(Duration::from_secs(300), Duration::from_secs(86_400))
}

fn visit(result: VisitResult) -> Visit {
    Visit {
        due: Due::of_test(UrlKind::Page, "https://daily.test/a", "daily"),
        at: NOW,
        result,
    }
}

fn answered(outcome: VisitOutcome) -> Visit {
    visit(VisitResult::Answered(AnsweredVisit {
        status: 200,
        etag: None,
        last_modified: None,
        archived: None,
        reading: Reading::new(outcome, None),
    }))
}

fn failed(outcome: VisitOutcome, status: Option<u16>) -> Visit {
    visit(VisitResult::Failed(FailedVisit {
        outcome,
        reason: String::new(),
        status,
        retry_after: None,
        failed_at: None,
    }))
}

#[test]
fn a_host_is_backed_off_after_three_failures_and_cleared_by_one_answer() {
    let failure = failed(VisitOutcome::Connect, None);
    let host = charged_host(&failure);
    assert_eq!(host, "daily.test");
    let second = back_off(&schedule(), &host, 1, &failure);
    assert_eq!((second.failures, second.until), (2, None));
    let third = back_off(&schedule(), &host, 2, &failure);
    let until = third.until.unwrap();
    assert!((NOW + MINUTE..NOW + 2 * MINUTE).contains(&until));
    for answer in [
        answered(VisitOutcome::NotArticle),
        failed(VisitOutcome::Http4xx, Some(403)),
        failed(VisitOutcome::BadEncoding, Some(200)),
    ] {
        assert_eq!(back_off(&schedule(), &host, 9, &answer).failures, 0);
    }
    let limited = failed(VisitOutcome::Http4xx, Some(429));
    assert_eq!(back_off(&schedule(), &host, 0, &limited).failures, 1);
}

#[test]
fn a_failure_after_a_redirect_is_charged_to_the_host_that_failed() {
    let mut visit = failed(VisitOutcome::Dns, None);
    if let VisitResult::Failed(failed) = &mut visit.result {
        failed.failed_at = Some(Url::parse("https://cdn.test:8443/a").unwrap());
    }
    assert_eq!(charged_host(&visit), "cdn.test:8443");
}

#[test]
fn a_host_is_down_where_a_visit_does_not_fail_alone() {
    let failure = failed(VisitOutcome::Http5xx, Some(503));
    assert!(!is_down(&schedule(), &failure, 2, false));
    assert!(is_down(&schedule(), &failure, 3, false));
    assert!(is_down(&schedule(), &failure, 1, true));
    let refused = failed(VisitOutcome::Http4xx, Some(403));
    assert!(!is_down(&schedule(), &refused, 9, true));
}

/// What is known of a host's pages after so many visits like this one, and at which of them they
/// were held.
fn after(visits: u32, like: &Visit) -> (HostPages, Vec<(u32, i64)>) {
    let mut pages = HostPages::default();
    let mut held = Vec::new();
    for number in 1..=visits {
        let next = pages.after_visit(&schedule(), like, false, false);
        if next.held_until != pages.held_until {
            held.push((number, (next.held_until - NOW) / HOUR));
        }
        pages = next;
    }
    (pages, held)
}

#[test]
fn a_host_that_refuses_all_of_its_pages_is_asked_for_ever_fewer() {
    let refused = failed(VisitOutcome::Http4xx, Some(403));
    let (pages, held) = after(40, &refused);
    assert_eq!(held, [(20, 1), (25, 2), (30, 4), (35, 8), (40, 16)]);
    assert!(pages.all_fail(&schedule()));
    let wall = answered(VisitOutcome::Challenge);
    assert_eq!(after(25, &wall).1, [(20, 1), (25, 2)]);
    let missing = failed(VisitOutcome::Http4xx, Some(404));
    assert_eq!(after(75, &missing).1, [(60, 1), (75, 2)]);
    let article = answered(VisitOutcome::Stored);
    let freed = pages.after_visit(&schedule(), &article, false, false);
    assert_eq!((freed.failures, freed.held_until), (0, 0));
}

#[test]
fn pages_that_are_read_or_forbidden_and_an_outage_of_the_host_hold_nothing() {
    for like in [
        answered(VisitOutcome::NotArticle),
        failed(VisitOutcome::Robots, None),
        failed(VisitOutcome::TooLarge, None),
    ] {
        assert_eq!(after(100, &like).0, HostPages::default());
    }
    let outage = failed(VisitOutcome::Connect, None);
    let pages = HostPages::default().after_visit(&schedule(), &outage, true, false);
    assert_eq!(pages.failures, 0);
}

#[test]
fn retries_are_counted_by_day_and_beyond_the_bound_wait_for_the_next() {
    let schedule = Schedule {
        retries_a_day: 2,
        ..schedule()
    };
    let refused = failed(VisitOutcome::Http4xx, Some(403));
    let once = HostPages::default().after_visit(&schedule, &refused, false, true);
    let due = NOW + HOUR;
    assert_eq!(once.retry_due(&schedule, due), due);
    let twice = once.after_visit(&schedule, &refused, false, true);
    assert_eq!(twice.retry_due(&schedule, due), next_day(due));
    let tomorrow = NOW + DAY;
    assert_eq!(twice.retry_due(&schedule, tomorrow), tomorrow);
    let next = Visit {
        at: tomorrow,
        ..refused.clone()
    };
    let next = twice.after_visit(&schedule, &next, false, true);
    assert_eq!(next.retries, 1);
    let forbidden = failed(VisitOutcome::Robots, None);
    let free = once.after_visit(&schedule, &forbidden, false, true);
    assert_eq!(free.retries, 1);
}
