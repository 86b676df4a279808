//! Sources come, go, move and change their names and settings, and no article is lost over it.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::process::Command;

use support::{Newsroom, Reply, page, story};

/// A front page with these links.
fn front(links: &[&str]) -> Reply {
    let links = links.iter().map(|link| {
        format!("<h2><a href=\"{link}\">What happened in the harbour last night</a></h2>")
    });
    Reply::html(&format!(
        "<html><body>{}</body></html>",
        links.collect::<String>()
    ))
}

/// An article, different for each number.
fn article(number: u64) -> Reply {
    Reply::html(&page(&format!("Night {number}"), &story(number)))
}

// Settings.

#[test]
fn the_files_of_a_crawl_are_next_to_its_settings_wherever_it_is_started() {
    let mut room = Newsroom::open();
    room.server
        .on("daily.test/", front(&["/news/one-long-night-out"]))
        .on("daily.test/news/one-long-night-out", article(1));
    room.source("daily", &["http://daily.test/"]);
    let settings = room.dir.path().join("settings");
    fs::create_dir(&settings).unwrap();
    let output = "[output]\ndir = \"../articles\"\n[network.resolve]\n";
    let config = room.config_file().replace("[network.resolve]\n", output);
    fs::write(settings.join("daily.toml"), config).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_newsprint"))
        .current_dir(tempfile::tempdir().unwrap().path())
        .args(["crawl", "--config"])
        .arg(settings.join("daily.toml"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{text}");
    assert!(settings.join("newsprint.db").exists());
    assert_eq!(room.written().len(), 1);
}

#[tokio::test]
async fn a_source_says_how_few_words_an_article_may_have() {
    let brief = "The ferry to the islands sails again from Monday morning, the harbour office said \
                 on Sunday evening. Tickets for the first week are sold at the old price of four \
                 crowns, and dogs travel free until the end of the month, it added.";
    for (min_words, stored) in [(Some(30), 1), (Some(200), 0)] {
        let mut room = Newsroom::open();
        room.server
            .on("daily.test/", front(&["/news/one-long-night-out"]))
            .on(
                "daily.test/news/one-long-night-out",
                Reply::html(&page("Ferry sails again", brief)),
            );
        room.source("daily", &["http://daily.test/"]).min_words = min_words;
        assert_eq!(room.pass().await.articles(), stored, "{min_words:?}");
    }
}
