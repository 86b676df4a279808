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

/// What words may be by the letters at their ends, several tables at once: a bit for each.
#[derive(Debug, Default)]
pub(super) struct Ends {
    first: Vec<u8>,
    last: Vec<u8>,
}

impl Ends {
    /// A bit for each of these: how words begin, and how they end.
    pub(super) fn of(tables: [(&Shapes, &Shapes); 3]) -> Ends {
        let bits = |pairs: [&LetterPairs; 3], end: u8, next: u8| {
            let has = pairs.iter().enumerate();
            has.fold(0, |bits, (bit, it)| {
                bits | u8::from(it.has(end, next)) << bit
            })
        };
        let all = |pairs: [&LetterPairs; 3]| {
            let each = (0..64).flat_map(|end| (0..64).map(move |next| (end, next)));
            each.map(|(end, next)| bits(pairs, end, next)).collect()
        };
        Ends {
            first: all(tables.map(|(head, _)| &head.first)),
            last: all(tables.map(|(_, tail)| &tail.last)),
        }
    }

    /// The bits of the tables whose words begin and end as this one does.
    pub(super) fn of_word(&self, word: &str) -> u8 {
        let &[first, second, ..] = word.as_bytes() else {
            return u8::MAX;
        };
        let &[.., next, end] = word.as_bytes() else {
            return u8::MAX;
        };
        self.first[pair(first, second)] & self.last[pair(end, next)]
    }
}

fn pair(end: u8, next: u8) -> usize {
    usize::from(end & 63) << 6 | usize::from(next & 63)
}
