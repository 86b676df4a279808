//! The date of publication in the data from which a page's scripts fill it. Such data is not parsed:
//! a framework's state need not be JSON, and what matters is an unambiguous name and the date that
//! follows it.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;

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

/// Searches with vector instructions, where the processor has them. No name is part of another, so that
/// both searches find the same.
static FAST_FINDER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(NAMES));

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(NAMES).ok());

/// The date that the data names, where all of it names the same day: several belong to several
/// articles.
pub(super) fn only_day(source: &[u8], limits: &Limits) -> Option<DateTime> {
    match FAST_FINDER.as_ref() {
        Some(finder) => only_day_after(source, finder.find_iter(source).map(|it| it.end()), limits),
        None => {
            let names = FINDER.as_ref()?.find_iter(source);
            only_day_after(source, names.map(|it| it.end()), limits)
        }
    }
}

/// The day that all dates right after these places name.
fn only_day_after(
    source: &[u8],
    ends: impl Iterator<Item = usize>,
    limits: &Limits,
) -> Option<DateTime> {
    let values = ends.take(MOST).filter_map(|from| {
        let to = source.len().min(from + REACH);
        value_after(&source[from..to])
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
    fn both_searches_find_the_same_names() {
        let source = "datePublished publish_date published_atpubDate publicationDatePublished \
            datepublished publishDatE publishedDate publishedAt published_date publishDate";
        let fast: Vec<_> = FAST_FINDER
            .iter()
            .flat_map(|it| it.find_iter(source))
            .map(|it| it.range())
            .collect();
        let slow = FINDER.iter().flat_map(|it| it.find_iter(source));
        let slow: Vec<_> = slow.map(|it| it.range()).collect();
        assert_eq!(slow.len(), 9);
        assert!(FAST_FINDER.is_none() || fast == slow);
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
