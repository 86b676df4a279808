//! What PostgreSQL and sqlx report, as errors of a store.

use crate::store::StoreError;
use crate::store::error::Cause;
use sqlx::error::DatabaseError;

/// Sorts what sqlx reports by SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
pub(super) fn store_error(location: &str, error: sqlx::Error) -> StoreError {
    let location = location.to_owned();
    let code = error.as_database_error().and_then(DatabaseError::code);
    let code = code.as_deref().unwrap_or_default().to_owned();
    let is_away = is_away(&error);
    let is_untrusted = is_untrusted(&error);
    let source: Cause = match error {
        // The library's own words would say it twice, with a line of the server's source.
        sqlx::Error::Database(error) => error.message().to_owned().into(),
        sqlx::Error::Io(error) => error.into(),
        error => error.into(),
    };
    let unavailable = |advice, source| StoreError::Unavailable {
        location: location.clone(),
        advice,
        source,
    };
    match code.as_str() {
        _ if is_untrusted => unavailable(
            "its certificate is not trusted: sslrootcert=FILE names an authority of your own",
            source,
        ),
        "28P01" => unavailable(
            "check the user name, and the password in PGPASSWORD, ~/.pgpass or the service file",
            source,
        ),
        "28000" => unavailable(
            "the server lets this user in from here neither with nor without a password: see its pg_hba.conf",
            source,
        ),
        "3D000" => unavailable("make the database first, as with `createdb`", source),
        "42501" => unavailable(
            "the user lacks a right there; docs/many-machines.md lists those that are needed",
            source,
        ),
        "53300" => StoreError::Crowded { location, source },
        "53100" => StoreError::Full { location, source },
        "25006" => StoreError::ReadOnly {
            location,
            advice: "it is a replica, or `default_transaction_read_only` is on; name the primary server",
            source,
        },
        "57014" => StoreError::TimedOut { location, source },
        // Another transaction was in the way, or stored the same row first.
        "55P03" | "40P01" | "40001" | "23505" => StoreError::Locked { location, source },
        "XX001" | "XX002" => StoreError::Corrupt {
            location,
            advice: "see the server's log, and restore it from a back-up",
            source,
        },
        _ if is_away => StoreError::Away { location, source },
        _ => StoreError::Failed { location, source },
    }
}

/// True where the server could not be reached, or went away meanwhile: class 08, and what it says when it is
/// stopped or started, or when it ends a connection that is not used.
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) if is_untrusted(error) => false,
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08")
                || matches!(
                    code.as_ref(),
                    "57P01" | "57P02" | "57P03" | "57P05" | "25P03"
                )
        }),
        _ => false,
    }
}

/// True where the server was asked for a transaction that has a number it has not come to (`pg_xact_status`).
pub(in crate::store::sql) fn is_of_future(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.as_deref() == Some("22023")
}

/// True where what the server has sent to prove itself does not: no wait helps there.
fn is_untrusted(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData)
}
