//! Pages as they came, compressed, for `keep_pages`: so that they can be extracted again with other
//! rules, without asking the site. One a address, the newest; a page in which nothing was found
//! never takes the place of one that held an article.

use std::collections::VecDeque;

use sqlx::{FromRow, SqliteConnection};
use url::Url;

use crate::page::Input;
use crate::store::{Filter, Store, StoreError};

/// Pages are read this many at a time.
const AT_A_TIME: i64 = 8;
/// Zstandard's own default: a page shrinks to 15 % in a millisecond or two; level 9 gives 13 % for
/// four times the work.
const LEVEL: i32 = 3;

/// A page as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawPage {
    /// The address as asked for.
    pub url: String,
    /// The address that answered, after redirects.
    pub final_url: String,
    /// The source's name.
    pub source: String,
    /// When it was fetched, in unix milliseconds.
    pub fetched_at: i64,
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `X-Robots-Tag` headers, joined by commas.
    pub x_robots_tag: Option<String>,
    /// The `tdm-reservation` header (TDMRep).
    pub tdm_reservation: Option<String>,
    /// When it was published, in unix milliseconds, as the feed or news sitemap that named it has it.
    pub published: Option<i64>,
    /// The body, decompressed.
    pub bytes: Vec<u8>,
}

impl RawPage {
    /// The address that answered, parsed.
    pub fn parsed_url(&self) -> Option<Url> {
        Url::parse(&self.final_url).ok()
    }

    /// The page as it is parsed and extracted; `url` is its [`RawPage::parsed_url`].
    pub fn input<'p>(&'p self, url: Option<&'p Url>) -> Input<'p> {
        let mut input = Input::new(&self.bytes)
            .with_url(url)
            .with_content_type(self.content_type.as_deref());
        input.x_robots_tag = self.x_robots_tag.as_deref();
        input.tdm_reservation = self.tdm_reservation.as_deref();
        input
    }
}

/// A page made ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedPage {
    page: RawPage,
    length: usize,
}

impl PackedPage {
    /// Compresses a page; `None` where there is no memory to do it.
    pub fn pack(page: RawPage) -> Option<PackedPage> {
        let packed = zstd::bulk::compress(&page.bytes, LEVEL).ok()?;
        Some(PackedPage {
            length: page.bytes.len(),
            page: RawPage {
                bytes: packed,
                ..page
            },
        })
    }
}

/// Keeps a page within the caller's transaction.
pub(crate) async fn keep_page(
    connection: &mut SqliteConnection,
    packed: PackedPage,
    is_article: bool,
) -> Result<(), sqlx::Error> {
    let PackedPage { page, length } = packed;
    sqlx::query(
        "INSERT INTO pages (url, final_url, source, fetched_at, status, content_type,
                            x_robots_tag, tdm_reservation, published, is_article, length,
                            packed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (url) DO UPDATE SET
             final_url = excluded.final_url, source = excluded.source,
             fetched_at = excluded.fetched_at, status = excluded.status,
             content_type = excluded.content_type, x_robots_tag = excluded.x_robots_tag,
             tdm_reservation = excluded.tdm_reservation, published = excluded.published,
             is_article = excluded.is_article, length = excluded.length, packed = excluded.packed
         WHERE excluded.is_article >= is_article",
    )
    .bind(page.url)
    .bind(page.final_url)
    .bind(page.source)
    .bind(page.fetched_at)
    .bind(page.status)
    .bind(page.content_type)
    .bind(page.x_robots_tag)
    .bind(page.tdm_reservation)
    .bind(page.published)
    .bind(is_article)
    .bind(i64::try_from(length).unwrap_or(i64::MAX))
    .bind(page.bytes)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Pages, read a few at a time: source by source, the newest of each first.
#[derive(Debug)]
pub struct Pages<'a> {
    store: &'a Store,
    filter: Filter,
    /// What comes after the source that is being read; `None` until they are known.
    sources: Option<VecDeque<String>>,
    source: Option<String>,
    /// Time and number of the last that was read of it.
    after: (i64, i64),
    ready: VecDeque<Row>,
}

#[derive(Debug, FromRow)]
struct Row {
    id: i64,
    url: String,
    final_url: String,
    fetched_at: i64,
    status: u16,
    content_type: Option<String>,
    x_robots_tag: Option<String>,
    tdm_reservation: Option<String>,
    published: Option<i64>,
    length: i64,
    packed: Vec<u8>,
}

/// Before the newest there can be.
const START: (i64, i64) = (i64::MAX, i64::MAX);

impl Pages<'_> {
    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<RawPage>, StoreError> {
        while self.ready.is_empty() {
            if self.source.is_none() {
                self.source = self.next_source().await?;
                self.after = START;
            }
            let Some(source) = &self.source else {
                return Ok(None);
            };
            self.ready = self.read(source).await?;
            match self.ready.back() {
                Some(last) => self.after = (last.fetched_at, last.id),
                None => self.source = None,
            }
        }
        let row = self.ready.pop_front();
        row.map(|row| self.unpack(row)).transpose()
    }

    async fn next_source(&mut self) -> Result<Option<String>, StoreError> {
        if self.sources.is_none() {
            self.sources = Some(if self.filter.sources.is_empty() {
                let all = sqlx::query_scalar("SELECT DISTINCT source FROM pages ORDER BY source");
                let all: Vec<String> = all
                    .fetch_all(self.store.readers())
                    .await
                    .map_err(|error| self.store.fault(error))?;
                all.into()
            } else {
                self.filter.sources.clone().into()
            });
        }
        Ok(self.sources.as_mut().and_then(VecDeque::pop_front))
    }

    async fn read(&self, source: &str) -> Result<VecDeque<Row>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, url, final_url, fetched_at, status, content_type, x_robots_tag,
                    tdm_reservation, published, length, packed
             FROM pages
             WHERE source = $1 AND (fetched_at, id) < ($2, $3)
               AND fetched_at >= $4 AND fetched_at < $5
             ORDER BY fetched_at DESC, id DESC LIMIT $6",
        )
        .bind(source)
        .bind(self.after.0)
        .bind(self.after.1)
        .bind(self.filter.since.unwrap_or(i64::MIN))
        .bind(self.filter.until.unwrap_or(i64::MAX))
        .bind(AT_A_TIME)
        .fetch_all(self.store.readers())
        .await
        .map_err(|error| self.store.fault(error))?;
        Ok(rows.into())
    }

    fn unpack(&self, row: Row) -> Result<RawPage, StoreError> {
        let length = usize::try_from(row.length).unwrap_or_default();
        let bytes =
            zstd::bulk::decompress(&row.packed, length).map_err(|error| StoreError::BadRow {
                path: self.store.path.clone(),
                what: format!("the page {}: {error}", row.url),
            })?;
        Ok(RawPage {
            url: row.url,
            final_url: row.final_url,
            source: self.source.clone().unwrap_or_default(),
            fetched_at: row.fetched_at,
            status: row.status,
            content_type: row.content_type,
            x_robots_tag: row.x_robots_tag,
            tdm_reservation: row.tdm_reservation,
            published: row.published,
            bytes,
        })
    }
}

impl Store {
    /// The raw pages that pass the filter: by source, the newest of each first.
    pub fn pages(&self, filter: Filter) -> Pages<'_> {
        Pages {
            store: self,
            filter,
            sources: None,
            source: None,
            after: START,
            ready: VecDeque::new(),
        }
    }

    /// Drops the raw pages that were fetched before this time, in unix milliseconds.
    pub async fn drop_pages(&self, before: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM pages WHERE fetched_at < $1")
            .bind(before)
            .execute(&self.writer)
            .await
            .map_err(|error| self.fault(error))
            .map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    async fn store() -> Store {
        let store = Store::scratch(Path::new("no-such-folder/newsprint.db")).await;
        store.unwrap()
    }

    fn page(source: &str, at: i64, text: &str) -> RawPage {
        RawPage {
            url: format!("https://{source}.test/{at}"),
            final_url: format!("https://www.{source}.test/{at}"),
            source: source.to_owned(),
            fetched_at: at,
            status: 200,
            content_type: Some("text/html".to_owned()),
            x_robots_tag: None,
            tdm_reservation: None,
            published: None,
            bytes: text.as_bytes().to_vec(),
        }
    }

    async fn keep(store: &Store, page: RawPage, is_article: bool) {
        let mut transaction = store.begin().await.unwrap();
        let packed = PackedPage::pack(page).unwrap();
        keep_page(&mut transaction, packed, is_article)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }

    async fn read(store: &Store, filter: Filter) -> Vec<RawPage> {
        let mut pages = store.pages(filter);
        let mut all = Vec::new();
        while let Some(page) = pages.next().await.unwrap() {
            all.push(page);
        }
        all
    }

    #[tokio::test]
    async fn pages_come_back_as_they_came_by_source_and_the_newest_first() {
        let store = store().await;
        for at in 0..20 {
            keep(&store, page("b", at, "<p>ferry".repeat(100).as_str()), true).await;
        }
        keep(&store, page("a", 7, ""), true).await;
        let all = read(&store, Filter::default()).await;
        assert_eq!(all.len(), 21);
        assert_eq!(all[0], page("a", 7, ""));
        let times: Vec<i64> = all[1..].iter().map(|page| page.fetched_at).collect();
        assert_eq!(times, (0..20).rev().collect::<Vec<_>>());
        assert_eq!(all[1], page("b", 19, &"<p>ferry".repeat(100)));

        let some = Filter {
            since: Some(5),
            until: Some(7),
            sources: vec!["b".to_owned()],
        };
        assert_eq!(read(&store, some).await.len(), 2);
    }

    #[tokio::test]
    async fn an_address_has_one_page_and_an_article_is_not_lost_to_none() {
        let store = store().await;
        keep(&store, page("a", 1, "not yet"), false).await;
        keep(&store, page("a", 1, "article"), true).await;
        keep(&store, page("a", 1, "a wall"), false).await;
        let all = read(&store, Filter::default()).await;
        assert_eq!(all, [page("a", 1, "article")]);
    }

    #[tokio::test]
    async fn old_pages_are_dropped() {
        let store = store().await;
        for at in 0..4 {
            keep(&store, page("a", at, "x"), true).await;
        }
        store.drop_pages(2).await.unwrap();
        assert_eq!(read(&store, Filter::default()).await.len(), 2);
    }
}
