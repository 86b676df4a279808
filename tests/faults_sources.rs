//! Sources come, go, move and change their names and settings, and no article is lost over it.

#![cfg(feature = "cli")]
#![allow(clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;
use std::process::Command;
use std::time::Duration;

use newsprint::VisitOutcome;
use newsprint::crawl::SourceSummary;
use newsprint::store::{self, AddressFilter, Filter};
use support::{Newsroom, Reply, page, story};
use url::Url;

/// A front page with these links.
fn front(links: &[&str]) -> Reply {
    let links = links.iter().map(|link| {
        format!("<h2><a href=\"{link}\">What happened in the harbour last night</a></h2>")
    });
    Reply::html(&format!(
        "<html><body>{}</body></html>",
        links.collect::<String>()
    ))
}

/// An article, different for each number.
fn article(number: u64) -> Reply {
    Reply::html(&page(&format!("Night {number}"), &story(number)))
}

/// Why the store says that the last visit to an address ended as it did.
async fn reason(room: &Newsroom, url: &str) -> String {
    let store = store::open_read_only(room.location()).await.unwrap();
    let mut addresses = store.addresses(AddressFilter::default());
    while let Some(address) = addresses.next().await.unwrap() {
        if address.url == url {
            return address.reason.unwrap_or_default();
        }
    }
    panic!("{url} is not in the store");
}

// Settings.

#[test]
fn the_files_of_a_crawl_are_next_to_its_settings_wherever_it_is_started() {
    let mut room = Newsroom::open();
    room.server
        .on("daily.test/", front(&["/news/one-long-night-out"]))
        .on("daily.test/news/one-long-night-out", article(1));
    room.source("daily", &["http://daily.test/"]);
    let settings = room.dir.path().join("settings");
    fs::create_dir(&settings).unwrap();
    let output = "[output]\ndir = \"../articles\"\n[network.resolve]\n";
    let config = room.config_file().replace("[network.resolve]\n", output);
    fs::write(settings.join("daily.toml"), config).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_newsprint"))
        .current_dir(tempfile::tempdir().unwrap().path())
        .args(["crawl", "--config"])
        .arg(settings.join("daily.toml"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{text}");
    if room.database.is_none() {
        assert!(settings.join("newsprint.db").exists());
    }
    assert_eq!(room.written().len(), 1);
}

#[tokio::test]
async fn a_source_says_how_few_words_an_article_may_have() {
    let brief = "The ferry to the islands sails again from Monday morning, the harbour office said \
                 on Sunday evening. Tickets for the first week are sold at the old price of four \
                 crowns, and dogs travel free until the end of the month, it added.";
    for (min_words, stored) in [(Some(30), 1), (Some(200), 0)] {
        let mut room = Newsroom::open();
        room.server
            .on("daily.test/", front(&["/news/one-long-night-out"]))
            .on(
                "daily.test/news/one-long-night-out",
                Reply::html(&page("Ferry sails again", brief)),
            );
        room.source("daily", &["http://daily.test/"]).min_words = min_words;
        assert_eq!(room.pass().await.articles(), stored, "{min_words:?}");
    }
}

// Sources that come and go.

/// A feed with these items.
fn feed(items: &[&str]) -> Reply {
    let items = items.iter().map(|link| {
        format!("<item><title>What happened last night</title><link>{link}</link></item>")
    });
    Reply::xml(&format!(
        "<rss version=\"2.0\"><channel><title>t</title>{}</channel></rss>",
        items.collect::<String>()
    ))
}

fn etag(reply: Reply, tag: &str) -> Reply {
    reply.header("ETag", &format!("\"{tag}\""))
}

/// A front page that declares a feed and holds nothing else.
fn declaring(feed: &str) -> Reply {
    let link = format!("<link rel=alternate type=application/rss+xml href=\"{feed}\">");
    Reply::html(&format!("<html><head>{link}</head><body></body></html>"))
}

fn urls(texts: &[&str]) -> Vec<Url> {
    texts.iter().map(|text| Url::parse(text).unwrap()).collect()
}

/// The addresses of all articles of a room.
async fn stored(room: &Newsroom) -> Vec<String> {
    stored_of(room, &[]).await
}

/// The addresses of the articles of these sources.
async fn stored_of(room: &Newsroom, sources: &[&str]) -> Vec<String> {
    let store = store::open(&room.config().store.location).await.unwrap();
    let mut articles = store.articles(Filter {
        sources: sources.iter().map(|&it| it.to_owned()).collect(),
        ..Filter::default()
    });
    let mut urls = Vec::new();
    while let Some(article) = articles.next().await.unwrap() {
        urls.extend(article.url);
    }
    store.close().await;
    urls.sort();
    urls
}

#[tokio::test]
async fn a_source_that_is_commented_out_for_one_pass_is_back_with_its_feeds_and_pages() {
    let mut room = Newsroom::open();
    let (one, two, three) = ("/one-long-night", "/two-long-nights", "/three-nights");
    room.server
        .on("daily.test/", etag(declaring("/feed"), "front"))
        .on("daily.test/feed", feed(&[one]))
        .on("daily.test/one-long-night", article(1))
        .on("other.test/", front(&[]));
    room.source("daily", &["http://daily.test/"]);
    room.source("other", &["http://other.test/"]);
    room.pass().await;

    let daily = room.sources.remove(0);
    room.pass_after(30).await;
    assert!(room.asked().iter().all(|it| !it.starts_with("daily")));

    room.server.change("daily.test/feed", feed(&[one, two]));
    room.server.on("daily.test/two-long-nights", article(2));
    room.sources.insert(0, daily);
    assert_eq!(room.pass_after(30).await.articles(), 1);

    // And again for longer, with a page that waits.
    room.server
        .change("daily.test/feed", feed(&[one, two, three]));
    let daily = room.sources.remove(0);
    room.pass_after(7 * 24 * 60).await;
    room.server.on("daily.test/three-nights", article(3));
    room.sources.push(daily);
    assert_eq!(room.pass_after(30).await.articles(), 1);
    assert_eq!(stored(&room).await.len(), 3);
}

#[tokio::test]
async fn pages_that_wait_when_their_source_goes_are_fetched_when_it_is_back() {
    let mut room = Newsroom::open();
    room.server
        .on(
            "daily.test/",
            etag(front(&["/news/one-long-night-out"]), "1"),
        )
        .on("daily.test/news/one-long-night-out", Reply::status(503))
        .on("other.test/", front(&[]));
    room.source("daily", &["http://daily.test/"]);
    room.source("other", &["http://other.test/"]);
    room.pass().await;
    let daily = room.sources.remove(0);
    room.pass_after(24 * 60).await;
    room.server
        .change("daily.test/news/one-long-night-out", article(1));
    room.sources.push(daily);
    assert_eq!(room.pass_after(24 * 60).await.articles(), 1);
}

#[tokio::test]
async fn a_source_with_another_name_takes_its_past_along() {
    let mut room = Newsroom::open();
    room.server
        .on(
            "daily.test/",
            etag(
                front(&["/news/one-long-night-out", "/news/two-nights-out"]),
                "1",
            ),
        )
        .on("daily.test/news/one-long-night-out", article(1))
        .on("daily.test/news/two-nights-out", Reply::status(503));
    room.source("daily", &["http://daily.test/"]);
    assert_eq!(room.pass().await.articles(), 1);
    let ids: Vec<String> = room.written().into_iter().map(|it| it.id).collect();

    "The Daily".clone_into(&mut room.sources[0].name);
    room.server
        .change("daily.test/news/two-nights-out", article(2));
    let renamed = room.pass_after(24 * 60).await;
    // Nothing is fetched twice, and the page that waited is.
    assert_eq!(renamed.articles(), 1);
    assert_eq!(renamed.sources[0].pages(), 1);
    let store = store::open(&room.config().store.location).await.unwrap();
    let mut articles = store.articles(Filter {
        sources: vec!["The Daily".to_owned()],
        ..Filter::default()
    });
    let mut found = Vec::new();
    while let Some(stored) = articles.next().await.unwrap() {
        assert_eq!(stored.source.as_deref(), Some("The Daily"));
        found.push(stored.id);
    }
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], ids[0]);
}

#[tokio::test]
async fn a_source_with_another_name_and_another_feed_takes_its_past_along() {
    let mut room = Newsroom::open();
    room.server
        .on(
            "daily.test/rss",
            etag(feed(&["http://daily.test/one-long-night"]), "1"),
        )
        .on("daily.test/one-long-night", article(1));
    room.source("daily", &[]).feeds = urls(&["http://daily.test/rss"]);
    assert_eq!(room.pass().await.articles(), 1);

    "gazette".clone_into(&mut room.sources[0].name);
    room.sources[0].feeds = urls(&["http://daily.test/rss", "http://daily.test/atom"]);
    room.server
        .on(
            "daily.test/atom",
            feed(&["http://daily.test/one-long-night", "http://daily.test/two"]),
        )
        .on("daily.test/two", article(2));
    let renamed = room.pass_after(24 * 60).await;
    assert_eq!(renamed.sources[0].pages(), 1);
    assert_eq!(stored_of(&room, &["gazette"]).await.len(), 2);
}

// Entry points that come and go.

#[tokio::test]
async fn a_wrong_guess_is_a_feed_when_the_page_declares_it_later() {
    let mut room = Newsroom::open();
    room.server
        .on("daily.test/", front(&[]))
        .on("daily.test/feed.xml", Reply::status(404));
    room.source("daily", &["http://daily.test/"]);
    room.pass().await;

    room.server.change("daily.test/", declaring("/feed.xml"));
    room.server
        .change("daily.test/feed.xml", feed(&["/one-long-night"]));
    room.server.on("daily.test/one-long-night", article(1));
    assert_eq!(room.pass_after(24 * 60).await.articles(), 1);
}

#[tokio::test]
async fn a_wrong_guess_is_a_feed_when_the_settings_name_it_later() {
    let mut room = Newsroom::open();
    room.server
        .on("daily.test/", etag(front(&[]), "1"))
        .on("daily.test/rss.xml", Reply::status(404));
    room.source("daily", &["http://daily.test/"]);
    room.pass().await;

    room.sources[0].feeds = urls(&["http://daily.test/rss.xml"]);
    room.server
        .change("daily.test/rss.xml", feed(&["/one-long-night"]));
    room.server.on("daily.test/one-long-night", article(1));
    assert_eq!(room.pass_after(30).await.articles(), 1);
}

#[tokio::test]
async fn a_feed_that_was_guessed_and_is_declared_is_not_given_up_for_one_404() {
    let mut room = Newsroom::open();
    room.server
        .on("daily.test/", front(&[]))
        .on("daily.test/feed.xml", feed(&["/one-long-night"]))
        .on("daily.test/one-long-night", article(1));
    room.source("daily", &["http://daily.test/"]);
    room.pass().await;
    room.server.change("daily.test/", declaring("/feed.xml"));
    room.pass_after(24 * 60).await;
    room.server
        .change("daily.test/feed.xml", Reply::status(404));
    room.pass_after(24 * 60).await;
    room.server.change(
        "daily.test/feed.xml",
        feed(&["/one-long-night", "/two-nights"]),
    );
    room.server.on("daily.test/two-nights", article(2));
    assert_eq!(room.pass_after(24 * 60).await.articles(), 1);
}

#[tokio::test]
async fn a_feed_that_the_settings_drop_is_read_on_where_the_page_declares_it_or_it_is_guessed() {
    for (front, path) in [
        (declaring("/news/rss"), "news/rss"),
        (front(&[]), "feed.xml"),
    ] {
        let mut room = Newsroom::open();
        let address = format!("daily.test/{path}");
        room.server
            .on("daily.test/", etag(front, "front"))
            .on(&address, feed(&["/one-long-night"]))
            .on("daily.test/one-long-night", article(1));
        room.source("daily", &["http://daily.test/"]).feeds = urls(&[&format!("http://{address}")]);
        room.pass().await;
        room.sources[0].feeds.clear();
        room.pass_after(30).await;
        room.server
            .change(&address, feed(&["/one-long-night", "/two-nights"]));
        room.server.on("daily.test/two-nights", article(2));
        assert_eq!(room.pass_after(24 * 60).await.articles(), 1, "{path}");
    }
}

// Sources that share entry points and pages.

#[tokio::test]
async fn two_sources_of_one_feed_each_get_what_their_filters_want() {
    let mut room = Newsroom::open();
    let items = ["/sport/one-long-night", "/news/two-nights", "/news/three"];
    room.server
        .on("daily.test/rss", etag(feed(&items), "1"))
        .on("daily.test/sport/one-long-night", article(1))
        .on("daily.test/news/two-nights", article(2))
        .on("daily.test/news/three", article(3));
    for (name, include) in [("sport", "/sport/**"), ("news", "/news/**")] {
        let source = room.source(name, &[]);
        source.feeds = urls(&["http://daily.test/rss"]);
        source.include = vec![include.to_owned()];
    }
    let summary = room.pass().await;
    let articles: Vec<u64> = summary
        .sources
        .iter()
        .map(SourceSummary::articles)
        .collect();
    assert_eq!(articles, [1, 2]);
    assert_eq!(room.pass_after(60).await.articles(), 0);
}

#[tokio::test]
async fn two_sources_of_one_front_page_that_want_one_page_share_it_by_their_order() {
    let mut room = Newsroom::open();
    room.server
        .on(
            "daily.test/",
            front(&["/news/one-long-night-out", "/sport/two-long-nights-out"]),
        )
        .on("daily.test/news/one-long-night-out", article(1))
        .on("daily.test/sport/two-long-nights-out", article(2));
    room.source("all", &["http://daily.test/"]);
    room.source("sport", &["http://daily.test/"]).include = vec!["/sport/**".to_owned()];
    let summary = room.pass().await;
    let articles: Vec<u64> = summary
        .sources
        .iter()
        .map(SourceSummary::articles)
        .collect();
    assert_eq!(articles, [2, 0]);
    assert_eq!(stored(&room).await.len(), 2);
}

#[tokio::test]
async fn what_one_source_refuses_for_its_language_another_that_names_it_gets() {
    let mut room = Newsroom::open();
    let korean =
        "<p>해안 도시의 시장은 월요일에 새로운 다리를 건설하겠다고 발표했다. 공사는 내년 봄에 \
                  시작되어 삼 년 동안 계속될 예정이며 예산은 시의회가 승인했다.</p>"
            .repeat(6);
    let korean = Reply::html(&format!(
        "<html lang=ko><head><title>다리</title><meta property=og:type content=article></head>\
         <body><article><h1>새 다리</h1>{korean}</article></body></html>"
    ));
    room.server
        .on("daily.test/rss", feed(&["/one-long-night", "/two-nights"]))
        .on("daily.test/one-long-night", article(1))
        .on("daily.test/two-nights", korean);
    for (name, language) in [("english", "en"), ("korean", "ko")] {
        let source = room.source(name, &[]);
        source.feeds = urls(&["http://daily.test/rss"]);
        source.language = Some(language.to_owned());
    }
    room.pass().await;
    room.server.change(
        "daily.test/rss",
        feed(&["/one-long-night", "/two-nights", "/three"]),
    );
    room.server.on("daily.test/three", article(3));
    room.pass_after(24 * 60).await;
    let mut by_source: Vec<String> = room
        .written()
        .into_iter()
        .map(|it| format!("{} {}", it.source.unwrap(), it.url.unwrap()))
        .collect();
    by_source.sort();
    assert_eq!(
        by_source,
        [
            "english http://daily.test/one-long-night",
            "english http://daily.test/three",
            "korean http://daily.test/two-nights",
        ]
    );
    // It does not go back and forth.
    room.pass_after(24 * 60).await;
    let mut pages = room.asked();
    pages.retain(|it| !it.ends_with("/rss") && !it.ends_with("/robots.txt"));
    assert!(pages.is_empty(), "{pages:?}");
}

// Sources that move.

#[tokio::test]
async fn a_front_page_that_moves_to_another_domain_takes_its_source_along() {
    let mut room = Newsroom::open();
    let links = ["/news/one-long-night-out", "/news/two-long-nights-out"];
    room.server
        .on("daily.test/", Reply::redirect("http://herald.test/"))
        .on("herald.test/", etag(front(&links), "1"))
        .on("herald.test/news/one-long-night-out", article(1))
        .on(
            "herald.test/news/two-long-nights-out",
            Reply::redirect("http://www.herald.test/news/two"),
        )
        .on("www.herald.test/news/two", article(2));
    room.source("daily", &["http://daily.test/"]);
    assert_eq!(room.pass().await.articles(), 2);
    for _ in 0..2 {
        let reason = reason(&room, "http://daily.test/").await;
        assert!(reason.contains("moved to http://herald.test/"), "{reason}");
        // The front page is not modified meanwhile, and what it has taught is not forgotten.
        room.pass_after(24 * 60).await;
    }
    room.server
        .change("herald.test/", front(&["/news/three-long-nights-out"]));
    room.server
        .on("herald.test/news/three-long-nights-out", article(3));
    assert_eq!(room.pass_after(24 * 60).await.articles(), 1);
}

#[tokio::test]
async fn items_of_a_feed_that_the_page_declares_may_lie_on_a_sister_domain() {
    for host in ["daily.news", "evening-daily.test"] {
        let mut room = Newsroom::open();
        let items = [
            format!("http://{host}/one-long-night"),
            format!("http://{host}/two-nights"),
            "http://foreign.test/three-nights".to_owned(),
        ];
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        room.server
            .on("daily.test/", etag(declaring("/feed"), "front"))
            .on("daily.test/feed", etag(feed(&items), "feed"))
            .on(&format!("{host}/one-long-night"), article(1))
            .on(&format!("{host}/two-nights"), Reply::status(503));
        room.source("daily", &["http://daily.test/"]);
        assert_eq!(room.pass().await.articles(), 1, "{host}");
        // The feed is not modified when the page is asked again.
        room.server.change(
            &format!("{host}/two-nights"),
            Reply::redirect(&format!("http://{host}/2026/two-nights")),
        );
        room.server
            .on(&format!("{host}/2026/two-nights"), article(2));
        assert_eq!(room.pass_after(24 * 60).await.articles(), 1, "{host}");
    }
}

#[tokio::test]
async fn headlines_of_a_front_page_may_lie_on_a_sister_domain() {
    for (host, articles) in [("www.daily.news", 1), ("foreign.test", 0)] {
        let mut room = Newsroom::open();
        let link = format!("http://{host}/news/one-long-night-out");
        room.server
            .on("daily.test/", front(&[&link]))
            .may(&format!("{host}/news/one-long-night-out"), article(1));
        room.source("daily", &["http://daily.test/"]);
        assert_eq!(room.pass().await.articles(), articles, "{host}");
    }
}

#[tokio::test]
async fn a_page_that_is_redirected_to_another_site_is_not_stored() {
    let foreign = article(2);
    let moved = Reply::status(301).header("Location", "http://foreign.test/b");
    let refresh = Reply::html(
        "<html><head><meta http-equiv=refresh content='0; url=http://foreign.test/c'></head></html>",
    );
    for (answer, arrived) in [
        (Reply::redirect("http://foreign.test/a"), "foreign.test/a"),
        (refresh, "foreign.test/c"),
        (moved, "foreign.test/b"),
    ] {
        let mut room = Newsroom::open();
        room.server
            .on(
                "daily.test/",
                front(&["/news/one-long-night-out", "/news/two-long-nights-out"]),
            )
            .on("daily.test/news/one-long-night-out", article(1))
            .on("daily.test/news/two-long-nights-out", answer)
            .on(arrived, foreign.clone());
        room.source("daily", &["http://daily.test/"]);
        let summary = room.pass().await;
        assert_eq!(summary.sources[0].outcomes[&VisitOutcome::MovedAway], 1);
        assert_eq!(
            stored(&room).await,
            ["http://daily.test/news/one-long-night-out"]
        );
        let reason = reason(&room, "http://daily.test/news/two-long-nights-out").await;
        assert!(reason.contains("another site"), "{reason}");
    }
}

#[tokio::test]
async fn a_page_that_is_redirected_to_an_excluded_section_is_not_stored() {
    for (include, exclude) in [(vec![], vec!["/video/**"]), (vec!["/news/**"], vec![])] {
        let mut room = Newsroom::open();
        room.server
            .on("daily.test/", front(&["/news/one-long-night-out"]))
            .on(
                "daily.test/news/one-long-night-out",
                Reply::redirect("/video/one"),
            )
            .on("daily.test/video/one", article(1));
        let source = room.source("daily", &["http://daily.test/"]);
        let owned = |globs: Vec<&str>| globs.into_iter().map(str::to_owned).collect();
        source.include = owned(include);
        source.exclude = owned(exclude);
        let summary = room.pass().await;
        assert_eq!(summary.sources[0].outcomes[&VisitOutcome::MovedAway], 1);
        assert!(stored(&room).await.is_empty());

        // Other filters, other answers.
        room.sources[0].include.clear();
        room.sources[0].exclude.clear();
        assert_eq!(room.pass_after(60).await.articles(), 1);
    }
}

#[tokio::test]
async fn other_hosts_of_one_site_and_short_addresses_are_no_other_site() {
    let mut room = Newsroom::open();
    room.server
        .on(
            "short.test/rss",
            feed(&["http://short.test/1", "http://short.test/2"]),
        )
        .on(
            "short.test/1",
            Reply::redirect("http://daily.test/news/one"),
        )
        .on(
            "daily.test/news/one",
            Reply::redirect("http://m.daily.test/news/one"),
        )
        .on("m.daily.test/news/one", article(1))
        .on("short.test/2", Reply::redirect("http://agency.test/two"))
        .on("agency.test/two", article(2))
        .on("daily.test/", front(&[]));
    room.source("daily", &["http://daily.test/"]).feeds = urls(&["http://short.test/rss"]);
    assert_eq!(room.pass().await.articles(), 2);
}

// Settings that change.

#[tokio::test]
async fn a_raised_limit_makes_due_what_it_has_stopped() {
    let long = story(1).repeat(40);
    let large = Reply::html(&page("A night", &long));
    let chain = |n: u32| Reply::redirect(&format!("/news/one-long-night-out?step={n}"));
    let path = "daily.test/news/one-long-night-out";
    type Change = fn(&mut Newsroom);
    let cases: [(&str, Change, Change); 3] = [
        (
            "max_body",
            |room| room.crawl.max_body = 20_000,
            |room| room.crawl.max_body = 5 << 20,
        ),
        (
            "max_redirects",
            |room| room.crawl.max_redirects = 1,
            |room| room.crawl.max_redirects = 3,
        ),
        (
            "respect_robots",
            |_| (),
            |room| room.crawl.respect_robots = false,
        ),
    ];
    for (setting, before, after) in cases {
        let mut room = Newsroom::open();
        room.server.on(
            "daily.test/",
            etag(front(&["/news/one-long-night-out"]), "1"),
        );
        match setting {
            "max_redirects" => {
                room.server
                    .on(path, chain(1))
                    .on(&format!("{path}?step=1"), chain(2))
                    .on(&format!("{path}?step=2"), large.clone());
            }
            "respect_robots" => {
                let robots = Reply::text("User-agent: *\nDisallow: /news/\n");
                room.server
                    .on("daily.test/robots.txt", robots)
                    .on(path, large.clone());
            }
            _ => {
                room.server.on(path, large.clone());
            }
        }
        room.source("daily", &["http://daily.test/"]);
        before(&mut room);
        assert_eq!(room.pass().await.articles(), 0, "{setting}");
        // As long as nothing changes, nothing is asked again at once.
        assert_eq!(room.pass_after(6).await.sources[0].pages(), 0, "{setting}");
        after(&mut room);
        assert_eq!(room.pass_after(6).await.articles(), 1, "{setting}");
    }
}

#[tokio::test]
async fn another_language_or_age_lets_in_what_it_has_kept_out() {
    let mut room = Newsroom::open();
    let old = "<rss version=\"2.0\"><channel><title>t</title><item><title>x</title>\
               <link>/one-long-night</link><pubDate>Thu, 01 Oct 2026 08:00:00 GMT</pubDate></item>\
               </channel></rss>";
    room.server
        .on("daily.test/rss", etag(Reply::xml(old), "1"))
        .on("daily.test/one-long-night", article(1));
    room.source("daily", &[]).feeds = urls(&["http://daily.test/rss"]);
    assert_eq!(room.pass().await.articles(), 0);
    assert_eq!(room.pass_after(60).await.articles(), 0);
    room.crawl.max_age = None;
    assert_eq!(room.pass_after(60).await.articles(), 1);

    // Judged again from its page where that is kept, and fetched where it is not.
    for (keep_pages, fetched) in [(Duration::from_secs(9_999_999), 0), (Duration::ZERO, 1)] {
        let mut room = Newsroom::open();
        room.keep_pages = keep_pages;
        room.server
            .on("daily.test/rss", etag(feed(&["/one-long-night"]), "1"))
            .on("daily.test/one-long-night", article(1));
        let source = room.source("daily", &[]);
        source.feeds = urls(&["http://daily.test/rss"]);
        source.language = Some("de".to_owned());
        let first = room.pass().await;
        assert_eq!(first.sources[0].outcomes[&VisitOutcome::OtherLanguage], 1);
        room.sources[0].language = Some("en".to_owned());
        let second = room.pass_after(60).await;
        assert_eq!(second.sources[0].pages(), fetched, "{keep_pages:?}");
        assert_eq!(stored(&room).await.len(), 1);
    }
}

#[tokio::test]
async fn deeper_links_and_refetching_begin_where_the_settings_ask_for_them_later() {
    let mut room = Newsroom::open();
    room.server
        .on(
            "daily.test/",
            etag(front(&["/news/one-long-night-out"]), "1"),
        )
        .on("daily.test/news/one-long-night-out", article(1));
    room.source("daily", &["http://daily.test/"]);
    assert_eq!(room.pass().await.articles(), 1);
    assert_eq!(room.pass_after(12 * 60).await.sources[0].pages(), 0);
    room.crawl.refetch_articles = Some(Duration::from_secs(6 * 3600));
    let again = room.pass_after(60).await;
    assert_eq!(again.sources[0].outcomes[&VisitOutcome::Unchanged], 1);

    let mut room = Newsroom::open();
    let section: Vec<String> = (1..9)
        .map(|n| format!("/news/night-{n}-in-the-town"))
        .collect();
    let section: Vec<&str> = section.iter().map(String::as_str).collect();
    room.server
        .on("daily.test/", etag(front(&["/news-from-the-town/"]), "1"))
        .on("daily.test/news-from-the-town/", front(&section));
    room.source("daily", &["http://daily.test/"]);
    assert_eq!(room.pass().await.articles(), 0);
    for (n, path) in (1..).zip(&section) {
        room.server.on(&format!("daily.test{path}"), article(n));
    }
    room.sources[0].max_depth = 2;
    assert_eq!(room.pass_after(60).await.articles(), 8);
}

#[tokio::test]
async fn the_pages_of_a_source_that_leaves_are_there_for_one_that_reads_the_same_feed() {
    let mut room = Newsroom::open();
    room.server
        .on(
            "daily.test/rss",
            etag(feed(&["/one-long-night", "/two-nights"]), "1"),
        )
        .on("daily.test/one-long-night", Reply::status(503))
        .on("daily.test/two-nights", article(2));
    for name in ["one", "other"] {
        room.source(name, &[]).feeds = urls(&["http://daily.test/rss"]);
    }
    assert_eq!(room.pass().await.articles(), 1);
    room.sources.remove(0);
    room.server.change("daily.test/one-long-night", article(1));
    room.pass_after(24 * 60).await;
    room.pass_after(24 * 60).await;
    assert_eq!(stored(&room).await.len(), 2);
}

#[tokio::test]
async fn a_sitemap_of_the_settings_may_lead_to_another_domain_than_its_own() {
    let mut room = Newsroom::open();
    let index =
        "<sitemapindex><sitemap><loc>http://maps.test/2026.xml</loc></sitemap></sitemapindex>";
    let map = "<urlset><url><loc>http://daily.test/one-long-night</loc></url></urlset>";
    room.server
        .on("maps.test/index.xml", Reply::xml(index))
        .on("maps.test/2026.xml", Reply::xml(map))
        .on("daily.test/one-long-night", article(1));
    room.source("daily", &[]).sitemaps = urls(&["http://maps.test/index.xml"]);
    assert_eq!(room.pass().await.articles(), 1);

    // A news sitemap that robots.txt names is the site's own word.
    let mut room = Newsroom::open();
    let news = "<urlset xmlns:n=\"http://www.google.com/schemas/sitemap-news/0.9\"><url>\
                <loc>http://herald.test/one-long-night</loc><n:news>\
                <n:publication_date>2026-11-24T08:00:00Z</n:publication_date>\
                </n:news></url></urlset>";
    room.server
        .on(
            "daily.test/robots.txt",
            Reply::text("Sitemap: http://daily.test/news.xml\n"),
        )
        .on("daily.test/", front(&[]))
        .on("daily.test/news.xml", Reply::xml(news))
        .on("herald.test/one-long-night", article(1));
    room.source("daily", &["http://daily.test/"]);
    assert_eq!(room.pass().await.articles(), 1);
}
