//! The files of the archive: named as other crawlers name them, completed at a certain size, and complete only once
//! they have their name. While a file is written, its name ends with `.open`. A killed process leaves such a file:
//! whoever opens the archive next cuts off the record that is torn, and completes it.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::bufread::GzDecoder;
use jiff::Timestamp;

use crate::archive::exchange::fields_block;
use crate::archive::record::{Record, RecordId};
use crate::archive::{ArchiveError, ArchiveSettings};
use crate::files::{self, Access};

const OPEN: &str = ".open";
/// A file of so many records holds nothing but what it says of itself.
const EMPTY: u64 = 1;

/// The files of one process.
#[derive(Debug)]
pub(super) struct Files {
    settings: ArchiveSettings,
    current: Option<Current>,
    /// Files so far.
    serial: u32,
}

/// The file that is being written.
#[derive(Debug)]
struct Current {
    file: File,
    path: PathBuf,
    name: Arc<str>,
    length: u64,
}

impl Files {
    /// Creates the folder where it is missing, and completes what killed processes left in it.
    pub(super) fn open(settings: ArchiveSettings) -> Result<Files, ArchiveError> {
        let folder = &settings.folder;
        files::create_folder(folder, Access::Group)
            .map_err(|error| ArchiveError::new(error, folder))?;
        let left = left_open(&settings).map_err(|error| ArchiveError::new(error, folder))?;
        for path in left {
            complete_left(&path).map_err(|error| ArchiveError::new(error, &path))?;
        }
        Ok(Files {
            settings,
            current: None,
            serial: 0,
        })
    }

    /// Appends whole records, all or none of them, and gives the name of their file. That is named after the time of its
    /// first record: what refers to a file that was taken away never means one that was begun since.
    pub(super) fn append(
        &mut self,
        members: &[u8],
        at: i64,
    ) -> Result<Option<Arc<str>>, ArchiveError> {
        if members.is_empty() {
            return Ok(None);
        }
        if self.current.is_none() {
            let begun = self.begin(at);
            self.current =
                Some(begun.map_err(|error| ArchiveError::new(error, &self.settings.folder))?);
        }
        match &mut self.current {
            Some(current) => current.append(members).map(Some),
            None => Ok(None),
        }
    }

    /// Makes safe on disk what was appended, and completes the file where it is large enough.
    pub(super) fn sync(&mut self) -> Result<(), ArchiveError> {
        let Some(current) = &self.current else {
            return Ok(());
        };
        if current.length >= self.settings.file_size {
            return self.finish();
        }
        let synced = current.file.sync_data();
        synced.map_err(|error| ArchiveError::new(error, &current.path))
    }

    /// Completes the file.
    pub(super) fn finish(&mut self) -> Result<(), ArchiveError> {
        let Some(Current { file, path, .. }) = self.current.take() else {
            return Ok(());
        };
        complete(&file, &path).map_err(|error| ArchiveError::new(error, &path))
    }

    /// Begins a file at this time, in unix milliseconds.
    fn begin(&mut self, at: i64) -> io::Result<Current> {
        let time = Timestamp::from_millisecond(at).unwrap_or_default();
        let time = time.strftime("%Y%m%d%H%M%S");
        let host = &self.settings.host;
        let (file, path, name) = loop {
            self.serial += 1;
            let name = format!("newsprint-{time}-{:05}-{host}.warc.gz", self.serial);
            let path = self.settings.folder.join(&name);
            if path.exists() {
                continue;
            }
            match files::create_new(&open_name(&path), Access::Group) {
                Ok(file) => break (file, path, name),
                // Of another crawl on this machine.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        };
        // Where nothing can be locked, nobody takes the file for one that was left.
        let _ = file.try_lock();
        files::sync_folder(&self.settings.folder)?;
        let mut current = Current {
            file,
            path,
            name: name.into(),
            length: 0,
        };
        let info = self.warcinfo(&current.name, at);
        current.file.write_all(&info)?;
        current.length = info.len() as u64;
        Ok(current)
    }

    /// What a file says of itself and of the crawler.
    fn warcinfo(&self, name: &str, at: i64) -> Vec<u8> {
        let settings = &self.settings;
        let robots = if settings.obeys_robots {
            "obey"
        } else {
            "ignore"
        };
        let block = fields_block(&[
            (
                "software",
                Some(concat!("newsprint/", env!("CARGO_PKG_VERSION"))),
            ),
            ("format", Some("WARC File Format 1.1")),
            (
                "conformsTo",
                Some(
                    "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
                ),
            ),
            ("hostname", Some(&settings.host)),
            ("http-header-user-agent", Some(&settings.user_agent)),
            ("operator", contact(&settings.user_agent)),
            ("robots", Some(robots)),
        ]);
        let mut member = Vec::new();
        Record::new("warcinfo", RecordId::new(), at)
            .header("WARC-Filename", name)
            .block("application/warc-fields", [block.as_bytes(), &[]])
            .pack(&mut member);
        member
    }
}

impl Current {
    fn append(&mut self, members: &[u8]) -> Result<Arc<str>, ArchiveError> {
        if let Err(error) = self.file.write_all(members) {
            // A full disk takes part of a record.
            let cut = self.file.set_len(self.length);
            let _ = cut.and_then(|()| self.file.seek(SeekFrom::Start(self.length)));
            return Err(ArchiveError::new(error, &self.path));
        }
        self.length += members.len() as u64;
        Ok(Arc::clone(&self.name))
    }
}

/// The address in a user agent at which the operator can be reached: `name/1.0 (+https://example.org/bot)`.
fn contact(user_agent: &str) -> Option<&str> {
    let (_, contact) = user_agent.split_once("(+")?;
    contact.split([')', ';', ' ']).next()
}

/// True if the folder has a file of this name, complete or not.
pub(super) fn is_here(folder: &Path, name: &str) -> bool {
    let path = folder.join(name);
    path.is_file() || open_name(&path).is_file()
}

fn open_name(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(OPEN);
    name.into()
}

/// Files in the folder that this host, or another worker of its machine, has not completed, by the names that they will
/// have. Other machines may be writing theirs, and not every file system that several share keeps their locks.
fn left_open(settings: &ArchiveSettings) -> io::Result<Vec<PathBuf>> {
    let ending = format!(".warc.gz{OPEN}");
    let mut left = Vec::new();
    for entry in fs::read_dir(&settings.folder)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        // `newsprint-TIME-SERIAL-HOST.warc.gz.open`; hyphens may stand in the host's name.
        let host = name.strip_prefix("newsprint-");
        let host = host.and_then(|it| it.splitn(3, '-').nth(2)?.strip_suffix(&ending));
        if host.is_some_and(|host| is_ours(host, settings)) {
            left.push(settings.folder.join(name.trim_end_matches(OPEN)));
        }
    }
    left.sort();
    Ok(left)
}

/// True for this host, and for the names that the workers of its machine get: `host`, `host-2`, `host-3`…
fn is_ours(host: &str, settings: &ArchiveSettings) -> bool {
    let number = host.strip_prefix(&settings.machine);
    let is_number = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    let is_of_machine = |it: &str| it.is_empty() || it.strip_prefix('-').is_some_and(is_number);
    host == settings.host || number.is_some_and(is_of_machine)
}

/// Completes a file that a killed process left: what is whole in it stays. One that another process is writing is
/// left to that.
fn complete_left(path: &Path) -> io::Result<()> {
    let open = open_name(path);
    let mut file = files::open_own(&open, Access::Group)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => {
            tracing::warn!(
                "{} is left as it is, as it cannot be locked: {error}",
                open.display()
            );
            return Ok(());
        }
    }
    let length = file.metadata()?.len();
    let (whole, records) = whole_members(&mut file)?;
    if records <= EMPTY {
        return fs::remove_file(&open);
    }
    file.set_len(whole)?;
    tracing::info!(
        "completed {}, which a crawl left when it was killed; {} bytes of a torn record were cut off",
        path.display(),
        length.saturating_sub(whole)
    );
    complete(&file, path)
}

/// The bytes at the beginning of a file that are whole gzip members, and how many these are.
fn whole_members(file: &mut File) -> io::Result<(u64, u64)> {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let (mut whole, mut members) = (0, 0);
    while !reader.fill_buf()?.is_empty() {
        let read = io::copy(&mut GzDecoder::new(&mut reader), &mut io::sink());
        match read {
            Ok(_) => {}
            Err(error) if matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof) => {
                break;
            }
            Err(error) => return Err(error),
        }
        whole = reader.stream_position()?;
        members += 1;
    }
    Ok((whole, members))
}

/// Gives a file the name of a complete one, once it is safe on disk.
fn complete(file: &File, path: &Path) -> io::Result<()> {
    file.sync_all()?;
    fs::rename(open_name(path), path)?;
    files::sync_folder(path.parent().unwrap_or(path))
}

#[cfg(test)]
mod tests;
