//! What time it is, for everything that a crawl stores: due times, leases, health. Waiting follows
//! the runtime's clock, not this one.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The system's clock, that of a store's server, or one that tests move by hand. Clones are the same clock.
#[derive(Debug, Clone, Default)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    /// The machine's, which is off by so many milliseconds.
    System { off_by: i64 },
    /// By hand.
    Manual(Arc<AtomicI64>),
    /// It was this time at that moment, as somebody else's clock said. What this machine's says since has no effect.
    Since { time: i64, at: Instant },
}

impl Default for Source {
    fn default() -> Source {
        Source::System { off_by: 0 }
    }
}

impl Clock {
    /// A clock that stands still at this time, in unix milliseconds, until it is moved.
    pub fn at(millis: i64) -> Clock {
        Clock(Source::Manual(Arc::new(AtomicI64::new(millis))))
    }

    /// The clock of a machine that is off by so many milliseconds.
    pub fn off_by(millis: i64) -> Clock {
        Clock(Source::System { off_by: millis })
    }

    /// The clock to go by where that of the store, if it has one, says this now. One that is moved by hand is
    /// everybody's.
    pub(super) fn as_of(&self, time: Option<i64>) -> Clock {
        match (&self.0, time) {
            (Source::Manual(_), _) | (_, None) => self.clone(),
            (_, Some(time)) => Clock(Source::Since {
                time,
                at: Instant::now(),
            }),
        }
    }

    /// True where time stands still until somebody moves it.
    pub(super) fn is_manual(&self) -> bool {
        matches!(self.0, Source::Manual(_))
    }

    /// True where the machine's clock has no effect.
    pub(super) fn is_corrected(&self) -> bool {
        matches!(self.0, Source::Since { .. })
    }

    /// Moves a clock made by [`Clock::at`]; has no effect on the system's.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(clock) = &self.0 {
            clock.fetch_add(millis(by), Ordering::Relaxed);
        }
    }

    /// Unix milliseconds.
    pub fn now(&self) -> i64 {
        match &self.0 {
            Source::Manual(clock) => clock.load(Ordering::Relaxed),
            Source::Since { time, at } => time.saturating_add(millis(at.elapsed())),
            Source::System { off_by } => {
                let since = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                millis(since).saturating_add(*off_by)
            }
        }
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
