//! Files that the user names: regular ones, FIFOs and devices, also by links.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::own::folder_of;
use super::{Access, Refusal, create_new, sync_folder, system};

/// How long a FIFO may have no reader, where its whole content is at hand…
const READER: Duration = Duration::from_secs(2);
/// …and where a reader is to be started by hand.
const STREAM_READER: Duration = Duration::from_secs(30);
/// How long the reader may take nothing.
const STALLED: Duration = Duration::from_secs(10);
/// Time between two tries.
const PAUSE: Duration = Duration::from_millis(20);
/// Links that may lead to a file; Linux has the same bound.
const LINKS: usize = 40;

/// What stands at a name.
enum Destination {
    /// A regular file, by its own name.
    File(PathBuf),
    /// Nothing yet; its own name.
    New(PathBuf),
    /// A FIFO, a character device, or something that is open already.
    Stream(File),
}

/// The file that a name leads to through links, which need not exist.
///
/// # Errors
/// Fails where links lead in a circle, a folder on the way is missing, or another user may have planted a link.
pub fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..=LINKS {
        let data = match fs::symlink_metadata(&path) {
            Ok(data) => data,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return in_real_folder(&path);
            }
            Err(error) => return Err(error),
        };
        if !data.is_symlink() {
            return in_real_folder(&path);
        }
        system::check_link(&path, &data)?;
        if system::names_descriptor(&path) {
            return Ok(path);
        }
        path = folder_of(&path).join(fs::read_link(&path)?);
    }
    Err(Refusal::Circle.into())
}

fn in_real_folder(path: &Path) -> io::Result<PathBuf> {
    match path.file_name() {
        Some(name) => Ok(fs::canonicalize(folder_of(path))?.join(name)),
        None => fs::canonicalize(path),
    }
}

/// Replaces what a user names: a regular file as a whole, at the place to which links lead; a FIFO or a device
/// gets the bytes. Waits no longer than some seconds for the reader of a FIFO.
///
/// # Errors
/// Fails where it can't be written, and where a folder, a socket or a block device has the name.
pub fn write(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    match destination(path, READER)? {
        Destination::File(path) => replace_file(&path, bytes, access),
        Destination::New(path) => put(&path, bytes, access),
        Destination::Stream(stream) => write_stream(stream, bytes),
    }
}

/// Opens what a user names to write it piece by piece: a regular file from its beginning, at the place to which
/// links lead; a FIFO once it has a reader, for which this waits half a minute at most; a device.
///
/// # Errors
/// Fails where it can't be written, and where a folder, a socket or a block device has the name.
pub fn create(path: &Path, access: Access) -> io::Result<File> {
    match destination(path, STREAM_READER)? {
        Destination::File(path) => in_place(&path, access),
        Destination::New(path) => match create_new(&path, access) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => in_place(&path, access),
            created => created,
        },
        Destination::Stream(stream) => {
            system::make_blocking(&stream)?;
            Ok(stream)
        }
    }
}

fn destination(path: &Path, wait: Duration) -> io::Result<Destination> {
    let data = match fs::metadata(path) {
        Ok(data) => data,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return resolve(path).map(Destination::New);
        }
        Err(error) => return Err(error),
    };
    if data.is_dir() {
        return Err(Refusal::Folder.into());
    }
    let target = resolve(path)?;
    if system::names_descriptor(&target) {
        if let Some(stream) = system::standard_stream(&data) {
            return Ok(Destination::Stream(stream));
        }
    } else if !system::is_stream(&data)? {
        return Ok(Destination::File(target));
    }
    open_stream(path, wait).map(Destination::Stream)
}

/// Opens a stream; a FIFO once it has a reader.
fn open_stream(path: &Path, wait: Duration) -> io::Result<File> {
    let end = Instant::now() + wait;
    loop {
        match system::open_stream(path) {
            Err(error) if system::has_no_reader(&error) => {
                if Instant::now() >= end {
                    return Err(Refusal::NoReader.into());
                }
                thread::sleep(PAUSE);
            }
            opened => return opened,
        }
    }
}

/// Writes all bytes to a stream that does not wait by itself.
fn write_stream(mut stream: File, mut bytes: &[u8]) -> io::Result<()> {
    let mut end = Instant::now() + STALLED;
    while !bytes.is_empty() {
        match stream.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                bytes = &bytes[written..];
                end = Instant::now() + STALLED;
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if Instant::now() >= end {
                    return Err(Refusal::Stalled.into());
                }
                thread::sleep(PAUSE);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Replaces a regular file. Where its folder takes no new files, as for one that alone is mounted into a
/// container, it is written in place.
fn replace_file(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    match put(path, bytes, access) {
        Err(error)
            if matches!(
                error.kind(),
                CrossesDevices | PermissionDenied | ReadOnlyFilesystem | ResourceBusy
            ) =>
        {
            let mut file = in_place(path, access).map_err(|_| error)?;
            file.write_all(bytes)?;
            file.sync_all()
        }
        done => done,
    }
}

fn put(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    super::replace(path, bytes, access)?;
    sync_folder(folder_of(path))
}

/// Opens an existing regular file and empties it.
fn in_place(path: &Path, access: Access) -> io::Result<File> {
    let mut options = system::options(access);
    let file = options.write(true).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(Refusal::NotAFile.into());
    }
    file.set_len(0)?;
    Ok(file)
}
