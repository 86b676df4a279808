//! What a record said before: the revisions of an article, and the record that the same page gives
//! with today's rules.

use crate::article::Article;
use crate::canonical;
use crate::store::articles::{Known, amend, keep, known, note_missed, own_address};
use crate::store::{Kept, Store, StoreError};

/// What the store makes of a record extracted again.
#[derive(Debug, Clone, PartialEq)]
pub struct RewriteResult {
    /// What became of the record.
    pub kept: Kept,
    /// What it said before, where it was known and has changed.
    pub before: Option<Article>,
    /// The fields besides the text that say something else now.
    pub fields: Vec<&'static str>,
}

impl Store {
    /// Every revision of an article, the first one first; empty where there is none of that id.
    pub async fn revisions(&self, id: &str) -> Result<Vec<Article>, StoreError> {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT record FROM (
                 SELECT revision, record FROM revisions WHERE id = $1
                 UNION ALL SELECT 9223372036854775807, record FROM articles WHERE id = $1)
             ORDER BY revision",
        )
        .bind(id)
        .fetch_all(self.readers())
        .await
        .map_err(|error| self.fault(error))?;
        let read = |record: &String| {
            serde_json::from_str(record).map_err(|error| StoreError::BadRow {
                path: self.path().to_owned(),
                what: format!("article {id}: {error}"),
            })
        };
        rows.iter().map(read).collect()
    }

    /// Puts a record that was extracted again in its place: a changed text as a new revision,
    /// changed fields into the revision there is. Either is written to the output files again. With
    /// `dry_run`, tells what would become of it and changes nothing. `missed` are the `article` selectors that find nothing on its page. Times are
    /// unix milliseconds.
    pub async fn rewrite(
        &self,
        article: &mut Article,
        missed: Option<&str>,
        (fetched_at, now): (i64, i64),
        dry_run: bool,
    ) -> Result<RewriteResult, StoreError> {
        let mut transaction = self.begin().await?;
        let steps = async {
            // It is kept under its canonical address, or under its own.
            let mut before = vec![known(&mut transaction, &article.id).await?];
            if let Some(own) = own_address(article) {
                before.push(known(&mut transaction, &canonical::id(&own)).await?);
            }
            let kept = keep(&mut transaction, article, fetched_at, now).await?;
            let is_it = |it: &Known| it.record.id == article.id && it.record.url == article.url;
            let before = before.into_iter().flatten().find(is_it);
            let fields = before
                .as_ref()
                .map_or(Vec::new(), |it| changed(&it.record, article));
            if let (Kept::Known, Some(before)) = (&kept, &before)
                && !fields.is_empty()
            {
                amend(&mut transaction, before, article).await?;
            }
            note_missed(&mut transaction, &article.id, missed).await?;
            if dry_run {
                transaction.rollback().await?;
            } else {
                transaction.commit().await?;
            }
            Ok(RewriteResult {
                before: before.map(|it| it.record),
                kept,
                fields,
            })
        };
        steps.await.map_err(|error| self.fault(error))
    }
}

/// The fields in which two records differ, besides the text and what is counted or doubted of it.
fn changed(a: &Article, b: &Article) -> Vec<&'static str> {
    let fields = [
        ("kind", a.kind == b.kind),
        ("title", a.title == b.title),
        ("description", a.description == b.description),
        ("authors", a.authors == b.authors),
        ("published", a.published == b.published),
        ("modified", a.modified == b.modified),
        ("section", a.section == b.section),
        ("tags", a.tags == b.tags),
        ("language", a.language == b.language),
        ("site_name", a.site_name == b.site_name),
        ("image", a.image == b.image),
        ("access", a.access == b.access),
        ("rights", a.rights == b.rights),
    ];
    let differ = fields.into_iter().filter(|(_, same)| !same);
    differ.map(|(name, _)| name).collect()
}
