//! Why a page could not be read.

use std::io;
use std::path::Path;

/// A file, or a page of an archive, that could not be read.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
#[error("{name}: {reason}")]
pub struct InputError {
    /// The path as passed in or found; for a page of an archive `path#address`.
    pub name: String,
    /// What went wrong.
    pub reason: String,
    /// What kind of fault it is.
    pub kind: InputErrorKind,
}

/// What is wrong with what could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputErrorKind {
    /// The system can't read it.
    Unreadable,
    /// Its bytes are damaged. The rest of an archive is read all the same.
    Damaged,
    /// The page is larger than the maximum.
    TooLarge,
    /// It is not HTML, though it says so.
    NotHtml,
}

impl InputError {
    pub(super) fn too_large(name: String, max_bytes: u64) -> InputError {
        InputError {
            name,
            reason: format!("larger than {max_bytes} bytes"),
            kind: InputErrorKind::TooLarge,
        }
    }
}

pub(super) fn describe(path: &Path, error: &io::Error) -> InputError {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => format!("cannot read it: {error}"),
    };
    InputError {
        name: path.display().to_string(),
        reason,
        kind: InputErrorKind::Unreadable,
    }
}
