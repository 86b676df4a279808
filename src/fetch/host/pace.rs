//! The pace of one host: the interval between requests, and pauses that the host asks for.

use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::Instant;

type Limiter = RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<std::time::Instant>>;

/// The pace of one host.
#[derive(Debug, Default)]
pub(super) struct Pace {
    interval: Duration,
    limiter: Option<Limiter>,
    /// The last request of an earlier run or of another worker.
    last_request: Option<Instant>,
    /// The last request of this run.
    last_start: Option<Instant>,
    /// When the pause ends that an answer asked for, and the status of that answer.
    backoff: Option<(Instant, u16)>,
}

impl Pace {
    /// Notes when an earlier run, or another worker meanwhile, sent its last request.
    pub(super) fn note_last_request(&mut self, ago: Duration) {
        self.last_request = self.last_request.max(Instant::now().checked_sub(ago));
    }

    /// Begins a pause, as an answer of this status asked.
    pub(super) fn back_off(&mut self, pause: Duration, status: u16) {
        self.backoff = Some((Instant::now() + pause, status));
    }

    /// What is left of the pause, and the status of the answer that asked for it.
    pub(super) fn backoff(&self) -> Option<(Duration, u16)> {
        let (until, status) = self.backoff?;
        let wait = until.checked_duration_since(Instant::now())?;
        Some((wait, status))
    }

    /// Changes the interval. A limiter's quota is fixed, so there is a new one; where there was
    /// one before, a request has been sent, and the new interval counts from now.
    pub(super) fn set(&mut self, interval: Duration) {
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

    /// How long the next request has to wait at this interval.
    pub(super) fn wait(&self, interval: Duration) -> Duration {
        left(self.last_start.max(self.last_request), interval)
    }

    /// Starts a request, or says how long to wait.
    pub(super) fn start(&mut self) -> Result<(), Duration> {
        let wait = left(self.last_request, self.interval);
        if !wait.is_zero() {
            return Err(wait);
        }
        if let Some(limiter) = &self.limiter {
            let now = TokioClock.now();
            limiter
                .check()
                .map_err(|not_until| not_until.wait_time_from(now))?;
        }
        self.last_start = Some(Instant::now());
        Ok(())
    }
}

/// What is left of the interval after a request.
fn left(last: Option<Instant>, interval: Duration) -> Duration {
    let next = last.map(|last| last + interval);
    next.map_or(Duration::ZERO, |next| {
        next.saturating_duration_since(Instant::now())
    })
}

/// The runtime's clock, so that the pace agrees with its timers.
#[derive(Debug, Clone, Copy)]
struct TokioClock;

impl Clock for TokioClock {
    type Instant = std::time::Instant;

    fn now(&self) -> Self::Instant {
        Instant::now().into_std()
    }
}
