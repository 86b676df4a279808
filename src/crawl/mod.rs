//! One pass over the sources: claims what is due, drives fetch → extract → store, counts, and stops
//! cleanly.

mod progress;
mod stop;
mod summary;

use std::time::Duration;

pub use progress::{Event, Progress, Silent};
pub use stop::{Stop, Switch, stop};
pub use summary::{CutShort, EntryFailure, SourceSummary, Summary};

use crate::config::Config;
use crate::fetch::SetupError;
use crate::store::{LockError, StoreError};

/// What one pass is to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Names of the sources that take part; empty for all.
    pub sources: Vec<String>,
    /// Pages to fetch at most; front pages, feeds and sitemaps don't count.
    pub max_pages: Option<u64>,
    /// End after this long.
    pub time_limit: Option<Duration>,
    /// Visit front pages, feeds and sitemaps only, tell which pages are due, and store nothing.
    pub dry_run: bool,
}

/// A pass could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrawlError {
    /// `Options::sources` names one that the configuration lacks.
    #[error("there is no source `{name}` in the configuration; it has: {known}")]
    UnknownSource {
        /// The name asked for.
        name: String,
        /// The names there are, joined by commas.
        known: String,
    },
    /// Another crawl holds the store, or the lock can't be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The store can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The HTTP client can't be set up.
    #[error(transparent)]
    Fetch(#[from] SetupError),
}

/// Runs one pass: everything that is due now, and what is found on the way.
pub async fn run(
    _config: &Config,
    _options: &Options,
    _stop: Stop,
    _progress: &dyn Progress,
) -> Result<Summary, CrawlError> {
    Ok(Summary::default())
}
