//! robots.txt as RFC 9309 and Google read it: which paths are disallowed, how slowly to crawl, which
//! sitemaps it names, and for what its pages may be used. This file puts it together, bytes in, rules out;
//! [`text`] and [`lines`] read it, [`groups`] chooses what is said to us; [`cache`] remembers, and
//! [`lookup`] fetches.
//!
//! What decides on paths is `robotxt`. The file is written anew for it, for the habits of real files that
//! it would read as less strict than they are: encodings, invisible characters, `User-agent: newsprint/1.2`, and an
//! unrelated line between two `User-agent` lines of one group.

mod cache;
mod groups;
mod lines;
mod lookup;
#[cfg(test)]
mod tests;
mod text;

use std::time::Duration;

use url::{Position, Url};

use crate::rights::Signals;
use groups::Groups;
use lines::Line;

pub(super) use cache::{RobotsCache, SiteFile};
pub(super) use lookup::SiteFileRequest;
pub use lookup::{BoxFuture, RobotsStore};

/// Sitemaps taken from one robots.txt.
const MAX_SITEMAPS: usize = 1_000;
/// Licences taken from one robots.txt.
const MAX_LICENCES: usize = 4;

/// What one robots.txt says to our crawler.
#[derive(Debug, Clone)]
pub(super) struct Robots {
    rules: robotxt::Robots,
    groups: Groups,
    sitemaps: Vec<Url>,
    licences: Vec<Url>,
}

impl Robots {
    /// The rules where there is no robots.txt.
    pub(super) fn allow_all() -> Robots {
        Robots {
            rules: robotxt::Robots::allow_all(),
            groups: Groups::default(),
            sitemaps: Vec::new(),
            licences: Vec::new(),
        }
    }

    /// Reads the rules for the crawler of this product token. `location` is the file's own address;
    /// relative `Sitemap` and `License` lines are resolved against it.
    pub(super) fn parse(file: &[u8], token: &str, location: &Url) -> Robots {
        let lines = lines::read(file, token);
        let addresses = |of: fn(&Line) -> Option<&String>, most: usize| {
            lines
                .iter()
                .filter_map(of)
                .filter_map(|value| location.join(value).ok())
                .filter(|url| matches!(url.scheme(), "http" | "https"))
                .take(most)
                .collect()
        };
        Robots {
            rules: robotxt::Robots::parse(rules_of(&lines).as_bytes(), token),
            groups: Groups::of(&lines, token),
            sitemaps: addresses(
                |line| match line {
                    Line::Sitemap(value) => Some(value),
                    _ => None,
                },
                MAX_SITEMAPS,
            ),
            licences: addresses(
                |line| match line {
                    Line::License(value) => Some(value),
                    _ => None,
                },
                MAX_LICENCES,
            ),
        }
    }

    /// True where the address may be fetched.
    pub(super) fn allows(&self, url: &Url) -> bool {
        !closes(&self.rules, &path_of(url))
    }

    /// The time between two requests that the host asks for.
    pub(super) fn crawl_delay(&self) -> Option<Duration> {
        self.groups.delay
    }

    /// The sitemaps it names, which are for every crawler.
    pub(super) fn sitemaps(&self) -> &[Url] {
        &self.sitemaps
    }

    /// The RSL licences it names, which are for every crawler.
    pub(super) fn licences(&self) -> &[Url] {
        &self.licences
    }

    /// What it states of the use of a page.
    pub(super) fn signals(&self, url: &Url) -> Signals {
        Signals {
            content_signal: self.groups.content_signal(url),
            content_usage: self.groups.content_usage(url),
            rsl: None,
        }
    }
}

/// The names and rules of a file, as the parser of paths reads them.
fn rules_of(lines: &[Line]) -> String {
    let mut rules = String::new();
    for line in lines {
        match line {
            Line::UserAgent(name) => rules.push_str(&format!("User-agent: {name}\n")),
            Line::Rule { closes, paths } => {
                let name = if *closes { "Disallow" } else { "Allow" };
                for path in paths {
                    rules.push_str(&format!("{name}: {path}\n"));
                }
            }
            _ => {}
        }
    }
    rules
}

/// The path and query of an address as rules are matched with it. A rule writes a literal star as %2A, an address as
/// it is.
fn path_of(url: &Url) -> String {
    url[Position::BeforePath..Position::AfterQuery].replace('*', "%2A")
}

/// True where the rules close a path; a rule writes a literal dollar as %24.
fn closes(rules: &robotxt::Robots, path: &str) -> bool {
    !rules.is_allowed(path) || path.contains('$') && !rules.is_allowed(&path.replace('$', "%24"))
}
