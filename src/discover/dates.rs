//! Dates of feeds and sitemaps.

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{Timestamp, tz::Offset};

/// Parses the date of an entry: RFC 3339 or RFC 2822, with the usual deviations. `None` for placeholders.
pub(super) fn feed_millis(written: &str) -> Option<i64> {
    let written = written.trim();
    w3c_millis(written).or_else(|| rfc2822_millis(written))
}

/// Without the day of the week, which may be wrong or in any language; months and zones as the standard
/// has them.
fn rfc2822_millis(written: &str) -> Option<i64> {
    if written.len() > 100 {
        return None;
    }
    let written = written.replace(',', " ");
    let mut words: Vec<String> = written.split_whitespace().map(str::to_owned).collect();
    let is_number = |at: usize, words: &[String]| {
        words
            .get(at)
            .is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()))
    };
    while words.len() > 3 && !is_number(0, &words) {
        // `November 23, 2026` has the day second; anything else is the day of the week.
        if is_number(1, &words) && is_number(2, &words) {
            words.swap(0, 1);
        } else {
            words.remove(0);
        }
    }
    let month = words.get_mut(1)?;
    *month = month.chars().take(3).collect();
    if words.len() == 3 {
        words.push("00:00".to_owned());
    }
    if words.len() == 4 {
        words.push("GMT".to_owned());
    }
    let zone = words.get_mut(4)?;
    if matches!(zone.as_str(), "UTC" | "Z" | "UT" | "-0000") {
        "GMT".clone_into(zone);
    } else if zone.as_bytes().get(3) == Some(&b':') {
        zone.remove(3);
    }
    let hour = words.get_mut(3)?;
    if hour.as_bytes().get(1) == Some(&b':') {
        hour.insert(0, '0');
    } else if hour.starts_with("24:") {
        hour.replace_range(..2, "00");
    }
    let instant = DateTimeParser::new().parse_timestamp(words.get(..5)?.join(" "));
    real_millis(instant.ok()?)
}

/// `None` for the dates that programs write where they know none: the first day of an era, such as
/// 1970-01-01 or 0001-01-01, in any time zone, and dates that no page can have.
fn real_millis(instant: Timestamp) -> Option<i64> {
    let day = Offset::UTC.to_datetime(instant).date();
    let is_turn_of_year = matches!((day.month(), day.day()), (12, 30..) | (1, ..=2));
    let is_real = match day.year() {
        ..1600 | 2100.. => false,
        1600..1990 => !is_turn_of_year,
        _ => true,
    };
    is_real.then(|| instant.as_millisecond())
}

/// Parses a W3C date as used in sitemaps: a year, month, day or instant. `None` for placeholders.
pub(super) fn w3c_millis(written: &str) -> Option<i64> {
    let written = written.trim();
    // The shortest instant is `20261123T10Z`, and most sitemaps state days.
    if written.len() > 10
        && let Ok(instant) = written.parse::<Timestamp>()
    {
        return real_millis(instant);
    }
    let padded = match written.len() {
        4 => format!("{written}-01-01"),
        7 => format!("{written}-01"),
        _ => written.get(..10)?.to_owned(),
    };
    let day: jiff::civil::Date = padded.parse().ok()?;
    let midnight = day.to_datetime(jiff::civil::Time::midnight());
    let instant = jiff::tz::Offset::UTC.to_timestamp(midnight).ok()?;
    real_millis(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_precision_are_read() {
        for (written, expected) in [
            ("2026-11-23T10:00:00+01:00", Some(1_795_424_400_000)),
            ("2026-11-23T09:00:00Z", Some(1_795_424_400_000)),
            ("2026-11-23", Some(1_795_392_000_000)),
            ("2026-11", Some(1_793_491_200_000)),
            ("1970", None),
            ("2026-13-40", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(w3c_millis(written), expected, "{written}");
        }
    }

    #[test]
    fn dates_of_feeds_are_read_with_the_usual_deviations() {
        for written in [
            "Mon, 23 Nov 2026 10:00:00 +0100",
            "Mon, 23 Nov 2026 10:00:00 +01:00",
            "Tue, 23 November 2026 9:00 UTC",
            "Пн, 23 Nov 2026 09:00:00 GMT",
            "Monday 23 Nov 2026 09:00:00",
            "Mon, 23 Nov 2026 04:00:00 EST",
            "November 23, 2026 09:00:00 Z",
            "2026-11-23T10:00:00+0100",
            "2026-11-23 09:00:00Z",
        ] {
            assert_eq!(feed_millis(written), Some(1_795_424_400_000), "{written}");
        }
        for written in ["", "soon", "23", "Mon, 45 Nov 2026 09:00:00 GMT"] {
            assert_eq!(feed_millis(written), None, "{written}");
        }
    }

    #[test]
    fn placeholders_are_no_dates() {
        for written in [
            "1970-01-01",
            "1970-01-01T00:00:00Z",
            "1969-12-31T19:00:00-05:00",
            "0001-01-01T00:00:00Z",
            "0000-00-00",
            "1900-01-01",
            "1899-12-30T00:00:00Z",
            "9999-12-31",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Mon, 01 Jan 0001 00:00:00 +0000",
        ] {
            assert_eq!(feed_millis(written), None, "{written}");
        }
        assert!(feed_millis("1985-06-03").is_some());
        assert!(feed_millis("2000-01-01").is_some());
    }
}
