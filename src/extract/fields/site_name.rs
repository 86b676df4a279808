//! The name of the site.

use crate::extract::fields::candidate::Candidate;
use crate::extract::fields::meta;
use crate::extract::fields::sources::PageSources;

/// What the page states, in order of trust.
pub(super) fn candidates<'p>(page: &'p PageSources<'_>) -> impl Iterator<Item = Candidate<'p>> {
    page.metas(&["og:site_name"])
        .chain(page.json_ld("publisher", &page.linked.publisher))
        .chain(page.metas(meta::SITE_NAME))
}

/// The first candidate with readable text.
pub(super) fn decide(page: &PageSources<'_>) -> Option<String> {
    candidates(page).find_map(|it| page.text(it))
}
