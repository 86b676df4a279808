//! Claims a host with what is due there.

use url::Url;

use super::origin;
use crate::frontier::policy::queue::Queues;
use crate::frontier::policy::schedule::DAY;
use crate::frontier::{Claim, CopyLookup, Due, Origin, Pass, Schedule, UrlKind};
use crate::store::sql::address;
use crate::store::sql::database::{self, Batch, Connection, FromRow, Int, listed};
use crate::verdict::AddressEvidence;

/// A queue of what is due at a host: its number, its condition, which has an index of its own, and its order.
macro_rules! queue {
    ($queue:literal, $condition:literal, $order:literal) => {
        concat!(
            "SELECT CAST(",
            $queue,
            " AS BIGINT) AS queue, id, ",
            address!("$5", "path"),
            " AS url, kind, depth, given, published, evidence,
                    CASE WHEN kind <> 0 OR stored_at IS NOT NULL THEN etag END AS etag,
                    CASE WHEN kind <> 0 OR stored_at IS NOT NULL THEN last_modified END
                        AS last_modified,
                    archived, fallback
             FROM urls
             WHERE host_id = $1 AND due_at IS NOT NULL AND due_at <= $2
               AND source_id = $3 AND ",
            $condition,
            " ORDER BY ",
            $order,
            " LIMIT $4"
        )
    };
}

const FRESH: i64 = 1;
const BACKLOG: i64 = 2;
const RETRIES: i64 = 3;

const ENTRY_POINTS: &str = queue!("0", "kind <> 0", "depth, hint DESC NULLS LAST, id");
const ENTRY_POINTS_IN_TURN: &str = queue!("0", "kind <> 0", "due_at, depth, id");
/// The queues of pages, one after the other, each by an index of its own and in its order.
const PAGES: &str = concat!(
    "SELECT * FROM (",
    queue!(
        "1",
        "kind = 0 AND visits = 0 AND evidence IN (1, 3, 4) AND found_at > $6",
        "found_at DESC NULLS LAST, hint DESC NULLS LAST, id"
    ),
    ") AS fresh UNION ALL SELECT * FROM (",
    queue!(
        "2",
        "kind = 0 AND visits = 0
         AND NOT (COALESCE(evidence, 0) IN (1, 3, 4) AND COALESCE(found_at, 0) > $6)",
        "hint DESC NULLS LAST, id"
    ),
    ") AS backlog UNION ALL SELECT * FROM (",
    queue!(
        "3",
        "kind = 0 AND visits > 0 AND stored_at IS NULL",
        "due_at, id"
    ),
    ") AS retries UNION ALL SELECT * FROM (",
    queue!(
        "4",
        "kind = 0 AND visits > 0 AND stored_at IS NOT NULL",
        "due_at, id"
    ),
    ") AS refetches"
);

/// A host is known to be slow for so long after a pass has left it.
const SLOW_FOR: i64 = 2 * DAY;

/// Claims a host for the source that waited longest there; see
/// [`Frontier::claim`](crate::frontier::Frontier::claim).
pub(super) async fn claim(
    connection: &mut Connection,
    pass: &Pass,
    schedule: &Schedule,
    now: i64,
) -> Result<Option<Claim>, database::Error> {
    let near = now.saturating_add(schedule.far_turn);
    // Each share is either claimed or known to have nothing due in this pass.
    let mut has_written = false;
    while let Some(share) = longest_waiting(connection, pass, (now, near)).await? {
        let selection = Selection {
            share: &share,
            pass,
        };
        let due = selection.first(connection, schedule, now).await?;
        if due.is_empty() {
            note_next_due(connection, pass, &share).await?;
            has_written = true;
            continue;
        }
        let token = take(connection, pass, &share, (now, schedule.lease)).await?;
        let is_own = share.is_of(pass);
        let is_anothers = connection.is_to_server() && !is_own;
        return Ok(Some(Claim {
            token,
            visited_at: share.visited_at_by((now, schedule.lease), is_anothers),
            is_own,
            host: share.host,
            due,
        }));
    }
    if !has_written {
        connection.note_nothing_written();
    }
    Ok(None)
}

/// Leases the host, moves the source to the end of its turns there, and gives the number of the claim.
async fn take(
    connection: &mut Connection,
    pass: &Pass,
    share: &Share,
    (now, lease): (i64, i64),
) -> Result<i64, database::Error> {
    let mut turn = Batch::default();
    turn.add(
        database::query(
            "UPDATE host_shares SET claimed_at = $3, claims = claims + 1
             WHERE host_id = $1 AND source_id = $2",
        )
        .bind(share.host_id)
        .bind(share.source_id)
        .bind(now),
    );
    let lease = database::query_as(
        "UPDATE hosts SET claimed_at = $2, lease_until = $3, lease_owner = $4, lease_token = lease_token + 1
         WHERE id = $1 RETURNING lease_token, CURRENT_TRANSACTION",
    )
    .bind(share.host_id)
    .bind(now)
    .bind(now.saturating_add(lease))
    .bind(&pass.owner);
    let (token, transaction): (i64, i64) = turn.and_one(lease, &mut *connection).await?;
    connection.note_transaction(transaction);
    Ok(token)
}

/// A host with a source that may have something due there.
#[derive(FromRow)]
struct Share {
    host_id: i64,
    source_id: i64,
    host: String,
    source: String,
    visited_at: Option<i64>,
    lease_owner: Option<String>,
    turn_at: i64,
    pages_held_until: i64,
    after_entry_point: bool,
}

impl Share {
    /// True where a task of this pass had the host last.
    fn is_of(&self, pass: &Pass) -> bool {
        self.lease_owner
            .as_ref()
            .is_some_and(|it| pass.has_task(it))
    }

    /// When the host was last asked. Of a host that another worker has just had it counts as asked now: the workers know
    /// the time by the server's clock, but only as exactly as the server answers, and the pace is to hold all the same.
    fn visited_at_by(&self, (now, lease): (i64, i64), is_anothers: bool) -> Option<i64> {
        let is_recent = |at: i64| at > now.saturating_sub(lease);
        self.visited_at.map(|at| {
            if is_anothers && is_recent(at) {
                at.max(now)
            } else {
                at
            }
        })
    }
}

/// The source and host that waited longest among those where something may be due and a turn is near. Where
/// the pages are held, only entry points are. Walks an index in its order, and stops at the first that fits. A host that
/// another worker is claiming is passed over: nobody waits, and no two get one host. PostgreSQL takes a condition in a
/// `CASE` for one that nearly all rows meet; else it would sort all of them.
async fn longest_waiting(
    connection: &mut Connection,
    pass: &Pass,
    (now, near): (i64, i64),
) -> Result<Option<Share>, database::Error> {
    database::query_as(
        "SELECT share.host_id, share.source_id, host, source_ids.name AS source, visited_at,
                lease_owner, turn_at, pages_held_until, after_entry_point <> 0 AS after_entry_point
         FROM host_shares AS share INDEXED BY host_shares_in_turn
             CROSS JOIN hosts ON hosts.id = share.host_id
             CROSS JOIN source_ids ON source_ids.id = share.source_id
         WHERE share.due_at IS NOT NULL AND GREATEST(share.claimed_at, share.due_at) <= $5
           AND CASE WHEN share.due_at <= $2 AND share.back_off_until <= $1
                     AND share.source_id IN (SELECT named.id FROM each($3)
                                             CROSS JOIN source_ids AS named ON named.name = each.value)
                    THEN 1 ELSE 0 END <> 0
           AND CASE WHEN lease_until <= $1 AND hosts.back_off_until <= $1 AND turn_at <= $4
                    THEN 1 ELSE 0 END <> 0
           AND CASE WHEN pages_held_until <= $1
                      OR (SELECT 1 FROM urls
                          WHERE urls.host_id = share.host_id AND urls.source_id = share.source_id
                            AND urls.due_at IS NOT NULL AND urls.due_at <= $2 AND kind <> 0
                          LIMIT 1) IS NOT NULL
                    THEN 1 ELSE 0 END <> 0
         ORDER BY GREATEST(share.claimed_at, share.due_at), claims, share.host_id, share.source_id
         LIMIT 1
         FOR NO KEY UPDATE OF hosts SKIP LOCKED",
    )
    .bind(now)
    .bind(pass.started)
    .bind(listed(pass.sources.as_slice()))
    .bind(near)
    .bind(now.max(pass.started))
    .fetch_optional(connection)
    .await
}

/// Notes when something of the source is due at the host that has nothing due for it in this pass: what still waits
/// for a first visit was left to the next one.
async fn note_next_due(
    connection: &mut Connection,
    pass: &Pass,
    share: &Share,
) -> Result<(), database::Error> {
    database::query(
        "UPDATE host_shares SET due_at = (
             SELECT MIN(due) FROM (
                 SELECT MIN(due_at) AS due FROM urls
                 WHERE host_id = $1 AND source_id = $2 AND due_at IS NOT NULL AND kind <> 0
                 UNION ALL
                 SELECT MIN(due_at) FROM urls
                 WHERE host_id = $1 AND source_id = $2 AND due_at IS NOT NULL AND kind = 0
                   AND visits > 0 AND stored_at IS NULL
                 UNION ALL
                 SELECT MIN(due_at) FROM urls
                 WHERE host_id = $1 AND source_id = $2 AND due_at IS NOT NULL AND kind = 0
                   AND visits > 0 AND stored_at IS NOT NULL
                 UNION ALL
                 SELECT $3 + 1 WHERE EXISTS (
                     SELECT 1 FROM urls
                     WHERE host_id = $1 AND source_id = $2 AND due_at IS NOT NULL AND kind = 0
                       AND visits = 0)) AS next)
         WHERE host_id = $1 AND source_id = $2",
    )
    .bind(share.host_id)
    .bind(share.source_id)
    .bind(pass.started)
    .execute(connection)
    .await
    .map(|_| ())
}

/// What is selected of a queue.
struct Selection<'a> {
    share: &'a Share,
    pass: &'a Pass,
}

impl Selection<'_> {
    /// What goes first. What entry points name goes before what waits: they are read first, and alone. At a
    /// host with a turn or two in a pass they take turns with pages, so that neither keeps the other out.
    async fn first(
        &self,
        connection: &mut Connection,
        schedule: &Schedule,
        now: i64,
    ) -> Result<Vec<Due>, database::Error> {
        let share = self.share;
        let is_slow = share.turn_at > now.saturating_sub(SLOW_FOR);
        if is_slow && share.after_entry_point && share.pages_held_until <= now {
            let pages = self.pages(connection, schedule).await?;
            if !pages.is_empty() {
                return Ok(pages);
            }
        }
        let due = self.entry_points(connection, schedule, is_slow).await?;
        if due.is_empty() {
            return self.pages(connection, schedule).await;
        }
        Ok(due)
    }

    async fn pages(
        &self,
        connection: &mut Connection,
        schedule: &Schedule,
    ) -> Result<Vec<Due>, database::Error> {
        let mut queues = Queues::default();
        for row in self.rows(connection, PAGES, schedule).await? {
            let queue = match row.queue {
                FRESH => &mut queues.fresh,
                BACKLOG => &mut queues.backlog,
                RETRIES => &mut queues.retries,
                _ => &mut queues.refetches,
            };
            queue.push(row);
        }
        let first = queues.first(schedule.batch as usize).into_iter();
        first.map(|row| row.due(&self.share.source)).collect()
    }

    async fn entry_points(
        &self,
        connection: &mut Connection,
        schedule: &Schedule,
        in_turn: bool,
    ) -> Result<Vec<Due>, database::Error> {
        let queue = if in_turn {
            ENTRY_POINTS_IN_TURN
        } else {
            ENTRY_POINTS
        };
        let rows = self.rows(connection, queue, schedule).await?.into_iter();
        rows.map(|row| row.due(&self.share.source)).collect()
    }

    async fn rows(
        &self,
        connection: &mut Connection,
        queues: &'static str,
        schedule: &Schedule,
    ) -> Result<Vec<Row>, database::Error> {
        database::query_as(queues)
            .bind(self.share.host_id)
            .bind(self.pass.started)
            .bind(self.share.source_id)
            .bind(schedule.batch)
            .bind(&self.share.host)
            .bind(self.pass.started.saturating_sub(schedule.fresh_for))
            .fetch_all(connection)
            .await
    }
}

#[derive(FromRow)]
struct Row {
    queue: i64,
    id: i64,
    url: String,
    #[sqlx(try_from = "i64")]
    kind: u8,
    #[sqlx(try_from = "i64")]
    depth: u32,
    given: i64,
    etag: Option<String>,
    last_modified: Option<String>,
    archived: Option<String>,
    fallback: Option<Int<u8>>,
    published: Option<i64>,
    evidence: Option<Int<u8>>,
}

impl Row {
    fn due(self, source: &str) -> Result<Due, database::Error> {
        let decode = |what: String| database::Error::Decode(what.into());
        Ok(Due {
            url: Url::parse(&self.url).map_err(|error| decode(format!("{}: {error}", self.url)))?,
            kind: UrlKind::from_code(self.kind)
                .ok_or_else(|| decode(format!("unknown kind of address: {}", self.kind)))?,
            id: self.id,
            source: source.to_owned(),
            depth: self.depth,
            guessed: origin(self.given) == Origin::Guessed,
            etag: self.etag,
            last_modified: self.last_modified,
            archived: self.archived,
            published: self.published,
            evidence: AddressEvidence::from_code(self.evidence.map(|it| it.0)),
            lookup: CopyLookup::from_code(self.fallback.map(|it| it.0)),
        })
    }
}
