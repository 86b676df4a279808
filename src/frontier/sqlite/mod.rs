//! The frontier in the store's SQLite file.

mod claim;
mod finish;
mod found;
mod seed;
#[cfg(test)]
mod tests;

use crate::frontier::{Claim, Finished, Frontier, Pass, Schedule, Seed, Visit};
use crate::store::{KeptRobots, Lock, Store, StoreError};

/// The frontier in the store's file.
#[derive(Debug, Clone)]
pub struct SqliteFrontier {
    store: Store,
    schedule: Schedule,
}

impl SqliteFrontier {
    /// The frontier of this store.
    pub fn new(store: Store, schedule: Schedule) -> SqliteFrontier {
        SqliteFrontier { store, schedule }
    }

    /// Ends every lease. Whoever holds the store's lock is alone: what leases there are belong to
    /// passes that were killed.
    pub async fn end_leases(&self, _alone: &Lock) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            sqlx::query("UPDATE hosts SET lease_until = 0 WHERE lease_until <> 0")
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await
        };
        steps.await.map_err(|error| self.store.fault(error))
    }
}

impl Frontier for SqliteFrontier {
    async fn seed(&self, seeds: &[Seed], now: i64) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        let steps = async {
            seed::seed(&mut transaction, seeds, now).await?;
            transaction.commit().await
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
        let mut transaction = self.store.begin().await?;
        let steps = async {
            let finished = finish::finish(&mut transaction, pass, &self.schedule, visit).await?;
            transaction.commit().await?;
            Ok(finished)
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

    async fn robots(&self, origin: &str, now: i64) -> Result<Option<KeptRobots>, StoreError> {
        self.store.robots(origin, now).await
    }

    async fn keep_robots(&self, origin: &str, robots: KeptRobots) -> Result<(), StoreError> {
        self.store.keep_robots(origin, &robots).await
    }
}
