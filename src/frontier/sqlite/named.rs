//! Stores which address names which: one that is new is taken in, and one that is known is noted as
//! named again.

use sqlx::{FromRow, SqliteConnection};

use super::judge::judge_by_better_evidence;
use super::{origin, sources, value_of};
use crate::canonical::dedup_key;
use crate::frontier::policy::intake::{
    has_changed, is_forgotten, origin_named, stands_in, strongest,
};
use crate::frontier::{Evidence, FoundUrl, Origin, Pass, UrlKind, Visit, host_and_port};

/// A visit that names addresses.
pub(super) struct Naming<'a> {
    pub(super) pass: &'a Pass,
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
    /// True where the page is known, also under another URL that has not failed. It is named again.
    pub(super) async fn known_page(
        &self,
        connection: &mut SqliteConnection,
        found: &FoundUrl,
    ) -> Result<bool, sqlx::Error> {
        let pages: Vec<KnownPage> = sqlx::query_as(
            "SELECT id, url, attempts, status, evidence FROM urls
             WHERE spelling = $1 AND kind = 'page'",
        )
        .bind(dedup_key(&found.url))
        .fetch_all(&mut *connection)
        .await?;
        let mut known = false;
        for page in pages {
            if page.url == found.url.as_str() || stands_in(page.attempts, page.status) {
                known = true;
                self.name_again(connection, &page, found).await?;
                sources::take_over(connection, page.id, self.visit, self.pass).await?;
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
        let known = page.evidence.as_deref().and_then(Evidence::from_name);
        let evidence = strongest(known, found.evidence);
        sqlx::query(
            "UPDATE urls SET named_at = $2, named_by = $3, evidence = $4,
                 hint = COALESCE(hint, $5), published = COALESCE(published, $6)
             WHERE id = $1",
        )
        .bind(page.id)
        .bind(self.visit.at)
        .bind(self.visit.due.id)
        .bind(evidence.map(Evidence::name))
        .bind(found.hint)
        .bind(found.published)
        .execute(&mut *connection)
        .await?;
        if evidence != known {
            judge_by_better_evidence(connection, page.id, self.pass.started).await?;
        }
        Ok(())
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
        .bind(found.hint)
        .bind(is_page.then(|| dedup_key(&found.url)))
        .bind(found.published)
        .bind(self.visit.at)
        .bind(self.visit.due.id)
        .bind(found.evidence.map(Evidence::name))
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
