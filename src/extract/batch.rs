//! Many pages at once: extracted in parallel, returned in order. What waits is bounded, so that memory
//! does not grow with the number of pages. Where several pages of one host are among them, a first
//! pass can learn what they have in common, which is boilerplate ([`Batch::learn`]).
//!
//! The batch opens no files itself: a page is given as a function that reads it, which a worker calls
//! when the page's turn comes.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::extract::decide::site_memory::{SiteMemory, host_of_page};
use crate::extract::{Extraction, Extractor, SiteRules};
use crate::page::SavedPage;

/// Hosts with fewer pages have nothing to compare.
const FEWEST_PAGES: usize = 3;
/// Pages of each host that are learned from, taken at even distances.
const SAMPLE: usize = 60;

/// Extracts many pages in parallel.
///
/// ```
/// use std::convert::Infallible;
///
/// use newsprint::Extractor;
/// use newsprint::extract::batch::{Batch, BatchError};
/// use newsprint::page::SavedPage;
///
/// let pages = ["<h1>Ferry returns</h1>", "<h1>Limes for the quay</h1>"].map(|html| {
///     move || {
///         Ok::<SavedPage, Infallible>(SavedPage {
///             bytes: html.into(),
///             ..SavedPage::default()
///         })
///     }
/// });
/// let mut titles = Vec::new();
/// Batch::new(Extractor::default()).run(pages, |extraction| {
///     titles.push(extraction?.article.title);
///     Ok::<(), BatchError<Infallible>>(())
/// })?;
/// assert_eq!(titles[1].as_deref(), Some("Limes for the quay"));
/// # Ok::<(), BatchError<Infallible>>(())
/// ```
pub struct Batch {
    extractor: Extractor,
    jobs: usize,
    rules: Box<RulesOf>,
    memories: HashMap<String, Arc<SiteMemory>>,
}

/// The selectors that users wrote for a page.
type RulesOf = dyn Fn(&SavedPage) -> SiteRules + Send + Sync;

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("extractor", &self.extractor)
            .field("jobs", &self.jobs)
            .field("memories", &self.memories.len())
            .finish_non_exhaustive()
    }
}

/// Why a page of a batch has no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError<E> {
    /// The page could not be read.
    #[error(transparent)]
    Read(#[from] E),
    /// Reading or extracting the page panicked, which is a bug; the other pages are not affected.
    #[error("{name}: extracting the page panicked")]
    Panicked {
        /// The page's name; empty if it was not read yet.
        name: String,
    },
}

impl Batch {
    /// A batch with as many worker threads as the machine runs at once.
    pub fn new(extractor: Extractor) -> Batch {
        Batch {
            extractor,
            jobs: thread::available_parallelism().map_or(1, usize::from),
            rules: Box::new(|_| SiteRules::default()),
            memories: HashMap::new(),
        }
    }

    /// Sets the number of worker threads, at least one.
    #[must_use]
    pub fn with_jobs(self, jobs: usize) -> Batch {
        Batch {
            jobs: jobs.max(1),
            ..self
        }
    }

    /// Sets where the selectors come from that users wrote for a page's host.
    #[must_use]
    pub fn with_rules(
        self,
        rules: impl Fn(&SavedPage) -> SiteRules + Send + Sync + 'static,
    ) -> Batch {
        Batch {
            rules: Box::new(rules),
            ..self
        }
    }

    /// Learns what the articles of each host have in common, from a sample of the pages. `pages` is
    /// called twice, and must return the same pages in the same order; those that can't be read are
    /// passed over.
    pub fn learn<I, P, E>(&mut self, pages: impl Fn() -> I)
    where
        I: Iterator<Item = P> + Send,
        P: FnOnce() -> Result<SavedPage, E> + Send,
    {
        let sample = self.sample(pages());
        if sample.is_empty() {
            return;
        }
        let chosen = pages().enumerate().filter(|(at, _)| sample.contains(at));
        let learning = self.extractor.with_memory(Arc::default());
        let fingerprint = |read: P| {
            let page = read().ok()?;
            let host = host_of_page(&page.input())?;
            let extraction = learning.extract_with(&page.input(), &(self.rules)(&page));
            let is_article = extraction.verdict.is_article();
            is_article.then_some((host, extraction.fingerprint))
        };
        let mut memories: HashMap<String, SiteMemory> = HashMap::new();
        let chosen = chosen.map(|(_, read)| read);
        let Ok(()) = in_order(chosen, self.jobs, fingerprint, |done| {
            if let Some((host, fingerprint)) = done.flatten() {
                memories.entry(host).or_default().learn(&fingerprint);
            }
            Ok::<(), Infallible>(())
        });
        let memories = memories.into_iter();
        self.memories = memories.map(|(host, it)| (host, Arc::new(it))).collect();
    }

    /// The places of the pages to learn from, of the hosts that have several.
    fn sample<P, E>(&self, pages: impl Iterator<Item = P> + Send) -> HashSet<usize>
    where
        P: FnOnce() -> Result<SavedPage, E> + Send,
    {
        let mut hosts: HashMap<String, Vec<usize>> = HashMap::new();
        let mut places = 0..;
        let host_of = |read: P| host_of_page(&read().ok()?.input());
        let Ok(()) = in_order(pages, self.jobs, host_of, |host| {
            let at = places.next();
            if let Some(host) = host.flatten() {
                hosts.entry(host).or_default().extend(at);
            }
            Ok::<(), Infallible>(())
        });
        hosts.retain(|_, pages| pages.len() >= FEWEST_PAGES);
        let sampled = |pages: &Vec<usize>| {
            let count = pages.len().min(SAMPLE);
            let at = |number: usize| pages[number * pages.len() / count];
            (0..count).map(at).collect::<Vec<_>>()
        };
        hosts.values().flat_map(sampled).collect()
    }

    /// Extracts every page, and hands the results to `done` in the order of the pages. The record has
    /// the page's name as its source, its status and when it was fetched.
    ///
    /// # Errors
    ///
    /// Stops at the first error of `done`, and returns it.
    pub fn run<P, E, B>(
        &self,
        pages: impl IntoIterator<Item = P, IntoIter: Send>,
        mut done: impl FnMut(Result<Extraction, BatchError<E>>) -> Result<(), B>,
    ) -> Result<(), B>
    where
        P: FnOnce() -> Result<SavedPage, E> + Send,
        E: Send,
    {
        let work = |read: P| self.extract(read()?);
        in_order(pages.into_iter(), self.jobs, work, |result| {
            done(result.unwrap_or_else(|| {
                Err(BatchError::Panicked {
                    name: String::new(),
                })
            }))
        })
    }

    fn extract<E>(&self, page: SavedPage) -> Result<Extraction, BatchError<E>> {
        let extract = || {
            let (input, rules) = (page.input(), (self.rules)(&page));
            let memory = host_of_page(&input).and_then(|host| self.memories.get(&host));
            match memory {
                Some(memory) => {
                    let extractor = self.extractor.with_memory(Arc::clone(memory));
                    extractor.extract_with(&input, &rules)
                }
                None => self.extractor.extract_with(&input, &rules),
            }
        };
        match catch_unwind(AssertUnwindSafe(extract)) {
            Ok(mut extraction) => {
                let article = &mut extraction.article;
                article.source = Some(page.name);
                article.set_fetched_at(page.fetched_at);
                article.status = page.status;
                let faults = page.faults.iter().filter_map(|it| it.warning());
                for warning in faults {
                    if !article.warnings.iter().any(|it| it == warning) {
                        article.warnings.push(warning.to_owned());
                    }
                }
                Ok(extraction)
            }
            Err(_) => Err(BatchError::Panicked { name: page.name }),
        }
    }
}

/// Works on several items at once, and hands the results on in the order of the items; `None` for
/// one that panicked.
fn in_order<I: Send, R: Send, E>(
    items: impl Iterator<Item = I> + Send,
    jobs: usize,
    work: impl Fn(I) -> R + Sync,
    mut hand_on: impl FnMut(Option<R>) -> Result<(), E>,
) -> Result<(), E> {
    let work = |item| catch_unwind(AssertUnwindSafe(|| work(item))).ok();
    thread::scope(|scope| {
        // An item, and the channel that its result goes to: each gets its place as it is taken.
        let (to_workers, queue) = sync_channel::<(I, SyncSender<Option<R>>)>(jobs);
        let (to_caller, results) = sync_channel::<Receiver<Option<R>>>(4 * jobs);
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
                // The caller has stopped: there is nothing left to do.
                if to_caller.send(place).is_err() || to_workers.send((item, result)).is_err() {
                    return;
                }
            }
        });
        for place in results {
            hand_on(place.recv().ok().flatten())?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests;
