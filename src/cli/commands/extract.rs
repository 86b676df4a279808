//! `newsprint extract PATH…`: finds saved pages and prints the articles that [`Batch`] extracts.

mod part_file;
mod parts;
mod summary;

use std::path::{Path, PathBuf};

use anyhow::Result;
use newsprint::article::Article;
use newsprint::config::Config;
use newsprint::extract::batch::{Batch, BatchError};
use newsprint::extract::{Extraction, Extractor, Options};
use newsprint::input::{self, FoundPage, InputError, PageFault, PageFinder, ReadMeter};
use newsprint::output::RecordFormat;
use newsprint::page::SavedPage;
use newsprint::rulebook::RuleBook;
use url::Url;

use self::summary::Summary;
use crate::cli::args::{Common, ExtractArgs};
use crate::cli::bars::ReadBar;
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;
use crate::cli::sink::Sink;
use crate::cli::tally::{PageName, PageResult, Tally};
use crate::cli::{Exit, formats, inputs, settings, times};

pub(crate) fn run(mut args: ExtractArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let mut paths = inputs::expanded(std::mem::take(&mut args.paths));
    if let Some(list) = &args.input_file {
        let listed = inputs::lines(list)?.into_iter().map(PathBuf::from);
        paths.extend(inputs::expanded(listed));
    }
    if paths.is_empty() && args.input_file.is_none() {
        inputs::reads_pipe("the PATH of a page, a folder or an archive", "extract")?;
        paths.push(PathBuf::from("-"));
    }
    let several = paths.len() > 1
        || args.input_file.is_some()
        || paths.iter().any(|it| input::is_several(it));
    if several && args.url.is_some() {
        let message =
            "--url takes the address of one page; leave it out if there are several".to_owned();
        return Err(UsageError(message).into());
    }
    let output = args.article.output.as_deref();
    let in_parts = output.is_some_and(|dir| parts::is_wanted(&args.article, dir, &paths));
    let format = settings::format(&args.article, several, in_parts)?;
    let options = settings::extraction(&args.article, format, &config.output.include);
    let job = Job {
        batch: batch(&args, &config, options.clone())?,
        max_bytes: config.crawl.max_body.max(20 << 20),
        url: args.url.clone(),
        several,
        reports: args.article.report,
        names_all: common.verbose > 0,
        shows_bar: !common.no_progress && !common.quiet && common.verbose == 0,
        format: formats::with_bom(format, args.article.bom)?,
        printer: *printer,
    };
    match output {
        Some(dir) if in_parts => {
            let settings = parts::fingerprint(&args, &options, &config);
            parts::run(job, &args, paths, parts::Output { dir, settings })
        }
        _ => job.run(&args, paths),
    }
}

fn batch(args: &ExtractArgs, config: &Config, options: Options) -> Result<Batch> {
    let mut extractor = Extractor::builder().options(options);
    if let Some(path) = &args.model {
        extractor = extractor.model(super::model(path)?);
    }
    let (book, now) = (RuleBook::new(config), times::now());
    let batch = Batch::new(extractor.build()).with_rules(move |page| {
        let fetched_at = page.fetched_at.as_deref().and_then(times::millis);
        book.for_page(None, page.url.as_ref(), fetched_at.unwrap_or(now))
    });
    Ok(match args.jobs {
        Some(jobs) => batch.with_jobs(jobs.get()),
        None => batch,
    })
}

/// What is done with every page.
struct Job {
    batch: Batch,
    max_bytes: u64,
    url: Option<Url>,
    several: bool,
    /// A page without an article gets a line of the output.
    reports: bool,
    /// Pages of archives that hold no article are named, too.
    names_all: bool,
    shows_bar: bool,
    format: &'static dyn RecordFormat,
    printer: Printer,
}

/// What is written of a page.
enum Line<'a> {
    Article(&'a Article),
    /// A line of the report.
    Missing(&'a str),
}

impl Job {
    /// Writes the articles to one place.
    fn run(mut self, args: &ExtractArgs, paths: Vec<PathBuf>) -> Result<Exit> {
        self.learn(args, &paths);
        let output = args.article.output.as_deref();
        let mut sink = Sink::open(output, self.format, self.several, self.printer)?;
        let pages = input::find(paths.clone(), self.max_bytes);
        let meter = pages.meter();
        let bar = self.bar(output, &paths, &meter);
        let mut tally = Tally::new(self.several);
        self.extract(pages, bar.as_ref(), &mut tally, |line| match line {
            Line::Article(article) => sink.write(article),
            Line::Missing(line) => sink.write_line(line),
        })?;
        sink.close()?;
        drop(bar);
        let read = meter.counts();
        if read.bytes > 0 {
            let summary = Summary::new(read, &tally);
            self.printer.note(&format!("{summary}\n"));
        }
        Ok(tally.exit())
    }

    /// Learns what the pages of each host have in common. Archives are too large to be read three times, and have
    /// too many hosts: their pages are extracted each by itself, unless that is asked for.
    fn learn(&mut self, args: &ExtractArgs, paths: &[PathBuf]) {
        if !self.several || args.no_site_memory || !paths.iter().all(|it| can_be_reread(it)) {
            return;
        }
        let (url, max_bytes, takes_archives) = (&self.url, self.max_bytes, args.site_memory);
        self.batch.learn(|| {
            let pages = input::find(paths.to_vec(), max_bytes);
            let pages = if takes_archives {
                pages
            } else {
                pages.without_archives()
            };
            pages.map(|found| move || with_url(found.read()?, url.as_ref()))
        });
    }

    /// Extracts pages, counts them, and writes what comes of them in their order.
    fn extract(
        &self,
        pages: PageFinder,
        bar: Option<&ReadBar>,
        tally: &mut Tally,
        mut write: impl FnMut(Line<'_>) -> Result<()>,
    ) -> Result<()> {
        let pages = pages.map(|found| move || self.read(found));
        self.batch.run(pages, |result| {
            let Named { name, url, page } = named(result);
            let name = name.as_str();
            let counted = if is_of_archive(name) {
                tally.count_of_archive(name, page, self.names_all, &self.printer)
            } else {
                tally.count(name, page, &self.printer)
            };
            if let Some(bar) = bar {
                bar.show(counted.is_ok());
            }
            match counted {
                Ok(article) => write(Line::Article(&article))?,
                Err(missing) if self.reports => {
                    let name = PageName {
                        url: url.as_deref(),
                        source: Some(name),
                    };
                    write(Line::Missing(&missing.line(name)))?;
                }
                Err(_) => {}
            }
            anyhow::Ok(())
        })
    }

    /// Reads a page, and reports what is wrong with how it was saved.
    fn read(&self, found: FoundPage) -> Result<SavedPage, InputError> {
        let page = found.read()?;
        for fault in &page.faults {
            // Crawlers cut pages at a size; the record says so.
            if *fault != PageFault::Truncated || self.names_all {
                let place = page.offset.unwrap_or_default();
                self.printer
                    .error(&format!("{} at byte {place}: {fault}", page.name));
            }
        }
        with_url(page, self.url.as_ref())
    }

    /// A progress bar, where archives are read and nothing else is written to the terminal.
    fn bar(&self, output: Option<&Path>, paths: &[PathBuf], meter: &ReadMeter) -> Option<ReadBar> {
        let is_shown = self.shows_bar && (output.is_some() || !self.printer.is_on_terminal());
        if !is_shown || !self.several {
            return None;
        }
        let archives = input::files(paths.to_vec())
            .flatten()
            .filter(input::InputFile::is_archive);
        let sizes = archives.map(|it| std::fs::metadata(it.path).map_or(0, |it| it.len()));
        ReadBar::new(sizes.sum(), meter.clone())
    }
}

fn with_url(page: SavedPage, url: Option<&Url>) -> Result<SavedPage, InputError> {
    let url = url.cloned().or(page.url);
    Ok(SavedPage { url, ..page })
}

/// A page's result, with where it was read from and the address it was saved with.
struct Named {
    name: String,
    url: Option<String>,
    page: PageResult,
}

fn named(result: Result<Extraction, BatchError<InputError>>) -> Named {
    let (name, page) = match result {
        Ok(extraction) => {
            let article = &extraction.article;
            return Named {
                name: article.source.clone().unwrap_or_default(),
                url: article.url.clone(),
                page: PageResult::of(extraction),
            };
        }
        Err(BatchError::Read(error)) => (error.name.clone(), PageResult::of_input(error)),
        Err(BatchError::Panicked { name }) => (name, PageResult::panicked()),
        Err(error) => (String::new(), PageResult::unreadable(error.to_string())),
    };
    Named {
        name,
        url: None,
        page,
    }
}

/// True for the name of a page of an archive: the archive's, and its address.
fn is_of_archive(name: &str) -> bool {
    let archive = name.split_once('#').map(|(archive, _)| archive);
    archive.is_some_and(|it| it == "-" || input::is_archive(Path::new(it)))
}

/// True for files and folders; a pipe can be read only once.
fn can_be_reread(path: &Path) -> bool {
    path.is_file() || path.is_dir()
}
