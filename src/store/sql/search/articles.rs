//! One article, and those that are nearly the same.

use crate::store::policy::similarity::{NEARLY_THE_SAME, Shingles};
use crate::store::sql::articles::read_rows;
use crate::store::sql::{SqlStore, database};
use crate::store::{NearDuplicate, StoreError, StoredArticle};

/// Articles that share a band or the whole text, and are compared in full, at most.
const MOST_COMPARED: u32 = 100;

/// The article with this id.
pub(in crate::store::sql) async fn find_one(
    store: &SqlStore,
    id: &str,
) -> Result<Option<StoredArticle>, StoreError> {
    let rows = database::query_as("SELECT seq, version, record FROM articles WHERE id = $1")
        .bind(id)
        .fetch_all(store.readers())
        .await
        .map_err(|error| store.fault(error))?;
    Ok(read_rows(store, rows)?.pop())
}

/// The articles whose text is nearly that of the one with this id.
pub(in crate::store::sql) async fn near_duplicates(
    store: &SqlStore,
    id: &str,
    limit: u32,
) -> Result<Vec<NearDuplicate>, StoreError> {
    let Some(StoredArticle { seq, article, .. }) = find_one(store, id).await? else {
        return Ok(Vec::new());
    };
    let rows = database::query_as(
        "SELECT seq, version, record FROM articles WHERE seq <> $1 AND seq IN (
             SELECT seq FROM (
                 SELECT other.seq AS seq, COUNT(*) AS bands FROM text_bands AS own
                 CROSS JOIN text_bands AS other ON other.band = own.band
                 WHERE own.seq = $1 GROUP BY other.seq ORDER BY bands DESC, other.seq LIMIT $3) AS near
             UNION ALL SELECT seq FROM (
                 SELECT seq FROM articles WHERE content_hash = $2 ORDER BY seq LIMIT $3) AS same
             UNION ALL SELECT seq FROM articles WHERE id = $4)
         ORDER BY seq",
    )
    .bind(seq)
    .bind(&article.content_hash)
    .bind(MOST_COMPARED)
    .bind(article.duplicate_of.as_deref())
    .fetch_all(store.readers())
    .await
    .map_err(|error| store.fault(error))?;
    let shingles = Shingles::of(&article.text);
    let compared = read_rows(store, rows)?.into_iter().filter_map(|other| {
        let similarity = match other.article.content_hash == article.content_hash {
            true => 1.0,
            false => shingles
                .as_ref()?
                .similarity(&Shingles::of(&other.article.text)?),
        };
        let is_original = article.duplicate_of.as_deref() == Some(&other.article.id);
        (is_original || similarity >= NEARLY_THE_SAME).then_some(NearDuplicate {
            article: other,
            similarity,
        })
    });
    let mut near: Vec<NearDuplicate> = compared.collect();
    near.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
    near.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(near)
}
