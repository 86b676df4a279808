//! What visits to addresses of one URL pattern have brought: counted after each visit to a page, and asked
//! before more of them are taken in.

use std::collections::HashMap;

use super::keys::pattern_key;
use crate::frontier::policy::traps::{PatternRecord, is_productive};
use crate::frontier::{Schedule, Visit, host_and_port};
use crate::store::sql::database::{self, Connection, FromRow, Query, listed};

/// Counts what a visit to a page brought, by the pattern of its address.
pub(super) fn note_productivity(
    visit: &Visit,
    known: PatternRecord,
    leads_on: bool,
) -> Option<Query> {
    let productive = is_productive(visit.outcome(), leads_on)?;
    let record = known.after_visit(productive, visit.at);
    let store = database::query(
        "INSERT INTO shapes (shape, host, barren, barren_since, fruit_at, visited_at, source)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (shape, source) DO UPDATE SET
             barren = excluded.barren, barren_since = excluded.barren_since,
             fruit_at = excluded.fruit_at, visited_at = excluded.visited_at",
    );
    let store = store
        .bind(pattern_key(&visit.due.url))
        .bind(host_and_port(&visit.due.url))
        .bind(record.unproductive)
        .bind(record.unproductive_since)
        .bind(record.productive_at)
        .bind(record.visited_at)
        .bind(&visit.due.source);
    Some(store)
}

/// A row of the table `shapes`.
#[derive(FromRow)]
struct PatternRow {
    #[sqlx(try_from = "i64")]
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

/// The same with its name, and when any pattern of its host last brought an article.
#[derive(FromRow)]
struct PatternOfHost {
    shape: String,
    #[sqlx(flatten)]
    pattern: PatternRow,
    host_fruit_at: Option<i64>,
}

/// What a URL pattern is like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pattern {
    /// No more of its addresses are taken in.
    pub(super) is_trap: bool,
    /// Its last visit brought an article, or there was none.
    pub(super) leads_on: bool,
}

/// Of a pattern that was never visited.
const UNVISITED: Pattern = Pattern {
    is_trap: false,
    leads_on: true,
};

/// What these patterns are like that have been visited for the visit's source, by their names.
pub(super) async fn visited(
    connection: &mut Connection,
    schedule: &Schedule,
    visit: &Visit,
    names: &[String],
) -> Result<Patterns, database::Error> {
    let rows: Vec<PatternOfHost> = database::query_as(
        "SELECT shape, barren, barren_since, fruit_at, visited_at,
                (SELECT MAX(fruit_at) FROM shapes AS other
                 WHERE other.host = shapes.host AND other.source = $2) AS host_fruit_at
         FROM shapes WHERE shape IN (SELECT value FROM each($1)) AND source = $2",
    )
    .bind(listed(names))
    .bind(&visit.due.source)
    .fetch_all(connection)
    .await?;
    let patterns = rows.into_iter().map(|row| {
        let record = PatternRecord::from(row.pattern);
        let pattern = Pattern {
            is_trap: record.is_trap(schedule, row.host_fruit_at, visit.at),
            leads_on: record.unproductive == 0,
        };
        (row.shape, pattern)
    });
    Ok(Patterns(patterns.collect()))
}

/// Patterns by their names.
#[derive(Debug, Default)]
pub(super) struct Patterns(HashMap<String, Pattern>);

impl Patterns {
    /// What the pattern of this name is like.
    pub(super) fn get(&self, name: &str) -> Pattern {
        self.0.get(name).copied().unwrap_or(UNVISITED)
    }
}
