//! Takes in the article of a page: into the store, with what the page teaches of its site, and with the
//! other URLs that lead to it.

use sqlx::SqliteConnection;
use url::Url;

use super::keys::page_key;
use super::takeover::adopt_article;
use crate::article::Article;
use crate::extract::site_memory::host_of;
use crate::frontier::policy::settle::other_urls;
use crate::frontier::{ReadArticle, host_and_port};
use crate::store::StoredAs;
use crate::store::sqlite::{given, learn, note_article, note_missed, store_article};

/// The page that an article was read on.
#[derive(Debug, Clone, Copy)]
pub(super) struct ArticlePage<'a> {
    /// The number of its address.
    pub(super) id: i64,
    /// Its address as asked for.
    pub(super) url: &'a Url,
    /// Its source.
    pub(super) source: &'a str,
    /// When it was taken in, in unix milliseconds.
    pub(super) at: i64,
}

impl ArticlePage<'_> {
    /// Stores the article, and gives it as it is stored.
    pub(super) async fn take_in(
        &self,
        connection: &mut SqliteConnection,
        read: ReadArticle,
    ) -> Result<(StoredAs, Article), sqlx::Error> {
        let mut article = read.article;
        let mut stored_as = store_article(connection, &mut article, self.at, self.at).await?;
        if stored_as == StoredAs::New {
            let url = article.parsed_final_url();
            if let Some(host) = url.as_ref().and_then(host_of) {
                learn(connection, &host, &read.fingerprint).await?;
            }
        }
        let is_known = matches!(stored_as, StoredAs::Unchanged | StoredAs::Revision(_));
        if is_known && adopt_article(connection, self.source, &mut article).await? {
            // It is new to its source.
            stored_as = match stored_as {
                StoredAs::Unchanged => StoredAs::New,
                other => other,
            };
        }
        let missed = read.missed_selectors.as_deref();
        note_missed(connection, &article.id, missed).await?;
        let others = other_urls(&article, self.url);
        for url in &others {
            self.retire(connection, url).await?;
        }
        note_article(connection, &article.id, self.id, &others).await?;
        Ok((stored_as, article))
    }

    /// Takes an article's other URL in as one that is never due.
    async fn retire(
        &self,
        connection: &mut SqliteConnection,
        url: &Url,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO urls (url, host, source, kind, depth, given, reason, spelling, found_at)
             SELECT $1, $2, $3, 'page', 0, $4, $5, $6, $7
             WHERE NOT EXISTS (SELECT 1 FROM urls WHERE url = $1 AND kind <> 'page')
             ON CONFLICT (url) WHERE kind = 'page' DO UPDATE SET due_at = NULL
                 WHERE stored_at IS NULL AND source = excluded.source",
        )
        .bind(url.as_str())
        .bind(host_and_port(url))
        .bind(self.source)
        .bind(given::FOUND)
        .bind(format!("the article of {}", self.url))
        .bind(page_key(url))
        .bind(self.at)
        .execute(connection)
        .await
        .map(|_| ())
    }
}
