//! How many pages of a source may wait, in number and in bytes. The newest are kept; what goes is
//! counted at the entry point that named it, which is read in full again.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::known::NewPage;
use super::named::Naming;
use crate::frontier::policy::intake::{Waiting, assumed_date};
use crate::frontier::policy::schedule::DAY;
use crate::frontier::{Schedule, host_and_port};
use crate::store::sql::database::{self, Connection, Int, listed};
use crate::store::sql::source_id;

/// What a source made of a host without anything due is forgotten this long after the last claim.
const FORGOTTEN_AFTER: i64 = 7 * DAY;

/// How many pages of a source may wait, and how many do.
#[derive(Debug)]
pub(super) struct Room<'a> {
    schedule: &'a Schedule,
    waiting: Waiting,
}

impl<'a> Room<'a> {
    pub(super) async fn of(
        connection: &mut Connection,
        naming: &Naming<'a>,
    ) -> Result<Room<'a>, database::Error> {
        Ok(Room {
            schedule: naming.schedule,
            waiting: waiting(connection, &naming.visit.due.source).await?,
        })
    }

    /// True where there is room for all of these.
    pub(super) fn fits(&self, new: &[NewPage]) -> bool {
        let bytes = new.iter().map(NewPage::bytes);
        let all = bytes.fold(self.waiting, Waiting::with);
        all.fits(self.schedule)
    }

    /// Those of the new pages that there is room for or that are newer than what waits, the newest first, and
    /// the number of the others.
    pub(super) async fn admit(
        &self,
        connection: &mut Connection,
        naming: &Naming<'_>,
        mut new: Vec<NewPage>,
    ) -> Result<(Vec<NewPage>, u64), database::Error> {
        let oldest = oldest(connection, &naming.visit.due.source).await?;
        let date = |page: &NewPage| assumed_date(&page.found, naming.visit.at);
        new.sort_by_key(|page| std::cmp::Reverse(date(page)));
        let count = new.len();
        let mut waiting = self.waiting;
        new.retain(|page| {
            let with = waiting.with(page.bytes());
            let has_room = with.fits(self.schedule);
            if has_room {
                waiting = with;
            }
            has_room || date(page) > oldest
        });
        let left_out = (count - new.len()) as u64;
        Ok((new, left_out))
    }
}

/// The date of the oldest page of the source that waits.
async fn oldest(connection: &mut Connection, source: &str) -> Result<Option<i64>, database::Error> {
    let oldest: Option<Option<i64>> = database::query_scalar(concat!(
        "SELECT hint FROM urls
         WHERE kind = 0 AND due_at IS NOT NULL AND visits = 0 AND source_id = ",
        source_id!("$1"),
        " ORDER BY hint NULLS FIRST LIMIT 1"
    ))
    .bind(source)
    .fetch_optional(connection)
    .await?;
    Ok(oldest.flatten())
}

async fn waiting(connection: &mut Connection, source: &str) -> Result<Waiting, database::Error> {
    let row: Option<(Int<u64>, Int<u64>)> =
        database::query_as("SELECT waiting_pages, waiting_bytes FROM source_ids WHERE name = $1")
            .bind(source)
            .fetch_optional(connection)
            .await?;
    Ok(
        row.map_or_else(Waiting::default, |(Int(pages), Int(bytes))| Waiting {
            pages,
            bytes,
        }),
    )
}

/// Deletes the oldest of the pages that wait where more do than may, and gives the number of those that
/// this visit named.
pub(super) async fn drop_surplus(
    connection: &mut Connection,
    naming: &Naming<'_>,
) -> Result<u64, database::Error> {
    let due = &naming.visit.due;
    let mut by_entry_point: HashMap<i64, u64> = HashMap::new();
    loop {
        let waiting = waiting(connection, &due.source).await?;
        let surplus = waiting.surplus(naming.schedule);
        if surplus == 0 {
            break;
        }
        // Of equal dates the newest goes: the index is walked from its other end.
        let dropped: Vec<Option<i64>> = database::query_scalar(concat!(
            "DELETE FROM urls WHERE id IN (
                 SELECT id FROM urls WHERE kind = 0 AND due_at IS NOT NULL AND visits = 0
                   AND source_id = ",
            source_id!("$1"),
            " ORDER BY hint NULLS FIRST, id DESC LIMIT $2)
             RETURNING named_by"
        ))
        .bind(&due.source)
        .bind(i64::try_from(surplus).unwrap_or(i64::MAX))
        .fetch_all(&mut *connection)
        .await?;
        if dropped.is_empty() {
            break;
        }
        for id in dropped.into_iter().flatten() {
            *by_entry_point.entry(id).or_default() += 1;
        }
    }
    let own = by_entry_point.remove(&due.id).unwrap_or_default();
    for (id, count) in by_entry_point {
        note_left_out(connection, naming, id, count).await?;
    }
    Ok(own)
}

/// Notes that pages of an entry point have no row any more: it is read in full again.
async fn note_left_out(
    connection: &mut Connection,
    naming: &Naming<'_>,
    id: i64,
    count: u64,
) -> Result<(), database::Error> {
    database::query(
        "UPDATE urls SET left_out = COALESCE(left_out, 0) + $2, etag = NULL, last_modified = NULL,
             due_at = CASE WHEN due_at > $3 THEN $3 ELSE due_at END
         WHERE id = $1 AND kind <> 0",
    )
    .bind(id)
    .bind(i64::try_from(count).unwrap_or(i64::MAX))
    .bind(naming.visit.at.saturating_add(naming.schedule.recheck_max))
    .execute(connection)
    .await
    .map(|_| ())
}

/// Those of the new pages whose hosts are known or may be taken in, and the number of the others: too many hosts
/// that the source named first have not been visited yet.
pub(super) async fn admit_hosts(
    connection: &mut Connection,
    naming: &Naming<'_>,
    mut new: Vec<NewPage>,
) -> Result<(Vec<NewPage>, u64), database::Error> {
    let due = &naming.visit.due;
    let own = host_and_port(&due.url);
    let hosts = new.iter().map(|page| page.stored.host.as_str());
    let others: BTreeSet<&str> = hosts.filter(|host| *host != own).collect();
    if others.is_empty() {
        return Ok((new, 0));
    }
    let unknown: Vec<String> = database::query_scalar(
        "SELECT value FROM each($1)
         WHERE NOT EXISTS (SELECT 1 FROM hosts WHERE hosts.host = each.value)",
    )
    .bind(listed(others))
    .fetch_all(&mut *connection)
    .await?;
    if unknown.is_empty() {
        return Ok((new, 0));
    }
    let unclaimed: i64 = database::query_scalar(concat!(
        "SELECT COUNT(*) FROM hosts WHERE claimed_at = 0 AND source_id = ",
        source_id!("$1"),
    ))
    .bind(&due.source)
    .fetch_one(connection)
    .await?;
    let unclaimed = usize::try_from(unclaimed).unwrap_or_default();
    let room = (naming.schedule.new_hosts as usize).saturating_sub(unclaimed);
    let without_room: HashSet<String> = unknown.into_iter().skip(room).collect();
    let count = new.len();
    new.retain(|page| !without_room.contains(&page.stored.host));
    let left_out = (count - new.len()) as u64;
    Ok((new, left_out))
}

/// Forgets what sources made of hosts where they have had nothing due for long.
pub(super) async fn forget_shares(
    connection: &mut Connection,
    now: i64,
) -> Result<(), database::Error> {
    database::query(
        "DELETE FROM host_shares
         WHERE due_at IS NULL AND claimed_at > 0 AND claimed_at < $2
           AND back_off_until <= $1 AND pages_held_until <= $1",
    )
    .bind(now)
    .bind(now.saturating_sub(FORGOTTEN_AFTER))
    .execute(connection)
    .await
    .map(|_| ())
}
