//! Locks on what is not there yet: two workers that find the same page or read the same text at once come to one row, as
//! if one had come after the other. A lock lasts until its transaction ends. A file has one writer, and needs none.

use std::collections::BTreeSet;

use super::database::{self, Connection, Value, listed};

/// What a number stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LockOf {
    /// The pages of a host, by [`PageKey::host_bits`](super::PageKey::host_bits).
    Pages,
    /// An article, by its id, the hash of its text, or a band.
    Articles,
    /// The sources as they are configured, all by one number.
    Sources,
}

impl LockOf {
    /// A number that those of the other sorts hardly have: where they do, one waits needlessly.
    fn number(self, number: i64) -> i64 {
        match self {
            LockOf::Pages => number,
            LockOf::Articles => number ^ (0x5a << 56),
            LockOf::Sources => number ^ (0x6b << 56),
        }
    }
}

/// Waits for these locks, where others may write at the same time. All take them in one order, so that no two wait
/// for each other.
pub(crate) async fn lock(
    connection: &mut Connection,
    of: LockOf,
    numbers: impl IntoIterator<Item = i64>,
) -> Result<(), database::Error> {
    if !connection.is_to_server() {
        return Ok(());
    }
    database::query("SELECT pg_advisory_xact_lock(value) FROM each($1)")
        .bind(locks(of, numbers))
        .execute(connection)
        .await
        .map(|_| ())
}

/// These locks in the order in which all take them, for a statement that takes them by the way.
pub(super) fn locks(of: LockOf, numbers: impl IntoIterator<Item = i64>) -> Value {
    let numbers = numbers.into_iter().map(|it| of.number(it));
    let numbers: BTreeSet<i64> = numbers.collect();
    listed(numbers)
}
