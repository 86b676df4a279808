//! One host: its pace, its one connection, its robots.txt and the time it asked for.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use tokio::time::Instant;
use url::Url;

use super::guard::host_name;
use super::robots::Rules;

/// Hosts kept in memory; the ones unused longest go first.
const MAX_HOSTS: usize = 10_000;
/// Requests at a time to one host.
const CONNECTIONS: usize = 1;

/// What is known of a host during one run.
#[derive(Debug)]
pub struct Host {
    permit: Semaphore,
    pace: Mutex<Pace>,
    held_until: Mutex<Option<Instant>>,
    /// What its robots.txt says, once it was asked for.
    pub robots: OnceCell<Arc<Rules>>,
}

#[derive(Debug)]
struct Pace {
    interval: Duration,
    limiter: Arc<DefaultDirectRateLimiter>,
}

impl Host {
    fn new(interval: Duration) -> Host {
        Host {
            permit: Semaphore::new(CONNECTIONS),
            pace: Mutex::new(Pace {
                interval,
                limiter: limiter(interval),
            }),
            held_until: Mutex::new(None),
            robots: OnceCell::new(),
        }
    }

    /// Waits until the host may be asked: for the connection, for the time it asked for, and for
    /// its pace. The permit is the connection; it is given back when it is dropped.
    pub async fn ready(&self) -> Option<SemaphorePermit<'_>> {
        let permit = self.permit.acquire().await.ok()?;
        let held = *lock(&self.held_until);
        if let Some(until) = held {
            tokio::time::sleep_until(until).await;
        }
        let limiter = Arc::clone(&lock(&self.pace).limiter);
        limiter.until_ready().await;
        Some(permit)
    }

    /// Leaves the host alone for this long.
    pub fn hold(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut held = lock(&self.held_until);
        *held = Some(held.map_or(until, |known| known.max(until)));
    }

    /// Slows the host down to this interval; never speeds it up. The request that was just made
    /// counts, so that the next one waits the whole interval.
    pub fn slow_to(&self, interval: Duration) {
        let mut pace = lock(&self.pace);
        if interval > pace.interval {
            let limiter = limiter(interval);
            let _ = limiter.check();
            *pace = Pace { interval, limiter };
        }
    }
}

/// A request an interval, and no bursts: `Quota::per_second(n)` would let n go at once.
fn limiter(interval: Duration) -> Arc<DefaultDirectRateLimiter> {
    let interval = interval.max(Duration::from_millis(1));
    let quota = Quota::with_period(interval)
        .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
        .allow_burst(NonZeroU32::MIN);
    Arc::new(RateLimiter::direct(quota))
}

/// The interval of a rate in requests per second; a rate of zero or less is one a day.
pub fn interval(requests_per_second: f64) -> Duration {
    let day = Duration::from_secs(24 * 3600);
    if requests_per_second <= 0.0 {
        return day;
    }
    Duration::try_from_secs_f64(1.0 / requests_per_second).map_or(day, |it| it.min(day))
}

/// The hosts of one run.
#[derive(Debug, Default)]
pub struct Hosts {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    hosts: HashMap<String, (Arc<Host>, u64)>,
    /// Counts look-ups; a host's number is its last one.
    clock: u64,
}

impl Hosts {
    /// The host of an address. Both its schemes share it; other ports are other servers.
    pub fn of(&self, url: &Url, interval: Duration) -> Arc<Host> {
        let mut known = lock(&self.known);
        if known.hosts.len() >= MAX_HOSTS {
            evict(&mut known.hosts);
        }
        known.clock += 1;
        let clock = known.clock;
        let new = || (Arc::new(Host::new(interval)), 0);
        let entry = known.hosts.entry(key(url)).or_insert_with(new);
        entry.1 = clock;
        Arc::clone(&entry.0)
    }
}

/// Drops the half that was used longest ago and is not in use.
fn evict(known: &mut HashMap<String, (Arc<Host>, u64)>) {
    let mut uses: Vec<u64> = known.values().map(|(_, used)| *used).collect();
    uses.sort_unstable();
    let median = uses.get(uses.len() / 2).copied().unwrap_or_default();
    known.retain(|_, (host, used)| *used >= median || Arc::strong_count(host) > 1);
}

/// The name that a host's state is kept under.
pub fn key(url: &Url) -> String {
    let name = host_name(url).unwrap_or_default();
    match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name,
    }
}

/// A panic while a lock was held leaves plain data behind; it is used on.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_becomes_an_interval() {
        assert_eq!(interval(0.5), Duration::from_secs(2));
        assert_eq!(interval(0.0), Duration::from_secs(24 * 3600));
        assert_eq!(interval(f64::MIN_POSITIVE), Duration::from_secs(24 * 3600));
    }

    #[test]
    fn both_schemes_share_a_host_and_other_ports_do_not() {
        let key = |url: &str| key(&Url::parse(url).unwrap());
        assert_eq!(key("http://Example.org/a"), key("https://example.org./b"));
        assert_ne!(key("http://example.org/"), key("http://example.org:8080/"));
    }

    #[test]
    fn one_request_passes_and_the_next_has_to_wait() {
        let host = Host::new(Duration::from_secs(60));
        let limiter = Arc::clone(&lock(&host.pace).limiter);
        assert!(limiter.check().is_ok());
        assert!(limiter.check().is_err());
    }

    #[test]
    fn a_slower_pace_counts_from_the_request_just_made() {
        let host = Host::new(Duration::from_millis(1));
        host.slow_to(Duration::from_secs(60));
        assert!(lock(&host.pace).limiter.check().is_err());
        host.slow_to(Duration::from_secs(1));
        assert_eq!(lock(&host.pace).interval, Duration::from_secs(60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_held_host_is_left_alone_for_that_long() {
        let host = Host::new(Duration::from_millis(1));
        host.hold(Duration::from_secs(90));
        host.hold(Duration::from_secs(5));
        let before = Instant::now();
        let _permit = host.ready().await;
        assert!(before.elapsed() >= Duration::from_secs(90));
    }
}
