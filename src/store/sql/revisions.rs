//! Revisions: what a record said before, and the record that the same page gives with
//! today's rules.

use super::SqlStore;
use super::articles::{Row, amend, find, note_missed, read_record};
use super::database::{self, Batch, Connection};
use super::place::{Arrival, Compared, store_article};
use crate::article::Article;
use crate::canonical;
use crate::store::policy::placement::{changed_fields, own_url};
use crate::store::{Rewrite, RewriteResult, StoreError, StoredAs};

/// Every revision of an article, the first one first.
pub(super) async fn all(store: &SqlStore, id: &str) -> Result<Vec<Article>, StoreError> {
    let rows: Vec<String> = database::query_scalar(
        "SELECT record FROM (
             SELECT revision, record FROM revisions WHERE id = $1
             UNION ALL SELECT 9223372036854775807, record FROM articles WHERE id = $1) AS versions
         ORDER BY revision",
    )
    .bind(id)
    .fetch_all(store.readers())
    .await
    .map_err(|error| store.fault(error))?;
    let read = |record: &String| read_record(store, &id, record);
    rows.iter().map(read).collect()
}

/// Puts a record that was extracted again in its place within the caller's transaction: a changed text
/// as a new revision, changed fields into the revision there is. Either is to be written to the output
/// files again.
pub(crate) async fn rewrite_article(
    connection: &mut Connection,
    rewrite: Rewrite,
    now: i64,
) -> Result<RewriteResult, database::Error> {
    let mut article = rewrite.article;
    // It is stored under its canonical URL, or under its own.
    let mut before = vec![find(connection, &article.id).await?];
    if let Some(own) = own_url(&article) {
        before.push(find(connection, &canonical::id(&own)).await?);
    }
    let mut writes = Batch::default();
    let compared = Compared::of(&article);
    compared.lock(connection, &article).await?;
    let missed = rewrite.missed_selectors.as_deref();
    let arrival = Arrival {
        compared: &compared,
        missed,
        fetched_at: rewrite.fetched_at,
        now,
    };
    let stored_as = store_article(connection, &mut article, arrival, &mut writes).await?;
    let is_it = |it: &Row| it.record.id == article.id && it.record.url == article.url;
    let before = before.into_iter().flatten().find(is_it);
    let fields = before
        .as_ref()
        .map_or(Vec::new(), |it| changed_fields(&it.record, &article));
    if let (StoredAs::Unchanged, Some(before)) = (&stored_as, &before)
        && !fields.is_empty()
    {
        amend(connection, before, &mut article).await?;
    }
    if !stored_as.is_inserted() {
        writes.add(note_missed(&article.id, missed));
    }
    writes.execute(&mut *connection).await?;
    Ok(RewriteResult {
        before: before.map(|it| it.record),
        article,
        stored_as,
        fields,
    })
}
