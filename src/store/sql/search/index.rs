//! Filling the index: it follows the articles in the order in which they were stored and changed, a few at a time. The place
//! it has come to stands in the database, and moves in the transaction that indexes; of several processes that index the
//! same articles, the first one does so.

use std::collections::HashMap;

use super::fts5::{self, NewEntry};
use super::{entry, language_tag, tsvector};
use crate::article::Article;
use crate::search::{Document, sort_time};
use crate::store::sql::changes::{ChangedRows, are_held_back, rows_after};
use crate::store::sql::database::{self, Connection, Value, listed, query, query_as, query_scalar};
use crate::store::sql::{Engine, SqlStore};
use crate::store::{ChangePosition, Filter, Indexed, StoreError, Unindexed};

/// Articles of one transaction: a crawl that writes to the same file waits no longer than for these.
const BATCH: u32 = 32;

/// Indexes articles that were stored or changed, at most so many.
pub(in crate::store::sql) async fn index(
    store: &SqlStore,
    limit: u32,
) -> Result<Indexed, StoreError> {
    let mut indexed = Indexed::default();
    let mut allowed = limit;
    while allowed > 0 {
        let batch = allowed.min(BATCH);
        allowed -= batch;
        match step(store, batch).await {
            Ok(step) => {
                indexed.articles += step.articles;
                indexed.left = step.left;
            }
            Err(StoreError::ReadOnly { .. }) => indexed.left = Unindexed::Nothing,
            Err(error) => return Err(error),
        }
        if indexed.left != Unindexed::More {
            break;
        }
    }
    Ok(indexed)
}

async fn step(store: &SqlStore, limit: u32) -> Result<Indexed, StoreError> {
    let known: String = query_scalar("SELECT position FROM search_position WHERE id = 1")
        .fetch_one(store.readers())
        .await
        .map_err(|error| store.fault(error))?;
    let begin = ChangePosition::default();
    let position = if known.is_empty() {
        begin
    } else {
        known.parse().unwrap_or_default()
    };
    let changed = match rows_after(store, &Filter::default(), &position, limit).await {
        // The tables come from another server, or an earlier state of this one: what is indexed is indexed anew.
        Err(StoreError::BadCursor { .. }) => return start_again(store, &known).await,
        changed => changed?,
    };
    let left = match changed.is_last {
        false => Unindexed::More,
        true if are_held_back(store, &changed.position).await? => Unindexed::HeldBack,
        true => Unindexed::Nothing,
    };
    let articles = match changed.rows.is_empty() {
        true => 0,
        false => write(store, &known, changed).await?,
    };
    Ok(Indexed { articles, left })
}

/// Empties the index, unless another process has moved on from this position.
async fn start_again(store: &SqlStore, known: &str) -> Result<Indexed, StoreError> {
    let mut writing = store.begin().await?;
    let steps = async {
        if move_on(&mut writing, known, "").await? {
            match &store.engine {
                Engine::Sqlite(_) => fts5::clear(&mut writing).await?,
                Engine::Postgres(_) => tsvector::clear(&mut writing).await?,
            }
        }
        writing.commit().await
    };
    steps.await.map_err(|error| store.fault(error))?;
    Ok(Indexed::default())
}

/// Puts these articles into the index, unless another process has done so; gives their number.
async fn write(store: &SqlStore, known: &str, changed: ChangedRows) -> Result<u64, StoreError> {
    let position = changed.position.to_string();
    let articles: Vec<(i64, i64, Article)> =
        changed.rows.into_iter().filter_map(readable).collect();
    let mut entries: Vec<(Option<String>, NewEntry)> =
        articles.into_iter().map(new_entry).collect();
    // FTS5 begins a new part of its index wherever an entry is before the last one.
    entries.sort_by_key(|(_, it)| it.entry);
    let mut writing = store.begin().await?;
    let steps = async {
        if !move_on(&mut writing, known, &position).await? {
            writing.rollback().await?;
            return Ok(0);
        }
        let sources = source_numbers(&mut writing, &entries).await?;
        let entries: Vec<NewEntry> = entries
            .into_iter()
            .map(|(source, entry)| NewEntry {
                source: sources
                    .get(&source.unwrap_or_default())
                    .copied()
                    .unwrap_or_default(),
                ..entry
            })
            .collect();
        let seqs: Value = entries.iter().map(|it| it.seq).collect();
        match &store.engine {
            Engine::Sqlite(_) => {
                fts5::remove(&mut writing, seqs).await?;
                fts5::add(&mut writing, &entries).await?;
            }
            Engine::Postgres(_) => {
                tsvector::remove(&mut writing, seqs).await?;
                tsvector::add(&mut writing, &entries).await?;
            }
        }
        writing.commit().await?;
        Ok(entries.len() as u64)
    };
    steps.await.map_err(|error| store.fault(error))
}

/// A record that can't be read is left out, and does not keep others from being found.
fn readable((seq, fetched_at, record): (i64, i64, String)) -> Option<(i64, i64, Article)> {
    match serde_json::from_str(&record) {
        Ok(article) => Some((seq, fetched_at, article)),
        Err(error) => {
            tracing::warn!("article {seq} cannot be read, and is not found by search: {error}");
            None
        }
    }
}

/// The article with the name of its source, whose number is not known yet.
fn new_entry((seq, fetched_at, article): (i64, i64, Article)) -> (Option<String>, NewEntry) {
    let new = NewEntry {
        entry: entry(sort_time(&article), seq),
        seq,
        source: 0,
        language: article
            .language
            .as_deref()
            .map(language_tag)
            .unwrap_or_default(),
        kind: article.kind,
        fetched_at,
        document: Document::of(&article),
    };
    (article.source, new)
}

/// Moves the position in the order of changes. False where it is another one by now.
async fn move_on(
    connection: &mut Connection,
    from: &str,
    to: &str,
) -> Result<bool, database::Error> {
    let moved = query("UPDATE search_position SET position = $2 WHERE id = 1 AND position = $1")
        .bind(from)
        .bind(to)
        .execute(connection)
        .await?;
    Ok(moved > 0)
}

/// The numbers of these articles' sources, by name; new ones get one.
async fn source_numbers(
    connection: &mut Connection,
    entries: &[(Option<String>, NewEntry)],
) -> Result<HashMap<String, i64>, database::Error> {
    let names: std::collections::BTreeSet<&str> = entries
        .iter()
        .map(|(source, _)| source.as_deref().unwrap_or_default())
        .collect();
    let names: Value = listed(names);
    query(
        "INSERT INTO search_sources (source) SELECT value FROM each($1)
         WHERE NOT EXISTS (SELECT 1 FROM search_sources WHERE source = each.value)",
    )
    .bind(names.clone())
    .execute(&mut *connection)
    .await?;
    let numbers: Vec<(String, i64)> = query_as(
        "SELECT source, id FROM search_sources WHERE source IN (SELECT value FROM each($1))",
    )
    .bind(names)
    .fetch_all(connection)
    .await?;
    Ok(numbers.into_iter().collect())
}
