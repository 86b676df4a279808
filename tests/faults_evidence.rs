//! Articles that were lost to a canonical URL of another page, and pages that were judged once and for
//! all: what another visit, another setting or another version finds out is not lost.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use support::{Newsroom, Reply, page, story};
use url::Url;

/// A feed that names these paths of `daily.test`.
fn feed(paths: &[&str]) -> Reply {
    let item = |path: &&str| {
        let path = path.replace('&', "&amp;");
        format!("<item><title>A night</title><link>http://daily.test{path}</link></item>")
    };
    let items: String = paths.iter().map(item).collect();
    Reply::xml(&format!(
        "<rss version=\"2.0\"><channel>{items}</channel></rss>"
    ))
}

fn stating(canonical: &str, html: &str) -> String {
    let link = format!("<head><link rel=canonical href=\"{canonical}\">");
    html.replace("<head>", &link)
}

fn titles(room: &Newsroom) -> Vec<String> {
    let written = room.written().into_iter();
    let mut titles: Vec<String> = written.filter_map(|it| it.title).collect();
    titles.sort();
    titles
}

/// Crawls a site with these pages (path, canonical URL, headline, number of the story), once all of
/// them and once each in a pass of its own, in this order.
async fn crawled(pages: &[(&str, &str, &str, u64)], mut check: impl FnMut(&Newsroom)) {
    for at_once in [true, false] {
        let mut room = Newsroom::open();
        room.source("daily", &[]).feeds = vec![Url::parse("http://daily.test/rss").unwrap()];
        for (path, canonical, headline, number) in pages {
            let html = page(headline, &story(*number));
            let html = if canonical.is_empty() {
                html
            } else {
                stating(canonical, &html)
            };
            room.server
                .may(&format!("daily.test{path}"), Reply::html(&html));
        }
        let paths: Vec<&str> = pages.iter().map(|(path, ..)| *path).collect();
        for known in 1..=paths.len() {
            if at_once && known < paths.len() {
                continue;
            }
            let named = feed(&paths[..known]);
            if at_once || known == 1 {
                room.server.on("daily.test/rss", named);
            } else {
                room.server.change("daily.test/rss", named);
            }
            room.pass_after(24 * 60).await;
        }
        check(&room);
    }
}

#[tokio::test]
async fn an_article_whose_address_another_page_states_is_stored() {
    let pages = [
        (
            "/news/bridge-closed-again",
            "/news/ferry-sails-again",
            "Bridge",
            1,
        ),
        ("/news/ferry-sails-again", "", "Ferry", 2),
    ];
    crawled(&pages, |room| assert_eq!(titles(room), ["Bridge", "Ferry"])).await;
    // Numbers, a chain, and a page that states its own address.
    let pages = [
        ("/story?id=48211", "/story?id=48212", "Bridge", 1),
        ("/story?id=48212", "/story?id=48213", "Ferry", 2),
        ("/story?id=48213", "/story?id=48213", "Market", 3),
    ];
    crawled(&pages, |room| {
        assert_eq!(titles(room), ["Bridge", "Ferry", "Market"]);
    })
    .await;
}

#[tokio::test]
async fn an_article_at_several_addresses_is_stored_once_whichever_is_seen_first() {
    let canonical = "/news/ferry-sails-again-48213";
    let views = [
        "/print/48213",
        "/drucken?artikel=7",
        "/amp/news/ferry-sails-again-48213",
        "/news/ferry-sails-again-48213?page=1",
    ];
    for view in views {
        let pages = [
            (view, canonical, "Ferry", 1),
            (canonical, canonical, "Ferry", 1),
        ];
        crawled(&pages, |room| assert_eq!(titles(room), ["Ferry"], "{view}")).await;
        let pages = [pages[1], pages[0]];
        crawled(&pages, |room| assert_eq!(titles(room), ["Ferry"], "{view}")).await;
    }
}

#[tokio::test]
async fn further_pages_of_an_article_lose_neither_it_nor_themselves() {
    let first = "/news/ferry-sails-again";
    for second in [
        "/news/ferry-sails-again?page=2",
        "/news/ferry-sails-again/2",
    ] {
        let pages = [
            (first, first, "Ferry", 1),
            (second, first, "Ferry, page 2", 2),
        ];
        crawled(&pages, |room| assert_eq!(titles(room), ["Ferry"])).await;
        // The first page is not lost to the second.
        let pages = [pages[1], pages[0]];
        crawled(&pages, |room| {
            assert!(titles(room).contains(&"Ferry".to_owned()), "{second}");
        })
        .await;
    }
}
