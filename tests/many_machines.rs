//! Several crawls, each a process of its own, on one store of a server: they are killed, stopped and cut off, and still
//! each article is stored once and written once, and no host is asked faster than it wants.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::machines::{Machine, Web, ended, kill, random, signal, start, too_close, written};
use support::{Newsroom, Reply, TestDatabase};

/// How long the hosts of a worker wait for another, once nothing is heard of it…
const LEASE: Duration = Duration::from_secs(60);
/// …and how long it may take until they are asked, where the processors have much to do.
const SLACK: Duration = Duration::from_secs(60);

/// Four hundred milliseconds, as requests leave; they are held up on their way where the processors have much to do.
const PACE: Duration = Duration::from_millis(200);

/// A worker that is gone, and what it had then.
struct Gone {
    at: Instant,
    hosts: BTreeSet<String>,
    owners: BTreeSet<String>,
}

impl Gone {
    async fn now(room: &Newsroom, worker: &str) -> Gone {
        let at = Instant::now();
        let rows = leases(room, worker).await;
        let (hosts, owners): (BTreeSet<String>, _) = rows.into_iter().unzip();
        assert!(hosts.len() > 5, "{worker} had {hosts:?}");
        Gone { at, hosts, owners }
    }

    /// For how long each host was left alone that was asked again.
    fn waits(&self, room: &Newsroom) -> Vec<Duration> {
        let hits = room.server.hits();
        let next = |host: &String| {
            // What was sent before may have been on its way.
            let later = |at: Instant| at > self.at + Duration::from_secs(2);
            let hit = hits.iter().find(|it| it.host == *host && later(it.at));
            hit.map(|it| it.at.duration_since(self.at))
        };
        self.hosts.iter().filter_map(next).collect()
    }
}

/// The hosts that a worker has, each with the owner of its lease.
async fn leases(room: &Newsroom, worker: &str) -> Vec<(String, String)> {
    let mut connection = room.database.as_ref().unwrap().connect().await;
    sqlx::query_as(
        "SELECT split_part(host, ':', 1), lease_owner FROM hosts
         WHERE lease_until > 0 AND lease_owner LIKE $1 || '-%'",
    )
    .bind(worker)
    .fetch_all(&mut connection)
    .await
    .unwrap()
}

/// Waits for so many requests, and then until a worker has a fair number of hosts: between two claims it has few.
async fn at_work(room: &Newsroom, worker: &str, hits: usize) {
    room.server.wait_for_more_hits(hits);
    while leases(room, worker).await.len() < 12 {
        assert!(room.server.wait_for_hits(room.server.hits().len() + 1));
    }
}

/// The number that a statement gives.
async fn count(room: &Newsroom, sql: &'static str) -> i64 {
    let mut connection = room.database.as_ref().unwrap().connect().await;
    let found = sqlx::query_scalar(sql).fetch_one(&mut connection).await;
    found.unwrap()
}

/// Two workers are killed at random moments, a third is stopped for longer than its leases last, and the fourth takes
/// over all of their hosts. The two are started again at the end, and write what they had stored and not written.
#[tokio::test(flavor = "multi_thread")]
async fn four_workers_that_are_killed_and_stopped_end_with_each_article_once() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let web = Web {
        hosts: 100,
        pages: 5_000,
        requests_per_second: 2.5,
    };
    let mut room = web.open(database);
    // Three have a quarter of the hosts each. The fourth has room for the rest and ten more: with room for all, it would
    // soon have taken over each host that another gave back, and the others would have none that could be left alone. So
    // fifteen are there for the last of the three while the other two hold what they had.
    room.crawl.concurrency = 25;
    let [one, two, stopped] = ["one", "two", "stopped"].map(|it| Machine::named(&room, it));
    room.crawl.concurrency = 35;
    let left = Machine::named(&room, "left");
    let mut seed = 20_261_127;
    println!("seed {seed}");
    let mut after = |most: u64| usize::try_from(1 + random(&mut seed) % most).unwrap();

    let running = [&one, &two, &stopped].map(Machine::crawl);
    let mut asked = 0;
    while asked < 75 {
        assert!(room.server.wait_for_hits(room.server.hits().len() + 1));
        let hosts: BTreeSet<String> = room.server.hits().into_iter().map(|it| it.host).collect();
        asked = hosts.len();
    }
    let survivor = left.crawl();
    let [first, second, third] = running;
    at_work(&room, "stopped", after(200)).await;
    signal(&third, "-STOP");
    let halted = Gone::now(&room, "stopped").await;
    at_work(&room, "one", after(200)).await;
    kill(first);
    let mut killed = vec![Gone::now(&room, "one").await];
    at_work(&room, "two", after(200)).await;
    kill(second);
    killed.push(Gone::now(&room, "two").await);

    // The third goes on in the middle of what another does with its hosts, once it has lost them all: with a lease that it
    // got right before, it would report what it was waiting for as a time-out of the site.
    while halted.waits(&room).is_empty() || halted.at.elapsed() <= LEASE {
        room.server.wait_for_hits(room.server.hits().len() + 1);
        assert!(halted.at.elapsed() < LEASE + SLACK, "nobody took over");
    }
    let continued = Instant::now();
    signal(&third, "-CONT");
    for child in [survivor, third] {
        let ran = ended(child);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    }
    let owners = owners(&room).await;
    for gone in killed.iter().chain([&halted]) {
        assert!(gone.owners.is_disjoint(&owners), "a host was left");
        let waits = gone.waits(&room);
        assert!(waits.len() > 5, "{}", waits.len());
        let longest = waits.iter().max().unwrap();
        assert!(*longest < LEASE + SLACK, "{longest:?}");
    }
    // What the killed ones had stored and not written yet, they write when they are back.
    for machine in [&one, &two] {
        let back = ended(machine.crawl());
        assert_eq!((back.code, back.err.as_str()), (0, ""));
    }

    assert_eq!(left.exported(), web.each_once());
    assert_eq!(written(room.dir.path()), web.each_once());
    let twice = count(&room, "SELECT COUNT(*) FROM articles WHERE version > 0").await;
    assert_eq!(twice, 0, "stored more than once");
    // What the third was sending when it was stopped may leave as it goes on; it knows better at once.
    let late = continued..continued + Duration::from_secs(2);
    let is_late =
        |(by, at): (&String, &Instant)| by.starts_with("newsprint/stopped") && late.contains(at);
    let mut pairs = too_close(&room, PACE);
    pairs.retain(|it| !it.by.iter().zip(&it.at).any(is_late));
    assert!(pairs.is_empty(), "{pairs:?}");
}

/// Whose the hosts were last.
async fn owners(room: &Newsroom) -> BTreeSet<String> {
    let mut connection = room.database.as_ref().unwrap().connect().await;
    let found = sqlx::query_scalar("SELECT DISTINCT lease_owner FROM hosts");
    let found: Vec<String> = found.fetch_all(&mut connection).await.unwrap();
    found.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_has_a_name_of_its_own_and_files_of_that_name() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let web = Web {
        hosts: 4,
        pages: 40,
        requests_per_second: 10.0,
    };
    let room = web.open(database);
    let first = Machine::named(&room, "desk");
    let running = first.crawl();
    assert!(room.server.wait_for_hits(2));
    // The same name on another machine, while the first one runs: it is held until then.
    signal(&running, "-STOP");
    let url = room.database.as_ref().unwrap().url();
    let second = Machine::new(
        &room,
        "other",
        &format!("url = {url:?}\nworker = \"desk\"\n"),
    );
    let refused = ended(second.crawl());
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(
        refused.err.contains("runs as the worker `desk`"),
        "{}",
        refused.err
    );
    signal(&running, "-CONT");
    // Two without a name: each finds one.
    let unnamed = Machine::new(&room, "unnamed", &format!("url = {url:?}\n"));
    let two = [unnamed.crawl(), unnamed.crawl()];
    for child in two.into_iter().chain([running]) {
        let ran = ended(child);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    }
    // Once it has ended, the name is free.
    assert_eq!(ended(second.crawl()).code, 0);

    assert_eq!(written(room.dir.path()), web.each_once());
    let names = fs::read_dir(first.dir.join("articles/h0")).unwrap();
    for name in names {
        let name = name.unwrap().file_name().into_string().unwrap();
        assert!(name.ends_with(".desk.jsonl"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_health_of_a_source_is_judged_by_the_worker_that_ends_last() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let mut room = Newsroom::with_store(Some(database));
    room.source("gone", &["http://gone.test/"]);
    room.server.may(
        "gone.test/",
        Reply::status(500).after(Duration::from_secs(2)),
    );
    let machines = ["a", "b"].map(|name| Machine::named(&room, name));
    let first = machines[0].crawl();
    // The first has asked for robots.txt and waits for the front page.
    assert!(room.server.wait_for_hits(2));
    let mut ran = [ended(machines[1].crawl()), ended(first)];
    ran.sort_by_key(|it| it.code);
    assert_eq!(ran.each_ref().map(|it| it.code), [0, 3], "{ran:?}");
    assert_eq!(ran[0].err, "");
    assert!(
        ran[1].err.contains("gone: none of its front pages"),
        "{ran:?}"
    );
    // Alone, each judges.
    assert_eq!(ended(machines[1].crawl()).code, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_an_hour_ahead_has_no_effect() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let web = Web {
        hosts: 10,
        pages: 60,
        requests_per_second: 2.5,
    };
    if Command::new("faketime").arg("--version").output().is_err() {
        eprintln!("skipped: there is no faketime");
        return;
    }
    let room = web.open(database);
    let machines = ["right", "ahead"].map(|name| Machine::named(&room, name));
    let right = machines[0].crawl();
    let mut ahead = Command::new("faketime");
    ahead
        .args(["-f", "+1h", env!("CARGO_BIN_EXE_newsprint")])
        .current_dir(&machines[1].dir)
        .stdin(Stdio::null());
    let ahead = start(&mut ahead);
    for child in [right, ahead] {
        let ran = ended(child);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    }
    assert_eq!(machines[0].exported(), web.each_once());
    assert_eq!(written(room.dir.path()), web.each_once());
    let pairs = too_close(&room, PACE);
    assert!(pairs.is_empty(), "{pairs:?}");
}
