//! Raw pages extracted again with today's rules, without the network: what changes, source by source.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

use crate::compare::difference;
use crate::config::Config;
use crate::crawl::clock::Clock;
use crate::crawl::pending::PendingOutput;
use crate::crawl::plan::{self, CompiledSource};
use crate::crawl::read::{extractor, read_again};
use crate::crawl::visit::remembering;
use crate::crawl::{CrawlError, chosen};
use crate::extract::Extractor;
use crate::frontier::{ReadArticle, Reading};
use crate::limits::Limits;
use crate::store::{
    self, Filter, Pages, RawPage, Rewrite, RewriteResult, Store, StoreError, StoredAs,
};
use crate::verdict::VisitOutcome;

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
    /// What time it is.
    pub clock: Clock,
    /// The bounds on what is parsed.
    pub limits: Limits,
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
    /// Pages in which no article is found, by what they are now; one that is stored stays.
    pub none: BTreeMap<VisitOutcome, u64>,
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

/// Extracts the stored raw pages again, and stores what has changed: texts as new revisions, found
/// articles as new ones. Calls `report` for each source when it is done.
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
    let path = &config.store.path;
    let store = store::open_existing(path).await.map_err(CrawlError::from)?;
    let _lock = if options.dry_run {
        None
    } else {
        Some(store::lock(path).await.map_err(CrawlError::from)?)
    };
    let work = Reextraction {
        store: &*store,
        files: PendingOutput::of(&config.output).filter(|_| !options.dry_run),
        extractor: extractor(config, &options.limits),
        options,
    };
    let plans = plan::plans(config, &BTreeMap::new(), options.clock.now());
    for source in sources {
        if let Some(plan) = plans.get(&source) {
            report(work.source(source, plan).await?)?;
        }
    }
    store.close().await;
    Ok(())
}

/// Extracts again, source by source.
struct Reextraction<'a> {
    store: &'a dyn Store,
    files: Option<PendingOutput>,
    extractor: Extractor,
    options: &'a ReextractOptions,
}

/// What a page comes to, and when it was fetched.
type Read = (Reading, i64);

impl Reextraction<'_> {
    async fn source(
        &self,
        source: String,
        plan: &Arc<CompiledSource>,
    ) -> Result<Differences, CrawlError> {
        let filter = Filter {
            sources: vec![source.clone()],
            ..Filter::default()
        };
        let mut pages = self.store.pages(filter);
        let mut differences = Differences {
            source,
            ..Differences::default()
        };
        loop {
            let batch = self.batch(&mut pages, plan).await?;
            if batch.is_empty() {
                break;
            }
            for (read, fetched_at) in batch {
                differences.pages += 1;
                match read.article {
                    None => *differences.none.entry(read.outcome).or_default() += 1,
                    Some(article) => self.rewrite(*article, fetched_at, &mut differences).await?,
                }
            }
        }
        if let Some(files) = &self.files {
            files
                .write_all(self.store, self.options.clock.now())
                .await?;
        }
        Ok(differences)
    }

    /// The next pages, read on as many threads as there are processors.
    async fn batch(
        &self,
        pages: &mut Pages<'_>,
        plan: &Arc<CompiledSource>,
    ) -> Result<Vec<Read>, StoreError> {
        let mut reading = Vec::new();
        while reading.len() < 2 * std::thread::available_parallelism().map_or(2, usize::from) {
            let Some(page) = pages.next().await? else {
                break;
            };
            let extractor = match Url::parse(&page.final_url) {
                Ok(url) => remembering(&self.extractor, self.store, &url).await,
                Err(_) => self.extractor.clone(),
            };
            reading.push((page.fetched_at, read(page, Arc::clone(plan), extractor)));
        }
        let mut read = Vec::with_capacity(reading.len());
        for (fetched_at, task) in reading {
            let panicked = |_| Reading::new(VisitOutcome::Panic, None);
            read.push((task.await.unwrap_or_else(panicked), fetched_at));
        }
        Ok(read)
    }

    async fn rewrite(
        &self,
        read: ReadArticle,
        fetched_at: i64,
        differences: &mut Differences,
    ) -> Result<(), StoreError> {
        let rewrite = Rewrite {
            article: read.article,
            missed_selectors: read.missed_selectors,
            fetched_at,
            dry_run: self.options.dry_run,
        };
        let rewritten = self
            .store
            .rewrite(rewrite, self.options.clock.now())
            .await?;
        differences.count(rewritten);
        Ok(())
    }
}

fn read(
    page: RawPage,
    plan: Arc<CompiledSource>,
    extractor: Extractor,
) -> tokio::task::JoinHandle<Reading> {
    tokio::task::spawn_blocking(move || read_again(&page, &plan, &extractor))
}

impl Differences {
    /// True where nothing changed.
    pub fn is_nothing(&self) -> bool {
        self.texts == 0 && self.new == 0 && self.fields.is_empty()
    }

    fn count(&mut self, rewritten: RewriteResult) {
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
                url: article.url.clone(),
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
