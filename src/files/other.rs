//! What systems other than Unix know of files. They have no modes, no devices among files, and no links that
//! just anyone can make.

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::path::Path;

use super::{Access, Refusal};

/// Nothing that the standard library can give.
pub(super) type Identity = ();

pub(super) fn identity(_: &Metadata) -> Option<Identity> {
    None
}

pub(super) fn is_no_lock(_: &io::Error) -> bool {
    false
}

pub(super) fn names(_: &Metadata) -> u64 {
    1
}

pub(super) fn is_open_to_others(_: &Metadata) -> bool {
    false
}

pub(super) fn options(_: Access) -> OpenOptions {
    OpenOptions::new()
}

pub(super) fn permissions(_: Access) -> Option<Permissions> {
    None
}

pub(super) fn create_folder(path: &Path, _: Access) -> io::Result<()> {
    fs::create_dir_all(path)
}

pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn is_stream(_: &Metadata) -> Result<bool, Refusal> {
    Ok(false)
}

pub(super) fn names_descriptor(_: &Path) -> bool {
    false
}

pub(super) fn standard_stream(_: &Metadata) -> Option<File> {
    None
}

pub(super) fn open_stream(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).open(path)
}

pub(super) fn has_no_reader(_: &io::Error) -> bool {
    false
}

pub(super) fn make_blocking(_: &File) -> io::Result<()> {
    Ok(())
}

pub(super) fn is_database_open(_: &Path) -> bool {
    false
}

pub(super) fn lock_holder(_: &Metadata) -> Option<u32> {
    None
}

pub(super) fn check_link(_: &Path, _: &Metadata) -> io::Result<()> {
    Ok(())
}
