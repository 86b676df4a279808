//! `newsprint extract PATH…`: finds saved pages and prints the articles that [`Batch`] extracts.

use std::path::{Path, PathBuf};

use anyhow::Result;
use newsprint::extract::batch::{Batch, BatchError};
use newsprint::extract::{Extraction, Extractor};
use newsprint::input::{self, InputError};
use newsprint::page::SavedPage;
use newsprint::rulebook::RuleBook;

use crate::cli::args::{Common, ExtractArgs};
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;
use crate::cli::sink::Sink;
use crate::cli::tally::{PageName, PageResult, Tally};
use crate::cli::{Exit, inputs, settings, times};

pub(crate) fn run(args: ExtractArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let mut paths = args.paths;
    if let Some(list) = &args.input_file {
        paths.extend(inputs::lines(list)?.into_iter().map(PathBuf::from));
    }
    let several = paths.len() > 1
        || args.input_file.is_some()
        || paths.iter().any(|it| input::is_several(it));
    if several && args.url.is_some() {
        let message =
            "--url takes the address of one page; leave it out if there are several".to_owned();
        return Err(UsageError(message).into());
    }
    let format = settings::format(&args.article, several)?;
    let options = settings::extraction(&args.article, format, &config.output.include);
    let mut extractor = Extractor::builder().options(options);
    if let Some(path) = &args.model {
        extractor = extractor.model(super::model(path)?);
    }
    let (book, now) = (RuleBook::new(&config), times::now());
    let mut batch = Batch::new(extractor.build()).with_rules(move |page| {
        let fetched_at = page.fetched_at.as_deref().and_then(times::millis);
        book.for_page(None, page.url.as_ref(), fetched_at.unwrap_or(now))
    });
    if let Some(jobs) = args.jobs {
        batch = batch.with_jobs(jobs.get());
    }
    let max_bytes = config.crawl.max_body.max(20 << 20);
    let url = args.url.as_ref();
    let pages = || {
        let found = input::find(paths.clone(), max_bytes);
        found.map(move |found| {
            move || {
                let page = found.read()?;
                let url = url.cloned().or(page.url);
                Ok(SavedPage { url, ..page })
            }
        })
    };
    if several && !args.no_site_memory && paths.iter().all(|it| can_be_reread(it)) {
        batch.learn(pages);
    }
    let mut sink = Sink::open(args.article.output.as_deref(), format, several, *printer)?;
    let mut tally = Tally::new(several);
    batch.run(pages(), |result| {
        let Named { name, url, page } = named(result);
        match tally.count(&name, page, printer) {
            Ok(article) => sink.write(&article)?,
            Err(missing) if args.article.report => {
                let name = PageName {
                    url: url.as_deref(),
                    source: Some(&name),
                };
                sink.write_line(&missing.line(name))?;
            }
            Err(_) => {}
        }
        anyhow::Ok(())
    })?;
    sink.close()?;
    Ok(tally.exit())
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
        Err(BatchError::Read(error)) => (error.name, PageResult::unreadable(error.reason)),
        Err(BatchError::Panicked { name }) => (name, PageResult::panicked()),
        Err(error) => (String::new(), PageResult::unreadable(error.to_string())),
    };
    Named {
        name,
        url: None,
        page,
    }
}

/// True for files and folders; a pipe can be read only once.
fn can_be_reread(path: &Path) -> bool {
    path.is_file() || path.is_dir()
}
