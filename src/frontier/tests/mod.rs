//! Storage as a crawl relies on it: the tests know the traits alone, so that each implementation can
//! run them.

mod articles;
mod bounds;
mod claims;
mod clock;
mod named;
mod pages;
mod plans;
mod plans_on_server;
mod retries;
mod shares;
mod too_old;
mod trends;
mod workers;

use std::time::Duration;

use url::Url;

use super::*;
use crate::article::Article;
use crate::frontier::{
    AnsweredVisit, Due, FailedVisit, FoundUrl, ReadArticle, Reading, UrlKind, VisitResult,
};
use crate::verdict::{AddressEvidence, VisitOutcome};

const MINUTE: i64 = 60_000;
/// Some Monday.
const NOW: i64 = 1_800_000_000_000;

/// An empty store with its frontier, of the implementation under test.
async fn storage() -> Storage {
    storage_with(schedule()).await
}

fn schedule() -> Schedule {
    Schedule::new(Duration::from_secs(300), Duration::from_secs(86_400))
}

pub(crate) async fn storage_with(schedule: Schedule) -> Storage {
    crate::frontier::storage(crate::store::tests::empty().await, schedule)
}

fn seed(source: &str, starts: &[&str]) -> Seed {
    Seed {
        source: source.to_owned(),
        settings: String::new(),
        entry_points: starts
            .iter()
            .map(|start| (UrlKind::Start, Url::parse(start).unwrap()))
            .collect(),
        kinds: vec![UrlKind::Start, UrlKind::Feed, UrlKind::Sitemap],
        ..Seed::default()
    }
}

fn pass(owner: &str, started: i64, sources: &[&str]) -> Pass {
    Pass {
        owner: owner.to_owned(),
        token: None,
        started,
        since: started,
        sources: sources.iter().map(|&it| it.to_owned()).collect(),
    }
}

fn visit(due: &Due, at: i64, outcome: VisitOutcome) -> Visit {
    let result = if outcome.is_failure() {
        failed(outcome, None)
    } else {
        answered(Reading::new(outcome, None))
    };
    Visit {
        due: due.clone(),
        at,
        result,
    }
}

fn answered(reading: Reading) -> VisitResult {
    VisitResult::Answered(AnsweredVisit {
        status: 200,
        etag: None,
        last_modified: None,
        archived: None,
        reading,
    })
}

fn failed(outcome: VisitOutcome, retry_after: Option<Duration>) -> VisitResult {
    VisitResult::Failed(FailedVisit {
        outcome,
        reason: String::new(),
        status: None,
        retry_after,
        failed_at: None,
    })
}

/// A failure with this status.
fn refused(due: &Due, at: i64, status: u16) -> Visit {
    let result = VisitResult::Failed(FailedVisit {
        outcome: VisitOutcome::Http4xx,
        reason: String::new(),
        status: Some(status),
        retry_after: None,
        failed_at: None,
    });
    Visit {
        due: due.clone(),
        at,
        result,
    }
}

fn page(url: &str, hint: Option<i64>) -> FoundUrl {
    FoundUrl {
        url: Url::parse(url).unwrap(),
        kind: UrlKind::Page,
        depth: 1,
        hint,
        published: None,
        guessed: false,
        evidence: AddressEvidence::Unknown,
        too_old: false,
    }
}

fn addresses(claim: &Claim) -> Vec<&str> {
    claim.due.iter().map(|due| due.url.as_str()).collect()
}

/// A page that this evidence names.
fn named(url: &str, evidence: AddressEvidence) -> FoundUrl {
    FoundUrl {
        evidence,
        ..page(url, None)
    }
}

/// An answer without an article.
fn status(status: u16) -> VisitResult {
    VisitResult::Failed(FailedVisit {
        outcome: match status {
            500.. => VisitOutcome::Http5xx,
            _ => VisitOutcome::Http4xx,
        },
        reason: String::new(),
        status: Some(status),
        retry_after: None,
        failed_at: None,
    })
}

/// An answer that was read so.
fn read(outcome: VisitOutcome) -> VisitResult {
    answered(Reading::new(outcome, None))
}

/// The answer of an entry point that names these pages.
fn names(found: &[FoundUrl]) -> VisitResult {
    answered(Reading::index(found.to_vec()))
}

/// One pass at `now`, in which each visit ends as `answer` says. Gives the addresses asked.
async fn run_pass(
    storage: &Storage,
    now: i64,
    answer: impl FnMut(&Due) -> VisitResult,
) -> Vec<String> {
    let claims = run_claims(storage, usize::MAX, now, answer).await;
    let asked = claims.iter().flatten();
    asked.map(|due| due.url.to_string()).collect()
}

/// So many claims at most of one pass at `now`, in which each visit ends as `answer` says. Gives what was asked in
/// each of them.
async fn run_claims(
    storage: &Storage,
    most: usize,
    now: i64,
    mut answer: impl FnMut(&Due) -> VisitResult,
) -> Vec<Vec<Due>> {
    let frontier = &storage.frontier;
    let pass = pass("a", now, &["daily", "weekly"]);
    let mut claims = Vec::new();
    while claims.len() < most
        && let Some(claim) = frontier.claim(&pass, now).await.unwrap()
    {
        let mut asked = Vec::new();
        for due in claim.due {
            asked.push(due.clone());
            let result = answer(&due);
            let visit = Visit {
                due,
                at: now,
                result,
            };
            if frontier.finish(&pass, visit).await.unwrap().ends_claim {
                break;
            }
        }
        frontier.release(&pass, &claim.host).await.unwrap();
        claims.push(asked);
    }
    claims
}

/// A frontier with one source, which has this front page.
async fn with_front(front: &str) -> Storage {
    with_front_and(front, schedule()).await
}

async fn with_front_and(front: &str, schedule: Schedule) -> Storage {
    let storage = storage_with(schedule).await;
    let seeds = [seed("daily", &[front])];
    storage.frontier.seed(&seeds, NOW).await.unwrap();
    storage
}

/// How many of these addresses are pages.
fn pages_of(asked: &[String]) -> usize {
    asked.iter().filter(|it| it.contains("/news/")).count()
}

/// A frontier whose front page has been visited and named these pages.
async fn with_pages(found: Vec<FoundUrl>) -> (Storage, Pass) {
    let storage = storage().await;
    let frontier = &storage.frontier;
    let seeds = [seed("daily", &["https://daily.test/"])];
    frontier.seed(&seeds, NOW).await.unwrap();
    let pass = pass("a", NOW, &["daily"]);
    let claim = frontier.claim(&pass, NOW).await.unwrap().unwrap();
    let visit = Visit {
        result: answered(Reading::index(found)),
        ..visit(&claim.due[0], NOW, VisitOutcome::Index)
    };
    frontier.finish(&pass, visit).await.unwrap();
    frontier.release(&pass, &claim.host).await.unwrap();
    (storage, pass)
}

#[tokio::test]
async fn a_host_is_held_by_one_pass_at_a_time_until_released_or_long_silent() {
    let storage = storage().await;
    let frontier = &storage.frontier;
    let seeds = [seed("daily", &["https://daily.test/"])];
    frontier.seed(&seeds, NOW).await.unwrap();
    let (one, two) = (pass("a", NOW, &["daily"]), pass("b", NOW, &["daily"]));
    let claim = frontier.claim(&one, NOW).await.unwrap().unwrap();
    assert_eq!(claim.host, "daily.test");
    assert_eq!(frontier.claim(&two, NOW).await.unwrap(), None);
    let later = NOW + 16 * MINUTE;
    let again = frontier.claim(&two, later).await.unwrap().unwrap();
    assert_eq!((&again.host, &again.due), (&claim.host, &claim.due));
    // Whoever lost the lease can't give it back.
    frontier.release(&one, &claim.host).await.unwrap();
    assert_eq!(frontier.claim(&one, later).await.unwrap(), None);
    frontier.release(&two, &claim.host).await.unwrap();
    assert!(frontier.claim(&one, later).await.unwrap().is_some());
}

#[tokio::test]
async fn the_newest_pages_go_first_and_each_is_found_once() {
    let found = vec![
        page("https://daily.test/undated", None),
        page("https://daily.test/old", Some(NOW - 100 * MINUTE)),
        page("https://daily.test/new", Some(NOW - MINUTE)),
        page("https://daily.test/new", Some(NOW - MINUTE)),
    ];
    let (storage, pass) = with_pages(found).await;
    let frontier = &storage.frontier;
    let claim = frontier.claim(&pass, NOW).await.unwrap().unwrap();
    let expected = ["new", "old", "undated"].map(|it| format!("https://daily.test/{it}"));
    assert_eq!(addresses(&claim), expected);
}

#[tokio::test]
async fn an_entry_point_waits_longer_each_time_it_brings_nothing_new() {
    let storage = storage().await;
    let frontier = &storage.frontier;
    let seeds = [seed("daily", &["https://daily.test/"])];
    frontier.seed(&seeds, NOW).await.unwrap();
    let mut now = NOW;
    for minutes in [10, 20, 40] {
        let pass = pass("a", now, &["daily"]);
        let claim = frontier.claim(&pass, now).await.unwrap().unwrap();
        let visit = visit(&claim.due[0], now, VisitOutcome::Index);
        frontier.finish(&pass, visit).await.unwrap();
        frontier.release(&pass, &claim.host).await.unwrap();
        let early = now + minutes * MINUTE - 1;
        let before = self::pass("a", early, &["daily"]);
        assert_eq!(frontier.claim(&before, early).await.unwrap(), None);
        now += minutes * MINUTE;
    }
}

#[tokio::test]
async fn a_host_that_asks_for_a_pause_gets_it_also_from_the_next_pass() {
    let found = vec![
        page("https://daily.test/a", None),
        page("https://daily.test/b", None),
    ];
    let (storage, pass) = with_pages(found).await;
    let frontier = &storage.frontier;
    let claim = frontier.claim(&pass, NOW).await.unwrap().unwrap();
    let refused = Visit {
        result: failed(VisitOutcome::Http4xx, Some(Duration::from_secs(600))),
        ..visit(&claim.due[0], NOW, VisitOutcome::Http4xx)
    };
    let finished = frontier.finish(&pass, refused).await.unwrap();
    assert!(finished.ends_claim);
    frontier.release(&pass, &claim.host).await.unwrap();
    let at = |minutes| self::pass("b", NOW + minutes * MINUTE, &["daily"]);
    let claim_at = async |minutes| {
        let claim = frontier.claim(&at(minutes), NOW + minutes * MINUTE).await;
        claim.unwrap().map(|it| it.due.len())
    };
    assert_eq!(claim_at(9).await, None);
    // The front page is due again too, and goes first.
    assert_eq!(claim_at(10).await, Some(1));
}

#[tokio::test]
async fn a_page_that_keeps_failing_is_given_up_and_one_that_is_gone_at_once() {
    let found = vec![page("https://daily.test/a", None)];
    let (storage, first) = with_pages(found).await;
    let frontier = &storage.frontier;
    let mut now = NOW;
    let mut tries = 0;
    let mut pass = first;
    while now < NOW + 30 * 24 * 60 * MINUTE {
        if let Some(claim) = frontier.claim(&pass, now).await.unwrap() {
            for due in &claim.due {
                let is_page = due.kind == UrlKind::Page;
                tries += usize::from(is_page);
                let outcome = if is_page {
                    VisitOutcome::Http5xx
                } else {
                    VisitOutcome::Index
                };
                let ended = frontier.finish(&pass, visit(due, now, outcome)).await;
                if ended.unwrap().ends_claim {
                    break;
                }
            }
            frontier.release(&pass, &claim.host).await.unwrap();
        }
        now += 10 * MINUTE;
        pass.started = now;
    }
    assert_eq!(tries, 5);

    let (storage, pass) = with_pages(vec![page("https://daily.test/a", None)]).await;
    let frontier = &storage.frontier;
    let claim = frontier.claim(&pass, NOW).await.unwrap().unwrap();
    let gone = refused(&claim.due[0], NOW, 410);
    frontier.finish(&pass, gone).await.unwrap();
    frontier.release(&pass, &claim.host).await.unwrap();
    let later = self::pass("a", NOW + 5 * MINUTE, &["daily"]);
    let claim = frontier.claim(&later, NOW + 5 * MINUTE).await.unwrap();
    assert!(claim.is_none_or(|claim| claim.due.iter().all(|due| due.kind != UrlKind::Page)));
}

#[tokio::test]
async fn an_article_and_the_end_of_its_visit_are_one_step_and_its_other_addresses_are_spent() {
    let found = vec![
        page("https://daily.test/a?from=feed", None),
        page("https://daily.test/a", None),
    ];
    let (storage, pass) = with_pages(found).await;
    let frontier = &storage.frontier;
    let claim = frontier.claim(&pass, NOW).await.unwrap().unwrap();
    let article = Article {
        id: "1".repeat(16),
        source: Some("daily".to_owned()),
        final_url: Some("https://daily.test/a?from=feed".to_owned()),
        canonical_url: Some("https://daily.test/a".to_owned()),
        content_hash: "2".repeat(16),
        ..Article::default()
    };
    let reading = Reading {
        article: Some(Box::new(ReadArticle {
            article,
            ..ReadArticle::default()
        })),
        ..Reading::new(VisitOutcome::Stored, None)
    };
    let stored = Visit {
        result: answered(reading),
        ..visit(&claim.due[0], NOW, VisitOutcome::Stored)
    };
    let finished = frontier.finish(&pass, stored).await.unwrap();
    assert_eq!(finished.outcome, VisitOutcome::Stored);
    frontier.release(&pass, &claim.host).await.unwrap();
    assert_eq!(frontier.claim(&pass, NOW).await.unwrap(), None);
    assert_eq!(storage.store.unwritten(0, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn entry_points_that_the_configuration_drops_are_asked_no_more() {
    let storage = storage().await;
    let frontier = &storage.frontier;
    let both = ["https://daily.test/", "https://daily.test/city/"];
    frontier.seed(&[seed("daily", &both)], NOW).await.unwrap();
    let fewer = [seed("daily", &both[..1])];
    frontier.seed(&fewer, NOW).await.unwrap();
    let pass = pass("a", NOW, &["daily"]);
    let claim = frontier.claim(&pass, NOW).await.unwrap().unwrap();
    assert_eq!(addresses(&claim), &both[..1]);
}
