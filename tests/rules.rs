//! Users' own rules as users meet them: mistakes named with their place, cases that fail until the
//! rule is fixed, selectors checked against stored pages, rules imported from other programs.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use newsprint::selectors::{SelectorKey, SelectorSet};
use support::{Newsroom, Reply, page, story};

fn newsprint(dir: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_newsprint"));
    let ran: Output = command
        .current_dir(dir)
        .env_clear()
        .args(args)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        ran.status.code().unwrap(),
        text(ran.stdout),
        text(ran.stderr),
    )
}

fn put(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

const LINE: &str = "Ask the harbour office for a map of the quays and their trees.";

/// A page with a line that only its site's rules can distinguish from the story.
fn a_page() -> String {
    page("A long night", &format!("{}\n\n{LINE}", story(1)))
        .replace(&format!("<p>{LINE}"), &format!("<p class=x9>{LINE}"))
}

#[test]
fn a_case_fails_first_and_passes_after_the_rule_is_fixed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    put(dir, "rules/tests/paper.example/night.html", &a_page());
    let case = "page = \"night.html\"\nmust = [\"sailed\"]\nmust_not = [\"map of the quays\"]\n\
                [fields]\ntitle = \"A long night\"\n";
    let first = story(1)
        .split_whitespace()
        .take(4)
        .collect::<Vec<_>>()
        .join(" ");
    put(
        dir,
        "rules/tests/paper.example/night.toml",
        &case.replace("sailed", &first),
    );
    put(
        dir,
        "rules/sites/paper.example.toml",
        "[select]\nstrip = \".x8\"\n",
    );
    let (code, out, _) = newsprint(dir, &["rules", "test"]);
    assert_eq!(code, 1, "{out}");
    assert!(
        out.starts_with(
            "FAIL  paper.example/night\n      must not \"map of the quays\"\n      + kept: Ask"
        ),
        "{out}"
    );
    assert!(out.ends_with("1 case: 0 passed, 1 failed\n"), "{out}");

    put(
        dir,
        "rules/sites/paper.example.toml",
        "[select]\nstrip = \".x9\"\n",
    );
    let passed = newsprint(dir, &["rules", "test", "paper.example"]);
    assert_eq!(
        (passed.0, passed.1.as_str()),
        (0, "ok    paper.example/night\n1 case: 1 passed, 0 failed\n")
    );

    // The same rules hold for the other commands.
    let page = "rules/tests/paper.example/night.html";
    let url = "https://www.paper.example/night";
    let (_, text, _) = newsprint(dir, &["extract", "--url", url, page]);
    assert!(!text.contains(LINE) && text.contains(&first), "{text}");
    let (_, explained, _) = newsprint(dir, &["explain", "--url", url, page]);
    assert!(
        explained.contains("strip .x9, rules/sites/paper.example.toml:2"),
        "{explained}"
    );
    let (_, other, _) = newsprint(
        dir,
        &["extract", "--url", "https://other.example/night", page],
    );
    assert!(other.contains(LINE));
}

#[test]
fn a_case_reports_what_removed_a_phrase_and_the_value_of_a_field() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let html = a_page().replace("class=x9", "class=share-buttons");
    put(dir, "rules/tests/paper.example/night.html", &html);
    let case = "page = \"night.html\"\nmust = [\"map of the quays\", \"not there\"]\n[fields]\ntitle = \"Day\"\n";
    put(dir, "rules/tests/paper.example/a.toml", case);
    let (code, out, _) = newsprint(dir, &["rules", "test"]);
    assert_eq!(code, 1);
    for line in [
        "      - dropped: Ask the harbour office",
        "rule share-buttons (share), rules/share.toml: [class*=share-b i]",
        "      must \"not there\"\n      - not found in any block of the page\n",
        "      title\n      - Day\n      + A long night\n",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
}

#[test]
fn mistakes_in_rules_and_cases_are_named_with_file_line_and_fix() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for (name, text, expected) in [
        (
            "rules/sites/a.example.toml",
            "[select]\nstrip = [\".a\", \"div[\"]\n",
            "a.example.toml:2:16: `strip`: \"div[\" is not a valid CSS selector",
        ),
        (
            "rules/sites/a.example.toml",
            "[select]\nstirp = \".a\"\n",
            "a.example.toml:2:1: unknown key `stirp`; did you mean `strip`?",
        ),
        (
            "rules/sites/a.example.toml",
            "[select]\nstrip = 3\n",
            "a.example.toml:2:9: invalid type: integer `3`, expected a CSS selector",
        ),
        (
            "rules/sites/a.example.toml",
            "[select]\nvalid_from = \"spring\"\n",
            "a.example.toml:2:14: `valid_from` must be a day",
        ),
        (
            "rules/sites/a.example.toml",
            "[[select]]\nvalid_from = \"2026-03-01\"\nvalid_until = \"2026-03-01\"\n",
            "a.example.toml:3:15: `valid_until` must be later",
        ),
        (
            "rules/sites/notes.toml",
            "",
            "notes.toml:1:1: the file must be named after a host",
        ),
        (
            "rules/tests/a/b.toml",
            "must = [\"x\"]\n",
            "b.toml:1:1: a case needs `page`",
        ),
        (
            "rules/tests/a/b.toml",
            "html = \"x\"\n",
            "b.toml:1:1: a case needs `must`",
        ),
        (
            "rules/tests/a/b.toml",
            "html = \"x\"\n[fields]\ntitel = \"x\"\n",
            "b.toml:3:1: the record has no field `titel`; did you mean `title`?",
        ),
        (
            "rules/tests/a/b.toml",
            "page = \"gone.html\"\nmust = [\"x\"]\n",
            "b.toml:1:8: `page`: no such file",
        ),
    ] {
        put(
            dir,
            "rules/tests/a/ok.toml",
            "html = \"<p>x\"\nmust = [\"x\"]\n",
        );
        put(dir, name, text);
        let (code, _, err) = newsprint(dir, &["rules", "test"]);
        assert!(code == 2 && err.contains(expected), "{text}: {code} {err}");
        fs::remove_file(dir.join(name)).unwrap();
    }
}

#[tokio::test]
async fn a_check_names_selectors_that_match_nothing_or_remove_the_text() {
    let mut room = Newsroom::open();
    let mut links = String::new();
    for number in 1..=4 {
        let path = format!("/news/night-{}", 10_000 + number);
        links.push_str(&format!("<a href={path}>A long night in town {number}</a>"));
        let html = page("A long night", &format!("{}\n\n{LINE}", story(number)));
        let html = html.replace(&format!("<p>{LINE}"), &format!("<p class=x9>{LINE}"));
        room.server
            .on(&format!("daily.test{path}"), Reply::html(&html));
    }
    room.server.on("daily.test/", Reply::html(&links));
    room.source("daily", &["http://daily.test/"]);
    assert_eq!(room.pass().await.articles(), 4);
    let dir = room.dir.path();
    let select = "[source.select]\nstrip = [\".x9\", \".gone\"]\n";
    fs::write(dir.join("config.toml"), room.config_file() + select).unwrap();
    put(
        dir,
        "rules/sites/daily.test.toml",
        "[select]\narticle = \"article\"\nstrip = \"p\"\n",
    );
    put(
        dir,
        "rules/sites/other.test.toml",
        "[select]\nstrip = \".y\"\n",
    );
    let (code, out, err) = newsprint(dir, &["rules", "check"]);
    assert_eq!(code, 3, "{out}{err}");
    assert!(
        out.starts_with("daily: 4 stored pages, 4 selectors, 2 need attention\n"),
        "{out}"
    );
    assert!(
        out.contains("strip .gone: matches nothing on 4 pages\n"),
        "{out}"
    );
    assert!(
        out.contains("daily.test.toml:3: strip p: removes article text from 4 of the 4 pages"),
        "{out}"
    );
    assert!(
        !out.contains(".x9")
            && out.contains("other.test.toml:2: strip .y: applies to no stored page"),
        "{out}"
    );

    fs::write(
        dir.join("config.toml"),
        room.config_file() + "[source.select]\nstrip = \".x9\"\n",
    )
    .unwrap();
    fs::remove_dir_all(dir.join("rules")).unwrap();
    assert_eq!(
        newsprint(dir, &["rules", "check", "--source", "daily"]).0,
        0
    );
    assert_eq!(
        newsprint(dir, &["rules", "check", "--source", "dialy"]).0,
        2
    );
}

#[test]
fn a_site_config_becomes_rules_and_lines_without_an_equal_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    put(
        dir,
        "paper.example.txt",
        "body: //div[@id='story']\nstrip: //p[contains(., 'Read')]\ntidy: no\n",
    );
    let (code, out, err) = newsprint(dir, &["rules", "import-ftr", "paper.example.txt"]);
    assert_eq!(code, 3);
    assert!(
        out.ends_with("[select]\narticle = \"div#story\"\n"),
        "{out}"
    );
    assert!(
        err.contains("newsprint: paper.example.txt:2: strip: //p[contains(., 'Read')]: "),
        "{err}"
    );
    assert!(err.contains("paper.example.txt:3: not needed"), "{err}");
    put(dir, "paper.example.txt", "body: //div[@id='story']\n");
    let args = [
        "rules",
        "import-ftr",
        "--output",
        "rules/sites",
        "paper.example.txt",
    ];
    assert_eq!(newsprint(dir, &args).0, 0);
    assert_eq!(
        fs::read_to_string(dir.join("rules/sites/paper.example.toml"))
            .unwrap()
            .lines()
            .last(),
        Some("article = \"div#story\"")
    );
    let again = newsprint(dir, &args);
    assert!(
        again.0 == 1 && again.2.contains("move it away first"),
        "{}",
        again.2
    );
}

/// An article of three pages, each with the lede; the last leads back to the first.
#[tokio::test]
async fn an_article_of_several_pages_is_one_text() {
    let mut room = Newsroom::open();
    let lede =
        "The night was long in the lower town, and nobody slept before the last lamp was out.";
    let paths = [
        "/news/long-night-1",
        "/news/long-night-1?page=2",
        "/news/long-night-1?page=3",
    ];
    for (at, path) in paths.iter().enumerate() {
        let next = paths[(at + 1) % paths.len()];
        let html = page(
            "A long night",
            &format!("{lede}\n\n{}", story(at as u64 + 1)),
        );
        let html = html.replace(
            "</article>",
            &format!("</article><a class=more href='{next}'>on</a>"),
        );
        room.server
            .on(&format!("daily.test{path}"), Reply::html(&html));
    }
    room.server.on(
        "daily.test/",
        Reply::html(&format!("<a href={}>A long night in town</a>", paths[0])),
    );
    let source = room.source("daily", &["http://daily.test/"]);
    source.exclude = vec!["*page=*".to_owned()];
    source.select = vec![SelectorSet::of(
        &[(SelectorKey::NextPage, "a.more")],
        "here",
    )];
    assert_eq!(room.pass().await.articles(), 1);
    let article = &room.written()[0];
    let stories: Vec<String> = (1..=3).map(story).collect();
    assert_eq!(article.text, format!("{lede}\n\n{}", stories.join("\n\n")));
    assert_eq!(article.warnings, Vec::<String>::new());

    // A missing page is reported.
    room.source("weekly", &["http://weekly.test/"]);
    let html = page("A short night", &story(7))
        .replace("</article>", "</article><a class=more href='/gone'>on</a>");
    room.server
        .on("weekly.test/gone", Reply::status(404))
        .on("weekly.test/news/short-night-2", Reply::html(&html));
    room.server.on(
        "weekly.test/",
        Reply::html("<a href=/news/short-night-2>A short night in town</a>"),
    );
    room.sources[1].select = room.sources[0].select.clone();
    room.pass_after(60).await;
    let written = room.written();
    let weekly = written
        .iter()
        .find(|it| it.source.as_deref() == Some("weekly"))
        .unwrap();
    assert_eq!(weekly.warnings, ["next_page_missing"]);
}

/// What a crawl has seen of a site is a reason like any other.
#[tokio::test]
async fn explain_shows_what_the_store_has_seen_on_other_pages() {
    let mut room = Newsroom::open();
    let mut links = String::new();
    let html = |number: u64| page("A long night", &format!("{}\n\n{LINE}", story(number)));
    for number in 1..=6 {
        let path = format!("/news/night-{}", 10_000 + number);
        links.push_str(&format!("<a href={path}>A long night in town {number}</a>"));
        room.server
            .on(&format!("daily.test{path}"), Reply::html(&html(number)));
    }
    room.server.on("daily.test/", Reply::html(&links));
    room.source("daily", &["http://daily.test/"]);
    assert_eq!(room.pass().await.articles(), 6);
    let dir = room.dir.path();
    put(dir, "config.toml", &room.config_file());
    put(dir, "page.html", &html(7));
    let explain = |url: &str| newsprint(dir, &["explain", "--url", url, "page.html"]).1;
    let explained = explain("http://daily.test/news/night-10007");
    assert!(
        explained.contains(&format!("- {LINE}\n    paragraph: seen in 6 of 6 pages")),
        "{explained}"
    );
    assert!(explain("http://other.test/news/night-10007").contains(&format!("+ {LINE}")));
}
