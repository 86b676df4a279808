//! Raw pages extracted again with today's rules, without the network: what changes, source by source.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::client::Readers;
use crate::compare::difference;
use crate::config::Config;
use crate::crawl::clock::Clock;
use crate::crawl::judge::{self, Judge};
use crate::crawl::pending::PendingOutput;
use crate::crawl::plan::{self, CompiledSource};
use crate::crawl::read::extractor;
use crate::crawl::{CrawlError, chosen, join, schedule};
use crate::frontier::{self, Frontier, Judgement, Storage};
use crate::limits::Limits;
use crate::location::StoreLocation;
use crate::store::{self, Filter, Lock, Pages, RawPage, RewriteResult, Store, StoredAs};
use crate::verdict::VisitOutcome;

/// Pages in progress get this long to end after a stop.
const GRACE: Duration = Duration::from_secs(5);
/// Changed articles of a source that are listed one by one; the rest are counted.
const MOST_CHANGES: usize = 1_000;
/// Different paragraphs of a source that are counted, by their first characters…
const MOST_PARAGRAPHS: usize = 10_000;
/// …so many of them.
const PARAGRAPH_CHARS: usize = 300;

/// What is to be extracted again.
#[derive(Debug, Clone, Default)]
pub struct ReextractOptions {
    /// Names of sources; empty for all.
    pub sources: Vec<String>,
    /// Report what would change, and change nothing.
    pub dry_run: bool,
    /// At most so many pages of each source, the newest; `None` for all.
    pub newest: Option<u64>,
    /// Counts the pages that are done, for whoever shows how far it is.
    pub done: Arc<AtomicU64>,
    /// What time it is.
    pub clock: Clock,
    /// The bounds on what is parsed.
    pub limits: Limits,
    /// Ends it after the pages in progress when cancelled. What was changed is stored; the next run does the rest.
    pub stop: CancellationToken,
}

/// What today's rules make of the raw pages of one source.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Differences {
    /// The source's name.
    pub source: String,
    /// Raw pages.
    pub pages: u64,
    /// Articles whose text and fields are what they were.
    pub same: u64,
    /// Articles whose text is another.
    pub texts: u64,
    /// Articles found where none was before.
    pub new: u64,
    /// Pages that were refused before and were judged again.
    pub refused: u64,
    /// Those of them that hold an article.
    pub accepted: u64,
    /// Those that hold the first page of an article, all of which the next crawl fetches.
    pub due: u64,
    /// Pages in which no article is found, by what they are now; one that is stored stays.
    pub none: BTreeMap<VisitOutcome, u64>,
    /// Addresses of articles that are found no more, though they stay stored: the first thousand.
    pub lost: Vec<String>,
    /// Articles of which a field says something else, by field.
    pub fields: BTreeMap<&'static str, u64>,
    /// Paragraphs that went, with how often; shortened.
    pub went: BTreeMap<String, u64>,
    /// Paragraphs that came, with how often; shortened.
    pub came: BTreeMap<String, u64>,
    /// What changed, article by article: the first thousand.
    pub changes: Vec<Difference>,
}

/// What changed in one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its id.
    pub id: String,
    /// Its address.
    pub url: String,
    /// The revision that the new text is; `None` where the text is what it was.
    pub revision: Option<u32>,
    /// Paragraphs that went.
    pub went: Vec<String>,
    /// Paragraphs that came.
    pub came: Vec<String>,
    /// Fields that say something else.
    pub fields: Vec<&'static str>,
}

/// Extracts the stored raw pages again, and stores what has changed: texts as new revisions, and articles
/// on pages that were refused before as new ones. Calls `report` for each source when it is done.
///
/// # Errors
/// Fails where the store or its lock can't be had, and where the store or an output file can't be
/// written.
pub async fn reextract<E: From<CrawlError>>(
    config: &Config,
    options: &ReextractOptions,
    mut report: impl FnMut(Differences) -> Result<(), E>,
) -> Result<(), E> {
    let sources = chosen(config, &options.sources)?;
    let path = &config.store.location;
    // Nothing is changed before the lock is held, and none is made where there is no store.
    let is_missing = matches!(path, StoreLocation::File(file) if !file.exists());
    let lock = if options.dry_run || is_missing {
        None
    } else {
        store::lock(path).await.map_err(CrawlError::from)?
    };
    let worker = join(config, options.dry_run).await;
    let worker = worker.map_err(CrawlError::from)?;
    let storage = if options.dry_run {
        frontier::open_dry(path, schedule(config)).await
    } else {
        let path = worker.as_ref().map_or(path, |it| it.location());
        frontier::open_existing(path, schedule(config)).await
    };
    let Storage { store, frontier } = storage.map_err(CrawlError::from)?;
    let work = Reextraction {
        judge: judge_of(config, (&*store, &*frontier), options),
        files: PendingOutput::of(&config.output, worker.clone()).filter(|_| !options.dry_run),
        lock,
        options,
    };
    work.run(config, sources, &mut report).await?;
    store.close().await;
    if let Some(worker) = worker {
        worker.leave().await;
    }
    Ok(())
}

/// What [`reextract`] would report with these settings as a dry run, on a store that is open to write: each change is
/// rolled back at once. No copy of the store is made, as [`reextract`] makes one while somebody writes to it.
///
/// # Errors
/// Fails where the store can't be read, or takes no changes.
pub async fn preview(
    config: &Config,
    storage: &Storage,
    options: &ReextractOptions,
) -> Result<Vec<Differences>, CrawlError> {
    let sources = chosen(config, &options.sources)?;
    let options = ReextractOptions {
        dry_run: true,
        ..options.clone()
    };
    let work = Reextraction {
        judge: judge_of(config, (&*storage.store, &*storage.frontier), &options),
        files: None,
        lock: None,
        options: &options,
    };
    let mut all = Vec::new();
    work.run(config, sources, &mut |source| {
        all.push(source);
        Ok::<_, CrawlError>(())
    })
    .await?;
    Ok(all)
}

fn judge_of<'a>(
    config: &Config,
    (store, frontier): (&'a dyn Store, &'a dyn Frontier),
    options: &'a ReextractOptions,
) -> Judge<'a> {
    Judge {
        store,
        frontier,
        extractor: extractor(config, &options.limits),
        readers: Readers::new(options.limits.read_time),
        clock: &options.clock,
        dry_run: options.dry_run,
    }
}

/// Extracts again, source by source.
struct Reextraction<'a> {
    judge: Judge<'a>,
    files: Option<PendingOutput>,
    /// Checked before each batch; a dry run has none.
    lock: Option<Lock>,
    options: &'a ReextractOptions,
}

impl Reextraction<'_> {
    async fn run<E: From<CrawlError>>(
        &self,
        config: &Config,
        sources: Vec<String>,
        report: &mut impl FnMut(Differences) -> Result<(), E>,
    ) -> Result<(), E> {
        let plans = plan::plans(
            config,
            (&BTreeMap::new(), &BTreeMap::new()),
            self.options.clock.now(),
        );
        for source in sources {
            if self.options.stop.is_cancelled() {
                break;
            }
            if let Some(plan) = plans.get(&source) {
                report(self.source(source, plan).await?)?;
            }
        }
        Ok(())
    }

    /// Ends when the pages in progress have had their time after a stop.
    async fn given_up(&self) {
        self.options.stop.cancelled().await;
        sleep(GRACE).await;
    }

    async fn source(
        &self,
        source: String,
        plan: &Arc<CompiledSource>,
    ) -> Result<Differences, CrawlError> {
        let filter = Filter {
            sources: vec![source.clone()],
            ..Filter::default()
        };
        let mut pages = self.judge.store.pages(filter);
        let mut differences = Differences {
            source,
            ..Differences::default()
        };
        let mut left = self.options.newest.unwrap_or(u64::MAX);
        while !self.options.stop.is_cancelled() {
            let batch = next_batch(&mut pages, left).await?;
            if batch.is_empty() {
                break;
            }
            left -= batch.len() as u64;
            if let Some(lock) = &self.lock {
                lock.check()?;
            }
            // Each page is a transaction of its own.
            let judgements = tokio::select! {
                judgements = self.judge.judge(batch, plan) => judgements?,
                () = self.given_up() => break,
            };
            for judgement in judgements {
                differences.count(judgement);
                self.options.done.fetch_add(1, Ordering::Relaxed);
            }
        }
        if let Some(files) = &self.files {
            files
                .write_all(self.judge.store, self.judge.clock.now())
                .await?;
        }
        Ok(differences)
    }
}

/// The next pages, at most so many.
async fn next_batch(pages: &mut Pages<'_>, most: u64) -> Result<Vec<RawPage>, CrawlError> {
    let most = most.min(judge::batch() as u64);
    let mut batch = Vec::new();
    while (batch.len() as u64) < most {
        match pages.next().await? {
            Some(page) => batch.push(page),
            None => break,
        }
    }
    Ok(batch)
}

impl Differences {
    /// True where nothing changed.
    pub fn is_nothing(&self) -> bool {
        self.texts == 0
            && self.new == 0
            && self.accepted == 0
            && self.due == 0
            && self.fields.is_empty()
    }

    fn count(&mut self, judgement: Judgement) {
        let Judgement {
            url,
            was_article,
            outcome,
            article,
            is_due,
        } = judgement;
        self.pages += 1;
        self.refused += u64::from(!was_article);
        self.due += u64::from(is_due);
        match article {
            Some(rewritten) => {
                self.accepted += u64::from(!was_article);
                self.count_article(rewritten);
            }
            None if is_due => {}
            // Pages of an article of several are left as they are.
            None => {
                *self.none.entry(outcome).or_default() += 1;
                let is_lost = was_article && outcome != VisitOutcome::Unchanged;
                if is_lost && self.lost.len() < MOST_CHANGES {
                    self.lost.push(url);
                }
            }
        }
    }

    fn count_article(&mut self, rewritten: RewriteResult) {
        let RewriteResult {
            article,
            stored_as,
            before,
            fields,
        } = rewritten;
        let revision = match stored_as {
            StoredAs::New | StoredAs::DuplicateOf(_) => {
                self.new += 1;
                Some(1)
            }
            StoredAs::Revision(revision) => {
                self.texts += 1;
                Some(revision)
            }
            StoredAs::Unchanged if fields.is_empty() => {
                self.same += 1;
                return;
            }
            StoredAs::Unchanged => None,
        };
        let before = before.as_ref().map_or("", |it| it.text.as_str());
        let (went, came) = difference(before, &article.text);
        // A new article is no list of paragraphs that came.
        let (went, came) = if before.is_empty() {
            (Vec::new(), Vec::new())
        } else {
            (went, came)
        };
        tally(&mut self.went, &went);
        tally(&mut self.came, &came);
        for &field in &fields {
            *self.fields.entry(field).or_default() += 1;
        }
        if self.changes.len() < MOST_CHANGES {
            let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
            self.changes.push(Difference {
                id: article.id.clone(),
                url: article.url.clone().unwrap_or_default(),
                revision,
                went: owned(went),
                came: owned(came),
                fields,
            });
        }
    }
}

fn tally(counts: &mut BTreeMap<String, u64>, paragraphs: &[&str]) {
    for paragraph in paragraphs {
        let start: String = paragraph.chars().take(PARAGRAPH_CHARS).collect();
        if counts.len() < MOST_PARAGRAPHS || counts.contains_key(&start) {
            *counts.entry(start).or_default() += 1;
        }
    }
}
