//! The tasks of a pass: each visits what is due at one host that was claimed for it, and reports.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::crawl::CrawlError;
use crate::crawl::clock::{Clock, millis};
use crate::crawl::ends::VisitEnds;
use crate::crawl::lease::{Lease, Leases};
use crate::crawl::plan::CompiledSources;
use crate::crawl::share::Named;
use crate::crawl::visit::Visitor;
use crate::fetch::NextTurn;
use crate::frontier::{
    AnsweredVisit, Claim, Due, Finished, Frontier, LinkCounts, Pass, SlowHost, UrlKind, Visit,
    VisitResult,
};
use crate::store::{Lock, StoreError};
use crate::verdict::VisitOutcome;

/// What the tasks share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) visitor: Visitor,
    pub(super) clock: Clock,
    pub(super) sources: CompiledSources,
    pub(super) pass: Pass,
    pub(super) frontier: Arc<dyn Frontier>,
    pub(super) leases: Arc<Leases>,
    pub(super) budget: Budget,
    pub(super) dry_run: bool,
    /// Checked before each claim; a dry run has none.
    pub(super) lock: Option<Arc<Lock>>,
    pub(super) ends: VisitEnds,
    pub(super) named: Named,
    /// A host is given back after so long, where other workers may wait for it.
    pub(super) turn: Option<Duration>,
    /// A host whose next turn is farther off is left until that is near.
    pub(super) far_turn: Duration,
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

    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}

/// What a task reports.
#[derive(Debug)]
pub(super) enum Report {
    Began { host: String, due: usize },
    Left { host: String },
    Visited(Visited),
    Due { due: Due },
    Postponed { due: Due },
    OutOfPages,
}

/// A visit that has ended.
#[derive(Debug)]
pub(super) struct Visited {
    pub(super) due: Due,
    pub(super) outcome: VisitOutcome,
    pub(super) reason: Option<String>,
    pub(super) title: Option<String>,
    pub(super) found: usize,
    pub(super) links: Option<LinkCounts>,
    pub(super) too_old: u64,
    pub(super) left_out: u64,
}

impl Shared {
    /// Visits what is due at one host, which the task owns as `pass` says since it asked for it, and gives the host back.
    pub(super) async fn host(
        &self,
        pass: &Pass,
        (claim, asked): (Claim, Instant),
        reports: &mpsc::Sender<Report>,
    ) -> Result<(), CrawlError> {
        let lease = self.leases.hold(pass, &claim.host, asked);
        if let Some(at) = claim.visited_at.filter(|_| !claim.is_own) {
            let ago = u64::try_from(self.clock.now().saturating_sub(at)).unwrap_or(0);
            self.visitor
                .note_last_request(&claim.host, Duration::from_millis(ago))
                .await;
        }
        let (host, due) = (claim.host.clone(), claim.due.len());
        send(reports, Report::Began { host, due }).await;
        let mut is_known = claim.visited_at.is_some();
        let turn_ends = self.turn.map(|turn| Instant::now() + turn);
        for due in claim.due {
            if self.budget.is_ended()
                || lease.is_lost()
                || turn_ends.is_some_and(|it| it <= Instant::now())
                || self.is_far(pass, &claim.host, (&due, is_known)).await?
                || self.one((pass, &lease), due, reports).await?
            {
                break;
            }
            is_known = true;
        }
        let released = self.frontier.release(pass, &claim.host).await;
        send(reports, Report::Left { host: claim.host }).await;
        Ok(released?)
    }

    /// True where the host's next turn is far off, which is noted. A host that was asked for its
    /// robots.txt just now is waited for, unless it was not known before: where that is due again with
    /// every pass, none would come to a page.
    async fn is_far(
        &self,
        pass: &Pass,
        host: &str,
        (due, is_known): (&Due, bool),
    ) -> Result<bool, StoreError> {
        let is_requested = !self.dry_run || due.kind.is_entry_point();
        let plan = self.sources.get(&due.source);
        let Some(plan) = plan.filter(|_| is_requested) else {
            return Ok(false);
        };
        let NextTurn {
            wait,
            interval,
            asked_robots,
        } = self.visitor.next_turn(due, plan).await;
        if wait <= self.far_turn || asked_robots && is_known {
            return Ok(false);
        }
        let now = self.clock.now();
        let slow = SlowHost {
            host: host.to_owned(),
            turn_at: now.saturating_add(millis(wait)),
            interval: millis(interval),
            asked_at: asked_robots.then_some(now),
        };
        self.frontier.leave(pass, &slow).await?;
        Ok(true)
    }

    /// Visits one address; true where the host is to be left.
    async fn one(
        &self,
        (pass, lease): (&Pass, &Lease),
        due: Due,
        reports: &mpsc::Sender<Report>,
    ) -> Result<bool, CrawlError> {
        let is_page = due.kind == UrlKind::Page;
        if is_page && !self.budget.take_page() {
            send(reports, Report::OutOfPages).await;
            return Ok(true);
        }
        if is_page && self.dry_run {
            // The store of a dry run is a copy, which is forgotten at the end.
            let skipped = Visit {
                due: due.clone(),
                at: self.clock.now(),
                result: VisitResult::Skipped,
            };
            self.frontier.finish(pass, skipped).await?;
            send(reports, Report::Due { due }).await;
            return Ok(false);
        }
        let Some(plan) = self.sources.get(&due.source) else {
            return Ok(false);
        };
        if self.named.is_enough(&due) {
            self.frontier.postpone(pass, &due).await?;
            send(reports, Report::Postponed { due }).await;
            return Ok(false);
        }
        let (visit, _permits) = tokio::select! {
            biased;
            // Whoever has the host by now asks it at its own pace: not one request more comes from here.
            () = lease.lost() => {
                tracing::debug!(url = %due.url, "the lease of the host ran out; another visits the page");
                return Ok(true);
            }
            visited = self.visitor.visit(due.clone(), plan) => visited?,
        };
        // A look-up that brought nothing is no visit to the source.
        let is_silent = visit.due.lookup.is_lookup() && visit.article().is_none();
        let title = visit.article().and_then(|article| article.title.clone());
        let is_read = |it: &&AnsweredVisit| !is_page && it.status != 304;
        let links = visit.answered().filter(is_read).map(|it| it.reading.links);
        if let Some(LinkCounts { followed, passed }) = links {
            let named = u64::from(followed) + u64::from(passed);
            self.named.add(&due.source, named);
        }
        let Some(finished) = self.ends.store(&*self.frontier, pass, visit).await? else {
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
        if is_silent {
            return Ok(ends_claim);
        }
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
