//! Keeps the addresses that a visit found, within bounds: no source can fill the disk with
//! addresses that are never fetched.

use std::collections::HashMap;

use sqlx::SqliteConnection;

use crate::canonical::dedup_key;
use crate::frontier::{FoundUrl, Pass, Schedule, UrlKind, Visit, host_and_port};
use crate::traps::url_pattern;
use crate::verdict::VisitOutcome;

/// The `given` column: the configuration names the address with 1; a page, a feed or a map found
/// it; or nothing did.
pub(super) const FOUND: i64 = 0;
pub(super) const GUESSED: i64 = 2;

/// Counts what addresses of this one's make bring, since traps show in that they bring nothing.
pub(super) async fn note_fruit(
    connection: &mut SqliteConnection,
    visit: &Visit,
) -> Result<(), sqlx::Error> {
    let fruit = match visit.outcome() {
        VisitOutcome::Unchanged => true,
        outcome if outcome.is_article() => true,
        VisitOutcome::NotArticle
        | VisitOutcome::Empty
        | VisitOutcome::Soft404
        | VisitOutcome::Index => false,
        VisitOutcome::Http4xx | VisitOutcome::Redirects => false,
        _ => return Ok(()),
    };
    sqlx::query(
        "INSERT INTO shapes (shape, host, barren, barren_since, fruit_at, visited_at)
         VALUES ($1, $2, NOT $3, IIF($3, NULL, $4), IIF($3, $4, NULL), $4)
         ON CONFLICT DO UPDATE SET
             barren = IIF($3, 0, barren + 1),
             barren_since = IIF($3, NULL, COALESCE(barren_since, $4)),
             fruit_at = IIF($3, $4, fruit_at),
             visited_at = $4",
    )
    .bind(url_pattern(&visit.due.url))
    .bind(host_and_port(&visit.due.url))
    .bind(fruit)
    .bind(visit.at)
    .execute(connection)
    .await
    .map(|_| ())
}

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
    let mut room = room_for_entries(connection, schedule, source, visit.found()).await?;
    let mut traps = Traps::default();
    for found in visit.found() {
        if found.kind == UrlKind::Page {
            // What a feed or a sitemap dates is the site's own word that it is an article.
            let is_trap =
                found.hint.is_none() && traps.hold(connection, schedule, visit, found).await?;
            if !is_trap && !is_spelt_otherwise(connection, found).await? {
                new_pages += insert(connection, pass, source, found).await?;
            }
        } else if room > 0 {
            room -= i64::from(insert(connection, pass, source, found).await? > 0);
        }
        if found.kind == UrlKind::Sitemap {
            wake(connection, pass, found).await?;
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
    found: &[FoundUrl],
) -> Result<i64, sqlx::Error> {
    if found.iter().all(|found| found.kind == UrlKind::Page) {
        return Ok(0);
    }
    let known: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM urls
         WHERE source = $1 AND kind <> 'page' AND given <> 1 AND due_at IS NOT NULL",
    )
    .bind(source)
    .fetch_one(connection)
    .await?;
    Ok(i64::from(schedule.found_entries) - known)
}

/// The makes of address that were asked for during one visit, and whether they are traps.
#[derive(Default)]
struct Traps(HashMap<String, bool>);

impl Traps {
    /// True for a page whose make has brought nothing in too many visits, while others of its host
    /// have brought articles; where none has, the site may be ill or unreadable as a whole, and it
    /// takes many more.
    async fn hold(
        &mut self,
        connection: &mut SqliteConnection,
        schedule: &Schedule,
        visit: &Visit,
        found: &FoundUrl,
    ) -> Result<bool, sqlx::Error> {
        let pattern = url_pattern(&found.url);
        if let Some(known) = self.0.get(&pattern) {
            return Ok(*known);
        }
        let is_trap: bool = sqlx::query_scalar(
            "SELECT EXISTS (
                 SELECT 1 FROM shapes
                 WHERE shape = $1 AND visited_at > $2
                   AND (barren >= $3 OR (barren >= $4 AND EXISTS (
                       SELECT 1 FROM shapes AS other
                       WHERE other.host = shapes.host AND other.fruit_at >= shapes.barren_since))))",
        )
        .bind(&pattern)
        .bind(visit.at.saturating_sub(schedule.barren_for))
        .bind(schedule.barren_visits_alone)
        .bind(schedule.barren_visits)
        .fetch_one(connection)
        .await?;
        self.0.insert(pattern, is_trap);
        Ok(is_trap)
    }
}

/// True where the page is known by another spelling, which has not failed.
async fn is_spelt_otherwise(
    connection: &mut SqliteConnection,
    found: &FoundUrl,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM urls
                        WHERE spelling = $1 AND url <> $2 AND kind = 'page'
                          AND attempts = 0 AND COALESCE(status, 200) < 400)",
    )
    .bind(dedup_key(&found.url))
    .bind(found.url.as_str())
    .fetch_one(connection)
    .await
}

/// A sitemap that is known is due again where its index says that it has changed since.
async fn wake(
    connection: &mut SqliteConnection,
    pass: &Pass,
    found: &FoundUrl,
) -> Result<(), sqlx::Error> {
    let Some(changed) = found.hint else {
        return Ok(());
    };
    sqlx::query(
        "UPDATE urls SET hint = $2, due_at = MIN(due_at, $3)
         WHERE url = $1 AND kind = 'sitemap' AND due_at IS NOT NULL AND hint < $2",
    )
    .bind(found.url.as_str())
    .bind(changed)
    .bind(pass.started)
    .execute(connection)
    .await
    .map(|_| ())
}

async fn insert(
    connection: &mut SqliteConnection,
    pass: &Pass,
    source: &str,
    found: &FoundUrl,
) -> Result<u64, sqlx::Error> {
    let host = host_and_port(&found.url);
    let is_page = found.kind == UrlKind::Page;
    let inserted = sqlx::query(
        "INSERT OR IGNORE INTO urls
             (url, host, source, kind, depth, given, due_at, hint, spelling, published)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(found.url.as_str())
    .bind(&host)
    .bind(source)
    .bind(found.kind.name())
    .bind(found.depth)
    .bind(if found.guessed { GUESSED } else { FOUND })
    .bind(pass.started)
    .bind(found.hint)
    .bind(is_page.then(|| dedup_key(&found.url)))
    .bind(found.published)
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
        "SELECT COUNT(*) FROM urls WHERE source = $1 AND kind = 'page' AND due_at IS NOT NULL AND stored_at IS NULL",
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
               AND stored_at IS NULL
             ORDER BY hint NULLS FIRST, id DESC LIMIT $2)",
    )
    .bind(source)
    .bind(beyond)
    .execute(connection)
    .await?;
    Ok(dropped.rows_affected())
}
