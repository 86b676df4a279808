//! `status` as one HTML page without scripts or external resources; all text is escaped.

use std::fmt::Write as _;

use newsprint::extract::render::escape_html;
use newsprint::store::{SourceStatus, StatusTimes, WorkerStatus};

use super::words::lost;
use super::workers::note;
use crate::cli::counts::counted;
use crate::cli::plain::plain;
use crate::cli::times;

/// The size of a chart in pixels: the width of a day's bar, and the height.
const BAR: usize = 7;
const HEIGHT: u64 = 28;

const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>newsprint status</title>
<style>
:root { color-scheme: light dark; --line: #8884; --good: #2a7d4f; --ill: #c0392b; --bar: #5b7fa6; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.3rem; } .when { opacity: .7; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; white-space: nowrap; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.good { color: var(--good); } .ill { color: var(--ill); font-weight: 600; }
ul { margin: .2rem 0 0; padding-left: 1.1rem; overflow-wrap: anywhere; }
svg { display: block; } rect { fill: var(--bar); }
</style>
</head>
<body>
"#;

/// The page.
pub(super) fn page(rows: &[SourceStatus], workers: &[WorkerStatus], times: StatusTimes) -> String {
    let now = times.now;
    let flagged = rows.iter().filter(|row| !row.health_issues.is_empty());
    let attention = match flagged.count() {
        1 => "1 needs attention".to_owned(),
        count => format!("{count} need attention"),
    };
    let days = rows.iter().map(|row| row.daily.len()).max().unwrap_or(0);
    let mut out = HEAD.to_owned();
    // Writing to a string can't fail.
    let _ = write!(
        out,
        "<h1>{}, {attention}</h1>\n<p class=\"when\">{}; found, stored and lost since {}</p>\n\
         <div class=\"scroll\"><table>\n<thead><tr><th>source</th><th>health</th>\
         <th>last {days} days</th><th>last run</th><th class=\"n\">found</th><th class=\"n\">stored</th>\
         <th class=\"n\">lost</th><th class=\"n\">waiting</th><th class=\"n\">articles</th>\
         <th>lost by cause</th><th>next due</th>\
         </tr></thead>\n<tbody>\n",
        counted(rows.len() as u64, "source"),
        times::rfc3339(now).unwrap_or_default(),
        times::rfc3339(times.since).unwrap_or_default(),
    );
    for row in rows {
        push_row(&mut out, row, now);
    }
    out.push_str("</tbody>\n</table></div>\n");
    if !workers.is_empty() {
        push_workers(&mut out, workers, now);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn push_workers(out: &mut String, workers: &[WorkerStatus], now: i64) {
    let _ = write!(
        out,
        "<h1>{}</h1>\n<div class=\"scroll\"><table>\n<thead><tr><th>worker</th><th>state</th><th>last seen</th>\
         <th class=\"n\">hosts</th><th class=\"n\">unwritten</th></tr></thead>\n<tbody>\n",
        counted(workers.len() as u64, "worker"),
    );
    for worker in workers {
        let note = note(worker).map_or_else(String::new, |it| {
            format!("<ul><li>{}</li></ul>", escape_html(&plain(&it)))
        });
        let _ = writeln!(
            out,
            "<tr><td>{}{note}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape_html(&worker.name),
            worker.state.name(),
            times::relative(worker.seen_at.min(now), now),
            worker.hosts,
            worker.unwritten,
        );
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn push_row(out: &mut String, row: &SourceStatus, now: i64) {
    let class = if row.health_issues.is_empty() {
        "good"
    } else {
        "ill"
    };
    let when = |at: Option<i64>| at.map_or("never".to_owned(), |at| times::relative(at, now));
    let due = row.next_due.map(|at| at.max(now));
    let _ = writeln!(
        out,
        "<tr><td>{}{}</td><td class=\"{class}\">{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td>\
         <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
         <td>{}</td><td>{}</td></tr>",
        escape_html(&row.source),
        issues(row),
        row.health_word(),
        chart(&row.daily),
        when(row.started),
        row.found,
        row.stored,
        row.lost_pages(),
        row.waiting,
        row.articles,
        escape_html(&lost(row)),
        when(due),
    );
}

/// Health issues and failing entry points, below the source's name.
fn issues(row: &SourceStatus) -> String {
    let health_issues = row.health_issues.iter().map(ToString::to_string);
    let failing = row.failing.iter().map(|entry| {
        let reason = entry.reason.as_deref().unwrap_or(entry.outcome.name());
        format!("{}: {reason}", entry.url)
    });
    let items: String = health_issues
        .chain(failing)
        .map(|it| format!("<li>{}</li>", escape_html(&plain(&it))))
        .collect();
    if items.is_empty() {
        items
    } else {
        format!("<ul>{items}</ul>")
    }
}

/// Articles per day as bars, each with a title for tooltips and screen readers.
fn chart(daily: &[u64]) -> String {
    let most = daily.iter().copied().max().unwrap_or(0).max(1);
    let total: u64 = daily.iter().sum();
    let width = daily.len() * BAR;
    let mut out = format!(
        "<svg role=\"img\" width=\"{width}\" height=\"{HEIGHT}\" aria-label=\"{}\">",
        counted(total, "article")
    );
    for (at, &count) in daily.iter().enumerate() {
        // A day with any article at all shows a line.
        let height = (count * HEIGHT).div_ceil(most);
        let ago = daily.len() - 1 - at;
        let _ = write!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{height}\"><title>{}, {} ago</title>\
             </rect>",
            at * BAR,
            HEIGHT - height,
            BAR - 1,
            counted(count, "article"),
            counted(ago as u64, "day"),
        );
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use newsprint::store::{HealthIssue, WorkerState};

    use super::*;

    #[test]
    fn whatever_a_source_is_called_stays_text() {
        let rows = [SourceStatus {
            source: "<script>alert(1)</script>".to_owned(),
            daily: vec![0, 3, 1],
            health_issues: vec![HealthIssue::Unreachable],
            ..SourceStatus::default()
        }];
        let times = StatusTimes {
            since: 0,
            health: std::time::Duration::ZERO,
            now: 0,
        };
        let page = page(&rows, &[], times);
        assert!(!page.contains("<script"));
        assert!(page.contains("&lt;script&gt;alert(1)"));
        assert!(page.contains("1 source, 1 needs attention"));
        assert!(page.contains("3 articles, 1 day ago"));
        assert!(!page.contains("worker"));
    }

    #[test]
    fn a_worker_that_left_articles_is_shown_with_what_becomes_of_them() {
        let worker = WorkerStatus {
            name: "one".to_owned(),
            state: WorkerState::Gone,
            seen_at: 0,
            hosts: 3,
            unwritten: 12,
        };
        let mut page = String::new();
        push_workers(&mut page, &[worker], 60_000);
        assert!(page.contains("<h1>1 worker</h1>"), "{page}");
        assert!(page.contains("<td>gone</td>"), "{page}");
        assert!(
            page.contains("one: 12 articles stored and not in its files yet"),
            "{page}"
        );
    }
}
