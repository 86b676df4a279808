//! Saved pages: HTML files, folders, gzip, WARC files, standard input. Pages are found one by one and read
//! separately, so that several threads can read; a maximum size bounds each page.

mod counts;
mod error;
mod files;
mod warc;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;

use self::counts::Counters;
use self::error::describe;
use crate::limits::Limits;

pub use self::counts::ReadCounts;
pub use self::error::{InputError, InputErrorKind};
pub use self::files::{FileFinder, InputFile, files};
#[cfg(feature = "crawl")]
pub(crate) use self::warc::base32;
pub use crate::page::{PageFault, SavedPage};

/// True if the path may contain more than one page. Of standard input, the first bytes are looked at.
pub fn is_several(path: &Path) -> bool {
    path.is_dir() || is_archive(path)
}

/// True for a WARC file, going by its name; standard input is one if it begins like one.
pub fn is_archive(path: &Path) -> bool {
    if path == Path::new("-") {
        return stdin_is_archive();
    }
    files::has_archive_name(path)
}

/// Reads the pages of these paths in order, and folders recursively by name. Each page is read when the
/// iterator reaches it.
pub fn pages(
    paths: Vec<PathBuf>,
    max_bytes: u64,
) -> impl Iterator<Item = Result<SavedPage, InputError>> + Send {
    find(paths, max_bytes).map(FoundPage::read)
}

/// Finds the pages of these paths without reading them.
pub fn find(paths: Vec<PathBuf>, max_bytes: u64) -> PageFinder {
    PageFinder {
        files: files(paths),
        max_bytes,
        record_bytes: Limits::default().warc_record_bytes,
        without_archives: false,
        archive: None,
        counters: Arc::default(),
    }
}

/// Reads the pages of a WARC file from any reader, compressed or not; `name` is what messages and the pages call it.
///
/// # Errors
/// Never fails at once: that the archive can't be read, or is damaged, is an error among the pages.
pub fn warc<R: Read + Send + 'static>(
    name: &str,
    reader: R,
    max_bytes: u64,
    limits: &Limits,
) -> io::Result<impl Iterator<Item = Result<SavedPage, InputError>> + Send + use<R>> {
    let (reader, counters) = (Box::new(reader), Arc::default());
    let record_bytes = limits.warc_record_bytes;
    let records = warc::Records::new(name.to_owned(), reader, record_bytes, counters);
    Ok(records.map(move |record| record.and_then(|it| it.read(max_bytes))))
}

/// A page that was found.
#[derive(Debug)]
pub struct FoundPage {
    max_bytes: u64,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// A file that is still to be read.
    File(PathBuf),
    /// A record of an archive, which one thread reads from beginning to end.
    Record(Box<warc::Record>),
    /// What could not be read.
    Fault(InputError),
}

impl FoundPage {
    /// Reads the page, if it has not been read yet, and decodes it.
    ///
    /// # Errors
    /// Fails if the file cannot be read, or if the page is larger than the maximum, damaged or not HTML.
    pub fn read(self) -> Result<SavedPage, InputError> {
        match self.content {
            Content::File(path) => read_page(&path, self.max_bytes),
            Content::Record(record) => record.read(self.max_bytes),
            Content::Fault(error) => Err(error),
        }
    }
}

/// Finds pages one at a time.
#[derive(Debug)]
pub struct PageFinder {
    files: FileFinder,
    max_bytes: u64,
    record_bytes: usize,
    without_archives: bool,
    archive: Option<warc::Records>,
    counters: Arc<Counters>,
}

/// Reports how much of the archives was read, while they are being read.
#[derive(Debug, Clone)]
pub struct ReadMeter(Arc<Counters>);

impl ReadMeter {
    /// What was read so far.
    pub fn counts(&self) -> ReadCounts {
        self.0.now()
    }
}

impl Iterator for PageFinder {
    type Item = FoundPage;

    fn next(&mut self) -> Option<Self::Item> {
        let max_bytes = self.max_bytes;
        let found = |content| Some(FoundPage { max_bytes, content });
        loop {
            if let Some(records) = &mut self.archive {
                match records.next() {
                    Some(Ok(record)) => return found(Content::Record(Box::new(record))),
                    Some(Err(error)) => return found(Content::Fault(error)),
                    None => self.archive = None,
                }
            }
            let path = match self.files.next()? {
                Ok(file) => file.path,
                Err(error) => return found(Content::Fault(error)),
            };
            if !is_archive(&path) {
                return found(Content::File(path));
            }
            if self.without_archives {
                continue;
            }
            match open_raw(&path) {
                Ok(reader) => self.archive = Some(self.records(&path, reader)),
                Err(error) => return found(Content::Fault(describe(&path, &error))),
            }
        }
    }
}

impl PageFinder {
    /// Bounds the records of WARC files by these limits instead of the default ones.
    #[must_use]
    pub fn with_limits(self, limits: &Limits) -> PageFinder {
        PageFinder {
            record_bytes: limits.warc_record_bytes,
            ..self
        }
    }

    /// Passes over WARC files.
    #[must_use]
    pub fn without_archives(self) -> PageFinder {
        PageFinder {
            without_archives: true,
            ..self
        }
    }

    /// Counts with this meter what is read of archives.
    #[must_use]
    pub fn with_meter(self, meter: &ReadMeter) -> PageFinder {
        PageFinder {
            counters: Arc::clone(&meter.0),
            ..self
        }
    }

    /// What counts what is read of archives.
    pub fn meter(&self) -> ReadMeter {
        ReadMeter(Arc::clone(&self.counters))
    }

    fn records(&self, path: &Path, reader: Box<dyn Read + Send>) -> warc::Records {
        let name = path.display().to_string();
        warc::Records::new(name, reader, self.record_bytes, Arc::clone(&self.counters))
    }
}

fn read_page(path: &Path, max_bytes: u64) -> Result<SavedPage, InputError> {
    let mut bytes = Vec::new();
    let opened = open_raw(path).and_then(unzipped);
    let read = opened.and_then(|it| it.take(max_bytes + 1).read_to_end(&mut bytes));
    // Of a truncated gzip file, the part before the end is used.
    if let (Err(error), true) = (read, bytes.is_empty()) {
        return Err(describe(path, &error));
    }
    let name = path.display().to_string();
    if bytes.len() as u64 > max_bytes {
        return Err(InputError::too_large(name, max_bytes));
    }
    Ok(SavedPage {
        name,
        bytes,
        ..SavedPage::default()
    })
}

/// Opens a file, or standard input for `-`.
fn open_raw(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    Ok(if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path)?)
    })
}

/// Decompresses gzip, detected by its first bytes.
fn unzipped(reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut reader = BufReader::new(reader);
    let mut head = Vec::new();
    reader.by_ref().take(2).read_to_end(&mut head)?;
    let zipped = head == [0x1f, 0x8b];
    let whole = io::Cursor::new(head).chain(reader);
    Ok(if zipped {
        Box::new(BufReader::new(MultiGzDecoder::new(whole)))
    } else {
        Box::new(whole)
    })
}

/// True if standard input begins like a WARC file. Nothing of it is taken.
fn stdin_is_archive() -> bool {
    use std::io::BufRead;
    let mut stdin = io::stdin().lock();
    stdin.fill_buf().is_ok_and(warc::begins_archive)
}

#[cfg(test)]
mod tests;
