//! The days of a source, and its pages by outcome.

use std::collections::HashMap;

use async_trait::async_trait;

use super::SqlStore;
use super::addresses::{self, is_lost, losses};
use super::database::{self, FromRow, Int, listed};
use super::pieces::source_id;
use crate::store::{Address, SourceDay, StoreError, Trends};
use crate::verdict::VisitOutcome;

const DAY: i64 = 24 * 3600 * 1000;

#[async_trait]
impl Trends for SqlStore {
    async fn source_days(
        &self,
        sources: &[String],
        days: usize,
        now: i64,
    ) -> Result<Vec<Vec<SourceDay>>, StoreError> {
        self.repeating(|| source_days(self, sources, days, now))
            .await
    }

    async fn outcome_counts(&self, source: &str) -> Result<Vec<(VisitOutcome, u64)>, StoreError> {
        self.repeating(|| outcome_counts(self, source)).await
    }

    async fn pages_by_outcome(
        &self,
        source: &str,
        outcome: VisitOutcome,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Address>, StoreError> {
        self.repeating(|| addresses::of_outcome(self, source, outcome, before, limit))
            .await
    }
}

/// The articles of each source and day; nothing of a record is read.
const ARTICLES: &str = "
    SELECT articles.source, ($2 - fetched_at) / $3 AS ago, COUNT(*) AS articles,
           CAST(COALESCE(SUM(words), 0) AS BIGINT) AS words,
           COUNT(*) FILTER (WHERE filled & 1 <> 0) AS titles,
           COUNT(*) FILTER (WHERE filled & 2 <> 0) AS authors,
           COUNT(*) FILTER (WHERE filled & 4 <> 0) AS dates
    FROM each($1) CROSS JOIN articles ON articles.source = each.value
    WHERE fetched_at > $2 - $3 * $4 AND fetched_at <= $2 GROUP BY articles.source, 2";

const FOUND: &str = "
    SELECT source_ids.name, ($2 - found_at) / $3, CAST(SUM(pages) AS BIGINT)
    FROM each($1) CROSS JOIN source_ids ON source_ids.name = each.value
         CROSS JOIN found_pages ON found_pages.source_id = source_ids.id
    WHERE found_at > $2 - $3 * $4 AND found_at <= $2 GROUP BY source_ids.name, 2";

/// `$1` is the outcomes that make a page lost.
const LOST: &str = concat!(
    "SELECT source_ids.name, ($3 - COALESCE(visited_at, found_at)) / $4, COUNT(*)
     FROM each($2) CROSS JOIN source_ids ON source_ids.name = each.value
          CROSS JOIN urls INDEXED BY urls_lost ON urls.source_id = source_ids.id
     WHERE COALESCE(visited_at, found_at) > $3 - $4 * $5 AND COALESCE(visited_at, found_at) <= $3
       AND outcome IS NOT NULL AND ",
    is_lost!(),
    " GROUP BY source_ids.name, 2"
);

async fn source_days(
    store: &SqlStore,
    sources: &[String],
    days: usize,
    now: i64,
) -> Result<Vec<Vec<SourceDay>>, StoreError> {
    let places = sources.iter().enumerate();
    let mut all = Days {
        places: places.map(|(at, it)| (it.as_str(), at)).collect(),
        rows: vec![vec![SourceDay::default(); days]; sources.len()],
    };
    let days = i64::try_from(days).unwrap_or(1);
    let steps = async {
        let articles = database::query_as(ARTICLES).bind(listed(sources));
        let articles = articles.bind(now).bind(DAY).bind(days);
        let articles: Vec<ArticlesOfDay> = articles.fetch_all(store.readers()).await?;
        for row in articles {
            all.change(&row.source, row.ago, |day| row.add_to(day));
        }
        let found = database::query_as(FOUND).bind(listed(sources));
        let found = found.bind(now).bind(DAY).bind(days);
        let found: Vec<PagesOfDay> = found.fetch_all(store.readers()).await?;
        for (source, ago, Int(count)) in found {
            all.change(&source, ago, |day| day.found = count);
        }
        let lost = database::query_as(LOST)
            .bind(losses())
            .bind(listed(sources));
        let lost = lost.bind(now).bind(DAY).bind(days);
        let lost: Vec<PagesOfDay> = lost.fetch_all(store.readers()).await?;
        for (source, ago, Int(count)) in lost {
            all.change(&source, ago, |day| day.lost = count);
        }
        Ok(())
    };
    let done: Result<(), database::Error> = steps.await;
    done.map_err(|error| store.fault(error))?;
    Ok(all.rows)
}

/// The days of some sources, each as far as it is known.
struct Days<'s> {
    places: HashMap<&'s str, usize>,
    rows: Vec<Vec<SourceDay>>,
}

impl Days<'_> {
    /// Changes the day that ended so many days ago.
    fn change(&mut self, source: &str, ago: i64, change: impl FnOnce(&mut SourceDay)) {
        let row = self
            .places
            .get(source)
            .and_then(|at| self.rows.get_mut(*at));
        let ago = usize::try_from(ago).ok();
        if let Some((row, ago)) = row.zip(ago)
            && let Some(day) = row.iter_mut().rev().nth(ago)
        {
            change(day);
        }
    }
}

/// A source, how many days ago, and how many pages.
type PagesOfDay = (String, i64, Int<u64>);

#[derive(FromRow)]
struct ArticlesOfDay {
    source: String,
    ago: i64,
    articles: Int<u64>,
    words: Int<u64>,
    titles: Int<u64>,
    authors: Int<u64>,
    dates: Int<u64>,
}

impl ArticlesOfDay {
    fn add_to(&self, day: &mut SourceDay) {
        day.articles = self.articles.0;
        day.words = self.words.0;
        day.titles = self.titles.0;
        day.authors = self.authors.0;
        day.dates = self.dates.0;
    }
}

async fn outcome_counts(
    store: &SqlStore,
    source: &str,
) -> Result<Vec<(VisitOutcome, u64)>, StoreError> {
    let counts: Vec<(String, Int<u64>)> = database::query_as(concat!(
        "SELECT outcome, COUNT(*) FROM urls INDEXED BY urls_by_outcome
         WHERE kind = 0 AND outcome IS NOT NULL AND source_id = ",
        source_id!("$1"),
        " GROUP BY outcome"
    ))
    .bind(source)
    .fetch_all(store.readers())
    .await
    .map_err(|error| store.fault(error))?;
    let named = counts.into_iter();
    let named = named.filter_map(|(name, count)| Some((VisitOutcome::from_name(&name)?, count.0)));
    let mut counts: Vec<(VisitOutcome, u64)> = named.collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Ok(counts)
}
