//! What goes first, and which patterns are left.

use super::*;
use crate::verdict::AddressEvidence;

const HOUR: i64 = 60 * MINUTE;
const FRONT: &str = "https://daily.test/";

fn dated(number: i64) -> FoundUrl {
    FoundUrl {
        evidence: AddressEvidence::Sitemap,
        ..page(
            &format!("https://daily.test/news/archive-{number}"),
            Some(NOW - number * HOUR),
        )
    }
}

/// Which of the first `most` pages asked in a pass at `now` are of the archive, and which are not.
async fn asked(storage: &Storage, now: i64, found: &[FoundUrl], most: usize) -> (usize, usize) {
    let frontier = &storage.frontier;
    let pass = pass("a", now, &["daily"]);
    let (mut archive, mut others) = (0, 0);
    while archive + others < most
        && let Some(claim) = frontier.claim(&pass, now).await.unwrap()
    {
        for due in claim.due {
            if due.kind == UrlKind::Page && archive + others == most {
                break;
            }
            let result = match due.kind {
                UrlKind::Page => read(VisitOutcome::Stored),
                _ => names(found),
            };
            match due.kind {
                UrlKind::Page if due.url.path().contains("archive") => archive += 1,
                UrlKind::Page => others += 1,
                _ => {}
            }
            let visit = Visit {
                due,
                at: now,
                result,
            };
            frontier.finish(&pass, visit).await.unwrap();
        }
        frontier.release(&pass, &claim.host).await.unwrap();
    }
    (archive, others)
}

#[tokio::test]
async fn what_a_front_page_or_a_feed_has_just_named_goes_before_a_backlog() {
    for evidence in [AddressEvidence::Link, AddressEvidence::Feed] {
        let storage = with_front(FRONT).await;
        let mut found: Vec<FoundUrl> = (1..300).map(dated).collect();
        for number in 0..5 {
            for fresh in 0..10 {
                let url = format!("https://daily.test/news/fresh-{number}-{fresh}");
                found.push(named(&url, evidence));
            }
            let now = NOW + number * HOUR;
            assert_eq!(
                asked(&storage, now, &found, 40).await,
                (30, 10),
                "{evidence:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_backlog_does_not_starve() {
    let storage = with_front(FRONT).await;
    let mut found: Vec<FoundUrl> = (1..300).map(dated).collect();
    for number in 0..3 {
        for fresh in 0..100 {
            let url = format!("https://daily.test/news/fresh-{number}-{fresh}");
            found.push(named(&url, AddressEvidence::Link));
        }
        let (archive, fresh) = asked(&storage, NOW + number * HOUR, &found, 40).await;
        assert!((3..10).contains(&archive), "{archive}");
        assert!(fresh >= 30, "{fresh}");
    }
}

#[tokio::test]
async fn a_backlog_of_links_without_dates_waits_its_turn_and_no_longer() {
    let storage = with_front(FRONT).await;
    let undated: Vec<FoundUrl> = (0..20)
        .map(|number| {
            let url = format!("https://daily.test/news/link-{number}");
            named(&url, AddressEvidence::Link)
        })
        .collect();
    // Found, and not asked for three days.
    assert_eq!(asked(&storage, NOW, &undated, 0).await, (0, 0));
    let pass = pass("a", NOW, &["daily"]);
    let claim = storage.frontier.claim(&pass, NOW).await.unwrap().unwrap();
    let front = Visit {
        due: claim.due[0].clone(),
        at: NOW,
        result: names(&undated),
    };
    storage.frontier.finish(&pass, front).await.unwrap();
    storage.frontier.release(&pass, &claim.host).await.unwrap();
    let archive: Vec<FoundUrl> = (1..300).map(dated).collect();
    let later = NOW + 72 * HOUR;
    assert_eq!(asked(&storage, later, &archive, 20).await, (0, 20));
}

#[tokio::test]
pub(super) async fn retries_go_after_new_pages() {
    let storage = with_front(FRONT).await;
    let old = named("https://daily.test/news/old", AddressEvidence::Link);
    run_pass(&storage, NOW, |due| match due.kind {
        UrlKind::Page => status(403),
        _ => names(std::slice::from_ref(&old)),
    })
    .await;
    let new = named("https://daily.test/news/new", AddressEvidence::Sitemap);
    let asked = run_pass(&storage, NOW + HOUR, |due| match due.kind {
        UrlKind::Page => read(VisitOutcome::Stored),
        _ => names(&[old.clone(), new.clone()]),
    })
    .await;
    let expected = ["", "news/new", "news/old"].map(|it| format!("https://daily.test/{it}"));
    assert_eq!(asked, expected);
}

/// How many new pages of a section are taken in after forty of its pages ended so.
async fn taken_in_after(answer: &VisitResult) -> usize {
    let storage = with_front(FRONT).await;
    let section = |from: usize| -> Vec<FoundUrl> {
        (from..from + 40)
            .map(|number| {
                let url = format!("https://daily.test/news/city/{number}");
                named(&url, AddressEvidence::Link)
            })
            .chain([named(
                "https://daily.test/other/story",
                AddressEvidence::Link,
            )])
            .collect()
    };
    let mut taken_in = 0;
    for (now, from) in [(NOW, 0), (NOW + 100 * HOUR, 40), (NOW + 200 * HOUR, 80)] {
        let found = section(from);
        let asked = run_pass(&storage, now, |due| match due.url.path() {
            "/" => names(&found),
            "/other/story" => read(VisitOutcome::Stored),
            path if now > NOW && from > 0 && !path.contains("/city/") => status(404),
            _ if from == 0 => answer.clone(),
            _ => read(VisitOutcome::Stored),
        })
        .await;
        if from == 40 {
            let new = (40..80).map(|number| format!("https://daily.test/news/city/{number}"));
            taken_in = new.filter(|url| asked.contains(url)).count();
        }
    }
    taken_in
}

#[tokio::test]
async fn errors_and_walls_make_no_trap() {
    for answer in [
        status(403),
        status(404),
        status(410),
        read(VisitOutcome::Empty),
        read(VisitOutcome::Soft404),
        read(VisitOutcome::Challenge),
        failed(VisitOutcome::Redirects, None),
    ] {
        assert_eq!(taken_in_after(&answer).await, 40, "{answer:?}");
    }
}

#[tokio::test]
async fn pages_that_answer_well_and_hold_nothing_make_one() {
    for outcome in [VisitOutcome::Index, VisitOutcome::NotArticle] {
        assert_eq!(taken_in_after(&read(outcome)).await, 0, "{outcome:?}");
    }
}
