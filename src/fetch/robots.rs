//! robots.txt as RFC 9309 and Google read it: which paths are closed to us, how slowly a host
//! wants to be asked, and which sitemaps it names. Bytes in, rules out; fetching is not done here.
//!
//! The parser is `robotxt`. The file is put in order for it first, for two habits of real files
//! that it would read as less strict than they are: `User-agent: newsprint/1.2`, and a line of no
//! concern between two `User-agent` lines of one group.

use std::time::Duration;

use url::{Position, Url};

/// Sitemaps taken from one robots.txt.
const MAX_SITEMAPS: usize = 1_000;

/// What one robots.txt says to us.
#[derive(Debug, Clone)]
pub(super) struct Robots {
    rules: robotxt::Robots,
    crawl_delay: Option<Duration>,
    sitemaps: Vec<Url>,
}

impl Robots {
    /// The rules where there is no robots.txt: everything is open.
    pub(super) fn open() -> Robots {
        Robots {
            rules: robotxt::Robots::allow_all(),
            crawl_delay: None,
            sitemaps: Vec::new(),
        }
    }

    /// Reads the rules for the crawler of this product token. `location` is where the file was
    /// asked for; relative `Sitemap` lines are resolved against it.
    pub(super) fn parse(file: &[u8], token: &str, location: &Url) -> Robots {
        let prepared = prepare(file);
        Robots {
            rules: robotxt::Robots::parse(&prepared.without_delays, token),
            // Crawl-delay is no part of RFC 9309; by custom it does end a run of user agents, so
            // that `User-agent: slow`, `Crawl-delay: 60`, `User-agent: *` slows nobody else.
            crawl_delay: robotxt::Robots::parse(&prepared.with_delays, token).crawl_delay(),
            sitemaps: prepared
                .sitemaps
                .iter()
                .filter_map(|value| location.join(value).ok())
                .filter(|url| matches!(url.scheme(), "http" | "https"))
                .take(MAX_SITEMAPS)
                .collect(),
        }
    }

    /// True where the address may be fetched.
    pub(super) fn allows(&self, url: &Url) -> bool {
        // A rule writes a literal star or dollar as %2A or %24, an address as it is.
        let path = url[Position::BeforePath..Position::AfterQuery].replace('*', "%2A");
        self.rules.is_allowed(&path)
            && (!path.contains('$') || self.rules.is_allowed(&path.replace('$', "%24")))
    }

    /// The pause that the host asks for between two requests.
    pub(super) fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }

    /// The sitemaps it names, for whatever crawler.
    pub(super) fn sitemaps(&self) -> &[Url] {
        &self.sitemaps
    }
}

/// The product token in a user agent's name, as robots.txt may name it: `newsprint` of
/// `newsprint/0.1 (+https://…)` (RFC 9309, 2.2.1).
pub(super) fn product_token(user_agent: &str) -> &str {
    let user_agent = user_agent.trim_start();
    let length = user_agent
        .bytes()
        .take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
        .count();
    &user_agent[..length]
}

/// The file, rewritten for the parser.
struct Prepared {
    with_delays: Vec<u8>,
    without_delays: Vec<u8>,
    sitemaps: Vec<String>,
}

fn prepare(file: &[u8]) -> Prepared {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut prepared = Prepared {
        with_delays: Vec::with_capacity(file.len()),
        without_delays: Vec::with_capacity(file.len()),
        sitemaps: Vec::new(),
    };
    for line in file.split(|byte| matches!(byte, b'\n' | b'\r' | b'\0')) {
        match Line::read(line) {
            Line::UserAgent(token) => prepared.keep(format!("User-agent: {token}").as_bytes()),
            Line::CrawlDelay => push_line(&mut prepared.with_delays, line),
            Line::Sitemap(value) => prepared.sitemaps.push(value),
            Line::Other => prepared.keep(line),
        }
    }
    prepared
}

impl Prepared {
    fn keep(&mut self, line: &[u8]) {
        push_line(&mut self.with_delays, line);
        push_line(&mut self.without_delays, line);
    }
}

fn push_line(text: &mut Vec<u8>, line: &[u8]) {
    text.extend_from_slice(line);
    text.push(b'\n');
}

/// A line as far as it matters here.
enum Line {
    /// Names a crawler; cut down to its product token, or to a star.
    UserAgent(String),
    CrawlDelay,
    Sitemap(String),
    Other,
}

impl Line {
    fn read(line: &[u8]) -> Line {
        let value_of = |keys: &[&str]| keys.iter().find_map(|key| value(line, key));
        if let Some(agent) = value_of(&["user-agent", "user agent", "useragent"]) {
            return Line::UserAgent(match agent.starts_with('*') {
                true => "*".to_owned(),
                false => product_token(&agent).to_owned(),
            });
        }
        if value_of(&["crawl-delay", "crawl delay", "crawldelay"]).is_some() {
            return Line::CrawlDelay;
        }
        match value_of(&["sitemap", "site-map", "site map"]) {
            Some(value) => Line::Sitemap(value),
            None => Line::Other,
        }
    }
}

/// The value of a `key: value # comment` line of that key; the colon may be a space.
fn value(line: &[u8], key: &str) -> Option<String> {
    let line = line.trim_ascii_start();
    let (start, rest) = line.split_at_checked(key.len())?;
    let separated = matches!(rest.first(), Some(b':' | b' ' | b'\t'));
    if !separated || !start.eq_ignore_ascii_case(key.as_bytes()) {
        return None;
    }
    let rest = rest.trim_ascii_start();
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    let rest = rest.split(|byte| *byte == b'#').next().unwrap_or(rest);
    Some(String::from_utf8_lossy(rest.trim_ascii()).into_owned())
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn rules_are_read_as_the_standard_has_it() {
        for (name, file, open, closed) in CASES {
            let robots = robots(file);
            for path in *open {
                assert!(allows(&robots, path), "{name}: {path} is open");
            }
            for path in *closed {
                assert!(!allows(&robots, path), "{name}: {path} is closed");
            }
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

    #[test]
    fn the_product_token_is_the_name_before_the_version() {
        assert_eq!(
            product_token("newsprint/0.1 (+https://example.org)"),
            "newsprint"
        );
        assert_eq!(product_token("My-News_bot"), "My-News_bot");
        assert_eq!(product_token("(anonymous)"), "");
    }
}
