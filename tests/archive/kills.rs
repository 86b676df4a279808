//! The program, killed again and again, and on a disk that is full.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::records::{Record, files, records};
use crate::support::{Newsroom, crawl, is_of_sqlite_alone, newsprint, text};

/// Kills before the pass that runs to its end.
const KILLS: usize = 8;

fn room() -> Newsroom {
    let mut room = Newsroom::open();
    for number in 0..6 {
        let host = format!("daily-{number}.test");
        room.site(&host, 6);
        room.source(&host, &[&format!("http://{host}/")]);
    }
    room
}

/// The configuration, with these files of output.
fn configure(room: &Newsroom, output: &str) {
    let config = room.config_file();
    let at = config.find("\n[network.resolve]").unwrap();
    let config = format!("{}\n[output]\n{output}\n{}", &config[..at], &config[at..]);
    fs::write(room.dir.path().join("config.toml"), config).unwrap();
}

/// The addresses of the articles in the store.
fn stored(dir: &Path) -> Vec<String> {
    let export = newsprint(dir)
        .args(["export", "--format", "jsonl"])
        .output();
    let export = export.unwrap();
    assert!(export.status.success(), "{}", text(&export));
    let lines = String::from_utf8(export.stdout).unwrap();
    let url = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        record["final_url"].as_str().unwrap().to_owned()
    };
    lines.lines().map(url).collect()
}

fn is_open(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "open")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_store_has_is_in_the_archive_however_often_the_crawl_is_killed() {
    let room = room();
    let dir = room.dir.path();
    configure(&room, "warc = \"warc\"\nwarc_size = \"30 KB\"");
    let mut left = 0;
    for kill in 0..KILLS {
        let before = room.server.hits().len();
        let mut child = crawl(dir);
        room.server
            .wait_for_hits_of(&mut child, before + 2 + 3 * kill % 11);
        child.kill().unwrap();
        child.wait().unwrap();
        left += files(&dir.join("warc"))
            .iter()
            .filter(|it| is_open(it))
            .count();
        // A record may be torn anywhere.
        if let Some(open) = files(&dir.join("warc")).iter().find(|it| is_open(it)) {
            let mut torn = fs::read(open).unwrap();
            torn.extend_from_within(..torn.len().min(90 + kill));
            fs::write(open, torn).unwrap();
        }
    }
    assert!(left > 0, "no kill has hit");
    let ended = crawl(dir).wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", text(&ended));

    let stored = stored(dir);
    assert_eq!(stored.len(), 36);
    let records = records(&dir.join("warc"));
    for url in stored {
        let of_url = records.iter().filter(|it| it.url() == url);
        let kinds: Vec<&str> = of_url.map(Record::kind).collect();
        for kind in ["request", "response", "metadata"] {
            assert!(kinds.contains(&kind), "{url}: {kinds:?}");
        }
    }
}

/// Runs a script with a small disk in the folder `disk`, which only a user namespace (or root) may mount.
fn with_small_disk(dir: &Path, script: &str) -> Option<Output> {
    fs::create_dir(dir.join("disk")).unwrap();
    let script = format!("mount -t tmpfs -o size=60k tmpfs disk && {script}");
    let program = env!("CARGO_BIN_EXE_newsprint");
    let run = Command::new("unshare")
        .args(["-rm", "sh", "-c", &script, program])
        .current_dir(dir)
        .output();
    run.ok()
        .filter(|run| !text(run).contains("unshare") && !text(run).contains("mount:"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_ends_the_pass_and_the_archive_has_what_the_store_has() {
    if is_of_sqlite_alone("a disk that the crawl fills") {
        return;
    }
    let room = room();
    let dir = room.dir.path();
    configure(&room, "warc = \"disk\"");
    let script = "$0 crawl --quiet; code=$?; cp -r disk warc; exit $code";
    let Some(run) = with_small_disk(dir, script) else {
        eprintln!("skipped: this machine lets no small disk be mounted");
        return;
    };
    assert_eq!(run.status.code(), Some(1), "{}", text(&run));
    let message = "no room left on the disk of the archive";
    assert!(text(&run).contains(message), "{}", text(&run));
    let stored = stored(dir);
    assert!(stored.len() < 36, "{}", stored.len());
    let records = records(&dir.join("warc"));
    for url in stored {
        let response = records
            .iter()
            .find(|it| it.url() == url && it.kind() == "response");
        assert!(response.is_some(), "{url}");
    }
}
