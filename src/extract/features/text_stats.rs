//! Features of a block's characters: how much text there is, how much of it is sentences, what it begins
//! and ends with. One walk over the characters counts them, for all rooms that read these counts, and hashes
//! the words. Runs of ASCII letters and digits, most of any text, are walked by the byte.

use std::ops::Range;

use crate::extract::model::encoding::{self, WordKind};
use crate::extract::model::matrix::{FeatureMatrix, flag, log, put_row, share};
use crate::extract::segment::blocks::Blocks;
use crate::page::text::is_unspaced;

/// The offset basis and the prime of FNV-1a in 32 bits (Fowler, Noll and Vo; RFC 9923).
const BASIS: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

/// Dates and times have at most this many words: 'Published on 3 May 2024 at 10:15 a.m. BST'.
const DATE_WORDS: usize = 12;

/// A text's hash. Equal texts with different seeds have different hashes.
pub fn hash(seed: u8, text: &str) -> u32 {
    text.bytes().fold(step(BASIS, seed), step)
}

/// The hash with one byte added.
pub fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(PRIME)
}

/// Counts of one block's characters.
#[derive(Debug, Clone, Default)]
pub struct TextStats {
    /// Characters that are not white space.
    pub chars: usize,
    /// All characters.
    pub all: usize,
    /// Characters of scripts without spaces, marks included.
    pub wide: usize,
    /// Commas, semicolons and full stops.
    pub pauses: usize,
    /// Question marks, exclamation marks, opening quotation marks and ASCII digits.
    pub punctuation: [usize; 4],
    /// The range of its words in [`Words::hashes`].
    words: Range<usize>,
    unspaced: usize,
    digits: usize,
    letters: usize,
    upper: usize,
    capitals: usize,
    commas: usize,
    stops: usize,
    odd: usize,
    quotes: usize,
    lines: usize,
    first: char,
    last: char,
    year: bool,
    clock: bool,
    at: bool,
    copyright: bool,
    address: bool,
    ends_sentence: bool,
}

/// The words and character counts of every block.
#[derive(Debug, Default)]
pub struct Words {
    /// Character counts by block.
    pub stats: Vec<TextStats>,
    hashes: Vec<u32>,
}

impl Words {
    /// Reads every block.
    pub fn new(blocks: &Blocks) -> Words {
        let mut words = Words::default();
        words.stats.reserve(blocks.list.len());
        for block in 0..blocks.list.len() {
            let stats = read(blocks.text(block), &mut words.hashes);
            words.stats.push(stats);
        }
        words
    }

    /// The hashes of a block's words in lower case, in order.
    pub fn of_block(&self, block: usize) -> &[u32] {
        &self.hashes[self.stats[block].words.clone()]
    }
}

/// The hashes of a text's words, in order.
pub fn words(text: &str) -> Vec<u32> {
    let mut hashes = Vec::new();
    read(text, &mut hashes);
    hashes
}

fn read(text: &str, hashes: &mut Vec<u32>) -> TextStats {
    let start = hashes.len();
    let mut walk = Walk {
        stats: TextStats::default(),
        hashes,
        empty: hash(encoding::word_kind(WordKind::Plain), ""),
        word: None,
    };
    let mut rest = text;
    while let Some(&byte) = rest.as_bytes().first() {
        rest = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => walk.letters(rest),
            b'0'..=b'9' => walk.digits(rest),
            _ if byte.is_ascii() => {
                let before = text.as_bytes()[..text.len() - rest.len()].last();
                walk.mark(char::from(byte), before.copied());
                &rest[1..]
            }
            _ => walk.other(rest),
        };
    }
    walk.end_word();
    let mut it = walk.stats;
    it.words = start..hashes.len();
    it.first = text.trim_start().chars().next().unwrap_or_default();
    it.last = text.trim_end().chars().next_back().unwrap_or_default();
    // Neither is searched for where its mark has not been seen.
    it.address = it.odd > 0 && text.contains("://") || it.stops > 0 && text.contains("www.");
    it.ends_sentence = it.stops > 0 && ends_sentence(text);
    it
}

/// A walk over the characters of a text.
struct Walk<'h> {
    stats: TextStats,
    hashes: &'h mut Vec<u32>,
    /// The hash of a word without characters.
    empty: u32,
    /// The hash of the word that has begun.
    word: Option<u32>,
}

impl Walk<'_> {
    /// Reads the ASCII letters that the text begins with; returns what follows.
    fn letters<'t>(&mut self, text: &'t str) -> &'t str {
        let bytes = text.as_bytes();
        let (mut word, mut upper, mut length) = (self.word.unwrap_or(self.empty), 0, 0);
        if self.word.is_none() && bytes.first().is_some_and(u8::is_ascii_uppercase) {
            self.stats.capitals += 1;
        }
        while let Some(byte) = bytes.get(length).filter(|it| it.is_ascii_alphabetic()) {
            word = step(word, byte.to_ascii_lowercase());
            upper += usize::from(byte.is_ascii_uppercase());
            length += 1;
        }
        self.word = Some(word);
        self.stats.letters += length;
        self.stats.upper += upper;
        self.stats.chars += length;
        self.stats.all += length;
        &text[length..]
    }

    /// Reads the ASCII digits that the text begins with; returns what follows.
    fn digits<'t>(&mut self, text: &'t str) -> &'t str {
        let bytes = text.as_bytes();
        let (mut word, mut value, mut length) = (self.word.unwrap_or(self.empty), 0u32, 0);
        while let Some(byte) = bytes.get(length).filter(|it| it.is_ascii_digit()) {
            word = step(word, *byte);
            value = value.wrapping_mul(10).wrapping_add(u32::from(byte - b'0'));
            length += 1;
        }
        self.word = Some(word);
        self.stats.year |= length == 4 && (1900..2100).contains(&value);
        self.stats.digits += length;
        self.stats.punctuation[3] += length;
        self.stats.chars += length;
        self.stats.all += length;
        &text[length..]
    }

    /// Reads the character that the text begins with, which is not ASCII; returns what follows.
    fn other<'t>(&mut self, text: &'t str) -> &'t str {
        let mut chars = text.chars();
        let Some(c) = chars.next() else {
            return "";
        };
        let is_wide = is_unspaced(c);
        self.stats.wide += usize::from(is_wide);
        if is_small_letter(c) || !is_punctuation(c) && c.is_alphanumeric() {
            self.stats.chars += 1;
            self.stats.all += 1;
            self.count(c, is_wide);
        } else {
            self.mark(c, None);
        }
        chars.as_str()
    }

    /// A letter or digit that is not ASCII.
    fn count(&mut self, c: char, is_wide: bool) {
        let starts = self.word.is_none();
        if is_wide {
            self.end_word();
        }
        let word = push_lower(self.word.unwrap_or(self.empty), c);
        if is_wide {
            self.hashes.push(word);
            self.stats.unspaced += 1;
        } else {
            self.word = Some(word);
        }
        let is_small = is_small_letter(c);
        if !is_small && c.is_numeric() {
            self.stats.digits += 1;
            return;
        }
        self.stats.letters += 1;
        if !is_small && c.is_uppercase() {
            self.stats.upper += 1;
            self.stats.capitals += usize::from(starts);
        }
    }

    /// A character that is in no word, and the byte before it where that matters.
    fn mark(&mut self, c: char, before: Option<u8>) {
        self.end_word();
        let it = &mut self.stats;
        it.all += 1;
        if c.is_whitespace() {
            it.lines += usize::from(c == '\n');
            return;
        }
        it.chars += 1;
        match c {
            ',' | '、' | '，' | '،' => it.commas += 1,
            '.' | '!' | '?' | '。' | '！' | '？' | '…' | '؟' | '।' => it.stops += 1,
            '|' | '»' | '•' | '·' | '/' | '>' | '›' | '«' | '*' => it.odd += 1,
            '"' | '“' | '”' | '„' | '’' | '‘' => it.quotes += 1,
            ':' => it.clock |= before.is_some_and(|it| it.is_ascii_digit()),
            '@' => it.at = true,
            '©' => it.copyright = true,
            _ => {}
        }
        match c {
            ',' | '.' | '、' | '。' | '，' | '؛' | '،' | ';' => it.pauses += 1,
            '?' | '？' => it.punctuation[0] += 1,
            '!' | '！' => it.punctuation[1] += 1,
            '"' | '“' | '„' | '«' | '「' => it.punctuation[2] += 1,
            _ => {}
        }
    }

    fn end_word(&mut self) {
        self.hashes.extend(self.word.take());
    }
}

/// True for most letters beyond ASCII that are no capitals: small ones of Western Europe and Cyrillic, Han
/// characters and Korean syllables. They need none of the tables of Unicode, and are their own lower case.
fn is_small_letter(c: char) -> bool {
    matches!(c, 'ß'..='ö' | 'ø'..='ÿ' | 'а'..='џ' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}

/// True for general punctuation, most marks of Western texts that are not ASCII.
fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{2000}'..='\u{206F}')
}

fn push_lower(hash: u32, c: char) -> u32 {
    let push = |hash: u32, lower: char| (lower as u32).to_le_bytes().into_iter().fold(hash, step);
    if is_small_letter(c) {
        push(hash, c)
    } else {
        c.to_lowercase().fold(hash, push)
    }
}

/// True where the text ends a sentence, before closing quotation marks and brackets.
fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '”' | '“' | '»' | '’' | '\'' | ')' | ']' | '」')
    })
    .ends_with(['.', '!', '?', '。', '！', '？', '…', '؟', '।'])
}

impl TextStats {
    /// Number of words; in scripts without spaces each character is one.
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// True for a few words with a year or a time of day.
    pub fn is_date_like(&self) -> bool {
        (self.year || self.clock) && self.words() <= DATE_WORDS
    }

    /// True where the text ends a sentence, before closing quotation marks and brackets.
    pub fn ends_sentence(&self) -> bool {
        self.ends_sentence
    }

    /// Letters and digits; a character of a script without spaces counts as this many.
    pub fn letters(&self, of_wide: usize) -> usize {
        self.letters + self.digits - self.unspaced + of_wide * self.wide
    }

    /// Adds the features of the text to the block's row.
    pub fn put(&self, matrix: &mut FeatureMatrix) {
        let words = self.words();
        let marks = self.chars - self.letters - self.digits;
        put_row!(matrix,
            "chars" => log(self.chars),
            "words" => log(words),
            "word length" => share(self.letters + self.digits, words),
            "unspaced" => share(self.unspaced, self.chars),
            "digits" => share(self.digits, self.chars),
            "upper" => share(self.upper, self.letters),
            "capitals" => share(self.capitals, words),
            "commas" => share(self.commas, words),
            "comma count" => log(self.commas),
            "stops" => share(self.stops, words),
            "stop count" => log(self.stops),
            "marks" => share(marks, self.chars),
            "odd marks" => self.odd as f32,
            "quotes" => self.quotes as f32,
            "lines" => self.lines as f32,
            "ends sentence" => flag(self.ends_sentence),
            "ends in" => f32::from(encoding::character(self.last)),
            "begins with" => f32::from(encoding::character(self.first)),
            "year" => flag(self.year),
            "clock" => flag(self.clock),
            "at sign" => flag(self.at),
            "copyright" => flag(self.copyright),
            "web address" => flag(self.address),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told without the tables of Unicode agrees with them.
    #[test]
    fn small_letters_and_punctuation_are_what_unicode_says() {
        for c in '\u{80}'..=char::MAX {
            if is_small_letter(c) {
                assert!(
                    c.is_alphanumeric() && !c.is_numeric() && !c.is_uppercase(),
                    "{c:?}"
                );
                assert!(c.to_lowercase().eq([c]), "{c:?}");
            }
            assert!(!is_punctuation(c) || !c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn words_are_hashed_in_lower_case_and_runs_of_letters_and_digits_are_one() {
        assert_eq!(words("Été 2026a, ÄRA"), words("été 2026A ära"));
        assert_eq!(words("ab12é").len(), 1);
        assert_eq!(words("港の船 ab港c").len(), 6);
        assert_ne!(words("ab12"), words("ab21"));
    }

    #[test]
    fn counts_are_of_all_characters() {
        let it = read(
            "“Ist das neu?”, fragt Émile 2024: „Ja!“ ฿5 um 10:15…",
            &mut Vec::new(),
        );
        assert_eq!(it.punctuation, [1, 1, 3, 9]);
        assert_eq!((it.capitals, it.upper, it.digits), (3, 3, 9));
        assert_eq!((it.commas, it.stops, it.pauses, it.quotes), (1, 3, 1, 4));
        assert!(it.year && it.clock && it.ends_sentence());
        assert_eq!((it.first, it.last, it.wide, it.unspaced), ('“', '…', 1, 0));
        assert_eq!(it.all - it.chars, 9);
        assert!(!read("12024 x: y", &mut Vec::new()).year);
    }
}
