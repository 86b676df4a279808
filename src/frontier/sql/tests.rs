//! A store that an earlier version made.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};
use url::Url;

use crate::frontier::{
    AnsweredVisit, Claim, FoundUrl, Pass, Reading, Schedule, Seed, Storage, UrlKind, Visit,
    VisitResult, open, scratch,
};
use crate::store::AddressFilter;
use crate::store::sql::database;
use crate::store::sql::sqlite::MIGRATIONS;
use crate::verdict::{AddressEvidence, VisitOutcome};

const NOW: i64 = 1_800_000_000_000;

/// Makes a store with the tables of version 7: a front page, a page that waits, one that was refused, an
/// article, and another address of it.
async fn old_store(path: &Path) {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    MIGRATIONS.run_to(7, &mut connection).await.unwrap();
    database::run(&mut connection, "INSERT INTO urls (id, url, host, source, kind, depth, given, due_at, visited_at, outcome, attempts,
                           status, stored_at, spelling, etag)
         VALUES (1, 'https://daily.test/', 'daily.test', 'daily', 'start', 0, 1, 5, 4, 'index', 0,
                 200, NULL, NULL, 'x'),
                (2, 'https://daily.test/waits', 'daily.test', 'daily', 'page', 1, 0, 5, NULL, NULL, 0,
                 NULL, NULL, 'daily.test/waits', NULL),
                (3, 'https://daily.test/refused', 'daily.test', 'daily', 'page', 1, 0, NULL, 4, 'http_4xx', 2,
                 403, NULL, 'daily.test/refused', NULL),
                (4, 'https://daily.test/stored', 'daily.test', 'daily', 'page', 1, 0, NULL, 4, 'stored', 0,
                 200, 4, 'daily.test/stored', NULL),
                (5, 'https://daily.test/s', 'daily.test', 'daily', 'page', 1, 0, NULL, NULL, NULL, 0,
                 NULL, NULL, 'daily.test/s', NULL);
         INSERT INTO hosts (host) VALUES ('daily.test');
         INSERT INTO sources (source, settings) VALUES ('daily', '');
         INSERT INTO shapes (shape, host, barren, barren_since, visited_at)
         VALUES ('daily.test/*', 'daily.test', 40, 3, 4)").await.unwrap();
    connection.close().await.unwrap();
}

fn schedule() -> Schedule {
    Schedule::new(Duration::from_secs(300), Duration::from_secs(86_400))
}

fn pass() -> Pass {
    Pass {
        owner: "a".to_owned(),
        token: None,
        started: NOW,
        since: NOW,
        sources: vec!["daily".to_owned()],
    }
}

async fn claimed(storage: &Storage) -> Claim {
    let seed = Seed {
        source: "daily".to_owned(),
        settings: String::new(),
        entry_points: vec![(UrlKind::Start, Url::parse("https://daily.test/").unwrap())],
        ..Seed::default()
    };
    storage.frontier.seed(&[seed], NOW).await.unwrap();
    let claim = storage.frontier.claim(&pass(), NOW).await.unwrap();
    claim.unwrap()
}

fn paths(claim: &Claim) -> Vec<&str> {
    claim.due.iter().map(|due| due.url.path()).collect()
}

#[tokio::test]
async fn an_older_store_is_brought_up_to_date_and_crawled_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("newsprint.db");
    old_store(&path).await;
    let storage = open(&path, schedule()).await.unwrap();
    let claim = claimed(&storage).await;
    assert_eq!(paths(&claim), ["/"]);
    // An earlier version may have given up entry points that the page names: it is read in full.
    assert_eq!(claim.due[0].etag, None);

    let found = ["/waits", "/refused", "/stored", "/new"].map(|path| FoundUrl {
        url: Url::parse("https://daily.test/")
            .unwrap()
            .join(path)
            .unwrap(),
        kind: UrlKind::Page,
        depth: 1,
        hint: None,
        published: None,
        guessed: false,
        evidence: AddressEvidence::Feed,
        too_old: false,
    });
    let front = Visit {
        due: claim.due[0].clone(),
        at: NOW,
        result: VisitResult::Answered(AnsweredVisit {
            status: 200,
            etag: None,
            last_modified: None,
            archived: None,
            reading: Reading::index(found.into()),
        }),
    };
    let frontier = &storage.frontier;
    let finished = frontier.finish(&pass(), front).await.unwrap();
    assert_eq!(finished.new_pages, 1);
    frontier.release(&pass(), "daily.test").await.unwrap();
    // What was refused under the old rules was given up; its feed names it still.
    let claim = frontier.claim(&pass(), NOW).await.unwrap().unwrap();
    assert_eq!(paths(&claim), ["/new", "/waits", "/refused"]);
    assert_eq!(claim.due[1].evidence, AddressEvidence::Feed);

    let lost = AddressFilter {
        outcomes: vec![VisitOutcome::Http4xx],
        lost: true,
        ..AddressFilter::default()
    };
    assert_eq!(frontier.retry(&lost, NOW).await.unwrap(), 0);
}

#[tokio::test]
async fn an_older_store_is_copied_for_a_dry_run() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("newsprint.db");
    old_store(&path).await;
    let storage = scratch(&path, schedule()).await.unwrap();
    assert_eq!(paths(&claimed(&storage).await), ["/"]);
}
