//! When the article was last modified.

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::dates::{DateTime, Role};
use crate::extract::fields::publication_date::{self, Candidates, Publication, found};
use crate::selectors::SelectorKey;

/// Every date in order of trust, what users' selectors find first.
pub(super) fn candidates<'c>(
    dates: &'c Candidates<'_>,
) -> impl Iterator<Item = Candidate<'c, DateTime>> {
    publication_date::selected(dates.page, SelectorKey::Modified).chain(of_markup(dates))
}

/// What the markup states and shows. Places that nothing marks are searched when they are asked for.
fn of_markup<'c>(dates: &'c Candidates<'_>) -> impl Iterator<Item = Candidate<'c, DateTime>> {
    let (page, reader) = (dates.page, dates.reader);
    let stated = page.stated_modifications();
    let stated = stated.filter_map(move |it| it.and_then(|text| reader.parse(&text)));
    let visible = dates.marked.iter().filter(|it| it.role == Role::Modified);
    let visible = visible.map(|it| Candidate::new(Source::Place("visible"), it.date));
    let of_page = page.json_ld("dateModified of the page", &page.linked.page_modified);
    let of_page = of_page.filter_map(move |it| it.and_then(|text| reader.parse(&text)));
    let unmarked = found::MODIFIED_PLACES.iter();
    let unmarked =
        unmarked.filter_map(|(source, find)| Some(Candidate::new(*source, find(dates)?)));
    stated.chain(visible).chain(of_page).chain(unmarked)
}

/// The date of the last modification: a selector's, else the first that the markup states, where it is
/// not that of publication as well.
pub(super) fn decide(dates: &Candidates<'_>, published: Publication) -> Option<DateTime> {
    let mut selected = publication_date::selected(dates.page, SelectorKey::Modified);
    if let Some(selected) = selected.next() {
        return Some(selected.value);
    }
    // What readers are shown as an update before the publication is another story's.
    let is_late = |it: &Candidate<'_, DateTime>| {
        let published = published
            .date
            .filter(|_| matches!(it.source, Source::Place(_)));
        !published.is_some_and(|published| it.value.is_on_earlier_day(&published))
    };
    let mut all = of_markup(dates).filter(is_late).map(|it| it.value);
    let first = all.next()?;
    let modified = if first.is_instant() {
        first
    } else {
        let all: Vec<DateTime> = std::iter::once(first).chain(all).collect();
        publication_date::fullest(&all)?
    };
    let is_first = !published.is_of_update() && published.date == Some(modified);
    (!is_first).then_some(modified)
}
