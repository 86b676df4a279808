//! robots.txt files and what they allow.

mod real_files;

use std::sync::Arc;

use super::*;

fn robots(file: impl AsRef<[u8]>) -> Robots {
    let location = Url::parse("https://news.test/robots.txt").unwrap();
    Robots::parse(file.as_ref(), "newsprint", &location)
}

fn allows(robots: &Robots, path: &str) -> bool {
    robots.allows(&Url::parse("https://news.test").unwrap().join(path).unwrap())
}

/// What RFC 9309 and Google's documentation of their parser ask for: a name, a file, paths
/// that stay open, paths that are closed.
const CASES: &[(&str, &str, &[&str], &[&str])] = &[
    ("no file", "", &["/", "/a"], &[]),
    (
        "nothing that is a rule",
        "<html><p>Not found</p></html>",
        &["/"],
        &[],
    ),
    (
        "everybody is meant",
        "User-agent: *\nDisallow: /x",
        &["/", "/y", "/X"],
        &["/x", "/x/y", "/xy"],
    ),
    (
        "all is closed",
        "User-agent: *\nDisallow: /",
        &["/robots.txt"],
        &["/", "/a"],
    ),
    (
        "an empty rule closes nothing",
        "User-agent: *\nDisallow:",
        &["/", "/a"],
        &[],
    ),
    (
        "others are meant",
        "User-agent: otherbot\nDisallow: /",
        &["/"],
        &[],
    ),
    (
        "our own group alone counts",
        "User-agent: *\nDisallow: /\n\nUser-agent: newsprint\nDisallow: /x",
        &["/", "/y"],
        &["/x"],
    ),
    (
        "our own group may come first",
        "User-agent: newsprint\nAllow: /\nUser-agent: *\nDisallow: /",
        &["/a"],
        &[],
    ),
    (
        "names have no case",
        "user-agent: NewsPrint\ndisallow: /x",
        &["/y"],
        &["/x"],
    ),
    (
        "a version after the name is passed over",
        "User-agent: newsprint/1.2\nDisallow: /x\nUser-agent: *\nDisallow:",
        &["/y"],
        &["/x"],
    ),
    (
        "anything after a star is passed over",
        "User-agent: * (all)\nDisallow: /x",
        &["/y"],
        &["/x"],
    ),
    (
        "a longer name is another crawler's",
        "User-agent: newsprint-images\nDisallow: /",
        &["/"],
        &[],
    ),
    (
        "a shorter name is another crawler's",
        "User-agent: news\nDisallow: /",
        &["/"],
        &[],
    ),
    (
        "one group for several names",
        "User-agent: a\nUser-agent: newsprint\nUser-agent: b\nDisallow: /x",
        &["/y"],
        &["/x"],
    ),
    (
        "a delay does not part the names of a group",
        "User-agent: newsprint\nCrawl-delay: 5\nUser-agent: b\nDisallow: /x",
        &["/y"],
        &["/x"],
    ),
    (
        "an unknown line does not part the names of a group",
        "User-agent: newsprint\nNoindex: /y\n\nUser-agent: b\nDisallow: /x",
        &["/y"],
        &["/x"],
    ),
    (
        "a sitemap does not part the names of a group",
        "User-agent: newsprint\nSitemap: /s.xml\nUser-agent: b\nDisallow: /x",
        &["/y"],
        &["/x"],
    ),
    (
        "groups of one name are one",
        "User-agent: newsprint\nDisallow: /x\nUser-agent: b\nDisallow: /z\nUser-agent: newsprint\nDisallow: /y",
        &["/z"],
        &["/x", "/y"],
    ),
    (
        "rules before any name bind nobody",
        "Disallow: /x\nUser-agent: *\nDisallow: /y",
        &["/x"],
        &["/y"],
    ),
    (
        "the longest rule wins",
        "User-agent: *\nDisallow: /x\nAllow: /x/open",
        &["/x/open/1"],
        &["/x/closed", "/x"],
    ),
    (
        "the order of rules means nothing",
        "User-agent: *\nAllow: /x/open\nDisallow: /x",
        &["/x/open"],
        &["/x/closed"],
    ),
    (
        "of equals the open one wins",
        "User-agent: *\nDisallow: /x\nAllow: /x",
        &["/x"],
        &[],
    ),
    (
        "a star is any run of characters",
        "User-agent: *\nDisallow: /*/print",
        &["/print", "/a"],
        &["/a/print", "/a/b/print/1"],
    ),
    (
        "a dollar is the end",
        "User-agent: *\nDisallow: /*.pdf$",
        &["/a.pdf?x", "/a.pdfx"],
        &["/a.pdf"],
    ),
    (
        "the root alone",
        "User-agent: *\nDisallow: /\nAllow: /$",
        &["/"],
        &["/a"],
    ),
    (
        "queries are matched",
        "User-agent: *\nDisallow: /*?*print=",
        &["/a?b=1", "/a"],
        &["/a?print=1", "/a?b&print=1"],
    ),
    (
        "fragments are not",
        "User-agent: *\nDisallow: /a#b",
        &["/b"],
        &["/a", "/ab"],
    ),
    (
        "encoded letters are letters",
        "User-agent: *\nDisallow: /%62%61%7A",
        &["/bar"],
        &["/baz"],
    ),
    (
        "the case of an encoding means nothing",
        "User-agent: *\nDisallow: /caf%c3%a9",
        &["/cafe"],
        &["/café", "/caf%C3%A9"],
    ),
    (
        "letters beyond ASCII may be written out",
        "User-agent: *\nDisallow: /café",
        &["/cafe"],
        &["/caf%C3%A9"],
    ),
    (
        "an encoded slash is no slash",
        "User-agent: *\nDisallow: /a%2Fb",
        &["/a/b"],
        &["/a%2fb"],
    ),
    (
        "an encoded star is a star",
        "User-agent: *\nDisallow: /a%2Ab",
        &["/acb"],
        &["/a*b"],
    ),
    (
        "an encoded dollar is a dollar",
        "User-agent: *\nDisallow: /a%24",
        &["/a"],
        &["/a$", "/a$b"],
    ),
    (
        "comments and blanks",
        "# hello\n  User-agent : *   # all\n\tDisallow:/x # closed",
        &["/y"],
        &["/x"],
    ),
    (
        "a forgotten colon",
        "User-agent *\nDisallow /x",
        &["/y"],
        &["/x"],
    ),
    (
        "ends of lines of all kinds",
        "User-agent: *\rDisallow: /x\r\nDisallow: /y",
        &["/z"],
        &["/x", "/y"],
    ),
    (
        "a byte order mark",
        "\u{feff}User-agent: *\nDisallow: /x",
        &["/y"],
        &["/x"],
    ),
    (
        "a misspelt rule",
        "User-agent: *\nDissallow: /x",
        &["/y"],
        &["/x"],
    ),
    (
        "a rule without its slash",
        "User-agent: *\nDisallow: x",
        &["/y"],
        &["/x"],
    ),
];

fn assert_paths(name: &str, robots: &Robots, open: &[&str], closed: &[&str]) {
    for path in open {
        assert!(allows(robots, path), "{name}: {path} is open");
    }
    for path in closed {
        assert!(!allows(robots, path), "{name}: {path} is closed");
    }
}

#[test]
fn rules_are_read_as_the_standard_has_it() {
    for (name, file, open, closed) in CASES {
        assert_paths(name, &robots(file), open, closed);
    }
}

#[test]
fn the_delay_of_the_group_that_counts() {
    let delay = |file: &str| robots(file).crawl_delay().map(|delay| delay.as_secs_f64());
    assert_eq!(
        delay("User-agent: *\nCrawl-delay: 10\nDisallow: /x"),
        Some(10.0)
    );
    assert_eq!(
        delay("User-agent: *\nDisallow: /x\nCrawl-delay: 0.5"),
        Some(0.5)
    );
    assert_eq!(
        delay("User-agent: newsprint/2\nCrawl-delay: 3\nUser-agent: *\nCrawl-delay: 10"),
        Some(3.0)
    );
    assert_eq!(
        delay("User-agent: newsprint\nDisallow:\nUser-agent: *\nCrawl-delay: 10"),
        None
    );
    assert_eq!(
        delay("User-agent: slow\nCrawl-delay: 60\nUser-agent: *\nDisallow: /x"),
        None
    );
    for (written, seconds) in [
        ("0,5", 0.5),
        ("10s", 10.0),
        ("1,5 seconds", 1.5),
        ("2 sec.", 2.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("2S", 2.0),
        ("2 min", 120.0),
        ("500 ms", 0.5),
        ("10;", 10.0),
    ] {
        let file = format!("User-agent: *\nCrawl-delay: {written}");
        assert_eq!(delay(&file), Some(seconds), "{written}");
    }
    for (file, seconds) in [
        (
            "User-agent: *\nCRAWL-DELAY: 2\ncrawl-delay: 7\nCrawl-delay: 3",
            7.0,
        ),
        ("User-agent: *\nRequest-rate: 1/10s 0600-0845", 10.0),
        ("User-agent: *\nCrawl-delay:\u{a0}4\u{a0}", 4.0),
    ] {
        assert_eq!(delay(file), Some(seconds), "{file}");
    }
    for nonsense in ["-1", "soon", "1e400", "NaN", ""] {
        assert_eq!(
            delay(&format!("User-agent: *\nCrawl-delay: {nonsense}")),
            None,
            "{nonsense}"
        );
    }
}

#[test]
fn sitemaps_may_be_relative_and_stand_anywhere() {
    let robots = robots(
        "Sitemap: https://maps.test/a.xml\nUser-agent: otherbot\nsitemap: /b.xml # new\n\
         Disallow: /\nSite-map: c.xml\nSitemap: ftp://news.test/d.xml\nSitemap: http://[\n",
    );
    let urls: Vec<&str> = robots.sitemaps().iter().map(Url::as_str).collect();
    assert_eq!(
        urls,
        [
            "https://maps.test/a.xml",
            "https://news.test/b.xml",
            "https://news.test/c.xml"
        ]
    );
}

#[test]
fn a_file_without_end_is_read_to_the_limit() {
    let rules = "Disallow: /x\n".repeat(100_000);
    let sitemaps = "Sitemap: /s\n".repeat(2_000);
    let robots = robots(format!("{sitemaps}User-agent: *\n{rules}"));
    assert!(!allows(&robots, "/x"));
    assert_eq!(robots.sitemaps().len(), MAX_SITEMAPS);
}

#[test]
fn bytes_of_any_kind_are_read_without_a_fault() {
    let robots =
        robots(b"\xff\xfeU\0s\0e\0r\0\nUser-agent: \xff\xff\nSitemap: \xc3\x28\n\nDisallow");
    assert!(allows(&robots, "/"));
}

#[tokio::test(start_paused = true)]
async fn robots_are_cached_for_their_lifetime_and_origin() {
    let mut cache = RobotsCache::default();
    cache.insert(
        &address("https://a.test/x"),
        Ok(Arc::new(Robots::allow_all())),
        Duration::from_secs(1),
    );
    assert!(cache.get(&address("https://a.test/y")).is_some());
    assert!(cache.get(&address("http://a.test/y")).is_none());
    assert!(cache.get(&address("https://a.test:8443/y")).is_none());
    tokio::time::advance(Duration::from_secs(2)).await;
    assert!(cache.get(&address("https://a.test/y")).is_none());
}

fn address(text: &str) -> Url {
    Url::parse(text).unwrap()
}
