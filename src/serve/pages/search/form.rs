//! What the form of the search says: one field in the language of queries, and filters.

use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::search::{Order, SearchQuery, TimeRange};
use crate::serve::failure::Answer;
use crate::serve::foreign::{clip, visible};
use crate::store::SearchCursor;

/// Characters of a value that a note repeats.
const REPEATED: usize = 40;

/// The fields of the form. All are optional, and empty is as good as none.
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
    pub(super) from: String,
    /// …and the last one.
    pub(super) to: String,
    /// `best` for the best match first.
    pub(super) order: String,
    /// The place after which the page begins.
    after: String,
    /// The format of an export.
    pub(super) format: String,
}

impl SearchForm {
    /// The query that the fields make together, and what of it could not be read as it may have been meant.
    pub(super) fn query(&self) -> (SearchQuery, Vec<String>) {
        let mut query = SearchQuery::parse(&self.q);
        let mut notes = std::mem::take(&mut query.notes);
        let chosen =
            |value: &str| (!value.trim().is_empty()).then(|| vec![value.trim().to_owned()]);
        if let Some(sources) = chosen(&self.source) {
            query.sources = sources;
        }
        if let Some(languages) = chosen(&self.language) {
            query.languages = languages;
        }
        let TimeRange { since, until } = &mut query.published;
        for (text, is_end) in [(&self.from, false), (&self.to, true)] {
            match day(text, is_end) {
                Ok(None) => {}
                Ok(Some(at)) if is_end => *until = Some(until.map_or(at, |it| it.min(at))),
                Ok(Some(at)) => *since = Some(since.map_or(at, |it| it.max(at))),
                Err(note) => notes.push(note),
            }
        }
        if self.is_by_relevance() {
            query.order = Order::Relevance;
        }
        (query, notes.iter().map(|it| visible(it)).collect())
    }

    /// The place after which the page begins.
    pub(super) fn after(&self) -> Answer<Option<SearchCursor>> {
        super::cursor(&self.after)
    }

    /// True where nothing is searched for.
    pub(super) fn is_empty(&self) -> bool {
        self.filters().all(|(_, value)| value.trim().is_empty())
    }

    /// The best match comes first.
    pub(super) fn is_by_relevance(&self) -> bool {
        self.order == "best"
    }

    /// The address of another page for the same search, with one more parameter.
    pub(super) fn address(&self, path: &str, more: Option<(&str, &str)>) -> String {
        let mut query = Serializer::new(String::new());
        let order = self.is_by_relevance().then_some(("order", "best"));
        for (name, value) in self.filters().chain(order).chain(more) {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        match query.as_str() {
            "" => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    fn filters(&self) -> impl Iterator<Item = (&str, &str)> {
        [
            ("q", self.q.as_str()),
            ("source", self.source.as_str()),
            ("language", self.language.as_str()),
            ("from", self.from.as_str()),
            ("to", self.to.as_str()),
        ]
        .into_iter()
    }
}

/// The beginning of a day in UTC, or its end; `None` where none is named.
fn day(text: &str, is_end: bool) -> Result<Option<i64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let shown = clip(text, REPEATED);
    let note = || format!("“{shown}” is no day such as 2026-01-31; it was left out.");
    let day: Date = text.parse().map_err(|_| note())?;
    let day = if is_end { day.tomorrow() } else { Ok(day) };
    let start = day.and_then(|it| Offset::UTC.to_timestamp(it.at(0, 0, 0, 0)));
    let start = start.map_err(|_| note())?;
    Ok(Some(start.as_millisecond()))
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
    fn filters_narrow_what_the_query_says() {
        let form = form(|it| {
            it.q = "ferry source:a after:1970-01-01 before:1970-01-09".to_owned();
            it.source = "b c".to_owned();
            it.from = "1970-01-02".to_owned();
            it.to = "1970-01-02".to_owned();
            it.order = "best".to_owned();
        });
        let (query, notes) = form.query();
        assert_eq!(query.sources, ["b c"]);
        assert_eq!(query.published.since, Some(86_400_000));
        assert_eq!(query.published.until, Some(2 * 86_400_000));
        assert_eq!(query.order, Order::Relevance);
        assert_eq!((query.required.len(), notes.len()), (1, 0));
    }

    #[test]
    fn a_day_that_is_none_is_left_out_with_a_note() {
        let form = form(|it| it.to = "soon\u{202e}".to_owned());
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
            it.order = "best".to_owned();
        });
        assert_eq!(form.address("/x", None), "/x?q=a%26b+%22c%22&order=best");
        let next = form.address("/x", Some(("after", "n7")));
        assert!(next.ends_with("&after=n7"), "{next}");
    }
}
