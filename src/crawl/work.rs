//! The tasks of a pass, which each claim one host and visit what is due there, and the one task that
//! starts them, reports progress, writes the files and ends the pass.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::crawl::CrawlError;
use crate::crawl::clock::Clock;
use crate::crawl::ends::VisitEnds;
use crate::crawl::pending::PendingOutput;
use crate::crawl::plan::CompiledSources;
use crate::crawl::progress::{Event, Progress};
use crate::crawl::summary::{CutShort, EntryFailure, SourceSummary, Summary};
use crate::crawl::visit::Visitor;
use crate::frontier::{
    AnsweredVisit, Claim, Due, Finished, Frontier, LinkCounts, Pass, UrlKind, Visit, VisitResult,
    host_and_port,
};
use crate::store::{Lock, Store, StoreError};
use crate::verdict::VisitOutcome;

/// What is in flight when a pass is stopped gets this long to end.
const GRACE: Duration = Duration::from_secs(10);
/// Files are written when this many articles wait, and at the end.
const WRITE_EVERY: u64 = 20;
/// Reports that may wait to be handled.
const REPORTS: usize = 256;

/// What the tasks share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) visitor: Visitor,
    pub(super) clock: Clock,
    pub(super) sources: CompiledSources,
    pub(super) pass: Pass,
    pub(super) frontier: Arc<dyn Frontier>,
    pub(super) budget: Budget,
    pub(super) dry_run: bool,
    /// Checked before each claim; a dry run has none.
    pub(super) lock: Option<Arc<Lock>>,
    pub(super) ends: VisitEnds,
}

/// How many more pages may be fetched, and whether anything may be begun at all.
#[derive(Debug)]
pub(super) struct Budget {
    pages: Option<AtomicU64>,
    ended: AtomicBool,
}

impl Budget {
    pub(super) fn new(pages: Option<u64>) -> Budget {
        Budget {
            pages: pages.map(AtomicU64::new),
            ended: AtomicBool::new(false),
        }
    }

    /// Takes one page, or is used up.
    fn take_page(&self) -> bool {
        let Some(pages) = &self.pages else {
            return true;
        };
        let left = |left: u64| left.checked_sub(1);
        pages
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, left)
            .is_ok()
    }

    fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    fn is_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}

/// What a task reports.
#[derive(Debug)]
enum Report {
    Began { host: String, due: usize },
    Left { host: String },
    Visited(Visited),
    Due { due: Due },
    OutOfPages,
}

/// A visit that has ended.
#[derive(Debug)]
struct Visited {
    due: Due,
    outcome: VisitOutcome,
    reason: Option<String>,
    title: Option<String>,
    found: usize,
    links: Option<LinkCounts>,
    too_old: u64,
    left_out: u64,
}

impl Shared {
    /// Visits what is due at one host, and gives the host back.
    async fn host(&self, claim: Claim, reports: &mpsc::Sender<Report>) -> Result<(), StoreError> {
        if let Some(at) = claim.visited_at {
            let ago = u64::try_from(self.clock.now().saturating_sub(at)).unwrap_or(0);
            self.visitor
                .note_last_request(&claim.host, Duration::from_millis(ago))
                .await;
        }
        let (host, due) = (claim.host.clone(), claim.due.len());
        send(reports, Report::Began { host, due }).await;
        for due in claim.due {
            if self.budget.is_ended() || self.one(due, reports).await? {
                break;
            }
        }
        let released = self.frontier.release(&self.pass, &claim.host).await;
        send(reports, Report::Left { host: claim.host }).await;
        released
    }

    /// Visits one address; true where the host is to be left.
    async fn one(&self, due: Due, reports: &mpsc::Sender<Report>) -> Result<bool, StoreError> {
        let is_page = due.kind == UrlKind::Page;
        if is_page && self.dry_run {
            // The store of a dry run is a copy, which is forgotten at the end.
            let skipped = Visit {
                due: due.clone(),
                at: self.clock.now(),
                result: VisitResult::Skipped,
            };
            self.frontier.finish(&self.pass, skipped).await?;
            send(reports, Report::Due { due }).await;
            return Ok(false);
        }
        if is_page && !self.budget.take_page() {
            send(reports, Report::OutOfPages).await;
            return Ok(true);
        }
        let Some(plan) = self.sources.get(&due.source) else {
            return Ok(false);
        };
        let visit = self.visitor.visit(due.clone(), plan).await;
        let title = visit.article().and_then(|article| article.title.clone());
        let is_read = |it: &&AnsweredVisit| !is_page && it.status != 304;
        let links = visit.answered().filter(is_read).map(|it| it.reading.links);
        let Some(finished) = self.ends.store(&*self.frontier, &self.pass, visit).await? else {
            return Ok(true);
        };
        let Finished {
            outcome,
            reason,
            new_pages,
            too_old,
            left_out,
            ends_claim,
        } = finished;
        let visited = Visited {
            due,
            outcome,
            reason,
            title,
            found: new_pages,
            links,
            too_old,
            left_out,
        };
        send(reports, Report::Visited(visited)).await;
        Ok(ends_claim)
    }
}

/// The receiver goes away only when the pass is over; then no report is needed.
async fn send(reports: &mpsc::Sender<Report>, report: Report) {
    let _ = reports.send(report).await;
}

/// A pass under way.
pub(super) struct Run {
    shared: Arc<Shared>,
    store: Arc<dyn Store>,
    files: Option<PendingOutput>,
    concurrency: usize,
    limit: Option<Instant>,
    tasks: JoinSet<Result<(), StoreError>>,
    summary: Summary,
    unwritten: u64,
}

impl Run {
    pub(super) fn new(
        shared: Shared,
        store: Arc<dyn Store>,
        files: Option<PendingOutput>,
        concurrency: usize,
        limit: Option<Instant>,
    ) -> Run {
        let named = |name: &String| SourceSummary {
            name: name.clone(),
            ..SourceSummary::default()
        };
        let sources = shared.pass.sources.iter().map(named).collect();
        Run {
            shared: Arc::new(shared),
            store,
            files,
            concurrency: concurrency.max(1),
            limit,
            tasks: JoinSet::new(),
            summary: Summary {
                sources,
                ..Summary::default()
            },
            unwritten: 1,
        }
    }

    /// Works until nothing is due, or until the pass is cut short and what is in flight has ended.
    pub(super) async fn drive(
        mut self,
        stop: &CancellationToken,
        progress: &dyn Progress,
    ) -> Result<Summary, CrawlError> {
        let (sender, mut reports) = mpsc::channel(REPORTS);
        self.write_files().await?;
        loop {
            self.start_tasks(&sender).await?;
            if self.tasks.is_empty() {
                break;
            }
            let ended = self.shared.budget.is_ended();
            let limit = self.limit;
            tokio::select! {
                Some(report) = reports.recv() => self.handle_report(report, progress).await?,
                Some(task) = self.tasks.join_next() => finished(task)?,
                () = stop.cancelled(), if !ended => self.cut_short(CutShort::Stopped),
                () = until(limit), if !ended => self.cut_short(CutShort::TimeLimit),
                () = until(limit), if ended => {
                    // The grace is over: what still runs stays due.
                    self.tasks.shutdown().await;
                }
            }
        }
        drop(sender);
        while let Some(report) = reports.recv().await {
            self.handle_report(report, progress).await?;
        }
        self.write_all_files().await?;
        Ok(self.summary)
    }

    /// Claims hosts for as many tasks as may run.
    async fn start_tasks(&mut self, reports: &mpsc::Sender<Report>) -> Result<(), CrawlError> {
        while self.tasks.len() < self.concurrency && !self.shared.budget.is_ended() {
            if let Some(lock) = &self.shared.lock {
                lock.check()?;
            }
            let Some(claim) = self
                .shared
                .frontier
                .claim(&self.shared.pass, self.shared.clock.now())
                .await?
            else {
                return Ok(());
            };
            let (shared, reports) = (Arc::clone(&self.shared), reports.clone());
            self.tasks
                .spawn(async move { shared.host(claim, &reports).await });
        }
        Ok(())
    }

    fn cut_short(&mut self, cause: CutShort) {
        self.shared.budget.end();
        self.summary.cut_short.get_or_insert(cause);
        self.limit = Some(Instant::now() + GRACE);
    }

    async fn handle_report(
        &mut self,
        report: Report,
        progress: &dyn Progress,
    ) -> Result<(), CrawlError> {
        match report {
            Report::Began { host, due } => progress.event(&Event::Began { host: &host, due }),
            Report::Left { host } => progress.event(&Event::Left { host: &host }),
            Report::Due { due } => {
                progress.event(&Event::Due {
                    source: &due.source,
                    url: due.url.as_str(),
                });
            }
            Report::OutOfPages => {
                if !self.shared.budget.is_ended() {
                    self.cut_short(CutShort::MaxPages);
                }
            }
            Report::Visited(visited) => {
                progress.event(&Event::Visited {
                    source: &visited.due.source,
                    url: &visited.due.url,
                    host: &host_and_port(&visited.due.url),
                    entry_point: visited.due.kind.is_entry_point(),
                    outcome: visited.outcome,
                    reason: visited.reason.as_deref(),
                    title: visited.title.as_deref(),
                    found: visited.found,
                    links: visited.links,
                });
                if !visited.due.is_wrong_guess(visited.outcome) {
                    self.count(visited);
                }
            }
        }
        if self.unwritten >= WRITE_EVERY {
            self.write_files().await?;
        }
        Ok(())
    }

    fn count(&mut self, visited: Visited) {
        let Visited { due, outcome, .. } = visited;
        self.unwritten += u64::from(outcome.is_article());
        let mut rows = self.summary.sources.iter_mut();
        let Some(row) = rows.find(|row| row.name == due.source) else {
            return;
        };
        row.found += visited.found as u64;
        row.left_out += visited.left_out;
        if visited.too_old > 0 {
            *row.outcomes.entry(VisitOutcome::TooOld).or_default() += visited.too_old;
        }
        if !due.kind.is_entry_point() {
            *row.outcomes.entry(outcome).or_default() += 1;
            return;
        }
        row.entry_points += 1;
        if due.kind.has_failed(outcome) {
            row.failures.push(EntryFailure {
                url: due.url,
                outcome,
                reason: visited.reason.unwrap_or_default(),
            });
        }
    }

    async fn write_files(&mut self) -> Result<(), CrawlError> {
        if let Some(files) = self.files.as_ref().filter(|_| self.unwritten > 0) {
            let now = self.shared.clock.now();
            let done = files.write_some(&*self.store, now).await?;
            self.summary.add_written(done);
            self.unwritten = 0;
        }
        Ok(())
    }

    async fn write_all_files(&mut self) -> Result<(), CrawlError> {
        if let Some(files) = &self.files {
            let now = self.shared.clock.now();
            let done = files.write_all(&*self.store, now).await?;
            self.summary.add_written(done);
        }
        Ok(())
    }
}

/// The result of a task. One that was shut down has none; one that panicked is a fault of ours, and
/// its host stays claimed until its lease ends.
fn finished(
    task: Result<Result<(), StoreError>, tokio::task::JoinError>,
) -> Result<(), StoreError> {
    match task {
        Ok(result) => result,
        Err(error) => {
            if error.is_panic() {
                tracing::error!("a host's task failed by a fault of newsprint: {error}");
            }
            Ok(())
        }
    }
}

async fn until(limit: Option<Instant>) {
    match limit {
        Some(limit) => sleep_until(limit).await,
        None => std::future::pending().await,
    }
}
