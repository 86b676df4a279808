//! Takes in the article of a page: into the store, with what the page teaches of its site, and with the
//! other URLs that lead to it.

use url::Url;

use super::host::know_host;
use super::takeover::adopt_article;
use crate::article::Article;
use crate::extract::site_memory::host_of;
use crate::frontier::ReadArticle;
use crate::frontier::policy::settle::other_urls;
use crate::store::StoredAs;
use crate::store::sql::database::{self, Batch, Connection};
use crate::store::sql::{
    Arrival, Compared, PageKey, Stored, find_page, given, learn, note_article, note_missed,
    source_id, store_article,
};

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
    /// Stores the article, whose locks are held, and gives it as it is stored. What is noted of it goes to the writes,
    /// which also note the article at its other addresses, but not at that of the page.
    pub(super) async fn take_in(
        &self,
        connection: &mut Connection,
        read: ReadArticle,
        compared: &Compared,
        writes: &mut Batch,
    ) -> Result<(StoredAs, Article), database::Error> {
        let mut article = read.article;
        let arrival = Arrival {
            compared,
            missed: read.missed_selectors.as_deref(),
            fetched_at: self.at,
            now: self.at,
        };
        let mut stored_as = store_article(connection, &mut article, arrival, writes).await?;
        if stored_as == StoredAs::New {
            let url = article.parsed_final_url();
            if let Some(host) = url.as_ref().and_then(host_of) {
                writes.add(learn(&host, &read.fingerprint));
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
        if is_known {
            writes.add(note_missed(&article.id, arrival.missed));
        }
        let mut others = Vec::new();
        for url in other_urls(&article, self.url) {
            others.extend(self.retire(connection, &url).await?);
        }
        others.retain(|id| *id != self.id);
        if !others.is_empty() {
            writes.add(note_article(&article.id, &others));
        }
        Ok((stored_as, article))
    }

    /// Takes an article's other URL in as one that is never due, and gives the number of its row.
    async fn retire(
        &self,
        connection: &mut Connection,
        url: &Url,
    ) -> Result<Option<i64>, database::Error> {
        if let Some(id) = find_page(connection, url).await? {
            database::query(concat!(
                "UPDATE urls SET due_at = NULL
                 WHERE id = $1 AND stored_at IS NULL AND source_id = ",
                source_id!("$2"),
            ))
            .bind(id)
            .bind(self.source)
            .execute(connection)
            .await?;
            return Ok(Some(id));
        }
        let Stored { host, path } = Stored::of(url);
        know_host(connection, &host).await?;
        database::query_scalar(
            "INSERT INTO urls (host_id, source_id, kind, key, path, depth, given, reason, found_at)
             SELECT hosts.id, source_ids.id, 0, $3, $4, 0, $5, $6, $7
             FROM hosts, source_ids
             WHERE hosts.host = $1 AND source_ids.name = $2
               AND NOT EXISTS (SELECT 1 FROM source_ids AS owner CROSS JOIN urls
                                   ON urls.source_id = owner.id AND urls.host_id = hosts.id
                                  AND urls.path = $4 AND urls.kind <> 0)
             RETURNING id",
        )
        .bind(host)
        .bind(self.source)
        .bind(PageKey::of(url).hash)
        .bind(path)
        .bind(given::FOUND)
        .bind(format!("the article of {}", self.url))
        .bind(self.at)
        .fetch_optional(connection)
        .await
    }
}
