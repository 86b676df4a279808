//! What others read in the archive: `newsprint extract`, and the tools of web archives.

use crate::records::files;
use crate::support::{newsprint, text};
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
