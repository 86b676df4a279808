//! Keeps the addresses that a visit found, within bounds: no source can fill the disk with
//! addresses that are never fetched.

use sqlx::SqliteConnection;

use super::super::{Found, Kind, Pass, Schedule, Visit, host_of};

/// Notes what is not known yet, due within the running pass, and gives the number of new pages.
/// Where more pages of the source wait than may, those with the oldest hint, or none, go.
pub(super) async fn keep(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    visit: &Visit,
) -> Result<usize, sqlx::Error> {
    let source = &visit.due.source;
    let mut new_pages = 0_u64;
    let mut room = room_for_entries(connection, schedule, source, &visit.found).await?;
    for found in &visit.found {
        if found.kind == Kind::Page {
            new_pages += insert(connection, pass, source, found).await?;
        } else if room > 0 {
            room -= i64::from(insert(connection, pass, source, found).await? > 0);
        }
    }
    if new_pages > 0 {
        let dropped = drop_oldest(connection, schedule, source).await?;
        new_pages = new_pages.saturating_sub(dropped);
    }
    Ok(usize::try_from(new_pages).unwrap_or(usize::MAX))
}

async fn room_for_entries(
    connection: &mut SqliteConnection,
    schedule: &Schedule,
    source: &str,
    found: &[Found],
) -> Result<i64, sqlx::Error> {
    if found.iter().all(|found| found.kind == Kind::Page) {
        return Ok(0);
    }
    let known: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM urls
         WHERE source = $1 AND kind <> 'page' AND given = 0 AND due_at IS NOT NULL",
    )
    .bind(source)
    .fetch_one(connection)
    .await?;
    Ok(i64::from(schedule.found_entries) - known)
}

async fn insert(
    connection: &mut SqliteConnection,
    pass: &Pass,
    source: &str,
    found: &Found,
) -> Result<u64, sqlx::Error> {
    let host = host_of(&found.url);
    let inserted = sqlx::query(
        "INSERT OR IGNORE INTO urls (url, host, source, kind, depth, given, due_at, hint)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7)",
    )
    .bind(found.url.as_str())
    .bind(&host)
    .bind(source)
    .bind(found.kind.name())
    .bind(found.depth)
    .bind(pass.started)
    .bind(found.hint)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    if inserted > 0 {
        sqlx::query("INSERT OR IGNORE INTO hosts (host) VALUES ($1)")
            .bind(&host)
            .execute(connection)
            .await?;
    }
    Ok(inserted)
}

async fn drop_oldest(
    connection: &mut SqliteConnection,
    schedule: &Schedule,
    source: &str,
) -> Result<u64, sqlx::Error> {
    let waiting: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM urls WHERE source = $1 AND kind = 'page' AND due_at IS NOT NULL",
    )
    .bind(source)
    .fetch_one(&mut *connection)
    .await?;
    let beyond = waiting - i64::from(schedule.waiting_pages);
    if beyond <= 0 {
        return Ok(0);
    }
    let dropped = sqlx::query(
        "DELETE FROM urls WHERE id IN (
             SELECT id FROM urls WHERE source = $1 AND kind = 'page' AND due_at IS NOT NULL
             ORDER BY hint NULLS FIRST, id DESC LIMIT $2)",
    )
    .bind(source)
    .bind(beyond)
    .execute(connection)
    .await?;
    Ok(dropped.rows_affected())
}
