//! Standard error: what stands there at each `-v`, and all of it as lines of JSON where that is asked for.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use support::{NIGHTS, Ran, Reply, Server, front, newsprint, page, story};
use tempfile::TempDir;

/// A site with two articles, a page that is gone, and no feed; and a folder with the settings that lead there.
fn daily() -> (Server, TempDir) {
    let server = Server::for_crawls();
    server.may("daily.test/", front(&[NIGHTS[0], NIGHTS[1], NIGHTS[2]]));
    for (number, link) in (0..2).zip(NIGHTS) {
        let article = page(&format!("Night {number} in the harbour"), &story(number));
        server.may(&format!("daily.test{link}"), Reply::html(&article));
    }
    server.may(&format!("daily.test{}", NIGHTS[2]), Reply::status(404));
    server.may("daily.test/gone", Reply::status(404));
    let dir = tempfile::tempdir().unwrap();
    let address = server.address;
    let settings = format!(
        "[crawl]\nrequests_per_second = 1000.0\nretries = 0\n[network.resolve]\n\"daily.test:80\" = \"{address}\"\n\
         [[source]]\nname = \"daily\"\nstart = [\"http://daily.test/\"]\n"
    );
    fs::write(dir.path().join("config.toml"), settings).unwrap();
    fs::write(dir.path().join("a.html"), article()).unwrap();
    (server, dir)
}

fn article() -> String {
    page("One long night", &story(1))
}

fn run(dir: &Path, line: &str) -> Ran {
    let mut command = newsprint(dir);
    command
        .args(line.split_whitespace())
        .output()
        .unwrap()
        .into()
}

/// The lines of standard error, each of which is an object with the keys of every line.
#[track_caller]
fn objects(err: &str, what: &str) -> Vec<Value> {
    let read = |line: &str| -> Value {
        let read: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{what}: {line}"));
        for key in ["timestamp", "level", "target"] {
            assert!(read[key].is_string(), "{what}: {key}: {line}");
        }
        let is_ours = read["target"].as_str().unwrap().starts_with("newsprint");
        assert!(read["message"].is_string() || !is_ours, "{what}: {line}");
        read
    };
    err.lines().map(read).collect()
}

#[test]
fn every_line_of_every_command_is_an_object() {
    let (_server, dir) = daily();
    let dir = dir.path();
    fs::write(dir.join("bad.toml"), "[crawl]\ntimeuot = \"1s\"\n").unwrap();
    for (line, code, says) in [
        ("status", 1, "newsprint crawl"),
        ("-v crawl", 0, "visited"),
        ("crawl --time-limit soon", 2, "10m"),
        ("crawl --nope", 2, "--nope"),
        ("crawl --source nobody", 2, "nobody"),
        ("", 2, "Usage:"),
        ("crawl --config bad.toml", 2, "timeuot"),
        ("crawl --config missing.toml", 2, "newsprint init"),
        (
            "extract a.html missing.html --format text --output texts/",
            3,
            "missing.html",
        ),
        ("extract", 2, "standard input"),
        ("fetch http://daily.test/", 4, "not an article"),
        ("fetch http://daily.test/gone", 1, "404"),
        ("explain missing.html", 1, "missing.html"),
        ("export --output out.jsonl", 0, ""),
        ("export --since yesterday", 2, "2026"),
        ("pages --retry --outcome http_4xx", 0, "due"),
        ("reextract", 0, ""),
        ("diff 0123456789abcdef", 1, "0123456789abcdef"),
        ("discover http://daily.test/gone", 1, "404"),
        ("init", 2, "config.toml"),
        ("init --config new.toml", 2, "--contact"),
        ("init --config new.toml --contact me@x.org", 0, "new.toml"),
        ("rules test", 2, "rules/tests"),
        (
            "copy sqlite:newsprint.db sqlite:newsprint.db",
            2,
            "newsprint.db",
        ),
        ("serve --listen 0.0.0.0:0", 2, "token"),
    ] {
        let ran = run(dir, &format!("--log-format json {line}"));
        let objects = objects(&ran.err, line);
        assert_eq!(ran.code, code, "{line}: {}", ran.err);
        let is_said = objects
            .iter()
            .any(|it| it["message"].as_str().unwrap().contains(says));
        assert!(is_said || says.is_empty(), "{line}: {}", ran.err);
        let is_error = |it: &Value| it["level"] == "ERROR" || it["level"] == "WARN";
        assert_eq!(
            objects.iter().any(is_error),
            code != 0,
            "{line}: {}",
            ran.err
        );
    }
}

#[test]
fn a_server_reports_its_start_and_its_end_as_objects() {
    let (_server, dir) = daily();
    let mut serving = newsprint(dir.path())
        .args(["serve", "--log-format", "json", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(serving.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let [first] = &objects(&first, "serve")[..] else {
        panic!()
    };
    assert!(
        first["message"]
            .as_str()
            .unwrap()
            .starts_with("serving on http://127.0.0.1:")
    );
    serving.kill().unwrap();
    serving.wait().unwrap();
}

/// What is logged of a first crawl with so many `v`: the kinds of lines, by their message's first word.
fn kinds(flag: &str) -> (BTreeSet<String>, Vec<Value>) {
    let (_server, dir) = daily();
    let ran = run(dir.path(), &format!("crawl --log-format json {flag}"));
    let objects = objects(&ran.err, flag);
    let of_log = objects.iter().filter(|it| it["target"] != "newsprint");
    let kind = |it: &Value| match it["target"].as_str().unwrap().split("::").next() {
        Some("newsprint") => it["message"]
            .as_str()
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .to_owned(),
        _ => "of a library".to_owned(),
    };
    (of_log.map(kind).collect(), objects)
}

#[test]
fn each_v_adds_a_kind_of_lines() {
    let none = kinds("").0;
    assert_eq!(none, BTreeSet::new());
    let (visits, lines) = kinds("-v");
    assert_eq!(visits, BTreeSet::from(["visited".to_owned()]));
    let visited = lines.iter().filter(|it| it["message"] == "visited");
    // The front page, three pages, and the usual places of feeds and sitemaps, which nothing names.
    let (guessed, named): (Vec<_>, Vec<_>) = visited.partition(|it| it["guessed"] == true);
    assert_eq!((named.len(), guessed.is_empty()), (4, false));
    let (requests, lines) = kinds("-vv");
    let expected = ["link", "request", "visited"].map(str::to_owned);
    assert_eq!(requests, BTreeSet::from(expected));
    let count = |message: &str| lines.iter().filter(|it| it["message"] == message).count();
    // robots.txt is requested, and is no visit.
    assert_eq!(count("request"), count("visited") + 1);
    let request = lines.iter().find(|it| it["message"] == "request").unwrap();
    assert!(
        request["url"].is_string() && request["millis"].is_u64(),
        "{request}"
    );
    let all = kinds("-vvv").0;
    assert!(
        all.is_superset(&requests) && all.contains("of a library") && all.contains("waited"),
        "{all:?}"
    );
}

#[test]
fn a_pass_ends_with_its_totals() {
    let (_server, dir) = daily();
    let ran = run(dir.path(), "crawl");
    let lines: Vec<&str> = ran.err.lines().collect();
    let totals = lines
        .iter()
        .find(|it| it.starts_with("1 source in "))
        .unwrap();
    assert!(
        totals.contains(
            " s: 2 new of 3 pages; 1 front page, feed or sitemap, 3 new addresses; ended 20"
        ),
        "{totals}"
    );
    let quiet = run(dir.path(), "crawl --quiet");
    assert_eq!(quiet.err, "");
    let (_, lines) = kinds("");
    let pass = lines.iter().find(|it| it["event"] == "pass").unwrap();
    let keys: Vec<&String> = pass.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "timestamp",
            "level",
            "message",
            "event",
            "seconds",
            "sources",
            "new",
            "pages",
            "outcomes",
            "entry_points",
            "found",
            "lost",
            "written",
            "need_attention",
            "cut_short",
            "target"
        ]
    );
    assert_eq!(
        (&pass["new"], &pass["pages"], &pass["lost"]),
        (&2.into(), &3.into(), &1.into())
    );
    assert_eq!(pass["outcomes"]["http_4xx"], 1);
    let source = lines.iter().find(|it| it["event"] == "source").unwrap();
    assert_eq!(
        (&source["source"], &source["new"]),
        (&"daily".into(), &2.into())
    );
}

#[test]
fn usual_places_where_nothing_is_are_no_failures() {
    let (_server, dir) = daily();
    let ran = run(dir.path(), "crawl --log-format json");
    let lines = objects(&ran.err, "crawl");
    let source = lines.iter().find(|it| it["event"] == "source").unwrap();
    assert_eq!(
        (&source["entry_points"], &source["entry_points_failed"]),
        (&1.into(), &0.into())
    );
    assert!(
        !lines.iter().any(|it| it["event"] == "entry_point_failed"),
        "{}",
        ran.err
    );
    let status: Value = serde_json::from_str(&run(dir.path(), "status --format json").out).unwrap();
    let text = status.to_string();
    assert!(text.contains("\"failing\":[]"), "{text}");
}
