//! Answers that browsers cope with and crawlers lose: cookies that must come back, pages that refresh,
//! content types and encodings that lie, bodies cut short, log-in pages, bot checks with an error status;
//! and what `fetch` and `extract` report of pages without an article.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use newsprint::config::CrawlSettings;
use newsprint::fetch::{FetchError, Fetcher, Request, Response, Truncation};
use newsprint::{Article, Client, ClientError, VisitOutcome};
use serde_json::Value;
use support::{Newsroom, Ran, Reply, Server, newsprint, page, settings, story};
use url::Url;

async fn get(server: &Server, url: &str) -> Result<Response, FetchError> {
    get_with(server, url, settings()).await
}

async fn get_with(
    server: &Server,
    url: &str,
    crawl: CrawlSettings,
) -> Result<Response, FetchError> {
    let fetcher = Fetcher::new(&crawl, &server.network()).unwrap();
    fetcher.get(&Request::page(Url::parse(url).unwrap())).await
}

fn outcome(answer: &Result<Response, FetchError>) -> VisitOutcome {
    VisitOutcome::from(answer.as_ref().unwrap_err())
}

fn text_of(answer: Result<Response, FetchError>) -> String {
    String::from_utf8(answer.unwrap().body).unwrap()
}

fn client(server: &Server) -> Client {
    let config = newsprint::config::Config {
        crawl: settings(),
        network: server.network(),
        ..newsprint::config::Config::default()
    };
    Client::builder().config(&config).build().unwrap()
}

/// What the client makes of one address.
async fn article(server: &Server, url: &str) -> Result<Article, ClientError> {
    client(server).article(&Url::parse(url).unwrap()).await
}

/// A crawl of a front page that links to one article, which is answered like this: how the visit ended,
/// and what was written.
async fn crawled(replies: Vec<Reply>) -> (Vec<VisitOutcome>, Vec<Article>) {
    let mut room = Newsroom::open();
    let link = "<h2><a href=/news/the-ferry-returns-1>The ferry returns to the quay</a></h2>";
    room.server.on("daily.test/", Reply::html(link));
    for reply in replies {
        room.server.on("daily.test/news/the-ferry-returns-1", reply);
    }
    room.server.may("daily.test/wait", Reply::html("<p>wait"));
    room.source("daily", &["http://daily.test/"]);
    let summary = room.pass().await;
    let outcomes = summary.sources[0].outcomes.keys().copied().collect();
    (outcomes, room.written())
}

fn whole_page() -> String {
    page("The ferry returns", &story(1))
}

// Cookies.

#[tokio::test]
async fn a_redirect_to_itself_that_sets_a_cookie_is_followed() {
    for cookie in ["seen=1", "consent=\"a b\"; Path=/; HttpOnly; SameSite=Lax"] {
        let server = Server::start();
        server
            .on(
                "daily.test/a",
                Reply::redirect("/a").header("Set-Cookie", cookie),
            )
            .on("daily.test/a", Reply::html("<p>Hello"));
        assert_eq!(
            text_of(get(&server, "http://daily.test/a").await),
            "<p>Hello"
        );
        let sent = server.hits().pop().unwrap().headers;
        let expected = cookie.split(';').next().unwrap();
        assert_eq!(sent["cookie"], expected);
    }
}

#[tokio::test]
async fn a_cookie_of_a_consent_page_two_hosts_away_comes_back() {
    let server = Server::start();
    let consent = Reply::redirect("http://www.daily.test/a")
        .header("Set-Cookie", "ok=1; Domain=daily.test; Path=/");
    server
        .on(
            "www.daily.test/a",
            Reply::redirect("http://consent.daily.test/give"),
        )
        .on("www.daily.test/a", Reply::html("<p>Hello"))
        .on("consent.daily.test/give", consent);
    assert_eq!(
        text_of(get(&server, "http://www.daily.test/a").await),
        "<p>Hello"
    );
    assert_eq!(server.hits().pop().unwrap().headers["cookie"], "ok=1");
}

#[tokio::test]
async fn cookies_are_forgotten_after_the_visit_and_kept_from_other_sites() {
    let server = Server::start();
    server
        .on(
            "daily.test/a",
            Reply::redirect("http://other.test/b").header("Set-Cookie", "id=1; Path=/"),
        )
        .on("daily.test/c", Reply::html("<p>"))
        .on(
            "other.test/b",
            Reply::html("<p>").header("Set-Cookie", "id=2; Path=/; Domain=test"),
        );
    let fetcher = Fetcher::new(&settings(), &server.network()).unwrap();
    for url in ["http://daily.test/a", "http://daily.test/c"] {
        fetcher
            .get(&Request::page(Url::parse(url).unwrap()))
            .await
            .unwrap();
    }
    assert!(
        server
            .hits()
            .iter()
            .all(|hit| !hit.headers.contains_key("cookie"))
    );
}

#[tokio::test]
async fn loops_and_floods_of_cookies_end_as_redirects() {
    let server = Server::start();
    server
        .on(
            "daily.test/same",
            Reply::redirect("/same").header("Set-Cookie", "a=1"),
        )
        .on(
            "daily.test/same",
            Reply::redirect("/same").header("Set-Cookie", "a=1"),
        );
    for step in 0..3 {
        let flood = (0..80).fold(Reply::redirect("/flood"), |reply, at| {
            reply.header("Set-Cookie", &format!("c{step}x{at}={}", "x".repeat(200)))
        });
        server.on("daily.test/flood", flood);
    }
    for path in ["same", "flood"] {
        let answer = get(&server, &format!("http://daily.test/{path}")).await;
        assert_eq!(outcome(&answer), VisitOutcome::Redirects, "{path}");
    }
    let longest = server
        .hits()
        .iter()
        .filter_map(|hit| hit.headers.get("cookie").map(String::len))
        .max();
    assert!(longest.unwrap() <= 8 << 10, "{longest:?}");
    let paths = server.paths("daily.test");
    assert_eq!(paths.len(), 2 + 2 + 3, "{paths:?}");
}

// Refreshes.

#[tokio::test]
async fn a_page_that_refreshes_at_once_is_a_redirect() {
    let server = Server::start();
    let pages = [
        Reply::html("<meta http-equiv=refresh content='0; url=/b'><p>Please wait."),
        Reply::html("<head><META HTTP-EQUIV=\"Refresh\" CONTENT=\"5;URL='/b'\"></head>"),
        Reply::html("<p>Moved.").header("Refresh", "3;url=/b"),
        Reply::html(
            "<noscript><meta http-equiv=refresh content='0;url=/b'></noscript><script>go()</script>",
        ),
        Reply::html(
            "<base href=http://daily.test/x/><meta http-equiv=refresh content='1, ../b#top'>",
        ),
    ];
    for (number, reply) in pages.iter().enumerate() {
        let path = format!("daily.test/{number}");
        server
            .on(&path, reply.clone())
            .on("daily.test/b", Reply::html("<p>Hello"));
        let response = get(&server, &format!("http://{path}")).await.unwrap();
        assert_eq!(response.url.as_str(), "http://daily.test/b", "{number}");
        assert_eq!(response.redirects.len(), 1, "{number}");
    }
}

#[tokio::test]
async fn a_page_with_a_text_of_its_own_stays() {
    let story = page("The ferry returns", &story(1));
    let with = |head: &str| story.replace("<head>", &format!("<head>{head}"));
    let server = Server::start();
    let pages = [
        Reply::html(&with("<meta http-equiv=refresh content=300>")),
        Reply::html(&with("<meta http-equiv=refresh content='2'>")),
        Reply::html(&with(
            "<meta http-equiv=refresh content='5;url=/subscribe'>",
        )),
        Reply::html(&with(
            "<noscript><meta http-equiv=refresh content='0;url=/no-js'></noscript>",
        )),
        Reply::html(&story).header("Refresh", "300"),
        Reply::html("<!-- <meta http-equiv=refresh content='0;url=/b'> --><p>Old browsers."),
        Reply::html("<meta http-equiv=refresh content='0'><p>Please wait."),
        Reply::html("<meta http-equiv=refresh content='9;url=/b'><p>Please wait."),
        Reply::html("<meta http-equiv=refresh content='0;url=javascript:go()'><p>Please wait."),
    ];
    for (number, reply) in pages.iter().enumerate() {
        let path = format!("daily.test/{number}");
        server.on(&path, reply.clone());
        let response = get(&server, &format!("http://{path}")).await.unwrap();
        assert_eq!(response.redirects.len(), 0, "{number}");
    }
}

#[tokio::test]
async fn an_empty_page_that_sets_a_cookie_and_refreshes_itself_is_asked_again() {
    let server = Server::start();
    let check = Reply::html("<meta http-equiv=refresh content='1'><p>One moment.")
        .header("Set-Cookie", "ok=1");
    server
        .on("daily.test/a", check)
        .on("daily.test/a", Reply::html("<p>Hello"));
    assert_eq!(
        text_of(get(&server, "http://daily.test/a").await),
        "<p>Hello"
    );
}

#[tokio::test]
async fn refreshes_keep_to_the_bounds_of_redirects() {
    let to = |address: &str| {
        Reply::html(&format!(
            "<meta http-equiv=refresh content='0;url={address}'>"
        ))
    };
    let server = Server::start();
    server
        .on(
            "daily.test/robots.txt",
            Reply::text("User-agent: *\nDisallow: /closed\n"),
        )
        .on("daily.test/loop", to("/pool"))
        .on("daily.test/pool", to("/loop"))
        .on("daily.test/inwards", to("http://169.254.169.254/latest/"))
        .on("daily.test/robots", to("/closed/1"))
        .on("daily.test/0", to("/1"))
        .on("daily.test/1", to("/2"))
        .on("daily.test/2", to("/3"));
    let crawl = CrawlSettings {
        max_redirects: 2,
        ..settings()
    };
    for (path, expected) in [
        ("loop", VisitOutcome::Redirects),
        ("0", VisitOutcome::Redirects),
        ("inwards", VisitOutcome::BlockedAddress),
        ("robots", VisitOutcome::Robots),
    ] {
        let answer = get_with(&server, &format!("http://daily.test/{path}"), crawl.clone()).await;
        assert_eq!(outcome(&answer), expected, "{path}");
    }
}

// Content types.

#[tokio::test]
async fn html_is_html_whatever_its_type_says() {
    let server = Server::start();
    for (number, kind) in [
        "text/html charset=utf-8",
        "text/html, text/html",
        "application/octet-stream",
        "*/*",
        "",
        "application/xhtml+xml",
        "text/plain",
        "unknown/unknown",
        "text/HTML;;charset=utf-8",
    ]
    .iter()
    .enumerate()
    {
        let path = format!("daily.test/{number}");
        server.on(&path, Reply::new(200, kind, "\n<!DOCTYPE html><p>Hello"));
        assert!(
            get(&server, &format!("http://{path}")).await.is_ok(),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn what_is_no_html_is_refused_whatever_its_type_says() {
    let server = Server::start();
    for (number, (kind, body)) in [
        ("image/png", &b"<html>"[..]),
        ("application/octet-stream", b"%PDF-1.7 <html>"),
        ("text/html", b"%PDF-1.7 and more"),
        ("text/html; charset=utf-8", b"\x89PNG\r\n\x1a\n and more"),
        ("*/*", b"{\"a\": 1}"),
        ("application/pdf", b"%PDF-1.7"),
    ]
    .iter()
    .enumerate()
    {
        let path = format!("daily.test/{number}");
        server.on(&path, Reply::new(200, kind, *body));
        let answer = get(&server, &format!("http://{path}")).await;
        assert_eq!(outcome(&answer), VisitOutcome::NotHtml, "{kind}");
    }
}

// Encodings.

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zlib(text: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn deflate(text: &str) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn encoded(encoding: &str, body: impl Into<Vec<u8>>) -> Reply {
    Reply::new(200, "text/html; charset=utf-8", body).header("Content-Encoding", encoding)
}

#[tokio::test]
async fn bodies_are_decoded_by_what_they_are() {
    let page = whole_page();
    let server = Server::start();
    for (number, reply) in [
        encoded("deflate", deflate(&page)),
        encoded("deflate", zlib(&page)),
        encoded("gzip", page.as_str()),
        encoded("br", page.as_str()),
        encoded("deflate", gzip(&page)),
        encoded("zstd", zstd::encode_all(page.as_bytes(), 3).unwrap()),
        Reply::new(200, "text/html", gzip(&page)),
        // The end of the compressed data is missing, and nothing of the page.
        encoded("gzip", &gzip(&page)[..gzip(&page).len() - 8]),
    ]
    .into_iter()
    .enumerate()
    {
        let path = format!("daily.test/{number}");
        server.on(&path, reply);
        let response = get(&server, &format!("http://{path}")).await.unwrap();
        assert_eq!(response.truncation, None, "{number}");
        assert!(response.body == page.as_bytes(), "{number}");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_decoded_is_asked_for_once_and_is_no_fault_of_the_host() {
    let noise = b"\x07\x01\x02\x03 neither gzip nor text".to_vec();
    for reply in [encoded("gzip", noise.clone()), encoded("br", noise)] {
        let mut room = Newsroom::open();
        room.crawl.retries = 2;
        let links = "<h2><a href=/news/the-ferry-returns-1>The ferry returns to the quay</a></h2>\
                     <h2><a href=/news/the-tram-returns-2>The tram returns to the quay</a></h2>";
        room.server
            .on("daily.test/", Reply::html(links))
            .on("daily.test/news/the-ferry-returns-1", reply)
            .on(
                "daily.test/news/the-tram-returns-2",
                Reply::html(&whole_page()),
            );
        room.source("daily", &["http://daily.test/"]);
        let summary = room.pass().await;
        let outcomes = &summary.sources[0].outcomes;
        assert_eq!(
            outcomes.get(&VisitOutcome::BadEncoding),
            Some(&1),
            "{outcomes:?}"
        );
        assert_eq!(
            outcomes.get(&VisitOutcome::Stored),
            Some(&1),
            "{outcomes:?}"
        );
        let asked = room.asked();
        let tries = asked.iter().filter(|it| it.ends_with("ferry-returns-1"));
        assert_eq!(tries.count(), 1);
    }
}

// Bodies cut short.

/// A page of which the compressed body ends in the middle of the text.
fn cut_in_the_text() -> Reply {
    let (page, mut seed) = (whole_page(), 7_u32);
    let noise: String = (0..30_000)
        .map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'a' + u8::try_from(seed >> 28).unwrap())
        })
        .collect();
    let page = page.replace("</article>", &format!("<p>{noise}</p></article>"));
    let whole = gzip(&page);
    encoded("gzip", &whole[..whole.len() / 2])
}

#[tokio::test]
async fn an_article_cut_short_is_never_stored_as_whole() {
    let connection = Reply::html(&whole_page()).cut(900);
    let (outcomes, written) = crawled(vec![connection]).await;
    assert_eq!((outcomes, written.len()), (vec![VisitOutcome::Connect], 0));
    let (outcomes, written) = crawled(vec![cut_in_the_text()]).await;
    assert_eq!(
        (outcomes, written.len()),
        (vec![VisitOutcome::BadEncoding], 0)
    );
}

#[tokio::test]
async fn one_page_that_is_cut_short_is_printed_with_a_warning() {
    let server = Server::start();
    server.on("daily.test/news/1", cut_in_the_text());
    let article = article(&server, "http://daily.test/news/1").await.unwrap();
    assert!(
        article.warnings.contains(&"truncated".to_owned()),
        "{:?}",
        article.warnings
    );
}

#[tokio::test]
async fn a_page_whose_text_is_complete_is_not_lost_to_its_wrong_length() {
    let page = whole_page();
    // The whole page came, though more was announced.
    let longer = format!("{page}{}", " ".repeat(50));
    let (outcomes, written) = crawled(vec![Reply::html(&longer).cut(page.len())]).await;
    assert_eq!(outcomes, [VisitOutcome::Stored]);
    assert!(written[0].warnings.is_empty(), "{:?}", written[0].warnings);
    // The article is there, the footer is not.
    let end = page.find("<footer>").unwrap();
    let (outcomes, written) = crawled(vec![Reply::html(&page).cut(end)]).await;
    assert_eq!(outcomes, [VisitOutcome::Stored]);
    assert_eq!(written[0].warnings, ["truncated"]);
}

#[tokio::test]
async fn a_page_that_breaks_off_is_asked_for_again_and_the_best_is_taken() {
    let page = whole_page();
    let end = page.find("<footer>").unwrap();
    let crawl = CrawlSettings {
        retries: 1,
        ..settings()
    };
    let server = Server::start();
    server
        .on("daily.test/a", Reply::html(&page).cut(end))
        .on("daily.test/a", Reply::html(&page))
        .on("daily.test/b", Reply::html(&page).cut(end))
        .on("daily.test/b", Reply::hang_up());
    for (path, truncation) in [("a", None), ("b", Some(Truncation::AfterArticle))] {
        let response = get_with(&server, &format!("http://daily.test/{path}"), crawl.clone()).await;
        assert_eq!(response.unwrap().truncation, truncation, "{path}");
    }
}

// Headers.

#[tokio::test]
async fn a_location_may_hold_bytes_of_any_encoding() {
    let redirect = |location: &[u8]| {
        let head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: ";
        Reply::raw([&head[..], location, b"\r\n\r\n"].concat())
    };
    let server = Server::start();
    server
        .on("daily.test/latin", redirect(b"/caf\xe9"))
        .on("daily.test/caf%E9", Reply::html("<p>"))
        .on("daily.test/utf8", redirect("/café?ü=1".as_bytes()))
        .on("daily.test/caf%C3%A9?%C3%BC=1", Reply::html("<p>"));
    for path in ["latin", "utf8"] {
        assert!(
            get(&server, &format!("http://daily.test/{path}"))
                .await
                .is_ok(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_user_name_and_a_password_go_to_their_own_origin_and_into_no_record() {
    let server = Server::start();
    server
        .on(
            "daily.test/news/1",
            Reply::redirect("http://other.test/news/1"),
        )
        .on("daily.test/news/2", Reply::html(&whole_page()))
        .on("other.test/news/1", Reply::html(&whole_page()));
    let first = article(&server, "http://me:s%40cret@daily.test/news/1")
        .await
        .unwrap();
    let second = article(&server, "http://me@daily.test/news/2")
        .await
        .unwrap();
    let hits = server.hits();
    let sent = |path: &str, host: &str| {
        let hit = hits.iter().find(|hit| hit.path == path && hit.host == host);
        hit.unwrap().headers.get("authorization").cloned()
    };
    assert_eq!(
        sent("/news/1", "daily.test").as_deref(),
        Some("Basic bWU6c0BjcmV0")
    );
    assert_eq!(sent("/news/2", "daily.test").as_deref(), Some("Basic bWU6"));
    assert_eq!(sent("/news/1", "other.test"), None);
    for article in [first, second] {
        let record = serde_json::to_string(&article).unwrap();
        assert!(
            !record.contains("cret") && !record.contains("me@"),
            "{record}"
        );
    }
}

#[tokio::test]
async fn a_server_that_always_gives_the_same_validators_loses_no_news() {
    const DAY: u64 = 24 * 60;
    let link =
        |path: &str| format!("<h2><a href={path}>The ferry returns to the old quay</a></h2>");
    let feed = |path: &str| {
        format!(
            "<rss version=\"2.0\"><channel><title>t</title><item><title>The ferry</title>\
             <link>http://daily.test{path}</link></item></channel></rss>"
        )
    };
    let same = |reply: Reply| reply.header("ETag", "\"always\"");
    for is_feed in [false, true] {
        let answer = |path: &str| match is_feed {
            true => same(Reply::xml(&feed(path))),
            false => same(Reply::html(&link(path))),
        };
        let (old, new) = ("/news/the-old-story-1", "/news/the-new-story-2");
        let mut room = Newsroom::open();
        room.server
            .on("daily.test/place", answer(old))
            .on(&format!("daily.test{old}"), Reply::html(&whole_page()));
        if is_feed {
            let feed = Url::parse("http://daily.test/place").unwrap();
            room.source("daily", &[]).feeds = vec![feed];
        } else {
            room.source("daily", &["http://daily.test/place"]);
        }
        assert_eq!(room.pass().await.articles(), 1);
        for _ in 0..12 {
            room.pass_after(DAY).await;
        }
        room.server.change("daily.test/place", answer(new));
        let story = page("The new story", &story(2));
        room.server
            .on(&format!("daily.test{new}"), Reply::html(&story));
        let mut articles = 0;
        for _ in 0..2 {
            articles += room.pass_after(DAY).await.articles();
        }
        assert_eq!(articles, 1, "feed: {is_feed}");
    }
}

#[tokio::test]
async fn a_crawl_uses_the_user_name_and_the_password_of_a_source() {
    for start in [
        "http://me:s%40cret@daily.test/",
        "http://me:s%40cret@daily.test/news/",
    ] {
        let path = Url::parse(start).unwrap().path().to_owned();
        let mut room = Newsroom::open();
        let links = "<h2><a href=/news/the-ferry-returns-1>The ferry returns to the quay</a></h2>\
                     <h2><a href=http://other.test/news/the-tram-2>The tram returns to the quay</a></h2>";
        room.server
            .on(&format!("daily.test{path}"), Reply::html(links))
            .on(
                "daily.test/news/the-ferry-returns-1",
                Reply::html(&whole_page()),
            )
            .may("other.test/news/the-tram-2", Reply::html(&whole_page()));
        room.source("daily", &[start]);
        room.pass().await;
        for hit in room.server.hits() {
            let sent = hit.headers.get("authorization").map(String::as_str);
            let is_own = hit.host == "daily.test" && hit.path != "/robots.txt";
            assert_eq!(sent, is_own.then_some("Basic bWU6c0BjcmV0"), "{}", hit.path);
        }
        let written = room.written();
        assert_eq!(written.len(), 1);
        assert!(!serde_json::to_string(&written).unwrap().contains("cret"));
    }
}

// Nothing there, and something else there.

#[tokio::test]
async fn empty_answers_are_empty_and_say_their_status() {
    for (reply, line) in [
        (Reply::new(204, "", ""), "answered 204 No Content"),
        (Reply::new(205, "", ""), "answered 205 Reset Content"),
        (Reply::html(""), "answered 200 OK"),
        (Reply::new(202, "text/html", " \n"), "answered 202 Accepted"),
        (
            Reply::new(202, "text/html", "<p>Your page is being prepared."),
            "answered 202 Accepted",
        ),
    ] {
        let (outcomes, written) = crawled(vec![reply.clone()]).await;
        assert_eq!(
            (outcomes, written.len()),
            (vec![VisitOutcome::Empty], 0),
            "{line}"
        );
        let server = Server::start();
        server.on("daily.test/news/1", reply);
        let error = article(&server, "http://daily.test/news/1")
            .await
            .unwrap_err();
        assert!(error.to_string().contains(line), "{error}");
    }
}

#[tokio::test]
async fn articles_with_an_odd_status_are_articles() {
    for status in [202, 203] {
        let (outcomes, written) =
            crawled(vec![Reply::new(status, "text/html", whole_page())]).await;
        assert_eq!(
            (outcomes, written.len()),
            (vec![VisitOutcome::Stored], 1),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_redirect_to_a_log_in_page_or_the_front_page_is_named() {
    for (location, path, expected, words) in [
        (
            "/login?next=/news/1",
            "/login?next=/news/1",
            VisitOutcome::Redirects,
            "log-in page",
        ),
        (
            "/abo/anmelden.html",
            "/abo/anmelden.html",
            VisitOutcome::Redirects,
            "log-in page",
        ),
        ("/", "/", VisitOutcome::Soft404, "front page"),
        (
            "/index.php",
            "/index.php",
            VisitOutcome::Soft404,
            "front page",
        ),
    ] {
        let mut room = Newsroom::open();
        let front = "<h2><a href=/news/the-ferry-returns-1>The ferry returns to the quay</a></h2>";
        room.server.on("daily.test/", Reply::html(front)).on(
            "daily.test/news/the-ferry-returns-1",
            Reply::redirect(location),
        );
        if path != "/" {
            room.server
                .on(&format!("daily.test{path}"), Reply::html(front));
        }
        room.source("daily", &["http://daily.test/"]);
        let summary = room.pass().await;
        let outcomes: Vec<_> = summary.sources[0].outcomes.keys().copied().collect();
        assert_eq!(outcomes, [expected], "{location}");
        let url = "http://daily.test/news/the-ferry-returns-1";
        let error = article(&room.server, url).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

const CLOUDFLARE: &str = "<html><head><title>Just a moment...</title></head><body><p>Enable JavaScript and \
    cookies to continue</p><script>window._cf_chl_opt = {cvId: '3'}</script></body></html>";
const DATADOME: &str = "<html><head><title>daily.test</title></head><body><p id=cmsg>Please enable JS and \
    disable any ad blocker</p><script src=https://ct.captcha-delivery.com/c.js></script></body></html>";

#[tokio::test]
async fn a_bot_check_is_named_whatever_its_status() {
    for (status, check, service) in [
        (403, CLOUDFLARE, "Cloudflare"),
        (503, CLOUDFLARE, "Cloudflare"),
        (403, DATADOME, "DataDome"),
        (429, DATADOME, "DataDome"),
        (200, CLOUDFLARE, "Cloudflare"),
    ] {
        let (outcomes, _) = crawled(vec![Reply::new(status, "text/html", check)]).await;
        assert_eq!(outcomes, [VisitOutcome::Challenge], "{status} {service}");
        if status == 200 {
            continue;
        }
        let server = Server::start();
        server.on("daily.test/news/1", Reply::new(status, "text/html", check));
        let error = article(&server, "http://daily.test/news/1")
            .await
            .unwrap_err();
        let shown = error.to_string();
        let expected = format!("answered {status}");
        assert!(
            shown.contains(&expected) && shown.contains(service),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn an_ordinary_error_page_is_an_error() {
    let forbidden = "<title>403 Forbidden</title><h1>Forbidden</h1><p>You don't have permission to access this resource.";
    let missing = "<title>Page not found</title><h1>Page not found</h1><p>The page has moved.";
    for (status, body, expected) in [
        (403, forbidden, VisitOutcome::Http4xx),
        (404, missing, VisitOutcome::Http4xx),
        (500, "<h1>Internal Server Error</h1>", VisitOutcome::Http5xx),
        (403, "", VisitOutcome::Http4xx),
    ] {
        let (outcomes, _) = crawled(vec![Reply::new(status, "text/html", body)]).await;
        assert_eq!(outcomes, [expected], "{status}");
    }
}

#[tokio::test]
async fn a_slow_or_endless_error_page_does_not_hide_the_status() {
    let server = Server::start();
    let raw =
        "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n<p>slow";
    server.on("daily.test/cut", Reply::raw(raw)).on(
        "daily.test/large",
        Reply::new(403, "text/html", "<p>x".repeat(500_000)),
    );
    for path in ["cut", "large"] {
        let answer = get(&server, &format!("http://daily.test/{path}")).await;
        let error = answer.unwrap_err();
        assert_eq!(error.status(), Some(403), "{path}");
        assert!(error.page().is_none_or(|page| page.body.len() <= 256 << 10));
    }
}

// Reports.

fn run(dir: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut child = newsprint(dir)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing has closed its end.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap().into()
}

fn configure(dir: &Path, server: &Server) {
    let resolve = server.network().resolve.into_iter();
    let resolve =
        resolve.map(|((host, port), address)| format!("\"{host}:{port}\" = \"{address}\""));
    let resolve: Vec<String> = resolve.collect();
    let text = format!(
        "[crawl]\nrequests_per_second = 1000.0\nretries = 0\n[network]\nresolve = {{ {} }}\n",
        resolve.join(", ")
    );
    fs::write(dir.join("config.toml"), text).unwrap();
}

#[test]
fn fetch_reports_a_line_for_each_address_in_order() {
    let (dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    server
        .on(
            "daily.test/robots.txt",
            Reply::text("User-agent: *\nDisallow: /private\n"),
        )
        .on("daily.test/news/1", Reply::html(&whole_page()))
        .on(
            "daily.test/news/2",
            Reply::new(403, "text/html", CLOUDFLARE),
        )
        .on("daily.test/news/3", Reply::new(204, "", ""))
        .on(
            "daily.test/news/4",
            Reply::html("<title>Daily</title><div id=root></div><script src=a.js></script>"),
        );
    configure(dir.path(), &server);
    let list = "http://daily.test/news/1\nnot an address\nhttp://daily.test/news/2\nhttp://daily.test/news/3\n\
                http://daily.test/news/4\nhttp://me:secret@daily.test/private/5\n";
    let ran = run(
        dir.path(),
        &["fetch", "--report", "--input-file", "-"],
        list,
    );
    assert_eq!(ran.code, 3, "{}", ran.err);
    let lines = ran.records();
    let outcomes: Vec<Option<&str>> = lines.iter().map(|it| it["outcome"].as_str()).collect();
    let named = ["bad_address", "challenge", "empty", "empty", "robots"].map(Some);
    assert_eq!(outcomes[0], None);
    assert_eq!(outcomes[1..], named);
    assert_eq!(lines[0]["title"], "The ferry returns");
    assert_eq!(lines[2]["status"], 403);
    assert!(lines[2]["reason"].as_str().unwrap().contains("Cloudflare"));
    assert!(
        lines[4]["reason"]
            .as_str()
            .unwrap()
            .starts_with("a script shell")
    );
    assert_eq!(lines[5]["url"], "http://daily.test/private/5");
    assert_eq!(ran.err.lines().count(), 5, "{}", ran.err);
    assert!(!ran.err.contains("secret") && !ran.out.contains("secret"));
}

#[test]
fn extract_reports_a_line_for_each_page_and_ends_with_3() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.html"), whole_page()).unwrap();
    fs::write(dir.path().join("b.html"), DATADOME).unwrap();
    let paths = ["a.html", "b.html", "c.html"];
    let ran = run(
        dir.path(),
        &[&["extract", "--report"], &paths[..]].concat(),
        "",
    );
    assert_eq!(ran.code, 3, "{}", ran.err);
    let lines = ran.records();
    let fields: Vec<(&Value, &Value)> = lines
        .iter()
        .map(|it| (&it["source"], &it["outcome"]))
        .collect();
    assert_eq!(fields[0], (&Value::from("a.html"), &Value::Null));
    assert_eq!(
        fields[1],
        (&Value::from("b.html"), &Value::from("challenge"))
    );
    assert_eq!(
        fields[2],
        (&Value::from("c.html"), &Value::from("unreadable"))
    );
    assert!(lines[1]["reason"].as_str().unwrap().contains("DataDome"));
    assert!(ran.err.contains("DataDome"), "{}", ran.err);
}

#[test]
fn one_page_keeps_its_exit_codes_with_a_report_and_without() {
    let (dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    server
        .on(
            "daily.test/robots.txt",
            Reply::text("User-agent: *\nDisallow: /private\n"),
        )
        .on("daily.test/check", Reply::html(CLOUDFLARE))
        .on("daily.test/gone", Reply::status(410));
    configure(dir.path(), &server);
    for (path, code, outcome) in [
        ("check", 4, "challenge"),
        ("gone", 1, "http_4xx"),
        ("private/1", 5, "robots"),
    ] {
        let url = format!("http://daily.test/{path}");
        assert_eq!(run(dir.path(), &["fetch", &url], "").code, code, "{path}");
        let ran = run(dir.path(), &["fetch", "--report", &url], "");
        assert_eq!(
            (ran.code, ran.records()[0]["outcome"].as_str()),
            (code, Some(outcome)),
            "{path}"
        );
    }
}

#[test]
fn several_pages_without_an_article_are_done_in_part() {
    let (dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    server
        .on("daily.test/news/1", Reply::html(&whole_page()))
        .on("daily.test/check", Reply::html(CLOUDFLARE));
    configure(dir.path(), &server);
    let urls = ["http://daily.test/news/1", "http://daily.test/check"];
    let ran = run(dir.path(), &[&["fetch"], &urls[..]].concat(), "");
    assert_eq!((ran.code, ran.out.lines().count()), (3, 1), "{}", ran.err);
    assert!(
        ran.err
            .contains("http://daily.test/check: a bot check (Cloudflare)"),
        "{}",
        ran.err
    );
}

#[test]
fn a_report_in_another_format_or_into_a_folder_is_a_mistake_that_names_its_fix() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.html"), whole_page()).unwrap();
    for (arguments, fix) in [
        (&["--format", "text"][..], "--format jsonl"),
        (&["--output", "folder/"], "the name of a file"),
    ] {
        let ran = run(
            dir.path(),
            &[&["extract", "--report", "a.html"], arguments].concat(),
            "",
        );
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert!(ran.err.contains(fix), "{}", ran.err);
    }
    let ran = run(
        dir.path(),
        &[
            "extract",
            "--report",
            "--output",
            "report.jsonl",
            "a.html",
            "b.html",
        ],
        "",
    );
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    let report = fs::read_to_string(dir.path().join("report.jsonl")).unwrap();
    assert_eq!(report.lines().count(), 2);
}
