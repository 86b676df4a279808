//! `newsprint status`: how each source is doing.

mod html;
mod words;
mod workers;

use std::time::Duration;

use anyhow::{Context, Result};
use newsprint::files::{self, Access};
use newsprint::store::{self, SourceStatus, StatusTimes, StoreError};
use serde_json::{Value, json};

use self::words::{health, lost};
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
    if let Some(path) = &args.html {
        files::write(
            path,
            html::page(&rows, &workers, times).as_bytes(),
            Access::Group,
        )
        .with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(Exit::Done);
    }
    match args.format {
        Some(ReportFormat::Json) => {
            let objects: Vec<Value> = match args.workers {
                true => workers.iter().map(workers::object).collect(),
                false => rows.iter().map(object).collect(),
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
            health(row).to_owned(),
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

fn object(row: &SourceStatus) -> Value {
    let counts = |counts: &std::collections::BTreeMap<newsprint::VisitOutcome, u64>| {
        let named = counts
            .iter()
            .map(|(outcome, count)| (outcome.name().to_owned(), (*count).into()));
        Value::Object(named.collect())
    };
    json!({
        "source": row.source,
        "last_run": row.started.and_then(times::rfc3339),
        "ended": row.ended.and_then(times::rfc3339),
        "pages": row.pages(),
        "new_articles": row.new_articles(),
        "since": times::rfc3339(row.since),
        "found": row.found,
        "stored": row.stored,
        "lost": counts(&row.lost),
        "tried_again": row.tried_again,
        "articles": row.articles,
        "waiting": row.waiting,
        "left_out": row.left_out,
        "health": health(row),
        "ailments": row.health_issues.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "daily": row.daily,
        "outcomes": counts(&row.outcomes),
        "entry_points": row.entry_points,
        "entry_outcomes": counts(&row.entry_outcomes),
        "failing": row.failing.iter().map(|entry| json!({
            "url": entry.url,
            "outcome": entry.outcome.name(),
            "reason": entry.reason,
            "attempts": entry.attempts,
        })).collect::<Vec<_>>(),
        "next_due": row.next_due.and_then(times::rfc3339),
    })
}
