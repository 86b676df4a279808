//! Persons and organisations, short names and full ones.

use crate::extract::fields::field_text;
use crate::extract::fields::names::NameContext;
use crate::extract::fields::names::placeholder_names::{
    AGENCIES, OFFICES, ORGANISATION_ENDS, ORGANISATIONS, PUBLISHERS,
};
use crate::extract::fields::names::roles::has_role;
use crate::extract::fields::names::words::PARTICLES;
use crate::extract::fields::names::{east_asian, parts};

/// The name of a person has no more words.
const FULL_WORDS: usize = 5;
/// Letters of a full name in Chinese, Japanese and Korean.
const EASTERN_LETTERS: std::ops::RangeInclusive<usize> = 2..=8;

/// The names without those of agencies, where there are persons.
pub(super) fn without_agencies(mut names: Vec<String>) -> Vec<String> {
    if names.len() > 1 && names.iter().any(|it| is_person(it)) {
        names.retain(|name| !is_agency(name));
    }
    names
}

/// True for a name of several words, or in a script that needs none, that is no organisation's.
fn is_person(name: &str) -> bool {
    let has_letters = |c: char| parts::is_han(c) || east_asian::is_hangul(c);
    (name.contains(' ') || name.contains(has_letters)) && !is_organisation(name)
}

/// True for the name of an agency, a newspaper or a publishing house.
pub(in crate::extract::fields) fn is_organisation(name: &str) -> bool {
    let plain = field_text::plain(name);
    plain.split(' ').any(|word| ORGANISATIONS.contains(&word))
        || is_agency(name)
        || PUBLISHERS.contains(&plain.as_str())
        || OFFICES.contains(&plain.as_str())
        || ORGANISATION_ENDS.iter().any(|it| name.ends_with(it))
}

/// True for the name of a news agency.
pub(in crate::extract::fields) fn is_agency(name: &str) -> bool {
    AGENCIES.contains(&field_text::plain(name).as_str())
}

/// `names`, or the first other list that names the same authors in full: fields for machines often
/// hold one of several authors, a first name or a handle. Additional authors are accepted from author
/// fields alone; visible text also names others who worked on the article.
pub(in crate::extract::fields) fn fullest(
    names: Vec<String>,
    mut others: impl Iterator<Item = (Vec<String>, NameContext)>,
) -> Vec<String> {
    let is_fuller_list = |(other, context): &(Vec<String>, NameContext)| {
        if is_reversed(&names, other) {
            return true;
        }
        let has_fuller = |name: &String| other.iter().any(|it| is_fuller(it, name));
        let is_known = |name: &String| names.contains(name);
        (*context == NameContext::AuthorField || other.len() == names.len())
            && other.iter().all(|it| is_known(it) || is_full(it))
            && !other.iter().all(is_known)
            && names.iter().all(has_fuller)
    };
    let fuller = others.find(is_fuller_list);
    fuller.map_or(names, |(fuller, _)| fuller)
}

/// True for a first name and more, each word but particles with a capital letter.
pub(in crate::extract::fields) fn is_full(name: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’');
    let is_word = |word: &str| {
        (word.starts_with(char::is_uppercase) || PARTICLES.contains(&word))
            && word.chars().all(is_letter)
    };
    let words = name.split(' ').count();
    (2..=FULL_WORDS).contains(&words)
        && name.split(' ').all(is_word)
        && !has_role(&field_text::plain(name))
}

/// True where two lists of people have no name and no part of a name in common.
pub(in crate::extract::fields) fn are_others(names: &[String], others: &[String]) -> bool {
    let known: Vec<String> = names.iter().map(|it| field_text::plain(it)).collect();
    let is_known = |word: &str| known.iter().any(|it| it.contains(word));
    let others = others.iter().map(|it| field_text::plain(it));
    others.into_iter().all(|it| !it.split(' ').any(is_known))
}

/// True for `Quill, Ada`, which reads like two names, and `Ada Quill`.
fn is_reversed(names: &[String], other: &[String]) -> bool {
    let ([last, first], [whole]) = (names, other) else {
        return false;
    };
    field_text::plain(whole) == field_text::plain(&format!("{first} {last}"))
}

/// True for a full name in any script. Scripts without capital letters distinguish names from other words
/// less well, so it takes a source that is meant to hold names.
pub(in crate::extract::fields) fn is_whole(name: &str) -> bool {
    let is_eastern =
        |c: char| parts::is_han(c) || east_asian::is_hangul(c) || east_asian::is_kana(c);
    if name.chars().all(is_eastern) {
        return EASTERN_LETTERS.contains(&name.chars().count());
    }
    let words = name.split(' ').count();
    is_full(name) || ((2..=FULL_WORDS).contains(&words) && name.split(' ').all(parts::is_caseless))
}

/// True where `name` is `short` or more of it: `short` is its first name, or its words as a handle.
fn is_fuller(name: &str, short: &str) -> bool {
    let (name, short) = (field_text::plain(name), field_text::plain(short));
    let is_first = || {
        name.strip_prefix(&short)
            .is_some_and(|it| it.starts_with(' '))
    };
    name == short || (!short.contains(' ') && (is_first() || name.replace(' ', "") == short))
}
