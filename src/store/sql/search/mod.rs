//! Full-text search in SQL: the index, and what is found in it. Each engine has an index of its own (`fts5`, `tsvector`);
//! which words stand in it, and in which order articles are listed, is the same for both.

mod articles;
mod fts5;
mod index;
#[cfg(test)]
pub(crate) mod tests;
mod tsvector;

use super::database::{self, Value};
use super::{Engine, SqlStore};
use crate::search::{Order, SearchQuery, TimeRange, folded};
use crate::store::search::MOST_COUNTED;
use crate::store::{FoundArticles, SearchCursor, StoreError, StoredArticle, Total};

pub(super) use articles::{find_one, near_duplicates};
pub(super) use index::index;

/// Bits of an entry that are the number of its article.
const SEQ_BITS: u32 = 30;
const SEQ_MASK: i64 = (1 << SEQ_BITS) - 1;
/// Seconds that an entry can have: until the year 2242.
const LAST_SECOND: i64 = (1 << (63 - SEQ_BITS)) - 1;
/// Articles that are found by relevance, at most.
const MOST_RANKED: u32 = 1_000;
/// Of more matches, the newest are ranked: what that costs does not grow with the archive.
const RANKED_AMONG: u32 = 2_000;

/// The entry of an article that is sorted by this time, in unix milliseconds.
fn entry(time: i64, seq: i64) -> i64 {
    let seconds = time.div_euclid(1_000).clamp(0, LAST_SECOND);
    seconds << SEQ_BITS | seq.clamp(0, SEQ_MASK)
}

/// The number of the article of an entry.
fn seq_of(entry: i64) -> i64 {
    entry & SEQ_MASK
}

/// What is asked of an index, with the names of sources as its numbers.
#[derive(Debug, Clone)]
struct Question<'q> {
    query: &'q SearchQuery,
    /// The numbers of the sources; `None` for all.
    sources: Option<Vec<i64>>,
    /// The first and the last entry that count.
    entries: (i64, i64),
    /// Only articles with a number up to this.
    last: i64,
}

impl Question<'_> {
    /// The same, of the entries up to this one.
    fn up_to(mut self, entry: i64) -> Self {
        self.entries.1 = self.entries.1.min(entry);
        self
    }

    /// Nothing can be found.
    fn is_empty(&self) -> bool {
        self.sources.as_ref().is_some_and(Vec::is_empty) || self.entries.0 > self.entries.1
    }
}

/// The first and the last entry of this span of time.
fn entries_in(range: TimeRange) -> (i64, i64) {
    // A second that has begun counts as the whole of it: articles state seconds.
    let first = range.since.map_or(0, |it| entry(it, 0));
    let last = range
        .until
        .map_or(i64::MAX, |it| entry(it, 0).saturating_sub(1));
    (first, last)
}

async fn question<'q>(
    store: &SqlStore,
    query: &'q SearchQuery,
) -> Result<Question<'q>, StoreError> {
    let sources = match query.sources.is_empty() {
        true => None,
        false => Some(source_numbers(store, &query.sources).await?),
    };
    Ok(Question {
        query,
        sources,
        entries: entries_in(query.published),
        last: i64::MAX,
    })
}

/// The numbers of the sources with one of these names, in any case.
async fn source_numbers(store: &SqlStore, names: &[String]) -> Result<Vec<i64>, StoreError> {
    let known: Vec<(i64, String)> =
        database::query_as("SELECT id, source FROM search_sources ORDER BY id")
            .fetch_all(store.readers())
            .await
            .map_err(|error| store.fault(error))?;
    let wanted: Vec<String> = names.iter().map(|it| folded(it)).collect();
    let is_wanted =
        |name: &str| names.iter().any(|it| it == name) || wanted.contains(&folded(name));
    let known = known.into_iter().filter(|(_, name)| is_wanted(name));
    Ok(known.map(|(number, _)| number).collect())
}

/// Some of the articles that a query finds, after this place.
pub(super) async fn find(
    store: &SqlStore,
    query: &SearchQuery,
    after: Option<SearchCursor>,
    limit: u32,
) -> Result<FoundArticles, StoreError> {
    let question = question(store, query).await?;
    if question.is_empty() {
        return Ok(FoundArticles::default());
    }
    let ranked = query.order == Order::Relevance && !query.required.is_empty();
    let (entries, next) = match (ranked, after) {
        (true, Some(SearchCursor::Relevance { last, read })) => {
            best(store, Question { last, ..question }, read, limit).await?
        }
        (true, _) => {
            let last = last_indexed(store).await?;
            best(store, Question { last, ..question }, 0, limit).await?
        }
        (false, Some(SearchCursor::Newest { entry })) => {
            newest(store, question.up_to(entry.saturating_sub(1)), limit).await?
        }
        (false, _) => newest(store, question, limit).await?,
    };
    Ok(FoundArticles {
        articles: read(store, &entries).await?,
        next,
    })
}

type Places = (Vec<i64>, Option<SearchCursor>);

async fn newest(
    store: &SqlStore,
    question: Question<'_>,
    limit: u32,
) -> Result<Places, StoreError> {
    let most = limit.saturating_add(1);
    let entries = match &store.engine {
        Engine::Sqlite(_) => fts5::newest(store, &question, most).await,
        Engine::Postgres(_) => tsvector::newest(store, &question, most).await,
    };
    let mut entries = entries.map_err(|error| store.fault(error))?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let last = entries.last().filter(|_| has_more);
    let next = last.map(|entry| SearchCursor::Newest { entry: *entry });
    Ok((entries, next))
}

async fn best(
    store: &SqlStore,
    question: Question<'_>,
    read: u32,
    limit: u32,
) -> Result<Places, StoreError> {
    let entries = match &store.engine {
        Engine::Sqlite(_) => fts5::best(store, &question).await,
        Engine::Postgres(_) => tsvector::best(store, &question).await,
    };
    let entries = entries.map_err(|error| store.fault(error))?;
    let read_to = read.saturating_add(limit);
    let count = |number: u32| {
        usize::try_from(number)
            .unwrap_or(usize::MAX)
            .min(entries.len())
    };
    let page = entries.get(count(read)..count(read_to)).unwrap_or_default();
    let last = question.last;
    let next = (count(read_to) < entries.len()).then_some(SearchCursor::Relevance {
        last,
        read: read_to,
    });
    Ok((page.to_vec(), next))
}

/// How many articles a query finds.
pub(super) async fn count(store: &SqlStore, query: &SearchQuery) -> Result<Total, StoreError> {
    let question = question(store, query).await?;
    if question.is_empty() {
        return Ok(Total::Exactly(0));
    }
    let most = MOST_COUNTED + 1;
    let count = match &store.engine {
        Engine::Sqlite(_) => fts5::count(store, &question, most).await,
        Engine::Postgres(_) => tsvector::count(store, &question, most).await,
    };
    let count = count.map_err(|error| store.fault(error))?;
    Ok(Total::of_counted(count.unsigned_abs()))
}

/// The last article by its number that is in the index.
async fn last_indexed(store: &SqlStore) -> Result<i64, StoreError> {
    let table = match &store.engine {
        Engine::Sqlite(_) => "SELECT COALESCE(MAX(seq), 0) FROM search_entries",
        Engine::Postgres(_) => "SELECT COALESCE(MAX(seq), 0) FROM search_words",
    };
    let last = database::query_scalar(table)
        .fetch_one(store.readers())
        .await;
    last.map_err(|error| store.fault(error))
}

/// The articles of these entries, in their order.
async fn read(store: &SqlStore, entries: &[i64]) -> Result<Vec<StoredArticle>, StoreError> {
    let seqs: Value = entries.iter().map(|entry| seq_of(*entry)).collect();
    let rows: Vec<(i64, i64, String)> = database::query_as(
        "SELECT seq, version, record FROM articles WHERE seq IN (SELECT value FROM each($1))",
    )
    .bind(seqs)
    .fetch_all(store.readers())
    .await
    .map_err(|error| store.fault(error))?;
    let mut articles = super::articles::read_rows(store, rows)?;
    let places: std::collections::HashMap<i64, usize> = entries
        .iter()
        .enumerate()
        .map(|(at, entry)| (seq_of(*entry), at))
        .collect();
    articles.sort_by_key(|it| places.get(&it.seq).copied());
    Ok(articles)
}

/// The times at which articles were fetched, for a statement that binds them as `since` and `until`.
fn stored(query: &SearchQuery) -> [Value; 2] {
    [
        Value::from(query.stored.since),
        Value::from(query.stored.until),
    ]
}

/// Binds values one after the other.
fn bound<T>(
    query: database::Query<T>,
    values: impl IntoIterator<Item = Value>,
) -> database::Query<T> {
    values.into_iter().fold(query, database::Query::bind)
}

/// A language tag as the index has it: in lower case.
fn language_tag(language: &str) -> String {
    language.trim().to_lowercase().replace('_', "-")
}

/// The language of a tag, without script and region.
fn main_language(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}
