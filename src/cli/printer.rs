//! The one place that writes to standard output and standard error. Standard output carries the result
//! and nothing else; messages go to standard error.

use std::io::{self, Write};

use super::paint::plain;
use super::terminal::to_stderr;

/// Standard output could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PrintError {
    /// The reader closed the pipe: `newsprint … | head`.
    #[error("standard output was closed")]
    Closed,
    /// Anything else, such as a full disk behind a redirection.
    #[error("cannot write to standard output")]
    Failed(#[source] io::Error),
}

/// Writes to standard output and standard error.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer {
    quiet: bool,
}

impl Printer {
    /// A quiet printer prints errors but no notes.
    pub(crate) fn new(quiet: bool) -> Printer {
        Printer { quiet }
    }

    /// Writes to standard output and flushes, so that a reader need not wait for the end of the run.
    pub(crate) fn out(self, bytes: &[u8]) -> Result<(), PrintError> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)
            .and_then(|()| out.flush())
            .map_err(|error| match error.kind() {
                io::ErrorKind::BrokenPipe => PrintError::Closed,
                _ => PrintError::Failed(error),
            })
    }

    /// Writes a note to standard error, unless quiet.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet {
            to_stderr(text.as_bytes());
        }
    }

    /// True if there are errors only.
    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Writes an error on one line to standard error, with the program's name.
    pub(crate) fn error(self, line: &str) {
        to_stderr(format!("newsprint: {}\n", plain(line)).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_a_page_do_not_reach_the_terminal() {
        assert_eq!(plain("a\u{1b}[31m\nb"), "a [31m b");
    }
}
