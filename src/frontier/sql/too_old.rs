//! Records pages that a feed or a sitemap dates older than `max_age`: as rows of their own that are
//! never visited, as long as there is room, else as a count of the entry point.

use super::host::know_host;
use super::known::NewPage;
use super::named::Naming;
use crate::frontier::policy::intake::{is_worth_recording, newly_too_old, recorded_as_too_old};
use crate::frontier::{FoundUrl, Schedule, UrlKind};
use crate::store::sql::database::{self, Connection, Int};
use crate::store::sql::{Stored, given, host_id, source_id};
use crate::verdict::VisitOutcome;

/// Leaves those of the pages that are too old which may be recorded, the newest, and gives how many there are
/// in all; `None` where there are none.
pub(super) fn keep_newest(schedule: &Schedule, found: &mut Vec<FoundUrl>) -> Option<u64> {
    let is_too_old = |found: &FoundUrl| found.kind == UrlKind::Page && found.too_old;
    let all = found.iter().filter(|it| is_too_old(it)).count();
    if all == 0 {
        return None;
    }
    let (too_old, mut rest): (Vec<_>, Vec<_>) =
        std::mem::take(found).into_iter().partition(is_too_old);
    *found = recorded_as_too_old(schedule, too_old);
    found.append(&mut rest);
    Some(all as u64)
}

/// Records pages that are too old and not known, the newest first, and gives how many of them have a row now.
pub(super) async fn record(
    connection: &mut Connection,
    naming: &Naming<'_>,
    pages: &[NewPage],
) -> Result<u64, database::Error> {
    if pages.is_empty() {
        return Ok(0);
    }
    let source = &naming.visit.due.source;
    let (known, oldest) = recorded(connection, source).await?;
    let mut new = 0;
    for page in pages {
        if is_worth_recording(naming.schedule, page.found.hint, known + new, oldest) {
            insert(connection, naming, page).await?;
            new += 1;
        }
    }
    if new > 0 {
        naming.count_found(connection, new).await?;
        drop_oldest(connection, source, naming.schedule.too_old_pages).await?;
    }
    Ok(new)
}

/// How many pages of the source are recorded, and the date of the oldest.
async fn recorded(
    connection: &mut Connection,
    source: &str,
) -> Result<(u64, Option<i64>), database::Error> {
    let (Int(count), oldest) = database::query_as(concat!(
        "SELECT COUNT(*), MIN(hint) FROM urls
         WHERE outcome = 'too_old' AND visits = 0 AND source_id = ",
        source_id!("$1"),
    ))
    .bind(source)
    .fetch_one(connection)
    .await?;
    Ok((count, oldest))
}

async fn insert(
    connection: &mut Connection,
    naming: &Naming<'_>,
    page: &NewPage,
) -> Result<(), database::Error> {
    let (visit, found) = (naming.visit, &page.found);
    let Stored { host, path } = &page.stored;
    // None of the source's new hosts: nothing is visited there.
    know_host(connection, host).await?;
    database::query(concat!(
        "INSERT INTO urls
             (host_id, source_id, kind, key, path, depth, given, hint, published, found_at, named_by,
              evidence, outcome, reason)
         SELECT ",
        host_id!("$1"),
        ", ",
        source_id!("$2"),
        ", 0, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13"
    ))
    .bind(host)
    .bind(&visit.due.source)
    .bind(page.key.hash)
    .bind(path)
    .bind(found.depth)
    .bind(given::FOUND)
    .bind(found.hint)
    .bind(found.published)
    .bind(visit.at)
    .bind(visit.due.id)
    .bind(found.evidence.code())
    .bind(VisitOutcome::TooOld.name())
    .bind("dated older than `max_age`; not fetched")
    .execute(connection)
    .await
    .map(|_| ())
}

async fn drop_oldest(
    connection: &mut Connection,
    source: &str,
    most: u32,
) -> Result<(), database::Error> {
    database::query(concat!(
        "DELETE FROM urls WHERE id IN (
             SELECT id FROM urls WHERE outcome = 'too_old' AND visits = 0 AND due_at IS NULL
               AND source_id = ",
        source_id!("$1"),
        " ORDER BY hint DESC NULLS LAST LIMIT 9223372036854775807 OFFSET $2)"
    ))
    .bind(source)
    .bind(most)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Notes how many of the pages have no row, and gives how many more they are than at the last reading.
pub(super) async fn count_rest(
    connection: &mut Connection,
    naming: &Naming<'_>,
    count: u64,
) -> Result<u64, database::Error> {
    let id = naming.visit.due.id;
    let before: Option<Option<Int<u64>>> =
        database::query_scalar("SELECT too_old FROM urls WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *connection)
            .await?;
    database::query("UPDATE urls SET too_old = $2 WHERE id = $1")
        .bind(id)
        .bind(i64::try_from(count).unwrap_or(i64::MAX))
        .execute(connection)
        .await?;
    Ok(newly_too_old(before.flatten().map(|it| it.0), count))
}
