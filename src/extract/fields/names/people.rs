//! Persons and organisations, short names and full ones.

use crate::extract::fields::field_text;
use crate::extract::fields::names::placeholder_names::ORGANISATIONS;
use crate::extract::fields::names::words::PARTICLES;
use crate::extract::fields::names::{NameContext, has_role};

/// The name of a person has no more words.
const FULL_WORDS: usize = 5;

/// The names of persons alone, where there are any: newspapers and agencies are named with them as
/// their employers.
pub(in crate::extract::fields) fn without_organisations(mut names: Vec<String>) -> Vec<String> {
    let is_organisation = |name: &str| {
        field_text::plain(name)
            .split(' ')
            .any(|word| ORGANISATIONS.contains(&word))
    };
    if names
        .iter()
        .any(|it| it.contains(' ') && !is_organisation(it))
    {
        names.retain(|name| !is_organisation(name));
    }
    names
}

/// `names`, or the first other list that names the same authors in full: fields for machines often
/// hold one of several authors, a first name or a handle. Additional authors are accepted from author
/// fields alone; visible text also names others who worked on the article.
pub(in crate::extract::fields) fn fullest(
    names: Vec<String>,
    mut others: impl Iterator<Item = (Vec<String>, NameContext)>,
) -> Vec<String> {
    let is_fuller_list = |(other, context): &(Vec<String>, NameContext)| {
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

/// True where `name` is `short` or more of it: `short` is its first name, or its words as a handle.
fn is_fuller(name: &str, short: &str) -> bool {
    let (name, short) = (field_text::plain(name), field_text::plain(short));
    let is_first = || {
        name.strip_prefix(&short)
            .is_some_and(|it| it.starts_with(' '))
    };
    name == short || (!short.contains(' ') && (is_first() || name.replace(' ', "") == short))
}
