//! The lock of a store: only one crawl at a time may work on it.

use std::fmt;

use crate::store::error::Cause;

/// Proof that this process alone crawls the store. Dropping it frees the store; it also ends with
/// the process, however that ends.
#[derive(Debug)]
pub struct Lock {
    location: String,
    guard: Box<dyn Guard>,
}

/// What a lock is made of.
pub(super) trait Guard: fmt::Debug + Send + Sync {
    /// False if someone has taken the lock away.
    fn is_held(&self) -> bool;
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
    /// The lock was removed or replaced while it was held.
    #[error(
        "the lock {location} was removed or replaced during the run, and another crawl may be using the \
         store by now; leave that file alone and run again: what was fetched is stored"
    )]
    Lost {
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
    pub(super) fn new(location: String, guard: impl Guard + 'static) -> Lock {
        Lock {
            location,
            guard: Box::new(guard),
        }
    }

    /// Makes sure that nobody else can have the lock by now.
    ///
    /// # Errors
    /// Fails with [`LockError::Lost`] where it was removed or replaced.
    pub fn check(&self) -> Result<(), LockError> {
        if self.guard.is_held() {
            return Ok(());
        }
        Err(LockError::Lost {
            location: self.location.clone(),
        })
    }
}
