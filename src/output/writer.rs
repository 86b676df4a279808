//! What a writer of a crawl's files must be able to do, and how it reports what is safe on disk.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::article::Article;

/// Writes records into files and reports what is safe on disk.
///
/// For each batch the caller asks [`Writer::appends_to`], looks up how far it knows these files to be
/// complete, and passes that to [`Writer::write`]. It then stores what [`Written`] says: records and mark
/// of one value in one transaction. A record that was never reported is handed over again, by the next
/// run if need be.
///
/// All methods block on the file system; call them off the async threads.
pub trait Writer: fmt::Debug + Send {
    /// The files that the batch will be appended to, with the length they have now (0 for a file that
    /// does not exist). The caller must store the length of a file it does not know before the first
    /// write, or a crash in between would write the batch twice. Empty where files are replaced whole.
    ///
    /// # Errors
    /// Fails where a file exists and its length cannot be read.
    fn appends_to(&self, batch: &[Record]) -> Result<Vec<Mark>, OutputError> {
        let _ = batch;
        Ok(Vec::new())
    }

    /// Takes a batch and returns what has become safe on disk: these records, earlier ones, or none
    /// yet. `marks` has the known length of every file of [`Writer::appends_to`]; what lies beyond it was
    /// never reported and is cut off.
    ///
    /// # Errors
    /// Fails where a file cannot be written. What was not reported is to be handed over again.
    fn write(&mut self, batch: &[Record], marks: &Marks) -> Result<Vec<Written>, OutputError>;

    /// Completes the files and returns what has become safe by that. Further batches may follow, and
    /// begin new files where a complete one cannot grow.
    ///
    /// # Errors
    /// Fails where a file cannot be completed.
    fn finish(&mut self) -> Result<Vec<Written>, OutputError> {
        Ok(Vec::new())
    }

    /// True where records are safe only after [`Writer::finish`], as in a format with a footer. Such a
    /// writer should get everything at the end of a run, not a little at a time.
    fn completes_at_finish(&self) -> bool {
        false
    }
}

/// A record to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The caller's number for it, by which it is reported as written.
    pub seq: i64,
    /// The record.
    pub article: Article,
}

/// How far a file is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The file.
    pub file: PathBuf,
    /// Its length in bytes.
    pub length: u64,
}

/// The known lengths of files, in bytes.
pub type Marks = BTreeMap<PathBuf, u64>;

/// Records that are safe on disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The numbers of the records.
    pub records: Vec<i64>,
    /// How long the file that they were appended to is now; `None` where they share no file.
    pub mark: Option<Mark>,
}

/// A file could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// The file system refused.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system reported.
        source: io::Error,
    },
    /// The disk is full.
    #[error("no room left on the disk of {}; free some and run again", path.display())]
    NoSpace {
        /// The file or folder.
        path: PathBuf,
    },
    /// The writer panicked, which is a bug.
    #[error("writing the files failed by a bug in newsprint; please report it")]
    Panicked,
}

impl OutputError {
    /// The error of writing `path`.
    pub fn new(source: io::Error, path: &Path) -> OutputError {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::StorageFull {
            OutputError::NoSpace { path }
        } else {
            OutputError::Write { path, source }
        }
    }
}
