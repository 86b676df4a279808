//! The articles: keeping one, reading them back in the order in which they were stored.

use std::collections::VecDeque;

use sqlx::SqliteConnection;

use super::{Store, StoreError};
use crate::article::Article;

/// Records read at a time; an export of any size takes the memory of this many.
const PAGE: i64 = 100;

/// What became of an article that was to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is new.
    New,
    /// It is new, but its text is that of the article with this id; kept all the same.
    DuplicateOf(String),
    /// An article of that id is kept already; nothing was changed.
    Known,
}

/// Which articles to read; the default is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Fetched at this time or later, in unix milliseconds.
    pub since: Option<i64>,
    /// Fetched before this time, in unix milliseconds.
    pub until: Option<i64>,
    /// Names of sources; empty for all.
    pub sources: Vec<String>,
}

/// An article that is not in the output files yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// Its place in the order of storing.
    pub seq: i64,
    /// The record.
    pub article: Article,
}

/// Articles, read a few at a time.
#[derive(Debug)]
pub struct Articles<'a> {
    store: &'a Store,
    filter: Filter,
    sources: Option<String>,
    after: i64,
    ready: VecDeque<Article>,
}

/// Keeps an article within the caller's transaction, and marks it as a duplicate where one with the
/// same text is kept already.
pub(crate) async fn keep(
    connection: &mut SqliteConnection,
    article: &mut Article,
    fetched_at: i64,
) -> Result<Kept, sqlx::Error> {
    let known: Option<i64> = sqlx::query_scalar("SELECT seq FROM articles WHERE id = $1")
        .bind(&article.id)
        .fetch_optional(&mut *connection)
        .await?;
    if known.is_some() {
        return Ok(Kept::Known);
    }
    article.duplicate_of = same_text(connection, article).await?;
    article.revision = 1;
    let record =
        serde_json::to_string(article).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    sqlx::query(
        "INSERT INTO articles (id, source, content_hash, fetched_at, record)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&article.id)
    .bind(article.source.as_deref().unwrap_or_default())
    .bind(&article.content_hash)
    .bind(fetched_at)
    .bind(record)
    .execute(&mut *connection)
    .await?;
    Ok(match &article.duplicate_of {
        Some(id) => Kept::DuplicateOf(id.clone()),
        None => Kept::New,
    })
}

/// The first article with this text. Articles without any (videos, galleries) are no duplicates.
async fn same_text(
    connection: &mut SqliteConnection,
    article: &Article,
) -> Result<Option<String>, sqlx::Error> {
    if article.text.is_empty() {
        return Ok(None);
    }
    sqlx::query_scalar("SELECT id FROM articles WHERE content_hash = $1 ORDER BY seq LIMIT 1")
        .bind(&article.content_hash)
        .fetch_optional(connection)
        .await
}

impl Store {
    /// The articles that pass the filter, in the order in which they were stored.
    pub fn articles(&self, filter: Filter) -> Articles<'_> {
        let sources = (!filter.sources.is_empty())
            .then(|| serde_json::Value::from(filter.sources.as_slice()).to_string());
        Articles {
            store: self,
            filter,
            sources,
            after: 0,
            ready: VecDeque::new(),
        }
    }

    /// The first articles that are not in the output files yet, at most `limit`.
    pub async fn unwritten(&self, limit: u32) -> Result<Vec<Pending>, StoreError> {
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT seq, record FROM articles WHERE written_at IS NULL ORDER BY seq LIMIT $1",
        )
        .bind(limit)
        .fetch_all(self.readers())
        .await
        .map_err(|error| self.fault(error))?;
        let pending = rows.into_iter().map(|(seq, record)| {
            let article = self.read_record(seq, &record)?;
            Ok(Pending { seq, article })
        });
        pending.collect()
    }

    fn read_record(&self, seq: i64, record: &str) -> Result<Article, StoreError> {
        serde_json::from_str(record).map_err(|error| StoreError::BadRow {
            path: self.path.clone(),
            what: format!("article {seq}: {error}"),
        })
    }
}

impl Articles<'_> {
    /// The next article; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Article>, StoreError> {
        if self.ready.is_empty() {
            self.read().await?;
        }
        Ok(self.ready.pop_front())
    }

    async fn read(&mut self) -> Result<(), StoreError> {
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT seq, record FROM articles
             WHERE seq > $1
               AND ($2 IS NULL OR fetched_at >= $2)
               AND ($3 IS NULL OR fetched_at < $3)
               AND ($4 IS NULL OR source IN (SELECT value FROM json_each($4)))
             ORDER BY seq LIMIT $5",
        )
        .bind(self.after)
        .bind(self.filter.since)
        .bind(self.filter.until)
        .bind(&self.sources)
        .bind(PAGE)
        .fetch_all(self.store.readers())
        .await
        .map_err(|error| self.store.fault(error))?;
        for (seq, record) in rows {
            self.after = seq;
            self.ready.push_back(self.store.read_record(seq, &record)?);
        }
        Ok(())
    }
}
