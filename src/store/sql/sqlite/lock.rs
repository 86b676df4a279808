//! The lock of a store in a file: an exclusive lock on a file next to it, whatever name the store is given by.
//! The system frees it with the process, however that ends, so there is nothing to clean up after a kill. The
//! empty file stays: a lock on a file that others may delete locks nothing. Whether someone deletes it all the
//! same is checked before each claim.

use std::fs::TryLockError;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::{self, FileLock};
use crate::store::lock::Guard;
use crate::store::{Lock, LockError};

impl Guard for FileLock {
    fn is_held(&self) -> bool {
        FileLock::is_held(self)
    }
}

/// Locks the store in this file, at once or not at all.
pub(crate) fn acquire(store: &Path) -> Result<Lock, LockError> {
    let location = lock_of(store).display().to_string();
    let resolved = files::resolve(store).map_err(|error| unavailable(&location, error))?;
    let path = lock_of(&resolved);
    let location = path.display().to_string();
    let held = || LockError::Held {
        location: location.clone(),
    };
    match files::lock_file(&path) {
        // A store with several names has a lock, and worse: a log, for each of them.
        Ok(_) if files::is_used_by_other_name(&resolved) => Err(held()),
        Ok(lock) => Ok(Lock::new(location, lock)),
        Err(TryLockError::WouldBlock) => Err(held()),
        Err(TryLockError::Error(source)) => Err(unavailable(&location, source)),
    }
}

fn lock_of(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn unavailable(location: &str, source: io::Error) -> LockError {
    let advice = if files::has_no_locks(&source) {
        "its file system has no locks, as some network folders; name a file on a local disk in [store] url, or \
         start the lock service of the network file system"
    } else {
        "its folder must exist and be writable"
    };
    LockError::Unavailable {
        location: location.to_owned(),
        advice,
        source: source.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_system_without_locks_is_named_as_the_cause() {
        use rustix::io::Errno;

        for (errno, expected) in [
            (Errno::NOLCK, "has no locks"),
            (Errno::OPNOTSUPP, "has no locks"),
            (Errno::NOSYS, "has no locks"),
            (Errno::ACCESS, "must exist and be writable"),
        ] {
            let error = unavailable("a.db.lock", io::Error::from(errno)).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

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
    fn a_folder_that_is_not_there_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let error = acquire(&dir.path().join("gone/store.db")).unwrap_err();
        assert!(error.to_string().contains("gone/store.db.lock"), "{error}");
    }

    #[test]
    fn a_lock_that_is_removed_or_replaced_is_lost() {
        let dir = tempfile::tempdir().unwrap();
        let (store, path) = (dir.path().join("s.db"), dir.path().join("s.db.lock"));
        for by in [None, Some(""), Some("another")] {
            let lock = acquire(&store).unwrap();
            assert!(lock.check().is_ok());
            fs::rename(&path, dir.path().join("away")).unwrap();
            if let Some(text) = by {
                fs::write(&path, text).unwrap();
            }
            let error = lock.check().unwrap_err();
            assert!(matches!(error, LockError::Lost { .. }), "{error}");
            drop(lock);
            assert!(acquire(&store).is_ok());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_store_has_one_lock_whatever_name_it_is_given_by() {
        use std::os::unix::fs::symlink;

        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("real")).unwrap();
        symlink(at("real"), at("folder")).unwrap();
        symlink("real/s.db", at("link")).unwrap();
        symlink("link", at("second")).unwrap();
        let names = [
            "real/s.db",
            "folder/s.db",
            "real/../real/./s.db",
            "link",
            "second",
        ];
        // Before there is a store, and after.
        for _ in 0..2 {
            for first in names {
                let lock = acquire(&at(first)).unwrap();
                for second in names {
                    let again = acquire(&at(second));
                    assert!(
                        matches!(again, Err(LockError::Held { .. })),
                        "{first} {second}"
                    );
                }
                drop(lock);
            }
            fs::write(at("real/s.db"), "").unwrap();
        }
        fs::hard_link(at("real/s.db"), at("hard")).unwrap();
        let lock = acquire(&at("real/s.db")).unwrap();
        assert!(matches!(acquire(&at("hard")), Err(LockError::Held { .. })));
        drop(lock);
        assert!(acquire(&at("hard")).is_ok());
    }
}
