//! How much memory the program takes. A file of its own, since what is measured is the most that any
//! process held which this one began, itself included at the moment of beginning it.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

mod support;

use std::fs;

use nix::sys::resource::{UsageWho, getrusage};
use support::{Newsroom, Reply, newsprint, page, story};

#[test]
fn a_hundred_thousand_addresses_take_no_more_memory_than_a_few() {
    let mut room = Newsroom::open();
    let map = |from: u64| {
        let url = |number| format!("<url><loc>http://big.test/news/night-{number}</loc></url>");
        let urls: String = (from..from + 50_000).map(url).collect();
        Reply::xml(&format!("<urlset>{urls}</urlset>"))
    };
    room.server
        .on("big.test/one.xml", map(100_000))
        .on("big.test/two.xml", map(150_000));
    for number in 100_000..100_100 {
        let html = page("A long night", &story(number));
        let address = format!("big.test/news/night-{number}");
        room.server.may(&address, Reply::html(&html));
    }
    let maps = ["http://big.test/one.xml", "http://big.test/two.xml"];
    room.source("big", &[]).sitemaps = maps.map(|url| url.parse().unwrap()).to_vec();
    let dir = room.dir.path();
    fs::write(dir.join("config.toml"), room.config_file()).unwrap();
    for pages in ["1", "30", "60"] {
        let pass = newsprint(dir)
            .args(["crawl", "--quiet", "--max-pages", pages])
            .output();
        let pass = pass.unwrap();
        assert_eq!(
            pass.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&pass.stderr)
        );
    }
    let status = newsprint(dir)
        .args(["status", "--format", "json"])
        .output()
        .unwrap();
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    let waiting = status[0]["waiting"].as_u64().unwrap();
    assert!(waiting > 99_000, "{waiting}");
    // In KiB on Linux.
    let most = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
    assert!(most < 150 * 1024, "{most} KiB");
}
