//! Links that were not followed and front pages that were none: what a crawl makes of them, what it says,
//! and what `discover` shows.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::process::{Command, Stdio};

use newsprint::VisitOutcome;
use newsprint::crawl::Summary;
use support::{Newsroom, Reply, page, story};

const DAY: u64 = 24 * 60;

/// The program in the newsroom's folder: exit code, standard output and standard error.
fn run(room: &Newsroom, line: &str) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_newsprint"))
        .current_dir(room.dir.path())
        .env_clear()
        .env("HOME", room.dir.path())
        .stdin(Stdio::null())
        .args(line.split_whitespace())
        .output()
        .unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Serves an article at each of these paths.
fn articles(room: &Newsroom, paths: &[&str]) {
    for (path, number) in paths.iter().zip(1..) {
        let html = page(&format!("Story number {number}"), &story(number));
        room.server
            .on(&format!("daily.test{path}"), Reply::html(&html));
    }
}

fn cards(paths: &[&str], card: impl Fn(&str) -> String) -> String {
    let cards: String = paths.iter().map(|path| card(path)).collect();
    format!(
        "<html><body><nav><a href=/politics>Politics</a> <a href=/login>Log in</a></nav>\
         <main>{cards}</main><footer><a href=/privacy>Privacy policy</a></footer></body></html>"
    )
}

// Links.

#[tokio::test]
async fn cards_are_followed_to_addresses_of_two_words_and_of_numbers() {
    const PATHS: [&str; 3] = ["/news/night-ferry", "/12", "/view.php?id=3"];
    let summary = "Nobody was hurt, the harbour office said on Monday, and work goes on.";
    for card in [
        |path: &str| {
            format!(
                "<div class=c><h3>Ferry sails again {path}</h3><p>{path}</p><a href='{path}'>Read more</a></div>"
            )
        },
        |path: &str| {
            format!(
                "<div class=c><a href='{path}'><img src=/i.jpg alt='Ferry sails again {path}'></a></div>"
            )
        },
        |path: &str| {
            format!(
                "<div class=c><a class=stretched href='{path}' aria-label='Ferry sails again {path}'></a><img src=/i.jpg></div>"
            )
        },
    ] {
        let mut room = Newsroom::open();
        let front = cards(&PATHS, |path| {
            card(path).replace("<p>", &format!("<p>{summary} "))
        });
        room.server.on("daily.test/", Reply::html(&front));
        articles(&room, &PATHS);
        room.source("daily", &["http://daily.test/"]);
        assert_eq!(room.pass().await.articles(), 3, "{front}");
    }
}

#[tokio::test]
async fn a_link_that_include_names_is_followed_and_no_other_is() {
    for include in ["/n/*", "http://daily.test/n/**"] {
        let mut room = Newsroom::open();
        let front = "<nav><a href=/n/1>1</a></nav><p><a rel=nofollow href=/n/2>x</a> <a href=/n/3.jpg>y</a></p>\
                     <h2><a href=/o/4>A headline of a long story</a></h2><a href=/n/video/5>z</a>";
        room.server.on("daily.test/", Reply::html(front));
        articles(&room, &["/n/1", "/n/2"]);
        let source = room.source("daily", &["http://daily.test/"]);
        source.include = vec![include.to_owned()];
        source.exclude = vec!["/n/video/**".to_owned()];
        assert_eq!(room.pass().await.articles(), 2, "{include}");
    }
}

#[tokio::test]
async fn articles_that_stand_on_the_front_page_as_a_whole_are_fetched_by_their_permanent_links() {
    let text = story(9).replace("\n\n", "</p><p>");
    for whole in [
        |path: &str| format!("<article data-url='{path}'><h2>Ferry {path}</h2>"),
        |path: &str| {
            format!("<article><h2>Ferry {path}</h2><a href='{path}'><time>09:30</time></a>")
        },
        |path: &str| format!("<article><h2><a href='{path}'>Ferry {path}</a></h2>"),
    ] {
        let mut room = Newsroom::open();
        let front = cards(&["/a", "/b"], |path| {
            format!("{}<p>{text}</p></article>", whole(path))
        });
        room.server.on("daily.test/", Reply::html(&front));
        articles(&room, &["/a", "/b"]);
        room.source("daily", &["http://daily.test/"]);
        assert_eq!(room.pass().await.articles(), 2, "{}", whole("/a"));
    }
}

// Front pages.

fn stand_in(name: &str) -> Reply {
    Reply::html(&fs::read_to_string(format!("fixtures/stand-ins/{name}.html")).unwrap())
}

fn failure(summary: &Summary) -> Option<(VisitOutcome, String)> {
    let failure = summary.sources[0].failures.first()?;
    Some((failure.outcome, failure.reason.clone()))
}

#[tokio::test]
async fn what_stands_in_the_place_of_a_front_page_is_named_and_passes() {
    use VisitOutcome::{Challenge, ConsentWall, Empty, Soft404};
    let shell = "<html><head><title>Daily</title></head><body><noscript>You need to enable JavaScript to \
                 run this app.</noscript><div id=root></div><script src=/app.js></script></body></html>";
    let maintenance =
        "<h1>Wartungsarbeiten</h1><p>Wir sind bald wieder da.</p><a href=/>Neu laden</a>";
    let parked = "<h1>This domain is for sale</h1><a href=https://sale.example/buy-this-domain-name-now>Buy \
                  this domain name now</a> <a href='/?q=insurance'>Insurance</a>";
    for (reply, outcome, word) in [
        (stand_in("challenge/cf-new"), Challenge, "a bot check"),
        (stand_in("challenge/ddosguard"), Challenge, "a bot check"),
        (stand_in("consent_wall/es"), ConsentWall, "consent wall"),
        (
            stand_in("consent_wall/before-you-continue"),
            ConsentWall,
            "consent wall",
        ),
        (stand_in("soft_404/en1"), Soft404, "not found"),
        (stand_in("soft_404/de1"), Soft404, "not found"),
        (Reply::html(""), Empty, "no text"),
        (Reply::html(shell), Empty, "scripts make its content"),
        (Reply::html(maintenance), Empty, "Wartungsarbeiten"),
        (Reply::html(parked), Empty, "This domain is for sale"),
    ] {
        let mut room = Newsroom::open();
        room.server.may("daily.test/a0", Reply::status(404));
        for path in ["/a1", "/a2", "/a3", "/a4"] {
            room.server
                .may(&format!("daily.test{path}"), Reply::status(404));
        }
        let good = cards(&["/n/1", "/n/2"], |path| {
            format!("<article><h2><a href='{path}'>Ferry sails again {path}</a></h2></article>")
        });
        room.server
            .on("daily.test/", reply)
            .on("daily.test/", Reply::html(&good));
        articles(&room, &["/n/1", "/n/2"]);
        room.source("daily", &["http://daily.test/"]);

        let first = room.pass().await;
        let (found, reason) = failure(&first).unwrap_or_else(|| panic!("{word}: no failure"));
        assert_eq!(found, outcome, "{reason}");
        assert!(reason.contains(word), "{reason}");
        let second = room.pass_after(DAY).await;
        assert_eq!((second.articles(), failure(&second)), (2, None), "{word}");
    }
}

#[tokio::test]
async fn a_start_page_that_has_moved_to_a_parking_site_is_named() {
    let mut room = Newsroom::open();
    let parked = "<h1>Paper</h1><p>Related searches</p><a href='/?q=paper'>Wall paper</a>\
                  <a href='/?q=cheap'>Cheap flights to the islands this winter</a>";
    room.server
        .on("daily.test/", Reply::redirect("http://parking.test/daily"))
        .on("parking.test/daily", Reply::html(parked));
    room.source("daily", &["http://daily.test/"]);
    let (outcome, reason) = failure(&room.pass().await).unwrap();
    assert_eq!(outcome, VisitOutcome::Soft404);
    assert!(
        reason.contains("redirected to http://parking.test/daily"),
        "{reason}"
    );
}

#[tokio::test]
async fn front_pages_with_banners_or_little_text_are_front_pages() {
    let banner = "<div class=cookie-banner><p>We value your privacy. We and our 842 partners store and access \
        cookies on your device.</p><button>Accept all</button><button>Reject all</button>\
        <button>Manage preferences</button></div>";
    let list = cards(&["/n/1", "/n/2"], |path| {
        format!("<h3><a href='{path}'>Ferry sails again {path}</a></h3>")
    });
    for front in [
        list.replace("<main>", &format!("{banner}<main>")),
        list.replace("<nav>", "<title>Error</title><nav>"),
    ] {
        let mut room = Newsroom::open();
        room.server.on("daily.test/", Reply::html(&front));
        articles(&room, &["/n/1", "/n/2"]);
        room.source("daily", &["http://daily.test/"]);
        let summary = room.pass().await;
        assert_eq!(
            (summary.articles(), failure(&summary)),
            (2, None),
            "{front}"
        );
    }
    // A shell that declares its feed is no failure.
    let mut room = Newsroom::open();
    let shell = "<link rel=alternate type=application/rss+xml href=/feed><div id=app></div><script>1</script>";
    let feed = "<rss version='2.0'><channel><item><link>http://daily.test/n/1</link></item></channel></rss>";
    room.server
        .on("daily.test/", Reply::html(shell))
        .on("daily.test/feed", Reply::xml(feed));
    articles(&room, &["/n/1"]);
    room.source("daily", &["http://daily.test/"]);
    let summary = room.pass().await;
    assert_eq!((summary.articles(), failure(&summary)), (1, None));
}

// What is said.

#[test]
fn the_log_counts_the_links_of_entry_points_and_names_each_on_demand() {
    let mut room = Newsroom::open();
    let front = cards(&["/n/1", "/n/2"], |path| {
        format!("<article><h2><a href='{path}'>Ferry \u{1b}[31m{path}</a></h2></article>")
    });
    room.server
        .on("daily.test/", Reply::html(&front))
        .on("daily.test/", Reply::html(&front));
    articles(&room, &["/n/1", "/n/2"]);
    room.source("daily", &["http://daily.test/"]);
    fs::write(room.dir.path().join("config.toml"), room.config_file()).unwrap();

    let (code, _, log) = run(&room, "crawl -v");
    assert_eq!(code, 0, "{log}");
    assert!(log.contains("followed 2, passed over 3"), "{log}");
    assert!(!log.contains("the link of a heading"), "{log}");

    fs::remove_file(room.dir.path().join("newsprint.db")).unwrap();
    articles(&room, &["/n/1", "/n/2"]);
    let (_, _, log) = run(&room, "crawl -vv");
    assert!(
        log.contains("link followed: the link of a heading"),
        "{log}"
    );
    assert!(
        log.contains("link passed over: in a menu, header, footer or sidebar"),
        "{log}"
    );
    assert!(!log.contains('\u{1b}'), "{log}");
}

#[test]
fn discover_shows_what_is_passed_over_and_prints_nothing_to_paste_where_nothing_is() {
    let room = Newsroom::open();
    let front = cards(&["/n/1", "/n/2"], |path| {
        format!("<article><h2><a href='{path}'>Ferry sails again</a></h2></article>")
    });
    let check = fs::read_to_string("fixtures/stand-ins/challenge/cf-new.html").unwrap();
    room.server
        .on("daily.test/", Reply::html(&front))
        .may("daily.test/politics", Reply::status(404))
        .on("walled.test/", stand_in("challenge/cf-new"))
        .on("bare.test/", Reply::html("<p>Hello</p>"))
        .on("refused.test/", Reply::new(403, "text/html", check));
    fs::write(room.dir.path().join("config.toml"), room.config_file()).unwrap();

    let (code, out, err) = run(&room, "discover http://daily.test/");
    assert_eq!(code, 0, "{err}");
    for line in [
        "# Links of the front page: 2 followed, 3 passed over\n",
        "#   1 in a menu, header, footer or sidebar: Politics\n",
    ] {
        assert!(out.contains(line), "{line}{out}");
    }
    for (address, reason) in [
        (
            "http://walled.test/",
            "a bot check in place of the front page",
        ),
        ("http://refused.test/", "answered 403 Forbidden"),
        (
            "http://bare.test/",
            "no links to articles; the page says \"Hello\"",
        ),
    ] {
        let (code, out, err) = run(&room, &format!("discover {address}"));
        assert_eq!((code, out.as_str()), (4, ""), "{err}");
        assert!(err.contains(reason), "{err}");
    }
}

#[test]
fn discover_looks_for_a_site_with_the_other_scheme_and_with_www() {
    let room = Newsroom::open();
    let front = cards(&["/n/1", "/n/2"], |path| {
        format!("<h2><a href='{path}'>Ferry sails again</a></h2>")
    });
    room.server
        .may("plain.test/politics", Reply::status(404))
        .may("www.bare.test/politics", Reply::status(404))
        .on("plain.test/", Reply::html(&front))
        .on("bare.test/", Reply::status(404))
        .on("www.bare.test/", Reply::html(&front));
    let mut config = room.config_file();
    // Nothing listens for TLS there.
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for host in ["plain.test", "bare.test", "www.bare.test"] {
        config.push_str(&format!("\"{host}:443\" = \"{closed}\"\n"));
    }
    fs::write(room.dir.path().join("config.toml"), config).unwrap();
    for (asked, used) in [
        ("plain.test", "http://plain.test/"),
        ("http://bare.test/", "http://www.bare.test/"),
    ] {
        let (code, out, err) = run(&room, &format!("discover {asked}"));
        assert_eq!(code, 0, "{err}");
        assert!(err.contains(&format!("using {used} instead")), "{err}");
        assert!(
            out.contains(&format!("  \"{used}\",  # 2 articles")),
            "{out}"
        );
    }
}

// Feeds and sitemaps.

#[tokio::test]
async fn a_feed_that_has_moved_for_good_is_followed_and_named() {
    let feed = "<rss version='2.0'><channel><item><link>http://daily.test/n/1</link></item></channel></rss>";
    for (status, says_so) in [(301, true), (308, true), (302, false)] {
        let mut room = Newsroom::open();
        let moved = Reply::status(status).header("Location", "/new/feed.xml");
        room.server.on("daily.test/feed", moved.clone()).on(
            "daily.test/new/feed.xml",
            Reply::xml(feed).header("ETag", "\"1\""),
        );
        articles(&room, &["/n/1"]);
        let source = room.source("daily", &[]);
        source.feeds = vec!["http://daily.test/feed".parse().unwrap()];
        assert_eq!(room.pass().await.articles(), 1);
        let advice =
            "moved for good to http://daily.test/new/feed.xml: put this address into `feeds`";
        for at in ["at first", "where it has not changed"] {
            let store = newsprint::store::open(&room.config().store.location)
                .await
                .unwrap();
            let rows = store
                .addresses_after(&Default::default(), 0, 10)
                .await
                .unwrap();
            let row = rows.iter().find(|row| row.url.ends_with("/feed")).unwrap();
            assert_eq!(
                row.reason.as_deref() == Some(advice),
                says_so,
                "{status} {at}: {row:?}"
            );
            store.close().await;
            room.server.may("daily.test/feed", moved.clone());
            room.pass_after(DAY).await;
        }
    }
}

#[tokio::test]
async fn a_wall_in_the_place_of_a_feed_or_sitemap_is_named() {
    for (reply, outcome, reason) in [
        (
            stand_in("challenge/cf-new"),
            VisitOutcome::Challenge,
            "a bot check in place of the",
        ),
        (
            stand_in("consent_wall/es"),
            VisitOutcome::ConsentWall,
            "consent wall in place of the",
        ),
        (
            stand_in("soft_404/de1"),
            VisitOutcome::Soft404,
            "'not found' in place of the",
        ),
        (Reply::html("<p>Hello</p>"), VisitOutcome::NotHtml, "not a "),
    ] {
        let mut room = Newsroom::open();
        room.server
            .on("daily.test/feed", reply.clone())
            .on("daily.test/map.xml", reply);
        let source = room.source("daily", &[]);
        source.feeds = vec!["http://daily.test/feed".parse().unwrap()];
        source.sitemaps = vec!["http://daily.test/map.xml".parse().unwrap()];
        let summary = room.pass().await;
        let failures = &summary.sources[0].failures;
        assert_eq!(failures.len(), 2);
        for failure in failures {
            assert_eq!(failure.outcome, outcome, "{}", failure.reason);
            assert!(failure.reason.contains(reason), "{}", failure.reason);
        }
    }
}

#[tokio::test]
async fn sitemaps_below_an_index_with_stale_dates_are_read() {
    let index = |dates: [&str; 3]| {
        let maps: String = dates
            .iter()
            .zip(1..)
            .map(|(date, n)| format!("<sitemap><loc>http://daily.test/{n}.xml</loc><lastmod>{date}</lastmod></sitemap>"))
            .collect();
        format!("<sitemapindex>{maps}</sitemapindex>")
    };
    for (dates, read) in [
        (
            ["2019-01-01", "2019-01-01", "2019-01-01"],
            vec!["/1.xml", "/2.xml", "/3.xml"],
        ),
        (["2019-01-01", "2026-11-20", "2019-01-01"], vec!["/2.xml"]),
    ] {
        let mut room = Newsroom::open();
        room.server
            .on("daily.test/map.xml", Reply::xml(&index(dates)));
        for path in &read {
            let map = "<urlset><url><loc>http://daily.test/n/1</loc></url></urlset>";
            room.server
                .on(&format!("daily.test{path}"), Reply::xml(map));
        }
        articles(&room, &["/n/1"]);
        let source = room.source("daily", &[]);
        source.sitemaps = vec!["http://daily.test/map.xml".parse().unwrap()];
        assert_eq!(room.pass().await.articles(), 1, "{dates:?}");
    }
}
