//! A lease that was lost while its worker was at work.

use super::database;

/// Another worker has this host by now: nothing is written in the name of the one before.
#[derive(Debug, thiserror::Error)]
#[error("another worker has {0} by now")]
pub(crate) struct LeaseLost(pub(crate) String);

impl LeaseLost {
    /// What an error says of it, if it is one.
    pub(super) fn of(error: &database::Error) -> Option<&LeaseLost> {
        match error {
            database::Error::Configuration(error) => error.downcast_ref(),
            _ => None,
        }
    }
}

impl From<LeaseLost> for database::Error {
    fn from(lost: LeaseLost) -> database::Error {
        database::Error::Configuration(Box::new(lost))
    }
}
