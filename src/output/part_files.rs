//! Files that cannot grow, because they have a head or a footer: `DIR/SOURCE/DAY.N.EXTENSION`, by the day of the
//! fetch, or `DAY.WORKER.N.EXTENSION`. What a pass has for one day and source is one file, or several where it is
//! much.
//!
//! A file is complete before it has its name. The store knows the names that a pass is going to use, with the length
//! 0; when the records of a file are noted as written, so is its length. A file on disk that the store knows with
//! the length 0 is therefore one that a killed pass completed and nobody noted: its records are written again, and
//! the new file takes its place. Every other file is left as it is, whoever made it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::article::Article;
use crate::files::{self, Access};
use crate::output::format::RecordFormat;
use crate::output::names::shared_file;
use crate::output::writer::{Begun, Finished, Mark, Marks, OutputError, Record, Writer, Written};

/// Bytes of records that are kept before their files are written.
const MOST_BYTES: usize = 64 << 20;
/// What a record takes besides its texts, roughly.
const RECORD_BYTES: usize = 2 << 10;

/// Collects records and writes them as whole files, for each day and source.
#[derive(Debug)]
pub(super) struct PartFiles {
    dir: PathBuf,
    worker: Option<String>,
    format: &'static dyn RecordFormat,
    /// What is to be written, by the names of the files without number and extension.
    parts: BTreeMap<Name, Part>,
    bytes: usize,
    /// Keep this much before files are written.
    most_bytes: usize,
    /// The first file that could not be written.
    failed: Option<OutputError>,
    /// Folders in which what killed passes left is deleted.
    tidied: BTreeSet<PathBuf>,
}

/// A folder, and the beginning of the names of its files: `DAY` or `DAY.WORKER`.
type Name = (PathBuf, String);

/// A file that will be written.
#[derive(Debug)]
struct Part {
    file: PathBuf,
    records: Vec<Record>,
}

impl PartFiles {
    /// Files of this format below this folder, of this worker if there are several.
    pub(super) fn new(
        dir: &Path,
        format: &'static dyn RecordFormat,
        worker: Option<&str>,
    ) -> PartFiles {
        PartFiles {
            dir: dir.to_owned(),
            worker: worker.map(str::to_owned),
            format,
            parts: BTreeMap::new(),
            bytes: 0,
            most_bytes: MOST_BYTES,
            failed: None,
            tidied: BTreeSet::new(),
        }
    }

    fn name(&self, article: &Article) -> Name {
        shared_file(&self.dir, article, self.worker.as_deref())
    }

    fn file(&self, (folder, stem): &Name, number: u64) -> PathBuf {
        folder.join(format!("{stem}.{number}.{}", self.format.extension()))
    }

    /// The numbers of the files with this name.
    fn numbers(&self, (folder, stem): &Name) -> Vec<u64> {
        let Ok(entries) = fs::read_dir(folder) else {
            return Vec::new();
        };
        let number = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            let number = name.strip_prefix(stem)?.strip_prefix('.')?;
            let number = number.strip_suffix(self.format.extension())?;
            number.strip_suffix('.')?.parse().ok()
        };
        entries.flatten().filter_map(number).collect()
    }

    /// The file with the next number.
    fn next(&self, name: &Name) -> PathBuf {
        let last = self.numbers(name).into_iter().max().unwrap_or(0);
        self.file(name, last.saturating_add(1))
    }

    /// The file for new records: one that a killed pass has left, or else the next. A file that the store knows and
    /// someone has taken away is reported as empty, as it is.
    fn target(&self, name: &Name, marks: &Marks, gone: &mut Vec<Written>) -> PathBuf {
        let length = |file: &PathBuf| marks.get(file).map(|known| known.length);
        let files = self.numbers(name).into_iter();
        let mut files = files.map(|number| self.file(name, number));
        if let Some(left) = files.find(|file| length(file) == Some(0)) {
            return left;
        }
        let file = self.next(name);
        if length(&file).is_some_and(|length| length > 0) {
            gone.push(Written {
                mark: Some(Mark {
                    file: file.clone(),
                    length: 0,
                }),
                ..Written::default()
            });
        }
        file
    }

    /// Writes all files.
    fn complete(&mut self) -> Result<Vec<Written>, OutputError> {
        self.bytes = 0;
        let mut written = Vec::new();
        for ((folder, _), part) in std::mem::take(&mut self.parts) {
            if self.tidied.insert(folder.clone()) {
                files::remove_leftovers(&folder);
            }
            let length = self
                .write_part(&folder, &part)
                .map_err(|error| OutputError::new(error, &part.file));
            match length {
                Ok(length) => written.push(Written {
                    records: part.records.iter().map(|record| record.seq).collect(),
                    mark: Some(Mark {
                        file: part.file,
                        length,
                    }),
                    foreign: false,
                }),
                Err(error) if error.is_final() => return Err(error),
                Err(error) => drop(self.failed.get_or_insert(error)),
            }
        }
        Ok(written)
    }

    /// Writes a file, which is safe on disk with its name, and gives its length.
    fn write_part(&self, folder: &Path, part: &Part) -> io::Result<u64> {
        let (mut encoder, mut bytes) = (self.format.encoder(true), Vec::new());
        for record in &part.records {
            encoder.write(&record.article, &mut bytes)?;
        }
        encoder.finish(&mut bytes)?;
        files::create_folder(folder, Access::Group)?;
        files::replace(&part.file, &bytes, Access::Group)?;
        files::sync_folder(folder)?;
        Ok(bytes.len() as u64)
    }
}

impl Writer for PartFiles {
    fn appends_to(&self, batch: &[Record]) -> Result<Vec<Begun>, OutputError> {
        let names: BTreeSet<Name> = batch.iter().map(|it| self.name(&it.article)).collect();
        let begun = names.iter().map(|name| Begun {
            file: self.next(name),
            length: 0,
            lines: String::new(),
        });
        Ok(begun.collect())
    }

    fn write(&mut self, batch: &[Record], marks: &Marks) -> Result<Vec<Written>, OutputError> {
        let mut written = Vec::new();
        for record in batch {
            let name = self.name(&record.article);
            self.bytes = self.bytes.saturating_add(size(&record.article));
            if let Some(part) = self.parts.get_mut(&name) {
                part.records.push(record.clone());
                continue;
            }
            let part = Part {
                file: self.target(&name, marks, &mut written),
                records: vec![record.clone()],
            };
            self.parts.insert(name, part);
        }
        if self.bytes >= self.most_bytes {
            written.extend(self.complete()?);
        }
        Ok(written)
    }

    fn finish(&mut self) -> Finished {
        match self.complete() {
            Ok(written) => Finished {
                written,
                failed: self.failed.take(),
            },
            Err(error) => Finished {
                written: Vec::new(),
                failed: Some(error),
            },
        }
    }

    fn completes_at_finish(&self) -> bool {
        true
    }
}

/// What a record takes in memory, roughly.
fn size(article: &Article) -> usize {
    let texts = [&article.markdown, &article.html];
    let texts = texts.into_iter().flatten().map(String::len).sum::<usize>();
    article.text.len() + texts + RECORD_BYTES
}

#[cfg(test)]
mod tests;
