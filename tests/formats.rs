//! Parquet and CSV, from the command line into the hands of the programs that read them. Those of Python are found by
//! `NEWSPRINT_TEST_PYTHON`, an interpreter with pyarrow, DuckDB and polars, which `.ci/python` prints.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use newsprint::columns;
use newsprint::config::{Config, Format};
use newsprint::crawl::{self, CancellationToken, Options, Silent};
use newsprint::demo::Newsroom;
use support::{Ran, newsprint, with_input};
use tempfile::TempDir;

const CONFIG: &str = "[[source]]\nname = 'a'\nstart = ['https://harbour-post.example/']\n";

fn run(dir: &Path, line: &str) -> Ran {
    let output = newsprint(dir).args(line.split(' ')).output().unwrap();
    Ran::from(output)
}

async fn pass(config: &Config) {
    let (options, stop) = (Options::default(), CancellationToken::new());
    crawl::run(config, &options, &stop, &Silent).await.unwrap();
}

/// A folder with a store of the newsroom, and files of the crawl in Parquet.
async fn crawled() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let newsroom = Newsroom::start().await.unwrap();
    let mut config = newsroom.config(dir.path()).unwrap();
    config.output.format = Format::Parquet;
    pass(&config).await;
    fs::write(dir.path().join("config.toml"), CONFIG).unwrap();
    dir
}

/// The files of a crawl.
fn parts(dir: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(dir.join("articles")).unwrap();
    let folders = folders.map(|it| fs::read_dir(it.unwrap().path()).unwrap());
    folders.flatten().map(|it| it.unwrap().path()).collect()
}

/// The interpreter, if there is one.
fn python(dir: &Path) -> Option<Command> {
    let Some(program) = std::env::var_os("NEWSPRINT_TEST_PYTHON") else {
        eprintln!(
            "skipped: NEWSPRINT_TEST_PYTHON is not set; `.ci/python` prints what it should be"
        );
        return None;
    };
    let mut command = Command::new(program);
    command.current_dir(dir);
    Some(command)
}

/// Runs a script, which must not fail, and gives what it prints.
fn script(mut python: Command, arguments: &[&str], text: &str) -> String {
    let ran = with_input(python.args(arguments), text.as_bytes());
    assert_eq!(ran.code, 0, "{text}\n{}", ran.err);
    ran.out
}

/// The examples of the documentation in this language.
fn examples(language: &str) -> Vec<String> {
    let page = fs::read_to_string("docs/formats.md").unwrap();
    let begin = format!("```{language}\n");
    let blocks = page.split(&begin).skip(1);
    blocks
        .map(|it| it.split("```").next().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pyarrow_duckdb_and_polars_read_what_is_exported() {
    let dir = crawled().await;
    let Some(first) = python(dir.path()) else {
        return;
    };
    for line in [
        "export --output articles.jsonl",
        "export --output articles.parquet",
        "export --bom --output articles.csv",
    ] {
        let ran = run(dir.path(), line);
        assert_eq!((ran.code, &*ran.err), (0, ""), "{line}");
    }
    let found = script(first, &["-"], include_str!("formats/readers.py"));
    assert_eq!(found, "19 articles\n");

    let run_sql = "import duckdb, sys; print(duckdb.sql(sys.stdin.read()).fetchall())";
    let [by_source, newest] = &examples("sql")[..] else {
        panic!("other examples");
    };
    let sources = script(python(dir.path()).unwrap(), &["-c", run_sql], by_source);
    assert!(
        sources.starts_with("[('harbour-post', 5, 774)"),
        "{sources}"
    );
    let newest = script(python(dir.path()).unwrap(), &["-c", run_sql], newest);
    assert_eq!(newest.matches("datetime.date").count(), 19, "{newest}");
    let [polars, pyarrow] = &examples("python")[..] else {
        panic!("other examples");
    };
    let days = script(python(dir.path()).unwrap(), &["-"], polars);
    assert!(days.contains("2026-11-16"), "{days}");
    let table = script(python(dir.path()).unwrap(), &["-"], pyarrow);
    assert!(
        table.starts_with("timestamp[us, tz=UTC]\n[{'title': "),
        "{table}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crawl_writes_a_file_for_each_pass_day_and_source() {
    let dir = tempfile::tempdir().unwrap();
    let newsroom = Newsroom::start().await.unwrap();
    let mut config = newsroom.config(dir.path()).unwrap();
    config.output.format = Format::Csv;
    config.output.bom = true;
    pass(&config).await;
    let first = parts(dir.path());
    assert_eq!(first.len(), 5);
    let rows: usize = first
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file).unwrap();
            assert!(text.starts_with("\u{feff}id,url,"));
            text.matches("\r\n").count() - 1
        })
        .sum();
    assert_eq!(rows, 19);
    pass(&config).await;
    assert_eq!(parts(dir.path()), first, "nothing new, so no new file");
}

#[test]
fn the_documentation_names_every_column() {
    let page = fs::read_to_string("docs/formats.md").unwrap();
    let (_, table) = page.split_once("\n## Columns\n").unwrap();
    let (table, _) = table.split_once("\n### ").unwrap();
    for field in columns::schema().fields() {
        assert!(table.contains(&format!("`{}`", field.name())), "{field}");
    }
}

#[test]
fn parquet_goes_to_a_pipe_a_file_and_no_folder() {
    let dir = tempfile::tempdir().unwrap();
    let page =
        fs::canonicalize("fixtures/newsroom/harbour-post.example/night-ferry-sails-again.html");
    let page = page.unwrap();
    let extract = |arguments: &[&str]| {
        let mut command = newsprint(dir.path());
        command.arg("extract").arg(&page).args(arguments);
        command.output().unwrap()
    };
    let piped = extract(&["--format", "parquet"]).stdout;
    assert!(piped.starts_with(b"PAR1") && piped.ends_with(b"PAR1"));
    assert_eq!(
        extract(&["--format", "parquet", "--output", "-"]).stdout,
        piped
    );
    assert_eq!(extract(&["--output", "a.parquet"]).status.code(), Some(0));
    assert_eq!(fs::read(dir.path().join("a.parquet")).unwrap(), piped);

    for (arguments, fix) in [
        (
            &["--format", "parquet", "--output", "new/"][..],
            "new/articles.parquet",
        ),
        (
            &["--format", "jsonl", "--output", "x.csv"],
            "use --format csv",
        ),
        (&["--output", "x.csv.gz"], "through gzip"),
        (&["--bom", "--output", "x.jsonl"], "--format csv"),
        (&["--report", "--output", "x.parquet"], "--format jsonl"),
    ] {
        let ran = Ran::from(extract(arguments));
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.err.contains(fix), "{}", ran.err);
    }
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn archives_become_a_file_of_parquet_each() {
    let dir = tempfile::tempdir().unwrap();
    let page = "fixtures/newsroom/harbour-post.example/night-ferry-sails-again.html";
    let body = fs::read_to_string(page).unwrap();
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}");
    let record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://harbour-post.example/ferry\r\n\
         Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
        answer.len()
    );
    for name in ["a.warc", "b.warc"] {
        fs::write(dir.path().join(name), &record).unwrap();
    }
    let line = "extract --format parquet --output parts/ a.warc b.warc";
    let ran = run(dir.path(), line);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for name in ["a.parquet", "b.parquet"] {
        let bytes = fs::read(dir.path().join("parts").join(name)).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    }
    let again = run(dir.path(), line);
    assert!(
        again.err.contains("2 archives done before"),
        "{}",
        again.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn export_selects_by_the_day_of_publication_and_reports_an_empty_range() {
    let dir = crawled().await;
    let ran = run(
        dir.path(),
        "export --published-since 2026-11-14 --published-until 2026-11-17 --source harbour-post",
    );
    let mut titles: Vec<String> = ran
        .records()
        .iter()
        .map(|it| it["title"].as_str().unwrap().to_owned())
        .collect();
    titles.sort();
    assert_eq!(
        titles,
        [
            "Night ferry sails again after eleven years in dock",
            "The last lighthouse keeper hands in his keys"
        ]
    );
    assert_eq!(ran.err, "");
    let ran = run(
        dir.path(),
        "export --published-since 2031-01-01 --output none.csv",
    );
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(
        ran.err
            .contains("no article of the store matches --published-since"),
        "{}",
        ran.err
    );
    let head = fs::read_to_string(dir.path().join("none.csv")).unwrap();
    assert_eq!(head.matches("\r\n").count(), 1);
    let ran = run(dir.path(), "export --since 2026-12-01 --until 2026-11-01");
    assert_eq!(ran.code, 2);
    let ran = run(dir.path(), "export --follow --format parquet");
    assert_eq!(ran.code, 2);
}
