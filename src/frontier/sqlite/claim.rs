//! Claims a host with what is due there, and gives it back.

use sqlx::{FromRow, SqliteConnection};
use url::Url;

use super::origin;
use crate::frontier::policy::queue::Queues;
use crate::frontier::policy::schedule::DAY;
use crate::frontier::{Claim, Due, Origin, Pass, Schedule, UrlKind};
use crate::verdict::AddressEvidence;

/// A queue of what is due at a host: its condition, which has an index of its own, and its order.
macro_rules! queue {
    ($condition:literal, $order:literal) => {
        concat!(
            "SELECT id, url, source, kind, depth, given, published, evidence,
                    IIF(kind <> 'page' OR stored_at IS NOT NULL, etag, NULL) AS etag,
                    IIF(kind <> 'page' OR stored_at IS NOT NULL, last_modified, NULL)
                        AS last_modified
             FROM urls
             WHERE host = $1 AND due_at IS NOT NULL AND due_at <= $2
               AND source = $3 AND ",
            $condition,
            " ORDER BY ",
            $order,
            " LIMIT $4"
        )
    };
}

const ENTRY_POINTS: &str = queue!("kind <> 'page'", "depth, hint DESC, id");
const ENTRY_POINTS_IN_TURN: &str = queue!("kind <> 'page'", "due_at, depth, id");
const FRESH: &str = queue!(
    "kind = 'page' AND visits = 0 AND evidence IN ('feed', 'news', 'link') AND found_at > $5",
    "found_at DESC, hint DESC, id"
);
const BACKLOG: &str = queue!(
    "kind = 'page' AND visits = 0
     AND NOT (COALESCE(evidence, '') IN ('feed', 'news', 'link') AND COALESCE(found_at, 0) > $5)",
    "hint DESC, id"
);
const RETRIES: &str = queue!(
    "kind = 'page' AND visits > 0 AND stored_at IS NULL",
    "due_at, id"
);
const REFETCHES: &str = queue!(
    "kind = 'page' AND visits > 0 AND stored_at IS NOT NULL",
    "due_at, id"
);

/// A host is known to be slow for so long after a pass has left it.
const SLOW_FOR: i64 = 2 * DAY;

/// Claims a host for the source that waited longest there; see
/// [`Frontier::claim`](crate::frontier::Frontier::claim).
pub(super) async fn claim(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    now: i64,
) -> Result<Option<Claim>, sqlx::Error> {
    let near = now.saturating_add(schedule.far_turn);
    let Some(share) = longest_waiting(connection, pass, (now, near)).await? else {
        return Ok(None);
    };
    sqlx::query(
        "UPDATE hosts SET claimed_at = $2, lease_until = $3, lease_owner = $4 WHERE host = $1",
    )
    .bind(&share.host)
    .bind(now)
    .bind(now.saturating_add(schedule.lease))
    .bind(&pass.owner)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE host_shares SET claimed_at = $3, claims = claims + 1
         WHERE host = $1 AND source = $2",
    )
    .bind(&share.host)
    .bind(&share.source)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    let selection = Selection {
        share: &share,
        pass,
        limit: schedule.batch,
    };
    let due = selection.first(connection, schedule, now).await?;
    Ok(Some(Claim {
        host: share.host,
        visited_at: share.visited_at,
        due,
    }))
}

/// A host with a source that has something due there.
#[derive(FromRow)]
struct Share {
    host: String,
    source: String,
    visited_at: Option<i64>,
    turn_at: i64,
    pages_held_until: i64,
    after_entry_point: bool,
}

/// The source and host that waited longest among those where something is due and a turn is near. Where
/// the pages are held, only entry points are.
async fn longest_waiting(
    connection: &mut SqliteConnection,
    pass: &Pass,
    (now, near): (i64, i64),
) -> Result<Option<Share>, sqlx::Error> {
    sqlx::query_as(
        "SELECT share.host, share.source, visited_at, turn_at, pages_held_until,
                after_entry_point
         FROM host_shares AS share JOIN hosts ON hosts.host = share.host
         WHERE share.source IN (SELECT value FROM json_each($3))
           AND lease_until <= $1 AND hosts.back_off_until <= $1 AND turn_at <= $4
           AND share.back_off_until <= $1
           AND (EXISTS (SELECT 1 FROM urls
                        WHERE urls.host = share.host AND urls.source = share.source
                          AND due_at IS NOT NULL AND due_at <= $2 AND kind <> 'page')
                OR (pages_held_until <= $1
                    AND (EXISTS (SELECT 1 FROM urls
                                 WHERE urls.host = share.host AND urls.source = share.source
                                   AND due_at IS NOT NULL AND due_at <= $2
                                   AND kind = 'page' AND visits = 0)
                         OR EXISTS (SELECT 1 FROM urls
                                    WHERE urls.host = share.host AND urls.source = share.source
                                      AND due_at IS NOT NULL AND due_at <= $2
                                      AND kind = 'page' AND visits > 0 AND stored_at IS NULL)
                         OR EXISTS (SELECT 1 FROM urls
                                    WHERE urls.host = share.host AND urls.source = share.source
                                      AND due_at IS NOT NULL AND due_at <= $2
                                      AND kind = 'page' AND visits > 0
                                      AND stored_at IS NOT NULL))))
         ORDER BY share.claimed_at, claims, share.host, share.source LIMIT 1",
    )
    .bind(now)
    .bind(pass.started)
    .bind(serde_json::Value::from(pass.sources.as_slice()).to_string())
    .bind(near)
    .fetch_optional(connection)
    .await
}

/// What is selected of a queue.
struct Selection<'a> {
    share: &'a Share,
    pass: &'a Pass,
    limit: u32,
}

impl Selection<'_> {
    /// What goes first. What entry points name goes before what waits: they are read first, and alone. At a
    /// host with a turn or two in a pass they take turns with pages, so that neither keeps the other out.
    async fn first(
        &self,
        connection: &mut SqliteConnection,
        schedule: &Schedule,
        now: i64,
    ) -> Result<Vec<Due>, sqlx::Error> {
        let share = self.share;
        let is_slow = share.turn_at > now.saturating_sub(SLOW_FOR);
        if is_slow && share.after_entry_point && share.pages_held_until <= now {
            let pages = self.pages(connection, schedule).await?;
            if !pages.is_empty() {
                return Ok(pages);
            }
        }
        let entry_points = if is_slow {
            ENTRY_POINTS_IN_TURN
        } else {
            ENTRY_POINTS
        };
        let due = self.due(connection, entry_points, None).await?;
        if due.is_empty() {
            return self.pages(connection, schedule).await;
        }
        Ok(due)
    }

    async fn pages(
        &self,
        connection: &mut SqliteConnection,
        schedule: &Schedule,
    ) -> Result<Vec<Due>, sqlx::Error> {
        let since = Some(self.pass.started.saturating_sub(schedule.fresh_for));
        let queues = Queues {
            fresh: self.due(connection, FRESH, since).await?,
            backlog: self.due(connection, BACKLOG, since).await?,
            retries: self.due(connection, RETRIES, None).await?,
            refetches: self.due(connection, REFETCHES, None).await?,
        };
        Ok(queues.first(schedule.batch as usize))
    }

    async fn due(
        &self,
        connection: &mut SqliteConnection,
        queue: &'static str,
        fresh_since: Option<i64>,
    ) -> Result<Vec<Due>, sqlx::Error> {
        let mut query = sqlx::query_as(queue)
            .bind(&self.share.host)
            .bind(self.pass.started)
            .bind(&self.share.source)
            .bind(self.limit);
        if let Some(since) = fresh_since {
            query = query.bind(since);
        }
        let rows: Vec<Row> = query.fetch_all(connection).await?;
        rows.into_iter().map(Due::try_from).collect()
    }
}

/// Renews the lease of a host, and says whether it is still the pass's.
pub(super) async fn renew(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    (host, now): (&str, i64),
) -> Result<bool, sqlx::Error> {
    let renewed =
        sqlx::query("UPDATE hosts SET lease_until = $3 WHERE host = $1 AND lease_owner = $2")
            .bind(host)
            .bind(&pass.owner)
            .bind(now.saturating_add(schedule.lease))
            .execute(connection)
            .await?;
    Ok(renewed.rows_affected() > 0)
}

/// Leaves an address to the next pass: it is due right after this one has begun.
pub(super) async fn postpone(
    connection: &mut SqliteConnection,
    pass: &Pass,
    due: &Due,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE urls SET due_at = $2 WHERE id = $1 AND due_at <= $2")
        .bind(due.id)
        .bind(pass.started.saturating_add(1))
        .execute(connection)
        .await
        .map(|_| ())
}

/// Gives a host back, unless the lease ran out and it is another's by now.
pub(super) async fn release(
    connection: &mut SqliteConnection,
    pass: &Pass,
    host: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE hosts SET lease_until = 0 WHERE host = $1 AND lease_owner = $2")
        .bind(host)
        .bind(&pass.owner)
        .execute(connection)
        .await
        .map(|_| ())
}

#[derive(FromRow)]
struct Row {
    id: i64,
    url: String,
    source: String,
    kind: String,
    depth: u32,
    given: i64,
    etag: Option<String>,
    last_modified: Option<String>,
    published: Option<i64>,
    evidence: Option<String>,
}

impl TryFrom<Row> for Due {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Due, sqlx::Error> {
        let decode = |what: String| sqlx::Error::Decode(what.into());
        Ok(Due {
            url: Url::parse(&row.url).map_err(|error| decode(format!("{}: {error}", row.url)))?,
            kind: UrlKind::from_name(&row.kind)
                .ok_or_else(|| decode(format!("unknown kind of address: {}", row.kind)))?,
            id: row.id,
            source: row.source,
            depth: row.depth,
            guessed: origin(row.given) == Origin::Guessed,
            etag: row.etag,
            last_modified: row.last_modified,
            published: row.published,
            evidence: row
                .evidence
                .as_deref()
                .map(AddressEvidence::from_name)
                .unwrap_or_default(),
        })
    }
}
