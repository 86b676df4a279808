//! How all sources are doing: what the front page shows, and the file that `status --html` writes.

use std::cmp::Reverse;
use std::sync::Arc;

use askama::Template;
use tokio::sync::Mutex;

use crate::config::Config;
use crate::serve::chart::Chart;
use crate::serve::pages::assets::STYLE;
use crate::store::{SourceDay, SourceStatus, StatusTimes, Store, StoreError, WorkerStatus};
use crate::wording::counts::counted;
use crate::wording::plain::plain;
use crate::wording::times::{relative, rfc3339};

const DAY: i64 = 24 * 3600 * 1000;
/// The days that are shown.
pub(crate) const DAYS: usize = 30;
/// The last of them, which are counted by themselves.
pub(crate) const WEEK: usize = 7;
/// What was read so lately is shown again: a list of 2,000 sources costs thousands of statements.
const FRESH_MS: i64 = 10_000;

/// How all sources are doing at one time.
#[derive(Debug)]
pub(crate) struct Overview {
    /// A row a source, in the order of the settings.
    pub(crate) rows: Vec<SourceRow>,
    /// A row a worker, where the store has any.
    pub(crate) workers: Vec<WorkerRow>,
    /// Sources that need attention.
    pub(crate) ill: usize,
    /// When it was read, in unix milliseconds.
    pub(crate) at: i64,
}

/// How a source is doing.
#[derive(Debug, Clone)]
pub(crate) struct SourceRow {
    /// Its name.
    pub(crate) name: String,
    /// One word or two for its health.
    pub(crate) word: &'static str,
    /// It needs attention.
    pub(crate) is_ill: bool,
    /// What is wrong with it, each in a sentence.
    pub(crate) causes: Vec<String>,
    /// Articles a day.
    pub(crate) chart: Chart,
    /// What it brought in the last seven days…
    pub(crate) week: SourceDay,
    /// …and in all that are shown.
    pub(crate) month: SourceDay,
    /// Articles of it in the store.
    pub(crate) articles: u64,
    /// Pages that wait.
    pub(crate) waiting: u64,
    /// Its last pass, such as `3h ago`.
    pub(crate) last: String,
    /// Its next visit.
    pub(crate) next: String,
    next_due: Option<i64>,
}

/// A process that crawls a store on a server.
#[derive(Debug)]
pub(crate) struct WorkerRow {
    /// Its name.
    pub(crate) name: String,
    /// What it does.
    pub(crate) state: &'static str,
    /// When it gave a sign of life.
    pub(crate) seen: String,
    /// Hosts that are leased to it.
    pub(crate) hosts: u64,
    /// Articles that are in none of its files yet.
    pub(crate) unwritten: u64,
}

impl Overview {
    /// Reads how these sources are doing.
    pub(crate) async fn read(
        store: &dyn Store,
        config: &Config,
        names: &[String],
        now: i64,
    ) -> Result<Overview, StoreError> {
        let times = StatusTimes {
            since: now - DAY * DAYS as i64,
            health: config.health.window,
            now,
        };
        let states = store.status(names, times).await?;
        let days = store.source_days(names, DAYS, now).await?;
        let rows = states.iter().zip(&days);
        let rows: Vec<SourceRow> = rows
            .map(|(it, days)| SourceRow::new(it, days, now))
            .collect();
        let workers = store.workers(now - DAY * WEEK as i64).await?;
        Ok(Overview {
            ill: rows.iter().filter(|it| it.is_ill).count(),
            rows,
            workers: workers.iter().map(|it| WorkerRow::new(it, now)).collect(),
            at: now,
        })
    }
}

impl SourceRow {
    fn new(state: &SourceStatus, days: &[SourceDay], now: i64) -> SourceRow {
        let articles: Vec<u64> = days.iter().map(|it| it.articles).collect();
        let month = SourceDay::sum(days);
        let label = format!(
            "{} in {}",
            counted(month.articles, "article"),
            counted(days.len() as u64, "day")
        );
        SourceRow {
            name: state.source.clone(),
            word: state.health_word(),
            is_ill: !state.health_issues.is_empty(),
            causes: causes(state),
            chart: Chart::of_days(label, &articles, |it| counted(it, "article")),
            week: SourceDay::sum(days.iter().rev().take(WEEK)),
            month,
            articles: state.articles,
            waiting: state.waiting,
            last: state
                .started
                .map_or("never".to_owned(), |at| relative(at.min(now), now)),
            next: next_visit(state.next_due, now),
            next_due: state.next_due,
        }
    }
}

/// When the next visit is, in words.
pub(crate) fn next_visit(due: Option<i64>, now: i64) -> String {
    match due {
        None => "none is due".to_owned(),
        Some(at) if at <= now => "with the next crawl".to_owned(),
        Some(at) => relative(at, now),
    }
}

/// Health issues and failing entry points, each a sentence.
pub(crate) fn causes(state: &SourceStatus) -> Vec<String> {
    let issues = state.health_issues.iter().map(ToString::to_string);
    let failing = state.failing.iter().map(|entry| {
        let reason = entry.reason.as_deref().unwrap_or(entry.outcome.meaning());
        format!("{}: {reason}", entry.url)
    });
    issues.chain(failing).map(|it| plain(&it)).collect()
}

impl WorkerRow {
    fn new(worker: &WorkerStatus, now: i64) -> WorkerRow {
        WorkerRow {
            name: plain(&worker.name),
            state: worker.state.name(),
            seen: relative(worker.seen_at.min(now), now),
            hosts: worker.hosts,
            unwritten: worker.unwritten,
        }
    }
}

/// By what the list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Order {
    /// As the settings have it.
    #[default]
    Settings,
    /// By name.
    Name,
    /// Those that need attention first.
    Health,
    /// The most found first.
    Found,
    /// The most stored first.
    Stored,
    /// The most lost first.
    Lost,
    /// The next visit first.
    Next,
}

impl Order {
    /// The order of that name, as it stands in the address of the page.
    pub(crate) fn from_name(name: &str) -> Order {
        match name {
            "name" => Order::Name,
            "health" => Order::Health,
            "found" => Order::Found,
            "stored" => Order::Stored,
            "lost" => Order::Lost,
            "next" => Order::Next,
            _ => Order::Settings,
        }
    }

    /// Sorts the rows; those that are alike stay in the order in which they are.
    pub(crate) fn sort(self, rows: &mut [&SourceRow]) {
        match self {
            Order::Settings => {}
            Order::Name => rows.sort_by_key(|it| it.name.to_lowercase()),
            Order::Health => rows.sort_by_key(|it| (!it.is_ill, it.word)),
            Order::Found => rows.sort_by_key(|it| Reverse((it.week.found, it.month.found))),
            Order::Stored => rows.sort_by_key(|it| Reverse((it.week.articles, it.month.articles))),
            Order::Lost => rows.sort_by_key(|it| Reverse((it.week.lost, it.month.lost))),
            Order::Next => rows.sort_by_key(|it| it.next_due.unwrap_or(i64::MAX)),
        }
    }
}

/// What was read last.
#[derive(Debug, Default)]
pub(crate) struct Overviews(Mutex<Option<(Vec<String>, Arc<Overview>)>>);

impl Overviews {
    /// How these sources are doing now, or were some seconds ago. Requests at a time share one reading.
    pub(crate) async fn get(
        &self,
        store: &dyn Store,
        config: &Config,
        now: i64,
    ) -> Result<Arc<Overview>, StoreError> {
        let names = config.source_names();
        let mut kept = self.0.lock().await;
        let is_fresh = |it: &Overview| (0..FRESH_MS).contains(&(now - it.at));
        if let Some((of, overview)) = &*kept
            && *of == names
            && is_fresh(overview)
        {
            return Ok(Arc::clone(overview));
        }
        let overview = Arc::new(Overview::read(store, config, &names, now).await?);
        *kept = Some((names, Arc::clone(&overview)));
        Ok(overview)
    }

    /// Forgets what was read: something has been changed since.
    pub(crate) async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

#[derive(Template)]
#[template(path = "status.html")]
struct StatusFile<'o> {
    style: &'static str,
    at: String,
    overview: &'o Overview,
    rows: Vec<&'o SourceRow>,
    is_linked: bool,
    query: String,
}

/// The list of these sources as one page for a file, without scripts or anything that is elsewhere.
///
/// # Errors
/// Fails where the store can't be read.
pub async fn status_page(
    store: &dyn Store,
    config: &Config,
    names: &[String],
    now: i64,
) -> Result<String, StoreError> {
    let overview = Overview::read(store, config, names, now).await?;
    let page = StatusFile {
        style: STYLE,
        at: rfc3339(now).unwrap_or_default(),
        rows: overview.rows.iter().collect(),
        overview: &overview,
        is_linked: false,
        query: String::new(),
    };
    // Writing to a string can't fail.
    Ok(page.render().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::HealthIssue;

    fn row(name: &str, lost: u64) -> SourceRow {
        let state = SourceStatus {
            source: name.to_owned(),
            started: Some(0),
            next_due: Some(1000 - lost as i64),
            health_issues: if lost > 5 {
                vec![HealthIssue::Unreachable]
            } else {
                Vec::new()
            },
            ..SourceStatus::default()
        };
        let day = SourceDay {
            lost,
            ..SourceDay::default()
        };
        SourceRow::new(&state, &[day; 10], 0)
    }

    #[test]
    fn a_row_counts_a_week_and_all_days() {
        let row = row("daily", 2);
        assert_eq!((row.week.lost, row.month.lost), (14, 20));
        assert_eq!((row.word, row.is_ill), ("good", false));
        assert_eq!(row.chart.bars.len(), 10);
        assert_eq!(next_visit(None, 5), "none is due");
        assert_eq!(next_visit(Some(5), 5), "with the next crawl");
        assert_eq!(next_visit(Some(7_200_005), 5), "in 2h");
    }

    #[test]
    fn rows_are_sorted_by_what_is_asked_for() {
        let rows = [row("b", 1), row("A", 9), row("c", 3)];
        let sorted = |order: &str| {
            let mut rows: Vec<&SourceRow> = rows.iter().collect();
            Order::from_name(order).sort(&mut rows);
            rows.iter().map(|it| it.name.as_str()).collect::<String>()
        };
        assert_eq!(sorted(""), "bAc");
        assert_eq!(sorted("name"), "Abc");
        assert_eq!(sorted("health"), "Abc");
        assert_eq!(sorted("lost"), "Acb");
        assert_eq!(sorted("next"), "Acb");
        assert_eq!(sorted("no such"), "bAc");
    }

    #[test]
    fn whatever_a_source_is_called_stays_text_in_the_file() {
        let overview = Overview {
            rows: vec![row("<script>alert(1)</script>\" onload=x", 9)],
            workers: Vec::new(),
            ill: 1,
            at: 0,
        };
        let page = StatusFile {
            style: STYLE,
            at: String::new(),
            rows: overview.rows.iter().collect(),
            overview: &overview,
            is_linked: false,
            query: String::new(),
        };
        let page = page.render().unwrap();
        assert!(
            !page.contains("<script") && !page.contains("\" onload"),
            "{page}"
        );
        assert!(page.contains("1 source, 1 needs attention"), "{page}");
        assert!(page.contains("unreachable") && page.contains("today"));
        assert!(!page.contains("href=\"/"), "a file leads nowhere");
    }
}
