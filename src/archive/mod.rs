//! The archive: what a crawl fetched, as it went over the wire, in WARC 1.1 files (ISO 28500:2017). One thread
//! writes for all visits; whoever hands it records waits until they are in the file, or safe on disk. It knows
//! nothing of the store: a caller that commits a visit after its records are safe has all in the archive that its
//! store reports.
//!
//! `record` makes records, `exchange` decides what they say, `file` puts them into files.

mod exchange;
mod file;
mod known;
mod record;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

pub(crate) use exchange::{Captured, VisitEnd, capture};
use file::Files;
pub(crate) use known::{KnownPayload, KnownPayloads};

/// Callers that may wait for the thread to look at what they have; each waits for one answer at a time.
const WAITING: usize = 256;

/// What an archive is, and what its files say of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveSettings {
    /// The folder of the files.
    pub folder: PathBuf,
    /// A file that has reached this many bytes is completed, and the next one begun.
    pub file_size: u64,
    /// The machine, or the worker, whose files they are; it stands in their names.
    pub host: String,
    /// The machine, by whose name workers are called that are given none.
    pub machine: String,
    /// How the crawler calls itself.
    pub user_agent: String,
    /// It keeps to robots.txt.
    pub obeys_robots: bool,
}

/// An archive that is being written. When the last clone is dropped, its file is completed.
#[derive(Debug, Clone)]
pub struct Archive {
    sender: mpsc::Sender<Message>,
    folder: Arc<Path>,
}

/// Nothing more can be written to the archive.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The file system refused.
    #[error(
        "cannot write the archive {}: {source}; make it writable and run again, or set [output] warc = \"\" to \
         crawl without one",
        path.display()
    )]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system reported.
        source: Arc<io::Error>,
    },
    /// The disk is full.
    #[error("no room left on the disk of the archive {}; free some and run again", path.display())]
    NoSpace {
        /// The file or folder.
        path: PathBuf,
    },
    /// The thread that writes is gone, which is a bug.
    #[error("writing the archive failed by a bug in newsprint; please report it")]
    Gone,
}

impl ArchiveError {
    fn new(source: io::Error, path: &Path) -> ArchiveError {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::StorageFull {
            return ArchiveError::NoSpace { path };
        }
        let source = Arc::new(source);
        ArchiveError::Write { path, source }
    }
}

/// The name of the file that has the records now, if there were any.
type Appended = Result<Option<Arc<str>>, ArchiveError>;

/// What the thread is to do.
#[derive(Debug)]
struct Message {
    /// Whole records, each a gzip member.
    members: Vec<u8>,
    /// What time it is for the crawl, in unix milliseconds.
    at: i64,
    /// To be answered when they are safe on disk, not just written.
    is_awaited_on_disk: bool,
    /// No more will come: the file is to be completed.
    is_last: bool,
    done: oneshot::Sender<Appended>,
}

impl Archive {
    /// Opens the archive, and completes the files that a killed process left: what is whole in them stays.
    ///
    /// # Errors
    /// Fails where the folder or a file in it can't be written.
    pub async fn open(settings: ArchiveSettings) -> Result<Archive, ArchiveError> {
        let opened = spawn_blocking(move || {
            let folder = settings.folder.as_path().into();
            let files = Files::open(settings)?;
            let (sender, receiver) = mpsc::channel(WAITING);
            let thread = std::thread::Builder::new().name("archive".to_owned());
            let spawned = thread.spawn(move || write_all(files, receiver));
            spawned.map_err(|error| ArchiveError::new(error, Path::new("")))?;
            Ok(Archive { sender, folder })
        });
        opened.await.unwrap_or(Err(ArchiveError::Gone))
    }

    /// Appends records at this time, in unix milliseconds, and gives the name of the file that has them.
    ///
    /// # Errors
    /// Fails where they can't be written, now or by then: nothing is written after a failure.
    pub(crate) async fn append(&self, members: Vec<u8>, at: i64) -> Result<Arc<str>, ArchiveError> {
        let appended = self.send(members, at, (false, false)).await?;
        Ok(appended.unwrap_or_default())
    }

    /// Appends records. They, and all that were appended before them, are safe on disk after that.
    ///
    /// # Errors
    /// As [`Archive::append`].
    pub(crate) async fn append_safely(
        &self,
        members: Vec<u8>,
        at: i64,
    ) -> Result<(), ArchiveError> {
        self.send(members, at, (true, false)).await.map(|_| ())
    }

    /// Completes the file.
    ///
    /// # Errors
    /// As [`Archive::append`].
    pub async fn finish(&self) -> Result<(), ArchiveError> {
        self.send(Vec::new(), 0, (true, true)).await.map(|_| ())
    }

    /// True if a file of this name is still in the folder. Blocks on the file system.
    pub(crate) fn has_file(&self, name: &str) -> bool {
        file::is_here(&self.folder, name)
    }

    async fn send(
        &self,
        members: Vec<u8>,
        at: i64,
        (is_awaited_on_disk, is_last): (bool, bool),
    ) -> Appended {
        let (done, answer) = oneshot::channel();
        let message = Message {
            members,
            at,
            is_awaited_on_disk,
            is_last,
            done,
        };
        let sent = self.sender.send(message).await;
        sent.map_err(|_| ArchiveError::Gone)?;
        answer.await.unwrap_or(Err(ArchiveError::Gone))
    }
}

/// Writes what comes, all that waits at once: one flush to the disk is for all who wait for one.
fn write_all(mut files: Files, mut messages: mpsc::Receiver<Message>) {
    let mut failed: Option<ArchiveError> = None;
    let (mut batch, mut names) = (Vec::new(), Vec::new());
    while messages.blocking_recv_many(&mut batch, WAITING) > 0 {
        for message in &batch {
            let appended = match &failed {
                Some(error) => Err(error.clone()),
                None => files.append(&message.members, message.at),
            };
            names.push(appended.unwrap_or_else(|error| {
                failed = Some(error);
                None
            }));
        }
        if failed.is_none() && batch.iter().any(|it| it.is_awaited_on_disk) {
            failed = files.sync().err();
        }
        if batch.iter().any(|it| it.is_last) {
            // What was written before a failure is whole.
            let finished = files.finish();
            failed = failed.or(finished.err());
        }
        for (message, name) in batch.drain(..).zip(names.drain(..)) {
            // Whoever was dropped meanwhile needs no answer.
            let _ = message.done.send(failed.clone().map_or(Ok(name), Err));
        }
    }
    if let Err(error) = files.finish() {
        tracing::debug!("the last file of the archive is not completed: {error}");
    }
}
