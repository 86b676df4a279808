//! What is kept of the sources themselves: their settings and places, the sites they have led to,
//! and everything that is theirs when they get another name.

use std::collections::{BTreeMap, HashMap};

use crate::frontier::Seed;
use crate::frontier::policy::sources::{KnownSettings, KnownSource};
use crate::store::sql::database::{self, Connection, FromRow, Value, listed};
use crate::store::sql::{address, given, rename_source, source_id};

/// Sites that are kept of one source.
const MOST_SITES: u32 = 16;

/// The sources that the store knows, each with the entry points that the settings named.
pub(super) async fn known(
    connection: &mut Connection,
) -> Result<Vec<KnownSource>, database::Error> {
    let rows: Vec<(String, Option<String>)> = database::query_as(concat!(
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
    connection: &mut Connection,
    old: &str,
    new: &str,
) -> Result<(), database::Error> {
    rename_source(connection, old, new).await?;
    for (table, key) in NAMED {
        move_rows(connection, table, "source", key, (old, new)).await?;
    }
    rename_number(connection, old, new).await
}

/// The tables that name a source, each with the rest of the key that is unique in it.
const NAMED: [(&str, &str); 9] = [
    ("articles", "seq"),
    ("pages", "id"),
    ("runs", "started"),
    ("run_outcomes", "started, entry_point, outcome"),
    ("sources", ""),
    ("source_health", ""),
    ("source_sites", "site"),
    ("shapes", "shape"),
    ("search_sources", "id"),
];

/// The same for tables that have its number.
const NUMBERED: [(&str, &str); 3] = [
    ("urls", "host_id, path"),
    ("host_shares", "host_id"),
    ("hosts", "id"),
];

/// Gives the rows of a table that are one source's to another. Where both have one of the same key, the
/// first one's takes the place of the other.
async fn move_rows(
    connection: &mut Connection,
    table: &str,
    column: &str,
    key: &str,
    (from, to): (&str, &str),
) -> Result<(), database::Error> {
    let [from_value, to_value] = if column == "source" {
        ["$1", "$2"]
    } else {
        [source_id!("$1"), source_id!("$2")]
    };
    let both = match (table, key) {
        (_, "") => format!("EXISTS (SELECT 1 FROM {table} WHERE {column} = {from_value})"),
        // Pages have one row whoever names them.
        ("urls", key) => format!(
            "kind <> 0 AND ({key}) IN (SELECT {key} FROM urls WHERE kind <> 0 AND {column} = {from_value})"
        ),
        (table, key) => {
            format!("({key}) IN (SELECT {key} FROM {table} WHERE {column} = {from_value})")
        }
    };
    for statement in [
        format!("DELETE FROM {table} WHERE {column} = {to_value} AND {both}"),
        format!("UPDATE {table} SET {column} = {to_value} WHERE {column} = {from_value}"),
    ] {
        database::query(statement)
            .bind(from)
            .bind(to)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Gives the number of a source another name: its addresses and hosts know it by that. Where the new name has a number
/// already, from a time when the settings named it, everything moves there.
async fn rename_number(
    connection: &mut Connection,
    old: &str,
    new: &str,
) -> Result<(), database::Error> {
    let renamed = database::query(
        "UPDATE source_ids SET name = $2
         WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM source_ids WHERE name = $2)",
    )
    .bind(old)
    .bind(new)
    .execute(&mut *connection)
    .await?;
    if renamed > 0 {
        return Ok(());
    }
    for (table, key) in NUMBERED {
        move_rows(connection, table, "source_id", key, (old, new)).await?;
    }
    for delete in [
        concat!(
            "DELETE FROM found_pages WHERE source_id = ",
            source_id!("$1")
        ),
        "DELETE FROM source_ids WHERE name = $1",
    ] {
        database::query(delete)
            .bind(old)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// A row of the table `sources`.
#[derive(FromRow)]
struct Row {
    source: String,
    settings: String,
    position: Option<i64>,
    limits: Option<String>,
    generation: i64,
}

/// The settings of these sources as the store has them, and their positions among the others.
pub(super) async fn settings(
    connection: &mut Connection,
    sources: Value,
) -> Result<HashMap<String, (KnownSettings, Option<i64>)>, database::Error> {
    let rows: Vec<Row> = database::query_as(
        "SELECT source, settings, position, limits, generation FROM sources
         WHERE source IN (SELECT value FROM each($1))",
    )
    .bind(sources)
    .fetch_all(connection)
    .await?;
    let settings = rows.into_iter().map(|row| {
        let known = KnownSettings {
            settings: row.settings,
            is_configured: row.position.is_some(),
            limits: row.limits,
            generation: row.generation,
        };
        (row.source, (known, row.position))
    });
    Ok(settings.collect())
}

/// Gives each of these sources that has none a number.
pub(super) async fn number(
    connection: &mut Connection,
    sources: Value,
) -> Result<(), database::Error> {
    database::query(
        "INSERT INTO source_ids (name) SELECT value FROM each($1)
         WHERE NOT EXISTS (SELECT 1 FROM source_ids WHERE name = each.value)
         ON CONFLICT DO NOTHING",
    )
    .bind(sources)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Stores the settings of a source and its position among the others, and gives their generation.
pub(super) async fn store(
    connection: &mut Connection,
    seed: &Seed,
    position: i64,
) -> Result<i64, database::Error> {
    database::query_scalar(
        "INSERT INTO sources (source, settings, limits, position, generation) VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (source) DO UPDATE SET settings = excluded.settings, limits = excluded.limits,
             position = excluded.position,
             generation = sources.generation
                 + CASE WHEN sources.settings = excluded.settings AND sources.limits = excluded.limits
                             AND sources.position IS NOT NULL
                        THEN 0 ELSE 1 END
         RETURNING generation",
    )
    .bind(&seed.source)
    .bind(&seed.settings)
    .bind(seed.limits.to_json())
    .bind(position)
    .fetch_one(connection)
    .await
}

/// Notes which sources the settings no longer name, and gives the other sources that share an entry
/// point with one of these.
pub(super) async fn leave(
    connection: &mut Connection,
    seeds: &[Seed],
) -> Result<Vec<String>, database::Error> {
    let named: Vec<&str> = seeds.iter().map(|seed| seed.source.as_str()).collect();
    let left: Vec<String> = database::query_scalar(
        "UPDATE sources SET position = NULL, generation = generation + 1
         WHERE position IS NOT NULL AND source NOT IN (SELECT value FROM each($1))
         RETURNING source",
    )
    .bind(listed(named))
    .fetch_all(&mut *connection)
    .await?;
    if left.is_empty() {
        return Ok(left);
    }
    database::query_scalar(
        "SELECT DISTINCT other.name
         FROM each($1) CROSS JOIN source_ids AS gone ON gone.name = each.value
             CROSS JOIN urls ON urls.source_id = gone.id AND urls.kind <> 0
             CROSS JOIN source_ids AS other ON TRUE
             CROSS JOIN urls AS shared
                 ON shared.source_id = other.id AND shared.host_id = urls.host_id
                AND shared.path = urls.path AND shared.kind <> 0",
    )
    .bind(listed(left))
    .fetch_all(connection)
    .await
}

/// The sites that each source's entry points have led to.
pub(super) async fn sites(
    connection: &mut Connection,
) -> Result<BTreeMap<String, Vec<String>>, database::Error> {
    let rows: Vec<(String, String)> = database::query_as("SELECT source, site FROM source_sites")
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
    connection: &mut Connection,
    source: &str,
    sites: &[String],
) -> Result<(), database::Error> {
    for site in sites {
        database::query(
            "INSERT INTO source_sites (source, site)
             SELECT $1, $2
             WHERE (SELECT COUNT(*) FROM source_sites WHERE source = $1) < $3
             ON CONFLICT DO NOTHING",
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
    connection: &mut Connection,
    source: &str,
) -> Result<(), database::Error> {
    database::query("DELETE FROM source_sites WHERE source = $1")
        .bind(source)
        .execute(connection)
        .await
        .map(|_| ())
}
