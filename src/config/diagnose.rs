//! Problems in a configuration: what is wrong, where, and how to fix it.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A configuration that cannot be used, with every problem found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system reported, and the fix.
        reason: String,
    },
    /// The file has problems.
    #[error("{}", join(.0))]
    Invalid(Vec<Diagnostic>),
}

/// One problem: `config.toml:3:1: unknown key `timeuot`; did you mean `timeout`?`
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The file.
    pub path: PathBuf,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The key, what is wrong with it, and the fix.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}",
            self.path.display(),
            self.line,
            self.column,
            self.message
        )
    }
}

fn join(diagnostics: &[Diagnostic]) -> String {
    diagnostics
        .iter()
        .map(Diagnostic::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A place in a file. Two are equal wherever they are: where a setting stands is no part of it.
#[derive(Debug, Clone, Eq, Default)]
pub(crate) struct Place {
    path: PathBuf,
    line: usize,
    column: usize,
}

impl PartialEq for Place {
    fn eq(&self, _: &Place) -> bool {
        true
    }
}

/// `config.toml:9:14`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path.display(), self.line, self.column)
    }
}

impl Place {
    /// A problem there.
    pub(crate) fn diagnostic(&self, message: String) -> Diagnostic {
        Diagnostic {
            path: self.path.clone(),
            line: self.line,
            column: self.column,
            message,
        }
    }
}

/// Collects the problems of one file.
#[derive(Debug)]
pub(crate) struct Diagnostics<'t> {
    path: &'t Path,
    text: &'t str,
    found: Vec<Diagnostic>,
}

impl<'t> Diagnostics<'t> {
    pub(crate) fn new(path: &'t Path, text: &'t str) -> Diagnostics<'t> {
        Diagnostics {
            path,
            text,
            found: Vec::new(),
        }
    }

    /// Adds a problem at this place in the text.
    pub(crate) fn push(&mut self, place: Range<usize>, message: String) {
        let message = without_passwords(&message);
        self.found.push(self.place(place).diagnostic(message));
    }

    /// The line and the column of this place in the text.
    pub(crate) fn place(&self, place: Range<usize>) -> Place {
        let before = self.text.get(..place.start).unwrap_or(self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place {
            path: self.path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }

    /// The text of the file.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Adds an error of the TOML parser: syntax, types, unknown keys.
    pub(crate) fn push_toml(&mut self, error: &toml::de::Error) {
        let place = error.span().unwrap_or(0..0);
        let message = self
            .explain_type(&place, error.message())
            .unwrap_or_else(|| explain(error.message()));
        self.push(place, message);
    }

    /// How to write a value that is of the wrong type.
    fn explain_type(&self, place: &Range<usize>, message: &str) -> Option<String> {
        let (_, expected) = message
            .strip_prefix("invalid type: ")
            .or_else(|| message.strip_prefix("invalid value: "))?
            .rsplit_once(", expected ")?;
        let value = self.text.get(place.clone())?;
        let line = self.text.get(..place.start)?.rsplit('\n').next()?;
        let left = line.trim_end().strip_suffix('=').map(str::trim_end);
        let key = left.and_then(|left| left.rsplit([' ', '\t', '.', '{', ',']).next());
        right_type(key, value, expected)
    }

    /// The file and line of this place in the text.
    pub(super) fn line_of(&self, place: Range<usize>) -> String {
        let before = self.text.get(..place.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        format!("{}:{line}", self.path.display())
    }

    /// The value, unless there are problems.
    pub(super) fn into_result<T>(self, value: T) -> Result<T, ConfigError> {
        self.into_diagnostics(value).map_err(ConfigError::Invalid)
    }

    /// The same, for callers that collect the problems of several files.
    pub(crate) fn into_diagnostics<T>(mut self, value: T) -> Result<T, Vec<Diagnostic>> {
        if self.found.is_empty() {
            return Ok(value);
        }
        self.found.sort_by_key(|fault| (fault.line, fault.column));
        Err(self.found)
    }
}

/// The text without the passwords of the addresses in it.
fn without_passwords(text: &str) -> String {
    let mut parts = text.split("://");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_end = |it: char| it.is_whitespace() || matches!(it, '/' | '"' | '`' | '\'');
        let (authority, rest) = part.split_at(part.find(is_end).unwrap_or(part.len()));
        let login = authority.rsplit_once('@');
        let login = login.and_then(|(login, host)| Some((login.split_once(':')?.0, host)));
        out.push_str("://");
        match login {
            Some((user, host)) => out.extend([user, "@", host, rest]),
            None => out.push_str(part),
        }
    }
    out
}

/// Documented keys that this version does not support.
const NOT_YET: [&str; 1] = ["warc"];

/// The keys of each table, for one that stands in another.
const TABLES: [(&str, &[&str]); 9] = [
    (
        "[crawl]",
        &[
            "user_agent",
            "from",
            "concurrency",
            "requests_per_second",
            "respect_robots",
            "timeout",
            "max_body",
            "max_redirects",
            "retries",
            "recheck",
            "recheck_max",
            "host_wait",
            "refetch_articles",
            "max_age",
        ],
    ),
    ("[network]", &["allow_private", "proxy", "resolve"]),
    ("[identity]", &["key", "directory", "signature_agent"]),
    ("[store]", &["keep_pages", "wait"]),
    ("[rights]", &["purpose"]),
    ("[health]", &["window", "fail"]),
    ("[output]", &["format"]),
    ("[rules]", &["tests"]),
    (
        "[[source]]",
        &[
            "start",
            "feeds",
            "sitemaps",
            "discover",
            "max_depth",
            "exclude",
            "language",
            "timezone",
            "min_words",
            "headers",
            "cookies",
            "cookie_jar",
            "fallback",
            "render",
            "select",
        ],
    ),
];

/// The keys whose values are durations.
const DURATIONS: [&str; 9] = [
    "timeout",
    "recheck",
    "recheck_max",
    "host_wait",
    "refetch_articles",
    "max_age",
    "keep_pages",
    "wait",
    "window",
];

/// How to write this value of a key, where another type is expected.
fn right_type(key: Option<&str>, value: &str, expected: &str) -> Option<String> {
    let is_short = value.len() <= 100 && !value.contains('\n');
    let Some(key) = key else {
        // A table, or an element of a list.
        return value
            .starts_with('[')
            .then(|| format!("there may be several tables of this name: write [{value}]"))
            .filter(|_| is_short && expected == "a sequence");
    };
    let number = value.parse::<u64>().is_ok();
    Some(match expected {
        "a sequence" if is_short && !value.starts_with('{') => {
            format!("`{key}` must be a list; write {key} = [{value}]")
        }
        "a sequence" => format!("`{key}` must be a list"),
        "a string" if number && DURATIONS.contains(&key) => format!(
            "`{key}` must be a duration with a unit, such as \"{value}s\", \"{value}m\", \
             \"{value}h\" or \"{value}d\""
        ),
        "a string" if number && key == "max_body" => {
            format!("`{key}` must be a size with a unit, such as \"5 MiB\" or \"{value} B\"")
        }
        "a string" if value.starts_with('[') => format!("`{key}` must be one text, not a list"),
        "a string" if is_short && !value.starts_with('{') => {
            format!("`{key}` must be a text; write {key} = \"{value}\"")
        }
        "a boolean" => format!("`{key}` must be true or false, without quotes"),
        "usize" | "u32" | "u64" if value.parse::<f64>().is_ok() => {
            format!("`{key}` must be a whole number, and not less than 0")
        }
        "usize" | "u32" | "u64" | "f64" => format!("`{key}` must be a number, without quotes"),
        _ => return None,
    })
}

/// Rewrites the parser's messages: for an unknown key, suggests the one probably meant.
fn explain(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let Some((key, known)) = message
        .starts_with("unknown field")
        .then(|| quoted.split_first())
        .flatten()
    else {
        return message.replace('\n', " ");
    };
    if NOT_YET.contains(key) {
        return format!("this version does not support `{key}` yet; remove it");
    }
    match closest(key, known) {
        Some(meant) => format!("unknown key `{key}`; did you mean `{meant}`?"),
        None => match table_of(key) {
            Some(table) => format!("`{key}` does not belong here but in {table}"),
            None => format!("unknown key `{key}`; expected one of: {}", known.join(", ")),
        },
    }
}

/// The table that a key belongs to.
fn table_of(key: &str) -> Option<&'static str> {
    let named = TABLES.iter().find(|(_, keys)| keys.contains(&key));
    named.map(|(table, _)| *table)
}

/// The known word nearest to an unknown one, if it is near enough to be a typing mistake.
/// Names on their own are in lower case.
pub(crate) fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    /// Longer than any name: comparing takes time with the square of the length.
    const MOST: usize = 100;
    if word.len() > MOST {
        return None;
    }
    let word = word.to_lowercase();
    let near = known
        .iter()
        .map(|known| (strsim::osa_distance(&word, known), *known))
        .min()?;
    (near.0 <= (word.chars().count() / 3).max(1)).then_some(near.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_word_finds_the_one_that_was_meant() {
        let known = ["timeout", "max_body", "retries"];
        assert_eq!(closest("timeuot", &known), Some("timeout"));
        assert_eq!(closest("max-body", &known), Some("max_body"));
        assert_eq!(closest("Timeout", &known), Some("timeout"));
        assert_eq!(closest("colour", &known), None);
        assert_eq!(closest(&"timeout".repeat(100_000), &known), None);
    }
}
