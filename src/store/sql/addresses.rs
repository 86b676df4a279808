//! The addresses of a crawl, as they are listed, counted and selected.

use std::collections::BTreeMap;

use super::database::{self, Connection, FromRow, Int, Query, Value, listed, listed_if_any};
use super::pieces::{address, source_id};
use super::{SqlStore, given};
use crate::rights::OptOut;
use crate::store::{Address, AddressFilter, StoreError};
use crate::verdict::{AddressEvidence, VisitOutcome};

/// A page that was visited, or refused before a visit, and whose article the store lacks. `$1` is
/// [`losses`].
macro_rules! is_lost {
    () => {
        "(urls.kind = 0 AND urls.stored_at IS NULL AND urls.article IS NULL
          AND urls.outcome IN (SELECT value FROM each($1)))"
    };
}

/// What a filter selects; [`bind_filter`] binds `$1` to `$5`. A guess that led nowhere was named by nothing
/// and is no address.
macro_rules! is_selected {
    () => {
        concat!(
            "($2 = 0 OR ",
            is_lost!(),
            ")
             AND urls.source_id IN (
                 SELECT id FROM source_ids WHERE $3 IS NULL OR name IN (SELECT value FROM each($3)))
             AND ($4 IS NULL OR urls.outcome IN (SELECT value FROM each($4)))
             AND ($5 IS NULL OR COALESCE(urls.visited_at, urls.found_at) >= $5)
             AND (urls.given <> $6 OR urls.links_followed IS NOT NULL)"
        )
    };
}

pub(super) use is_lost;

/// The names of the outcomes that make a page lost.
pub(super) fn losses() -> Value {
    let all = VisitOutcome::ALL.iter();
    let names = all.filter(|it| it.is_loss()).map(|it| it.name());
    listed(names)
}

fn bind_filter<T>(query: Query<T>, filter: &AddressFilter) -> Query<T> {
    let outcomes = filter.outcomes.iter().map(|it| it.name());
    query
        .bind(losses())
        .bind(filter.lost)
        .bind(listed_if_any(&filter.sources))
        .bind(listed_if_any(outcomes))
        .bind(filter.since)
        .bind(given::GUESSED)
}

/// When an address is visited next: it is due, and its host is not left alone.
macro_rules! next_visit {
    () => {
        "CASE WHEN urls.due_at IS NOT NULL THEN GREATEST(urls.due_at, hosts.back_off_until, hosts.turn_at,
            COALESCE((SELECT GREATEST(back_off_until, CASE urls.kind WHEN 0 THEN pages_held_until ELSE 0 END)
                      FROM host_shares
                      WHERE host_shares.host_id = urls.host_id AND host_shares.source_id = urls.source_id), 0)) END"
    };
}

/// What is read of the addresses of this table, with the tables that have it.
macro_rules! address_rows {
    ($urls:literal) => {
        concat!(
            "SELECT urls.id, ",
            address!("hosts.host", "urls.path"),
            " AS url, source_ids.name AS source, urls.kind, urls.outcome, urls.reason, urls.status,
                urls.visits, urls.evidence, urls.found_at, urls.visited_at, ",
            next_visit!(),
            " AS next_visit, articles.id AS stored_id, json(articles.record) ->> 'title' AS title, ",
            is_lost!(),
            " AS is_lost
             FROM ",
            $urls,
            " CROSS JOIN hosts ON hosts.id = urls.host_id
                 CROSS JOIN source_ids ON source_ids.id = urls.source_id
                 LEFT JOIN articles ON articles.id = urls.article
             WHERE "
        )
    };
}

/// Selects the addresses after a position that pass the filter, out of this table and those of its rows.
macro_rules! addresses_after {
    ($urls:literal, $which:literal) => {
        concat!(
            address_rows!($urls),
            "urls.id > $7 AND ",
            $which,
            " AND ",
            is_selected!(),
            " ORDER BY urls.id LIMIT $8"
        )
    };
}

const ALL_AFTER: &str = addresses_after!("urls", "TRUE");
/// Lost pages have an index of their own: they are few among all.
const LOST_AFTER: &str = addresses_after!(
    "urls INDEXED BY urls_lost_in_order",
    "urls.kind = 0 AND urls.stored_at IS NULL AND urls.article IS NULL
     AND urls.outcome IS NOT NULL"
);

/// The addresses after a position that pass the filter, in the order in which they were found.
pub(super) async fn after(
    store: &SqlStore,
    filter: &AddressFilter,
    position: i64,
    limit: u32,
) -> Result<Vec<Address>, StoreError> {
    let query = database::query_as(if filter.lost { LOST_AFTER } else { ALL_AFTER });
    let rows: Result<Vec<Row>, _> = bind_filter(query, filter)
        .bind(position)
        .bind(limit)
        .fetch_all(store.readers())
        .await;
    let read = |rows: Vec<Row>| rows.into_iter().map(Row::address).collect();
    rows.map(read).map_err(|error| store.fault(error))
}

/// Makes pages due at this time that are not stored and were visited, unless they are due already; what follows says which.
macro_rules! make_due {
    ($now:literal) => {
        concat!(
            "UPDATE urls SET due_at = ",
            $now,
            ", attempts = 0
         WHERE urls.kind = 0 AND urls.stored_at IS NULL AND urls.article IS NULL
           AND urls.outcome IS NOT NULL AND (urls.due_at IS NULL OR urls.due_at > ",
            $now,
            ") AND "
        )
    };
}

const MAKE_DUE: &str = concat!(make_due!("$7"), is_selected!());

/// The pages of a source whose last visit ended so, before a position, the newest first.
pub(super) async fn of_outcome(
    store: &SqlStore,
    source: &str,
    outcome: VisitOutcome,
    before: i64,
    limit: u32,
) -> Result<Vec<Address>, StoreError> {
    let rows: Result<Vec<Row>, _> = database::query_as(concat!(
        address_rows!("urls INDEXED BY urls_by_outcome"),
        "urls.kind = 0 AND urls.outcome = $3 AND urls.id < $4 AND urls.source_id = ",
        source_id!("$2"),
        " ORDER BY urls.id DESC LIMIT $5"
    ))
    .bind(losses())
    .bind(source)
    .bind(outcome.name())
    .bind(before)
    .bind(limit)
    .fetch_all(store.readers())
    .await;
    let read = |rows: Vec<Row>| rows.into_iter().map(Row::address).collect();
    rows.map(read).map_err(|error| store.fault(error))
}

/// Makes the pages that the filter selects due at once, within the caller's transaction, and gives their
/// number. Pages whose article is stored, and those that were never visited, stay as they are.
pub(crate) async fn make_due(
    connection: &mut Connection,
    filter: &AddressFilter,
    now: i64,
) -> Result<u64, database::Error> {
    let query = bind_filter(database::query(MAKE_DUE), filter).bind(now);
    query.execute(connection).await
}

/// The same for one page, by its number.
pub(crate) async fn make_one_due(
    connection: &mut Connection,
    id: i64,
    now: i64,
) -> Result<u64, database::Error> {
    let query = database::query(concat!(make_due!("$2"), "urls.id = $1"));
    query.bind(id).bind(now).execute(connection).await
}

/// Notes that these addresses, by number, lead to an article. One that holds an article of its own keeps it.
pub(crate) fn note_article(article: &str, addresses: &[i64]) -> Query {
    database::query(
        "UPDATE urls SET article = $1
         WHERE id IN (SELECT value FROM each($2)) AND stored_at IS NULL",
    )
    .bind(article)
    .bind(listed(addresses))
}

/// Lost pages of one outcome.
pub(super) struct LostCount {
    pub(super) outcome: VisitOutcome,
    pub(super) count: u64,
    /// Those of them that are due again.
    pub(super) again: u64,
}

/// Counts the lost pages of a source that were last visited since a time.
pub(super) async fn lost(
    store: &SqlStore,
    source: &str,
    since: i64,
) -> Result<Vec<LostCount>, database::Error> {
    let lost: Vec<(String, Int<u64>, Int<u64>)> = database::query_as(concat!(
        "SELECT outcome, COUNT(*), COUNT(due_at) FROM urls
         WHERE source_id = ",
        source_id!("$2"),
        " AND COALESCE(visited_at, found_at) >= $3 AND outcome IS NOT NULL AND ",
        is_lost!(),
        " GROUP BY outcome"
    ))
    .bind(losses())
    .bind(source)
    .bind(since)
    .fetch_all(store.readers())
    .await?;
    let named = lost.into_iter().filter_map(|(name, count, again)| {
        Some(LostCount {
            outcome: VisitOutcome::from_name(&name)?,
            count: count.0,
            again: again.0,
        })
    });
    Ok(named.collect())
}

/// Counts the lost pages of a source that were last visited since a time and that opt-outs of the site forbid, by the
/// statement that does.
pub(super) async fn withheld(
    store: &SqlStore,
    source: &str,
    since: i64,
) -> Result<BTreeMap<String, u64>, database::Error> {
    let reasons: Vec<(String, Int<u64>)> = database::query_as(concat!(
        "SELECT COALESCE(reason, ''), COUNT(*) FROM urls
         WHERE source_id = ",
        source_id!("$2"),
        " AND COALESCE(visited_at, found_at) >= $3 AND outcome = $4 AND ",
        is_lost!(),
        " GROUP BY 1"
    ))
    .bind(losses())
    .bind(source)
    .bind(since)
    .bind(VisitOutcome::OptOut.name())
    .fetch_all(store.readers())
    .await?;
    let mut counts = BTreeMap::new();
    for (reason, Int(count)) in reasons {
        let statement = OptOut::statement_of(&reason).unwrap_or("another statement");
        *counts.entry(statement.to_owned()).or_default() += count;
    }
    Ok(counts)
}

/// Counts the pages of a source that were first named since a time. One that is known as another address
/// of an article was never to be visited.
pub(super) async fn found(
    store: &SqlStore,
    source: &str,
    since: i64,
) -> Result<u64, database::Error> {
    let found: Int<u64> = database::query_scalar(concat!(
        "SELECT CAST(COALESCE(SUM(pages), 0) AS BIGINT) FROM found_pages
         WHERE found_at >= $2 AND source_id = ",
        source_id!("$1"),
    ))
    .bind(source)
    .bind(since)
    .fetch_one(store.readers())
    .await?;
    Ok(found.0)
}

#[derive(FromRow)]
struct Row {
    id: i64,
    url: String,
    source: String,
    #[sqlx(try_from = "i64")]
    kind: u8,
    outcome: Option<String>,
    reason: Option<String>,
    status: Option<Int<u16>>,
    #[sqlx(try_from = "i64")]
    visits: u32,
    evidence: Option<Int<u8>>,
    found_at: Option<i64>,
    visited_at: Option<i64>,
    next_visit: Option<i64>,
    stored_id: Option<String>,
    title: Option<String>,
    is_lost: Option<bool>,
}

impl Row {
    fn address(self) -> Address {
        let outcome = self.outcome.as_deref().and_then(VisitOutcome::from_name);
        let meaning = outcome.filter(|it| it.is_loss()).map(VisitOutcome::meaning);
        Address {
            outcome,
            id: self.id,
            url: self.url,
            source: self.source,
            kind: kind_name(self.kind).to_owned(),
            reason: self.reason.or_else(|| meaning.map(str::to_owned)),
            status: self.status.map(|it| it.0),
            tries: self.visits,
            evidence: AddressEvidence::from_code(self.evidence.map(|it| it.0))
                .name()
                .map(str::to_owned),
            found_at: self.found_at,
            last_visit: self.visited_at,
            next_visit: self.next_visit,
            // Without an outcome, the comparison has no value.
            is_lost: self.is_lost.unwrap_or(false),
            stored_id: self.stored_id,
            title: self.title,
        }
    }
}

/// The name of a kind of addresses, as `Address::kind` has it.
fn kind_name(code: u8) -> &'static str {
    match code {
        0 => "page",
        1 => "start",
        2 => "feed",
        _ => "sitemap",
    }
}
