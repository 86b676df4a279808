//! Claims a host with what is due there, and gives it back.

use sqlx::{FromRow, SqliteConnection};
use url::Url;

use super::origin;
use crate::frontier::{Claim, Due, Evidence, Origin, Pass, Schedule, UrlKind};

/// Claims the host that waited longest; see [`Frontier::claim`](crate::frontier::Frontier::claim).
pub(super) async fn claim(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    now: i64,
) -> Result<Option<Claim>, sqlx::Error> {
    let sources = serde_json::Value::from(pass.sources.as_slice()).to_string();
    let Some((host, visited_at)) = longest_waiting(connection, pass, &sources, now).await? else {
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
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, url, source, kind, depth, given, etag, last_modified, published,
                evidence
         FROM urls
         WHERE host = $1 AND due_at <= $2 AND source IN (SELECT value FROM json_each($3))
         ORDER BY kind = 'page', CASE WHEN kind = 'page' THEN 0 ELSE depth END,
                  stored_at IS NOT NULL, hint DESC NULLS LAST, id
         LIMIT $4",
    )
    .bind(&host)
    .bind(pass.started)
    .bind(&sources)
    .bind(schedule.batch)
    .fetch_all(connection)
    .await?;
    let due = rows.into_iter().map(Due::try_from);
    Ok(Some(Claim {
        host,
        visited_at,
        due: due.collect::<Result<_, _>>()?,
    }))
}

async fn longest_waiting(
    connection: &mut SqliteConnection,
    pass: &Pass,
    sources: &str,
    now: i64,
) -> Result<Option<(String, Option<i64>)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT host, visited_at FROM hosts
         WHERE lease_until <= $1 AND back_off_until <= $1
           AND EXISTS (SELECT 1 FROM urls
                       WHERE urls.host = hosts.host AND due_at <= $2
                         AND source IN (SELECT value FROM json_each($3)))
         ORDER BY claimed_at, host LIMIT 1",
    )
    .bind(now)
    .bind(pass.started)
    .bind(sources)
    .fetch_optional(connection)
    .await
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
            evidence: row.evidence.as_deref().and_then(Evidence::from_name),
        })
    }
}
