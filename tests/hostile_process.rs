//! The process and the machine it runs on: threads that do not end, signals, closed and full outputs, few open
//! files, a store that goes away.

#![cfg(feature = "cli")]
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use newsprint::Limits;
use newsprint::crawl::{
    self, CancellationToken, CrawlError, Differences, Options, ReextractOptions, Silent, Summary,
    reextract,
};
use newsprint::verdict::VisitOutcome;
use support::{Newsroom, Ran, Reply, newsprint, page, story, text};

/// A site of so many articles on one host, and its configuration in a file.
fn site(articles: u64) -> Newsroom {
    let mut room = Newsroom::open();
    let mut links = String::new();
    for number in 0..articles {
        let path = format!("/news/night-{}", 10_000 + number);
        links.push_str(&format!("<a href={path}>A long night in town {number}</a>"));
        let html = page("A long night", &story(number));
        room.server
            .may(&format!("daily.test{path}"), Reply::html(&html));
    }
    let front = format!("<html><body>{links}</body></html>");
    room.server.may("daily.test/", Reply::html(&front));
    room.source("daily", &["http://daily.test/"]);
    configure(&room);
    room
}

fn configure(room: &Newsroom) {
    fs::write(room.dir.path().join("config.toml"), room.config_file()).unwrap();
}

fn run(dir: &Path, args: &[&str]) -> Output {
    newsprint(dir).args(args).output().unwrap()
}

fn send(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
    assert!(sent.success());
}

/// The addresses of what was written, which must be each once.
fn written_once(room: &Newsroom) -> BTreeSet<String> {
    let written: Vec<String> = room.written().into_iter().filter_map(|it| it.url).collect();
    let once: BTreeSet<String> = written.iter().cloned().collect();
    assert_eq!(once.len(), written.len(), "each line once");
    once
}

/// A pass in which reading takes no longer than this.
async fn pass_within(room: &Newsroom, read_time: Duration) -> Summary {
    let mut limits = Limits::default();
    limits.read_time = read_time;
    let options = Options {
        clock: room.clock.clone(),
        limits,
        ..Options::default()
    };
    let stop = CancellationToken::new();
    crawl::run(&room.config(), &options, &stop, &Silent)
        .await
        .unwrap()
}

async fn judged_again(room: &Newsroom, stop: &CancellationToken) -> Vec<Differences> {
    let again = ReextractOptions {
        clock: room.clock.clone(),
        stop: stop.clone(),
        ..ReextractOptions::default()
    };
    let mut all = Vec::new();
    reextract(&room.config(), &again, |source| {
        all.push(source);
        Ok::<_, CrawlError>(())
    })
    .await
    .unwrap();
    all
}

#[tokio::test]
async fn a_page_that_could_not_be_read_is_kept_and_is_judged_again() {
    let mut room = Newsroom::open();
    room.server
        .may("daily.test/", Reply::html("<html><body></body></html>"));
    let feed = "<rss version=2.0><channel><item><link>http://daily.test/news/night-1</link>\
                <title>A long night</title></item></channel></rss>";
    room.server.may(
        "daily.test/feed",
        Reply::new(200, "application/rss+xml", feed),
    );
    let html = page("A long night", &story(1));
    room.server
        .may("daily.test/news/night-1", Reply::html(&html));
    let feed = "http://daily.test/feed".parse().unwrap();
    room.source("daily", &["http://daily.test/"]).feeds = vec![feed];
    // The first pass reads the feed alone.
    let options = Options {
        clock: room.clock.clone(),
        max_pages: Some(0),
        ..Options::default()
    };
    let stop = CancellationToken::new();
    let config = room.config();
    crawl::run(&config, &options, &stop, &Silent).await.unwrap();

    room.clock.advance(Duration::from_secs(60));
    let summary = pass_within(&room, Duration::ZERO).await;
    assert_eq!(summary.sources[0].outcomes[&VisitOutcome::Panic], 1);
    assert_eq!(room.raw_pages().await, ["http://daily.test/news/night-1"]);
    assert_eq!(room.exported().await, 0);

    let again = judged_again(&room, &stop).await;
    assert_eq!((again[0].refused, again[0].accepted), (1, 1));
    assert_eq!(room.exported().await, 1);
}

#[tokio::test]
async fn judging_again_stops_and_the_next_run_does_the_rest() {
    let room = site(12);
    assert_eq!(room.pass().await.articles(), 12);
    let stop = CancellationToken::new();
    stop.cancel();
    assert!(judged_again(&room, &stop).await.is_empty());
    let again = judged_again(&room, &CancellationToken::new()).await;
    assert_eq!((again[0].pages, again[0].same), (12, 12));
    assert_eq!(written_once(&room).len(), 12);
}

/// A site, and another whose front page this is.
fn with_slow_site(slow: Reply) -> Newsroom {
    let mut room = site(2);
    room.server.may("slow.test/", slow);
    room.source("slow", &["http://slow.test/"]);
    configure(&room);
    room
}

/// The processor time that a process has taken, in hundredths of a second.
#[cfg(target_os = "linux")]
fn processor_ticks(child: &Child) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let after_name = stat.rsplit(") ").next().unwrap();
    after_name.split(' ').nth(11).unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_page_that_takes_minutes_to_read_holds_up_no_second_signal() {
    let mut room = Newsroom::open();
    let front =
        "<html><body><a href=/news/a-long-night-in-town>A long night in town</a></body></html>";
    let many = "<p>a ".repeat(200_000);
    room.server
        .may("daily.test/", Reply::html(front))
        .may("daily.test/news/a-long-night-in-town", Reply::html(&many));
    room.source("daily", &["http://daily.test/"]);
    // Each paragraph is counted from its end, which no other way of counting takes as long.
    let select = "select = { strip = [\"p:nth-last-of-type(7n) ~ p\"] }\n";
    let config = room.config_file() + select;
    fs::write(room.dir.path().join("config.toml"), config).unwrap();
    let mut child = newsprint(room.dir.path())
        .args(["crawl", "-v"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Nothing else in so small a crawl takes a second of the processor.
    while processor_ticks(&child) < 100 && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    let log = BufReader::new(child.stderr.take().unwrap());
    let mut lines = log.lines().map_while(Result::ok);
    send(&child, "-TERM");
    assert!(lines.any(|it| it.contains("stopping")));
    send(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert_eq!(run(room.dir.path(), &["export"]).stdout, b"");
}

#[cfg(target_os = "linux")]
#[test]
fn a_hang_up_ends_a_crawl_as_other_signals_do() {
    let room = with_slow_site(Reply::never());
    // The tests may run under `nohup` themselves, whose children ignore the signal.
    let mut child = Command::new("/usr/bin/env")
        .env_clear()
        .env("HOME", room.dir.path())
        .current_dir(room.dir.path())
        .args(["--default-signal=HUP", env!("CARGO_BIN_EXE_newsprint")])
        .args(["crawl", "-v"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = BufReader::new(child.stderr.take().unwrap());
    let mut lines = log.lines().map_while(Result::ok);
    for number in ["/news/night-", "/news/night-"] {
        assert!(lines.any(|it| it.contains(number)));
    }
    send(&child, "-HUP");
    assert!(lines.any(|it| it.contains("stopping")));
    send(&child, "-HUP");
    assert_eq!(child.wait().unwrap().code(), Some(129));
    let exported = run(room.dir.path(), &["export"]).stdout;
    assert_eq!(exported.lines().count(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn under_nohup_a_hang_up_ends_nothing() {
    let slow = Reply::html("<html><body></body></html>").after(Duration::from_millis(500));
    let room = with_slow_site(slow);
    let program = env!("CARGO_BIN_EXE_newsprint");
    let mut shell = Command::new("sh");
    let script = format!("trap '' HUP; exec {program} crawl");
    let child = shell
        .current_dir(room.dir.path())
        .args(["-c", &script])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    assert!(room.server.wait_for_hits(1));
    send(&child, "-HUP");
    let ended = child.wait_with_output().unwrap();
    assert!(!text(&ended).contains("stopp"), "{}", text(&ended));
    assert_eq!(written_once(&room).len(), 2);
}

#[test]
fn a_signal_ends_reextract_and_nothing_is_doubled() {
    let room = site(40);
    let dir = room.dir.path();
    assert_eq!(run(dir, &["crawl", "--quiet"]).status.code(), Some(0));
    let select = "select = { strip = [\"article p:last-child\"] }\n";
    fs::write(dir.join("config.toml"), room.config_file() + select).unwrap();
    for signal in ["-TERM", "-INT", "-HUP"] {
        let mut child = newsprint(dir)
            .arg("reextract")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        send(&child, signal);
        let code = child.wait().unwrap().code();
        // It may have ended before, or before it could listen.
        assert!(matches!(code, None | Some(0 | 129 | 130 | 143)), "{code:?}");
    }
    let last = Ran::from(run(dir, &["reextract"]));
    assert_eq!(last.code, 0, "{}", last.err);
    let crawled = Ran::from(run(dir, &["crawl"]));
    assert_eq!(crawled.code, 0, "{}", crawled.err);
    // Each article once in each of its revisions.
    let mut lines: Vec<(String, String)> = Vec::new();
    for article in room.written() {
        lines.push((article.id, article.content_hash));
    }
    let once: BTreeSet<_> = lines.iter().cloned().collect();
    assert_eq!(once.len(), lines.len());
    assert_eq!(once.len(), 80);
}

#[test]
fn closed_and_full_outputs_are_said_once_and_panic_nowhere() {
    let room = site(3);
    let dir = room.dir.path();
    assert_eq!(run(dir, &["crawl", "--quiet"]).status.code(), Some(0));
    fs::write(dir.join("a.html"), page("A long night", &story(1))).unwrap();
    fs::write(dir.join("b.html"), page("A long night", &story(2))).unwrap();
    let commands: [&[&str]; 9] = [
        &["export"],
        &["status"],
        &["pages"],
        &["extract", "a.html", "b.html"],
        &["explain", "a.html"],
        &["reextract", "--dry-run"],
        &["schema", "record"],
        &["completions", "bash"],
        &["man"],
    ];
    for args in commands {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = newsprint(dir);
        let closed = command.args(args).stdout(writer).output().unwrap();
        assert_eq!(closed.status.code(), Some(0), "{args:?}: {}", text(&closed));
        assert_eq!(text(&closed), "", "{args:?}");

        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut command = newsprint(dir);
        let full = command.args(args).stdout(full).output().unwrap();
        let said = text(&full);
        assert_eq!(full.status.code(), Some(1), "{args:?}: {said}");
        assert!(
            said.contains("cannot write to standard output"),
            "{args:?}: {said}"
        );
        assert!(!said.contains("panicked"), "{args:?}: {said}");
    }
    // Messages that cannot be written are no reason to fail.
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = newsprint(dir);
    let crawled = command.arg("crawl").stderr(full).status().unwrap();
    assert_eq!(crawled.code(), Some(0));
}

#[test]
fn without_standard_streams_every_command_does_its_work() {
    let room = site(3);
    let dir = room.dir.path();
    let program = env!("CARGO_BIN_EXE_newsprint");
    for (line, codes) in [
        ("crawl <&- >&- 2>&-", [0, 0]),
        ("export <&- 2>&-", [0, 0]),
        ("extract - <&-", [1, 4]),
        ("fetch --input-file - <&-", [0, 1]),
        ("status <&- >&- 2>&-", [0, 0]),
    ] {
        let mut shell = Command::new("sh");
        let ran = shell
            .current_dir(dir)
            .args(["-c", &format!("{program} {line}")])
            .output()
            .unwrap();
        let said = text(&ran);
        assert!(!said.contains("panicked"), "{line}: {said}");
        let code = ran.status.code().unwrap();
        assert!(codes.contains(&code), "{line}: {code}: {said}");
    }
    assert_eq!(run(dir, &["export"]).stdout.lines().count(), 3);
    assert_eq!(written_once(&room).len(), 3);
}

#[test]
fn few_open_files_mean_fewer_requests_at_once_and_too_few_are_reported() {
    let mut room = Newsroom::open();
    for host in 0..48 {
        let name = format!("h{host}.test");
        let path = format!("/news/night-{}", 10_000 + host);
        let front = format!("<a href={path}>A long night in town {host}</a>");
        room.server
            .may(&format!("{name}/"), Reply::html(&front))
            .may(
                &format!("{name}{path}"),
                Reply::html(&page("A long night", &story(host))),
            );
        room.source(&format!("h{host}"), &[&format!("http://{name}/")]);
    }
    configure(&room);
    let limited = |files: u64| {
        let program = env!("CARGO_BIN_EXE_newsprint");
        let script = format!("ulimit -n {files}; exec {program} crawl");
        let mut shell = Command::new("sh");
        let ran = shell.current_dir(room.dir.path()).args(["-c", &script]);
        Ran::from(ran.output().unwrap())
    };
    let too_few = limited(30);
    assert_eq!(too_few.code, 1, "{}", too_few.err);
    assert!(too_few.err.contains("ulimit -n"), "{}", too_few.err);
    assert!(room.server.hits().is_empty());
    for files in [40, 64] {
        let ran = limited(files);
        assert_eq!(ran.code, 0, "{files}: {}", ran.err);
    }
    assert_eq!(written_once(&room).len(), 48);
}

#[test]
fn a_store_that_goes_away_during_a_crawl_ends_it_before_anything_more_is_written() {
    for replaced in [false, true] {
        let mut room = site(3);
        let html = page("A late night", &story(99));
        let late = Reply::html("<a href=/news/night-90000>A late night in the old town</a>");
        room.server
            .may("late.test/", late.after(Duration::from_millis(400)))
            .may("late.test/news/night-90000", Reply::html(&html));
        room.source("late", &["http://late.test/"]);
        configure(&room);
        let child = newsprint(room.dir.path())
            .args(["crawl", "--quiet"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        assert!(room.server.wait_for_hits(1));
        let store = room.dir.path().join("newsprint.db");
        fs::rename(&store, room.dir.path().join("moved.db")).unwrap();
        if replaced {
            fs::write(&store, "another").unwrap();
        }
        let ended = child.wait_with_output().unwrap();
        let said = text(&ended);
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(said.contains("deleted, moved or replaced"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        if replaced {
            assert_eq!(fs::read_to_string(&store).unwrap(), "another");
            fs::remove_file(&store).unwrap();
        }
        // Put back, it goes on where it was.
        fs::rename(room.dir.path().join("moved.db"), &store).unwrap();
        let again = Ran::from(run(room.dir.path(), &["crawl"]));
        assert_eq!(again.code, 0, "{}", again.err);
    }
}

#[test]
fn an_output_folder_that_is_removed_is_made_again() {
    let room = site(3);
    let dir = room.dir.path();
    assert_eq!(run(dir, &["crawl", "--quiet"]).status.code(), Some(0));
    assert_eq!(written_once(&room).len(), 3);
    fs::remove_dir_all(dir.join("articles")).unwrap();
    let again = Ran::from(run(dir, &["crawl"]));
    assert_eq!(again.code, 0, "{}", again.err);
}
