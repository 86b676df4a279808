//! The program, killed again and again while the twelve sites answer faults: what it has found by
//! the end is whole.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::{Connection, SqliteConnection};

use crate::prose::Random;
use crate::report::problems;
use crate::sites::{PASSES, sites};
use crate::support::Newsroom;
use crate::world;

const KILLS: usize = 15;
/// Passes after the last kill, each with all that failed made due.
const TRIES: usize = 8;

fn newsprint(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_newsprint"));
    command
        .current_dir(dir)
        .env_clear()
        .env("HOME", dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn crawl(dir: &Path) -> Child {
    newsprint(dir).args(["crawl", "--quiet"]).spawn().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What SQLite says of the store's file.
async fn integrity(dir: &Path) -> String {
    let url = format!("sqlite:{}", dir.join("newsprint.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let found = sqlx::query_scalar("PRAGMA integrity_check");
    found.fetch_one(&mut connection).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crawl_killed_amid_faults_ends_with_every_article_whole_and_once() {
    let mut room = Newsroom::open();
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let sites = sites(5, i64::try_from(since.as_millis()).unwrap(), false, false);
    let now = world::serve(&mut room, &sites);
    room.crawl.recheck = Duration::from_millis(1);
    room.crawl.recheck_max = room.crawl.recheck;
    let dir = room.dir.path();
    fs::write(dir.join("config.toml"), room.config_file()).unwrap();

    let mut random = Random::new(20_261_126);
    for kill in 0..KILLS {
        now.lock().unwrap().pass = kill * PASSES / KILLS;
        let before = room.server.hits().len();
        let mut child = crawl(dir);
        let more = 1 + random.below(40);
        room.server.wait_for_hits_of(&mut child, before + more);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(integrity(dir).await, "ok");
        retry(dir);
    }
    for _ in 0..TRIES {
        let last = crawl(dir).wait_with_output().unwrap();
        assert!(matches!(last.status.code(), Some(0 | 3)), "{}", text(&last));
        retry(dir);
    }

    assert_eq!(integrity(dir).await, "ok");
    let problems = problems(&room, &sites).await;
    assert!(problems.is_empty(), "{problems}");
    let mut written: Vec<String> = room.written().into_iter().map(|it| it.url).collect();
    let mut kept = room.raw_pages().await;
    kept.retain(|url| written.contains(url));
    kept.sort();
    written.sort();
    assert_eq!(kept, written, "each with its page");
}

/// Makes due what has failed, so that the test need not wait for hours.
fn retry(dir: &Path) {
    let retried = newsprint(dir)
        .args(["pages", "--lost", "--retry"])
        .output()
        .unwrap();
    assert!(retried.status.success(), "{}", text(&retried));
}
