//! Nothing that a page, a server, a file name or an argument says does anything to a terminal: its sequences, the
//! controls of C0 and C1, marks that turn or hide text and line separators are left out of what people read.

#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used)]

mod support;

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Stdio};

use support::{Ran, Reply, Server, newsprint, story};
use tempfile::TempDir;

/// Sequences of terminals, in one piece of text without line breaks.
const HOSTILE: &str = "a\u{1b}[2J\u{1b}]0;title\u{7}b\u{9b}31mc\u{9d}0;t\u{9c}d\u{202e}e\u{2066}f\u{200f}g\u{61c}h\u{200b}i\
    \u{2028}j\u{2029}k\u{feff}l\u{7f}m\u{8}n\u{e0041}o\u{85}p";

/// The same as references of HTML; of C1 itself, which HTML reads as windows-1252.
fn references() -> String {
    let reference = |c: char| match c {
        '\u{80}'..='\u{9f}' => c.to_string(),
        c => format!("&#{};", u32::from(c)),
    };
    HOSTILE.chars().map(reference).collect()
}

#[track_caller]
fn is_plain(text: &str, what: &str) {
    let hostile = text.replace("\r\n", "\n").chars().find(|&c| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    });
    assert_eq!(hostile, None, "{what}: {text:?}");
}

/// A page with hostile texts everywhere.
fn article() -> String {
    let hostile = references();
    let paragraphs: String = story(1)
        .split("\n\n")
        .map(|it| format!("<p>{it} {hostile}</p>"))
        .collect();
    format!(
        "<html lang=en><head><meta charset=utf-8><title>The ferry {hostile} returns | The Daily</title></head><body>\
         <article><h1>The ferry {hostile} returns</h1>{paragraphs}<pre>code {hostile}\r\n\tmore</pre></article></body></html>"
    )
}

/// A server, and a folder with the settings that lead there.
fn daily() -> (Server, TempDir) {
    let server = Server::for_crawls();
    let hostile = references();
    let links = format!(
        "<html><head><meta charset=utf-8><title>The Daily {hostile}</title></head><body><nav><ul><li><a \
         href='/city/'>City {hostile}</a></li></ul></nav><main>\
         <h2><a href='/2026/11/the-ferry-returns-1001'>The ferry {hostile} returns</a></h2>\
         <h2><a href='/2026/11/the-tram-returns-1002'>The tram {hostile} returns to it</a></h2>\
         <h2><a href='/2026/11/the-bus-returns-1003'>The bus {hostile} returns to it</a></h2></main></body></html>"
    );
    // Headers have no line breaks, and the bytes of C1 in UTF-8.
    let header: String = HOSTILE.chars().filter(|c| !c.is_ascii_control()).collect();
    server
        .may("daily.test/", Reply::html(&links))
        .may("daily.test/city/", Reply::html(&links))
        .may(
            "daily.test/2026/11/the-ferry-returns-1001",
            Reply::html(&article()),
        )
        .may(
            "daily.test/2026/11/the-tram-returns-1002",
            Reply::new(200, &format!("application/x-{header}"), vec![0, 1, 2]),
        )
        .may(
            "daily.test/2026/11/the-bus-returns-1003",
            Reply::redirect(&format!("http://[{header}")),
        )
        .may(
            "daily.test/feed",
            Reply::redirect(&format!("http://[{header}")),
        );
    let dir = tempfile::tempdir().unwrap();
    let address = server.address;
    let settings = format!(
        "[crawl]\nrequests_per_second = 1000.0\nretries = 0\n[network.resolve]\n\"daily.test:80\" = \"{address}\"\n\
         [[source]]\nname = \"daily\"\nstart = [\"http://daily.test/\"]\nfeeds = [\"http://daily.test/feed\"]\n"
    );
    fs::write(dir.path().join("config.toml"), settings).unwrap();
    (server, dir)
}

/// Runs it with a terminal in place of its outputs; the lines end as those of a file.
fn on_a_terminal(mut command: Command) -> String {
    let terminal = nix::pty::openpty(None, None).unwrap();
    let mut child = command
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .stdout(Stdio::from(terminal.slave.try_clone().unwrap()))
        .stderr(Stdio::from(terminal.slave))
        .spawn()
        .unwrap();
    // The slave's copies of this process go with the command.
    drop(command);
    let mut bytes = Vec::new();
    // Linux answers with an error once nobody has the other side open.
    let _ = File::from(terminal.master).read_to_end(&mut bytes);
    child.wait().unwrap();
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

fn command(dir: &Path, arguments: &str) -> Command {
    let mut command = newsprint(dir);
    command.args(arguments.split_whitespace());
    command
}

#[test]
fn nothing_hostile_stands_in_reports_and_logs() {
    let (_server, dir) = daily();
    let dir = dir.path();
    for arguments in [
        "-v crawl",
        "-v --log-format json crawl",
        "status",
        "pages",
        "pages --format csv",
        "explain http://daily.test/2026/11/the-ferry-returns-1001 -v",
        "explain http://daily.test/2026/11/the-tram-returns-1002",
        "fetch --format text http://daily.test/2026/11/the-bus-returns-1003",
        "fetch --format jsonl http://daily.test/2026/11/the-ferry-returns-1001 http://daily.test/2026/11/the-tram-returns-1002",
        "discover http://daily.test/",
        "reextract --dry-run",
        "rules check",
    ] {
        let ran = Ran::from(command(dir, arguments).output().unwrap());
        is_plain(&ran.err, arguments);
        if !arguments.starts_with("fetch") {
            is_plain(&ran.out, arguments);
        }
    }
}

#[test]
fn nothing_hostile_reaches_a_terminal() {
    let (_server, dir) = daily();
    let dir = dir.path();
    let page = dir.join("page.html");
    fs::write(&page, article()).unwrap();
    for arguments in [
        "crawl --no-progress -v",
        "fetch http://daily.test/2026/11/the-ferry-returns-1001",
        "fetch --format json http://daily.test/2026/11/the-ferry-returns-1001",
        "extract page.html",
        "extract --format markdown page.html",
        "extract --format html --with blocks page.html",
        "explain page.html",
        "explain --format json page.html",
        "export --format text",
        "pages --format jsonl",
        "status --format json",
        "discover http://daily.test/",
    ] {
        let shown = on_a_terminal(command(dir, arguments));
        assert!(!shown.is_empty(), "{arguments}");
        is_plain(&shown, arguments);
    }
    // Bars move the cursor themselves; what they show sets no title and has no marks.
    let shown = on_a_terminal(command(dir, "crawl"));
    assert!(
        !shown.contains(['\u{7}', '\u{9b}', '\u{202e}']),
        "{shown:?}"
    );
}

#[test]
fn nothing_hostile_of_names_and_arguments_is_repeated() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let name: String = HOSTILE.chars().filter(|c| *c != '/').collect();
    fs::write(dir.join(format!("{name}\n.txt")), "tidy: no\nnonsense\n").unwrap();
    fs::write(dir.join(format!("{name}.html")), "<p>No article.</p>").unwrap();
    let bytes = OsStr::from_bytes(b"\xff\x9b31m\x1b[2J");
    for (arguments, last) in [
        (
            "fetch",
            OsStr::new(&format!("http://[{HOSTILE}")).to_owned(),
        ),
        ("fetch --format", OsStr::new(HOSTILE).to_owned()),
        ("discover", OsStr::new(HOSTILE).to_owned()),
        ("extract", OsStr::new(&format!("{name}.html")).to_owned()),
        ("extract", OsStr::new(&format!("no {name}.html")).to_owned()),
        ("extract", bytes.to_owned()),
        ("crawl --source", OsStr::new(HOSTILE).to_owned()),
        (
            "crawl --config",
            OsStr::new(&format!("{name}.toml")).to_owned(),
        ),
        (
            "rules import-ftr",
            OsStr::new(&format!("{name}\n.txt")).to_owned(),
        ),
        (
            "status --html",
            OsStr::new(&format!("no/{name}")).to_owned(),
        ),
    ] {
        let mut piped = command(dir, arguments);
        piped.arg(&last);
        let ran = piped.output().unwrap();
        assert_ne!(ran.status.code(), Some(0), "{arguments} {last:?}");
        is_plain(&support::text(&ran), arguments);
        is_plain(&String::from_utf8_lossy(&ran.stdout), arguments);
        let mut shown = command(dir, arguments);
        shown.arg(&last);
        let shown = on_a_terminal(shown);
        // The argument parser has colours for what it says itself.
        is_plain(&shown.replace(['\u{1b}'], ""), arguments);
        assert!(!shown.contains("\u{1b}[2J"), "{shown:?}");
    }
}
