//! The date of publication in the data from which a page's scripts fill it. Such data is not parsed:
//! a framework's state need not be JSON, and what matters is an unambiguous name and the date that
//! follows it.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::extract::fields::dates::{DateReader, DateTime};
use crate::limits::Limits;

/// Names of a date of publication that mean nothing else.
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
/// The value of a name is within so many bytes after it.
const REACH: usize = 60;
/// Names that are read; a page with more is a list.
const MOST: usize = 200;

/// No name is part of another, so that every kind of match finds the same; for this one there is a search
/// with vector instructions.
static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(NAMES)
        .ok()
});

/// The date that the data names, where all of it names the same day: several belong to several
/// articles.
pub(super) fn only_day(source: &[u8], limits: &Limits) -> Option<DateTime> {
    let finder = FINDER.as_ref()?;
    let values = finder.find_iter(source).take(MOST).filter_map(|name| {
        let end = source.len().min(name.end() + REACH);
        value_after(&source[name.end()..end])
    });
    let reader = DateReader::new(None, None, limits);
    let mut days = values.filter_map(|it| reader.parse(&it));
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
        only_day(source.as_bytes(), &Limits::DEFAULT).map(|it| it.to_string())
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
    fn several_days_belong_to_several_articles_and_a_truncated_one_is_ignored() {
        let two = r#"{"pubDate":"2026-05-03"},{"pubDate":"2026-05-04"}"#;
        assert_eq!(day(two), None);
        assert_eq!(day(r#"{"pubDate":"2026-05-03"#), None);
        assert_eq!(day(r#"{"pubDate":true,"x":"2026-05-03"}"#), None);
        assert_eq!(day("pubDate"), None);
    }
}
