//! The end of a pass: how each source is doing, by its own past.

use std::collections::BTreeMap;

use super::judge::Rejudged;
use super::{CrawlError, SourceSummary};
use crate::config::Config;
use crate::store::{HealthIssue, Store, StoreError};

/// The end of a pass.
pub(super) struct PassEnd<'a> {
    pub(super) config: &'a Config,
    pub(super) store: &'a dyn Store,
    pub(super) started: i64,
    pub(super) ended: i64,
    pub(super) dry_run: bool,
}

impl PassEnd<'_> {
    /// Says what was judged again, and judges the health of those sources that no other worker is still at.
    pub(super) async fn judge(
        &self,
        sources: &mut [SourceSummary],
        rejudged: &BTreeMap<String, Rejudged>,
    ) -> Result<(), CrawlError> {
        let names: Vec<String> = sources.iter().map(|it| it.name.clone()).collect();
        let judged = self
            .store
            .end_runs(&names, self.started, self.ended)
            .await?;
        if judged.len() < names.len() {
            tracing::info!(
                "other workers are still at work: the last one judges the health of the sources"
            );
        }
        for source in sources {
            let rejudged = rejudged.get(&source.name).copied().unwrap_or_default();
            source.judged_again = rejudged.pages;
            source.accepted = rejudged.articles;
            if !judged.contains(&source.name) {
                continue;
            }
            judge_health(self.config, self.store, source, self.ended).await?;
            if !self.dry_run {
                note_health(self.store, source, self.ended).await?;
            }
        }
        Ok(())
    }
}

/// Judges how a source is doing, by its own past.
async fn judge_health(
    config: &Config,
    store: &dyn Store,
    source: &mut SourceSummary,
    ended: i64,
) -> Result<(), StoreError> {
    let window = config.health.window;
    let history = store.history(&source.name, window, ended).await?;
    source.health_issues = history.health_issues(ended);
    Ok(())
}

/// Stores how a source is doing, and compares that with the pass before.
async fn note_health(
    store: &dyn Store,
    source: &mut SourceSummary,
    ended: i64,
) -> Result<(), StoreError> {
    let names = source.health_issues.iter().map(HealthIssue::name);
    let names: Vec<String> = names.collect();
    let before = store.replace_health(&source.name, &names, ended).await?;
    source.compare_health(before, &names);
    Ok(())
}
