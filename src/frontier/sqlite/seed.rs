//! Brings the entry points in step with the configuration.

use sqlx::SqliteConnection;

use crate::frontier::{Seed, host_and_port};

/// Notes the entry points of every configured source. An address that two sources name belongs to
/// the first.
pub(super) async fn seed(
    connection: &mut SqliteConnection,
    seeds: &[Seed],
    now: i64,
) -> Result<(), sqlx::Error> {
    let mut given: Vec<&str> = Vec::new();
    for seed in seeds {
        if settings_changed(connection, seed).await? {
            look_again(connection, &seed.source, now).await?;
        }
        for (kind, url) in &seed.entry_points {
            if given.contains(&url.as_str()) {
                continue;
            }
            given.push(url.as_str());
            sqlx::query("INSERT OR IGNORE INTO hosts (host) VALUES ($1)")
                .bind(host_and_port(url))
                .execute(&mut *connection)
                .await?;
            sqlx::query(
                "INSERT INTO urls (url, host, source, kind, depth, given, due_at)
                 VALUES ($1, $2, $3, $4, 0, 1, $5)
                 ON CONFLICT (url) DO UPDATE SET
                     source = excluded.source, kind = excluded.kind, depth = 0, given = 1,
                     due_at = CASE WHEN urls.kind = 'page' THEN excluded.due_at
                                   ELSE COALESCE(urls.due_at, excluded.due_at) END",
            )
            .bind(url.as_str())
            .bind(host_and_port(url))
            .bind(&seed.source)
            .bind(kind.name())
            .bind(now)
            .execute(&mut *connection)
            .await?;
        }
    }
    retire(connection, seeds, &given).await
}

/// Keeps the source's settings; true where they differ from those kept before.
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
async fn look_again(
    connection: &mut SqliteConnection,
    source: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM urls WHERE source = $1 AND kind <> 'page' AND given <> 1")
        .bind(source)
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

/// Entry points that the configuration no longer names, and all those of sources that are gone, are
/// never due again.
async fn retire(
    connection: &mut SqliteConnection,
    seeds: &[Seed],
    given: &[&str],
) -> Result<(), sqlx::Error> {
    let sources: Vec<&str> = seeds.iter().map(|seed| seed.source.as_str()).collect();
    sqlx::query(
        "UPDATE urls SET due_at = NULL
         WHERE kind <> 'page' AND due_at IS NOT NULL
           AND (source NOT IN (SELECT value FROM json_each($1))
                OR (given = 1 AND url NOT IN (SELECT value FROM json_each($2))))",
    )
    .bind(serde_json::Value::from(sources).to_string())
    .bind(serde_json::Value::from(given).to_string())
    .execute(connection)
    .await
    .map(|_| ())
}
