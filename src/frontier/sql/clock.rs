//! Corrects times that were stored under a clock that was ahead.

use super::origin;
use crate::frontier::policy::clock::{ahead, corrected, longest_wait};
use crate::frontier::{Origin, Schedule, UrlKind};
use crate::store::sql::database::{self, Connection};

/// Corrects what is due too late; see [`Frontier::correct_times`](crate::frontier::Frontier::correct_times).
pub(super) async fn correct(
    connection: &mut Connection,
    schedule: &Schedule,
    now: i64,
) -> Result<i64, database::Error> {
    let urls = correct_urls(connection, schedule, now).await?;
    let hosts = correct_hosts(connection, schedule, now).await?;
    let most = urls.max(hosts);
    if most > 0 {
        // What is only known for a while is asked again.
        database::query("DELETE FROM robots")
            .execute(&mut *connection)
            .await?;
        database::query("UPDATE shapes SET visited_at = $1 WHERE visited_at > $1")
            .bind(now)
            .execute(connection)
            .await?;
    }
    Ok(most)
}

/// A time that may be null, or this one where it is later.
macro_rules! not_after {
    ($time:literal, $latest:literal) => {
        concat!(
            "CASE WHEN ",
            $time,
            " > ",
            $latest,
            " THEN ",
            $latest,
            " ELSE ",
            $time,
            " END"
        )
    };
}

/// An address that may be due too late: its number, kind and origin, when it is due, and when that was planned.
type Late = (i64, i64, i64, i64, i64);

/// What waits longer than it may. Articles that wait for their refetch are no fewer than the store has: the index is
/// asked for those alone that wait too long.
const LATE: &str = "
    SELECT urls.id, kind, given, due_at, COALESCE(visited_at, due_at)
    FROM source_ids CROSS JOIN urls ON urls.source_id = source_ids.id
    WHERE kind = 0 AND visits > 0 AND due_at IS NOT NULL AND due_at > $1
    UNION ALL
    SELECT urls.id, kind, given, due_at, COALESCE(visited_at, due_at)
    FROM source_ids CROSS JOIN urls ON urls.source_id = source_ids.id
    WHERE kind IN (1, 2, 3) AND kind <> 0 AND due_at IS NOT NULL AND due_at > $3
      AND (COALESCE(visited_at, due_at) > $3 OR due_at > $2)";

/// What was planned after now. Asked only where a clock was ahead, which is once.
const AHEAD: &str = "
    SELECT id, kind, given, due_at, COALESCE(visited_at, due_at) FROM urls
    WHERE due_at > $1 AND COALESCE(visited_at, due_at) > $1";

/// True where something was done after now: whatever plans a page notes a visit, a claim or a
/// pass too.
async fn was_ahead(connection: &mut Connection, now: i64) -> Result<bool, database::Error> {
    database::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM hosts WHERE visited_at > $1 OR claimed_at > $1)
             OR EXISTS (SELECT 1 FROM runs WHERE started > $1 OR ended > $1)",
    )
    .bind(now)
    .fetch_one(connection)
    .await
}

/// Corrects the addresses. One that was never visited was due when it was found.
async fn correct_urls(
    connection: &mut Connection,
    schedule: &Schedule,
    now: i64,
) -> Result<i64, database::Error> {
    let longest_page_wait = longest_wait(schedule, UrlKind::Page, Origin::default());
    let mut late: Vec<Late> = database::query_as(LATE)
        .bind(now.saturating_add(longest_page_wait))
        .bind(now.saturating_add(schedule.recheck_max))
        .bind(now)
        .fetch_all(&mut *connection)
        .await?;
    if was_ahead(connection, now).await? {
        let more: Vec<Late> = database::query_as(AHEAD)
            .bind(now)
            .fetch_all(&mut *connection)
            .await?;
        late.extend(more);
        late.sort_unstable();
        late.dedup();
    }
    let mut most = 0;
    for (id, kind, given, due_at, at) in late {
        let kind = u8::try_from(kind).ok().and_then(UrlKind::from_code);
        let kind = kind.unwrap_or(UrlKind::Page);
        let longest = longest_wait(schedule, kind, origin(given));
        most = most.max(ahead(at, now));
        let corrected = corrected(due_at, at, longest, now);
        if corrected == due_at {
            continue;
        }
        database::query(concat!(
            "UPDATE urls SET due_at = $2, visited_at = ",
            not_after!("visited_at", "$3"),
            ", stored_at = ",
            not_after!("stored_at", "$3"),
            ", found_at = ",
            not_after!("found_at", "$3"),
            ", named_at = ",
            not_after!("named_at", "$3"),
            ", read_at = ",
            not_after!("read_at", "$3"),
            " WHERE id = $1"
        ))
        .bind(id)
        .bind(corrected)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    }
    Ok(most)
}

async fn correct_hosts(
    connection: &mut Connection,
    schedule: &Schedule,
    now: i64,
) -> Result<i64, database::Error> {
    let late: Vec<(String, i64, i64)> = database::query_as(
        "SELECT host, back_off_until, COALESCE(visited_at, 0) FROM hosts
         WHERE back_off_until > $1 OR visited_at > $1 OR turn_at > $1",
    )
    .bind(now)
    .fetch_all(&mut *connection)
    .await?;
    let mut most = correct_shares(connection, schedule, now).await?;
    for (host, until, at) in late {
        most = most.max(ahead(at, now));
        database::query(concat!(
            "UPDATE hosts SET back_off_until = $2, visited_at = ",
            not_after!("visited_at", "$3"),
            ", turn_at = LEAST(turn_at, $3 + COALESCE(interval, 0)) WHERE host = $1"
        ))
        .bind(host)
        .bind(corrected(until, at, schedule.host_back_off_max, now))
        .bind(now)
        .execute(&mut *connection)
        .await?;
    }
    Ok(most)
}

/// Corrects what is held for single sources.
async fn correct_shares(
    connection: &mut Connection,
    schedule: &Schedule,
    now: i64,
) -> Result<i64, database::Error> {
    let late: Vec<(i64, i64, i64, i64, i64)> = database::query_as(
        "SELECT host_id, host_shares.source_id, host_shares.back_off_until, pages_held_until,
                COALESCE(hosts.visited_at, 0)
         FROM host_shares LEFT JOIN hosts ON hosts.id = host_id
         WHERE host_shares.back_off_until > $1 OR pages_held_until > $1
            OR host_shares.claimed_at > $1",
    )
    .bind(now)
    .fetch_all(&mut *connection)
    .await?;
    let mut most = 0;
    for (host, source, until, held_until, at) in late {
        most = most.max(ahead(at, now));
        database::query(
            "UPDATE host_shares SET back_off_until = $3, pages_held_until = $4,
                                    claimed_at = LEAST(claimed_at, $5)
             WHERE host_id = $1 AND source_id = $2",
        )
        .bind(host)
        .bind(source)
        .bind(corrected(until, at, schedule.host_back_off_max, now))
        .bind(corrected(held_until, at, schedule.page_hold_max, now))
        .bind(now)
        .execute(&mut *connection)
        .await?;
    }
    Ok(most)
}
