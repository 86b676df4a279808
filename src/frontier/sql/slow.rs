//! Hosts whose next turn is far off: they are left until it is near, so that a pass ends.

use super::lease::is_held;
use crate::frontier::{LeftOver, Pass, Schedule, SlowHost};
use crate::store::sql::database::{self, FromRow, Query, Readers, listed};

/// Notes when the host has its next turn; see [`Frontier::leave`](crate::frontier::Frontier::leave).
pub(super) fn leaving(pass: &Pass, slow: &SlowHost) -> Query {
    database::query(concat!(
        "UPDATE hosts SET turn_at = $2, interval = $3, visited_at = COALESCE($4, visited_at)
         WHERE ",
        is_held!("$1", "$5", "$6"),
    ))
    .bind(&slow.host)
    .bind(slow.turn_at)
    .bind(slow.interval)
    .bind(slow.asked_at)
    .bind(&pass.owner)
    .bind(pass.token)
}

#[derive(FromRow)]
struct Row {
    source: String,
    host: String,
    interval: i64,
    addresses: i64,
}

/// What is due at hosts that are left; see [`Frontier::left_over`](crate::frontier::Frontier::left_over).
pub(super) async fn left_over(
    readers: Readers<'_>,
    schedule: &Schedule,
    pass: &Pass,
    now: i64,
) -> Result<Vec<LeftOver>, database::Error> {
    let rows: Vec<Row> = database::query_as(
        "SELECT source_ids.name AS source, hosts.host, COALESCE(hosts.interval, 0) AS interval,
                COUNT(*) AS addresses
         FROM hosts JOIN urls ON urls.host_id = hosts.id
             JOIN source_ids ON source_ids.id = urls.source_id
         WHERE hosts.turn_at > $1 AND urls.due_at IS NOT NULL AND urls.due_at <= $2
           AND source_ids.name IN (SELECT value FROM each($3))
         GROUP BY source_ids.name, hosts.host, hosts.interval ORDER BY source_ids.name, hosts.host",
    )
    .bind(now.saturating_add(schedule.far_turn))
    .bind(pass.started)
    .bind(listed(pass.sources.as_slice()))
    .fetch_all(readers)
    .await?;
    let left = rows.into_iter().map(|row| LeftOver {
        source: row.source,
        host: row.host,
        interval: row.interval,
        addresses: u64::try_from(row.addresses).unwrap_or_default(),
    });
    Ok(left.collect())
}
