//! The section of the newspaper.

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::{field_text, meta};
use crate::selectors::SelectorKey;

/// What the page states, in order of trust: of the breadcrumbs, the innermost first.
pub(super) fn candidates<'p>(page: &'p PageSources<'_>) -> impl Iterator<Item = Candidate<'p>> {
    let breadcrumbs = page.linked.breadcrumbs.iter().skip(1).rev();
    let breadcrumbs =
        breadcrumbs.map(|it| Candidate::borrowed(Source::Place("json-ld breadcrumbs"), it));
    page.selected(SelectorKey::Section)
        .chain(page.metas(meta::SECTION))
        .chain(page.json_ld("articleSection", &page.linked.section))
        .chain(breadcrumbs)
}

/// The first candidate that is neither the headline nor a URL; a selector's holds whatever it is.
pub(super) fn decide(page: &PageSources<'_>, headline: Option<&str>) -> Option<String> {
    let headline = headline.map(field_text::plain);
    candidates(page).find_map(|candidate| {
        let is_selected = candidate.is_selected();
        let text = page.text(candidate)?;
        let is_section =
            headline.as_ref() != Some(&field_text::plain(&text)) && !text.contains("://");
        (is_selected || is_section).then_some(text)
    })
}
