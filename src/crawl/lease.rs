//! Leases of hosts: renewed together, by one statement, for as long as tasks work there, so that no other task and no
//! other process gets a host meanwhile. Whoever could not renew one in time gives the host up by itself, before it
//! makes another request there.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until};

use crate::crawl::clock::Clock;
use crate::frontier::{Frontier, Held, Pass};

/// The leases of a pass.
#[derive(Debug)]
pub(super) struct Leases {
    frontier: Arc<dyn Frontier>,
    clock: Clock,
    /// How long one lasts; see [`Schedule::lease`](crate::frontier::Schedule::lease).
    lasts: Duration,
    held: Mutex<HashMap<String, Arc<Hold>>>,
}

/// A lease that a task has.
#[derive(Debug)]
struct Hold {
    held: Held,
    /// When it runs out, unless it is renewed.
    until: Mutex<Instant>,
    is_lost: AtomicBool,
    changed: Notify,
}

/// A task's lease of a host.
#[derive(Debug)]
pub(super) struct Lease {
    hold: Arc<Hold>,
    leases: Arc<Leases>,
}

impl Leases {
    pub(super) fn new(frontier: &Arc<dyn Frontier>, clock: &Clock, lasts: Duration) -> Leases {
        Leases {
            frontier: Arc::clone(frontier),
            clock: clock.clone(),
            lasts,
            held: Mutex::default(),
        }
    }

    /// The lease of a host whose claim was begun at that moment: whatever comes between, an outage of the server or a stop
    /// of the process, is taken off.
    pub(super) fn hold(self: &Arc<Leases>, pass: &Pass, host: &str, asked: Instant) -> Lease {
        let held = Held {
            host: host.to_owned(),
            owner: pass.owner.clone(),
            token: pass.token.unwrap_or_default(),
        };
        let hold = Arc::new(Hold {
            held,
            until: Mutex::new(asked + self.lasts),
            is_lost: AtomicBool::new(false),
            changed: Notify::new(),
        });
        self.all().insert(pass.owner.clone(), Arc::clone(&hold));
        Lease {
            hold,
            leases: Arc::clone(self),
        }
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Hold>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Renews all leases again and again: often enough that one renewal may come late.
    pub(super) async fn renew_forever(self: Arc<Leases>) {
        loop {
            sleep(self.lasts / 3).await;
            self.renew().await;
        }
    }

    async fn renew(&self) {
        let holds: Vec<Arc<Hold>> = self.all().values().cloned().collect();
        if holds.is_empty() {
            return;
        }
        let held: Vec<Held> = holds.iter().map(|it| it.held.clone()).collect();
        let (asked, now) = (Instant::now(), self.clock.now());
        match self.frontier.renew(&held, now).await {
            Ok(lost) => {
                for hold in holds {
                    if lost.contains(&hold.held) {
                        hold.is_lost.store(true, Ordering::Relaxed);
                    } else {
                        hold.renew(asked + self.lasts);
                    }
                    hold.changed.notify_waiters();
                }
            }
            Err(error) => {
                tracing::warn!(
                    "the leases of hosts are not renewed: {}",
                    error.with_causes()
                );
            }
        }
    }
}

impl Hold {
    fn until(&self) -> Instant {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn renew(&self, until: Instant) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

impl Lease {
    /// True where another may have the host by now: it could not be renewed in time, as in a process that was stopped.
    pub(super) fn is_lost(&self) -> bool {
        self.hold.is_lost.load(Ordering::Relaxed) || self.hold.until() <= Instant::now()
    }

    /// Ends once another may have the host.
    pub(super) async fn lost(&self) {
        loop {
            let changed = self.hold.changed.notified();
            if self.is_lost() {
                return;
            }
            tokio::select! {
                () = changed => {}
                () = sleep_until(self.hold.until()) => {}
            }
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.leases.all().remove(&self.hold.held.owner);
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
            token: None,
            started: NOW,
            since: NOW,
            sources: vec!["daily".to_owned()],
        }
    }

    /// The pass as a claim made it, and its leases, which are renewed.
    fn leases(frontier: &Arc<dyn Frontier>, clock: &Clock) -> Arc<Leases> {
        let leases = Leases::new(frontier, clock, 15 * MINUTE);
        Arc::new(leases)
    }

    /// Ten joined pages of a host that wants two minutes between requests take twenty.
    #[tokio::test]
    async fn a_lease_lasts_as_long_as_the_work_and_no_longer() {
        let Storage { frontier, .. } = storage().await;
        let (clock, mut one, two) = (Clock::at(NOW), task("a-1"), task("a-2"));
        let claim = frontier.claim(&one, NOW).await.unwrap().unwrap();
        one.token = Some(claim.token);
        let _held = by_hand();
        let leases = leases(&frontier, &clock);
        let lease = leases.hold(&one, &claim.host, Instant::now());
        for minute in 0..200 {
            clock.advance(MINUTE);
            advance(MINUTE).await;
            if minute % 5 == 4 {
                leases.renew().await;
            }
            let stolen = frontier.claim(&two, clock.now()).await.unwrap();
            assert_eq!(stolen, None, "after {minute}");
            assert!(!lease.is_lost());
        }
        // Whoever is silent from now on loses it, and knows that by itself.
        drop(lease);
        clock.advance(16 * MINUTE);
        assert!(frontier.claim(&two, clock.now()).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn who_could_not_renew_a_lease_in_time_gives_the_host_up_by_itself() {
        let Storage { frontier, .. } = storage().await;
        let (clock, mut one) = (Clock::at(NOW), task("a-1"));
        let claim = frontier.claim(&one, NOW).await.unwrap().unwrap();
        one.token = Some(claim.token);
        let _held = by_hand();
        let lease = leases(&frontier, &clock).hold(&one, &claim.host, Instant::now());
        advance(14 * MINUTE).await;
        assert!(!lease.is_lost());
        advance(2 * MINUTE).await;
        lease.lost().await;
        assert!(lease.is_lost());
    }

    #[tokio::test]
    async fn a_lease_counts_from_when_it_was_asked_for() {
        let Storage { frontier, .. } = storage().await;
        let (clock, mut one) = (Clock::at(NOW), task("a-1"));
        let claim = frontier.claim(&one, NOW).await.unwrap().unwrap();
        one.token = Some(claim.token);
        let _held = by_hand();
        let asked = Instant::now();
        // The process is stopped before it has read the answer.
        advance(16 * MINUTE).await;
        let lease = leases(&frontier, &clock).hold(&one, &claim.host, asked);
        assert!(lease.is_lost());
        lease.lost().await;
    }

    #[tokio::test]
    async fn two_tasks_of_one_pass_never_own_one_host_and_the_first_notices() {
        let Storage { frontier, .. } = storage().await;
        let (clock, mut one, two) = (Clock::at(NOW), task("a-1"), task("a-2"));
        let claim = frontier.claim(&one, NOW).await.unwrap().unwrap();
        one.token = Some(claim.token);
        let leases = leases(&frontier, &clock);
        let lease = leases.hold(&one, &claim.host, Instant::now());
        // The machine was asleep, and no timer ran.
        clock.advance(60 * MINUTE);
        let claimed = frontier.claim(&two, clock.now()).await.unwrap();
        assert!(claimed.is_some());
        assert!(!lease.is_lost());
        leases.renew().await;
        lease.lost().await;
        frontier.release(&one, &claim.host).await.unwrap();
        assert_eq!(frontier.claim(&one, clock.now()).await.unwrap(), None);
    }
}
