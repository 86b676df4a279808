//! `newsprint status`: how each source is doing.

mod words;
mod workers;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use newsprint::config::Config;
use newsprint::files::{self, Access};
use newsprint::serve::status_page;
use newsprint::store::{self, SourceStatus, StatusTimes, StoreError, WorkerStatus};
use serde_json::Value;

use self::words::lost;
use super::runtime;
use crate::cli::args::{Common, ReportFormat, StatusArgs};
use crate::cli::plain::plain;
use crate::cli::printer::Printer;
use crate::cli::table::Table;
use crate::cli::times::{self, TimeArg};
use crate::cli::{Exit, settings};

/// The time that `status` covers unless told otherwise.
pub(super) const DEFAULT_SINCE: TimeArg = TimeArg::Ago(Duration::from_secs(7 * 24 * 3600));

pub(crate) fn run(args: &StatusArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::required(common)?;
    let names = settings::chosen(&config, &args.sources)?;
    let now = times::now();
    if let Some(path) = &args.html {
        write_page(path, &config, &names, now)?;
        return Ok(Exit::Done);
    }
    let times = StatusTimes {
        since: args.since.unwrap_or(DEFAULT_SINCE).millis(now),
        health: config.health.window,
        now,
    };
    let (rows, workers) = runtime()?.block_on(async {
        let store = store::open_read_only(&config.store.location).await?;
        let rows = match args.workers {
            true => Vec::new(),
            false => store.status(&names, times).await?,
        };
        Ok::<_, StoreError>((rows, store.workers(times.since).await?))
    })?;
    match args.format {
        Some(ReportFormat::Json) => {
            let objects: Vec<Value> = match args.workers {
                true => workers.iter().map(WorkerStatus::object).collect(),
                false => rows.iter().map(SourceStatus::object).collect(),
            };
            printer.out(format!("{:#}\n", Value::from(objects)).as_bytes())?;
        }
        _ if args.workers => printer.text(&workers::table(&workers, now))?,
        _ if workers.is_empty() => printer.text(&table(&rows, times))?,
        _ => {
            let (sources, workers) = (table(&rows, times), workers::table(&workers, now));
            printer.text(&format!("{sources}\n{workers}"))?;
        }
    }
    Ok(Exit::Done)
}

/// Writes the front page of `newsprint serve` to a file.
fn write_page(path: &Path, config: &Config, names: &[String], now: i64) -> Result<()> {
    let page = runtime()?.block_on(async {
        let store = store::open_read_only(&config.store.location).await?;
        status_page(&*store, config, names, now).await
    })?;
    files::write(path, page.as_bytes(), Access::Group)
        .with_context(|| format!("cannot write {}", path.display()))
}

fn table(rows: &[SourceStatus], times: StatusTimes) -> String {
    let now = times.now;
    let mut table = Table::new(&[
        "source",
        "health",
        "last run",
        "found",
        "stored",
        "lost",
        "waiting",
        "articles",
        "next due",
        "lost by cause",
    ]);
    for row in rows {
        let due = row
            .next_due
            .map_or("-".to_owned(), |at| times::relative(at.max(now), now));
        table.row(vec![
            row.source.clone(),
            row.health_word().to_owned(),
            row.started
                .map_or("never".to_owned(), |at| times::relative(at, now)),
            row.found.to_string(),
            row.stored.to_string(),
            row.lost_pages().to_string(),
            row.waiting.to_string(),
            row.articles.to_string(),
            due,
            lost(row),
        ]);
    }
    let mut out = table.render();
    for row in rows {
        for issue in &row.health_issues {
            out.push_str(&plain(&format!("{}: {issue}", row.source)));
            out.push('\n');
        }
        if row.left_out > 0 {
            out.push_str(&plain(&format!(
                "{}: {} more addresses are left for later: as many pages of a source wait as may\n",
                row.source, row.left_out
            )));
        }
        if !row.withheld.is_empty() {
            let withheld = words::withheld(row);
            out.push_str(&plain(&format!("{}: {withheld}", row.source)));
            out.push('\n');
        }
        for entry in &row.failing {
            let reason = entry.reason.as_deref().unwrap_or(entry.outcome.name());
            out.push_str(&plain(&format!("{}: {}: {reason}", row.source, entry.url)));
            out.push('\n');
        }
    }
    if rows.iter().any(|row| row.lost_pages() > 0) {
        let since = times::relative(times.since, now);
        out.push_str(&format!(
            "found, stored and lost since {since}; `newsprint pages --lost` lists each lost page with the \
             reason\n"
        ));
    }
    out
}
