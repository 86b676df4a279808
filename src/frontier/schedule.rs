//! When to ask again: every number and rule in one place, free of any store. Durations are
//! milliseconds.

use std::time::Duration;

use crate::outcome::Outcome;

const MINUTE: i64 = 60 * 1000;
const HOUR: i64 = 60 * MINUTE;

/// The numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Entry points no more often than this.
    pub recheck: i64,
    /// Entry points no more seldom than this.
    pub recheck_max: i64,
    /// Visits to a page that may fail before it is given up.
    pub page_attempts: u32,
    /// The wait after a page's first failure; it triples with each further one.
    pub page_retry: i64,
    /// Failures in a row after which a host is left alone.
    pub host_failures: u32,
    /// For how long, at first; it doubles with each further failure.
    pub host_hold: i64,
    /// The longest that a host is left alone, also where it asks for more.
    pub host_hold_max: i64,
    /// How long a claim lasts without a sign of life.
    pub lease: i64,
    /// Addresses in one claim.
    pub batch: u32,
    /// Pages of one source that may wait; beyond, the oldest are forgotten.
    pub waiting_pages: u32,
    /// Feeds and sitemaps of one source that may be found besides those given.
    pub found_entries: u32,
}

impl Schedule {
    /// The rules with these bounds for entry points.
    pub fn new(recheck: Duration, recheck_max: Duration) -> Schedule {
        Schedule {
            recheck: millis(recheck),
            recheck_max: millis(recheck_max.max(recheck)),
            page_attempts: 5,
            page_retry: 10 * MINUTE,
            host_failures: 3,
            host_hold: MINUTE,
            host_hold_max: 24 * HOUR,
            lease: 15 * MINUTE,
            batch: 16,
            waiting_pages: 100_000,
            found_entries: 1_000,
        }
    }

    /// The time to the next visit of an entry point: half of the last where it brought something
    /// new, else the double.
    pub fn next_recheck(&self, last: Option<i64>, brought_new: bool) -> i64 {
        let last = last.unwrap_or(self.recheck);
        let next = if brought_new {
            last / 2
        } else {
            last.saturating_mul(2)
        };
        next.clamp(self.recheck, self.recheck_max)
    }

    /// The time to the next try of a page that has now failed `attempts` times; `None` to give up.
    pub fn next_try(&self, attempts: u32) -> Option<i64> {
        (attempts < self.page_attempts).then(|| {
            let times = 3_i64.saturating_pow(attempts.saturating_sub(1));
            self.page_retry.saturating_mul(times)
        })
    }

    /// How long to leave a host alone that has now failed `failures` times in a row and perhaps
    /// asked for a time itself; `None` not at all.
    pub fn hold(&self, failures: u32, asked: Option<Duration>) -> Option<i64> {
        let own = failures.checked_sub(self.host_failures).map(|beyond| {
            let times = 2_i64.saturating_pow(beyond);
            self.host_hold.saturating_mul(times)
        });
        own.max(asked.map(millis))
            .map(|hold| hold.min(self.host_hold_max))
    }
}

/// True where a page that ended so is worth another try: the failure may pass, or the host named a
/// time to come back (429).
pub(super) fn is_worth_retrying(outcome: Outcome, hold: Option<Duration>) -> bool {
    outcome.is_transient() || (outcome.is_failure() && hold.is_some())
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule() -> Schedule {
        Schedule::new(Duration::from_secs(300), Duration::from_secs(24 * 3600))
    }

    #[test]
    fn an_entry_point_that_brings_news_is_asked_twice_as_often_but_not_under_recheck() {
        let schedule = schedule();
        assert_eq!(schedule.next_recheck(Some(40 * MINUTE), true), 20 * MINUTE);
        assert_eq!(schedule.next_recheck(Some(6 * MINUTE), true), 5 * MINUTE);
        assert_eq!(schedule.next_recheck(None, true), 5 * MINUTE);
    }

    #[test]
    fn one_that_brings_nothing_is_asked_half_as_often_but_not_over_recheck_max() {
        let schedule = schedule();
        assert_eq!(schedule.next_recheck(None, false), 10 * MINUTE);
        assert_eq!(schedule.next_recheck(Some(20 * HOUR), false), 24 * HOUR);
        assert_eq!(schedule.next_recheck(Some(i64::MAX), false), 24 * HOUR);
    }

    #[test]
    fn bounds_the_wrong_way_round_do_no_harm() {
        let schedule = Schedule::new(Duration::from_secs(600), Duration::from_secs(60));
        assert_eq!(schedule.next_recheck(None, false), 10 * MINUTE);
    }

    #[test]
    fn a_page_is_tried_five_times_at_growing_intervals() {
        let waits: Vec<_> = (1..=5).map(|failed| schedule().next_try(failed)).collect();
        let minutes = |count| Some(count * MINUTE);
        let expected = [minutes(10), minutes(30), minutes(90), minutes(270), None];
        assert_eq!(waits, expected);
    }

    #[test]
    fn a_host_is_held_from_the_third_failure_on() {
        let schedule = schedule();
        assert_eq!(schedule.hold(2, None), None);
        assert_eq!(schedule.hold(3, None), Some(MINUTE));
        assert_eq!(schedule.hold(5, None), Some(4 * MINUTE));
        assert_eq!(schedule.hold(u32::MAX, None), Some(24 * HOUR));
    }

    #[test]
    fn a_host_that_asks_for_a_pause_gets_it_within_reason() {
        let schedule = schedule();
        let hour = Some(Duration::from_secs(3600));
        assert_eq!(schedule.hold(1, hour), Some(HOUR));
        assert_eq!(schedule.hold(1, Some(Duration::MAX)), Some(24 * HOUR));
    }
}
