//! Keywords: the subjects that a page names for itself. Pages mix them with the codes of their content systems
//! (`WC: 1000-1999`), with the names of the site, the section and the author, and with the words of the headline.

use std::collections::HashSet;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::generic_names::KnownNames;
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::{field_text, meta};

/// A longer text is a sentence.
const MOST_CHARS: usize = 60;
const MOST_WORDS: usize = 7;
/// A list of at least so many keywords…
const MANY: usize = 8;
/// …of which so many of ten are codes consists of codes.
const CODES_OF_TEN: usize = 6;
/// A list of a source that is not the first has no more keywords.
const FEW: usize = 20;
/// A keyword of so many words of the headline is a part of it.
const PART_OF_HEADLINE: usize = 4;
/// So many words of the headline in a row are the headline taken apart.
const HEADLINE_WORDS: usize = 5;

/// What content systems put before a colon that is no part of a name.
const KEYS: &[&str] = &[
    "adnode",
    "article type",
    "author",
    "cat",
    "category",
    "channel",
    "collection",
    "content type",
    "day",
    "format",
    "keyword",
    "language",
    "nlp category",
    "nlp entity tokens",
    "page type",
    "pagetype",
    "partner",
    "primary section",
    "section",
    "sitegroup",
    "source",
    "subject",
    "subsection",
    "tag",
    "template",
    "time",
    "topic",
    "type",
    "wc",
];

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

/// The keywords of the first source that names a subject. Where the first source names none, a long list of
/// another was made by a machine.
pub(super) fn decide(
    page: &PageSources<'_>,
    known: &KnownNames<'_>,
    section: Option<&str>,
) -> Vec<String> {
    let section = section.map(field_text::plain);
    let lists = candidates(page).map(|it| split(&it.value, page));
    let lists = lists.enumerate();
    let mut lists = lists.filter(|(at, tags)| *at == 0 || tags.len() <= FEW);
    let filled = lists.find_map(|(_, tags)| {
        let subjects = subjects(tags, known, section.as_deref());
        (!subjects.is_empty()).then_some(subjects)
    });
    filled.unwrap_or_default()
}

/// The keywords of a source's lists as they are stated, without duplicates.
pub(super) fn split(lists: &[&str], page: &PageSources<'_>) -> Vec<String> {
    let limit = page.limits.list_items;
    let are_one_each = lists.len() > 1;
    let mut seen = HashSet::new();
    lists
        .iter()
        .take(limit)
        .flat_map(|list| items(list, are_one_each).into_iter().take(limit))
        .filter_map(|tag| page.clean(tag.trim().trim_start_matches('#')))
        .filter(|tag| seen.insert(field_text::plain(tag)))
        .take(limit)
        .collect()
}

/// The items of a list, at semicolons or else at commas outside brackets. Where each keyword has an element of
/// its own, a lone comma is part of it: 'Biden, Joseph R'.
fn items(list: &str, is_one: bool) -> Vec<&str> {
    if list.contains([';', '；']) {
        return list.split([';', '；']).collect();
    }
    let commas = [',', '،', '，', '、'];
    if is_one && list.matches(commas).count() == 1 {
        return vec![list];
    }
    let mut depth = 0_usize;
    list.split(|c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && commas.contains(&c)
    })
    .collect()
}

/// The keywords that name a subject.
fn subjects(tags: Vec<String>, known: &KnownNames<'_>, section: Option<&str>) -> Vec<String> {
    let codes = tags.iter().filter(|it| is_code(it)).count();
    let are_codes = tags.len() >= MANY && codes * 10 >= tags.len() * CODES_OF_TEN;
    let plain: Vec<String> = tags.iter().map(|it| field_text::plain(it)).collect();
    let of_headline = headline_words(&plain, known.headline());
    let keeps = |at: usize, tag: &str| {
        let plain = plain[at].as_str();
        let is_part =
            plain.split(' ').count() >= PART_OF_HEADLINE && known.headline().contains(plain);
        let is_said = of_headline[at] || is_part || known.contains(plain) || Some(plain) == section;
        let is_of_codes = are_codes && is_code(tag);
        !is_said && !is_of_codes && is_subject(tag, plain)
    };
    let all = tags.into_iter().enumerate();
    all.filter(|(at, tag)| keeps(*at, tag))
        .map(|(_, tag)| tag)
        .collect()
}

/// True for `MTVID` and `INDS08`.
fn is_code(tag: &str) -> bool {
    tag.bytes()
        .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || matches!(it, b':' | b'-'))
}

/// True for a name: no sentence, number, letter or code of a content system.
fn is_subject(tag: &str, plain: &str) -> bool {
    let letters = plain.chars().filter(|c| c.is_alphabetic()).count();
    let is_letter = tag.len() == 1;
    let is_sentence = tag.chars().count() > MOST_CHARS || plain.split(' ').count() > MOST_WORDS;
    let is_machine = tag.starts_with(['@', '_', '{', '$'])
        || tag.contains("://")
        || (tag.contains('_') && !tag.contains(' '))
        || is_hash(tag)
        || has_key(tag);
    letters > 0 && !is_letter && !is_sentence && !is_machine
}

/// True for `98be933f-38cf-4fba-b6c6-ad438e82010a`.
fn is_hash(tag: &str) -> bool {
    tag.len() >= 16
        && tag.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-')
        && tag.bytes().any(|it| it.is_ascii_digit())
}

/// True for `Page Type: Article` and `Section:culture`, and not for 'Star Wars: Andor'.
fn has_key(tag: &str) -> bool {
    let Some((key, value)) = tag.split_once(':') else {
        return false;
    };
    let is_glued = value.starts_with(|c: char| c.is_alphabetic()) && key.len() > 1;
    (is_glued && !key.contains(' ')) || KEYS.contains(&field_text::plain(key).as_str())
}

/// For each keyword, whether it stands in a row of them that is the headline taken apart.
fn headline_words(plain: &[String], headline: &str) -> Vec<bool> {
    let mut of_headline = vec![false; plain.len()];
    let words: Vec<&str> = headline.split(' ').collect();
    let mut start = 0;
    while start < plain.len() {
        let row = plain[start..]
            .iter()
            .take_while(|it| !it.contains(' ') && words.contains(&it.as_str()));
        let count = row.count();
        if count >= HEADLINE_WORDS {
            of_headline[start..start + count].fill(true);
        }
        start += count.max(1);
    }
    of_headline
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split_at_their_own_marks() {
        for (list, is_one, expected) in [
            ("ferry, night", false, vec!["ferry", " night"]),
            ("ferry; night, day", false, vec!["ferry", " night, day"]),
            (
                "Storm of the Capitol (Jan 6, 2021), ferry",
                false,
                vec!["Storm of the Capitol (Jan 6, 2021)", " ferry"],
            ),
            ("Biden, Joseph R", true, vec!["Biden, Joseph R"]),
            ("ferry, night, sea", true, vec!["ferry", " night", " sea"]),
            ("渡し船、夜", false, vec!["渡し船", "夜"]),
            ("عبارة، ليل", false, vec!["عبارة", " ليل"]),
        ] {
            assert_eq!(items(list, is_one), expected);
        }
    }

    #[test]
    fn codes_sentences_and_letters_are_no_subjects() {
        let is = |tag: &str| is_subject(tag, &field_text::plain(tag));
        for tag in [
            "ferry",
            "NATO",
            "Covid-19",
            "5G",
            "Star Wars: Andor",
            "C++",
            "2024 elections",
            "船",
        ] {
            assert!(is(tag), "{tag}");
        }
        for tag in [
            "p",
            "2024",
            "WC: 1000-1999",
            "Page Type: Article",
            "PACKAGE:US-TOP-NEWS",
            "Section:culture",
            "@river",
            "cat_biology",
            "98be933f-38cf-4fba-b6c6-ad438e82010a",
            "https://paper.example/tag",
            "The ferry sails again tonight and everybody in town is glad",
        ] {
            assert!(!is(tag), "{tag}");
        }
    }

    #[test]
    fn the_words_of_the_headline_in_a_row_are_none_of_them() {
        let plain: Vec<String> = ["ferry", "the", "night", "ferry", "sails", "again", "sea"]
            .map(str::to_owned)
            .into();
        let marked = headline_words(&plain, "the night ferry sails again");
        assert_eq!(marked, [true, true, true, true, true, true, false]);
        assert_eq!(
            headline_words(&plain[..3], "the night ferry sails again"),
            [false; 3]
        );
    }
}
