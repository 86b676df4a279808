//! `newsprint crawl`

mod report;

use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use newsprint::config::{Config, FailOn};
use newsprint::crawl::{
    self, CancellationToken, CrawlError, CutShort, Event, Options, Progress, write_metrics,
};
use newsprint::frontier::LinkCounts;
use newsprint::store::{self, LockError, StatusTimes};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::status::DEFAULT_SINCE;
use crate::cli::args::{Common, CrawlArgs};
use crate::cli::bars::Bars;
use crate::cli::printer::{PrintError, Printer};
use crate::cli::signals::{LONGEST, Signals, block_on};
use crate::cli::{Exit, settings, times};

/// While a pass runs, the metrics are no older than this.
const METRICS_EVERY: Duration = Duration::from_secs(60);
/// What is reported of a pass that goes on though its time is long over.
const OVERDUE: &str = "ended ten seconds after --time-limit, with work in flight; what was finished is stored, \
                       the rest is fetched next time";

/// What is reported where no thread is left to read pages.
const STUCK: &str = "stopped: several pages take without end to be read, a fault of newsprint; `newsprint pages \
                     --outcome panic` lists them, please report their addresses. The rest is fetched next time";

pub(crate) fn run(args: CrawlArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::crawl(&args, common)?;
    super::demo::is_served(&config, settings::file(common))?;
    let options = Options {
        sources: args.sources.clone(),
        max_pages: args.max_pages,
        time_limit: args.time_limit,
        dry_run: args.dry_run,
        ..Options::default()
    };
    let command = CrawlCommand {
        printer: *printer,
        progress: !common.no_progress && !common.quiet && common.verbose == 0,
        metrics: args.metrics_file.clone(),
        options,
        lists_pages: true,
    };
    match args.every {
        None => command.run_once(&config),
        Some(interval) => command.run_every(interval, config, || settings::crawl(&args, common)),
    }
}

/// What all passes of one command share.
pub(super) struct CrawlCommand {
    pub(super) printer: Printer,
    /// Draw progress bars, if standard error is a terminal.
    pub(super) progress: bool,
    pub(super) metrics: Option<PathBuf>,
    pub(super) options: Options,
    /// `newsprint pages` works on the store with the same configuration.
    pub(super) lists_pages: bool,
}

impl CrawlCommand {
    fn run_once(&self, config: &Config) -> Result<Exit> {
        let signals = Signals::listen(self.printer)?;
        block_on(async {
            let exit = self.pass(config, signals.stop()).await?;
            Ok(signals.caught().unwrap_or(exit))
        })
    }

    /// Runs passes until a signal arrives. The configuration is read again before each; if it has become
    /// invalid, the last valid one is used.
    fn run_every(
        &self,
        interval: std::time::Duration,
        mut config: Config,
        reread: impl Fn() -> Result<Config>,
    ) -> Result<Exit> {
        let signals = Signals::listen(self.printer)?;
        block_on(async {
            let stop = signals.stop();
            crawl::every(interval, stop, async || {
                match reread() {
                    Ok(read) => config = read,
                    Err(error) => {
                        let note = "using the previous configuration until this is fixed";
                        self.printer.error(&format!("{error:#}; {note}"));
                    }
                }
                match self.pass(&config, stop).await {
                    Err(error) if is_locked(&error) => {
                        let note = format!("newsprint: {error:#}; skipping this pass\n");
                        self.printer.note(&note);
                    }
                    // The reader of a FIFO may be back by the next pass.
                    Err(error) if error.is::<MetricsError>() => {
                        self.printer.error(&format!("{error:#}"));
                    }
                    other => drop(other?),
                }
                anyhow::Ok(())
            })
            .await?;
            Ok(signals.caught().unwrap_or(Exit::Done))
        })
    }

    /// Writes the metrics every minute: a pass may be long. Where that fails, the end of the pass says so.
    async fn write_metrics_meanwhile(&self, config: &Config) -> Infallible {
        let Some(path) = &self.metrics else {
            return std::future::pending().await;
        };
        loop {
            tokio::time::sleep(METRICS_EVERY).await;
            if let Err(error) = write(path, config).await {
                tracing::debug!("the metrics are not written: {error:#}");
            }
        }
    }

    /// Runs one pass and prints a summary.
    pub(super) async fn pass(&self, config: &Config, stop: &CancellationToken) -> Result<Exit> {
        let began = Instant::now();
        let reporter = ProgressReporter {
            printer: self.printer,
            stop: stop.clone(),
            bars: self.progress.then(Bars::new).flatten(),
            print_error: OnceLock::new(),
        };
        let overdue = self.options.time_limit.map(|limit| limit + LONGEST);
        let summary = tokio::select! {
            done = crawl::run(config, &self.options, stop, &reporter) => done?,
            () = after(overdue) => bail!(OVERDUE),
            never = self.write_metrics_meanwhile(config) => match never {},
        };
        let ProgressReporter {
            bars, print_error, ..
        } = reporter;
        drop(bars);
        if let Some(error) = print_error.into_inner() {
            return Err(error.into());
        }
        report::sum_up(&summary, began.elapsed(), self.printer);
        if !self.options.dry_run && self.lists_pages {
            report::hint(&summary, self.printer);
        }
        if let Some(path) = &self.metrics {
            write(path, config).await?;
        }
        // The threads end with the process alone, also between the passes of `--every`.
        if summary.cut_short == Some(CutShort::Stuck) {
            bail!(STUCK);
        }
        let failed = match config.health.fail {
            FailOn::Unhealthy => summary.needs_attention().next().is_some(),
            FailOn::Change => summary.worse().next().is_some(),
            FailOn::Never => false,
        };
        Ok(if failed { Exit::Partial } else { Exit::Done })
    }
}

/// Ends after this time, if there is one.
async fn after(time: Option<Duration>) {
    match time {
        Some(time) => sleep(time).await,
        None => std::future::pending().await,
    }
}

/// True if another crawl is using the store.
fn is_locked(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(CrawlError::Lock(LockError::Held { .. }))
    )
}

async fn write(path: &Path, config: &Config) -> Result<()> {
    let store = store::open_read_only(&config.store.location).await?;
    let names = settings::names(config);
    let now = times::now();
    let times = StatusTimes {
        since: DEFAULT_SINCE.millis(now),
        health: config.health.window,
        now,
    };
    let rows = store.status(&names, times).await?;
    store.close().await;
    let (to, path) = (path.to_owned(), path.to_owned());
    // A FIFO may have to be waited for.
    let written = spawn_blocking(move || write_metrics(&to, &rows)).await;
    let written = written.unwrap_or_else(|panic| Err(io::Error::other(panic)));
    Ok(written.map_err(|source| MetricsError { path, source })?)
}

/// The metrics of a pass could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the metrics to {}", path.display())]
struct MetricsError {
    path: PathBuf,
    source: io::Error,
}

/// Reports visits to the log and the progress bars, and the findings of a dry run to standard output.
struct ProgressReporter {
    printer: Printer,
    stop: CancellationToken,
    bars: Option<Bars>,
    /// Set if standard output failed, which ends the pass.
    print_error: OnceLock<PrintError>,
}

impl Progress for ProgressReporter {
    fn event(&self, event: &Event<'_>) {
        if let Some(bars) = &self.bars {
            bars.show(event);
        }
        match event {
            Event::Due { source, url } => {
                let line = format!("{source}\t{url}\n");
                if let Err(error) = self.printer.out(line.as_bytes()) {
                    self.stop.cancel();
                    let _ = self.print_error.set(error);
                }
            }
            Event::Visited {
                source,
                url,
                outcome,
                wrong_guess,
                reason,
                found,
                links,
                ..
            } => {
                let guessed = wrong_guess.then_some(true);
                let outcome = outcome.name();
                let links = links.map(|LinkCounts { followed, passed }| {
                    format!("followed {followed}, passed over {passed}")
                });
                // Fields that are `None` are left out.
                let links = links.as_deref();
                tracing::info!(source, %url, outcome, guessed, found, links, reason, "visited");
            }
            _ => {}
        }
    }
}
