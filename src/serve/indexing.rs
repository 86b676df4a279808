//! Keeps the index for full-text search up to date while the server runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::store::{Indexed, Store, StoreError, Unindexed};

/// Articles at a time, so that a crawl that writes at the same time waits for few of them.
const BATCH: u32 = 100;
/// Between two batches.
const PAUSE: Duration = Duration::from_millis(20);
/// Where nothing more can be indexed, and after an error.
const EVERY: Duration = Duration::from_secs(3);

/// How far the index is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct IndexState {
    /// Articles that were indexed since it was last up to date.
    pub(crate) articles: u64,
    /// Nothing is left to be indexed.
    pub(crate) is_current: bool,
    /// Why it can't be brought up to date.
    pub(crate) problem: Option<String>,
}

/// The task that keeps the index.
#[derive(Debug, Default)]
pub(crate) struct Indexing(Mutex<IndexState>);

impl Indexing {
    /// How far the index is.
    pub(crate) fn state(&self) -> IndexState {
        self.lock().clone()
    }

    /// Indexes what is stored and changed, until it is stopped.
    pub(super) async fn run(&self, store: &Arc<dyn Store>, stop: &CancellationToken) {
        loop {
            let pause = self.note(store.index_articles(BATCH).await);
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(pause) => {}
            }
        }
    }

    /// Notes what a step did, and gives the time until the next one.
    fn note(&self, step: Result<Indexed, StoreError>) -> Duration {
        let mut state = self.lock();
        match step {
            Ok(step) => {
                // A few new articles are no news.
                let before = if state.is_current { 0 } else { state.articles };
                *state = IndexState {
                    articles: before + step.articles,
                    is_current: step.left == Unindexed::Nothing,
                    problem: None,
                };
                match step.left {
                    Unindexed::More => PAUSE,
                    Unindexed::HeldBack | Unindexed::Nothing => EVERY,
                }
            }
            Err(error) => {
                let problem = error.to_string();
                if state.problem.as_ref() != Some(&problem) {
                    tracing::warn!("the search index cannot be brought up to date: {problem}");
                }
                state.problem = Some(problem);
                EVERY
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, IndexState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Unindexed::{HeldBack, More, Nothing};
    use super::*;

    #[test]
    fn the_state_is_that_of_the_last_step() {
        let indexing = Indexing::default();
        let step = |articles, left| Ok(Indexed { articles, left });
        assert_eq!(indexing.note(step(100, More)), PAUSE);
        assert_eq!(indexing.note(step(100, More)), PAUSE);
        assert_eq!(indexing.state().articles, 200);
        let away = || StoreError::Missing {
            location: "here".into(),
        };
        assert_eq!(indexing.note(Err(away())), EVERY);
        assert!(indexing.state().problem.is_some() && !indexing.state().is_current);
        assert_eq!(indexing.note(step(0, HeldBack)), EVERY);
        assert!(!indexing.state().is_current);
        assert_eq!(indexing.note(step(1, Nothing)), EVERY);
        let state = indexing.state();
        assert!(state.is_current && state.problem.is_none() && state.articles == 201);
        indexing.note(step(2, Nothing));
        assert_eq!(indexing.state().articles, 2);
    }
}
