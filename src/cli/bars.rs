//! Progress bars on a terminal: of a crawl, with a line for each busy host and a total, of a copy, and of archives
//! that are read.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use newsprint::VisitOutcome;
use newsprint::crawl::Event;
use newsprint::input::ReadMeter;
use newsprint::store::{CopyProgress, CopyStep};

use super::counts::counted;
use super::plain::plain;
use super::terminal;

/// Hosts shown at most; a crawl may be busy with hundreds.
const HOSTS: usize = 12;
/// How often the total is redrawn, for its clock.
const TICK: Duration = Duration::from_millis(500);

/// The bars. Dropping them clears the terminal.
#[derive(Debug)]
pub(crate) struct Bars {
    bars: &'static MultiProgress,
    total: ProgressBar,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    hosts: HashMap<String, ProgressBar>,
    busy: usize,
    counts: Counts,
}

/// What became of the addresses that were visited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    pages: u64,
    articles: u64,
    failures: u64,
}

impl Counts {
    fn add(&mut self, entry_point: bool, outcome: VisitOutcome, wrong_guess: bool) {
        if wrong_guess {
            return;
        }
        self.pages += u64::from(!entry_point);
        self.articles += u64::from(outcome.is_article());
        let is_read = matches!(outcome, VisitOutcome::Index | VisitOutcome::Unchanged);
        self.failures += u64::from(outcome.is_failure() || (entry_point && !is_read));
    }
}

impl Bars {
    /// Bars, if standard error is a terminal.
    pub(crate) fn new() -> Option<Bars> {
        let bars = terminal::bars()?;
        let total = bars.add(ProgressBar::new_spinner());
        total.set_style(style("{elapsed_precise}  {msg}"));
        total.enable_steady_tick(TICK);
        Some(Bars {
            bars,
            total,
            state: Mutex::default(),
        })
    }

    /// Shows an event.
    pub(crate) fn show(&self, event: &Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Began { host, due } => {
                state.busy += 1;
                if state.hosts.len() < HOSTS {
                    let bar = self
                        .bars
                        .insert_before(&self.total, ProgressBar::new(*due as u64));
                    bar.set_style(style("{pos:>4}/{len}  {prefix}  {wide_msg}"));
                    bar.set_prefix(plain(host));
                    state.hosts.insert((*host).to_owned(), bar);
                }
            }
            Event::Left { host } => {
                state.busy = state.busy.saturating_sub(1);
                if let Some(bar) = state.hosts.remove(*host) {
                    bar.finish_and_clear();
                }
            }
            Event::Visited {
                host,
                url,
                entry_point,
                outcome,
                wrong_guess,
                ..
            } => {
                state.counts.add(*entry_point, *outcome, *wrong_guess);
                if let Some(bar) = state.hosts.get(*host) {
                    bar.inc(1);
                    bar.set_message(plain(url.path()));
                }
            }
            _ => return,
        }
        let Counts {
            pages,
            articles,
            failures,
        } = state.counts;
        self.total.set_message(format!(
            "{} busy, {}, {}, {}",
            counted(state.busy as u64, "host"),
            counted(articles, "article"),
            counted(pages, "page"),
            counted(failures, "failure"),
        ));
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.total.finish_and_clear();
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        for bar in state.hosts.values() {
            bar.finish_and_clear();
        }
    }
}

/// The bar of a copy: how far the table is that is worked on. Dropping it clears the terminal.
#[derive(Debug)]
pub(crate) struct CopyBar {
    bar: ProgressBar,
}

impl CopyBar {
    /// A bar, if standard error is a terminal.
    pub(crate) fn new() -> Option<CopyBar> {
        let bar = terminal::bars()?.add(ProgressBar::new(0));
        bar.set_style(style(
            "{elapsed_precise}  {wide_bar} {human_pos}/{human_len} {msg}",
        ));
        bar.enable_steady_tick(TICK);
        Some(CopyBar { bar })
    }

    /// Shows how far the copy is.
    pub(crate) fn show(&self, progress: CopyProgress) {
        let step = match progress.step {
            CopyStep::Copying => "copied",
            CopyStep::Comparing => "compared",
        };
        let message = format!("rows of {} {step}", progress.table);
        if self.bar.message() != message {
            self.bar.set_position(0);
            self.bar.set_message(message);
        }
        self.bar.set_length(progress.of);
        self.bar.inc(progress.rows);
    }
}

impl Drop for CopyBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The bar of a run over archives: bytes, pages and articles, and how long the rest will take. Dropping it clears
/// the terminal.
#[derive(Debug)]
pub(crate) struct ReadBar {
    bar: ProgressBar,
    meter: ReadMeter,
    articles: AtomicU64,
    pages: AtomicU64,
}

impl ReadBar {
    /// A bar, if standard error is a terminal. `total` is the size of the archives, 0 where that is not known.
    pub(crate) fn new(total: u64, meter: ReadMeter) -> Option<ReadBar> {
        let bar = terminal::bars()?.add(ProgressBar::new(total));
        bar.set_style(style(if total == 0 {
            "{elapsed_precise}  {bytes}  {msg}"
        } else {
            "{elapsed_precise}  {wide_bar} {bytes}/{total_bytes}  {msg}  {eta} left"
        }));
        bar.enable_steady_tick(TICK);
        Some(ReadBar {
            bar,
            meter,
            articles: AtomicU64::new(0),
            pages: AtomicU64::new(0),
        })
    }

    /// Shows that a page is done, and whether it holds an article.
    pub(crate) fn show(&self, is_article: bool) {
        let pages = self.pages.fetch_add(1, Ordering::Relaxed) + 1;
        let articles = self
            .articles
            .fetch_add(u64::from(is_article), Ordering::Relaxed);
        let articles = articles + u64::from(is_article);
        // What was read counts as done: it is no more than some pages ahead.
        self.bar.set_position(self.meter.counts().bytes);
        let seconds = self.bar.elapsed().as_secs().max(1);
        self.bar.set_message(format!(
            "{}, {}, {} pages/s",
            counted(pages, "page"),
            counted(articles, "article"),
            pages / seconds
        ));
    }
}

impl Drop for ReadBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The templates are constants; an invalid one would show as a bar of the default style.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_place_where_nothing_is_counts_as_no_failure() {
        let mut counts = Counts::default();
        counts.add(true, VisitOutcome::Index, false);
        counts.add(true, VisitOutcome::Http4xx, true);
        counts.add(false, VisitOutcome::Stored, false);
        let (pages, articles) = (1, 1);
        let expected = Counts {
            pages,
            articles,
            failures: 0,
        };
        assert_eq!(counts, expected);
        // One that the configuration names is a failure, as is a page.
        counts.add(true, VisitOutcome::Http4xx, false);
        counts.add(false, VisitOutcome::Http5xx, false);
        assert_eq!((counts.pages, counts.articles, counts.failures), (2, 1, 2));
    }
}
