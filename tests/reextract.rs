//! Raw pages extracted again: what is reported, what is stored, and that no requests are sent.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use newsprint::crawl::{CrawlError, Differences, ReextractOptions, reextract};
use newsprint::selectors::{SelectorKey, SelectorSet};
use newsprint::store::{self, Filter};
use support::{Newsroom, Reply, is_of_sqlite_alone, page, story};

const CRUFT: &str = "Your harbour, your paper: the Daily is printed on the quay.";

/// A source of two stories that each end with the same line, crawled once.
async fn crawled() -> Newsroom {
    let mut room = Newsroom::open();
    let mut links = String::new();
    for number in 1..=2 {
        let path = format!("/news/night-{}", 10_000 + number);
        links.push_str(&format!("<a href={path}>A long night in town {number}</a>"));
        let html = page("A long night", &format!("{}\n\n{CRUFT}", story(number)));
        let html = html.replace(&format!("<p>{CRUFT}"), &format!("<p class=x9>{CRUFT}"));
        room.server
            .on(&format!("daily.test{path}"), Reply::html(&html));
    }
    room.server.on("daily.test/", Reply::html(&links));
    room.source("daily", &["http://daily.test/"]);
    assert_eq!(room.pass().await.articles(), 2);
    assert!(room.written().iter().all(|it| it.text.contains(CRUFT)));
    room.server.forget_hits();
    room
}

async fn again(room: &Newsroom, dry_run: bool) -> Result<Vec<Differences>, CrawlError> {
    let again = ReextractOptions {
        dry_run,
        clock: room.clock.clone(),
        ..ReextractOptions::default()
    };
    let mut all = Vec::new();
    reextract(&room.config(), &again, |source| {
        all.push(source);
        Ok::<_, CrawlError>(())
    })
    .await?;
    Ok(all)
}

async fn stored(room: &Newsroom) -> Vec<newsprint::Article> {
    let store = store::open(&room.config().store.location).await.unwrap();
    let mut articles = store.articles(Filter::default());
    let mut all = Vec::new();
    while let Some(article) = articles.next().await.unwrap() {
        all.push(article);
    }
    all
}

#[tokio::test]
async fn a_rule_takes_effect_on_stored_pages_and_a_dry_run_only_reports() {
    let mut room = crawled().await;
    let same = again(&room, false).await.unwrap();
    assert_eq!((same[0].pages, same[0].same), (2, 2));
    assert!(same[0].is_nothing());
    let before = stored(&room).await;

    room.sources[0].select = vec![SelectorSet::of(&[(SelectorKey::Strip, ".x9")], "here")];
    let reported = again(&room, true).await.unwrap();
    assert_eq!((reported[0].texts, reported[0].same), (2, 0));
    assert_eq!(reported[0].went[CRUFT], 2);
    assert!(reported[0].came.is_empty());
    assert_eq!(stored(&room).await, before);
    assert_eq!(room.written().len(), 2);

    let done = again(&room, false).await.unwrap();
    assert_eq!(done, reported);
    for (new, old) in stored(&room).await.iter().zip(&before) {
        assert_eq!((new.revision, &new.id), (2, &old.id));
        assert_eq!(format!("{}\n\n{CRUFT}", new.text), old.text);
        assert_eq!(new.fetched_at, old.fetched_at);
    }
    assert_eq!(room.written().len(), 4);
    assert!(room.asked().is_empty());
    assert!(again(&room, false).await.unwrap()[0].is_nothing());
}

#[tokio::test]
async fn a_field_that_changes_alone_is_no_revision_but_is_written_again() {
    let mut room = crawled().await;
    room.sources[0].select = vec![SelectorSet::of(&[(SelectorKey::Title, "footer")], "here")];
    let done = again(&room, false).await.unwrap();
    assert_eq!((done[0].texts, done[0].fields["title"]), (0, 2));
    for article in stored(&room).await {
        assert_eq!(
            (article.revision, article.title.as_deref()),
            (1, Some("All rights reserved"))
        );
    }
    assert_eq!(room.written().len(), 4);
}

#[tokio::test]
async fn what_is_no_longer_an_article_is_reported_and_stays_stored() {
    let mut room = crawled().await;
    room.sources[0].language = Some("fr".to_owned());
    let done = again(&room, false).await.unwrap();
    assert_eq!(done[0].none.values().sum::<u64>(), 2);
    assert_eq!(stored(&room).await.len(), 2);
}

#[tokio::test]
async fn a_crawl_at_work_is_not_disturbed() {
    if is_of_sqlite_alone("the lock of a crawl") {
        return;
    }
    let room = crawled().await;
    let _lock = store::lock(&room.config().store.location).await.unwrap();
    assert!(matches!(
        again(&room, false).await,
        Err(CrawlError::Lock(_))
    ));
    assert!(again(&room, true).await.is_ok());
}

#[tokio::test]
async fn a_crawl_learns_what_stands_on_every_page_and_reextract_knows_it() {
    let mut room = Newsroom::open();
    let mut links = String::new();
    for number in 1..=8 {
        let path = format!("/news/night-{}", 10_000 + number);
        links.push_str(&format!("<a href={path}>A long night in town {number}</a>"));
        let html = page("A long night", &format!("{}\n\n{CRUFT}", story(number)));
        room.server
            .on(&format!("daily.test{path}"), Reply::html(&html));
    }
    room.server.on("daily.test/", Reply::html(&links));
    room.source("daily", &["http://daily.test/"]);
    room.pass().await;

    // In the order in which they came, each by what was known before it.
    let crawled = stored(&room).await;
    let has: Vec<bool> = crawled.iter().map(|it| it.text.contains(CRUFT)).collect();
    assert_eq!(has, [true, true, true, false, false, false, false, false]);
    assert_eq!(
        crawled[0].extractor,
        concat!("newsprint ", env!("CARGO_PKG_VERSION"))
    );
    assert!(crawled[7].extractor.ends_with(" memory 2 (7 pages)"));
    for (article, number) in crawled.iter().zip(1..) {
        let own = story(number);
        assert!(article.text == own || article.text == format!("{own}\n\n{CRUFT}"));
    }

    let done = again(&room, false).await.unwrap();
    assert_eq!((done[0].texts, done[0].same), (3, 5));
    assert_eq!(done[0].went[CRUFT], 3);
    assert!(
        stored(&room)
            .await
            .iter()
            .all(|it| !it.text.contains(CRUFT))
    );
}

#[tokio::test]
async fn a_selector_that_finds_nothing_any_more_is_named_and_the_text_found_all_the_same() {
    let mut room = Newsroom::open();
    let mut links = String::new();
    for number in 1..=6 {
        let path = format!("/news/night-{}", 10_000 + number);
        links.push_str(&format!("<a href={path}>A long night in town {number}</a>"));
        let html = page("A long night", &story(number));
        room.server
            .on(&format!("daily.test{path}"), Reply::html(&html));
    }
    room.server.on("daily.test/", Reply::html(&links));
    room.source("daily", &["http://daily.test/"]).select =
        vec![SelectorSet::of(&[(SelectorKey::Article, "#story")], "here")];
    let summary = room.pass().await;

    let reported = summary.sources[0].health_issues[0].to_string();
    let expected = "the article selector `#story` found nothing on 6 of the last 6 pages";
    assert!(reported.starts_with(expected), "{reported}");
    for (article, number) in stored(&room).await.iter().zip(1..) {
        assert_eq!(article.text, story(number));
        assert!(
            article
                .warnings
                .contains(&"article_selector_missed".to_owned())
        );
    }

    // Mended, it is well again as soon as the stored pages are extracted again.
    room.sources[0].select = vec![SelectorSet::of(
        &[(SelectorKey::Article, "article")],
        "here",
    )];
    again(&room, false).await.unwrap();
    assert_eq!(room.pass_after(60).await.sources[0].health_issues, []);
}

fn newsprint(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_newsprint"));
    command.current_dir(dir).env_clear().args(args);
    command.output().unwrap()
}

#[tokio::test]
async fn the_commands_show_what_was_removed_and_the_revisions_of_an_article() {
    let mut room = crawled().await;
    let dir = room.dir.path().to_owned();
    let id = stored(&room).await[0].id.clone();
    fs::write(dir.join("config.toml"), room.config_file()).unwrap();
    let unchanged = newsprint(&dir, &["diff", &id]);
    assert!(String::from_utf8_lossy(&unchanged.stdout).contains("1 revision"));

    room.sources[0].select = vec![SelectorSet::of(&[(SelectorKey::Strip, ".x9")], "here")];
    let config = room.config_file() + "[source.select]\nstrip = [\".x9\"]\n";
    fs::write(dir.join("config.toml"), config).unwrap();
    let reported = newsprint(&dir, &["reextract"]);
    let reported = String::from_utf8(reported.stdout).unwrap();
    assert!(
        reported.starts_with("daily: 2 pages: 2 texts changed (-22 +0 words)"),
        "{reported}"
    );
    assert!(
        reported.contains(&format!("  - 2× {CRUFT}\n")),
        "{reported}"
    );

    let shown = newsprint(&dir, &["diff", &id]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("\nrevision 1 → 2 ("), "{shown}");
    assert!(
        shown.ends_with(&format!("  (5 paragraphs unchanged)\n- {CRUFT}\n")),
        "{shown}"
    );
    let json = newsprint(&dir, &["diff", "--format", "json", &id]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json[0]["changes"][1]["went"], CRUFT);

    let unknown = newsprint(&dir, &["diff", "0000"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("no article with the id `0000`"));
}
