//! Files whose names newsprint makes up: regular files of its own, or nothing.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use super::{Access, Refusal, Replacement, system};

/// Creates a folder and those above it. A link to a folder is as good, unless another user may have planted it.
///
/// # Errors
/// Fails where a folder can't be created, or something else has the name.
pub fn create_folder(path: &Path, access: Access) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(data) if data.is_symlink() => system::check_link(path, &data)?,
        Ok(data) if data.is_dir() => return Ok(()),
        _ => {}
    }
    if path.is_dir() {
        return Ok(());
    }
    system::create_folder(path, access)?;
    sync_folder(folder_of(path))
}

/// Creates a file that does not exist.
///
/// # Errors
/// Fails with [`io::ErrorKind::AlreadyExists`] where anything has the name, be it a link that leads nowhere.
pub fn create_new(path: &Path, access: Access) -> io::Result<File> {
    let mut options = system::options(access);
    options.read(true).write(true).create_new(true).open(path)
}

/// Opens a regular file to read and write it, or creates one.
///
/// # Errors
/// Fails where something else has the name, such as a link.
pub fn open_own(path: &Path, access: Access) -> io::Result<File> {
    let mut options = system::options(access);
    options.read(true).write(true);
    let opened = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match create_new(path, access) {
                Ok(file) => {
                    sync_folder(folder_of(path))?;
                    return Ok(file);
                }
                // Someone was faster.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.open(path),
                failed => failed,
            }
        }
        opened => opened,
    };
    match opened {
        Ok(file) if file.metadata()?.is_file() => Ok(file),
        Ok(_) => Err(Refusal::NotAFile.into()),
        Err(error) => Err(refusal(path).map_or(error, io::Error::from)),
    }
}

/// Why a name can't be that of a regular file, where that is why.
fn refusal(path: &Path) -> Option<Refusal> {
    let data = fs::symlink_metadata(path).ok()?;
    if data.is_symlink() {
        Some(Refusal::Link)
    } else if data.is_file() {
        None
    } else {
        Some(Refusal::NotAFile)
    }
}

/// The file to write, if others have a name for it too, as a backup made of hard links has: a copy that takes
/// its place, so that what they have stays as it is.
///
/// # Errors
/// Fails where the copy can't be written.
pub fn own_copy(path: &Path, mut file: File) -> io::Result<File> {
    let data = file.metadata()?;
    if system::names(&data) < 2 {
        return Ok(file);
    }
    let mut copy = Replacement::of(path, &file)?;
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut file, copy.file())?;
    let file = copy.put()?;
    sync_folder(folder_of(path))?;
    Ok(file)
}

/// Replaces a regular file, or creates it: the bytes are safe on disk before they have the name, and no reader
/// sees a part of them. A link that has the name is replaced and not followed. The folder is not synced.
///
/// # Errors
/// Fails where the file can't be written, or where a folder, a device or a FIFO has the name.
pub fn replace(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    let mut new = replacement(path, access)?;
    new.file().write_all(bytes)?;
    new.put()?;
    Ok(())
}

/// A new file, to be written piece by piece, that replaces a regular file or creates it as [`replace`] does.
///
/// # Errors
/// Fails where the folder takes no new file, or where a folder, a device or a FIFO has the name.
pub fn replacement(path: &Path, access: Access) -> io::Result<Replacement> {
    let kept = match fs::symlink_metadata(path) {
        Ok(data) if data.is_file() => Some(data.permissions()),
        Ok(data) if !data.is_symlink() => return Err(Refusal::NotAFile.into()),
        _ => None,
    };
    Replacement::new(path, kept, access)
}

/// Makes the names of new and replaced files in a folder safe on disk.
///
/// # Errors
/// Fails where the system can't do that.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    let here = path.as_os_str().is_empty();
    system::sync_folder(if here { Path::new(".") } else { path })
}

pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
