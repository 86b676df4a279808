//! `extract` over WARC archives: the same records wherever they come from, a part for each archive that a later run
//! passes over, damage that costs one record, memory that does not grow.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use support::{Ran, newsprint, page, story, with_input};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn record(url: &str, length: Option<usize>, body: &str) -> Vec<u8> {
    let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{body}");
    let length = length.unwrap_or(block.len());
    format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-23T09:00:00Z\r\n\
         Content-Length: {length}\r\n\r\n{block}\r\n\r\n"
    )
    .into_bytes()
}

fn article(number: u64) -> Vec<u8> {
    let body = page(
        &format!("The ferry returns number {number}"),
        &story(number),
    );
    record(&format!("https://paper.example/news/{number}"), None, &body)
}

fn front() -> Vec<u8> {
    let cards: String = (0..40)
        .map(|it| format!("<li><a href=/news/{it}>A headline number {it} of a story</a></li>"))
        .collect();
    let body = format!("<html><title>Paper</title><body><ul>{cards}</ul></body></html>");
    record("https://paper.example/", None, &body)
}

/// An archive of these articles and a front page, one gzip member a record.
fn archive(numbers: std::ops::Range<u64>) -> Vec<u8> {
    let records = numbers.map(article).chain([front()]);
    records.flat_map(|it| gzip(&it)).collect()
}

fn extract(dir: &Path, arguments: &[&str]) -> Ran {
    newsprint(dir)
        .arg("extract")
        .args(arguments)
        .output()
        .unwrap()
        .into()
}

fn titles(records: &[Value]) -> Vec<String> {
    let title = |it: &Value| {
        it["title"]
            .as_str()
            .unwrap_or("-")
            .replace("The ferry returns number ", "")
    };
    records.iter().map(title).collect()
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect()
}

#[test]
fn files_folders_patterns_and_pipes_give_the_same_records_in_order() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("saved")).unwrap();
    fs::write(dir.path().join("saved/a.warc.gz"), archive(0..3)).unwrap();
    let plain: Vec<u8> = (3..6).flat_map(article).collect();
    fs::write(dir.path().join("saved/b.warc"), &plain).unwrap();
    let packed = zstd::encode_all(&article(6)[..], 1).unwrap();
    fs::write(dir.path().join("saved/c.warc.zst"), packed).unwrap();
    let named = extract(
        dir.path(),
        &["saved/a.warc.gz", "saved/b.warc", "saved/c.warc.zst"],
    );
    assert_eq!(
        titles(&named.records()),
        ["0", "1", "2", "3", "4", "5", "6"]
    );
    assert_eq!(named.code, 0, "{}", named.err);
    assert!(
        named
            .err
            .contains("7 articles; 1 input without an article (index 1)"),
        "{}",
        named.err
    );
    for arguments in [
        &["saved"][..],
        &["saved/*.warc*"],
        &["--jobs", "1", "saved"],
        &["saved/*"],
    ] {
        assert_eq!(
            extract(dir.path(), arguments).out,
            named.out,
            "{arguments:?}"
        );
    }
    let mut extract = newsprint(dir.path());
    let piped = with_input(extract.args(["extract", "-", "--quiet"]), &archive(0..3));
    assert_eq!(titles(&piped.records()), ["0", "1", "2"]);
}

#[test]
fn a_page_of_an_archive_is_extracted_by_itself_unless_asked_otherwise() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.warc.gz"), archive(0..8)).unwrap();
    let extractor = |arguments: &[&str]| {
        let records = extract(dir.path(), arguments).records();
        records[0]["extractor"].as_str().unwrap().to_owned()
    };
    assert!(!extractor(&["a.warc.gz"]).contains("memory"));
    assert!(extractor(&["a.warc.gz", "--site-memory"]).contains("memory"));
}

#[test]
fn each_archive_gets_a_part_and_the_next_run_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("in/sub")).unwrap();
    fs::write(dir.path().join("in/a.warc.gz"), archive(0..3)).unwrap();
    fs::write(dir.path().join("in/sub/a.warc.gz"), archive(3..5)).unwrap();
    fs::write(dir.path().join("in/page.html"), page("A page", &story(9))).unwrap();
    let run = |more: &[&str]| {
        let arguments = [&["in", "--format", "jsonl", "--output", "out/"], more].concat();
        let ran = extract(dir.path(), &arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.err
    };
    let (first, second) = (
        dir.path().join("out/a.jsonl"),
        dir.path().join("out/sub/a.jsonl"),
    );
    run(&[]);
    assert_eq!(titles(&lines(&first)), ["0", "1", "2"]);
    assert_eq!(titles(&lines(&second)), ["3", "4"]);
    // What is no archive has a file of its own, as without archives.
    let files = fs::read_dir(dir.path().join("out")).unwrap().count();
    assert_eq!(files, 4, "a.jsonl, sub, _done and the page");
    let bytes = fs::read(&first).unwrap();
    assert!(run(&[]).contains("2 archives done before in out/ passed over, 0 to do"));
    // A run that was killed before it noted that a part is whole, or wrote no part.
    fs::remove_file(dir.path().join("out/_done/a.jsonl.json")).unwrap();
    fs::write(&first, "torn").unwrap();
    assert!(run(&[]).contains("1 archive done before"));
    assert_eq!(fs::read(&first).unwrap(), bytes);
    fs::remove_file(&second).unwrap();
    assert!(run(&[]).contains("is extracted again: its part is gone or was changed"));
    assert_eq!(titles(&lines(&second)), ["3", "4"]);
    // What changed since.
    fs::write(dir.path().join("in/a.warc.gz"), archive(5..9)).unwrap();
    assert!(run(&[]).contains("in/a.warc.gz is extracted again: it has changed"));
    assert_eq!(titles(&lines(&first)), ["5", "6", "7", "8"]);
    let report = run(&["--report"]);
    assert_eq!(
        report.matches("the settings have changed").count(),
        2,
        "{report}"
    );
    assert_eq!(lines(&second)[2]["outcome"], "index");
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_whole_parts_alone_and_the_next_does_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let (second, part) = (dir.path().join("b.warc"), dir.path().join("out/b.jsonl"));
    fs::write(dir.path().join("a.warc"), article(0)).unwrap();
    // The second archive comes through a pipe, so that the run waits in the middle of it.
    let made = std::process::Command::new("mkfifo").arg(&second).status();
    assert!(made.unwrap().success());
    let arguments = [
        "extract", "a.warc", "b.warc", "--output", "out/", "--jobs", "1",
    ];
    let mut child = newsprint(dir.path()).args(arguments).spawn().unwrap();
    let mut pipe = fs::OpenOptions::new().write(true).open(&second).unwrap();
    pipe.write_all(&(1..4).flat_map(article).collect::<Vec<_>>())
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(titles(&lines(&dir.path().join("out/a.jsonl"))), ["0"]);
    assert!(!part.exists());
    fs::remove_file(&second).unwrap();
    fs::write(&second, (1..6).flat_map(article).collect::<Vec<_>>()).unwrap();
    let ran: Ran = newsprint(dir.path())
        .args(arguments)
        .output()
        .unwrap()
        .into();
    assert!(ran.err.contains("1 archive done before"), "{}", ran.err);
    assert_eq!(titles(&lines(&part)), ["1", "2", "3", "4", "5"]);
}

#[test]
fn two_archives_of_one_name_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        fs::create_dir(dir.path().join(name)).unwrap();
        fs::write(dir.path().join(name).join("x.warc.gz"), archive(0..1)).unwrap();
    }
    let ran = extract(
        dir.path(),
        &["a/x.warc.gz", "b/x.warc.gz", "--output", "out/"],
    );
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("would both be written to x.jsonl"),
        "{}",
        ran.err
    );
    assert!(!dir.path().join("out").exists());
}

#[test]
fn damage_costs_one_record_and_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let mut members: Vec<Vec<u8>> = (0..4).map(|it| gzip(&article(it))).collect();
    let middle = members[1].len() / 2;
    members[1].truncate(middle);
    let lying = record(
        "https://paper.example/news/2",
        Some(9_999_999),
        &page("The ferry returns number 2", &story(2)),
    );
    members[2] = gzip(&lying);
    fs::write(dir.path().join("a.warc.gz"), members.concat()).unwrap();
    let ran = extract(dir.path(), &["a.warc.gz"]);
    assert_eq!(titles(&ran.records()), ["0", "2", "3"]);
    assert_eq!(ran.code, 3);
    let place = format!("a.warc.gz: damaged at byte {}", members[0].len());
    assert!(ran.err.contains(&place), "{}", ran.err);
    assert!(
        ran.err.contains("the length in its record is wrong"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("1 input without an article (damaged 1)"),
        "{}",
        ran.err
    );
    let reported = extract(dir.path(), &["a.warc.gz", "--report", "--quiet"]).records();
    assert_eq!(reported[1]["outcome"], "damaged");
    assert_eq!(reported.len(), 4);
    fs::write(dir.path().join("b.warc.gz"), "no archive at all").unwrap();
    let ran = extract(dir.path(), &["b.warc.gz"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_record_of_any_size_takes_no_more_memory() {
    const SIZE: usize = 300 << 20;
    let dir = tempfile::tempdir().unwrap();
    let peak = |size: usize| {
        let mut child = newsprint(dir.path())
            .args(["extract", "-", "--quiet", "--jobs", "1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut to = child.stdin.take().unwrap();
        to.write_all(&article(1)).unwrap();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
        let length = head.len() + size;
        write!(to, "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.example/large\r\nContent-Length: {length}\r\n\r\n{head}").unwrap();
        let piece = vec![b'x'; 1 << 20];
        for _ in 0..size >> 20 {
            to.write_all(&piece).unwrap();
        }
        to.write_all(b"\r\n\r\n").unwrap();
        to.write_all(&article(2)).unwrap();
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        drop(to);
        assert_eq!(child.wait().unwrap().code(), Some(3));
        let line = status.lines().find(|it| it.starts_with("VmHWM")).unwrap();
        let kilobytes: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kilobytes >> 10
    };
    let (some, more) = (peak(40 << 20), peak(SIZE));
    assert!(more < some + 30, "{some} MB, then {more} MB");
}
