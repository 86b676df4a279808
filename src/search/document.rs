//! An article as the index has it: the words of its fields, and the time by which it is sorted.

use super::words::words;
use crate::article::Article;

/// Words of a text that are found: PostgreSQL counts the positions of 16,383, and no article is as long.
const OF_TEXT: usize = 15_000;
/// Words of each other field.
const OF_FIELD: usize = 250;

/// The words of an article, by field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Document {
    pub(crate) title: Vec<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) section: Vec<String>,
    pub(crate) text: Vec<String>,
}

impl Document {
    /// The words of this article.
    pub(crate) fn of(article: &Article) -> Document {
        let optional = |text: &Option<String>| first_words(text.iter(), OF_FIELD);
        Document {
            title: optional(&article.title),
            authors: first_words(&article.authors, OF_FIELD),
            tags: first_words(&article.tags, OF_FIELD),
            section: optional(&article.section),
            text: first_words([&article.text], OF_TEXT),
        }
    }
}

fn first_words<'t>(texts: impl IntoIterator<Item = &'t String>, most: usize) -> Vec<String> {
    let words = texts.into_iter().flat_map(|text| words(text));
    words.take(most).map(|it| it.text).collect()
}

/// The time by which an article is sorted, in unix milliseconds: that of its publication, or else the one at which it was
/// fetched. What has no zone is taken as UTC.
pub(crate) fn sort_time(article: &Article) -> i64 {
    let published = article.published.as_deref().and_then(millis);
    let fetched = || article.fetched_at.as_deref().and_then(millis);
    published.or_else(fetched).unwrap_or_default()
}

/// A time of a record, in unix milliseconds.
pub(super) fn millis(time: &str) -> Option<i64> {
    if let Ok(instant) = time.parse::<jiff::Timestamp>() {
        return Some(instant.as_millisecond());
    }
    let local = time.parse::<jiff::civil::DateTime>().ok()?;
    let instant = jiff::tz::Offset::UTC.to_timestamp(local).ok()?;
    Some(instant.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(time: Option<&str>) -> i64 {
        sort_time(&Article {
            published: time.map(str::to_owned),
            fetched_at: Some("1970-01-01T00:00:01Z".to_owned()),
            ..Article::default()
        })
    }

    #[test]
    fn an_article_is_sorted_by_its_publication_or_its_visit() {
        assert_eq!(published(Some("1970-01-02")), 86_400_000);
        assert_eq!(published(Some("1970-01-01T00:00:09")), 9_000);
        assert_eq!(published(Some("1970-01-01T02:00:00+02:00")), 0);
        assert_eq!(published(Some("yesterday")), 1_000);
        assert_eq!(published(None), 1_000);
    }

    #[test]
    fn an_endless_text_has_a_bounded_number_of_words() {
        let article = Article {
            text: "a ".repeat(40_000),
            tags: vec!["t".to_owned(); 1_000],
            ..Article::default()
        };
        let document = Document::of(&article);
        assert_eq!(
            (document.text.len(), document.tags.len()),
            (OF_TEXT, OF_FIELD)
        );
    }
}
