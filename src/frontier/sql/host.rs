//! Settles the host of a visit: its back-off, its pages as a whole, and how many of them
//! are tried again today. What a source makes of a host is its own affair, but for a pause that the host
//! itself asks for.

use super::visit_state::VisitState;
use crate::frontier::policy::finality::{PageEnd, outcome_end};
use crate::frontier::policy::host::{
    BackOff, HostAfter, HostPages, asked_pause, back_off, charged_host, is_down, next_day,
};
use crate::frontier::policy::settle::is_retry;
use crate::frontier::{Schedule, UrlKind, Visit, host_and_port};
use crate::store::sql::database::{self, Batch, Connection, Int, Query, listed};
use crate::store::sql::{host_id, source_id};
use crate::verdict::VisitOutcome;

/// What a source makes of a host.
#[derive(Debug, Clone, Copy)]
struct Share<'a> {
    host: &'a str,
    source: &'a str,
}

/// Settles the host that a visit is charged to, and says what that means for the address.
pub(super) async fn finish(
    connection: &mut Connection,
    schedule: &Schedule,
    visit: &Visit,
    state: &VisitState,
    writes: &mut Batch,
) -> Result<HostAfter, database::Error> {
    let own = host_and_port(&visit.due.url);
    let charged = charged_host(visit);
    let is_own = charged == own;
    let [share, charged_share] = [&own, &charged].map(|host| Share {
        host,
        source: &visit.due.source,
    });
    let failures = match state.share {
        Some(state) if is_own => state.failures,
        _ => failures(connection, charged_share).await?,
    };
    let backed_off = back_off(schedule, charged_share.host, failures, visit);
    let has_changed = backed_off.until.is_some() || backed_off.failures != failures;
    if has_changed && !(is_own && state.share.is_some()) {
        store_back_off(connection, charged_share, &backed_off).await?;
    }
    pause(connection, schedule, visit, charged_share.host).await?;
    let entry_points_fail = visit.due.kind == UrlKind::Page
        && backed_off.failures > 0
        && entry_points_fail(connection, charged_share).await?;
    let is_down = is_down(schedule, visit, backed_off.failures, entry_points_fail);
    let is_retry = is_retry(visit, &state.url);
    let before = state.share.map_or_else(HostPages::default, |it| it.pages);
    let after = before.after_visit(schedule, visit, is_down, is_retry);
    let used_up = after.used_up_retries(schedule, &before);
    if used_up {
        postpone_retries(connection, share, visit.at).await?;
    }
    let own_back_off = is_own.then_some(&backed_off);
    writes.add(share_after(share, visit, &after, own_back_off));
    let back_off_until = backed_off.until.filter(|_| is_own);
    let is_held = visit.due.kind == UrlKind::Page && after.held_until > visit.at;
    Ok(HostAfter {
        back_off_until,
        is_down,
        pages: after,
        ends_claim: back_off_until.is_some() || is_held || used_up,
    })
}

/// Takes in a host that no source has named.
pub(super) async fn know_host(
    connection: &mut Connection,
    host: &str,
) -> Result<(), database::Error> {
    database::query("INSERT INTO hosts (host) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind(host)
        .execute(connection)
        .await
        .map(|_| ())
}

/// Gives the source its turn at these hosts, where something is due from this time on.
pub(super) async fn begin_shares<'h>(
    connection: &mut Connection,
    source: &str,
    hosts: impl IntoIterator<Item = &'h str>,
    due_at: i64,
) -> Result<(), database::Error> {
    database::query(concat!(
        "INSERT INTO host_shares (host_id, source_id, due_at) SELECT hosts.id, ",
        source_id!("$2"),
        ", $3 FROM each($1) CROSS JOIN hosts ON hosts.host = each.value WHERE TRUE
         ON CONFLICT (host_id, source_id) DO UPDATE SET due_at = excluded.due_at
             WHERE host_shares.due_at IS NULL OR host_shares.due_at > excluded.due_at"
    ))
    .bind(listed(hosts))
    .bind(source)
    .bind(due_at)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Visits in a row that the host failed.
async fn failures(connection: &mut Connection, share: Share<'_>) -> Result<u32, database::Error> {
    let failures: Option<Int<u32>> = database::query_scalar(concat!(
        "SELECT failures FROM host_shares WHERE host_id = ",
        host_id!("$1"),
        " AND source_id = ",
        source_id!("$2"),
    ))
    .bind(share.host)
    .bind(share.source)
    .fetch_optional(connection)
    .await?;
    Ok(failures.unwrap_or_default().0)
}

/// Notes a pause that the host itself asks for.
async fn pause(
    connection: &mut Connection,
    schedule: &Schedule,
    visit: &Visit,
    host: &str,
) -> Result<(), database::Error> {
    let Some(until) = asked_pause(schedule, visit) else {
        return Ok(());
    };
    database::query(
        "INSERT INTO hosts (host, back_off_until) VALUES ($1, $2)
         ON CONFLICT (host) DO UPDATE SET back_off_until = excluded.back_off_until",
    )
    .bind(host)
    .bind(until)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Stores the back-off of a host, which may be one that nothing has named: a visit may be led there.
async fn store_back_off(
    connection: &mut Connection,
    share: Share<'_>,
    settled: &BackOff,
) -> Result<(), database::Error> {
    know_host(connection, share.host).await?;
    database::query(
        "INSERT INTO host_shares (host_id, source_id, failures, back_off_until)
         SELECT hosts.id, source_ids.id, $3, COALESCE($4, 0) FROM hosts, source_ids
         WHERE hosts.host = $1 AND source_ids.name = $2
         ON CONFLICT (host_id, source_id) DO UPDATE SET
             failures = excluded.failures,
             back_off_until = COALESCE($4, host_shares.back_off_until)",
    )
    .bind(share.host)
    .bind(share.source)
    .bind(settled.failures)
    .bind(settled.until)
    .execute(connection)
    .await
    .map(|_| ())
}

/// True where the source has entry points at the host, and the last visits to all of them failed by the
/// host's fault.
async fn entry_points_fail(
    connection: &mut Connection,
    share: Share<'_>,
) -> Result<bool, database::Error> {
    let ends: Vec<(Option<String>, Option<Int<u16>>)> = database::query_as(concat!(
        "SELECT outcome, status FROM urls
         WHERE kind <> 0 AND due_at IS NOT NULL AND host_id = ",
        host_id!("$1"),
        " AND source_id = ",
        source_id!("$2"),
    ))
    .bind(share.host)
    .bind(share.source)
    .fetch_all(connection)
    .await?;
    let fails = |(outcome, status): &(Option<String>, Option<Int<u16>>)| {
        let outcome = outcome.as_deref().and_then(VisitOutcome::from_name);
        outcome.is_some_and(|outcome| {
            outcome_end(outcome, status.map(|it| it.0)) == PageEnd::HostFault
        })
    };
    Ok(!ends.is_empty() && ends.iter().all(fails))
}

/// What the source makes of the host after the visit; its back-off where the visit is charged to this host.
fn share_after(
    share: Share<'_>,
    visit: &Visit,
    pages: &HostPages,
    backed_off: Option<&BackOff>,
) -> Query {
    database::query(concat!(
        "UPDATE host_shares SET after_entry_point = $3, page_failures = $4, pages_held_until = $5,
             retry_day = $6, retries = $7, failures = COALESCE($8, failures),
             back_off_until = COALESCE($9, back_off_until)
         WHERE host_id = ",
        host_id!("$1"),
        " AND source_id = ",
        source_id!("$2"),
    ))
    .bind(share.host)
    .bind(share.source)
    .bind(visit.due.kind.is_entry_point())
    .bind(pages.failures)
    .bind(pages.held_until)
    .bind(pages.retry_day)
    .bind(pages.retries)
    .bind(backed_off.map(|it| it.failures))
    .bind(backed_off.and_then(|it| it.until))
}

/// Moves the source's other pages of the host that would be tried again today to the next day.
async fn postpone_retries(
    connection: &mut Connection,
    share: Share<'_>,
    now: i64,
) -> Result<(), database::Error> {
    database::query(concat!(
        "UPDATE urls SET due_at = $2
         WHERE due_at IS NOT NULL AND kind = 0 AND visits > 0 AND stored_at IS NULL
           AND due_at < $2 AND host_id = ",
        host_id!("$1"),
        " AND source_id = ",
        source_id!("$3"),
    ))
    .bind(share.host)
    .bind(next_day(now))
    .bind(share.source)
    .execute(connection)
    .await
    .map(|_| ())
}
