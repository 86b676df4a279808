//! The workers of a store on a server, as `status` shows them.

use super::database::{self, FromRow, Int};
use super::postgres::worker::{name_is_held, server_time};
use super::{Engine, SqlStore};
use crate::store::status::WorkerSigns;
use crate::store::{StoreError, WorkerStatus};

/// The workers of which something was heard since this time, by name. A file has none.
pub(super) async fn seen_since(
    store: &SqlStore,
    since: i64,
) -> Result<Vec<WorkerStatus>, StoreError> {
    if matches!(store.engine, Engine::Sqlite(_)) {
        return Ok(Vec::new());
    }
    // The owner of a lease is called by its worker, when its pass began, and a number.
    let rows: Vec<WorkerRow> = database::query_as(concat!(
        "SELECT name, seen_at, sources IS NOT NULL AS has_pass, ",
        name_is_held!(),
        " AS is_connected, ",
        server_time!(),
        " - seen_at AS silent_ms, COALESCE(held.count, 0) AS hosts, COALESCE(stored.count, 0) AS unwritten
         FROM workers
         LEFT JOIN (SELECT regexp_replace(lease_owner, '-[0-9]+-[0-9]+$', '') AS worker, COUNT(*) AS count
                    FROM hosts WHERE lease_until > ",
        server_time!(),
        " GROUP BY 1) AS held ON held.worker = workers.name
         LEFT JOIN (SELECT worker, COUNT(*) AS count FROM articles
                    WHERE written_at IS NULL AND worker IN (SELECT name FROM workers WHERE writes <> 0)
                    GROUP BY 1) AS stored ON stored.worker = workers.name
         WHERE seen_at >= $1 ORDER BY name"
    ))
    .bind(since)
    .fetch_all(store.readers())
    .await
    .map_err(|error| store.fault(error))?;
    Ok(rows.into_iter().map(WorkerRow::status).collect())
}

#[derive(FromRow)]
struct WorkerRow {
    name: String,
    seen_at: i64,
    has_pass: bool,
    is_connected: bool,
    silent_ms: i64,
    hosts: Int<u64>,
    unwritten: Int<u64>,
}

impl WorkerRow {
    fn status(self) -> WorkerStatus {
        let signs = WorkerSigns {
            has_pass: self.has_pass,
            is_connected: self.is_connected,
            silent_ms: self.silent_ms,
        };
        WorkerStatus {
            name: self.name,
            state: signs.state(),
            seen_at: self.seen_at,
            hosts: self.hosts.0,
            unwritten: self.unwritten.0,
        }
    }
}
