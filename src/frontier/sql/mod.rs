//! The frontier in the store's database.

mod article;
mod begin;
mod claim;
mod clock;
mod copies;
mod finish;
mod found;
mod host;
mod judge;
mod keys;
mod known;
mod lease;
mod named;
mod patterns;
mod retry;
mod room;
mod seed;
mod seeds;
mod slow;
mod sources;
mod takeover;
#[cfg(test)]
mod tests;
mod too_old;
mod visit_state;

use async_trait::async_trait;

use self::found::{Intake, Progress};
use self::named::Naming;
use crate::frontier::{
    Claim, Due, Finished, Frontier, Held, Judged, Judgement, LeftOver, Origin, Pass, Schedule,
    Seed, Seeded, SlowHost, Visit,
};
use crate::store::sql::database;
use crate::store::sql::{SqlStore, given, transaction};
use crate::store::{AddressFilter, Lock, StoreError};

/// The frontier in the store's database.
#[derive(Debug, Clone)]
pub(crate) struct SqlFrontier {
    store: SqlStore,
    schedule: Schedule,
}

impl SqlFrontier {
    /// The frontier of this store.
    pub(crate) fn new(store: SqlStore, schedule: Schedule) -> SqlFrontier {
        SqlFrontier { store, schedule }
    }

    /// Takes in some of what a visit found, in a transaction of its own.
    async fn take_batch(
        &self,
        pass: &Pass,
        visit: &Visit,
        intake: &mut Intake,
    ) -> Result<(), StoreError> {
        let naming = Naming {
            pass,
            schedule: &self.schedule,
            visit,
        };
        let (batch, before) = (intake.next_batch(), intake.progress);
        let taken: Result<Progress, StoreError> = transaction!(&self.store, |connection| async {
            if connection.is_to_server() {
                lease::hold(connection, naming.pass, &visit.due.url).await?;
            }
            let mut progress = before;
            progress.take_batch(connection, &naming, &batch).await?;
            Ok(progress)
        });
        intake.progress = taken?;
        Ok(())
    }

    /// The value for the next try: where work is never repeated, the only one there is.
    fn for_try<T: Clone>(&self, kept: &mut Option<T>) -> Option<T> {
        if self.store.repeats() {
            kept.clone()
        } else {
            kept.take()
        }
    }
}

/// What was to be stored is gone: a try that took it was the last.
fn gone() -> database::Error {
    database::Error::Configuration("nothing is left to be stored".into())
}

#[async_trait]
impl Frontier for SqlFrontier {
    async fn end_leases(&self, _alone: &Lock) -> Result<(), StoreError> {
        let end = "UPDATE hosts SET lease_until = 0 WHERE lease_until <> 0";
        self.store.write(database::query(end)).await?;
        Ok(())
    }

    async fn correct_times(&self, now: i64) -> Result<i64, StoreError> {
        transaction!(&self.store, |connection| clock::correct(
            connection,
            &self.schedule,
            now
        ))
    }

    async fn seed(&self, seeds: &[Seed], now: i64) -> Result<Seeded, StoreError> {
        transaction!(&self.store, |connection| async {
            let seeded = seed::seed(connection, seeds, now).await?;
            room::forget_shares(connection, now).await?;
            Ok(seeded)
        })
    }

    async fn claim(&self, pass: &Pass, now: i64) -> Result<Option<Claim>, StoreError> {
        transaction!(&self.store, |connection| claim::claim(
            connection,
            pass,
            &self.schedule,
            now
        ))
    }

    async fn finish(&self, pass: &Pass, visit: Visit) -> Result<Finished, StoreError> {
        let mut visit = visit;
        let mut intake = Intake::of(&self.schedule, &mut visit);
        while intake.exceeds_batch() {
            self.take_batch(pass, &visit, &mut intake).await?;
        }
        let mut kept = Some((visit, intake));
        transaction!(&self.store, |connection| async {
            let (visit, intake) = self.for_try(&mut kept).ok_or_else(gone)?;
            finish::finish(connection, pass, &self.schedule, visit, intake).await
        })
    }

    async fn postpone(&self, pass: &Pass, due: &Due) -> Result<(), StoreError> {
        self.store.write(lease::postponing(pass, due)).await?;
        Ok(())
    }

    async fn retry(&self, filter: &AddressFilter, now: i64) -> Result<u64, StoreError> {
        transaction!(&self.store, |connection| retry::retry(
            connection, filter, now
        ))
    }

    async fn retry_page(&self, id: i64, now: i64) -> Result<bool, StoreError> {
        let made_due = transaction!(&self.store, |connection| retry::retry_page(
            connection, id, now
        ));
        made_due.map(|pages| pages > 0)
    }

    async fn judge(&self, judged: Judged, now: i64) -> Result<Judgement, StoreError> {
        let schedule = &self.schedule;
        if judged.dry_run {
            let mut transaction = self.store.begin().await?;
            let steps = async {
                let judgement = judge::judge(&mut transaction, schedule, judged, now).await?;
                transaction.rollback().await?;
                Ok(judgement)
            };
            return steps.await.map_err(|error| self.store.fault(error));
        }
        let mut kept = Some(judged);
        transaction!(&self.store, |connection| async {
            let judged = self.for_try(&mut kept).ok_or_else(gone)?;
            judge::judge(connection, schedule, judged, now).await
        })
    }

    async fn fetch_refused(
        &self,
        judged_by: &[(String, String)],
        now: i64,
    ) -> Result<u64, StoreError> {
        transaction!(&self.store, |connection| async {
            judge::fetch_refused(connection, judged_by, now).await
        })
    }

    async fn renew(&self, held: &[Held], now: i64) -> Result<Vec<Held>, StoreError> {
        let until = now.saturating_add(self.schedule.lease);
        let renewed: Vec<(String, i64)> = transaction!(&self.store, |connection| lease::renew(
            connection, held, until
        ))?;
        let is_lost = |it: &&Held| !renewed.contains(&(it.host.clone(), it.token));
        Ok(held.iter().filter(is_lost).cloned().collect())
    }

    async fn leave(&self, pass: &Pass, slow: &SlowHost) -> Result<(), StoreError> {
        self.store.write(slow::leaving(pass, slow)).await?;
        Ok(())
    }

    async fn left_over(&self, pass: &Pass, now: i64) -> Result<Vec<LeftOver>, StoreError> {
        let left = || async {
            let left = slow::left_over(self.store.readers(), &self.schedule, pass, now).await;
            left.map_err(|error| self.store.fault(error))
        };
        self.store.repeating(left).await
    }

    async fn next_free(&self, pass: &Pass, now: i64) -> Result<Option<i64>, StoreError> {
        if !self.store.repeats() {
            return Ok(None);
        }
        let free = || async {
            let free = lease::next_free(self.store.readers(), pass, now).await;
            free.map_err(|error| self.store.fault(error))
        };
        self.store.repeating(free).await
    }

    async fn release(&self, pass: &Pass, host: &str) -> Result<(), StoreError> {
        self.store.write(lease::releasing(pass, host)).await?;
        Ok(())
    }
}

/// The value of `urls.given` that stands for an origin.
fn value_of(origin: Origin) -> i64 {
    match origin {
        Origin::Found => given::FOUND,
        Origin::Configured => given::CONFIGURED,
        Origin::Guessed => given::GUESSED,
    }
}

/// The origin that a value of `urls.given` stands for.
fn origin(value: i64) -> Origin {
    match value {
        given::CONFIGURED => Origin::Configured,
        given::GUESSED => Origin::Guessed,
        _ => Origin::Found,
    }
}
