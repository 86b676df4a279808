//! A date, with the time and the offset where the page states them.

use std::fmt;

use jiff::tz::TimeZone;

use crate::extract::fields::dates::calendars::{BUDDHIST, YEARS};
use crate::extract::fields::dates::clock::Clock;

/// Offsets are whole quarters of an hour, in seconds…
const QUARTER: i64 = 900;
/// …and lie between these, in minutes. Nobody lives twelve hours west of Greenwich, where a clock
/// that omits 'p.m.' would seem to be.
const MIN_OFFSET: i16 = -11 * 60;
const MAX_OFFSET: i16 = 14 * 60;
/// Times so many seconds apart may be the same instant: readers are not shown the seconds.
const SAME_INSTANT: i64 = 90;

/// How sure a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Precision {
    /// As the page states it.
    Stated,
    /// From a lunar date, and perhaps a day off.
    Converted,
    /// From words such as 'yesterday' and the time of the fetch.
    Relative,
}

/// A day, and the time of day where one is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::fields) struct DateTime {
    year: i16,
    month: i8,
    day: i8,
    pub(super) clock: Option<Clock>,
    precision: Precision,
}

impl DateTime {
    /// A day of the Gregorian calendar within [`YEARS`]; years may be counted as in Thailand.
    pub(super) fn day(year: i64, month: i64, day: i64) -> Option<DateTime> {
        let is_thai = YEARS.contains(&(year - BUDDHIST)) && !YEARS.contains(&year);
        let year = if is_thai { year - BUDDHIST } else { year };
        if !YEARS.contains(&year) {
            return None;
        }
        let (year, month, day) = (
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        );
        jiff::civil::Date::new(year, month, day).ok()?;
        Some(DateTime {
            year,
            month,
            day,
            clock: None,
            precision: Precision::Stated,
        })
    }

    /// The same, as converted from a lunar date.
    pub(super) fn converted(self) -> DateTime {
        DateTime {
            precision: Precision::Converted,
            ..self
        }
    }

    /// True where it is converted from a lunar date, and perhaps a day off.
    pub(in crate::extract::fields) fn is_converted(&self) -> bool {
        self.precision == Precision::Converted
    }

    /// The same, as reckoned from the time of the fetch.
    pub(super) fn relative(self) -> DateTime {
        DateTime {
            precision: Precision::Relative,
            ..self
        }
    }

    /// True where it is reckoned from the time of the fetch.
    pub(in crate::extract::fields) fn is_relative(&self) -> bool {
        self.precision == Precision::Relative
    }

    /// Seconds or milliseconds since 1970, in UTC.
    pub(super) fn epoch(value: i64, digits: usize) -> Option<DateTime> {
        let seconds = match digits {
            10 => value,
            13 => value / 1000,
            _ => return None,
        };
        let timestamp = jiff::Timestamp::from_second(seconds).ok()?;
        let civil = jiff::tz::Offset::UTC.to_datetime(timestamp);
        Some(DateTime::from_civil(civil)?.at_offset(0))
    }

    pub(super) fn from_civil(civil: jiff::civil::DateTime) -> Option<DateTime> {
        let (year, month, day) = (civil.year(), civil.month(), civil.day());
        let (hour, minute, second) = (civil.hour(), civil.minute(), civil.second());
        let clock = Clock::new(hour.into(), minute.into(), second.into())?;
        Some(DateTime {
            clock: Some(clock),
            ..DateTime::day(year.into(), month.into(), day.into())?
        })
    }

    /// The same day at a time of day.
    pub(super) fn with_clock(self, clock: Option<Clock>) -> DateTime {
        let clock = clock.filter(|it| !it.is_no_time());
        DateTime { clock, ..self }
    }

    /// The same with the offset, in minutes.
    pub(super) fn at_offset(self, minutes: i16) -> DateTime {
        let clock = self.clock.map(|clock| clock.at(minutes));
        DateTime { clock, ..self }
    }

    /// The day alone.
    pub(in crate::extract::fields) fn date(&self) -> DateTime {
        DateTime {
            clock: None,
            ..*self
        }
    }

    /// True where this is an instant: a time with an offset.
    pub(in crate::extract::fields) fn is_instant(&self) -> bool {
        self.clock.is_some_and(|clock| clock.offset.is_some())
    }

    /// True where a time of day is stated.
    pub(in crate::extract::fields) fn has_time(&self) -> bool {
        self.clock.is_some()
    }

    /// A time without an offset in the time zone of its source. A time that a change of clocks skips or
    /// repeats is the one that RFC 5545 takes: the same distance after the gap, the first of two.
    pub(in crate::extract::fields) fn in_zone(self, zone: Option<&TimeZone>) -> DateTime {
        let zoned = || {
            let zone = zone.filter(|_| !self.is_instant())?;
            let instant = zone
                .to_ambiguous_timestamp(self.civil()?)
                .compatible()
                .ok()?;
            let offset = zone.to_offset(instant);
            let minutes = i16::try_from(offset.seconds() / 60).ok()?;
            let local = DateTime::from_civil(offset.to_datetime(instant))?.at_offset(minutes);
            Some(DateTime {
                precision: self.precision,
                ..local
            })
        };
        zoned().unwrap_or(self)
    }

    /// The days from this date to another.
    pub(super) fn days_until(&self, other: &DateTime) -> Option<i32> {
        let (here, there) = (self.civil_date()?, other.civil_date()?);
        let days = there.since((jiff::Unit::Day, here)).ok()?;
        Some(days.get_days())
    }

    /// True for an instant in UTC, which is how machines state it wherever the page is from.
    pub(in crate::extract::fields) fn is_utc(&self) -> bool {
        self.clock.is_some_and(|clock| clock.offset == Some(0))
    }

    /// True where both are on the same day, whatever the time.
    pub(in crate::extract::fields) fn is_same_day(&self, other: &DateTime) -> bool {
        self.ymd() == other.ymd()
    }

    /// True where this is on an earlier day than the other.
    pub(in crate::extract::fields) fn is_on_earlier_day(&self, other: &DateTime) -> bool {
        self.ymd() < other.ymd()
    }

    /// True where both are on the same day and this is the earlier time.
    pub(super) fn is_earlier_than(&self, other: &DateTime) -> bool {
        let times = self.civil().zip(other.civil());
        self.is_same_day(other) && times.is_some_and(|(one, other)| one < other)
    }

    fn ymd(&self) -> (i16, i8, i8) {
        (self.year, self.month, self.day)
    }

    /// This instant in the offset of `local`, which is the time that readers are shown: a whole
    /// number of quarters of an hour from UTC. `None` where the two can't be the same instant.
    pub(in crate::extract::fields) fn in_offset_of(&self, local: &DateTime) -> Option<DateTime> {
        let (utc, there) = (self.civil()?, local.civil()?);
        let away = there.duration_since(utc).as_secs();
        let quarters = (away + (QUARTER / 2)).div_euclid(QUARTER);
        let rest = away - quarters * QUARTER;
        let minutes = i16::try_from(quarters * QUARTER / 60).ok()?;
        if rest.abs() > SAME_INSTANT || !(MIN_OFFSET..=MAX_OFFSET).contains(&minutes) {
            return None;
        }
        let offset = jiff::SignedDuration::from_mins(minutes.into());
        let shifted = utc.checked_add(offset).ok()?;
        Some(DateTime::from_civil(shifted)?.at_offset(minutes))
    }

    /// True where this instant in UTC is the midnight with which `day` begins somewhere: a system
    /// has turned the day into an instant.
    pub(in crate::extract::fields) fn is_midnight_of(&self, day: &DateTime) -> bool {
        let midnight = day.civil_date().map(|day| day.at(0, 0, 0, 0));
        let Some((utc, midnight)) = self.civil().zip(midnight) else {
            return false;
        };
        let away = midnight.duration_since(utc).as_secs();
        away % QUARTER == 0 && away.abs() <= i64::from(MAX_OFFSET) * 60
    }

    fn civil_date(&self) -> Option<jiff::civil::Date> {
        jiff::civil::Date::new(self.year, self.month, self.day).ok()
    }

    /// The day and the time of day; `None` where there is no time.
    fn civil(&self) -> Option<jiff::civil::DateTime> {
        let clock = self.clock?;
        Some(self.civil_date()?.to_datetime(clock.civil()?))
    }
}

impl fmt::Display for DateTime {
    /// RFC 3339; without an offset where the page states none, the day alone where it states no time.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)?;
        match self.clock {
            Some(clock) => write!(f, "T{clock}"),
            None => Ok(()),
        }
    }
}
