//! The ends of visits, settled without a database.

use std::time::Duration;

use super::*;
use crate::frontier::policy::host::HostPages;
use crate::frontier::{AnsweredVisit, Due, FailedVisit, Reading, VisitResult};
use crate::verdict::AddressEvidence;

const MINUTE: i64 = 60_000;
const NOW: i64 = 1_800_000_000_000;

fn schedule() -> Schedule {
    Schedule::new(Duration::from_secs(300), Duration::from_secs(86_400))
}

fn due(kind: UrlKind) -> Due {
    Due::of_test(kind, "https://daily.test/a", "daily")
}

fn answered(kind: UrlKind, outcome: VisitOutcome, status: u16) -> Visit {
    Visit {
        due: due(kind),
        at: NOW,
        result: VisitResult::Answered(AnsweredVisit {
            status,
            etag: None,
            last_modified: None,
            archived: None,
            reading: Reading::new(outcome, None),
        }),
    }
}

fn failed(kind: UrlKind, outcome: VisitOutcome, retry_after: Option<Duration>) -> Visit {
    Visit {
        due: due(kind),
        at: NOW,
        result: VisitResult::Failed(FailedVisit {
            outcome,
            reason: String::new(),
            status: None,
            retry_after,
            failed_at: None,
        }),
    }
}

/// A failure with this status.
fn answer(kind: UrlKind, outcome: VisitOutcome, status: u16) -> Visit {
    let mut visit = failed(kind, outcome, None);
    if let VisitResult::Failed(failed) = &mut visit.result {
        failed.status = Some(status);
    }
    visit
}

fn settled(state: UrlState, visit: &Visit) -> SettledUrl {
    settle_url(&schedule(), &state, visit, 0, &HostAfter::default())
}

#[test]
fn a_page_that_was_read_and_one_that_is_gone_are_settled_for_good() {
    let visit = answered(UrlKind::Page, VisitOutcome::NotArticle, 200);
    assert_eq!(settled(UrlState::default(), &visit).due_at, None);
    let gone = answer(UrlKind::Page, VisitOutcome::Http4xx, 410);
    let settled = settled(UrlState::default(), &gone);
    assert_eq!((settled.due_at, settled.attempts), (None, 1));
}

#[test]
fn no_other_answer_is_final_at_first() {
    let hour = Some(NOW + 60 * MINUTE);
    for status in [400, 401, 403, 404, 408, 421, 425, 429] {
        let visit = answer(UrlKind::Page, VisitOutcome::Http4xx, status);
        let settled = settled(UrlState::default(), &visit);
        assert_eq!((settled.due_at, settled.attempts), (hour, 1), "{status}");
    }
    for outcome in [
        VisitOutcome::Challenge,
        VisitOutcome::ConsentWall,
        VisitOutcome::Empty,
        VisitOutcome::Soft404,
    ] {
        let settled = settled(UrlState::default(), &answered(UrlKind::Page, outcome, 200));
        assert_eq!((settled.due_at, settled.attempts), (hour, 1));
        assert!(!settled.replaces_validators);
    }
}

#[test]
fn a_page_that_fails_is_tried_again_at_growing_intervals() {
    let visit = failed(UrlKind::Page, VisitOutcome::Redirects, None);
    let after = |attempts| {
        let state = UrlState {
            attempts,
            visits: attempts,
            ..UrlState::default()
        };
        settled(state, &visit).due_at
    };
    assert_eq!(after(0), Some(NOW + 60 * MINUTE));
    assert_eq!(after(1), Some(NOW + 300 * MINUTE));
    assert_eq!(after(3), Some(NOW + 48 * 60 * MINUTE));
    assert_eq!(after(4), None);
}

#[test]
fn a_404_is_final_when_it_repeats_and_nothing_names_the_page() {
    let missing = answer(UrlKind::Page, VisitOutcome::Http4xx, 404);
    let due = |status, is_unnamed| {
        let state = UrlState {
            attempts: 1,
            visits: 1,
            status,
            is_unnamed,
            ..UrlState::default()
        };
        settled(state, &missing).due_at
    };
    assert_eq!(due(Some(404), true), None);
    assert!(due(Some(404), false).is_some());
    assert!(due(Some(503), true).is_some());
}

#[test]
fn an_entry_point_that_something_else_stands_in_for_has_failed() {
    for outcome in [
        VisitOutcome::Challenge,
        VisitOutcome::ConsentWall,
        VisitOutcome::Empty,
        VisitOutcome::Soft404,
    ] {
        let wall = answered(UrlKind::Start, outcome, 200);
        let settled = settled(UrlState::default(), &wall);
        assert_eq!(settled.due_at, Some(NOW + 10 * MINUTE));
        assert_eq!((settled.attempts, settled.recheck), (1, None));
        assert!(!settled.replaces_validators);
    }
}

#[test]
fn an_article_is_due_again_only_where_articles_are_fetched_again() {
    let visit = answered(UrlKind::Page, VisitOutcome::Stored, 200);
    let once = settled(UrlState::default(), &visit);
    assert_eq!((once.due_at, once.stored_at), (None, Some(NOW)));
    let hour = Duration::from_secs(3600);
    let again = schedule().refetching(Some(hour), Some(2 * hour));
    let due_at = |stored_at| {
        let state = UrlState {
            stored_at,
            ..UrlState::default()
        };
        settle_url(&again, &state, &visit, 0, &HostAfter::default()).due_at
    };
    assert_eq!(due_at(None), Some(NOW + 60 * MINUTE));
    assert_eq!(due_at(Some(NOW - 61 * MINUTE)), None);
}

#[test]
fn found_sitemaps_may_wait_longer_than_configured_ones() {
    let visit = answered(UrlKind::Sitemap, VisitOutcome::Index, 200);
    let recheck = |origin| {
        let state = UrlState {
            recheck: Some(24 * 60 * MINUTE),
            origin,
            ..UrlState::default()
        };
        settled(state, &visit).recheck
    };
    assert_eq!(recheck(Origin::Configured), Some(24 * 60 * MINUTE));
    assert_eq!(recheck(Origin::Found), Some(48 * 60 * MINUTE));
    assert_eq!(recheck(Origin::Guessed), Some(48 * 60 * MINUTE));
}

#[test]
fn a_wrong_guess_is_forgotten_and_not_counted_and_a_passing_failure_is_tried_again() {
    let guessed = UrlState {
        origin: Origin::Guessed,
        ..UrlState::default()
    };
    let mut wrong = failed(UrlKind::Feed, VisitOutcome::Http4xx, None);
    wrong.due.guessed = true;
    assert_eq!(settled(guessed, &wrong).due_at, None);
    assert!(!is_counted(&wrong));
    let passing = failed(UrlKind::Feed, VisitOutcome::Dns, None);
    assert!(settled(guessed, &passing).due_at.is_some());
    assert!(settled(UrlState::default(), &wrong).due_at.is_some());
}

#[test]
fn validators_stay_through_failures_and_304() {
    let replaces = |visit| settled(UrlState::default(), &visit).replaces_validators;
    let kind = UrlKind::Start;
    assert!(replaces(answered(kind, VisitOutcome::Index, 200)));
    assert!(!replaces(answered(kind, VisitOutcome::Unchanged, 304)));
    assert!(!replaces(answered(kind, VisitOutcome::NotHtml, 200)));
    assert!(!replaces(failed(kind, VisitOutcome::Dns, None)));
}

#[test]
fn a_304_is_not_relied_on_for_days() {
    let replaces = |kind, hours: i64, origin| {
        let state = UrlState {
            recheck: Some(hours * 60 * MINUTE),
            origin,
            ..UrlState::default()
        };
        let visit = answered(kind, VisitOutcome::Unchanged, 304);
        settled(state, &visit).replaces_validators
    };
    assert!(!replaces(UrlKind::Start, 1, Origin::Configured));
    assert!(replaces(UrlKind::Start, 12, Origin::Configured));
    assert!(replaces(UrlKind::Feed, 12, Origin::Found));
    assert!(replaces(UrlKind::Sitemap, 12, Origin::Configured));
    assert!(!replaces(UrlKind::Sitemap, 12, Origin::Found));
}

#[test]
fn an_address_is_not_due_before_its_host() {
    let visit = failed(UrlKind::Page, VisitOutcome::Http5xx, None);
    let until = Some(NOW + 90 * MINUTE);
    let host = HostAfter {
        back_off_until: until,
        ..HostAfter::default()
    };
    let settled = settle_url(&schedule(), &UrlState::default(), &visit, 0, &host);
    assert_eq!(settled.due_at, until);
    let held = HostAfter {
        pages: HostPages {
            held_until: NOW + 90 * MINUTE,
            ..HostPages::default()
        },
        ..HostAfter::default()
    };
    let settled = settle_url(&schedule(), &UrlState::default(), &visit, 0, &held);
    assert_eq!(settled.due_at, until);
}

#[test]
fn what_the_host_fails_does_not_count_against_a_page() {
    let visit = failed(UrlKind::Page, VisitOutcome::Connect, None);
    let down = HostAfter {
        is_down: true,
        ..HostAfter::default()
    };
    let refuses = HostAfter {
        pages: HostPages {
            failures: 60,
            ..HostPages::default()
        },
        ..HostAfter::default()
    };
    for host in [&down, &refuses] {
        for attempts in [0, 4, 9] {
            let state = UrlState {
                attempts,
                visits: 19,
                ..UrlState::default()
            };
            let settled = settle_url(&schedule(), &state, &visit, 0, host);
            assert_eq!(settled.attempts, attempts);
            assert!(settled.due_at >= Some(NOW + 60 * MINUTE));
        }
    }
    // Not for ever.
    let missing = answer(UrlKind::Page, VisitOutcome::Http4xx, 404);
    for (days, expected) in [(6, 4), (7, 5)] {
        let state = UrlState {
            attempts: 4,
            visits: 9,
            found_at: Some(NOW - days * 24 * 60 * MINUTE),
            ..UrlState::default()
        };
        let settled = settle_url(&schedule(), &state, &missing, 0, &refuses);
        assert_eq!(settled.attempts, expected);
        assert_eq!(settled.due_at.is_none(), expected == 5);
    }
    let state = UrlState {
        attempts: 4,
        visits: 20,
        ..UrlState::default()
    };
    let settled = settle_url(&schedule(), &state, &visit, 0, &down);
    assert_eq!((settled.attempts, settled.due_at), (5, None));
}

#[test]
fn retries_beyond_those_of_the_day_wait_for_the_next() {
    let day = 86_400_000;
    let visit = failed(UrlKind::Page, VisitOutcome::Redirects, None);
    let used_up = HostAfter {
        pages: HostPages {
            retry_day: Some(NOW / day),
            retries: 200,
            ..HostPages::default()
        },
        ..HostAfter::default()
    };
    let settled = settle_url(&schedule(), &UrlState::default(), &visit, 0, &used_up);
    assert_eq!(settled.due_at, Some((NOW / day + 1) * day));
}

#[test]
fn the_other_urls_of_an_article_are_its_final_and_canonical_ones() {
    let article = Article {
        final_url: Some("https://daily.test/a".to_owned()),
        canonical_url: Some("https://www.daily.test/a/".to_owned()),
        ..Article::default()
    };
    let parse = |url| Url::parse(url).unwrap();
    let visited = parse("https://daily.test/a");
    let both = [visited.clone(), article.parsed_canonical_url().unwrap()];
    assert_eq!(other_urls(&article, &visited), both[1..]);
    assert_eq!(other_urls(&article, &parse("https://daily.test/b")), both);
    let elsewhere = Article {
        canonical_url: Some("https://daily.test/c".to_owned()),
        ..article
    };
    assert!(other_urls(&elsewhere, &visited).is_empty());
}

#[test]
fn what_the_store_does_with_an_article_is_how_its_visit_ends() {
    let article = Article {
        id: "7".repeat(16),
        ..Article::default()
    };
    let ends = [
        (StoredAs::New, VisitOutcome::Stored),
        (StoredAs::DuplicateOf("1".into()), VisitOutcome::Duplicate),
        (StoredAs::Revision(2), VisitOutcome::Updated),
        (StoredAs::Unchanged, VisitOutcome::Unchanged),
    ];
    for (stored_as, expected) in ends {
        let (outcome, reason) = outcome_of(stored_as, &article);
        assert_eq!(outcome, expected);
        assert_eq!(reason.is_none(), outcome == VisitOutcome::Stored);
    }
}

#[test]
fn what_a_feed_names_and_is_no_article_is_asked_for_twice_more() {
    let mut visit = answered(UrlKind::Page, VisitOutcome::NotArticle, 200);
    let settled = |visit: &Visit, attempts| {
        let state = UrlState {
            attempts,
            ..UrlState::default()
        };
        let host = HostAfter::default();
        settle_url(&schedule(), &state, visit, 0, &host)
    };
    assert_eq!(settled(&visit, 0).due_at, None);
    visit.due.evidence = AddressEvidence::Feed;
    assert_eq!(settled(&visit, 0).due_at, Some(NOW + 60 * MINUTE));
    assert_eq!(settled(&visit, 1).attempts, 2);
    assert!(settled(&visit, 1).due_at.is_some());
    assert_eq!(settled(&visit, 2).due_at, None);
}
