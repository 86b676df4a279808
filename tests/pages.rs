//! `newsprint pages`: what became of each address, what is lost, and that it can be tried again.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use newsprint::VisitOutcome;
use newsprint::store::{self, AddressFilter};
use serde_json::Value;
use support::{Newsroom, Ran, Reply, is_of_sqlite_alone, newsprint, page, story};

fn run(dir: &Path, line: &str) -> Ran {
    let mut command = newsprint(dir);
    command
        .args(line.split_whitespace())
        .output()
        .unwrap()
        .into()
}

fn rows(dir: &Path, line: &str) -> Vec<Value> {
    let ran = run(dir, &format!("pages --format jsonl {line}"));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines = ran.out.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn urls(dir: &Path, line: &str) -> Vec<String> {
    let rows = rows(dir, line).into_iter();
    let mut urls: Vec<String> = rows
        .map(|row| {
            row["url"]
                .as_str()
                .unwrap()
                .replace("http://daily.test", "")
        })
        .collect();
    urls.sort();
    urls
}

/// A front page with a link to each of these.
fn front(paths: &[&str]) -> Reply {
    let links = paths.iter().map(|path| {
        format!("<h2><a href=\"/news/{path}\">What happened in the harbour last night</a></h2>")
    });
    Reply::html(&format!(
        "<html><body>{}</body></html>",
        links.collect::<String>()
    ))
}

/// A source with an article, one that is gone, one that is not there yet, a moved one and a page of little text, after one pass.
async fn crawled() -> Newsroom {
    let mut room = Newsroom::open();
    let paths = [
        "a-long-night-out",
        "gone-for-good-now",
        "not-there-yet-today",
        "moved-to-the-first",
        "a-short-note-only",
    ];
    room.server
        .on("daily.test/", front(&paths))
        .on(
            "daily.test/news/a-long-night-out",
            Reply::html(&page("A long night", &story(1))),
        )
        .on("daily.test/news/gone-for-good-now", Reply::status(410))
        .may("daily.test/news/not-there-yet-today", Reply::status(503))
        .on(
            "daily.test/news/moved-to-the-first",
            Reply::redirect("/news/a-long-night-out"),
        )
        .on(
            "daily.test/news/a-short-note-only",
            Reply::html("<p>Soon.</p>"),
        );
    room.source("daily", &["http://daily.test/"]);
    fs::write(room.dir.path().join("config.toml"), room.config_file()).unwrap();
    assert_eq!(room.pass().await.articles(), 1);
    room
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_is_listed_with_what_became_of_it() {
    let room = crawled().await;
    let rows = rows(room.dir.path(), "");
    let row = |path: &str| {
        let url = format!("http://daily.test{path}");
        rows.iter().find(|row| row["url"] == url).unwrap()
    };
    let article = row("/news/a-long-night-out");
    assert_eq!(article["outcome"], "stored");
    assert_eq!(article["title"], "A long night");
    assert_eq!(article["stored_id"].as_str().unwrap().len(), 16);
    assert_eq!(
        (&article["tries"], &article["lost"]),
        (&1.into(), &false.into())
    );
    let gone = row("/news/gone-for-good-now");
    assert_eq!(
        (&gone["outcome"], &gone["status"]),
        (&"http_4xx".into(), &410.into())
    );
    assert!(gone["reason"].as_str().unwrap().contains("410"));
    assert_eq!(
        (&gone["lost"], &gone["next_visit"]),
        (&true.into(), &Value::Null)
    );
    assert!(gone["found_at"].is_string() && gone["last_visit"].is_string());
    let lost = rows.iter().filter(|row| row["lost"] == true);
    assert!(
        lost.into_iter().all(|row| row["reason"].is_string()),
        "{rows:?}"
    );
    let later = row("/news/not-there-yet-today");
    assert_eq!(later["outcome"], "http_5xx");
    assert!(later["next_visit"].is_string(), "it is tried again");
    let front = row("/");
    assert_eq!(
        (&front["kind"], &front["outcome"]),
        (&"start".into(), &"index".into())
    );
    assert!(
        rows.iter().all(|row| row["kind"] != "feed"),
        "no guesses: {rows:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_named_and_is_not_stored_is_lost() {
    let room = crawled().await;
    let dir = room.dir.path();
    let lost = [
        "/news/a-short-note-only",
        "/news/gone-for-good-now",
        "/news/not-there-yet-today",
    ];
    assert_eq!(
        urls(dir, "--lost"),
        lost,
        "not the article, nor its other address"
    );
    assert_eq!(urls(dir, "--outcome http_4xx,http_5xx"), lost[1..]);
    assert_eq!(
        urls(dir, "--lost --outcome http_4xx --outcome http_5xx"),
        lost[1..]
    );
    assert_eq!(urls(dir, "--lost --since 2026-11-24"), lost);
    assert_eq!(urls(dir, "--lost --since 2099-01-01"), [""; 0]);
    assert_eq!(urls(dir, "--lost --source daily"), lost);

    let table = run(dir, "pages --lost");
    assert_eq!((table.code, table.out.lines().count()), (0, 4));
    assert!(table.out.starts_with("source  outcome"), "{}", table.out);
    let csv = run(dir, "pages --lost --format csv --output lost.csv");
    assert_eq!((csv.code, csv.out.as_str()), (0, ""));
    let csv = fs::read_to_string(dir.join("lost.csv")).unwrap();
    assert!(
        csv.starts_with("url,source,kind,outcome,reason,status,tries,"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_is_tried_again_on_request() {
    let room = crawled().await;
    let dir = room.dir.path();
    // What was to be tried within hours is due by the program's clock: only what is gone for good is not.
    let retried = run(dir, "pages --retry");
    assert_eq!((retried.code, retried.out.as_str()), (0, ""));
    assert!(retried.err.starts_with("1 page is due"), "{}", retried.err);
    let again = run(dir, "pages --retry --outcome http_4xx");
    assert!(again.err.starts_with("nothing to retry"), "{}", again.err);

    room.server.change(
        "daily.test/news/gone-for-good-now",
        Reply::html(&page("Not gone", &story(2))),
    );
    room.server.change(
        "daily.test/news/not-there-yet-today",
        Reply::html(&page("There now", &story(3))),
    );
    let crawled = run(dir, "crawl");
    assert!(
        crawled.err.contains("daily: 2 new of 3 pages"),
        "{}",
        crawled.err
    );
    assert_eq!(urls(dir, "--lost"), ["/news/a-short-note-only"]);
    assert!(
        crawled
            .err
            .contains("1 page not stored (empty 1); `newsprint pages --lost`")
            || crawled
                .err
                .contains("1 page not stored (not_article 1); `newsprint pages --lost`"),
        "{}",
        crawled.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_source_or_outcome_is_bad_usage() {
    let room = crawled().await;
    let dir = room.dir.path();
    for (line, expected) in [
        ("pages --source dayly", "there is no source `dayly`"),
        (
            "pages --outcome http_4x",
            "a similar value exists: 'http_4xx'",
        ),
        ("pages --since yesterday", "expected a day"),
        ("pages --retry --format csv", "cannot be used with"),
        ("status --source dayly", "it has: daily"),
    ] {
        let ran = run(dir, line);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{line}: {}", ran.err);
        assert!(ran.err.contains(expected), "{line}: {}", ran.err);
    }
    let mut empty = Newsroom::without_tables();
    empty.sources = room.sources.clone();
    fs::write(empty.dir.path().join("config.toml"), empty.config_file()).unwrap();
    let ran = run(empty.dir.path(), "pages");
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("`newsprint crawl` creates one"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_where_nothing_can_be_written() {
    if is_of_sqlite_alone("a file that may only be read") {
        return;
    }
    let room = crawled().await;
    let dir = room.dir.path();
    // As in a folder that may only be read: SQLite can have no files of its own there.
    for name in ["newsprint.db-shm", "newsprint.db-wal"] {
        let _ = fs::remove_file(dir.join(name));
        fs::create_dir(dir.join(name)).unwrap();
    }
    let before = fs::read(dir.join("newsprint.db")).unwrap();
    assert_eq!(urls(dir, "--lost").len(), 3);
    for line in ["status", "status --format json", "export"] {
        let ran = run(dir, line);
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
        assert!(ran.out.contains("daily"), "{line}: {}", ran.out);
    }
    let retried = run(dir, "pages --retry");
    assert_eq!(retried.code, 1);
    assert!(retried.err.contains("must be writable"), "{}", retried.err);
    assert_eq!(fs::read(dir.join("newsprint.db")).unwrap(), before);
}

#[tokio::test]
async fn a_hundred_thousand_addresses_are_listed_a_batch_at_a_time() {
    let room = Newsroom::open();
    let location = room.location();
    store::open(&location).await.unwrap().close().await;
    room.run(
        "INSERT INTO hosts (id, host) VALUES (1, 'daily.test');
         INSERT INTO source_ids (id, name) VALUES (1, 'daily');
         INSERT INTO urls (host_id, source_id, kind, key, path, depth, given, outcome, visited_at)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
         SELECT 1, 1, 0, i, '/' || i, 1, 0,
                CASE i % 1000 WHEN 0 THEN 'http_4xx' ELSE 'index' END, i FROM n",
    )
    .await;

    let store = store::open_read_only(&location).await.unwrap();
    let count = async |filter| {
        let mut addresses = store.addresses(filter);
        let mut count = 0;
        while addresses.next().await.unwrap().is_some() {
            count += 1;
        }
        count
    };
    assert_eq!(count(AddressFilter::default()).await, 100_000);
    let lost = AddressFilter {
        lost: true,
        ..AddressFilter::default()
    };
    assert_eq!(count(lost).await, 100);
    let late = AddressFilter {
        outcomes: vec![VisitOutcome::Http4xx],
        since: Some(99_001),
        ..AddressFilter::default()
    };
    assert_eq!(count(late).await, 1);
}
