//! Dates of records, in words and as machines read them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// A date as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShownDate {
    /// `23 November 2026, 10:00 (UTC+01:00)`.
    pub(crate) words: String,
    /// As in the record.
    pub(crate) machine: String,
}

/// A date of a record: a time with its zone or without one, or a day. `None` where it is none of them.
pub(crate) fn shown_date(date: &str) -> Option<ShownDate> {
    let words = match date.parse::<Date>() {
        Ok(day) if date.len() <= 10 => day.strftime("%-d %B %Y").to_string(),
        _ => {
            let (local, zone) = parted(date);
            if !zone.is_empty() {
                date.parse::<Timestamp>().ok()?;
            }
            let local = local.parse::<DateTime>().ok()?;
            format!("{}{zone}", local.strftime("%-d %B %Y, %H:%M"))
        }
    };
    Some(ShownDate {
        words,
        machine: date.to_owned(),
    })
}

/// The local time, and its zone in words.
fn parted(date: &str) -> (&str, String) {
    if let Some(local) = date.strip_suffix('Z') {
        return (local, " UTC".to_owned());
    }
    let time = date.find('T').unwrap_or_default();
    let sign = date.rfind(['+', '-']).filter(|it| *it > time && time > 0);
    let (local, offset) = date.split_at(sign.unwrap_or(date.len()));
    match offset {
        "" => (local, String::new()),
        "+00:00" | "-00:00" => (local, " UTC".to_owned()),
        offset => (local, format!(" (UTC{offset})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_shown_as_far_as_they_are_known() {
        for (date, words) in [
            ("2026-11-03", "3 November 2026"),
            (
                "2026-11-23T10:05:00+01:00",
                "23 November 2026, 10:05 (UTC+01:00)",
            ),
            ("2026-11-23T10:05:00Z", "23 November 2026, 10:05 UTC"),
            ("2026-11-23T10:05:00", "23 November 2026, 10:05"),
        ] {
            assert_eq!(shown_date(date).unwrap().words, words);
        }
        for none in [
            "",
            "yesterday",
            "2026",
            "2026-11-23T10:05:00+x",
            "2026-02-30",
        ] {
            assert_eq!(shown_date(none), None, "{none}");
        }
    }
}
