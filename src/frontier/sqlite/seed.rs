//! Brings the entry points in step with the configuration.

use sqlx::SqliteConnection;
use url::Url;

use crate::frontier::policy::intake::entry_point_due;
use crate::frontier::{Seed, UrlKind, host_and_port};
use crate::store::sqlite::given;

/// Stores the entry points of every configured source.
pub(super) async fn seed(
    connection: &mut SqliteConnection,
    seeds: &[Seed],
    now: i64,
) -> Result<(), sqlx::Error> {
    for seed in seeds {
        if settings_changed(connection, seed).await? {
            start_again(connection, &seed.source, now).await?;
        }
        for (kind, url) in &seed.entry_points {
            store_entry_point(connection, &seed.source, *kind, url, now).await?;
        }
        retire_entry_points(connection, seed).await?;
    }
    retire_sources(connection, seeds).await
}

async fn store_entry_point(
    connection: &mut SqliteConnection,
    source: &str,
    kind: UrlKind,
    url: &Url,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT OR IGNORE INTO hosts (host) VALUES ($1)")
        .bind(host_and_port(url))
        .execute(&mut *connection)
        .await?;
    let known: Option<(String, Option<i64>)> = sqlx::query_as(
        "SELECT kind, due_at FROM urls WHERE url = $1 AND source = $2 AND kind <> 'page'",
    )
    .bind(url.as_str())
    .bind(source)
    .fetch_optional(&mut *connection)
    .await?;
    // A page that is an entry point by now.
    sqlx::query(
        "DELETE FROM urls WHERE url = $1 AND kind = 'page' AND source = $2 AND stored_at IS NULL",
    )
    .bind(url.as_str())
    .bind(source)
    .execute(&mut *connection)
    .await?;
    let known = known.and_then(|(kind, due_at)| Some((UrlKind::from_name(&kind)?, due_at)));
    sqlx::query(
        "INSERT INTO urls (url, host, source, kind, depth, given, due_at, found_at)
         VALUES ($1, $2, $3, $4, 0, $5, $6, $7)
         ON CONFLICT (url, source) WHERE kind <> 'page' DO UPDATE SET
             kind = excluded.kind, depth = 0, given = excluded.given, due_at = excluded.due_at",
    )
    .bind(url.as_str())
    .bind(host_and_port(url))
    .bind(source)
    .bind(kind.name())
    .bind(given::CONFIGURED)
    .bind(entry_point_due(known, now))
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Stores the source's settings; true where they differ from those stored before.
async fn settings_changed(
    connection: &mut SqliteConnection,
    seed: &Seed,
) -> Result<bool, sqlx::Error> {
    let written = sqlx::query(
        "INSERT INTO sources (source, settings) VALUES ($1, $2)
         ON CONFLICT DO UPDATE SET settings = excluded.settings
             WHERE settings <> excluded.settings",
    )
    .bind(&seed.source)
    .bind(&seed.settings)
    .execute(connection)
    .await?;
    Ok(written.rows_affected() > 0)
}

/// Asks a source's entry points again, and in full, as if for the first time: `304 Not Modified`
/// would hide what the old settings passed over. Those that were found are forgotten; they will be
/// found again if the new settings still want them.
async fn start_again(
    connection: &mut SqliteConnection,
    source: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM urls WHERE source = $1 AND kind <> 'page' AND given <> $2")
        .bind(source)
        .bind(given::CONFIGURED)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "UPDATE urls SET etag = NULL, last_modified = NULL, recheck = NULL, due_at = $2
         WHERE source = $1 AND kind <> 'page' AND due_at IS NOT NULL",
    )
    .bind(source)
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Entry points that the configuration no longer names are never due again.
async fn retire_entry_points(
    connection: &mut SqliteConnection,
    seed: &Seed,
) -> Result<(), sqlx::Error> {
    let named: Vec<&str> = seed.entry_points.iter().map(|it| it.1.as_str()).collect();
    sqlx::query(
        "UPDATE urls SET due_at = NULL
         WHERE source = $1 AND kind <> 'page' AND due_at IS NOT NULL AND given = $2
           AND url NOT IN (SELECT value FROM json_each($3))",
    )
    .bind(&seed.source)
    .bind(given::CONFIGURED)
    .bind(serde_json::Value::from(named).to_string())
    .execute(connection)
    .await
    .map(|_| ())
}

/// Entry points of sources that are gone are never due again.
async fn retire_sources(
    connection: &mut SqliteConnection,
    seeds: &[Seed],
) -> Result<(), sqlx::Error> {
    let sources: Vec<&str> = seeds.iter().map(|seed| seed.source.as_str()).collect();
    sqlx::query(
        "UPDATE urls SET due_at = NULL
         WHERE kind <> 'page' AND due_at IS NOT NULL
           AND source NOT IN (SELECT value FROM json_each($1))",
    )
    .bind(serde_json::Value::from(sources).to_string())
    .execute(connection)
    .await
    .map(|_| ())
}
