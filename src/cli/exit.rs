//! The exit codes, and the one place that turns errors into them.

use std::process::ExitCode;

use anyhow::Error;
use newsprint::config::{ConfigError, ContactError};
use newsprint::crawl::CrawlError;
use newsprint::identity::KeyError;
use newsprint::store::{CopyError, LockError};
use serde_json::Value;
use tracing::Level;

use super::plain::plain_lines;
use super::printer::{PrintError, Printer};
use super::terminal::{self, to_stderr};

/// How a run ended. The numbers are documented in every `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// The job could not be done.
    Failed = 1,
    /// Bad usage or bad configuration; nothing was fetched.
    Usage = 2,
    /// Done in part.
    Partial = 3,
    /// The page contains no article.
    NoArticle = 4,
    /// Refused by policy: robots.txt, an address, a limit.
    Refused = 5,
    /// Another crawl is using the store (`EX_TEMPFAIL` in sysexits.h).
    Locked = 75,
    /// Stopped by SIGHUP: the terminal is gone.
    HungUp = 129,
    /// Stopped by SIGINT: 128 plus the signal's number, as shells report it.
    Interrupted = 130,
    /// Stopped by SIGTERM.
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// A mistake in a command, a flag or a value, with its fix.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UsageError(pub(crate) String);

/// Prints the argument parser's message. Help and version are not errors, nor is a closed pipe.
pub(crate) fn usage(error: &clap::Error) -> Exit {
    let message = error.render().to_string();
    if error.use_stderr() && terminal::is_json() {
        let message = message.trim_start_matches("error: ");
        terminal::report(Level::ERROR, message, Value::Null);
        return Exit::Usage;
    }
    // It repeats arguments, which a script may have from a page.
    if plain_lines(&message) == message {
        let _ = error.print();
    } else {
        to_stderr(&message);
    }
    if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Done
    }
}

/// Prints an error, one line per problem, and returns its exit code.
pub(crate) fn report(error: &Error, printer: &Printer) -> Exit {
    let exit = of(error);
    // Cron mails whatever is printed, and the next run finds the store free.
    let is_silent = exit == Exit::Done || (exit == Exit::Locked && printer.is_quiet());
    if !is_silent {
        for line in format!("{error:#}").lines() {
            printer.error(line);
        }
    }
    exit
}

/// The exit code of an error. A reader that closes the pipe early (`| head`) is not a failure.
fn of(error: &Error) -> Exit {
    if let Some(PrintError::Closed) = error.downcast_ref() {
        return Exit::Done;
    }
    if error.is::<UsageError>() || error.is::<ConfigError>() || error.is::<ContactError>() {
        return Exit::Usage;
    }
    // A key that the configuration names is a part of it.
    if error.chain().any(<dyn std::error::Error>::is::<KeyError>) {
        return Exit::Usage;
    }
    if let Some(copy) = error.downcast_ref() {
        return of_copy(copy);
    }
    match error.downcast_ref() {
        Some(CrawlError::Lock(LockError::Held { .. })) => Exit::Locked,
        Some(CrawlError::UnknownSource { .. } | CrawlError::Config(_) | CrawlError::Contact(_)) => {
            Exit::Usage
        }
        _ => Exit::Failed,
    }
}

fn of_copy(error: &CopyError) -> Exit {
    match error {
        CopyError::Lock(LockError::Held { .. }) => Exit::Locked,
        CopyError::Same { .. } => Exit::Usage,
        _ => Exit::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_the_code_that_is_documented() {
        let held = LockError::Held {
            location: "a.lock".into(),
        };
        let unknown = CrawlError::UnknownSource {
            name: "a".into(),
            known: "b".into(),
        };
        for (error, expected) in [
            (Error::new(PrintError::Closed), Exit::Done),
            (Error::new(UsageError("x".into())), Exit::Usage),
            (Error::new(ConfigError::Invalid(vec![])), Exit::Usage),
            (Error::new(CrawlError::from(held)), Exit::Locked),
            (Error::new(unknown), Exit::Usage),
            (
                Error::new(CopyError::from(LockError::Held {
                    location: "a.lock".into(),
                })),
                Exit::Locked,
            ),
            (Error::new(CopyError::Stopped), Exit::Failed),
            (Error::msg("anything else"), Exit::Failed),
        ] {
            assert_eq!(of(&error), expected, "{error}");
            assert_eq!(of(&error.context("while crawling")), expected);
        }
    }
}
