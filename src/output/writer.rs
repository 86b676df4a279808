//! The interface of a crawl's file writers, and how they report what is safe on disk.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::article::Article;

/// Writes records into files and reports what is safe on disk.
///
/// For each batch, the caller gets the files from [`Writer::appends_to`], looks up what is known of them,
/// stores that they are unfinished from now on, and passes what it knew to [`Writer::write`]. It then
/// stores each [`Written`], records and mark in one transaction, which finishes the file. A record that was never reported as written is passed to a writer again, if necessary by
/// the next run.
///
/// All methods block on the file system; do not call them on async threads.
pub trait Writer: fmt::Debug + Send {
    /// The files that the batch will be appended to, with their current lengths (0 for a file that does
    /// not exist) and the lines that will be written. Before it writes, the caller must store that they are
    /// unfinished, with these lines and with the length of those that it does not know, or a crash in between
    /// would write the batch twice. Empty if files are replaced as a whole.
    ///
    /// # Errors
    /// Fails if the length of an existing file cannot be read.
    fn appends_to(&self, batch: &[Record]) -> Result<Vec<Begun>, OutputError> {
        let _ = batch;
        Ok(Vec::new())
    }

    /// Writes a batch and returns what is now safe on disk: these records, earlier ones, or none yet.
    /// `marks` has what was known of every file in [`Writer::appends_to`], and for a writer that
    /// [completes at the end](Writer::completes_at_finish) also the files of which nothing was ever noted; what an unfinished one has beyond
    /// its length and looks like a record of the batch was never reported, and is replaced.
    ///
    /// A file that can't be written stops none of the others; [`Writer::finish`] reports it. A writer that
    /// [completes at the end](Writer::completes_at_finish) returns records from here where it has collected so much
    /// that it has completed all its files.
    ///
    /// # Errors
    /// Fails if nothing more can be written, as on a full disk. Records not reported must be written again.
    fn write(&mut self, batch: &[Record], marks: &Marks) -> Result<Vec<Written>, OutputError>;

    /// Completes the files. Further batches may follow; they begin new files if completed ones cannot grow.
    fn finish(&mut self) -> Finished {
        Finished::default()
    }

    /// True if records are safe only after [`Writer::finish`], as in a format with a footer. Such a writer
    /// should get all records at the end of a run instead of a few at a time.
    fn completes_at_finish(&self) -> bool {
        false
    }
}

/// A record to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The caller's number for the record, used to report it as written.
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

/// A file that is going to be appended to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The file.
    pub file: PathBuf,
    /// Its length in bytes by now.
    pub length: u64,
    /// The lines that will be written, in the writer's own terms. They are stored and given back in
    /// [`Known::lines`].
    pub lines: String,
}

/// What is known of a file that is appended to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Its length in bytes when it was last complete.
    pub length: u64,
    /// More was being written since, and nobody has reported that it is safe on disk: whoever wrote it may
    /// have been killed.
    pub unfinished: bool,
    /// The lines that were being written then, if that is known.
    pub lines: Option<String>,
}

/// What is known of files, by path.
pub type Marks = BTreeMap<PathBuf, Known>;

/// Records that are safe on disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The numbers of the records.
    pub records: Vec<i64>,
    /// The new length of the file they were appended to; `None` if each has a file of its own.
    pub mark: Option<Mark>,
    /// Someone else has changed that file since it was last complete. What they wrote is left.
    pub foreign: bool,
}

/// What became of the files in the end.
#[derive(Debug, Default)]
pub struct Finished {
    /// What is now safe on disk and was not reported before.
    pub written: Vec<Written>,
    /// The first file that could not be completed, or could not be written since the last end.
    pub failed: Option<OutputError>,
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
    /// Someone else writes into the folder.
    #[error(
        "another newsprint{} has been writing into {} for some time; run again when it has finished, or give \
         each store an output folder of its own",
        process.map(|it| format!(" (process {it})")).unwrap_or_default(),
        path.display()
    )]
    Held {
        /// The folder.
        path: PathBuf,
        /// The process, if the system tells.
        process: Option<u32>,
    },
    /// The writer panicked, which is a bug.
    #[error("writing the files failed by a bug in newsprint; please report it")]
    Panicked,
}

impl OutputError {
    /// True if trying to write another file is of no use.
    pub(super) fn is_final(&self) -> bool {
        !matches!(self, OutputError::Write { .. })
    }

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
