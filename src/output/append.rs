//! Files shared by many articles: `DIR/SOURCE/DAY.EXTENSION`, by the day of the fetch. The caller knows how
//! long each file was when it was last complete, and whether anything was being written since.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::article::Article;
use crate::output::format::RecordFormat;
use crate::output::names::{day, folder};
use crate::output::tail::{Appended, Lines, append};
use crate::output::writer::{Known, Mark, Marks, OutputError, Record, Writer, Written};

/// Appends records to a file for each day and source.
#[derive(Debug)]
pub struct AppendFiles {
    dir: PathBuf,
    format: &'static dyn RecordFormat,
}

impl AppendFiles {
    /// Files of this format below this folder. The format must need no separators, header or footer.
    pub fn new(dir: &Path, format: &'static dyn RecordFormat) -> AppendFiles {
        AppendFiles {
            dir: dir.to_owned(),
            format,
        }
    }

    fn path(&self, article: &Article) -> PathBuf {
        let day = day(article.fetched_at.as_deref().unwrap_or_default());
        let extension = self.format.extension();
        self.dir
            .join(folder(article.source.as_deref().unwrap_or_default()))
            .join(format!("{day}.{extension}"))
    }

    fn append(&self, records: &[&Record], path: &Path, known: Known) -> io::Result<Appended> {
        let line = |record: &&Record| {
            let mut line = Vec::new();
            self.format.write_record(&record.article, &mut line)?;
            Ok(line)
        };
        let lines: io::Result<_> = records.iter().map(line).collect();
        append(path, known, &Lines::new(self.format, lines?))
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
    fn appends_to(&self, batch: &[Record]) -> Result<Vec<Mark>, OutputError> {
        let files = self.by_file(batch).into_iter().map(|(file, _)| file);
        let mark = |file: PathBuf| match fs::metadata(&file) {
            Ok(data) => Ok(Mark {
                length: data.len(),
                file,
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Mark { length: 0, file }),
            Err(error) => Err(OutputError::new(error, &file)),
        };
        files.map(mark).collect()
    }

    fn write(&mut self, batch: &[Record], marks: &Marks) -> Result<Vec<Written>, OutputError> {
        let mut written = Vec::new();
        for (file, records) in self.by_file(batch) {
            let known = marks.get(&file).copied().unwrap_or_default();
            let Appended { length, foreign } = self
                .append(&records, &file, known)
                .map_err(|error| OutputError::new(error, &file))?;
            written.push(Written {
                records: records.iter().map(|record| record.seq).collect(),
                mark: Some(Mark { file, length }),
                foreign,
            });
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Format;
    use crate::output::format;

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
        let mut writer = format(Format::Jsonl).files(dir.path());
        let before = writer.appends_to(&batch).unwrap();
        assert_eq!(before.len(), 2);
        assert!(before.iter().all(|mark| mark.length == 0));
        let written = writer.write(&batch, &Marks::new()).unwrap();
        let records: Vec<&[i64]> = written.iter().map(|it| &it.records[..]).collect();
        assert_eq!(records, [&[1, 4][..], &[2, 3]]);
        for mark in writer.appends_to(&batch).unwrap() {
            let mut last = written.iter().filter_map(|it| it.mark.as_ref());
            assert_eq!(last.rfind(|it| it.file == mark.file), Some(&mark));
        }
    }
}
