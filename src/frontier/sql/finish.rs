//! Stores what a visit brought: its article, what it found, how it ended and when the address and
//! its host are due again. All within the caller's one transaction.

use crate::store::sql::database::{self, Connection, FromRow, Int};

use super::article::ArticlePage;
use super::found::{Intake, TakenIn};
use super::named::{Naming, is_named};
use super::{host, origin, patterns, room, sources};
use crate::frontier::policy::intake::{clipped, left_out};
use crate::frontier::policy::settle::{SettledUrl, UrlState, is_counted, outcome_of, settle_url};
use crate::frontier::{Finished, Pass, Reading, Schedule, UrlKind, Visit, VisitResult};
use crate::store::policy::kept::worth;
use crate::store::sql::{RunOutcome, count_visits, source_id, store_page};
use crate::verdict::VisitOutcome;

/// Stores a visit; see [`Frontier::finish`](crate::frontier::Frontier::finish).
pub(super) async fn finish(
    connection: &mut Connection,
    pass: &Pass,
    schedule: &Schedule,
    mut visit: Visit,
    intake: Intake,
) -> Result<Finished, database::Error> {
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
    let naming = Naming {
        pass,
        schedule,
        visit: &visit,
    };
    let taken_in = intake.finish(connection, &naming).await?;
    if visit.due.kind == UrlKind::Page {
        patterns::note_productivity(connection, &visit, taken_in.leads_on).await?;
    }
    note_left_out(&mut visit, &taken_in);
    let state = url_state(connection, &visit).await?;
    let host = host::finish(connection, pass, schedule, &visit, &state).await?;
    let new_pages = usize::try_from(taken_in.new_pages).unwrap_or(usize::MAX);
    let mut settled = settle_url(schedule, &state, &visit, new_pages, &host);
    if visit.due.kind.is_entry_point() && taken_in.left_out > 0 {
        settled = settled.with_left_out(schedule, &visit);
    }
    finish_url(connection, &visit, settled).await?;
    if visit.due.kind.is_entry_point() && visit.outcome() == VisitOutcome::Index {
        room::store_left_out(connection, visit.due.id, taken_in.left_out).await?;
    }
    let too_old = taken_in.too_old;
    count_too_old(connection, pass, &visit, too_old).await?;
    if is_counted(&visit) {
        let ended = RunOutcome {
            source: &visit.due.source,
            started: pass.started,
            entry_point: visit.due.kind.is_entry_point(),
            outcome: visit.outcome(),
        };
        count_visits(connection, ended, 1).await?;
    }
    Ok(Finished {
        outcome: visit.outcome(),
        reason: visit.reason().map(str::to_owned),
        new_pages,
        too_old,
        left_out: taken_in.left_out,
        ends_claim: host.ends_claim,
    })
}

/// Says of an entry point what it names and was not taken in. Its next answer is to be a whole one.
fn note_left_out(visit: &mut Visit, taken_in: &TakenIn) {
    let is_entry_point = visit.due.kind.is_entry_point();
    let VisitResult::Answered(answered) = &mut visit.result else {
        return;
    };
    if taken_in.left_out == 0 || !is_entry_point {
        return;
    }
    (answered.etag, answered.last_modified) = (None, None);
    let reason = &mut answered.reading.reason;
    let said = reason.take().map(|it| format!("{it}; "));
    let said = said.unwrap_or_default();
    *reason = Some(format!("{said}{}", left_out(taken_in.left_out)));
}

/// Counts pages that were found to be too old, as if they had been visited.
async fn count_too_old(
    connection: &mut Connection,
    pass: &Pass,
    visit: &Visit,
    count: u64,
) -> Result<(), database::Error> {
    if count == 0 {
        return Ok(());
    }
    let ended = RunOutcome {
        source: &visit.due.source,
        started: pass.started,
        entry_point: false,
        outcome: VisitOutcome::TooOld,
    };
    count_visits(connection, ended, count).await
}

/// What is known of the visited address.
async fn url_state(
    connection: &mut Connection,
    visit: &Visit,
) -> Result<UrlState, database::Error> {
    let row: Option<UrlRow> = database::query_as(
        "SELECT attempts, visits, status, recheck, given, stored_at, found_at FROM urls
         WHERE id = $1",
    )
    .bind(visit.due.id)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else {
        return Ok(UrlState::default());
    };
    // Asked only where it matters, which is seldom.
    let repeats = row.status == Some(Int(404)) && visit.status() == Some(404);
    let is_unnamed =
        repeats && visit.due.kind == UrlKind::Page && !is_named(connection, visit.due.id).await?;
    Ok(UrlState {
        attempts: row.attempts,
        visits: row.visits,
        status: row.status.map(|it| it.0),
        found_at: row.found_at,
        is_unnamed,
        recheck: row.recheck,
        origin: origin(row.given),
        stored_at: row.stored_at,
    })
}

#[derive(FromRow)]
struct UrlRow {
    #[sqlx(try_from = "i64")]
    attempts: u32,
    #[sqlx(try_from = "i64")]
    visits: u32,
    status: Option<Int<u16>>,
    recheck: Option<i64>,
    given: i64,
    stored_at: Option<i64>,
    found_at: Option<i64>,
}

/// Stores the outcome and the next due time of the address.
async fn finish_url(
    connection: &mut Connection,
    visit: &Visit,
    settled: SettledUrl,
) -> Result<(), database::Error> {
    let answered = visit.answered();
    database::query(concat!(
        "UPDATE urls SET
             due_at = $2, recheck = $3, attempts = $4, visited_at = $5,
             outcome = $6, status = $8,
             -- What was said of an entry point that has not changed since still holds.
             reason = CASE WHEN kind <> 0 AND $6 = 'unchanged' AND outcome IN ('index', 'unchanged')
                           THEN reason ELSE $7 END,
             etag = CASE WHEN $9 <> 0 THEN $10 ELSE etag END,
             last_modified = CASE WHEN $9 <> 0 THEN $11 ELSE last_modified END,
             stored_at = $12, visits = visits + 1
         WHERE id = $1 AND source_id = ",
        source_id!("$13"),
    ))
    .bind(visit.due.id)
    .bind(settled.due_at)
    .bind(settled.recheck)
    .bind(settled.attempts)
    .bind(visit.at)
    .bind(visit.outcome().name())
    .bind(visit.reason().map(clipped))
    .bind(visit.status())
    .bind(settled.replaces_validators)
    .bind(answered.and_then(|it| it.etag.as_deref()))
    .bind(answered.and_then(|it| it.last_modified.as_deref()))
    .bind(settled.stored_at)
    // Whoever took it over meanwhile visits it for itself.
    .bind(&visit.due.source)
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
    connection: &mut Connection,
    visit: &Visit,
    reading: &Reading,
) -> Result<(), database::Error> {
    if reading.outcome != VisitOutcome::Index {
        return Ok(());
    }
    sources::learn_sites(connection, &visit.due.source, &reading.sites).await?;
    database::query(
        "UPDATE urls SET links_followed = $2, links_passed = $3, damaged = $4,
                         read_at = CASE WHEN $4 <> 0 THEN read_at ELSE $5 END
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
