//! `newsprint crawl`

use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use newsprint::config::Config;
use newsprint::crawl::{
    self, CancellationToken, CrawlError, CutShort, Event, Options, Progress, SourceSummary,
    Summary, write_metrics,
};
use newsprint::store::{self, LockError};

use super::runtime;
use crate::cli::args::{Common, CrawlArgs};
use crate::cli::bars::Bars;
use crate::cli::counts::counted;
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
        ..Options::default()
    };
    let command = CrawlCommand {
        printer: *printer,
        progress: !common.no_progress && !common.quiet && common.verbose == 0,
        metrics: args.metrics_file.clone(),
        options,
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
    pub(super) metrics: Option<std::path::PathBuf>,
    pub(super) options: Options,
}

impl CrawlCommand {
    /// Runs one pass and prints a summary.
    pub(super) fn run_once(&self, config: &Config) -> Result<Exit> {
        let stop = CancellationToken::new();
        runtime()?.block_on(async {
            let signals = Signals::listen(stop.clone(), self.printer)?;
            let exit = self.pass(config, &stop).await?;
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
        let stop = CancellationToken::new();
        runtime()?.block_on(async {
            let signals = Signals::listen(stop.clone(), self.printer)?;
            crawl::every(interval, &stop, async || {
                match reread() {
                    Ok(read) => config = read,
                    Err(error) => {
                        let note = "using the previous configuration until this is fixed";
                        self.printer.error(&format!("{error:#}; {note}"));
                    }
                }
                match self.pass(&config, &stop).await {
                    Err(error) if is_locked(&error) => {
                        self.printer
                            .error(&format!("{error:#}; skipping this pass"));
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
        let reporter = ProgressReporter {
            printer: self.printer,
            stop: stop.clone(),
            bars: self.progress.then(Bars::new).flatten(),
            print_error: OnceLock::new(),
        };
        let summary = crawl::run(config, &self.options, stop, &reporter).await?;
        let ProgressReporter {
            bars, print_error, ..
        } = reporter;
        drop(bars);
        if let Some(error) = print_error.into_inner() {
            return Err(error.into());
        }
        sum_up(&summary, self.printer);
        if let Some(path) = &self.metrics {
            write(path, config).await?;
        }
        let unreachable = summary.unreachable().next().is_some();
        let needs_attention = config.health.fail && summary.needs_attention().next().is_some();
        Ok(if unreachable || needs_attention {
            Exit::Partial
        } else {
            Exit::Done
        })
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
    let store = store::open_existing(&config.store.path).await?;
    let names = settings::names(config);
    let rows = store
        .status(&names, config.health.window, times::now())
        .await?;
    store.close().await;
    write_metrics(path, &rows).with_context(|| format!("cannot write {}", path.display()))
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
    for file in &summary.changed_files {
        printer.error(&format!(
            "{}: changed by someone else since the last pass; what it holds was left, and new \
             articles are after it",
            file.display()
        ));
    }
    match summary.cut_short {
        Some(CutShort::Stopped) => {
            printer.note("stopped; what was finished is stored, the rest is fetched next time\n");
        }
        Some(CutShort::MaxPages) => {
            printer.note("stopped by --max-pages; the rest is fetched next time\n");
        }
        Some(CutShort::TimeLimit) => {
            printer.note("stopped by --time-limit; the rest is fetched next time\n");
        }
        None => {}
    }
}

/// `harbour-post: 6 new of 9 pages (index 2, http_4xx 1); 3 front pages, feeds and sitemaps, 9 new addresses`
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
    let entry_points = match source.entry_points {
        1 => "1 front page, feed or sitemap".to_owned(),
        count => format!("{count} front pages, feeds and sitemaps"),
    };
    let addresses = match source.found {
        1 => "1 new address".to_owned(),
        count => format!("{count} new addresses"),
    };
    format!(
        "{}: {} new of {}{others}; {entry_points}, {addresses}",
        source.name,
        source.articles(),
        counted(source.pages(), "page"),
    )
}
