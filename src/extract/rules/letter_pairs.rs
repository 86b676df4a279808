//! A filter before a search for words: the two bytes at one end of each. Most words that are looked up begin or
//! end with other letters than any word of the table, and need no search.

/// Pairs of bytes, by their lower six bits: a bit each.
#[derive(Debug)]
pub struct LetterPairs {
    /// By the byte at the end; each bit is the byte next to it.
    rows: [u64; 64],
}

impl LetterPairs {
    /// None yet.
    pub const fn empty() -> LetterPairs {
        LetterPairs { rows: [0; 64] }
    }

    /// How words begin.
    pub fn first<'w>(words: impl IntoIterator<Item = &'w str>) -> LetterPairs {
        let words = words.into_iter();
        words.fold(LetterPairs::empty(), LetterPairs::with_first)
    }

    /// How the words of a table begin.
    pub const fn first_of(words: &[&str]) -> LetterPairs {
        LetterPairs::empty().and_first_of(words)
    }

    /// These, and how the words of another table begin.
    pub const fn and_first_of(self, words: &[&str]) -> LetterPairs {
        let (mut pairs, mut at) = (self, 0);
        while at < words.len() {
            pairs = pairs.with_first(words[at]);
            at += 1;
        }
        pairs
    }

    /// How words end.
    pub fn last<'w>(words: impl IntoIterator<Item = &'w str>) -> LetterPairs {
        let words = words.into_iter();
        words.fold(LetterPairs::empty(), LetterPairs::with_last)
    }

    const fn with_first(self, word: &str) -> LetterPairs {
        match word.as_bytes() {
            [end, next, ..] => self.with(*end, 1 << place(*next)),
            // A word of one byte stands before and after anything.
            [end] => self.with(*end, u64::MAX),
            [] => LetterPairs::any(),
        }
    }

    const fn with_last(self, word: &str) -> LetterPairs {
        match word.as_bytes() {
            [.., next, end] => self.with(*end, 1 << place(*next)),
            [end] => self.with(*end, u64::MAX),
            [] => LetterPairs::any(),
        }
    }

    const fn with(mut self, end: u8, nexts: u64) -> LetterPairs {
        self.rows[place(end)] |= nexts;
        self
    }

    /// Every pair: the empty word stands everywhere.
    const fn any() -> LetterPairs {
        LetterPairs {
            rows: [u64::MAX; 64],
        }
    }

    /// False where no word begins as this one does.
    pub fn may_begin(&self, word: &str) -> bool {
        match word.as_bytes() {
            [end, next, ..] => self.has(*end, *next),
            _ => true,
        }
    }

    /// False where no word ends as this one does.
    pub fn may_end(&self, word: &str) -> bool {
        match word.as_bytes() {
            [.., next, end] => self.has(*end, *next),
            _ => true,
        }
    }

    /// False where no word has this byte at its end and that one next to it.
    pub fn has(&self, end: u8, next: u8) -> bool {
        self.rows[place(end)] & (1 << place(next)) != 0
    }
}

impl Default for LetterPairs {
    fn default() -> LetterPairs {
        LetterPairs::empty()
    }
}

const fn place(byte: u8) -> usize {
    byte as usize & 63
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_or_ends_as_no_word_does_is_known() {
        let words = ["box", "liste", "x"];
        let (first, last) = (LetterPairs::first(words), LetterPairs::last(words));
        for (word, begins, ends) in [
            ("boxes", true, false),
            ("listing", true, false),
            ("header", false, false),
            ("sandbox", false, true),
            ("linux", true, true),
            ("xylophone", true, false),
            ("b", true, true),
        ] {
            assert_eq!(first.may_begin(word), begins, "{word}");
            assert_eq!(last.may_end(word), ends, "{word}");
        }
        assert!(LetterPairs::first([""]).may_begin("any"));
        assert!(!LetterPairs::default().may_begin("any"));
    }
}
