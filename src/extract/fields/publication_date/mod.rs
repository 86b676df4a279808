//! When the article was published. JSON-LD and `<meta>` describe the article and are made by the
//! content system; visible dates may belong to another article; JSON-LD on the page as such may come
//! from its template. Where nothing states or marks the date, the page's lines, its URL and the data
//! of its scripts are searched; a date that is announced as that of a modification comes after them. Where readers are shown an earlier day than machines, the content
//! system has dated the article anew; where they are shown a UTC instant in another offset, that is the
//! page's own.

pub(super) mod found;
mod script_data;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::dates::{DateReader, DateTime, Role};
use crate::extract::fields::marked_dates::{self, MarkedDate, Shown};
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::{language, meta};
use crate::page::Id;
use crate::selectors::SelectorKey;

/// JSON-LD on the page as such.
const OF_PAGE: &str = "datePublished of the page";
/// The warning for a date that comes from the URL.
const FROM_URL: &str = "date_from_url";
/// The warning for a date that the page announces as that of a modification.
const FROM_UPDATE: &str = "published_from_update";
/// The warning for a date that is converted from the lunar Hijri calendar, and perhaps a day off.
const FROM_HIJRI: &str = "date_from_hijri";

/// The warning for a date that is reckoned from words such as 'yesterday' and the time of the fetch.
const FROM_RELATIVE: &str = "date_from_relative";

/// The date of publication.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Publication {
    pub(super) date: Option<DateTime>,
    /// A warning for the record.
    warning: Option<&'static str>,
}

impl Publication {
    fn certain(date: DateTime) -> Publication {
        Publication {
            date: Some(date),
            warning: None,
        }
    }

    /// True where the page announces the date as that of a modification.
    pub(super) fn is_of_update(&self) -> bool {
        self.warning == Some(FROM_UPDATE)
    }
}

/// The warnings about the dates of a record.
pub(super) fn warnings(
    published: Publication,
    recorded: [Option<DateTime>; 2],
) -> Vec<&'static str> {
    let has = |is: fn(&DateTime) -> bool| recorded.iter().flatten().any(is);
    let converted = has(DateTime::is_converted).then_some(FROM_HIJRI);
    let relative = has(DateTime::is_relative).then_some(FROM_RELATIVE);
    let warnings = [published.warning, converted, relative];
    warnings.into_iter().flatten().collect()
}

/// A date that one source states.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublishedDate {
    pub(super) date: DateTime,
    shown: Option<Shown>,
}

/// The dates of a page: those that it states or marks, and how others are read.
pub(super) struct Candidates<'p> {
    pub(super) page: &'p PageSources<'p>,
    pub(super) headline: Option<Id>,
    pub(super) reader: DateReader,
    /// The dates that the page marks, of publication and of modification.
    pub(super) marked: Vec<MarkedDate>,
    /// What the page states or marks, in order of trust.
    stated: Vec<Candidate<'p, PublishedDate>>,
}

impl<'p> Candidates<'p> {
    /// Reads what the page states and marks.
    pub(super) fn new(page: &'p PageSources<'p>, headline: Option<Id>) -> Candidates<'p> {
        let texts = marked_dates::texts(page, headline, page.date_reader());
        let stated = stated_texts(page);
        let all = stated.iter().map(|it| it.value);
        let all: Vec<&str> = all
            .chain(texts.iter().map(|(it, _)| it.text.as_str()))
            .collect();
        let reader = found::agreed_reader(page, headline, &all);
        let marked = marked_dates::read(page, &texts, reader);
        Candidates {
            page,
            headline,
            reader,
            stated: in_order(page, &marked, reader),
            marked,
        }
    }

    /// Every date in order of trust, what users' selectors find first.
    pub(super) fn all(&self) -> impl Iterator<Item = Candidate<'_, PublishedDate>> {
        let selected = selected(self.page, SelectorKey::Published);
        selected
            .map(|it| Candidate::new(it.source, PublishedDate::of(it.value)))
            .chain(self.of_markup())
    }

    /// The date that a user's selector finds.
    pub(super) fn selected(&self) -> Option<DateTime> {
        let mut selected = selected(self.page, SelectorKey::Published);
        selected.next().map(|it| it.value)
    }

    /// What the markup states or shows. Places that nothing marks are searched when they are asked for.
    fn of_markup(&self) -> impl Iterator<Item = Candidate<'_, PublishedDate>> {
        let unmarked = found::PLACES.iter().filter_map(|(source, find)| {
            let date = PublishedDate::of(find(self)?);
            Some(Candidate::new(*source, date))
        });
        self.stated.iter().cloned().chain(unmarked)
    }

    /// The date of publication by the markup: the first candidate, corrected by what readers are
    /// shown where the page states it.
    pub(super) fn decide(&self) -> Publication {
        let Some(first) = self.of_markup().next() else {
            return Publication::default();
        };
        let warning = match first.source {
            found::URL => Some(FROM_URL),
            found::UPDATE => Some(FROM_UPDATE),
            _ => None,
        };
        if self.stated.is_empty() {
            return Publication {
                date: Some(first.value.date),
                warning,
            };
        }
        let dates: Vec<DateTime> = self.stated.iter().map(|it| it.value.date).collect();
        let date = fullest(&dates).unwrap_or(first.value.date);
        match self.earlier_shown(&date) {
            Some(earlier) => Publication::certain(earlier),
            None => Publication::certain(self.as_shown(date)),
        }
    }

    /// The marked dates that readers see at a place.
    fn shown(&self, at: Shown) -> impl Iterator<Item = DateTime> {
        let marked = self.stated.iter().map(|it| it.value);
        marked
            .filter(move |it| it.shown == Some(at))
            .map(|it| it.date)
    }

    fn line_near_headline(&self) -> Option<DateTime> {
        found::near_headline(self)
    }

    /// The earlier day that readers are shown, where it is believed before the stated date: it is
    /// labelled as that of publication, or the page states one instant for both publication and
    /// modification, so that its system knows the last modification alone.
    fn earlier_shown(&self, stated: &DateTime) -> Option<DateTime> {
        let is_of_url = || {
            let day = found::day_in_url(self.page);
            day.is_some_and(|it| it.is_same_day(stated))
        };
        let labelled = found::labelled_near(self);
        let labelled = labelled.filter(|it| it.is_on_earlier_day(stated) && !is_of_url());
        if labelled.is_some() || !self.is_of_last_change(stated) {
            return labelled;
        }
        let mut near = self.shown(Shown::NearHeadline);
        let is_confirmed = || {
            let mut near = self.shown(Shown::NearHeadline);
            near.any(|it| it.is_same_day(stated))
        };
        let shown = near.next().or_else(|| self.line_near_headline());
        shown.filter(|it| !is_confirmed() && it.is_on_earlier_day(stated))
    }

    /// True where the page states one instant for both publication and modification.
    fn is_of_last_change(&self, published: &DateTime) -> bool {
        let mut modified = self.page.stated_modifications();
        modified.any(|it| self.reader.parse(&it.value).as_ref() == Some(published))
    }

    /// A UTC instant in the offset in which readers are shown it. Where they are shown a day alone, and
    /// the instant is the midnight with which it begins, it is that day.
    fn as_shown(&self, date: DateTime) -> DateTime {
        if !date.is_utc() {
            return date;
        }
        let line = || std::iter::once_with(|| self.line_near_headline()).flatten();
        let shown = || {
            let near = self.shown(Shown::NearHeadline);
            near.chain(self.shown(Shown::Elsewhere)).chain(line())
        };
        let local = shown().find_map(|shown| date.in_offset_of(&shown));
        local.unwrap_or_else(|| {
            let day = shown().next().map(|shown| shown.date());
            day.filter(|day| date.is_midnight_of(day)).unwrap_or(date)
        })
    }
}

impl PublishedDate {
    fn of(date: DateTime) -> PublishedDate {
        PublishedDate { date, shown: None }
    }
}

/// The dates that a user's selectors find: in a text with several, the one whose label names the field.
pub(super) fn selected<'p>(
    page: &'p PageSources<'_>,
    key: SelectorKey,
) -> impl Iterator<Item = Candidate<'p, DateTime>> {
    let wanted = match key {
        SelectorKey::Modified => Role::Modified,
        _ => Role::Published,
    };
    let read = move |text: &str| {
        let language = language::declared(page);
        let reader = DateReader::new(language.as_deref(), None, page.limits);
        let dated = reader.dated(text);
        let of = |role| dated.iter().find(|it| it.role == role);
        let date = of(wanted).or_else(|| of(Role::Unsaid)).or(dated.first());
        let date = date.map(|it| it.date).or_else(|| reader.parse(text));
        date.or_else(|| reader.relative(text, page.fetched()?))
    };
    let texts = page.selected(key);
    texts.filter_map(move |it| it.and_then(|text| read(&text)))
}

/// What the page states for machines, in order of trust.
fn stated_texts<'p>(page: &'p PageSources<'p>) -> Vec<Candidate<'p, &'p str>> {
    let metas = |names| {
        let all = page.scan.metas.all(names);
        all.map(|(name, content)| Candidate::new(Source::Meta(name), content))
    };
    let json_ld = |property, value: &'p Option<String>| {
        let value = value.as_deref().into_iter();
        value.map(move |it| Candidate::new(Source::JsonLd(property), it))
    };
    let linked = json_ld("datePublished", &page.linked.published);
    let of_page = json_ld(OF_PAGE, &page.linked.page_published);
    let metas = metas(meta::PUBLISHED).chain(metas(meta::DATED));
    linked.chain(metas).chain(of_page).collect()
}

/// The dates that are stated or marked, in order of trust; without those that are announced as dates of
/// modification.
fn in_order<'p>(
    page: &'p PageSources<'p>,
    marked: &[MarkedDate],
    reader: DateReader,
) -> Vec<Candidate<'p, PublishedDate>> {
    // Marked dates near the headline come before names that may mean any date, the others after them.
    let place = |source: &Source<'_>| match source {
        Source::Meta(name) if meta::DATED.contains(name) => 2,
        Source::JsonLd(OF_PAGE) => 4,
        _ => 0,
    };
    let stated = stated_texts(page).into_iter().filter_map(|it| {
        let place = place(&it.source);
        let date = it.and_then(|text| reader.parse(text))?;
        Some((
            place,
            Candidate::new(date.source, PublishedDate::of(date.value)),
        ))
    });
    let shown = marked
        .iter()
        .filter(|it| it.role != Role::Modified)
        .map(|it| {
            let place = if it.shown == Shown::NearHeadline {
                1
            } else {
                3
            };
            let date = PublishedDate {
                date: it.date,
                shown: Some(it.shown),
            };
            (place, Candidate::new(Source::Place("visible"), date))
        });
    let mut all: Vec<_> = stated.chain(shown).collect();
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The first date; where it is a day alone and others are times on that day, the first instant, else the
/// first of the times.
pub(super) fn fullest(dates: &[DateTime]) -> Option<DateTime> {
    let first = dates.first()?;
    let mut same = dates.iter().filter(|it| it.is_same_day(first));
    let instant = same.clone().find(|it| it.is_instant());
    let time = || same.find(|it| it.has_time());
    Some(instant.or_else(time).copied().unwrap_or(*first))
}
