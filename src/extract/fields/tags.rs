//! Keywords.

use std::collections::HashSet;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::{field_text, meta};

/// The lists of keywords, in order of trust: JSON-LD's, then those of each `<meta>`.
pub(super) fn candidates<'p>(
    page: &'p PageSources<'_>,
) -> impl Iterator<Item = Candidate<'p, Vec<&'p str>>> {
    let linked = page.linked.tags.iter().map(String::as_str).collect();
    let linked = Candidate::new(Source::JsonLd("keywords"), linked);
    let metas = meta::TAGS.iter().map(|&name| {
        let lists = page.scan.metas.contents(name).to_vec();
        Candidate::new(Source::Meta(name), lists)
    });
    let all = std::iter::once(linked).chain(metas);
    all.filter(|it| !it.value.is_empty())
}

/// The keywords of the first source that has any.
pub(super) fn decide(page: &PageSources<'_>) -> Vec<String> {
    let first = candidates(page).next();
    first.map_or_else(Vec::new, |it| split(&it.value, page))
}

/// The keywords of a source's lists, without duplicates.
pub(super) fn split(lists: &[&str], page: &PageSources<'_>) -> Vec<String> {
    let limit = page.limits.list_items;
    let mut seen = HashSet::new();
    lists
        .iter()
        .take(limit)
        .flat_map(|list| list.split([',', ';']).take(limit))
        .filter_map(|tag| page.clean(tag))
        .filter(|tag| seen.insert(field_text::plain(tag)))
        .take(limit)
        .collect()
}
