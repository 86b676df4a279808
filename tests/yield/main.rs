//! What a crawl brings home: twelve made newspapers, five passes, and faults of every kind. All that
//! they publish is stored, whole and once, or listed with the reason why not.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod bad_input;
mod faults;
#[cfg(unix)]
mod kills;
mod pages;
mod prose;
mod report;
mod sites;
#[path = "../support/mod.rs"]
mod support;
mod world;

use std::time::Duration;

use report::{lost, problems, requests};
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

/// Of 240 articles, 24 are gone for good, and much goes wrong with the others.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_for_good_is_listed_with_its_cause_and_all_else_is_stored() {
    let mut room = Newsroom::open();
    let sites = sites(3, NOW, false, true);
    five_passes(&mut room, &sites).await;
    // Until the last of what is gone has been tried for the last time.
    for hours in [24, 72, 60] {
        room.clock.advance(Duration::from_secs(3600 * hours));
        room.pass().await;
    }
    let problems = problems(&room, &sites).await;
    assert!(problems.is_empty(), "{problems}");
    requests(&room, &sites);
    lost(&room, &sites).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_quiet_sites_cost_one_conditional_request_an_entry_point() {
    let mut room = Newsroom::open();
    let sites = sites(4, NOW, true, false);
    world::serve(&mut room, &sites);
    room.pass().await;
    let second = room.pass_after(30).await;
    assert_eq!(second.articles(), 0);
    let mut asked = room.asked();
    asked.sort();
    let mut expected: Vec<String> = sites.iter().flat_map(Site::entry_points).collect();
    expected.sort();
    assert_eq!(asked, expected);
    for hit in room.server.hits() {
        assert!(hit.headers.contains_key("if-none-match"), "{hit:?}");
    }
}
