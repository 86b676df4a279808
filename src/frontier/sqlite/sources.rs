//! What is kept of the sources themselves: their settings and places, the sites they have led to,
//! and everything that is theirs when they get another name.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, FromRow, SqliteConnection};

use crate::frontier::Seed;
use crate::frontier::policy::sources::{KnownSettings, KnownSource};
use crate::store::sqlite::{address, given, source_id};

/// Sites that are kept of one source.
const MOST_SITES: u32 = 16;

/// The sources that the store knows, each with the entry points that the settings named.
pub(super) async fn known(
    connection: &mut SqliteConnection,
) -> Result<Vec<KnownSource>, sqlx::Error> {
    let rows: Vec<(String, Option<String>)> = sqlx::query_as(concat!(
        "SELECT sources.source, ",
        address!("hosts.host", "urls.path"),
        " FROM sources LEFT JOIN source_ids ON source_ids.name = sources.source
             LEFT JOIN urls
                 ON urls.source_id = source_ids.id AND urls.kind <> 0 AND urls.given = $1
             LEFT JOIN hosts ON hosts.id = urls.host_id
         ORDER BY sources.source"
    ))
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
    rename_number(connection, old, new).await
}

/// Gives the number of a source another name: its addresses and hosts know it by that. Where the new name has a number
/// already, from a time when the settings named it, everything moves there.
async fn rename_number(
    connection: &mut SqliteConnection,
    old: &str,
    new: &str,
) -> Result<(), sqlx::Error> {
    let renamed = sqlx::query(
        "UPDATE source_ids SET name = $2
         WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM source_ids WHERE name = $2)",
    )
    .bind(old)
    .bind(new)
    .execute(&mut *connection)
    .await?;
    if renamed.rows_affected() > 0 {
        return Ok(());
    }
    for table in ["urls", "host_shares", "hosts"] {
        let update = format!(
            "UPDATE OR REPLACE {table} SET source_id = (SELECT id FROM source_ids WHERE name = $2)
             WHERE source_id = (SELECT id FROM source_ids WHERE name = $1)"
        );
        let update = sqlx::query(AssertSqlSafe(update)).bind(old).bind(new);
        update.execute(&mut *connection).await?;
    }
    for delete in [
        concat!(
            "DELETE FROM found_pages WHERE source_id = ",
            source_id!("$1")
        ),
        "DELETE FROM source_ids WHERE name = $1",
    ] {
        sqlx::query(delete)
            .bind(old)
            .execute(&mut *connection)
            .await?;
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
    sqlx::query("INSERT OR IGNORE INTO source_ids (name) VALUES ($1)")
        .bind(&seed.source)
        .execute(&mut *connection)
        .await?;
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
        "SELECT DISTINCT other.name
         FROM json_each($1) CROSS JOIN source_ids AS gone ON gone.name = json_each.value
             CROSS JOIN urls ON urls.source_id = gone.id AND urls.kind <> 0
             CROSS JOIN source_ids AS other
             CROSS JOIN urls AS shared
                 ON shared.source_id = other.id AND shared.host_id = urls.host_id
                AND shared.path = urls.path AND shared.kind <> 0",
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
