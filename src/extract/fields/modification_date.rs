//! When the article was last modified.

use std::borrow::Cow;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::dates::DateTime;
use crate::extract::fields::publication_date::{self, Publication};
use crate::extract::fields::sources::PageSources;
use crate::page::Id;
use crate::selectors::SelectorKey;

/// The date of publication, where the page announces it as that of a modification.
const OF_UPDATE: Source<'static> = Source::Place("date of publication, announced as an update");

/// Every date in order of trust, what users' selectors find first.
pub(super) fn candidates<'p>(
    page: &'p PageSources<'_>,
    headline: Option<Id>,
    published: Publication,
) -> impl Iterator<Item = Candidate<'p, DateTime>> {
    let selected = publication_date::selected(page, SelectorKey::Modified);
    selected.chain(of_markup(page, headline, published))
}

/// What the markup states and shows.
fn of_markup<'p>(
    page: &'p PageSources<'_>,
    headline: Option<Id>,
    published: Publication,
) -> impl Iterator<Item = Candidate<'p, DateTime>> {
    let reader = page.date_reader();
    let visible = page.scan.visible.modified(headline).into_iter();
    let visible = visible.map(|it| Candidate::borrowed(Source::Place("visible"), &it.text));
    let of_page = page.json_ld("dateModified of the page", &page.linked.page_modified);
    let read = move |it: Candidate<'p>| it.and_then(|text: Cow<'p, str>| reader.parse(&text));
    let of_update = published.date.filter(|_| published.is_of_update());
    let of_update = of_update.map(|date| Candidate::new(OF_UPDATE, date));
    page.stated_modifications()
        .chain(visible)
        .chain(of_page)
        .filter_map(read)
        .chain(of_update)
}

/// The date of the last modification: a selector's, else the first that the markup states, where it is
/// not that of publication as well.
pub(super) fn decide(
    page: &PageSources<'_>,
    headline: Option<Id>,
    published: Publication,
) -> Option<String> {
    let mut selected = publication_date::selected(page, SelectorKey::Modified);
    if let Some(selected) = selected.next() {
        return Some(selected.value.to_string());
    }
    let all = of_markup(page, headline, published);
    let (of_update, stated): (Vec<_>, Vec<_>) = all.partition(|it| it.source == OF_UPDATE);
    let stated: Vec<DateTime> = stated.iter().map(|it| it.value).collect();
    let of_update = of_update.first().map(|it| it.value);
    let modified = publication_date::first_instant(&stated).or(of_update)?;
    let is_first = !published.is_of_update() && published.date == Some(modified);
    (!is_first).then(|| modified.to_string())
}
