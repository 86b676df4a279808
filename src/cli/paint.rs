//! Colours, if standard output is a terminal that supports them and `NO_COLOR` (no-color.org) is not
//! set.

use std::env;
use std::io::{self, IsTerminal};

/// Colours texts, or leaves them as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// For standard output.
    pub(crate) fn stdout() -> Paint {
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Paint {
            on: io::stdout().is_terminal() && !is_set("NO_COLOR") && !is_dumb,
        }
    }

    /// True if there are colours.
    pub(crate) fn is_on(self) -> bool {
        self.on
    }

    /// For what was removed or dropped.
    pub(crate) fn red(self, text: &str) -> String {
        self.with("31", text)
    }

    /// For what was added or kept.
    pub(crate) fn green(self, text: &str) -> String {
        self.with("32", text)
    }

    /// For details.
    pub(crate) fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    /// For headings.
    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.on {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}
