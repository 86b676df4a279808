//! When a request is tried again, and after how long.

use std::time::Duration;

use crate::outcome::Outcome;

/// The numbers of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Further tries after the first.
    pub retries: u32,
    /// The wait before the first of them; doubled before each next.
    pub backoff: Duration,
    /// No wait is longer; a host that asks for more is left to a later run.
    pub longest: Duration,
}

impl Policy {
    /// The policy with this many retries.
    pub const fn new(retries: u32) -> Policy {
        Policy {
            retries,
            backoff: Duration::from_secs(1),
            longest: Duration::from_secs(30),
        }
    }

    /// The wait before try `attempt` (the first retry is 1), or `None` where there is no more.
    /// `spread`, from 0 to 1, is the jitter: half of the wait is fixed, half of it varies.
    pub fn wait(
        &self,
        attempt: u32,
        outcome: Outcome,
        status: Option<u16>,
        retry_after: Option<Duration>,
        spread: f64,
    ) -> Option<Duration> {
        if attempt > self.retries || !(is_passing(outcome) || status == Some(429)) {
            return None;
        }
        if let Some(asked) = retry_after {
            return (asked <= self.longest).then_some(asked);
        }
        let full = self
            .backoff
            .saturating_mul(1 << (attempt - 1).min(16))
            .min(self.longest);
        Some(full.mul_f64(0.5 + 0.5 * spread.clamp(0.0, 1.0)))
    }
}

/// True for faults that another try within this run may mend.
fn is_passing(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Http5xx | Outcome::Connect)
}

/// Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or an HTTP date against `now` in unix seconds.
pub fn retry_after(value: &str, now: i64) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(value)
        .ok()?;
    Some(Duration::from_secs(
        u64::try_from(date.as_second() - now).unwrap_or(0),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy::new(2);

    #[test]
    fn waits_double_and_end_after_the_last_retry() {
        let wait = |attempt| POLICY.wait(attempt, Outcome::Connect, None, None, 1.0);
        assert_eq!(wait(1), Some(Duration::from_secs(1)));
        assert_eq!(wait(2), Some(Duration::from_secs(2)));
        assert_eq!(wait(3), None);
        let least = POLICY.wait(1, Outcome::Http5xx, Some(500), None, 0.0);
        assert_eq!(least, Some(Duration::from_millis(500)));
    }

    #[test]
    fn only_faults_that_may_pass_are_tried_again() {
        assert_eq!(POLICY.wait(1, Outcome::Http4xx, Some(404), None, 1.0), None);
        assert_eq!(POLICY.wait(1, Outcome::Robots, None, None, 1.0), None);
        assert!(
            POLICY
                .wait(1, Outcome::Http4xx, Some(429), None, 1.0)
                .is_some()
        );
    }

    #[test]
    fn a_host_that_names_its_time_gets_it_or_is_left_alone() {
        let wait = |s| {
            POLICY.wait(
                1,
                Outcome::Http5xx,
                Some(503),
                Some(Duration::from_secs(s)),
                0.0,
            )
        };
        assert_eq!(wait(7), Some(Duration::from_secs(7)));
        assert_eq!(wait(3600), None);
    }

    #[test]
    fn retry_after_is_read_in_both_its_forms() {
        assert_eq!(retry_after(" 120 ", 0), Some(Duration::from_secs(120)));
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(
            retry_after(date, 784_111_777 - 5),
            Some(Duration::from_secs(5))
        );
        assert_eq!(retry_after(date, 784_111_777 + 5), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", 0), None);
    }
}
