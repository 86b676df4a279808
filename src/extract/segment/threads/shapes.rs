//! How the words of a table look from outside: most words of a page have another length or other letters at
//! their ends, so that they need not be looked up.

use std::ops::RangeInclusive;

use crate::extract::rules::letter_pairs::LetterPairs;

/// The lengths of some words, in bytes, and how they begin and end.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    least: usize,
    most: usize,
    first: LetterPairs,
    last: LetterPairs,
}

impl Shapes {
    pub(super) fn of<'w>(words: impl Iterator<Item = &'w str> + Clone) -> Shapes {
        let lengths = words.clone().map(str::len);
        Shapes {
            least: lengths.clone().min().unwrap_or_default(),
            most: lengths.max().unwrap_or_default(),
            first: LetterPairs::first(words.clone()),
            last: LetterPairs::last(words),
        }
    }

    /// The lengths that one of these words has in a word of `whole` bytes, the rest of which is one of `rest`.
    pub(super) fn within(&self, whole: usize, rest: &Shapes) -> RangeInclusive<usize> {
        let least = self.least.max(whole.saturating_sub(rest.most));
        least..=self.most.min(whole.saturating_sub(rest.least))
    }

    /// False where `word` does not begin as one of these words does and end as one of `tail`.
    pub(super) fn may_join(&self, tail: &Shapes, word: &str) -> bool {
        self.first.may_begin(word) && tail.last.may_end(word)
    }
}
