//! The program left to itself: killed again and again, and short of disk.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use sqlx::{Connection, SqliteConnection};
use support::{
    Newsroom, Reply, crawl, integrity, is_of_sqlite_alone, newsprint, page, story, text,
};

const KILLS: usize = 20;
const HOSTS: u64 = 16;
const PAGES: u64 = 1_000;

/// Numbers that look random and are the same in every run (xorshift).
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Sites of many pages, each page an article of its own.
fn large() -> Newsroom {
    let mut room = Newsroom::open();
    for host in 0..HOSTS {
        let mut links = String::new();
        for number in (0..PAGES).filter(|number| number % HOSTS == host) {
            let path = format!("/news/night-{}", 10_000 + number);
            let html = page("A long night", &story(number));
            room.server
                .may(&format!("h{host}.test{path}"), Reply::html(&html));
            links.push_str(&format!("<a href={path}>A long night in town {number}</a>"));
        }
        let front = Reply::html(&format!("<html><body>{links}</body></html>"));
        room.server.may(&format!("h{host}.test/"), front);
        room.source(&format!("h{host}"), &[&format!("http://h{host}.test/")]);
    }
    room
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crawl_killed_twenty_times_ends_with_each_article_once() {
    if is_of_sqlite_alone("the lock that a kill gives up") {
        return;
    }
    let room = large();
    let dir = room.dir.path();
    fs::write(dir.join("config.toml"), room.config_file()).unwrap();

    let mut seed = 20_261_124;
    for _ in 0..KILLS {
        let before = room.server.hits().len();
        let more = 1 + usize::try_from(random(&mut seed) % 60).unwrap();
        let mut child = crawl(dir);
        assert!(room.server.wait_for_hits(before + more));
        child.kill().unwrap();
        child.wait().unwrap();
        // What such a kill leaves can be read by another process meanwhile.
        assert_eq!(integrity(dir).await, "ok");
    }
    let last = crawl(dir).wait_with_output().unwrap();
    assert_eq!(last.status.code(), Some(0), "{}", text(&last));
    assert_eq!(text(&last), "");

    assert_eq!(integrity(dir).await, "ok");
    let mut written: Vec<String> = room.written().into_iter().filter_map(|it| it.url).collect();
    assert_eq!(written.len() as u64, PAGES);
    written.sort();
    written.dedup();
    assert_eq!(written.len() as u64, PAGES, "each line once");
    let exported = newsprint(dir).arg("export").output().unwrap();
    let exported = String::from_utf8(exported.stdout).unwrap();
    assert_eq!(exported.lines().count() as u64, PAGES);

    let mut kept = room.raw_pages().await;
    kept.sort();
    assert_eq!(kept, written, "each with its page");

    // Whatever was asked for twice was in flight when a kill came: at most one page a host.
    let mut asked: BTreeMap<String, u64> = BTreeMap::new();
    for hit in room.server.hits() {
        if hit.path.starts_with("/news/") {
            *asked
                .entry(format!("{}{}", hit.host, hit.path))
                .or_default() += 1;
        }
    }
    let again: u64 = asked.values().map(|count| count - 1).sum();
    assert!(again <= KILLS as u64 * HOSTS, "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_ends_the_crawl_and_what_was_stored_stays_whole() {
    if is_of_sqlite_alone("a disk that the crawl fills") {
        return;
    }
    let room = large();
    let dir = room.dir.path();
    let disk = dir.join("disk");
    fs::create_dir(&disk).unwrap();
    let config = room.config_file();
    let output =
        "\n[store]\nurl = \"sqlite:disk/newsprint.db\"\n[output]\ndir = \"disk/articles\"\n";
    let config = config.replacen(
        "\n[network.resolve]",
        &format!("{output}\n[network.resolve]"),
        1,
    );
    fs::write(dir.join("config.toml"), config).unwrap();
    // A small disk of its own, which only a user namespace (or root) may mount.
    let script = "mount -t tmpfs -o size=5000k tmpfs disk && $0 crawl --quiet; code=$?; \
                  cp disk/newsprint.db* . ; exit $code";
    let program = env!("CARGO_BIN_EXE_newsprint");
    let run = Command::new("unshare")
        .args(["-rm", "sh", "-c", script, program])
        .current_dir(dir)
        .output();
    let run = match run {
        Ok(run) if !text(&run).contains("unshare") && !text(&run).contains("mount:") => run,
        _ => {
            eprintln!("skipped: this machine lets no small disk be mounted");
            return;
        }
    };
    assert_eq!(run.status.code(), Some(1), "{}", text(&run));
    assert!(
        text(&run).contains("no room left on the disk"),
        "{}",
        text(&run)
    );
    assert_eq!(integrity(dir).await, "ok");
    let url = format!("sqlite:{}", dir.join("newsprint.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let stored: u64 = sqlx::query_scalar("SELECT COUNT(*) FROM articles")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!(stored > 0 && stored < PAGES, "{stored}");
}
