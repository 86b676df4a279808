//! Words with which lines begin: 'Published', 'Written by'. Every line of a page is tested and hardly
//! any matches, so most are rejected by their first two letters.

use crate::extract::rules::letter_pairs::LetterPairs;

/// How lower-case words begin.
#[derive(Debug)]
pub(super) struct LinePrefixes {
    beginnings: LetterPairs,
}

impl LinePrefixes {
    /// Indexes lower-case words.
    pub(super) const fn new(words: &'static [&'static str]) -> LinePrefixes {
        LinePrefixes::of(LetterPairs::first_of(words))
    }

    /// The prefixes that begin so, in lower case.
    pub(super) const fn of(beginnings: LetterPairs) -> LinePrefixes {
        LinePrefixes { beginnings }
    }

    /// True where the line may begin with one of the words; false for most that don't.
    pub(super) fn may_match(&self, line: &str) -> bool {
        match line.as_bytes() {
            // The lower case of other letters has other bytes.
            [first, second, ..] if first.is_ascii() && second.is_ascii() => {
                let (first, second) = (first.to_ascii_lowercase(), second.to_ascii_lowercase());
                self.beginnings.has(first, second)
            }
            line => !line.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_lines_are_rejected_by_their_first_letters_in_any_case() {
        const WORDS: LinePrefixes = LinePrefixes::new(&["published", "écrit par"]);
        assert!(WORDS.may_match("PUBLISHED today") && WORDS.may_match("Écrit par Ada"));
        assert!(!WORDS.may_match("Today") && !WORDS.may_match(""));
    }
}
