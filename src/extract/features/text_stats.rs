//! Features of a block's characters: how much text there is, how much of it is sentences, what it begins
//! and ends with. One walk over the characters counts them and hashes the words.

use std::ops::Range;

use crate::extract::model::encoding::{self, WordKind};
use crate::extract::model::matrix::{FeatureMatrix, flag, log, share};
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
    let mut it = TextStats {
        words: hashes.len()..hashes.len(),
        first: '\0',
        last: '\0',
        ..TextStats::default()
    };
    let empty = hash(encoding::word_kind(WordKind::Plain), "");
    let mut word: Option<u32> = None;
    let mut number = Number::default();
    let mut last = '\0';
    for c in text.chars() {
        if c.is_ascii_alphabetic() {
            // Most characters are these, and need none of the tables of Unicode.
            it.count_ascii_letter(c, word.is_none());
            word = Some(step(word.unwrap_or(empty), c.to_ascii_lowercase() as u8));
        } else if c.is_alphanumeric() {
            let starts = word.is_none();
            let unspaced = is_unspaced(c);
            let mut hash = match word.take() {
                Some(hash) if !unspaced => hash,
                Some(hash) => {
                    hashes.push(hash);
                    empty
                }
                None => empty,
            };
            hash = push_lower(hash, c);
            if unspaced {
                hashes.push(hash);
            } else {
                word = Some(hash);
            }
            it.count(c, starts, unspaced);
        } else {
            hashes.extend(word.take());
            it.mark(c, last);
        }
        it.year |= number.ends_as_year(c);
        if !c.is_whitespace() {
            it.chars += 1;
            if it.first == '\0' {
                it.first = c;
            }
            it.last = c;
        }
        last = c;
    }
    it.year |= number.ends_as_year(' ');
    hashes.extend(word);
    it.words.end = hashes.len();
    // Neither is searched for where its mark has not been seen.
    it.address = it.odd > 0 && text.contains("://") || it.stops > 0 && text.contains("www.");
    it
}

/// A run of ASCII digits as it is read.
#[derive(Debug, Default)]
struct Number {
    digits: u32,
    value: u32,
}

impl Number {
    /// Reads a character; true where it ends a number that may be a year.
    fn ends_as_year(&mut self, c: char) -> bool {
        if let Some(digit) = c.to_digit(10) {
            self.digits += 1;
            self.value = self.value.wrapping_mul(10).wrapping_add(digit);
            return false;
        }
        if self.digits == 0 {
            return false;
        }
        let ended = std::mem::take(self);
        ended.digits == 4 && (1900..2100).contains(&ended.value)
    }
}

fn push_lower(hash: u32, c: char) -> u32 {
    if c.is_ascii() {
        return step(hash, c.to_ascii_lowercase() as u8);
    }
    let mut hash = hash;
    for lower in c.to_lowercase() {
        for byte in (lower as u32).to_le_bytes() {
            hash = step(hash, byte);
        }
    }
    hash
}

impl TextStats {
    fn count_ascii_letter(&mut self, c: char, starts: bool) {
        self.letters += 1;
        if c.is_ascii_uppercase() {
            self.upper += 1;
            self.capitals += usize::from(starts);
        }
    }

    fn count(&mut self, c: char, starts: bool, unspaced: bool) {
        if unspaced {
            self.unspaced += 1;
        }
        if c.is_numeric() {
            self.digits += 1;
            return;
        }
        self.letters += 1;
        if c.is_uppercase() {
            self.upper += 1;
            self.capitals += usize::from(starts);
        }
    }

    fn mark(&mut self, c: char, last: char) {
        match c {
            ',' | '、' | '，' | '،' => self.commas += 1,
            '.' | '!' | '?' | '。' | '！' | '？' | '…' | '؟' | '।' => self.stops += 1,
            '|' | '»' | '•' | '·' | '/' | '>' | '›' | '«' | '*' => self.odd += 1,
            '"' | '“' | '”' | '„' | '’' | '‘' => self.quotes += 1,
            ':' => self.clock |= last.is_ascii_digit(),
            '@' => self.at = true,
            '©' => self.copyright = true,
            '\n' => self.lines += 1,
            _ => {}
        }
    }

    /// Number of words; in scripts without spaces each character is one.
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// True for a few words with a year or a time of day.
    pub fn is_date_like(&self) -> bool {
        (self.year || self.clock) && self.words() <= DATE_WORDS
    }

    /// True where the text ends a sentence, before closing quotation marks and brackets.
    pub fn ends_sentence(&self, text: &str) -> bool {
        text.trim_end_matches(|c: char| {
            c.is_whitespace() || matches!(c, '"' | '”' | '“' | '»' | '’' | '\'' | ')' | ']' | '」')
        })
        .ends_with(['.', '!', '?', '。', '！', '？', '…', '؟', '।'])
    }

    /// Adds the features of the text to the block's row.
    pub fn put(&self, text: &str, matrix: &mut FeatureMatrix) {
        let words = self.words();
        matrix.put("chars", log(self.chars));
        matrix.put("words", log(words));
        matrix.put("word length", share(self.letters + self.digits, words));
        matrix.put("unspaced", share(self.unspaced, self.chars));
        matrix.put("digits", share(self.digits, self.chars));
        matrix.put("upper", share(self.upper, self.letters));
        matrix.put("capitals", share(self.capitals, words));
        matrix.put("commas", share(self.commas, words));
        matrix.put("comma count", log(self.commas));
        matrix.put("stops", share(self.stops, words));
        matrix.put("stop count", log(self.stops));
        matrix.put(
            "marks",
            share(self.chars - self.letters - self.digits, self.chars),
        );
        matrix.put("odd marks", self.odd as f32);
        matrix.put("quotes", self.quotes as f32);
        matrix.put("lines", self.lines as f32);
        matrix.put("ends sentence", flag(self.ends_sentence(text)));
        matrix.put("ends in", f32::from(encoding::character(self.last)));
        matrix.put("begins with", f32::from(encoding::character(self.first)));
        matrix.put("year", flag(self.year));
        matrix.put("clock", flag(self.clock));
        matrix.put("at sign", flag(self.at));
        matrix.put("copyright", flag(self.copyright));
        matrix.put("web address", flag(self.address));
    }
}
