//! Files shared by many articles: `DIR/SOURCE/DAY.EXTENSION`, by the day of the fetch, or `DAY.WORKER.EXTENSION`. The caller knows how
//! long each file was when it was last complete, and whether anything was being written since.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::article::Article;
use crate::files;
use crate::output::format::RecordFormat;
use crate::output::names::shared_file;
use crate::output::tail::{Appended, Lines, append};
use crate::output::writer::{Begun, Finished, Mark, Marks, OutputError, Record, Writer, Written};

/// Appends records to a file for each day and source.
#[derive(Debug)]
pub struct AppendFiles {
    dir: PathBuf,
    worker: Option<String>,
    format: &'static dyn RecordFormat,
    /// The first file that could not be written.
    failed: Option<OutputError>,
    /// Folders in which what killed passes left is deleted.
    tidied: BTreeSet<PathBuf>,
}

impl AppendFiles {
    /// Files of this format below this folder. The format must need no separators, header or footer.
    pub fn new(dir: &Path, format: &'static dyn RecordFormat) -> AppendFiles {
        AppendFiles {
            dir: dir.to_owned(),
            worker: None,
            format,
            failed: None,
            tidied: BTreeSet::new(),
        }
    }

    /// The files of this worker, if there are several.
    #[must_use]
    pub fn of_worker(self, worker: Option<&str>) -> AppendFiles {
        AppendFiles {
            worker: worker.map(str::to_owned),
            ..self
        }
    }

    fn path(&self, article: &Article) -> PathBuf {
        let (folder, name) = shared_file(&self.dir, article, self.worker.as_deref());
        folder.join(format!("{name}.{}", self.format.extension()))
    }

    fn lines(&self, records: &[&Record]) -> io::Result<Lines<'static>> {
        let line = |record: &&Record| {
            let mut line = Vec::new();
            self.format.write_record(&record.article, &mut line)?;
            Ok(line)
        };
        let lines: io::Result<_> = records.iter().map(line).collect();
        Ok(Lines::new(self.format, lines?))
    }

    /// The records of a batch by file, in the order in which they come.
    fn by_file<'b>(&self, batch: &'b [Record]) -> Vec<(PathBuf, Vec<&'b Record>)> {
        let mut files: Vec<(PathBuf, Vec<&Record>)> = Vec::new();
        for record in batch {
            let path = self.path(&record.article);
            match files.iter_mut().find(|(file, _)| *file == path) {
                Some((_, records)) => records.push(record),
                None => files.push((path, vec![record])),
            }
        }
        files
    }
}

impl Writer for AppendFiles {
    fn appends_to(&self, batch: &[Record]) -> Result<Vec<Begun>, OutputError> {
        let begun = |(file, records): (PathBuf, Vec<&Record>)| {
            let lines = self.lines(&records);
            let lines = lines.map_err(|error| OutputError::new(error, &file))?;
            Ok(Begun {
                // Whatever is wrong with the file is found when it is opened.
                length: fs::symlink_metadata(&file).map_or(0, |data| data.len()),
                lines: lines.hashes(),
                file,
            })
        };
        self.by_file(batch).into_iter().map(begun).collect()
    }

    fn write(&mut self, batch: &[Record], marks: &Marks) -> Result<Vec<Written>, OutputError> {
        let mut written = Vec::new();
        for (file, records) in self.by_file(batch) {
            if let Some(folder) = file.parent()
                && self.tidied.insert(folder.to_owned())
            {
                files::remove_leftovers(folder);
            }
            let known = marks.get(&file).cloned().unwrap_or_default();
            let appended = self
                .lines(&records)
                .and_then(|lines| append(&file, &known, &lines))
                .map_err(|error| OutputError::new(error, &file));
            let Appended { length, foreign } = match appended {
                Ok(appended) => appended,
                Err(error) if error.is_final() => return Err(error),
                Err(error) => {
                    self.failed.get_or_insert(error);
                    continue;
                }
            };
            written.push(Written {
                records: records.iter().map(|record| record.seq).collect(),
                mark: Some(Mark { file, length }),
                foreign,
            });
        }
        Ok(written)
    }

    fn finish(&mut self) -> Finished {
        Finished {
            written: Vec::new(),
            failed: self.failed.take(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Format;
    use crate::output::format;

    #[test]
    fn each_worker_has_files_of_its_own() {
        let article = Article {
            source: Some("a".to_owned()),
            fetched_at: Some("2026-11-27T10:00:00Z".to_owned()),
            ..Article::default()
        };
        let files = AppendFiles::new(Path::new("d"), format(Format::Jsonl));
        assert_eq!(files.path(&article), Path::new("d/a/2026-11-27.jsonl"));
        let files = files.of_worker(Some("web-2"));
        assert_eq!(
            files.path(&article),
            Path::new("d/a/2026-11-27.web-2.jsonl")
        );
    }

    #[test]
    fn a_batch_of_several_sources_reports_each_file_with_its_records() {
        let dir = tempfile::tempdir().unwrap();
        let batch: Vec<Record> = [(1, "a"), (2, "b"), (3, "b"), (4, "a")]
            .map(|(seq, source)| Record {
                seq,
                article: Article {
                    source: Some(source.to_owned()),
                    ..Article::default()
                },
            })
            .into();
        let mut writer = format(Format::Jsonl).files(dir.path(), None);
        let before = writer.appends_to(&batch).unwrap();
        assert_eq!(before.len(), 2);
        assert!(before.iter().all(|mark| mark.length == 0));
        let written = writer.write(&batch, &Marks::new()).unwrap();
        let records: Vec<&[i64]> = written.iter().map(|it| &it.records[..]).collect();
        assert_eq!(records, [&[1, 4][..], &[2, 3]]);
        for Begun { file, length, .. } in writer.appends_to(&batch).unwrap() {
            let mut last = written.iter().filter_map(|it| it.mark.as_ref());
            let last = last.rfind(|it| it.file == file);
            assert_eq!(last, Some(&Mark { file, length }));
        }
    }
}
