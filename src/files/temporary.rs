//! A temporary file that takes the place of another once it is complete. It is deleted if it never does.

use std::fs::{self, File, Metadata, Permissions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::{Builder, NamedTempFile};

use super::{Access, own, system};

/// What the names of temporary files begin and end with.
const NAME: (&str, &str) = (".newsprint-", ".part");
/// A temporary file is in use no longer than this.
const OLD: Duration = Duration::from_secs(3600);

/// Deletes the temporary files in a folder that were left by processes that were killed.
pub fn remove_leftovers(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_ours = name.starts_with(NAME.0) && name.ends_with(NAME.1);
        if is_ours && is_old(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_old(path: &Path) -> bool {
    let data = fs::symlink_metadata(path).ok().filter(Metadata::is_file);
    let age = data.and_then(|it| it.modified().ok()?.elapsed().ok());
    age.is_some_and(|age| age > OLD)
}

/// A new file with a random name in the folder of the file whose place it will take.
#[derive(Debug)]
pub struct Replacement {
    file: NamedTempFile,
    path: PathBuf,
}

impl Replacement {
    /// One that will stand at this path: with these permissions, or with those of a new file.
    pub(super) fn new(
        path: &Path,
        kept: Option<Permissions>,
        access: Access,
    ) -> io::Result<Replacement> {
        let mut builder = Builder::new();
        builder.prefix(NAME.0).suffix(NAME.1);
        if let Some(permissions) = system::permissions(access) {
            builder.permissions(permissions);
        }
        let file = builder.tempfile_in(own::folder_of(path))?;
        if let Some(permissions) = kept {
            file.as_file().set_permissions(permissions)?;
        }
        Ok(Replacement {
            file,
            path: path.to_owned(),
        })
    }

    /// One that will take the place of this file, with its permissions.
    ///
    /// # Errors
    /// Fails where the folder takes no new file.
    pub fn of(path: &Path, file: &File) -> io::Result<Replacement> {
        let kept = file.metadata()?.permissions();
        Replacement::new(path, Some(kept), Access::Private)
    }

    /// The file, to read and write it.
    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Puts it in place once it is safe on disk. The folder is not synced.
    ///
    /// # Errors
    /// Fails where it can't be synced or renamed.
    pub fn put(self) -> io::Result<File> {
        self.file.as_file().sync_all()?;
        Ok(self.file.persist(&self.path)?)
    }
}
