//! Several crawls, each a process of its own, on one store of a server: they are killed, stopped and cut off, and still
//! each article is stored once and written once, and no host is asked faster than it wants.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::{Newsroom, Ran, Reply, TestDatabase, newsprint, page, story};

const WORKERS: usize = 4;

/// A made web of sites, each with a front page that names all of its pages.
struct Web {
    hosts: u64,
    pages: u64,
    /// To one host, by the settings.
    requests_per_second: f64,
}

impl Web {
    fn open(&self, database: TestDatabase) -> Newsroom {
        let mut room = Newsroom::with_store(Some(database));
        room.crawl.requests_per_second = self.requests_per_second;
        for host in 0..self.hosts {
            let name = format!("h{host}.test");
            let mut links = String::new();
            for number in (0..self.pages).filter(|number| number % self.hosts == host) {
                let path = format!("/news/night-{}", 10_000 + number);
                let html = page(&format!("A long night {number}"), &story(number));
                room.server
                    .may(&format!("{name}{path}"), Reply::html(&html));
                links.push_str(&format!("<a href={path}>A long night in town {number}</a>"));
            }
            let front = Reply::html(&format!("<html><body>{links}</body></html>"));
            room.server.may(&format!("{name}/"), front);
            room.source(&format!("h{host}"), &[&format!("http://{name}/")]);
        }
        room
    }
}

/// One machine: a folder with its settings and its files.
struct Machine {
    dir: PathBuf,
}

impl Machine {
    /// Its settings; `more` goes to `[store]`.
    fn new(room: &Newsroom, name: &str, store: &str) -> Machine {
        let dir = room.dir.path().join(name);
        fs::create_dir(&dir).unwrap();
        let url = room.database.as_ref().unwrap().url();
        let config = room.config_file();
        let config = config.replacen(&format!("url = {url:?}\n"), store, 1);
        fs::write(dir.join("config.toml"), config).unwrap();
        Machine { dir }
    }

    fn named(room: &Newsroom, name: &str) -> Machine {
        let url = room.database.as_ref().unwrap().url();
        let store = format!("url = {url:?}\nworker = {name:?}\n");
        Machine::new(room, name, &store)
    }

    fn crawl(&self) -> Child {
        start(&mut newsprint(&self.dir))
    }
}

fn start(command: &mut Command) -> Child {
    command
        .args(["crawl", "--quiet"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn ended(child: Child) -> Ran {
    Ran::from(child.wait_with_output().unwrap())
}

fn signal(child: &Child, name: &str) {
    let kill = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

/// Numbers that look random and are the same in every run (xorshift).
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// The addresses in all files of these machines, sorted.
fn written(dir: &Path) -> Vec<String> {
    let mut urls = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "jsonl") {
                urls.extend(fs::read_to_string(path).unwrap().lines().map(address));
            }
        }
    }
    urls.sort();
    urls
}

fn address(line: &str) -> String {
    let record: serde_json::Value = serde_json::from_str(line).unwrap();
    record["url"].as_str().unwrap().to_owned()
}

fn exported(machine: &Machine) -> Vec<String> {
    let out = Ran::from(newsprint(&machine.dir).arg("export").output().unwrap());
    assert_eq!(out.code, 0, "{}", out.err);
    let mut urls: Vec<String> = out.out.lines().map(address).collect();
    urls.sort();
    urls
}

/// Each page of the web once.
fn each_once(web: &Web) -> Vec<String> {
    let url = |number| {
        format!(
            "http://h{}.test/news/night-{}",
            number % web.hosts,
            10_000 + number
        )
    };
    let mut urls: Vec<String> = (0..web.pages).map(url).collect();
    urls.sort();
    urls
}

/// The shortest time between two requests for pages of one host, of all hosts.
fn shortest_pause(room: &Newsroom) -> Duration {
    let mut last: BTreeMap<String, Instant> = BTreeMap::new();
    let mut shortest = Duration::MAX;
    for hit in room.server.hits() {
        if let Some(before) = last.insert(hit.host, hit.at) {
            shortest = shortest.min(hit.at.saturating_duration_since(before));
        }
    }
    shortest
}

#[tokio::test(flavor = "multi_thread")]
async fn four_workers_that_are_killed_and_stopped_end_with_each_article_once() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let web = Web {
        hosts: 100,
        pages: 1_000,
        requests_per_second: 5.0,
    };
    let room = web.open(database);
    let machines: Vec<Machine> = (0..WORKERS)
        .map(|number| Machine::named(&room, &format!("w{number}")))
        .collect();
    let mut seed = 20_261_127;
    println!("seed {seed}");
    let mut after = |most: u64| usize::try_from(1 + random(&mut seed) % most).unwrap();

    let mut children: Vec<Child> = machines.iter().map(Machine::crawl).collect();
    // One is stopped for longer than its leases last; two are killed.
    assert!(room.server.wait_for_hits(100 + after(200)));
    let stopped = children.remove(3);
    signal(&stopped, "-STOP");
    for _ in 0..2 {
        let hits = room.server.hits().len();
        assert!(room.server.wait_for_hits(hits + after(200)));
        let mut killed = children.remove(1);
        killed.kill().unwrap();
        killed.wait().unwrap();
    }
    // The one that is left takes over all hosts of the others.
    let left = ended(children.remove(0));
    assert_eq!((left.code, left.err.as_str()), (0, ""));
    signal(&stopped, "-CONT");
    let stopped = ended(stopped);
    assert_eq!((stopped.code, stopped.err.as_str()), (0, ""));
    // What the killed ones had stored and not written yet, they write when they are back.
    for machine in &machines {
        let back = ended(machine.crawl());
        assert_eq!((back.code, back.err.as_str()), (0, ""));
    }

    assert_eq!(exported(&machines[0]), each_once(&web));
    assert_eq!(written(room.dir.path()), each_once(&web));
    let shortest = shortest_pause(&room);
    // Two hundred milliseconds, as they leave; they may be held up on their way.
    assert!(shortest >= Duration::from_millis(140), "{shortest:?}");
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

    assert_eq!(written(room.dir.path()), each_once(&web));
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
        requests_per_second: 5.0,
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
    assert_eq!(exported(&machines[0]), each_once(&web));
    assert_eq!(written(room.dir.path()), each_once(&web));
    let shortest = shortest_pause(&room);
    // Two hundred milliseconds, as they leave; they may be held up on their way.
    assert!(shortest >= Duration::from_millis(140), "{shortest:?}");
}
