//! When the article was published. JSON-LD and `<meta>` describe the article and are made by the
//! content system; visible dates may belong to another article; JSON-LD on the page as such may come
//! from its template. Where nothing states or marks the date, the page's lines, its URL and the data
//! of its scripts are searched. Where readers are shown an earlier day than machines, the content
//! system has dated the article anew; where they are shown a UTC instant in another offset, that is the
//! page's own.

mod found;
mod script_data;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::dates::{DateReader, DateTime};
use crate::extract::fields::sources::{NEAR_HEADLINE, PageSources};
use crate::extract::fields::visible::MarkedText;
use crate::extract::fields::{language, meta};
use crate::page::Id;
use crate::selectors::SelectorKey;

/// The warning for a date that comes from the URL.
const FROM_URL: &str = "date_from_url";
/// The warning for a date that the page announces as that of a modification.
const FROM_UPDATE: &str = "published_from_update";

/// The date of publication.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Publication {
    pub(super) date: Option<DateTime>,
    /// A warning for the record.
    pub(super) warning: Option<&'static str>,
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

/// Where readers see a marked date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    NearHeadline,
    Elsewhere,
}

/// A date that one source states.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublishedDate {
    pub(super) date: DateTime,
    /// The node that shows it, whose context may announce a modification.
    node: Option<Id>,
    shown: Option<Shown>,
}

/// A date as the page writes it.
struct RawDate<'p> {
    text: &'p str,
    node: Option<Id>,
    shown: Option<Shown>,
}

/// The dates of a page: those that it states or marks, and how others are read.
pub(super) struct Candidates<'p> {
    page: &'p PageSources<'p>,
    headline: Option<Id>,
    reader: DateReader,
    /// What the page states or marks, in order of trust.
    stated: Vec<Candidate<'p, PublishedDate>>,
}

impl<'p> Candidates<'p> {
    /// Reads what the page states and marks.
    pub(super) fn new(page: &'p PageSources<'p>, headline: Option<Id>) -> Candidates<'p> {
        let raw = raw_dates(page, headline);
        let texts: Vec<&str> = raw.iter().map(|it| it.value.text).collect();
        let reader = found::agreed_reader(page, &texts);
        let read = |raw: RawDate<'_>| {
            Some(PublishedDate {
                date: reader.parse(raw.text)?,
                node: raw.node,
                shown: raw.shown,
            })
        };
        let stated = raw.into_iter().filter_map(|it| it.and_then(read));
        Candidates {
            page,
            headline,
            reader,
            stated: stated.collect(),
        }
    }

    /// Every date in order of trust, what users' selectors find first.
    pub(super) fn all(&self) -> impl Iterator<Item = Candidate<'_, PublishedDate>> {
        let selected = selected(self.page, SelectorKey::Published);
        let selected = selected.filter_map(|it| {
            it.and_then(|date| {
                Some(PublishedDate {
                    date,
                    node: None,
                    shown: None,
                })
            })
        });
        selected.chain(self.of_markup())
    }

    /// What the markup states or shows. Places that nothing marks are searched when they are asked for.
    fn of_markup(&self) -> impl Iterator<Item = Candidate<'_, PublishedDate>> {
        let unmarked = found::PLACES.iter().filter_map(|(source, find)| {
            let (date, node) = find(self.page, self.headline, self.reader)?;
            let date = PublishedDate {
                date,
                node,
                shown: None,
            };
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
        if self.stated.is_empty() {
            return Publication {
                date: Some(first.value.date),
                warning: self.warning(&first),
            };
        }
        let dates: Vec<DateTime> = self.stated.iter().map(|it| it.value.date).collect();
        let date = first_instant(&dates).unwrap_or(first.value.date);
        match self.earlier_shown(&date) {
            Some(earlier) => Publication::certain(earlier),
            None => Publication {
                date: Some(self.as_shown(date)),
                warning: self.warning(&first),
            },
        }
    }

    /// The warning for a candidate.
    fn warning(&self, candidate: &Candidate<'_, PublishedDate>) -> Option<&'static str> {
        if candidate.source == found::URL {
            return Some(FROM_URL);
        }
        let node = candidate.value.node?;
        found::announces_change(self.page, node).then_some(FROM_UPDATE)
    }

    /// The marked dates that readers see at a place.
    fn shown(&self, at: Shown) -> impl Iterator<Item = DateTime> {
        let marked = self.stated.iter().map(|it| it.value);
        marked
            .filter(move |it| it.shown == Some(at))
            .map(|it| it.date)
    }

    fn line_near_headline(&self) -> Option<DateTime> {
        let (date, _) = found::near_headline(self.page, self.headline, self.reader)?;
        Some(date)
    }

    /// The earlier day that readers are shown, where it is believed before the stated date: it is
    /// labelled as that of publication, or the page states one instant for both publication and
    /// modification, so that its system knows the last modification alone.
    fn earlier_shown(&self, stated: &DateTime) -> Option<DateTime> {
        let is_of_url = || {
            let day = found::day_in_url(self.page);
            day.is_some_and(|it| it.is_same_day(stated))
        };
        let labelled = found::labelled_near(self.page, self.headline, self.reader);
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

/// The date of publication as it is recorded: a selector's, else the markup's.
pub(super) fn decide(page: &PageSources<'_>, of_markup: Publication) -> Option<String> {
    let selected = selected(page, SelectorKey::Published).next();
    let date = selected.map(|it| it.value).or(of_markup.date);
    date.map(|it| it.to_string())
}

/// The dates that a user's selectors find.
pub(super) fn selected<'p>(
    page: &'p PageSources<'_>,
    key: SelectorKey,
) -> impl Iterator<Item = Candidate<'p, DateTime>> {
    let read = |text: &str| {
        let language = language::declared(page);
        DateReader::new(language.as_deref(), None, page.limits).parse(text)
    };
    let texts = page.selected(key);
    texts.filter_map(move |it| it.and_then(|text| read(&text)))
}

/// What the page states or marks, in order of trust.
fn raw_dates<'p>(
    page: &'p PageSources<'p>,
    headline: Option<Id>,
) -> Vec<Candidate<'p, RawDate<'p>>> {
    let (near, elsewhere) = page.scan.visible.published(headline, NEAR_HEADLINE);
    let marked = |shown| {
        move |it: &'p MarkedText| {
            let raw = RawDate {
                text: &it.text,
                node: Some(it.node),
                shown: Some(shown),
            };
            Candidate::new(Source::Place("visible"), raw)
        }
    };
    let stated = |(source, text)| {
        let raw = RawDate {
            text,
            node: None,
            shown: None,
        };
        Candidate::new(source, raw)
    };
    let metas = |names| {
        let all = page.scan.metas.all(names);
        all.map(|(name, content)| (Source::Meta(name), content))
    };
    let json_ld = |property, value: &'p Option<String>| {
        let value = value.as_deref().into_iter();
        value.map(move |it| (Source::JsonLd(property), it))
    };
    let linked = json_ld("datePublished", &page.linked.published);
    let of_page = json_ld("datePublished of the page", &page.linked.page_published);
    linked
        .chain(metas(meta::PUBLISHED))
        .map(stated)
        .chain(near.into_iter().map(marked(Shown::NearHeadline)))
        .chain(metas(meta::DATED).map(stated))
        .chain(elsewhere.into_iter().map(marked(Shown::Elsewhere)))
        .chain(of_page.map(stated))
        .collect()
}

/// The first date; where it is a day alone and another is an instant on that day, the instant.
pub(super) fn first_instant(dates: &[DateTime]) -> Option<DateTime> {
    let first = dates.first()?;
    let instant = dates
        .iter()
        .find(|it| it.is_instant() && it.is_same_day(first));
    Some(instant.copied().unwrap_or(*first))
}
