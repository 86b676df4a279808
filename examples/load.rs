//! Load for `newsprint serve`: so many requests a second for so long, over pages and API, whether the server keeps up or
//! not; then latencies, errors, and how much memory the server took.
//!
//! ```text
//! newsprint serve --config many.toml &
//! cargo run --release --example load -- http://127.0.0.1:8765 200 60 $!
//! ```
//!
//! The arguments are the server's address, requests a second, seconds, and the server's process id (Linux; without one,
//! memory is not reported).

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

/// What is asked in turn; `{id}` is an article's.
const ASKED: [(&str, &str); 12] = [
    ("page", "/"),
    ("page", "/search?q=ferry"),
    ("page", "/articles/{id}"),
    ("API", "/api/articles/{id}"),
    ("API", "/api/articles?limit=20"),
    ("API", "/api/search?q=harbour"),
    ("API", "/api/search?q=%22harbour%20strike%22"),
    ("API", "/api/sources?limit=5"),
    ("API", "/api/pages?limit=100"),
    ("API", "/api/articles/{id}/revisions"),
    ("API", "POST /api/extract"),
    ("feed", "/feed.xml?limit=20"),
];

/// A request that was answered, or failed.
struct Done {
    what: &'static str,
    took: Duration,
    is_error: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [server, rate, seconds, rest @ ..] = &arguments[..] else {
        return Err("arguments: ADDRESS RATE SECONDS [PID]".into());
    };
    let (rate, seconds): (u32, u64) = (rate.parse()?, seconds.parse()?);
    let pid = rest.first();
    // The client wants one, though it speaks http alone; another one was not installed before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()?;
    let ids = ids(&client, server).await?;
    let before = memory(pid, "VmRSS");

    let mut done = JoinSet::new();
    let mut ticks = interval(Duration::from_secs(1) / rate);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let begun = Instant::now();
    for number in 0..usize::try_from(u64::from(rate) * seconds)? {
        ticks.tick().await;
        let (kind, path) = ASKED[number % ASKED.len()];
        let request = request(
            &client,
            server,
            path,
            &ids[number / ASKED.len() % ids.len()],
        );
        let request = if kind == "page" {
            request.header("accept", "text/html")
        } else {
            request
        };
        done.spawn(answered(path, request));
    }
    let sent = begun.elapsed();
    let done = done.join_all().await;
    report(&done, sent)?;
    if let (Some(before), Some(peak)) = (before, memory(pid, "VmHWM")) {
        let after = memory(pid, "VmRSS").unwrap_or(0);
        writeln!(
            stdout(),
            "memory in MiB: {before} before, {after} after, {peak} at most"
        )?;
    }
    Ok(())
}

fn request(client: &Client, server: &str, path: &str, id: &str) -> RequestBuilder {
    match path.strip_prefix("POST ") {
        None => client.get(format!("{server}{}", path.replace("{id}", id))),
        Some(path) => {
            let text = "The ferry sailed again on Monday, the harbour office said. ".repeat(60);
            let page =
                format!("<html><title>Ferry</title><article><h1>Ferry</h1><p>{text}</p></article>");
            let request = client.post(format!("{server}{path}"));
            request.header("content-type", "text/html").body(page)
        }
    }
}

async fn answered(what: &'static str, request: RequestBuilder) -> Done {
    let begun = Instant::now();
    let read = async { request.send().await?.error_for_status()?.bytes().await };
    let is_error = read.await.is_err();
    Done {
        what,
        took: begun.elapsed(),
        is_error,
    }
}

/// Ids of articles to ask for.
async fn ids(client: &Client, server: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let list = client.get(format!("{server}/api/articles?limit=100"));
    let list: Value = serde_json::from_slice(&list.send().await?.bytes().await?)?;
    let articles = list["articles"].as_array().into_iter().flatten();
    let ids = articles.filter_map(|it| Some(it["id"].as_str()?.to_owned()));
    let ids: Vec<String> = ids.collect();
    if ids.is_empty() {
        return Err("the archive has no articles".into());
    }
    Ok(ids)
}

fn report(done: &[Done], sent: Duration) -> std::io::Result<()> {
    let mut out = stdout();
    let errors = done.iter().filter(|it| it.is_error).count();
    let rate = done.len() as f64 / sent.as_secs_f64();
    writeln!(
        out,
        "{} requests, {rate:.0} a second, {errors} errors",
        done.len()
    )?;
    writeln!(
        out,
        "{:36} {:>6} {:>8} {:>8} {:>8} {:>8}",
        "milliseconds", "errors", "p50", "p95", "p99", "most"
    )?;
    let mut kinds: BTreeMap<&str, Vec<&Done>> = BTreeMap::new();
    for one in done {
        kinds.entry("all").or_default().push(one);
        kinds.entry(one.what).or_default().push(one);
    }
    for (what, of_kind) in kinds {
        let mut times: Vec<f64> = of_kind
            .iter()
            .map(|it| it.took.as_secs_f64() * 1000.0)
            .collect();
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        let errors = of_kind.iter().filter(|it| it.is_error).count();
        let [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1.0].map(at);
        writeln!(
            out,
            "{what:36} {errors:>6} {p50:>8.1} {p95:>8.1} {p99:>8.1} {most:>8.1}"
        )?;
    }
    Ok(())
}

/// A line of the process's status, in MiB.
fn memory(pid: Option<&String>, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", pid?)).ok()?;
    let line = status
        .lines()
        .find_map(|it| it.strip_prefix(name)?.strip_prefix(':'))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes / 1024)
}
