//! `newsprint status`: how each source is doing.

mod html;
mod words;

use anyhow::{Context, Result};
use newsprint::store::{self, SourceStatus};
use serde_json::{Value, json};

use self::words::{failures, health};
use super::runtime;
use crate::cli::args::{Common, ReportFormat, StatusArgs};
use crate::cli::printer::Printer;
use crate::cli::table::Table;
use crate::cli::{Exit, settings, times};

pub(crate) fn run(args: &StatusArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::required(common)?;
    let (names, now) = (settings::names(&config), times::now());
    let rows = runtime()?.block_on(async {
        let store = store::open_existing(&config.store.path).await?;
        store.status(&names, config.health.window, now).await
    })?;
    if let Some(path) = &args.html {
        std::fs::write(path, html::page(&rows, now))
            .with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(Exit::Done);
    }
    match args.format {
        Some(ReportFormat::Json) => {
            let rows: Vec<Value> = rows.iter().map(object).collect();
            printer.out(format!("{:#}\n", Value::from(rows)).as_bytes())?;
        }
        _ => printer.out(table(&rows, now).as_bytes())?,
    }
    Ok(Exit::Done)
}

fn table(rows: &[SourceStatus], now: i64) -> String {
    let mut table = Table::new(&[
        "source", "health", "last run", "pages", "new", "articles", "waiting", "failures",
        "next due",
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
            row.pages().to_string(),
            row.new_articles().to_string(),
            row.articles.to_string(),
            row.waiting.to_string(),
            failures(row),
            due,
        ]);
    }
    let mut out = table.render();
    for row in rows {
        for issue in &row.health_issues {
            out.push_str(&format!("{}: {issue}\n", row.source));
        }
        for entry in &row.failing {
            let reason = entry.reason.as_deref().unwrap_or(entry.outcome.name());
            out.push_str(&format!("{}: {}: {reason}\n", row.source, entry.url));
        }
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
        "articles": row.articles,
        "waiting": row.waiting,
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
