//! Which file a name leads to.

use std::fs;
use std::path::Path;

use super::system;

/// What all names of one file have in common, and no two files at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileIdentity(system::Identity);

impl FileIdentity {
    /// The file at this path, at the end of links. `None` where there is none, and on systems that cannot tell, where an open
    /// file cannot be deleted either.
    pub fn of(path: &Path) -> Option<FileIdentity> {
        let data = fs::metadata(path).ok()?;
        system::identity(&data).map(FileIdentity)
    }
}
