//! Stores an article where it belongs, as `policy::placement` decides.

use sha2::{Digest, Sha256};
use url::Url;

use super::articles::{NewArticle, Row, amend, find, insert, replace, revise};
use super::database::{self, Batch, Connection, Value};
use super::locks::{LockOf, lock, locks};
use super::records::Revisions;
use super::similar::Similar;
use crate::article::Article;
use crate::canonical;
use crate::store::StoredAs;
use crate::store::policy::placement::{self, Placement};
use crate::store::policy::similarity::Shingles;

/// What an article is compared by with those that are stored.
#[derive(Debug)]
pub(crate) struct Compared(Option<Shingles>);

impl Compared {
    /// What this article is compared by.
    pub(crate) fn of(article: &Article) -> Compared {
        Compared(Shingles::of(&article.text))
    }

    /// The locks under which it is compared: those of its id, that of its own URL, its text, and the bands of its text,
    /// all that it has in common with those that it may be, or be a copy of.
    pub(crate) fn locks(&self, article: &Article) -> Value {
        locks(LockOf::Articles, self.numbers(article))
    }

    /// Waits for these locks.
    pub(crate) async fn lock(
        &self,
        connection: &mut Connection,
        article: &Article,
    ) -> Result<(), database::Error> {
        if !connection.is_to_server() {
            return Ok(());
        }
        lock(connection, LockOf::Articles, self.numbers(article)).await
    }

    fn numbers(&self, article: &Article) -> Vec<i64> {
        let own = placement::own_url(article).map(|url| canonical::id(&url));
        let names = [Some(&article.id), own.as_ref(), Some(&article.content_hash)];
        let names = names.into_iter().flatten().map(|name| number(name));
        let bands = self.0.iter().flat_map(Shingles::bands);
        names.chain(bands).collect()
    }
}

/// How an article comes to be stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival<'a> {
    /// What it is compared by.
    pub(crate) compared: &'a Compared,
    /// Which `article` selectors matched nothing on its page.
    pub(crate) missed: Option<&'a str>,
    /// When it was fetched, in unix milliseconds.
    pub(crate) fetched_at: i64,
    /// Now, in unix milliseconds.
    pub(crate) now: i64,
}

/// Stores an article within the caller's transaction, which has its locks: as a new one, marked as a duplicate where
/// nearly the same text is stored already, or as the next revision of a stored one. The writes complete what is stored;
/// a new one is stored by them.
pub(crate) async fn store_article(
    connection: &mut Connection,
    article: &mut Article,
    arrival: Arrival<'_>,
    writes: &mut Batch,
) -> Result<StoredAs, database::Error> {
    let shingles = arrival.compared.0.as_ref();
    let (mut stored, mut similar) = Similar::to(connection, article, shingles).await?;
    let mut place = placement::placement(record(&stored), article);
    let mut stated = None;
    if let Placement::UnderOwnUrl(own) = place {
        stated = Some(article.id.clone());
        (place, stored) = place_under(connection, article, own).await?;
    } else if place == Placement::New
        && let Some(own) = placement::own_url(article)
        && source_of(connection, &canonical::id(&own)).await?.is_some()
    {
        // It was stored before its page stated this canonical URL.
        (place, stored) = place_under(connection, article, own).await?;
    }
    let new = NewArticle {
        stated: stated.as_deref(),
        missed: arrival.missed,
        shingles,
        fetched_at: arrival.fetched_at,
    };
    match (place, stored) {
        (Placement::New, _) => {
            let stated = std::mem::take(&mut similar.stated);
            match placement::same_article(article, new.stated.is_none(), stated) {
                Some(known) => {
                    placement::identify(article, known);
                    Ok(StoredAs::Unchanged)
                }
                None => insert(article, &new, similar, writes),
            }
        }
        (Placement::InPlaceOf(other), Some(stored)) => {
            if move_away(connection, &stored, other).await? {
                let (_, similar) = Similar::to(connection, article, new.shingles).await?;
                insert(article, &new, similar, writes)
            } else {
                revise(connection, &stored, article, arrival).await
            }
        }
        (Placement::Revision, Some(stored)) => revise(connection, &stored, article, arrival).await,
        _ => Ok(StoredAs::Unchanged),
    }
}

/// The first 64 bits of a hash of this name.
fn number(name: &str) -> i64 {
    let bytes = Sha256::digest(name.as_bytes());
    let first = bytes.iter().take(8);
    first.fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// The source of the stored article with this id.
pub(crate) async fn source_of(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<String>, database::Error> {
    database::query_scalar("SELECT source FROM articles WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// Puts an article in the place of the stored one with its id, which another source has stored. It is
/// written to the output files again, as its own source's.
pub(crate) async fn adopt(
    connection: &mut Connection,
    article: &mut Article,
) -> Result<(), database::Error> {
    if let Some(stored) = find(connection, &article.id).await? {
        amend(connection, &stored, article).await?;
        database::query("UPDATE articles SET source = $2 WHERE seq = $1")
            .bind(stored.seq)
            .bind(article.source.as_deref().unwrap_or_default())
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Places an article under its own URL.
async fn place_under(
    connection: &mut Connection,
    article: &mut Article,
    own: Url,
) -> Result<(Placement, Option<Row>), database::Error> {
    placement::move_to(article, own);
    let stored = find(connection, &article.id).await?;
    let place = placement::placement_under_own_url(record(&stored), article);
    Ok((place, stored))
}

/// Moves a stored article to its own URL, to make room for the article of the URL that its page
/// states. False where its own URL is taken.
async fn move_away(
    connection: &mut Connection,
    stored: &Row,
    own: Url,
) -> Result<bool, database::Error> {
    let mut article = stored.record.clone();
    placement::move_to(&mut article, own);
    if find(connection, &article.id).await?.is_some() {
        return Ok(false);
    }
    database::query("UPDATE articles SET id = $2, stated_id = $3 WHERE seq = $1")
        .bind(stored.seq)
        .bind(&article.id)
        .bind(&stored.record.id)
        .execute(&mut *connection)
        .await?;
    let revisions = Revisions {
        id: &stored.record.id,
        now: &article.id,
    };
    revisions.set(connection, "id", &article.id).await?;
    database::query("UPDATE urls SET article = $2 WHERE article = $1")
        .bind(&stored.record.id)
        .bind(&article.id)
        .execute(&mut *connection)
        .await?;
    replace(connection, stored.seq, &article, stored.fetched_at).await?;
    Ok(true)
}

fn record(row: &Option<Row>) -> Option<&Article> {
    row.as_ref().map(|row| &row.record)
}
