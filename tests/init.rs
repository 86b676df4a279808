//! The first steps: a configuration that is made, and pages that are piped in.

#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;

use newsprint::config::Config;
use support::{Ran, newsprint, page, story, with_input};

fn run(dir: &Path, line: &str, input: &str) -> Ran {
    with_input(
        newsprint(dir).args(line.split_whitespace()),
        input.as_bytes(),
    )
}

/// What it prints on a terminal on which this is typed, and its exit code.
fn on_a_terminal(dir: &Path, line: &str, typed: &str) -> (i32, String) {
    let terminal = nix::pty::openpty(None, None).unwrap();
    let mut command = newsprint(dir);
    let mut child = command
        .args(line.split_whitespace())
        .stdin(Stdio::from(terminal.slave.try_clone().unwrap()))
        .stdout(Stdio::null())
        .stderr(Stdio::from(terminal.slave))
        .spawn()
        .unwrap();
    drop(command);
    let mut master = File::from(terminal.master);
    master.write_all(typed.as_bytes()).unwrap();
    let mut shown = Vec::new();
    // Linux answers with an error once nobody has the other side open.
    let _ = master.read_to_end(&mut shown);
    let code = child.wait().unwrap().code().unwrap();
    (code, String::from_utf8_lossy(&shown).replace("\r\n", "\n"))
}

#[test]
fn a_configuration_is_made_once_and_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let ran = run(dir, "init --contact desk@daily.co.uk", "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(
        ran.err
            .ends_with("next:\n\n  newsprint discover SITE >> config.toml\n"),
        "{}",
        ran.err
    );
    let config = Config::load(&dir.join("config.toml")).unwrap();
    assert_eq!(
        config.crawl.user_agent,
        "daily-bot/1.0 (+mailto:desk@daily.co.uk)"
    );
    fs::write(dir.join("config.toml"), "# mine\n").unwrap();
    for line in ["init --contact me@x.org", "init"] {
        let again = run(dir, line, "");
        assert_eq!(again.code, 2);
        assert!(
            again.err.contains("config.toml is there already"),
            "{}",
            again.err
        );
    }
    assert_eq!(
        fs::read_to_string(dir.join("config.toml")).unwrap(),
        "# mine\n"
    );
}

#[test]
fn without_a_terminal_the_contact_has_to_be_given_and_has_to_reach_someone() {
    let dir = tempfile::tempdir().unwrap();
    for (line, fix) in [
        ("init", "--contact is missing"),
        ("init --contact nobody", "you@yourpaper.com"),
        ("init --contact me@example.org", "reaches nobody"),
        ("init --contact me@x.org ftp://daily.test/", "web address"),
    ] {
        let ran = run(dir.path(), line, "me@x.org\n");
        assert_eq!(ran.code, 2, "{line}: {}", ran.err);
        assert!(ran.err.contains(fix), "{line}: {}", ran.err);
    }
    assert!(!dir.path().join("config.toml").exists());
}

#[test]
fn on_a_terminal_the_contact_is_asked_for_until_it_can_be_one() {
    let dir = tempfile::tempdir().unwrap();
    let (code, shown) = on_a_terminal(dir.path(), "init", "nobody\nme@x.org\n");
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("How can webmasters reach you?")
            && shown.contains("expected an email address"),
        "{shown}"
    );
    let text = fs::read_to_string(dir.path().join("config.toml")).unwrap();
    assert!(
        text.contains("\nuser_agent = \"x-bot/1.0 (+mailto:me@x.org)\"\n"),
        "{text}"
    );
}

#[test]
fn a_site_that_cannot_be_had_is_named_and_the_rest_is_written() {
    let dir = tempfile::tempdir().unwrap();
    // Addresses of this machine are not visited without a setting that allows it.
    let ran = run(
        dir.path(),
        "init --contact me@x.org http://127.0.0.1:9/",
        "",
    );
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("127.0.0.1"), "{}", ran.err);
    assert!(
        Config::load(&dir.path().join("config.toml"))
            .unwrap()
            .sources
            .is_empty()
    );
}

#[test]
fn a_page_is_piped_in_without_a_path() {
    let dir = tempfile::tempdir().unwrap();
    let piped = page("The ferry returns", &story(1));
    let ran = run(dir.path(), "extract", &piped);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("The ferry returns\n"), "{}", ran.out);
    let record = run(
        dir.path(),
        "extract --format json --url https://daily.test/a",
        &piped,
    );
    assert!(
        record.out.contains("\"https://daily.test/a\""),
        "{}",
        record.out
    );
    let explained = run(dir.path(), "explain", &piped);
    assert_eq!(explained.code, 0, "{}", explained.err);
    assert!(explained.out.contains("blocks kept"), "{}", explained.out);
}

#[test]
fn where_nothing_is_piped_in_it_is_said_what_to_name() {
    let dir = tempfile::tempdir().unwrap();
    for (line, named) in [("extract", "PATH"), ("explain", "URL")] {
        let ran = run(dir.path(), line, "");
        assert_eq!(ran.code, 2, "{line}: {}", ran.err);
        assert!(
            ran.err.contains("standard input is empty") && ran.err.contains(named),
            "{line}: {}",
            ran.err
        );
        let (code, shown) = on_a_terminal(dir.path(), line, "");
        assert_eq!(code, 2, "{line}: {shown}");
        assert!(
            shown.contains(named) && shown.contains(&format!("| newsprint {line} --url URL")),
            "{shown}"
        );
    }
}
