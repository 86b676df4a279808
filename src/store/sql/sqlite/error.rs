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
        Some(11) => StoreError::Corrupt {
            location,
            advice: "put a back-up in its place, or save what can be read with `sqlite3 FILE .recover`",
            source,
        },
        Some(26) => StoreError::Corrupt {
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
        Some(10) => StoreError::Disk { location, source },
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

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::fmt;

    use sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    /// What SQLite reports under this code, in its own words.
    #[derive(Debug)]
    struct Reported(i32, &'static str);

    impl fmt::Display for Reported {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.1)
        }
    }

    impl std::error::Error for Reported {}

    impl DatabaseError for Reported {
        fn message(&self) -> &str {
            self.1
        }
        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.to_string().into())
        }
        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }
        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }
        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }
        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    #[test]
    fn each_of_sqlites_words_has_a_sentence_with_the_fix_before_it() {
        for (code, words, fix) in [
            (5, "database is locked", "run again when it has finished"),
            (
                6,
                "database table is locked",
                "run again when it has finished",
            ),
            (
                8,
                "attempt to write a readonly database",
                "check the owner and mode",
            ),
            (10, "disk I/O error", "dmesg"),
            (778, "disk I/O error", "dmesg"),
            (3850, "disk I/O error", "on a local disk"),
            (11, "database disk image is malformed", ".recover"),
            (13, "database or disk is full", "free some and run again"),
            (14, "unable to open database file", "the folder must exist"),
            (15, "locking protocol", "on a local disk"),
            (26, "file is not a database", "name another file"),
        ] {
            let reported = sqlx::Error::Database(Box::new(Reported(code, words)));
            let error = store_error("newsprint.db", reported);
            let sentence = error.to_string();
            assert!(
                sentence.contains("newsprint.db") && sentence.contains(fix),
                "{code}: {sentence}"
            );
            assert!(!sentence.contains(words), "{code}: {sentence}");
            let inner = std::error::Error::source(&error).map(ToString::to_string);
            assert!(
                inner.is_some_and(|it| it.contains(words)),
                "{code}: {error:?}"
            );
        }
    }
}
