//! Sources that name more than may wait, and visits that find more than one transaction takes.

use std::future::Future;
use std::pin::pin;

use super::*;
use crate::store::tests::database::is_on_server;
use crate::store::{AddressFilter, StatusTimes};

const FRONT: &str = "https://daily.test/";

/// The pages with these numbers, dated by them, at addresses of some `length` characters.
fn dated(numbers: std::ops::Range<i64>, length: usize) -> Vec<FoundUrl> {
    let filler = "a".repeat(length);
    numbers
        .map(|number| FoundUrl {
            evidence: AddressEvidence::Sitemap,
            ..page(
                &format!("https://daily.test/news/{number}-{filler}"),
                Some(number),
            )
        })
        .collect()
}

async fn claimed(storage: &Storage, now: i64) -> Vec<Due> {
    let pass = pass("a", now, &["daily", "weekly"]);
    let claim = storage.frontier.claim(&pass, now).await.unwrap().unwrap();
    claim.due
}

/// Stores the end of a visit, and gives its host back.
async fn finish(storage: &Storage, visit: Visit) -> Finished {
    let pass = pass("a", NOW, &["daily", "weekly"]);
    let host = host_and_port(&visit.due.url);
    let finished = storage.frontier.finish(&pass, visit).await.unwrap();
    storage.frontier.release(&pass, &host).await.unwrap();
    finished
}

/// The end of a visit that found these pages.
fn found(due: &Due, at: i64, found: Vec<FoundUrl>) -> Visit {
    let reading = AnsweredVisit {
        status: 200,
        etag: Some("\"1\"".to_owned()),
        last_modified: None,
        archived: None,
        reading: Reading::index(found),
    };
    Visit {
        due: due.clone(),
        at,
        result: VisitResult::Answered(reading),
    }
}

async fn numbers(storage: &Storage) -> Vec<i64> {
    let filter = AddressFilter::default();
    let pages = storage.store.addresses_after(&filter, 0, 10_000);
    let pages = pages.await.unwrap();
    let number = |url: &str| url.rsplit('/').next()?.split('-').next()?.parse().ok();
    let mut numbers: Vec<i64> = pages.iter().filter_map(|it| number(&it.url)).collect();
    numbers.sort_unstable();
    numbers
}

async fn left_out(storage: &Storage) -> u64 {
    let times = StatusTimes {
        since: NOW,
        health: Duration::from_secs(1),
        now: NOW,
    };
    let rows = storage.store.status(&["daily".to_owned()], times).await;
    rows.unwrap()[0].left_out
}

async fn with_bounds(pages: u32, bytes: u64) -> Storage {
    let bounded = Schedule {
        waiting_pages: pages,
        waiting_bytes: bytes,
        ..schedule()
    };
    with_front_and(FRONT, bounded).await
}

#[tokio::test]
async fn what_waits_is_bounded_in_bytes_and_what_is_left_out_is_said_and_read_again() {
    let storage = with_bounds(100_000, 10_500).await;
    let due = claimed(&storage, NOW).await.remove(0);
    let visit = found(&due, NOW, dated(0..50, 1_000));
    let finished = finish(&storage, visit).await;
    assert_eq!((finished.new_pages, finished.left_out), (10, 40));
    let reason = finished.reason.unwrap();
    assert!(
        reason.starts_with("40 of its addresses are left for later"),
        "{reason}"
    );
    assert_eq!(numbers(&storage).await, Vec::from_iter(40..50));
    assert_eq!(left_out(&storage).await, 40);
    let mut later = NOW + MINUTE;
    while numbers(&storage).await.first() != Some(&0) {
        let seen = run_pass(&storage, later, |due| match due.kind {
            UrlKind::Page => read(VisitOutcome::Stored),
            _ => {
                assert_eq!(due.etag, None, "it is read in full");
                found(due, later, dated(0..50, 1_000)).result
            }
        });
        assert!(!seen.await.is_empty());
        later += 2 * 24 * 60 * MINUTE;
    }
    assert_eq!(numbers(&storage).await, Vec::from_iter(0..50));
    assert_eq!(left_out(&storage).await, 0);
}

#[tokio::test]
pub(super) async fn newer_pages_take_the_place_of_older_ones_whose_entry_point_is_read_again() {
    let storage = with_bounds(20, 1_000_000).await;
    let maps: Vec<FoundUrl> = ["one", "two"]
        .map(|name| FoundUrl {
            kind: UrlKind::Sitemap,
            ..page(&format!("https://daily.test/{name}.xml"), None)
        })
        .to_vec();
    let front = claimed(&storage, NOW).await.remove(0);
    finish(&storage, found(&front, NOW, maps)).await;
    let maps = claimed(&storage, NOW).await;
    let old = found(&maps[0], NOW, dated(0..20, 1));
    assert_eq!(finish(&storage, old).await.left_out, 0);
    let new = found(&maps[1], NOW, dated(15..35, 1));
    let finished = finish(&storage, new).await;
    assert_eq!(finished.left_out, 0);
    assert_eq!(numbers(&storage).await, Vec::from_iter(15..35));
    assert_eq!(left_out(&storage).await, 15);
    // What is older than all that wait goes in nowhere.
    let oldest = found(&maps[1], NOW, dated(-20..0, 1));
    assert_eq!(finish(&storage, oldest).await.left_out, 20);
    assert_eq!(numbers(&storage).await, Vec::from_iter(15..35));
    let later = NOW + 3 * 24 * 60 * MINUTE;
    let again = claimed(&storage, later).await;
    assert!(
        again
            .iter()
            .any(|due| due.id == maps[0].id && due.etag.is_none())
    );
}

#[tokio::test]
async fn a_long_address_is_one_page_however_it_is_written() {
    let storage = with_front_and(FRONT, schedule()).await;
    let due = claimed(&storage, NOW).await.remove(0);
    let long = "a".repeat(1_900);
    let forms = ["", "/", "?"].map(|end| page(&format!("http://www.daily.test/{long}{end}"), None));
    let visit = found(&due, NOW, forms.to_vec());
    assert_eq!(finish(&storage, visit).await.new_pages, 1);
    let visit = found(
        &due,
        NOW,
        vec![page(&format!("https://daily.test/{long}"), None)],
    );
    assert_eq!(finish(&storage, visit).await.new_pages, 0);
}

/// Two visits of which the first found thousands of pages: ends when either has ended, and says which.
async fn first_to_end(large: impl Future, small: impl Future) -> &'static str {
    let (mut large, mut small) = (pin!(large), pin!(small));
    tokio::select! {
        biased;
        _ = &mut large => "large",
        _ = &mut small => "small",
    }
}

#[tokio::test]
async fn a_visit_that_found_thousands_of_pages_keeps_no_other_waiting_and_ends_whole_or_not_at_all()
{
    let storage = with_front_and(FRONT, schedule()).await;
    let frontier = &storage.frontier;
    let seeds = [
        seed("daily", &[FRONT]),
        seed("weekly", &["https://weekly.test/"]),
    ];
    frontier.seed(&seeds, NOW).await.unwrap();
    let pass = pass("a", NOW, &["daily", "weekly"]);
    let mut hosts = Vec::new();
    while let Some(claim) = frontier.claim(&pass, NOW).await.unwrap() {
        hosts.push(claim);
    }
    let due_of = |name| {
        hosts
            .iter()
            .flat_map(|it| &it.due)
            .find(|it| it.source == name)
    };
    let (daily, weekly) = (due_of("daily").unwrap(), due_of("weekly").unwrap());
    let all = dated(0..5_000, 1);
    let large = frontier.finish(&pass, found(daily, NOW, all.clone()));
    let small = frontier.finish(&pass, found(weekly, NOW, Vec::new()));
    assert_eq!(first_to_end(large, small).await, "small");
    // The other was dropped with it, as a crash would have ended it: what it took in is there, and it is made
    // again. Where a file has one writer, the small one waited for some of it.
    let taken_in = numbers(&storage).await.len();
    let least = usize::from(!is_on_server());
    assert!((least..5_000).contains(&taken_in), "{taken_in}");
    frontier.release(&pass, "daily.test").await.unwrap();
    let due = claimed(&storage, NOW).await.remove(0);
    assert_eq!((due.id, &due.etag), (daily.id, &None));
    let finished = frontier.finish(&pass, found(&due, NOW, all)).await.unwrap();
    assert_eq!(finished.new_pages, 5_000 - taken_in);
    assert_eq!(numbers(&storage).await.len(), 5_000);
}

#[tokio::test]
pub(super) async fn hosts_without_end_are_taken_in_a_few_at_a_time_and_forgotten_when_nothing_is_due_there()
 {
    let bounded = Schedule {
        new_hosts: 10,
        ..schedule()
    };
    let storage = with_front_and(FRONT, bounded).await;
    let pages: Vec<FoundUrl> = (0..25)
        .map(|number| page(&format!("https://n{number}.daily.test/news/a"), None))
        .collect();
    let due = claimed(&storage, NOW).await.remove(0);
    let finished = finish(&storage, found(&due, NOW, pages.clone())).await;
    assert_eq!((finished.new_pages, finished.left_out), (10, 15));
    let mut asked = Vec::new();
    let mut later = NOW;
    while asked.len() < 25 {
        let seen = run_pass(&storage, later, |due| match due.kind {
            UrlKind::Page => read(VisitOutcome::NotArticle),
            _ => found(due, later, pages.clone()).result,
        });
        let seen = seen.await;
        assert!(!seen.is_empty(), "{} asked", asked.len());
        asked.extend(seen.into_iter().filter(|url| url.ends_with("/a")));
        later += 2 * 24 * 60 * MINUTE;
    }
    // What is due again has its host again.
    later += 30 * 24 * 60 * MINUTE;
    let seeds = [seed("daily", &[FRONT])];
    storage.frontier.seed(&seeds, later).await.unwrap();
    let everything = AddressFilter::default();
    let due_again = storage.frontier.retry(&everything, later).await.unwrap();
    assert_eq!(due_again, 25);
    let seen = run_pass(&storage, later, |_| read(VisitOutcome::NotArticle)).await;
    assert_eq!(pages_of(&seen), 25);
}
