//! When to try again and how long to wait: every number of politeness that is not a key of
//! `config.toml`, the backoff, and `Retry-After`. Arithmetic only; nothing here waits.

use std::time::{Duration, SystemTime};

/// The numbers of politeness.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    /// The wait before the second try; it doubles with each further one.
    pub(super) first_backoff: Duration,
    /// No wait that we choose ourselves is longer.
    pub(super) max_backoff: Duration,
    /// A host that asks for a longer pause is not waited for: the request fails, and says when to
    /// come back.
    pub(super) max_wait: Duration,
    /// A `Retry-After` beyond this counts as this; nobody means a pause of a year.
    pub(super) max_retry_after: Duration,
    /// The same for `Crawl-delay`: a site that asks for more would never be finished.
    pub(super) max_crawl_delay: Duration,
    /// A server may send nothing for this long before it counts as gone, or for half of `timeout`
    /// where that is longer.
    pub(super) max_silence: Duration,
    /// The interval where `requests_per_second` is not a positive number.
    pub(super) default_interval: Duration,
    /// How long a robots.txt holds (RFC 9309, 2.4: at most 24 hours).
    pub(super) robots_max_age: Duration,
    /// How long it holds at least: many servers call every file stale at once.
    pub(super) robots_min_age: Duration,
    /// How long a robots.txt that could not be read keeps its host closed before the next try.
    pub(super) robots_retry: Duration,
    /// Redirects followed from a robots.txt (RFC 9309, 2.3.1.2: at least five).
    pub(super) robots_redirects: usize,
    /// Hosts in memory; beyond, those that were idle longest are forgotten.
    pub(super) max_hosts: usize,
}

impl Policy {
    /// The numbers the program runs with.
    pub(super) const DEFAULT: Policy = Policy {
        first_backoff: Duration::from_millis(500),
        max_backoff: Duration::from_secs(10),
        max_wait: Duration::from_secs(30),
        max_retry_after: Duration::from_secs(24 * 3600),
        max_crawl_delay: Duration::from_secs(120),
        max_silence: Duration::from_secs(10),
        default_interval: Duration::from_secs(1),
        robots_max_age: Duration::from_secs(24 * 3600),
        robots_min_age: Duration::from_secs(3600),
        robots_retry: Duration::from_secs(5 * 60),
        robots_redirects: 5,
        max_hosts: 10_000,
    };

    /// How long a server may send nothing: half of the time it has in all, if that is not too short.
    pub(super) fn silence(&self, timeout: Duration) -> Duration {
        (timeout / 2).max(self.max_silence)
    }

    /// The wait after try number `tries` (from 0) failed. `chance` between 0 and 1 takes off up to
    /// half of it, so that clients that failed together do not come back together.
    pub(super) fn backoff(&self, tries: u32, chance: f64) -> Duration {
        let doubled = self
            .first_backoff
            .saturating_mul(2_u32.saturating_pow(tries));
        doubled
            .min(self.max_backoff)
            .mul_f64(1.0 - chance.clamp(0.0, 1.0) / 2.0)
    }

    /// The time between two requests to one host: by the requested rate, or by the host's
    /// `Crawl-delay` where that is slower.
    pub(super) fn interval(&self, per_second: f64, crawl_delay: Option<Duration>) -> Duration {
        let by_rate = Some(per_second)
            .filter(|rate| *rate > 0.0)
            .and_then(|rate| Duration::try_from_secs_f64(rate.recip()).ok())
            .unwrap_or(self.default_interval);
        let by_host = crawl_delay.unwrap_or_default().min(self.max_crawl_delay);
        by_rate.max(by_host)
    }
}

/// Reads `Retry-After` in both its forms, seconds or an HTTP date (RFC 9110, 10.2.3), and as servers write them
/// besides: fractions, which are rounded up, a unit, quotes, a date of RFC 3339, two headers in one, of which the longer
/// wait counts. A date that has passed is no wait at all, and what is neither says nothing.
pub(super) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    let until = httpdate::parse_http_date(value).ok().or_else(|| {
        let stated: jiff::Timestamp = value.parse().ok()?;
        SystemTime::try_from(stated).ok()
    });
    if let Some(until) = until {
        return Some(until.duration_since(now).unwrap_or_default());
    }
    let waits = value.split(", ").filter_map(|wait| seconds(wait.trim()));
    waits.max()
}

/// A number of seconds; one that is longer than any number has is the longest wait.
fn seconds(value: &str) -> Option<Duration> {
    let end = value.find(|c: char| !c.is_ascii_digit());
    let (whole, rest) = value.split_at(end.unwrap_or(value.len()));
    let fraction = rest.strip_prefix(['.', ',']).unwrap_or_default();
    let unit = match fraction.is_empty() {
        true => rest,
        false => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
    };
    let is_seconds = matches!(
        unit.trim().to_ascii_lowercase().as_str(),
        "" | "s" | "sec" | "secs" | "second" | "seconds"
    );
    if whole.is_empty() || !is_seconds {
        return None;
    }
    let digits = &fraction[..fraction.len() - unit.len().min(fraction.len())];
    let is_more = digits.bytes().any(|digit| digit != b'0');
    let whole = whole.parse().unwrap_or(u64::MAX);
    Some(Duration::from_secs(
        whole.saturating_add(u64::from(is_more)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy::DEFAULT;

    #[test]
    fn waits_double_up_to_a_limit() {
        let waits: Vec<u64> = (0..7)
            .map(|tries| u64::try_from(POLICY.backoff(tries, 0.0).as_millis()).unwrap())
            .collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
        assert_eq!(POLICY.backoff(u32::MAX, 0.0), POLICY.max_backoff);
    }

    #[test]
    fn chance_takes_off_up_to_half_a_wait() {
        assert_eq!(POLICY.backoff(0, 1.0), Duration::from_millis(250));
        for _ in 0..100 {
            let wait = POLICY.backoff(0, fastrand::f64()).as_millis();
            assert!((250..=500).contains(&wait), "{wait}");
        }
    }

    #[test]
    fn the_slower_of_rate_and_crawl_delay_wins() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(POLICY.interval(2.0, None), Duration::from_millis(500));
        assert_eq!(POLICY.interval(2.0, seconds(7)), Duration::from_secs(7));
        assert_eq!(POLICY.interval(0.1, seconds(7)), Duration::from_secs(10));
        assert_eq!(
            POLICY.interval(1.0, seconds(100_000)),
            Duration::from_secs(120)
        );
    }

    #[test]
    fn a_rate_that_is_not_positive_is_one_a_second() {
        for rate in [0.0, -1.0, f64::NAN, 1e-300] {
            assert_eq!(
                POLICY.interval(rate, None),
                Duration::from_secs(1),
                "{rate}"
            );
        }
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date() {
        let now = httpdate::parse_http_date("Mon, 23 Nov 2026 19:00:00 GMT").unwrap();
        let read = |value| retry_after(value, now);
        let seconds = |seconds| Some(Duration::from_secs(seconds));

        assert_eq!(read("120"), seconds(120));
        assert_eq!(read(" 0 "), seconds(0));
        assert_eq!(read("99999999999999999999999"), seconds(u64::MAX));
        assert_eq!(read("Mon, 23 Nov 2026 19:01:30 GMT"), seconds(90));
        assert_eq!(read("Monday, 23-Nov-26 19:01:30 GMT"), seconds(90));
        assert_eq!(read("Mon Nov 23 19:01:30 2026"), seconds(90));
        assert_eq!(read("Mon, 23 Nov 2026 18:00:00 GMT"), seconds(0));
        for (written, expected) in [
            ("1.5", 2),
            ("0,2", 1),
            ("3.0", 3),
            ("120s", 120),
            ("1.5 seconds", 2),
            ("\"60\"", 60),
            ("60, 120", 120),
            ("soon, 5", 5),
            ("2026-11-23T19:01:30Z", 90),
            ("2026-11-23T18:00:00Z", 0),
        ] {
            assert_eq!(read(written), seconds(expected), "{written}");
        }
        for nonsense in [
            "",
            "soon",
            "-5",
            ".5",
            "5 minutes",
            "1.5.2",
            "1e9",
            "Mon, 99 Nov 2026",
        ] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }
}
