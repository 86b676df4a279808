//! Corrects times that were stored under a clock that was ahead.

use sqlx::SqliteConnection;

use super::origin;
use crate::frontier::policy::clock::{ahead, corrected, longest_wait};
use crate::frontier::{Origin, Schedule, UrlKind};

/// Corrects what is due too late; see [`Frontier::correct_times`](crate::frontier::Frontier::correct_times).
pub(super) async fn correct(
    connection: &mut SqliteConnection,
    schedule: &Schedule,
    now: i64,
) -> Result<i64, sqlx::Error> {
    let urls = correct_urls(connection, schedule, now).await?;
    let hosts = correct_hosts(connection, schedule, now).await?;
    let most = urls.max(hosts);
    if most > 0 {
        // What is only known for a while is asked again.
        sqlx::query("DELETE FROM robots")
            .execute(&mut *connection)
            .await?;
        sqlx::query("UPDATE shapes SET visited_at = $1 WHERE visited_at > $1")
            .bind(now)
            .execute(connection)
            .await?;
    }
    Ok(most)
}

/// Corrects the addresses. One that was never visited was due when it was found.
async fn correct_urls(
    connection: &mut SqliteConnection,
    schedule: &Schedule,
    now: i64,
) -> Result<i64, sqlx::Error> {
    // Articles that wait for their refetch are no fewer than the store has: only what waits too long
    // is read.
    let longest_page_wait = longest_wait(schedule, UrlKind::Page, Origin::default());
    let late: Vec<(i64, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT id, kind, given, due_at, COALESCE(visited_at, due_at) FROM urls
         WHERE due_at > $1 AND (COALESCE(visited_at, due_at) > $1
                                OR due_at > IIF(kind = $2, $3, $4))",
    )
    .bind(now)
    .bind(UrlKind::Page.name())
    .bind(now.saturating_add(longest_page_wait))
    .bind(now.saturating_add(schedule.recheck_max))
    .fetch_all(&mut *connection)
    .await?;
    let mut most = 0;
    for (id, kind, given, due_at, at) in late {
        let kind = UrlKind::from_name(&kind).unwrap_or(UrlKind::Page);
        let longest = longest_wait(schedule, kind, origin(given));
        most = most.max(ahead(at, now));
        let corrected = corrected(due_at, at, longest, now);
        if corrected == due_at {
            continue;
        }
        sqlx::query(
            "UPDATE urls SET due_at = $2, visited_at = MIN(visited_at, $3),
                             stored_at = MIN(stored_at, $3), found_at = MIN(found_at, $3),
                             named_at = MIN(named_at, $3), read_at = MIN(read_at, $3)
             WHERE id = $1",
        )
        .bind(id)
        .bind(corrected)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    }
    Ok(most)
}

async fn correct_hosts(
    connection: &mut SqliteConnection,
    schedule: &Schedule,
    now: i64,
) -> Result<i64, sqlx::Error> {
    let late: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT host, back_off_until, COALESCE(visited_at, 0) FROM hosts
         WHERE back_off_until > $1 OR visited_at > $1 OR turn_at > $1",
    )
    .bind(now)
    .fetch_all(&mut *connection)
    .await?;
    let mut most = correct_shares(connection, schedule, now).await?;
    for (host, until, at) in late {
        most = most.max(ahead(at, now));
        sqlx::query(
            "UPDATE hosts SET back_off_until = $2, visited_at = MIN(visited_at, $3),
                              turn_at = MIN(turn_at, $3 + COALESCE(interval, 0))
             WHERE host = $1",
        )
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
    connection: &mut SqliteConnection,
    schedule: &Schedule,
    now: i64,
) -> Result<i64, sqlx::Error> {
    let late: Vec<(String, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT host, host_shares.source, host_shares.back_off_until, pages_held_until,
                COALESCE(hosts.visited_at, 0)
         FROM host_shares LEFT JOIN hosts USING (host)
         WHERE host_shares.back_off_until > $1 OR pages_held_until > $1
            OR host_shares.claimed_at > $1",
    )
    .bind(now)
    .fetch_all(&mut *connection)
    .await?;
    let mut most = 0;
    for (host, source, until, held_until, at) in late {
        most = most.max(ahead(at, now));
        sqlx::query(
            "UPDATE host_shares SET back_off_until = $3, pages_held_until = $4,
                                    claimed_at = MIN(claimed_at, $5)
             WHERE host = $1 AND source = $2",
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
