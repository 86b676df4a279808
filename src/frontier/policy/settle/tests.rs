//! The ends of visits, settled without a database.

use std::time::Duration;

use super::*;
use crate::frontier::{AnsweredVisit, Due, FailedVisit, Reading, VisitResult};

const MINUTE: i64 = 60_000;
const NOW: i64 = 1_800_000_000_000;

fn schedule() -> Schedule {
    Schedule::new(Duration::from_secs(300), Duration::from_secs(86_400))
}

fn due(kind: UrlKind) -> Due {
    Due {
        id: 1,
        url: Url::parse("https://daily.test/a").unwrap(),
        source: "daily".to_owned(),
        kind,
        depth: 0,
        guessed: false,
        etag: None,
        last_modified: None,
        published: None,
        evidence: None,
    }
}

fn answered(kind: UrlKind, outcome: VisitOutcome, status: u16) -> Visit {
    Visit {
        due: due(kind),
        at: NOW,
        result: VisitResult::Answered(AnsweredVisit {
            status,
            etag: None,
            last_modified: None,
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

fn settled(state: UrlState, visit: &Visit) -> SettledUrl {
    settle_url(&schedule(), state, visit, 0, None)
}

#[test]
fn a_page_without_an_article_is_settled_for_good() {
    let visit = answered(UrlKind::Page, VisitOutcome::NotArticle, 200);
    assert_eq!(settled(UrlState::default(), &visit).due_at, None);
    let gone = failed(UrlKind::Page, VisitOutcome::Http4xx, None);
    let settled = settled(UrlState::default(), &gone);
    assert_eq!((settled.due_at, settled.attempts), (None, 1));
}

#[test]
fn a_page_that_fails_is_tried_again_at_growing_intervals() {
    let visit = failed(UrlKind::Page, VisitOutcome::Http5xx, None);
    let after = |attempts| {
        let state = UrlState {
            attempts,
            ..UrlState::default()
        };
        settled(state, &visit).due_at
    };
    assert_eq!(after(0), Some(NOW + 10 * MINUTE));
    assert_eq!(after(1), Some(NOW + 30 * MINUTE));
    assert_eq!(after(4), None);
    let too_many = Some(Duration::from_secs(60));
    let visit = failed(UrlKind::Page, VisitOutcome::Http4xx, too_many);
    let due_at = settled(UrlState::default(), &visit).due_at;
    assert_eq!(due_at, Some(NOW + 10 * MINUTE));
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
        settle_url(&again, state, &visit, 0, None).due_at
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
fn an_address_is_not_due_before_its_host() {
    let visit = failed(UrlKind::Page, VisitOutcome::Http5xx, None);
    let until = Some(NOW + 60 * MINUTE);
    let settled = settle_url(&schedule(), UrlState::default(), &visit, 0, until);
    assert_eq!(settled.due_at, until);
}

#[test]
fn a_host_is_backed_off_after_three_failures_and_cleared_by_one_answer() {
    let failure = failed(UrlKind::Page, VisitOutcome::Connect, None);
    let host = charged_host(&failure);
    assert_eq!(host, "daily.test");
    let second = settle_host(&schedule(), &host, 1, &failure);
    assert_eq!((second.failures, second.back_off_until), (2, None));
    let third = settle_host(&schedule(), &host, 2, &failure);
    let until = third.back_off_until.unwrap();
    assert!((NOW + MINUTE..NOW + 2 * MINUTE).contains(&until));
    let answer = answered(UrlKind::Page, VisitOutcome::NotArticle, 200);
    assert_eq!(settle_host(&schedule(), &host, 9, &answer).failures, 0);
}

#[test]
fn a_failure_after_a_redirect_is_charged_to_the_host_that_failed() {
    let mut visit = failed(UrlKind::Page, VisitOutcome::Dns, None);
    if let VisitResult::Failed(failed) = &mut visit.result {
        failed.failed_at = Some(Url::parse("https://cdn.test:8443/a").unwrap());
    }
    assert_eq!(charged_host(&visit), "cdn.test:8443");
}

#[test]
fn the_other_urls_of_an_article_are_its_final_and_canonical_ones() {
    let article = Article {
        final_url: "https://daily.test/a".to_owned(),
        canonical_url: "https://www.daily.test/a/".to_owned(),
        ..Article::default()
    };
    let parse = |url| Url::parse(url).unwrap();
    let visited = parse("https://daily.test/a");
    let canonical = parse(&article.canonical_url);
    assert_eq!(other_urls(&article, &visited), [canonical.clone()]);
    let others = other_urls(&article, &parse("https://daily.test/b"));
    assert_eq!(others, [visited.clone(), canonical]);
    let elsewhere = Article {
        canonical_url: "https://daily.test/c".to_owned(),
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
