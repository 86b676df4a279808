//! Takes in the addresses that a visit found, and counts what visits to addresses of one pattern
//! brought.

use std::collections::HashMap;

use sqlx::{FromRow, SqliteConnection};

use super::named::Naming;
use crate::frontier::policy::intake::{is_checked_for_traps, room_for_entries, surplus_pages};
use crate::frontier::policy::traps::{PatternRecord, is_productive};
use crate::frontier::{FoundUrl, Pass, Schedule, UrlKind, Visit, host_and_port};
use crate::store::sqlite::given;
use crate::traps::url_pattern;

/// Counts what a visit to a page brought, by the pattern of its address.
pub(super) async fn note_productivity(
    connection: &mut SqliteConnection,
    visit: &Visit,
) -> Result<(), sqlx::Error> {
    let Some(productive) = is_productive(visit.outcome()) else {
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

/// Stores what is not known yet, due within the running pass, and gives the number of new pages.
/// Where more pages of the source wait than may, those with the oldest hint, or none, are deleted.
pub(super) async fn store(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    visit: &Visit,
) -> Result<usize, sqlx::Error> {
    let source = &visit.due.source;
    let naming = Naming { pass, visit };
    let mut new_pages = 0_u64;
    let mut room = entry_room(connection, schedule, source, visit.found()).await?;
    let mut traps = Traps::default();
    for found in visit.found() {
        if found.kind == UrlKind::Page {
            if naming.known_page(connection, found).await? {
                continue;
            }
            let is_trap = is_checked_for_traps(found)
                && traps.has(connection, schedule, visit, found).await?;
            if !is_trap {
                new_pages += naming.insert(connection, found).await?;
            }
        } else if !naming.known_entry_point(connection, found).await? && room > 0 {
            room -= naming.insert(connection, found).await?.min(1);
        }
    }
    if new_pages > 0 {
        let dropped = drop_oldest(connection, schedule, source).await?;
        new_pages = new_pages.saturating_sub(dropped);
    }
    Ok(usize::try_from(new_pages).unwrap_or(usize::MAX))
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

/// The URL patterns that were looked up during one visit, and whether they are traps.
#[derive(Default)]
struct Traps(HashMap<String, bool>);

impl Traps {
    /// True for a page whose pattern is a trap.
    async fn has(
        &mut self,
        connection: &mut SqliteConnection,
        schedule: &Schedule,
        visit: &Visit,
        found: &FoundUrl,
    ) -> Result<bool, sqlx::Error> {
        let pattern = url_pattern(&found.url);
        if let Some(known) = self.0.get(&pattern) {
            return Ok(*known);
        }
        let row: Option<PatternOfHost> = sqlx::query_as(
            "SELECT barren, barren_since, fruit_at, visited_at,
                    (SELECT MAX(fruit_at) FROM shapes AS other WHERE other.host = shapes.host)
                        AS host_fruit_at
             FROM shapes WHERE shape = $1",
        )
        .bind(&pattern)
        .fetch_optional(connection)
        .await?;
        let is_trap = row.is_some_and(|row| {
            PatternRecord::from(row.pattern).is_trap(schedule, row.host_fruit_at, visit.at)
        });
        self.0.insert(pattern, is_trap);
        Ok(is_trap)
    }
}

async fn drop_oldest(
    connection: &mut SqliteConnection,
    schedule: &Schedule,
    source: &str,
) -> Result<u64, sqlx::Error> {
    let waiting: u64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM urls
         WHERE source = $1 AND kind = 'page' AND due_at IS NOT NULL AND stored_at IS NULL",
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
               AND stored_at IS NULL
             ORDER BY hint NULLS FIRST, id DESC LIMIT $2)",
    )
    .bind(source)
    .bind(i64::try_from(surplus).unwrap_or(i64::MAX))
    .execute(connection)
    .await?;
    Ok(dropped.rows_affected())
}
