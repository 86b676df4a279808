//! robots.txt as RFC 9309 and Google read it: which paths are disallowed, how slowly to crawl, and
//! which sitemaps it names. This file parses, bytes in, rules out; [`cache`] remembers, and
//! [`lookup`] fetches.
//!
//! The parser is `robotxt`. The file is normalised for it first, for two habits of real files that
//! it would read as less strict than they are: `User-agent: newsprint/1.2`, and an unrelated line
//! between two `User-agent` lines of one group.

mod cache;
mod lookup;
#[cfg(test)]
mod tests;

use std::time::Duration;

use url::{Position, Url};

pub(super) use cache::RobotsCache;
pub use lookup::{BoxFuture, RobotsStore};

/// Sitemaps taken from one robots.txt.
const MAX_SITEMAPS: usize = 1_000;

/// What one robots.txt says to our crawler.
#[derive(Debug, Clone)]
pub(super) struct Robots {
    rules: robotxt::Robots,
    crawl_delay: Option<Duration>,
    sitemaps: Vec<Url>,
}

impl Robots {
    /// The rules where there is no robots.txt.
    pub(super) fn allow_all() -> Robots {
        Robots {
            rules: robotxt::Robots::allow_all(),
            crawl_delay: None,
            sitemaps: Vec::new(),
        }
    }

    /// Reads the rules for the crawler of this product token. `location` is the file's own address;
    /// relative `Sitemap` lines are resolved against it.
    pub(super) fn parse(file: &[u8], token: &str, location: &Url) -> Robots {
        let normalised = normalise(file);
        Robots {
            rules: robotxt::Robots::parse(&normalised.without_delays, token),
            // Crawl-delay is not part of RFC 9309; by custom it does end a run of user agents, so
            // that `User-agent: slow`, `Crawl-delay: 60`, `User-agent: *` slows nobody else.
            crawl_delay: robotxt::Robots::parse(&normalised.with_delays, token).crawl_delay(),
            sitemaps: normalised
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

    /// The time between two requests that the host asks for.
    pub(super) fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }

    /// The sitemaps it names, which are for every crawler.
    pub(super) fn sitemaps(&self) -> &[Url] {
        &self.sitemaps
    }
}

/// The product token of a user agent, by which robots.txt names it: `newsprint` of
/// `newsprint/0.1 (+https://…)` (RFC 9309, 2.2.1).
pub(super) fn product_token(user_agent: &str) -> &str {
    let user_agent = user_agent.trim_start();
    let length = user_agent
        .bytes()
        .take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
        .count();
    &user_agent[..length]
}

/// The file, normalised for the parser.
struct Normalised {
    with_delays: Vec<u8>,
    without_delays: Vec<u8>,
    sitemaps: Vec<String>,
}

fn normalise(file: &[u8]) -> Normalised {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut normalised = Normalised {
        with_delays: Vec::with_capacity(file.len()),
        without_delays: Vec::with_capacity(file.len()),
        sitemaps: Vec::new(),
    };
    for line in file.split(|byte| matches!(byte, b'\n' | b'\r' | b'\0')) {
        match Line::read(line) {
            Line::UserAgent(token) => normalised.push(format!("User-agent: {token}").as_bytes()),
            Line::CrawlDelay(seconds) => {
                let line = format!("Crawl-delay: {seconds}");
                push_line(&mut normalised.with_delays, line.as_bytes());
            }
            Line::Sitemap(value) => normalised.sitemaps.push(value),
            Line::Other => normalised.push(line),
        }
    }
    normalised
}

impl Normalised {
    fn push(&mut self, line: &[u8]) {
        push_line(&mut self.with_delays, line);
        push_line(&mut self.without_delays, line);
    }
}

fn push_line(text: &mut Vec<u8>, line: &[u8]) {
    text.extend_from_slice(line);
    text.push(b'\n');
}

/// A line, by what matters here.
enum Line {
    /// Names a crawler; reduced to its product token, or to a star.
    UserAgent(String),
    /// The seconds, as the parser reads them.
    CrawlDelay(String),
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
        if let Some(delay) = value_of(&["crawl-delay", "crawl delay", "crawldelay"]) {
            return Line::CrawlDelay(seconds(&delay));
        }
        match value_of(&["sitemap", "site-map", "site map"]) {
            Some(value) => Line::Sitemap(value),
            None => Line::Other,
        }
    }
}

/// A `Crawl-delay` with a decimal point and without a unit: `0,5`, `10s` and `1.5 seconds` are common.
fn seconds(delay: &str) -> String {
    let units = |c: char| c.is_ascii_alphabetic() || c.is_whitespace() || c == '.';
    let number = delay.trim_end_matches(units);
    let unit = delay[number.len()..].trim_start().to_ascii_lowercase();
    let number = if unit.is_empty() || unit.starts_with('s') {
        number
    } else {
        delay
    };
    number.replace(',', ".")
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
