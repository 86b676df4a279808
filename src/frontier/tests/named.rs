//! What names an address, and what being named again does.

use super::*;
use crate::verdict::AddressEvidence;

const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const FRONT: &str = "https://daily.test/";
const ARTICLE: &str = "https://daily.test/news/a";

#[tokio::test]
pub(super) async fn the_strongest_evidence_is_kept() {
    for (first, second, expected) in [
        (
            AddressEvidence::Link,
            AddressEvidence::Feed,
            AddressEvidence::Feed,
        ),
        (
            AddressEvidence::Feed,
            AddressEvidence::Link,
            AddressEvidence::Feed,
        ),
        (
            AddressEvidence::Sitemap,
            AddressEvidence::NewsSitemap,
            AddressEvidence::NewsSitemap,
        ),
    ] {
        let storage = with_front(FRONT).await;
        let mut seen = AddressEvidence::Unknown;
        for (now, evidence) in [(NOW, first), (NOW + HOUR, second)] {
            run_pass(&storage, now, |due| match due.kind {
                UrlKind::Page => {
                    seen = due.evidence;
                    status(403)
                }
                _ => names(&[named(ARTICLE, evidence)]),
            })
            .await;
        }
        assert_eq!(seen, expected);
    }
}

/// How often a page is asked for that is lost after a round of tries and then named again, after it
/// went unnamed for a while or not.
async fn asked_when_named_again(gap: bool) -> usize {
    let storage = with_front(FRONT).await;
    let mut asked = 0;
    for hour in 0..150 {
        let is_named = !gap || !(80..=120).contains(&hour);
        let found = [named(ARTICLE, AddressEvidence::Link)];
        let found = if is_named { &found[..] } else { &[] };
        let pass = run_pass(&storage, NOW + hour * HOUR, |due| match due.kind {
            UrlKind::Page if hour < 80 => status(403),
            UrlKind::Page => read(VisitOutcome::Stored),
            _ => names(found),
        });
        asked += pages_of(&pass.await);
    }
    asked
}

#[tokio::test]
async fn a_lost_page_that_is_named_anew_is_asked_again() {
    assert_eq!(asked_when_named_again(false).await, 5);
    assert_eq!(asked_when_named_again(true).await, 6);
}

#[tokio::test]
async fn another_url_of_a_page_names_it_too() {
    let storage = with_front(FRONT).await;
    let mut asked = 0;
    for hour in 0..100 {
        // The feed drops `https`, and a 404 that repeats is not final as long as it names the page.
        let url = if hour == 0 {
            ARTICLE
        } else {
            "http://www.daily.test/news/a/"
        };
        let pass = run_pass(&storage, NOW + hour * HOUR, |due| match due.kind {
            UrlKind::Page if due.url.scheme() == "https" => {
                asked += 1;
                status(404)
            }
            UrlKind::Page => read(VisitOutcome::NotArticle),
            _ => names(&[
                named(url, AddressEvidence::Feed),
                named(ARTICLE, AddressEvidence::Feed),
            ]),
        });
        pass.await;
    }
    assert_eq!(asked, 5);
}

#[tokio::test]
async fn two_sources_read_the_same_feed_and_the_same_front_page() {
    let storage = storage().await;
    let seeds = [seed("daily", &[FRONT]), seed("weekly", &[FRONT])];
    storage.frontier.seed(&seeds, NOW).await.unwrap();
    let mut read_by = Vec::new();
    let asked = run_pass(&storage, NOW, |due| match due.kind {
        UrlKind::Page => read(VisitOutcome::Stored),
        UrlKind::Feed => {
            read_by.push(due.source.clone());
            let url = format!("https://daily.test/news/{}", due.source);
            names(&[named(&url, AddressEvidence::Feed)])
        }
        _ => names(&[FoundUrl {
            kind: UrlKind::Feed,
            ..page("https://daily.test/feed", None)
        }]),
    })
    .await;
    read_by.sort();
    assert_eq!(read_by, ["daily", "weekly"]);
    assert_eq!(pages_of(&asked), 2);
}

#[tokio::test]
pub(super) async fn an_entry_point_is_no_page_of_its_source() {
    let storage = with_front(FRONT).await;
    let found = [
        named(FRONT, AddressEvidence::Link),
        named(ARTICLE, AddressEvidence::Link),
    ];
    let asked = run_pass(&storage, NOW, |due| match due.kind {
        UrlKind::Page => read(VisitOutcome::Stored),
        _ => names(&found),
    })
    .await;
    assert_eq!(asked, [FRONT, ARTICLE]);
}

#[tokio::test]
pub(super) async fn a_wrong_guess_that_is_declared_later_is_read() {
    let feed = |guessed| FoundUrl {
        kind: UrlKind::Feed,
        guessed,
        ..page("https://daily.test/feed", None)
    };
    let storage = with_front(FRONT).await;
    let mut asked = Vec::new();
    for (now, guessed) in [(NOW, true), (NOW + DAY, true), (NOW + 3 * DAY, false)] {
        let pass = run_pass(&storage, now, |due| match due.kind {
            UrlKind::Feed => status(404),
            _ => names(&[feed(guessed)]),
        });
        asked.push(pass.await.len());
    }
    assert_eq!(asked, [2, 1, 2]);
}
