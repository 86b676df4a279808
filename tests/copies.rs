//! Copies of pages that are gone, from archives of the web: asked once, politely, and only for what is gone.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::path::Path;
use std::time::Duration;

use newsprint::VisitOutcome;
use newsprint::config::{ArchiveSettings, Config};
use newsprint::crawl::{self, CancellationToken, Options, Silent};
use newsprint::rights::Purpose;
use newsprint::store::{self, Address, AddressFilter};
use support::{NIGHTS, Newsroom, Reply, front, page, story};

const GONE: &str = NIGHTS[0];
const CITY: &str = "[fallback.city]\ncdx = 'http://archive.test/cdx?url={url}&output=json'\n\
                    page = 'http://archive.test/web/{timestamp}id_/{url}'";
const GATE: &str = "[fallback.city]\ntimegate = 'http://archive.test/web/{url}'";
const INDEX: &str = "archive.test/cdx?url=http%3A%2F%2Fdaily.test%2Fnews%2Fone-long-night-in-the-harbour&output=json";
const COPY: &str =
    "archive.test/web/20261101080000id_/http://daily.test/news/one-long-night-in-the-harbour";

/// The archives that a source asks by this configuration.
fn archives(table: &str) -> Vec<ArchiveSettings> {
    let text = format!(
        "[[source]]\nname = 'a'\nstart = ['http://daily.test/']\nfallback = ['city']\n{table}\n"
    );
    let config = Config::parse(&text, Path::new("config.toml")).unwrap();
    config.sources[0].fallback.clone()
}

/// What the index says of one copy.
fn listed() -> Reply {
    let row = format!(
        "[[\"urlkey\",\"timestamp\",\"original\",\"mimetype\",\"statuscode\",\"digest\",\"length\"],\n\
         [\"k\",\"20261101080000\",\"http://daily.test{GONE}\",\"text/html\",\"200\",\"X\",\"9\"]]"
    );
    Reply::new(200, "application/json", row)
}

/// A source with a front page that names one page, which is answered like this.
fn room(reply: Reply, table: &str) -> Newsroom {
    let mut room = Newsroom::open();
    room.server.may("daily.test/", front(&[GONE]));
    room.server.may(&format!("daily.test{GONE}"), reply);
    room.source("daily", &["http://daily.test/"]);
    if !table.is_empty() {
        room.sources[0].fallback = archives(table);
    }
    room
}

/// What was asked of the archive, robots.txt left out.
fn asked(room: &Newsroom) -> Vec<String> {
    let mut asked = room.asked();
    asked.retain(|it| it.starts_with("archive.test") && !it.ends_with("/robots.txt"));
    asked
}

/// What the store has of the page.
async fn known(room: &Newsroom) -> Address {
    let store = store::open(&room.location()).await.unwrap();
    let mut all = store.addresses(AddressFilter::default());
    while let Some(page) = all.next().await.unwrap() {
        if page.url.ends_with(GONE) {
            return page;
        }
    }
    panic!("the page is not known");
}

const DAY: u64 = 24 * 60;

#[tokio::test]
async fn a_page_that_is_gone_is_had_from_the_archive_once_and_marked() {
    let room = room(Reply::status(410), CITY);
    room.server
        .on(INDEX, listed())
        .on(COPY, Reply::html(&page("One long night", &story(1))));
    let first = room.pass().await;
    assert_eq!(first.sources[0].outcomes[&VisitOutcome::Http4xx], 1);
    assert!(asked(&room).is_empty());
    let second = room.pass_after(10).await;
    assert_eq!(second.sources[0].outcomes[&VisitOutcome::Stored], 1);
    assert_eq!(asked(&room), [INDEX, COPY]);
    assert!(
        !room
            .asked()
            .iter()
            .any(|it| it.ends_with(&format!("daily.test{GONE}")) && it.starts_with("daily"))
    );
    let written = room.written();
    let article = &written[0];
    let own = format!("http://daily.test{GONE}");
    assert_eq!(article.url.as_deref(), Some(own.as_str()));
    assert_eq!(article.final_url.as_deref(), Some(own.as_str()));
    assert_eq!(article.canonical_url.as_deref(), Some(own.as_str()));
    assert_eq!(
        article.archived_url.as_deref(),
        Some(format!("http://{COPY}").as_str())
    );
    assert_eq!(article.archived_at.as_deref(), Some("2026-11-01T08:00:00Z"));
    assert!(
        article.warnings.contains(&"archived_copy".to_owned()),
        "{:?}",
        article.warnings
    );
    assert_eq!(article.text, story(1));
    let known = known(&room).await;
    assert_eq!(known.outcome, Some(VisitOutcome::Stored));
    assert_eq!(
        known.reason.as_deref(),
        Some("from the copy of 2026-11-01 that city has")
    );
    assert!(
        room.raw_pages().await.is_empty(),
        "what is extracted again would lose what it is"
    );
    room.pass_after(30 * DAY).await;
    assert!(asked(&room).is_empty());
}

#[tokio::test]
async fn no_archive_is_asked_unless_the_source_names_one() {
    let room = room(Reply::status(410), "");
    room.server.may(INDEX, listed());
    for _ in 0..3 {
        room.pass_after(10).await;
        assert!(asked(&room).is_empty());
    }
    assert_eq!(known(&room).await.next_visit, None);
}

#[tokio::test]
async fn an_archive_named_later_is_asked_for_what_was_lost_before() {
    let mut room = room(Reply::status(410), "");
    room.pass().await;
    room.sources[0].fallback = archives(CITY);
    room.server
        .on(INDEX, listed())
        .on(COPY, Reply::html(&page("One long night", &story(1))));
    room.pass_after(10).await;
    let stored = room.pass_after(10).await;
    assert_eq!(stored.sources[0].outcomes[&VisitOutcome::Stored], 1);
}

#[tokio::test]
async fn where_there_is_no_copy_the_reason_says_so_and_nobody_asks_again() {
    for (reply, expected) in [
        (
            Reply::new(200, "application/json", "[]"),
            "HTTP 410 Gone; city has no copy",
        ),
        (Reply::status(404), "HTTP 410 Gone; city has no copy"),
        (Reply::status(403), "HTTP 410 Gone; city: "),
        (
            Reply::html("<p>Nothing here</p>"),
            "HTTP 410 Gone; city has no copy",
        ),
    ] {
        let room = room(Reply::status(410), CITY);
        room.server.on(INDEX, reply);
        room.pass().await;
        let second = room.pass_after(10).await;
        assert_eq!(second.sources[0].outcomes.len(), 0, "it is no visit");
        let known = known(&room).await;
        let reason = known.reason.unwrap();
        assert!(
            reason.contains(expected.trim_start_matches("HTTP 410 Gone; ")),
            "{reason}"
        );
        assert!(reason.contains("410"), "{reason}");
        assert_eq!(
            (known.outcome, known.status),
            (Some(VisitOutcome::Http4xx), Some(410))
        );
        assert_eq!(known.next_visit, None);
        room.pass_after(30 * DAY).await;
        assert!(asked(&room).is_empty());
    }
}

#[tokio::test]
async fn a_copy_that_holds_no_article_is_none() {
    let room = room(Reply::status(410), CITY);
    let lede = story(1);
    let lede = lede.split("\n\n").next().unwrap();
    let stub = page(
        "One long night",
        &format!("{lede}\n\nSubscribe to continue reading."),
    );
    room.server.on(INDEX, listed()).on(COPY, Reply::html(&stub));
    room.pass().await;
    room.pass_after(10).await;
    let reason = known(&room).await.reason.unwrap();
    assert!(
        reason.contains("the copy of 2026-11-01 that city has holds no article ("),
        "{reason}"
    );
    assert!(room.written().is_empty());
}

#[tokio::test]
async fn what_the_archives_robots_txt_forbids_is_not_asked() {
    let room = room(Reply::status(410), CITY);
    room.server
        .on(
            "archive.test/robots.txt",
            Reply::text("User-agent: *\nDisallow: /\n"),
        )
        .may(INDEX, listed());
    room.pass().await;
    room.pass_after(10).await;
    assert!(asked(&room).is_empty());
    let known = known(&room).await;
    assert!(
        known.reason.unwrap().contains("robots.txt"),
        "the archive's"
    );
    assert_eq!(known.next_visit, None);
}

#[tokio::test]
async fn what_the_site_itself_refuses_is_never_looked_up() {
    let stub = page(
        "One long night",
        "The night was long.\n\nSubscribe to continue reading.",
    );
    for reply in [
        Reply::status(401),
        Reply::status(402),
        Reply::status(403),
        Reply::status(451),
        Reply::html(&stub),
        Reply::html("<title>Just a moment...</title><p>Checking your browser before accessing</p>"),
        Reply::redirect("http://elsewhere.test/"),
    ] {
        let room = room(reply, CITY);
        room.server
            .may(INDEX, listed())
            .may("elsewhere.test/", front(&[]))
            .may("elsewhere.test/robots.txt", Reply::status(404));
        for _ in 0..12 {
            room.pass_after(3 * DAY).await;
            assert!(asked(&room).is_empty());
        }
    }
}

#[tokio::test]
async fn what_the_sites_robots_txt_forbids_by_now_is_not_looked_up() {
    let room = room(Reply::status(410), CITY);
    room.server
        .on(
            "daily.test/robots.txt",
            Reply::text("User-agent: *\nAllow: /\n"),
        )
        .on(
            "daily.test/robots.txt",
            Reply::text("User-agent: *\nDisallow: /news\n"),
        )
        .may(INDEX, listed());
    room.pass().await;
    room.pass_after(2 * DAY).await;
    assert!(asked(&room).is_empty());
    let reason = known(&room).await.reason.unwrap();
    assert!(
        reason.ends_with("no archive is asked for a copy: robots.txt disallows the page"),
        "{reason}"
    );
}

#[tokio::test]
async fn what_an_opt_out_of_the_site_withholds_by_now_is_not_looked_up() {
    let room = room(Reply::status(410), CITY);
    let signal = "User-agent: *\nContent-Signal: ai-train=no\nAllow: /\n";
    room.server
        .on(
            "daily.test/robots.txt",
            Reply::text("User-agent: *\nAllow: /\n"),
        )
        .on("daily.test/robots.txt", Reply::text(signal))
        .may("daily.test/.well-known/tdmrep.json", Reply::status(404))
        .may(INDEX, listed());
    let mut config = room.config();
    config.rights.purpose = Purpose::AiTrain;
    for _ in 0..2 {
        let options = Options {
            clock: room.clock.clone(),
            ..Options::default()
        };
        let stop = CancellationToken::new();
        crawl::run(&config, &options, &stop, &Silent).await.unwrap();
        room.clock.advance(Duration::from_secs(60 * 2 * DAY));
    }
    assert!(asked(&room).is_empty());
    let reason = known(&room).await.reason.unwrap();
    assert!(
        reason.contains("no archive is asked for a copy: ") && reason.contains("ai-train"),
        "{reason}"
    );
}

#[tokio::test]
async fn an_archive_that_does_not_answer_is_asked_three_times() {
    let room = room(Reply::status(410), CITY);
    room.server.may(INDEX, Reply::status(503));
    room.pass().await;
    let mut times = 0;
    for _ in 0..8 {
        room.pass_after(7 * DAY).await;
        times += asked(&room).len();
    }
    assert_eq!(times, 3);
    let known = known(&room).await;
    assert!(known.reason.unwrap().contains("city: "));
    assert_eq!(known.next_visit, None);
}

#[tokio::test]
async fn a_time_gate_leads_to_a_copy_without_the_archives_own_bar_and_links() {
    let mut room = room(Reply::status(410), GATE);
    let gate = format!("archive.test/web/http://daily.test{GONE}");
    let memento = format!("archive.test/web/20261101080000/http://daily.test{GONE}");
    let bar = "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div>The City Archive has 12 copies of this page, \
               which were taken in all the years since the harbour was built.</div>\
               <!-- END WAYBACK TOOLBAR INSERT --><article>";
    let html = page("One long night", &story(1)).replace("<article>", bar).replace(
        "</h1>",
        "</h1><img src=\"/web/20261101080000im_/http://daily.test/night.jpg\" alt=\"The night\">",
    ).replace("<head>", "<head><meta property=og:image content=\"http://archive.test/web/20261101080000im_/http://daily.test/lead.jpg\">");
    let copy = Reply::html(&html).header("Memento-Datetime", "Sun, 01 Nov 2026 08:00:00 GMT");
    room.server
        .on(&gate, Reply::redirect(&format!("http://{memento}")))
        .on(&memento, copy);
    room.sources[0].access = Config::parse(
        "[[source]]\nname = 'a'\nstart = ['http://daily.test/']\nheaders = { X-Reader = 'hunter2' }",
        Path::new("config.toml"),
    )
    .unwrap()
    .sources[0]
        .access
        .clone();
    room.pass().await;
    room.pass_after(10).await;
    let written = room.written();
    let record = serde_json::to_string(&written[0]).unwrap();
    assert_eq!(written[0].text, story(1));
    assert!(!record.contains("City Archive"), "{record}");
    assert_eq!(
        written[0].image.as_deref(),
        Some("http://daily.test/lead.jpg")
    );
    assert_eq!(
        written[0].archived_url.as_deref(),
        Some(format!("http://{memento}").as_str())
    );
    assert_eq!(
        written[0].archived_at.as_deref(),
        Some("2026-11-01T08:00:00Z")
    );
    let hits = room.server.hits();
    let archives = hits.iter().filter(|hit| hit.host == "archive.test");
    assert!(archives.clone().count() > 1);
    assert!(
        !archives
            .clone()
            .any(|hit| format!("{:?}", hit.headers).contains("hunter2"))
    );
}

#[tokio::test]
async fn what_claims_to_be_an_archive_and_leads_back_to_the_site_is_none() {
    let room = room(Reply::status(410), GATE);
    let gate = format!("archive.test/web/http://daily.test{GONE}");
    room.server
        .on(&gate, Reply::redirect("http://other.test/"))
        .may("other.test/", front(&[]));
    room.server.may("other.test/robots.txt", Reply::status(404));
    room.pass().await;
    room.pass_after(10).await;
    let reason = known(&room).await.reason.unwrap();
    assert!(
        reason.contains("city leads to http://other.test/ in place of a copy"),
        "{reason}"
    );
}
