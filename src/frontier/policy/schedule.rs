//! When to ask again: every number and rule in one place. Durations are milliseconds.

use std::time::Duration;

const MINUTE: i64 = 60 * 1000;
const HOUR: i64 = 60 * MINUTE;
/// A day.
pub(crate) const DAY: i64 = 24 * HOUR;

/// How long a claim lasts where one process has the store: whoever comes next ends the leases of one that was killed.
pub const LEASE_ALONE: Duration = Duration::from_secs(15 * 60);
/// How long one lasts where several work: the hosts of one that was killed wait so long.
pub const LEASE_AMONG_OTHERS: Duration = Duration::from_secs(60);

/// The numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Entry points no more often than this.
    pub recheck: i64,
    /// Entry points at least this often.
    pub recheck_max: i64,
    /// Sitemaps that were found, not configured, and bring nothing at least this often: most of a
    /// large site's sitemaps are archives.
    pub found_sitemap_max: i64,
    /// The time between visits to an article that is stored; `None` for no second visit.
    pub refetch: Option<i64>,
    /// Articles stored longer ago than this are not visited any more.
    pub refetch_until: i64,
    /// Visits in a row to addresses of one pattern that bring no article while other addresses of
    /// the host do, after which no more of that pattern are taken in: a crawl trap, or a part of
    /// the site without articles.
    pub unproductive_visits: u32,
    /// The same where nothing else of the host brings articles either.
    pub unproductive_visits_alone: u32,
    /// After this long such a pattern gets another chance.
    pub unproductive_for: i64,
    /// The waits before each further try of a page that failed; after the last it is lost.
    pub page_retries: [i64; 4],
    /// Further tries of a page that a feed or news sitemap names and that holds no article.
    pub doubtful_tries: u32,
    /// Visits to a page after which even failures of its host count as its own…
    pub page_visits: u32,
    /// …and how long after it was found.
    pub excused_for: i64,
    /// The same for a host that answers 404 to all of its pages, which are lost after that.
    pub missing_for: i64,
    /// Pages of one host that are tried again in one day; the rest waits for the next.
    pub retries_a_day: u32,
    /// The wait after an entry point's first failure; it triples with each further one.
    pub entry_retry: i64,
    /// Failures in a row after which a host is backed off.
    pub host_failures: u32,
    /// For how long, at first; it doubles with each further failure.
    pub host_back_off: i64,
    /// The longest that a host is backed off, even where it asks for more.
    pub host_back_off_max: i64,
    /// Page failures in a row (as weighed by `policy::host`) from which on a host refuses its
    /// pages altogether: no page is asked for a while, and failures don't count against pages.
    pub hold_pages: u32,
    /// Further failures after which pages are held again, twice as long…
    pub hold_pages_again: u32,
    /// …and after which once they are held the longest.
    pub hold_pages_longest: u32,
    /// For how long pages are held at first.
    pub page_hold: i64,
    /// The longest that they are held.
    pub page_hold_max: i64,
    /// An address that answers 304 and waits this long for its next visit is read whole then: some servers give
    /// whatever they send the same validators.
    pub trust_validators: i64,
    /// How long a claim lasts that is not renewed.
    pub lease: i64,
    /// Where other workers may wait for it, a host is given back after so long, or a claim.
    pub turn: i64,
    /// A host whose next turn is farther off than this is left until it is near: a pass does not
    /// wait for it.
    pub far_turn: i64,
    /// Addresses in one claim.
    pub batch: u32,
    /// Pages that a feed or a link named no longer ago than this go first.
    pub fresh_for: i64,
    /// Pages of one source that are recorded as older than `max_age`, the newest.
    pub too_old_pages: u32,
    /// Pages of one source that may wait; of more, the oldest are left out until there is room.
    pub waiting_pages: u32,
    /// Bytes of their addresses. It is meant for addresses made to fill a disk: a hundred thousand of 320
    /// bytes each may wait.
    pub waiting_bytes: u64,
    /// Hosts that one source may name before some of them have been visited.
    pub new_hosts: u32,
    /// Feeds and sitemaps of one source that may be found besides the configured ones.
    pub found_entries: u32,
}

impl Schedule {
    /// The rules with these bounds for entry points.
    pub fn new(recheck: Duration, recheck_max: Duration) -> Schedule {
        Schedule {
            recheck: millis(recheck),
            recheck_max: millis(recheck_max.max(recheck)),
            found_sitemap_max: 30 * DAY,
            refetch: None,
            refetch_until: i64::MAX,
            unproductive_visits: 40,
            unproductive_visits_alone: 400,
            unproductive_for: 30 * DAY,
            // An hour, six hours, a day and three days after the first failure.
            page_retries: [HOUR, 5 * HOUR, 18 * HOUR, 48 * HOUR],
            doubtful_tries: 2,
            page_visits: 20,
            excused_for: 30 * DAY,
            missing_for: 7 * DAY,
            retries_a_day: 200,
            entry_retry: 10 * MINUTE,
            host_failures: 3,
            host_back_off: MINUTE,
            host_back_off_max: 24 * HOUR,
            hold_pages: 60,
            hold_pages_again: 15,
            hold_pages_longest: 5,
            page_hold: HOUR,
            page_hold_max: 24 * HOUR,
            trust_validators: 6 * HOUR,
            lease: millis(LEASE_ALONE),
            turn: 10 * MINUTE,
            far_turn: MINUTE,
            batch: 16,
            fresh_for: 2 * DAY,
            too_old_pages: 1_000,
            waiting_pages: 100_000,
            waiting_bytes: 32_000_000,
            new_hosts: 1_000,
            found_entries: 1_000,
        }
    }

    /// The same, where a pass waits so long for a host.
    #[must_use]
    pub fn waiting(self, host_wait: Duration) -> Schedule {
        Schedule {
            far_turn: millis(host_wait),
            ..self
        }
    }

    /// The same, where a claim lasts so long.
    #[must_use]
    pub fn leasing(self, lease: Duration) -> Schedule {
        Schedule {
            lease: millis(lease),
            ..self
        }
    }

    /// The same rules, with articles visited again after `every`, until they are `max_age` old.
    pub fn refetching(self, every: Option<Duration>, max_age: Option<Duration>) -> Schedule {
        Schedule {
            refetch: every.map(millis),
            refetch_until: max_age.map_or(i64::MAX, millis),
            ..self
        }
    }

    /// The time to the next visit of an entry point: half of the last where it brought something
    /// new, else the double, up to `most`.
    pub fn next_recheck(&self, last: Option<i64>, brought_new: bool, most: i64) -> i64 {
        let last = last.unwrap_or(self.recheck);
        let next = if brought_new {
            last / 2
        } else {
            last.saturating_mul(2)
        };
        next.clamp(self.recheck, most.max(self.recheck))
    }

    /// The time to the next visit of an entry point that has now failed `attempts` times in a row; it
    /// is never given up.
    pub fn next_entry_try(&self, attempts: u32) -> i64 {
        let times = 3_i64.saturating_pow(attempts.saturating_sub(1));
        let wait = self.entry_retry.saturating_mul(times);
        wait.clamp(self.recheck, self.recheck_max)
    }

    /// The time to the next visit of an article that was stored `age` ago; `None` for never.
    pub fn next_refetch(&self, age: i64) -> Option<i64> {
        self.refetch
            .filter(|every| age.saturating_add(*every) <= self.refetch_until)
    }

    /// The tries of one round: the first, and those after each wait.
    pub fn tries(&self) -> u32 {
        self.page_retries.len() as u32 + 1
    }

    /// The time to the next try of a page that has now failed `attempts` times, in this round and
    /// those before; `None` to give up.
    pub fn next_try(&self, attempts: u32) -> Option<i64> {
        let failed = attempts % self.tries();
        let waited = failed.checked_sub(1)? as usize;
        self.page_retries.get(waited).copied()
    }

    /// The time to the next try where the last has not counted: as after the one that counted last.
    pub fn same_try(&self, attempts: u32) -> i64 {
        let wait = self.next_try(attempts);
        wait.unwrap_or(self.page_retries[0])
    }

    /// For how long a host's pages are held that has now failed its pages `after` times in a row,
    /// `before` this time; `None` where they are not held anew. Once the hold has reached its longest,
    /// fewer failures are enough: a few pages show whether the host has changed its mind.
    pub fn hold(&self, before: u32, after: u32) -> Option<i64> {
        let now = self.hold_step(after)?;
        (Some(now) > self.hold_step(before)).then(|| {
            let times = 2_i64.saturating_pow(now);
            self.page_hold.saturating_mul(times).min(self.page_hold_max)
        })
    }

    /// How many times the pages of a host have been held that failed so often in a row, but for the
    /// first time.
    fn hold_step(&self, failures: u32) -> Option<u32> {
        let beyond = failures.checked_sub(self.hold_pages)?;
        let doublings = (self.page_hold_max / self.page_hold.max(1)).max(1).ilog2() + 1;
        let growing = doublings.saturating_mul(self.hold_pages_again);
        Some(if beyond < growing {
            beyond / self.hold_pages_again.max(1)
        } else {
            doublings.saturating_add((beyond - growing) / self.hold_pages_longest.max(1))
        })
    }

    /// How long to back off from a host that has now failed `failures` times in a row and perhaps
    /// asked for a time itself; `None` for not at all. `jitter` between 0 and 1 adds up to a quarter to
    /// what we choose ourselves, so that hosts that failed together are not asked together.
    pub fn back_off(&self, failures: u32, asked: Option<Duration>, jitter: f64) -> Option<i64> {
        let own = failures.checked_sub(self.host_failures).map(|beyond| {
            let times = 2_i64.saturating_pow(beyond);
            let back_off = self
                .host_back_off
                .saturating_mul(times)
                .min(self.host_back_off_max);
            back_off + (back_off as f64 / 4.0 * jitter.clamp(0.0, 1.0)) as i64
        });
        own.max(asked.map(millis))
            .map(|back_off| back_off.min(self.host_back_off_max))
    }
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
        assert_eq!(
            schedule.next_recheck(Some(40 * MINUTE), true, 24 * HOUR),
            20 * MINUTE
        );
        assert_eq!(
            schedule.next_recheck(Some(6 * MINUTE), true, 24 * HOUR),
            5 * MINUTE
        );
        assert_eq!(schedule.next_recheck(None, true, 24 * HOUR), 5 * MINUTE);
    }

    #[test]
    fn one_that_brings_nothing_is_asked_half_as_often_but_not_over_recheck_max() {
        let schedule = schedule();
        assert_eq!(schedule.next_recheck(None, false, 24 * HOUR), 10 * MINUTE);
        assert_eq!(
            schedule.next_recheck(Some(20 * HOUR), false, 24 * HOUR),
            24 * HOUR
        );
        assert_eq!(
            schedule.next_recheck(Some(i64::MAX), false, 24 * HOUR),
            24 * HOUR
        );
    }

    #[test]
    fn bounds_the_wrong_way_round_do_no_harm() {
        let schedule = Schedule::new(Duration::from_secs(600), Duration::from_secs(60));
        assert_eq!(
            schedule.next_recheck(None, false, schedule.recheck_max),
            10 * MINUTE
        );
    }

    #[test]
    fn a_page_is_tried_again_an_hour_six_hours_a_day_and_three_days_after_it_failed() {
        let waits: Vec<_> = (1..=5).map(|failed| schedule().next_try(failed)).collect();
        let mut at = 0;
        let sum = |wait: &i64| {
            at += wait;
            at / HOUR
        };
        let after: Vec<_> = waits.iter().flatten().map(sum).collect();
        assert_eq!(after, [1, 6, 24, 72]);
        assert_eq!(waits[4], None);
        // The second round.
        assert_eq!(schedule().next_try(6), Some(HOUR));
        assert_eq!(schedule().next_try(10), None);
    }

    #[test]
    fn a_try_that_has_not_counted_is_repeated_after_the_same_wait() {
        assert_eq!(schedule().same_try(0), HOUR);
        assert_eq!(schedule().same_try(2), 5 * HOUR);
        assert_eq!(schedule().same_try(5), HOUR);
    }

    #[test]
    fn pages_are_held_longer_each_time() {
        let schedule = schedule();
        assert_eq!(schedule.hold(58, 59), None);
        assert_eq!(schedule.hold(58, 61), Some(HOUR));
        assert_eq!(schedule.hold(60, 74), None);
        assert_eq!(schedule.hold(74, 75), Some(2 * HOUR));
        assert_eq!(schedule.hold(134, 135), Some(24 * HOUR));
        assert_eq!(schedule.hold(135, 139), None);
        assert_eq!(schedule.hold(139, 140), Some(24 * HOUR));
        assert_eq!(schedule.hold(1_000, u32::MAX), Some(24 * HOUR));
    }

    #[test]
    fn a_host_is_backed_off_from_the_third_failure_on() {
        let schedule = schedule();
        assert_eq!(schedule.back_off(2, None, 0.0), None);
        assert_eq!(schedule.back_off(3, None, 0.0), Some(MINUTE));
        assert_eq!(schedule.back_off(5, None, 0.0), Some(4 * MINUTE));
        assert_eq!(schedule.back_off(u32::MAX, None, 0.0), Some(24 * HOUR));
    }

    #[test]
    fn an_entry_point_that_fails_is_tried_again_soon_and_for_ever() {
        let waits: Vec<_> = (1..=4)
            .map(|failed| schedule().next_entry_try(failed))
            .collect();
        assert_eq!(waits, [10, 30, 90, 270].map(|count| count * MINUTE));
        assert_eq!(schedule().next_entry_try(u32::MAX), 24 * HOUR);
    }

    #[test]
    fn an_article_is_visited_again_until_it_is_old() {
        let hours = |hours: u64| Some(Duration::from_secs(hours * 3600));
        let schedule = schedule().refetching(hours(6), hours(24));
        assert_eq!(schedule.next_refetch(0), Some(6 * HOUR));
        assert_eq!(schedule.next_refetch(18 * HOUR), Some(6 * HOUR));
        assert_eq!(schedule.next_refetch(19 * HOUR), None);
        assert_eq!(self::schedule().next_refetch(0), None);
    }

    #[test]
    fn jitter_adds_up_to_a_quarter_to_a_back_off() {
        assert_eq!(schedule().back_off(3, None, 1.0), Some(MINUTE + MINUTE / 4));
    }

    #[test]
    fn a_host_that_asks_for_a_pause_gets_it_within_reason() {
        let schedule = schedule();
        let hour = Some(Duration::from_secs(3600));
        assert_eq!(schedule.back_off(1, hour, 0.0), Some(HOUR));
        assert_eq!(
            schedule.back_off(1, Some(Duration::MAX), 0.0),
            Some(24 * HOUR)
        );
    }
}
