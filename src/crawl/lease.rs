//! The lease of a host: renewed for as long as a task works there, however long that takes, so that no
//! other task gets the host meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use crate::crawl::clock::Clock;
use crate::frontier::{Frontier, Pass};
use crate::store::StoreError;

/// Between two renewals: often enough that one that comes late does no harm. See
/// [`Schedule::lease`](crate::frontier::Schedule::lease).
const RENEW_EVERY: Duration = Duration::from_secs(4 * 60);

/// A task's lease of a host.
#[derive(Debug)]
pub(super) struct Lease<'a> {
    frontier: &'a dyn Frontier,
    clock: &'a Clock,
    /// Names the task as the owner: a pass has one of these for each.
    pass: &'a Pass,
    host: &'a str,
    lost: AtomicBool,
}

impl<'a> Lease<'a> {
    pub(super) fn new(
        frontier: &'a dyn Frontier,
        clock: &'a Clock,
        pass: &'a Pass,
        host: &'a str,
    ) -> Lease<'a> {
        Lease {
            frontier,
            clock,
            pass,
            host,
            lost: AtomicBool::new(false),
        }
    }

    /// Does this work, and renews the lease until it is done.
    ///
    /// # Errors
    /// Fails as the work does, and where the lease can't be renewed.
    pub(super) async fn during<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        // Both are polled: a renewal may wait for a transaction of the work.
        tokio::select! {
            done = work => done,
            Err(error) = self.renewals() => Err(error),
        }
    }

    /// True where the lease ran out all the same, as on a machine that was asleep, and another has
    /// the host now.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Renews the lease again and again; ends where that fails.
    async fn renewals(&self) -> Result<(), StoreError> {
        while !self.is_lost() {
            sleep(RENEW_EVERY).await;
            let now = self.clock.now();
            if !self.frontier.renew(self.pass, self.host, now).await? {
                self.lost.store(true, Ordering::Relaxed);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use tokio::time::{advance, pause};
    use url::Url;

    use super::*;
    use crate::frontier::{Schedule, Seed, Storage, UrlKind, tests::storage_with};

    const NOW: i64 = 1_800_000_000_000;
    const MINUTE: Duration = Duration::from_secs(60);

    /// A frontier where a front page is due.
    async fn storage() -> Storage {
        let schedule = Schedule::new(5 * MINUTE, 60 * MINUTE);
        let storage = storage_with(schedule).await;
        let front = Url::parse("https://daily.test/").unwrap();
        let seed = Seed {
            source: "daily".to_owned(),
            entry_points: vec![(UrlKind::Start, front)],
            ..Seed::default()
        };
        storage.frontier.seed(&[seed], NOW).await.unwrap();
        storage
    }

    /// From now on the runtime's clock moves only by hand, as long as what this gives lives.
    fn by_hand() -> Sender<()> {
        let (held, wait) = channel();
        tokio::task::spawn_blocking(move || wait.recv());
        pause();
        held
    }

    fn task(owner: &str) -> Pass {
        Pass {
            owner: owner.to_owned(),
            started: NOW,
            sources: vec!["daily".to_owned()],
        }
    }

    /// Ten joined pages of a host that wants two minutes between requests take twenty.
    #[tokio::test]
    async fn a_lease_lasts_as_long_as_the_work_and_no_longer() {
        let Storage { frontier, .. } = storage().await;
        let (clock, one, two) = (Clock::at(NOW), task("a-1"), task("a-2"));
        let claim = frontier.claim(&one, NOW).await.unwrap().unwrap();
        let _held = by_hand();
        let lease = Lease::new(&*frontier, &clock, &one, &claim.host);
        let work = async {
            for _ in 0..200 {
                clock.advance(MINUTE);
                advance(MINUTE).await;
                // A renewal that waits for the database comes before the second of these.
                for _ in 0..2 {
                    let stolen = frontier.claim(&two, clock.now()).await?;
                    assert_eq!(stolen, None, "after {}", (clock.now() - NOW) / 60_000);
                }
            }
            Ok(())
        };
        lease.during(work).await.unwrap();
        assert!(!lease.is_lost());
        // Whoever is silent from now on loses it.
        clock.advance(16 * MINUTE);
        assert!(frontier.claim(&two, clock.now()).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn two_tasks_of_one_pass_never_own_one_host_and_the_first_notices() {
        let Storage { frontier, .. } = storage().await;
        let (clock, one, two) = (Clock::at(NOW), task("a-1"), task("a-2"));
        let claim = frontier.claim(&one, NOW).await.unwrap().unwrap();
        let _held = by_hand();
        let lease = Lease::new(&*frontier, &clock, &one, &claim.host);
        let work = async {
            // The machine was asleep, and no timer ran.
            clock.advance(60 * MINUTE);
            let claimed = frontier.claim(&two, clock.now()).await?;
            assert!(claimed.is_some());
            advance(5 * MINUTE).await;
            while !lease.is_lost() {
                tokio::task::yield_now().await;
            }
            Ok(())
        };
        lease.during(work).await.unwrap();
        frontier.release(&one, &claim.host).await.unwrap();
        assert_eq!(frontier.claim(&one, clock.now()).await.unwrap(), None);
    }
}
