//! The lock of a store in a file: an exclusive lock on a file next to it. The system frees it with
//! the process, however that ends, so there is nothing to clean up after a kill. The empty file
//! stays: a lock on a file that others may delete locks nothing.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::store::{Lock, LockError};

/// An exclusive lock on an open file.
struct FileLock(File);

impl Drop for FileLock {
    /// A child process that is being started holds a copy of the open file until it runs its own
    /// program; closing ours alone would leave the store locked for as long.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// Locks the store in this file, at once or not at all.
pub(crate) fn acquire(store: &Path) -> Result<Lock, LockError> {
    acquire_file(store).map(Lock::new)
}

fn acquire_file(store: &Path) -> Result<FileLock, LockError> {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    let location = path.display().to_string();
    let unavailable = |location, source: std::io::Error| LockError::Unavailable {
        location,
        advice: "its folder must exist and be writable",
        source: source.into(),
    };
    let opened = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path);
    let file = match opened {
        Ok(file) => file,
        Err(source) => return Err(unavailable(location, source)),
    };
    match file.try_lock() {
        Ok(()) => Ok(FileLock(file)),
        Err(TryLockError::WouldBlock) => Err(LockError::Held { location }),
        Err(TryLockError::Error(source)) => Err(unavailable(location, source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_locked_once_and_freed_with_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let lock = acquire(&path).unwrap();
        assert!(matches!(acquire(&path), Err(LockError::Held { .. })));
        drop(lock);
        assert!(acquire(&path).is_ok());
    }

    #[test]
    fn a_copy_of_the_open_file_does_not_keep_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let lock = acquire_file(&path).unwrap();
        let _copy = lock.0.try_clone().unwrap();
        drop(lock);
        assert!(acquire(&path).is_ok());
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let error = acquire(&dir.path().join("gone/store.db")).unwrap_err();
        assert!(error.to_string().contains("gone/store.db.lock"), "{error}");
    }
}
