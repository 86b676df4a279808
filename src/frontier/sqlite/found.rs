//! Takes in the addresses that a visit found, and counts what visits to addresses of one pattern
//! brought.

use std::collections::HashMap;

use sqlx::{FromRow, SqliteConnection};

use super::named::Naming;
use super::too_old;
use crate::frontier::policy::intake::{is_checked_for_traps, room_for_entries, surplus_pages};
use crate::frontier::policy::traps::{PatternRecord, is_productive};
use crate::frontier::{FoundUrl, Pass, Schedule, UrlKind, Visit, host_and_port};
use crate::store::sqlite::given;
use crate::traps::url_pattern;

/// Counts what a visit to a page brought, by the pattern of its address.
pub(super) async fn note_productivity(
    connection: &mut SqliteConnection,
    visit: &Visit,
    leads_on: bool,
) -> Result<(), sqlx::Error> {
    let Some(productive) = is_productive(visit.outcome(), leads_on) else {
        return Ok(());
    };
    let pattern = url_pattern(&visit.due.url);
    let known: Option<PatternRow> = sqlx::query_as(
        "SELECT barren, barren_since, fruit_at, visited_at FROM shapes WHERE shape = $1",
    )
    .bind(&pattern)
    .fetch_optional(&mut *connection)
    .await?;
    let record = known.map(PatternRecord::from).unwrap_or_default();
    let record = record.after_visit(productive, visit.at);
    sqlx::query(
        "INSERT INTO shapes (shape, host, barren, barren_since, fruit_at, visited_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO UPDATE SET
             barren = excluded.barren, barren_since = excluded.barren_since,
             fruit_at = excluded.fruit_at, visited_at = excluded.visited_at",
    )
    .bind(pattern)
    .bind(host_and_port(&visit.due.url))
    .bind(record.unproductive)
    .bind(record.unproductive_since)
    .bind(record.productive_at)
    .bind(record.visited_at)
    .execute(connection)
    .await
    .map(|_| ())
}

/// A row of the table `shapes`.
#[derive(FromRow)]
struct PatternRow {
    barren: u32,
    barren_since: Option<i64>,
    fruit_at: Option<i64>,
    visited_at: i64,
}

impl From<PatternRow> for PatternRecord {
    fn from(row: PatternRow) -> PatternRecord {
        PatternRecord {
            unproductive: row.barren,
            unproductive_since: row.barren_since,
            productive_at: row.fruit_at,
            visited_at: row.visited_at,
        }
    }
}

/// The same, and when any pattern of its host last brought an article.
#[derive(FromRow)]
struct PatternOfHost {
    #[sqlx(flatten)]
    pattern: PatternRow,
    host_fruit_at: Option<i64>,
}

/// What a visit brought that was not known.
#[derive(Debug, Default)]
pub(super) struct TakenIn {
    /// New pages.
    pub(super) new_pages: usize,
    /// Pages that are older than `max_age`, and were not known to be.
    pub(super) too_old: u64,
    /// Some of the new pages are of another pattern than the one visited, which is no trap so far.
    pub(super) leads_on: bool,
}

/// Stores what is not known yet, due within the running pass. Where more pages of the source wait
/// than may, those with the oldest hint, or none, are deleted.
pub(super) async fn store(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    visit: &Visit,
) -> Result<TakenIn, sqlx::Error> {
    let naming = Naming {
        pass,
        schedule,
        visit,
    };
    let mut taken_in = TakenIn {
        too_old: too_old::record(connection, &naming).await?,
        ..TakenIn::default()
    };
    let mut new_pages = 0;
    let own_pattern = url_pattern(&visit.due.url);
    let mut room = entry_room(connection, schedule, &visit.due.source, visit.found()).await?;
    let mut traps = Traps::default();
    for found in visit.found().iter().filter(|found| !found.too_old) {
        if found.kind == UrlKind::Page {
            if naming.known_page(connection, found).await? {
                continue;
            }
            let name = url_pattern(&found.url);
            let is_own = name == own_pattern;
            let pattern = traps.find(connection, schedule, name, visit.at).await?;
            if !(is_checked_for_traps(found) && pattern.is_trap) {
                new_pages += naming.insert(connection, found).await?;
                taken_in.leads_on |= pattern.leads_on && !is_own;
            }
        } else if !naming.known_entry_point(connection, found).await? && room > 0 {
            room -= naming.insert(connection, found).await?.min(1);
        }
    }
    if new_pages > 0 {
        let dropped = drop_oldest(connection, schedule, &visit.due.source).await?;
        new_pages = new_pages.saturating_sub(dropped);
    }
    taken_in.new_pages = usize::try_from(new_pages).unwrap_or(usize::MAX);
    Ok(taken_in)
}

async fn entry_room(
    connection: &mut SqliteConnection,
    schedule: &Schedule,
    source: &str,
    found: &[FoundUrl],
) -> Result<u64, sqlx::Error> {
    if found.iter().all(|found| found.kind == UrlKind::Page) {
        return Ok(0);
    }
    let known: u64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM urls
         WHERE source = $1 AND kind <> 'page' AND given <> $2 AND due_at IS NOT NULL",
    )
    .bind(source)
    .bind(given::CONFIGURED)
    .fetch_one(connection)
    .await?;
    Ok(room_for_entries(schedule, known))
}

/// What the URL patterns are like that were looked up during one visit.
#[derive(Default)]
struct Traps(HashMap<String, Pattern>);

#[derive(Debug, Clone, Copy)]
struct Pattern {
    /// No more of its addresses are taken in.
    is_trap: bool,
    /// Its last visit brought an article, or there was none.
    leads_on: bool,
}

impl Traps {
    /// What the pattern of this name is like.
    async fn find(
        &mut self,
        connection: &mut SqliteConnection,
        schedule: &Schedule,
        name: String,
        now: i64,
    ) -> Result<Pattern, sqlx::Error> {
        if let Some(known) = self.0.get(&name) {
            return Ok(*known);
        }
        let row: Option<PatternOfHost> = sqlx::query_as(
            "SELECT barren, barren_since, fruit_at, visited_at,
                    (SELECT MAX(fruit_at) FROM shapes AS other WHERE other.host = shapes.host)
                        AS host_fruit_at
             FROM shapes WHERE shape = $1",
        )
        .bind(&name)
        .fetch_optional(connection)
        .await?;
        let of_host = row.as_ref().and_then(|row| row.host_fruit_at);
        let record = row.map(|row| PatternRecord::from(row.pattern));
        let pattern = Pattern {
            is_trap: record.is_some_and(|it| it.is_trap(schedule, of_host, now)),
            leads_on: record.is_none_or(|it| it.unproductive == 0),
        };
        self.0.insert(name, pattern);
        Ok(pattern)
    }
}

async fn drop_oldest(
    connection: &mut SqliteConnection,
    schedule: &Schedule,
    source: &str,
) -> Result<u64, sqlx::Error> {
    let waiting: u64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM urls
         WHERE source = $1 AND kind = 'page' AND due_at IS NOT NULL AND visits = 0",
    )
    .bind(source)
    .fetch_one(&mut *connection)
    .await?;
    let surplus = surplus_pages(schedule, waiting);
    if surplus == 0 {
        return Ok(0);
    }
    let dropped = sqlx::query(
        "DELETE FROM urls WHERE id IN (
             SELECT id FROM urls WHERE source = $1 AND kind = 'page' AND due_at IS NOT NULL
               AND visits = 0
             ORDER BY hint NULLS FIRST, id DESC LIMIT $2)",
    )
    .bind(source)
    .bind(i64::try_from(surplus).unwrap_or(i64::MAX))
    .execute(connection)
    .await?;
    Ok(dropped.rows_affected())
}
