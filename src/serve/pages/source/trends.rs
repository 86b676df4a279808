//! How a source goes from day to day: small charts, and the table behind them.

use crate::serve::chart::{Chart, ago};
use crate::store::SourceDay;
use crate::wording::counts::counted;

/// One number of each day.
pub(super) struct Trend {
    pub(super) title: &'static str,
    /// All days in one number.
    pub(super) sum: String,
    pub(super) chart: Chart,
}

/// A day of the table.
pub(super) struct DayRow {
    pub(super) day: String,
    pub(super) found: u64,
    pub(super) stored: u64,
    pub(super) lost: u64,
    pub(super) words: String,
    pub(super) titles: String,
    pub(super) authors: String,
    pub(super) dates: String,
}

/// The charts.
pub(super) fn charts(days: &[SourceDay]) -> Vec<Trend> {
    let all = SourceDay::sum(days);
    let percent = |it: u64| format!("{it} %");
    let of_articles = |count: u64| dash(all.percent(count).map(percent));
    vec![
        trend(
            "Pages found",
            days,
            all.found.to_string(),
            |it| it.found,
            |it| counted(it, "page"),
        ),
        trend(
            "Articles stored",
            days,
            all.articles.to_string(),
            |it| it.articles,
            |it| counted(it, "article"),
        ),
        trend(
            "Pages lost",
            days,
            all.lost.to_string(),
            |it| it.lost,
            |it| counted(it, "page"),
        ),
        trend(
            "Mean length",
            days,
            dash(all.mean_words().map(|it| counted(it, "word"))),
            |it| it.mean_words().unwrap_or(0),
            |it| counted(it, "word"),
        ),
        trend(
            "With a title",
            days,
            of_articles(all.titles),
            |it| it.percent(it.titles).unwrap_or(0),
            percent,
        ),
        trend(
            "With an author",
            days,
            of_articles(all.authors),
            |it| it.percent(it.authors).unwrap_or(0),
            percent,
        ),
        trend(
            "With a date",
            days,
            of_articles(all.dates),
            |it| it.percent(it.dates).unwrap_or(0),
            percent,
        ),
    ]
}

fn trend(
    title: &'static str,
    days: &[SourceDay],
    sum: String,
    of: impl Fn(&SourceDay) -> u64,
    words: impl Fn(u64) -> String,
) -> Trend {
    let numbers: Vec<u64> = days.iter().map(of).collect();
    let label = format!("{title}: {sum} in {}", counted(days.len() as u64, "day"));
    Trend {
        title,
        sum,
        chart: Chart::of_days(label, &numbers, words),
    }
}

/// The rows of the table, the newest day first.
pub(super) fn rows(days: &[SourceDay]) -> Vec<DayRow> {
    let percent = |day: &SourceDay, count| dash(day.percent(count).map(|it| format!("{it} %")));
    let newest_first = days.iter().rev().enumerate();
    newest_first
        .map(|(at, day)| DayRow {
            day: ago(at),
            found: day.found,
            stored: day.articles,
            lost: day.lost,
            words: dash(day.mean_words().map(|it| it.to_string())),
            titles: percent(day, day.titles),
            authors: percent(day, day.authors),
            dates: percent(day, day.dates),
        })
        .collect()
}

fn dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}
