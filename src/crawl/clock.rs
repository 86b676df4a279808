//! What time it is, for everything that a crawl stores: due times, leases, health. Waiting follows
//! the runtime's clock, not this one.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The system's clock, or one that tests move by hand. Clones are the same clock.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// A clock that stands still at this time, in unix milliseconds, until it is moved.
    pub fn at(millis: i64) -> Clock {
        Clock(Some(Arc::new(AtomicI64::new(millis))))
    }

    /// Moves a clock made by [`Clock::at`]; has no effect on the system's.
    pub fn advance(&self, by: Duration) {
        if let Some(clock) = &self.0 {
            clock.fetch_add(millis(by), Ordering::Relaxed);
        }
    }

    /// Unix milliseconds.
    pub fn now(&self) -> i64 {
        if let Some(clock) = &self.0 {
            return clock.load(Ordering::Relaxed);
        }
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        millis(since)
    }
}

/// A duration in milliseconds; the longest there are where it is longer.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Unix milliseconds as RFC 3339 in UTC, to the second.
pub(super) fn timestamp(millis: i64) -> Option<String> {
    let seconds = jiff::Timestamp::from_second(millis / 1000).ok()?;
    Some(seconds.to_string())
}
