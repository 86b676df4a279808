//! Pages that a feed or a sitemap dates older than `max_age`.

use super::*;
use crate::store::{AddressFilter, StatusTimes};
use crate::verdict::AddressEvidence;

const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const FRONT: &str = "https://daily.test/";

fn old(count: i64, too_old: bool) -> Vec<FoundUrl> {
    (0..count)
        .map(|number| FoundUrl {
            too_old,
            evidence: AddressEvidence::Sitemap,
            ..page(
                &format!("https://daily.test/news/{number}"),
                Some(NOW - (100 + number) * DAY),
            )
        })
        .collect()
}

async fn with_room_for_ten() -> Storage {
    let schedule = Schedule {
        too_old_pages: 10,
        ..schedule()
    };
    with_front_and(FRONT, schedule).await
}

/// How many were counted as too old in this pass.
async fn counted(storage: &Storage, now: i64, found: &[FoundUrl]) -> (usize, u64) {
    let sources = ["daily".to_owned()];
    storage.store.begin_runs(&sources, now).await.unwrap();
    let asked = run_pass(storage, now, |due| match due.kind {
        UrlKind::Page => read(VisitOutcome::Stored),
        _ => names(found),
    })
    .await;
    storage.store.end_runs(&[], now, now).await.unwrap();
    let times = StatusTimes {
        since: now,
        health: Duration::from_secs(1),
        now,
    };
    let rows = storage.store.status(&sources, times).await.unwrap();
    let counted = rows[0].outcomes.get(&VisitOutcome::TooOld);
    (pages_of(&asked), counted.copied().unwrap_or_default())
}

#[tokio::test]
async fn each_is_counted_once_and_none_is_asked() {
    for count in [3, 10, 25] {
        let storage = with_room_for_ten().await;
        let found = old(count, true);
        let expected = u64::try_from(count).unwrap();
        assert_eq!(counted(&storage, NOW, &found).await, (0, expected));
        for day in 1..4 {
            let again = counted(&storage, NOW + day * DAY, &found).await;
            assert_eq!(again, (0, 0), "{count}");
        }
        let more = old(count + 2, true);
        let again = counted(&storage, NOW + 5 * DAY, &more).await;
        assert_eq!(again, (0, 2), "{count}");
    }
}

#[tokio::test]
pub(super) async fn the_newest_have_rows() {
    let storage = with_room_for_ten().await;
    counted(&storage, NOW, &old(25, true)).await;
    let too_old = AddressFilter {
        outcomes: vec![VisitOutcome::TooOld],
        ..AddressFilter::default()
    };
    assert_eq!(storage.frontier.retry(&too_old, NOW).await.unwrap(), 10);
    let asked = run_pass(&storage, NOW, |_| read(VisitOutcome::Stored)).await;
    assert!(asked.contains(&"https://daily.test/news/0".to_owned()));
    assert!(!asked.contains(&"https://daily.test/news/10".to_owned()));
}

#[tokio::test]
pub(super) async fn what_is_too_old_no_longer_is_asked_for() {
    let storage = with_room_for_ten().await;
    counted(&storage, NOW, &old(25, true)).await;
    let (asked, _) = counted(&storage, NOW + DAY, &old(25, false)).await;
    assert_eq!(asked, 25);
}

#[tokio::test]
async fn their_hosts_take_no_room_from_new_ones() {
    let bounded = Schedule {
        new_hosts: 5,
        ..schedule()
    };
    let storage = with_front_and(FRONT, bounded).await;
    let on_hosts = |name: &str, too_old: bool| {
        let page = |number| FoundUrl {
            url: Url::parse(&format!("https://{name}{number}.daily.test/news/a")).unwrap(),
            ..old(1, too_old).remove(0)
        };
        (0..5).map(page).collect::<Vec<_>>()
    };
    assert_eq!(counted(&storage, NOW, &on_hosts("old", true)).await, (0, 5));
    let new = on_hosts("new", false);
    let (asked, _) = counted(&storage, NOW + DAY, &new).await;
    assert_eq!(asked, 5);
}

#[tokio::test]
async fn a_page_that_waits_or_is_stored_stays_what_it_is() {
    let storage = with_front(FRONT).await;
    assert_eq!(counted(&storage, NOW, &old(5, false)).await, (5, 0));
    assert_eq!(counted(&storage, NOW + DAY, &old(5, true)).await, (0, 0));
}
