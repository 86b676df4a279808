//! Stores which address names which: one that is new is taken in, and one that is known is noted as
//! named again.

use std::collections::{BTreeSet, HashMap};

use super::host::begin_shares;
use super::judge::judge_by_better_evidence;
use super::known::{KnownPage, NamedAgain, NewPage};
use super::{origin, takeover, value_of};
use crate::frontier::policy::finality::LostPage;
use crate::frontier::policy::intake::{
    assumed_date, has_changed, is_forgotten, origin_named, stands_in,
};
use crate::frontier::{FoundUrl, Origin, Pass, Schedule, UrlKind, Visit};
use crate::store::sql::database::{self, Connection, FromRow, listed};
use crate::store::sql::{PageKey, Stored, given, host_id, source_id};
use crate::verdict::VisitOutcome;

/// A visit that names addresses.
pub(super) struct Naming<'a> {
    pub(super) pass: &'a Pass,
    pub(super) schedule: &'a Schedule,
    pub(super) visit: &'a Visit,
}

/// An entry point that is known.
#[derive(FromRow)]
struct KnownEntryPoint {
    id: i64,
    #[sqlx(try_from = "i64")]
    kind: u8,
    given: i64,
    hint: Option<i64>,
    due_at: Option<i64>,
}

impl Naming<'_> {
    /// True where the page is among those known by its key, by this URL or by another that has not failed. It
    /// is named again, and due again where it was lost and gets another round of tries.
    pub(super) async fn known_page(
        &self,
        connection: &mut Connection,
        pages: Vec<&KnownPage>,
        found: &FoundUrl,
        again: &mut NamedAgain,
    ) -> Result<bool, database::Error> {
        let mut known = false;
        for page in pages {
            let is_same = page.url == found.url.as_str();
            if page.source != self.visit.due.source {
                // Another URL of the page that another source names may lead anywhere.
                if is_same {
                    known = true;
                    if !found.too_old {
                        let owners = &mut again.owners;
                        takeover::take_over(connection, self, page, found, owners).await?;
                    }
                } else if page.is_stored() {
                    known |= !self.is_more_its_own(connection, page, found, again).await?;
                }
                continue;
            }
            if is_same || stands_in(page.attempts, page.status()) {
                known = true;
                if !page.is_waiting_or_stored() {
                    self.revive(connection, page, found).await?;
                }
                again.add(page, found);
                if found.evidence > page.evidence() {
                    judge_by_better_evidence(connection, page.id, self.pass.since).await?;
                }
            }
        }
        Ok(known)
    }

    /// True where the page is more this source's own than that of the source it belongs to.
    async fn is_more_its_own(
        &self,
        connection: &mut Connection,
        page: &KnownPage,
        found: &FoundUrl,
        again: &mut NamedAgain,
    ) -> Result<bool, database::Error> {
        let (url, owners) = (&found.url, &mut again.owners);
        let owner = owners.claimant(connection, &page.source, url).await?;
        let by = owners
            .claimant(connection, &self.visit.due.source, url)
            .await?;
        Ok(by.standing > owner.standing)
    }

    /// Makes a page that is lost due again, where being named anew earns it another round.
    async fn revive(
        &self,
        connection: &mut Connection,
        page: &KnownPage,
        found: &FoundUrl,
    ) -> Result<(), database::Error> {
        let mut lost = LostPage {
            outcome: page.outcome.as_deref().and_then(VisitOutcome::from_name),
            status: page.status(),
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
        database::query("UPDATE urls SET due_at = $2, attempts = $3 WHERE id = $1")
            .bind(page.id)
            .bind(self.pass.since)
            .bind(attempts)
            .execute(connection)
            .await
            .map(|_| ())
    }

    /// True where the entry point is known to the source. One that was given up and is named by now is
    /// due again, and likewise a sitemap that has changed, as its index says.
    pub(super) async fn known_entry_point(
        &self,
        connection: &mut Connection,
        found: &FoundUrl,
    ) -> Result<bool, database::Error> {
        let Stored { host, path } = Stored::of(&found.url);
        let known: Option<KnownEntryPoint> = database::query_as(concat!(
            "SELECT id, kind, given, hint, due_at FROM urls
             WHERE kind <> 0 AND path = $1 AND host_id = ",
            host_id!("$2"),
            " AND source_id = ",
            source_id!("$3"),
        ))
        .bind(path)
        .bind(host)
        .bind(&self.visit.due.source)
        .fetch_optional(&mut *connection)
        .await?;
        let Some(known) = known else {
            return Ok(false);
        };
        let since = self.pass.since;
        let is_sitemap = found.kind == UrlKind::Sitemap && known.kind == UrlKind::Sitemap.code();
        let changed = is_sitemap && has_changed(known.hint, found.hint);
        let origin = origin(known.given);
        let revived = is_forgotten(known.due_at, origin, found);
        let due_at = match known.due_at {
            Some(due_at) if changed => Some(due_at.min(since)),
            None if revived => Some(since),
            due_at => due_at,
        };
        database::query(
            "UPDATE urls SET named_at = $2, named_by = $3, due_at = $4, given = $5,
                             hint = CASE WHEN $6 <> 0 THEN $7 ELSE hint END
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

    /// Takes in an entry point that is not known, due within the running pass, and gives the number of rows.
    pub(super) async fn insert_entry_point(
        &self,
        connection: &mut Connection,
        found: &FoundUrl,
    ) -> Result<u64, database::Error> {
        let Stored { host, path } = Stored::of(&found.url);
        let hosts = self.host_ids(connection, [host.clone()]).await?;
        let inserted = database::query(concat!(
            "INSERT INTO urls
                 (host_id, source_id, kind, key, path, depth, given, due_at, hint, published,
                  found_at, named_by, evidence)
             SELECT $1, ",
            source_id!("$2"),
            ", $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 WHERE TRUE
             ON CONFLICT DO NOTHING"
        ))
        .bind(hosts.get(&host))
        .bind(&self.visit.due.source)
        .bind(found.kind.code())
        .bind(PageKey::of(&found.url).hash)
        .bind(path)
        .bind(found.depth)
        .bind(value_of(if found.guessed {
            Origin::Guessed
        } else {
            Origin::Found
        }))
        .bind(self.pass.since)
        .bind(found.hint)
        .bind(found.published)
        .bind(self.visit.at)
        .bind(self.visit.due.id)
        .bind(found.evidence.code())
        .execute(&mut *connection)
        .await?;
        if inserted > 0 {
            let hosts = hosts.keys().map(String::as_str);
            let source = &self.visit.due.source;
            begin_shares(connection, source, hosts, self.pass.since).await?;
        }
        Ok(inserted)
    }

    /// Takes in pages that are not known, due within the running pass, and gives the number of rows: none for
    /// a page that the source has as an entry point.
    pub(super) async fn insert_pages(
        &self,
        connection: &mut Connection,
        pages: &[NewPage],
    ) -> Result<u64, database::Error> {
        if pages.is_empty() {
            return Ok(0);
        }
        let hosts: BTreeSet<&str> = pages.iter().map(|it| it.stored.host.as_str()).collect();
        let hosts = self.host_ids(connection, hosts).await?;
        let mut insert = database::query_scalar(insert_statement(pages.len()))
            .bind(given::FOUND)
            .bind(self.pass.since)
            .bind(self.visit.at)
            .bind(self.visit.due.id)
            .bind(&self.visit.due.source);
        for page in pages {
            insert = insert
                .bind(hosts.get(&page.stored.host))
                .bind(&page.stored.path)
                .bind(page.key.hash)
                .bind(page.found.depth)
                .bind(assumed_date(&page.found, self.visit.at))
                .bind(page.found.published)
                .bind(page.found.evidence.code());
        }
        let bytes: Vec<i64> = insert.fetch_all(&mut *connection).await?;
        let rows = bytes.len() as u64;
        if rows > 0 {
            self.count_waiting(connection, rows, bytes.iter().sum())
                .await?;
            let hosts = hosts.keys().map(String::as_str);
            let source = &self.visit.due.source;
            begin_shares(connection, source, hosts, self.pass.since).await?;
        }
        Ok(rows)
    }

    /// The numbers of these hosts. Those that are not known are taken in.
    async fn host_ids(
        &self,
        connection: &mut Connection,
        hosts: impl IntoIterator<Item: Into<String>>,
    ) -> Result<HashMap<String, i64>, database::Error> {
        let hosts: Vec<String> = hosts.into_iter().map(Into::into).collect();
        let known = known_hosts(connection, &hosts).await?;
        if known.len() == hosts.len() {
            return Ok(known);
        }
        database::query(concat!(
            "INSERT INTO hosts (host, source_id) SELECT value, ",
            source_id!("$2"),
            " FROM each($1) WHERE NOT EXISTS (SELECT 1 FROM hosts WHERE host = value)
             ON CONFLICT DO NOTHING"
        ))
        .bind(listed(&hosts))
        .bind(&self.visit.due.source)
        .execute(&mut *connection)
        .await?;
        known_hosts(connection, &hosts).await
    }

    /// Counts pages that wait from now on, with the bytes of their paths.
    async fn count_waiting(
        &self,
        connection: &mut Connection,
        rows: u64,
        bytes: i64,
    ) -> Result<(), database::Error> {
        database::query(
            "UPDATE source_ids SET
                 waiting_pages = waiting_pages + $2,
                 waiting_bytes = waiting_bytes + $3
             WHERE name = $1",
        )
        .bind(&self.visit.due.source)
        .bind(i64::try_from(rows).unwrap_or(i64::MAX))
        .bind(bytes)
        .execute(&mut *connection)
        .await?;
        self.count_found(connection, rows).await
    }

    /// Counts so many pages more that were first named by the visit.
    pub(super) async fn count_found(
        &self,
        connection: &mut Connection,
        pages: u64,
    ) -> Result<(), database::Error> {
        database::query(concat!(
            "INSERT INTO found_pages (source_id, found_at, pages) SELECT ",
            source_id!("$1"),
            ", $2, $3 WHERE TRUE ON CONFLICT (source_id, found_at)
                 DO UPDATE SET pages = found_pages.pages + excluded.pages"
        ))
        .bind(&self.visit.due.source)
        .bind(self.visit.at)
        .bind(i64::try_from(pages).unwrap_or(i64::MAX))
        .execute(connection)
        .await
        .map(|_| ())
    }
}

/// Inserts so many pages, each by seven values of its own after the five that they share. Each is looked up by itself: in
/// place of `NOT EXISTS`, PostgreSQL would now and then read all entry points.
fn insert_statement(pages: usize) -> String {
    let rows = (0..pages).map(|page| {
        let first = 6 + 7 * page;
        let values: Vec<String> = (first..first + 7).map(|it| format!("${it}")).collect();
        format!("({})", values.join(", "))
    });
    let rows: Vec<String> = rows.collect();
    format!(
        "INSERT INTO urls
             (host_id, path, key, depth, hint, published, evidence,
              source_id, kind, given, due_at, found_at, named_by)
         SELECT new.*, source_ids.id, 0, $1, $2, $3, $4
         FROM source_ids JOIN (VALUES {}) AS new ON TRUE
         WHERE source_ids.name = $5
           AND (SELECT 1 FROM urls
                WHERE source_id = source_ids.id AND host_id = new.column1
                  AND path = new.column2 AND kind <> 0 LIMIT 1) IS NULL
         RETURNING CAST(LENGTH(path) AS BIGINT)",
        rows.join(", ")
    )
}

/// The numbers of those of these hosts that are known.
async fn known_hosts(
    connection: &mut Connection,
    hosts: &[String],
) -> Result<HashMap<String, i64>, database::Error> {
    let known: Vec<(String, i64)> = database::query_as(
        "SELECT hosts.host, hosts.id FROM each($1)
             CROSS JOIN hosts ON hosts.host = each.value",
    )
    .bind(listed(hosts))
    .fetch_all(connection)
    .await?;
    Ok(known.into_iter().collect())
}

/// True where an entry point was last read before the page was named, or never in full. A page that was named once
/// has no time of its own for that.
macro_rules! may_name {
    () => {
        "(entry.read_at <= COALESCE(page.named_at, CASE WHEN page.named_by IS NOT NULL THEN page.found_at END)
          OR (entry.read_at IS NULL AND entry.damaged <> 0))"
    };
}

/// True where an entry point still names this page: the front pages and feeds of its source and the
/// address that named it last have all been read in full since, or else one of them may. What is
/// answered with `304 Not Modified` names what it named.
pub(super) async fn is_named(
    connection: &mut Connection,
    page: i64,
) -> Result<bool, database::Error> {
    database::query_scalar(concat!(
        "SELECT EXISTS (
             SELECT 1 FROM urls AS page, urls AS entry INDEXED BY urls_entry_points
             WHERE page.id = $1 AND entry.source_id = page.source_id AND entry.due_at IS NOT NULL
               AND entry.kind <> 0 AND entry.kind <> 3 AND ",
        may_name!(),
        " UNION ALL
             SELECT 1 FROM urls AS page, urls AS entry
             WHERE page.id = $1 AND entry.id = page.named_by AND entry.due_at IS NOT NULL
               AND entry.kind <> 0 AND ",
        may_name!(),
        ")"
    ))
    .bind(page)
    .fetch_one(connection)
    .await
}
