//! Headers and cookies of your own subscription: they go to the source's own hosts and nowhere else, nothing shows
//! them, and a paywall that comes all the same is named.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use newsprint::VisitOutcome;
use newsprint::config::{Config, SourceAccess};
use newsprint::crawl::{self, CancellationToken, Options, Silent, Summary};
use newsprint::store::{self, AddressFilter};
use support::{Hit, NIGHTS, Newsroom, Ran, Reply, front, newsprint, page, story};

/// In every value of these tests.
const SECRET: &str = "hunter2";
const OWN: &str = "headers = { Authorization = 'Bearer hunter2', X-Reader = 'hunter2-x' }\n\
                   cookies = { sid = 'hunter2-sid' }";

/// The settings of a source with these lines.
fn access(lines: &str, folder: &Path) -> SourceAccess {
    let file = folder.join("access.toml");
    let text = format!("[[source]]\nname = 'a'\nstart = ['http://daily.test/']\n{lines}\n");
    fs::write(&file, text).unwrap();
    Config::load(&file).unwrap().sources.remove(0).access
}

/// The first lines of an article, as everyone sees them.
fn stub() -> Reply {
    let text = story(1);
    let lede = text.split("\n\n").next().unwrap();
    let text = format!("{lede}\n\nSubscribe to continue reading.\n\nAlready a subscriber? Log in");
    Reply::html(&page("One long night in the harbour", &text))
}

/// The page of an article for those who send the cookie `sid`, and the beginning for others.
fn gated(hit: &Hit) -> Reply {
    let links = &NIGHTS[..3];
    let number = links.iter().position(|link| *link == hit.path);
    let is_subscriber = hit
        .headers
        .get("cookie")
        .is_some_and(|it| it.contains("sid=hunter2"));
    match (hit.path.as_str(), number) {
        ("/", _) => front(links),
        (_, Some(_)) if !is_subscriber => stub(),
        (_, Some(number)) => {
            let text = story(number as u64);
            Reply::html(&page(&format!("Night {number} in the harbour"), &text))
        }
        _ => Reply::status(404),
    }
}

fn is_own(hit: &Hit) -> bool {
    format!("{:?}", hit.headers).contains(SECRET)
}

/// Which requests brought headers or cookies of the user's own, as host and path.
fn sent(room: &Newsroom) -> Vec<String> {
    let hits = room.server.hits().into_iter().filter(is_own);
    hits.map(|hit| format!("{}{}", hit.host, hit.path))
        .collect()
}

async fn pass(room: &Newsroom, config: &Config) -> Summary {
    let options = Options {
        clock: room.clock.clone(),
        ..Options::default()
    };
    crawl::run(config, &options, &CancellationToken::new(), &Silent)
        .await
        .unwrap()
}

/// Why the pages of a store that are not in it were lost.
async fn reasons(room: &Newsroom) -> Vec<(VisitOutcome, String)> {
    let store = store::open(&room.location()).await.unwrap();
    let mut lost = store.addresses(AddressFilter {
        lost: true,
        ..AddressFilter::default()
    });
    let mut reasons = Vec::new();
    while let Some(page) = lost.next().await.unwrap() {
        reasons.push((page.outcome.unwrap(), page.reason.unwrap_or_default()));
    }
    reasons
}

#[tokio::test]
async fn a_subscription_opens_the_pages_of_its_own_source_and_no_robots_txt_sees_it() {
    let mut room = Newsroom::open();
    room.server.site("daily.test", gated);
    let own = access(OWN, room.dir.path());
    room.source("daily", &["http://daily.test/"]).access = own;
    let summary = room.pass().await;
    assert_eq!(summary.sources[0].outcomes[&VisitOutcome::Stored], 3);
    let hits = room.server.hits();
    let page = hits.iter().find(|hit| hit.path == NIGHTS[0]).unwrap();
    assert_eq!(page.headers["authorization"], "Bearer hunter2");
    assert_eq!(page.headers["x-reader"], "hunter2-x");
    assert_eq!(page.headers["cookie"], "sid=hunter2-sid");
    let robots = hits.iter().filter(|hit| hit.path == "/robots.txt");
    assert!(robots.clone().count() > 0 && !robots.clone().any(is_own));
}

#[tokio::test]
async fn a_redirect_elsewhere_takes_nothing_along_and_the_way_back_does() {
    let mut room = Newsroom::open();
    let [first, second, third] = [NIGHTS[0], NIGHTS[1], NIGHTS[2]];
    room.server
        .on("daily.test/", front(&[first, second, third]))
        .on(
            &format!("daily.test{first}"),
            Reply::redirect("http://sso.test/check"),
        )
        .on("sso.test/check", Reply::redirect("http://daily.test/back"))
        .on(
            "daily.test/back",
            Reply::html(&page("Night one", &story(1))),
        )
        .on(
            &format!("daily.test{second}"),
            Reply::redirect("http://daily.test:8081/second"),
        )
        .on(
            "daily.test/second",
            Reply::html(&page("Night two", &story(2))),
        )
        .on(
            &format!("daily.test{third}"),
            Reply::redirect("http://shop.daily.test/third"),
        )
        .on(
            "shop.daily.test/third",
            Reply::html(&page("Night three", &story(3))),
        )
        .may("sso.test/robots.txt", Reply::status(404))
        .may("shop.daily.test/robots.txt", Reply::status(404));
    let own = access(OWN, room.dir.path());
    room.source("daily", &["http://daily.test/"]).access = own;
    let mut config = room.config();
    config
        .network
        .resolve
        .insert(("daily.test".to_owned(), 8081), room.server.address);
    pass(&room, &config).await;
    let own: Vec<String> = ["/", first, "/back", second, third]
        .iter()
        .map(|path| format!("daily.test{path}"))
        .collect();
    let mut sent = sent(&room);
    sent.retain(|it| {
        !it.contains("feed")
            && !it.contains("rss")
            && !it.contains("sitemap")
            && !it.ends_with(".xml")
    });
    sent.sort();
    let mut expected = own;
    expected.sort();
    assert_eq!(sent, expected);
    let asked = room.asked();
    for elsewhere in [
        "sso.test/check",
        "daily.test/second",
        "shop.daily.test/third",
    ] {
        assert!(
            asked.iter().any(|it| it == elsewhere),
            "{elsewhere}: {asked:?}"
        );
    }
}

#[tokio::test]
async fn two_sources_of_one_host_send_each_its_own_and_a_third_none() {
    let mut room = Newsroom::open();
    room.server.site("daily.test", gated);
    room.server.site("weekly.test", gated);
    let one = access("cookies = { sid = 'hunter2-one' }", room.dir.path());
    let two = access("cookies = { sid = 'hunter2-two' }", room.dir.path());
    let news = room.source("one", &["http://daily.test/"]);
    news.access = one;
    news.include = vec![NIGHTS[0].to_owned()];
    let sport = room.source("two", &["http://daily.test/"]);
    sport.access = two;
    sport.include = vec![NIGHTS[1].to_owned()];
    room.source("three", &["http://weekly.test/"]);
    room.pass().await;
    let cookie = |path: &str| {
        let hits = room.server.hits().into_iter();
        let mut hits = hits.filter(|hit| hit.host == "daily.test" && hit.path == path);
        hits.next().unwrap().headers["cookie"].clone()
    };
    assert_eq!(cookie(NIGHTS[0]), "sid=hunter2-one");
    assert_eq!(cookie(NIGHTS[1]), "sid=hunter2-two");
    assert!(!sent(&room).iter().any(|it| it.starts_with("weekly.test")));
}

#[tokio::test]
async fn a_cookie_that_the_site_renews_wins_for_the_visit_and_only_for_that() {
    let mut room = Newsroom::open();
    let [first, second] = [NIGHTS[0], NIGHTS[1]];
    let renewed = Reply::redirect("/renewed").header("Set-Cookie", "sid=fresh; Path=/");
    room.server
        .on("daily.test/", front(&[first, second]))
        .on(&format!("daily.test{first}"), renewed)
        .on(
            "daily.test/renewed",
            Reply::html(&page("Night one", &story(1))),
        )
        .on(
            &format!("daily.test{second}"),
            Reply::html(&page("Night two", &story(2))),
        );
    let own = access("cookies = { a = '1', sid = 'hunter2' }", room.dir.path());
    room.source("daily", &["http://daily.test/"]).access = own;
    room.pass().await;
    let hits = room.server.hits();
    let cookie = |path: &str| {
        let hit = hits.iter().find(|hit| hit.path == path).unwrap();
        hit.headers["cookie"].clone()
    };
    assert_eq!(cookie(first), "a=1; sid=hunter2");
    assert_eq!(cookie("/renewed"), "a=1; sid=fresh");
    assert_eq!(cookie(second), "a=1; sid=hunter2");
}

/// All bytes of the files below a folder, WARC files unpacked.
fn everything_below(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(everything_below(&path));
        } else if path.extension().is_some_and(|it| it == "gz") {
            let file = fs::File::open(&path).unwrap();
            std::io::copy(&mut flate2::read::MultiGzDecoder::new(file), &mut all).unwrap();
        } else if path.extension().is_none_or(|it| it != "toml") {
            all.extend(fs::read(&path).unwrap());
        }
    }
    all
}

fn has(all: &[u8], text: &str) -> bool {
    all.windows(text.len()).any(|it| it == text.as_bytes())
}

#[tokio::test]
async fn neither_store_nor_records_nor_warc_files_hold_a_value() {
    let mut room = Newsroom::open();
    room.server.site("daily.test", |hit| {
        let is_page = hit.path != "/robots.txt";
        let reply = gated(hit);
        match is_page {
            true => reply.header("Set-Cookie", "sid=fresh-session; Path=/"),
            false => reply,
        }
    });
    let own = access(OWN, room.dir.path());
    room.source("daily", &["http://daily.test/"]).access = own;
    let mut config = room.config();
    config.output.warc = Some(room.dir.path().join("warc"));
    let summary = pass(&room, &config).await;
    assert_eq!(summary.sources[0].outcomes[&VisitOutcome::Stored], 3);
    let all = everything_below(room.dir.path());
    assert!(has(&all, "WARC-Type: request") && has(&all, "GET /news/one"));
    assert!(!has(&all, SECRET) && !has(&all, "fresh-session"));
    assert!(!has(&all, "x-reader") && !has(&all, "authorization"));
}

/// The file of a configuration for the program, with these lines for its first source.
fn config_file(room: &Newsroom, lines: &str) {
    let file = format!("{}{lines}\n", room.config_file());
    fs::write(room.dir.path().join("config.toml"), file).unwrap();
}

fn ran(room: &Newsroom, args: &[&str]) -> Ran {
    let output = newsprint(room.dir.path()).args(args).output().unwrap();
    Ran::from(output)
}

#[tokio::test]
async fn no_level_of_the_log_and_no_command_shows_a_value() {
    let mut room = Newsroom::open();
    room.server.site("daily.test", gated);
    room.source("daily", &["http://daily.test/"]);
    config_file(&room, OWN);
    for args in [
        &["crawl", "-vvv"][..],
        &["crawl", "-vvv", "--log-format", "json"],
        &["status", "-vvv"],
        &["status", "--format", "json"],
        &[
            "fetch",
            "-vvv",
            "http://daily.test/news/one-long-night-in-the-harbour",
        ],
        &[
            "explain",
            "-vvv",
            "http://daily.test/news/one-long-night-in-the-harbour",
        ],
        &["discover", "-vvv", "http://daily.test/"],
        &["rules", "check"],
        &["schema", "config"],
    ] {
        let ran = ran(&room, args);
        assert_ne!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(
            !ran.err.contains(SECRET) && !ran.out.contains(SECRET),
            "{args:?}"
        );
    }
    assert!(sent(&room).len() > 6);
}

#[tokio::test]
async fn fetch_explain_and_discover_are_let_in_as_a_crawl_is() {
    let mut room = Newsroom::open();
    room.server.site("daily.test", gated);
    room.server.site("weekly.test", gated);
    room.source("daily", &["http://daily.test/"]);
    config_file(&room, OWN);
    let page = format!("http://www.daily.test{}", NIGHTS[1]);
    let own = format!("http://daily.test{}", NIGHTS[1]);
    let fetched = ran(&room, &["fetch", &own]);
    assert!(
        fetched.out.starts_with("Night 1 in the harbour"),
        "{fetched:?}"
    );
    let explained = ran(&room, &["explain", &own, "--format", "json"]);
    assert!(
        explained.out.contains("Night 1 in the harbour"),
        "{explained:?}"
    );
    ran(&room, &["discover", "http://daily.test/"]);
    let elsewhere = ran(
        &room,
        &["fetch", &format!("http://weekly.test{}", NIGHTS[1])],
    );
    assert_eq!(elsewhere.code, 4, "{elsewhere:?}");
    assert!(!elsewhere.err.contains("subscription"), "{elsewhere:?}");
    let sent = sent(&room);
    assert!(
        sent.len() >= 3 && sent.iter().all(|it| it.starts_with("daily.test")),
        "{sent:?} {page}"
    );
}

#[tokio::test]
async fn what_is_not_set_or_malformed_stops_before_anything_is_fetched() {
    let mut room = Newsroom::open();
    room.server.may("daily.test/", Reply::status(404));
    room.source("daily", &["http://daily.test/"]);
    for (lines, expected) in [
        (
            "headers = { X = { env = 'NEWSPRINT_NO_SUCH' } }",
            "the variable NEWSPRINT_NO_SUCH is not set",
        ),
        (
            "cookie_jar = 'cookies.txt'",
            "cookies.txt:2:1: a cookie has 7 fields",
        ),
        (
            "headers = { Host = 'hunter2' }",
            "the header `Host` cannot be set here",
        ),
    ] {
        config_file(&room, lines);
        fs::write(
            room.dir.path().join("cookies.txt"),
            "# cookies\nsid=hunter2\n",
        )
        .unwrap();
        let ran = ran(&room, &["crawl"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(
            ran.err.contains(expected) && !ran.err.contains(SECRET),
            "{}",
            ran.err
        );
    }
    // What fetches nothing does without.
    config_file(&room, "headers = { X = { env = 'NEWSPRINT_NO_SUCH' } }");
    assert_ne!(ran(&room, &["rules", "check"]).code, 2);
    assert!(room.server.hits().is_empty());
    room.server.may("daily.test/", front(&[]));
    config_file(&room, "headers = { X = { env = 'READER' } }");
    let mut crawl: Command = newsprint(room.dir.path());
    crawl
        .args(["crawl", "--quiet"])
        .env("READER", "hunter2")
        .output()
        .unwrap();
    assert!(!sent(&room).is_empty());
}

fn jar(expires: i64) -> String {
    format!(
        "# Netscape HTTP Cookie File\n#HttpOnly_.daily.test\tTRUE\t/\tFALSE\t{expires}\tsid\thunter2\n"
    )
}

#[tokio::test]
async fn a_jar_opens_the_pages_until_it_expires_and_that_is_named_until_it_is_renewed() {
    let mut room = Newsroom::open();
    room.server.site("daily.test", gated);
    let file = room.dir.path().join("cookies.txt");
    let now = support::NOW / 1000;
    fs::write(&file, jar(now - 60)).unwrap();
    let own = access("cookie_jar = 'cookies.txt'", room.dir.path());
    room.source("daily", &["http://daily.test/"]).access = own;
    let expired = room.pass().await;
    assert!(sent(&room).is_empty());
    assert_eq!(expired.sources[0].outcomes[&VisitOutcome::PaywallStub], 3);
    let lost = reasons(&room).await;
    assert_eq!(lost.len(), 3);
    for (outcome, reason) in lost {
        assert_eq!(outcome, VisitOutcome::PaywallStub);
        assert!(
            reason.starts_with("your subscription does not open the page ("),
            "{reason}"
        );
        assert!(
            reason.contains("cookies.txt have expired") && reason.contains("log in again"),
            "{reason}"
        );
    }
    let issues = &expired.sources[0].health_issues;
    assert_eq!(issues[0].word(), "locked out");
    assert!(issues[0].to_string().contains("have expired"), "{issues:?}");
    // What was lost is due again as soon as the cookies are others.
    fs::write(&file, jar(now + 86_400)).unwrap();
    let before = fs::read(&file).unwrap();
    let renewed = room.pass_after(10).await;
    assert_eq!(renewed.sources[0].outcomes[&VisitOutcome::Stored], 3);
    assert!(renewed.sources[0].health_issues.is_empty());
    assert_eq!(fs::read(&file).unwrap(), before, "it is never written");
}

#[tokio::test]
async fn a_session_that_the_site_has_ended_is_named() {
    let mut room = Newsroom::open();
    let [first, second, third] = [NIGHTS[0], NIGHTS[1], NIGHTS[2]];
    room.server
        .on("daily.test/", front(&[first, second, third]))
        .on(&format!("daily.test{first}"), stub())
        .on(&format!("daily.test{second}"), Reply::status(401))
        .on(
            &format!("daily.test{third}"),
            Reply::redirect("http://sso.test/login"),
        )
        .on(
            "sso.test/login",
            Reply::html("<h1>Log in</h1><form><input type=password></form>"),
        );
    let own = access(OWN, room.dir.path());
    room.source("daily", &["http://daily.test/"]).access = own;
    let summary = room.pass().await;
    let lost = reasons(&room).await;
    assert_eq!(lost.len(), 3);
    for (_, reason) in &lost {
        assert!(
            reason.contains("the subscription has ended, or its session has; log in again"),
            "{lost:?}"
        );
        assert!(!reason.contains(SECRET));
    }
    assert_eq!(summary.sources[0].health_issues[0].word(), "locked out");
    assert!(!sent(&room).iter().any(|it| it.starts_with("sso.test")));
}

#[cfg(unix)]
#[tokio::test]
async fn a_jar_that_everyone_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let mut room = Newsroom::open();
    room.server.may("daily.test/", front(&[]));
    room.source("daily", &["http://daily.test/"]);
    config_file(&room, "cookie_jar = 'cookies.txt'");
    let file = room.dir.path().join("cookies.txt");
    fs::write(&file, jar(0)).unwrap();
    for (mode, is_warned) in [(0o644, true), (0o600, false)] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let ran = ran(&room, &["crawl"]);
        assert_eq!(
            ran.err.contains("run `chmod 600 "),
            is_warned,
            "{}",
            ran.err
        );
        room.clock.advance(Duration::from_secs(60));
    }
}
