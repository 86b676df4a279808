//! One crawl a store: an exclusive lock on the file beside it. The system frees the lock with the
//! process, however it ends, so that there is nothing to clean up after a kill; the empty file
//! stays, for a lock on a file that others may delete is none.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Held while a crawl runs; dropping it frees the store.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// The lock could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another crawl is at work; the next may find it free.
    #[error("another crawl holds this store (lock {}); try again when it has ended", path.display())]
    Held {
        /// The lock's file.
        path: PathBuf,
    },
    /// The lock's file can't be made or locked.
    #[error("cannot lock {}; the folder must exist and be writable", path.display())]
    Unusable {
        /// The lock's file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Lock {
    /// Locks the store at this path, at once or not at all.
    pub fn acquire(store: &Path) -> Result<Lock, LockError> {
        let mut name = store.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        let opened = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let file = match opened {
            Ok(file) => file,
            Err(source) => return Err(LockError::Unusable { path, source }),
        };
        match file.try_lock() {
            Ok(()) => Ok(Lock { file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held { path }),
            Err(TryLockError::Error(source)) => Err(LockError::Unusable { path, source }),
        }
    }
}

impl Drop for Lock {
    /// A child that is being started holds a copy of the open file until it runs its own program;
    /// closing ours alone would leave the store locked for as long.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_locked_once_and_freed_with_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let lock = Lock::acquire(&path).unwrap();
        assert!(matches!(Lock::acquire(&path), Err(LockError::Held { .. })));
        drop(lock);
        assert!(Lock::acquire(&path).is_ok());
    }

    #[test]
    fn a_copy_of_the_open_file_does_not_keep_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let lock = Lock::acquire(&path).unwrap();
        let _copy = lock.file.try_clone().unwrap();
        drop(lock);
        assert!(Lock::acquire(&path).is_ok());
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let error = Lock::acquire(&dir.path().join("gone/store.db")).unwrap_err();
        assert!(error.to_string().contains("gone/store.db.lock"), "{error}");
    }
}
