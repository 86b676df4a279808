//! One pass over the sources: claims what is due, drives fetch → extract → store, counts, and stops
//! cleanly.

mod clock;
mod end;
mod ends;
mod every;
mod filters;
mod front;
mod judge;
mod judged_by;
mod languages;
mod lease;
mod metrics;
mod pending;
mod plan;
mod progress;
mod proposal;
mod read;
mod reextract;
mod rendering;
mod robots;
mod seeds;
mod share;
mod sites;
mod subscriptions;
mod summary;
mod survey;
mod task;
mod visit;
mod warc;
mod work;

use std::sync::Arc;
use std::time::Duration;

pub use clock::Clock;
pub use every::every;
pub use metrics::{metrics, write_metrics};
pub use progress::{Event, Progress, Silent};
pub use reextract::{Difference, Differences, ReextractOptions, preview, reextract};
pub use seeds::SeededSettings;
pub use summary::{CutShort, EntryFailure, LeftHost, SourceSummary, Summary};
pub use survey::{Lead, PassedOver, SURVEY_STEPS, Survey, SurveyError, survey, survey_in_steps};
use tokio::time::Instant;
pub use tokio_util::sync::CancellationToken;

use crate::archive::ArchiveError;
use crate::client::Readers;
use crate::config::{Config, ConfigError, ContactError};
use crate::fetch::{Fetcher, SetupError, requests_at_once};
use crate::frontier::{
    self, Frontier, LEASE_ALONE, LEASE_AMONG_OTHERS, Pass, Schedule, Seed, Seeded, Storage,
};
use crate::identity::Signer;
use crate::limits::Limits;
use crate::location::StoreLocation;
use crate::output::OutputError;
use crate::store::{self, Joining, LockError, Store, StoreError, Worker};
use end::PassEnd;
use ends::VisitEnds;
use judge::{Judge, Until};
use lease::Leases;
use pending::PendingOutput;
use robots::InStore;
use share::Named;
use task::{Budget, Shared};
use visit::Visitor;
use warc::PassArchive;
use work::Run;

/// What one pass is to do.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Names of the sources that take part; empty for all.
    pub sources: Vec<String>,
    /// Pages to fetch at most; front pages, feeds and sitemaps don't count.
    pub max_pages: Option<u64>,
    /// End after this long.
    pub time_limit: Option<Duration>,
    /// Visit front pages, feeds and sitemaps only, report which pages are due, and store nothing.
    pub dry_run: bool,
    /// What time it is.
    pub clock: Clock,
    /// The bounds on what is fetched, read and parsed.
    pub limits: Limits,
    /// What the process has stored of the settings in earlier passes.
    pub settings: SeededSettings,
}

/// A pass could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrawlError {
    /// `Options::sources` names one that the configuration lacks.
    #[error("there is no source `{name}` in the configuration; it has: {known}")]
    UnknownSource {
        /// The name asked for.
        name: String,
        /// The names there are, joined by commas.
        known: String,
    },
    /// Those who would be visited could not tell by whom.
    #[error(transparent)]
    Contact(#[from] ContactError),
    /// Another crawl is using the store, or it can't be locked.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The store can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An output file can't be written.
    #[error("the articles are in the store, and the next crawl writes them to their files")]
    Output(#[from] OutputError),
    /// What is fetched can't be written to the archive. A page that is not in it is not in the store either.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The HTTP client can't be set up.
    #[error(transparent)]
    Fetch(#[from] SetupError),
    /// The headers or cookies of a source can't be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// Runs one pass: everything that is due now, and what is found on the way. When `stop` is
/// cancelled, the pass finishes what is in flight and starts nothing new.
///
/// # Errors
/// Fails where the store, its lock or the HTTP client can't be had, and where the store or an
/// output file can't be written; failures of single pages are outcomes, not errors.
pub async fn run(
    config: &Config,
    options: &Options,
    stop: &CancellationToken,
    progress: &dyn Progress,
) -> Result<Summary, CrawlError> {
    let sources = chosen(config, &options.sources)?;
    let signer = identified(config, options)?;
    let concurrency = requests_at_once(config.crawl.concurrency)?;
    let subscriptions = subscriptions::of(config, &sources, &options.clock)?;

    // One crawl a store; a dry run works on a copy of its own.
    let path = &config.store.location;
    let lock = lock(path, options.dry_run).await?.map(Arc::new);
    let worker = join(config, options.dry_run).await?;
    let location = worker.as_ref().map_or(path, |it| it.location());
    let opened = open(config, location, options.dry_run, stop).await?;
    let Some(Storage { store, frontier }) = opened else {
        return Ok(Summary {
            cut_short: Some(CutShort::Stopped),
            ..Summary::default()
        });
    };

    // What a killed crawl left: leases, and articles that no file holds.
    if let Some(lock) = &lock {
        frontier.end_leases(lock).await?;
    }
    let files = PendingOutput::of(&config.output, worker.clone()).filter(|_| !options.dry_run);

    // The sources as they are configured today.
    let clock = &options.clock.as_of(store.now().await?);
    let started = clock.now();
    if !clock.is_corrected() {
        correct_times(&*frontier, started).await?;
    }
    let seeds = seeds::seeds(config, &subscriptions);
    let seeded = take_in((config, seeds), options, &*frontier, started).await?;
    let since = store.begin_runs(&sources, started).await?;
    store.drop_expired_robots(started).await?;

    // Refused pages, where they may be none today.
    let plans = plan::plans(config, (&seeded.sites, &subscriptions), started);
    let limit = options.time_limit.map(|limit| Instant::now() + limit);
    let judge = Judge {
        store: &*store,
        frontier: &*frontier,
        extractor: read::extractor(config, &options.limits),
        readers: Readers::new(options.limits.read_time),
        clock,
        dry_run: options.dry_run,
    };
    let until = Until { stop, limit };
    let rejudged = judge.judge_refused(&plans, &sources, &until).await?;
    let keep_pages = clock::millis(config.store.keep_pages);
    store.drop_pages(started.saturating_sub(keep_pages)).await?;

    // Claim, visit, store, write, until nothing is due.
    let archive = PassArchive::open(config, options.dry_run, worker.as_deref(), clock).await?;
    let fetcher = fetcher(config, signer, (options, clock), &store)?;
    let schedule = schedule(config);
    let leases = Leases::new(&frontier, clock, duration(schedule.lease));
    let shared = Shared {
        visitor: Visitor::new(config, fetcher, (clock, archive.clone()), &store),
        clock: clock.clone(),
        sources: plans,
        pass: pass(worker.as_deref(), (started, since), sources),
        frontier,
        budget: Budget::new(options.max_pages),
        dry_run: options.dry_run,
        lock: lock.clone(),
        ends: VisitEnds::default(),
        named: Named::default(),
        leases: Arc::new(leases),
        turn: lock.is_none().then(|| duration(schedule.turn)),
        far_turn: duration(schedule.far_turn),
    };
    let run = Run::new(shared, Arc::clone(&store), files, concurrency, limit);
    let mut summary = warc::completed(archive, run.drive(stop, progress)).await?;

    // How each source is doing, by its own past.
    let end = PassEnd {
        config,
        store: &*store,
        started,
        ended: clock.now(),
        dry_run: options.dry_run,
    };
    end.judge(&mut summary.sources, &rejudged).await?;
    store.close().await;
    if let Some(worker) = worker {
        worker.leave().await;
    }
    Ok(summary)
}

/// Checks that those who are visited can tell by whom, and reads the key that requests are signed with, if any.
fn identified(config: &Config, options: &Options) -> Result<Option<Signer>, CrawlError> {
    config.check_contact(&options.sources)?;
    Ok(Signer::of(&config.identity).map_err(SetupError::from)?)
}

/// Locks the store, for a pass that writes into it.
async fn lock(location: &StoreLocation, dry_run: bool) -> Result<Option<store::Lock>, LockError> {
    match dry_run {
        true => Ok(None),
        false => store::lock(location).await,
    }
}

/// Joins the workers of a store that has several.
async fn join(config: &Config, dry_run: bool) -> Result<Option<Arc<Worker>>, StoreError> {
    if dry_run {
        return Ok(None);
    }
    let joining = Joining {
        name: config.store.worker.as_deref(),
        writes: config.output.dir.is_some() || config.output.warc.is_some(),
        existing: false,
    };
    let worker = Worker::join(&config.store.location, joining).await?;
    Ok(worker.map(Arc::new))
}

/// Opens the store; `None` where the pass was stopped while its server was waited for.
async fn open(
    config: &Config,
    location: &StoreLocation,
    dry_run: bool,
    stop: &CancellationToken,
) -> Result<Option<Storage>, StoreError> {
    let opened = async {
        if dry_run {
            frontier::scratch(location, schedule(config)).await
        } else {
            frontier::open(location, schedule(config)).await
        }
    };
    let waits = matches!(location, StoreLocation::Server(_));
    tokio::select! {
        opened = opened => opened.map(Some),
        () = stop.cancelled(), if waits => Ok(None),
    }
}

/// The pass that begins now. What it finds is due since the earliest of those that run. Processes of several machines
/// may have the same number, but never the same name.
fn pass(worker: Option<&Worker>, (started, since): (i64, i64), sources: Vec<String>) -> Pass {
    Pass {
        owner: match worker {
            Some(worker) => format!("{}-{started}", worker.name()),
            None => format!("{}-{started}", std::process::id()),
        },
        token: None,
        started,
        since,
        sources,
    }
}

/// Takes in the sources as they are configured today, and reports what that means.
async fn take_in(
    (config, seeds): (&Config, Vec<Seed>),
    options: &Options,
    frontier: &dyn Frontier,
    now: i64,
) -> Result<Seeded, StoreError> {
    let seeds = options.settings.with_generations(seeds);
    let seeded = frontier.seed(&seeds, now).await?;
    options.settings.note(seeds, &seeded);
    report_changes(config, &seeded);
    Ok(seeded)
}

/// Moves what an earlier pass planned under a clock that was ahead.
async fn correct_times(frontier: &dyn Frontier, now: i64) -> Result<(), StoreError> {
    let ahead = frontier.correct_times(now).await?;
    if ahead > 0 {
        let minutes = ahead / 60_000;
        tracing::warn!(
            "the clock is {minutes} minutes behind that of an earlier crawl; what was due by that \
             one is due by today's"
        );
    }
    Ok(())
}

/// Reports what the settings of today mean for what the store knows.
fn report_changes(config: &Config, seeded: &Seeded) {
    for (old, new) in &seeded.renamed {
        tracing::warn!(
            "the source `{new}` has the entry points of `{old}`, which is gone: it takes over its \
             articles and addresses"
        );
    }
    for warning in seeds::same_sources(config, &seeded.changed) {
        tracing::warn!("{warning}");
    }
    if seeded.woken > 0 {
        tracing::info!("changed settings make {} addresses due again", seeded.woken);
    }
}

/// When what is due, as configured.
/// When addresses are due, as the settings say.
pub(crate) fn schedule(config: &Config) -> Schedule {
    Schedule::new(config.crawl.recheck, config.crawl.recheck_max)
        .refetching(config.crawl.refetch_articles, config.crawl.max_age)
        .waiting(config.crawl.host_wait)
        .leasing(match &config.store.location {
            StoreLocation::File(_) => LEASE_ALONE,
            StoreLocation::Server(_) => LEASE_AMONG_OTHERS,
        })
}

fn duration(millis: i64) -> Duration {
    Duration::from_millis(millis.unsigned_abs())
}

/// The HTTP client of a pass, which keeps robots.txt in the store.
fn fetcher(
    config: &Config,
    signer: Option<Signer>,
    (options, clock): (&Options, &Clock),
    store: &Arc<dyn Store>,
) -> Result<Fetcher, SetupError> {
    let time = clock.clone();
    let signer = signer.map(|it| it.with_clock(move || time.now().div_euclid(1000)));
    let robots = InStore {
        store: Arc::clone(store),
        clock: clock.clone(),
    };
    Ok(Fetcher::signing(&config.crawl, &config.network, signer)?
        .with_purpose(config.rights.purpose)
        .with_limits(options.limits.clone())
        .with_robots_store(Arc::new(robots)))
}

/// The names of the sources that take part, in the configuration's order.
fn chosen(config: &Config, wanted: &[String]) -> Result<Vec<String>, CrawlError> {
    let names: Vec<String> = config
        .sources
        .iter()
        .map(|source| source.name.clone())
        .collect();
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(name)) {
        return Err(CrawlError::UnknownSource {
            name: unknown.clone(),
            known: names.join(", "),
        });
    }
    let all = wanted.is_empty();
    Ok(names
        .into_iter()
        .filter(|name| all || wanted.contains(name))
        .collect())
}
