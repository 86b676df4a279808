//! One source does no harm to another: not by what it names, and not by being slow.

#![cfg(feature = "crawl")]
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use newsprint::crawl::{self, CancellationToken, Event, Options, Progress, SourceSummary, Summary};
use support::{NIGHTS, Newsroom, Reply, front};
use tokio::sync::Notify;
use tokio::time::Instant;

fn row<'a>(summary: &'a Summary, source: &str) -> &'a SourceSummary {
    let mut rows = summary.sources.iter();
    rows.find(|row| row.name == source).unwrap()
}

// Slow sources.

#[tokio::test]
async fn a_pass_does_not_wait_for_far_off_turns_and_a_slow_host_advances_with_each() {
    for slow_by_robots in [true, false] {
        let mut room = Newsroom::open();
        room.site("daily.test", 6);
        room.site("slow.test", 3);
        room.source("daily", &["http://daily.test/"]);
        let slow = room.source("slow", &["http://slow.test/"]);
        if slow_by_robots {
            let robots = Reply::text("User-agent: *\nCrawl-delay: 120\n");
            room.server.may("slow.test/robots.txt", robots);
        } else {
            slow.requests_per_second = Some(1.0 / 200.0);
        }
        let first = room.pass().await;
        assert_eq!(row(&first, "daily").articles(), 6);
        assert_eq!(room.written().len(), 6);
        let left = &row(&first, "slow").left;
        assert_eq!((left[0].host.as_str(), left[0].addresses), ("slow.test", 1));
        assert!(row(&first, "slow").health_issues.is_empty());
        assert_eq!(first.cut_short, None);
        let mut articles = 0;
        for number in 1..40 {
            let asked = room.pass_after(15).await;
            articles += row(&asked, "slow").articles();
            let requests = room.asked();
            let requests = requests.iter().filter(|it| it.starts_with("slow"));
            assert!(requests.count() <= 1, "one turn in pass {number}");
        }
        assert_eq!(articles, 3, "by robots.txt: {slow_by_robots}");
        assert_eq!(room.written().len(), 9);
    }
}

#[tokio::test]
async fn a_pass_waits_for_a_host_as_long_as_the_settings_say() {
    for (wait, stored) in [(50, 0), (5_000, 3)] {
        let mut room = Newsroom::open();
        room.site("slow.test", 3);
        room.source("slow", &["http://slow.test/"])
            .requests_per_second = Some(5.0);
        room.crawl.host_wait = Duration::from_millis(wait);
        let summary = room.pass().await;
        assert_eq!(row(&summary, "slow").articles(), stored, "{wait} ms");
        assert_eq!(
            row(&summary, "slow").left.is_empty(),
            stored > 0,
            "{wait} ms"
        );
    }
}

#[tokio::test]
async fn a_slow_host_that_is_asked_once_a_day_is_not_only_asked_for_its_robots_txt() {
    let mut room = Newsroom::open();
    room.site("slow.test", 1);
    let robots = Reply::text("User-agent: *\nCrawl-delay: 61\n");
    room.server.may("slow.test/robots.txt", robots);
    room.source("slow", &["http://slow.test/"]);
    room.pass().await;
    assert_eq!(room.asked(), ["slow.test/robots.txt"]);
    // The file is kept for a day, and is there when the next pass begins.
    room.pass_after(23 * 60).await;
    assert_eq!(room.asked(), ["slow.test/"]);
}

/// Reports when as many articles are stored.
struct Stored {
    left: AtomicUsize,
    all: Notify,
}

impl Progress for Stored {
    fn event(&self, event: &Event<'_>) {
        if let Event::Visited { outcome, .. } = event
            && outcome.is_article()
            && self.left.fetch_sub(1, Ordering::Relaxed) == 1
        {
            self.all.notify_one();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn articles_are_in_their_files_within_a_minute_whatever_else_the_pass_waits_for() {
    let mut room = Newsroom::open();
    room.crawl.timeout = Duration::from_secs(7200);
    room.crawl.requests_per_second = 1e12;
    room.site("daily.test", 6);
    room.server.on("hangs.test/", Reply::never());
    room.source("daily", &["http://daily.test/"]);
    room.source("hangs", &["http://hangs.test/"]);
    // The clock moves by hand alone while a thread is blocked.
    let (held, wait) = channel::<()>();
    tokio::task::spawn_blocking(move || wait.recv());
    let stored = Stored {
        left: AtomicUsize::new(6),
        all: Notify::new(),
    };
    let options = Options {
        clock: room.clock.clone(),
        ..Options::default()
    };
    let (config, stop) = (room.config(), CancellationToken::new());
    let start = Instant::now();
    let mut written_after = None;
    let pass = crawl::run(&config, &options, &stop, &stored);
    let watch = async {
        stored.all.notified().await;
        let all_stored = Instant::now();
        // In steps that no request to the database takes for its own time-out.
        while start.elapsed() < Duration::from_secs(1800) {
            tokio::time::advance(Duration::from_millis(100)).await;
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            if written_after.is_none() && room.written().len() == 6 {
                written_after = Some(all_stored.elapsed());
                stop.cancel();
            }
        }
        stop.cancel();
    };
    let summary = tokio::select! {
        summary = pass => summary.unwrap(),
        () = watch => panic!("not written within half an hour"),
    };
    assert_eq!(row(&summary, "daily").articles(), 6);
    // The disk takes its time, while the clock is moved on.
    assert!(written_after.unwrap() <= Duration::from_secs(600));
    drop(held);
}

// What one source names of another's site.

/// How a hostile site names the pages of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attack {
    /// Its robots.txt names the other's news sitemap.
    Robots,
    /// Its front page declares a feed of the other's articles.
    DeclaredFeed,
    /// The settings name its feed, which lists the other's articles as old ones.
    OldFeed,
    /// The same, at addresses that answer 404.
    Variants,
    /// The same, as addresses of its own that redirect there.
    Redirects,
}

const ATTACKS: [Attack; 5] = [
    Attack::Robots,
    Attack::DeclaredFeed,
    Attack::OldFeed,
    Attack::Variants,
    Attack::Redirects,
];

/// A feed with these items, each with such a date.
fn feed(links: impl Iterator<Item = String>, date: &str) -> Reply {
    let items = links.map(|link| {
        format!(
            "<item><title>What happened in the harbour last night</title>\
             <link>{link}</link>{date}</item>"
        )
    });
    let items = items.collect::<String>();
    Reply::xml(&format!(
        "<rss version=\"2.0\"><channel><title>t</title>{items}</channel></rss>"
    ))
}

fn news_sitemap(host: &str) -> Reply {
    let urls = NIGHTS.map(|link| {
        format!(
            "<url><loc>http://{host}{link}</loc><news:news><news:publication_date>2027-01-14\
             </news:publication_date><news:title>Night</news:title></news:news></url>"
        )
    });
    Reply::xml(&format!(
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">{}</urlset>",
        urls.concat()
    ))
}

/// A newsroom with a hostile source that names the pages of `victim.test`.
fn attacked(attack: Attack) -> Newsroom {
    let mut room = Newsroom::open();
    room.site("victim.test", 6);
    let server = &room.server;
    server.may("victim.test/news.xml", news_sitemap("victim.test"));
    server.may("evil.test/", front(&[]));
    let of = |host: &'static str| {
        NIGHTS
            .iter()
            .map(move |link| format!("http://{host}{link}"))
    };
    let old = "<pubDate>Mon, 01 Jan 2001 00:00:00 GMT</pubDate>";
    match attack {
        Attack::Robots => {
            let robots = Reply::text("Sitemap: http://victim.test/news.xml\n");
            server.may("evil.test/robots.txt", robots);
        }
        Attack::DeclaredFeed => {
            let link = "<link rel=alternate type=application/rss+xml href=/feed>";
            let front = format!("<html><head>{link}</head><body></body></html>");
            server.may("evil.test/", Reply::html(&front));
            server.may("evil.test/feed", feed(of("victim.test"), ""));
        }
        Attack::OldFeed => drop(server.may("evil.test/feed", feed(of("victim.test"), old))),
        Attack::Variants => {
            server.may("www.victim.test/robots.txt", Reply::status(404));
            server.may("evil.test/feed", feed(of("www.victim.test"), ""));
            for link in NIGHTS {
                server.may(&format!("www.victim.test{link}"), Reply::status(404));
            }
        }
        Attack::Redirects => {
            server.may("evil.test/feed", feed(of("evil.test"), ""));
            for link in NIGHTS {
                let to = Reply::redirect(&format!("http://victim.test{link}"));
                server.may(&format!("evil.test{link}"), to);
            }
        }
    }
    let evil = room.source("evil", &["http://evil.test/"]);
    if !matches!(attack, Attack::Robots | Attack::DeclaredFeed) {
        evil.feeds = vec!["http://evil.test/feed".parse().unwrap()];
    }
    room
}

/// The addresses of the victim's articles, as the output files have them.
fn victims(room: &Newsroom) -> BTreeSet<String> {
    let articles = room.written().into_iter();
    let victims = articles.filter(|it| it.source.as_deref() == Some("victim"));
    victims.filter_map(|it| it.final_url).collect()
}

/// Six articles, whatever the hostile source was first to do, and in whichever pass the victim comes.
async fn assert_unharmed(mut room: Newsroom, what: &str) {
    room.pass().await;
    room.source("victim", &["http://victim.test/"]);
    room.pass_after(60).await;
    room.pass_after(60).await;
    let stored = victims(&room);
    assert_eq!(stored.len(), 6, "{what}: {stored:?}");
    // And they stay the victim's, at no more requests.
    room.pass_after(60).await;
    let pages = room.asked().into_iter();
    let pages = pages.filter(|it| it.starts_with("victim.test/news/"));
    assert_eq!(pages.count(), 0, "{what}");
}

#[tokio::test]
async fn what_a_hostile_source_names_with_other_settings_is_the_victims_all_the_same() {
    for attack in ATTACKS {
        let mut room = attacked(attack);
        room.sources[0].language = Some("de".to_owned());
        assert_unharmed(room, &format!("{attack:?}, language")).await;
        let mut room = attacked(attack);
        room.sources[0].min_words = Some(100_000);
        assert_unharmed(room, &format!("{attack:?}, min_words")).await;
    }
}

#[tokio::test]
async fn what_a_hostile_source_has_stored_is_the_victims_when_that_names_it() {
    for attack in ATTACKS {
        assert_unharmed(attacked(attack), &format!("{attack:?}")).await;
    }
}

#[tokio::test]
async fn a_hostile_source_in_the_same_pass_does_no_harm() {
    for attack in ATTACKS {
        let mut room = attacked(attack);
        room.sources[0].language = Some("de".to_owned());
        room.source("victim", &["http://victim.test/"]);
        room.pass().await;
        room.pass_after(60).await;
        assert_eq!(victims(&room).len(), 6, "{attack:?}");
    }
}
