//! How the end of a visit begins: whose its host is, what locks its article needs, and what is known so far. Each message
//! to a server costs as much as a small statement, so one statement does all three there.

use super::lease::is_held;
use super::visit_state::{StateRow, VisitState, bound, state};
use crate::frontier::{Pass, Schedule, Visit, host_and_port};
use crate::store::sql::database::{self, Connection, FromRow, Query, Value};
use crate::store::sql::{Compared, LeaseLost};

/// A visit that ends, the pass that it is part of, and the rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ending<'a> {
    pub(super) pass: &'a Pass,
    pub(super) schedule: &'a Schedule,
    pub(super) visit: &'a Visit,
}

/// Notes the visit and renews the lease of its host, which nobody gets before the transaction ends.
macro_rules! noted {
    ($host:literal, $owner:literal, $token:literal, $at:literal, $until:literal) => {
        concat!(
            "UPDATE hosts SET visited_at = ",
            $at,
            ", lease_until = GREATEST(lease_until, ",
            $until,
            ") WHERE ",
            is_held!($host, $owner, $token),
            " RETURNING CURRENT_TRANSACTION AS number"
        )
    };
}

#[derive(FromRow)]
struct Begun {
    #[sqlx(flatten)]
    state: StateRow,
    transaction: i64,
}

impl Ending<'_> {
    /// Notes the visit, holds its host and takes the locks of its article, all until the transaction ends, and gives what
    /// is known before the visit.
    ///
    /// # Errors
    /// Fails with [`LeaseLost`] where the host is another's by now.
    pub(super) async fn begin(
        self,
        connection: &mut Connection,
        compared: Option<&Compared>,
    ) -> Result<VisitState, database::Error> {
        let article = self.visit.article().zip(compared);
        if connection.is_to_server() {
            let locks = article.map(|(article, compared)| compared.locks(article));
            let locks = locks.unwrap_or(Value::Ints(Vec::new()));
            if let Some(state) = self.begin_at_once(connection, locks).await? {
                return Ok(state);
            }
        }
        self.note(connection).await?;
        if let Some((article, compared)) = article {
            compared.lock(connection, article).await?;
        }
        VisitState::of(connection, self.visit).await
    }

    /// The same by one statement of a server. `None` where the host is not held, or the source is gone.
    async fn begin_at_once(
        self,
        connection: &mut Connection,
        locks: Value,
    ) -> Result<Option<VisitState>, database::Error> {
        let begin = database::query_as(concat!(
            "WITH held AS (",
            noted!("$3", "$5", "$6", "$7", "$8"),
            "), locked AS (SELECT COUNT(pg_advisory_xact_lock(value)) AS locks FROM each($9)) ",
            // What nobody reads is not done.
            state!(
                ", held.number AS transaction, (SELECT locks FROM locked) AS locks",
                "CROSS JOIN held ON TRUE"
            ),
        ));
        let begin = self.bound(bound(begin, self.visit)).bind(locks);
        let begun: Option<Begun> = begin.fetch_optional(&mut *connection).await?;
        Ok(begun.map(|it| {
            connection.note_transaction(it.transaction);
            VisitState::from(it.state)
        }))
    }

    async fn note(self, connection: &mut Connection) -> Result<(), database::Error> {
        let host = host_and_port(&self.visit.due.url);
        let noted = database::query_as(noted!("$1", "$2", "$3", "$4", "$5")).bind(&host);
        let noted: Option<(i64,)> = self.bound(noted).fetch_optional(&mut *connection).await?;
        match noted {
            Some((transaction,)) => connection.note_transaction(transaction),
            None if was_claimed(connection, &host).await? => Err(LeaseLost(host))?,
            None => {}
        }
        Ok(())
    }

    /// The statement with the owner of the host, its claim, the time of the visit and that of the end of the lease.
    fn bound<T>(self, query: Query<T>) -> Query<T> {
        let at = self.visit.at;
        query
            .bind(&self.pass.owner)
            .bind(self.pass.token)
            .bind(at)
            .bind(at.saturating_add(self.schedule.lease))
    }
}

/// True where somebody has claimed the host. One that nobody has is nobody else's.
async fn was_claimed(connection: &mut Connection, host: &str) -> Result<bool, database::Error> {
    database::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM hosts WHERE host = $1 AND lease_owner IS NOT NULL)",
    )
    .bind(host)
    .fetch_one(connection)
    .await
}
