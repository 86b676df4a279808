//! What a copy of a store reports: how far it is, how each table came out, and why it can't be made.

use std::ops::ControlFlow;

use crate::store::{LockError, StoreError};

/// What is being done to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyStep {
    /// Its rows are written.
    Copying,
    /// Its rows are read on both sides, and those that differ are written again.
    Comparing,
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyProgress {
    /// The table that is worked on.
    pub table: &'static str,
    /// What is being done to it.
    pub step: CopyStep,
    /// The rows that were added just now.
    pub rows: u64,
    /// The rows of the table in the store that is copied.
    pub of: u64,
}

/// Is told how far a copy is, and may stop it.
pub type OnCopyProgress<'a> = &'a mut (dyn FnMut(CopyProgress) -> ControlFlow<()> + Send);

/// All rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDigest {
    /// How many there are.
    pub rows: u64,
    /// A hash (SHA-256) of all their values in the order of the primary key; the same on both engines.
    pub hash: String,
}

/// How a table came out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableCopy {
    /// The table.
    pub table: &'static str,
    /// What the copied store has in it.
    pub original: TableDigest,
    /// What the copy has in it.
    pub copy: TableDigest,
    /// The rows that had changed while the copy was interrupted, and were copied again or deleted.
    pub repaired: u64,
    /// The texts with NULs, which PostgreSQL has none of. Each NUL is U+FFFD in the copy.
    pub nuls: u64,
}

impl TableCopy {
    /// A table that came out so.
    pub fn new(table: &'static str, original: TableDigest, copy: TableDigest) -> TableCopy {
        TableCopy {
            table,
            original,
            copy,
            repaired: 0,
            nuls: 0,
        }
    }

    /// True where both sides have the same rows.
    pub fn is_equal(&self) -> bool {
        self.original == self.copy
    }
}

/// The store can't be copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// One of the two stores can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// One of the two stores is being used.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// There is only one store.
    #[error("{location} can't be copied into itself; name another store to copy to")]
    Same {
        /// The store.
        location: String,
    },
    /// The target has a store of its own.
    #[error("{location} has a store of its own already; copy into a new file or an empty database")]
    Occupied {
        /// The target.
        location: String,
    },
    /// The target has an unfinished copy of another store.
    #[error(
        "{location} has an unfinished copy of {source_location}; copy that again to finish it, or copy into a \
         new file or an empty database"
    )]
    OtherCopy {
        /// The target.
        location: String,
        /// The store of which it has a copy.
        source_location: String,
    },
    /// It was stopped.
    #[error("the copy is unfinished; run the same command again to go on")]
    Stopped,
}
