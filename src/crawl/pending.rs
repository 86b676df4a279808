//! Writes the articles that are in the store but not in the output files yet, and notes in the store what
//! the writer reports as safe on disk.

use std::collections::HashMap;
use std::fs::TryLockError;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use crate::config::OutputSettings;
use crate::crawl::CrawlError;
use crate::files::{self, Access, FolderLock};
use crate::output::{Begun, Known, Marks, OutputError, Record, Writer, Written, format};
use crate::store::{ArticleVersion, BegunOutput, Store, StoreError, Worker};

/// Articles read from the store at a time.
const BATCH: u32 = 200;
/// How long to wait for another crawl that writes into the same folder. It frees the folder after each batch.
const WAIT: Duration = Duration::from_secs(8);
/// Time between two tries.
const PAUSE: Duration = Duration::from_millis(20);

/// The versions of the articles that are being written, by their numbers.
type Versions = HashMap<i64, i64>;

/// The files of a crawl.
#[derive(Debug, Clone)]
pub(super) struct PendingOutput {
    /// Locked by one blocking task at a time.
    writer: Arc<Mutex<Box<dyn Writer>>>,
    /// Other stores may have the same.
    folder: Option<PathBuf>,
    /// Whose they are, where there are several.
    worker: Option<Arc<Worker>>,
    /// How long to wait for them.
    wait: Duration,
    completes_at_finish: bool,
}

impl PendingOutput {
    /// The files that the configuration asks for, if any.
    pub(super) fn of(
        output: &OutputSettings,
        worker: Option<Arc<Worker>>,
    ) -> Option<PendingOutput> {
        let dir = output.dir.as_deref()?;
        let name = worker.as_ref().map(|it| it.name());
        let format = format(output.format);
        let format = match format.with_byte_order_mark() {
            Some(marked) if output.bom => marked,
            _ => format,
        };
        let writer = format.files(dir, name);
        Some(PendingOutput {
            worker,
            ..PendingOutput::new(writer, Some(dir))
        })
    }

    fn new(writer: Box<dyn Writer>, folder: Option<&Path>) -> PendingOutput {
        PendingOutput {
            folder: folder.map(Path::to_owned),
            worker: None,
            wait: WAIT,
            completes_at_finish: writer.completes_at_finish(),
            writer: Arc::new(Mutex::new(writer)),
        }
    }

    /// Writes what is pending during a run, unless the format completes its files only at the end. What can't be
    /// written now, because of its file or because another crawl has the folder, is left to the end.
    ///
    /// # Errors
    /// Fails if the store or the disk cannot be used; what was written before stays noted.
    pub(super) async fn write_some(&self, store: &dyn Store, now: i64) -> Result<Done, CrawlError> {
        if self.completes_at_finish {
            return Ok(Done::default());
        }
        let mut done = Done::default();
        match self.write_pending(store, now, &mut done).await {
            Err(CrawlError::Output(OutputError::Held { .. })) => {}
            written => drop(written?),
        }
        Ok(done)
    }

    /// Writes everything that is pending and completes the files.
    ///
    /// # Errors
    /// Fails if the store or the files cannot be used; what was written before stays noted.
    pub(super) async fn write_all(&self, store: &dyn Store, now: i64) -> Result<Done, CrawlError> {
        let mut done = Done::default();
        let (versions, _folder) = self.write_pending(store, now, &mut done).await?;
        let finished = self.run(|writer| Ok(writer.finish())).await?;
        done.add(note(store, finished.written, &versions, now).await?);
        finished.failed.map_or(Ok(done), |error| Err(error.into()))
    }

    /// Gives the versions of what was written, and the folder as long as files in it are not complete.
    async fn write_pending(
        &self,
        store: &dyn Store,
        now: i64,
        done: &mut Done,
    ) -> Result<(Versions, Option<FolderLock>), CrawlError> {
        if let Some(worker) = &self.worker {
            worker.check()?;
            store.adopt_unwritten().await?;
        }
        let (mut versions, mut after, mut folder) = (Versions::new(), 0, None);
        while !store.unwritten(after, 1).await?.is_empty() {
            // Whoever had the folder may have written the same articles.
            if folder.is_none() {
                folder = self.lock_folder().await?;
            }
            let pending = store.unwritten(after, BATCH).await?;
            let Some(last) = pending.last() else {
                break;
            };
            after = last.seq;
            versions.extend(pending.iter().map(|it| (it.seq, it.version)));
            let batch: Arc<[Record]> = pending
                .into_iter()
                .map(|it| Record {
                    seq: it.seq,
                    article: it.article,
                })
                .collect();
            let marks = self.marks(store, &batch).await?;
            let written = self.run(move |writer| writer.write(&batch, &marks)).await?;
            let is_complete = written.iter().any(|it| !it.records.is_empty());
            done.add(note(store, written, &versions, now).await?);
            if is_complete || !self.completes_at_finish {
                folder = None;
            }
        }
        Ok((versions, folder))
    }

    /// Takes the folder for a batch, so that two stores never write to one file at once. Where a folder can't be
    /// locked, as in some network file systems, nobody waits for anyone.
    async fn lock_folder(&self) -> Result<Option<FolderLock>, OutputError> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let end = Instant::now() + self.wait;
        loop {
            let path = folder.clone();
            match spawn_blocking(move || lock(&path)).await {
                Ok(Ok(lock)) => return Ok(Some(lock)),
                Ok(Err(TryLockError::WouldBlock)) if Instant::now() < end => sleep(PAUSE).await,
                Ok(Err(TryLockError::WouldBlock)) => {
                    return Err(OutputError::Held {
                        path: folder.clone(),
                        process: files::lock_holder(folder),
                    });
                }
                Ok(Err(TryLockError::Error(error))) => {
                    tracing::debug!("cannot lock {}: {error}", folder.display());
                    return Ok(None);
                }
                Err(_) => return Err(OutputError::Panicked),
            }
        }
    }

    /// What is known of the files that this batch is appended to. From now on the store knows them as
    /// unfinished, and those that it did not know with their length: whoever kills us before the end of the
    /// batch is noted leaves a file that the next pass compares with what it has to write.
    async fn marks(&self, store: &dyn Store, batch: &Arc<[Record]>) -> Result<Marks, CrawlError> {
        let batch = Arc::clone(batch);
        let files = self.run(move |writer| writer.appends_to(&batch)).await?;
        let (paths, begun): (Vec<PathBuf>, Vec<BegunOutput>) = files.into_iter().map(begun).unzip();
        if begun.is_empty() {
            return Ok(Marks::new());
        }
        let known = store.begin_outputs(&begun).await?;
        let known = known.into_iter().map(|known| Known {
            length: known.length,
            unfinished: known.unfinished,
            lines: known.lines,
        });
        let mut marks: Marks = paths.into_iter().zip(known).collect();
        if self.completes_at_finish {
            let unwritten = store.unwritten_outputs().await?.into_iter();
            marks.extend(unwritten.map(|file| (PathBuf::from(file), Known::default())));
        }
        Ok(marks)
    }

    /// Calls the writer on a thread where it may block.
    async fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce(&mut dyn Writer) -> Result<T, OutputError> + Send + 'static,
    ) -> Result<T, OutputError> {
        let writer = Arc::clone(&self.writer);
        let task = spawn_blocking(move || {
            call(&mut **writer.lock().unwrap_or_else(PoisonError::into_inner))
        });
        task.await.unwrap_or(Err(OutputError::Panicked))
    }
}

/// Locks the folder of the files, which is created where it is missing.
fn lock(folder: &Path) -> Result<FolderLock, TryLockError> {
    files::create_folder(folder, Access::Group).map_err(TryLockError::Error)?;
    files::lock_folder(folder)
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Done {
    /// Articles.
    pub(super) count: u64,
    /// Files that someone else had changed.
    pub(super) changed_files: Vec<PathBuf>,
}

impl Done {
    fn add(&mut self, more: Done) {
        self.count += more.count;
        self.changed_files.extend(more.changed_files);
    }
}

/// A file that is appended to, as the store knows it.
fn begun(begun: Begun) -> (PathBuf, BegunOutput) {
    let output = BegunOutput {
        file: begun.file.to_string_lossy().into_owned(),
        length: begun.length,
        lines: begun.lines,
    };
    (begun.file, output)
}

/// Notes records and the length of their files, all that are safe on disk in one transaction.
async fn note(
    store: &dyn Store,
    written: Vec<Written>,
    versions: &Versions,
    now: i64,
) -> Result<Done, StoreError> {
    let (mut done, mut records, mut files) = (Done::default(), Vec::new(), Vec::new());
    for it in written {
        done.count += it.records.len() as u64;
        records.extend(it.records.iter().filter_map(|&seq| {
            let version = *versions.get(&seq)?;
            Some(ArticleVersion { seq, version })
        }));
        let Some(mark) = it.mark else {
            continue;
        };
        files.push((mark.file.to_string_lossy().into_owned(), mark.length));
        if it.foreign {
            done.changed_files.push(mark.file);
        }
    }
    if !(records.is_empty() && files.is_empty()) {
        store.note_written(&records, &files, now).await?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests;
