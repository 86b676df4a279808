//! Kept pages judged again by today's extractor and settings, without the network: all of them by
//! `reextract`, and at the start of a pass those that were refused by another extractor or under other
//! settings.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::client::{Readers, Unread};
use crate::crawl::clock::Clock;
use crate::crawl::plan::{CompiledSource, CompiledSources};
use crate::crawl::read::{Reread, read_again};
use crate::crawl::visit::remembering;
use crate::crawl::work::until;
use crate::extract::Extractor;
use crate::frontier::{Frontier, Judged, Judgement, Reading};
use crate::store::{RawPage, Store, StoreError};
use crate::verdict::VisitOutcome;

/// Refused pages that a pass judges again at its start, at most, the newest first. The rest is left to the
/// next passes.
const MOST_PAGES: u32 = 1_000;
/// No more of them are begun after this time.
const LONGEST: Duration = Duration::from_secs(30);

/// Judges kept pages.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) frontier: &'a dyn Frontier,
    pub(super) extractor: Extractor,
    pub(super) readers: Readers,
    pub(super) clock: &'a Clock,
    /// Report what would change, and change nothing.
    pub(super) dry_run: bool,
}

/// What judging the refused pages of one source came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Rejudged {
    /// Refused pages that were judged again.
    pub(super) pages: u64,
    /// Those of them that hold an article.
    pub(super) articles: u64,
}

/// When to begin no more pages.
#[derive(Debug)]
pub(super) struct Until<'a> {
    pub(super) stop: &'a CancellationToken,
    pub(super) limit: Option<Instant>,
}

impl Until<'_> {
    async fn is_over(&self) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = until(self.limit) => {}
        }
    }
}

/// Pages read at a time.
pub(super) fn batch() -> usize {
    2 * available_parallelism().map_or(2, usize::from)
}

impl Judge<'_> {
    /// Judges these pages of one source, and stores what comes of it.
    pub(super) async fn judge(
        &self,
        pages: Vec<RawPage>,
        plan: &Arc<CompiledSource>,
    ) -> Result<Vec<Judgement>, StoreError> {
        let mut reading = Vec::with_capacity(pages.len());
        for page in pages {
            let extractor = match Url::parse(&page.final_url) {
                Ok(url) => remembering(&self.extractor, self.store, &url).await,
                Err(_) => self.extractor.clone(),
            };
            let judged = Judged {
                url: page.url.clone(),
                source: page.source.clone(),
                fetched_at: page.fetched_at,
                reading: Reading::new(VisitOutcome::Panic, None),
                continues: false,
                evidence: page.evidence,
                judged_by: Some(plan.judged_by.clone()),
                dry_run: self.dry_run,
            };
            reading.push((judged, self.read(page, Arc::clone(plan), extractor)));
        }
        let mut judgements = Vec::with_capacity(reading.len());
        for (mut judged, task) in reading {
            // Where the page could not be read, it is left as it is.
            match task.await {
                Ok(Ok(read)) => {
                    (judged.reading, judged.continues) = (read.reading, read.continues);
                }
                Ok(Err(error)) => tracing::error!(url = judged.url, "{error}"),
                Err(_) => {}
            }
            judgements.push(self.frontier.judge(judged, self.clock.now()).await?);
        }
        Ok(judgements)
    }

    /// Judges the refused pages of these sources that something else has judged than would today; each is
    /// one transaction, so that this may end at any moment and goes on with the next pass. A dry run has
    /// no pages.
    pub(super) async fn judge_refused(
        &self,
        plans: &CompiledSources,
        sources: &[String],
        until: &Until<'_>,
    ) -> Result<BTreeMap<String, Rejudged>, StoreError> {
        let plans = sources.iter().filter_map(|name| plans.get_key_value(name));
        let judged_by: Vec<(String, String)> = plans
            .clone()
            .map(|(name, plan)| (name.clone(), plan.judged_by.clone()))
            .collect();
        let plans: BTreeMap<&str, &Arc<CompiledSource>> =
            plans.map(|(name, plan)| (name.as_str(), plan)).collect();
        let mut all: BTreeMap<String, Rejudged> = BTreeMap::new();
        if self.dry_run {
            return Ok(all);
        }
        let ids = self.store.refused_pages(&judged_by, MOST_PAGES).await?;
        if !ids.is_empty() {
            tracing::info!("judging {} refused pages again", ids.len());
        }
        let end = Instant::now() + LONGEST;
        let end = until.limit.map_or(end, |limit| limit.min(end));
        for ids in ids.chunks(batch()) {
            if until.stop.is_cancelled() || Instant::now() >= end {
                break;
            }
            for (source, pages) in self.by_source(ids).await? {
                let Some(plan) = plans.get(source.as_str()) else {
                    continue;
                };
                // Each page is a transaction of its own: what is given up here is judged by the next pass.
                let judgements = tokio::select! {
                    judgements = self.judge(pages, plan) => judgements?,
                    () = until.is_over() => return Ok(all),
                };
                let articles = judgements.iter().filter(|it| it.article.is_some()).count();
                let sum = all.entry(source).or_default();
                sum.pages += judgements.len() as u64;
                sum.articles += articles as u64;
            }
        }
        self.frontier
            .fetch_refused(&judged_by, self.clock.now())
            .await?;
        Ok(all)
    }

    /// Begins to read a page.
    fn read(
        &self,
        page: RawPage,
        plan: Arc<CompiledSource>,
        extractor: Extractor,
    ) -> JoinHandle<Result<Reread, Unread>> {
        let readers = self.readers.clone();
        let work = move || read_again(&page, &plan, &extractor);
        tokio::spawn(async move { readers.read(work).await })
    }

    async fn by_source(&self, ids: &[i64]) -> Result<BTreeMap<String, Vec<RawPage>>, StoreError> {
        let mut pages: BTreeMap<String, Vec<RawPage>> = BTreeMap::new();
        for id in ids {
            if let Some(page) = self.store.page(*id).await? {
                pages.entry(page.source.clone()).or_default().push(page);
            }
        }
        Ok(pages)
    }
}
