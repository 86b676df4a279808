//! What is kept of the sources themselves: their settings and places, the sites they have led to,
//! and everything that is theirs when they get another name.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, FromRow, SqliteConnection};

use crate::frontier::Seed;
use crate::frontier::policy::sources::{KnownSettings, KnownSource};
use crate::store::sqlite::given;

/// Sites that are kept of one source.
const MOST_SITES: u32 = 16;

/// The sources that the store knows, each with the entry points that the settings named.
pub(super) async fn known(
    connection: &mut SqliteConnection,
) -> Result<Vec<KnownSource>, sqlx::Error> {
    let rows: Vec<(String, Option<String>)> = sqlx::query_as(
        "SELECT sources.source, urls.url
         FROM sources LEFT JOIN urls
             ON urls.source = sources.source AND urls.kind <> 'page' AND urls.given = $1
         ORDER BY sources.source",
    )
    .bind(given::CONFIGURED)
    .fetch_all(connection)
    .await?;
    let mut known: Vec<KnownSource> = Vec::new();
    for (name, url) in rows {
        if known.last().is_none_or(|last| last.name != name) {
            known.push(KnownSource {
                name,
                ..KnownSource::default()
            });
        }
        if let Some(last) = known.last_mut() {
            last.entry_points.extend(url);
        }
    }
    Ok(known)
}

/// Gives everything of a source to its new name: addresses, articles, pages and the past.
pub(super) async fn rename(
    connection: &mut SqliteConnection,
    old: &str,
    new: &str,
) -> Result<(), sqlx::Error> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema
         WHERE type = 'table'
           AND 'source' IN (SELECT name FROM pragma_table_info(sqlite_schema.name))",
    )
    .fetch_all(&mut *connection)
    .await?;
    for record in [
        "UPDATE revisions SET record = json_set(record, '$.source', $2)
         WHERE id IN (SELECT id FROM articles WHERE source = $1)",
        "UPDATE articles SET record = json_set(record, '$.source', $2) WHERE source = $1",
    ] {
        let update = sqlx::query(record).bind(old).bind(new);
        update.execute(&mut *connection).await?;
    }
    for table in tables {
        // Names of our own tables alone.
        let update = format!("UPDATE OR REPLACE {table} SET source = $2 WHERE source = $1");
        let update = sqlx::query(AssertSqlSafe(update)).bind(old).bind(new);
        update.execute(&mut *connection).await?;
    }
    Ok(())
}

/// A row of the table `sources`.
#[derive(FromRow)]
struct Row {
    settings: String,
    is_configured: bool,
    limits: Option<String>,
}

/// The settings of a source as the store has them.
pub(super) async fn settings(
    connection: &mut SqliteConnection,
    source: &str,
) -> Result<Option<KnownSettings>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT settings, position IS NOT NULL AS is_configured, limits FROM sources
         WHERE source = $1",
    )
    .bind(source)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| KnownSettings {
        settings: row.settings,
        is_configured: row.is_configured,
        limits: row.limits,
    }))
}

/// Stores the settings of a source and its position among the others.
pub(super) async fn store(
    connection: &mut SqliteConnection,
    seed: &Seed,
    position: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO sources (source, settings, limits, position) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO UPDATE SET settings = excluded.settings, limits = excluded.limits,
             position = excluded.position",
    )
    .bind(&seed.source)
    .bind(&seed.settings)
    .bind(seed.limits.to_json())
    .bind(position)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Notes which sources the settings no longer name, and gives the other sources that share an entry
/// point with one of these.
pub(super) async fn leave(
    connection: &mut SqliteConnection,
    seeds: &[Seed],
) -> Result<Vec<String>, sqlx::Error> {
    let named: Vec<&str> = seeds.iter().map(|seed| seed.source.as_str()).collect();
    let left: Vec<String> = sqlx::query_scalar(
        "UPDATE sources SET position = NULL
         WHERE position IS NOT NULL AND source NOT IN (SELECT value FROM json_each($1))
         RETURNING source",
    )
    .bind(serde_json::Value::from(named).to_string())
    .fetch_all(&mut *connection)
    .await?;
    if left.is_empty() {
        return Ok(left);
    }
    sqlx::query_scalar(
        "SELECT DISTINCT source FROM urls
         WHERE kind <> 'page' AND url IN (
             SELECT url FROM urls
             WHERE kind <> 'page' AND source IN (SELECT value FROM json_each($1)))",
    )
    .bind(serde_json::Value::from(left).to_string())
    .fetch_all(connection)
    .await
}

/// The sites that each source's entry points have led to.
pub(super) async fn sites(
    connection: &mut SqliteConnection,
) -> Result<BTreeMap<String, Vec<String>>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as("SELECT source, site FROM source_sites")
        .fetch_all(connection)
        .await?;
    let mut sites: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (source, site) in rows {
        sites.entry(source).or_default().push(site);
    }
    Ok(sites)
}

/// Adds sites that a source's entry points have led to.
pub(super) async fn learn_sites(
    connection: &mut SqliteConnection,
    source: &str,
    sites: &[String],
) -> Result<(), sqlx::Error> {
    for site in sites {
        sqlx::query(
            "INSERT OR IGNORE INTO source_sites (source, site)
             SELECT $1, $2
             WHERE (SELECT COUNT(*) FROM source_sites WHERE source = $1) < $3",
        )
        .bind(source)
        .bind(site)
        .bind(MOST_SITES)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Forgets the sites that a source's entry points have led to.
pub(super) async fn forget_sites(
    connection: &mut SqliteConnection,
    source: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM source_sites WHERE source = $1")
        .bind(source)
        .execute(connection)
        .await
        .map(|_| ())
}
