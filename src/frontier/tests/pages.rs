//! Raw pages: they come in with the visits of the frontier, and are read from the store.

use super::*;
use crate::store::{Filter, PackedPage, RawPage};
use crate::verdict::AddressEvidence;

fn raw_page(source: &str, at: i64, text: &str) -> RawPage {
    RawPage {
        url: format!("https://{source}.test/{at}"),
        final_url: format!("https://www.{source}.test/{at}"),
        source: source.to_owned(),
        fetched_at: at,
        status: 200,
        content_type: Some("text/html".to_owned()),
        x_robots_tag: None,
        tdm_reservation: None,
        published: None,
        evidence: AddressEvidence::Unknown,
        judged_by: None,
        bytes: text.as_bytes().to_vec(),
    }
}

/// Ends a visit that brought this page.
async fn visited(storage: &Storage, page: RawPage, outcome: VisitOutcome) {
    let due = Due {
        id: 0,
        url: Url::parse(&page.url).unwrap(),
        source: page.source.clone(),
        kind: UrlKind::Page,
        depth: 0,
        guessed: false,
        etag: None,
        last_modified: None,
        published: None,
        evidence: None,
    };
    let reading = Reading {
        page: PackedPage::pack(page).map(Box::new),
        ..Reading::new(outcome, None)
    };
    let visit = Visit {
        due,
        at: NOW,
        result: answered(reading),
    };
    let pass = pass("a", NOW, &[]);
    storage.frontier.finish(&pass, visit).await.unwrap();
}

async fn read(storage: &Storage, filter: Filter) -> Vec<RawPage> {
    let mut pages = storage.store.pages(filter);
    let mut all = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        all.push(page);
    }
    all
}

#[tokio::test]
async fn pages_come_back_as_they_came_by_source_and_the_newest_first() {
    let storage = storage().await;
    let text = "<p>ferry".repeat(100);
    for at in 0..20 {
        visited(&storage, raw_page("b", at, &text), VisitOutcome::Stored).await;
    }
    visited(&storage, raw_page("a", 7, ""), VisitOutcome::Stored).await;
    let all = read(&storage, Filter::default()).await;
    assert_eq!(all.len(), 21);
    assert_eq!(all[0], raw_page("a", 7, ""));
    let times: Vec<i64> = all[1..].iter().map(|page| page.fetched_at).collect();
    assert_eq!(times, (0..20).rev().collect::<Vec<_>>());
    assert_eq!(all[1], raw_page("b", 19, &text));

    let some = Filter {
        since: Some(5),
        until: Some(7),
        sources: vec!["b".to_owned()],
    };
    assert_eq!(read(&storage, some).await.len(), 2);
}

#[tokio::test]
async fn an_address_has_one_page_and_an_article_is_not_lost_to_none() {
    let storage = storage().await;
    let page = |text| raw_page("a", 1, text);
    visited(&storage, page("not yet"), VisitOutcome::NotArticle).await;
    visited(&storage, page("article"), VisitOutcome::Stored).await;
    visited(&storage, page("a wall"), VisitOutcome::ConsentWall).await;
    let all = read(&storage, Filter::default()).await;
    assert_eq!(all, [page("article")]);
}

#[tokio::test]
async fn old_pages_are_dropped() {
    let storage = storage().await;
    for at in 0..4 {
        visited(&storage, raw_page("a", at, "x"), VisitOutcome::Stored).await;
    }
    storage.store.drop_pages(2).await.unwrap();
    assert_eq!(read(&storage, Filter::default()).await.len(), 2);
}
