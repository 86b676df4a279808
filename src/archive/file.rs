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

    /// Appends whole records, all or none of them, and gives the name of their file.
    pub(super) fn append(&mut self, members: &[u8]) -> Result<Option<Arc<str>>, ArchiveError> {
        if members.is_empty() {
            return Ok(None);
        }
        if self.current.is_none() {
            let begun = self.begin();
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

    /// Begins a file.
    fn begin(&mut self) -> io::Result<Current> {
        let at = Timestamp::now();
        let time = at.strftime("%Y%m%d%H%M%S");
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
        let info = self.warcinfo(&current.name, at.as_millisecond());
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

/// Files in the folder of which this host has not completed the writing, by the names that they will have.
fn left_open(settings: &ArchiveSettings) -> io::Result<Vec<PathBuf>> {
    let ending = format!("{}.warc.gz{OPEN}", settings.host);
    let mut left = Vec::new();
    for entry in fs::read_dir(&settings.folder)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        // `newsprint-TIME-SERIAL-HOST.warc.gz.open`; hyphens may stand in the host's name.
        let is_ours =
            name.starts_with("newsprint-") && name.splitn(4, '-').nth(3) == Some(ending.as_str());
        if is_ours {
            left.push(settings.folder.join(name.trim_end_matches(OPEN)));
        }
    }
    left.sort();
    Ok(left)
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
mod tests {
    use super::*;

    fn settings(folder: &Path) -> ArchiveSettings {
        ArchiveSettings {
            folder: folder.to_owned(),
            file_size: 2_000,
            host: "web-1".to_owned(),
            user_agent: "paper/1.0 (+https://paper.test/bot)".to_owned(),
            obeys_robots: true,
        }
    }

    fn member(text: &str) -> Vec<u8> {
        let mut member = Vec::new();
        Record::new("metadata", RecordId::new(), 0)
            .block("text/plain", [text.as_bytes(), &[]])
            .pack(&mut member);
        member
    }

    /// The names in a folder, without their times.
    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| {
                let name = entry.unwrap().file_name().into_string().unwrap();
                name["newsprint-20261127000000-".len()..].to_owned()
            })
            .collect();
        names.sort();
        names
    }

    fn members(folder: &Path) -> Vec<u64> {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        let count = |path: &PathBuf| {
            let mut file = File::open(path).unwrap();
            let (whole, members) = whole_members(&mut file).unwrap();
            assert_eq!(whole, file.metadata().unwrap().len());
            members
        };
        paths.iter().map(count).collect()
    }

    #[test]
    fn a_file_is_complete_at_its_size_and_at_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let mut files = Files::open(settings(dir.path())).unwrap();
        assert_eq!(names(dir.path()), [""; 0], "nothing was fetched");
        let large: String = (0..2_000_u32).map(|it| (it * it).to_string()).collect();
        for text in [large.as_str(), "small"] {
            files.append(&member(text)).unwrap();
            files.sync().unwrap();
        }
        let expected = ["00001-web-1.warc.gz", "00002-web-1.warc.gz.open"];
        assert_eq!(names(dir.path()), expected);
        files.finish().unwrap();
        let expected = ["00001-web-1.warc.gz", "00002-web-1.warc.gz"];
        assert_eq!(names(dir.path()), expected);
        assert_eq!(members(dir.path()), [2, 2]);
    }

    /// Everything but the end of the last record survives, wherever the process was killed.
    #[test]
    fn what_a_killed_process_left_is_cut_to_whole_records() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (member("one"), member("two"));
        let mut files = Files::open(settings(dir.path())).unwrap();
        files.append(&one).unwrap();
        files.append(&two).unwrap();
        let left = files.current.take().unwrap();
        drop(left.file);
        let open = open_name(&left.path);
        let whole = fs::read(&open).unwrap();
        fs::remove_file(&open).unwrap();
        let first = whole.len() - two.len();
        for torn in (0..whole.len()).step_by(7).chain([whole.len()]) {
            fs::write(&open, &whole[..torn]).unwrap();
            Files::open(settings(dir.path())).unwrap();
            let kept = fs::read(&left.path).unwrap_or_default();
            let expected = match torn {
                torn if torn == whole.len() => whole.len(),
                torn if torn >= first => first,
                _ => 0,
            };
            assert_eq!(kept.len(), expected, "{torn}");
            assert!(!open.exists());
            let _ = fs::remove_file(&left.path);
        }
        // Zeros stand where a file system had no time to write.
        fs::write(&open, [&whole[..first], &[0; 4096]].concat()).unwrap();
        Files::open(settings(dir.path())).unwrap();
        assert_eq!(fs::read(&left.path).unwrap(), whole[..first]);
    }

    #[test]
    fn a_file_that_another_process_is_writing_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let mut files = Files::open(settings(dir.path())).unwrap();
        files.append(&member("one")).unwrap();
        let mut second = Files::open(settings(dir.path())).unwrap();
        second.append(&member("two")).unwrap();
        files.append(&member("three")).unwrap();
        let left = |host: &str| {
            let settings = ArchiveSettings {
                host: host.to_owned(),
                ..settings(dir.path())
            };
            left_open(&settings).unwrap().len()
        };
        assert_eq!((left("web-1"), left("1"), left("web")), (2, 0, 0));
        files.finish().unwrap();
        second.finish().unwrap();
        let mut members = members(dir.path());
        members.sort_unstable();
        assert_eq!(members, [2, 3]);
    }

    #[test]
    fn the_operator_is_named_by_the_user_agent() {
        let url = "https://example.org/newsprint";
        assert_eq!(contact(&format!("newsprint/0.1 (+{url})")), Some(url));
        assert_eq!(contact("newsprint/0.1"), None);
    }
}
