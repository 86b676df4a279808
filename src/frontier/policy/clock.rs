//! Times that were stored under a clock that was ahead of today's, or that is behind it today. What
//! such a pass has planned would be due only when today's clock gets there.

use crate::frontier::policy::settle::longest_recheck;
use crate::frontier::{Origin, Schedule, UrlKind};

/// Clocks are set by so much without having been wrong.
const TOLERANCE: i64 = 60 * 1000;

/// How far the clock was ahead of `now` that showed `at` for something past; 0 where it was not.
pub(crate) fn ahead(at: i64, now: i64) -> i64 {
    let ahead = at.saturating_sub(now);
    if ahead > TOLERANCE { ahead } else { 0 }
}

/// When something is due that was planned at `at` for `due`: after the same wait, reckoned from
/// `now`, and no later than `longest` from now.
pub(crate) fn corrected(due: i64, at: i64, longest: i64, now: i64) -> i64 {
    let same_wait = due.saturating_sub(ahead(at, now));
    same_wait.min(now.saturating_add(longest))
}

/// The longest that an address waits for its next visit.
pub(crate) fn longest_wait(schedule: &Schedule, kind: UrlKind, origin: Origin) -> i64 {
    if kind.is_entry_point() {
        longest_recheck(schedule, kind, origin)
    } else {
        let refetch = schedule.refetch.unwrap_or_default();
        refetch.max(schedule.unproductive_for)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    const NOW: i64 = 1_800_000_000_000;

    #[test]
    fn what_was_planned_under_a_clock_ahead_is_due_after_the_same_wait() {
        let then = NOW + 9_000 * HOUR;
        assert_eq!(ahead(then, NOW), 9_000 * HOUR);
        assert_eq!(corrected(then + HOUR, then, 24 * HOUR, NOW), NOW + HOUR);
        assert_eq!(corrected(then, then, 24 * HOUR, NOW), NOW);
        assert_eq!(corrected(i64::MAX, then, 24 * HOUR, NOW), NOW + 24 * HOUR);
    }

    #[test]
    fn what_was_planned_under_a_clock_that_is_right_stays() {
        let due = NOW + 5 * HOUR;
        assert_eq!(corrected(due, NOW - HOUR, 24 * HOUR, NOW), due);
        assert_eq!(corrected(due, NOW + 1_000, 24 * HOUR, NOW), due);
        assert_eq!(corrected(due, i64::MIN, 24 * HOUR, NOW), due);
    }

    #[test]
    fn nothing_waits_longer_than_the_longest() {
        let due = NOW + 500 * HOUR;
        assert_eq!(corrected(due, NOW - HOUR, 24 * HOUR, NOW), NOW + 24 * HOUR);
        assert_eq!(corrected(due, 0, i64::MAX, i64::MAX), due);
    }
}
