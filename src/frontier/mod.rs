//! What is known of every address and host, and when each is due. A pass claims a host with what
//! is due there, visits one address after the other, and hands each visit back; no other pass gets
//! that host meanwhile. [`Frontier`] is what a crawl knows of it; [`open`] is the one place that
//! chooses an implementation. `policy` decides (when to ask again, what is a trap), `sqlite` stores,
//! in the same database as the [store](crate::store), so that a visit's article and its end are one
//! transaction. No network, no clock: times come from the caller, in unix milliseconds.

mod address;
mod judged;
pub(crate) mod policy;
mod sql;
#[cfg(test)]
pub(crate) mod tests;
mod visit;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use url::Url;

use crate::location::StoreLocation;
use crate::store::sql::SqlStore;
use crate::store::{AddressFilter, Lock, Store, StoreError};
use crate::verdict::VisitOutcome;
use sql::SqlFrontier;

pub use crate::canonical::host_with_port as host_and_port;
pub(crate) use address::Origin;
pub use address::{CopyLookup, Due, FoundUrl, UrlKind};
pub use judged::{Judged, Judgement};
pub use policy::limits::VisitLimits;
pub use policy::schedule::{LEASE_ALONE, LEASE_AMONG_OTHERS, Schedule};
pub use visit::{AnsweredVisit, FailedVisit, LinkCounts, ReadArticle, Reading, Visit, VisitResult};

/// A store and the frontier in the same database.
#[derive(Debug, Clone)]
pub struct Storage {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The frontier.
    pub frontier: Arc<dyn Frontier>,
}

/// Opens the store at this location, or creates one, together with its frontier.
///
/// # Errors
/// Fails as [`store::open`](crate::store::open) does. A server that is away is waited for, as the settings say.
pub async fn open(
    location: impl Into<StoreLocation>,
    schedule: Schedule,
) -> Result<Storage, StoreError> {
    Ok(storage(SqlStore::open_when_up(location).await?, schedule))
}

/// Opens the store at this location if there is one, together with its frontier.
///
/// # Errors
/// Fails as [`store::open_existing`](crate::store::open_existing) does.
pub async fn open_existing(
    location: impl Into<StoreLocation>,
    schedule: Schedule,
) -> Result<Storage, StoreError> {
    Ok(storage(SqlStore::open_existing(location).await?, schedule))
}

/// Opens the store at this location together with its frontier, for changes that are all rolled back: it is not
/// brought up to date, and a copy of it is used where it may not be written.
///
/// # Errors
/// Fails as [`store::open_read_only`](crate::store::open_read_only) does.
pub async fn open_dry(
    location: impl Into<StoreLocation>,
    schedule: Schedule,
) -> Result<Storage, StoreError> {
    Ok(storage(SqlStore::open_dry(location).await?, schedule))
}

/// A store for a while whose frontier knows the addresses and hosts of the one at this location, if
/// there is one. It is deleted when it is dropped, and the store at the location is not changed.
///
/// # Errors
/// Fails where there is a store that can't be read.
pub async fn scratch(
    location: impl Into<StoreLocation>,
    schedule: Schedule,
) -> Result<Storage, StoreError> {
    Ok(storage(SqlStore::scratch(location).await?, schedule))
}

fn storage(store: SqlStore, schedule: Schedule) -> Storage {
    Storage {
        frontier: Arc::new(SqlFrontier::new(store.clone(), schedule)),
        store: Arc::new(store),
    }
}

/// What the configuration says of one source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seed {
    /// The source's name.
    pub source: String,
    /// All settings that decide what is found, in any stable form. When it changes, the entry points
    /// are read again in full.
    pub settings: String,
    /// The entry points it names.
    pub entry_points: Vec<(UrlKind, Url)>,
    /// The kinds of entry points that it uses where they are found.
    pub kinds: Vec<UrlKind>,
    /// The settings that stop visits. When one allows more than before, what it stopped is due.
    pub limits: VisitLimits,
    /// By which generation of its settings this process has stored these before; `None` where it has not.
    pub generation: Option<i64>,
}

/// What became of the sources when they were taken in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seeded {
    /// Sources that are new or have other settings than in the pass before.
    pub changed: Vec<String>,
    /// Sources with another name than in the pass before, as the old name and the new. They keep their
    /// addresses, articles and pages.
    pub renamed: Vec<(String, String)>,
    /// By which generation of its settings each source was stored; see [`Seed::generation`].
    pub generations: BTreeMap<String, i64>,
    /// Sources that were left as they are: since this process stored their settings, another has stored newer ones.
    pub outdated: Vec<String>,
    /// Addresses that are due because a setting no longer stops them.
    pub woken: u64,
    /// The sites that each source's entry points have led to; see [`Reading::sites`].
    pub sites: BTreeMap<String, Vec<String>>,
}

/// One pass over the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// Names the owner of leases; no two that run at the same time are equal. Of a task of a pass, the pass and the
    /// number of the task, with a hyphen between them.
    pub owner: String,
    /// Which claim of the host it works on, once it has one: [`Claim::token`]. `None` where the owner alone counts.
    pub token: Option<i64>,
    /// When it began. Addresses that fall due later, by a retry or a recheck, are left to the next
    /// pass, so that each one ends.
    pub started: i64,
    /// When what it finds is due: when the earliest of the passes began that run, so that all of them may visit it.
    pub since: i64,
    /// The sources that take part.
    pub sources: Vec<String>,
}

impl Pass {
    /// True of a task of the pass whose task this is.
    pub(crate) fn has_task(&self, owner: &str) -> bool {
        pass_of(owner) == pass_of(&self.owner)
    }
}

/// The pass of an owner of leases.
fn pass_of(owner: &str) -> &str {
    owner.rsplit_once('-').map_or(owner, |(pass, _)| pass)
}

/// A host that a pass has claimed for one source, and some of what is due there for that: entry points,
/// or else pages, those first that a feed or a front page has just named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The host, with its port where that is not the scheme's own.
    pub host: String,
    /// Counts the claims of the host. Whoever has an older one can store nothing there any more.
    pub token: i64,
    /// When the last request to the host ended, in this pass or an earlier one.
    pub visited_at: Option<i64>,
    /// True where this very pass had the host last, by whichever task: it knows the host's pace itself.
    pub is_own: bool,
    /// At least one.
    pub due: Vec<Due>,
}

/// A lease that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The host, as in [`Claim::host`].
    pub host: String,
    /// Whose it is; see [`Pass::owner`].
    pub owner: String,
    /// By which claim; see [`Claim::token`].
    pub token: i64,
}

/// A host that a pass leaves because its next turn is far off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlowHost {
    /// The host, as in [`Claim::host`].
    pub host: String,
    /// When its next turn is.
    pub turn_at: i64,
    /// The milliseconds that it wants between two requests.
    pub interval: i64,
    /// When it was asked for its robots.txt and for nothing else.
    pub asked_at: Option<i64>,
}

/// What a pass leaves to the next one because the next turn of its host is far off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOver {
    /// The source.
    pub source: String,
    /// The host.
    pub host: String,
    /// The milliseconds that the host wants between two requests.
    pub interval: i64,
    /// Addresses of the source that are due there.
    pub addresses: u64,
}

/// What the store made of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub outcome: VisitOutcome,
    /// Why, in one line.
    pub reason: Option<String>,
    /// How many of the pages found were not known before.
    pub new_pages: usize,
    /// Pages that it named, which are older than `max_age` and were not known to be.
    pub too_old: u64,
    /// Addresses that it named and that were not taken in, as many of the source wait as may.
    pub left_out: u64,
    /// The rest of the host's claim is void: it is backed off, its pages are held, or what it has to try
    /// again waits for the next day.
    pub ends_claim: bool,
}

/// The addresses and hosts of a crawl. All times are unix milliseconds.
///
/// Every method fails with the [`StoreError`] that fits where the database can't be used, and then
/// changes nothing.
#[async_trait]
pub trait Frontier: fmt::Debug + Send + Sync {
    /// Ends every lease. Whoever has the store's lock is alone: what leases there are belong to
    /// passes that were killed.
    async fn end_leases(&self, alone: &Lock) -> Result<(), StoreError>;

    /// Moves what an earlier pass has planned under a clock that was ahead of today's to the time
    /// at which it would be due by today's, and gives the milliseconds that it was ahead; 0 where
    /// all is right. Nothing stays due later than the schedule's longest wait from now.
    async fn correct_times(&self, now: i64) -> Result<i64, StoreError>;

    /// Takes in the configured sources, all of them, in their order: new entry points are due at
    /// once, and those that a source no longer names are not, unless something else names them. A
    /// source that is not among them is left as it is, and takes part in no pass.
    async fn seed(&self, seeds: &[Seed], now: i64) -> Result<Seeded, StoreError>;

    /// Claims a host where something is due, for the source that waited longest at any; `None` where
    /// nothing is. The sources that share a host get it in turn.
    /// The lease lasts until [`Frontier::release`], or for [`Schedule::lease`] after the claim or the
    /// last visit.
    async fn claim(&self, pass: &Pass, now: i64) -> Result<Option<Claim>, StoreError>;

    /// Stores the end of a visit in one transaction: the outcome, the article and the page, what the
    /// visit found, and when the address is due again. Of a visit that found more than some hundred
    /// addresses, these are stored before that, in transactions of bounded size.
    ///
    /// Fails with [`StoreError::LeaseLost`] where the host is another's by now, and stores nothing then.
    async fn finish(&self, pass: &Pass, visit: Visit) -> Result<Finished, StoreError>;

    /// Leaves an address to the next pass.
    async fn postpone(&self, pass: &Pass, due: &Due) -> Result<(), StoreError>;

    /// Makes the pages that the filter selects due at once, with the full number of tries, and gives
    /// their number. Pages whose article is stored stay as they are.
    async fn retry(&self, filter: &AddressFilter, now: i64) -> Result<u64, StoreError>;

    /// The same for one page, by [its number](crate::store::Address::id): true if it was made due.
    async fn retry_page(&self, id: i64, now: i64) -> Result<bool, StoreError>;

    /// Stores in one transaction what a kept page was judged to be this time: an article that was
    /// refused before is stored, as if its address had been visited now; the outcome of a refused
    /// address stays in step with the verdict on its page. A stored article stays stored.
    async fn judge(&self, judged: Judged, now: i64) -> Result<Judgement, StoreError>;

    /// Makes refused pages due which were not kept and which a feed or news sitemap names, of the
    /// sources (by name) whose pages were judged by something else until now. So many are made due
    /// once; the number is bounded.
    async fn fetch_refused(
        &self,
        judged_by: &[(String, String)],
        now: i64,
    ) -> Result<u64, StoreError>;

    /// Renews these leases, and gives those that have run out, as the host is another's by now.
    async fn renew(&self, held: &[Held], now: i64) -> Result<Vec<Held>, StoreError>;

    /// Notes that the next turn of a host that the pass has claimed is far off. It is not claimed before that is near, in this
    /// pass or another.
    async fn leave(&self, pass: &Pass, slow: &SlowHost) -> Result<(), StoreError>;

    /// What is due in the pass and left, because the next turn of its host is far off.
    async fn left_over(&self, pass: &Pass, now: i64) -> Result<Vec<LeftOver>, StoreError>;

    /// When the first of the hosts is free that another worker has and where something may be due in the pass; `None`
    /// where there is none.
    async fn next_free(&self, pass: &Pass, now: i64) -> Result<Option<i64>, StoreError>;

    /// Gives a host back, unless its lease has run out and another pass has claimed it.
    async fn release(&self, pass: &Pass, host: &str) -> Result<(), StoreError>;
}
