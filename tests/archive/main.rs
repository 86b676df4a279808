//! The archive of a crawl: what is fetched is in it as it came, without what identifies the user, and it has all that
//! the store has, whenever the program is killed.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "../support/mod.rs"]
mod support;

mod kills;
mod others;
mod records;
mod wire;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use newsprint::config::Config;
use newsprint::crawl::{self, CancellationToken, CrawlError, Options, Silent, Summary};
use records::{Record, files, records};
use support::{Hit, NIGHTS, Newsroom, Reply, front, page, story};

fn folder(room: &Newsroom) -> PathBuf {
    room.dir.path().join("warc")
}

fn config(room: &Newsroom) -> Config {
    let mut config = room.config();
    config.output.warc = Some(folder(room));
    config
}

async fn pass_as(room: &Newsroom, config: &Config) -> Result<Summary, CrawlError> {
    let options = Options {
        clock: room.clock.clone(),
        ..Options::default()
    };
    crawl::run(config, &options, &CancellationToken::new(), &Silent).await
}

/// One pass that keeps what it fetches.
async fn pass(room: &Newsroom) -> Summary {
    pass_as(room, &config(room)).await.unwrap()
}

async fn pass_after(room: &Newsroom, minutes: u64) -> Summary {
    room.clock.advance(Duration::from_secs(60 * minutes));
    room.server.forget_hits();
    pass(room).await
}

fn gzipped(html: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(html.as_bytes()).unwrap();
    packer.finish().unwrap()
}

/// The records of one address.
fn of<'r>(records: &'r [Record], url: &str) -> Vec<&'r Record> {
    records.iter().filter(|it| it.url() == url).collect()
}

fn kinds<'r>(records: &[&'r Record]) -> Vec<&'r str> {
    records.iter().map(|it| it.kind()).collect()
}

/// A redirect, a page in gzip, one that is missing and one that robots.txt forbids.
fn daily() -> Newsroom {
    let mut room = Newsroom::open();
    let html = page("A night in gzip", &story(2));
    room.server
        .on(
            "daily.test/robots.txt",
            Reply::text("User-agent: *\nDisallow: /news/three\n"),
        )
        .on("daily.test/", front(&NIGHTS[..4]))
        .on(
            &format!("daily.test{}", NIGHTS[0]),
            Reply::redirect("/a/night-in-the-harbour"),
        )
        .on(
            "daily.test/a/night-in-the-harbour",
            Reply::html(&page("A night", &story(1))),
        )
        .on(
            &format!("daily.test{}", NIGHTS[1]),
            Reply::new(200, "text/html", gzipped(&html)).header("Content-Encoding", "gzip"),
        )
        .on(
            &format!("daily.test{}", NIGHTS[3]),
            Reply::new(404, "text/html", "<p>No such night.</p>"),
        );
    room.source("daily", &["http://daily.test/"]);
    room
}

#[tokio::test]
async fn every_exchange_is_in_the_archive_with_the_end_of_its_visit() {
    let room = daily();
    assert_eq!(pass(&room).await.articles(), 2);

    let records = records(&folder(&room));
    let requests = records.iter().filter(|it| it.kind() == "request");
    assert_eq!(requests.count(), room.server.hits().len());
    let url = |path: &str| format!("http://daily.test{path}");
    let exchange = ["request", "response"];
    let visit = ["request", "response", "metadata"];
    assert_eq!(kinds(&of(&records, &url("/robots.txt"))), exchange);
    assert_eq!(kinds(&of(&records, &url("/"))), visit);
    assert_eq!(kinds(&of(&records, &url(NIGHTS[0]))), exchange);
    assert_eq!(kinds(&of(&records, &url("/a/night-in-the-harbour"))), visit);
    assert_eq!(kinds(&of(&records, &url(NIGHTS[1]))), visit);
    assert_eq!(kinds(&of(&records, &url(NIGHTS[2]))), [""; 0]);
    assert_eq!(kinds(&of(&records, &url(NIGHTS[3]))), visit);

    // The redirect, with its body, which nobody else reads.
    let hop = of(&records, &url(NIGHTS[0]))[1];
    assert!(
        hop.text().starts_with("HTTP/1.1 302 Found\r\n"),
        "{}",
        hop.text()
    );
    assert!(hop.text().contains("location: /a/night-in-the-harbour\r\n"));
    assert_eq!(
        (hop.body(), hop.get("WARC-Truncated")),
        (&b"<p>302</p>"[..], "")
    );
    assert_eq!(hop.get("WARC-IP-Address"), "127.0.0.1");
    let [_, response, end] = of(&records, &url("/a/night-in-the-harbour"))[..] else {
        panic!()
    };
    assert_eq!(
        end.get("WARC-Concurrent-To"),
        response.get("WARC-Record-ID")
    );
    assert_eq!(end.field("via"), Some(url(NIGHTS[0])));

    // The body as it came.
    let [request, response, end] = of(&records, &url(NIGHTS[1]))[..] else {
        panic!()
    };
    assert_eq!(
        request.get("WARC-Concurrent-To"),
        response.get("WARC-Record-ID")
    );
    assert_eq!(
        response.body(),
        gzipped(&page("A night in gzip", &story(2)))
    );
    assert!(response.text().contains("content-encoding: gzip\r\n"));
    let written = room.written();
    let article = written.iter().find(|it| it.url == Some(url(NIGHTS[1])));
    assert_eq!(end.field("article"), article.map(|it| it.id.clone()));
    let field = |name| end.field(name).unwrap();
    assert_eq!(
        (field("outcome"), field("source")),
        ("stored".into(), "daily".into())
    );
    assert_eq!(end.field("via"), None);

    let missing = of(&records, &url(NIGHTS[3]))[2];
    assert_eq!(missing.field("outcome").as_deref(), Some("http_4xx"));
    let ids: BTreeSet<&str> = records.iter().map(|it| it.get("WARC-Record-ID")).collect();
    assert_eq!(ids.len(), records.len());
}

#[tokio::test]
async fn a_crawl_without_an_archive_writes_none_and_a_pass_that_fetches_nothing_no_file() {
    let room = daily();
    room.pass().await;
    assert!(!folder(&room).exists());
    pass(&room).await;
    assert!(files(&folder(&room)).is_empty());
}

#[tokio::test]
async fn what_has_not_changed_and_what_comes_twice_is_referred_to() {
    let mut room = Newsroom::open();
    let same = Reply::html(&page("A night", &story(1)));
    let url = |path: &str| format!("http://daily.test{path}");
    room.server
        .on("daily.test/", front(&NIGHTS[..2]).with_etag())
        .on(&format!("daily.test{}", NIGHTS[0]), same.clone())
        .on(&format!("daily.test{}", NIGHTS[1]), same);
    room.site("weekly.test", 6);
    room.source("daily", &["http://daily.test/"]);
    room.source("weekly", &["http://weekly.test/"]);
    pass(&room).await;

    let first = records(&folder(&room));
    let [one, two] = [NIGHTS[0], NIGHTS[1]].map(|path| of(&first, &url(path))[1]);
    let (whole, again) = if one.kind() == "response" {
        (one, two)
    } else {
        (two, one)
    };
    assert_eq!((whole.kind(), again.kind()), ("response", "revisit"));
    let profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
    assert_eq!(again.get("WARC-Profile"), profile);
    assert_eq!(again.get("WARC-Refers-To-Target-URI"), whole.url());
    assert_eq!(again.get("WARC-Refers-To-Date"), whole.get("WARC-Date"));
    let payload = "WARC-Payload-Digest";
    assert_eq!(again.get(payload), whole.get(payload));
    assert!(again.text().ends_with("\r\n\r\n"), "no body");

    // By the next passes, too: what the server says, and what comes again.
    let is_whole = |it: &&&Record| it.kind() == "response";
    let fronts = |records: &[Record]| {
        ["http://daily.test/", "http://weekly.test/"].map(|url| of(records, url)[1].clone())
    };
    let [daily, weekly] = fronts(&first);
    for _ in 0..2 {
        let before = records(&folder(&room)).len();
        pass_after(&room, 30).await;
        let all = records(&folder(&room));
        let [unchanged, same] = fronts(&all[before..]);
        assert!(
            unchanged
                .text()
                .starts_with("HTTP/1.1 304 Not Modified\r\n")
        );
        let not_modified = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";
        for (record, earlier, is) in [
            (&unchanged, &daily, not_modified),
            (&same, &weekly, profile),
        ] {
            assert_eq!((record.kind(), record.get("WARC-Profile")), ("revisit", is));
            assert_eq!(record.get("WARC-Refers-To-Target-URI"), earlier.url());
            assert_eq!(record.get("WARC-Refers-To-Date"), earlier.get("WARC-Date"));
        }
    }

    // What was taken away is recorded again.
    std::fs::remove_dir_all(folder(&room)).unwrap();
    pass_after(&room, 30).await;
    let again = records(&folder(&room));
    let weekly = of(&again, "http://weekly.test/");
    assert_eq!(weekly.iter().filter(is_whole).count(), 1);
    let unchanged = of(&again, "http://daily.test/")[1];
    assert_eq!(unchanged.get("WARC-Refers-To-Date"), "");
}

#[tokio::test]
async fn what_is_cut_short_says_so() {
    let mut room = Newsroom::open();
    room.crawl.max_body = 8_000;
    let long = page("A long night", &story(3));
    room.server
        .on("daily.test/", front(&NIGHTS[..3]))
        .on(
            &format!("daily.test{}", NIGHTS[0]),
            Reply::html(&long).cut(700),
        )
        .on(
            &format!("daily.test{}", NIGHTS[1]),
            Reply::endless("<p>On and on.</p>"),
        )
        .on(
            &format!("daily.test{}", NIGHTS[2]),
            Reply::new(200, "image/png", "png"),
        );
    room.source("daily", &["http://daily.test/"]);
    pass(&room).await;
    let records = records(&folder(&room));
    let cut = NIGHTS[..3].iter().map(|path| {
        let response = of(&records, &format!("http://daily.test{path}"))[1];
        (response.get("WARC-Truncated"), response.body().len())
    });
    let cut: Vec<_> = cut.collect();
    assert_eq!(cut[0], ("disconnect", 700));
    assert_eq!(cut[1].0, "length");
    assert!((8_000..1 << 20).contains(&cut[1].1), "{cut:?}");
    assert_eq!(cut[2], ("unspecified", 0));
}

#[tokio::test]
async fn nothing_that_identifies_the_user_is_in_the_archive() {
    let mut room = Newsroom::open();
    let path = NIGHTS[0];
    room.server
        .site("daily.test", move |hit: &Hit| match &*hit.path {
            "/" => front(&[path]).header("Set-Cookie", "session=oyster; Path=/"),
            "/robots.txt" => Reply::status(404),
            "/again" => {
                Reply::html(&page("A night", &story(1))).header("Set-Cookie", "session=clam")
            }
            // With what the user is known by, in all places.
            _ => Reply::redirect("http://whelk:limpet@daily.test/again")
                .header("Set-Cookie", "session=oyster; Path=/"),
        });
    room.source("daily", &["http://winkle:mussel@daily.test/"]);
    pass(&room).await;
    let hits = room.server.hits();
    let sent = |name: &str| {
        hits.iter()
            .filter(|it| it.headers.contains_key(name))
            .count()
    };
    assert!(
        sent("authorization") >= 3 && sent("cookie") >= 1,
        "{hits:?}"
    );
    for record in records(&folder(&room)) {
        let text = format!("{:?} {}", record.headers, record.text()).to_lowercase();
        let secrets = [
            "oyster",
            "clam",
            "whelk",
            "limpet",
            "winkle",
            "mussel",
            "cookie",
            "authorization",
            // 'winkle:mussel' in Base64.
            "d2lua2xl",
        ];
        for secret in secrets {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    assert_eq!(room.written().len(), 1);
}

#[tokio::test]
async fn many_hosts_share_the_files_which_are_completed_at_their_size() {
    let mut room = Newsroom::open();
    for number in 0..6 {
        let host = format!("daily-{number}.test");
        room.site(&host, 3);
        room.source(&host, &[&format!("http://{host}/")]);
    }
    let mut config = config(&room);
    config.output.warc_size = 10_000;
    let summary = pass_as(&room, &config).await.unwrap();
    assert_eq!(summary.articles(), 18);
    let records = records(&folder(&room));
    let count = |kind: &str| records.iter().filter(|it| it.kind() == kind).count();
    let hits = room.server.hits();
    assert_eq!(count("request"), hits.len());
    let robots = hits.iter().filter(|it| it.path == "/robots.txt").count();
    assert_eq!(count("metadata"), hits.len() - robots);
    assert!(files(&folder(&room)).len() > 2);
}

#[tokio::test]
async fn an_archive_that_cannot_be_written_ends_the_pass_before_anything_is_fetched() {
    let room = daily();
    std::fs::write(folder(&room), "a file").unwrap();
    let failed = pass_as(&room, &config(&room)).await.unwrap_err();
    assert!(matches!(failed, CrawlError::Archive(_)), "{failed}");
    assert!(
        failed.to_string().contains("cannot write the archive"),
        "{failed}"
    );
    assert_eq!(room.server.hits().len(), 0);
    // What the server expects.
    room.pass().await;
}
