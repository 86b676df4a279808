//! Claims a host with what is due there, and gives it back.

use sqlx::{FromRow, SqliteConnection};
use url::Url;

use super::origin;
use crate::frontier::policy::queue::Queues;
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
               AND source IN (SELECT value FROM json_each($3)) AND ",
            $condition,
            " ORDER BY ",
            $order,
            " LIMIT $4"
        )
    };
}

const ENTRY_POINTS: &str = queue!("kind <> 'page'", "depth, hint DESC, id");
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

/// Claims the host that waited longest; see [`Frontier::claim`](crate::frontier::Frontier::claim).
pub(super) async fn claim(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    now: i64,
) -> Result<Option<Claim>, sqlx::Error> {
    let sources = serde_json::Value::from(pass.sources.as_slice()).to_string();
    let near = now.saturating_add(schedule.far_turn);
    let waiting = longest_waiting(connection, pass, &sources, (now, near)).await?;
    let Some((host, visited_at)) = waiting else {
        return Ok(None);
    };
    sqlx::query(
        "UPDATE hosts SET claimed_at = $2, lease_until = $3, lease_owner = $4 WHERE host = $1",
    )
    .bind(&host)
    .bind(now)
    .bind(now.saturating_add(schedule.lease))
    .bind(&pass.owner)
    .execute(&mut *connection)
    .await?;
    let selection = Selection {
        host: &host,
        pass,
        sources: &sources,
        limit: schedule.batch,
    };
    // What entry points name goes before what waits: they are read first, and alone.
    let mut due = selection.due(connection, ENTRY_POINTS, None).await?;
    if due.is_empty() {
        let since = Some(pass.started.saturating_sub(schedule.fresh_for));
        let queues = Queues {
            fresh: selection.due(connection, FRESH, since).await?,
            backlog: selection.due(connection, BACKLOG, since).await?,
            retries: selection.due(connection, RETRIES, None).await?,
            refetches: selection.due(connection, REFETCHES, None).await?,
        };
        due = queues.first(schedule.batch as usize);
    }
    Ok(Some(Claim {
        host,
        visited_at,
        due,
    }))
}

/// The host that waited longest among those where something is due and a turn is near. Where its pages
/// are held, only entry points are.
async fn longest_waiting(
    connection: &mut SqliteConnection,
    pass: &Pass,
    sources: &str,
    (now, near): (i64, i64),
) -> Result<Option<(String, Option<i64>)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT host, visited_at FROM hosts
         WHERE lease_until <= $1 AND back_off_until <= $1 AND turn_at <= $4
           AND (EXISTS (SELECT 1 FROM urls
                        WHERE urls.host = hosts.host AND due_at IS NOT NULL AND due_at <= $2
                          AND kind <> 'page' AND source IN (SELECT value FROM json_each($3)))
                OR (pages_held_until <= $1
                    AND (EXISTS (SELECT 1 FROM urls
                                 WHERE urls.host = hosts.host
                                   AND due_at IS NOT NULL AND due_at <= $2
                                   AND kind = 'page' AND visits = 0
                                   AND source IN (SELECT value FROM json_each($3)))
                         OR EXISTS (SELECT 1 FROM urls
                                    WHERE urls.host = hosts.host
                                      AND due_at IS NOT NULL AND due_at <= $2
                                      AND kind = 'page' AND visits > 0 AND stored_at IS NULL
                                      AND source IN (SELECT value FROM json_each($3)))
                         OR EXISTS (SELECT 1 FROM urls
                                    WHERE urls.host = hosts.host
                                      AND due_at IS NOT NULL AND due_at <= $2
                                      AND kind = 'page' AND visits > 0 AND stored_at IS NOT NULL
                                      AND source IN (SELECT value FROM json_each($3))))))
         ORDER BY claimed_at, host LIMIT 1",
    )
    .bind(now)
    .bind(pass.started)
    .bind(sources)
    .bind(near)
    .fetch_optional(connection)
    .await
}

/// What is selected of a queue.
struct Selection<'a> {
    host: &'a str,
    pass: &'a Pass,
    /// The sources of the pass, as JSON.
    sources: &'a str,
    limit: u32,
}

impl Selection<'_> {
    async fn due(
        &self,
        connection: &mut SqliteConnection,
        queue: &'static str,
        fresh_since: Option<i64>,
    ) -> Result<Vec<Due>, sqlx::Error> {
        let mut query = sqlx::query_as(queue)
            .bind(self.host)
            .bind(self.pass.started)
            .bind(self.sources)
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
