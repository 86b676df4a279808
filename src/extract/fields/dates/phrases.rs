//! Phrases among tokens: the names of months, labels, words such as 'yesterday'.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::extract::fields::dates::lex::{Token, words_of};

/// Phrases by their first words, the longest first: the words after it, and what the phrase means.
#[derive(Debug)]
pub(super) struct Phrases<T> {
    by_first: HashMap<String, Vec<(Vec<String>, T)>, RandomState>,
}

impl<T: Copy> Phrases<T> {
    /// Indexes phrases with what they mean.
    pub(super) fn new<'p>(phrases: impl Iterator<Item = (&'p str, T)>) -> Phrases<T> {
        let mut by_first: HashMap<String, Vec<(Vec<String>, T)>, RandomState> = HashMap::default();
        for (phrase, meaning) in phrases {
            let mut words = words_of(phrase);
            if let Some(first) = words.next() {
                let same = by_first.entry(first).or_default();
                same.push((words.collect(), meaning));
            }
        }
        for same in by_first.values_mut() {
            same.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        Phrases { by_first }
    }

    /// The phrase that begins at a token: what it means, and where it ends.
    pub(super) fn at(&self, tokens: &[Token], at: usize) -> Option<(T, usize)> {
        self.with_first(tokens.get(at)?.word()?, tokens, at)
    }

    /// The same with another first word than the token's.
    pub(super) fn with_first(
        &self,
        first: &str,
        tokens: &[Token],
        at: usize,
    ) -> Option<(T, usize)> {
        let mut same = self.by_first.get(first)?.iter();
        same.find_map(|(rest, meaning)| Some((*meaning, end_of(rest, tokens, at + 1)?)))
    }

    /// True where a phrase begins with a word.
    pub(super) fn has_first(&self, word: &str) -> bool {
        self.by_first.contains_key(word)
    }

    /// What the phrases mean that are one word, this one.
    pub(super) fn of_word(&self, word: &str) -> impl Iterator<Item = T> {
        let same = self.by_first.get(word).into_iter().flatten();
        same.filter(|(rest, _)| rest.is_empty())
            .map(|(_, meaning)| *meaning)
    }
}

/// Where the rest of a phrase ends: its words may be separated by spaces, full stops, apostrophes and hyphens.
fn end_of(rest: &[String], tokens: &[Token], mut at: usize) -> Option<usize> {
    for word in rest {
        while matches!(
            tokens.get(at),
            Some(Token::Space | Token::Mark('.' | '-' | '\'' | '’'))
        ) {
            at += 1;
        }
        if !tokens.get(at)?.is(word) {
            return None;
        }
        at += 1;
    }
    Some(at)
}
