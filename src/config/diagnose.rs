//! What is wrong with a configuration, where, and what to do about it.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A configuration that can't be used: every fault in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file can't be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said, and the mend.
        reason: String,
    },
    /// The file says something that can't be.
    #[error("{}", join(.0))]
    Invalid(Vec<Diagnostic>),
}

/// One fault: `config.toml:3:1: unknown key `timeuot`; did you mean `timeout`?`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file.
    pub path: PathBuf,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The key, what is wrong with it, and the mend.
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

/// Collects diagnostics of one file.
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

    /// Notes a fault at this place of the text.
    pub(crate) fn push(&mut self, place: Range<usize>, message: String) {
        let before = self.text.get(..place.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        self.found.push(Diagnostic {
            path: self.path.to_owned(),
            line,
            column,
            message,
        });
    }

    /// Notes what the TOML reader says: syntax, types, unknown keys.
    pub(crate) fn push_toml(&mut self, error: &toml::de::Error) {
        let place = error.span().unwrap_or(0..0);
        let message = explain(error.message());
        self.push(place, message);
    }

    /// File and line of this place of the text.
    pub(super) fn line_of(&self, place: Range<usize>) -> String {
        let before = self.text.get(..place.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        format!("{}:{line}", self.path.display())
    }

    /// The value, unless diagnostics were found.
    pub(super) fn into_result<T>(self, value: T) -> Result<T, ConfigError> {
        self.into_faults(value).map_err(ConfigError::Invalid)
    }

    /// The same, for those who collect the diagnostics of several files.
    pub(crate) fn into_faults<T>(mut self, value: T) -> Result<T, Vec<Diagnostic>> {
        if self.found.is_empty() {
            return Ok(value);
        }
        self.found.sort_by_key(|fault| (fault.line, fault.column));
        Err(self.found)
    }
}

/// Keys of the documented configuration that this version does not have.
const NOT_YET: [&str; 2] = ["keep_pages", "warc"];

/// Rewrites the reader's messages: an unknown key gets the key that was probably meant.
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
        return format!("this version does not have `{key}` yet; remove it");
    }
    match closest(key, known) {
        Some(meant) => format!("unknown key `{key}`; did you mean `{meant}`?"),
        None => format!("unknown key `{key}`; known here: {}", known.join(", ")),
    }
}

/// The known word nearest to one that is not, if it is near.
pub(crate) fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known
        .iter()
        .map(|known| (distance(word, known), *known))
        .min()?;
    (near.0 <= (word.chars().count() / 3).max(1)).then_some(near.1)
}

/// Edits between two words: letters added, left out, changed (Levenshtein, 1966), or swapped with
/// their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (i, 0) => i,
                (0, j) => j,
                _ => {
                    let change = usize::from(a[i - 1] != b[j - 1]);
                    let least = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    let least = least.min(rows[i - 1][j - 1] + change);
                    let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    if swapped {
                        least.min(rows[i - 2][j - 2] + 1)
                    } else {
                        least
                    }
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_word_finds_the_one_that_was_meant() {
        let known = ["timeout", "max_body", "retries"];
        assert_eq!(closest("timeuot", &known), Some("timeout"));
        assert_eq!(closest("max-body", &known), Some("max_body"));
        assert_eq!(closest("colour", &known), None);
    }
}
