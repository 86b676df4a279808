//! Raw pages.

use std::collections::HashMap;

use url::Url;

use super::database::{self, Connection, FromRow, Int, Query, listed, rows_of};
use super::pieces::{address, host_id};
use super::{PageKey, SqlStore, Stored, transaction};
use crate::rights::Signals;
use crate::store::policy::kept::{MOST_REFUSED, PageWorth};
use crate::store::{Filter, PackedPage, PagePosition, RawPage, StoreError};
use crate::verdict::AddressEvidence;

/// Stores a page. It replaces the one of its URL, unless that is worth more. Where the address is known by
/// better evidence than the page was judged by, it is to be judged again.
pub(crate) fn store_page(packed: PackedPage, worth: PageWorth) -> Query {
    let PackedPage { page, length } = packed;
    let address = Url::parse(&page.url).ok();
    let key = address.as_ref().map(|url| PageKey::of(url).hash);
    let stored = address.as_ref().map(Stored::of);
    let evidence = page.evidence.code();
    database::query(concat!(
        "INSERT INTO pages (url, final_url, source, fetched_at, status, content_type,
                            x_robots_tag, tdm_reservation, published, evidence, judged_by,
                            is_article, stands_in, length, packed, content_signal, content_usage, rsl)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
                 CASE WHEN $19 IS NOT DISTINCT FROM (SELECT COALESCE(evidence, $19) FROM urls
                                   WHERE kind = 0 AND key = $16 AND path = $17
                                     AND host_id = ",
        host_id!("$18"),
        ") THEN $11 END,
                 $12, $13, $14, $15, $20, $21, $22)
         ON CONFLICT (url) DO UPDATE SET
             final_url = excluded.final_url, source = excluded.source,
             fetched_at = excluded.fetched_at, status = excluded.status,
             content_type = excluded.content_type, x_robots_tag = excluded.x_robots_tag,
             tdm_reservation = excluded.tdm_reservation, published = excluded.published,
             evidence = excluded.evidence, judged_by = excluded.judged_by,
             is_article = excluded.is_article, stands_in = excluded.stands_in,
             length = excluded.length, packed = excluded.packed,
             content_signal = excluded.content_signal, content_usage = excluded.content_usage,
             rsl = excluded.rsl
         WHERE (excluded.is_article, -excluded.stands_in) >= (pages.is_article, -pages.stands_in)",
    ))
    .bind(page.url)
    .bind(page.final_url)
    .bind(page.source)
    .bind(page.fetched_at)
    .bind(page.status)
    .bind(page.content_type)
    .bind(page.x_robots_tag)
    .bind(page.tdm_reservation)
    .bind(page.published)
    .bind(page.evidence.name())
    .bind(page.judged_by)
    .bind(worth == PageWorth::Article)
    .bind(worth == PageWorth::StandIn)
    .bind(i64::try_from(length).unwrap_or(i64::MAX))
    .bind(page.bytes)
    .bind(key)
    .bind(stored.as_ref().map(|it| it.path.as_str()))
    .bind(stored.as_ref().map(|it| it.host.as_str()))
    .bind(evidence)
    .bind(page.signals.content_signal)
    .bind(page.signals.content_usage)
    .bind(page.signals.rsl)
}

#[derive(Debug, FromRow)]
struct Row {
    id: i64,
    url: String,
    final_url: String,
    source: String,
    fetched_at: i64,
    #[sqlx(try_from = "i64")]
    status: u16,
    content_type: Option<String>,
    x_robots_tag: Option<String>,
    tdm_reservation: Option<String>,
    content_signal: Option<String>,
    content_usage: Option<String>,
    rsl: Option<String>,
    published: Option<i64>,
    evidence: Option<String>,
    judged_by: Option<String>,
    length: i64,
    packed: Vec<u8>,
}

impl From<Row> for (PagePosition, PackedPage) {
    fn from(row: Row) -> (PagePosition, PackedPage) {
        let position = PagePosition {
            fetched_at: row.fetched_at,
            id: row.id,
        };
        let page = RawPage {
            url: row.url,
            final_url: row.final_url,
            source: row.source,
            fetched_at: row.fetched_at,
            status: row.status,
            content_type: row.content_type,
            x_robots_tag: row.x_robots_tag,
            tdm_reservation: row.tdm_reservation,
            signals: Signals {
                content_signal: row.content_signal,
                content_usage: row.content_usage,
                rsl: row.rsl,
            },
            published: row.published,
            evidence: evidence(row.evidence.as_deref()),
            judged_by: row.judged_by,
            bytes: row.packed,
        };
        let length = usize::try_from(row.length).unwrap_or_default();
        (position, PackedPage { page, length })
    }
}

fn evidence(name: Option<&str>) -> AddressEvidence {
    name.map_or(AddressEvidence::Unknown, AddressEvidence::from_name)
}

/// The sources that have raw pages, by name.
pub(super) async fn sources(store: &SqlStore) -> Result<Vec<String>, StoreError> {
    // From one to the next by the index, as often as there are sources.
    database::query_scalar(
        "WITH RECURSIVE named (source) AS (
             SELECT MIN(source) FROM pages
             UNION ALL
             SELECT (SELECT MIN(source) FROM pages WHERE source > named.source)
             FROM named WHERE named.source IS NOT NULL)
         SELECT source FROM named WHERE source IS NOT NULL",
    )
    .fetch_all(store.readers())
    .await
    .map_err(|error| store.fault(error))
}

/// The pages of a source after a position, the newest first.
pub(super) async fn after(
    store: &SqlStore,
    source: &str,
    filter: &Filter,
    position: PagePosition,
    limit: u32,
) -> Result<Vec<(PagePosition, PackedPage)>, StoreError> {
    let select = database::query_as(
        "SELECT id, url, final_url, source, fetched_at, status, content_type, x_robots_tag,
                tdm_reservation, published, judged_by, length, packed, evidence,
                content_signal, content_usage, rsl
         FROM pages
         WHERE source = $1 AND (fetched_at, id) < ($2, $3)
           AND fetched_at >= $4 AND fetched_at < $5 AND ($6 = 0 OR stands_in = 0)
         ORDER BY fetched_at DESC, id DESC LIMIT $7",
    )
    .bind(source)
    .bind(position.fetched_at)
    .bind(position.id)
    .bind(filter.since.unwrap_or(i64::MIN))
    .bind(filter.until.unwrap_or(i64::MAX))
    .bind(filter.without_stand_ins)
    .bind(limit);
    let steps = async {
        let rows: Vec<Row> = select.fetch_all(store.readers()).await?;
        with_known_evidence(store, rows).await
    };
    steps.await.map_err(|error| store.fault(error))
}

/// The pages of these rows, each by the evidence that its address is known by now.
async fn with_known_evidence(
    store: &SqlStore,
    rows: Vec<Row>,
) -> Result<Vec<(PagePosition, PackedPage)>, database::Error> {
    let known = known_evidence(store, rows.iter().map(|row| row.url.as_str())).await?;
    let pages = rows.into_iter().map(|row| {
        let known = known.get(&row.url).copied();
        let (position, mut packed) = <(PagePosition, PackedPage)>::from(row);
        packed.page.evidence = known.unwrap_or(packed.page.evidence);
        (position, packed)
    });
    Ok(pages.collect())
}

/// By which evidence those of these pages are known that are known as addresses.
async fn known_evidence<'u>(
    store: &SqlStore,
    urls: impl IntoIterator<Item = &'u str>,
) -> Result<HashMap<String, AddressEvidence>, database::Error> {
    let urls = urls.into_iter().filter_map(|url| Url::parse(url).ok());
    let keys = urls.map(|url| PageKey::of(&url).hash);
    let rows: Vec<(String, Int<u8>)> = database::query_as(concat!(
        "SELECT ",
        address!("hosts.host", "urls.path"),
        ", evidence FROM each($1) CROSS JOIN urls ON urls.key = each.value
             CROSS JOIN hosts ON hosts.id = urls.host_id
         WHERE kind = 0 AND evidence IS NOT NULL"
    ))
    .bind(listed(keys))
    .fetch_all(store.readers())
    .await?;
    let known = rows.into_iter();
    let known = known.map(|(url, code)| (url, AddressEvidence::from_code(Some(code.0))));
    Ok(known.collect())
}

/// One of the pages.
pub(super) async fn find(store: &SqlStore, id: i64) -> Result<Option<RawPage>, StoreError> {
    let select = database::query_as(
        "SELECT id, url, final_url, source, fetched_at, status, content_type, x_robots_tag,
                tdm_reservation, published, judged_by, length, packed, evidence,
                content_signal, content_usage, rsl
         FROM pages WHERE id = $1",
    );
    let steps = async {
        let row: Option<Row> = select.bind(id).fetch_optional(store.readers()).await?;
        with_known_evidence(store, Vec::from_iter(row)).await
    };
    let mut pages = steps.await.map_err(|error| store.fault(error))?;
    Ok(pages.pop().and_then(|(_, page)| page.unpack().ok()))
}

/// The number of the page of this address, if there is one.
pub(super) async fn number_of(store: &SqlStore, url: &str) -> Result<Option<i64>, StoreError> {
    database::query_scalar("SELECT id FROM pages WHERE url = $1")
        .bind(url)
        .fetch_optional(store.readers())
        .await
        .map_err(|error| store.fault(error))
}

/// The numbers of refused pages that were judged by something else than would judge them today.
pub(super) async fn refused(
    store: &SqlStore,
    judged_by: &[(String, String)],
    limit: u32,
) -> Result<Vec<i64>, StoreError> {
    let judged_by = judged_by
        .iter()
        .map(|(source, by)| vec![source.as_str(), by.as_str()]);
    database::query_scalar(
        "SELECT pages.id FROM each_row($1)
         CROSS JOIN pages ON pages.source = each_row.value ->> 0
         WHERE pages.is_article = 0 AND pages.judged_by IS DISTINCT FROM each_row.value ->> 1
         ORDER BY pages.fetched_at DESC, pages.id DESC LIMIT $2",
    )
    .bind(rows_of(judged_by))
    .bind(limit)
    .fetch_all(store.readers())
    .await
    .map_err(|error| store.fault(error))
}

/// A page that was judged again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JudgedPage<'a> {
    /// Its address as asked for.
    pub(crate) url: &'a str,
    /// When it was fetched.
    pub(crate) fetched_at: i64,
    /// By what it was judged.
    pub(crate) judged_by: Option<&'a str>,
    /// What named its address.
    pub(crate) evidence: AddressEvidence,
}

/// Notes by what a page was judged and what it is worth now, within the caller's transaction. One that
/// held an article is worth no less for it.
pub(crate) async fn update_page(
    connection: &mut Connection,
    page: JudgedPage<'_>,
    worth: PageWorth,
) -> Result<(), database::Error> {
    database::query(
        "UPDATE pages SET judged_by = $3, evidence = $4, is_article = GREATEST(is_article, $5),
             stands_in = CASE WHEN is_article <> 0 THEN 0 ELSE $6 END
         WHERE url = $1 AND fetched_at = $2",
    )
    .bind(page.url)
    .bind(page.fetched_at)
    .bind(page.judged_by)
    .bind(page.evidence.name())
    .bind(worth == PageWorth::Article)
    .bind(worth == PageWorth::StandIn)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Deletes the pages that were fetched before this time, and the oldest of too many that were refused.
pub(super) async fn drop_before(store: &SqlStore, before: i64) -> Result<(), StoreError> {
    transaction!(store, |transaction| async {
        database::query("DELETE FROM pages WHERE fetched_at < $1")
            .bind(before)
            .execute(&mut *transaction)
            .await?;
        database::query(
            "DELETE FROM pages WHERE id IN (
                 SELECT id FROM (
                     SELECT id, ROW_NUMBER() OVER (
                         PARTITION BY source ORDER BY fetched_at DESC, id DESC) AS place
                     FROM pages WHERE is_article = 0 AND source IN (
                         SELECT source FROM pages WHERE is_article = 0
                         GROUP BY source HAVING COUNT(*) > $1)) AS placed
                 WHERE place > $1)",
        )
        .bind(MOST_REFUSED)
        .execute(transaction)
        .await
        .map(|_| ())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_source_keeps_so_many_refused_pages_and_all_of_its_articles() {
        let store = crate::store::tests::empty().await;
        let many = i64::from(MOST_REFUSED) + 3;
        database::query(
            "WITH RECURSIVE page(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM page WHERE n < 2 * $1)
             INSERT INTO pages (url, final_url, source, fetched_at, status, is_article, length, packed)
             SELECT 'https://daily.test/' || n, '', 'daily', n, 200, CASE WHEN n > $1 THEN 1 ELSE 0 END, 0, '' FROM page",
        )
        .bind(many)
        .execute(store.readers())
        .await
        .unwrap();
        drop_before(&store, 0).await.unwrap();
        let left: Vec<(bool, i64, i64)> = database::query_as(
            "SELECT is_article <> 0, COUNT(*), MIN(fetched_at) FROM pages GROUP BY 1 ORDER BY 1",
        )
        .fetch_all(store.readers())
        .await
        .unwrap();
        let refused = (false, i64::from(MOST_REFUSED), 4);
        assert_eq!(left, [refused, (true, many, many + 1)]);
    }
}
