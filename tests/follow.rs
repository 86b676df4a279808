//! `newsprint export --follow`: one stream of what crawls store and change, resumable by a cursor.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use newsprint::Article;
use newsprint::store::{self, ChangePosition, Filter, StoreError};
use serde_json::Value;
use support::{NIGHTS, Newsroom, Ran, Reply, TestDatabase, front, newsprint, page, story};

/// A follower under way, and the lines that it prints.
struct Follower {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Follower {
    fn start(dir: &Path) -> Follower {
        let mut child = newsprint(dir)
            .args(["export", "--follow", "--cursor", "seen"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Follower { child, lines }
    }

    /// The next records, as address and revision, in any order.
    fn next(&mut self, count: usize) -> Vec<(String, u64)> {
        let read = |line: std::io::Result<String>| {
            let record: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let path = record["url"]
                .as_str()
                .unwrap()
                .split_once(".test")
                .unwrap()
                .1;
            (path.to_owned(), record["revision"].as_u64().unwrap())
        };
        let mut records: Vec<_> = self.lines.by_ref().take(count).map(read).collect();
        records.sort();
        records
    }

    /// Ends by this signal, with nothing more printed.
    fn end(mut self, signal: &str) -> Ran {
        signalled(&self.child, signal);
        assert!(self.lines.next().is_none());
        Ran::from(self.child.wait_with_output().unwrap())
    }
}

fn signalled(child: &Child, signal: &str) {
    let kill = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

/// A site with these numbers of articles, and the program's settings in the folder.
fn site(database: Option<TestDatabase>) -> Newsroom {
    let mut room = Newsroom::with_store(database);
    room.crawl.refetch_articles = Some(Duration::from_secs(3600));
    room.source("daily", &["http://daily.test/"]);
    room.server.may("daily.test/", front(&NIGHTS[..3]));
    for (number, path) in (0..).zip(NIGHTS) {
        room.server
            .may(&format!("daily.test{path}"), night(number, number));
    }
    let store = format!("[store]\nurl = \"{}\"\n", url(&room));
    let config = room.config_file();
    let config = if config.contains("[store]") {
        config
    } else {
        store + &config
    };
    fs::write(room.dir.path().join("config.toml"), config).unwrap();
    room
}

fn url(room: &Newsroom) -> String {
    match &room.database {
        Some(database) => database.url(),
        None => format!("sqlite:{}", room.location()),
    }
}

fn night(number: u64, text: u64) -> Reply {
    Reply::html(&page(
        &format!("Night {number} in the harbour"),
        &story(text),
    ))
}

fn firsts(numbers: std::ops::Range<usize>) -> Vec<(String, u64)> {
    let mut paths: Vec<_> = NIGHTS[numbers]
        .iter()
        .map(|it| ((*it).to_owned(), 1))
        .collect();
    paths.sort();
    paths
}

async fn followed(database: Option<TestDatabase>) {
    let room = site(database);
    let dir = room.dir.path();
    room.pass().await;

    // What is there, then what comes while it waits.
    let mut follower = Follower::start(dir);
    assert_eq!(follower.next(3), firsts(0..3));
    room.server.change("daily.test/", front(&NIGHTS));
    room.pass_after(1500).await;
    assert_eq!(follower.next(3), firsts(3..6));
    assert_eq!(follower.end("-INT").code, 0);

    // What changed comes again, and nothing else does.
    room.server
        .change(&format!("daily.test{}", NIGHTS[1]), night(1, 77));
    room.pass_after(1500).await;
    let mut follower = Follower::start(dir);
    assert_eq!(follower.next(1), [(NIGHTS[1].to_owned(), 2)]);
    // Killed after that: nothing is left out.
    signalled(&follower.child, "-KILL");
    follower.child.wait().unwrap();
    room.server
        .change(&format!("daily.test{}", NIGHTS[2]), night(2, 78));
    room.pass_after(1500).await;
    let mut follower = Follower::start(dir);
    let mut next = follower.next(1);
    if next[0].0 == NIGHTS[1] {
        next = follower.next(1);
    }
    assert_eq!(next, [(NIGHTS[2].to_owned(), 2)]);
    let ended = follower.end("-TERM");
    assert_eq!(ended.code, 0, "{}", ended.err);

    // A cursor of another store is refused.
    fs::write(dir.join("seen"), "newsprint-cursor-1 elsewhere 1 1\n").unwrap();
    let refused = newsprint(dir)
        .args(["export", "--follow", "--cursor", "seen"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(support::text(&refused).contains("the cursor belongs to another store"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_crawls_store_and_change_is_printed_once_and_a_cursor_goes_on() {
    followed(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_crawls_store_on_a_server_is_printed_once_and_a_cursor_goes_on() {
    if let Some(database) = TestDatabase::create() {
        followed(Some(database)).await;
    }
}

#[tokio::test]
async fn an_article_whose_transaction_is_under_way_is_not_passed_over() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let location: newsprint::location::StoreLocation = database.url().parse().unwrap();
    let store = store::open(&location).await.unwrap();
    let mut slow = database.connect().await;
    let mut quick = database.connect().await;
    let insert = |id: &str| {
        let article = Article {
            id: id.to_owned(),
            ..Article::default()
        };
        let record = serde_json::to_string(&article).unwrap();
        sqlx::query(
            "INSERT INTO articles (id, source, content_hash, fetched_at, record)
             VALUES ($1, 'a', '', 1, $2)",
        )
        .bind(id.to_owned())
        .bind(record)
    };
    let begin = |sql| sqlx::raw_sql(sql);
    begin("BEGIN").execute(&mut slow).await.unwrap();
    insert("slow").execute(&mut slow).await.unwrap();
    insert("quick").execute(&mut quick).await.unwrap();

    // Read again and again until the later one could be seen: transactions of others may hold it up, too.
    let filter = Filter::default();
    let before = store
        .changes_after(&filter, &ChangePosition::default(), 10)
        .await;
    let before = before.unwrap();
    assert_eq!(before.articles.len(), 0, "the first is under way");
    begin("COMMIT").execute(&mut slow).await.unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    let mut position = before.position;
    let mut seen: Vec<String> = Vec::new();
    while seen.len() < 2 && Instant::now() < end {
        let changes = store.changes_after(&filter, &position, 10).await.unwrap();
        seen.extend(changes.articles.into_iter().map(|it| it.id));
        position = changes.position;
    }
    assert_eq!(seen, ["slow", "quick"]);

    // A position that the server has not come to is one of another state of it.
    let ahead: ChangePosition = position.to_string().parse().unwrap();
    let words = ahead.to_string();
    let mut words: Vec<&str> = words.split(' ').collect();
    words[2] = "999999999999";
    let ahead: ChangePosition = words.join(" ").parse().unwrap();
    let refused = store.changes_after(&filter, &ahead, 10).await;
    assert!(
        matches!(refused, Err(StoreError::BadCursor { .. })),
        "{refused:?}"
    );
    store.close().await;
}

#[tokio::test]
async fn articles_restored_from_another_server_are_followed() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    // That server had come further in its transactions than this one.
    let record = serde_json::to_string(&Article::default()).unwrap();
    database
        .run(&format!(
            "INSERT INTO articles (id, source, content_hash, fetched_at, record, added_in)
             VALUES ('restored', 'a', '', 1, '{record}', '999999999999')"
        ))
        .await;
    let location: newsprint::location::StoreLocation = database.url().parse().unwrap();
    let store = store::open(&location).await.unwrap();
    let (filter, start) = (Filter::default(), ChangePosition::default());
    let end = Instant::now() + Duration::from_secs(60);
    let mut seen = 0;
    // Transactions of others may hold it up.
    while seen == 0 && Instant::now() < end {
        seen = store
            .changes_after(&filter, &start, 10)
            .await
            .unwrap()
            .articles
            .len();
    }
    assert_eq!(seen, 1);
    store.close().await;
}
