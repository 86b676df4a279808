//! Stores which address names which: one that is new is taken in, and one that is known is noted as
//! named again.

use sqlx::{FromRow, SqliteConnection};

use super::judge::judge_by_better_evidence;
use super::{origin, sources, value_of};
use crate::canonical::dedup_key;
use crate::frontier::policy::finality::LostPage;
use crate::frontier::policy::intake::{
    assumed_date, has_changed, is_forgotten, origin_named, stands_in,
};
use crate::frontier::{FoundUrl, Origin, Pass, Schedule, UrlKind, Visit, host_and_port};
use crate::verdict::{AddressEvidence, VisitOutcome};

/// A visit that names addresses.
pub(super) struct Naming<'a> {
    pub(super) pass: &'a Pass,
    pub(super) schedule: &'a Schedule,
    pub(super) visit: &'a Visit,
}

/// A page that is known by the address named or another of the same page.
#[derive(FromRow)]
struct KnownPage {
    id: i64,
    url: String,
    attempts: u32,
    status: Option<u16>,
    evidence: Option<String>,
    outcome: Option<String>,
    due_at: Option<i64>,
    stored_at: Option<i64>,
}

impl KnownPage {
    fn is_waiting_or_stored(&self) -> bool {
        self.due_at.is_some() || self.stored_at.is_some()
    }
}

/// An entry point that is known.
#[derive(FromRow)]
struct KnownEntryPoint {
    id: i64,
    kind: String,
    given: i64,
    hint: Option<i64>,
    due_at: Option<i64>,
}

impl Naming<'_> {
    /// True where the page is known, also under another URL that has not failed. It is named again,
    /// and due again where it was lost and gets another round of tries.
    pub(super) async fn known_page(
        &self,
        connection: &mut SqliteConnection,
        found: &FoundUrl,
    ) -> Result<bool, sqlx::Error> {
        let pages: Vec<KnownPage> = sqlx::query_as(
            "SELECT id, url, attempts, status, evidence, outcome, due_at, stored_at
             FROM urls WHERE spelling = $1 AND kind = 'page'",
        )
        .bind(dedup_key(&found.url))
        .fetch_all(&mut *connection)
        .await?;
        let mut known = false;
        for page in pages {
            if page.url == found.url.as_str() || stands_in(page.attempts, page.status) {
                known = true;
                if !page.is_waiting_or_stored() {
                    self.revive(connection, &page, found).await?;
                }
                self.name_again(connection, &page, found).await?;
                if !found.too_old {
                    sources::take_over(connection, page.id, self.visit, self.pass).await?;
                }
            }
        }
        Ok(known)
    }

    async fn name_again(
        &self,
        connection: &mut SqliteConnection,
        page: &KnownPage,
        found: &FoundUrl,
    ) -> Result<(), sqlx::Error> {
        let known = page
            .evidence
            .as_deref()
            .map(AddressEvidence::from_name)
            .unwrap_or_default();
        let evidence = known.max(found.evidence);
        sqlx::query(
            "UPDATE urls SET named_at = $2, named_by = $3, evidence = $4,
                 hint = COALESCE(hint, $5), published = COALESCE(published, $6)
             WHERE id = $1",
        )
        .bind(page.id)
        .bind(self.visit.at)
        .bind(self.visit.due.id)
        .bind(evidence.name())
        .bind(found.hint)
        .bind(found.published)
        .execute(&mut *connection)
        .await?;
        if evidence != known {
            judge_by_better_evidence(connection, page.id, self.pass.started).await?;
        }
        Ok(())
    }

    /// Makes a page that is lost due again, where being named anew earns it another round.
    async fn revive(
        &self,
        connection: &mut SqliteConnection,
        page: &KnownPage,
        found: &FoundUrl,
    ) -> Result<(), sqlx::Error> {
        let mut lost = LostPage {
            outcome: page.outcome.as_deref().and_then(VisitOutcome::from_name),
            status: page.status,
            attempts: page.attempts,
            was_named: false,
        };
        // What would not be tried again even so needs no question to the database.
        if lost.revived(self.schedule, found).is_none() {
            return Ok(());
        }
        lost.was_named = is_named(connection, page.id).await?;
        let Some(attempts) = lost.revived(self.schedule, found) else {
            return Ok(());
        };
        sqlx::query("UPDATE urls SET due_at = $2, attempts = $3 WHERE id = $1")
            .bind(page.id)
            .bind(self.pass.started)
            .bind(attempts)
            .execute(connection)
            .await
            .map(|_| ())
    }

    /// True where the entry point is known to the source. One that was given up and is named by now is
    /// due again, and likewise a sitemap that has changed, as its index says.
    pub(super) async fn known_entry_point(
        &self,
        connection: &mut SqliteConnection,
        found: &FoundUrl,
    ) -> Result<bool, sqlx::Error> {
        let known: Option<KnownEntryPoint> = sqlx::query_as(
            "SELECT id, kind, given, hint, due_at FROM urls
             WHERE url = $1 AND source = $2 AND kind <> 'page'",
        )
        .bind(found.url.as_str())
        .bind(&self.visit.due.source)
        .fetch_optional(&mut *connection)
        .await?;
        let Some(known) = known else {
            return Ok(false);
        };
        let started = self.pass.started;
        let is_sitemap = found.kind == UrlKind::Sitemap && known.kind == UrlKind::Sitemap.name();
        let changed = is_sitemap && has_changed(known.hint, found.hint);
        let origin = origin(known.given);
        let revived = is_forgotten(known.due_at, origin, found);
        let due_at = match known.due_at {
            Some(due_at) if changed => Some(due_at.min(started)),
            None if revived => Some(started),
            due_at => due_at,
        };
        sqlx::query(
            "UPDATE urls SET named_at = $2, named_by = $3, due_at = $4, given = $5,
                             hint = CASE WHEN $6 THEN $7 ELSE hint END
             WHERE id = $1",
        )
        .bind(known.id)
        .bind(self.visit.at)
        .bind(self.visit.due.id)
        .bind(due_at)
        .bind(value_of(origin_named(origin, revived, found)))
        .bind(changed && known.due_at.is_some())
        .bind(found.hint)
        .execute(connection)
        .await?;
        Ok(true)
    }

    /// Takes in an address that is not known, due within the running pass, and gives the number of
    /// rows: none for a page that the source has as an entry point.
    pub(super) async fn insert(
        &self,
        connection: &mut SqliteConnection,
        found: &FoundUrl,
    ) -> Result<u64, sqlx::Error> {
        let host = host_and_port(&found.url);
        let is_page = found.kind == UrlKind::Page;
        let hint = if is_page {
            assumed_date(found, self.visit.at)
        } else {
            found.hint
        };
        let inserted = sqlx::query(
            "INSERT OR IGNORE INTO urls
                 (url, host, source, kind, depth, given, due_at, hint, spelling, published,
                  found_at, named_at, named_by, evidence)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13
             WHERE NOT EXISTS (SELECT 1 FROM urls
                               WHERE url = $1 AND source = $3 AND kind <> 'page')",
        )
        .bind(found.url.as_str())
        .bind(&host)
        .bind(&self.visit.due.source)
        .bind(found.kind.name())
        .bind(found.depth)
        .bind(value_of(if found.guessed {
            Origin::Guessed
        } else {
            Origin::Found
        }))
        .bind(self.pass.started)
        .bind(hint)
        .bind(is_page.then(|| dedup_key(&found.url)))
        .bind(found.published)
        .bind(self.visit.at)
        .bind(self.visit.due.id)
        .bind(found.evidence.name())
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
}

/// True where an entry point still names this page: the front pages and feeds of its source and the
/// address that named it last have all been read in full since, or else one of them may. What is
/// answered with `304 Not Modified` names what it named.
pub(super) async fn is_named(
    connection: &mut SqliteConnection,
    page: i64,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT 1 FROM urls AS page, urls AS entry
             WHERE page.id = $1 AND entry.source = page.source AND entry.due_at IS NOT NULL
               AND entry.kind IN ('start', 'feed')
               AND (entry.read_at <= page.named_at OR (entry.read_at IS NULL AND entry.damaged))
             UNION ALL
             SELECT 1 FROM urls AS page, urls AS entry
             WHERE page.id = $1 AND entry.id = page.named_by AND entry.due_at IS NOT NULL
               AND entry.kind <> 'page'
               AND (entry.read_at <= page.named_at OR (entry.read_at IS NULL AND entry.damaged)))",
    )
    .bind(page)
    .fetch_one(connection)
    .await
}
