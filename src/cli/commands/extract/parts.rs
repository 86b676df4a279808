//! Archives extracted each into a part of its own, in a folder that a later run can go on with.
//!
//! A part is written under another name and renamed when it is whole. Then a note in `_done/` says what it was made
//! from: the archive, its size, when it was changed, and the settings. An archive with such a note is passed over by
//! the next run, unless anything of that is different now.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use newsprint::article::EXTRACTOR;
use newsprint::canonical::digest;
use newsprint::config::Config;
use newsprint::extract::Options;
use newsprint::files::{self, Access};
use newsprint::input::{self, InputFile, ReadMeter};
use serde::{Deserialize, Serialize};

use super::part_file::{PartWriter, create_folder_of, folder_of};
use super::summary::Summary;
use super::{Job, Line};
use crate::cli::Exit;
use crate::cli::args::{ArticleArgs, ExtractArgs};
use crate::cli::bars::ReadBar;
use crate::cli::counts::counted;
use crate::cli::exit::UsageError;
use crate::cli::formats::is_folder;
use crate::cli::sink::{Sink, cannot_write};
use crate::cli::tally::Tally;

/// The folder of the notes. Programs that read all files of a folder pass over such names.
const NOTES: &str = "_done";
/// Threads that one archive keeps busy: reading is so much faster than extracting.
const JOBS_PER_ARCHIVE: usize = 8;

/// Where the parts go, and what they are made with.
pub(super) struct Output<'a> {
    pub(super) dir: &'a Path,
    pub(super) settings: String,
}

/// True where the output is a folder that gets a part for each archive: in a format whose records share a file.
pub(super) fn is_wanted(article: &ArticleArgs, output: &Path, paths: &[PathBuf]) -> bool {
    use newsprint::config::Format::{Csv, Jsonl, Parquet};
    matches!(article.format, None | Some(Jsonl | Csv | Parquet))
        && is_folder(output)
        && input::files(paths.to_vec())
            .flatten()
            .any(|it| it.is_archive())
}

/// What a part depends on besides its archive and the program's version.
pub(super) fn fingerprint(args: &ExtractArgs, options: &Options, config: &Config) -> String {
    let article = &args.article;
    let text = format!(
        "{options:?} {:?} {} {:?} {} {:?}",
        article.format, article.bom, article.with, article.report, config.sources
    );
    let model = args.model.as_ref().and_then(|it| fs::read(it).ok());
    digest(&[text.as_bytes(), &model.unwrap_or_default()].concat())
}

/// An archive and its part.
struct Part {
    file: InputFile,
    /// The part's path below the folder.
    name: PathBuf,
    bytes: u64,
    modified: Option<i64>,
}

/// What a part was made from.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
struct Note {
    input: PathBuf,
    input_bytes: u64,
    /// Unix milliseconds.
    input_modified: Option<i64>,
    settings: String,
    extractor: String,
    part: PathBuf,
    part_bytes: u64,
    articles: u64,
    /// Pages without an article, by outcome.
    others: BTreeMap<String, u64>,
}

/// What became of all archives.
struct Totals {
    queue: std::vec::IntoIter<Part>,
    tally: Tally,
    failure: Option<anyhow::Error>,
}

pub(super) fn run(
    mut job: Job,
    args: &ExtractArgs,
    paths: Vec<PathBuf>,
    output: Output<'_>,
) -> Result<Exit> {
    let jobs = args.jobs.map_or_else(
        || thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    if args.site_memory {
        job.learn(args, &paths);
    }
    let parts = parts(&paths, job.format.extension())?;
    files::create_folder(&output.dir.join(NOTES), Access::Group)
        .with_context(|| format!("cannot create the folder {}", output.dir.display()))?;
    let todo = output.todo(parts, &job);
    let folders: BTreeSet<_> = todo.iter().map(|it| folder_of(&it.name)).collect();
    for folder in folders {
        files::remove_leftovers(&output.dir.join(folder));
    }
    let at_once = jobs.div_ceil(JOBS_PER_ARCHIVE).min(todo.len()).max(1);
    job.batch = job.batch.with_jobs(jobs.div_ceil(at_once));
    let pages = input::find(paths, job.max_bytes).without_archives();
    let meter = pages.meter();
    let bar = job
        .shows_bar
        .then(|| ReadBar::new(todo.iter().map(|it| it.bytes).sum(), meter.clone()));
    let bar = bar.flatten();
    // Pages that are in no archive have a file each, which a table cannot have.
    let open = || Sink::open(Some(output.dir), job.format, true, job.printer);
    let (mut others, mut tally) = (None, Tally::new(true));
    job.extract(pages, None, &mut tally, |line| {
        let others = match &mut others {
            Some(sink) => sink,
            none => none.insert(open()?),
        };
        match line {
            Line::Article(article) => others.write(article),
            Line::Missing(line) => others.write_line(line),
        }
    })?;
    let totals = Mutex::new(Totals {
        queue: todo.into_iter(),
        tally,
        failure: None,
    });
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| output.work(&job, &meter, bar.as_ref(), &totals));
        }
    });
    drop(bar);
    let totals = totals.into_inner().unwrap_or_else(PoisonError::into_inner);
    let summary = Summary::new(meter.counts(), &totals.tally);
    job.printer.note(&format!("{summary}\n"));
    match totals.failure {
        Some(error) => Err(error),
        None => Ok(totals.tally.exit()),
    }
}

/// The archives below these paths and their parts. Two may not have the same part.
fn parts(paths: &[PathBuf], extension: &str) -> Result<Vec<Part>> {
    let mut known: HashMap<PathBuf, PathBuf> = HashMap::new();
    let mut parts = Vec::new();
    let archives = input::files(paths.to_vec())
        .flatten()
        .filter(InputFile::is_archive);
    for file in archives {
        let stem = if file.path == Path::new("-") {
            PathBuf::from("stdin")
        } else {
            file.stem()
        };
        let name = PathBuf::from(format!("{}.{extension}", stem.display()));
        match known.insert(name.clone(), file.path.clone()) {
            Some(other) if other == file.path => continue,
            Some(other) => {
                let message = format!(
                    "{} and {} would both be written to {}; name the folder above them, or give each \
                     an output folder of its own",
                    other.display(),
                    file.path.display(),
                    name.display()
                );
                return Err(UsageError(message).into());
            }
            None => {}
        }
        let data = fs::metadata(&file.path).ok();
        parts.push(Part {
            bytes: data.as_ref().map_or(0, fs::Metadata::len),
            modified: data.and_then(|it| modified(&it)),
            file,
            name,
        });
    }
    Ok(parts)
}

fn modified(data: &fs::Metadata) -> Option<i64> {
    let since = data
        .modified()
        .ok()?
        .duration_since(std::time::UNIX_EPOCH)
        .ok()?;
    i64::try_from(since.as_millis()).ok()
}

impl Output<'_> {
    /// The archives that are still to be extracted. Says how many are done, and which have changed since.
    fn todo(&self, parts: Vec<Part>, job: &Job) -> Vec<Part> {
        let count = parts.len();
        let mut todo = Vec::new();
        for part in parts {
            let Some(note) = self.note(&part) else {
                todo.push(part);
                continue;
            };
            let is_there =
                fs::metadata(self.dir.join(&part.name)).is_ok_and(|it| it.len() == note.part_bytes);
            let reason = if !is_there {
                "its part is gone or was changed"
            } else if (note.input_bytes, note.input_modified) != (part.bytes, part.modified) {
                "it has changed"
            } else if note.settings != self.settings {
                "the settings have changed"
            } else {
                continue;
            };
            let name = part.file.path.display();
            job.printer
                .note(&format!("{name} is extracted again: {reason}\n"));
            todo.push(part);
        }
        let done = (count - todo.len()) as u64;
        if done > 0 {
            let (done, left) = (counted(done, "archive"), todo.len());
            let dir = self.dir.display();
            job.printer.note(&format!(
                "{done} done before in {dir} passed over, {left} to do\n"
            ));
        }
        todo
    }

    fn note(&self, part: &Part) -> Option<Note> {
        if part.file.path == Path::new("-") {
            return None;
        }
        serde_json::from_slice(&fs::read(self.note_path(part)).ok()?).ok()
    }

    fn note_path(&self, part: &Part) -> PathBuf {
        let name = format!("{}.json", part.name.display());
        self.dir.join(NOTES).join(name)
    }

    /// Extracts archives until none is left, or one can't be written.
    fn work(&self, job: &Job, meter: &ReadMeter, bar: Option<&ReadBar>, totals: &Mutex<Totals>) {
        let lock = || totals.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let next = {
                let mut totals = lock();
                let is_over = totals.failure.is_some();
                if is_over { None } else { totals.queue.next() }
            };
            let Some(part) = next else { return };
            match self.extract(job, &part, meter, bar) {
                Ok(tally) => lock().tally.add(tally),
                Err(error) => {
                    lock().failure.get_or_insert(error);
                }
            }
        }
    }

    /// Extracts one archive. A part that its archive could not be read for is not put in place.
    fn extract(
        &self,
        job: &Job,
        part: &Part,
        meter: &ReadMeter,
        bar: Option<&ReadBar>,
    ) -> Result<Tally> {
        let path = self.dir.join(&part.name);
        let mut writer = PartWriter::create(&path, job.format)?;
        let pages = input::find(vec![part.file.path.clone()], job.max_bytes);
        let pages = pages.with_meter(meter);
        let mut tally = Tally::new(true);
        job.extract(pages, bar, &mut tally, |line| writer.write(&line))?;
        if tally.is_unreadable() {
            let name = part.file.path.display();
            job.printer.error(&format!(
                "{name}: not all of it could be read; run again to extract it"
            ));
            return Ok(tally);
        }
        let (part_bytes, others) = (writer.put()?, tally.missing().iter());
        let note = Note {
            input: part.file.path.clone(),
            input_bytes: part.bytes,
            input_modified: part.modified,
            settings: self.settings.clone(),
            extractor: EXTRACTOR.to_owned(),
            part: part.name.clone(),
            part_bytes,
            articles: tally.articles(),
            others: others
                .map(|(name, count)| ((*name).to_owned(), *count))
                .collect(),
        };
        self.write_note(part, &note)?;
        Ok(tally)
    }

    fn write_note(&self, part: &Part, note: &Note) -> Result<()> {
        let path = self.note_path(part);
        let bytes = serde_json::to_vec_pretty(note)?;
        create_folder_of(&path)?;
        files::replace(&path, &bytes, Access::Group).with_context(|| cannot_write(&path))
    }
}
