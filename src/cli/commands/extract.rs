//! `newsprint extract PATH…`: pages are found by one thread, read and worked on by several, and
//! printed in the order in which they were found; what waits is bounded, so that memory does not grow
//! with the number of pages. Where pages of one host are several, a first pass over them learns what they
//! have in common.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Result;
use newsprint::extract::site_memory::{SiteMemory, host_of_page};
use newsprint::extract::{Extraction, Extractor};
use newsprint::input::{self, FoundPage};
use newsprint::page::Input;
use newsprint::rulebook::RuleBook;
use url::Url;

use crate::cli::args::{Common, ExtractArgs};
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;
use crate::cli::sink::Sink;
use crate::cli::tally::{PageResult, Tally};
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
        let mend = "--url names the address of one page; leave it out with several".to_owned();
        return Err(UsageError(mend).into());
    }
    let format = settings::format(args.article.format, several);
    let options = settings::extraction(&args.article, format, &config.output.include);
    let mut extractor = Extractor::builder().options(options);
    if let Some(path) = &args.model {
        extractor = extractor.model(super::model(path)?);
    }
    let jobs = args.jobs.map_or_else(
        || thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    let max_bytes = config.crawl.max_body.max(20 << 20);
    let mut worker = Worker {
        extractor: extractor.build(),
        book: RuleBook::new(&config),
        now: times::now(),
        url: args.url,
        memories: Memories::default(),
    };
    if several && !args.no_site_memory && paths.iter().all(|it| can_be_reread(it)) {
        worker.memories = learn(&paths, max_bytes, &worker, jobs);
    }
    let mut sink = Sink::open(args.article.output.as_deref(), format, several, *printer)?;
    let mut tally = Tally::new(several);
    let work = |found: FoundPage| match found.read() {
        Ok(page) => (page.name.clone(), worker.extract(page)),
        Err(error) => (error.name, PageResult::failed(error.reason)),
    };
    in_order(input::find(paths, max_bytes), jobs, work, |done| {
        let (name, page) = done.unwrap_or_else(|| (String::new(), PageResult::panicked()));
        match tally.count(&name, page, printer) {
            Some(article) => Ok(sink.write(&article)?),
            None => anyhow::Ok(()),
        }
    })?;
    sink.close()?;
    Ok(tally.exit())
}

/// What every page needs.
struct Worker {
    extractor: Extractor,
    book: RuleBook,
    /// For pages that don't say when they were fetched.
    now: i64,
    url: Option<Url>,
    memories: Memories,
}

impl Worker {
    fn extract(&self, page: input::SavedPage) -> PageResult {
        let input = self.input(&page);
        let memory = host_of_page(&input).and_then(|host| self.memories.get(&host));
        let remembering = memory.map(|memory| self.extractor.with_memory(Arc::clone(memory)));
        let extractor = remembering.as_ref().unwrap_or(&self.extractor);
        let Some(mut extraction) = self.extraction(extractor, &page, &input) else {
            return PageResult::panicked();
        };
        extraction.article.source = Some(page.name);
        extraction.article.set_fetched_at(page.fetched_at);
        extraction.article.status = page.status;
        PageResult::of(extraction)
    }

    /// `None` after a fault, which must not cost the other pages.
    fn extraction(
        &self,
        extractor: &Extractor,
        page: &input::SavedPage,
        input: &Input<'_>,
    ) -> Option<Extraction> {
        let fetched_at = page.fetched_at.as_deref().and_then(times::millis);
        let at = fetched_at.unwrap_or(self.now);
        let rules = self.book.for_page(None, input.url, at);
        catch_unwind(AssertUnwindSafe(|| extractor.extract_with(input, &rules))).ok()
    }

    fn input<'p>(&'p self, page: &'p input::SavedPage) -> Input<'p> {
        let url = self.url.as_ref().or(page.url.as_ref());
        page.input().with_url(url)
    }
}

/// What the articles of each host have in common.
type Memories = HashMap<String, Arc<SiteMemory>>;

/// Hosts with fewer pages have nothing to compare.
const FEWEST_PAGES: usize = 3;
/// Pages that are learned from, of each host: taken at even distances, they show what stands on all.
const SAMPLE: usize = 60;

/// Files and folders; what comes through a pipe comes once.
fn can_be_reread(path: &Path) -> bool {
    path.is_file() || path.is_dir()
}

/// Learns, before any page is printed, what the articles of each host have in common, from some of
/// its pages, in their order.
fn learn(paths: &[PathBuf], max_bytes: u64, worker: &Worker, jobs: usize) -> Memories {
    let found = || input::find(paths.to_vec(), max_bytes);
    let mut hosts: HashMap<String, Vec<usize>> = HashMap::new();
    let mut places = 0..;
    let host_of = |found: FoundPage| host_of_page(&worker.input(&found.read().ok()?));
    let Ok(()) = in_order(found(), jobs, host_of, |host| {
        let at = places.next();
        if let Some(host) = host.flatten() {
            hosts.entry(host).or_default().extend(at);
        }
        Ok::<(), Infallible>(())
    });
    hosts.retain(|_, pages| pages.len() >= FEWEST_PAGES);
    if hosts.is_empty() {
        return Memories::default();
    }
    let sampled = |pages: &Vec<usize>| {
        let count = pages.len().min(SAMPLE);
        let at = |number: usize| pages[number * pages.len() / count];
        (0..count).map(at).collect::<Vec<_>>()
    };
    let sample: HashSet<usize> = hosts.values().flat_map(sampled).collect();
    let chosen = found().enumerate().filter(|(at, _)| sample.contains(at));
    let mut memories: HashMap<String, SiteMemory> = HashMap::new();
    let learning = worker.extractor.with_memory(Arc::default());
    let work = |found: FoundPage| {
        let page = found.read().ok()?;
        let input = worker.input(&page);
        let host = host_of_page(&input)?;
        let extraction = worker.extraction(&learning, &page, &input)?;
        extraction
            .verdict
            .is_article()
            .then_some((host, extraction.fingerprint))
    };
    let Ok(()) = in_order(chosen.map(|(_, found)| found), jobs, work, |done| {
        if let Some((host, traits)) = done.flatten() {
            memories.entry(host).or_default().learn(&traits);
        }
        Ok::<(), Infallible>(())
    });
    memories
        .into_iter()
        .map(|(host, memory)| (host, Arc::new(memory)))
        .collect()
}

/// Works on several items at once, and hands the results on in the order of the items; `None` for
/// one that panicked.
fn in_order<I: Send, R: Send, E>(
    items: impl Iterator<Item = I> + Send,
    jobs: usize,
    work: impl Fn(I) -> R + Sync,
    mut hand_on: impl FnMut(Option<R>) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        // An item, and where its result is waited for: each gets its place as it is read.
        let (to_workers, queue) = sync_channel::<(I, SyncSender<R>)>(jobs);
        let (to_printer, results) = sync_channel::<Receiver<R>>(4 * jobs);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..jobs {
            let (queue, work) = (Arc::clone(&queue), &work);
            scope.spawn(move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((item, result)) = next else { return };
                    if result.send(work(item)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(queue);
        scope.spawn(move || {
            for item in items {
                let (result, place) = sync_channel(1);
                // Whoever prints has gone: there is nothing left to do.
                if to_printer.send(place).is_err() || to_workers.send((item, result)).is_err() {
                    return;
                }
            }
        });
        for place in results {
            hand_on(place.recv().ok())?;
        }
        Ok(())
    })
}
