//! Writes the articles that are in the store but not in the output files yet, and notes in the store what
//! the writer reports as safe on disk.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::OutputSettings;
use crate::crawl::CrawlError;
use crate::output::{Known, Mark, Marks, OutputError, Record, Writer, Written, format};
use crate::store::{ArticleVersion, Store, StoreError};

/// Articles read from the store at a time.
const BATCH: u32 = 200;

/// The versions of the articles that are being written, by their numbers.
type Versions = HashMap<i64, i64>;

/// The files of a crawl.
#[derive(Debug, Clone)]
pub(super) struct PendingOutput {
    /// Locked by one blocking task at a time.
    writer: Arc<Mutex<Box<dyn Writer>>>,
    completes_at_finish: bool,
}

impl PendingOutput {
    /// The files that the configuration asks for, if any.
    pub(super) fn of(output: &OutputSettings) -> Option<PendingOutput> {
        let dir = output.dir.as_deref()?;
        Some(PendingOutput::new(format(output.format).files(dir)))
    }

    fn new(writer: Box<dyn Writer>) -> PendingOutput {
        PendingOutput {
            completes_at_finish: writer.completes_at_finish(),
            writer: Arc::new(Mutex::new(writer)),
        }
    }

    /// Writes what is pending during a run, unless the format completes its files only at the end.
    ///
    /// # Errors
    /// Fails if the store or the files cannot be used; what was written before stays noted.
    pub(super) async fn write_some(&self, store: &dyn Store, now: i64) -> Result<Done, CrawlError> {
        if self.completes_at_finish {
            return Ok(Done::default());
        }
        self.write_all(store, now).await
    }

    /// Writes everything that is pending and completes the files.
    ///
    /// # Errors
    /// Fails if the store or the files cannot be used; what was written before stays noted.
    pub(super) async fn write_all(&self, store: &dyn Store, now: i64) -> Result<Done, CrawlError> {
        let (mut done, mut after) = (Done::default(), 0);
        let mut versions = Versions::new();
        loop {
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
            done.add(note(store, written, &versions, now).await?);
        }
        let written = self.run(|writer| writer.finish()).await?;
        done.add(note(store, written, &versions, now).await?);
        Ok(done)
    }

    /// What is known of the files that this batch is appended to. From now on the store knows them as
    /// unfinished, and those that it did not know with their length: whoever kills us before the end of the
    /// batch is noted leaves a file that the next pass compares with what it has to write.
    async fn marks(&self, store: &dyn Store, batch: &Arc<[Record]>) -> Result<Marks, CrawlError> {
        let batch = Arc::clone(batch);
        let files = self.run(move |writer| writer.appends_to(&batch)).await?;
        let mut marks = Marks::new();
        for Mark { file, length } in files {
            let key = file.to_string_lossy();
            let known = store.begin_output(&key, length).await?;
            marks.insert(
                file,
                Known {
                    length: known.length,
                    unfinished: known.unfinished,
                },
            );
        }
        Ok(marks)
    }

    /// Calls the writer on a thread where it may block.
    async fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce(&mut dyn Writer) -> Result<T, OutputError> + Send + 'static,
    ) -> Result<T, OutputError> {
        let writer = Arc::clone(&self.writer);
        let task = tokio::task::spawn_blocking(move || {
            call(&mut **writer.lock().unwrap_or_else(PoisonError::into_inner))
        });
        task.await.unwrap_or(Err(OutputError::Panicked))
    }
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

/// Notes records and the length of their file in one transaction each.
async fn note(
    store: &dyn Store,
    written: Vec<Written>,
    versions: &Versions,
    now: i64,
) -> Result<Done, StoreError> {
    let mut done = Done::default();
    for it in written {
        let key = it.mark.as_ref();
        let key = key.map(|mark| (mark.file.to_string_lossy().into_owned(), mark.length));
        let file = key.as_ref().map(|(file, length)| (file.as_str(), *length));
        let read = it.records.iter().filter_map(|&seq| {
            let version = *versions.get(&seq)?;
            Some(ArticleVersion { seq, version })
        });
        let records: Vec<ArticleVersion> = read.collect();
        store.note_written(&records, file, now).await?;
        done.count += it.records.len() as u64;
        if it.foreign {
            done.changed_files.extend(it.mark.map(|mark| mark.file));
        }
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::*;
    use crate::article::Article;
    use crate::frontier::{
        self, AnsweredVisit, Due, Pass, ReadArticle, Reading, Schedule, Storage, UrlKind, Visit,
        VisitResult,
    };
    use crate::verdict::VisitOutcome;

    /// A format whose file is valid only once its footer is written.
    #[derive(Debug)]
    struct WithFooter {
        path: PathBuf,
        buffered: Vec<Record>,
    }

    impl Writer for WithFooter {
        fn write(&mut self, batch: &[Record], _: &Marks) -> Result<Vec<Written>, OutputError> {
            self.buffered.extend_from_slice(batch);
            Ok(Vec::new())
        }

        fn finish(&mut self) -> Result<Vec<Written>, OutputError> {
            let ids: Vec<&str> = self.buffered.iter().map(|it| &*it.article.id).collect();
            fs::write(&self.path, format!("{}\nfooter", ids.join(" ")))
                .map_err(|error| OutputError::new(error, &self.path))?;
            let records = self.buffered.drain(..).map(|it| it.seq).collect();
            Ok(vec![Written {
                records,
                ..Written::default()
            }])
        }

        fn completes_at_finish(&self) -> bool {
            true
        }
    }

    fn pass() -> Pass {
        Pass {
            owner: String::new(),
            started: 1,
            sources: Vec::new(),
        }
    }

    /// A visit that brought the article with this id.
    fn visit(id: &str) -> Visit {
        let article = Article {
            id: id.to_owned(),
            content_hash: id.to_owned(),
            ..Article::default()
        };
        let reading = Reading {
            article: Some(Box::new(ReadArticle {
                article,
                ..ReadArticle::default()
            })),
            ..Reading::new(VisitOutcome::Stored, None)
        };
        Visit {
            due: Due {
                id: 0,
                ..Due::of_test(UrlKind::Page, "https://example.org/", "")
            },
            at: 1,
            result: VisitResult::Answered(AnsweredVisit {
                status: 200,
                etag: None,
                last_modified: None,
                reading,
            }),
        }
    }

    #[tokio::test]
    async fn a_format_with_a_footer_is_written_at_the_end_and_noted_only_then() {
        let dir = tempfile::tempdir().unwrap();
        let schedule = Schedule::new(Duration::ZERO, Duration::ZERO);
        let storage = frontier::open(&dir.path().join("store.db"), schedule).await;
        let Storage { store, frontier } = storage.unwrap();
        for id in ["a", "b", "c"] {
            frontier.finish(&pass(), visit(id)).await.unwrap();
        }
        let path = dir.path().join("articles.footed");
        let output = PendingOutput::new(Box::new(WithFooter {
            path: path.clone(),
            buffered: Vec::new(),
        }));
        assert_eq!(output.write_some(&*store, 2).await.unwrap().count, 0);
        assert!(!path.exists());
        assert_eq!(store.unwritten(0, 9).await.unwrap().len(), 3);
        assert_eq!(output.write_all(&*store, 2).await.unwrap().count, 3);
        assert_eq!(fs::read_to_string(&path).unwrap(), "a b c\nfooter");
        assert!(store.unwritten(0, 9).await.unwrap().is_empty());
    }
}
