//! Dates that the page neither states nor marks: in its lines, its URL and the data of its scripts.

use crate::extract::fields::candidate::Source;
use crate::extract::fields::date_lines::LABEL_CHARS;
use crate::extract::fields::dates::{self, DateReader, DateTime, Role};
use crate::extract::fields::publication_date::{Candidates, script_data};
use crate::extract::fields::sources::{AFTER_LABEL, PageSources};
use crate::extract::fields::texts;
use crate::page::Id;

/// Dates so many nodes apart belong to one line.
const ONE_LINE: usize = 24;
/// A line that is little more than a date has no more words.
const DATE_WORDS: usize = 8;

/// Searches for a date.
type Finder = fn(&Candidates<'_>) -> Option<DateTime>;

/// The page's URL.
pub(in crate::extract::fields) const URL: Source<'static> = Source::Place("the URL");
/// What the page announces as the date of a modification.
pub(super) const UPDATE: Source<'static> = Source::Place("date of an update");

/// Words such as 'yesterday', read by the time of the fetch.
const RELATIVE: Source<'static> = Source::Place("words relative to the time of the fetch");

/// Where a date of publication may stand when nothing states or marks it, the most trusted first.
pub(super) const PLACES: [(Source<'static>, Finder); 7] = [
    (Source::Place("line that says 'published'"), |dates| {
        labelled(dates.page, dates.headline, dates.reader, Role::Published)
    }),
    (Source::Place("line near the headline"), near_headline),
    (URL, |dates| day_in_url(dates.page)),
    (RELATIVE, |dates| {
        relative(dates, |role| role != Some(Role::Modified))
    }),
    (UPDATE, update),
    (Source::Place("the page's own data"), |dates| {
        script_data::only_day(dates.page.input.bytes, dates.page.limits)
    }),
    (Source::Place("only date on the page"), only_day),
];

/// Where a date of modification may stand when nothing states or marks it.
pub(in crate::extract::fields) const MODIFIED_PLACES: [(Source<'static>, Finder); 3] = [
    (Source::Place("line near the headline"), modified_near),
    (Source::Place("line that says 'updated'"), |dates| {
        labelled(dates.page, dates.headline, dates.reader, Role::Modified)
    }),
    (RELATIVE, |dates| {
        relative(dates, |role| role == Some(Role::Modified))
    }),
];

/// The day in the page's URL.
pub(super) fn day_in_url(page: &PageSources<'_>) -> Option<DateTime> {
    page.url().and_then(dates::day_in_path)
}

/// A line near the headline that is a date, and not that of a modification. Next to a date of modification it
/// is part of the same line.
pub(super) fn near_headline(dates: &Candidates<'_>) -> Option<DateTime> {
    let page = dates.page;
    let mut modified: Option<Id> = None;
    for node in page.near(dates.headline?) {
        let dated = page.dated_line(node, dates.reader);
        if dated.is_empty() || page.is_on_card(node, dates.headline, dates.reader) {
            continue;
        }
        let is_far = modified.is_some_and(|it| it.abs_diff(node) > ONE_LINE);
        match dated.iter().find(|it| it.role != Role::Modified) {
            Some(_) if is_far => return None,
            Some(first) => return Some(first.date),
            None => modified = modified.or(Some(node)),
        }
    }
    None
}

/// The date near the headline that its line says is that of a modification.
fn modified_near(dates: &Candidates<'_>) -> Option<DateTime> {
    let page = dates.page;
    page.near(dates.headline?).find_map(|node| {
        let mut dated = page.dated_line(node, dates.reader).into_iter();
        let modified = dated.find(|it| it.role == Role::Modified)?;
        (!page.is_on_card(node, dates.headline, dates.reader)).then_some(modified.date)
    })
}

/// The date near the headline that is labelled as that of publication.
pub(super) fn labelled_near(dates: &Candidates<'_>) -> Option<DateTime> {
    let mut near = dates.page.near(dates.headline?);
    near.find_map(|node| announced_at(dates.page, node, dates.reader, Role::Published))
}

/// The date of a modification, marked or labelled.
fn update(dates: &Candidates<'_>) -> Option<DateTime> {
    let mut marked = dates.marked.iter().filter(|it| it.role == Role::Modified);
    let marked = marked.next().map(|it| it.date);
    marked.or_else(|| labelled(dates.page, dates.headline, dates.reader, Role::Modified))
}

/// What a line near the headline says relative to the time of the fetch, where its label is wanted.
fn relative(dates: &Candidates<'_>, is_wanted: fn(Option<Role>) -> bool) -> Option<DateTime> {
    let page = dates.page;
    let fetched = page.fetched()?;
    page.near(dates.headline?).find_map(|node| {
        let text = page.tree.own_text(node)?;
        let date = dates.reader.relative(text, fetched)?;
        let role = dates::announced(text).or_else(|| page.label_before(node));
        let is_own = is_wanted(role)
            && !page.is_in_sentence(node, dates.reader)
            && !page.is_on_card(node, dates.headline, dates.reader);
        is_own.then_some(date)
    })
}

/// The first date, in the article or what is around it, that a short line labels.
fn labelled(
    page: &PageSources<'_>,
    headline: Option<Id>,
    reader: DateReader,
    role: Role,
) -> Option<DateTime> {
    page.announced_lines().iter().find_map(|&node| {
        let date = labelled_at(page, node, reader, role)?;
        (!page.is_on_card(node, headline, reader)).then_some(date)
    })
}

/// The date of a line that begins with a label, or has one before it.
fn announced_at(
    page: &PageSources<'_>,
    node: Id,
    reader: DateReader,
    role: Role,
) -> Option<DateTime> {
    let is_announced = page.is_announced_line(node);
    is_announced.then(|| labelled_at(page, node, reader, role))?
}

/// The date that a short line labels. The label may stand alone, and the date after it.
fn labelled_at(
    page: &PageSources<'_>,
    node: Id,
    reader: DateReader,
    role: Role,
) -> Option<DateTime> {
    let text = page.tree.own_text(node)?;
    if dates::may_state_date(text) {
        let dated = page.dated_line(node, reader).into_iter();
        let mut labelled = dated.filter(|it| it.role == role);
        return labelled.next().map(|it| it.date);
    }
    let is_alone = text.trim().chars().count() <= LABEL_CHARS
        && dates::begins_with_label(text)
        && dates::announced(text) == Some(role);
    if !is_alone {
        return None;
    }
    let mut after = node + 1..page.tree.len().min(node + AFTER_LABEL);
    after.find_map(|node| page.date_line(node, reader))
}

/// A line in the article that is little more than a date, where it has no such line of another day.
fn only_day(dates: &Candidates<'_>) -> Option<DateTime> {
    let page = dates.page;
    let is_short = |node: &Id| {
        let text = page.tree.own_text(*node).unwrap_or_default();
        text.split_whitespace().nth(DATE_WORDS).is_none() && text.contains(char::is_numeric)
    };
    let lines = page.texts().that_may_be(texts::DATE).filter(is_short);
    let mut lines = lines.filter_map(|node| {
        let date = page.date_line(node, dates.reader)?;
        (!page.is_elsewhere(node, dates.headline, dates.reader)).then_some(date)
    });
    let only = lines.next()?;
    lines.all(|it| it.is_same_day(&only)).then_some(only)
}

/// The reader for the order of numbers in which the page's dates agree: a date that can be read in two
/// ways is read in the one that another of its dates, or its URL, confirms.
pub(super) fn agreed_reader(
    page: &PageSources<'_>,
    headline: Option<Id>,
    dates: &[&str],
) -> DateReader {
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
            let shown = labelled(page, headline, reader, Role::Published)
                .filter(|it| it.is_same_day(other));
            shown.map_or(reader, |_| swapped)
        }
        _ => reader,
    }
}
