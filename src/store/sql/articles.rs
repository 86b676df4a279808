//! Articles in SQL: their rows, and reading them back in the order in which they were stored.

use super::SqlStore;
use super::database::{
    self, Batch, Connection, Query, Value, listed, listed_if_any, query_by_engine,
};
use super::place::Arrival;
use super::similar::Similar;
use crate::article::Article;
use crate::store::policy::health::filled_fields;
use crate::store::policy::placement;
use crate::store::policy::similarity::{MOST_IN_BAND, Shingles};
use crate::store::{Filter, StoreError, StoredArticle, StoredAs};

/// The place of a change in the order of changes, in a statement of SQLite. On a server, the transaction is that.
macro_rules! next_change {
    () => {
        "(SELECT COALESCE(MAX(COALESCE(change, seq)), 0) + 1 FROM articles)"
    };
}

/// Notes which `article` selectors matched nothing on the article's page.
pub(crate) fn note_missed(id: &str, missed: Option<&str>) -> Query {
    database::query("UPDATE articles SET missed = $2 WHERE id = $1 AND missed IS DISTINCT FROM $2")
        .bind(id)
        .bind(missed)
}

/// The row of an article.
pub(super) struct Row {
    pub(super) seq: i64,
    pub(super) fetched_at: i64,
    pub(super) record: Article,
    json: String,
}

impl Row {
    pub(super) fn new(seq: i64, fetched_at: i64, json: String) -> Result<Row, database::Error> {
        Ok(Row {
            seq,
            fetched_at,
            record: decode(&json)?,
            json,
        })
    }
}

pub(super) async fn find(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<Row>, database::Error> {
    let row: Option<(i64, i64, String)> =
        database::query_as("SELECT seq, fetched_at, record FROM articles WHERE id = $1")
            .bind(id)
            .fetch_optional(connection)
            .await?;
    row.map(|(seq, fetched_at, json)| Row::new(seq, fetched_at, json))
        .transpose()
}

pub(super) fn decode(json: &str) -> Result<Article, database::Error> {
    serde_json::from_str(json).map_err(|error| database::Error::Decode(Box::new(error)))
}

/// What is known of an article that is not stored yet.
pub(super) struct NewArticle<'a> {
    /// The id of the canonical URL that its page states, where that is not believed.
    pub(super) stated: Option<&'a str>,
    /// Which `article` selectors matched nothing on its page.
    pub(super) missed: Option<&'a str>,
    /// The shingles of its text.
    pub(super) shingles: Option<&'a Shingles>,
    pub(super) fetched_at: i64,
}

/// Stores a new article, with what is similar to it, and enters it in the bands of its text, all by the writes.
pub(super) fn insert(
    article: &mut Article,
    new: &NewArticle<'_>,
    similar: Similar,
    writes: &mut Batch,
) -> Result<StoredAs, database::Error> {
    let seq = similar.next_seq;
    article.duplicate_of = similar.original(new);
    article.revision = 1;
    let inserted = query_by_engine(
        concat!(
            "INSERT INTO articles (seq, id, source, content_hash, fetched_at, words, filled, record,
                                   stated_id, missed, change)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ",
            next_change!(),
            ")"
        ),
        "INSERT INTO articles (seq, id, source, content_hash, fetched_at, words, filled, record,
                               stated_id, missed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(seq)
    .bind(&article.id)
    .bind(article.source.as_deref().unwrap_or_default())
    .bind(&article.content_hash)
    .bind(new.fetched_at)
    .bind(i64::try_from(article.word_count).unwrap_or(i64::MAX))
    .bind(filled_fields(article))
    .bind(json(article)?)
    .bind(new.stated)
    .bind(new.missed);
    writes.add(inserted);
    writes.append(enter_bands(seq, new.shingles));
    Ok(match &article.duplicate_of {
        Some(id) => StoredAs::DuplicateOf(id.clone()),
        None => StoredAs::New,
    })
}

/// Puts a changed record in the place of the stored one, which goes to the revisions; the new one
/// is to be written to the output files again.
pub(super) async fn revise(
    connection: &mut Connection,
    stored: &Row,
    article: &mut Article,
    arrival: Arrival<'_>,
) -> Result<StoredAs, database::Error> {
    placement::revise(&stored.record, article);
    database::query(
        "INSERT INTO revisions (id, revision, replaced_at, record) VALUES ($1, $2, $3, $4)",
    )
    .bind(&article.id)
    .bind(stored.record.revision)
    .bind(arrival.now)
    .bind(&stored.json)
    .execute(&mut *connection)
    .await?;
    replace(connection, stored.seq, article, arrival.fetched_at).await?;
    database::query("DELETE FROM text_bands WHERE seq = $1")
        .bind(stored.seq)
        .execute(&mut *connection)
        .await?;
    let shingles = Shingles::of(&article.text);
    let bands = enter_bands(stored.seq, shingles.as_ref());
    bands.execute(&mut *connection).await?;
    Ok(StoredAs::Revision(article.revision))
}

/// Puts a record with the same text in the place of the stored one.
pub(super) async fn amend(
    connection: &mut Connection,
    stored: &Row,
    article: &mut Article,
) -> Result<(), database::Error> {
    placement::amend(&stored.record, article);
    replace(connection, stored.seq, article, stored.fetched_at).await
}

/// Puts a record in the place of another; it is to be written to the output files again.
pub(super) async fn replace(
    connection: &mut Connection,
    seq: i64,
    article: &Article,
    fetched_at: i64,
) -> Result<(), database::Error> {
    query_by_engine::<()>(
        concat!(
            "UPDATE articles SET content_hash = $2, words = $3, filled = $4, record = $5,
                 fetched_at = $6, written_at = NULL, version = version + 1, change = ",
            next_change!(),
            " WHERE seq = $1"
        ),
        "UPDATE articles SET content_hash = $2, words = $3, filled = $4, record = $5,
             fetched_at = $6, written_at = NULL, version = version + 1,
             added_in = DEFAULT, worker = DEFAULT
         WHERE seq = $1",
    )
    .bind(seq)
    .bind(&article.content_hash)
    .bind(i64::try_from(article.word_count).unwrap_or(i64::MAX))
    .bind(filled_fields(article))
    .bind(json(article)?)
    .bind(fetched_at)
    .execute(connection)
    .await
    .map(|_| ())
}

fn json(article: &Article) -> Result<String, database::Error> {
    serde_json::to_string(article).map_err(|error| database::Error::Encode(Box::new(error)))
}

/// Enters an article in the bands of its text. Of a band that is full, the oldest goes; an article that is older than all
/// in it has no place there.
fn enter_bands(seq: i64, shingles: Option<&Shingles>) -> Batch {
    let mut batch = Batch::default();
    let Some(shingles) = shingles else {
        return batch;
    };
    let bands = bands(shingles);
    batch.add(
        database::query(
            "DELETE FROM text_bands
             WHERE band IN (SELECT value FROM each($1)) AND seq < $3
               AND seq <= (SELECT seq FROM text_bands AS newest WHERE newest.band = text_bands.band
                           ORDER BY seq DESC LIMIT 1 OFFSET $2)",
        )
        .bind(bands.clone())
        .bind(MOST_IN_BAND - 1)
        .bind(seq),
    );
    batch.add(
        database::query(
            "INSERT INTO text_bands (band, seq) SELECT value, $1 FROM each($2)
             WHERE NOT EXISTS (SELECT 1 FROM text_bands AS newer
                               WHERE newer.band = each.value AND newer.seq > $1
                               ORDER BY newer.seq DESC LIMIT 1 OFFSET $3)
             ON CONFLICT DO NOTHING",
        )
        .bind(seq)
        .bind(bands)
        .bind(MOST_IN_BAND - 1),
    );
    batch
}

fn bands(shingles: &Shingles) -> Value {
    listed(shingles.bands().as_slice())
}

/// The articles after this position that pass the filter.
pub(super) async fn after(
    store: &SqlStore,
    filter: &Filter,
    seq: i64,
    limit: u32,
) -> Result<Vec<StoredArticle>, StoreError> {
    let rows: Vec<(i64, i64, String)> = database::query_as(
        "SELECT seq, version, record FROM articles
         WHERE seq > $1
           AND ($2 IS NULL OR fetched_at >= $2)
           AND ($3 IS NULL OR fetched_at < $3)
           AND ($4 IS NULL OR source IN (SELECT value FROM each($4)))
         ORDER BY seq LIMIT $5",
    )
    .bind(seq)
    .bind(filter.since)
    .bind(filter.until)
    .bind(listed_if_any(&filter.sources))
    .bind(limit)
    .fetch_all(store.readers())
    .await
    .map_err(|error| store.fault(error))?;
    read_rows(store, rows)
}

pub(super) fn read_rows(
    store: &SqlStore,
    rows: Vec<(i64, i64, String)>,
) -> Result<Vec<StoredArticle>, StoreError> {
    let read = |(seq, version, record): (i64, i64, String)| {
        Ok(StoredArticle {
            seq,
            version,
            article: read_record(store, &seq, &record)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Reads the record of the article with this name, which the error states.
pub(super) fn read_record(
    store: &SqlStore,
    name: &dyn std::fmt::Display,
    record: &str,
) -> Result<Article, StoreError> {
    serde_json::from_str(record).map_err(|error| StoreError::BadRecord {
        location: store.location.clone(),
        what: format!("article {name}: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words enough to be compared.
    fn text() -> String {
        (0..60).map(|at| format!("word{at} ")).collect()
    }

    #[tokio::test]
    async fn a_text_that_thousands_share_is_looked_up_among_the_newest_alone() {
        let store = crate::store::tests::empty().await;
        let mut transaction = store.begin().await.unwrap();
        let shingles = Shingles::of(&text());
        let count = i64::from(MOST_IN_BAND) + 10;
        for seq in 1..=count {
            let inserted = enter_bands(seq, shingles.as_ref());
            inserted.execute(&mut *transaction).await.unwrap();
        }
        // An old one that is revised takes no newer one's place.
        let revised = enter_bands(1, shingles.as_ref());
        revised.execute(&mut *transaction).await.unwrap();
        let bands: Vec<(i64, i64, i64)> =
            database::query_as("SELECT COUNT(*), MIN(seq), MAX(seq) FROM text_bands GROUP BY band")
                .fetch_all(&mut *transaction)
                .await
                .unwrap();
        assert_eq!(bands, vec![(count - 10, 11, count); 8]);
    }
}
