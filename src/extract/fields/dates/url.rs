//! A day in a URL: `/2023/12/22/`, `/2023/dec/22/`, `/2023-12-22-…`, `/20231222/`. The last resort
//! for a date.

use url::Url;

use crate::extract::fields::dates::{DateTime, months};

/// The day in the path of a URL.
pub(in crate::extract::fields) fn day_in_path(url: &Url) -> Option<DateTime> {
    let segments: Vec<&str> = url.path_segments()?.take(20).collect();
    segments
        .windows(3)
        .find_map(|parts| day_of(parts[0], parts[1], parts[2]))
        .or_else(|| segments.iter().find_map(|segment| day_in_segment(segment)))
}

fn day_of(year: &str, month: &str, day: &str) -> Option<DateTime> {
    if year.len() != 4 {
        return None;
    }
    let month = number(month).or_else(|| months::month(&month.to_lowercase()).map(i64::from))?;
    DateTime::day(number(year)?, month, number(day)?)
}

/// `2023-12-22`, `2023_12_22` or `20231222`, at the start or the end of a segment or separated from
/// the rest by a hyphen.
fn day_in_segment(segment: &str) -> Option<DateTime> {
    let parts: Vec<&str> = segment.split(['-', '_', '.']).take(60).collect();
    parts
        .windows(3)
        .find_map(|it| {
            let padded = it[1].len() == 2 && it[2].len() == 2;
            padded.then(|| day_of(it[0], it[1], it[2])).flatten()
        })
        .or_else(|| {
            parts.iter().find_map(|part| {
                let value = number(part).filter(|_| part.len() == 8)?;
                DateTime::day(value / 10_000, value / 100 % 100, value % 100)
            })
        })
}

fn number(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (1..=8).contains(&text.len()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_found_in_the_usual_forms_of_addresses() {
        for (path, day) in [
            ("2023/12/22/ferry", Some("2023-12-22")),
            ("news/2023/dec/2/ferry", Some("2023-12-02")),
            ("news/2023-12-22-ferry.html", Some("2023-12-22")),
            ("releases/20231222/ferry", Some("2023-12-22")),
            ("ferry-20231222.html", Some("2023-12-22")),
            ("2023/12/ferry", None),
            ("2023/13/40/ferry", None),
            ("story/12345678", None),
            ("1812/12/22/ferry", None),
        ] {
            let url = Url::parse(&format!("https://news.example/{path}")).unwrap();
            assert_eq!(
                day_in_path(&url).map(|it| it.to_string()).as_deref(),
                day,
                "{path}"
            );
        }
    }
}
