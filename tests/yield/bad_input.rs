//! Sites that would have a crawl ask for ever, or hold without end.

use std::collections::BTreeMap;
use std::time::Duration;

use newsprint::VisitOutcome;
use newsprint::crawl::{self, CancellationToken, Options, Silent};

use crate::prose::{Language, Random};
use crate::support::{Newsroom, Reply, page, story};

const HOUR: u64 = 60;
/// Requests in answer to failures that a host may get a day, and what new pages and front pages add.
const RETRIES_A_DAY: usize = 200;

/// A front page with so many links to articles, from a number on.
fn front(from: usize, count: usize) -> String {
    let mut random = Random::new(from as u64);
    let links: String = (from..from + count)
        .map(|number| {
            let title = Language::English.headline(&mut random);
            format!(
                "<h2><a href=\"/news/{}-{number}\">{title}</a></h2>",
                1_000 + number
            )
        })
        .collect();
    format!("<html><body>{links}</body></html>")
}

/// Requests to a host for pages, a number for each of so many passes.
async fn asked_by_day(
    room: &Newsroom,
    days: usize,
    passes: usize,
    daily: impl Fn(usize),
) -> Vec<usize> {
    let mut asked = Vec::new();
    for day in 0..days {
        daily(day);
        room.server.forget_hits();
        for _ in 0..passes {
            room.clock
                .advance(Duration::from_secs(24 * 3600 / passes as u64));
            room.pass().await;
        }
        let hits = room.server.hits();
        asked.push(
            hits.iter()
                .filter(|it| it.path.starts_with("/news/"))
                .count(),
        );
    }
    asked
}

#[tokio::test]
async fn a_site_whose_pages_are_all_missing_is_asked_ever_less() {
    let mut room = Newsroom::open();
    let day = std::sync::Arc::new(std::sync::Mutex::new(0));
    let today = std::sync::Arc::clone(&day);
    room.server
        .site("daily.test", move |hit| match hit.path.as_str() {
            // Twenty new links each day, and all of them lead nowhere.
            "/" => Reply::html(&front(20 * *today.lock().unwrap(), 40)),
            _ => Reply::status(404),
        });
    room.source("daily", &["http://daily.test/"]);
    let asked = asked_by_day(&room, 30, 1, |now| *day.lock().unwrap() = now).await;
    let first: usize = asked[..10].iter().sum();
    let last: usize = asked[20..].iter().sum();
    assert!(2 * last < first, "{asked:?}");
    assert!(asked[29] <= 60, "{asked:?}");
}

#[tokio::test]
async fn a_site_that_is_missing_as_a_whole_is_asked_ever_less() {
    let mut room = Newsroom::open();
    let day = std::sync::Arc::new(std::sync::Mutex::new(0));
    let today = std::sync::Arc::clone(&day);
    room.server.site("daily.test", move |hit| {
        match (hit.path.as_str(), *today.lock().unwrap()) {
            ("/", 0) => Reply::html(&front(0, 40)),
            _ => Reply::status(404),
        }
    });
    room.source("daily", &["http://daily.test/"]);
    let asked = asked_by_day(&room, 30, 1, |now| *day.lock().unwrap() = now).await;
    assert!(asked.iter().sum::<usize>() <= 5 * 40, "{asked:?}");
    assert!(asked[20..].iter().sum::<usize>() <= 5 * 10, "{asked:?}");
}

#[tokio::test]
async fn retries_are_bounded_by_host_and_day() {
    for status in [403, 404] {
        let mut room = Newsroom::open();
        room.server
            .site("daily.test", move |hit| match hit.path.as_str() {
                "/" => Reply::html(&front(0, 300)),
                _ => Reply::status(status),
            });
        room.source("daily", &["http://daily.test/"]);
        let asked = asked_by_day(&room, 8, 2, |_| {}).await;
        // Each page is new once.
        let retries: usize = asked.iter().sum::<usize>().saturating_sub(300);
        assert!(
            retries <= RETRIES_A_DAY * asked.len(),
            "{status}: {asked:?}"
        );
        for asked in &asked[4..] {
            assert!(*asked <= RETRIES_A_DAY + 100, "{status}: {asked:?}");
        }
    }
}

#[tokio::test]
async fn a_feed_of_a_hundred_thousand_damaged_items_stays_within_limits() {
    let mut room = Newsroom::open();
    let item = |number: usize| match number % 4 {
        0 => format!("<item><link>http://f.test/{number}&x</link>"),
        1 => format!("<item><title>A & B {number}<p></item>"),
        2 => format!("<item><link>mailto:{number}</item>"),
        _ => format!("<item><LINK>[{number}</LINK><guid>"),
    };
    let items: String = (0..100_000).map(item).collect();
    let feed = format!("<rss><channel>{items}");
    room.crawl.max_body = 64 << 20;
    room.server
        .site("f.test", move |hit| match hit.path.as_str() {
            "/rss" => Reply::xml(&feed),
            _ => Reply::html(&page("A night", &story(hit.path.len() as u64))),
        });
    room.source("feed", &[]).feeds = vec!["http://f.test/rss".parse().unwrap()];
    let options = Options {
        clock: room.clock.clone(),
        max_pages: Some(20),
        ..Options::default()
    };
    let stop = CancellationToken::new();
    let summary = crawl::run(&room.config(), &options, &stop, &Silent)
        .await
        .unwrap();
    assert_eq!(summary.sources[0].pages(), 20);
    assert!(room.server.hits().len() < 30);
}

#[tokio::test]
async fn refreshes_and_redirects_that_lead_nowhere_end_as_redirects_do() {
    let mut room = Newsroom::open();
    room.crawl.max_redirects = 5;
    let cases: Vec<(&str, VisitOutcome)> = vec![
        ("refresh-to-itself", VisitOutcome::Empty),
        ("refresh-loop", VisitOutcome::Redirects),
        ("refresh-chain", VisitOutcome::Redirects),
        ("cookie-loop", VisitOutcome::Redirects),
        ("cookie-flood", VisitOutcome::Redirects),
        ("refresh-inwards", VisitOutcome::BlockedAddress),
        ("redirect-inwards", VisitOutcome::BlockedAddress),
        ("header-inwards", VisitOutcome::BlockedAddress),
    ];
    for (name, _) in &cases {
        let host = format!("{name}.test");
        room.server.site(&host, move |hit| {
            hopeless(&hit.host, &hit.path, hit.headers.get("cookie"))
        });
        room.source(name, &[&format!("http://{host}/")]);
    }
    let summary = room.pass().await;
    for ((name, expected), source) in cases.iter().zip(&summary.sources) {
        let outcomes = BTreeMap::from_iter([(*expected, 1)]);
        assert_eq!(source.outcomes, outcomes, "{name}");
        let asked = room.server.paths(&format!("{name}.test"));
        assert!(asked.len() < 30, "{name}: {asked:?}");
    }
    // Within the hour, none is asked again.
    room.pass_after(HOUR / 2).await;
    let asked = room.asked();
    assert!(asked.iter().all(|it| !it.contains("/news/")), "{asked:?}");
}

/// Pages that lead nowhere, each in its way.
fn hopeless(host: &str, path: &str, cookie: Option<&String>) -> Reply {
    let refresh = |to: &str| {
        Reply::html(&format!(
            "<meta http-equiv=refresh content=\"0; url={to}\"><p>One moment"
        ))
    };
    if path == "/" {
        return Reply::html(&front(0, 1));
    }
    if !path.starts_with("/news/") {
        return Reply::status(404);
    }
    let step = path
        .rsplit_once("?step=")
        .and_then(|(_, step)| step.parse().ok());
    let step: usize = step.unwrap_or(0);
    match host.trim_end_matches(".test") {
        "refresh-to-itself" => refresh(path),
        "refresh-loop" => refresh(if step == 0 { "?step=1" } else { "/news/1000-0" }),
        "refresh-chain" => refresh(&format!("?step={}", step + 1)),
        "cookie-loop" => Reply::redirect(path).header("Set-Cookie", "a=1"),
        "cookie-flood" => {
            let mut reply = Reply::redirect(path);
            let held = cookie.map_or(0, String::len);
            for number in 0..50 {
                reply = reply.header(
                    "Set-Cookie",
                    &format!("c{held}-{number}={}", "x".repeat(200)),
                );
            }
            reply
        }
        "refresh-inwards" => refresh("http://169.254.169.254/latest/meta-data"),
        "header-inwards" => Reply::html("").header("Refresh", "0;url=http://10.0.0.1/"),
        _ => Reply::redirect("http://127.0.0.1:9/"),
    }
}
