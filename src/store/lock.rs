//! The lock of a store: only one crawl at a time may work on it.

use std::any::Any;

use crate::store::error::Cause;

/// Proof that this process alone crawls the store. Dropping it frees the store; it also ends with
/// the process, however that ends.
#[derive(Debug)]
pub struct Lock {
    _guard: Box<dyn Any + Send + Sync>,
}

/// The store could not be locked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another crawl is running; try again later.
    #[error("another crawl is using this store (lock {location}); try again when it has finished")]
    Held {
        /// The lock.
        location: String,
    },
    /// The lock can't be created or taken.
    #[error("cannot lock {location}; {advice}")]
    Unavailable {
        /// The lock.
        location: String,
        /// What to check.
        advice: &'static str,
        /// What the system reported.
        source: Cause,
    },
}

impl Lock {
    /// A lock that lasts as long as this guard.
    pub(super) fn new(guard: impl Any + Send + Sync) -> Lock {
        Lock {
            _guard: Box::new(guard),
        }
    }
}
