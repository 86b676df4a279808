//! What a pass did, in words and as fields, on standard error.

mod totals;

use std::time::Duration;

use newsprint::VisitOutcome;
use newsprint::crawl::{CutShort, SourceSummary, Summary};
use newsprint::store::{HealthChange, HealthIssue};
use serde_json::{Map, Value, json};
use totals::Totals;

use crate::cli::counts::counted;
use crate::cli::printer::Printer;

/// Prints a line for each source, and what failed or needs attention. A quiet printer prints only what is
/// new: a source that got worse or better, and a file that someone else has changed.
pub(super) fn sum_up(summary: &Summary, elapsed: Duration, printer: Printer) {
    for source in &summary.sources {
        sum_up_source(source, printer);
    }
    for file in &summary.changed_files {
        let line = format!(
            "{}: changed by someone else since the last pass; what it holds was left, and new \
             articles are after it",
            file.display()
        );
        let file = file.to_string_lossy();
        printer.warning_with(&line, json!({ "event": "changed_file", "file": file }));
    }
    let totals = Totals::of(summary, elapsed);
    printer.note_with(&format!("{totals}\n"), totals.fields(summary));
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
        // An error of the whole run.
        Some(CutShort::Stuck) | None => {}
    }
}

fn sum_up_source(source: &SourceSummary, printer: Printer) {
    printer.note_with(&format!("{}\n", line(source)), fields(source));
    let is_news = source.health_change == HealthChange::Worse
        && source.health_issues.iter().any(HealthIssue::is_unread);
    if is_news || !printer.is_quiet() {
        for failure in &source.failures {
            printer.warning_with(
                &format!("{}: {}: {}", source.name, failure.url, failure.reason),
                json!({
                    "event": "entry_point_failed",
                    "source": source.name,
                    "url": failure.url.as_str(),
                    "outcome": failure.outcome.name(),
                }),
            );
        }
    }
    for left in &source.left {
        printer.note(&format!(
            "{}: {} at {} left to the next crawl: the host wants {} s between requests, more than \
             host_wait in [crawl]\n",
            source.name,
            counted(left.addresses, "page"),
            left.host,
            left.interval.as_secs()
        ));
    }
    for line in health(source, printer.is_quiet()) {
        printer.warning_with(
            &format!("{}: {line}", source.name),
            json!({ "event": "health", "source": source.name }),
        );
    }
}

/// What is wrong with a source and what no longer is; only what has changed if `changes_only`.
fn health(source: &SourceSummary, changes_only: bool) -> Vec<String> {
    let before = &source.health_before;
    let is_new = |issue: &&HealthIssue| !before.contains(&issue.name());
    let is_shown = |issue: &&HealthIssue| !changes_only || is_new(issue);
    let issues = source.health_issues.iter().filter(is_shown);
    let mut lines: Vec<String> = issues.map(ToString::to_string).collect();
    let now: Vec<String> = source.health_issues.iter().map(HealthIssue::name).collect();
    let gone: Vec<&str> = before
        .iter()
        .filter(|name| !now.contains(name))
        .map(String::as_str)
        .collect();
    if source.health_change == HealthChange::Better {
        lines.push(if now.is_empty() {
            format!("good again (was: {})", gone.join(", "))
        } else {
            format!("better (was also: {})", gone.join(", "))
        });
    }
    lines
}

/// Prints how many of the visited pages are lost, and what lists them.
pub(super) fn hint(summary: &Summary, printer: Printer) {
    let lost = summary.lost();
    let total: u64 = lost.values().sum();
    if total > 0 {
        printer.note(&format!(
            "{} not stored ({}); `newsprint pages --lost` lists each with the reason\n",
            counted(total, "page"),
            outcomes(lost.into_iter())
        ));
    }
}

/// `http_4xx 14, soft_404 2`
fn outcomes(counts: impl Iterator<Item = (VisitOutcome, u64)>) -> String {
    let counts = counts.map(|(outcome, count)| format!("{} {count}", outcome.name()));
    counts.collect::<Vec<_>>().join(", ")
}

/// What the line of a source says, by key.
fn fields(source: &SourceSummary) -> Value {
    json!({
        "event": "source",
        "source": source.name,
        "new": source.articles(),
        "pages": source.pages(),
        "outcomes": by_name(source.outcomes.iter().map(|(outcome, count)| (*outcome, *count))),
        "entry_points": source.entry_points,
        "entry_points_failed": source.failures.len(),
        "found": source.found,
        "left_out": source.left_out,
        "postponed": source.postponed,
        "judged_again": source.judged_again,
        "accepted": source.accepted,
        "issues": source.health_issues.iter().map(HealthIssue::name).collect::<Vec<_>>(),
    })
}

/// Numbers of visits by the names of their outcomes.
fn by_name(counts: impl Iterator<Item = (VisitOutcome, u64)>) -> Map<String, Value> {
    counts
        .map(|(outcome, count)| (outcome.name().to_owned(), count.into()))
        .collect()
}

/// `3 front pages, feeds and sitemaps`
fn entry_points(count: u64) -> String {
    match count {
        1 => "1 front page, feed or sitemap".to_owned(),
        count => format!("{count} front pages, feeds and sitemaps"),
    }
}

/// `9 new addresses`
fn addresses(count: u64) -> String {
    match count {
        1 => "1 new address".to_owned(),
        count => format!("{count} new addresses"),
    }
}

/// `harbour-post: 6 new of 9 pages (index 2, http_4xx 1); 3 front pages, feeds and sitemaps, 9 new addresses`
fn line(source: &SourceSummary) -> String {
    let all = source
        .outcomes
        .iter()
        .map(|(outcome, count)| (*outcome, *count));
    let others = match outcomes(all.filter(|(outcome, _)| *outcome != VisitOutcome::Stored)) {
        others if others.is_empty() => others,
        others => format!(" ({others})"),
    };
    let entry_points = entry_points(source.entry_points);
    let addresses = addresses(source.found);
    let accepted = match source.accepted {
        0 => String::new(),
        1 => "; 1 page refused earlier holds an article".to_owned(),
        count => format!("; {count} pages refused earlier hold an article"),
    };
    let left_out = match source.left_out {
        0 => String::new(),
        count => format!(" ({count} more are left for later: as many pages wait as may)"),
    };
    let postponed = match source.postponed {
        0 => String::new(),
        1 => "; 1 more sitemap is left to the next crawl".to_owned(),
        count => format!("; {count} more sitemaps are left to the next crawl"),
    };
    format!(
        "{}: {} new of {}{others}; {entry_points}, {addresses}{left_out}{postponed}{accepted}",
        source.name,
        source.articles(),
        counted(source.pages(), "page"),
    )
}
