//! What Unix knows of files: modes, links, devices, and which name is which file.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;
use rustix::process::{Flock, FlockOffsetType, FlockType, fcntl_getlk, geteuid};

use super::{Access, Refusal};

/// A file, whatever its name: its file system and its number there.
pub(super) type Identity = (u64, u64);

pub(super) fn identity(data: &Metadata) -> Option<Identity> {
    Some((data.dev(), data.ino()))
}

/// True for `ENOLCK`.
pub(super) fn is_no_lock(error: &io::Error) -> bool {
    Errno::from_io_error(error) == Some(Errno::NOLCK)
}

/// How many names the file has.
pub(super) fn names(data: &Metadata) -> u64 {
    data.nlink()
}

/// True where the mode lets everyone read the file.
pub(super) fn is_open_to_others(data: &Metadata) -> bool {
    data.mode() & 0o004 != 0
}

/// Options with the mode of new files. What is opened is neither a link nor waited for.
pub(super) fn options(access: Access) -> OpenOptions {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options
        .mode(access.file_mode())
        .custom_flags(flags.bits().cast_signed());
    options
}

pub(super) fn permissions(access: Access) -> Option<Permissions> {
    Some(Permissions::from_mode(access.file_mode()))
}

pub(super) fn create_folder(path: &Path, access: Access) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(access.folder_mode())
        .create(path)
}

/// Syncs the names in a folder. Some file systems have no such thing.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    match File::open(path)?.sync_all() {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        synced => synced,
    }
}

/// True for a FIFO or a character device: what is written to and never replaced.
pub(super) fn is_stream(data: &Metadata) -> Result<bool, Refusal> {
    let kind = data.file_type();
    if kind.is_socket() {
        return Err(Refusal::Socket);
    }
    if kind.is_block_device() {
        return Err(Refusal::BlockDevice);
    }
    Ok(kind.is_fifo() || kind.is_char_device())
}

/// True where this is a name for something that the process has open already, such as `/dev/stdout`.
pub(super) fn names_descriptor(path: &Path) -> bool {
    path.starts_with("/proc") || path.starts_with("/dev/fd")
}

/// Standard output or standard error, if this is one of them: what is written to a second opening of the
/// same file and what is written to the first would overwrite each other.
pub(super) fn standard_stream(data: &Metadata) -> Option<File> {
    let same = |file: File| {
        let own = file.metadata().ok()?;
        (identity(&own) == identity(data)).then_some(file)
    };
    let copy = |fd: io::Result<std::os::fd::OwnedFd>| fd.ok().map(File::from);
    let stdout = copy(io::stdout().as_fd().try_clone_to_owned()).and_then(same);
    stdout.or_else(|| copy(io::stderr().as_fd().try_clone_to_owned()).and_then(same))
}

/// Opens a FIFO or a device to write, without waiting for a reader.
pub(super) fn open_stream(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    OpenOptions::new()
        .append(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

/// True if a FIFO could not be opened because nobody reads from it.
pub(super) fn has_no_reader(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::NXIO.raw_os_error())
}

/// From now on, writing to this waits for its reader.
pub(super) fn make_blocking(file: &File) -> io::Result<()> {
    let flags = fcntl_getfl(file)?;
    fcntl_setfl(file, flags - OFlags::NONBLOCK)?;
    Ok(())
}

/// True if another process has the SQLite database in this file open: it holds a lock on some of the bytes that
/// SQLite locks (<https://sqlite.org/src/file/src/os.h>), as it does as long as a database with a log is open.
pub(super) fn is_database_open(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    let all = Flock {
        start: 0x4000_0000,
        length: 512,
        pid: None,
        typ: FlockType::WriteLock,
        offset_type: FlockOffsetType::Set,
    };
    matches!(fcntl_getlk(&file, &all), Ok(Some(_)))
}

/// Who has a lock on this file, by Linux's list of locks: `1: FLOCK  ADVISORY  WRITE 708 08:02:1574 0 EOF`.
pub(super) fn lock_holder(data: &Metadata) -> Option<u32> {
    let number = format!(":{}", data.ino());
    let locks = fs::read_to_string("/proc/locks").ok()?;
    let mut lines = locks
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let line = lines.find(|it| {
        it.get(1) == Some(&"FLOCK") && it.get(5).is_some_and(|it| it.ends_with(&number))
    })?;
    line.get(4)?.parse().ok()
}

/// Refuses a link that someone else may have planted, by the kernel's rule for shared folders
/// (`fs.protected_symlinks`): everyone may write in its folder, and it belongs neither to us, nor to the
/// folder's owner, nor to root.
pub(super) fn check_link(path: &Path, link: &Metadata) -> io::Result<()> {
    if link.uid() == 0 || link.uid() == geteuid().as_raw() {
        return Ok(());
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = fs::metadata(folder)?;
    if folder.mode() & 0o002 != 0 && folder.uid() != link.uid() {
        return Err(Refusal::ForeignLink.into());
    }
    Ok(())
}
