//! Takes in the addresses that a visit found, a batch at a time: each batch is a transaction of its own, and
//! whoever else wants to write gets a turn between two of them. The visit ends with the last batch, so
//! that one that was killed in between is made again.

use std::collections::{BTreeSet, HashMap};

use super::keys::pattern_key;
use super::known::{KnownPages, NamedAgain, NewPage};
use super::named::Naming;
use super::patterns::{self, Patterns};
use super::{room, too_old};
use crate::frontier::policy::intake::{is_checked_for_traps, room_for_entries};
use crate::frontier::{FoundUrl, Schedule, UrlKind, Visit, VisitResult};
use crate::store::sql::database::{self, Connection, Int};
use crate::store::sql::{LockOf, PageKey, Stored, given, lock, source_id};

/// Addresses that are taken in by one transaction. The more, the fewer pages of the indexes are written twice; whoever
/// else wants to write waits for one batch, some 20 ms.
const BATCH: usize = 2_000;

/// What a visit brought that was not known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TakenIn {
    /// New pages.
    pub(super) new_pages: u64,
    /// Pages that are older than `max_age`, and were not known to be.
    pub(super) too_old: u64,
    /// Pages without a row, as too many of the source wait.
    pub(super) left_out: u64,
    /// Some of the new pages are of another pattern than the one visited, which is no trap so far.
    pub(super) leads_on: bool,
}

/// The addresses that a visit found and that are not taken in yet.
#[derive(Debug, Clone)]
pub(super) struct Intake {
    /// Pages that are too old, other pages, and entry points, each a row of the same kind.
    found: std::vec::IntoIter<FoundUrl>,
    /// What the batches so far brought.
    pub(super) progress: Progress,
}

/// What is known once some of what a visit found is taken in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    /// Pages that are too old and have no row, so far as is known.
    without_row: Option<u64>,
    /// How many more feeds and sitemaps may be taken in, once that is known.
    room: Option<u64>,
    taken_in: TakenIn,
}

/// What is done with an address: those of one kind are taken in together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    TooOld,
    Page,
    EntryPoint,
}

impl Sort {
    fn of(found: &FoundUrl) -> Sort {
        match found.kind {
            UrlKind::Page if found.too_old => Sort::TooOld,
            UrlKind::Page => Sort::Page,
            _ => Sort::EntryPoint,
        }
    }
}

impl Intake {
    /// Takes the addresses out of the visit.
    pub(super) fn of(schedule: &Schedule, visit: &mut Visit) -> Intake {
        let mut found = match &mut visit.result {
            VisitResult::Answered(answered) => std::mem::take(&mut answered.reading.found),
            _ => Vec::new(),
        };
        let without_row = too_old::keep_newest(schedule, &mut found);
        found.sort_by_key(Sort::of);
        Intake {
            found: found.into_iter(),
            progress: Progress {
                without_row,
                room: None,
                taken_in: TakenIn::default(),
            },
        }
    }

    /// Takes out the addresses of the next batch.
    pub(super) fn next_batch(&mut self) -> Vec<FoundUrl> {
        self.found.by_ref().take(BATCH).collect()
    }

    /// True where one transaction is not to take in all of them.
    pub(super) fn exceeds_batch(&self) -> bool {
        self.found.len() > BATCH
    }

    /// Takes in the last batch, and gives what all of them brought.
    pub(super) async fn finish(
        mut self,
        connection: &mut Connection,
        naming: &Naming<'_>,
    ) -> Result<TakenIn, database::Error> {
        let batch = self.next_batch();
        let mut progress = self.progress;
        progress.take_batch(connection, naming, &batch).await?;
        if let Some(count) = progress.without_row {
            progress.taken_in.too_old += too_old::count_rest(connection, naming, count).await?;
        }
        Ok(progress.taken_in)
    }
}

impl Progress {
    /// Takes in a batch.
    pub(super) async fn take_batch(
        &mut self,
        connection: &mut Connection,
        naming: &Naming<'_>,
        batch: &[FoundUrl],
    ) -> Result<(), database::Error> {
        for run in batch.chunk_by(|one, other| Sort::of(one) == Sort::of(other)) {
            match run.first().map(Sort::of) {
                Some(Sort::TooOld) => self.too_old(connection, naming, run).await?,
                Some(Sort::Page) => self.pages(connection, naming, run).await?,
                _ => self.entry_points(connection, naming, run).await?,
            }
        }
        Ok(())
    }

    async fn too_old(
        &mut self,
        connection: &mut Connection,
        naming: &Naming<'_>,
        found: &[FoundUrl],
    ) -> Result<(), database::Error> {
        let unknown = unknown(connection, naming, found).await?;
        let new = too_old::record(connection, naming, &unknown).await?;
        let with_row = (found.len() - unknown.len()) as u64 + new;
        self.without_row = self.without_row.map(|it| it.saturating_sub(with_row));
        self.taken_in.too_old += new;
        Ok(())
    }

    /// Stores the pages that are not known yet, due within the running pass. Where more of the source wait
    /// than may, the oldest of them go.
    async fn pages(
        &mut self,
        connection: &mut Connection,
        naming: &Naming<'_>,
        found: &[FoundUrl],
    ) -> Result<(), database::Error> {
        let unknown = unknown(connection, naming, found).await?;
        let new = self.without_traps(connection, naming, unknown).await?;
        if new.is_empty() {
            return Ok(());
        }
        let (new, without_host) = room::admit_hosts(connection, naming, new).await?;
        let room = room::Room::of(connection, naming).await?;
        if room.fits(&new) {
            self.taken_in.new_pages += naming.insert_pages(connection, &new).await?;
            self.taken_in.left_out += without_host;
            return Ok(());
        }
        let (new, without_room) = room.admit(connection, naming, new).await?;
        let inserted = naming.insert_pages(connection, &new).await?;
        let dropped = room::drop_surplus(connection, naming).await?;
        self.taken_in.new_pages += inserted.saturating_sub(dropped);
        self.taken_in.left_out += without_host + without_room + dropped;
        Ok(())
    }

    /// Those of the new pages that belong to no crawl trap.
    async fn without_traps(
        &mut self,
        connection: &mut Connection,
        naming: &Naming<'_>,
        pages: Vec<NewPage>,
    ) -> Result<Vec<NewPage>, database::Error> {
        // A sitemap leads nowhere that matters, and its dated pages are in no trap.
        let is_page = naming.visit.due.kind == UrlKind::Page;
        let matters = |page: &NewPage| is_page || is_checked_for_traps(&page.found);
        if !pages.iter().any(matters) {
            return Ok(pages);
        }
        let own = pattern_key(&naming.visit.due.url);
        let names: Vec<String> = pages.iter().map(|it| pattern_key(&it.found.url)).collect();
        let (schedule, visit) = (naming.schedule, naming.visit);
        let patterns: Patterns = patterns::visited(connection, schedule, visit, &names).await?;
        let mut kept = Vec::with_capacity(pages.len());
        for (page, name) in pages.into_iter().zip(names) {
            let pattern = patterns.get(&name);
            if !(is_checked_for_traps(&page.found) && pattern.is_trap) {
                self.taken_in.leads_on |= pattern.leads_on && name != own;
                kept.push(page);
            }
        }
        Ok(kept)
    }

    async fn entry_points(
        &mut self,
        connection: &mut Connection,
        naming: &Naming<'_>,
        found: &[FoundUrl],
    ) -> Result<(), database::Error> {
        if found.is_empty() {
            return Ok(());
        }
        let mut room = match self.room {
            Some(room) => room,
            None => entry_room(connection, naming).await?,
        };
        for found in found {
            if naming.known_entry_point(connection, found).await? {
                continue;
            }
            if room == 0 {
                self.taken_in.left_out += u64::from(!found.guessed);
            } else {
                room -= naming.insert_entry_point(connection, found).await?.min(1);
            }
        }
        self.room = Some(room);
        Ok(())
    }
}

/// Notes which of these pages are named again, and gives those that are not known, each once.
async fn unknown(
    connection: &mut Connection,
    naming: &Naming<'_>,
    found: &[FoundUrl],
) -> Result<Vec<NewPage>, database::Error> {
    let keys: Vec<PageKey> = found.iter().map(|it| PageKey::of(&it.url)).collect();
    let mut known = KnownPages::of(connection, &keys).await?;
    if connection.is_to_server() {
        let unknown = keys.iter().filter(|key| !known.has(key));
        let unknown: BTreeSet<i64> = unknown.map(PageKey::host_bits).collect();
        if !unknown.is_empty() {
            // Another worker may store the same page at this moment: whoever comes second finds it.
            lock(connection, LockOf::Pages, unknown).await?;
            known = KnownPages::of(connection, &keys).await?;
        }
    }
    let mut again = NamedAgain::default();
    let mut new: Vec<NewPage> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    for (found, key) in found.iter().zip(keys) {
        let is_known = naming.known_page(connection, known.get(found, &key), found, &mut again);
        if is_known.await? {
            continue;
        }
        if let Some(page) = positions.get(&key.text).and_then(|&at| new.get_mut(at)) {
            page.merge(found);
            continue;
        }
        positions.insert(key.text.clone(), new.len());
        new.push(NewPage {
            key,
            stored: Stored::of(&found.url),
            found: found.clone(),
        });
    }
    again.store(connection, naming).await?;
    Ok(new)
}

async fn entry_room(
    connection: &mut Connection,
    naming: &Naming<'_>,
) -> Result<u64, database::Error> {
    let known: Int<u64> = database::query_scalar(concat!(
        "SELECT COUNT(*) FROM urls
         WHERE kind <> 0 AND given <> $2 AND due_at IS NOT NULL AND source_id = ",
        source_id!("$1"),
    ))
    .bind(&naming.visit.due.source)
    .bind(given::CONFIGURED)
    .fetch_one(connection)
    .await?;
    Ok(room_for_entries(naming.schedule, known.0))
}
