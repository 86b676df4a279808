//! What a crawl brings home: twelve made newspapers, five passes, and faults of every kind. All that
//! they publish is stored, whole and once, or listed with the reason why not.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod faults;
mod pages;
mod prose;
mod report;
mod sites;
#[path = "../support/mod.rs"]
mod support;
mod world;

use std::time::Duration;

use report::{problems, requests};
use sites::{HOURS, Site, sites};
use support::{NOW, Newsroom};

/// Crawls the sites five times, hours to days apart.
async fn five_passes(room: &mut Newsroom, sites: &[Site]) {
    let now = world::serve(room, sites);
    for (pass, hours) in HOURS.into_iter().enumerate() {
        room.clock.advance(Duration::from_secs(3600 * hours));
        now.lock().unwrap().pass = pass;
        room.pass().await;
    }
}

async fn all_are_stored(seed: u64) {
    let mut room = Newsroom::open();
    let sites = sites(seed, NOW, false, false);
    five_passes(&mut room, &sites).await;
    let problems = problems(&room, &sites).await;
    assert!(problems.is_empty(), "seed {seed}:\n{problems}");
    requests(&room, &sites);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_article_of_twelve_sites_is_stored_whole_and_once() {
    let mut room = Newsroom::open();
    let sites = sites(0, NOW, true, false);
    five_passes(&mut room, &sites).await;
    let problems = problems(&room, &sites).await;
    assert!(problems.is_empty(), "{problems}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_article_is_stored_though_much_goes_wrong_at_first() {
    all_are_stored(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_article_is_stored_though_other_things_go_wrong_at_first() {
    all_are_stored(2).await;
}
