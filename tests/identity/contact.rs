//! Nobody is visited by someone whom they could not reach.

use std::fs;

use crate::run;
use crate::support::{Newsroom, Reply, Server, newsprint};

const CONTACT: &str = "[crawl]\nuser_agent = \"newsprint/1 (+https://daily.news/bot)\"\n";

/// A configuration whose source is no host of this machine by its address, though nothing would leave it: to connect to
/// 0.0.0.0 is to connect to oneself.
fn abroad(head: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let source = "[network.resolve]\n'daily.news:80' = '0.0.0.0:9'\n\
                  [[source]]\nname = 'daily'\nstart = ['http://daily.news/']\n";
    fs::write(dir.path().join("config.toml"), format!("{head}{source}")).unwrap();
    dir
}

#[test]
fn a_crawl_without_a_contact_is_refused_before_anything_is_opened() {
    for line in [
        "crawl",
        "crawl --dry-run",
        "crawl --quiet --source daily",
        "crawl --every 1h",
    ] {
        let dir = abroad("[crawl]\nretries = 0\n");
        let ran = run(dir.path(), line);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{line}: {}", ran.err);
        assert!(
            ran.err
                .starts_with("newsprint: config.toml:1:1: there is no `user_agent`"),
            "{}",
            ran.err
        );
        assert!(
            ran.err
                .contains("below this line write user_agent = \"newsprint/"),
            "{}",
            ran.err
        );
        let files: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|it| it.unwrap().file_name())
            .collect();
        assert_eq!(files, ["config.toml"], "{line}");
    }
}

#[test]
fn the_example_of_the_project_is_refused_as_it_is() {
    for (file, place) in [
        ("config.toml", "config.toml:12:14: "),
        ("packaging/config.toml", "config.toml:12:14: "),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let text = fs::read_to_string(file).unwrap();
        let source = "[[source]]\nname = 'mine'\nstart = ['https://daily.news/']\n";
        fs::write(dir.path().join("config.toml"), text + source).unwrap();
        let ran = run(dir.path(), "crawl");
        assert_eq!(ran.code, 2, "{}", ran.err);
        let said = format!("newsprint: {place}`user_agent` names example.org");
        assert!(ran.err.starts_with(&said), "{}", ran.err);
    }
}

#[test]
fn commands_that_visit_nobody_go_on() {
    let dir = abroad("");
    for line in ["rules check", "schema config", "extract --help"] {
        let ran = run(dir.path(), line);
        assert!(!ran.err.contains("user_agent"), "{line}: {}", ran.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crawl_of_this_machine_alone_needs_no_contact_and_one_abroad_as_well_does() {
    let mut room = Newsroom::open();
    room.site("daily.test", 2);
    room.source("daily", &["http://daily.test/"]);
    let dir = room.dir.path();
    fs::write(dir.join("config.toml"), room.config_file()).unwrap();
    assert_eq!(run(dir, "crawl").code, 0);
    let asked = room.asked().len();
    let abroad = "[[source]]\nname = 'abroad'\nfeeds = ['http://daily.news/feed']\n";
    let resolve = "[network.resolve]\n\"daily.news:80\" = \"0.0.0.0:9\"\n";
    let both = room.config_file().replace("[network.resolve]\n", resolve) + abroad;
    fs::write(dir.join("config.toml"), both).unwrap();
    assert_eq!(run(dir, "crawl").code, 2);
    assert_eq!(room.asked().len(), asked);
    // The source at home alone.
    assert_eq!(run(dir, "crawl --source daily").code, 0);
}

#[test]
fn fetch_and_discover_warn_once_and_go_on_and_not_at_home() {
    // Nothing listens there; the warning is said before.
    let dir = abroad("[crawl]\nretries = 0\ntimeout = \"1s\"\n");
    for line in [
        "fetch http://daily.news/a http://daily.news/b",
        "discover http://daily.news/",
    ] {
        let ran = run(dir.path(), line);
        assert_ne!(ran.code, 2, "{line}: {}", ran.err);
        assert_eq!(
            ran.err
                .matches("webmasters cannot tell who visits them")
                .count(),
            1,
            "{line}: {}",
            ran.err
        );
        assert!(
            ran.err
                .contains("user_agent = \"mybot/1.0 (+https://YOUR-SITE/bot)\""),
            "{}",
            ran.err
        );
        let quiet = run(dir.path(), &format!("{line} --quiet"));
        assert!(!quiet.err.contains("webmasters"), "{}", quiet.err);
    }
    let dir = abroad(&CONTACT.replace("[crawl]\n", "[crawl]\nretries = 0\ntimeout = \"1s\"\n"));
    assert!(
        !run(dir.path(), "fetch http://daily.news/a")
            .err
            .contains("webmasters")
    );

    let server = Server::start();
    server.on("daily.test/a", Reply::html("<p>Hello</p>"));
    let resolve = format!(
        "[network.resolve]\n'daily.test:80' = '{}'\n",
        server.address
    );
    fs::write(dir.path().join("config.toml"), resolve).unwrap();
    let ran = newsprint(dir.path())
        .args(["fetch", "http://daily.test/a"])
        .output()
        .unwrap();
    assert!(!String::from_utf8_lossy(&ran.stderr).contains("webmasters"));
}
