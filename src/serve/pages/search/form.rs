//! What the form of the search says: one field in the language of queries, and filters.

use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::search::{Order, SearchQuery};
use crate::serve::failure::{Answer, Failure};
use crate::serve::foreign::{clip, visible};
use crate::store::SearchCursor;

/// Characters of a value that a note repeats.
const REPEATED: usize = 40;

/// The fields of the form, with the names that the API has for them. All are optional, and empty is as good as none.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SearchForm {
    /// The query.
    pub(super) q: String,
    /// The source's name.
    pub(super) source: String,
    /// A language.
    pub(super) language: String,
    /// The first day of publication…
    pub(super) after: String,
    /// …and the day before which it ends.
    pub(super) before: String,
    /// `newest` for the newest first also where words are searched for.
    order: String,
    /// The place after which the page begins.
    cursor: String,
    /// The format of an export.
    pub(super) format: String,
    /// The purposes that an export is for, separated by commas.
    pub(super) require: String,
}

impl SearchForm {
    /// The query that the fields make together, and what of it could not be read as it may have been meant. Filters
    /// win over the same in the query.
    pub(super) fn query(&self) -> (SearchQuery, Vec<String>) {
        let mut query = SearchQuery::parse(&self.q);
        let mut notes = std::mem::take(&mut query.notes);
        for (place, value) in [
            (&mut query.sources, self.source.trim()),
            (&mut query.languages, self.language.trim()),
        ] {
            if !value.is_empty() {
                *place = vec![value.to_owned()];
            }
        }
        for (place, value) in [
            (&mut query.published.since, self.after.trim()),
            (&mut query.published.until, self.before.trim()),
        ] {
            match day(value) {
                Some(start) => *place = Some(start),
                None if value.is_empty() => {}
                None => notes.push(format!(
                    "“{}” is no day such as 2026-01-31; it was left out.",
                    clip(value, REPEATED)
                )),
            }
        }
        if !self.is_newest_first() && !query.required.is_empty() {
            query.order = Order::Relevance;
        }
        (query, notes.iter().map(|it| visible(it)).collect())
    }

    /// The place after which the page begins.
    pub(super) fn cursor(&self) -> Answer<Option<SearchCursor>> {
        if self.cursor.is_empty() {
            return Ok(None);
        }
        let read = self.cursor.parse::<SearchCursor>();
        read.map(Some)
            .map_err(|error| Failure::bad_request(error.to_string()))
    }

    /// True where nothing is searched for.
    pub(super) fn is_empty(&self) -> bool {
        self.filters().all(|(_, value)| value.trim().is_empty())
    }

    /// The newest come first, also where words are searched for.
    pub(super) fn is_newest_first(&self) -> bool {
        self.order == "newest"
    }

    /// The address of another page for the same search, with one more parameter.
    pub(super) fn address(&self, path: &str, more: Option<(&str, &str)>) -> String {
        let order = self.is_newest_first().then_some(("order", "newest"));
        with_query(path, self.filters().chain(order).chain(more))
    }

    /// The address of a feed of what is found, whenever that was published.
    pub(super) fn feed(&self) -> String {
        let is_date = |name: &str| name == "after" || name == "before";
        with_query("/feed.xml", self.filters().filter(|it| !is_date(it.0)))
    }

    fn filters(&self) -> impl Iterator<Item = (&str, &str)> {
        [
            ("q", self.q.as_str()),
            ("source", self.source.as_str()),
            ("language", self.language.as_str()),
            ("after", self.after.as_str()),
            ("before", self.before.as_str()),
        ]
        .into_iter()
    }
}

/// The path with those of the parameters that say something.
fn with_query<'a>(path: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(pairs.filter(|(_, value)| !value.is_empty()));
    match query.finish().as_str() {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The beginning of a day in UTC, in unix milliseconds.
fn day(text: &str) -> Option<i64> {
    let day: Date = text.parse().ok()?;
    let start = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    Some(start.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(change: impl FnOnce(&mut SearchForm)) -> SearchForm {
        let mut form = SearchForm::default();
        change(&mut form);
        form
    }

    #[test]
    fn filters_win_over_the_query() {
        let form = form(|it| {
            it.q = "ferry source:a after:1970-01-01 before:1970-01-09".to_owned();
            it.source = "b c".to_owned();
            it.after = "1970-01-02".to_owned();
        });
        let (query, notes) = form.query();
        assert_eq!(query.sources, ["b c"]);
        assert_eq!(query.published.since, Some(86_400_000));
        assert_eq!(query.published.until, Some(8 * 86_400_000));
        assert_eq!((query.required.len(), notes.len()), (1, 0));
    }

    #[test]
    fn words_are_found_by_relevance_unless_asked_otherwise() {
        let order = |q: &str, order: &str| {
            let form = form(|it| (it.q, it.order) = (q.to_owned(), order.to_owned()));
            form.query().0.order
        };
        assert_eq!(order("ferry", ""), Order::Relevance);
        assert_eq!(order("ferry", "newest"), Order::Newest);
        assert_eq!(order("source:a", ""), Order::Newest);
    }

    #[test]
    fn a_day_that_is_none_is_left_out_with_a_note() {
        let form = form(|it| it.before = "soon\u{202e}".to_owned());
        let (query, notes) = form.query();
        assert!(!query.published.is_bounded());
        assert_eq!(
            notes,
            ["“soon[U+202E]” is no day such as 2026-01-31; it was left out."]
        );
    }

    #[test]
    fn an_address_states_what_is_searched_and_nothing_else() {
        assert_eq!(form(|_| ()).address("/search", None), "/search");
        assert!(form(|it| it.q = " ".to_owned()).is_empty());
        let form = form(|it| {
            it.q = "a&b \"c\"".to_owned();
            it.before = "2026-01-31".to_owned();
            it.order = "newest".to_owned();
        });
        assert_eq!(
            form.address("/x", Some(("cursor", "n7"))),
            "/x?q=a%26b+%22c%22&before=2026-01-31&order=newest&cursor=n7"
        );
        assert_eq!(form.feed(), "/feed.xml?q=a%26b+%22c%22");
    }
}
