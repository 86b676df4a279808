//! What is known of an address, of its source's share of its host and of its URL pattern before a visit ends: all that
//! settles it, read by one statement.

use super::keys::pattern_key;
use super::origin;
use crate::frontier::policy::host::HostPages;
use crate::frontier::policy::settle::UrlState;
use crate::frontier::policy::traps::PatternRecord;
use crate::frontier::{Visit, host_and_port};
use crate::store::sql::database::{self, Connection, FromRow, Int, Query};

/// What is known before a visit ends.
#[derive(Debug, Default)]
pub(super) struct VisitState {
    pub(super) url: UrlState,
    pub(super) share: Option<ShareState>,
    pub(super) pattern: PatternRecord,
}

/// What the source made of the host.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShareState {
    /// Visits in a row that the host failed.
    pub(super) failures: u32,
    pub(super) pages: HostPages,
}

/// The state as it is read.
#[derive(Debug, FromRow)]
pub(super) struct StateRow {
    attempts: Option<Int<u32>>,
    visits: Option<Int<u32>>,
    status: Option<Int<u16>>,
    recheck: Option<i64>,
    given: Option<i64>,
    stored_at: Option<i64>,
    found_at: Option<i64>,
    failures: Option<Int<u32>>,
    page_failures: Option<Int<u32>>,
    pages_held_until: Option<i64>,
    retry_day: Option<i64>,
    retries: Option<Int<u32>>,
    barren: Option<Int<u32>>,
    barren_since: Option<i64>,
    fruit_at: Option<i64>,
    pattern_visited_at: Option<i64>,
}

/// Reads the state: what else is read, and what else it is joined with.
macro_rules! state {
    ($more:literal, $joined:literal) => {
        concat!(
            "SELECT urls.attempts, urls.visits, urls.status, urls.recheck, urls.given,
                    urls.stored_at, urls.found_at, share.failures, share.page_failures,
                    share.pages_held_until, share.retry_day, share.retries, shapes.barren,
                    shapes.barren_since, shapes.fruit_at, shapes.visited_at AS pattern_visited_at",
            $more,
            " FROM source_ids CROSS JOIN hosts ON hosts.host = $3 ",
            $joined,
            " LEFT JOIN urls ON urls.id = $1
              LEFT JOIN host_shares AS share
                  ON share.host_id = hosts.id AND share.source_id = source_ids.id
              LEFT JOIN shapes ON shapes.shape = $4 AND shapes.source = $2
             WHERE source_ids.name = $2"
        )
    };
}
pub(super) use state;

impl VisitState {
    /// What is known before this visit ends.
    pub(super) async fn of(
        connection: &mut Connection,
        visit: &Visit,
    ) -> Result<VisitState, database::Error> {
        let row: Option<StateRow> = bound(database::query_as(state!("", "")), visit)
            .fetch_optional(connection)
            .await?;
        Ok(row.map(VisitState::from).unwrap_or_default())
    }
}

/// The statement with the values by which the state is found.
pub(super) fn bound<T>(query: Query<T>, visit: &Visit) -> Query<T> {
    query
        .bind(visit.due.id)
        .bind(&visit.due.source)
        .bind(host_and_port(&visit.due.url))
        .bind(pattern_key(&visit.due.url))
}

impl From<StateRow> for VisitState {
    fn from(row: StateRow) -> VisitState {
        VisitState {
            url: UrlState {
                attempts: number(row.attempts),
                visits: number(row.visits),
                status: row.status.map(|it| it.0),
                found_at: row.found_at,
                is_unnamed: false,
                recheck: row.recheck,
                origin: row.given.map(origin).unwrap_or_default(),
                stored_at: row.stored_at,
            },
            share: row.failures.map(|failures| ShareState {
                failures: failures.0,
                pages: HostPages {
                    failures: number(row.page_failures),
                    held_until: row.pages_held_until.unwrap_or_default(),
                    retry_day: row.retry_day,
                    retries: number(row.retries),
                },
            }),
            pattern: PatternRecord {
                unproductive: number(row.barren),
                unproductive_since: row.barren_since,
                productive_at: row.fruit_at,
                visited_at: row.pattern_visited_at.unwrap_or_default(),
            },
        }
    }
}

fn number(column: Option<Int<u32>>) -> u32 {
    column.unwrap_or_default().0
}
