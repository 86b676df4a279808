//! What can go wrong with a store, each with its path and its mend.

use std::path::{Path, PathBuf};

/// The store can't be used, or can't be used any further.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file is something else, or damaged.
    #[error(
        "{} is not a SQLite database, or is damaged; name another file in [store] url, or move this one away",
        path.display()
    )]
    NotADatabase {
        /// The store's file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// A later version of the program has changed the tables.
    #[error(
        "{} was written by a newer newsprint (its tables are version {version}); install that version or use another store",
        path.display()
    )]
    Newer {
        /// The store's file.
        path: PathBuf,
        /// The version of its tables.
        version: i64,
    },
    /// There is no such file.
    #[error("there is no store at {}; `newsprint crawl` makes one", path.display())]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The file can't be opened or made.
    #[error(
        "cannot open {}; the folder must exist, and folder and file must be writable",
        path.display()
    )]
    CannotOpen {
        /// The store's file.
        path: PathBuf,
        /// What the system said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The disk is full.
    #[error("no room left on the disk of {}; free some and run again, nothing is lost", path.display())]
    DiskFull {
        /// The store's file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// The file may not be written.
    #[error("{} may not be written; check its owner and mode and those of its folder", path.display())]
    ReadOnly {
        /// The store's file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// Another process keeps the database busy.
    #[error("{} is kept busy by another process; run again when it has ended", path.display())]
    Busy {
        /// The store's file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// A row that this version can't read.
    #[error("{} holds a record that cannot be read: {what}", path.display())]
    BadRow {
        /// The store's file.
        path: PathBuf,
        /// Which, and why.
        what: String,
    },
    /// Anything else.
    #[error("the store {} failed", path.display())]
    Failed {
        /// The store's file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
}

impl StoreError {
    /// Sorts what sqlx reports by SQLite's primary result code (<https://sqlite.org/rescode.html>).
    pub(super) fn of(path: &Path, source: sqlx::Error) -> StoreError {
        let path = path.to_owned();
        match primary_code(&source) {
            Some(11 | 26) => StoreError::NotADatabase { path, source },
            Some(13) => StoreError::DiskFull { path, source },
            Some(3 | 8 | 23) => StoreError::ReadOnly { path, source },
            Some(14) => StoreError::CannotOpen {
                path,
                source: source.into(),
            },
            Some(5 | 6) => StoreError::Busy { path, source },
            _ => StoreError::Failed { path, source },
        }
    }
}

/// The low byte of an extended result code is the primary one.
fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<i32>().ok().map(|code| code & 0xff)
}
