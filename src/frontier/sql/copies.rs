//! The end of a look-up in an archive that brought nothing: how the address ended stays, and its reason says so.

use crate::frontier::policy::copies::after_lookup;
use crate::frontier::{Finished, Schedule, Visit};
use crate::store::sql::database::{self, Connection};
use crate::store::sql::source_id;

/// Notes that an archive has no copy of a page, or when it is asked again.
pub(super) async fn finish(
    connection: &mut Connection,
    schedule: &Schedule,
    visit: &Visit,
) -> Result<Finished, database::Error> {
    let (due_at, lookup) = after_lookup(schedule, visit);
    // What may pass is not said.
    let reason = visit.reason().filter(|_| due_at.is_none());
    database::query(concat!(
        "UPDATE urls SET due_at = $2, fallback = $3,
             reason = COALESCE(SUBSTR(COALESCE(reason || '; ', '') || $4, 1, 500), reason)
         WHERE id = $1 AND source_id = ",
        source_id!("$5"),
    ))
    .bind(visit.due.id)
    .bind(due_at)
    .bind(lookup)
    .bind(reason)
    .bind(&visit.due.source)
    .execute(connection)
    .await?;
    Ok(Finished {
        outcome: visit.outcome(),
        reason: visit.reason().map(str::to_owned),
        new_pages: 0,
        too_old: 0,
        left_out: 0,
        ends_claim: false,
    })
}
