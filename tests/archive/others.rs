//! What others read in the archive: `newsprint extract`, and the tools of web archives.

use std::process::Command;

use crate::records::{files, records};
use crate::support::{NIGHTS, newsprint, text};
use crate::{daily, folder, pass};

#[tokio::test]
async fn extraction_from_the_archive_gives_the_records_of_the_crawl() {
    let room = daily();
    pass(&room).await;
    let archive = &files(&folder(&room))[0];
    let run = newsprint(room.dir.path())
        .args(["extract", "--format", "jsonl"])
        .arg(archive)
        .output()
        .unwrap();
    let out = String::from_utf8(run.stdout.clone()).unwrap();
    let records: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let written = room.written();
    assert_eq!(written.len(), 2);
    for article in written {
        let same = records.iter().find(|it| it["id"] == article.id);
        let same = same.unwrap_or_else(|| panic!("{}: {}", article.id, text(&run)));
        assert_eq!(same["text"], article.text);
        assert_eq!(same["title"].as_str(), article.title.as_deref());
    }
}

#[tokio::test]
async fn the_tools_of_web_archives_read_all_records_and_replay_a_page() {
    let Some(python) = std::env::var_os("NEWSPRINT_TEST_PYTHON") else {
        eprintln!("skipped: NEWSPRINT_TEST_PYTHON names no Python with warcio, FastWARC and pywb");
        return;
    };
    let room = daily();
    pass(&room).await;
    let collection = room.dir.path().join("pywb");
    std::fs::create_dir(&collection).unwrap();
    let run = Command::new(python)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/archive/tools.py"
        ))
        .args([&folder(&room), &collection])
        // It redirects, and the page that it leads to is in the archive.
        .arg(format!("http://daily.test{}", NIGHTS[0]))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", text(&run));
    let out = String::from_utf8(run.stdout).unwrap();
    let found: serde_json::Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    let records = records(&folder(&room));
    for (kind, count) in found["types"].as_object().unwrap() {
        let expected = records.iter().filter(|it| it.kind() == kind).count();
        assert_eq!(count, expected, "{kind}");
    }
    assert_eq!(found["status"], 200);
    let page = found["page"].as_str().unwrap();
    let written = room.written();
    let article = written
        .iter()
        .find(|it| it.title.as_deref() == Some("A night"));
    for paragraph in article.unwrap().text.split("\n\n") {
        assert!(page.contains(paragraph), "{paragraph}: {page}");
    }
}
