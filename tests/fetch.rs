//! The polite client against a server on loopback: what it asks for, what it does not, and what it
//! says of answers of every sort.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use newsprint::VisitOutcome;
use newsprint::config::{CrawlSettings, NetworkSettings};
use newsprint::fetch::{FetchError, Fetcher, Request, Response};
use support::{Reply, Server, settings};
use url::Url;

fn fetcher(server: &Server, crawl: &CrawlSettings) -> Fetcher {
    Fetcher::new(crawl, &server.network()).unwrap()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn outcome(error: &FetchError) -> VisitOutcome {
    VisitOutcome::from(error)
}

async fn get(fetcher: &Fetcher, url: &str) -> Result<Response, FetchError> {
    fetcher.get(&Request::page(self::url(url))).await
}

async fn fails(fetcher: &Fetcher, url: &str) -> FetchError {
    get(fetcher, url).await.unwrap_err()
}

// Answers.

#[tokio::test]
async fn a_page_arrives_with_what_its_headers_say() {
    let server = Server::start();
    let reply = Reply::html("<p>Hello</p>")
        .header("ETag", "\"v1\"")
        .header("Last-Modified", "Mon, 23 Nov 2026 10:00:00 GMT")
        .header("X-Robots-Tag", "noarchive")
        .header("X-Robots-Tag", "noai");
    server.on("daily.test/a?b=1", reply);

    let response = get(
        &fetcher(&server, &settings()),
        "http://daily.test/a?b=1#top",
    )
    .await
    .unwrap();

    assert_eq!(response.url.as_str(), "http://daily.test/a?b=1");
    assert_eq!(response.status, 200);
    assert_eq!(response.body, b"<p>Hello</p>");
    assert_eq!(
        response.content_type.as_deref(),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(response.etag.as_deref(), Some("\"v1\""));
    assert_eq!(
        response.last_modified.as_deref(),
        Some("Mon, 23 Nov 2026 10:00:00 GMT")
    );
    assert_eq!(response.x_robots_tag.as_deref(), Some("noarchive, noai"));
    assert_eq!(server.paths("daily.test"), ["/robots.txt", "/a?b=1"]);
}

#[tokio::test]
async fn requests_say_who_asks_and_nothing_of_where_we_were() {
    let server = Server::start();
    server
        .on("daily.test/", Reply::redirect("/b"))
        .on("daily.test/b", Reply::html("<p>"));
    let crawl = CrawlSettings {
        user_agent: "newsprint/9 (+https://us.test)".to_owned(),
        ..settings()
    };

    get(&fetcher(&server, &crawl), "http://daily.test/")
        .await
        .unwrap();

    for hit in server.hits() {
        assert_eq!(hit.headers["user-agent"], "newsprint/9 (+https://us.test)");
        assert!(!hit.headers.contains_key("referer") && !hit.headers.contains_key("cookie"));
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let server = Server::start();
    server.on(
        "daily.test/",
        Reply::new(304, "", "").header("ETag", "\"v1\""),
    );
    let request = Request::page(url("http://daily.test/")).with_validators(
        Some("\"v1\"".to_owned()),
        Some("Mon, 23 Nov 2026 10:00:00 GMT".to_owned()),
    );

    let response = fetcher(&server, &settings()).get(&request).await.unwrap();

    assert_eq!((response.status, response.body.len()), (304, 0));
    let headers = &server.hits()[1].headers;
    assert_eq!(headers["if-none-match"], "\"v1\"");
    assert_eq!(
        headers["if-modified-since"],
        "Mon, 23 Nov 2026 10:00:00 GMT"
    );
}

#[tokio::test]
async fn refusals_and_faults_of_the_server_are_told_apart() {
    let server = Server::start();
    server
        .on("daily.test/gone", Reply::status(410))
        .on("daily.test/broken", Reply::status(500));
    let fetcher = fetcher(&server, &settings());

    let gone = fails(&fetcher, "http://daily.test/gone").await;
    assert_eq!(
        (outcome(&gone), gone.status()),
        (VisitOutcome::Http4xx, Some(410))
    );
    assert_eq!(
        gone.to_string(),
        "http://daily.test/gone: answered 410 Gone"
    );
    let broken = fails(&fetcher, "http://daily.test/broken").await;
    assert_eq!(
        (outcome(&broken), broken.status()),
        (VisitOutcome::Http5xx, Some(500))
    );
}

// Bodies.

#[tokio::test]
async fn a_bomb_is_dropped_at_the_limit() {
    let server = Server::start();
    server.on("daily.test/", Reply::bomb(20));
    let crawl = CrawlSettings {
        max_body: 1 << 20,
        ..settings()
    };

    let bomb = fails(&fetcher(&server, &crawl), "http://daily.test/").await;

    assert_eq!(outcome(&bomb), VisitOutcome::TooLarge);
    assert_eq!(
        bomb.kind.to_string(),
        "larger than 1 MiB; raise [crawl] max_body to read it"
    );
}

#[tokio::test]
async fn a_packed_page_is_unpacked() {
    let server = Server::start();
    server.on("daily.test/", Reply::bomb(1));
    let body = get(&fetcher(&server, &settings()), "http://daily.test/")
        .await
        .unwrap()
        .body;
    assert_eq!(body.len(), 1 << 20);
}

#[tokio::test]
async fn a_body_announced_as_too_large_is_not_read() {
    let server = Server::start();
    // Sent slowly enough that reading it would end in a timeout.
    let reply = Reply::html(&" ".repeat(2 << 20)).drip(1, Duration::from_millis(10));
    server.on("daily.test/", reply);
    let crawl = CrawlSettings {
        max_body: 1 << 20,
        timeout: Duration::from_millis(500),
        ..settings()
    };
    let large = fails(&fetcher(&server, &crawl), "http://daily.test/").await;
    assert_eq!(outcome(&large), VisitOutcome::TooLarge);
}

#[tokio::test]
async fn pages_must_be_html_by_name_or_by_looks() {
    let server = Server::start();
    server
        .on("daily.test/image", Reply::new(200, "image/png", "<html>"))
        .on("daily.test/words", Reply::text("just words"))
        .on("daily.test/nameless", Reply::new(200, "", "%PDF-1.7"))
        .on("daily.test/markup", Reply::text("\n<!DOCTYPE html><p>"));
    let fetcher = fetcher(&server, &settings());

    for path in ["image", "words", "nameless"] {
        let error = fails(&fetcher, &format!("http://daily.test/{path}")).await;
        assert_eq!(outcome(&error), VisitOutcome::NotHtml, "{path}");
    }
    assert!(get(&fetcher, "http://daily.test/markup").await.is_ok());
    let feed = Request::feed(url("http://daily.test/words"));
    assert!(fetcher.get(&feed).await.is_ok(), "feeds may be anything");
}

// Redirects.

#[tokio::test]
async fn redirects_are_followed_and_remembered() {
    let server = Server::start();
    server
        .on("daily.test/", Reply::redirect("/b"))
        .on(
            "daily.test/b",
            Reply::status(301).header("Location", "http://www.daily.test/c"),
        )
        .on("www.daily.test/c", Reply::html("<p>"));

    let response = get(&fetcher(&server, &settings()), "http://daily.test/")
        .await
        .unwrap();

    assert_eq!(response.url.as_str(), "http://www.daily.test/c");
    let passed: Vec<&str> = response.redirects.iter().map(Url::as_str).collect();
    assert_eq!(passed, ["http://daily.test/", "http://daily.test/b"]);
    assert_eq!(server.paths("www.daily.test"), ["/robots.txt", "/c"]);
}

#[tokio::test]
async fn redirects_that_lead_nowhere_are_given_up() {
    let server = Server::start();
    server
        .on("daily.test/loop", Reply::redirect("/pool"))
        .on("daily.test/pool", Reply::redirect("/loop"))
        .on("daily.test/nowhere", Reply::status(302))
        .on("daily.test/unasked", Reply::new(304, "", ""))
        .on("daily.test/1", Reply::redirect("/2"))
        .on("daily.test/2", Reply::redirect("/3"))
        .on("daily.test/3", Reply::redirect("/4"));
    let fetcher = fetcher(
        &server,
        &CrawlSettings {
            max_redirects: 2,
            ..settings()
        },
    );

    for (path, last) in [
        ("loop", "pool"),
        ("nowhere", "nowhere"),
        ("unasked", "unasked"),
        ("1", "3"),
    ] {
        let error = fails(&fetcher, &format!("http://daily.test/{path}")).await;
        assert_eq!(outcome(&error), VisitOutcome::Redirects, "{path}");
        assert_eq!(error.url.path(), format!("/{last}"), "{}", error.kind);
    }
}

// The address guard.

#[tokio::test]
async fn a_redirect_cannot_lead_inwards() {
    let server = Server::start();
    let inwards = format!("http://{}/secret", server.address);
    let mapped = format!("http://[::ffff:127.0.0.1]:{}/secret", server.address.port());
    let named = format!("http://localhost:{}/secret", server.address.port());
    server
        .on("daily.test/literal", Reply::redirect(&inwards))
        .on("daily.test/mapped", Reply::redirect(&mapped))
        .on("daily.test/named", Reply::redirect(&named))
        .on("daily.test/file", Reply::redirect("file:///etc/passwd"))
        .on(
            "daily.test/metadata",
            Reply::redirect("http://169.254.169.254/latest/meta-data/"),
        );
    let fetcher = fetcher(&server, &settings());

    for path in ["literal", "mapped", "named", "file", "metadata"] {
        let error = fails(&fetcher, &format!("http://daily.test/{path}")).await;
        assert_eq!(
            outcome(&error),
            VisitOutcome::BlockedAddress,
            "{path}: {}",
            error.kind
        );
    }
    assert!(server.hits().iter().all(|hit| hit.host == "daily.test"));
}

#[tokio::test]
async fn a_robots_txt_cannot_lead_inwards_either() {
    let server = Server::start();
    let inwards = format!("http://{}/secret", server.address);
    server.on("daily.test/robots.txt", Reply::redirect(&inwards));

    let error = fails(&fetcher(&server, &settings()), "http://daily.test/").await;

    assert_eq!(outcome(&error), VisitOutcome::BlockedAddress);
    assert_eq!(server.paths("daily.test"), ["/robots.txt"]);
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn a_literal_address_is_refused_unless_private_ones_are_allowed() {
    let server = Server::start();
    server.on("127.0.0.1/", Reply::html("<p>"));
    let url = format!("http://{}/", server.address);

    let closed = Fetcher::new(&settings(), &NetworkSettings::default()).unwrap();
    assert_eq!(
        outcome(&fails(&closed, &url).await),
        VisitOutcome::BlockedAddress
    );
    assert!(server.hits().is_empty());

    let network = NetworkSettings {
        allow_private: true,
        ..NetworkSettings::default()
    };
    let open = Fetcher::new(&settings(), &network).unwrap();
    assert!(get(&open, &url).await.is_ok());
}

#[tokio::test]
async fn a_resolve_entry_may_change_the_port() {
    let server = Server::start();
    server.on("daily.test/", Reply::html("<p>"));
    let mut network = server.network();
    for (host, port) in [("daily.test", 8080), ("127.0.0.1", 81)] {
        network
            .resolve
            .insert((host.to_owned(), port), server.address);
    }
    server.on("127.0.0.1/", Reply::html("<p>"));
    let fetcher = Fetcher::new(&settings(), &network).unwrap();

    for url in [
        "http://daily.test/",
        "http://daily.test:8080/",
        "http://127.0.0.1:81/",
    ] {
        assert_eq!(get(&fetcher, url).await.unwrap().url.as_str(), url);
    }
    let hosts: Vec<String> = server
        .hits()
        .iter()
        .map(|hit| hit.headers["host"].clone())
        .collect();
    assert_eq!(hosts[1], "daily.test");
    assert_eq!(hosts[3], "daily.test:8080");
    assert_eq!(hosts[5], "127.0.0.1:81");
}

// robots.txt.

#[tokio::test]
async fn what_robots_txt_closes_is_not_asked_for() {
    let server = Server::start();
    server
        .on(
            "daily.test/robots.txt",
            Reply::text("User-agent: newsprint\nDisallow: /private"),
        )
        .on("daily.test/", Reply::html("<p>"))
        .on(
            "other.test/",
            Reply::redirect("http://daily.test/private/a"),
        );
    let fetcher = fetcher(&server, &settings());

    let closed = fails(&fetcher, "http://daily.test/private").await;
    assert_eq!(outcome(&closed), VisitOutcome::Robots);
    assert_eq!(
        closed.kind.to_string(),
        "blocked by robots.txt of daily.test; set [crawl] respect_robots = false only for sites \
         you own"
    );
    let behind_a_redirect = fails(&fetcher, "http://other.test/").await;
    assert_eq!(outcome(&behind_a_redirect), VisitOutcome::Robots);
    assert_eq!(
        behind_a_redirect.url.as_str(),
        "http://daily.test/private/a"
    );
    assert!(get(&fetcher, "http://daily.test/").await.is_ok());
    assert_eq!(
        server.paths("daily.test"),
        ["/robots.txt", "/"],
        "asked for once, then remembered"
    );
}

#[tokio::test]
async fn robots_txt_may_be_overruled_for_ones_own_sites() {
    let server = Server::start();
    server
        .may(
            "daily.test/robots.txt",
            Reply::text("User-agent: *\nDisallow: /"),
        )
        .on("daily.test/", Reply::html("<p>"));
    let crawl = CrawlSettings {
        respect_robots: false,
        ..settings()
    };
    assert!(
        get(&fetcher(&server, &crawl), "http://daily.test/")
            .await
            .is_ok()
    );
    assert_eq!(server.paths("daily.test"), ["/"]);
}

#[tokio::test]
async fn a_robots_txt_that_is_not_there_closes_nothing() {
    let server = Server::start();
    for (host, status) in [("a.test", 404), ("b.test", 403), ("c.test", 410)] {
        server
            .on(&format!("{host}/robots.txt"), Reply::status(status))
            .on(&format!("{host}/"), Reply::html("<p>"));
    }
    let fetcher = fetcher(&server, &settings());
    for host in ["a.test", "b.test", "c.test"] {
        assert!(
            get(&fetcher, &format!("http://{host}/")).await.is_ok(),
            "{host}"
        );
    }
}

#[tokio::test]
async fn a_robots_txt_that_cannot_be_had_closes_everything() {
    let server = Server::start();
    server
        .on("broken.test/robots.txt", Reply::status(500))
        .on("mute.test/robots.txt", Reply::hang_up())
        .on("busy.test/robots.txt", Reply::status(429));
    let fetcher = fetcher(&server, &settings());

    let cases = [
        ("broken", VisitOutcome::Http5xx),
        ("mute", VisitOutcome::Connect),
        ("busy", VisitOutcome::Http4xx),
    ];
    for (host, expected) in cases {
        for _ in 0..2 {
            let error = fails(&fetcher, &format!("http://{host}.test/")).await;
            assert_eq!(outcome(&error), expected, "{host}");
            assert!(
                error.kind.to_string().contains("robots.txt cannot be read"),
                "{}",
                error.kind
            );
        }
        assert_eq!(
            server.paths(&format!("{host}.test")),
            ["/robots.txt"],
            "asked for once"
        );
    }
}

#[tokio::test]
async fn a_robots_txt_may_be_five_redirects_away() {
    let server = Server::start();
    for step in 0..6 {
        let next = format!("http://far.test/{}", step + 1);
        let address = match step {
            0 => "far.test/robots.txt".to_owned(),
            step => format!("far.test/{step}"),
        };
        server.on(&address, Reply::redirect(&next));
    }
    server
        .on("far.test/page", Reply::html("<p>"))
        .on("near.test/robots.txt", Reply::redirect("http://far.test/2"))
        .on("far.test/6", Reply::text("User-agent: *\nDisallow: /page"));
    let fetcher = fetcher(&server, &settings());

    assert_eq!(
        outcome(&fails(&fetcher, "http://near.test/page").await),
        VisitOutcome::Robots
    );
    assert!(
        get(&fetcher, "http://far.test/page").await.is_ok(),
        "six are too many"
    );
}

#[tokio::test]
async fn sitemaps_are_those_of_robots_txt() {
    let server = Server::start();
    server
        .on(
            "daily.test/robots.txt",
            Reply::text("Sitemap: /a.xml\nSitemap: http://b.test/b.xml"),
        )
        .may("none.test/", Reply::html("<p>"));
    let fetcher = fetcher(&server, &settings());
    let sitemaps = |url: &str| {
        let (fetcher, url) = (fetcher.clone(), Url::parse(url).unwrap());
        async move {
            fetcher
                .sitemaps(&url)
                .await
                .iter()
                .map(Url::to_string)
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(
        sitemaps("http://daily.test/x").await,
        ["http://daily.test/a.xml", "http://b.test/b.xml"]
    );
    assert!(sitemaps("http://none.test/").await.is_empty());
    assert!(sitemaps("http://127.0.0.1/").await.is_empty());
}

// Pace.

#[tokio::test]
async fn a_host_is_asked_one_thing_at_a_time() {
    let server = Server::start();
    for page in 0..6 {
        let reply = Reply::html("<p>").after(Duration::from_millis(20));
        server.on(&format!("daily.test/{page}"), reply);
    }
    let fetcher = fetcher(&server, &settings());
    let tasks: Vec<_> = (0..6)
        .map(|page| {
            let fetcher = fetcher.clone();
            tokio::spawn(async move { get(&fetcher, &format!("http://daily.test/{page}")).await })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap().is_ok());
    }
    let hits = server.hits();
    assert_eq!(hits.len(), 7, "six pages and one robots.txt");
    assert!(hits.iter().all(|hit| hit.alone));
}

#[tokio::test]
async fn every_request_keeps_its_distance() {
    let server = Server::start();
    server
        .on(
            "daily.test/robots.txt",
            Reply::text("User-agent: *\nCrawl-delay: 0.15"),
        )
        .on("daily.test/a", Reply::redirect("/b"))
        .on("daily.test/b", Reply::hang_up())
        .on("daily.test/b", Reply::html("<p>"));
    let fetcher = fetcher(
        &server,
        &CrawlSettings {
            retries: 1,
            ..settings()
        },
    );

    get(&fetcher, "http://daily.test/a").await.unwrap();

    let hits = server.hits();
    assert_eq!(
        server.paths("daily.test"),
        ["/robots.txt", "/a", "/b", "/b"]
    );
    // Requests leave at least this far apart; on their way here they may catch up a little.
    let least = Duration::from_millis(120);
    assert!(
        hits.windows(2).all(|pair| pair[1].at - pair[0].at >= least),
        "{hits:?}"
    );
}

// Faults and retries.

#[tokio::test]
async fn an_answer_must_be_complete_in_time() {
    let server = Server::start();
    let dripped = Reply::html(&"<p>".repeat(100)).drip(1, Duration::from_millis(10));
    server
        .on("daily.test/never", Reply::never())
        .on("daily.test/drip", dripped);
    let crawl = CrawlSettings {
        timeout: Duration::from_millis(300),
        ..settings()
    };
    let fetcher = fetcher(&server, &crawl);

    for path in ["never", "drip"] {
        let slow = fails(&fetcher, &format!("http://daily.test/{path}")).await;
        assert_eq!(outcome(&slow), VisitOutcome::TooSlow, "{path}");
        assert!(
            slow.kind
                .to_string()
                .starts_with("not finished within 300ms"),
            "{}",
            slow.kind
        );
    }
}

#[tokio::test]
async fn faults_of_the_connection_are_tried_again() {
    let server = Server::start();
    server
        .on("daily.test/", Reply::hang_up())
        .on("daily.test/", Reply::html("<p>Hello</p>").cut(3))
        .on("daily.test/", Reply::html("<p>Hello</p>"));
    let fetcher = fetcher(
        &server,
        &CrawlSettings {
            retries: 2,
            ..settings()
        },
    );
    assert_eq!(
        get(&fetcher, "http://daily.test/").await.unwrap().body,
        b"<p>Hello</p>"
    );
    assert_eq!(server.paths("daily.test"), ["/robots.txt", "/", "/", "/"]);
}

#[tokio::test]
async fn a_connection_that_keeps_breaking_is_given_up() {
    let server = Server::start();
    server.on("daily.test/", Reply::html("<p>Hello</p>").cut(3));
    let fetcher = fetcher(
        &server,
        &CrawlSettings {
            retries: 1,
            ..settings()
        },
    );
    let error = fails(&fetcher, "http://daily.test/").await;
    assert_eq!(
        (outcome(&error), error.status()),
        (VisitOutcome::Connect, None)
    );
    assert_eq!(server.paths("daily.test"), ["/robots.txt", "/", "/"]);
}

#[tokio::test]
async fn statuses_that_will_not_change_are_not_tried_again() {
    let server = Server::start();
    server.on("daily.test/", Reply::status(404));
    let fetcher = fetcher(
        &server,
        &CrawlSettings {
            retries: 5,
            ..settings()
        },
    );
    assert_eq!(
        outcome(&fails(&fetcher, "http://daily.test/").await),
        VisitOutcome::Http4xx
    );
    assert_eq!(server.paths("daily.test"), ["/robots.txt", "/"]);
}

#[tokio::test]
async fn a_host_that_names_a_pause_gets_it() {
    let server = Server::start();
    server
        .on("daily.test/", Reply::status(429).header("Retry-After", "1"))
        .on("daily.test/", Reply::html("<p>"))
        .on("daily.test/other", Reply::html("<p>"));
    let fetcher = fetcher(
        &server,
        &CrawlSettings {
            retries: 1,
            ..settings()
        },
    );

    let (first, second) = tokio::join!(
        get(&fetcher, "http://daily.test/"),
        get(&fetcher, "http://daily.test/other"),
    );

    assert!(first.is_ok() && second.is_ok());
    let hits = server.hits();
    let asked = hits.iter().position(|hit| hit.path == "/").unwrap();
    let pause = hits[asked + 1].at - hits[asked].at;
    assert!(
        pause >= Duration::from_millis(950),
        "the next request, whichever: {pause:?}"
    );
}

#[tokio::test]
async fn a_pause_counts_on_403_and_on_redirects_too() {
    for (reply, status) in [
        (Reply::status(403).header("Retry-After", "3600.5"), 403),
        (Reply::redirect("/moved").header("Retry-After", "3600"), 302),
    ] {
        let server = Server::start();
        server.on("daily.test/", reply);
        let fetcher = fetcher(&server, &settings());
        let first = fails(&fetcher, "http://daily.test/").await;
        assert_eq!(first.status(), Some(status));
        assert!(first.retry_after() > Some(Duration::from_secs(3590)));
        let other = fails(&fetcher, "http://daily.test/other").await;
        assert_eq!(other.status(), Some(status), "{other}");
        assert_eq!(server.paths("daily.test"), ["/robots.txt", "/"]);
    }
}

#[tokio::test]
async fn a_long_pause_is_reported_and_kept() {
    let server = Server::start();
    server.on(
        "daily.test/",
        Reply::status(503).header("Retry-After", "3600"),
    );
    let fetcher = fetcher(
        &server,
        &CrawlSettings {
            retries: 3,
            ..settings()
        },
    );
    let start = Instant::now();

    let first = fails(&fetcher, "http://daily.test/").await;
    assert_eq!(
        (outcome(&first), first.status()),
        (VisitOutcome::Http5xx, Some(503))
    );
    assert_eq!(first.retry_after(), Some(Duration::from_secs(3600)));

    let other = fails(&fetcher, "http://daily.test/other").await;
    assert_eq!(
        (outcome(&other), other.status()),
        (VisitOutcome::Http5xx, Some(503))
    );
    assert!(other.retry_after() > Some(Duration::from_secs(3500)));
    assert_eq!(
        server.paths("daily.test"),
        ["/robots.txt", "/"],
        "left alone"
    );
    assert!(start.elapsed() < Duration::from_secs(5), "not waited for");
}

#[tokio::test]
async fn what_is_not_there_and_what_is_not_tls_are_told_apart() {
    let server = Server::start();
    let mut network = server.network();
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    network.resolve.insert(("closed.test".to_owned(), 80), free);
    network
        .resolve
        .insert(("plain.test".to_owned(), 443), server.address);
    let fetcher = Fetcher::new(&settings(), &network).unwrap();

    let closed = fails(&fetcher, "http://closed.test/").await;
    assert_eq!(outcome(&closed), VisitOutcome::Connect, "{}", closed.kind);
    let plain = fails(&fetcher, "https://plain.test/").await;
    assert_eq!(outcome(&plain), VisitOutcome::Tls, "{}", plain.kind);
    let unlisted = fails(&fetcher, "https://closed.test/").await;
    assert_eq!(outcome(&unlisted), VisitOutcome::Dns, "{}", unlisted.kind);
}

// The server itself.

#[test]
#[should_panic(expected = "expected request never came (1 more): daily.test/a")]
fn a_request_that_never_comes_fails_the_test() {
    Server::start().on("daily.test/a", Reply::html("<p>"));
}

#[tokio::test]
#[should_panic(expected = "unexpected request: daily.test/b")]
async fn an_unexpected_request_fails_the_test() {
    let server = Server::start();
    server.may("daily.test/a", Reply::html("<p>"));
    fails(&fetcher(&server, &settings()), "http://daily.test/b").await;
}
