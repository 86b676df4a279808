//! The README in the demo's folder: every command that it shows is run there, top to bottom, and prints what it shows.
//!
//! A block of code whose first line is a comment with the name of a file is that file. In what is shown, `…` stands for
//! anything, and a line of it for any lines; times, durations, ports and decimal numbers are compared by their form.

#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

#[path = "readme/blocks.rs"]
mod blocks;
#[path = "readme/forms.rs"]
mod forms;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use blocks::{Block, blocks};
use forms::is_shown;

/// Commands that are not run here, each with the reason.
const NOT_RUN: [(&str, &str); 6] = [
    ("cargo test", "this is one of the tests"),
    (
        "newsprint serve",
        "it runs until it is stopped; tests/desk_*.rs",
    ),
    ("createdb", "it needs a PostgreSQL server"),
    (
        "newsprint copy",
        "it needs a PostgreSQL server; tests/copy.rs",
    ),
    (
        "newsprint crawl --every",
        "it needs a PostgreSQL server; tests/many_machines.rs",
    ),
    (
        "newsprint extract --format jsonl --output articles/ 'CC-NEWS",
        "it needs a web archive; tests/archives.rs",
    ),
];
/// Programs that a machine may lack.
const OTHERS: [&str; 2] = ["jq", "sqlite3"];
/// How the README begins, where there is no `newsprint` yet.
const FROM_SOURCE: (&str, &str) = ("cargo run --release -- ", "newsprint ");
/// No command takes as long.
const LONGEST: &str = "60";

/// A shell in this folder which finds the program.
fn shell(dir: &Path, command: &str) -> Command {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_newsprint"));
    let searched = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(program.parent().unwrap().to_owned())
        .chain(std::env::split_paths(&searched));
    let mut shell = Command::new("timeout");
    shell
        .args([LONGEST, "sh", "-c", &format!("exec 2>&1\n{command}")])
        .current_dir(dir)
        .env_clear()
        .env("PATH", std::env::join_paths(folders).unwrap())
        .env("HOME", dir)
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    shell
}

fn run(dir: &Path, command: &str) -> String {
    let output = shell(dir, command).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn is_there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output();
    found.is_ok_and(|it| it.status.success())
}

/// The demo's sites in this folder, until it is dropped.
struct Served(Child);

impl Served {
    fn in_folder(dir: &Path) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_newsprint"))
            .args(["demo", "--keep-serving"])
            .current_dir(dir)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let began = lines
            .by_ref()
            .any(|it| it.unwrap().starts_with("serving until"));
        assert!(began, "the demo ended");
        Served(child)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the commands of the README; what differs, with the command.
fn differences(readme: &str, above: &Path) -> Vec<String> {
    let missing: Vec<_> = OTHERS.iter().filter(|it| !is_there(it)).collect();
    let (mut wrong, mut served) = (Vec::new(), None);
    let mut dir = above.to_owned();
    for block in blocks(readme) {
        let commands = match block {
            Block::File { name, text } => {
                let path = dir.join(&name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
                continue;
            }
            Block::Commands(commands) => commands,
        };
        for (command, shown) in commands {
            if NOT_RUN.iter().any(|(begin, _)| command.starts_with(begin)) {
                continue;
            }
            if let Some(program) = missing.iter().find(|it| command.contains(***it)) {
                eprintln!("skipped, as there is no {program}: {command}");
                continue;
            }
            let printed = run(&dir, &command.replace(FROM_SOURCE.0, FROM_SOURCE.1));
            if !is_shown(&shown, &printed) {
                wrong.push(format!(
                    "$ {command}\n--- README\n{shown}--- printed\n{printed}"
                ));
            }
            if served.is_none() {
                dir = above.join("newsprint-demo");
                served = Some(Served::in_folder(&dir));
            }
        }
    }
    wrong
}

#[test]
fn every_command_of_the_readme_works_in_the_folder_of_the_demo_and_prints_what_it_shows() {
    let above = tempfile::tempdir().unwrap();
    let readme = fs::read_to_string("README.md").unwrap();
    let wrong = differences(&readme, above.path());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    // The commands that the demo itself proposes are among them.
    for proposed in ["newsprint status", "newsprint explain page.html"] {
        assert!(readme.contains(&format!("$ {proposed}\n")), "{proposed}");
    }
}

#[test]
fn each_exception_is_of_a_command_that_the_readme_has() {
    let readme = fs::read_to_string("README.md").unwrap();
    for (command, reason) in NOT_RUN {
        assert!(
            readme.contains(&format!("\n$ {command}")),
            "{command}: {reason}"
        );
    }
}

#[test]
fn without_its_sites_a_demo_can_be_read_and_a_crawl_says_what_serves_them() {
    let above = tempfile::tempdir().unwrap();
    let printed = run(above.path(), "newsprint demo --output 'a demo'");
    let dir = above.path().join("a demo");
    let next = printed
        .lines()
        .skip_while(|it| *it != "try now:")
        .filter(|it| it.starts_with("  "));
    let next: Vec<&str> = next.map(str::trim).collect();
    assert_eq!(next[0], "cd 'a demo'", "{printed}");
    assert_eq!(next.len(), 4, "{printed}");
    let ran = run(
        above.path(),
        &format!("set -e\n{}\necho all done", next.join("\n")),
    );
    assert!(ran.ends_with("all done\n"), "{ran}");
    assert!(
        ran.contains("courant          good") && ran.contains("4 blocks kept"),
        "{ran}"
    );
    let articles = fs::read_to_string(dir.join("articles.csv")).unwrap();
    assert!(articles.matches(".example/").count() >= 19);
    for (command, end) in [
        ("newsprint crawl", "1"),
        ("newsprint explain 9fb61d0bc7fbe605", "0"),
        (
            "newsprint explain --stored http://courant.example/region/vendanges-tardives",
            "0",
        ),
        ("newsprint explain 0123456789abcdef", "1"),
        ("newsprint reextract --dry-run", "0"),
        ("newsprint pages --lost", "0"),
    ] {
        let ran = run(&dir, &format!("{command}; echo ended with $?"));
        assert!(
            ran.ends_with(&format!("ended with {end}\n")),
            "{command}: {ran}"
        );
    }
    // The crawl names the command that helps, which begins with the program and quotes the folder.
    let refused = run(&dir, "newsprint crawl");
    let (_, helps) = refused.trim_end().split_once("repeat the crawl: ").unwrap();
    assert!(
        helps.starts_with("newsprint demo --keep-serving --output '/"),
        "{refused}"
    );
    // Run again, the demo keeps what was changed and crawls the same addresses.
    let settings = fs::read_to_string(dir.join("config.toml")).unwrap();
    fs::write(dir.join("config.toml"), format!("# mine\n{settings}")).unwrap();
    let again = run(&dir, "newsprint demo");
    assert!(
        again.contains("5 sources in") && again.contains(" 0 new addresses; ended"),
        "{again}"
    );
    assert!(!dir.join("newsprint-demo").exists());
    assert!(
        fs::read_to_string(dir.join("config.toml"))
            .unwrap()
            .starts_with("# mine\n")
    );
}

#[test]
fn a_demo_crawls_nobody_elses_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let own = "[[source]]\nname = \"daily\"\nstart = [\"https://daily.test/\"]\n";
    fs::write(dir.path().join("config.toml"), own).unwrap();
    let ran = run(dir.path(), "newsprint demo --output .; echo $?");
    assert!(ran.contains("--output") && ran.ends_with("\n2\n"), "{ran}");
    assert!(!dir.path().join("newsprint.db").exists());
}
