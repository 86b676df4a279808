//! Times as people type and read them; the library uses unix milliseconds.

use std::str::FromStr;
use std::time::Duration;

use crate::config::units;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// A point in time as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeArg {
    /// Unix milliseconds.
    At(i64),
    /// Before now.
    Ago(Duration),
}

impl TimeArg {
    /// Unix milliseconds.
    pub fn millis(self, now: i64) -> i64 {
        match self {
            TimeArg::At(at) => at,
            TimeArg::Ago(ago) => {
                now.saturating_sub(i64::try_from(ago.as_millis()).unwrap_or(i64::MAX))
            }
        }
    }
}

impl FromStr for TimeArg {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<TimeArg, Self::Err> {
        let day = || {
            let day: Date = text.parse().ok()?;
            Offset::UTC
                .to_timestamp(day.to_datetime(Time::midnight()))
                .ok()
        };
        if let Some(ago) = units::duration(text) {
            return Ok(TimeArg::Ago(ago));
        }
        text.parse()
            .ok()
            .or_else(day)
            .map(|at: Timestamp| TimeArg::At(at.as_millisecond()))
            .ok_or("expected a day (2026-11-23), a time (2026-11-23T08:00:00Z) or an age (24h)")
    }
}

/// Unix milliseconds.
pub fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

/// Unix milliseconds of a time in RFC 3339.
pub fn millis(text: &str) -> Option<i64> {
    text.parse().ok().map(Timestamp::as_millisecond)
}

/// Unix milliseconds of a date as a page states it: of a time without a zone in UTC, of a day at its beginning.
pub fn stated(text: &str) -> Option<i64> {
    let local = || Offset::UTC.to_timestamp(text.parse().ok()?).ok();
    let at: Timestamp = text.parse().ok().or_else(local)?;
    Some(at.as_millisecond())
}

/// RFC 3339 in UTC, to the second.
pub fn rfc3339(millis: i64) -> Option<String> {
    let at = Timestamp::from_second(millis.div_euclid(1000)).ok()?;
    Some(at.to_string())
}

/// `5m ago`, `in 3h`, `now`: the largest unit alone, which is enough in a table.
pub fn relative(millis: i64, now: i64) -> String {
    let seconds = millis.saturating_sub(now) / 1000;
    let span = match seconds.unsigned_abs() {
        0 => return "now".to_owned(),
        it @ ..60 => format!("{it}s"),
        it @ 60..3600 => format!("{}m", it / 60),
        it @ 3600..172_800 => format!("{}h", it / 3600),
        it => format!("{}d", it / 86_400),
    };
    if seconds < 0 {
        format!("{span} ago")
    } else {
        format!("in {span}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_day_an_instant_or_an_age() {
        let now = 1_000_000_000_000;
        for (text, expected) in [
            ("2001-09-09", 999_993_600_000),
            ("2001-09-09T01:46:40Z", now),
            ("2001-09-09T03:46:40+02:00", now),
            ("90s", now - 90_000),
            ("2d", now - 172_800_000),
        ] {
            let time: TimeArg = text.parse().unwrap();
            assert_eq!(time.millis(now), expected, "{text}");
        }
        for text in ["", "yesterday", "2001-13-01", "2001"] {
            assert!(text.parse::<TimeArg>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_distance_from_now_is_shown_in_its_largest_unit() {
        for (seconds, expected) in [
            (0, "now"),
            (-59, "59s ago"),
            (-3599, "59m ago"),
            (7200, "in 2h"),
            (-86_400 * 3, "3d ago"),
        ] {
            assert_eq!(relative(seconds * 1000, 0), expected);
        }
    }

    #[test]
    fn times_are_printed_in_utc() {
        assert_eq!(
            rfc3339(1_000_000_000_999).as_deref(),
            Some("2001-09-09T01:46:40Z")
        );
    }
}
