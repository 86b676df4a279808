//! What the store has of the sources of a configuration before they are taken in, read at once for all of them: most often
//! that is what the configuration says, and nothing is to be done.

use std::collections::HashMap;

use super::sources;
use crate::frontier::policy::sources::{KnownSettings, SettingsChange};
use crate::frontier::{Seed, UrlKind};
use crate::store::sql::database::{self, Connection, FromRow, listed};
use crate::store::sql::{address, given};

/// What the store has of each source.
#[derive(Debug, Default)]
pub(super) struct KnownSeeds {
    settings: HashMap<String, (KnownSettings, Option<i64>)>,
    entry_points: HashMap<String, Vec<KnownEntryPoint>>,
}

/// An entry point that the configuration named when the source was taken in last, and that is due some time.
#[derive(Debug, FromRow)]
struct KnownEntryPoint {
    source: String,
    url: String,
    kind: i64,
    /// It is taken in as a new one would be.
    is_complete: bool,
}

impl KnownSeeds {
    /// What the store has of these.
    pub(super) async fn of(
        connection: &mut Connection,
        seeds: &[Seed],
    ) -> Result<KnownSeeds, database::Error> {
        let names = listed(seeds.iter().map(|seed| seed.source.as_str()));
        let settings = sources::settings(connection, names.clone()).await?;
        let rows: Vec<KnownEntryPoint> = database::query_as(concat!(
            "SELECT source_ids.name AS source, ",
            address!("hosts.host", "urls.path"),
            " AS url, urls.kind,
                    urls.depth = 0
                    AND EXISTS (SELECT 1 FROM host_shares AS share
                                WHERE share.host_id = urls.host_id AND share.source_id = urls.source_id
                                  AND share.due_at <= urls.due_at)
                    AND NOT EXISTS (SELECT 1 FROM urls AS page
                                    WHERE page.kind = 0 AND page.key = urls.key) AS is_complete
             FROM each($1) CROSS JOIN source_ids ON source_ids.name = each.value
                 CROSS JOIN urls ON urls.source_id = source_ids.id
                 CROSS JOIN hosts ON hosts.id = urls.host_id
             WHERE urls.kind <> 0 AND urls.given = $2 AND urls.due_at IS NOT NULL"
        ))
        .bind(names)
        .bind(given::CONFIGURED)
        .fetch_all(connection)
        .await?;
        let mut entry_points: HashMap<String, Vec<KnownEntryPoint>> = HashMap::new();
        for row in rows {
            entry_points
                .entry(row.source.clone())
                .or_default()
                .push(row);
        }
        Ok(KnownSeeds {
            settings,
            entry_points,
        })
    }

    /// The settings of the source.
    pub(super) fn settings(&self, seed: &Seed) -> Option<&KnownSettings> {
        Some(&self.settings.get(&seed.source)?.0)
    }

    /// The generation of the settings, where the store has the source just as the configuration has it at this position.
    pub(super) fn unchanged(
        &self,
        seed: &Seed,
        change: &SettingsChange,
        position: i64,
    ) -> Option<i64> {
        let (known, known_position) = self.settings.get(&seed.source)?;
        let is_same = *change == SettingsChange::default()
            && *known_position == Some(position)
            && known.limits.as_deref() == Some(seed.limits.to_json().as_str());
        let known_points = self.entry_points.get(&seed.source);
        let known_points = known_points.map_or(&[][..], Vec::as_slice);
        let stands = |(kind, url): &(UrlKind, url::Url)| {
            let is_it = |it: &&KnownEntryPoint| it.url == url.as_str();
            known_points
                .iter()
                .find(is_it)
                .is_some_and(|it| it.is_complete && it.kind == i64::from(kind.code()))
        };
        let is_named = |known: &KnownEntryPoint| {
            let mut named = seed.entry_points.iter();
            named.any(|(_, url)| known.url == url.as_str())
        };
        let stand = seed.entry_points.iter().all(stands) && known_points.iter().all(is_named);
        (is_same && stand).then_some(known.generation)
    }
}
