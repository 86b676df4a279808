//! Articles: they come in with the visits of the frontier, and are read from the store.

use super::*;
use crate::store::{
    ArticleVersion, BegunOutput, Filter, OutputFile, RawPage, RobotsFile, StatusTimes, StoredAs,
};

fn article(path: &str, text: &str) -> Article {
    let url = format!("https://daily.test/{path}");
    Article {
        id: crate::canonical::id(&Url::parse(&url).unwrap()),
        source: Some("daily".to_owned()),
        url: Some(url.clone()),
        final_url: Some(url.clone()),
        canonical_url: Some(url),
        text: text.to_owned(),
        content_hash: crate::canonical::digest(text.as_bytes()),
        ..Article::default()
    }
}

async fn rewrite(storage: &Storage, article: Article, dry_run: bool) -> StoredAs {
    let page = RawPage {
        url: article.url.clone().unwrap(),
        final_url: article.final_url.clone().unwrap(),
        ..pages::raw_page("daily", NOW, "")
    };
    pages::visited(storage, page.clone(), VisitOutcome::Unchanged).await;
    let reading = Reading {
        article: Some(Box::new(ReadArticle {
            article,
            ..ReadArticle::default()
        })),
        ..Reading::new(VisitOutcome::Stored, None)
    };
    let judged = judged(&page, reading, dry_run);
    let judgement = storage.frontier.judge(judged, NOW).await.unwrap();
    judgement.article.unwrap().stored_as
}

/// A kept page that was judged again.
pub(super) fn judged(page: &RawPage, reading: Reading, dry_run: bool) -> Judged {
    Judged {
        url: page.url.clone(),
        source: page.source.clone(),
        fetched_at: page.fetched_at,
        reading,
        continues: false,
        evidence: page.evidence,
        judged_by: Some("today".to_owned()),
        dry_run,
    }
}

#[tokio::test]
pub(super) async fn articles_are_new_duplicates_revisions_or_known() {
    let storage = storage().await;
    let first = article("a", "The ferry sails.");
    assert_eq!(rewrite(&storage, first.clone(), false).await, StoredAs::New);
    let known = rewrite(&storage, first.clone(), false).await;
    assert_eq!(known, StoredAs::Unchanged);
    let copy = rewrite(&storage, article("b", "The ferry sails."), false).await;
    assert_eq!(copy, StoredAs::DuplicateOf(first.id.clone()));
    let changed = rewrite(&storage, article("a", "The ferry sank."), false).await;
    assert_eq!(changed, StoredAs::Revision(2));
    let revisions = storage.store.revisions(&first.id).await.unwrap();
    let texts: Vec<&str> = revisions.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["The ferry sails.", "The ferry sank."]);
    assert!(storage.store.revisions("none").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_dry_run_reports_and_changes_nothing() {
    let storage = storage().await;
    let new = article("a", "The ferry sails.");
    assert_eq!(rewrite(&storage, new.clone(), true).await, StoredAs::New);
    assert_eq!(rewrite(&storage, new, false).await, StoredAs::New);
}

#[tokio::test]
async fn a_cursor_reads_every_article_in_the_order_of_storing() {
    let storage = storage().await;
    for number in 0..250 {
        let article = article(&number.to_string(), &format!("Text {number}."));
        rewrite(&storage, article, false).await;
    }
    let mut articles = storage.store.articles(Filter::default());
    let mut count = 0;
    while let Some(article) = articles.next().await.unwrap() {
        assert_eq!(article.text, format!("Text {count}."));
        count += 1;
    }
    assert_eq!(count, 250);
    let none = Filter {
        sources: vec!["weekly".to_owned()],
        ..Filter::default()
    };
    let mut articles = storage.store.articles(none);
    assert_eq!(articles.next().await.unwrap(), None);
}

#[tokio::test]
async fn what_is_written_is_noted_with_the_length_of_its_file() {
    let storage = storage().await;
    let store = &storage.store;
    rewrite(&storage, article("a", "One."), false).await;
    rewrite(&storage, article("b", "Two."), false).await;
    let unwritten = store.unwritten(0, 10).await.unwrap();
    assert_eq!(unwritten.len(), 2);
    let first = ArticleVersion {
        seq: unwritten[0].seq,
        version: unwritten[0].version,
    };
    let files = [("daily/2026-11-24.jsonl".to_owned(), 400)];
    store.note_written(&[first], &files, NOW).await.unwrap();
    let left = store.unwritten(0, 10).await.unwrap();
    assert_eq!(left, &unwritten[1..]);
    assert_eq!(store.unwritten(left[0].seq, 10).await.unwrap(), []);
    let known = |length, lines: Option<&str>| OutputFile {
        length,
        unfinished: lines.is_some(),
        lines: lines.map(str::to_owned),
    };
    let begin = async |file: &str, lines: &str| {
        let begun = BegunOutput {
            file: file.to_owned(),
            length: 7,
            lines: lines.to_owned(),
        };
        store.begin_outputs(&[begun]).await.unwrap().remove(0)
    };
    let day = "daily/2026-11-24.jsonl";
    assert_eq!(begin(day, "a b").await, known(400, None));
    assert_eq!(begin(day, "b c").await, known(400, Some("a b")));
    let all = begin(day, "").await.lines.unwrap();
    assert!(["a", "b", "c"].iter().all(|it| all.contains(it)), "{all}");
    assert_eq!(begin("other", "").await, known(7, None));
    store.note_written(&[], &files, NOW).await.unwrap();
    assert_eq!(begin(day, "d").await, known(400, None));
}

#[tokio::test]
async fn robots_files_are_valid_until_they_expire() {
    let storage = storage().await;
    let store = &storage.store;
    let robots = RobotsFile {
        bytes: None,
        expires_at: NOW + MINUTE,
    };
    let origin = "https://daily.test";
    store.put_robots(origin, &robots).await.unwrap();
    assert_eq!(store.robots(origin, NOW).await.unwrap(), Some(robots));
    assert_eq!(store.robots(origin, NOW + MINUTE).await.unwrap(), None);
    store.drop_expired_robots(NOW + MINUTE).await.unwrap();
    assert_eq!(store.robots(origin, NOW).await.unwrap(), None);
}

#[tokio::test]
pub(super) async fn the_status_of_a_source_is_its_last_pass_and_its_history() {
    let found = vec![page("https://daily.test/a", None)];
    let (storage, pass) = with_pages(found).await;
    let (store, frontier) = (&storage.store, &storage.frontier);
    store.begin_runs(&pass.sources, NOW).await.unwrap();
    let claim = frontier.claim(&pass, NOW).await.unwrap().unwrap();
    let gone = visit(&claim.due[0], NOW, VisitOutcome::Http4xx);
    frontier.finish(&pass, gone).await.unwrap();
    store.end_runs(&[], NOW, NOW + MINUTE).await.unwrap();
    rewrite(&storage, article("b", "The ferry sails."), false).await;

    let times = StatusTimes {
        since: NOW,
        health: Duration::from_secs(7 * 86_400),
        now: NOW + MINUTE,
    };
    let sources = ["daily".to_owned(), "weekly".to_owned()];
    let rows = store.status(&sources, times).await.unwrap();
    let daily = &rows[0];
    assert_eq!(
        (daily.started, daily.ended),
        (Some(NOW), Some(NOW + MINUTE))
    );
    assert_eq!(daily.outcomes[&VisitOutcome::Http4xx], 1);
    assert_eq!(daily.entry_outcomes[&VisitOutcome::Index], 1);
    assert_eq!((daily.found, daily.stored), (1, 1));
    assert_eq!(daily.lost, [(VisitOutcome::Http4xx, 1)].into());
    assert_eq!(
        (daily.articles, daily.waiting, daily.entry_points),
        (1, 1, 1)
    );
    assert_eq!(daily.daily, [0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(rows[1].started, None);
}

#[tokio::test]
pub(super) async fn what_changes_while_it_is_written_is_written_again() {
    for changed in [
        // Another text, and another field.
        article("a", "The ferry sank."),
        Article {
            title: Some("Ferry sails".to_owned()),
            ..article("a", "The ferry sails.")
        },
    ] {
        let storage = storage().await;
        let store = &storage.store;
        rewrite(&storage, article("a", "The ferry sails."), false).await;
        let read = store.unwritten(0, 10).await.unwrap();
        rewrite(&storage, changed.clone(), false).await;
        let written = ArticleVersion {
            seq: read[0].seq,
            version: read[0].version,
        };
        store.note_written(&[written], &[], NOW).await.unwrap();
        let left = store.unwritten(0, 10).await.unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].article.title, changed.title);
        assert_eq!(left[0].article.text, changed.text);
    }
}

/// An article whose page states this canonical URL.
fn stating(path: &str, canonical: &str, text: &str) -> Article {
    let canonical = article(canonical, "");
    Article {
        id: canonical.id,
        canonical_url: canonical.canonical_url,
        ..article(path, text)
    }
}

fn words(from: usize) -> String {
    (from..from + 60).map(|at| format!("word{at} ")).collect()
}

#[tokio::test]
async fn a_canonical_url_of_another_page_is_believed_once_that_page_is_seen() {
    let storage = storage().await;
    let bridge = stating("bridge", "ferry", &words(0));
    let ferry = article("ferry", &words(500));
    assert_eq!(
        rewrite(&storage, bridge.clone(), false).await,
        StoredAs::New
    );
    assert_eq!(rewrite(&storage, ferry.clone(), false).await, StoredAs::New);
    // Each again, and changed.
    assert_eq!(rewrite(&storage, bridge, false).await, StoredAs::Unchanged);
    let changed = stating("bridge", "ferry", &words(100));
    assert_eq!(
        rewrite(&storage, changed, false).await,
        StoredAs::Revision(2)
    );
    let changed = article("ferry", &words(600));
    assert_eq!(
        rewrite(&storage, changed, false).await,
        StoredAs::Revision(2)
    );

    // The page it states has the same text, or nearly.
    let edited = format!("{}Edited.", words(900));
    for (path, canonical, text) in [("c", "d", words(900)), ("e", "f", words(1200))] {
        let first = stating(path, canonical, &text);
        assert!(matches!(
            rewrite(&storage, first, false).await,
            StoredAs::New
        ));
        let same = article(canonical, if path == "c" { &edited } else { &text });
        assert_eq!(rewrite(&storage, same, false).await, StoredAs::Unchanged);
        // A third address of it.
        let third = stating("third", canonical, &text);
        assert_eq!(rewrite(&storage, third, false).await, StoredAs::Unchanged);
    }
}

#[tokio::test]
pub(super) async fn a_page_gets_its_own_url_though_another_was_stored_under_it() {
    let storage = storage().await;
    let early = stating("sea/ferry-sails-again", "ferry-sails-again", &words(0));
    assert_eq!(rewrite(&storage, early.clone(), false).await, StoredAs::New);
    let changed = stating("sea/ferry-sails-again", "ferry-sails-again", &words(100));
    assert_eq!(
        rewrite(&storage, changed.clone(), false).await,
        StoredAs::Revision(2)
    );
    let itself = article("ferry-sails-again", &words(500));
    assert_eq!(
        rewrite(&storage, itself.clone(), false).await,
        StoredAs::New
    );
    assert_eq!(rewrite(&storage, changed, false).await, StoredAs::Unchanged);
    assert_eq!(
        rewrite(&storage, itself.clone(), false).await,
        StoredAs::Unchanged
    );

    let moved = article("sea/ferry-sails-again", "");
    let texts = |of: Vec<Article>| of.into_iter().map(|it| it.text).collect::<Vec<_>>();
    let revisions = storage.store.revisions(&moved.id).await.unwrap();
    assert!(revisions.iter().all(|it| it.id == moved.id));
    assert_eq!(texts(revisions), [words(0), words(100)]);
    let revisions = storage.store.revisions(&itself.id).await.unwrap();
    assert_eq!(texts(revisions), [words(500)]);
    assert_eq!(storage.store.unwritten(0, 10).await.unwrap().len(), 2);
}
