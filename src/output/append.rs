//! Files shared by many articles: `DIR/SOURCE/DAY.EXTENSION`, by the day of the fetch. The length known
//! to the caller is the end of a file: anything that a killed crawl wrote beyond it is cut off and written
//! again.

use std::fs::{self, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::article::Article;
use crate::output::format::RecordFormat;
use crate::output::names::{day, folder};
use crate::output::writer::{Mark, Marks, OutputError, Record, Writer, Written};

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

    fn append(&self, run: &[Record], path: &Path, known: u64) -> io::Result<u64> {
        let mut bytes = Vec::new();
        for record in run {
            self.format.write_record(&record.article, &mut bytes)?;
        }
        append_at(path, known, &bytes)
    }
}

impl Writer for AppendFiles {
    fn appends_to(&self, batch: &[Record]) -> Result<Vec<Mark>, OutputError> {
        let mut files: Vec<PathBuf> = batch.iter().map(|it| self.path(&it.article)).collect();
        files.sort_unstable();
        files.dedup();
        let mark = |file: PathBuf| match fs::metadata(&file) {
            Ok(data) => Ok(Mark {
                length: data.len(),
                file,
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Mark { length: 0, file }),
            Err(error) => Err(OutputError::new(error, &file)),
        };
        files.into_iter().map(mark).collect()
    }

    fn write(&mut self, batch: &[Record], marks: &Marks) -> Result<Vec<Written>, OutputError> {
        let mut marks = marks.clone();
        let mut written = Vec::new();
        for run in batch.chunk_by(|a, b| self.path(&a.article) == self.path(&b.article)) {
            let file = self.path(&run[0].article);
            let known = marks.get(&file).copied().unwrap_or_default();
            let length = self
                .append(run, &file, known)
                .map_err(|error| OutputError::new(error, &file))?;
            marks.insert(file.clone(), length);
            written.push(Written {
                records: run.iter().map(|record| record.seq).collect(),
                mark: Some(Mark { file, length }),
            });
        }
        Ok(written)
    }
}

/// Truncates a file to its known length if it is longer, appends, and returns the new length. A file that
/// is shorter than known was changed by someone else, and is only appended to.
fn append_at(path: &Path, known: u64, bytes: &[u8]) -> io::Result<u64> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Format;
    use crate::output::format;

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
        assert_eq!(records, [&[1][..], &[2, 3], &[4]]);
        for mark in writer.appends_to(&batch).unwrap() {
            let mut last = written.iter().filter_map(|it| it.mark.as_ref());
            assert_eq!(last.rfind(|it| it.file == mark.file), Some(&mark));
        }
    }
}
