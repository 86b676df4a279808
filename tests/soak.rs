//! A crawl that runs for a day, by a clock that is moved on between passes: papers that publish by the
//! hour while hosts go down, pages fail and feeds are damaged, among sources that attack. Afterwards
//! every article is stored once and whole, and neither memory nor open files have grown.
//!
//! The short form runs with the other tests. `just soak` runs the day of 200 sources, optimised.

#![cfg(all(feature = "cli", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

#[path = "yield/prose.rs"]
#[allow(dead_code)]
mod prose;
mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use newsprint::store::{self, AddressFilter};
use newsprint::{Article, VisitOutcome};
use prose::Random;
use support::{Hit, Newsroom, Reply, page, story};

/// Minutes between two passes, and between two articles of a paper.
const PASS: usize = 15;
const PERIOD: usize = 60;
/// Articles that a front page, a feed or a sitemap names.
const NAMED: usize = 20;
/// Hours of an outage.
const OUTAGE: usize = 2;

/// Minutes since the crawl began, as the papers know it, and how many of them the papers publish.
#[derive(Debug)]
struct Minutes {
    now: AtomicUsize,
    last: usize,
}

impl Minutes {
    fn now(&self) -> usize {
        self.now.load(Ordering::Relaxed)
    }

    /// Articles of a paper so far: one a period, at a minute of the paper's own.
    fn published(&self, paper: usize) -> usize {
        (self.now().min(self.last) + PERIOD - paper * 7 % PERIOD) / PERIOD
    }
}

/// A newspaper, and how it fails.
struct Paper {
    number: usize,
    minutes: Arc<Minutes>,
    /// Visits to articles that failed, by path.
    failed: Mutex<BTreeMap<String, usize>>,
    /// The pass in which the entry point failed last.
    troubled: Mutex<Option<usize>>,
}

/// How the program does: its memory in KiB, open files and threads.
#[derive(Debug, Clone, Copy)]
struct Sample {
    memory: usize,
    files: usize,
    threads: usize,
}

impl Sample {
    fn now() -> Sample {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let number = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse().unwrap()
        };
        Sample {
            memory: number("VmRSS:"),
            files: fs::read_dir("/proc/self/fd").unwrap().count(),
            threads: number("Threads:"),
        }
    }
}

fn host(number: usize) -> String {
    format!("paper-{number}.test")
}

fn path(article: usize) -> String {
    format!("/news/2026/a-long-night-for-the-harbour-{article}")
}

fn headline(article: usize) -> String {
    format!("A long night for harbour {article}")
}

/// The number of an article's text, unlike any other's.
fn text(paper: usize, article: usize) -> String {
    story((paper * 10_000 + article) as u64 + 7)
}

impl Paper {
    fn new(number: usize, minutes: &Arc<Minutes>) -> Paper {
        Paper {
            number,
            minutes: Arc::clone(minutes),
            failed: Mutex::default(),
            troubled: Mutex::default(),
        }
    }

    fn answer(&self, hit: &Hit) -> Reply {
        let hour = self.minutes.now() / 60;
        let mut random = Random::new(self.number as u64);
        let outage = random.below(20);
        if random.percent(50) && (outage..outage + OUTAGE).contains(&hour) {
            return match random.below(3) {
                0 => Reply::hang_up(),
                1 => Reply::status(503).header("Retry-After", "1800"),
                _ => Reply::new(502, "text/html", "<h1>Bad gateway</h1>"),
            };
        }
        if hit.path == "/robots.txt" {
            return Reply::status(404);
        }
        if let Some(reply) = self.entry_point(&hit.path) {
            return self.troubled(reply);
        }
        let named = hit.path.rsplit('-').next().and_then(|it| it.parse().ok());
        match named {
            Some(article)
                if article < self.minutes.published(self.number) && hit.path == path(article) =>
            {
                self.article(article, hit)
            }
            _ => Reply::status(404),
        }
    }

    fn entry_point(&self, asked: &str) -> Option<Reply> {
        let newest = (0..self.minutes.published(self.number)).rev().take(NAMED);
        let mut body = String::new();
        Some(match (self.number % 3, asked) {
            (0, "/") => {
                for article in newest {
                    let (path, headline) = (path(article), headline(article));
                    let _ = write!(body, "<li><h3><a href=\"{path}\">{headline}</a></h3>");
                }
                Reply::html(&format!(
                    "<html lang=en><title>The Paper</title><body><h1>The Paper</h1><ul>{body}</ul>"
                ))
            }
            (1, "/feed") => {
                for article in newest {
                    let (host, path, headline) =
                        (host(self.number), path(article), headline(article));
                    let _ = write!(
                        body,
                        "<item><title>{headline}</title><link>http://{host}{path}</link></item>"
                    );
                }
                Reply::xml(&format!(
                    "<rss version=\"2.0\"><channel><title>The Paper</title>{body}</channel></rss>"
                ))
            }
            (2, "/map.xml") => {
                for article in newest {
                    let (host, path) = (host(self.number), path(article));
                    let _ = write!(body, "<url><loc>http://{host}{path}</loc></url>");
                }
                Reply::xml(&format!("<urlset>{body}</urlset>"))
            }
            _ => return None,
        })
    }

    /// Now and then the entry point fails, once a pass.
    fn troubled(&self, reply: Reply) -> Reply {
        let minutes = self.minutes.now();
        let mut random = Random::new((self.number * 100_000 + minutes) as u64);
        let before = self.troubled.lock().unwrap().replace(minutes);
        if before == Some(minutes) || !random.percent(8) {
            return reply.with_etag();
        }
        match random.below(5) {
            0 => Reply::status(500),
            1 => Reply::hang_up(),
            2 => Reply::bomb(30),
            3 => Reply::new(200, "text/html", ""),
            _ => reply.cut(40),
        }
    }

    fn article(&self, article: usize, hit: &Hit) -> Reply {
        let mut random = Random::new((self.number * 10_000 + article) as u64);
        let faults = match random.below(10) {
            0..6 => 0,
            6..9 => 1,
            _ => 2,
        };
        let mut failed = self.failed.lock().unwrap();
        let failed = failed.entry(hit.path.clone()).or_default();
        if *failed < faults {
            *failed += 1;
            return match (random.below(8) + *failed) % 8 {
                0 => Reply::status(403),
                1 => Reply::status(408),
                2 => Reply::status(425),
                3 => Reply::html(""),
                4 => Reply::new(202, "text/html", ""),
                5 => Reply::redirect(&hit.path),
                6 => Reply::hang_up(),
                _ => Reply::html(&page("A long night", &text(self.number, article))).cut(300),
            };
        }
        Reply::html(&page(&headline(article), &text(self.number, article)))
    }
}

/// A site that costs what it can: nothing it answers is an article.
fn attack(number: usize, hit: &Hit) -> Reply {
    let attributes = |from: usize| {
        (from..from + 200).fold(String::new(), |mut all, at| {
            let _ = write!(all, " a{at}=1");
            all
        })
    };
    if hit.path == "/robots.txt" {
        return Reply::text("Sitemap: /map-1.xml\nSitemap: http://paper-0.test/map.xml\n");
    }
    match number % 5 {
        // A calendar without end.
        0 => {
            let day: usize = hit
                .path
                .rsplit('/')
                .next()
                .and_then(|it| it.parse().ok())
                .unwrap_or(0);
            Reply::html(&format!(
                "<a href=/calendar/{}>A day in the month of May</a><a href=/calendar/{}>And one more day in May</a>",
                day + 1,
                day + 2
            ))
        }
        1 => Reply::endless("<p>And so on and on."),
        2 => Reply::html(
            &(0..100)
                .map(|at| format!("<html{}>", attributes(at * 200)))
                .collect::<String>(),
        ),
        3 => Reply::html(&"<div><b><i><a href=x>".repeat(20_000)),
        _ if hit.path.ends_with(".xml") || hit.path == "/" => {
            let map = (0..2_000).fold(String::new(), |mut map, at| {
                let host = host(number);
                let tail = "x".repeat(at % 900);
                let _ = write!(map, "<url><loc>http://{host}/news/{at}-{tail}</loc></url>");
                map
            });
            Reply::xml(&format!("<urlset>{map}</urlset>"))
        }
        _ => Reply::status(404),
    }
}

/// Crawls so many papers, and an attacker for each twenty of them, for so many hours, then for three
/// days in which nothing more is published; the samples after each pass of the hours.
async fn soak(papers: usize, hours: usize) -> Vec<Sample> {
    let mut room = Newsroom::open();
    room.crawl.timeout = Duration::from_secs(5);
    room.crawl.recheck = Duration::from_secs(60 * PASS as u64);
    room.crawl.recheck_max = Duration::from_secs(60 * 60);
    let minutes = Arc::new(Minutes {
        now: AtomicUsize::new(0),
        last: hours * 60,
    });
    let attackers = papers.div_ceil(19);
    for number in 0..papers {
        let paper = Paper::new(number, &minutes);
        room.server
            .site(&host(number), move |hit| paper.answer(hit));
        let host = host(number);
        let at = |path: &str| format!("http://{host}{path}").parse::<url::Url>().unwrap();
        match number % 3 {
            0 => drop(room.source(&host, &[at("/").as_str()])),
            1 => room.source(&host, &[]).feeds = vec![at("/feed")],
            _ => room.source(&host, &[]).sitemaps = vec![at("/map.xml")],
        }
    }
    for number in 0..attackers {
        let name = host(10_000 + number);
        room.server
            .site(&name, move |hit| attack(10_000 + number, hit));
        room.source(&name, &[&format!("http://{name}/")]);
    }
    let mut samples = Vec::new();
    for pass in 1..=hours * 60 / PASS {
        room.pass_after(PASS as u64).await;
        minutes.now.fetch_add(PASS, Ordering::Relaxed);
        let sample = Sample::now();
        samples.push(sample);
        if pass % 4 == 0 {
            eprintln!("hour {}: {sample:?}", pass / 4);
        }
    }
    for hours in [1, 6, 24, 24, 24] {
        minutes.now.fetch_add(60 * hours, Ordering::Relaxed);
        room.pass_after(60 * hours as u64).await;
    }
    let problems = problems(&room, papers, &minutes).await;
    assert!(problems.is_empty(), "{problems}");
    samples
}

/// A line for each article that is not written once and whole, with what the store says of it.
async fn problems(room: &Newsroom, papers: usize, minutes: &Minutes) -> String {
    let mut written: BTreeMap<String, Vec<Article>> = BTreeMap::new();
    for article in room.written() {
        let url = article.url.clone().unwrap_or_default();
        written.entry(url).or_default().push(article);
    }
    let store = store::open(&room.config().store.location).await.unwrap();
    let mut known = BTreeMap::new();
    let mut addresses = store.addresses(AddressFilter::default());
    while let Some(address) = addresses.next().await.unwrap() {
        known.insert(address.url.clone(), address);
    }
    let mut problems = String::new();
    let mut count = 0;
    for paper in 0..papers {
        for article in 0..minutes.published(paper) {
            let url = format!("http://{}{}", host(paper), path(article));
            let found = written.remove(&url).unwrap_or_default();
            count += found.len();
            let is_right = matches!(&found[..], [one] if one.text == text(paper, article));
            if !is_right {
                let _ = writeln!(
                    problems,
                    "{url}: {} times; {:?}",
                    found.len(),
                    known.get(&url)
                );
            }
        }
    }
    eprintln!("{count} articles, {} addresses", known.len());
    for url in written.keys() {
        let _ = writeln!(problems, "no article of a paper: {url}");
    }
    for (url, address) in known {
        let is_well = matches!(
            address.outcome,
            Some(VisitOutcome::Stored | VisitOutcome::Unchanged | VisitOutcome::Index)
        );
        if !is_well && address.reason.is_none() && address.next_visit.is_none() {
            let _ = writeln!(problems, "no reason for {url}: {address:?}");
        }
    }
    problems
}

/// Holds the last quarter of the passes to what the second has taken: the first still fills what has a
/// bound.
fn is_flat(samples: &[Sample]) {
    let quarter = samples.len() / 4;
    let most = |of: &[Sample]| Sample {
        memory: of.iter().map(|it| it.memory).max().unwrap(),
        files: of.iter().map(|it| it.files).max().unwrap(),
        threads: of.iter().map(|it| it.threads).max().unwrap(),
    };
    let early = most(&samples[quarter..2 * quarter]);
    let late = most(&samples[3 * quarter..]);
    eprintln!("early {early:?}, late {late:?}");
    assert!(late.memory < early.memory * 5 / 4 + 16 * 1024);
    assert!(late.files < early.files + 32 && late.threads < early.threads + 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn some_hours_of_ten_papers_and_an_attacker_lose_nothing() {
    soak(10, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; `just soak` runs it, optimised"]
async fn a_day_of_two_hundred_sources_loses_nothing_and_nothing_grows() {
    is_flat(&soak(190, 24).await);
}
