//! The desk in a browser, driven as a person would: every page loads without a complaint and without a request to
//! elsewhere, and can be used by those who see little or have no mouse. Needs Debian's `chromium` and
//! `chromium-driver`; skips with a message where they are absent.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use support::{Browser, Desk, Newsroom};

/// A newsroom of two sources that was crawled.
async fn newsroom() -> Newsroom {
    let mut room = Newsroom::with_store(None);
    for (name, host) in [("daily", "daily.test"), ("weekly", "weekly.test")] {
        room.site(host, 6);
        room.source(name, &[&format!("http://{host}/")]);
    }
    room.pass().await;
    room
}

/// Nothing went wrong on the page, and nobody else was asked for anything.
fn check(browser: &Browser, desk: &Desk) {
    assert_eq!(browser.complaints(), serde_json::json!([]));
    let foreign = browser.requests().into_iter();
    let foreign: Vec<String> = foreign
        .filter(|it| !it.starts_with(&desk.origin) && !it.starts_with("data:"))
        .collect();
    assert_eq!(foreign, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_front_page_loads() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let desk = Desk::open(&newsroom().await).await;
    browser.open(&desk.origin);
    check(&browser, &desk);
    assert_eq!(browser.text("h1"), "Sources");
    desk.stop().await;
}
