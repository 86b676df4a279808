//! What a selector would change on the stored pages of a source: the dry run of `reextract`, with the selector and
//! without it.

use std::collections::BTreeMap;

use url::Url;

use super::CorrectError;
use super::rules_file::Edited;
use crate::config::Config;
use crate::crawl::{Differences, ReextractOptions, preview};
use crate::frontier::Storage;
use crate::selectors::SelectorKey;

/// Selectors that are tried on the stored pages of one source.
#[derive(Debug)]
pub struct Trial<'a> {
    /// The settings of today.
    pub config: &'a Config,
    /// The store, open to write: what a page would change is written and rolled back at once.
    pub storage: &'a Storage,
    /// The address of the page that is corrected; its host's rules get the selector.
    pub url: &'a Url,
    /// The source, how many of its pages, and what ends it.
    pub options: ReextractOptions,
}

/// What a selector would change, and nothing that today's rules without it would change as well.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Effect {
    /// Pages it was tried on.
    pub pages: u64,
    /// Articles with another text or other fields.
    pub changed: usize,
    /// Paragraphs that go, and on how many pages; the most frequent first.
    pub went: Vec<(String, u64)>,
    /// Paragraphs that come.
    pub came: Vec<(String, u64)>,
    /// Articles of which a field says something else, by field.
    pub fields: BTreeMap<&'static str, u64>,
    /// Addresses of articles that would be found no more.
    pub lost: Vec<String>,
    /// Pages without an article that would have one.
    pub found: u64,
    /// What `reextract --dry-run` reports once the selector is written.
    pub differences: Differences,
}

impl Trial<'_> {
    /// What today's rules make of the pages without any new selector. `None` where it was stopped.
    ///
    /// # Errors
    /// Fails where the store can't be read or written.
    pub async fn baseline(&self) -> Result<Option<Differences>, CorrectError> {
        self.run(self.config).await
    }

    /// What a selector changes besides that. `None` where it was stopped.
    ///
    /// # Errors
    /// Fails where the selector can't be written into the host's rules, and as [`Trial::baseline`] does.
    pub async fn effect(
        &self,
        selector: (SelectorKey, &str),
        baseline: &Differences,
    ) -> Result<Option<Effect>, CorrectError> {
        let edited = Edited::with(self.config, self.url, selector, self.options.clock.now())?;
        let with = self.run(&edited.config(self.config)).await?;
        Ok(with.map(|with| Effect::between(baseline, with)))
    }

    async fn run(&self, config: &Config) -> Result<Option<Differences>, CorrectError> {
        let mut all = preview(config, self.storage, &self.options).await?;
        let is_whole = !self.options.stop.is_cancelled();
        Ok(all.pop().filter(|_| is_whole))
    }
}

impl Effect {
    fn between(without: &Differences, with: Differences) -> Effect {
        let changed = with
            .changes
            .iter()
            .filter(|it| !without.changes.contains(it));
        let undone = without.changes.iter();
        let undone = undone.filter(|it| with.changes.iter().all(|other| other.url != it.url));
        let lost = with.lost.iter().filter(|it| !without.lost.contains(it));
        let found = |it: &Differences| it.accepted + it.due;
        Effect {
            pages: with.pages,
            changed: changed.count() + undone.filter(|it| !with.lost.contains(&it.url)).count(),
            went: more(&with.went, &without.went, &without.came, &with.came),
            came: more(&with.came, &without.came, &without.went, &with.went),
            fields: more_fields(&with.fields, &without.fields),
            lost: lost.cloned().collect(),
            found: found(&with).saturating_sub(found(without)),
            differences: with,
        }
    }

    /// True where nothing would change.
    pub fn is_nothing(&self) -> bool {
        self.changed == 0 && self.lost.is_empty() && self.found == 0
    }
}

/// How much more often paragraphs go than they would anyway, those included that would come otherwise; the most
/// frequent first.
fn more(
    with: &BTreeMap<String, u64>,
    without: &BTreeMap<String, u64>,
    opposite_without: &BTreeMap<String, u64>,
    opposite_with: &BTreeMap<String, u64>,
) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<&String, i128> = BTreeMap::new();
    for (sign, side) in [
        (1, with),
        (-1, without),
        (1, opposite_without),
        (-1, opposite_with),
    ] {
        for (paragraph, count) in side {
            *counts.entry(paragraph).or_default() += sign * i128::from(*count);
        }
    }
    let counted = counts.into_iter().filter_map(|(paragraph, count)| {
        let count = u64::try_from(count).ok().filter(|it| *it > 0)?;
        Some((paragraph.clone(), count))
    });
    let mut all: Vec<(String, u64)> = counted.collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}

fn more_fields(
    with: &BTreeMap<&'static str, u64>,
    without: &BTreeMap<&'static str, u64>,
) -> BTreeMap<&'static str, u64> {
    let more = with.iter().filter_map(|(field, count)| {
        let before = without.get(field).copied().unwrap_or_default();
        let count = count.saturating_sub(before);
        (count > 0).then_some((*field, count))
    });
    more.collect()
}
