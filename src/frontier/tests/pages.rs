//! Raw pages: they come in with the visits of the frontier, and are read from the store.

use super::*;
use crate::rights::Signals;
use crate::store::{Filter, PackedPage, RawPage, StoredAs};
use crate::verdict::AddressEvidence;

pub(super) fn raw_page(source: &str, at: i64, text: &str) -> RawPage {
    RawPage {
        url: format!("https://{source}.test/{at}"),
        final_url: format!("https://www.{source}.test/{at}"),
        source: source.to_owned(),
        fetched_at: at,
        status: 200,
        content_type: Some("text/html".to_owned()),
        x_robots_tag: None,
        tdm_reservation: None,
        signals: Signals::default(),
        published: None,
        evidence: AddressEvidence::Unknown,
        judged_by: None,
        bytes: text.as_bytes().to_vec(),
    }
}

/// Ends a visit that brought this page.
pub(super) async fn visited(storage: &Storage, page: RawPage, outcome: VisitOutcome) {
    let due = Due {
        id: 0,
        ..Due::of_test(UrlKind::Page, &page.url, &page.source)
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
        ..Filter::default()
    };
    assert_eq!(read(&storage, some).await.len(), 2);

    visited(&storage, raw_page("c", 1, ""), VisitOutcome::Challenge).await;
    visited(&storage, raw_page("c", 2, ""), VisitOutcome::Empty).await;
    let read_pages = Filter {
        sources: vec!["c".to_owned()],
        without_stand_ins: true,
        ..Filter::default()
    };
    assert_eq!(read(&storage, read_pages).await, [raw_page("c", 2, "")]);
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
pub(super) async fn old_pages_are_dropped() {
    let storage = storage().await;
    for at in 0..4 {
        visited(&storage, raw_page("a", at, "x"), VisitOutcome::Stored).await;
    }
    storage.store.drop_pages(2).await.unwrap();
    assert_eq!(read(&storage, Filter::default()).await.len(), 2);
}

/// An article, as read on the page.
fn read_on(page: &RawPage) -> Reading {
    let article = Article {
        id: crate::canonical::id(&Url::parse(&page.url).unwrap()),
        url: Some(page.url.clone()),
        final_url: Some(page.url.clone()),
        canonical_url: Some(page.url.clone()),
        source: Some(page.source.clone()),
        text: "The ferry sails.".to_owned(),
        content_hash: "1".repeat(16),
        ..Article::default()
    };
    Reading {
        article: Some(Box::new(ReadArticle {
            article,
            ..ReadArticle::default()
        })),
        ..Reading::new(VisitOutcome::Stored, None)
    }
}

/// A store with one page of `daily`, named by this, which was visited and refused.
async fn refused(evidence: AddressEvidence, outcome: VisitOutcome) -> (Storage, RawPage) {
    let found = FoundUrl {
        evidence,
        ..super::page("https://daily.test/1800000000000", None)
    };
    let (storage, pass) = with_pages(vec![found]).await;
    let claim = storage.frontier.claim(&pass, NOW).await.unwrap().unwrap();
    let page = RawPage {
        judged_by: Some("yesterday".to_owned()),
        evidence,
        ..raw_page("daily", NOW, "<p>ferry")
    };
    let reading = Reading {
        page: PackedPage::pack(page.clone()).map(Box::new),
        ..Reading::new(outcome, None)
    };
    let mut visit = Visit {
        result: answered(reading),
        ..super::visit(&claim.due[0], NOW, outcome)
    };
    if let VisitResult::Answered(answered) = &mut visit.result {
        answered.etag = Some("\"1\"".to_owned());
    }
    storage.frontier.finish(&pass, visit).await.unwrap();
    let host = claim.host;
    storage.frontier.release(&pass, &host).await.unwrap();
    (storage, page)
}

/// How many pages of `daily` `today` has to judge.
async fn unjudged(storage: &Storage) -> usize {
    let today = [("daily".to_owned(), "today".to_owned())];
    let ids = storage.store.refused_pages(&today, 10).await.unwrap();
    ids.len()
}

/// The pages of `daily` that are due next, while its front page is not.
async fn due(storage: &Storage) -> usize {
    // Before the front page is due again, which would go first.
    let at = NOW + MINUTE;
    let visitor = pass("a", NOW, &["daily"]);
    let released = storage.frontier.release(&visitor, "daily.test").await;
    released.unwrap();
    let pass = pass("later", at, &["daily"]);
    let claim = storage.frontier.claim(&pass, at).await.unwrap();
    let due = claim.map_or(Vec::new(), |claim| claim.due);
    let released = storage.frontier.release(&pass, "daily.test").await;
    released.unwrap();
    let is_page = |due: &&Due| due.kind == UrlKind::Page;
    assert!(due.iter().filter(is_page).all(|due| due.etag.is_none()));
    due.iter().filter(|due| due.kind == UrlKind::Page).count()
}

#[tokio::test]
async fn a_refused_page_is_judged_once_by_each_extractor_and_its_article_stored() {
    for outcome in [VisitOutcome::NotArticle, VisitOutcome::Index] {
        let (storage, page) = refused(AddressEvidence::Unknown, outcome).await;
        assert_eq!(unjudged(&storage).await, 1);
        let judged = articles::judged(&page, Reading::new(VisitOutcome::Empty, None), false);
        let judgement = storage.frontier.judge(judged, NOW).await.unwrap();
        assert!(!judgement.was_article && judgement.article.is_none());
        assert_eq!(unjudged(&storage).await, 0);

        let judge = async |dry_run| {
            let judged = articles::judged(&page, read_on(&page), dry_run);
            let judgement = storage.frontier.judge(judged, NOW).await.unwrap();
            (judgement.was_article, judgement.article.unwrap().stored_as)
        };
        assert_eq!(judge(true).await, (false, StoredAs::New));
        assert_eq!(storage.store.unwritten(0, 9).await.unwrap(), []);
        assert_eq!(judge(false).await, (false, StoredAs::New));
        assert_eq!(judge(false).await, (true, StoredAs::Unchanged));
        assert_eq!(storage.store.unwritten(0, 9).await.unwrap().len(), 1);
        assert_eq!(due(&storage).await, 0);
    }
}

#[tokio::test]
pub(super) async fn a_refused_page_whose_article_goes_on_elsewhere_is_fetched_again() {
    let (storage, page) = refused(AddressEvidence::Unknown, VisitOutcome::NotArticle).await;
    assert_eq!(due(&storage).await, 0);
    let judged = Judged {
        continues: true,
        ..articles::judged(&page, read_on(&page), false)
    };
    let judgement = storage.frontier.judge(judged, NOW).await.unwrap();
    assert!(judgement.is_due && judgement.article.is_none());
    assert_eq!(storage.store.unwritten(0, 9).await.unwrap(), []);
    assert_eq!(due(&storage).await, 1);
}

#[tokio::test]
async fn a_page_that_was_replaced_meanwhile_is_left_alone() {
    let (storage, page) = refused(AddressEvidence::Unknown, VisitOutcome::NotArticle).await;
    let other = RawPage {
        fetched_at: NOW - 1,
        ..page.clone()
    };
    let judged = articles::judged(&other, read_on(&other), false);
    let judgement = storage.frontier.judge(judged, NOW).await.unwrap();
    assert_eq!(judgement.article, None);
    assert_eq!(unjudged(&storage).await, 1);
}

#[tokio::test]
pub(super) async fn better_evidence_is_a_reason_to_judge_a_refused_page_again() {
    for (keeps, expected) in [(true, (1, 0)), (false, (0, 1))] {
        let (storage, page) = refused(AddressEvidence::Link, VisitOutcome::NotArticle).await;
        let judged = articles::judged(&page, Reading::new(VisitOutcome::NotArticle, None), false);
        storage.frontier.judge(judged, NOW).await.unwrap();
        if !keeps {
            storage.store.drop_pages(i64::MAX).await.unwrap();
        }
        // Named by a link once more, it stays as it is; named by a feed, it does not.
        for (evidence, expected) in [
            (AddressEvidence::Link, (0, 0)),
            (AddressEvidence::Feed, expected),
        ] {
            let found = FoundUrl {
                evidence,
                ..super::page(&page.url, None)
            };
            let pass = pass("a", NOW, &["daily"]);
            let index = Visit {
                result: answered(Reading::index(vec![found])),
                ..super::visit(&start(), NOW, VisitOutcome::Index)
            };
            storage.frontier.finish(&pass, index).await.unwrap();
            let released = storage.frontier.release(&pass, "daily.test").await;
            released.unwrap();
            let state = (unjudged(&storage).await, due(&storage).await);
            assert_eq!(state, expected, "{keeps} {evidence:?}");
        }
        if keeps {
            let today = [("daily".to_owned(), "today".to_owned())];
            let ids = storage.store.refused_pages(&today, 9).await.unwrap();
            let page = storage.store.page(ids[0]).await.unwrap();
            assert_eq!(page.unwrap().evidence, AddressEvidence::Feed);
        }
    }
}

/// The front page of `daily`.
fn start() -> Due {
    Due::of_test(UrlKind::Start, "https://daily.test/", "daily")
}

#[tokio::test]
pub(super) async fn refused_pages_that_were_not_kept_are_fetched_once_again_where_a_feed_names_them()
 {
    for (evidence, kept, expected) in [
        (AddressEvidence::Feed, false, 1),
        (AddressEvidence::NewsSitemap, false, 1),
        (AddressEvidence::Link, false, 0),
        (AddressEvidence::Feed, true, 0),
    ] {
        let (storage, _) = refused(evidence, VisitOutcome::NotArticle).await;
        if !kept {
            storage.store.drop_pages(i64::MAX).await.unwrap();
        }
        let today = [("daily".to_owned(), "today".to_owned())];
        let made_due = storage.frontier.fetch_refused(&today, NOW).await.unwrap();
        assert_eq!(made_due, expected, "{evidence:?} {kept}");
        assert_eq!(due(&storage).await as u64, expected);
        assert_eq!(
            storage.frontier.fetch_refused(&today, NOW).await.unwrap(),
            0
        );
    }
}
