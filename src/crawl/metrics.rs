//! The contents of `status` in the text format of Prometheus, for node_exporter's textfile collector
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use crate::files::{self, Access};
use crate::store::SourceStatus;
use crate::verdict::VisitOutcome;

/// One metric: its name, its help text, and its samples as labels and value.
type Metric<'a> = (&'a str, &'a str, Vec<(String, f64)>);

/// Writes the metrics of these sources to a file, which is replaced in one step, or to a FIFO or a device. Its
/// folder is created where it is missing.
///
/// # Errors
/// Fails where the file can't be written, or nobody reads the FIFO.
pub fn write_metrics(path: &Path, rows: &[SourceStatus]) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        files::create_folder(folder, Access::Everyone)?;
    }
    files::write(path, metrics(rows).as_bytes(), Access::Everyone)
}

/// The metrics of these sources. Times are unix seconds.
pub fn metrics(rows: &[SourceStatus]) -> String {
    let each = |value: &dyn Fn(&SourceStatus) -> Option<f64>| -> Vec<(String, f64)> {
        let line = |row| Some((source(row), value(row)?));
        rows.iter().filter_map(line).collect()
    };
    let seconds = |at: i64| at as f64 / 1000.0;
    let all: [Metric<'_>; 10] = [
        (
            "newsprint_articles",
            "Articles in the store.",
            each(&|row| Some(row.articles as f64)),
        ),
        (
            "newsprint_waiting_pages",
            "Pages that are known but not fetched yet.",
            each(&|row| Some(row.waiting as f64)),
        ),
        (
            "newsprint_found_pages",
            "Pages that were first named in the last seven days.",
            each(&|row| Some(row.found as f64)),
        ),
        (
            "newsprint_lost_pages",
            "Pages visited in the last seven days that are not stored, by outcome.",
            by_outcome(rows, |row| &row.lost),
        ),
        (
            "newsprint_tried_again_pages",
            "Lost pages that will be fetched again.",
            each(&|row| Some(row.tried_again as f64)),
        ),
        (
            "newsprint_last_run_timestamp_seconds",
            "Start of the last pass.",
            each(&|row| row.started.map(seconds)),
        ),
        (
            "newsprint_last_run_visits",
            "Visits to pages in the last pass, by outcome.",
            by_outcome(rows, |row| &row.outcomes),
        ),
        (
            "newsprint_failing_entry_points",
            "Front pages, feeds and sitemaps whose last visit failed.",
            each(&|row| Some(row.failing.len() as f64)),
        ),
        (
            "newsprint_next_due_timestamp_seconds",
            "When the next address is due.",
            each(&|row| row.next_due.map(seconds)),
        ),
        (
            "newsprint_healthy",
            "1 if the source is healthy, 0 if it needs attention.",
            each(&|row| Some(f64::from(u8::from(row.health_issues.is_empty())))),
        ),
    ];
    let mut out = String::new();
    for (name, help, lines) in all {
        // Writing to a string can't fail.
        let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n");
        for (labels, value) in lines {
            let _ = writeln!(out, "{name}{{{labels}}} {value}");
        }
    }
    out
}

/// A sample for each source and outcome.
fn by_outcome(
    rows: &[SourceStatus],
    counts: fn(&SourceStatus) -> &BTreeMap<VisitOutcome, u64>,
) -> Vec<(String, f64)> {
    let samples = rows.iter().flat_map(|row| {
        counts(row).iter().map(move |(outcome, count)| {
            let labels = format!("{},outcome=\"{}\"", source(row), outcome.name());
            (labels, *count as f64)
        })
    });
    samples.collect()
}

fn source(row: &SourceStatus) -> String {
    let name = row
        .source
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("source=\"{name}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_source_has_a_line_and_its_name_cannot_break_out() {
        let rows = [SourceStatus {
            source: "a\"} 1\nb".to_owned(),
            started: Some(1_500),
            outcomes: BTreeMap::from([(VisitOutcome::Stored, 7)]),
            lost: BTreeMap::from([(VisitOutcome::Http4xx, 3)]),
            articles: 12,
            ..SourceStatus::default()
        }];
        let text = metrics(&rows);
        for line in [
            r#"newsprint_articles{source="a\"} 1\nb"} 12"#,
            r#"newsprint_last_run_timestamp_seconds{source="a\"} 1\nb"} 1.5"#,
            r#"newsprint_last_run_visits{source="a\"} 1\nb",outcome="stored"} 7"#,
            r#"newsprint_lost_pages{source="a\"} 1\nb",outcome="http_4xx"} 3"#,
            r#"newsprint_healthy{source="a\"} 1\nb"} 1"#,
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\n{text}");
        }
        assert!(!text.contains("newsprint_next_due_timestamp_seconds{"));
    }
}
