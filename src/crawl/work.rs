//! The one task of a pass that claims hosts, starts a [task](super::task) for each, reports progress,
//! writes the files and ends the pass.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::crawl::CrawlError;
use crate::crawl::pending::PendingOutput;
use crate::crawl::progress::{Event, Progress};
use crate::crawl::share::Shares;
use crate::crawl::summary::{CutShort, EntryFailure, SourceSummary, Summary};
use crate::crawl::task::{Report, Shared, Visited};
use crate::frontier::{Claim, Pass, host_and_port};
use crate::store::{Store, StoreError};
use crate::verdict::VisitOutcome;

/// What is in flight when a pass is stopped gets this long to end, so that what it brings can be written and
/// the pass ends within ten seconds.
const GRACE: Duration = Duration::from_secs(8);
/// Files are written when this many articles wait: each of their files is flushed, so that few at a time would
/// flush about as many files as there are articles…
const WRITE_EVERY: u64 = 200;
/// …or when one has waited this long, and at the end.
const WRITE_WITHIN: Duration = Duration::from_secs(20);
/// Where no host was due, none is after this many milliseconds at the earliest, unless a task ends or a visit
/// finds something.
const ASK_AGAIN: i64 = 1_000;
/// A pass that waits for hosts which other workers have asks again after this long; each further wait is twice as long…
const IDLE_FIRST: Duration = Duration::from_secs(1);
/// …up to this.
const IDLE_MOST: Duration = Duration::from_secs(60);
/// Reports that may wait to be handled.
const REPORTS: usize = 256;

/// A pass under way.
pub(super) struct Run {
    shared: Arc<Shared>,
    store: Arc<dyn Store>,
    files: Option<PendingOutput>,
    concurrency: usize,
    limit: Option<Instant>,
    tasks: JoinSet<Result<(), CrawlError>>,
    summary: Summary,
    unwritten: u64,
    /// When the files are written at the latest.
    write_at: Option<Instant>,
    /// The pass as the next task owns hosts by it: each has a name of its own.
    next: Arc<Pass>,
    claims: u64,
    /// When no host was due, by the crawl's clock; `None` once that may be otherwise.
    none_due: Option<i64>,
    /// When nothing was due for the sources that have fewer tasks than others, by the crawl's clock.
    none_first: Option<i64>,
    /// How long the pass waits next where other workers have all that is due.
    idle: Duration,
    shares: Shares,
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
        let next = Arc::new(of_task(&shared.pass, 0));
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
            write_at: None,
            next,
            claims: 0,
            none_due: None,
            none_first: None,
            idle: IDLE_FIRST,
            shares: Shares::default(),
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
        let leases = Arc::clone(&self.shared.leases);
        // Dropping these ends them.
        let mut helpers = JoinSet::new();
        helpers.spawn(leases.renew_forever());
        let (store, stopped) = (Arc::clone(&self.store), stop.clone());
        helpers.spawn(async move {
            stopped.cancelled().await;
            store.wait_at_most(GRACE);
        });
        loop {
            tokio::select! {
                started = self.start_tasks(&sender) => started?,
                () = stop.cancelled(), if !self.shared.budget.is_ended() => {
                    self.cut_short(CutShort::Stopped);
                }
            }
            if self.tasks.is_empty() && !self.waits_for_hosts(stop).await? {
                break;
            }
            if self.tasks.is_empty() {
                continue;
            }
            let ended = self.shared.budget.is_ended();
            let (limit, write_at) = (self.limit, self.write_at);
            tokio::select! {
                Some(report) = reports.recv() => self.handle_report(report, progress).await?,
                Some(task) = self.tasks.join_next() => {
                    self.none_due = None;
                    finished(task)?;
                }
                () = until(write_at) => self.write_files().await?,
                () = stop.cancelled(), if !ended => self.cut_short(CutShort::Stopped),
                () = until(limit), if !ended => self.cut_short(CutShort::TimeLimit),
                () = until(limit), if ended => {
                    // The grace is over: what still runs stays due.
                    self.tasks.shutdown().await;
                }
            }
        }
        drop((sender, helpers));
        while let Some(report) = reports.recv().await {
            self.handle_report(report, progress).await?;
        }
        self.write_all_files().await?;
        let (frontier, now) = (&self.shared.frontier, self.shared.clock.now());
        let left = frontier.left_over(&self.shared.pass, now).await?;
        self.summary.add_left(left);
        Ok(self.summary)
    }

    /// Claims hosts for as many tasks as may run, where any may be due: each report comes by here.
    async fn start_tasks(&mut self, reports: &mpsc::Sender<Report>) -> Result<(), CrawlError> {
        let since = |then: i64| self.shared.clock.now().saturating_sub(then);
        if self
            .none_due
            .is_some_and(|then| since(then).abs() < ASK_AGAIN)
        {
            return Ok(());
        }
        while self.tasks.len() < self.concurrency && !self.shared.budget.is_ended() {
            if let Some(lock) = &self.shared.lock {
                lock.check()?;
            }
            let asked = Instant::now();
            let Some(claim) = self.claim().await? else {
                self.none_due = Some(self.shared.clock.now());
                return Ok(());
            };
            let share = self.shares.take(&claim);
            self.claims += 1;
            self.idle = IDLE_FIRST;
            let next = Arc::new(of_task(&self.shared.pass, self.claims));
            let pass = std::mem::replace(&mut self.next, next);
            let pass = Pass {
                token: Some(claim.token),
                ..Arc::unwrap_or_clone(pass)
            };
            let (shared, reports) = (Arc::clone(&self.shared), reports.clone());
            self.tasks.spawn(async move {
                let _share = share;
                shared.host(&pass, (claim, asked), &reports).await
            });
        }
        Ok(())
    }

    /// Claims a host, of those sources first that have fewer tasks than others. Where nothing is due for these, a claim
    /// reads all that is due for the others in vain: they are not asked again at once.
    async fn claim(&mut self) -> Result<Option<Claim>, StoreError> {
        let now = self.shared.clock.now();
        let is_recent = |then: i64| now.saturating_sub(then).abs() < ASK_AGAIN;
        let is_known = !self.shared.clock.is_manual() && self.none_first.is_some_and(is_recent);
        if !is_known && let Some(first) = self.shares.first(&self.next, self.concurrency) {
            let claim = self.claim_of(&first).await?;
            if claim.is_some() {
                return Ok(claim);
            }
            self.none_first = Some(now);
        }
        self.claim_of(&self.next).await
    }

    async fn claim_of(&self, pass: &Pass) -> Result<Option<Claim>, StoreError> {
        let asked = Instant::now();
        let claim = self.shared.frontier.claim(pass, self.shared.clock.now());
        let claim = claim.await?;
        if let Some(claim) = &claim {
            let micros = asked.elapsed().as_micros();
            tracing::trace!(
                host = claim.host,
                due = claim.due.len(),
                micros,
                "claimed a host"
            );
        }
        Ok(claim)
    }

    /// True once hosts may be free that other workers had and where something is due; false where there are none, or
    /// the pass has ended. What such a worker finds, or leaves when it is killed, is visited by those that are left.
    async fn waits_for_hosts(&mut self, stop: &CancellationToken) -> Result<bool, CrawlError> {
        if self.shared.budget.is_ended() || self.shared.clock.is_manual() {
            return Ok(false);
        }
        let now = self.shared.clock.now();
        let free = self.shared.frontier.next_free(&self.shared.pass, now);
        let Some(at) = free.await? else {
            return Ok(false);
        };
        let left = u64::try_from(at.saturating_sub(now)).unwrap_or_default();
        let wait = self.idle.min(Duration::from_millis(left)).max(IDLE_FIRST);
        self.idle = (self.idle * 2).min(IDLE_MOST);
        tokio::select! {
            () = stop.cancelled() => self.cut_short(CutShort::Stopped),
            () = until(self.limit) => self.cut_short(CutShort::TimeLimit),
            () = tokio::time::sleep(wait) => {}
        }
        self.none_due = None;
        Ok(!self.shared.budget.is_ended())
    }

    fn cut_short(&mut self, cause: CutShort) {
        self.store.wait_at_most(GRACE);
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
            Report::Postponed { due } => self.summary.count_postponed(&due.source),
            Report::OutOfPages => {
                if !self.shared.budget.is_ended() {
                    self.cut_short(CutShort::MaxPages);
                }
            }
            Report::Visited(visited) => {
                let wrong_guess = visited.due.is_wrong_guess(visited.outcome);
                progress.event(&Event::Visited {
                    source: &visited.due.source,
                    url: &visited.due.url,
                    host: &host_and_port(&visited.due.url),
                    entry_point: visited.due.kind.is_entry_point(),
                    outcome: visited.outcome,
                    wrong_guess,
                    reason: visited.reason.as_deref(),
                    title: visited.title.as_deref(),
                    found: visited.found,
                    links: visited.links,
                });
                if !wrong_guess {
                    self.count(visited);
                }
            }
        }
        if self.shared.visitor.is_stuck() && !self.shared.budget.is_ended() {
            self.cut_short(CutShort::Stuck);
        }
        if self.unwritten >= WRITE_EVERY {
            self.write_files().await?;
        }
        Ok(())
    }

    fn count(&mut self, visited: Visited) {
        if visited.found > 0 || visited.due.kind.is_entry_point() {
            self.none_due = None;
        }
        let Visited { due, outcome, .. } = visited;
        if outcome.is_article() {
            self.unwritten += 1;
            self.write_at
                .get_or_insert_with(|| Instant::now() + WRITE_WITHIN);
        }
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
            self.write_at = None;
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

/// The pass as one of its tasks owns hosts by it.
fn of_task(pass: &Pass, number: u64) -> Pass {
    Pass {
        owner: format!("{}-{number}", pass.owner),
        ..pass.clone()
    }
}

/// The result of a task. One that was shut down has none; one that panicked is a fault of ours, and
/// its host stays claimed until its lease ends.
fn finished(
    task: Result<Result<(), CrawlError>, tokio::task::JoinError>,
) -> Result<(), CrawlError> {
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

pub(super) async fn until(limit: Option<Instant>) {
    match limit {
        Some(limit) => sleep_until(limit).await,
        None => std::future::pending().await,
    }
}
