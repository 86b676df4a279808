//! What SQLite and sqlx report, as errors of a store.

use crate::store::StoreError;
use crate::store::error::Cause;

/// Sorts what sqlx reports by SQLite's primary result code (<https://sqlite.org/rescode.html>).
pub(super) fn store_error(location: &str, error: sqlx::Error) -> StoreError {
    let location = location.to_owned();
    let extended = extended_code(&error);
    let code = extended.map(|code| code & 0xff);
    let source = error.into();
    match code {
        Some(11 | 26) => StoreError::Corrupt {
            location,
            advice: "name another file in [store] url, or move this one away",
            source,
        },
        Some(13) => StoreError::Full { location, source },
        Some(3 | 8 | 23) => StoreError::ReadOnly {
            location,
            advice: "check the owner and mode of the file and its folder",
            source,
        },
        Some(14) => StoreError::Unavailable {
            location,
            advice: "the folder must exist, and folder and file must be writable",
            source,
        },
        Some(15) => without_locks(location, source),
        Some(10) if extended.is_some_and(|it| NO_LOCKS.contains(&(it >> 8))) => {
            without_locks(location, source)
        }
        Some(5 | 6) => StoreError::Locked { location, source },
        _ => StoreError::Failed { location, source },
    }
}

/// The second bytes of input and output errors that concern locks, and memory shared between processes: `UNLOCK`,
/// `RDLOCK`, `CHECKRESERVEDLOCK`, `LOCK`, `SHMOPEN`, `SHMLOCK` and `SHMMAP`.
const NO_LOCKS: [i32; 7] = [8, 9, 14, 15, 18, 20, 21];

fn without_locks(location: String, source: Cause) -> StoreError {
    StoreError::Unavailable {
        location,
        advice: "its file system cannot lock files, as some network folders can't; name a file on a local \
                 disk in [store] url",
        source,
    }
}

/// The extended result code, whose low byte is the primary one.
fn extended_code(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}
