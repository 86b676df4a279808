//! What can go wrong with a store. Each message names the store and what to do about it.

use std::error::Error;

/// What the database reported.
pub type Cause = Box<dyn Error + Send + Sync>;

/// The store can't be used, or can't be used any further.
///
/// `location` names the store as the user configured it. `advice` is what to check, in the words of
/// the database behind the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no store there.
    #[error("there is no store at {location}; `newsprint crawl` creates one")]
    Missing {
        /// Where it should be.
        location: String,
    },
    /// The store can't be opened or created.
    #[error("cannot open {location}; {advice}")]
    Unavailable {
        /// The store.
        location: String,
        /// What to check.
        advice: &'static str,
        /// What the database reported.
        source: Cause,
    },
    /// The store may not be written.
    #[error("{location} is read-only; {advice}")]
    ReadOnly {
        /// The store.
        location: String,
        /// What to check.
        advice: &'static str,
        /// What the database reported.
        source: Cause,
    },
    /// Another process locks the store for longer than we wait.
    #[error("{location} is locked by another process; run again when it has finished")]
    Locked {
        /// The store.
        location: String,
        /// What the database reported.
        source: Cause,
    },
    /// Its disk fails.
    #[error(
        "{location} cannot be read or written, as its disk fails; see the system's log, such as `dmesg`, and put the \
         newest back-up on a disk that works"
    )]
    Disk {
        /// The store.
        location: String,
        /// What the database reported.
        source: Cause,
    },
    /// There is no room left for it.
    #[error("no room left on the disk of {location}; free some and run again, nothing is lost")]
    Full {
        /// The store.
        location: String,
        /// What the database reported.
        source: Cause,
    },
    /// Its file is not the one that was opened.
    #[error(
        "{location} was deleted, moved or replaced while it was in use, so nothing more was written; \
         put it back, or run again to begin a new store"
    )]
    Replaced {
        /// The store.
        location: String,
    },
    /// Its address can't be read, or is not to be used.
    #[error("cannot open {location}: {what}")]
    BadAddress {
        /// The store.
        location: String,
        /// What is wrong with it.
        what: String,
    },
    /// Its server can't be reached, or went away.
    #[error(
        "the server of {location} cannot be reached; nothing is lost, run again when it is back"
    )]
    Away {
        /// The store.
        location: String,
        /// What was reported.
        source: Cause,
    },
    /// The lease of a host ran out before a visit was stored, and another worker has the host by now.
    #[error(
        "the lease of {host} ran out, and another worker has the host by now; the page is visited again"
    )]
    LeaseLost {
        /// The host.
        host: String,
    },
    /// All connections of its server are taken.
    #[error(
        "all connections of the server of {location} are taken; raise its `max_connections`, or run fewer \
         processes"
    )]
    Crowded {
        /// The store.
        location: String,
        /// What the database reported.
        source: Cause,
    },
    /// Another process is the worker of this name.
    #[error(
        "another crawl of {location} runs as the worker `{name}`; wait for it, or give each of them a name of its own: \
         `worker` in [store]"
    )]
    WorkerTaken {
        /// The store.
        location: String,
        /// The name.
        name: String,
    },
    /// A position in the order of changes is none of this store.
    #[error(
        "the cursor belongs to another store than {location}, or to a later state of it; delete its file to begin with \
         the first article again"
    )]
    BadCursor {
        /// The store.
        location: String,
    },
    /// Its server is too old.
    #[error("{location} is on PostgreSQL {version}; version 14 or newer is needed")]
    OldServer {
        /// The store.
        location: String,
        /// The major version of the server.
        version: i32,
    },
    /// Its server ended a statement that took too long.
    #[error(
        "the server of {location} ended a statement early; raise its `statement_timeout` for this user"
    )]
    TimedOut {
        /// The store.
        location: String,
        /// What the database reported.
        source: Cause,
    },
    /// A newer version of newsprint has changed its tables.
    #[error(
        "{location} was written by a newer newsprint (its tables are version {version}); install \
         that version or use another store"
    )]
    Newer {
        /// The store.
        location: String,
        /// The version of its tables.
        version: i64,
    },
    /// An older version of newsprint wrote its tables, and the copy that would be read can't be made: the store is
    /// large, or the folder for temporary files is full.
    #[error(
        "{location} was written by an older newsprint; run `newsprint crawl` once as a user who may write \
         it, which brings it up to date"
    )]
    Older {
        /// The store.
        location: String,
    },
    /// It is a copy that was interrupted.
    #[error(
        "{location} is an unfinished copy; run `newsprint copy` from {original} to it again, which finishes it"
    )]
    Unfinished {
        /// The store.
        location: String,
        /// The store of which it is a copy.
        original: String,
    },
    /// It is something else, or damaged.
    #[error("{location} is not a newsprint store, or is damaged; {advice}")]
    Corrupt {
        /// The store.
        location: String,
        /// What to do.
        advice: &'static str,
        /// What the database reported.
        source: Cause,
    },
    /// A stored record that this version can't read.
    #[error("{location} has a record that cannot be read: {what}")]
    BadRecord {
        /// The store.
        location: String,
        /// Which, and why.
        what: String,
    },
    /// Anything else.
    #[error("the store {location} failed")]
    Failed {
        /// The store.
        location: String,
        /// What the database reported.
        source: Cause,
    },
}

impl StoreError {
    /// The error and what caused it, in one line, as for a log.
    pub fn with_causes(&self) -> String {
        let mut said = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            said.push_str(": ");
            said.push_str(&error.to_string());
            cause = error.source();
        }
        said
    }

    /// True where the store is of no more use: it is full, damaged, gone or read-only. Anything else may
    /// concern one write alone.
    pub fn is_of_store(&self) -> bool {
        !matches!(
            self,
            StoreError::Locked { .. }
                | StoreError::LeaseLost { .. }
                | StoreError::Failed { .. }
                | StoreError::BadRecord { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_has_the_cause_too() {
        let error = StoreError::Failed {
            location: "news.db".to_owned(),
            source: "no such thing".into(),
        };
        assert_eq!(
            error.with_causes(),
            "the store news.db failed: no such thing"
        );
    }
}
