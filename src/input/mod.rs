//! Saved pages: HTML files, folders, gzip, WARC files, standard input. Pages are found one by one and read
//! separately, so that several threads can read; a maximum size bounds each page.

mod warc;

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::limits::Limits;

pub use crate::page::SavedPage;

/// Maximum nesting of folders.
const MAX_DEPTH: usize = 64;

/// A path that could not be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
#[error("{name}: {reason}")]
pub struct InputError {
    /// The path as passed in or found.
    pub name: String,
    /// What went wrong.
    pub reason: String,
}

/// True if the path may contain more than one page.
pub fn is_several(path: &Path) -> bool {
    path.is_dir() || is_warc(path)
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
    let stack = paths.into_iter().rev().map(|path| (path, 0)).collect();
    PageFinder {
        stack,
        max_bytes,
        warc_record_bytes: Limits::default().warc_record_bytes,
        warc: None,
    }
}

/// Reads the pages of a WARC file from any reader, which may be gzip or not; `name` is what messages and
/// the pages call it.
///
/// # Errors
/// Fails if the first bytes cannot be read. What is damaged later is an error among the pages.
pub fn warc<R: Read + Send + 'static>(
    name: &str,
    reader: R,
    max_bytes: u64,
    limits: &Limits,
) -> io::Result<impl Iterator<Item = Result<SavedPage, InputError>> + Send + use<R>> {
    let reader = unzipped(reader)?;
    let path = Path::new(name);
    Ok(warc::Records::new(
        path,
        reader,
        max_bytes,
        limits.warc_record_bytes,
    ))
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
    /// A page from a file with several, which is read sequentially; or an error.
    Read(Result<SavedPage, InputError>),
}

impl FoundPage {
    /// Reads the page, if it has not been read yet.
    ///
    /// # Errors
    /// Fails if the file cannot be read or is larger than the maximum.
    pub fn read(self) -> Result<SavedPage, InputError> {
        match self.content {
            Content::File(path) => {
                read_page(&path, self.max_bytes).map_err(|error| describe(&path, &error))
            }
            Content::Read(page) => page,
        }
    }
}

/// Finds pages one at a time.
#[derive(Debug)]
pub struct PageFinder {
    stack: Vec<(PathBuf, usize)>,
    max_bytes: u64,
    warc_record_bytes: usize,
    warc: Option<warc::Records>,
}

impl Iterator for PageFinder {
    type Item = FoundPage;

    fn next(&mut self) -> Option<Self::Item> {
        let (max_bytes, record_bytes) = (self.max_bytes, self.warc_record_bytes);
        let found = |content| Some(FoundPage { max_bytes, content });
        loop {
            if let Some(records) = &mut self.warc {
                match records.next() {
                    Some(page) => return found(Content::Read(page)),
                    None => self.warc = None,
                }
            }
            let (path, depth) = self.stack.pop()?;
            let opened = if path.is_dir() {
                self.push_folder(&path, depth)
            } else if is_warc(&path) {
                open(&path).map(|reader| {
                    self.warc = Some(warc::Records::new(&path, reader, max_bytes, record_bytes));
                })
            } else {
                return found(Content::File(path));
            };
            if let Err(error) = opened {
                return found(Content::Read(Err(describe(&path, &error))));
            }
        }
    }
}

impl PageFinder {
    /// Bounds the records of WARC files by these limits instead of the default ones.
    #[must_use]
    pub fn with_limits(self, limits: &Limits) -> PageFinder {
        PageFinder {
            warc_record_bytes: limits.warc_record_bytes,
            ..self
        }
    }

    /// Puts a folder's pages and folders on the stack, in reverse order of names.
    fn push_folder(&mut self, path: &Path, depth: usize) -> io::Result<()> {
        if depth >= MAX_DEPTH {
            return Err(io::Error::other("folders are nested too deeply"));
        }
        let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.file_name()));
        for entry in entries {
            // Links to folders are not followed, because they may form a cycle; links to files are.
            let is_folder = entry.file_type()?.is_dir();
            let path = entry.path();
            if is_folder || (is_page(&path) && path.is_file()) {
                self.stack.push((path, depth + 1));
            }
        }
        Ok(())
    }
}

/// True for the extensions that are read in a folder.
fn is_page(path: &Path) -> bool {
    let name = path.to_string_lossy().to_ascii_lowercase();
    [".html", ".htm", ".xhtml", ".gz", ".warc"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

fn is_warc(path: &Path) -> bool {
    let name = path.to_string_lossy().to_ascii_lowercase();
    name.ends_with(".warc") || name.ends_with(".warc.gz")
}

fn read_page(path: &Path, max_bytes: u64) -> io::Result<SavedPage> {
    let mut bytes = Vec::new();
    let read = open(path)?.take(max_bytes + 1).read_to_end(&mut bytes);
    // Of a truncated gzip file, the part before the end is used.
    if let (Err(error), true) = (read, bytes.is_empty()) {
        return Err(error);
    }
    if bytes.len() as u64 > max_bytes {
        return Err(io::Error::other(format!("larger than {max_bytes} bytes")));
    }
    Ok(SavedPage {
        name: path.display().to_string(),
        bytes,
        ..SavedPage::default()
    })
}

/// Opens a file, or standard input for `-`, and decompresses it.
fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    if path == Path::new("-") {
        unzipped(io::stdin())
    } else {
        unzipped(BufReader::new(File::open(path)?))
    }
}

/// Decompresses gzip, detected by its first bytes.
fn unzipped(mut reader: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
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

fn describe(path: &Path, error: &io::Error) -> InputError {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => format!("cannot read it: {error}"),
    };
    InputError {
        name: path.display().to_string(),
        reason,
    }
}

#[cfg(test)]
mod tests;
