//! How a source is doing: judged by itself until it has a past (`absolute`), and by its own past from
//! then on: quiet, thin, without fields or unproductive.

mod absolute;
mod issue;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use crate::article::Article;
use crate::store::{ArticleSample, SourceHistory};
use crate::verdict::VisitOutcome;

pub use issue::HealthIssue;

const HOUR: i64 = 3600 * 1000;
const DAY: i64 = 24 * HOUR;

/// Articles that the history of a source covers at most, the newest.
pub(crate) const MOST_ARTICLES: i64 = 3_000;
/// Passes that the history of a source covers at most, the newest.
pub(crate) const MOST_PASSES: i64 = 3_000;
/// The newest articles, which are compared with those before.
pub(crate) const RECENT: usize = 10;

/// When a source counts as sick. Chosen to stay silent through weekends and slow days: people who
/// are alarmed about healthy sources stop reading.
mod bound {
    /// Articles in the window that make a past to compare with.
    pub(super) const KNOWN: usize = 20;
    /// So many lost pages show what a source without a past is like…
    pub(super) const LOST_PAGES: u64 = 5;
    /// …if this share of them ended alike…
    pub(super) const ALIKE: f64 = 0.8;
    /// …and, where anything was ever stored, no more than this share was.
    pub(super) const HARDLY_ANY: f64 = 0.1;
    /// A front page, feed or sitemap that was read so lately shows that the site is there.
    pub(super) const LATELY: i64 = 6 * super::HOUR;
    /// A source that has brought nothing while it should have brought this many is quiet: at a
    /// steady rate that happens by chance once in 3,000 times (Poisson).
    pub(super) const MISSED: f64 = 8.0;
    /// It is never called quiet sooner than this; papers sleep at night and on Sundays.
    pub(super) const QUIET: i64 = 36 * super::HOUR;
    /// Texts this much shorter than before are thin.
    pub(super) const THIN: f64 = 0.5;
    /// A field that this share of articles had…
    pub(super) const FILLED: f64 = 0.7;
    /// …and that no more than this share has now is lost.
    pub(super) const LOST: f64 = 0.2;
    /// So many articles show that a selector matches nothing…
    pub(super) const MISSED_PAGES: usize = 5;
    /// …if it does so on this share of the newest.
    pub(super) const MISSED_SHARE: f64 = 0.8;
    /// So many pages show that the user's own subscription does not open them.
    pub(super) const LOCKED_OUT: usize = 3;
    /// Visits to pages that are compared with those before.
    pub(super) const VISITS: u64 = 20;
    /// Pages of which this share were articles…
    pub(super) const PRODUCTIVE: f64 = 0.6;
    /// …and no more than this share are now: they have changed, or a wall stands in front of them.
    pub(super) const UNPRODUCTIVE: f64 = 0.2;
}

/// The fields that are watched; the bit of each in [`ArticleSample::filled`] is its place.
const FIELDS: [&str; 3] = ["title", "authors", "published"];

/// The bits of the watched fields that a record fills.
pub(crate) fn filled_fields(article: &Article) -> u32 {
    let filled = [
        article.title.is_some(),
        !article.authors.is_empty(),
        article.published.is_some(),
    ];
    filled
        .iter()
        .enumerate()
        .fold(0, |bits, (at, is)| bits | (u32::from(*is) << at))
}

/// What is wrong with a source now; empty where nothing is, or where too little is known.
pub(crate) fn issues(history: &SourceHistory, now: i64) -> Vec<HealthIssue> {
    let mut issues = absolute::issues(history);
    if history.articles.len() >= bound::KNOWN {
        issues.extend(quiet(&history.articles, now));
        issues.extend(thin(&history.articles));
        issues.extend(lost(&history.articles));
    }
    issues.extend(missed(history));
    issues.extend(unproductive(&history.passes));
    if let Some(locked_out) = locked_out(history) {
        issues.retain(|it| !it.is_paywall());
        issues.insert(0, locked_out);
    }
    issues
}

/// The user's own subscription opens no pages. One or two may be for those who pay more.
fn locked_out(history: &SourceHistory) -> Option<HealthIssue> {
    let reason = history.locked_out.first()?;
    let count = history.locked_out.len();
    (count >= bound::LOCKED_OUT).then(|| HealthIssue::LockedOut {
        count,
        reason: reason.clone(),
    })
}

fn quiet(articles: &[ArticleSample], now: i64) -> Option<HealthIssue> {
    let newest = articles.first()?.at;
    let oldest = articles.last()?.at;
    let since = now.saturating_sub(newest);
    // The first pass over a source brings a backlog at once, which is no rate.
    let span = newest.saturating_sub(oldest).max(DAY);
    let missed = articles.len() as f64 * since as f64 / span as f64;
    (since >= bound::QUIET && missed >= bound::MISSED && newest - oldest >= DAY).then_some(
        HealthIssue::Quiet {
            since,
            missed: missed as u64,
        },
    )
}

fn thin(articles: &[ArticleSample]) -> Option<HealthIssue> {
    let (recent, before) = articles.split_at_checked(RECENT)?;
    let (now, before) = (median_words(recent)?, median_words(before)?);
    (f64::from(now) < bound::THIN * f64::from(before)).then_some(HealthIssue::Thin { now, before })
}

fn lost(articles: &[ArticleSample]) -> impl Iterator<Item = HealthIssue> {
    let (recent, before) = articles.split_at_checked(RECENT).unwrap_or_default();
    let lost =
        move |at: usize| share(before, at) >= bound::FILLED && share(recent, at) <= bound::LOST;
    FIELDS
        .into_iter()
        .enumerate()
        .filter(move |(at, _)| lost(*at))
        .map(|(_, field)| HealthIssue::Lost { field })
}

fn missed(history: &SourceHistory) -> Option<HealthIssue> {
    let of = history.articles.len().min(RECENT);
    let last = history.missed.first()?;
    let count = history.missed.len();
    let sick = of >= bound::MISSED_PAGES && count as f64 >= bound::MISSED_SHARE * of as f64;
    sick.then(|| HealthIssue::Missed {
        selector: last.clone(),
        count,
        of,
    })
}

fn unproductive(passes: &[BTreeMap<VisitOutcome, u64>]) -> Option<HealthIssue> {
    let mut recent = Counts::default();
    let mut before = Counts::default();
    for pass in passes {
        let counts = if recent.visits < bound::VISITS {
            &mut recent
        } else {
            &mut before
        };
        counts.add(pass);
    }
    let known = recent.visits >= bound::VISITS && before.visits >= bound::VISITS;
    let sick = recent.productive_share() <= bound::UNPRODUCTIVE
        && before.productive_share() >= bound::PRODUCTIVE;
    let (outcome, count) = recent
        .unproductive
        .into_iter()
        .max_by_key(|(_, count)| *count)?;
    (known && sick).then_some(HealthIssue::Unproductive {
        outcome,
        count,
        visits: recent.visits,
    })
}

/// Visits to pages: all, and those that brought no article by their outcome.
#[derive(Debug, Default)]
struct Counts {
    visits: u64,
    unproductive: BTreeMap<VisitOutcome, u64>,
}

impl Counts {
    fn add(&mut self, pass: &BTreeMap<VisitOutcome, u64>) {
        for (&outcome, &count) in pass {
            self.visits += count;
            if !outcome.is_article() && outcome != VisitOutcome::Unchanged {
                *self.unproductive.entry(outcome).or_default() += count;
            }
        }
    }

    fn productive_share(&self) -> f64 {
        let unproductive: u64 = self.unproductive.values().sum();
        (self.visits - unproductive) as f64 / self.visits.max(1) as f64
    }
}

fn median_words(articles: &[ArticleSample]) -> Option<u32> {
    let mut words: Vec<u32> = articles.iter().map(|it| it.words).collect();
    words.sort_unstable();
    words.get(words.len() / 2).copied()
}

fn share(articles: &[ArticleSample], field: usize) -> f64 {
    let filled = articles.iter().filter(|it| it.filled >> field & 1 == 1);
    filled.count() as f64 / articles.len().max(1) as f64
}
