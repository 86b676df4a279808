//! `newsprint crawl`

use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use newsprint::config::Config;
use newsprint::crawl::{
    self, CancellationToken, Clock, CrawlError, CutShort, Event, Options, Progress, SourceSummary,
    Summary, write_metrics,
};
use newsprint::store::{self, LockError};

use super::runtime;
use crate::cli::args::{Common, CrawlArgs};
use crate::cli::bars::Bars;
use crate::cli::printer::{PrintError, Printer};
use crate::cli::signals::Signals;
use crate::cli::{Exit, settings, times};

pub(crate) fn run(args: CrawlArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::crawl(&args, common)?;
    let options = Options {
        sources: args.sources.clone(),
        max_pages: args.max_pages,
        time_limit: args.time_limit,
        dry_run: args.dry_run,
        clock: Clock::default(),
    };
    let job = Job {
        printer: *printer,
        progress: !common.no_progress && !common.quiet && common.verbose == 0,
        metrics: args.metrics_file.clone(),
        options,
    };
    match args.every {
        None => job.once(&config),
        Some(interval) => job.every(interval, config, || settings::crawl(&args, common)),
    }
}

/// What the passes of one command have in common.
pub(super) struct Job {
    pub(super) printer: Printer,
    /// Draw progress, where there is a terminal.
    pub(super) progress: bool,
    pub(super) metrics: Option<std::path::PathBuf>,
    pub(super) options: Options,
}

impl Job {
    /// One pass, told as it goes and summed up.
    pub(super) fn once(&self, config: &Config) -> Result<Exit> {
        let stop = CancellationToken::new();
        runtime()?.block_on(async {
            let signals = Signals::listen(stop.clone(), self.printer)?;
            let exit = self.pass(config, &stop).await?;
            Ok(signals.caught().unwrap_or(exit))
        })
    }

    /// Passes until a signal comes. The settings are read again before each; where they have become
    /// unusable, the last good ones stay.
    fn every(
        &self,
        interval: std::time::Duration,
        mut config: Config,
        reread: impl Fn() -> Result<Config>,
    ) -> Result<Exit> {
        let stop = CancellationToken::new();
        runtime()?.block_on(async {
            let signals = Signals::listen(stop.clone(), self.printer)?;
            crawl::every(interval, &stop, async || {
                match reread() {
                    Ok(read) => config = read,
                    Err(error) => {
                        let mend = "the settings of before are used until this is mended";
                        self.printer.error(&format!("{error:#}; {mend}"));
                    }
                }
                match self.pass(&config, &stop).await {
                    Err(error) if is_held(&error) => {
                        self.printer
                            .error(&format!("{error:#}; this pass is left out"));
                    }
                    other => drop(other?),
                }
                anyhow::Ok(())
            })
            .await?;
            Ok(signals.caught().unwrap_or(Exit::Done))
        })
    }

    async fn pass(&self, config: &Config, stop: &CancellationToken) -> Result<Exit> {
        let teller = Teller {
            printer: self.printer,
            stop: stop.clone(),
            bars: self.progress.then(Bars::new).flatten(),
            unheard: OnceLock::new(),
        };
        let summary = crawl::run(config, &self.options, stop, &teller).await?;
        let Teller { bars, unheard, .. } = teller;
        drop(bars);
        if let Some(error) = unheard.into_inner() {
            return Err(error.into());
        }
        sum_up(&summary, self.printer);
        if let Some(path) = &self.metrics {
            write(path, config).await?;
        }
        let unreachable = summary.unreachable().next().is_some();
        let ill = config.health.fail && summary.needs_person().next().is_some();
        Ok(if unreachable || ill {
            Exit::Partial
        } else {
            Exit::Done
        })
    }
}

/// True where another crawl is at work on the store.
fn is_held(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(CrawlError::Lock(LockError::Held { .. }))
    )
}

async fn write(path: &Path, config: &Config) -> Result<()> {
    let store = store::open_existing(&config.store.path).await?;
    let names = settings::names(config);
    let rows = store
        .status(&names, config.health.window, times::now())
        .await?;
    store.close().await;
    write_metrics(path, &rows).with_context(|| format!("cannot write {}", path.display()))
}

/// Visits go to the log and the progress bars; what a dry run found goes to standard output.
struct Teller {
    printer: Printer,
    stop: CancellationToken,
    bars: Option<Bars>,
    /// Standard output failed; the pass was told to end.
    unheard: OnceLock<PrintError>,
}

impl Progress for Teller {
    fn event(&self, event: &Event<'_>) {
        if let Some(bars) = &self.bars {
            bars.show(event);
        }
        match event {
            Event::Due { source, url } => {
                let line = format!("{source}\t{url}\n");
                if let Err(error) = self.printer.out(line.as_bytes()) {
                    self.stop.cancel();
                    let _ = self.unheard.set(error);
                }
            }
            Event::Visited {
                source,
                url,
                outcome,
                reason,
                found,
                ..
            } => {
                let reason = reason.unwrap_or_default();
                tracing::info!(source, %url, outcome = outcome.name(), found, reason, "visited");
            }
            _ => {}
        }
    }
}

fn sum_up(summary: &Summary, printer: Printer) {
    for source in &summary.sources {
        printer.note(&format!("{}\n", line(source)));
        for failure in &source.failures {
            printer.error(&format!(
                "{}: {}: {}",
                source.name, failure.url, failure.reason
            ));
        }
        for issue in &source.health_issues {
            printer.error(&format!("{}: {issue}", source.name));
        }
    }
    match summary.cut_short {
        Some(CutShort::Stopped) => {
            printer.note("stopped; what was finished is stored, the rest stays due\n");
        }
        Some(CutShort::MaxPages) => printer.note("ended by --max-pages; the rest stays due\n"),
        Some(CutShort::TimeLimit) => printer.note("ended by --time-limit; the rest stays due\n"),
        None => {}
    }
}

/// `harbour-post: 6 articles of 9 pages (index 2, http_4xx 1), 3 lists read, 9 addresses new`
fn line(source: &SourceSummary) -> String {
    let others: Vec<String> = source
        .outcomes
        .iter()
        .filter(|(outcome, _)| outcome.name() != "stored")
        .map(|(outcome, count)| format!("{} {count}", outcome.name()))
        .collect();
    let others = if others.is_empty() {
        String::new()
    } else {
        format!(" ({})", others.join(", "))
    };
    format!(
        "{}: {} new of {} pages{others}; {} front pages, feeds and sitemaps, {} new addresses",
        source.name,
        source.articles(),
        source.pages(),
        source.entry_points,
        source.found
    )
}
