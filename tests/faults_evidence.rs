//! Articles that were lost to a canonical URL of another page, and pages that were judged once and for
//! all: what another visit, another setting or another version finds out is not lost.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use newsprint::VisitOutcome;
use newsprint::config::Source;
use newsprint::crawl::{CrawlError, ReextractOptions, reextract};
use newsprint::frontier::{self, Schedule};
use newsprint::selectors::{SelectorKey, SelectorSet};
use newsprint::store::{self, AddressFilter, Filter};
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

// Judged again.

/// News in brief, in a plain layout that says nothing of what it is.
fn brief(number: u64) -> String {
    let text: Vec<String> = story(number)
        .split(' ')
        .take(45)
        .map(str::to_owned)
        .collect();
    format!(
        "<title>Bridge {number} shut until Friday</title><div class=col>\
         <h2>Bridge {number} shut until Friday</h2><div class=txt><p>{}.</p></div></div>",
        text.join(" ")
    )
}

/// A source whose front page links to three briefs, crawled once: all are refused.
async fn refused() -> Newsroom {
    refused_pages(3).await
}

async fn refused_pages(count: u64) -> Newsroom {
    let mut room = Newsroom::open();
    let mut links = String::new();
    for number in 1..=count {
        let path = format!("/news/bridge-{number}-shut-until-friday");
        links.push_str(&format!(
            "<a href={path}>Bridge {number} shut until Friday</a>"
        ));
        let address = format!("daily.test{path}");
        room.server.on(&address, Reply::html(&brief(number)));
    }
    room.server.on("daily.test/", Reply::html(&links));
    room.source("daily", &["http://daily.test/"]);
    let summary = room.pass().await;
    let outcomes = &summary.sources[0].outcomes;
    assert_eq!(
        outcomes.get(&VisitOutcome::NotArticle),
        Some(&count),
        "{outcomes:?}"
    );
    assert_eq!(room.raw_pages().await.len() as u64, count);
    room
}

/// Pages of `daily.test` that were asked for.
fn pages_asked(room: &Newsroom) -> usize {
    let asked = room.asked();
    asked.iter().filter(|it| it.contains("/news/")).count()
}

#[tokio::test]
async fn a_changed_setting_finds_the_articles_it_had_refused_on_the_kept_pages() {
    let select = |source: &mut Source| {
        source.select = vec![SelectorSet::of(&[(SelectorKey::Article, ".txt")], "here")];
    };
    let min_words = |source: &mut Source| source.min_words = Some(20);
    let changes: [&dyn Fn(&mut Source); 2] = [&select, &min_words];
    for change in changes {
        let mut room = refused().await;
        change(&mut room.sources[0]);
        let summary = room.pass_after(60).await;
        let source = &summary.sources[0];
        assert_eq!((source.judged_again, source.accepted), (3, 3));
        assert_eq!(room.written().len(), 3);
        assert_eq!(room.exported().await, 3);
        assert_eq!(pages_asked(&room), 0);
        // Once, not in every pass.
        let source = &room.pass_after(60).await.sources[0];
        assert_eq!((source.judged_again, source.accepted), (0, 0));
        assert_eq!(room.written().len(), 3);
    }
}

#[tokio::test]
async fn what_a_changed_setting_refuses_as_well_is_not_fetched_again() {
    let select = |source: &mut Source| {
        source.select = vec![SelectorSet::of(&[(SelectorKey::Article, ".none")], "here")];
    };
    let min_words = |source: &mut Source| source.min_words = Some(55);
    let changes: [&dyn Fn(&mut Source); 2] = [&select, &min_words];
    for change in changes {
        let mut room = refused().await;
        change(&mut room.sources[0]);
        let source = &room.pass_after(60).await.sources[0];
        assert_eq!((source.judged_again, source.accepted), (3, 0));
        assert_eq!(pages_asked(&room), 0);
    }
}

#[tokio::test]
async fn a_setting_that_has_nothing_to_do_with_it_judges_nothing_again() {
    let mut room = refused().await;
    room.sources[0].exclude = vec!["/video/**".to_owned()];
    let summary = room.pass_after(60).await;
    assert_eq!(summary.sources[0].judged_again, 0);
}

#[tokio::test]
async fn an_item_of_a_feed_is_an_article_though_a_link_named_it_first() {
    for kept in [true, false] {
        let mut room = refused().await;
        if !kept {
            room.keep_pages = Duration::ZERO;
        }
        let feeds = vec![Url::parse("http://daily.test/rss").unwrap()];
        room.sources[0].feeds = feeds;
        room.server.on(
            "daily.test/rss",
            feed(&["/news/bridge-2-shut-until-friday"]),
        );
        room.pass_after(60).await;
        room.pass_after(60).await;
        assert_eq!(
            titles(&room),
            ["Bridge 2 shut until Friday"],
            "kept: {kept}"
        );
    }
}

#[tokio::test]
async fn news_in_brief_that_a_feed_names_is_stored_at_once() {
    for sitemap in [false, true] {
        let mut room = Newsroom::open();
        let path = "/news/bridge-1-shut-until-friday";
        room.server
            .on(&format!("daily.test{path}"), Reply::html(&brief(1)));
        let url = vec![Url::parse("http://daily.test/list").unwrap()];
        let source = room.source("daily", &[]);
        let list = if sitemap {
            source.sitemaps = url;
            Reply::xml(&format!(
                "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
                 xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\"><url>\
                 <loc>http://daily.test{path}</loc><news:news><news:publication_date>2026-11-24\
                 </news:publication_date><news:title>Bridge</news:title></news:news></url></urlset>"
            ))
        } else {
            source.feeds = url;
            feed(&[path])
        };
        room.server.on("daily.test/list", list);
        assert_eq!(room.pass().await.articles(), 1, "sitemap: {sitemap}");
    }
}

#[tokio::test]
async fn what_reextract_finds_on_refused_pages_is_stored_and_counted() {
    let mut room = refused().await;
    room.server.forget_hits();
    room.sources[0].min_words = Some(20);
    for (dry_run, written) in [(true, 0), (false, 3)] {
        let options = ReextractOptions {
            dry_run,
            clock: room.clock.clone(),
            ..ReextractOptions::default()
        };
        let mut all = Vec::new();
        reextract(&room.config(), &options, |source| {
            all.push(source);
            Ok::<_, CrawlError>(())
        })
        .await
        .unwrap();
        assert_eq!((all[0].refused, all[0].accepted, all[0].new), (3, 3, 3));
        assert_eq!(room.written().len(), written);
    }
    assert!(room.asked().is_empty());
    // Neither the next pass nor another reextract finds anything left to do.
    let summary = room.pass_after(60).await;
    assert_eq!(summary.sources[0].judged_again, 0);
    assert_eq!(room.written().len(), 3);
}

#[tokio::test]
async fn a_wall_does_not_replace_a_page_that_was_refused() {
    let wall = "<title>Just a moment...</title><div id=cf-wrapper><h1>Checking your browser before \
                accessing daily.test</h1><p>Please enable cookies. This process is automatic. Your \
                browser will redirect shortly.</p></div>";
    let room = refused().await;
    let path = "daily.test/news/bridge-2-shut-until-friday";
    let before = kept(&room, path).await;
    assert!(before.contains("Bridge 2"));
    room.server.change(path, Reply::html(wall));
    let schedule = Schedule::new(Duration::ZERO, Duration::ZERO);
    let storage = frontier::open(&room.config().store.location, schedule).await;
    let all = AddressFilter::default();
    let retried = storage.unwrap().frontier.retry(&all, 0).await;
    assert_eq!(retried.unwrap(), 3);
    let summary = room.pass_after(60).await;
    let outcomes = &summary.sources[0].outcomes;
    assert_eq!(
        outcomes.get(&VisitOutcome::Challenge),
        Some(&1),
        "{outcomes:?}"
    );
    assert_eq!(kept(&room, path).await, before);
}

/// The kept page of this address.
async fn kept(room: &Newsroom, address: &str) -> String {
    let store = store::open(&room.config().store.location).await.unwrap();
    let mut pages = store.pages(Filter::default());
    while let Some(page) = pages.next().await.unwrap() {
        if page.url.ends_with(address) {
            return String::from_utf8(page.bytes).unwrap();
        }
    }
    String::new()
}

// Killed.

/// `newsprint` in the room's folder, where a source's `min_words` lets the briefs pass.
fn newsprint(room: &Newsroom, command: &str) -> Command {
    let config = room.config_file() + "min_words = 20\n";
    fs::write(room.dir.path().join("config.toml"), config).unwrap();
    let mut newsprint = support::newsprint(room.dir.path());
    newsprint
        .arg(command)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    newsprint
}

#[tokio::test]
async fn judging_again_may_be_killed_at_any_moment_and_ends_with_each_article_once() {
    const PAGES: usize = 24;
    for command in ["reextract", "crawl"] {
        let room = refused_pages(PAGES as u64).await;
        let mut kills = 0;
        loop {
            let before = room.exported().await;
            let mut child = newsprint(&room, command).spawn().unwrap();
            // Killed when it has stored a few more, unless it ends first.
            let ended = loop {
                if let Some(status) = child.try_wait().unwrap() {
                    break Some(status);
                }
                if kills < 4 && room.exported().await > before + 2 {
                    child.kill().unwrap();
                    child.wait().unwrap();
                    kills += 1;
                    break None;
                }
                tokio::task::yield_now().await;
            };
            if ended.is_some() {
                break;
            }
        }
        assert!(kills > 0, "{command}");
        assert_eq!(room.exported().await, PAGES, "{command}");
        let mut ids: Vec<String> = room.written().into_iter().map(|it| it.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(
            (ids.len(), room.written().len()),
            (PAGES, PAGES),
            "{command}"
        );
    }
}
