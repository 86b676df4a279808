//! Stores what a visit brought: its article, what it found, how it ended and when the address and
//! its host are due again. All within the caller's one transaction.

use sqlx::SqliteConnection;

use super::article::ArticlePage;
use super::{found, origin, sources};
use crate::frontier::policy::settle::{
    UrlState, charged_host, is_counted, outcome_of, settle_host, settle_url,
};
use crate::frontier::{
    Finished, Pass, Reading, Schedule, UrlKind, Visit, VisitResult, host_and_port,
};
use crate::store::policy::kept::worth;
use crate::store::sqlite::{count_visit, store_page};
use crate::verdict::VisitOutcome;

/// Stores a visit; see [`Frontier::finish`](crate::frontier::Frontier::finish).
pub(super) async fn finish(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    mut visit: Visit,
) -> Result<Finished, sqlx::Error> {
    if let VisitResult::Answered(answered) = &mut visit.result {
        let reading = &mut answered.reading;
        if let Some(read) = reading.article.take() {
            let page = ArticlePage {
                id: visit.due.id,
                url: &visit.due.url,
                source: &visit.due.source,
                at: visit.at,
            };
            let (stored_as, article) = page.take_in(connection, *read).await?;
            (reading.outcome, reading.reason) = outcome_of(stored_as, &article);
        }
        if let Some(page) = reading.page.take() {
            store_page(connection, *page, worth(reading.outcome)).await?;
        }
    }
    if visit.due.kind == UrlKind::Page {
        found::note_productivity(connection, &visit).await?;
    }
    let new_pages = found::store(connection, pass, schedule, &visit).await?;
    let back_off_until = finish_host(connection, pass, schedule, &visit).await?;
    finish_url(connection, schedule, &visit, new_pages, back_off_until).await?;
    if is_counted(&visit) {
        let entry_point = visit.due.kind.is_entry_point();
        let source = &visit.due.source;
        count_visit(
            connection,
            source,
            pass.started,
            entry_point,
            visit.outcome(),
        )
        .await?;
    }
    Ok(Finished {
        outcome: visit.outcome(),
        reason: visit.reason().map(str::to_owned),
        new_pages,
        host_backed_off: back_off_until.is_some(),
    })
}

/// Renews the lease of the host and settles the one that the visit is charged to. Gives the time
/// until which the visit's own host is backed off, if it is.
async fn finish_host(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    visit: &Visit,
) -> Result<Option<i64>, sqlx::Error> {
    let own = host_and_port(&visit.due.url);
    sqlx::query(
        "UPDATE hosts SET visited_at = $2,
             lease_until = CASE WHEN lease_owner = $3 THEN $4 ELSE lease_until END
         WHERE host = $1",
    )
    .bind(&own)
    .bind(visit.at)
    .bind(&pass.owner)
    .bind(visit.at.saturating_add(schedule.lease))
    .execute(&mut *connection)
    .await?;
    let host = charged_host(visit);
    let failures: Option<u32> = sqlx::query_scalar("SELECT failures FROM hosts WHERE host = $1")
        .bind(&host)
        .fetch_optional(&mut *connection)
        .await?;
    let settled = settle_host(schedule, &host, failures.unwrap_or_default(), visit);
    sqlx::query(
        "INSERT INTO hosts (host, failures, back_off_until) VALUES ($1, $2, COALESCE($3, 0))
         ON CONFLICT DO UPDATE SET
             failures = excluded.failures, back_off_until = COALESCE($3, back_off_until)",
    )
    .bind(&host)
    .bind(settled.failures)
    .bind(settled.back_off_until)
    .execute(connection)
    .await?;
    Ok(settled.back_off_until.filter(|_| host == own))
}

/// Stores the outcome and the next due time of the address.
async fn finish_url(
    connection: &mut SqliteConnection,
    schedule: &Schedule,
    visit: &Visit,
    new_pages: usize,
    back_off_until: Option<i64>,
) -> Result<(), sqlx::Error> {
    let row: Option<(u32, Option<i64>, i64, Option<i64>)> =
        sqlx::query_as("SELECT attempts, recheck, given, stored_at FROM urls WHERE id = $1")
            .bind(visit.due.id)
            .fetch_optional(&mut *connection)
            .await?;
    let state = row.map_or_else(
        UrlState::default,
        |(attempts, recheck, given, stored_at)| UrlState {
            attempts,
            recheck,
            origin: origin(given),
            stored_at,
        },
    );
    let settled = settle_url(schedule, state, visit, new_pages, back_off_until);
    let answered = visit.answered();
    sqlx::query(
        "UPDATE urls SET
             due_at = $2, recheck = $3, attempts = $4, visited_at = $5,
             outcome = $6, reason = $7, status = $8,
             etag = CASE WHEN $9 THEN $10 ELSE etag END,
             last_modified = CASE WHEN $9 THEN $11 ELSE last_modified END,
             stored_at = $12, visits = visits + 1
         WHERE id = $1",
    )
    .bind(visit.due.id)
    .bind(settled.due_at)
    .bind(settled.recheck)
    .bind(settled.attempts)
    .bind(visit.at)
    .bind(visit.outcome().name())
    .bind(visit.reason())
    .bind(visit.status())
    .bind(settled.replaces_validators)
    .bind(answered.and_then(|it| it.etag.as_deref()))
    .bind(answered.and_then(|it| it.last_modified.as_deref()))
    .bind(settled.stored_at)
    .execute(&mut *connection)
    .await?;
    match answered.map(|it| &it.reading) {
        Some(reading) if visit.due.kind.is_entry_point() => {
            note_reading(connection, visit, reading).await
        }
        _ => Ok(()),
    }
}

/// Notes what an entry point named, where it was read and not just unchanged.
async fn note_reading(
    connection: &mut SqliteConnection,
    visit: &Visit,
    reading: &Reading,
) -> Result<(), sqlx::Error> {
    if reading.outcome != VisitOutcome::Index {
        return Ok(());
    }
    sources::learn_sites(connection, &visit.due.source, &reading.sites).await?;
    sqlx::query(
        "UPDATE urls SET links_followed = $2, links_passed = $3, damaged = $4,
                         read_at = CASE WHEN $4 THEN read_at ELSE $5 END
         WHERE id = $1",
    )
    .bind(visit.due.id)
    .bind(reading.links.followed)
    .bind(reading.links.passed)
    .bind(reading.damaged)
    .bind(visit.at)
    .execute(connection)
    .await
    .map(|_| ())
}
