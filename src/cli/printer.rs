//! The one place that writes to standard output and standard error. Standard output carries the result
//! and nothing else; messages go to standard error.

use std::io::{self, IsTerminal, Write};

use serde_json::Value;
use tracing::Level;

use super::plain::{painted_lines, plain, plain_lines};
use super::terminal::{self, to_stderr};

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

    /// Writes text for people to standard output: lines, perhaps in our own colours, and nothing that a page could
    /// do to a terminal.
    pub(crate) fn text(self, text: &str) -> Result<(), PrintError> {
        self.write(painted_lines(text).as_bytes())
    }

    /// Writes records to standard output: as they are to a pipe or a file, as text for people to a terminal.
    pub(crate) fn out(self, bytes: &[u8]) -> Result<(), PrintError> {
        if io::stdout().is_terminal() {
            return self.write(plain_lines(&String::from_utf8_lossy(bytes)).as_bytes());
        }
        self.write(bytes)
    }

    /// Writes and flushes, so that a reader need not wait for the end of the run.
    fn write(self, bytes: &[u8]) -> Result<(), PrintError> {
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
        self.note_with(text, Value::Null);
    }

    /// Writes a note, which has these fields where standard error has JSON.
    pub(crate) fn note_with(self, text: &str, fields: Value) {
        if self.quiet {
            return;
        }
        if !terminal::is_json() {
            return to_stderr(text);
        }
        for line in text.lines().filter(|it| !it.trim().is_empty()) {
            terminal::report(Level::INFO, line, fields.clone());
        }
    }

    /// True if standard output is a terminal.
    pub(crate) fn is_on_terminal(self) -> bool {
        io::stdout().is_terminal()
    }

    /// True if there are errors only.
    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Writes an error on one line to standard error, with the program's name.
    pub(crate) fn error(self, line: &str) {
        self.error_with(line, Value::Null);
    }

    /// Writes an error, which has these fields where standard error has JSON.
    pub(crate) fn error_with(self, line: &str, fields: Value) {
        if terminal::is_json() {
            return terminal::report(Level::ERROR, line, fields);
        }
        to_stderr(&format!("newsprint: {}\n", plain(line)));
    }

    /// Writes what went wrong without ending the run: an error, for people.
    pub(crate) fn warning_with(self, line: &str, fields: Value) {
        if terminal::is_json() {
            return terminal::report(Level::WARN, line, fields);
        }
        self.error(line);
    }
}
