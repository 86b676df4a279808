//! The words that announce a date, and what they announce: 'published', 'updated'.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::extract::fields::dates::label_words::{CHANGED, PUBLISHED};
use crate::extract::fields::dates::lex::{self, Token};
use crate::extract::fields::dates::phrases::Phrases;
use crate::extract::rules::letter_pairs::LetterPairs;

/// The label with which a text begins is within so many characters.
const HEAD: usize = 40;

/// What a date is, by the words around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::fields) enum Role {
    /// The day of publication.
    Published,
    /// The day of the last change.
    Modified,
    /// Nothing says what it is.
    Unsaid,
}

/// A label among tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) role: Role,
    pub(super) start: usize,
    /// One past its last token.
    pub(super) end: usize,
}

/// Every label with what it announces.
static LABELS: LazyLock<Phrases<Role>> = LazyLock::new(|| {
    let published = PUBLISHED.iter().map(|it| (*it, Role::Published));
    Phrases::new(published.chain(CHANGED.iter().map(|it| (*it, Role::Modified))))
});

/// The labels of those languages, those of a modification first.
static SPACELESS: LazyLock<Vec<(&str, Role)>> = LazyLock::new(|| {
    let changed = CHANGED.iter().map(|it| (*it, Role::Modified));
    let all = changed.chain(PUBLISHED.iter().map(|it| (*it, Role::Published)));
    all.filter(|(phrase, _)| phrase.starts_with(is_spaceless))
        .collect()
});

/// The labels among tokens, in order.
pub(super) fn among(tokens: &[Token]) -> Vec<Label> {
    let mut labels = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match label_at(tokens, at) {
            Some(label) => {
                at = label.end;
                labels.push(label);
            }
            None => at += 1,
        }
    }
    labels
}

/// True for a letter of a script in which a label may begin a longer word.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}

fn label_at(tokens: &[Token], at: usize) -> Option<Label> {
    let word = tokens[at].word()?;
    let label = |role, end| Label {
        role,
        start: at,
        end,
    };
    if let Some((role, end)) = LABELS.at(tokens, at) {
        return Some(label(role, end));
    }
    // Languages without spaces: the label begins the word.
    if !word.starts_with(is_spaceless) {
        return None;
    }
    let mut phrases = SPACELESS.iter();
    let (_, role) = phrases.find(|(phrase, _)| word.starts_with(phrase))?;
    Some(label(*role, at + 1))
}

/// What a short text announces: the last of its labels.
pub(in crate::extract::fields) fn announced(text: &str) -> Option<Role> {
    among(&lex::tokens(text, text.len()))
        .last()
        .map(|it| it.role)
}

/// The first two letters of every label.
static BEGINNINGS: LazyLock<HashSet<[char; 2], RandomState>> =
    LazyLock::new(|| all().filter_map(beginning).collect());

/// The same of those that are ASCII.
static ASCII_BEGINNINGS: LazyLock<LetterPairs> = LazyLock::new(|| {
    let pairs: Vec<String> = BEGINNINGS.iter().map(|it| it.iter().collect()).collect();
    LetterPairs::first(pairs.iter().map(String::as_str))
});

fn beginning(text: &str) -> Option<[char; 2]> {
    let seen = text.chars().filter(|c| !lex::is_invisible(*c));
    let mut letters = seen.skip_while(|c| !c.is_alphabetic());
    let mut letter = || Some(lex::letter(letters.next()?));
    Some([letter()?, letter()?])
}

/// False for most texts that begin with no label, without reading them.
pub(in crate::extract::fields) fn may_begin_with_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_letter = |it: &u8| it.is_ascii_alphabetic() || !it.is_ascii();
    let start = bytes.iter().position(is_letter);
    match start.and_then(|at| bytes.get(at..at + 2)) {
        Some([first, second]) if first.is_ascii() && second.is_ascii() => {
            ASCII_BEGINNINGS.has(first.to_ascii_lowercase(), second.to_ascii_lowercase())
        }
        _ => beginning(text).is_some_and(|it| BEGINNINGS.contains(&it)),
    }
}

/// True for a text whose first word is, or begins, a label.
pub(in crate::extract::fields) fn begins_with_label(text: &str) -> bool {
    let may_be_first = |word: String| LABELS.has_first(&word) || word.starts_with(is_spaceless);
    if !may_begin_with_label(text) || !lex::first_word(text, HEAD).is_some_and(may_be_first) {
        return false;
    }
    let tokens = lex::tokens(text, HEAD);
    let first = tokens.iter().position(|it| it.word().is_some());
    first.is_some_and(|at| label_at(&tokens, at).is_some())
}

/// Every label.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    PUBLISHED.iter().chain(CHANGED).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_known_by_its_first_letters_and_its_first_word() {
        for label in all() {
            for opening in ["", "• ", "12 ", "\u{200F}", "— "] {
                for text in [
                    format!("{opening}{label}: today"),
                    format!("{opening}{}", label.to_uppercase()),
                ] {
                    let tokens = lex::tokens(&text, HEAD);
                    let at = tokens.iter().position(|it| it.word().is_some());
                    let begins = at.is_some_and(|at| label_at(&tokens, at).is_some());
                    assert_eq!(begins_with_label(&text), begins, "{text}");
                    assert!(!begins || may_begin_with_label(&text), "{text}");
                }
            }
        }
        assert!(
            !may_begin_with_label("") && !may_begin_with_label("p") && !may_begin_with_label("12")
        );
    }
}
