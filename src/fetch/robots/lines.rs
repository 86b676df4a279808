//! The lines of a robots.txt by what they mean: names and values in the writings that major crawlers accept.

use super::text;
use crate::rights::product_token;

/// A line that means something.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    /// Names a crawler: its product token, or a star.
    UserAgent(String),
    /// Opens or closes paths.
    Rule {
        /// The rule closes them.
        closes: bool,
        /// The path, or the ways in which it may be written.
        paths: Vec<String>,
    },
    /// The seconds between two requests.
    CrawlDelay(f64),
    /// Where a sitemap is.
    Sitemap(String),
    /// `Content-Signal`, perhaps after a path.
    ContentSignal(String),
    /// `Content-Usage`, perhaps after a path.
    ContentUsage(String),
    /// Where an RSL licence is.
    License(String),
}

/// Reads the value of a line.
type ReadValue = fn(&str, &Context<'_>) -> Option<Line>;

/// What the names mean, in lower case: the writings that Google's parser accepts, and some more.
const NAMES: &[(&str, ReadValue)] = &[
    ("user-agent", user_agent),
    ("user agent", user_agent),
    ("useragent", user_agent),
    ("disallow", closing),
    ("dissallow", closing),
    ("dissalow", closing),
    ("disalow", closing),
    ("diasllow", closing),
    ("disallaw", closing),
    ("disalllow", closing),
    ("dis-allow", closing),
    ("allow", opening),
    ("crawl-delay", delay),
    ("crawl delay", delay),
    ("crawldelay", delay),
    ("request-rate", rate),
    ("sitemap", |it, _| Some(Line::Sitemap(it.to_owned()))),
    ("site-map", |it, _| Some(Line::Sitemap(it.to_owned()))),
    ("site map", |it, _| Some(Line::Sitemap(it.to_owned()))),
    ("content-signals", signal),
    ("content-signal", signal),
    ("content signal", signal),
    ("content-usage", usage),
    ("content usage", usage),
    ("license", license),
    ("licence", license),
];

/// What a line is read with.
struct Context<'a> {
    /// Our product token.
    token: &'a str,
    is_legacy: bool,
}

/// The lines of a file that mean something to the crawler of this product token.
pub(super) fn read(file: &[u8], token: &str) -> Vec<Line> {
    let lines = text::lines(file).into_iter();
    lines
        .filter_map(|line| {
            let is_legacy = line.is_legacy;
            line_of(&line.text, &Context { token, is_legacy })
        })
        .collect()
}

fn line_of(text: &str, context: &Context<'_>) -> Option<Line> {
    NAMES.iter().find_map(|(name, read)| {
        let value = value(text, name)?;
        read(value, context)
    })
}

/// The value of a `name: value # comment` line of that name; the colon may be a space.
fn value<'t>(line: &'t str, name: &str) -> Option<&'t str> {
    let (start, rest) = line.split_at_checked(name.len())?;
    if !start.eq_ignore_ascii_case(name) || !rest.starts_with([':', ' ']) {
        return None;
    }
    let rest = rest.trim_start();
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let rest = rest.split('#').next().unwrap_or(rest);
    Some(rest.trim())
}

/// A name before a version; `news*` is every crawler whose name begins so.
fn user_agent(value: &str, context: &Context<'_>) -> Option<Line> {
    let token = product_token(value);
    let is_start = value[token.len()..].starts_with('*') && !token.is_empty();
    let own = context.token.get(..token.len());
    Some(Line::UserAgent(match value.starts_with('*') {
        true => "*".to_owned(),
        false if is_start && own.is_some_and(|own| own.eq_ignore_ascii_case(token)) => {
            context.token.to_owned()
        }
        false => token.to_owned(),
    }))
}

/// A path in Latin-1 is closed as it is written there and in UTF-8, and opened as it is written.
fn closing(value: &str, context: &Context<'_>) -> Option<Line> {
    let mut paths = vec![value.to_owned()];
    if context.is_legacy {
        paths.push(legacy(value));
    }
    let closes = true;
    Some(Line::Rule { closes, paths })
}

fn opening(value: &str, context: &Context<'_>) -> Option<Line> {
    let path = match context.is_legacy {
        true => legacy(value),
        false => value.to_owned(),
    };
    Some(Line::Rule {
        closes: false,
        paths: vec![path],
    })
}

/// A path with the bytes that it has in Latin-1.
fn legacy(path: &str) -> String {
    let mut written = String::new();
    for c in path.chars() {
        match u8::try_from(c) {
            Ok(byte) if !byte.is_ascii() => written.push_str(&format!("%{byte:02X}")),
            _ => written.push(c),
        }
    }
    written
}

fn delay(value: &str, _: &Context<'_>) -> Option<Line> {
    seconds(value).map(Line::CrawlDelay)
}

/// `Request-rate: 1/10`: a request in ten seconds; a time of day may follow.
fn rate(value: &str, _: &Context<'_>) -> Option<Line> {
    let (requests, time) = value.split_ascii_whitespace().next()?.split_once('/')?;
    let requests: f64 = requests.parse().ok().filter(|it| *it > 0.0)?;
    Some(Line::CrawlDelay(seconds(time)? / requests))
}

fn signal(value: &str, _: &Context<'_>) -> Option<Line> {
    Some(Line::ContentSignal(value.to_owned()))
}

fn usage(value: &str, _: &Context<'_>) -> Option<Line> {
    Some(Line::ContentUsage(value.to_owned()))
}

fn license(value: &str, _: &Context<'_>) -> Option<Line> {
    Some(Line::License(value.to_owned()))
}

/// A time in seconds: `10`, `1.5`, `1,5`, `.5`, `2s`, `1.5 seconds`, `2 min`.
fn seconds(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')));
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let number = number.replace(',', ".");
    let number: f64 = number.trim_end_matches('.').parse().ok()?;
    let unit = unit.trim().trim_end_matches(['.', ';', ',']);
    let factor = match unit.to_ascii_lowercase().as_str() {
        "ms" | "msec" | "milliseconds" => 0.001,
        "" => 1.0,
        unit if unit.starts_with('s') => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hour" | "hours" => 3_600.0,
        _ => return None,
    };
    Some(number * factor).filter(|it| it.is_finite())
}
