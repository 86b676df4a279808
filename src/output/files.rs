//! The files of a crawl: one a day and source for lines of JSON, one an article for the other
//! forms. Writes what the store holds and the files lack, whoever fetched it.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::article::Article;
use crate::config::Format;
use crate::output::names::{article_file, day, folder};
use crate::output::render::{jsonl, render};
use crate::store::{Pending, Store, StoreError};

/// Articles taken from the store at a time.
const BATCH: u32 = 200;

/// An output file could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// The file system refused.
    #[error("cannot write {}; the articles are in the store and will be written by the next crawl", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The disk is full.
    #[error(
        "no room left on the disk of {}; free some and run again: the articles are in the store and \
         will be written by the next crawl",
        path.display()
    )]
    NoRoom {
        /// The file or folder.
        path: PathBuf,
    },
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OutputError {
    fn of(source: std::io::Error, path: &Path) -> OutputError {
        let path = path.to_owned();
        if source.kind() == std::io::ErrorKind::StorageFull {
            OutputError::NoRoom { path }
        } else {
            OutputError::Write { path, source }
        }
    }
}

/// The folder that articles are written to.
#[derive(Debug, Clone)]
pub struct Files {
    dir: PathBuf,
    format: Format,
}

impl Files {
    /// Writes below this folder, which is made when there is something to write.
    pub fn new(dir: &Path, format: Format) -> Files {
        Files {
            dir: dir.to_owned(),
            format,
        }
    }

    /// Writes every article of the store that is not written yet, and notes it; gives their number.
    ///
    /// # Errors
    /// Fails where the store or the folder can't be used; what was written before stays noted.
    pub async fn write_pending(&self, store: &Store, now: i64) -> Result<u64, OutputError> {
        let mut written = 0;
        loop {
            let pending = store.unwritten(BATCH).await?;
            if pending.is_empty() {
                return Ok(written);
            }
            written += pending.len() as u64;
            if self.format == Format::Jsonl {
                self.append(store, &pending, now).await?;
            } else {
                self.write_each(store, &pending, now).await?;
            }
        }
    }

    /// Appends runs of articles of one file. The length that the store knows is where the file
    /// ends: what a killed crawl wrote beyond it is written again.
    async fn append(
        &self,
        store: &Store,
        pending: &[Pending],
        now: i64,
    ) -> Result<(), OutputError> {
        for run in
            pending.chunk_by(|a, b| self.lines_file(&a.article) == self.lines_file(&b.article))
        {
            let path = self.lines_file(&run[0].article);
            let key = path.to_string_lossy().into_owned();
            let known = match store.output_length(&key).await? {
                Some(known) => known,
                // Noted before the first line is appended, or a kill in between would double it.
                None => {
                    let length = fs::metadata(&path).map_or(0, |data| data.len());
                    store.note_written(&[], Some((&key, length)), now).await?;
                    length
                }
            };
            let lines: String = run.iter().map(|pending| jsonl(&pending.article)).collect();
            let length = append_at(&path, known, lines.as_bytes())
                .map_err(|it| OutputError::of(it, &path))?;
            let written: Vec<i64> = run.iter().map(|pending| pending.seq).collect();
            store
                .note_written(&written, Some((&key, length)), now)
                .await?;
        }
        Ok(())
    }

    async fn write_each(
        &self,
        store: &Store,
        pending: &[Pending],
        now: i64,
    ) -> Result<(), OutputError> {
        let mut written = Vec::with_capacity(pending.len());
        for Pending { seq, article } in pending {
            let path = self
                .folder_of(article)
                .join(article_file(article, ending(self.format)));
            replace(&path, render(article, self.format).as_bytes())
                .map_err(|it| OutputError::of(it, &path))?;
            written.push(*seq);
        }
        Ok(store.note_written(&written, None, now).await?)
    }

    fn folder_of(&self, article: &Article) -> PathBuf {
        self.dir
            .join(folder(article.source.as_deref().unwrap_or_default()))
    }

    /// `DIR/SOURCE/DAY.jsonl`, by the day of the fetch.
    fn lines_file(&self, article: &Article) -> PathBuf {
        let day = day(article.fetched_at.as_deref().unwrap_or_default());
        self.folder_of(article).join(format!("{day}.jsonl"))
    }
}

/// The ending of a form's files.
pub fn ending(format: Format) -> &'static str {
    match format {
        Format::Text => "txt",
        Format::Markdown => "md",
        Format::Html => "html",
        Format::Json => "json",
        Format::Jsonl => "jsonl",
    }
}

/// Cuts a file to its known length, if it has grown beyond, and appends; gives the new length. A
/// file that is shorter than known was changed by someone, and is only appended to.
fn append_at(path: &Path, known: u64, bytes: &[u8]) -> std::io::Result<u64> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    let length = file.metadata()?.len();
    let end = known.min(length);
    if end < length {
        file.set_len(end)?;
    }
    file.seek(SeekFrom::Start(end))?;
    file.write_all(bytes)?;
    file.sync_data()?;
    Ok(end + bytes.len() as u64)
}

/// Writes a file beside its place and moves it there, so that no reader sees half of it.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("part");
    fs::write(&beside, bytes)?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_crawl_wrote_beyond_the_known_length_is_cut_off() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.jsonl");
        assert_eq!(append_at(&path, 0, b"one\n").unwrap(), 4);
        fs::write(&path, "one\ntwo\nthr").unwrap();
        assert_eq!(append_at(&path, 4, b"two\n").unwrap(), 8);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
    }

    #[test]
    fn a_file_that_someone_shortened_is_appended_to() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("b.jsonl");
        fs::write(&path, "x\n").unwrap();
        assert_eq!(append_at(&path, 400, b"two\n").unwrap(), 6);
        assert_eq!(fs::read_to_string(&path).unwrap(), "x\ntwo\n");
    }
}
