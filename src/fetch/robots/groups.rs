//! What a robots.txt says to one crawler besides the paths that it opens and closes: how slowly to crawl, and for what
//! its pages may be used. Which groups count is as RFC 9309 has it: all that name the crawler, or else all that name
//! everyone.

use std::time::Duration;

use url::Url;

use super::lines::Line;
use super::{closes, path_of};

/// Statements on the use of pages that are kept of one file.
const MAX_STATEMENTS: usize = 1_000;

/// What the groups that count say.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    /// The longest of their delays.
    pub(super) delay: Option<Duration>,
    signals: Vec<Statement>,
    usages: Vec<Statement>,
}

/// A statement on the use of the pages below a path.
#[derive(Debug, Clone)]
struct Statement {
    /// The path as a rule that closes it; `None` for all pages.
    path: Option<robotxt::Robots>,
    length: usize,
    value: String,
}

impl Groups {
    /// Reads the lines for the crawler of this product token. A delay and a statement end a run of names, so that
    /// `User-agent: slow`, `Crawl-delay: 60`, `User-agent: *` slows nobody else. A statement before all names is
    /// for everyone; a delay there is for nobody.
    pub(super) fn of(lines: &[Line], token: &str) -> Groups {
        let names =
            |line: &Line| matches!(line, Line::UserAgent(name) if name.eq_ignore_ascii_case(token));
        let own = if lines.iter().any(names) { token } else { "*" };
        let mut groups = Groups::default();
        let (mut in_names, mut counts, mut is_before) = (false, false, true);
        for line in lines {
            match line {
                Line::UserAgent(name) => {
                    counts = in_names && counts || name.eq_ignore_ascii_case(own);
                    (in_names, is_before) = (true, false);
                }
                Line::Sitemap(_) | Line::License(_) => {}
                Line::Rule { .. } => in_names = false,
                Line::CrawlDelay(seconds) => {
                    in_names = false;
                    if counts && let Ok(delay) = Duration::try_from_secs_f64(*seconds) {
                        groups.delay = groups.delay.max(Some(delay));
                    }
                }
                Line::ContentSignal(value) => {
                    in_names = false;
                    if counts || is_before {
                        add(&mut groups.signals, value);
                    }
                }
                Line::ContentUsage(value) => {
                    in_names = false;
                    if counts || is_before {
                        add(&mut groups.usages, value);
                    }
                }
            }
        }
        groups
    }

    /// `Content-Signal` for a page.
    pub(super) fn content_signal(&self, url: &Url) -> Option<String> {
        stated(&self.signals, url)
    }

    /// `Content-Usage` for a page.
    pub(super) fn content_usage(&self, url: &Url) -> Option<String> {
        stated(&self.usages, url)
    }
}

/// Adds a statement: a preference, perhaps after the path that it is for (draft-ietf-aipref-attach, 3).
fn add(statements: &mut Vec<Statement>, value: &str) {
    let is_path = |it: &&str| it.starts_with(['/', '*']) && !it.contains('=');
    let path = value.split_ascii_whitespace().next().filter(is_path);
    let stated = value[path.map_or(0, str::len)..].trim();
    if stated.is_empty() || statements.len() >= MAX_STATEMENTS {
        return;
    }
    let rule =
        |path| robotxt::Robots::parse(format!("User-agent: *\nDisallow: {path}").as_bytes(), "");
    statements.push(Statement {
        path: path.map(rule),
        length: path.map_or(0, str::len),
        value: stated.to_owned(),
    });
}

/// What is stated of a page: by the longest path that is its own, and by all that are as long.
fn stated(statements: &[Statement], url: &Url) -> Option<String> {
    let path = path_of(url);
    let applies = |it: &&Statement| it.path.as_ref().is_none_or(|rule| closes(rule, &path));
    let applying = || statements.iter().filter(applies);
    let longest = applying().map(|it| it.length).max()?;
    let longest = applying().filter(|it| it.length == longest);
    let mut values: Vec<&str> = longest.map(|it| it.value.as_str()).collect();
    values.dedup();
    Some(values.join(", "))
}
