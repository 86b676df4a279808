//! Words with which lines begin: 'Published', 'Written by'. Every line of a page is tested and hardly
//! any matches, so most are rejected by their first two letters.

use crate::extract::rules::letter_pairs::LetterPairs;

/// Lower-case words.
#[derive(Debug)]
pub(super) struct LinePrefixes {
    words: &'static [&'static str],
    beginnings: LetterPairs,
}

/// A word is searched for in so many characters of a line.
const HEAD: usize = 32;

impl LinePrefixes {
    /// Indexes lower-case words.
    pub(super) const fn new(words: &'static [&'static str]) -> LinePrefixes {
        LinePrefixes {
            words,
            beginnings: LetterPairs::first_of(words),
        }
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

    /// The first of the words with which the line begins.
    pub(super) fn find(&self, line: &str) -> Option<&'static str> {
        if !self.may_match(line) {
            return None;
        }
        let mut words = self.words.iter().copied();
        let bytes = line.as_bytes();
        let bytes = &bytes[..bytes.len().min(HEAD)];
        if bytes.is_ascii() {
            let opens = |word: &&str| {
                let start = bytes.get(..word.len());
                start.is_some_and(|it| it.eq_ignore_ascii_case(word.as_bytes()))
            };
            return words.find(opens);
        }
        let head = line.chars().take(HEAD);
        let lower: String = head.flat_map(char::to_lowercase).collect();
        words.find(|word| lower.starts_with(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_known_by_its_first_words_in_any_case() {
        const WORDS: LinePrefixes = LinePrefixes::new(&["published", "écrit par"]);
        assert_eq!(WORDS.find("PUBLISHED today"), Some("published"));
        assert_eq!(WORDS.find("Écrit par Ada"), Some("écrit par"));
        assert_eq!(WORDS.find("Pub quiz"), None);
        assert!(!WORDS.may_match("Today") && !WORDS.may_match(""));
    }
}
