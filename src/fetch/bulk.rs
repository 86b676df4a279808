//! Large feeds and sitemaps: only a few are received at once, and fewer still are unpacked, read and taken in,
//! so that they take a bounded amount of memory together. Whoever waits for its turn is served in the order
//! of arrival, and the time does not count as the server's.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// Bytes of a body that are received without a turn.
pub(super) const RECEIVED_AT_ONCE: usize = 1 << 20;
/// Bytes of a compressed body that are unpacked without a turn.
pub(super) const UNPACKED_AT_ONCE: usize = 16 << 10;
/// Bytes of a body that is read without a turn: some hundreds of addresses.
const READ_AT_ONCE: usize = 64 << 10;
/// Larger bodies that are received at once.
pub(super) const RECEIVED: usize = 4;
/// Larger bodies that are unpacked, read and taken in at once.
const WORKED_ON: usize = 2;
/// While someone waits for a turn, the time is looked at no more often than this.
const TICK: Duration = Duration::from_millis(100);

/// The turns of a client.
#[derive(Debug)]
pub(super) struct Bulk {
    receiving: Arc<Semaphore>,
    working: Arc<Semaphore>,
}

impl Default for Bulk {
    fn default() -> Bulk {
        Bulk {
            receiving: Arc::new(Semaphore::new(RECEIVED)),
            working: Arc::new(Semaphore::new(WORKED_ON)),
        }
    }
}

/// The turns that a body has: to be held for as long as it, or what was read in it, is in memory.
#[derive(Debug, Default)]
pub(crate) struct BulkPermits {
    receiving: Option<OwnedSemaphorePermit>,
    working: Option<OwnedSemaphorePermit>,
}

impl BulkPermits {
    fn may_receive(&self) -> bool {
        self.receiving.is_some()
    }
}

impl Bulk {
    /// Waits for the turn to receive more of a body.
    pub(super) async fn receive(&self, permits: &mut BulkPermits) {
        if permits.receiving.is_none() {
            permits.receiving = turn(&self.receiving).await;
        }
    }

    /// Waits for the turn to unpack and read a body.
    pub(super) async fn work(&self, permits: &mut BulkPermits) {
        if permits.working.is_none() {
            permits.working = turn(&self.working).await;
        }
        // The next may be received meanwhile.
        permits.receiving = None;
    }

    /// Waits for the turn to read this body, where it may name more than a few addresses.
    pub(super) async fn read(&self, body: &[u8], permits: &mut BulkPermits) {
        if body.len() > READ_AT_ONCE || body.starts_with(b"\x1f\x8b") {
            self.work(permits).await;
        }
    }
}

/// It is never closed; if it were, bodies would be read all the same.
async fn turn(turns: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    Arc::clone(turns).acquire_owned().await.ok()
}

/// The turns of one request, how long it has waited for them, and how long its server may send nothing.
#[derive(Debug)]
pub(super) struct Turns<'a> {
    bulk: &'a Bulk,
    silence: Duration,
    waited: Mutex<Waited>,
}

#[derive(Debug, Default)]
struct Waited {
    before: Duration,
    since: Option<Instant>,
}

impl Turns<'_> {
    pub(super) fn of(bulk: &Bulk, silence: Duration) -> Turns<'_> {
        Turns {
            bulk,
            silence,
            waited: Mutex::default(),
        }
    }

    /// How long the server may send nothing while it is listened to: a body that waits for its turn is not read.
    pub(super) fn silence(&self) -> Duration {
        self.silence
    }

    /// See [`Bulk::receive`].
    pub(super) async fn receive(&self, permits: &mut BulkPermits) {
        if permits.may_receive() {
            return;
        }
        self.begin_wait();
        self.bulk.receive(permits).await;
        self.end_wait();
    }

    /// See [`Bulk::work`].
    pub(super) async fn work(&self, permits: &mut BulkPermits) {
        self.begin_wait();
        self.bulk.work(permits).await;
        self.end_wait();
    }

    /// What the work gives; `None` where it takes longer than this, without the time that it waits for a turn.
    pub(super) async fn within<T>(
        &self,
        timeout: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let started = Instant::now();
        let mut work = std::pin::pin!(work);
        loop {
            let end = started + timeout + self.waited();
            let now = Instant::now();
            let until = if self.is_waiting() {
                end.max(now + TICK)
            } else {
                end
            };
            tokio::select! {
                biased;
                done = &mut work => return Some(done),
                () = sleep_until(until) => {
                    if Instant::now() >= started + timeout + self.waited() {
                        return None;
                    }
                }
            }
        }
    }

    fn begin_wait(&self) {
        self.lock().since = Some(Instant::now());
    }

    fn end_wait(&self) {
        let mut waited = self.lock();
        if let Some(since) = waited.since.take() {
            waited.before += since.elapsed();
        }
    }

    fn is_waiting(&self) -> bool {
        self.lock().since.is_some()
    }

    fn waited(&self) -> Duration {
        let waited = self.lock();
        waited.before + waited.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waited> {
        self.waited.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(20);

    #[tokio::test(start_paused = true)]
    async fn the_time_that_a_body_waits_for_its_turn_is_not_the_servers() {
        let bulk = Bulk::default();
        let mut held: Vec<BulkPermits> = Vec::new();
        for _ in 0..WORKED_ON {
            let mut permits = BulkPermits::default();
            bulk.work(&mut permits).await;
            held.push(permits);
        }
        let turns = Turns::of(&bulk, TIMEOUT);
        let slow = async {
            let mut permits = BulkPermits::default();
            tokio::time::sleep(TIMEOUT / 2).await;
            turns.work(&mut permits).await;
            tokio::time::sleep(TIMEOUT / 4).await;
        };
        let others = async {
            tokio::time::sleep(10 * TIMEOUT).await;
            held.clear();
        };
        let (done, ()) = tokio::join!(turns.within(TIMEOUT, slow), others);
        assert_eq!(done, Some(()));
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_of_itself_ends_whether_it_has_waited_or_not() {
        let bulk = Bulk::default();
        let turns = Turns::of(&bulk, TIMEOUT);
        let endless = async {
            turns.work(&mut BulkPermits::default()).await;
            std::future::pending::<()>().await;
        };
        assert_eq!(turns.within(TIMEOUT, endless).await, None);
    }

    #[tokio::test]
    async fn few_large_bodies_are_held_at_once_and_small_ones_go_past_them() {
        let bulk = Bulk::default();
        let mut held = Vec::new();
        for _ in 0..RECEIVED {
            let mut permits = BulkPermits::default();
            bulk.receive(&mut permits).await;
            held.push(permits);
        }
        let mut next = BulkPermits::default();
        let turn = tokio::time::timeout(Duration::ZERO, bulk.receive(&mut next));
        assert!(turn.await.is_err());
        bulk.work(&mut held[0]).await;
        bulk.receive(&mut next).await;
        bulk.work(&mut held[1]).await;
        let mut third = BulkPermits::default();
        bulk.read(&[b' '; READ_AT_ONCE], &mut third).await;
        let large = [b' '; READ_AT_ONCE + 1];
        let turn = tokio::time::timeout(Duration::ZERO, bulk.read(&large, &mut third));
        assert!(turn.await.is_err());
    }
}
