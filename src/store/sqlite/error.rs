//! What SQLite and sqlx report, as errors of a store.

use sqlx::migrate::MigrateError;

use crate::store::StoreError;

/// Sorts what sqlx reports by SQLite's primary result code (<https://sqlite.org/rescode.html>).
pub(super) fn store_error(location: &str, error: sqlx::Error) -> StoreError {
    let location = location.to_owned();
    let code = primary_code(&error);
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
        Some(5 | 6) => StoreError::Locked { location, source },
        _ => StoreError::Failed { location, source },
    }
}

/// What went wrong while the tables were brought up to date.
pub(super) fn migration_error(location: &str, error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(version) => StoreError::Newer {
            location: location.to_owned(),
            version,
        },
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            store_error(location, error)
        }
        error => store_error(location, error.into()),
    }
}

/// The low byte of an extended result code is the primary one.
fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<i32>().ok().map(|code| code & 0xff)
}
