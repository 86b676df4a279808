//! Leases of hosts: whose a host is, for how long, and how it is given back.

use url::Url;

use crate::frontier::{Due, Held, Pass, host_and_port};
use crate::store::sql::LeaseLost;
use crate::store::sql::database::{self, Connection, Query, Readers, listed, rows_of};

/// That the host is still the one of this owner, by this claim.
macro_rules! is_held {
    ($host:literal, $owner:literal, $token:literal) => {
        concat!(
            "host = ",
            $host,
            " AND lease_owner = ",
            $owner,
            " AND lease_token = COALESCE(",
            $token,
            ", lease_token)"
        )
    };
}
pub(super) use is_held;

/// Makes sure that the host of this address is still the pass's, and that nobody gets it before the transaction ends.
pub(super) async fn hold(
    connection: &mut Connection,
    pass: &Pass,
    url: &Url,
) -> Result<(), database::Error> {
    let host = host_and_port(url);
    let held: Option<i64> = database::query_scalar(concat!(
        "SELECT CURRENT_TRANSACTION FROM hosts WHERE ",
        is_held!("$1", "$2", "$3"),
        " FOR NO KEY UPDATE"
    ))
    .bind(&host)
    .bind(&pass.owner)
    .bind(pass.token)
    .fetch_optional(&mut *connection)
    .await?;
    connection.note_transaction(held.ok_or(LeaseLost(host))?);
    Ok(())
}

/// Renews these leases by one statement, and gives the hosts and tokens of those that are still held: a host may have
/// been given back meanwhile, and nobody would work there for as long as its lease lasts.
pub(super) async fn renew(
    connection: &mut Connection,
    held: &[Held],
    until: i64,
) -> Result<Vec<(String, i64)>, database::Error> {
    let row = |it: &Held| serde_json::json!([it.host, it.owner, it.token]);
    database::query_as(
        "UPDATE hosts SET lease_until = GREATEST(lease_until, $2)
         FROM each_row($1)
         WHERE hosts.host = each_row.value ->> 0 AND lease_owner = each_row.value ->> 1
           AND lease_token = CAST(each_row.value ->> 2 AS BIGINT) AND lease_until > 0
         RETURNING hosts.host, lease_token",
    )
    .bind(rows_of(held.iter().map(row)))
    .bind(until)
    .fetch_all(connection)
    .await
}

/// When the first of the hosts is free where something may be due in the pass, and which another has.
pub(super) async fn next_free(
    readers: Readers<'_>,
    pass: &Pass,
    now: i64,
) -> Result<Option<i64>, database::Error> {
    database::query_scalar(
        "SELECT MIN(lease_until)
         FROM hosts JOIN host_shares AS share ON share.host_id = hosts.id
             JOIN source_ids ON source_ids.id = share.source_id
         WHERE lease_until > $1 AND share.due_at IS NOT NULL AND share.due_at <= $2
           AND source_ids.name IN (SELECT value FROM each($3))",
    )
    .bind(now)
    .bind(pass.started)
    .bind(listed(pass.sources.as_slice()))
    .fetch_one(readers)
    .await
}

/// Leaves an address to the next pass: it is due right after this one has begun.
pub(super) fn postponing(pass: &Pass, due: &Due) -> Query {
    database::query(concat!(
        "UPDATE urls SET due_at = $5 WHERE id = $4 AND due_at <= $5
         AND EXISTS (SELECT 1 FROM hosts WHERE ",
        is_held!("$1", "$2", "$3"),
        ")"
    ))
    .bind(host_and_port(&due.url))
    .bind(&pass.owner)
    .bind(pass.token)
    .bind(due.id)
    .bind(pass.started.saturating_add(1))
}

/// Gives a host back, unless the lease ran out and it is another's by now.
pub(super) fn releasing(pass: &Pass, host: &str) -> Query {
    database::query(concat!(
        "UPDATE hosts SET lease_until = 0 WHERE ",
        is_held!("$1", "$2", "$3")
    ))
    .bind(host)
    .bind(&pass.owner)
    .bind(pass.token)
}
