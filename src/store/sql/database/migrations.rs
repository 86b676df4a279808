//! Which migrations a store has had, and what goes wrong while it has more.

use std::collections::HashSet;

use sqlx::migrate::{MigrateError, Migrator};

use super::Error;
use crate::store::StoreError;

/// What the tables of a store are to this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tables {
    None,
    Current,
    Older,
    Newer(i64),
}

impl Tables {
    /// Those of a store that has had these migrations of all that this version knows.
    pub(crate) fn after(applied: Vec<i64>, migrations: &Migrator) -> Tables {
        let applied = HashSet::<i64>::from_iter(applied);
        let known: HashSet<i64> = migrations.iter().map(|it| it.version).collect();
        match applied.difference(&known).max() {
            Some(version) => Tables::Newer(*version),
            None if applied.len() < known.len() => Tables::Older,
            None => Tables::Current,
        }
    }
}

/// What went wrong while the tables were brought up to date; `fault` sorts what the engine reports.
pub(crate) fn migration_error(
    location: &str,
    error: MigrateError,
    fault: impl FnOnce(&str, Error) -> StoreError,
) -> StoreError {
    match error {
        MigrateError::VersionMissing(version) => StoreError::Newer {
            location: location.to_owned(),
            version,
        },
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            fault(location, error)
        }
        error => fault(location, error.into()),
    }
}
