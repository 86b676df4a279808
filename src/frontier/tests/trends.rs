//! The days of a source, and its pages by outcome, as the desk shows them.

use super::*;
use crate::store::SourceDay;

const DAY: i64 = 24 * 60 * MINUTE;
const FRONT: &str = "https://daily.test/";

/// An article with this many words in its text.
fn article(url: &Url, words: usize) -> Box<ReadArticle> {
    let text = format!("{url} {}", "ferry ".repeat(words - 1));
    let article = Article {
        id: crate::canonical::id(url),
        source: Some("daily".to_owned()),
        url: Some(url.to_string()),
        final_url: Some(url.to_string()),
        canonical_url: Some(url.to_string()),
        title: Some("Ferry".to_owned()),
        authors: vec!["A Reporter".to_owned()],
        word_count: words,
        content_hash: crate::canonical::digest(text.as_bytes()),
        text,
        ..Article::default()
    };
    Box::new(ReadArticle {
        article,
        ..ReadArticle::default()
    })
}

/// A source with two articles and two lost pages on one day, and an article and a lost page two days later.
async fn two_days() -> Storage {
    let storage = with_front(FRONT).await;
    let answer = |due: &Due| match due.url.path() {
        "/news/1" | "/news/2" | "/news/5" => answered(Reading {
            article: Some(article(
                &due.url,
                if due.url.path() == "/news/1" {
                    100
                } else {
                    300
                },
            )),
            ..Reading::new(VisitOutcome::Stored, None)
        }),
        "/news/3" => status(410),
        _ => read(VisitOutcome::NotArticle),
    };
    for (at, numbers) in [(NOW, 1..=4), (NOW + 2 * DAY, 1..=6)] {
        let found: Vec<FoundUrl> = numbers
            .map(|it| {
                named(
                    &format!("https://daily.test/news/{it}"),
                    AddressEvidence::Feed,
                )
            })
            .collect();
        run_pass(&storage, at, |due| match due.kind {
            UrlKind::Page => answer(due),
            _ => names(&found),
        })
        .await;
    }
    storage
}

#[tokio::test]
pub(super) async fn days_are_counted_and_pages_are_listed_by_outcome() {
    let storage = two_days().await;
    let store = &storage.store;
    let names = ["weekly", "daily"].map(str::to_owned);
    let days = store.source_days(&names, 3, NOW + 2 * DAY).await.unwrap();
    let day = |found, articles, words, lost| SourceDay {
        found,
        articles,
        words,
        titles: articles,
        authors: articles,
        dates: 0,
        lost,
    };
    assert_eq!(days[0], [SourceDay::default(); 3]);
    // The page that was no article is named again, and visited again.
    assert_eq!(
        days[1],
        [day(4, 2, 400, 1), day(0, 0, 0, 0), day(2, 1, 300, 2)]
    );
    let later = store.source_days(&names, 2, NOW + 4 * DAY).await.unwrap();
    assert_eq!(later[1], [SourceDay::default(); 2]);

    let counts = store.outcome_counts("daily").await.unwrap();
    let find = |outcome| counts.iter().find(|it| it.0 == outcome).map(|it| it.1);
    assert_eq!(find(VisitOutcome::Stored), Some(3));
    assert_eq!(find(VisitOutcome::NotArticle), Some(2));
    assert_eq!(find(VisitOutcome::Http4xx), Some(1));
    assert_eq!(counts[0].0, VisitOutcome::Stored, "the most frequent first");
    assert!(store.outcome_counts("weekly").await.unwrap().is_empty());

    let list = async |before, limit| {
        let outcome = VisitOutcome::NotArticle;
        let pages = store
            .pages_by_outcome("daily", outcome, before, limit)
            .await;
        pages.unwrap()
    };
    let first = list(i64::MAX, 1).await;
    assert_eq!(first[0].url, "https://daily.test/news/6");
    assert!(first[0].is_lost);
    let second = list(first[0].id, 5).await;
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].url, "https://daily.test/news/4");
    assert!(list(second[0].id, 5).await.is_empty());
}

#[tokio::test]
pub(super) async fn one_page_is_made_due() {
    let storage = two_days().await;
    let now = NOW + 3 * DAY;
    let gone = VisitOutcome::Http4xx;
    let pages = storage
        .store
        .pages_by_outcome("daily", gone, i64::MAX, 9)
        .await
        .unwrap();
    let retry = async |id| storage.frontier.retry_page(id, now).await.unwrap();
    assert!(retry(pages[0].id).await);
    assert!(!retry(pages[0].id).await, "it is due already");
    assert!(!retry(1_000_000).await);
    let stored = VisitOutcome::Stored;
    let stored = storage
        .store
        .pages_by_outcome("daily", stored, i64::MAX, 9)
        .await
        .unwrap();
    assert!(!retry(stored[0].id).await, "what is stored stays as it is");
    let asked = run_pass(&storage, now, |due| match due.url.path() {
        "/news/3" => read(VisitOutcome::Stored),
        _ => names(&[]),
    });
    let asked = asked.await;
    assert!(asked.iter().any(|it| it.ends_with("/news/3")), "{asked:?}");
}
