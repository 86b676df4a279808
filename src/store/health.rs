//! How a source is doing, by its own past: gone quiet, thin, bare, shut, or unreachable. What the
//! store knows is read into [`SourceHistory`]; [`SourceHistory::health_issues`] judges it, free of any store or clock.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::article::Article;
use crate::store::{Store, StoreError};
use crate::verdict::VisitOutcome;

const HOUR: i64 = 3600 * 1000;
const DAY: i64 = 24 * HOUR;

/// Articles of a source that are looked at, the newest.
const ARTICLES: i64 = 3_000;
/// Passes of a source that are looked at, the newest.
const PASSES: i64 = 3_000;

/// When to call a source ill. Chosen to stay silent through weekends and slow days: whoever is woken
/// by a healthy source stops reading.
mod bound {
    /// Articles that must have been stored in the window before anything is said.
    pub(super) const KNOWN: usize = 20;
    /// The newest articles, which are compared with those before.
    pub(super) const RECENT: usize = 10;
    /// A source that has brought nothing while it should have brought this many is quiet: at a
    /// steady rate that happens by chance once in 3,000 times (Poisson).
    pub(super) const MISSED: f64 = 8.0;
    /// It is never called quiet sooner than this; papers sleep at night and on Sundays.
    pub(super) const QUIET: i64 = 36 * crate::store::health::HOUR;
    /// Texts this much shorter than before are thin.
    pub(super) const THIN: f64 = 0.5;
    /// A field that this share of articles had…
    pub(super) const FILLED: f64 = 0.7;
    /// …and that no more than this share has now is lost.
    pub(super) const LOST: f64 = 0.2;
    /// So many articles show that a selector finds nothing…
    pub(super) const MISSED_PAGES: usize = 5;
    /// …if it does so on this share of the newest.
    pub(super) const MISSED_SHARE: f64 = 0.8;
    /// Visits to pages that are compared with those before.
    pub(super) const VISITS: u64 = 20;
    /// Pages, of which this share were articles…
    pub(super) const FRUITFUL: f64 = 0.6;
    /// …and no more than this share are now: the pages have changed, or a wall stands before them.
    pub(super) const BARREN: f64 = 0.2;
}

/// The fields that are watched; the bit of each in the `filled` column is its place.
const FIELDS: [&str; 3] = ["title", "authors", "published"];

/// The bits of the watched fields that a record fills.
pub(super) fn filled(article: &Article) -> u32 {
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

/// What is known of one source within the window. Times are unix milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceHistory {
    /// Its articles, the newest first.
    pub articles: Vec<Stored>,
    /// How the visits of each pass to its pages ended, the newest first.
    pub passes: Vec<BTreeMap<VisitOutcome, u64>>,
    /// Front pages, feeds and sitemaps that the last pass visited, and those of them that failed.
    pub entries: (u64, u64),
    /// The `article` selectors that found nothing, one an article, of the newest ten.
    pub missed: Vec<String>,
    /// When the window begins.
    pub since: i64,
}

/// One article of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// When it was fetched.
    pub at: i64,
    /// Words of its text.
    pub words: u32,
    /// The watched fields it fills, as bits.
    pub filled: u32,
}

/// What a person should look at.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum HealthIssue {
    /// None of its front pages, feeds and sitemaps could be read.
    Unreachable,
    /// It brings no articles any more.
    Quiet {
        /// For so long, in milliseconds.
        since: i64,
        /// Articles that should have come meanwhile.
        missed: u64,
    },
    /// Its texts have become short.
    Thin {
        /// The median of words now.
        now: u32,
        /// The median of words before.
        before: u32,
    },
    /// A field is no longer found.
    Lost {
        /// Which.
        field: &'static str,
    },
    /// Its `article` selector finds nothing any more; the general extraction stands in.
    Missed {
        /// The selector, or several.
        selector: String,
        /// Articles on whose pages it found nothing…
        count: usize,
        /// …of the newest so many.
        of: usize,
    },
    /// Its pages are no articles any more.
    Barren {
        /// How most visits end in place of it.
        outcome: VisitOutcome,
        /// So many.
        count: u64,
        /// Of so many.
        visits: u64,
    },
}

impl fmt::Display for HealthIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HealthIssue::Unreachable => {
                write!(
                    f,
                    "none of its front pages, feeds and sitemaps could be read"
                )
            }
            HealthIssue::Quiet { since, missed } => write!(
                f,
                "gone quiet: nothing new for {} h, in which some {missed} articles used to come; \
                 look whether its addresses still hold",
                since / HOUR
            ),
            HealthIssue::Thin { now, before } => write!(
                f,
                "its articles have become thin: {now} words, {before} before; look at one for a \
                 paywall or a new layout"
            ),
            HealthIssue::Lost { field } => write!(
                f,
                "`{field}` is no longer found; a selector in [source.select] mends it"
            ),
            HealthIssue::Missed {
                selector,
                count,
                of,
            } => write!(
                f,
                "the article selector `{selector}` found nothing on {count} of the last {of} pages, \
                 which may have a new layout; the general extraction stands in until it is mended"
            ),
            HealthIssue::Barren {
                outcome,
                count,
                visits,
            } => write!(
                f,
                "its pages are no articles any more: {} of the last {visits} ended as {}",
                count,
                outcome.name()
            ),
        }
    }
}

impl SourceHistory {
    /// What is wrong with the source today; empty where nothing is, or where too little is known.
    pub fn health_issues(&self, now: i64) -> Vec<HealthIssue> {
        let mut health_issues = Vec::new();
        let (visited, failed) = self.entries;
        if visited > 0 && visited == failed {
            health_issues.push(HealthIssue::Unreachable);
        }
        if self.articles.len() >= bound::KNOWN {
            health_issues.extend(self.quiet(now));
            health_issues.extend(self.thin());
            health_issues.extend(self.lost());
        }
        health_issues.extend(self.missed());
        health_issues.extend(self.barren());
        health_issues
    }

    fn quiet(&self, now: i64) -> Option<HealthIssue> {
        let newest = self.articles.first()?.at;
        let oldest = self.articles.last()?.at;
        let since = now.saturating_sub(newest);
        // The first pass over a source brings a backlog at once, which is no rate.
        let span = newest.saturating_sub(oldest).max(DAY);
        let missed = self.articles.len() as f64 * since as f64 / span as f64;
        (since >= bound::QUIET && missed >= bound::MISSED && newest - oldest >= DAY).then_some(
            HealthIssue::Quiet {
                since,
                missed: missed as u64,
            },
        )
    }

    fn thin(&self) -> Option<HealthIssue> {
        let (recent, before) = self.articles.split_at_checked(bound::RECENT)?;
        let (now, before) = (median(recent)?, median(before)?);
        (f64::from(now) < bound::THIN * f64::from(before))
            .then_some(HealthIssue::Thin { now, before })
    }

    fn lost(&self) -> impl Iterator<Item = HealthIssue> {
        let halves = self.articles.split_at_checked(bound::RECENT);
        let (recent, before) = halves.unwrap_or_default();
        let lost =
            move |at: usize| share(before, at) >= bound::FILLED && share(recent, at) <= bound::LOST;
        FIELDS
            .into_iter()
            .enumerate()
            .filter(move |(at, _)| lost(*at))
            .map(|(_, field)| HealthIssue::Lost { field })
    }

    fn missed(&self) -> Option<HealthIssue> {
        let of = self.articles.len().min(bound::RECENT);
        let last = self.missed.first()?;
        let count = self.missed.len();
        let ill = of >= bound::MISSED_PAGES && count as f64 >= bound::MISSED_SHARE * of as f64;
        ill.then(|| HealthIssue::Missed {
            selector: last.clone(),
            count,
            of,
        })
    }

    fn barren(&self) -> Option<HealthIssue> {
        let mut recent = Counts::default();
        let mut before = Counts::default();
        for pass in &self.passes {
            let counts = if recent.visits < bound::VISITS {
                &mut recent
            } else {
                &mut before
            };
            counts.add(pass);
        }
        let known = recent.visits >= bound::VISITS && before.visits >= bound::VISITS;
        let ill = recent.fruit() <= bound::BARREN && before.fruit() >= bound::FRUITFUL;
        let (outcome, count) = recent.barren.into_iter().max_by_key(|(_, count)| *count)?;
        (known && ill).then_some(HealthIssue::Barren {
            outcome,
            count,
            visits: recent.visits,
        })
    }
}

/// Visits to pages: all, and those without fruit by their outcome.
#[derive(Debug, Default)]
struct Counts {
    visits: u64,
    barren: BTreeMap<VisitOutcome, u64>,
}

impl Counts {
    fn add(&mut self, pass: &BTreeMap<VisitOutcome, u64>) {
        for (&outcome, &count) in pass {
            self.visits += count;
            if !outcome.is_article() && outcome != VisitOutcome::Unchanged {
                *self.barren.entry(outcome).or_default() += count;
            }
        }
    }

    fn fruit(&self) -> f64 {
        let barren: u64 = self.barren.values().sum();
        (self.visits - barren) as f64 / self.visits.max(1) as f64
    }
}

fn median(articles: &[Stored]) -> Option<u32> {
    let mut words: Vec<u32> = articles.iter().map(|it| it.words).collect();
    words.sort_unstable();
    words.get(words.len() / 2).copied()
}

fn share(articles: &[Stored], field: usize) -> f64 {
    let filled = articles.iter().filter(|it| it.filled >> field & 1 == 1);
    filled.count() as f64 / articles.len().max(1) as f64
}

impl Store {
    /// What is known of a source since `window` ago.
    pub async fn past(
        &self,
        source: &str,
        window: Duration,
        now: i64,
    ) -> Result<SourceHistory, StoreError> {
        let window = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
        let since = now.saturating_sub(window);
        let past = self.read_past(source, since).await;
        past.map_err(|error| self.fault(error))
    }

    async fn read_past(&self, source: &str, since: i64) -> Result<SourceHistory, sqlx::Error> {
        let articles: Vec<(i64, u32, u32)> = sqlx::query_as(
            "SELECT fetched_at, words, filled FROM articles
             WHERE source = $1 AND fetched_at >= $2 AND words IS NOT NULL
             ORDER BY fetched_at DESC LIMIT $3",
        )
        .bind(source)
        .bind(since)
        .bind(ARTICLES)
        .fetch_all(self.readers())
        .await?;
        let counts: Vec<(i64, bool, String, u64)> = sqlx::query_as(
            "SELECT started, entry_point, outcome, count FROM run_outcomes
             WHERE source = $1 AND started IN (
                 SELECT started FROM runs WHERE source = $1 AND started >= $2
                 ORDER BY started DESC LIMIT $3)
             ORDER BY started DESC",
        )
        .bind(source)
        .bind(since)
        .bind(PASSES)
        .fetch_all(self.readers())
        .await?;
        let missed: Vec<String> = sqlx::query_scalar(
            "SELECT missed FROM (
                 SELECT missed FROM articles
                 WHERE source = $1 AND fetched_at >= $2 AND words IS NOT NULL
                 ORDER BY fetched_at DESC LIMIT $3)
             WHERE missed IS NOT NULL",
        )
        .bind(source)
        .bind(since)
        .bind(i64::try_from(bound::RECENT).unwrap_or(i64::MAX))
        .fetch_all(self.readers())
        .await?;
        let mut past = SourceHistory {
            missed,
            articles: articles
                .into_iter()
                .map(|(at, words, filled)| Stored { at, words, filled })
                .collect(),
            since,
            ..SourceHistory::default()
        };
        past.take_in(counts);
        Ok(past)
    }
}

impl SourceHistory {
    /// Sorts the counts of outcomes by pass; of entry points, those of the newest pass count.
    fn take_in(&mut self, counts: Vec<(i64, bool, String, u64)>) {
        let newest = counts.iter().find(|(_, entry, ..)| *entry).map(|row| row.0);
        let mut pass = None;
        for (started, entry_point, name, count) in counts {
            let Some(outcome) = VisitOutcome::from_name(&name) else {
                continue;
            };
            if entry_point {
                if newest == Some(started) {
                    self.entries.0 += count;
                    self.entries.1 += if outcome.is_failure() { count } else { 0 };
                }
                continue;
            }
            if pass != Some(started) {
                pass = Some(started);
                self.passes.push(BTreeMap::new());
            }
            if let Some(pass) = self.passes.last_mut() {
                pass.insert(outcome, count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many articles, one every `every` hours, the newest first, ending at time 0.
    fn past(count: i64, every: i64) -> SourceHistory {
        let article = |at: i64| Stored {
            at: -at * every * HOUR,
            words: 400,
            filled: 0b111,
        };
        SourceHistory {
            articles: (0..count).map(article).collect(),
            ..SourceHistory::default()
        }
    }

    #[test]
    fn a_source_is_quiet_when_what_it_missed_is_no_chance() {
        let hourly = past(200, 1);
        assert_eq!(hourly.health_issues(35 * HOUR), []);
        let quiet = HealthIssue::Quiet {
            since: 36 * HOUR,
            missed: 36,
        };
        assert_eq!(hourly.health_issues(36 * HOUR), [quiet]);
        let daily = past(30, 24);
        assert_eq!(daily.health_issues(5 * DAY), []);
        assert_eq!(daily.health_issues(9 * DAY).len(), 1);
    }

    #[test]
    fn a_backlog_that_came_at_once_is_no_rate() {
        let mut backlog = past(300, 0);
        assert_eq!(backlog.health_issues(10 * DAY), []);
        backlog.articles.truncate(5);
        assert_eq!(backlog.health_issues(100 * DAY), []);
    }

    #[test]
    fn texts_at_half_their_length_are_thin_and_fields_can_be_lost() {
        let mut past = past(40, 1);
        for article in &mut past.articles[..10] {
            *article = Stored {
                words: 199,
                filled: 0b101,
                ..*article
            };
        }
        let expected = [
            HealthIssue::Thin {
                now: 199,
                before: 400,
            },
            HealthIssue::Lost { field: "authors" },
        ];
        assert_eq!(past.health_issues(HOUR), expected);
        for article in &mut past.articles[..10] {
            *article = Stored {
                words: 201,
                filled: 0b111,
                ..*article
            };
        }
        assert_eq!(past.health_issues(HOUR), []);
    }

    #[test]
    fn a_selector_that_finds_nothing_is_named() {
        let mut past = past(4, 1);
        past.missed = vec!["#story".to_owned(); 4];
        assert_eq!(
            past.health_issues(0),
            [],
            "four pages may be of another kind"
        );
        past.articles = self::past(8, 1).articles;
        assert_eq!(past.health_issues(0), []);
        past.missed.extend([
            "#story".to_owned(),
            "#story".to_owned(),
            "#story".to_owned(),
        ]);
        let told = past.health_issues(0);
        assert_eq!(told.len(), 1);
        assert!(
            told[0]
                .to_string()
                .contains("`#story` found nothing on 7 of the last 8 pages")
        );
    }

    #[test]
    fn a_wall_before_the_pages_shows_in_how_visits_end() {
        let pass = |outcome, count| BTreeMap::from([(outcome, count)]);
        let walled = vec![
            pass(VisitOutcome::ConsentWall, 12),
            pass(VisitOutcome::ConsentWall, 8),
        ];
        let mut past = SourceHistory {
            passes: walled,
            ..SourceHistory::default()
        };
        assert_eq!(past.health_issues(0), [], "it was never any other");
        past.passes.push(pass(VisitOutcome::Stored, 30));
        let expected = HealthIssue::Barren {
            outcome: VisitOutcome::ConsentWall,
            count: 20,
            visits: 20,
        };
        assert_eq!(past.health_issues(0), [expected]);
    }

    #[test]
    fn a_source_whose_entry_points_all_fail_is_unreachable() {
        let past = SourceHistory {
            entries: (3, 3),
            ..SourceHistory::default()
        };
        assert_eq!(past.health_issues(0), [HealthIssue::Unreachable]);
        let past = SourceHistory {
            entries: (3, 2),
            ..SourceHistory::default()
        };
        assert_eq!(past.health_issues(0), []);
    }
}
