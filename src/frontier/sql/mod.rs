//! The frontier in the store's SQLite file.

mod article;
mod claim;
mod clock;
mod finish;
mod found;
mod host;
mod judge;
mod keys;
mod known;
mod named;
mod patterns;
mod retry;
mod room;
mod seed;
mod slow;
mod sources;
mod takeover;
#[cfg(test)]
mod tests;
mod too_old;
mod visit_state;

use async_trait::async_trait;

use self::found::Intake;
use self::named::Naming;
use crate::frontier::{
    Claim, Due, Finished, Frontier, Judged, Judgement, LeftOver, Origin, Pass, Schedule, Seed,
    Seeded, SlowHost, Visit,
};
use crate::store::sql::database;
use crate::store::sql::{SqlStore, given};
use crate::store::{AddressFilter, Lock, StoreError};

/// The frontier in the store's file.
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
        let mut transaction = self.store.begin().await?;
        let steps = async {
            intake.take_batch(&mut transaction, &naming).await?;
            transaction.commit().await
        };
        steps.await.map_err(|error| self.store.fault(error))
    }
}

#[async_trait]
impl Frontier for SqlFrontier {
    async fn end_leases(&self, _alone: &Lock) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            database::query("UPDATE hosts SET lease_until = 0 WHERE lease_until <> 0")
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn correct_times(&self, now: i64) -> Result<i64, StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            let ahead = clock::correct(&mut transaction, &self.schedule, now).await?;
            transaction.commit().await?;
            Ok(ahead)
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn seed(&self, seeds: &[Seed], now: i64) -> Result<Seeded, StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            let seeded = seed::seed(&mut transaction, seeds, now).await?;
            room::forget_shares(&mut transaction, now).await?;
            transaction.commit().await?;
            Ok(seeded)
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn claim(&self, pass: &Pass, now: i64) -> Result<Option<Claim>, StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            let claim = claim::claim(&mut transaction, pass, &self.schedule, now).await?;
            transaction.commit().await?;
            Ok(claim)
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn finish(&self, pass: &Pass, visit: Visit) -> Result<Finished, StoreError> {
        let mut visit = visit;
        let mut intake = Intake::of(&self.schedule, &mut visit);
        while intake.exceeds_batch() {
            self.take_batch(pass, &visit, &mut intake).await?;
        }
        let mut transaction = self.store.begin().await?;
        let steps = async {
            let schedule = &self.schedule;
            let finished = finish::finish(&mut transaction, pass, schedule, visit, intake).await?;
            transaction.commit().await?;
            Ok(finished)
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn postpone(&self, pass: &Pass, due: &Due) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            claim::postpone(&mut transaction, pass, due).await?;
            transaction.commit().await
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn retry(&self, filter: &AddressFilter, now: i64) -> Result<u64, StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            let count = retry::retry(&mut transaction, filter, now).await?;
            transaction.commit().await?;
            Ok(count)
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn judge(&self, judged: Judged, now: i64) -> Result<Judgement, StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            let dry_run = judged.dry_run;
            let judgement = judge::judge(&mut transaction, &self.schedule, judged, now).await?;
            if dry_run {
                transaction.rollback().await?;
            } else {
                transaction.commit().await?;
            }
            Ok(judgement)
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn fetch_refused(
        &self,
        judged_by: &[(String, String)],
        now: i64,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            let mut made_due = 0;
            for (source, by) in judged_by {
                made_due += judge::fetch_refused(&mut transaction, source, by, now).await?;
            }
            transaction.commit().await?;
            Ok(made_due)
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn renew(&self, pass: &Pass, host: &str, now: i64) -> Result<bool, StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            let renewed = claim::renew(&mut transaction, pass, &self.schedule, (host, now)).await?;
            transaction.commit().await?;
            Ok(renewed)
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn leave(&self, slow: &SlowHost) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            slow::leave(&mut transaction, slow).await?;
            transaction.commit().await
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn left_over(&self, pass: &Pass, now: i64) -> Result<Vec<LeftOver>, StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            let left = slow::left_over(&mut transaction, &self.schedule, pass, now).await?;
            transaction.commit().await?;
            Ok(left)
        };
        steps.await.map_err(|error| self.store.fault(error))
    }

    async fn release(&self, pass: &Pass, host: &str) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            claim::release(&mut transaction, pass, host).await?;
            transaction.commit().await
        };
        steps.await.map_err(|error| self.store.fault(error))
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
