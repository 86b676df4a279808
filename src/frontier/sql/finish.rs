//! Stores what a visit brought: its article, what it found, how it ended and when the address and
//! its host are due again. All within the caller's one transaction.

use super::article::ArticlePage;
use super::begin::Ending;
use super::found::{Intake, TakenIn};
use super::named::{Naming, is_named};
use super::{copies, host, patterns, sources};
use crate::frontier::policy::host::HostAfter;
use crate::frontier::policy::intake::{clipped, left_out};
use crate::frontier::policy::settle::{SettledUrl, UrlState, is_counted, outcome_of, settle_url};
use crate::frontier::{Finished, Pass, Schedule, UrlKind, Visit, VisitResult};
use crate::store::policy::kept::worth;
use crate::store::sql::database::{self, Batch, Connection, Query};
use crate::store::sql::{Compared, RunOutcome, count_visits, source_id, store_page};
use crate::verdict::VisitOutcome;

/// Stores a visit; see [`Frontier::finish`](crate::frontier::Frontier::finish).
pub(super) async fn finish(
    connection: &mut Connection,
    pass: &Pass,
    schedule: &Schedule,
    mut visit: Visit,
    intake: Intake,
) -> Result<Finished, database::Error> {
    let mut writes = Batch::default();
    let compared = visit.article().map(Compared::of);
    let ending = Ending {
        pass,
        schedule,
        visit: &visit,
    };
    let mut state = ending.begin(connection, compared.as_ref()).await?;
    let is_lookup = visit.due.lookup.is_lookup();
    if is_lookup && visit.article().is_none() {
        return copies::finish(connection, schedule, &visit).await;
    }
    let article = take_in(connection, &mut visit, compared.as_ref(), &mut writes).await?;
    let naming = Naming {
        pass,
        schedule,
        visit: &visit,
    };
    let taken_in = intake.finish(connection, &naming).await?;
    note_left_out(&mut visit, &taken_in);
    if visit.due.kind == UrlKind::Page {
        let noted = patterns::note_productivity(&visit, state.pattern, taken_in.leads_on);
        if let Some(noted) = noted {
            writes.add(noted);
        }
    }
    state.url.is_unnamed = is_unnamed(connection, &visit, &state.url).await?;
    // What an archive answers says nothing of the page's own host.
    let host = match is_lookup {
        true => HostAfter::default(),
        false => host::finish(connection, schedule, &visit, &state, &mut writes).await?,
    };
    let new_pages = usize::try_from(taken_in.new_pages).unwrap_or(usize::MAX);
    let mut settled = settle_url(schedule, &state.url, &visit, new_pages, &host);
    if visit.due.kind.is_entry_point() && taken_in.left_out > 0 {
        settled = settled.with_left_out(schedule, &visit);
    }
    note_reading(connection, &visit, taken_in.left_out).await?;
    writes.add(finish_url(&visit, settled, article.as_deref()));
    let too_old = taken_in.too_old;
    count(connection, pass, &visit, too_old, &mut writes).await?;
    writes.execute(connection).await?;
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

/// Takes in the article and the page of a visit, and gives the article's id.
async fn take_in(
    connection: &mut Connection,
    visit: &mut Visit,
    compared: Option<&Compared>,
    writes: &mut Batch,
) -> Result<Option<String>, database::Error> {
    let VisitResult::Answered(answered) = &mut visit.result else {
        return Ok(None);
    };
    let reading = &mut answered.reading;
    let mut id = None;
    if let Some((read, compared)) = reading.article.take().zip(compared) {
        let page = ArticlePage {
            id: visit.due.id,
            url: &visit.due.url,
            source: &visit.due.source,
            at: visit.at,
        };
        let (stored_as, article) = page.take_in(connection, *read, compared, writes).await?;
        let (outcome, reason) = outcome_of(stored_as, &article);
        reading.outcome = outcome;
        reading.reason = reason.or(reading.reason.take());
        id = Some(article.id);
    }
    if let Some(page) = reading.page.take() {
        writes.add(store_page(*page, worth(reading.outcome)));
    }
    Ok(id)
}

/// Counts the visit, and the pages that it found to be too old as if they had been visited.
async fn count(
    connection: &mut Connection,
    pass: &Pass,
    visit: &Visit,
    too_old: u64,
    writes: &mut Batch,
) -> Result<(), database::Error> {
    let ended = |entry_point, outcome| RunOutcome {
        source: &visit.due.source,
        started: pass.started,
        entry_point,
        outcome,
    };
    if too_old > 0 {
        // At once: the visit itself may be counted in the same row.
        let counted = count_visits(ended(false, VisitOutcome::TooOld), too_old);
        counted.execute(connection).await?;
    }
    if is_counted(visit) {
        let ended = ended(visit.due.kind.is_entry_point(), visit.outcome());
        writes.add(count_visits(ended, 1));
    }
    Ok(())
}

/// True for a page that nothing names any more; asked only where it matters, which is seldom.
async fn is_unnamed(
    connection: &mut Connection,
    visit: &Visit,
    state: &UrlState,
) -> Result<bool, database::Error> {
    let repeats = state.status == Some(404) && visit.status() == Some(404);
    Ok(repeats && visit.due.kind == UrlKind::Page && !is_named(connection, visit.due.id).await?)
}

/// The outcome and the next due time of the address, and the article that it led to.
fn finish_url(visit: &Visit, settled: SettledUrl, article: Option<&str>) -> Query {
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
             archived = CASE WHEN $9 <> 0 OR $15 IS NOT NULL THEN $15 ELSE archived END,
             stored_at = $12, visits = visits + 1, article = COALESCE($14, article),
             fallback = COALESCE($16, fallback)
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
    .bind(article)
    // Of what is never visited again, nobody asks.
    .bind(
        answered
            .and_then(|it| it.archived.as_deref())
            .filter(|_| settled.due_at.is_some()),
    )
    .bind(settled.lookup)
}

/// Notes what an entry point named, and how much of that has no row, where it was read and not just unchanged.
async fn note_reading(
    connection: &mut Connection,
    visit: &Visit,
    left_out: u64,
) -> Result<(), database::Error> {
    let reading = visit.answered().map(|it| &it.reading);
    let Some(reading) = reading.filter(|it| it.outcome == VisitOutcome::Index) else {
        return Ok(());
    };
    if !visit.due.kind.is_entry_point() {
        return Ok(());
    }
    sources::learn_sites(connection, &visit.due.source, &reading.sites).await?;
    database::query(
        "UPDATE urls SET links_followed = $2, links_passed = $3, damaged = $4,
                         read_at = CASE WHEN $4 <> 0 THEN read_at ELSE $5 END,
                         left_out = NULLIF($6, 0)
         WHERE id = $1",
    )
    .bind(visit.due.id)
    .bind(reading.links.followed)
    .bind(reading.links.passed)
    .bind(reading.damaged)
    .bind(visit.at)
    .bind(i64::try_from(left_out).unwrap_or(i64::MAX))
    .execute(connection)
    .await
    .map(|_| ())
}
