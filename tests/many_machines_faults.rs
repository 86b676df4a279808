//! What befalls the server of several workers, and what a worker that never comes back leaves: nothing is lost, and each
//! article is stored once and written once.

#![cfg(feature = "cli")]
#![allow(clippy::print_stderr, clippy::unwrap_used)]
#![cfg(unix)]

mod support;

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use support::machines::{Machine, Web, ended, kill, random, signal, written};
use support::private_server::{PrivateServer, own};
use support::proxy::Proxy;
use support::{Newsroom, Ran, TestDatabase};
use tempfile::TempDir;

/// As many pages as two or three workers read in some seconds.
const WEB: Web = Web {
    hosts: 8,
    pages: 120,
    requests_per_second: 20.0,
};

/// Expects that crawls have ended well, and that each article was stored once and written once.
fn each_article_once(room: &Newsroom, web: &Web, running: impl IntoIterator<Item = Child>) {
    for child in running {
        let ran = ended(child);
        assert_eq!(ran.code, 0, "{}", ran.err);
        // That the server was away for a while may be said.
        let mut said = ran.err.lines();
        assert!(
            said.all(|it| it.contains("the server of the store")),
            "{}",
            ran.err
        );
    }
    let reader = Machine::named(room, "reader");
    assert_eq!(reader.exported(), web.each_once());
    assert_eq!(written(room.dir.path()), web.each_once());
}

/// Expects exit 1 and, after what is said of a server that does not answer, one line that says this.
fn refused(ran: &Ran, said: &str) {
    assert_eq!(ran.code, 1, "{}", ran.err);
    let lines = ran.err.lines().filter(|it| !it.contains("does not answer"));
    let lines: Vec<&str> = lines.collect();
    assert_eq!(lines.len(), 1, "{}", ran.err);
    assert!(lines[0].contains(said), "{}", ran.err);
}

/// The leases of a worker that ended are over sooner here than a minute later.
async fn leases_end(room: &Newsroom) {
    let database = room.database.as_ref().unwrap();
    database.run("UPDATE hosts SET lease_until = 0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_restarted_at_once_costs_nothing() {
    let Some(server) = PrivateServer::start(&[]) else {
        return;
    };
    let room = WEB.open(server.database());
    let machines = ["one", "two", "three"].map(|it| Machine::named(&room, it));
    let running = machines.each_ref().map(Machine::crawl);
    let mut seed = 20_261_127;
    for _ in 0..3 {
        let more = 10 + random(&mut seed) % 30;
        room.server
            .wait_for_more_hits(usize::try_from(more).unwrap());
        server.restart_at_once();
    }
    each_article_once(&room, &WEB, running);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_a_proxy_cuts_and_refuses_cost_nothing() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let Some(proxy) = Proxy::to(&database) else {
        return;
    };
    let room = WEB.open(database);
    let machines = ["one", "two", "three"].map(|it| Machine::at(&room, it, &proxy.url()));
    let running = machines.each_ref().map(Machine::crawl);
    let mut seed = 20_261_127;
    for turn in 0..6 {
        let more = 5 + random(&mut seed) % 15;
        room.server
            .wait_for_more_hits(usize::try_from(more).unwrap());
        if turn % 2 == 0 {
            proxy.cut();
        } else {
            proxy.close();
            proxy.wait_for_refused(12);
            proxy.open();
        }
    }
    each_article_once(&room, &WEB, running);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stays_away_ends_a_crawl_with_a_clear_line() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let Some(proxy) = Proxy::to(&database) else {
        return;
    };
    let room = WEB.open(database);
    let store = format!("url = {:?}\nworker = \"one\"\nwait = \"2s\"\n", proxy.url());
    let machine = Machine::new(&room, "one", &store);
    let running = machine.crawl();
    room.server.wait_for_more_hits(60);
    proxy.close();
    let closed = Instant::now();
    refused(
        &ended(running),
        "cannot be reached; nothing is lost, run again when it is back",
    );
    let took = closed.elapsed();
    assert!(
        took >= Duration::from_secs(2),
        "it was waited for: {took:?}"
    );
    assert!(took < Duration::from_secs(20), "{took:?}");
    refused(&ended(machine.crawl()), "cannot be reached");

    proxy.open();
    leases_end(&room).await;
    each_article_once(&room, &WEB, [machine.crawl()]);
}

/// Articles that are stored and in no file yet.
async fn unwritten(room: &Newsroom) -> i64 {
    let mut connection = room.database.as_ref().unwrap().connect().await;
    sqlx::query_scalar("SELECT COUNT(*) FROM articles WHERE written_at IS NULL")
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

/// The rows of `status --workers`.
fn workers(machine: &Machine) -> Vec<serde_json::Value> {
    let ran = machine.run("status --workers --format json");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    serde_json::from_str(&ran.out).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_worker_has_not_written_another_writes_after_an_hour() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let room = WEB.open(database);
    let [dead, other] = ["dead", "other"].map(|it| Machine::named(&room, it));
    let running = dead.crawl();
    room.server.wait_for_more_hits(60);
    // It is killed between storing some articles and writing them.
    loop {
        signal(&running, "-STOP");
        if unwritten(&room).await > 0 {
            break;
        }
        signal(&running, "-CONT");
        room.server.wait_for_more_hits(1);
    }
    let left = unwritten(&room).await;
    let [row] = &workers(&other)[..] else {
        panic!("one worker");
    };
    assert_eq!(
        (&row["worker"], &row["state"]),
        (&"dead".into(), &"crawling".into())
    );
    assert!(row["hosts"].as_u64().unwrap() > 0, "{row}");
    kill(running);
    let [row] = &workers(&other)[..] else {
        panic!("one worker");
    };
    assert_eq!(
        (&row["state"], &row["unwritten"]),
        (&"gone".into(), &left.into())
    );
    for line in ["status", "status --workers"] {
        let ran = other.run(line);
        let said = format!("dead: {left} article");
        assert!(ran.out.contains(&said), "{line}: {}", ran.out);
    }

    leases_end(&room).await;
    let ran = ended(other.crawl());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        unwritten(&room).await,
        left,
        "it may come back and write them"
    );
    let states = workers(&other);
    let states: Vec<&str> = states
        .iter()
        .map(|it| it["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["gone", "ended"]);
    room.database
        .as_ref()
        .unwrap()
        .run("UPDATE workers SET seen_at = seen_at - 3600001 WHERE name = 'dead'")
        .await;
    each_article_once(&room, &WEB, [other.crawl()]);
    // Should it come back after all, it has nothing to write.
    assert_eq!(ended(dead.crawl()).code, 0);
    assert_eq!(written(room.dir.path()), WEB.each_once());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_connections_are_taken_is_waited_for() {
    let settings = ["max_connections=12", "superuser_reserved_connections=0"];
    let Some(server) = PrivateServer::start(&settings) else {
        return;
    };
    let room = WEB.open(server.database());
    let url = room.database.as_ref().unwrap().url();
    let mut taken: Vec<PgConnection> = Vec::new();
    while let Ok(connection) = PgConnection::connect(&url).await {
        taken.push(connection);
    }
    assert!(taken.len() > 6, "{}", taken.len());
    let store = format!("url = \"{url}&connect_timeout=1\"\nworker = \"one\"\nwait = \"1s\"\n");
    let hasty = Machine::new(&room, "one", &store);
    for line in ["crawl --quiet", "status"] {
        let ran = hasty.run(line);
        refused(&ran, "are taken; raise its `max_connections`");
    }
    // Two workers have room for less than one.
    taken.truncate(taken.len() - 6);
    let machines = ["two", "three"].map(|it| Machine::named(&room, it));
    let running = machines.each_ref().map(Machine::crawl);
    room.server.wait_for_more_hits(60);
    drop(taken);
    each_article_once(&room, &WEB, running);
}

/// A disk of a few megabytes.
struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// None where this process may not make one; says so then.
    fn new() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=16m", "newsprint"]);
        let mounted = mount.arg(folder.path()).stderr(Stdio::null()).status();
        if !mounted.is_ok_and(|it| it.success()) {
            eprintln!("skipped: no file system can be mounted here");
            return None;
        }
        own(folder.path());
        Some(SmallDisk { folder })
    }

    /// Takes all of it but so many bytes.
    fn fill_but(&self, left: u64) {
        let state = rustix::fs::statvfs(self.folder.path()).unwrap();
        let free = state.f_bavail * state.f_frsize;
        let filler = vec![0; usize::try_from(free - left).unwrap()];
        fs::write(self.folder.path().join("filler"), filler).unwrap();
    }

    fn make_room(&self) {
        fs::remove_file(self.folder.path().join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.folder.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_costs_no_article() {
    let Some(disk) = SmallDisk::new() else { return };
    let Some(server) = PrivateServer::start(&[]) else {
        return;
    };
    let room = WEB.open(server.database());
    let database = room.database.as_ref().unwrap();
    let folder = disk.folder.path().display();
    let tablespace = format!("CREATE TABLESPACE small LOCATION '{folder}'");
    database.run(&tablespace).await;
    for sort in ["TABLE", "INDEX"] {
        let moved = format!("ALTER {sort} ALL IN TABLESPACE pg_default SET TABLESPACE small");
        database.run(&moved).await;
    }
    disk.fill_but(700_000);
    let machine = Machine::named(&room, "one");
    refused(&ended(machine.crawl()), "no room left on the disk");
    let kept = machine.exported().len();
    assert!((1..120).contains(&kept), "{kept}");

    disk.make_room();
    leases_end(&room).await;
    each_article_once(&room, &WEB, [machine.crawl()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_too_old_is_left_alone() {
    let Some(database) = TestDatabase::create_empty() else {
        return;
    };
    let mut connection = database.connect().await;
    let version: i32 =
        sqlx::query_scalar("SELECT CAST(current_setting('server_version_num') AS INTEGER)")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    // The server of these tests says that it is another.
    let (version, old) = (version.to_be_bytes(), 130_021_i32.to_be_bytes());
    let edit = move |sent: &mut [u8]| {
        let at = sent.windows(4).position(|it| it == version);
        if let Some(at) = at {
            sent[at..at + 4].copy_from_slice(&old);
        }
    };
    let Some(proxy) = Proxy::editing(&database, edit) else {
        return;
    };
    let room = WEB.open(database);
    let machine = Machine::at(&room, "one", &proxy.url());
    for line in ["crawl --quiet", "status", "pages", "export"] {
        let ran = machine.run(line);
        refused(&ran, "is on PostgreSQL 13; version 14 or newer is needed");
    }
    let tables: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!(tables, 0, "nothing is written");
    assert!(room.server.hits().is_empty(), "nothing is fetched");
}
