//! The articles: keeping one, reading them back in the order in which they were stored.

use std::collections::VecDeque;

use sqlx::SqliteConnection;

use url::Url;

use crate::article::Article;
use crate::canonical;
use crate::store::similarity::{NEARLY_THE_SAME, Shingles};
use crate::store::{Store, StoreError, health};

/// Records read at a time; an export of any size takes the memory of this many.
const PAGE: i64 = 100;
/// Articles that share a band with a new one and are compared with it in full.
const COMPARED: i64 = 20;

/// What became of an article that was to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is new.
    New,
    /// It is new, but its text is that of the article with this id, or nearly; kept all the same.
    DuplicateOf(String),
    /// Its text has changed since it was kept: it is this revision, the one before is kept too.
    Updated(u32),
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

/// Keeps an article within the caller's transaction: as a new one, marked as a duplicate where one
/// with nearly the same text is kept already, or as the next revision of one that is known. Times are
/// unix milliseconds.
pub(crate) async fn keep(
    connection: &mut SqliteConnection,
    article: &mut Article,
    fetched_at: i64,
    now: i64,
) -> Result<Kept, sqlx::Error> {
    let Some(known) = known(connection, &article.id).await? else {
        return keep_new(connection, article, fetched_at).await;
    };
    if known.content_hash == article.content_hash {
        return Ok(Kept::Known);
    }
    if known.record.url == article.url {
        return revise(connection, known, article, fetched_at, now).await;
    }
    if is_nearly_the_same(&known.record, article) {
        return Ok(Kept::Known);
    }
    // Two addresses, two texts, one canonical address: the site states it wrongly. Each is kept
    // under its own.
    let Some(own) = own_address(article) else {
        return Ok(Kept::Known);
    };
    article.id = canonical::id(&own);
    article.canonical_url = own.into();
    match self::known(connection, &article.id).await? {
        None => keep_new(connection, article, fetched_at).await,
        Some(known) if known.content_hash == article.content_hash => Ok(Kept::Known),
        Some(known) => revise(connection, known, article, fetched_at, now).await,
    }
}

/// Notes which `article` selectors found nothing on the article's page.
pub(crate) async fn note_missed(
    connection: &mut SqliteConnection,
    id: &str,
    missed: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE articles SET missed = $2 WHERE id = $1 AND missed IS NOT $2")
        .bind(id)
        .bind(missed)
        .execute(connection)
        .await
        .map(|_| ())
}

/// An article that is kept.
pub(super) struct Known {
    seq: i64,
    content_hash: String,
    fetched_at: i64,
    pub(super) record: Article,
    json: String,
}

pub(super) async fn known(
    connection: &mut SqliteConnection,
    id: &str,
) -> Result<Option<Known>, sqlx::Error> {
    let row: Option<(i64, String, i64, String)> =
        sqlx::query_as("SELECT seq, content_hash, fetched_at, record FROM articles WHERE id = $1")
            .bind(id)
            .fetch_optional(connection)
            .await?;
    let Some((seq, content_hash, fetched_at, json)) = row else {
        return Ok(None);
    };
    let record =
        serde_json::from_str(&json).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Some(Known {
        seq,
        content_hash,
        fetched_at,
        record,
        json,
    }))
}

pub(super) fn own_address(article: &Article) -> Option<Url> {
    let own = canonical::canonical(&Url::parse(&article.final_url).ok()?);
    (own.as_str() != article.canonical_url).then_some(own)
}

fn is_nearly_the_same(one: &Article, other: &Article) -> bool {
    let shingles = (Shingles::of(&one.text), Shingles::of(&other.text));
    matches!(shingles, (Some(one), Some(other)) if one.likeness(&other) >= NEARLY_THE_SAME)
}

async fn keep_new(
    connection: &mut SqliteConnection,
    article: &mut Article,
    fetched_at: i64,
) -> Result<Kept, sqlx::Error> {
    let shingles = Shingles::of(&article.text);
    article.duplicate_of = same_text(connection, article, shingles.as_ref()).await?;
    article.revision = 1;
    let seq = sqlx::query(
        "INSERT INTO articles (id, source, content_hash, fetched_at, words, filled, record)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&article.id)
    .bind(article.source.as_deref().unwrap_or_default())
    .bind(&article.content_hash)
    .bind(fetched_at)
    .bind(i64::try_from(article.word_count).unwrap_or(i64::MAX))
    .bind(health::filled(article))
    .bind(json(article)?)
    .execute(&mut *connection)
    .await?
    .last_insert_rowid();
    keep_bands(connection, seq, shingles.as_ref()).await?;
    Ok(match &article.duplicate_of {
        Some(id) => Kept::DuplicateOf(id.clone()),
        None => Kept::New,
    })
}

/// Puts a changed record in the place of the one that is kept, which goes to the revisions; the new
/// one is to be written to the output files again.
async fn revise(
    connection: &mut SqliteConnection,
    known: Known,
    article: &mut Article,
    fetched_at: i64,
    now: i64,
) -> Result<Kept, sqlx::Error> {
    article.revision = known.record.revision.saturating_add(1);
    article.duplicate_of.clone_from(&known.record.duplicate_of);
    sqlx::query(
        "INSERT INTO revisions (id, revision, replaced_at, record) VALUES ($1, $2, $3, $4)",
    )
    .bind(&article.id)
    .bind(known.record.revision)
    .bind(now)
    .bind(&known.json)
    .execute(&mut *connection)
    .await?;
    replace(connection, known.seq, article, fetched_at).await?;
    sqlx::query("DELETE FROM text_bands WHERE seq = $1")
        .bind(known.seq)
        .execute(&mut *connection)
        .await?;
    keep_bands(connection, known.seq, Shingles::of(&article.text).as_ref()).await?;
    Ok(Kept::Updated(article.revision))
}

/// Puts a record with the same text in the place of the one that is kept.
pub(super) async fn amend(
    connection: &mut SqliteConnection,
    known: &Known,
    article: &mut Article,
) -> Result<(), sqlx::Error> {
    article.revision = known.record.revision;
    article.duplicate_of.clone_from(&known.record.duplicate_of);
    article.fetched_at.clone_from(&known.record.fetched_at);
    replace(connection, known.seq, article, known.fetched_at).await
}

/// Puts a record in the place of another; it is to be written to the output files again.
async fn replace(
    connection: &mut SqliteConnection,
    seq: i64,
    article: &Article,
    fetched_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE articles SET content_hash = $2, words = $3, filled = $4, record = $5,
             fetched_at = $6, written_at = NULL
         WHERE seq = $1",
    )
    .bind(seq)
    .bind(&article.content_hash)
    .bind(i64::try_from(article.word_count).unwrap_or(i64::MAX))
    .bind(health::filled(article))
    .bind(json(article)?)
    .bind(fetched_at)
    .execute(connection)
    .await
    .map(|_| ())
}

fn json(article: &Article) -> Result<String, sqlx::Error> {
    serde_json::to_string(article).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

async fn keep_bands(
    connection: &mut SqliteConnection,
    seq: i64,
    shingles: Option<&Shingles>,
) -> Result<(), sqlx::Error> {
    let Some(shingles) = shingles else {
        return Ok(());
    };
    sqlx::query("INSERT OR IGNORE INTO text_bands (band, seq) SELECT value, $1 FROM json_each($2)")
        .bind(seq)
        .bind(bands(shingles))
        .execute(connection)
        .await
        .map(|_| ())
}

/// SQLite reads a JSON array in place of a list of values.
fn bands(shingles: &Shingles) -> String {
    serde_json::Value::from(shingles.bands().as_slice()).to_string()
}

/// The first article with this text, or nearly. Articles without any (videos, galleries) are no
/// duplicates.
async fn same_text(
    connection: &mut SqliteConnection,
    article: &Article,
    shingles: Option<&Shingles>,
) -> Result<Option<String>, sqlx::Error> {
    if article.text.is_empty() {
        return Ok(None);
    }
    let same: Option<String> =
        sqlx::query_scalar("SELECT id FROM articles WHERE content_hash = $1 ORDER BY seq LIMIT 1")
            .bind(&article.content_hash)
            .fetch_optional(&mut *connection)
            .await?;
    let Some(shingles) = shingles.filter(|_| same.is_none()) else {
        return Ok(same);
    };
    let candidates: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, record FROM articles WHERE seq IN (
             SELECT seq FROM text_bands WHERE band IN (SELECT value FROM json_each($1))
             GROUP BY seq ORDER BY COUNT(*) DESC, seq LIMIT $2)
         ORDER BY seq",
    )
    .bind(bands(shingles))
    .bind(COMPARED)
    .fetch_all(connection)
    .await?;
    let is_same = |(_, record): &(String, String)| {
        let text = serde_json::from_str::<Text>(record).unwrap_or_default();
        Shingles::of(&text.text).is_some_and(|it| it.likeness(shingles) >= NEARLY_THE_SAME)
    };
    Ok(candidates.into_iter().find(is_same).map(|(id, _)| id))
}

/// What of a record is compared.
#[derive(Default, serde::Deserialize)]
struct Text {
    text: String,
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

    /// Articles that are not in the output files yet, in the order in which they were stored: the
    /// first `limit` whose number is above `after` (0 for the first of all).
    pub async fn unwritten(&self, after: i64, limit: u32) -> Result<Vec<Pending>, StoreError> {
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT seq, record FROM articles WHERE written_at IS NULL AND seq > $1
             ORDER BY seq LIMIT $2",
        )
        .bind(after)
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
