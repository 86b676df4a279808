//! The library's client against a server on loopback: one call from an address to its article.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use newsprint::extract::Options;
use newsprint::{Article, Client, ClientBuilder, ClientError, Verdict};
use support::{Reply, Server, page, story};
use url::Url;

/// A page that is not an article.
const NOTE: &str = "The office is open from nine to five, and the harbour gate is closed at night.";

/// A client for which the hosts given so far lead to the server, and that waits for nothing.
fn builder(server: &Server) -> ClientBuilder {
    let mut builder = Client::builder().requests_per_second(1000.0).retries(0);
    for ((host, port), address) in server.network().resolve {
        builder = builder.resolve(host, port, address);
    }
    builder
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

async fn article(client: &Client, address: &str) -> Result<Article, ClientError> {
    client.article(&url(address)).await
}

#[tokio::test]
async fn a_page_is_fetched_and_its_article_is_the_record_of_the_command_line() {
    let server = Server::start();
    server
        .on("daily.test/a", Reply::redirect("/news/night"))
        .on(
            "daily.test/news/night",
            Reply::html(&page("A night", &story(1))),
        );
    let client = builder(&server)
        .user_agent("example-bot/1.0")
        .build()
        .unwrap();

    let article = article(&client, "http://daily.test/a").await.unwrap();

    assert_eq!(article.title.as_deref(), Some("A night"));
    assert_eq!(article.text, story(1));
    assert_eq!(article.url.as_deref(), Some("http://daily.test/a"));
    assert_eq!(
        article.final_url.as_deref(),
        Some("http://daily.test/news/night")
    );
    assert_eq!(article.status, Some(200));
    assert!(article.fetched_at.is_some());
    for hit in server.hits() {
        assert_eq!(hit.headers["user-agent"], "example-bot/1.0");
    }
}

#[tokio::test]
async fn what_is_not_an_article_is_reported_with_its_verdict_and_readable_all_the_same() {
    let server = Server::start();
    server.on("daily.test/note", Reply::html(&format!("<p>{NOTE}</p>")));
    let client = builder(&server).build().unwrap();

    let error = article(&client, "http://daily.test/note")
        .await
        .unwrap_err();
    let ClientError::NoArticle {
        url: named,
        verdict,
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!(named, &url("http://daily.test/note"));
    assert_eq!(*verdict, Verdict::NotArticle);
    let shown = "http://daily.test/note: the page holds no article (not_article)";
    assert_eq!(error.to_string(), shown);

    let mut options = Options::default();
    options.any_kind = true;
    let client = builder(&server).options(options).build().unwrap();
    let article = article(&client, "http://daily.test/note").await.unwrap();
    assert_eq!(article.text, NOTE);
}

#[tokio::test]
async fn a_refusal_is_told_from_a_failure() {
    let server = Server::start();
    server
        .on(
            "daily.test/robots.txt",
            Reply::text("User-agent: *\nDisallow: /x"),
        )
        .on("gone.test/a", Reply::status(410));
    let client = builder(&server).build().unwrap();

    for (address, refused) in [
        ("http://daily.test/x", true),
        ("http://127.0.0.1/", true),
        ("http://gone.test/a", false),
    ] {
        let Err(ClientError::Fetch(error)) = article(&client, address).await else {
            panic!("{address}");
        };
        assert_eq!(error.is_refusal(), refused, "{error}");
        assert_eq!(error.url, url(address));
    }
}

#[tokio::test]
async fn a_page_larger_than_the_limit_is_refused() {
    let server = Server::start();
    server.on("daily.test/a", Reply::html(&page("A night", &story(1))));
    let client = builder(&server).max_body(100).build().unwrap();
    let Err(ClientError::Fetch(error)) = article(&client, "http://daily.test/a").await else {
        panic!("too large");
    };
    assert!(error.is_refusal(), "{error}");
}

#[tokio::test]
async fn clones_share_the_robots_txt_of_a_host() {
    let server = Server::start();
    server
        .on("daily.test/robots.txt", Reply::text(""))
        .on("daily.test/a", Reply::html(&page("A night", &story(1))))
        .on("daily.test/b", Reply::html(&page("A day", &story(2))));
    let client = builder(&server).build().unwrap();
    let other = client.clone();
    let (a, b) = (url("http://daily.test/a"), url("http://daily.test/b"));
    let (a, b) = tokio::join!(client.fetch(&a), other.fetch(&b));
    assert_eq!(a.unwrap().verdict, Verdict::Article);
    assert_eq!(b.unwrap().verdict, Verdict::Article);
    assert_eq!(server.hits().len(), 3, "one robots.txt, two pages");
}
