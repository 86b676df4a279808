//! The day of publication in the data that a page's scripts fill it from. Such data is not parsed here:
//! a framework's state may be no JSON, and what matters is a name that means nothing else, and a date
//! behind it.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::extract::fields::dates::{self, DateTime, Order};

/// Names of a date of publication and of nothing else.
const NAMES: [&str; 9] = [
    "datePublished",
    "published_at",
    "publishedAt",
    "publishedDate",
    "published_date",
    "publish_date",
    "publishDate",
    "publicationDate",
    "pubDate",
];
/// Bytes behind a name in which its value is looked for.
const REACH: usize = 60;
/// Names that are looked at; a page of more is a list.
const MOST: usize = 200;

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(NAMES).ok());

/// The day that the data names, where all of it names the same: several are of several articles.
pub(super) fn only_day(source: &[u8]) -> Option<DateTime> {
    let finder = FINDER.as_ref()?;
    let values = finder.find_iter(source).take(MOST).filter_map(|name| {
        let end = source.len().min(name.end() + REACH);
        value_after(&source[name.end()..end])
    });
    let mut days = values.filter_map(|it| dates::parse(&it, Order::of(None, None)));
    let only = days.next()?;
    days.all(|it| it.is_same_day(&only)).then_some(only)
}

/// The value of `": "…"`, with the escapes of data within data, or of `="…"`; it begins with a year.
fn value_after(rest: &[u8]) -> Option<String> {
    const QUOTES: [char; 4] = ['"', '\'', '\\', ' '];
    let rest = String::from_utf8_lossy(rest);
    let value = rest.trim_start_matches(QUOTES).strip_prefix([':', '='])?;
    let value = value.trim_start_matches(QUOTES);
    let end = value.find(['"', '\'', '\\', ',', '}', '<'])?;
    let value = &value[..end];
    (value.starts_with("20") || value.starts_with("19")).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(source: &str) -> Option<String> {
        only_day(source.as_bytes()).map(|it| it.to_string())
    }

    #[test]
    fn a_day_is_read_out_of_whatever_state_names_one() {
        for state in [
            r#"{"publishedAt":"2026-05-03T10:00:00+02:00"}"#,
            r#"window.s = "{\"publishedAt\": \"2026-05-03T10:00:00+02:00\"}""#,
            "{publishedAt: '2026-05-03T10:00:00+02:00', title: 'x'}",
        ] {
            let read = day(state);
            assert_eq!(
                read.as_deref(),
                Some("2026-05-03T10:00:00+02:00"),
                "{state}"
            );
        }
    }

    #[test]
    fn several_days_are_of_several_articles_and_what_is_cut_off_is_none() {
        let two = r#"{"pubDate":"2026-05-03"},{"pubDate":"2026-05-04"}"#;
        assert_eq!(day(two), None);
        assert_eq!(day(r#"{"pubDate":"2026-05-03"#), None);
        assert_eq!(day(r#"{"pubDate":true,"x":"2026-05-03"}"#), None);
        assert_eq!(day("pubDate"), None);
    }
}
