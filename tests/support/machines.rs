//! Machines that crawl one store on a server, each with a folder of its own, and a made web for them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Newsroom, Ran, Reply, TestDatabase, newsprint, page, story};

/// A made web of sites, each with a front page that names all of its pages.
pub struct Web {
    pub hosts: u64,
    pub pages: u64,
    /// To one host, by the settings.
    pub requests_per_second: f64,
}

impl Web {
    pub fn open(&self, database: TestDatabase) -> Newsroom {
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

    /// The addresses of all pages, sorted.
    pub fn each_once(&self) -> Vec<String> {
        let url = |number| {
            let host = number % self.hosts;
            format!("http://h{host}.test/news/night-{}", 10_000 + number)
        };
        let mut urls: Vec<String> = (0..self.pages).map(url).collect();
        urls.sort();
        urls
    }
}

/// One machine: a folder with its settings and its files.
pub struct Machine {
    pub dir: PathBuf,
}

impl Machine {
    /// Its settings, with these lines in `[store]`.
    pub fn new(room: &Newsroom, name: &str, store: &str) -> Machine {
        let dir = room.dir.path().join(name);
        fs::create_dir(&dir).unwrap();
        let url = room.database.as_ref().unwrap().url();
        let config = room.config_file();
        let config = config.replacen(&format!("url = {url:?}\n"), store, 1);
        let agent = format!("[crawl]\nuser_agent = \"newsprint/{name} (+https://example.org/)\"\n");
        let config = config.replacen("[crawl]\n", &agent, 1);
        fs::write(dir.join("config.toml"), config).unwrap();
        Machine { dir }
    }

    /// A worker of this name.
    pub fn named(room: &Newsroom, name: &str) -> Machine {
        Machine::at(room, name, &room.database.as_ref().unwrap().url())
    }

    /// A worker of this name, which reaches the store at this address.
    pub fn at(room: &Newsroom, name: &str, url: &str) -> Machine {
        Machine::new(room, name, &format!("url = {url:?}\nworker = {name:?}\n"))
    }

    /// Begins to crawl.
    pub fn crawl(&self) -> Child {
        start(&mut newsprint(&self.dir))
    }

    /// Runs a command to its end.
    pub fn run(&self, line: &str) -> Ran {
        let words = line.split_whitespace();
        newsprint(&self.dir).args(words).output().unwrap().into()
    }

    /// The addresses of the articles that the store has, sorted.
    pub fn exported(&self) -> Vec<String> {
        let ran = self.run("export");
        assert_eq!(ran.code, 0, "{}", ran.err);
        let mut urls: Vec<String> = ran.out.lines().map(address).collect();
        urls.sort();
        urls
    }
}

/// Begins to crawl.
pub fn start(command: &mut Command) -> Child {
    command
        .args(["crawl", "--quiet"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What a process that has ended left.
pub fn ended(child: Child) -> Ran {
    Ran::from(child.wait_with_output().unwrap())
}

/// Kills a process as `kill -9` does.
pub fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

pub fn signal(child: &Child, name: &str) {
    let kill = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

/// Numbers that look random and are the same in every run (xorshift).
pub fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// The addresses in all files below this folder, sorted.
pub fn written(dir: &Path) -> Vec<String> {
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

/// Two requests for pages of one host, one after the other.
#[derive(Debug)]
pub struct Pair {
    pub host: String,
    pub pause: Duration,
    /// Who has sent the two, and when.
    pub by: [String; 2],
    pub at: [Instant; 2],
}

/// All requests that came sooner after the one before than this.
pub fn too_close(room: &Newsroom, pace: Duration) -> Vec<Pair> {
    let mut last: BTreeMap<String, (Instant, String)> = BTreeMap::new();
    let mut pairs = Vec::new();
    for hit in room.server.hits() {
        let by = hit.headers.get("user-agent").cloned().unwrap_or_default();
        let this = (hit.at, by.clone());
        let Some((at, before)) = last.insert(hit.host.clone(), this) else {
            continue;
        };
        let pause = hit.at.saturating_duration_since(at);
        if pause < pace {
            pairs.push(Pair {
                host: hit.host,
                pause,
                by: [before, by],
                at: [at, hit.at],
            });
        }
    }
    pairs
}
