//! `newsprint copy`: a store that was crawled, copied to a server and back.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::process::Command;

use support::{Newsroom, Ran, TestDatabase, newsprint};

/// A newsroom in a file, crawled once.
async fn crawled() -> Newsroom {
    let mut room = Newsroom::with_store(None);
    room.site("daily.test", 3);
    room.source("daily", &["http://daily.test/"]);
    assert_eq!(room.pass().await.articles(), 3);
    fs::write(room.dir.path().join("config.toml"), room.config_file()).unwrap();
    room
}

fn ran(command: &mut Command) -> Ran {
    Ran::from(command.output().unwrap())
}

#[tokio::test]
async fn a_crawled_store_goes_to_a_server_and_back_and_exports_the_same() {
    let Some(database) = TestDatabase::create_empty() else {
        return;
    };
    let room = crawled().await;
    let dir = room.dir.path();
    let file = format!("sqlite:{}", dir.join("newsprint.db").display());
    let there = ran(newsprint(dir).args(["copy", &file, &database.url()]));
    assert_eq!(there.code, 0, "{}", there.err);
    let equal = there.out.lines().filter(|it| it.ends_with("equal")).count();
    assert_eq!(equal, there.out.lines().count());
    let articles = there.out.lines().find(|it| it.starts_with("articles "));
    assert!(articles.unwrap().contains(" 3 rows "), "{}", there.out);
    let first = ran(newsprint(dir).arg("export"));

    let config = fs::read_to_string(dir.join("config.toml")).unwrap();
    for place in [database.url(), "sqlite:back.db".to_owned()] {
        if place.starts_with("sqlite:") {
            let back = ran(newsprint(dir).args(["copy", &database.url(), &place]));
            assert_eq!((back.code, &back.out), (0, &there.out), "{}", back.err);
        }
        let moved = format!("[store]\nurl = {place:?}\n\n{config}");
        fs::write(dir.join("moved.toml"), &moved).unwrap();
        let export = ran(newsprint(dir).args(["export", "--config", "moved.toml"]));
        assert_eq!(export.code, 0, "{}", export.err);
        assert_eq!(export.out, first.out, "{place}");
        assert_eq!(export.out.lines().count(), 3);
    }
}

#[tokio::test]
async fn what_cannot_be_copied_is_named_without_a_password() {
    let room = crawled().await;
    let dir = room.dir.path();
    let file = format!("sqlite:{}", dir.join("newsprint.db").display());
    for (arguments, code, line) in [
        ([&*file, "sqlite:copy.db"], 0, ""),
        (
            [&*file, "sqlite:copy.db"],
            1,
            "copy.db has a store of its own already",
        ),
        ([&*file, &*file], 2, "can't be copied into itself"),
        (
            ["sqlite:none.db", "sqlite:new.db"],
            1,
            "there is no store at none.db",
        ),
        (
            [&*file, "mysql://a:s3cret@b/c"],
            2,
            "TO is no store: name a SQLite file",
        ),
        (
            [
                &*file,
                "postgres://a:s3cret@db.example.org/c?sslmode=disable",
            ],
            1,
            "cannot open postgres://a@db.example.org/c",
        ),
    ] {
        let run = ran(newsprint(dir).arg("copy").args(arguments));
        assert_eq!(run.code, code, "{arguments:?} {}", run.err);
        assert!(run.err.contains(line), "{}", run.err);
        assert!(!run.err.contains("s3cret"), "{}", run.err);
    }
}
