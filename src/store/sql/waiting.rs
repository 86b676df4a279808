//! Waits for a server that is away or restarts, and repeats what it did not do. What a lost answer leaves open,
//! whether a transaction was committed, is asked, so that nothing is done twice. A store in a file waits for nothing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::database::{self, Connection, TransactionNumber};
use super::writing::Writing;
use super::{Engine, SqlStore, postgres};
use crate::store::StoreError;

/// The wait before the second try; it doubles with each further one…
const FIRST_WAIT: Duration = Duration::from_millis(20);
/// …up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// A try that took longer did more than look for the server: an outage begins so long before it failed at the most.
const LOOKED_FOR: Duration = Duration::from_secs(10);
/// An outage that lasts longer is reported.
const WORTH_REPORTING: Duration = Duration::from_secs(1);
/// Times that a transaction is repeated which another one was in the way of.
const MOST_CONFLICTS: u32 = 20;

/// How long a server has been away, as far as this process knows.
#[derive(Debug)]
pub(super) struct Outage {
    /// The longest that is waited.
    wait: Mutex<Duration>,
    since: Mutex<Option<Instant>>,
    is_reported: AtomicBool,
}

impl Outage {
    /// None so far; one is waited for so long.
    pub(super) fn waited_for(wait: Duration) -> Outage {
        Outage {
            wait: Mutex::new(wait),
            since: Mutex::new(None),
            is_reported: AtomicBool::new(false),
        }
    }

    /// Waits no longer than this from now on.
    pub(super) fn wait_at_most(&self, most: Duration) {
        let since = *self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let so_far = since.map_or(Duration::ZERO, |it| it.elapsed());
        let mut wait = self.wait.lock().unwrap_or_else(PoisonError::into_inner);
        *wait = (*wait).min(so_far + most);
    }

    /// Notes that the server has not answered. False where it was waited for long enough.
    fn goes_on(&self, error: &StoreError, tried_for: Duration) -> bool {
        let (since, is_first) = {
            let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let begun = now.checked_sub(tried_for.min(LOOKED_FOR));
            let is_first = since.is_none();
            (*since.get_or_insert(begun.unwrap_or(now)), is_first)
        };
        let wait = *self.wait.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = since.elapsed();
        if elapsed >= wait {
            return false;
        }
        // That a connection was lost says nothing of the server yet.
        if !is_first
            && elapsed >= WORTH_REPORTING
            && !self.is_reported.swap(true, Ordering::Relaxed)
        {
            let reason = std::error::Error::source(error).map(ToString::to_string);
            tracing::warn!(
                reason = reason.unwrap_or_default(),
                "the server of the store does not answer; waiting for it for {} seconds at most",
                wait.as_secs()
            );
        }
        true
    }

    /// The server has answered.
    fn is_over(&self) {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(since) = since.take() else {
            return;
        };
        if self.is_reported.swap(false, Ordering::Relaxed) {
            let seconds = since.elapsed().as_secs();
            tracing::warn!("the server of the store is back after {seconds} seconds");
        }
    }
}

/// The tries of one piece of work.
#[derive(Debug)]
pub(crate) struct Tries<'a> {
    outage: Option<&'a Outage>,
    /// When the last one began.
    began: Instant,
    wait: Duration,
    conflicts: u32,
}

impl<'a> Tries<'a> {
    pub(super) fn during(outage: Option<&'a Outage>) -> Tries<'a> {
        Tries {
            outage,
            began: Instant::now(),
            wait: FIRST_WAIT,
            conflicts: 0,
        }
    }

    /// Does this work, again and again until it is done.
    ///
    /// # Errors
    /// Fails as [`Tries::again`] does.
    pub(super) async fn of<T, W>(mut self, work: impl Fn() -> W) -> Result<T, StoreError>
    where
        W: Future<Output = Result<T, StoreError>>,
    {
        loop {
            match work().await {
                Ok(done) => {
                    self.are_over();
                    return Ok(done);
                }
                Err(error) => self.again(error).await?,
            }
        }
    }

    /// The work is done.
    pub(crate) fn are_over(&self) {
        if let Some(outage) = self.outage {
            outage.is_over();
        }
    }

    /// Waits until the work may be tried again.
    ///
    /// # Errors
    /// Fails with what the last try did where another is of no use.
    pub(crate) async fn again(&mut self, error: StoreError) -> Result<(), StoreError> {
        let Some(outage) = self.outage else {
            return Err(error);
        };
        let goes_on = match &error {
            StoreError::Away { .. } | StoreError::Crowded { .. } => {
                outage.goes_on(&error, self.began.elapsed())
            }
            StoreError::Locked { .. } => {
                self.conflicts += 1;
                self.conflicts <= MOST_CONFLICTS
            }
            _ => {
                outage.is_over();
                false
            }
        };
        if !goes_on {
            return Err(error);
        }
        tracing::debug!("the store is asked again: {error}");
        sleep(self.wait).await;
        self.wait = (self.wait * 2).min(LONGEST_WAIT);
        self.began = Instant::now();
        Ok(())
    }
}

/// Carries out steps in one transaction that writes, and all of them again where the server has not done them.
macro_rules! transaction {
    ($store:expr, |$connection:ident| $steps:expr) => {{
        let store: &$crate::store::sql::SqlStore = $store;
        let mut tries = store.tries();
        loop {
            let attempt = async {
                let mut writing = store.begin().await?;
                let $connection: &mut $crate::store::sql::database::Connection = &mut writing;
                let done = $steps.await.map_err(|error| store.fault(error))?;
                store.commit(writing).await?;
                Ok::<_, $crate::store::StoreError>(done)
            };
            match attempt.await {
                Ok(done) => {
                    tries.are_over();
                    break Ok(done);
                }
                Err(error) => tries.again(error).await?,
            }
        }
    }};
}
pub(crate) use transaction;

impl SqlStore {
    /// The tries of one piece of work.
    pub(crate) fn tries(&self) -> Tries<'_> {
        Tries::during(match &self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(server) => Some(server.outage()),
        })
    }

    /// True where work may be done again: it is kept until it is done.
    pub(crate) fn repeats(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Does work that may be repeated: it reads, or leaves the same when it is done twice.
    pub(crate) async fn repeating<T, W>(&self, work: impl Fn() -> W) -> Result<T, StoreError>
    where
        W: Future<Output = Result<T, StoreError>>,
    {
        self.tries().of(work).await
    }

    /// Commits a transaction. Where the answer is lost, the server is asked what became of it.
    ///
    /// # Errors
    /// Fails where it is not committed.
    pub(crate) async fn commit(&self, mut writing: Writing) -> Result<(), StoreError> {
        let number = match &mut *writing {
            Connection::Postgres(_, TransactionNumber::Known(number)) => Some(*number),
            connection @ Connection::Postgres(_, TransactionNumber::Unknown) => number(connection)
                .await
                .map_err(|error| self.fault(error))?,
            _ => None,
        };
        let Err(error) = writing.commit().await else {
            return Ok(());
        };
        let error = self.fault(error);
        match number {
            Some(number) if matches!(error, StoreError::Away { .. }) => {
                if self.was_committed(number).await? {
                    return Ok(());
                }
                Err(error)
            }
            _ => Err(error),
        }
    }

    /// True where the transaction with this number was committed.
    async fn was_committed(&self, number: i64) -> Result<bool, StoreError> {
        let mut tries = self.tries();
        loop {
            let asked: Result<Option<String>, database::Error> =
                database::query_scalar("SELECT pg_xact_status(CAST($1 AS xid8))")
                    .bind(number.to_string())
                    .fetch_one(self.readers())
                    .await;
            match asked {
                // Its process has not noticed yet that nobody listens.
                Ok(Some(status)) if status == "in progress" => sleep(FIRST_WAIT).await,
                Ok(status) => return Ok(status.as_deref() == Some("committed")),
                // The server has crashed before any of it lasted, and counts from an earlier number on.
                Err(error) if postgres::is_of_future(&error) => return Ok(false),
                Err(error) => tries.again(self.fault(error)).await?,
            }
        }
    }
}

/// The number of the transaction, if it has written anything.
async fn number(connection: &mut Connection) -> Result<Option<i64>, database::Error> {
    database::query_scalar("SELECT CAST(CAST(pg_current_xact_id_if_assigned() AS TEXT) AS BIGINT)")
        .fetch_one(connection)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::StoreLocation;
    use crate::store::tests::database::TestDatabase;

    fn away() -> StoreError {
        StoreError::Away {
            location: "here".to_owned(),
            source: "no answer".into(),
        }
    }

    /// How many tries there are within so many seconds.
    async fn tries_within(seconds: u64) -> u32 {
        let outage = Outage::waited_for(Duration::from_secs(seconds));
        let mut tries = Tries::during(Some(&outage));
        let mut count = 1;
        while tries.again(away()).await.is_ok() {
            count += 1;
        }
        count
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_is_away_is_asked_ever_less_until_it_was_waited_for_long_enough() {
        assert_eq!(tries_within(0).await, 1);
        let begun = Instant::now();
        let tries = tries_within(300).await;
        assert!((60..80).contains(&tries), "{tries}");
        let waited = begun.elapsed().as_secs();
        assert!((300..306).contains(&waited), "{waited}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_ends_with_the_first_answer_and_is_waited_for_no_longer_than_is_said() {
        let outage = Outage::waited_for(Duration::from_secs(10));
        let mut tries = Tries::during(Some(&outage));
        for _ in 0..3 {
            while outage
                .since
                .lock()
                .unwrap()
                .is_none_or(|it| it.elapsed().as_secs() < 8)
            {
                tries.again(away()).await.unwrap();
            }
            tries.are_over();
        }
        tries.again(away()).await.unwrap();
        outage.wait_at_most(Duration::from_secs(1));
        while tries.again(away()).await.is_ok() {}
        let begun = Instant::now();
        assert!(tries.again(away()).await.is_err());
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test]
    async fn what_is_wrong_with_the_work_itself_is_not_tried_again() {
        let outage = Outage::waited_for(Duration::from_secs(10));
        let mut tries = Tries::during(Some(&outage));
        let full = StoreError::Full {
            location: "here".to_owned(),
            source: "no room".into(),
        };
        assert!(tries.again(full).await.is_err());
        assert!(Tries::during(None).again(away()).await.is_err(), "a file");
    }

    #[tokio::test]
    async fn the_server_knows_what_became_of_a_transaction() {
        let Some(database) = TestDatabase::create() else {
            return;
        };
        let location: StoreLocation = database.url().parse().unwrap();
        let store = SqlStore::open(location).await.unwrap();
        for commits in [true, false] {
            let mut writing = store.begin().await.unwrap();
            assert_eq!(number(&mut writing).await.unwrap(), None);
            database::query("INSERT INTO source_ids (name) VALUES ($1)")
                .bind(if commits { "a" } else { "b" })
                .execute(&mut *writing)
                .await
                .unwrap();
            let number = number(&mut writing).await.unwrap().unwrap();
            assert!(!store.was_committed(number + 1_000_000).await.unwrap());
            if commits {
                writing.commit().await.unwrap();
            } else {
                writing.rollback().await.unwrap();
            }
            assert_eq!(store.was_committed(number).await.unwrap(), commits);
        }
    }
}
