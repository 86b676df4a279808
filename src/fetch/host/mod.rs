//! Hosts and the politeness towards each: one request at a time, at a steady pace, none while the
//! host has asked for a pause, and its robots.txt in memory. This folder decides when a request
//! may start; it sends nothing.

mod pace;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use crate::fetch::FetchErrorKind;
use crate::fetch::guard::host_and_port;
use crate::fetch::robots::RobotsCache;
use pace::Pace;

/// The hosts of a run, by name: the ports and schemes of a name share one pace.
#[derive(Debug)]
pub(super) struct Hosts {
    limit: usize,
    known: SyncMutex<HashMap<String, Known>>,
}

#[derive(Debug)]
struct Known {
    host: Arc<Host>,
    last_used: Instant,
}

impl Hosts {
    pub(super) fn new(limit: usize) -> Hosts {
        Hosts {
            limit,
            known: SyncMutex::default(),
        }
    }

    /// The host of an address.
    pub(super) fn of(&self, url: &Url) -> Arc<Host> {
        self.named(&host_and_port(url).map(|(host, _)| host).unwrap_or_default())
    }

    /// The host of that name.
    pub(super) fn named(&self, name: &str) -> Arc<Host> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= self.limit && !known.contains_key(name) {
            forget_idle(&mut known);
        }
        let entry = known
            .entry(name.to_owned())
            .or_insert_with_key(|name| Known {
                host: Arc::new(Host::new(name)),
                last_used: Instant::now(),
            });
        entry.last_used = Instant::now();
        Arc::clone(&entry.host)
    }
}

/// Forgets the half of the hosts that were used longest ago, but none that is in use.
fn forget_idle(known: &mut HashMap<String, Known>) {
    let mut used: Vec<Instant> = known.values().map(|known| known.last_used).collect();
    used.sort_unstable();
    if let Some(median) = used.get(used.len() / 2).copied() {
        known.retain(|_, known| known.last_used > median || Arc::strong_count(&known.host) > 1);
    }
}

/// One host.
#[derive(Debug)]
pub(super) struct Host {
    name: String,
    /// Locked by the request in flight: the lock is the host's one connection.
    pace: Arc<Mutex<Pace>>,
    robots: Mutex<RobotsCache>,
    /// Requests that were permitted.
    permits: AtomicU64,
}

impl Host {
    fn new(name: &str) -> Host {
        Host {
            name: name.to_owned(),
            pace: Arc::default(),
            robots: Mutex::default(),
            permits: AtomicU64::new(0),
        }
    }

    /// Waits until a request to this host may start: until the one before has ended, a pause the
    /// host asked for is over, one of the `slots` of all hosts is free and the pace allows it.
    /// Fails where the pause lasts longer than `max_wait`.
    pub(super) async fn permit(
        &self,
        interval: Duration,
        max_wait: Duration,
        slots: &Arc<Semaphore>,
    ) -> Result<Permit, FetchErrorKind> {
        let mut pace = Arc::clone(&self.pace).lock_owned().await;
        if let Some((wait, status)) = pace.backoff() {
            if wait > max_wait {
                return Err(FetchErrorKind::BackingOff {
                    host: self.name.clone(),
                    status,
                    wait,
                });
            }
            tokio::time::sleep(wait).await;
        }
        pace.set(interval);
        loop {
            // The slot comes first, so that a request starts the moment its pace allows it, and is
            // returned while there is a wait, so that slow hosts do not block fast ones. It is
            // `None` only if the semaphore were closed, which nothing does.
            let slot = Arc::clone(slots).acquire_owned().await.ok();
            let Err(wait) = pace.start() else {
                self.permits.fetch_add(1, Ordering::Relaxed);
                return Ok(Permit { pace, _slot: slot });
            };
            drop(slot);
            tokio::time::sleep(wait).await;
        }
    }

    /// How long a request at this interval would wait for its turn. Zero while another request waits or
    /// is in flight, which is not known to end at any time.
    pub(super) fn wait(&self, interval: Duration) -> Duration {
        let pace = self.pace.try_lock();
        pace.map_or(Duration::ZERO, |pace| pace.wait(interval))
    }

    /// How many requests this run has sent to the host, or is about to.
    pub(super) fn permits(&self) -> u64 {
        self.permits.load(Ordering::Relaxed)
    }

    /// An earlier run, or another worker since this one's last request, sent its last request so long ago.
    pub(super) async fn note_last_request(&self, ago: Duration) {
        self.pace.lock().await.note_last_request(ago);
    }

    /// This host's robots.txt, as far as it is known. Whoever locks it may fetch the file; others
    /// wait rather than fetch it a second time.
    pub(super) async fn robots(&self) -> MutexGuard<'_, RobotsCache> {
        self.robots.lock().await
    }
}

/// The right to one request; the next may start after it is dropped.
#[derive(Debug)]
pub(super) struct Permit {
    pace: OwnedMutexGuard<Pace>,
    _slot: Option<OwnedSemaphorePermit>,
}

impl Permit {
    /// Sends the whole host no requests for so long, as its answer of this status asked.
    pub(super) fn back_off(&mut self, pause: Duration, status: u16) {
        self.pace.back_off(pause, status);
    }
}
