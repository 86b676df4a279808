//! Whether the file behind an open store is still the one at its path: SQLite goes on writing to a file that was
//! deleted or replaced, and all of it is lost.

use std::path::{Path, PathBuf};

use crate::store::StoreError;

/// The file of an open store.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    path: PathBuf,
    file: Option<system::File>,
}

impl Identity {
    /// The file that is at this path now.
    pub(super) fn of(path: &Path) -> Identity {
        Identity {
            path: path.to_owned(),
            file: system::file(path),
        }
    }

    /// A database without a file.
    pub(super) fn none() -> Identity {
        Identity {
            path: PathBuf::new(),
            file: None,
        }
    }

    /// Checks that it still is.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        if self.file.is_none() || system::file(&self.path) == self.file {
            return Ok(());
        }
        Err(StoreError::Replaced {
            location: self.path.display().to_string(),
        })
    }
}

#[cfg(unix)]
mod system {
    use std::fs;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    /// Device and number.
    pub(super) type File = (u64, u64);

    pub(super) fn file(path: &Path) -> Option<File> {
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.dev(), metadata.ino()))
    }
}

#[cfg(not(unix))]
mod system {
    use std::path::Path;

    /// An open file cannot be deleted.
    pub(super) type File = ();

    pub(super) fn file(_: &Path) -> Option<File> {
        None
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_is_deleted_replaced_or_moved_is_another() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("a.db"), dir.path().join("b.db"));
        fs::write(&path, "a").unwrap();
        fs::write(&other, "b").unwrap();
        let identity = Identity::of(&path);
        fs::write(&path, "longer").unwrap();
        identity.check().unwrap();
        fs::rename(&path, dir.path().join("moved.db")).unwrap();
        assert!(matches!(identity.check(), Err(StoreError::Replaced { .. })));
        fs::rename(&other, &path).unwrap();
        assert!(matches!(identity.check(), Err(StoreError::Replaced { .. })));
        fs::rename(dir.path().join("moved.db"), &path).unwrap();
        identity.check().unwrap();
    }
}
