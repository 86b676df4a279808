//! Files that neighbours on the machine have put in the way: links, devices, FIFOs, folders and other stores
//! where newsprint writes.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, MetadataExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use newsprint::crawl::{self, CancellationToken, CrawlError, Event, Options, Progress};
use newsprint::store::LockError;
use sqlx::{Connection, SqliteConnection};
use support::{Newsroom, Ran, Reply, newsprint, page, story};

/// A newsroom of one front page and that many stories, with its configuration in its folder.
fn newsroom(stories: u64) -> Newsroom {
    let mut room = Newsroom::open();
    (room.crawl.recheck, room.crawl.recheck_max) =
        (Duration::from_millis(1), Duration::from_millis(1));
    let links: String = (0..stories)
        .map(|it| {
            format!(
                "<h2><a href=/news/story-number-{it}-of-today>Story number {it} of today</a></h2>"
            )
        })
        .collect();
    room.server.on(
        "post.test/",
        Reply::html(&format!("<title>Post</title>{links}")),
    );
    for it in 0..stories {
        let path = format!("post.test/news/story-number-{it}-of-today");
        room.server.on(
            &path,
            Reply::html(&page(&format!("Story {it}"), &story(it))),
        );
    }
    room.source("post", &["http://post.test/"]);
    fs::write(room.dir.path().join("config.toml"), room.config_file()).unwrap();
    room
}

fn run(dir: &Path, line: &str) -> Ran {
    let mut command = newsprint(dir);
    command.args(line.split_whitespace());
    command.output().unwrap().into()
}

/// The program under a umask that takes nothing away.
fn run_with_umask(dir: &Path, umask: &str, line: &str) -> Ran {
    let program = env!("CARGO_BIN_EXE_newsprint");
    let mut command = Command::new("sh");
    command
        .current_dir(dir)
        .args(["-c", &format!("umask {umask}; exec {program} {line}")]);
    command.output().unwrap().into()
}

fn fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

/// The one file below `articles/post`.
fn day_file(dir: &Path) -> std::path::PathBuf {
    let mut files = fs::read_dir(dir.join("articles/post")).unwrap();
    files.next().unwrap().unwrap().path()
}

#[test]
fn metrics_go_through_links_devices_and_fifos_and_replace_none_of_them() {
    let room = newsroom(1);
    let dir = room.dir.path();
    let at = |name: &str| dir.join(name);
    let metrics = |path: &Path| {
        fs::read_to_string(path)
            .unwrap()
            .contains("newsprint_articles{")
    };
    for (link, target) in [
        ("first", "regular"),
        ("second", "first"),
        ("new", "missing"),
    ] {
        symlink(target, at(link)).unwrap();
    }
    fs::write(at("regular"), "as it was").unwrap();
    for (name, file) in [
        ("second", "regular"),
        ("new", "missing"),
        ("plain", "plain"),
    ] {
        let ran = run(dir, &format!("crawl --metrics-file {name}"));
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(metrics(&at(file)), "{name}");
        assert!(!fs::symlink_metadata(at(file)).unwrap().is_symlink());
    }
    assert!(fs::symlink_metadata(at("first")).unwrap().is_symlink());
    assert!(fs::symlink_metadata(at("new")).unwrap().is_symlink());

    symlink("/dev/null", at("null")).unwrap();
    for name in ["/dev/null", "null"] {
        assert_eq!(run(dir, &format!("crawl --metrics-file {name}")).code, 0);
    }
    assert!(
        fs::metadata("/dev/null")
            .unwrap()
            .file_type()
            .is_char_device()
    );
    assert!(fs::symlink_metadata(at("null")).unwrap().is_symlink());
    let shown = run(dir, "crawl --metrics-file /dev/stdout");
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains("newsprint_articles{source=\"post\"} 1"));

    fifo(&at("fifo"));
    let reader = at("fifo");
    let reader = std::thread::spawn(move || fs::read_to_string(reader).unwrap());
    assert_eq!(run(dir, "crawl --metrics-file fifo").code, 0);
    assert!(reader.join().unwrap().contains("newsprint_articles{"));
    assert!(fs::metadata(at("fifo")).unwrap().file_type().is_fifo());
}

#[test]
fn metrics_to_a_redirected_file_stand_after_what_is_there() {
    let room = newsroom(1);
    let program = env!("CARGO_BIN_EXE_newsprint");
    let script = format!(
        "(echo before; {program} crawl --quiet --metrics-file /dev/stdout; echo after) > out"
    );
    let mut shell = Command::new("sh");
    assert!(
        shell
            .current_dir(room.dir.path())
            .args(["-c", &script])
            .status()
            .unwrap()
            .success()
    );
    let out = fs::read_to_string(room.dir.path().join("out")).unwrap();
    assert!(
        out.starts_with("before\n# HELP") && out.ends_with("\nafter\n"),
        "{out}"
    );
}

#[test]
fn metrics_that_can_go_nowhere_are_refused_with_the_reason() {
    let room = newsroom(1);
    let dir = room.dir.path();
    fs::create_dir(dir.join("folder")).unwrap();
    fifo(&dir.join("fifo"));
    let _socket = std::os::unix::net::UnixListener::bind(dir.join("socket")).unwrap();
    symlink("circle", dir.join("circle")).unwrap();
    for (name, reason) in [
        ("folder", "it is a folder; name a file"),
        ("fifo", "nobody reads from this FIFO"),
        ("socket", "it is a socket"),
        ("circle", "links"),
    ] {
        let ran = run(dir, &format!("crawl --metrics-file {name}"));
        assert_eq!(ran.code, 1, "{name}");
        assert!(
            ran.err.contains(name) && ran.err.contains(reason),
            "{}",
            ran.err
        );
    }
    // The pass itself was done.
    assert_eq!(room.written().len(), 1);
}

#[test]
fn planted_links_beside_metrics_and_articles_are_not_followed() {
    let room = newsroom(1);
    let dir = room.dir.path();
    fs::write(dir.join("victim"), "untouched").unwrap();
    for name in [
        "metrics.part",
        "metrics.prom.part",
        "metrics.tmp",
        ".metrics.prom.tmp",
    ] {
        symlink("victim", dir.join(name)).unwrap();
    }
    assert_eq!(run(dir, "crawl --metrics-file metrics.prom").code, 0);
    let day = day_file(dir);
    symlink("../../victim", day.with_extension("part")).unwrap();
    // As after a kill amid a user's line: the file is replaced as a whole.
    assert_eq!(run(dir, "export --output exported/ --format text").code, 0);
    let exported = fs::read_dir(dir.join("exported"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    fs::remove_file(&exported).unwrap();
    symlink("../victim", &exported).unwrap();
    assert_eq!(run(dir, "export --output exported/ --format text").code, 0);
    assert!(!fs::symlink_metadata(&exported).unwrap().is_symlink());
    assert!(fs::read_to_string(&exported).unwrap().contains("Story 0"));
    assert_eq!(fs::read_to_string(dir.join("victim")).unwrap(), "untouched");
}

#[tokio::test]
async fn a_link_in_place_of_the_file_of_the_day_is_refused_and_a_linked_folder_is_used() {
    let room = newsroom(1);
    let dir = room.dir.path();
    fs::create_dir_all(dir.join("disk/post")).unwrap();
    symlink("disk", dir.join("articles")).unwrap();
    fs::rename(dir.join("disk/post"), dir.join("elsewhere")).unwrap();
    symlink("../elsewhere", dir.join("disk/post")).unwrap();
    assert_eq!(run(dir, "crawl").code, 0);
    let day = day_file(dir);
    assert_eq!(room.written().len(), 1);
    assert!(
        fs::symlink_metadata(dir.join("articles"))
            .unwrap()
            .is_symlink()
    );

    type Plant = fn(&Path, &Path);
    let planted: [(&str, Plant); 3] = [
        ("it is a symbolic link", |day, victim| {
            symlink(victim, day).unwrap();
        }),
        ("it is not a regular file", |day, _| fifo(day)),
        ("it is not a regular file", |day, _| {
            fs::create_dir(day).unwrap();
        }),
    ];
    for (reason, plant) in planted {
        let room = newsroom(1);
        let victim = room.dir.path().join("victim");
        fs::write(&victim, "untouched").unwrap();
        let day = room
            .dir
            .path()
            .join("articles/post")
            .join(day.file_name().unwrap());
        fs::create_dir_all(day.parent().unwrap()).unwrap();
        plant(&day, &victim);
        let ran = run(room.dir.path(), "crawl");
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.err.contains(reason), "{}", ran.err);
        assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
        assert_eq!(room.exported().await, 1, "the article is in the store");
    }
}

#[test]
fn a_second_name_of_the_file_of_the_day_keeps_what_it_has() {
    let room = newsroom(1);
    let dir = room.dir.path();
    let links = ["story-number-0-of-today", "one-more-story-of-today"]
        .map(|it| format!("<h2><a href=/news/{it}>{}</a></h2>", it.replace('-', " ")));
    let front = format!("<title>Post</title>{}", links.concat());
    let more = "post.test/news/one-more-story-of-today";
    room.server
        .on("post.test/", Reply::html(&front))
        .on(more, Reply::html(&page("More", &story(9))));
    assert_eq!(run(dir, "crawl").code, 0);
    let day = day_file(dir);
    fs::hard_link(&day, dir.join("backup")).unwrap();
    let before = fs::read_to_string(&day).unwrap();
    let ran = run(dir, "crawl -v");
    assert_eq!(room.written().len(), 2, "{}", ran.err);
    assert_eq!(fs::read_to_string(dir.join("backup")).unwrap(), before);
    assert!(fs::read_to_string(&day).unwrap().starts_with(&before));
}

#[test]
fn new_files_have_the_documented_modes_and_existing_ones_keep_theirs() {
    for (umask, store, article, folder, metrics) in [
        ("000", 0o600, 0o640, 0o750, 0o644),
        ("077", 0o600, 0o600, 0o700, 0o600),
    ] {
        let room = newsroom(1);
        let dir = room.dir.path();
        let ran = run_with_umask(dir, umask, "crawl --metrics-file metrics.prom");
        assert_eq!(ran.code, 0, "{}", ran.err);
        for (name, expected) in [
            ("newsprint.db", store),
            ("newsprint.db.lock", store),
            ("articles", folder),
            ("articles/post", folder),
            ("metrics.prom", metrics),
        ] {
            assert_eq!(mode(&dir.join(name)), expected, "{name}, umask {umask}");
        }
        assert_eq!(mode(&day_file(dir)), article);
        for line in [
            "export --output out.jsonl",
            "pages --output list",
            "status --html status.html",
        ] {
            assert_eq!(run_with_umask(dir, umask, line).code, 0, "{line}");
            let name = line.rsplit(' ').next().unwrap();
            assert_eq!(mode(&dir.join(name)), article, "{line}");
        }
        let chmod = Command::new("chmod")
            .current_dir(dir)
            .args([
                "0604",
                "newsprint.db",
                "metrics.prom",
                "out.jsonl",
                "status.html",
            ])
            .status();
        assert!(chmod.unwrap().success());
        run_with_umask(dir, umask, "crawl --metrics-file metrics.prom");
        run_with_umask(dir, umask, "export --output out.jsonl");
        run_with_umask(dir, umask, "status --html status.html");
        for name in ["newsprint.db", "metrics.prom", "out.jsonl", "status.html"] {
            assert_eq!(mode(&dir.join(name)), 0o604, "{name}");
        }
    }
}

#[test]
fn an_export_goes_through_links_devices_and_fifos() {
    let room = newsroom(2);
    let dir = room.dir.path();
    assert_eq!(run(dir, "crawl").code, 0);
    fs::write(
        dir.join("regular"),
        "as it was, and longer than what is written in its place",
    )
    .unwrap();
    symlink("regular", dir.join("link")).unwrap();
    assert_eq!(run(dir, "export --output link --source none").code, 0);
    assert_eq!(fs::read_to_string(dir.join("regular")).unwrap(), "");
    assert_eq!(run(dir, "export --output link").code, 0);
    assert_eq!(
        fs::read_to_string(dir.join("regular"))
            .unwrap()
            .lines()
            .count(),
        2
    );
    assert!(fs::symlink_metadata(dir.join("link")).unwrap().is_symlink());
    let shown = run(dir, "export --output /dev/stdout");
    assert_eq!((shown.code, shown.out.lines().count()), (0, 2));
    fifo(&dir.join("fifo"));
    let fifo = dir.join("fifo");
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        fs::File::open(fifo)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    });
    assert_eq!(run(dir, "export --output fifo").code, 0);
    assert_eq!(reader.join().unwrap().lines().count(), 2);
}

/// Does something to the files as soon as the first page was visited.
struct Neighbour<F: Fn() + Send + Sync>(F, std::sync::Once);

impl<F: Fn() + Send + Sync> Progress for Neighbour<F> {
    fn event(&self, event: &Event<'_>) {
        if let Event::Visited { .. } = event {
            self.1.call_once(&self.0);
        }
    }
}

#[tokio::test]
async fn a_pass_whose_lock_is_taken_away_ends_with_a_clear_line() {
    let take_away: [fn(&Path); 2] = [
        |lock| fs::remove_file(lock).unwrap(),
        |lock| {
            fs::remove_file(lock).unwrap();
            fs::write(lock, "").unwrap();
        },
    ];
    for take_away in take_away {
        let mut room = Newsroom::open();
        let front =
            "<title>Post</title><h2><a href=/news/story-number-0-of-today>Story number 0</a></h2>";
        room.server.on("post.test/", Reply::html(front));
        let article = Reply::html(&page("Story 0", &story(0)));
        room.server
            .may("post.test/news/story-number-0-of-today", article);
        room.source("post", &["http://post.test/"]);
        let lock = room.dir.path().join("newsprint.db.lock");
        let neighbour = Neighbour(|| take_away(&lock), std::sync::Once::new());
        let stop = CancellationToken::new();
        let ended = crawl::run(&room.config(), &Options::default(), &stop, &neighbour).await;
        let error = ended.unwrap_err();
        assert!(
            matches!(error, CrawlError::Lock(LockError::Lost { .. })),
            "{error}"
        );
        assert!(
            error
                .to_string()
                .contains("newsprint.db.lock was removed or replaced")
        );
    }
}

/// What the files of a store hold; SQLite's index of the log is no part of it.
fn store_files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let names = ["newsprint.db", "newsprint.db-wal"].into_iter();
    let read = |name: &str| Some((name.to_owned(), fs::read(dir.join(name)).ok()?));
    names.filter_map(read).collect()
}

/// Runs SQL on a store, and leaves it as a kill does: with a log.
async fn change_and_leave_the_log(dir: &Path, sql: &'static str) {
    let url = format!("sqlite:{}", dir.join("newsprint.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    let left = store_files(dir);
    connection.close().await.unwrap();
    for (name, bytes) in left {
        fs::write(dir.join(name), bytes).unwrap();
    }
}

#[tokio::test]
async fn commands_that_read_leave_the_store_as_it_is() {
    let older = "DELETE FROM _sqlx_migrations WHERE version = 16; ALTER TABLE output_files DROP COLUMN lines";
    let newer_log = "UPDATE urls SET reason = 'of a killed crawl'";
    for sql in [older, newer_log] {
        let room = newsroom(1);
        let dir = room.dir.path();
        assert_eq!(run(dir, "crawl").code, 0);
        change_and_leave_the_log(dir, sql).await;
        let before = store_files(dir);
        assert_eq!(before.len(), 2, "the store and its log");
        let id = room.written()[0].id.clone();
        for line in [
            "status",
            "export",
            "pages",
            &format!("diff {id}"),
            "rules check",
            "crawl --dry-run",
            "reextract --dry-run",
        ] {
            let ran = run(dir, line);
            assert_eq!(ran.code, 0, "{line}: {}", ran.err);
            assert!(store_files(dir) == before, "{line}, {sql}");
        }
        assert_eq!(run(dir, "export").records().len(), 1);
        let ran = run(dir, "reextract --dry-run");
        assert!(
            ran.code == 0 && ran.out.contains("1 unchanged"),
            "{}{}",
            ran.out,
            ran.err
        );
        // A crawl brings it up to date.
        assert_eq!(run(dir, "crawl").code, 0);
        assert_eq!(run(dir, "export").records().len(), 1);
    }
}

#[test]
fn links_in_place_of_the_files_of_the_store_are_not_followed() {
    for name in ["newsprint.db-wal", "newsprint.db-shm", "newsprint.db.lock"] {
        let room = newsroom(1);
        let dir = room.dir.path();
        assert_eq!(run(dir, "crawl").code, 0);
        fs::write(dir.join("victim"), "untouched").unwrap();
        let _ = fs::remove_file(dir.join(name));
        symlink("victim", dir.join(name)).unwrap();
        let ran = run(dir, "crawl");
        assert_eq!(ran.code, 1, "{name}");
        assert!(ran.err.contains("newsprint.db"), "{}", ran.err);
        assert_eq!(
            fs::read_to_string(dir.join("victim")).unwrap(),
            "untouched",
            "{name}"
        );
    }
}
