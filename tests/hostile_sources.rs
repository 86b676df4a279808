//! One source does no harm to another: not by what it names, and not by being slow.

#![cfg(feature = "crawl")]
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use newsprint::crawl::{self, CancellationToken, Event, Options, Progress, SourceSummary, Summary};
use support::{Newsroom, Reply, page, story};
use tokio::sync::Notify;
use tokio::time::Instant;

const LINKS: [&str; 6] = [
    "/news/one-long-night-in-the-harbour",
    "/news/two-long-nights-in-the-harbour",
    "/news/three-long-nights-in-the-harbour",
    "/news/four-long-nights-in-the-harbour",
    "/news/five-long-nights-in-the-harbour",
    "/news/six-long-nights-in-the-harbour",
];

/// A front page with these links.
fn front(links: &[&str]) -> Reply {
    let links = links.iter().map(|link| {
        format!("<h2><a href=\"{link}\">What happened in the harbour last night</a></h2>")
    });
    let links = links.collect::<String>();
    Reply::html(&format!("<html><body>{links}</body></html>"))
}

/// A site with a front page and as many articles, which may be asked for any number of times.
fn site(room: &Newsroom, host: &str, articles: usize) {
    let server = &room.server;
    server.may(&format!("{host}/"), front(&LINKS[..articles]));
    for (number, link) in (0..).zip(&LINKS[..articles]) {
        let headline = format!("Night {number} in the harbour of {host}");
        let text = story(number + 100 * host.len() as u64);
        server.may(
            &format!("{host}{link}"),
            Reply::html(&page(&headline, &text)),
        );
    }
}

fn row<'a>(summary: &'a Summary, source: &str) -> &'a SourceSummary {
    let mut rows = summary.sources.iter();
    rows.find(|row| row.name == source).unwrap()
}

// Slow sources.

#[tokio::test]
async fn a_pass_does_not_wait_for_far_off_turns_and_a_slow_host_advances_with_each() {
    for slow_by_robots in [true, false] {
        let mut room = Newsroom::open();
        site(&room, "daily.test", 6);
        site(&room, "slow.test", 3);
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
async fn a_slow_host_that_is_asked_once_a_day_is_not_only_asked_for_its_robots_txt() {
    let mut room = Newsroom::open();
    site(&room, "slow.test", 1);
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
    site(&room, "daily.test", 6);
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
