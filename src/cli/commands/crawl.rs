//! `newsprint crawl`

use std::sync::{Arc, OnceLock};

use anyhow::Result;
use newsprint::config::Config;
use newsprint::crawl::{self, CutShort, Event, Options, Progress, SourceSummary, Summary, Switch};

use super::runtime;
use crate::cli::args::{Common, Crawl};
use crate::cli::printer::{PrintError, Printer};
use crate::cli::signals::Signals;
use crate::cli::{Exit, settings};

pub(crate) fn run(args: Crawl, common: &Common, printer: &Printer) -> Result<Exit> {
    let mut config = settings::required(common)?;
    if let Some(format) = args.format {
        config.output.format = format;
    }
    if let Some(include) = args.include {
        config.output.include = include;
    }
    if let Some(dir) = args.output {
        config.output.dir = Some(dir);
    }
    let options = Options {
        sources: args.sources,
        max_pages: args.max_pages,
        time_limit: args.time_limit,
        dry_run: args.dry_run,
    };
    pass(&config, &options, *printer)
}

/// One pass, told as it goes and summed up.
pub(super) fn pass(config: &Config, options: &Options, printer: Printer) -> Result<Exit> {
    let (switch, stop) = crawl::stop();
    let teller = Teller {
        printer,
        switch: Arc::new(switch),
        unheard: OnceLock::new(),
    };
    let (summary, signal) = runtime()?.block_on(async {
        let signals = Signals::listen(Arc::clone(&teller.switch), printer)?;
        let summary = crawl::run(config, options, stop, &teller).await?;
        anyhow::Ok((summary, signals.caught()))
    })?;
    if let Some(error) = teller.unheard.into_inner() {
        return Err(error.into());
    }
    sum_up(&summary, printer);
    let needs_person = summary.needs_person().next().is_some();
    Ok(signal.unwrap_or(if needs_person {
        Exit::Partial
    } else {
        Exit::Done
    }))
}

/// Visits go to the log; what a dry run found goes to standard output.
struct Teller {
    printer: Printer,
    switch: Arc<Switch>,
    /// Standard output failed; the pass was told to end.
    unheard: OnceLock<PrintError>,
}

impl Progress for Teller {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Due { source, url } => {
                let line = format!("{source}\t{url}\n");
                if let Err(error) = self.printer.out(line.as_bytes()) {
                    self.switch.stop();
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
        if source.needs_person() {
            printer.error(&format!(
                "{}: none of its front pages, feeds and sitemaps could be read",
                source.name
            ));
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
