//! Brings what is known of the sources in step with the configuration: their names, their entry
//! points, and what their settings have stopped.

use url::Url;

use super::host::{begin_shares, know_host};
use super::seeds::KnownSeeds;
use super::sources;
use crate::frontier::policy::intake::entry_point_due;
use crate::frontier::policy::limits::Wake;
use crate::frontier::policy::sources::{change, is_outdated, renamed};
use crate::frontier::{Seed, Seeded, UrlKind};
use crate::store::sql::database::{self, Connection, Int, Value, listed};
use crate::store::sql::{
    LockOf, PageKey, Stored, address, find_page, given, host_id, lock, source_id,
};
use crate::verdict::VisitOutcome;

/// HTTP statuses by which servers refuse whom they don't know.
const REFUSALS: [i64; 6] = [401, 402, 403, 406, 429, 451];

/// Takes in the configured sources, in their order. What is known of those that the configuration
/// does not name is left as it is, for the day it does.
pub(super) async fn seed(
    connection: &mut Connection,
    seeds: &[Seed],
    now: i64,
) -> Result<Seeded, database::Error> {
    let mut seeded = Seeded::default();
    // Workers that begin at once take them in one after the other: the first has nearly all of the work.
    lock(connection, LockOf::Sources, [0]).await?;
    // Another process may have taken in sources since, which the settings of this one do not name yet.
    let is_first = !connection.is_to_server() || seeds.iter().all(|it| it.generation.is_none());
    if is_first {
        seeded.renamed = renamed(seeds, &sources::known(connection).await?);
    }
    for (old, new) in &seeded.renamed {
        sources::rename(connection, old, new).await?;
    }
    let inherits = if is_first {
        sources::leave(connection, seeds).await?
    } else {
        Vec::new()
    };
    let names = seeds.iter().map(|seed| seed.source.as_str());
    sources::number(connection, listed(names)).await?;
    let known = KnownSeeds::of(connection, seeds).await?;
    for (position, seed) in (0..).zip(seeds) {
        let place = Place {
            position,
            inherits: inherits.contains(&seed.source),
            known: &known,
        };
        seed_one(connection, seed, place, now, &mut seeded).await?;
    }
    seeded.sites = sources::sites(connection).await?;
    Ok(seeded)
}

/// Where a source stands among the others.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// In the settings.
    position: i64,
    /// It reads an entry point of a source that has just left: pages of that one may be its own.
    inherits: bool,
    /// What the store has of all sources.
    known: &'a KnownSeeds,
}

async fn seed_one(
    connection: &mut Connection,
    seed: &Seed,
    place: Place<'_>,
    now: i64,
    seeded: &mut Seeded,
) -> Result<(), database::Error> {
    let known = place.known.settings(seed);
    if connection.is_to_server() && is_outdated(known, seed) {
        seeded.outdated.push(seed.source.clone());
        return Ok(());
    }
    let change = change(known, seed);
    let unchanged = place.known.unchanged(seed, &change, place.position);
    if let Some(generation) = unchanged.filter(|_| !place.inherits) {
        seeded.generations.insert(seed.source.clone(), generation);
        return Ok(());
    }
    let generation = sources::store(connection, seed, place.position).await?;
    seeded.generations.insert(seed.source.clone(), generation);
    if change.differs {
        seeded.changed.push(seed.source.clone());
    }
    let dropped = retire_entry_points(connection, seed).await?;
    if change.reads_again || place.inherits || dropped > 0 {
        // What an entry point that is gone has led to is learned again from those that are left.
        sources::forget_sites(connection, &seed.source).await?;
        read_again(connection, seed, now).await?;
    } else if change.is_back {
        ask_now(connection, &seed.source, now).await?;
    }
    for (kind, url) in &seed.entry_points {
        store_entry_point(connection, &seed.source, *kind, url, now).await?;
    }
    if !change.wake.is_nothing() {
        seeded.woken += wake(connection, seed, &change.wake, now).await?;
    }
    Ok(())
}

async fn store_entry_point(
    connection: &mut Connection,
    source: &str,
    kind: UrlKind,
    url: &Url,
    now: i64,
) -> Result<(), database::Error> {
    let Stored { host, path } = Stored::of(url);
    know_host(connection, &host).await?;
    let known: Option<(Int<u8>, Option<i64>)> = database::query_as(concat!(
        "SELECT kind, due_at FROM urls WHERE kind <> 0 AND path = $1 AND host_id = ",
        host_id!("$2"),
        " AND source_id = ",
        source_id!("$3"),
    ))
    .bind(&path)
    .bind(&host)
    .bind(source)
    .fetch_optional(&mut *connection)
    .await?;
    // A page that is an entry point by now.
    let page = find_page(connection, url).await?;
    database::query(concat!(
        "DELETE FROM urls WHERE id = $1 AND stored_at IS NULL AND source_id = ",
        source_id!("$2"),
    ))
    .bind(page)
    .bind(source)
    .execute(&mut *connection)
    .await?;
    let known = known.and_then(|(Int(kind), due_at)| Some((UrlKind::from_code(kind)?, due_at)));
    let due_at = entry_point_due(known, now);
    database::query(concat!(
        "INSERT INTO urls (host_id, source_id, kind, key, path, depth, given, due_at, found_at)
         SELECT ",
        host_id!("$1"),
        ", ",
        source_id!("$2"),
        ", $3, $4, $5, 0, $6, $7, $8 WHERE TRUE
         ON CONFLICT (source_id, host_id, path) WHERE kind <> 0 DO UPDATE SET
             attempts = CASE WHEN urls.due_at IS NULL THEN 0 ELSE urls.attempts END,
             kind = excluded.kind, depth = 0, given = excluded.given, due_at = excluded.due_at"
    ))
    .bind(&host)
    .bind(source)
    .bind(kind.code())
    .bind(PageKey::of(url).hash)
    .bind(path)
    .bind(given::CONFIGURED)
    .bind(due_at)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    begin_shares(connection, source, [host.as_str()], due_at).await
}

/// Asks a source's entry points again, and in full, as if for the first time: `304 Not Modified`
/// would hide what the old settings passed over. Of those that were found, what the settings do not
/// use, and what stands below an index, waits until it is named again; wrong guesses get another
/// chance.
async fn read_again(
    connection: &mut Connection,
    seed: &Seed,
    now: i64,
) -> Result<(), database::Error> {
    database::query(concat!(
        "DELETE FROM urls WHERE kind <> 0 AND given = $2 AND due_at IS NULL AND source_id = ",
        source_id!("$1"),
    ))
    .bind(&seed.source)
    .bind(given::GUESSED)
    .execute(&mut *connection)
    .await?;
    let kinds = seed.kinds.iter().map(|kind| i64::from(kind.code()));
    database::query(concat!(
        "UPDATE urls SET etag = NULL, last_modified = NULL, recheck = NULL,
             due_at = CASE
                 WHEN given <> $2 AND (kind NOT IN (SELECT value FROM each($3))
                                       OR (kind = 3 AND depth > 0)) THEN NULL
                 WHEN due_at IS NULL AND given = $2 THEN NULL
                 ELSE $4 END
         WHERE kind <> 0 AND source_id = ",
        source_id!("$1"),
    ))
    .bind(&seed.source)
    .bind(given::CONFIGURED)
    .bind(listed(kinds))
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Asks a source's entry points now, those that are due later too.
async fn ask_now(
    connection: &mut Connection,
    source: &str,
    now: i64,
) -> Result<(), database::Error> {
    database::query(concat!(
        "UPDATE urls SET due_at = $2 WHERE kind <> 0 AND due_at > $2 AND source_id = ",
        source_id!("$1"),
    ))
    .bind(source)
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Entry points that the configuration no longer names are not due, unless something else names
/// them. Gives their number.
async fn retire_entry_points(
    connection: &mut Connection,
    seed: &Seed,
) -> Result<u64, database::Error> {
    let named: Vec<&str> = seed.entry_points.iter().map(|it| it.1.as_str()).collect();
    let retired = database::query(concat!(
        "UPDATE urls SET due_at = NULL
         WHERE kind <> 0 AND due_at IS NOT NULL AND given = $2 AND source_id = ",
        source_id!("$1"),
        " AND ",
        address!(
            "(SELECT host FROM hosts WHERE hosts.id = urls.host_id)",
            "urls.path"
        ),
        " NOT IN (SELECT value FROM each($3))"
    ))
    .bind(&seed.source)
    .bind(given::CONFIGURED)
    .bind(listed(named))
    .execute(connection)
    .await?;
    Ok(retired)
}

/// Makes addresses due that a setting no longer stops; each kind has an index of its own.
macro_rules! wake {
    ($which:literal) => {
        concat!(
            "UPDATE urls SET due_at = $2, attempts = 0
             WHERE source_id = ",
            source_id!("$1"),
            " AND stored_at IS NULL AND (due_at IS NULL OR due_at > $2) AND ",
            $which,
            " AND (outcome IN (SELECT value FROM each($4))
                OR (outcome IN (SELECT value FROM each($8))
                    AND NOT EXISTS (SELECT 1 FROM pages WHERE is_article = 0 AND pages.url = ",
            address!(
                "(SELECT host FROM hosts WHERE hosts.id = urls.host_id)",
                "urls.path"
            ),
            "))
                OR ($5 <> 0 AND outcome = 'http_4xx'
                    AND status IN (SELECT value FROM each($6))))
             AND (outcome <> 'too_old' OR COALESCE(published, hint, $7) >= $7)"
        )
    };
}

const WAKE_PAGES: &str =
    wake!("kind = 0 AND article IS NULL AND outcome IS NOT NULL AND $3 IS NOT NULL");
const WAKE_ENTRY_POINTS: &str =
    wake!("kind <> 0 AND (given = $3 OR (due_at IS NOT NULL AND outcome <> 'index'))");

/// Makes due what the source's settings have stopped until now, and gives the number of addresses.
/// Pages whose bytes are kept are judged again from those.
async fn wake(
    connection: &mut Connection,
    seed: &Seed,
    wake: &Wake,
    now: i64,
) -> Result<u64, database::Error> {
    let names = |outcomes: &[VisitOutcome]| listed(outcomes.iter().map(|it| it.name()));
    let outcomes = names(&wake.outcomes);
    let oldest = now.saturating_sub(seed.limits.max_age);
    let mut woken = 0;
    for statement in [WAKE_PAGES, WAKE_ENTRY_POINTS] {
        woken += database::query(statement)
            .bind(&seed.source)
            .bind(now)
            .bind(given::GUESSED)
            .bind(outcomes.clone())
            .bind(wake.refused)
            .bind(listed(REFUSALS))
            .bind(oldest)
            .bind(names(&wake.verdicts))
            .execute(&mut *connection)
            .await?;
    }
    if wake.articles {
        refetch(connection, seed, oldest, now).await?;
    }
    if wake.hosts || wake.refused {
        release_hosts(connection, &seed.source, wake.hosts, outcomes).await?;
    }
    // What this source has refused may be its own after all.
    database::query(
        "UPDATE urls SET refused_by = NULL
         WHERE refused_by IS NOT NULL
           AND REPLACE(refused_by, $1, '') <> refused_by",
    )
    .bind(serde_json::Value::from(seed.source.as_str()).to_string())
    .execute(connection)
    .await?;
    Ok(woken)
}

/// Makes articles due again that were fetched once and for all, those that are young enough.
async fn refetch(
    connection: &mut Connection,
    seed: &Seed,
    oldest: i64,
    now: i64,
) -> Result<(), database::Error> {
    database::query(concat!(
        "UPDATE urls SET due_at = GREATEST($2, visited_at + $3)
         WHERE kind = 0 AND stored_at IS NOT NULL AND stored_at >= $4
           AND visited_at IS NOT NULL AND (due_at IS NULL OR due_at > visited_at + $3)
           AND source_id = ",
        source_id!("$1"),
    ))
    .bind(&seed.source)
    .bind(now)
    .bind(seed.limits.refetch)
    .bind(oldest)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Ends what holds the hosts of a source because they refused its pages, and, where they may be
/// reached by another way, because they could not be reached.
async fn release_hosts(
    connection: &mut Connection,
    source: &str,
    by_another_way: bool,
    outcomes: Value,
) -> Result<(), database::Error> {
    database::query(concat!(
        "UPDATE host_shares SET page_failures = 0, pages_held_until = 0,
                                failures = CASE WHEN $3 <> 0 THEN 0 ELSE failures END,
                                back_off_until = CASE WHEN $3 <> 0 THEN 0
                                                      ELSE back_off_until END
         WHERE source_id = ",
        source_id!("$1"),
        " AND host_id IN (
               SELECT host_id FROM urls
               WHERE kind = 0 AND stored_at IS NULL AND article IS NULL AND outcome IS NOT NULL
                 AND (outcome = 'http_4xx' OR outcome IN (SELECT value FROM each($2)))
                 AND source_id = ",
        source_id!("$1"),
        " UNION ALL
               SELECT host_id FROM urls
               WHERE kind <> 0
                 AND (outcome = 'http_4xx' OR outcome IN (SELECT value FROM each($2)))
                 AND source_id = ",
        source_id!("$1"),
        ")"
    ))
    .bind(source)
    .bind(outcomes)
    .bind(by_another_way)
    .execute(connection)
    .await
    .map(|_| ())
}
