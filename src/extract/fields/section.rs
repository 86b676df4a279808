//! The section of the newspaper. Content systems state paths, lists and their own names for it; what is no name of
//! a section is passed over.

use std::borrow::Cow;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::generic_names::KnownNames;
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::{field_text, meta};
use crate::selectors::SelectorKey;

/// A longer text is a sentence.
const MOST_CHARS: usize = 60;
const MOST_WORDS: usize = 7;
/// Names in a list or path that are looked at.
const MOST_NAMES: usize = 20;
/// Words that join two things under one name: 'Arts, Culture and Style'.
const CONJUNCTIONS: [&str; 13] = [
    "&", "and", "und", "et", "y", "e", "i", "en", "og", "och", "ja", "и", "ve",
];

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

/// The first candidate that names a section; a selector's holds whatever it is.
pub(super) fn decide(page: &PageSources<'_>, known: &KnownNames<'_>) -> Option<String> {
    candidates(page).find_map(|it| read(it, page, known))
}

/// The name of the section in a candidate.
pub(super) fn read(
    candidate: Candidate<'_>,
    page: &PageSources<'_>,
    known: &KnownNames<'_>,
) -> Option<String> {
    let is_selected = candidate.is_selected();
    let text = page.text(candidate)?;
    if is_selected {
        return Some(text);
    }
    let is_name = |name: &Cow<'_, str>| {
        let plain = field_text::plain(name);
        is_short(name, &plain)
            && !known.contains(&plain)
            && !is_part_of_headline(&plain, known.headline())
    };
    let mut names = names(&text).into_iter().map(|it| without_slug(it.trim()));
    names.find(is_name).map(Cow::into_owned)
}

/// The names in a text, the most likely first: of a path the innermost, of a list the first.
fn names(text: &str) -> Vec<&str> {
    if text.contains("://") {
        return Vec::new();
    }
    if text.contains(['>', '»', '›', '|']) {
        return text.rsplit(['>', '»', '›', '|']).take(MOST_NAMES).collect();
    }
    if is_path(text) {
        return text.rsplit('/').take(MOST_NAMES).collect();
    }
    let is_one = text.split(' ').any(|it| CONJUNCTIONS.contains(&it));
    if text.contains(';') {
        text.split(';').take(MOST_NAMES).collect()
    } else if text.contains(',') && !is_one {
        text.split(',').take(MOST_NAMES).collect()
    } else {
        vec![text]
    }
}

/// True for `news/local/crime-courts`, and not for 'TV/Radio'.
fn is_path(text: &str) -> bool {
    let mut parts = text.split('/');
    text.contains('/') && !text.contains(' ') && parts.any(|it| it.contains('-') || is_lower(it))
}

fn is_lower(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_uppercase)
}

/// `public-service` as words.
fn without_slug(name: &str) -> Cow<'_, str> {
    let is_slug = name.is_ascii() && is_lower(name) && !name.contains(' ');
    let parts = || name.split(['-', '_']);
    if is_slug && name.contains(['-', '_']) && parts().all(|it| it.len() > 2) {
        Cow::Owned(name.replace(['-', '_'], " "))
    } else {
        Cow::Borrowed(name)
    }
}

/// True for a text that is neither a sentence nor a number.
fn is_short(name: &str, plain: &str) -> bool {
    name.chars().count() <= MOST_CHARS
        && plain.split(' ').count() <= MOST_WORDS
        && (!name.ends_with(['.', '?', '!', '…']) || is_abbreviation(name))
        && plain.chars().any(char::is_alphabetic)
}

/// True for 'U.S.'
fn is_abbreviation(name: &str) -> bool {
    name.split_terminator('.').all(|it| it.chars().count() == 1)
}

/// True where the last breadcrumb is the headline, perhaps shortened.
fn is_part_of_headline(plain: &str, headline: &str) -> bool {
    plain.split(' ').count() > 3
        && (headline.starts_with(plain) || plain.starts_with(headline))
        && !headline.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> String {
        without_slug(names(text)[0].trim()).into_owned()
    }

    #[test]
    fn of_a_path_the_innermost_name_counts_and_of_a_list_the_first() {
        for (text, name) in [
            ("Politics", "Politics"),
            ("news/local/crime-courts", "crime courts"),
            ("Deportes/formula-1", "formula-1"),
            ("World > Europe", "Europe"),
            ("mental health; mindfulness", "mental health"),
            ("Meta,Public Policy", "Meta"),
            ("Wirtschaft, Tipps", "Wirtschaft"),
            ("Arts, Culture and Style", "Arts, Culture and Style"),
            ("Food & Drink", "Food & Drink"),
            ("TV/Radio", "TV/Radio"),
            ("Crash / Unfall", "Crash / Unfall"),
            ("public-service", "public service"),
            ("covid-19", "covid-19"),
            ("e-mail", "e-mail"),
            ("Sci-Fi", "Sci-Fi"),
        ] {
            assert_eq!(first(text), name);
        }
    }

    #[test]
    fn sentences_and_numbers_are_no_sections() {
        for (text, is_name) in [
            ("U.S.", true),
            ("Politics", true),
            ("2024", false),
            (
                "The ferry sails again tonight, and everybody is glad.",
                false,
            ),
            ("What is a ferry?", false),
        ] {
            assert_eq!(is_short(text, &field_text::plain(text)), is_name, "{text}");
        }
    }
}
