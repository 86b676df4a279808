//! The lead image.

use url::Url;

use crate::extract::fields::candidate::Candidate;
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::url::resolve;
use crate::extract::fields::{field_text, meta};

/// What the page states, in order of trust.
pub(super) fn candidates<'p>(page: &'p PageSources<'_>) -> impl Iterator<Item = Candidate<'p>> {
    page.metas(meta::IMAGE)
        .chain(page.json_ld("image", &page.linked.image))
}

/// The first candidate that is a URL, made absolute.
pub(super) fn decide(page: &PageSources<'_>) -> Option<String> {
    let url = |it: Candidate<'_>| {
        let raw = field_text::resolve_entities(&it.value);
        resolve(&raw, page.base(), page.limits)
    };
    candidates(page).find_map(url).map(|url: Url| url.into())
}
