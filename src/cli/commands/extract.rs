//! `newsprint extract PATH…`: pages are read by one thread, worked on by several, and printed in
//! the order in which they were read; what waits is bounded, so that memory does not grow with the
//! number of pages.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Result;
use newsprint::extract::Extractor;
use newsprint::input::{self, InputError};
use newsprint::page::Input;
use newsprint::rulebook::RuleBook;
use url::Url;

use crate::cli::args::{Common, Extract};
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;
use crate::cli::sink::Sink;
use crate::cli::tally::{Page, Tally};
use crate::cli::{Exit, inputs, settings, times};

/// A page to work on, and where its result is waited for.
type Job = (Result<input::Page, InputError>, SyncSender<(String, Page)>);

pub(crate) fn run(args: Extract, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let mut paths = args.paths;
    if let Some(list) = &args.input_file {
        paths.extend(inputs::lines(list)?.into_iter().map(PathBuf::from));
    }
    let several = paths.len() > 1
        || args.input_file.is_some()
        || paths.iter().any(|it| input::is_several(it));
    if several && args.url.is_some() {
        let mend = "--url names the address of one page; leave it out with several".to_owned();
        return Err(UsageError(mend).into());
    }
    let format = settings::format(args.text.format, several);
    let options = settings::extraction(&args.text, format, &config.output.include);
    let mut extractor = Extractor::new(options);
    if let Some(path) = &args.model {
        extractor = extractor.with_model(super::model(path)?);
    }
    let worker = Worker {
        extractor,
        book: RuleBook::new(&config),
        now: times::now(),
        url: args.url,
    };
    let jobs = args.jobs.map_or_else(
        || thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    let sink = Sink::open(args.text.output.as_deref(), format, several, *printer)?;
    work(
        input::pages(paths, config.crawl.max_body.max(20 << 20)),
        &worker,
        jobs,
        sink,
        Tally::new(several),
        printer,
    )
}

/// Hands pages to the workers; each gets a place in the queue of results as it is read.
fn work(
    pages: input::Pages,
    worker: &Worker,
    jobs: usize,
    mut sink: Sink,
    mut tally: Tally,
    printer: &Printer,
) -> Result<Exit> {
    thread::scope(|scope| {
        let (to_workers, queue) = sync_channel::<Job>(jobs);
        let (to_printer, results) = sync_channel::<Receiver<(String, Page)>>(4 * jobs);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..jobs {
            let queue = Arc::clone(&queue);
            scope.spawn(move || worker.run(&queue));
        }
        drop(queue);
        scope.spawn(move || {
            for page in pages {
                let (result, place) = sync_channel(1);
                // Whoever printed has gone: there is nothing left to do.
                if to_printer.send(place).is_err() || to_workers.send((page, result)).is_err() {
                    return;
                }
            }
        });
        for place in results {
            let (name, page) = place
                .recv()
                .unwrap_or_else(|_| (String::new(), Page::panicked()));
            if let Some(article) = tally.count(&name, page, printer) {
                sink.write(&article)?;
            }
        }
        sink.close()?;
        Ok(tally.exit())
    })
}

struct Worker {
    extractor: Extractor,
    book: RuleBook,
    /// For pages that don't say when they were fetched.
    now: i64,
    url: Option<Url>,
}

impl Worker {
    fn run(&self, queue: &Mutex<Receiver<Job>>) {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((page, result)) = next else { return };
            let done = match page {
                Ok(page) => (page.name.clone(), self.extract(page)),
                Err(error) => (error.name, Page::failed(error.reason)),
            };
            if result.send(done).is_err() {
                return;
            }
        }
    }

    fn extract(&self, page: input::Page) -> Page {
        let url = self.url.as_ref().or(page.url.as_ref());
        let input = Input {
            bytes: &page.bytes,
            url,
            content_type: page.content_type.as_deref(),
            x_robots_tag: None,
        };
        // A fault on one page must not cost the others.
        let fetched_at = page.fetched_at.as_deref().and_then(times::millis);
        let rules = self
            .book
            .for_page(None, url, fetched_at.unwrap_or(self.now));
        let extract = || self.extractor.extract_with(&input, &rules);
        let extracted = catch_unwind(AssertUnwindSafe(extract));
        let Ok(mut extraction) = extracted else {
            return Page::panicked();
        };
        extraction.article.source = Some(page.name);
        extraction.article.fetched_at = page.fetched_at;
        extraction.article.status = page.status;
        Page::of(extraction)
    }
}
