//! The standfirst, or the description that stands in for it.

use crate::extract::fields::candidate::Candidate;
use crate::extract::fields::meta;
use crate::extract::fields::sources::PageSources;
use crate::selectors::SelectorKey;

/// What the page states, in order of trust.
pub(super) fn candidates<'p>(page: &'p PageSources<'_>) -> impl Iterator<Item = Candidate<'p>> {
    page.selected(SelectorKey::Description)
        .chain(page.metas(meta::DESCRIPTION))
        .chain(page.json_ld("description", &page.linked.description))
}

/// The first candidate with readable text.
pub(super) fn decide(page: &PageSources<'_>) -> Option<String> {
    candidates(page).find_map(|it| page.text(it))
}
