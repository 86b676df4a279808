//! Whether the file behind an open store is still the one at its path: SQLite goes on writing to a file that was
//! deleted or replaced, and all of it is lost.

use std::path::{Path, PathBuf};

use crate::files::FileIdentity;
use crate::store::StoreError;

/// The file of an open store.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    path: PathBuf,
    file: Option<FileIdentity>,
}

impl Identity {
    /// The file that is at this path now.
    pub(super) fn of(path: &Path) -> Identity {
        Identity {
            path: path.to_owned(),
            file: FileIdentity::of(path),
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
        if self.file.is_none() || FileIdentity::of(&self.path) == self.file {
            return Ok(());
        }
        Err(StoreError::Replaced {
            location: self.path.display().to_string(),
        })
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
