//! The command as its users meet it: arguments, files and pages in; standard output, standard
//! error and an exit code out. Every run has an environment and a folder of its own.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use support::{Ran, Reply, Server, newsprint, with_input};
use tempfile::TempDir;

fn run_with_input(dir: &Path, line: &str, input: &str) -> Ran {
    with_input(
        newsprint(dir).args(line.split_whitespace()),
        input.as_bytes(),
    )
}

fn run(dir: &Path, line: &str) -> Ran {
    run_with_input(dir, line, "")
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A page with an article of some length; `word` stands in its title and its text.
fn page(word: &str) -> String {
    let paragraphs: String = (1..=6)
        .map(|n| {
            format!(
                "<p>Paragraph {n}: the {word} left the old harbour on Monday with four hundred \
                 passengers, a brass band and the mayor on board, the harbour office said, and it \
                 came back before the evening tide.</p>"
            )
        })
        .collect();
    format!(
        "<html lang=\"en\"><head><title>The {word} returns</title>\
         <meta property=\"og:type\" content=\"article\"></head><body>\
         <nav><a href=\"/\">Home</a></nav><article><h1>The {word} returns</h1>{paragraphs}</article>\
         <footer>Imprint</footer></body></html>"
    )
}

/// A page of headlines.
fn front_page(paths: &[&str]) -> String {
    let links: String = paths
        .iter()
        .map(|path| format!("<li><a href=\"{path}\">A headline of at least five words</a></li>"))
        .collect();
    format!(
        "<html><head><title>The Daily</title></head><body><main><ul>{links}</ul></main></body></html>"
    )
}

/// A `config.toml` that leads the hosts of the server to it.
fn configure(dir: &Path, server: &Server, sources: &str) {
    let resolve: Vec<String> = server
        .network()
        .resolve
        .iter()
        .map(|((host, port), address)| format!("\"{host}:{port}\" = \"{address}\""))
        .collect();
    let text = format!(
        "[crawl]\nrequests_per_second = 1000.0\nretries = 0\n\
         [network]\nresolve = {{ {} }}\n{sources}",
        resolve.join(", ")
    );
    fs::write(dir.join("config.toml"), text).unwrap();
}

const DAILY: &str = "[[source]]\nname = \"daily\"\nstart = [\"http://daily.test/\"]\n";

/// A front page with two articles, of which each test requests what it needs.
fn daily() -> Server {
    let server = Server::for_crawls();
    let paths = ["/2026/11/the-ferry-returns", "/2026/11/the-tram-returns"];
    let robots = "User-agent: *\nDisallow: /private/\n";
    server
        .may("daily.test/robots.txt", Reply::text(robots))
        .may("daily.test/", Reply::html(&front_page(&paths)))
        .may(
            "daily.test/2026/11/the-ferry-returns",
            Reply::html(&page("ferry")),
        )
        .may(
            "daily.test/2026/11/the-tram-returns",
            Reply::html(&page("tram")),
        );
    server
}

// Usage.

#[test]
fn a_version_names_what_the_program_was_built_from() {
    let dir = folder();
    let ran = run(dir.path(), "--version");
    let [version, commit, model] = ran.out.lines().collect::<Vec<_>>()[..] else {
        panic!("{}", ran.out);
    };
    assert_eq!(version, concat!("newsprint ", env!("CARGO_PKG_VERSION")));
    assert!(
        commit.starts_with("commit ") && commit.len() > 14,
        "{commit}"
    );
    let model = model.strip_prefix("model  ").unwrap();
    assert!(
        model.len() == 12 && model.bytes().all(|it| it.is_ascii_hexdigit()),
        "{model}"
    );
    // For scripts.
    assert_eq!(run(dir.path(), "-V").out.trim(), version);
}

#[test]
fn help_goes_to_standard_output_and_is_no_mistake() {
    let dir = folder();
    for line in [
        "--help",
        "fetch --help",
        "crawl -h",
        "help status",
        "--version",
    ] {
        let ran = run(dir.path(), line);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
        assert!(ran.out.contains("newsprint"), "{line}: {}", ran.out);
    }
}

#[test]
fn bad_usage_ends_with_2_and_names_the_fix() {
    let dir = folder();
    for (line, fix) in [
        ("", "Usage:"),
        ("extrakt a.html", "similar"),
        ("extract --fromat text a.html", "--format"),
        ("extract", "PATH"),
        ("extract --include heading,footer a.html", "standfirst"),
        ("fetch file:///etc/passwd", "newsprint extract"),
        ("crawl --time-limit soon", "10m"),
        ("export --since yesterday", "2026-11-23"),
        ("extract --url example.org/a a.html b.html", "one page"),
    ] {
        let ran = run(dir.path(), line);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{line}: {}", ran.err);
        assert!(ran.err.contains(fix), "{line}: {}", ran.err);
    }
}

#[test]
fn completions_are_made_for_every_shell() {
    let dir = folder();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run(dir.path(), &format!("completions {shell}"));
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains("max-pages"), "{shell}");
    }
}

#[test]
fn schemas_of_the_record_and_of_the_configuration_are_printed() {
    let dir = folder();
    for (name, key) in [("record", "schema_version"), ("config", "source")] {
        let ran = run(dir.path(), &format!("schema {name}"));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let schema: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        assert!(schema["properties"][key].is_object(), "{name}");
    }
    let ran = run(dir.path(), "schema poem");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        run(dir.path(), "schema --help")
            .out
            .contains("newsprint schema config")
    );
}

#[test]
fn the_manual_is_one_page_with_every_command() {
    let ran = run(folder().path(), "man");
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with(".ie") || ran.out.starts_with(".TH"));
    assert_eq!(ran.out.matches(".TH").count(), 1);
    for flag in ["max\\-pages", "input\\-file", "since"] {
        assert!(ran.out.contains(flag), "{flag}");
    }
}

// Configuration.

#[test]
fn a_bad_configuration_names_file_line_key_and_fix() {
    let dir = folder();
    fs::write(
        dir.path().join("config.toml"),
        "[crawl]\ntimeuot = \"20s\"\n",
    )
    .unwrap();
    for line in ["crawl", "status", "export", "fetch example.org"] {
        let ran = run(dir.path(), line);
        assert_eq!(ran.code, 2, "{line}");
        assert_eq!(
            ran.err,
            "newsprint: config.toml:2:1: unknown key `timeuot`; did you mean `timeout`?\n"
        );
    }
}

#[test]
fn a_configuration_is_found_by_flag_then_by_environment() {
    let dir = folder();
    let with_fault = |name: &str| {
        fs::write(dir.path().join(name), "[crawl]\nretries = \"two\"\n").unwrap();
    };
    with_fault("typed.toml");
    with_fault("surroundings.toml");
    let named = |args: &[&str]| {
        let mut command = newsprint(dir.path());
        let output = command
            .env("NEWSPRINT_CONFIG", "surroundings.toml")
            .args(args)
            .output();
        String::from_utf8(output.unwrap().stderr).unwrap()
    };
    assert!(named(&["crawl"]).starts_with("newsprint: surroundings.toml:2:11: "));
    let typed = named(&["crawl", "--config", "typed.toml"]);
    assert!(typed.starts_with("newsprint: typed.toml:2:11: "), "{typed}");
}

#[test]
fn only_commands_that_work_on_sources_need_a_configuration() {
    let dir = folder();
    fs::write(dir.path().join("a.html"), page("ferry")).unwrap();
    assert_eq!(run(dir.path(), "extract a.html").code, 0);
    for line in [
        "crawl",
        "status",
        "export",
        "extract a.html --config no.toml",
    ] {
        let ran = run(dir.path(), line);
        assert_eq!(ran.code, 2, "{line}");
        assert!(ran.err.contains(".toml"), "{line}: {}", ran.err);
    }
}

#[test]
fn a_crawl_without_sources_says_what_to_add() {
    let dir = folder();
    fs::write(dir.path().join("config.toml"), "").unwrap();
    let ran = run(dir.path(), "crawl");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("[[source]]"), "{}", ran.err);
}

// Saved pages.

#[test]
fn one_page_is_printed_as_text() {
    let ran = run_with_input(folder().path(), "extract -", &page("ferry"));
    assert_eq!(ran.code, 0);
    assert!(
        ran.out
            .starts_with("The ferry returns\n\nParagraph 1: the ferry left")
    );
    assert!(!ran.out.contains("Imprint"));
    assert_eq!(ran.err, "");
}

#[test]
fn a_folder_is_printed_as_lines_of_json_in_the_order_of_its_names() {
    let dir = folder();
    let pages = dir.path().join("pages");
    fs::create_dir(&pages).unwrap();
    let names: Vec<String> = (10..40).map(|n| format!("{n}.html")).collect();
    for name in names.iter().rev() {
        fs::write(pages.join(name), page(name)).unwrap();
    }
    let ran = run(dir.path(), "extract pages --jobs 4");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let sources: Vec<String> = ran
        .records()
        .iter()
        .map(|it| {
            Path::new(it["source"].as_str().unwrap())
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(sources, names);
    let alone = run(dir.path(), "extract pages --jobs 1");
    assert_eq!(alone.out, ran.out, "the number of workers changes nothing");
}

#[test]
fn the_address_given_is_that_of_the_record() {
    let line = "extract --format json --url news.example.org/a?utm_source=x -";
    let ran = run_with_input(folder().path(), line, &page("ferry"));
    let record: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(record["url"], "https://news.example.org/a?utm_source=x");
    assert_eq!(record["canonical_url"], "https://news.example.org/a");
    assert_eq!(record["source"], "-");
}

#[test]
fn further_fields_are_there_where_they_are_asked_for() {
    let dir = folder();
    let record = |flags: &str| -> Value {
        let line = format!("extract --format json {flags} -");
        serde_json::from_str(&run_with_input(dir.path(), &line, &page("ferry")).out).unwrap()
    };
    assert_eq!(record("").get("markdown"), None);
    let both = record("--with markdown,html");
    assert!(both["html"].as_str().unwrap().contains("<p>"));
    assert!(both["markdown"].as_str().unwrap().contains("Paragraph 1"));
    let lists = record("--with images,links");
    assert_eq!(lists["images"], serde_json::json!([]));
    assert_eq!(lists["links"], serde_json::json!([]));
}

#[test]
fn roles_are_added_to_the_usual_ones_or_taken_from_them() {
    let dir = folder();
    let parts = "<h2>The tide</h2><figure><img src=/a.jpg><figcaption>The ferry at the quay on Monday</figcaption>\
                 </figure><p>Paragraph 4";
    let html = page("ferry").replace("<p>Paragraph 4", parts);
    let text = |flags: &str| {
        let ran = run_with_input(
            dir.path(),
            &format!("extract --format text {flags} -"),
            &html,
        );
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    };
    let holds = |flags: &str| {
        let text = text(flags);
        ["The tide", "at the quay on Monday", "Paragraph 1"].map(|it| text.contains(it))
    };
    assert_eq!(holds(""), [true, false, true]);
    assert_eq!(holds("--include +caption"), [true, true, true]);
    assert_eq!(holds("--include +caption,-heading"), [false, true, true]);
    assert_eq!(holds("--include -heading"), [false, false, true]);
    assert_eq!(holds("--include caption,paragraph"), [false, true, true]);
    fs::write(
        dir.path().join("config.toml"),
        "[output]\ninclude = [\"+caption\"]\n",
    )
    .unwrap();
    assert_eq!(holds(""), [true, true, true]);
    assert_eq!(holds("--include -heading"), [false, true, true]);
}

#[test]
fn a_page_without_an_article_ends_with_4_unless_any_kind_will_do() {
    let dir = folder();
    let links = front_page(&["/a-story-of-the-day", "/another-story-of-the-day"]);
    fs::write(dir.path().join("front.html"), links).unwrap();
    let ran = run(dir.path(), "extract front.html");
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    assert!(
        ran.err.starts_with("newsprint: front.html: "),
        "{}",
        ran.err
    );
    assert_eq!(ran.err.lines().count(), 1);
}

#[test]
fn paths_that_cannot_be_read_are_named_and_counted() {
    let dir = folder();
    fs::write(dir.path().join("a.html"), page("ferry")).unwrap();
    let ran = run(dir.path(), "extract no.html");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.starts_with("newsprint: no.html: "), "{}", ran.err);

    let ran = run(dir.path(), "extract no.html a.html");
    assert_eq!(ran.code, 3);
    assert_eq!(ran.records().len(), 1);
    assert!(ran.err.starts_with("newsprint: no.html: "), "{}", ran.err);

    assert_eq!(run(dir.path(), "extract no.html neither.html").code, 1);
}

#[test]
fn a_list_names_the_pages() {
    let dir = folder();
    fs::write(dir.path().join("a.html"), page("ferry")).unwrap();
    let ran = run_with_input(dir.path(), "extract --input-file -", "# saved\n\na.html\n");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.records()[0]["title"], "The ferry returns");
}

#[test]
fn several_objects_of_json_are_one_array() {
    let dir = folder();
    for name in ["a.html", "b.html"] {
        fs::write(dir.path().join(name), page(name)).unwrap();
    }
    let ran = run(dir.path(), "extract --format json a.html b.html");
    let records: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(records.len(), 2);
}

#[test]
fn articles_go_to_a_file_or_to_a_folder_of_files() {
    let dir = folder();
    for name in ["a.html", "b.html"] {
        fs::write(dir.path().join(name), page(name)).unwrap();
    }
    let ran = run(dir.path(), "extract a.html b.html --output all.jsonl");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    let all = fs::read_to_string(dir.path().join("all.jsonl")).unwrap();
    assert_eq!(all.lines().count(), 2);

    let ran = run(
        dir.path(),
        "extract a.html b.html --format text --output texts/",
    );
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(fs::read_dir(dir.path().join("texts")).unwrap().count(), 2);

    let ran = run(dir.path(), "extract a.html --output no/such/file");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no/such/file"), "{}", ran.err);
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_run_quietly() {
    let dir = folder();
    for n in 0..200 {
        fs::write(dir.path().join(format!("{n}.html")), page("ferry")).unwrap();
    }
    let mut child = newsprint(dir.path())
        .args(["extract", "."])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut out = BufReader::with_capacity(64, child.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    drop(out);
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

// Pages of the web.

#[test]
fn a_page_is_fetched_and_printed() {
    let (dir, server) = (folder(), daily());
    configure(dir.path(), &server, "");
    let ran = run(
        dir.path(),
        "fetch http://daily.test/2026/11/the-ferry-returns",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("The ferry returns\n\nParagraph 1"));
}

#[test]
fn several_pages_are_printed_in_the_order_typed_and_failures_named() {
    let (dir, server) = (folder(), daily());
    server.on("daily.test/gone", Reply::status(404));
    configure(dir.path(), &server, "");
    let list = "http://daily.test/2026/11/the-tram-returns\nhttp://daily.test/gone\nnot an address\n\
                http://daily.test/2026/11/the-ferry-returns\n";
    let ran = run_with_input(dir.path(), "fetch --input-file -", list);
    assert_eq!(ran.code, 3);
    let titles: Vec<Value> = ran.records().iter().map(|it| it["title"].clone()).collect();
    assert_eq!(titles, ["The tram returns", "The ferry returns"]);
    let record = &ran.records()[1];
    assert_eq!(record["status"], 200);
    assert!(record["fetched_at"].is_string());
    let named: Vec<&str> = ran.err.lines().collect();
    assert_eq!(named.len(), 2, "{}", ran.err);
    assert!(named[0].starts_with("newsprint: http://daily.test/gone: "));
    assert!(named[0].contains("404"));
    assert!(named[1].starts_with("newsprint: not an address: "));
}

#[test]
fn what_policy_refuses_ends_with_5() {
    let (dir, server) = (folder(), daily());
    configure(dir.path(), &server, "");
    for (url, reason) in [
        ("http://daily.test/private/letters", "robots.txt"),
        ("http://127.0.0.1/", "allow_private"),
    ] {
        let ran = run(dir.path(), &format!("fetch {url}"));
        assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{}", ran.err);
        assert!(ran.err.contains(reason), "{}", ran.err);
    }
    assert!(
        !server
            .paths("daily.test")
            .contains(&"/private/letters".to_owned())
    );
}

// Crawls.

#[test]
fn a_crawl_stores_what_is_new_and_export_and_status_show_it() {
    let (dir, server) = (folder(), daily());
    configure(dir.path(), &server, DAILY);

    let ran = run(dir.path(), "crawl");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.starts_with("daily: 2 new"), "{}", ran.err);

    let ran = run(dir.path(), "export");
    assert_eq!(ran.code, 0);
    let mut titles: Vec<String> = ran
        .records()
        .iter()
        .map(|it| it["title"].to_string())
        .collect();
    titles.sort();
    assert_eq!(titles, ["\"The ferry returns\"", "\"The tram returns\""]);
    assert_eq!(run(dir.path(), "export --until 1h").out, "");
    assert_eq!(run(dir.path(), "export --source weekly").out, "");
    assert_eq!(
        run(dir.path(), "export --since 1h --source daily")
            .records()
            .len(),
        2
    );

    let ran = run(dir.path(), "status");
    assert_eq!(ran.code, 0);
    let cells: Vec<&str> = ran.out.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(cells[0], "daily");

    let ran = run(dir.path(), "status --format json");
    let rows: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&rows[0]["source"], &rows[0]["articles"]),
        (&"daily".into(), &2.into())
    );

    let ran = run(dir.path(), "crawl --quiet");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(run(dir.path(), "export").records().len(), 2);
}

#[test]
fn a_dry_run_prints_what_is_due_and_stores_nothing() {
    let (dir, server) = (folder(), daily());
    configure(dir.path(), &server, DAILY);
    let ran = run(dir.path(), "crawl --dry-run --max-pages 1");
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{}", ran.err);
    let ran = run(dir.path(), "crawl --dry-run");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut due: Vec<&str> = ran.out.lines().collect();
    due.sort_unstable();
    assert_eq!(
        due,
        [
            "daily\thttp://daily.test/2026/11/the-ferry-returns",
            "daily\thttp://daily.test/2026/11/the-tram-returns"
        ]
    );
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        1,
        "config.toml alone"
    );
}

#[test]
fn a_dry_run_with_a_store_prints_what_is_due_today_and_changes_nothing() {
    let (dir, server) = (folder(), daily());
    configure(dir.path(), &server, DAILY);
    run(dir.path(), "crawl --quiet --max-pages 1");
    let store = fs::read(dir.path().join("newsprint.db")).unwrap();
    let files = fs::read_dir(dir.path()).unwrap().count();
    let ran = run(dir.path(), "crawl --dry-run");
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{}", ran.err);
    run(dir.path(), "crawl --quiet");
    let ran = run(dir.path(), "crawl --dry-run");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    fs::write(dir.path().join("newsprint.db"), &store).unwrap();
    let ran = run(dir.path(), "crawl --dry-run");
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{}", ran.err);
    assert_eq!(fs::read(dir.path().join("newsprint.db")).unwrap(), store);
    let now = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(now, files, "no new files");
}

#[test]
fn a_source_that_cannot_be_reached_needs_a_person() {
    let (dir, server) = (folder(), daily());
    server.on("weekly.test/", Reply::status(500));
    let weekly = "[[source]]\nname = \"weekly\"\nstart = [\"http://weekly.test/\"]\n";
    configure(dir.path(), &server, &format!("{DAILY}{weekly}"));
    let ran = run(dir.path(), "crawl --quiet");
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("newsprint: weekly: "), "{}", ran.err);
    assert_eq!(run(dir.path(), "export").records().len(), 2);
}

#[test]
fn a_store_that_another_crawl_holds_ends_with_75() {
    let (dir, server) = (folder(), daily());
    configure(dir.path(), &server, DAILY);
    let path = dir.path().join("newsprint.db");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _lock = runtime.block_on(newsprint::store::lock(&path)).unwrap();
    let ran = run(dir.path(), "crawl");
    assert_eq!(ran.code, 75);
    assert!(ran.err.contains("another crawl"), "{}", ran.err);
}

#[test]
fn a_source_that_is_not_configured_is_bad_usage() {
    let (dir, server) = (folder(), daily());
    configure(dir.path(), &server, DAILY);
    let ran = run(dir.path(), "crawl --source dayly");
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("dayly") && ran.err.contains("daily"),
        "{}",
        ran.err
    );
}

#[test]
fn there_is_nothing_to_export_before_the_first_crawl() {
    let (dir, server) = (folder(), daily());
    configure(dir.path(), &server, DAILY);
    for line in ["export", "status"] {
        let ran = run(dir.path(), line);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("newsprint crawl"), "{}", ran.err);
    }
}

/// A crawl that has visited both articles and is kept up by a page of another host that takes its
/// time, and what it logs from then on.
#[cfg(unix)]
fn crawl_in_midst(dir: &Path, server: &Server) -> (Child, impl Iterator<Item = String>) {
    server.on("slow.test/", Reply::never());
    let slow = "[[source]]\nname = \"slow\"\nstart = [\"http://slow.test/\"]\n";
    configure(dir, server, &format!("{DAILY}{slow}"));
    let mut child = newsprint(dir)
        .args(["crawl", "-v"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = BufReader::new(child.stderr.take().unwrap());
    let mut lines = log.lines().map(Result::unwrap);
    let (mut logged, mut visited) = (Vec::new(), 0);
    while visited < 2 {
        let line = lines.next();
        assert!(line.is_some(), "{:?}; logged {logged:#?}", child.wait());
        let line = line.unwrap();
        visited += usize::from(line.contains("/2026/11/"));
        logged.push(line);
    }
    (child, lines)
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_crawl_and_what_was_finished_is_stored() {
    use std::time::{Duration, Instant};

    let server = daily();
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let dir = folder();
        let started = Instant::now();
        let (mut child, mut lines) = crawl_in_midst(dir.path(), &server);
        let kill = |signal: &str| {
            let pid = child.id().to_string();
            Command::new("kill").args([signal, &pid]).status().unwrap();
        };
        kill(signal);
        // The first signal has arrived; the second need not wait for the slow page.
        lines.find(|it| it.contains("stopping")).unwrap();
        kill(signal);
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert!(started.elapsed() < Duration::from_secs(8));
        assert_eq!(run(dir.path(), "export").records().len(), 2);
    }
}

/// Killed at any moment, a crawl loses and doubles nothing: the store repairs the files.
#[cfg(unix)]
#[test]
fn after_a_kill_the_next_crawl_repairs_the_files_and_the_lock_is_free() {
    let server = daily();
    let dir = folder();
    let (mut child, _lines) = crawl_in_midst(dir.path(), &server);
    child.kill().unwrap();
    child.wait().unwrap();
    // What such a kill may leave of a line that was on its way to the disk.
    let files = || -> Vec<_> {
        let found = fs::read_dir(dir.path().join("articles/daily"));
        found.map_or_else(
            |_| Vec::new(),
            |it| it.map(|it| it.unwrap().path()).collect(),
        )
    };
    for file in files() {
        let mut file = fs::OpenOptions::new().append(true).open(file).unwrap();
        file.write_all(b"{\"id\":\"torn").unwrap();
    }
    configure(dir.path(), &server, DAILY);
    let ran = run(dir.path(), "crawl");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let written: String = files()
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let mut ids: Vec<String> = written
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].to_string())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), written.lines().count()), (2, 2));
}

/// Whatever a page is, there is one line and the right code.
#[test]
fn bad_pages_get_one_line_and_the_code_of_the_contract() {
    let dir = folder();
    let deep = format!("{}deep{}", "<div>".repeat(50_000), "</div>".repeat(50_000));
    let whole = page("ferry");
    let cut = &whole[..whole.len() * 2 / 3];
    let latin = page("ferry")
        .replace("harbour", "h\u{e9}r")
        .replace("lang=\"en\"", "");
    let latin: Vec<u8> = latin.chars().map(|c| c as u8).collect();
    for (name, bytes, code) in [
        ("empty.html", &b""[..], 4),
        ("blank.html", b"<html><body> </body></html>", 4),
        ("deep.html", deep.as_bytes(), 4),
        (
            "picture.html",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0",
            4,
        ),
        ("cut.html", cut.as_bytes(), 0),
        ("latin.html", &latin, 0),
    ] {
        fs::write(dir.path().join(name), bytes).unwrap();
        let ran = run(dir.path(), &format!("extract {name}"));
        assert_eq!(ran.code, code, "{name}: {}", ran.err);
        assert_eq!(
            ran.err.lines().count(),
            usize::from(code != 0),
            "{name}: {}",
            ran.err
        );
        if name == "latin.html" {
            assert!(
                ran.out.contains("the old h\u{e9}r on Monday"),
                "{}",
                ran.out
            );
        }
    }
}

#[test]
fn a_host_that_is_not_there_is_named() {
    let dir = folder();
    let ran = run(dir.path(), "fetch https://no-such-host.invalid/story");
    assert_eq!(ran.code, 1, "{}", ran.err);
    // The other line says that webmasters cannot tell who visits.
    let lines: Vec<_> = ran.err.lines().collect();
    assert!(lines[0].contains("user_agent"), "{}", ran.err);
    assert!(lines[1].contains("no-such-host.invalid"), "{}", ran.err);
    assert_eq!(lines.len(), 2, "{}", ran.err);
}

#[test]
fn a_bad_selector_is_named_with_its_place() {
    let dir = folder();
    let config = format!("{DAILY}[source.select]\nstrip = [\"div[\"]\n");
    fs::write(dir.path().join("config.toml"), config).unwrap();
    let ran = run(dir.path(), "crawl");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(
        ran.err.contains("config.toml:5") && ran.err.contains("div["),
        "{}",
        ran.err
    );
}

// Discover, status and the loop.

#[test]
fn what_discover_prints_is_a_source_that_can_be_crawled() {
    let (dir, server) = (folder(), Server::for_crawls());
    let feed = "<rss version=\"2.0\"><channel><title>t</title><item><title>Ferry back</title>\
                <pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>\
                <link>http://daily.test/news/ferry-is-back-today</link></item></channel></rss>";
    let map = "<urlset><url><loc>http://daily.test/news/ferry-is-back-today</loc></url></urlset>";
    let section = [
        "/news/harbour-opens-again-today",
        "/news/b-1002",
        "/news/c-1003",
    ];
    let front = front_page(&["/news/ferry-is-back-today"]).replace(
        "<body>",
        "<link rel=alternate type=application/rss+xml href=/feed><body><nav>\
         <a href=/city/>City</a> <a href=/login>Log in</a></nav>",
    );
    server
        .on("daily.test/robots.txt", Reply::text("Sitemap: /map.xml\n"))
        .on("daily.test/", Reply::html(&front))
        .on("daily.test/city/", Reply::html(&front_page(&section)))
        .on("daily.test/feed", Reply::xml(feed))
        .on("daily.test/map.xml", Reply::xml(map))
        .may(
            "daily.test/news/ferry-is-back-today",
            Reply::html(&page("ferry")),
        );
    configure(dir.path(), &server, "");
    let found = run(dir.path(), "discover http://daily.test/");
    assert_eq!((found.code, found.err.as_str()), (0, ""));
    for expected in [
        "name = \"daily-test\"\n",
        "  \"http://daily.test/city/\",  # 3 articles\n",
        "    # Ferry back\n",
        "  \"http://daily.test/map.xml\",  # 1 article\n",
    ] {
        assert!(found.out.contains(expected), "{expected}\n{}", found.out);
    }

    configure(dir.path(), &server, &found.out);
    let due = run(dir.path(), "crawl --dry-run");
    assert_eq!(due.code, 0, "{}", due.err);
    assert!(
        due.out
            .contains("daily-test\thttp://daily.test/news/ferry-is-back-today\n")
    );

    server.on("daily.test/nowhere", Reply::status(404));
    let gone = run(dir.path(), "discover http://daily.test/nowhere");
    assert_eq!(gone.code, 1);
    assert!(gone.err.contains("answered 404"), "{}", gone.err);
}

#[test]
fn status_can_be_looked_at_and_metrics_can_be_scraped() {
    let (dir, server) = (folder(), Server::for_crawls());
    server
        .on(
            "daily.test/",
            Reply::html(&front_page(&["/news/ferry-is-back-today"])),
        )
        .on(
            "daily.test/news/ferry-is-back-today",
            Reply::html(&page("ferry")),
        );
    let source = "[[source]]\nname = \"the <daily>\"\nstart = [\"http://daily.test/\"]\n";
    configure(dir.path(), &server, source);
    let crawled = run(dir.path(), "crawl --metrics-file metrics.prom");
    assert_eq!(crawled.code, 0, "{}", crawled.err);
    let metrics = fs::read_to_string(dir.path().join("metrics.prom")).unwrap();
    assert!(
        metrics.contains("newsprint_articles{source=\"the <daily>\"} 1\n"),
        "{metrics}"
    );

    let shown = run(dir.path(), "status --html status.html");
    assert_eq!((shown.code, shown.out.as_str()), (0, ""));
    let html = fs::read_to_string(dir.path().join("status.html")).unwrap();
    assert!(html.contains("the &#60;daily&#62;") && !html.contains("the <daily>"));
    let json = run(dir.path(), "status --format json");
    let rows: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(rows[0]["health"], "good");
    assert_eq!(rows[0]["daily"].as_array().unwrap().last().unwrap(), 1);
}

#[cfg(unix)]
#[test]
fn a_loop_of_passes_ends_with_a_signal_and_rereads_its_settings() {
    let (dir, server) = (folder(), Server::for_crawls());
    server
        .on("daily.test/", Reply::html(&front_page(&[])))
        .on("other.test/", Reply::html(&front_page(&[])));
    let source =
        |name: &str| format!("[[source]]\nname = \"{name}\"\nstart = [\"http://{name}.test/\"]\n");
    configure(dir.path(), &server, &source("daily"));
    let mut child = newsprint(dir.path())
        .args(["crawl", "--every", "1s"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let mut wait_for = |what: &str| lines.by_ref().find(|line| line.contains(what));
    assert!(wait_for("daily: ").is_some());
    fs::write(dir.path().join("config.toml"), "[crawl\n").unwrap();
    assert!(wait_for("using the previous configuration").is_some());
    configure(dir.path(), &server, &source("other"));
    assert!(wait_for("other: ").is_some());
    let pid = child.id().to_string();
    Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

// Explain and verdicts.

#[test]
fn explain_names_the_source_of_each_field_and_what_was_not_taken() {
    let dir = folder();
    let html = page("ferry").replace(
        "</head>",
        "<meta property=\"og:title\" content=\"Ferry: all you need to know\">\
         <meta name=\"author\" content=\"By Ada Ferry\">\
         <meta property=\"article:published_time\" content=\"2026-11-23T10:00:00+01:00\"></head>",
    );
    fs::write(dir.path().join("page.html"), html).unwrap();
    let explained = run(dir.path(), "explain page.html");
    assert_eq!((explained.code, explained.err.as_str()), (0, ""));
    for line in [
        "title          The ferry returns\n               from heading\n",
        "               rejected \"Ferry: all you need to know\" (meta og:title)\n",
        "authors        Ada Ferry\n               from meta author\n",
        "published      2026-11-23T10:00:00+01:00\n               from meta article:published_time\n",
    ] {
        assert!(explained.out.contains(line), "{line}\n{}", explained.out);
    }
    let json = run(dir.path(), "explain --format json page.html");
    let object: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(object["verdict"], "stored");
    assert_eq!(
        object["fields"][0]["rejected"][0]["source"],
        "meta og:title"
    );
    let gone = run(dir.path(), "explain nowhere.html");
    assert_eq!(gone.code, 1);
    assert!(
        gone.err.contains("nowhere.html: no such file"),
        "{}",
        gone.err
    );
}

#[test]
fn a_page_that_stands_in_for_an_article_says_what_it_is() {
    let dir = folder();
    let html = "<title>Just a moment...</title><h1>daily.test</h1><p>Verify you are human by \
                completing the action below. daily.test needs to review the security of your \
                connection before proceeding.</p>";
    fs::write(dir.path().join("page.html"), html).unwrap();
    let ran = run(dir.path(), "extract page.html");
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    assert!(ran.err.contains("bot check"), "{}", ran.err);
}
