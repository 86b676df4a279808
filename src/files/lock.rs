//! Locks that the system frees with the process, however that ends: on a file, and on a folder itself.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::own::open_own;
use super::{Access, system};

/// How often the file of a lock may be replaced while it is taken.
const TRIES: usize = 10;

/// The locks on files that this process has.
static HELD: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// An exclusive lock on a file that exists for that alone. The empty file stays.
#[derive(Debug)]
pub struct FileLock {
    file: File,
    path: PathBuf,
}

/// An exclusive lock on a folder, which leaves nothing in it.
#[derive(Debug)]
pub struct FolderLock(File);

/// Locks this file, at once or not at all. A link is not followed.
///
/// # Errors
/// Fails with [`TryLockError::WouldBlock`] where someone has the lock.
pub fn lock_file(path: &Path) -> Result<FileLock, TryLockError> {
    for _ in 0..TRIES {
        let file = open_own(path, Access::Private).map_err(TryLockError::Error)?;
        file.try_lock()?;
        held().push(path.to_owned());
        let lock = FileLock {
            file,
            path: path.to_owned(),
        };
        // Between the two steps, whoever had the lock may have removed the file.
        if lock.is_held() {
            return Ok(lock);
        }
    }
    Err(TryLockError::WouldBlock)
}

/// Locks this folder, at once or not at all.
///
/// # Errors
/// Fails with [`TryLockError::WouldBlock`] where someone has the lock, and otherwise where the system or the file
/// system can lock no folder.
pub fn lock_folder(path: &Path) -> Result<FolderLock, TryLockError> {
    let folder = File::open(path).map_err(TryLockError::Error)?;
    folder.try_lock()?;
    Ok(FolderLock(folder))
}

/// The process that has a lock on this file or folder, if the system tells.
pub fn lock_holder(path: &Path) -> Option<u32> {
    system::lock_holder(&fs::metadata(path).ok()?)
}

/// True for the error of a file system that cannot lock files, such as some that are reached over a network.
pub fn has_no_locks(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported || system::is_no_lock(error)
}

/// True if a database in a file is in use by another of the file's names (hard links): another process has
/// SQLite's locks on it, or this one has the lock of another name, `NAME.lock`.
pub fn is_used_by_other_name(path: &Path) -> bool {
    let Ok(data) = fs::symlink_metadata(path) else {
        return false;
    };
    if system::names(&data) < 2 {
        return false;
    }
    let is_same = |lock: &PathBuf| {
        let database = lock.with_extension("");
        database != path
            && fs::symlink_metadata(database)
                .is_ok_and(|it| system::identity(&it) == system::identity(&data))
    };
    held().iter().any(is_same) || system::is_database_open(path)
}

fn held() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

impl FileLock {
    /// False if the file was removed or replaced: what is locked then is no longer what others would lock.
    pub fn is_held(&self) -> bool {
        let Ok(here) = fs::symlink_metadata(&self.path) else {
            return false;
        };
        self.file
            .metadata()
            .is_ok_and(|own| system::identity(&own) == system::identity(&here))
    }
}

impl Drop for FileLock {
    /// A child process that is being started holds a copy of the open file until it runs its own program;
    /// closing ours alone would leave the lock for as long.
    fn drop(&mut self) {
        let mut held = held();
        if let Some(at) = held.iter().position(|it| *it == self.path) {
            held.swap_remove(at);
        }
        let _ = self.file.unlock();
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_the_open_file_does_not_keep_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.lock");
        let lock = lock_file(&path).unwrap();
        let _copy = lock.file.try_clone().unwrap();
        drop(lock);
        assert!(lock_file(&path).is_ok());
    }

    #[test]
    fn a_folder_is_locked_once_and_freed_with_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let lock = lock_folder(dir.path()).unwrap();
        assert!(matches!(
            lock_folder(dir.path()),
            Err(TryLockError::WouldBlock)
        ));
        #[cfg(target_os = "linux")]
        assert_eq!(lock_holder(dir.path()), Some(std::process::id()));
        drop(lock);
        assert!(lock_folder(dir.path()).is_ok());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
