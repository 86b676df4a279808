//! What is asked again, what is not, and in which order: no answer of a page is final but a final one.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use newsprint::VisitOutcome;
use newsprint::crawl::{self, CancellationToken, Options, Silent};
use support::{Newsroom, Reply, page, story};

const HOUR: u64 = 60;
const DAY: u64 = 24 * HOUR;

/// A site whose answers a test changes from pass to pass, by path; what it does not know is 404.
#[derive(Clone, Default)]
struct Site(Arc<Mutex<BTreeMap<String, Reply>>>);

impl Site {
    /// Opens a room with this site at `daily.test`, and a source that begins there.
    fn open() -> (Site, Newsroom) {
        let (site, mut room) = (Site::default(), Newsroom::open());
        let answers = site.clone();
        room.server.site("daily.test", move |hit| {
            let answers = answers.0.lock().unwrap();
            answers
                .get(&hit.path)
                .cloned()
                .unwrap_or_else(|| Reply::status(404))
        });
        room.source("daily", &["http://daily.test/"]);
        (site, room)
    }

    fn set(&self, path: &str, reply: Reply) {
        self.0.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// The front page links to these.
    fn front(&self, links: &[String]) {
        let links = links.iter().map(|link| {
            format!("<h2><a href=\"{link}\">What happened in the harbour last night</a></h2>")
        });
        let links: String = links.collect();
        self.set(
            "/",
            Reply::html(&format!("<html><body>{links}</body></html>")),
        );
    }

    fn article(&self, path: &str, number: u64) {
        self.set(path, Reply::html(&page("A night", &story(number))));
    }
}

fn path(number: u64) -> String {
    format!("/news/night-{}", 1_000 + number)
}

/// How often this path was asked for since the hits were last forgotten.
fn asked(room: &Newsroom, path: &str) -> usize {
    let hits = room.server.hits();
    hits.iter().filter(|hit| hit.path == path).count()
}

/// What may stand in the place of an article for a while.
fn passing() -> Vec<Reply> {
    let challenge = "<html><head><title>Just a moment...</title></head><body>\
                     <p>Checking your browser before accessing the site.</p></body></html>";
    let missing = "<html><head><title>Page not found</title></head><body>\
                   <h1>404</h1><p>The page you are looking for was not found.</p></body></html>";
    [400, 401, 403, 404, 408, 421, 425, 451, 503]
        .map(Reply::status)
        .into_iter()
        .chain([
            Reply::html(""),
            Reply::new(202, "text/html", ""),
            Reply::html(challenge),
            Reply::html(missing),
            Reply::redirect(&path(0)),
        ])
        .collect()
}

#[tokio::test]
async fn an_article_that_something_else_stands_in_for_at_first_is_stored_an_hour_later() {
    for (number, first) in passing().into_iter().enumerate() {
        let (site, room) = Site::open();
        site.front(&[path(0)]);
        site.set(&path(0), first);
        assert_eq!(room.pass().await.articles(), 0, "answer {number}");
        site.article(&path(0), 1);
        assert_eq!(room.pass_after(HOUR).await.articles(), 1, "answer {number}");
        assert_eq!(room.pass_after(9 * DAY).await.sources[0].pages(), 0);
    }
}

#[tokio::test]
async fn what_is_gone_or_missing_and_named_no_more_is_not_asked_for_again() {
    for (status, expected) in [(410, 1), (404, 2)] {
        let (site, room) = Site::open();
        site.article(&path(1), 1);
        site.front(&[path(0), path(1)]);
        site.set(&path(0), Reply::status(status));
        let mut count = 0;
        for hour in 0..20 {
            room.pass_after(5 * HOUR).await;
            count += asked(&room, &path(0));
            if hour == 0 {
                site.front(&[path(1)]);
            }
        }
        assert_eq!(count, expected, "{status}");
    }
}

#[tokio::test]
async fn errors_of_a_section_for_a_day_leave_it_open() {
    for bad in [Reply::status(403), Reply::status(404), Reply::html("")] {
        let (site, room) = Site::open();
        let links = |from: u64| -> Vec<String> {
            let section = (from..from + 15).map(|it| format!("/city/night-{}", 1_000 + it));
            section.chain([path(0)]).collect()
        };
        site.article(&path(0), 0);
        let mut stored = 0;
        for day in 0..4 {
            let links = links(15 * day);
            site.front(&links);
            for (number, link) in (100 * (day + 1)..).zip(&links[..15]) {
                match day {
                    3 => site.article(link, number),
                    _ => site.set(link, bad.clone()),
                }
            }
            stored = room.pass_after(DAY).await.articles();
        }
        assert_eq!(stored, 15);
    }
}

/// A pass of forty pages.
async fn forty_pages(room: &Newsroom) {
    room.server.forget_hits();
    let options = Options {
        clock: room.clock.clone(),
        max_pages: Some(40),
        ..Options::default()
    };
    let stop = CancellationToken::new();
    crawl::run(&room.config(), &options, &stop, &Silent)
        .await
        .unwrap();
}

#[tokio::test]
async fn new_links_are_asked_for_before_older_pages_of_a_sitemap() {
    for by_feed in [false, true] {
        let (site, mut room) = Site::open();
        if by_feed {
            let feed = "http://daily.test/feed.xml".parse().unwrap();
            room.sources[0].feeds = vec![feed];
        }
        room.sources[0].sitemaps = vec!["http://daily.test/map.xml".parse().unwrap()];
        let entries = (0..300_u64).map(|number| {
            let day = 1 + number % 20;
            site.article(&format!("/archive/night-{}", 5_000 + number), number);
            format!(
                "<url><loc>http://daily.test/archive/night-{}</loc>\
                 <lastmod>2026-11-{day:02}</lastmod></url>",
                5_000 + number
            )
        });
        let map = format!("<urlset>{}</urlset>", entries.collect::<String>());
        site.set("/map.xml", Reply::xml(&map));
        for pass in 0..2 {
            let new: Vec<String> = (10 * pass..10 * pass + 10).map(path).collect();
            for (number, link) in (1_000 * (pass + 1)..).zip(&new) {
                site.article(link, number);
            }
            site.front(if by_feed { &[] } else { &new });
            let items = new.iter().map(|link| {
                format!("<item><title>A night</title><link>http://daily.test{link}</link></item>")
            });
            let items: String = items.collect();
            let feed =
                format!("<rss version=\"2.0\"><channel><title>t</title>{items}</channel></rss>");
            site.set("/feed.xml", Reply::xml(&feed));
            room.clock.advance(std::time::Duration::from_secs(3_600));
            forty_pages(&room).await;
            for link in &new {
                assert_eq!(asked(&room, link), 1, "{link}, by a feed: {by_feed}");
            }
            let hits = room.server.hits();
            let archive = hits.iter().filter(|hit| hit.path.starts_with("/archive/"));
            assert_eq!(archive.count(), 30, "the rest of the pass is the backlog's");
        }
    }
}

#[tokio::test]
async fn what_is_older_than_max_age_is_counted_once_and_fetched_when_that_is_raised() {
    for count in [1, 12] {
        let (site, mut room) = Site::open();
        room.sources[0].sitemaps = vec!["http://daily.test/map.xml".parse().unwrap()];
        let entries = (0..count).map(|number| {
            site.article(&path(number), number);
            format!(
                "<url><loc>http://daily.test{}</loc><lastmod>2026-06-01</lastmod></url>",
                path(number)
            )
        });
        let map = format!("<urlset>{}</urlset>", entries.collect::<String>());
        site.set("/map.xml", Reply::xml(&map));
        site.front(&[]);
        let too_old = room.pass().await.sources[0].outcomes.clone();
        assert_eq!(too_old, [(VisitOutcome::TooOld, count)].into());
        let again = room.pass_after(2 * DAY).await;
        assert!(again.sources[0].outcomes.is_empty());
        room.crawl.max_age = None;
        assert_eq!(room.pass_after(2 * DAY).await.articles(), count);
    }
}
