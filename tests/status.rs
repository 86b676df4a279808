//! What a crawl reports, and what `status` shows of it afterwards.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::time::Duration;

use newsprint::VisitOutcome;
use newsprint::store::{self, HealthChange, HealthIssue, SourceStatus, StatusTimes};
use support::{Newsroom, Ran, Reply, is_of_sqlite_alone, newsprint, page, story};

/// A front page with a link to each of these articles.
fn front(numbers: impl IntoIterator<Item = u64>) -> Reply {
    let links: String = numbers
        .into_iter()
        .map(|number| {
            format!(
                "<h2><a href=/news/night-{number}>What happened in the harbour {number}</a></h2>"
            )
        })
        .collect();
    Reply::html(&format!("<html><body>{links}</body></html>"))
}

/// The articles of a front page.
fn serve(room: &Newsroom, host: &str, numbers: impl IntoIterator<Item = u64>) {
    for number in numbers {
        let html = page("A long night", &story(number));
        room.server
            .may(&format!("{host}/news/night-{number}"), Reply::html(&html));
    }
}

/// The one output file.
fn output_file(room: &Newsroom) -> std::path::PathBuf {
    let dir = room.dir.path().join("articles/daily");
    fs::read_dir(dir).unwrap().next().unwrap().unwrap().path()
}

#[tokio::test]
async fn what_a_user_writes_into_the_file_of_the_day_is_left_and_reported_once() {
    for note in ["a note of mine\n", "without a line break"] {
        let mut room = Newsroom::open();
        room.server.on("daily.test/", front(0..2));
        serve(&room, "daily.test", 0..4);
        room.source("daily", &["http://daily.test/"]);
        let first = room.pass().await;
        assert_eq!(first.articles(), 2);
        assert!(first.changed_files.is_empty());

        let file = output_file(&room);
        let before = fs::read_to_string(&file).unwrap() + note;
        fs::write(&file, &before).unwrap();
        room.server.change("daily.test/", front(0..3));
        let second = room.pass_after(30).await;
        assert_eq!(second.articles(), 1);
        assert_eq!(second.changed_files, std::slice::from_ref(&file));
        let after = fs::read_to_string(&file).unwrap();
        assert!(after.starts_with(&before));
        assert_eq!(after.lines().count(), 4);
        assert!(after.lines().last().unwrap().starts_with('{'));

        room.server.change("daily.test/", front(0..4));
        let third = room.pass_after(30).await;
        assert_eq!(third.articles(), 1);
        assert!(third.changed_files.is_empty());
        assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 5);
    }
}

/// The program, in the folder of a room whose settings have these lines more.
fn run(room: &Newsroom, more: &str, line: &str) -> (i32, String, String) {
    let dir = room.dir.path();
    fs::write(dir.join("config.toml"), room.config_file() + more).unwrap();
    let mut command = newsprint(dir);
    let output = command.args(line.split_whitespace()).output().unwrap();
    let Ran { code, out, err } = output.into();
    (code, out, err)
}

/// The status of the one source over so many days.
async fn status(room: &Newsroom, days: i64) -> SourceStatus {
    let store = store::open_read_only(&room.config().store.location)
        .await
        .unwrap();
    let now = room.clock.now();
    let times = StatusTimes {
        since: now - days * 24 * 3_600_000,
        health: Duration::from_secs(14 * 24 * 3600),
        now,
    };
    let rows = store.status(&["daily".to_owned()], times).await.unwrap();
    rows.into_iter().next().unwrap()
}

#[tokio::test]
async fn an_idle_pass_hides_nothing_of_what_was_lost() {
    for (gone, outcome) in [(410, VisitOutcome::Http4xx), (500, VisitOutcome::Http5xx)] {
        let mut room = Newsroom::open();
        room.server.on("daily.test/", front(0..5));
        serve(&room, "daily.test", 0..3);
        for number in 3..5 {
            let path = format!("daily.test/news/night-{number}");
            room.server.may(&path, Reply::status(gone));
        }
        room.source("daily", &["http://daily.test/"]);
        let first = room.pass().await;
        assert_eq!(first.lost(), [(outcome, 2)].into());
        // Nothing is due yet.
        room.pass_after(1).await;
        let row = status(&room, 7).await;
        assert_eq!((row.found, row.stored, row.articles), (5, 3, 3));
        assert_eq!(row.lost, [(outcome, 2)].into());
        assert_eq!(row.lost_pages(), 2);
        assert_eq!(
            row.outcomes,
            [].into(),
            "that of the last pass stays what it was"
        );
        let expected = if gone == 500 { 2 } else { 0 };
        assert_eq!((row.tried_again, row.waiting), (expected, expected));
        room.clock.advance(Duration::from_secs(8 * 24 * 3600));
        let row = status(&room, 7).await;
        assert_eq!((row.found, row.stored, row.lost_pages()), (0, 0, 0));
        assert_eq!(status(&room, 30).await.lost_pages(), 2);
    }
}

#[tokio::test]
async fn a_source_without_a_past_is_judged_by_itself() {
    let walls = |reply: &Reply| {
        let room = Newsroom::open();
        room.server.on("daily.test/", front(0..6));
        for number in 0..6 {
            let path = format!("daily.test/news/night-{number}");
            room.server.may(&path, reply.clone());
        }
        room
    };
    let empty =
        Reply::html("<html><body><div id=app></div><script src=app.js></script></body></html>");
    for reply in [Reply::status(403), empty] {
        let mut room = walls(&reply);
        room.source("daily", &["http://daily.test/"]);
        let summary = room.pass().await;
        let issues = &summary.sources[0].health_issues;
        assert!(
            matches!(issues[..], [HealthIssue::NoArticles { of: 6, .. }]),
            "{issues:?}"
        );
        assert_eq!(status(&room, 7).await.health_issues, *issues);
    }
    // A front page without any link, and one whose links are all excluded.
    for include in [&[][..], &["/artikel/**"]] {
        let mut room = Newsroom::open();
        let front = if include.is_empty() {
            front([])
        } else {
            front(0..6)
        };
        room.server.on("daily.test/", front);
        let source = room.source("daily", &["http://daily.test/"]);
        source.include = include.iter().map(ToString::to_string).collect();
        let issues = room.pass().await.sources[0].health_issues.clone();
        let is_right = match issues[..] {
            [HealthIssue::NoLinks { passed: 6 }] => !include.is_empty(),
            [HealthIssue::Walled { outcome, .. }] => {
                include.is_empty() && outcome == VisitOutcome::Empty
            }
            _ => false,
        };
        assert!(is_right, "{issues:?}");
    }
}

#[tokio::test]
async fn a_damaged_feed_is_reported_and_read() {
    for damage in ["Rock & roll in the harbour", "Two < three <b>nights"] {
        let mut room = Newsroom::open();
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>t</title><item><title>{damage}</title>\
             <link>http://daily.test/news/night-1</link></item></channel></rss>"
        );
        room.server.on("daily.test/feed", Reply::xml(&feed));
        serve(&room, "daily.test", 1..2);
        let source = room.source("daily", &[]);
        source.feeds = vec!["http://daily.test/feed".parse().unwrap()];
        let summary = room.pass().await;
        assert_eq!(summary.articles(), 1);
        let issues = &summary.sources[0].health_issues;
        assert!(
            matches!(issues[..], [HealthIssue::Damaged { .. }]),
            "{issues:?}"
        );
    }
}

#[test]
fn a_crawl_fails_as_long_as_a_source_is_ill_or_only_when_it_gets_worse() {
    let mut room = Newsroom::open();
    room.server.on("daily.test/", Reply::status(500));
    serve(&room, "daily.test", 0..1);
    room.source("daily", &["http://daily.test/"]);
    let settings = |fail: &str| format!("\n[health]\nfail = {fail}\n");
    // Cron mails what is printed: once when it gets worse, once when it gets better.
    let (code, _, err) = run(&room, &settings("\"change\""), "crawl --quiet");
    assert_eq!((code, err.lines().count()), (3, 2), "{err}");
    assert!(
        err.starts_with("newsprint: daily: http://daily.test/: "),
        "{err}"
    );
    let expected = "newsprint: daily: none of its front pages, feeds and sitemaps could be read\n";
    assert!(err.ends_with(expected), "{err}");
    let ran = run(&room, &settings("\"change\""), "crawl --quiet");
    assert_eq!(ran, (0, String::new(), String::new()));
    let ran = run(&room, &settings("true"), "crawl --quiet");
    assert_eq!(ran, (3, String::new(), String::new()));
    let ran = run(&room, &settings("false"), "crawl --quiet");
    assert_eq!(ran, (0, String::new(), String::new()));
    // Whoever looks sees it in each pass.
    let (code, _, err) = run(&room, &settings("\"change\""), "crawl");
    assert_eq!(code, 0);
    assert!(err.contains("daily: none of its front pages"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_well_again_is_reported_once() {
    let mut room = Newsroom::open();
    room.server.on("daily.test/", Reply::status(500));
    serve(&room, "daily.test", 0..1);
    room.source("daily", &["http://daily.test/"]);
    let first = room.pass().await;
    assert_eq!(first.sources[0].health_change, HealthChange::Worse);
    assert_eq!(first.worse().count(), 1);
    room.server.change("daily.test/", front(0..1));
    let second = room.pass_after(60).await;
    assert_eq!(second.sources[0].health_change, HealthChange::Better);
    assert_eq!(second.sources[0].health_before, ["unreachable"]);
    let third = room.pass_after(60).await;
    assert_eq!(third.sources[0].health_change, HealthChange::Same);
}

#[test]
fn a_crawl_that_finds_the_store_in_use_says_nothing_to_cron() {
    if is_of_sqlite_alone("one crawl at a time") {
        return;
    }
    let mut room = Newsroom::open();
    room.server.may("daily.test/", front(0..1));
    room.source("daily", &["http://daily.test/"]);
    let path = room.config().store.location;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _lock = runtime.block_on(store::lock(&path)).unwrap();
    let ran = run(&room, "", "crawl --quiet");
    assert_eq!(ran, (75, String::new(), String::new()));
    let (code, _, err) = run(&room, "", "crawl");
    assert_eq!(code, 75);
    assert!(err.contains("another crawl is using this store"), "{err}");
}

#[tokio::test]
async fn a_source_that_has_moved_is_named_with_its_new_address_until_the_settings_have_it() {
    for status in [301, 302] {
        let mut room = Newsroom::open();
        let moved = Reply::status(status).header("Location", "http://new-daily.test/");
        let front = front(0..2).header("ETag", "\"1\"");
        room.server
            .on("daily.test/", moved)
            .may("new-daily.test/", front);
        serve(&room, "new-daily.test", 0..2);
        room.source("daily", &["http://daily.test/"]);
        let first = room.pass().await;
        assert_eq!(first.articles(), 2);
        let issues = &first.sources[0].health_issues;
        assert!(
            matches!(&issues[..], [HealthIssue::Moved { to, .. }] if to == "http://new-daily.test/"),
            "{issues:?}"
        );
        let second = room.pass_after(60).await;
        assert_eq!(second.sources[0].health_issues, *issues);
        assert_eq!(second.worse().count(), 0);
        room.sources[0].start = vec!["http://new-daily.test/".parse().unwrap()];
        let third = room.pass_after(60).await;
        assert_eq!(third.needs_attention().count(), 0);
    }
}
