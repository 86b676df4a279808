//! The last line of a pass: how long it took, when it ended, and what all sources together came to.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use newsprint::VisitOutcome;
use newsprint::crawl::{CutShort, SourceSummary, Summary};
use serde_json::{Value, json};

use super::{addresses, by_name, entry_points};
use crate::cli::counts::counted;
use crate::cli::times;

/// The totals of a pass.
#[derive(Debug)]
pub(super) struct Totals {
    elapsed: Duration,
    sources: u64,
    new: u64,
    pages: u64,
    entry_points: u64,
    found: u64,
    outcomes: BTreeMap<VisitOutcome, u64>,
}

impl Totals {
    pub(super) fn of(summary: &Summary, elapsed: Duration) -> Totals {
        let sources = &summary.sources;
        let mut outcomes = BTreeMap::new();
        for (outcome, count) in sources.iter().flat_map(|it| &it.outcomes) {
            *outcomes.entry(*outcome).or_default() += count;
        }
        Totals {
            elapsed,
            sources: sources.len() as u64,
            new: summary.articles(),
            pages: sources.iter().map(SourceSummary::pages).sum(),
            entry_points: sources.iter().map(|it| it.entry_points).sum(),
            found: sources.iter().map(|it| it.found).sum(),
            outcomes,
        }
    }

    /// The same by key.
    pub(super) fn fields(&self, summary: &Summary) -> Value {
        let attention = summary.needs_attention().map(|it| it.name.as_str());
        json!({
            "event": "pass",
            "seconds": self.seconds(),
            "sources": self.sources,
            "new": self.new,
            "pages": self.pages,
            "outcomes": by_name(self.outcomes.iter().map(|(outcome, count)| (*outcome, *count))),
            "entry_points": self.entry_points,
            "found": self.found,
            "lost": summary.lost().values().sum::<u64>(),
            "written": summary.written,
            "need_attention": attention.collect::<Vec<_>>(),
            "cut_short": summary.cut_short.map(name),
        })
    }

    /// To a tenth.
    fn seconds(&self) -> f64 {
        (self.elapsed.as_secs_f64() * 10.0).round() / 10.0
    }
}

/// Why a pass ended early, as scripts read it.
fn name(cut_short: CutShort) -> &'static str {
    match cut_short {
        CutShort::Stopped => "stopped",
        CutShort::MaxPages => "max_pages",
        CutShort::TimeLimit => "time_limit",
        CutShort::Stuck => "stuck",
    }
}

/// `5 sources in 2.1 s: 19 new of 24 pages; 13 front pages, feeds and sitemaps, 24 new addresses; ended …`
impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} in {:.1} s: {} new of {}; {}, {}; ended {}",
            counted(self.sources, "source"),
            self.seconds(),
            self.new,
            counted(self.pages, "page"),
            entry_points(self.entry_points),
            addresses(self.found),
            times::rfc3339(times::now()).unwrap_or_default()
        )
    }
}
