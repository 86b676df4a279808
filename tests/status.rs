//! What a crawl reports, and what `status` shows of it afterwards.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use support::{Newsroom, Reply, page, story};

/// A front page with a link to each of these articles.
fn front(numbers: impl IntoIterator<Item = u64>) -> Reply {
    let links: String = numbers
        .into_iter()
        .map(|number| {
            format!(
                "<h2><a href=/news/night-{number}>What happened in the harbour {number}</a></h2>"
            )
        })
        .collect();
    Reply::html(&format!("<html><body>{links}</body></html>"))
}

/// The articles of a front page.
fn serve(room: &Newsroom, host: &str, numbers: impl IntoIterator<Item = u64>) {
    for number in numbers {
        let html = page("A long night", &story(number));
        room.server
            .may(&format!("{host}/news/night-{number}"), Reply::html(&html));
    }
}

/// The one output file.
fn output_file(room: &Newsroom) -> std::path::PathBuf {
    let dir = room.dir.path().join("articles/daily");
    fs::read_dir(dir).unwrap().next().unwrap().unwrap().path()
}

#[tokio::test]
async fn what_a_user_writes_into_the_file_of_the_day_is_left_and_reported_once() {
    for note in ["a note of mine\n", "without a line break"] {
        let mut room = Newsroom::open();
        room.server.on("daily.test/", front(0..2));
        serve(&room, "daily.test", 0..4);
        room.source("daily", &["http://daily.test/"]);
        let first = room.pass().await;
        assert_eq!(first.articles(), 2);
        assert!(first.changed_files.is_empty());

        let file = output_file(&room);
        let before = fs::read_to_string(&file).unwrap() + note;
        fs::write(&file, &before).unwrap();
        room.server.change("daily.test/", front(0..3));
        let second = room.pass_after(30).await;
        assert_eq!(second.articles(), 1);
        assert_eq!(second.changed_files, [file.clone()]);
        let after = fs::read_to_string(&file).unwrap();
        assert!(after.starts_with(&before));
        assert_eq!(after.lines().count(), 4);
        assert!(after.lines().last().unwrap().starts_with('{'));

        room.server.change("daily.test/", front(0..4));
        let third = room.pass_after(30).await;
        assert_eq!(third.articles(), 1);
        assert!(third.changed_files.is_empty());
        assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 5);
    }
}
