//! Hosts and the manners towards each: one request at a time, at a steady pace, none at all while
//! a host has asked to be left alone, and its robots.txt remembered. This file decides when a
//! request may start; it sends nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use reqwest::StatusCode;
use tokio::sync::{Mutex, MutexGuard, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use crate::fetch::failure::Failure;
use crate::fetch::guard::host_and_port;
use crate::fetch::robots::Robots;

/// The hosts of a run, by name: its ports and schemes share one pace.
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
    pub(super) name: String,
    /// Held by the request that is under way: the lock is the host's one connection.
    pace: Arc<Mutex<Pace>>,
    robots: Mutex<RobotsMemory>,
}

impl Host {
    fn new(name: &str) -> Host {
        Host {
            name: name.to_owned(),
            pace: Arc::default(),
            robots: Mutex::default(),
        }
    }

    /// Waits until a request to this host may start: until the one before has ended, a pause the
    /// host asked for is over, one of the `slots` of all hosts is free and the pace allows it.
    /// Fails where the host wants to be left alone for longer than `patience`.
    pub(super) async fn turn(
        &self,
        interval: Duration,
        patience: Duration,
        slots: &Arc<Semaphore>,
    ) -> Result<Permit, Failure> {
        let mut pace = Arc::clone(&self.pace).lock_owned().await;
        if let Some((wait, status)) = pace.pause() {
            if wait > patience {
                return Err(Failure::held(&self.name, status, wait));
            }
            tokio::time::sleep(wait).await;
        }
        pace.set(interval);
        loop {
            // The slot comes first, so that a request starts the moment its pace allows it, and is
            // given back while there is a wait, so that slow hosts do not keep fast ones waiting.
            // It is `None` only if the semaphore were closed, which nothing does.
            let slot = Arc::clone(slots).acquire_owned().await.ok();
            let Err(wait) = pace.start() else {
                return Ok(Permit { pace, _slot: slot });
            };
            drop(slot);
            tokio::time::sleep(wait).await;
        }
    }

    /// A request was made so long ago, by another run. Means nothing once this one has made one.
    pub(super) async fn note_last_request(&self, ago: Duration) {
        let mut pace = self.pace.lock().await;
        if pace.limiter.is_none() {
            pace.asked_before = Instant::now().checked_sub(ago);
        }
    }

    /// What is remembered of this host's robots.txt. Whoever holds it may fetch the file; others
    /// wait rather than fetch it again.
    pub(super) async fn robots(&self) -> MutexGuard<'_, RobotsMemory> {
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
    /// Leaves the whole host alone for a while, as its answer of this status asked.
    pub(super) fn hold(&mut self, pause: Duration, status: StatusCode) {
        self.pace.held = Some((Instant::now() + pause, status));
    }
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<std::time::Instant>>;

/// The pace of one host.
#[derive(Debug, Default)]
struct Pace {
    interval: Duration,
    limiter: Option<Limiter>,
    /// The last request of an earlier run.
    asked_before: Option<Instant>,
    held: Option<(Instant, StatusCode)>,
}

impl Pace {
    /// How long the host is still to be left alone, and by which answer.
    fn pause(&self) -> Option<(Duration, StatusCode)> {
        let (until, status) = self.held?;
        let wait = until.checked_duration_since(Instant::now())?;
        Some((wait, status))
    }

    /// Changes the pace. A limiter's quota is fixed, so there is a new one; where there was one
    /// before, a request has been made, and the new interval counts from now.
    fn set(&mut self, interval: Duration) {
        if self.interval == interval && self.limiter.is_some() {
            return;
        }
        let fresh = Quota::with_period(interval)
            .map(|quota| RateLimiter::direct_with_clock(quota, TokioClock));
        if let Some(limiter) = &fresh
            && self.limiter.is_some()
        {
            // A fresh limiter lets the first through; this is it.
            let _ = limiter.check();
        }
        self.interval = interval;
        self.limiter = fresh;
    }

    /// Starts a request, or says how long to wait.
    fn start(&self) -> Result<(), Duration> {
        if let Some(asked) = self.asked_before
            && let Some(wait) = (asked + self.interval).checked_duration_since(Instant::now())
            && !wait.is_zero()
        {
            return Err(wait);
        }
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter
            .check()
            .map_err(|not_until| not_until.wait_time_from(TokioClock.now()))
    }
}

/// The runtime's clock, so that the pace keeps step with its timers.
#[derive(Debug, Clone, Copy)]
struct TokioClock;

impl Clock for TokioClock {
    type Instant = std::time::Instant;

    fn now(&self) -> Self::Instant {
        Instant::now().into_std()
    }
}

/// The robots.txt of a host, one for each scheme and port, or why there is none to go by.
#[derive(Debug, Default)]
pub(super) struct RobotsMemory(HashMap<Origin, (Instant, RobotsOrFault)>);

/// The rules, or why they could not be had.
pub(super) type RobotsOrFault = Result<Arc<Robots>, Failure>;

/// Scheme and port; the host is the one that remembers.
type Origin = (String, u16);

impl RobotsMemory {
    /// Origins remembered of one host; few have more than two.
    const LIMIT: usize = 8;

    /// What is known of the origin of this address, if it is fresh.
    pub(super) fn recall(&self, url: &Url) -> Option<RobotsOrFault> {
        let (until, known) = self.0.get(&origin(url))?;
        (*until > Instant::now()).then(|| known.clone())
    }

    /// Remembers an origin's robots.txt for so long.
    pub(super) fn keep(&mut self, url: &Url, known: RobotsOrFault, age: Duration) {
        if self.0.len() >= Self::LIMIT {
            self.0.clear();
        }
        self.0.insert(origin(url), (Instant::now() + age, known));
    }
}

fn origin(url: &Url) -> Origin {
    let port = url.port_or_known_default().unwrap_or_default();
    (url.scheme().to_owned(), port)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const PATIENCE: Duration = Duration::from_secs(30);

    fn slots(count: usize) -> Arc<Semaphore> {
        Arc::new(Semaphore::new(count))
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn requests_start_an_interval_apart() {
        let (host, slots, start) = (Host::new("a.test"), slots(4), Instant::now());
        let mut starts = Vec::new();
        for _ in 0..4 {
            drop(host.turn(SECOND, PATIENCE, &slots).await.unwrap());
            starts.push(start.elapsed().as_secs());
        }
        assert_eq!(starts, [0, 1, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_pace_holds_from_one_run_to_the_next() {
        let (host, slots, start) = (Host::new("a.test"), slots(4), Instant::now());
        host.note_last_request(Duration::from_millis(300)).await;
        let mut starts = Vec::new();
        for _ in 0..3 {
            drop(host.turn(SECOND, PATIENCE, &slots).await.unwrap());
            starts.push(start.elapsed().as_millis());
        }
        assert_eq!(starts, [700, 1700, 2700]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_waits_for_the_one_before_to_end() {
        let (host, slots, start) = (Host::new("a.test"), slots(4), Instant::now());
        let first = host.turn(SECOND, PATIENCE, &slots).await.unwrap();
        let slow = async {
            tokio::time::sleep(5 * SECOND).await;
            drop(first);
        };
        let (second, ()) = tokio::join!(host.turn(SECOND, PATIENCE, &slots), slow);
        assert!(second.is_ok());
        assert_eq!(start.elapsed().as_secs(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_is_waited_for_takes_no_slot() {
        let (slow, fast, slots) = (Host::new("slow.test"), Host::new("fast.test"), slots(1));
        drop(slow.turn(60 * SECOND, PATIENCE, &slots).await.unwrap());
        let start = Instant::now();
        let waiting = slow.turn(60 * SECOND, PATIENCE, &slots);
        let other = async {
            drop(fast.turn(SECOND, PATIENCE, &slots).await.unwrap());
            start.elapsed()
        };
        let (_, waited) = tokio::join!(waiting, other);
        assert_eq!(waited, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_requests_are_under_way_than_there_are_slots() {
        let (a, b, slots, start) = (
            Host::new("a.test"),
            Host::new("b.test"),
            slots(1),
            Instant::now(),
        );
        let first = a.turn(SECOND, PATIENCE, &slots).await.unwrap();
        let slow = async {
            tokio::time::sleep(7 * SECOND).await;
            drop(first);
        };
        let (_, ()) = tokio::join!(b.turn(SECOND, PATIENCE, &slots), slow);
        assert_eq!(start.elapsed().as_secs(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slower_pace_holds_at_once() {
        let (host, slots) = (Host::new("a.test"), slots(4));
        drop(host.turn(SECOND, PATIENCE, &slots).await.unwrap());
        let start = Instant::now();
        drop(host.turn(10 * SECOND, PATIENCE, &slots).await.unwrap());
        assert_eq!(start.elapsed().as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_on_hold_is_waited_for() {
        let (host, slots, start) = (Host::new("a.test"), slots(4), Instant::now());
        let mut turn = host.turn(SECOND, PATIENCE, &slots).await.unwrap();
        turn.hold(20 * SECOND, StatusCode::TOO_MANY_REQUESTS);
        drop(turn);
        drop(host.turn(SECOND, PATIENCE, &slots).await.unwrap());
        assert_eq!(start.elapsed().as_secs(), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_on_a_long_hold_is_not_waited_for_until_the_end_is_near() {
        let (host, slots) = (Host::new("a.test"), slots(4));
        let mut turn = host.turn(SECOND, PATIENCE, &slots).await.unwrap();
        turn.hold(600 * SECOND, StatusCode::SERVICE_UNAVAILABLE);
        drop(turn);

        let held = host.turn(SECOND, PATIENCE, &slots).await.unwrap_err();
        assert_eq!(held.status, Some(StatusCode::SERVICE_UNAVAILABLE));
        assert_eq!(held.retry_after, Some(600 * SECOND));
        assert!(held.reason.contains("a.test"), "{}", held.reason);

        tokio::time::advance(580 * SECOND).await;
        assert!(host.turn(SECOND, PATIENCE, &slots).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn ports_and_schemes_of_one_name_are_one_host() {
        let hosts = Hosts::new(10);
        let host = hosts.of(&url("http://a.test/x"));
        assert!(Arc::ptr_eq(
            &host,
            &hosts.of(&url("https://A.test.:8443/y"))
        ));
        assert!(!Arc::ptr_eq(&host, &hosts.of(&url("http://www.a.test/"))));
    }

    #[tokio::test(start_paused = true)]
    async fn the_hosts_longest_idle_are_forgotten() {
        let hosts = Hosts::new(10);
        let in_use = hosts.of(&url("http://h0.test/"));
        for number in 0..100 {
            hosts.of(&url(&format!("http://h{number}.test/")));
            tokio::time::advance(SECOND).await;
        }
        let known = hosts.known.lock().unwrap();
        assert!(known.len() <= 10, "{}", known.len());
        assert!(known.contains_key("h99.test") && !known.contains_key("h1.test"));
        assert!(Arc::ptr_eq(&known["h0.test"].host, &in_use));
    }

    #[tokio::test(start_paused = true)]
    async fn robots_are_remembered_for_their_time_and_origin() {
        let mut memory = RobotsMemory::default();
        memory.keep(
            &url("https://a.test/x"),
            Ok(Arc::new(Robots::open())),
            SECOND,
        );
        assert!(memory.recall(&url("https://a.test/y")).is_some());
        assert!(memory.recall(&url("http://a.test/y")).is_none());
        assert!(memory.recall(&url("https://a.test:8443/y")).is_none());
        tokio::time::advance(2 * SECOND).await;
        assert!(memory.recall(&url("https://a.test/y")).is_none());
    }
}
