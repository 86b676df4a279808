//! Dates that the page neither states nor marks: in its lines, its URL and the data of its scripts.

use crate::extract::fields::candidate::Source;
use crate::extract::fields::dates::{self, DateReader, DateTime};
use crate::extract::fields::publication_date::script_data;
use crate::extract::fields::sources::{AFTER_LABEL, LINE_CHARS, PageSources};
use crate::extract::fields::visible;
use crate::page::Id;

/// The label of a date is within so many nodes before it…
const BEFORE_DATE: usize = 4;
/// …and has no more characters.
const LABEL_CHARS: usize = 30;
/// A line that is little more than a date has no more words.
const DATE_WORDS: usize = 8;

/// A date, and the node that shows it.
type Found = (DateTime, Option<Id>);

/// Searches for a date, given where the headline stands and how the page's dates are read.
type Finder = fn(&PageSources<'_>, Option<Id>, DateReader) -> Option<Found>;

/// The page's URL.
pub(super) const URL: Source<'static> = Source::Place("the URL");

/// Where a date of publication may stand when nothing states or marks it, the most trusted first.
pub(super) const PLACES: [(Source<'static>, Finder); 5] = [
    (
        Source::Place("line that says 'published'"),
        |page, _, reader| Some((labelled(page, reader)?, None)),
    ),
    (
        Source::Place("line near the headline"),
        |page, headline, reader| {
            let (date, node) = near_headline(page, headline, reader)?;
            Some((date, Some(node)))
        },
    ),
    (URL, |page, _, _| Some((day_in_url(page)?, None))),
    (Source::Place("the page's own data"), |page, _, _| {
        let day = script_data::only_day(page.input.bytes, page.limits)?;
        Some((day, None))
    }),
    (Source::Place("only date on the page"), |page, _, reader| {
        only_day(page, reader)
    }),
];

/// The day in the page's URL.
pub(super) fn day_in_url(page: &PageSources<'_>) -> Option<DateTime> {
    page.url().and_then(dates::day_in_path)
}

/// A line near the headline that is a date.
pub(super) fn near_headline(
    page: &PageSources<'_>,
    headline: Option<Id>,
    reader: DateReader,
) -> Option<(DateTime, Id)> {
    page.near(headline?)
        .find_map(|node| Some((page.date_line(node, reader)?, node)))
}

/// The date near the headline that is labelled as that of publication.
pub(super) fn labelled_near(
    page: &PageSources<'_>,
    headline: Option<Id>,
    reader: DateReader,
) -> Option<DateTime> {
    let mut near = page.near(headline?);
    near.find_map(|node| labelled_at(page, node, reader))
}

/// The first date, anywhere, that a short line labels as that of publication.
fn labelled(page: &PageSources<'_>, reader: DateReader) -> Option<DateTime> {
    (0..page.tree.len()).find_map(|node| labelled_at(page, node, reader))
}

/// The date that a short line labels as that of publication.
fn labelled_at(page: &PageSources<'_>, node: Id, reader: DateReader) -> Option<DateTime> {
    let text = page.tree.own_text(node)?;
    let rest = dates::after_published(text)?;
    if rest.chars().count() > LINE_CHARS {
        return None;
    }
    let next = || {
        let after = node + 1..page.tree.len().min(node + AFTER_LABEL);
        after
            .into_iter()
            .find_map(|node| page.date_line(node, reader))
    };
    reader.parse(rest).or_else(next)
}

/// A line that is little more than a date, where the page has no such line of another day.
fn only_day(page: &PageSources<'_>, reader: DateReader) -> Option<Found> {
    let is_short = |node: &Id| {
        let text = page.tree.own_text(*node).unwrap_or_default();
        text.split_whitespace().nth(DATE_WORDS).is_none() && text.contains(char::is_numeric)
    };
    let lines = (0..page.tree.len()).filter(is_short);
    let mut lines = lines.filter_map(|node| Some((page.date_line(node, reader)?, node)));
    let (only, node) = lines.next()?;
    let is_only = lines.all(|(it, _)| it.is_same_day(&only));
    is_only.then_some((only, Some(node)))
}

/// True where the page announces the date in a node as that of a modification.
pub(super) fn announces_change(page: &PageSources<'_>, node: Id) -> bool {
    let line = visible::short_text(page.tree, node, LINE_CHARS);
    let before = (node.saturating_sub(BEFORE_DATE)..node).rev();
    let mut before = before.filter_map(|it| page.tree.own_text(it));
    let label = before.find(|it| !it.trim().is_empty());
    let label = label.filter(|it| it.chars().count() <= LABEL_CHARS);
    line.as_deref().is_some_and(dates::announces_change)
        || label.is_some_and(dates::announces_change)
}

/// The reader for the order of numbers in which the page's dates agree: a date that can be read in two
/// ways is read in the one that another of its dates, or its URL, confirms.
pub(super) fn agreed_reader(page: &PageSources<'_>, dates: &[&str]) -> DateReader {
    let reader = page.date_reader();
    let swapped = reader.swapped();
    let both = |raw: &&str| Some((reader.parse(raw)?, swapped.parse(raw)?));
    let readings: Vec<(DateTime, DateTime)> = dates.iter().filter_map(both).collect();
    let is_certain = |(one, other): &(DateTime, DateTime)| one.is_same_day(other);
    let of_url = day_in_url(page);
    let certain = readings.iter().filter(|it| is_certain(it)).map(|it| &it.0);
    let certain: Vec<&DateTime> = certain.chain(&of_url).collect();
    let is_confirmed = |date: &DateTime| certain.iter().any(|it| it.is_same_day(date));
    let ambiguous = readings.iter().find(|it| !is_certain(it));
    match ambiguous {
        Some((one, other)) if !is_confirmed(one) && is_confirmed(other) => swapped,
        Some((one, other)) if !is_confirmed(one) => {
            let shown = labelled(page, reader).filter(|it| it.is_same_day(other));
            shown.map_or(reader, |_| swapped)
        }
        _ => reader,
    }
}
