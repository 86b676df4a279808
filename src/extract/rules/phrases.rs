//! Boilerplate that is recognised by its words: 'Advertisement', 'Read more: …', 'Log in to comment'.
//! Phrases are data, in `rules/phrases.toml`. A phrase drops a whole short block, never a part of one. Most only
//! explain why a block scores low; those that are certain drop it whatever its score.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde::Deserialize;

use crate::extract::rules::letter_pairs::LetterPairs;
use crate::page::text::solid_chars;

/// The characters at the beginning of a block that an opening phrase may take.
const OPENING: usize = 60;

/// A first word of at most this many ASCII letters and digits is put in lower case without an allocation.
const ASCII_WORD: usize = 24;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    #[serde(rename = "about")]
    _about: String,
    phrase: Vec<Raw>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    /// The block is one of these, up to case and closing punctuation.
    #[serde(default)]
    is: Vec<String>,
    /// The block starts with one of these and is at most `chars` long.
    #[serde(default)]
    starts: Vec<String>,
    #[serde(default = "default_chars")]
    chars: usize,
    /// The block is dropped whatever its score.
    #[serde(default)]
    certain: Option<Certain>,
}

/// Where a phrase that is certain drops a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certain {
    /// Wherever it stands.
    Anywhere,
    /// Above or below the text.
    Edge,
}

fn default_chars() -> usize {
    200
}

/// The compiled phrases.
#[derive(Debug, Default)]
pub struct Phrases {
    names: Vec<String>,
    certain: Vec<Option<Certain>>,
    /// The patterns by their first word, in lower case.
    patterns: HashMap<String, Vec<Pattern>, RandomState>,
    /// How those words begin.
    beginnings: LetterPairs,
    /// The most characters of a block that any of them may drop.
    longest: usize,
}

#[derive(Debug)]
struct Pattern {
    /// In lower case.
    text: String,
    /// The index of its phrase's name.
    name: usize,
    /// The pattern must be the whole block.
    whole: bool,
    /// The most characters of a block that it may drop.
    chars: usize,
}

impl Phrases {
    pub(super) fn built_in() -> Phrases {
        match toml::from_str::<Pack>(include_str!("../../../rules/phrases.toml")) {
            Ok(pack) => Phrases::compile(pack.phrase),
            // The pack is compiled in and tested; a broken one drops nothing.
            Err(error) => {
                tracing::error!("rules/phrases.toml: {error}");
                Phrases::default()
            }
        }
    }

    fn compile(raw: Vec<Raw>) -> Phrases {
        let mut phrases = Phrases::default();
        for phrase in raw {
            let name = phrases.names.len();
            phrases.longest = phrases.longest.max(phrase.chars);
            for (list, whole) in [(&phrase.is, true), (&phrase.starts, false)] {
                for text in list {
                    let text = bare(&text.to_lowercase()).to_owned();
                    let pattern = Pattern {
                        name,
                        whole,
                        chars: phrase.chars,
                        text,
                    };
                    let key = first_word(&pattern.text).to_owned();
                    phrases.patterns.entry(key).or_default().push(pattern);
                }
            }
            phrases.names.push(phrase.name);
            phrases.certain.push(phrase.certain);
        }
        phrases.beginnings = LetterPairs::first(phrases.patterns.keys().map(String::as_str));
        phrases
    }

    /// The name of the phrase that makes this block boilerplate, if one does.
    pub fn find(&self, block: &str) -> Option<&str> {
        let number = self.number(block, |_| true)?;
        Some(self.names[number].as_str())
    }

    /// Where this block is dropped whatever its score, if a phrase that is certain matches.
    pub fn find_certain(&self, block: &str) -> Option<Certain> {
        let number = self.number(block, |number| self.certain[number].is_some())?;
        self.certain[number]
    }

    /// The patterns that begin with the first word of a text. No word of a pattern is as long as what is
    /// read of the text.
    fn patterns_of(&self, text: &str) -> Option<&Vec<Pattern>> {
        if !self.may_open(text) {
            return None;
        }
        let mut buffer = [0; ASCII_WORD];
        match ascii_word(text, &mut buffer) {
            Some(word) => self.patterns.get(word),
            None => self.patterns.get(first_word(&head(text).to_lowercase())),
        }
    }

    /// False where no pattern begins with the letters of this text.
    fn may_open(&self, text: &str) -> bool {
        match text.as_bytes() {
            [first, second, ..] if first.is_ascii() && second.is_ascii() => {
                let (first, second) = (first.to_ascii_lowercase(), second.to_ascii_lowercase());
                self.beginnings.has(first, second)
            }
            _ => true,
        }
    }

    /// The first phrase that matches the block and may be used.
    fn number(&self, block: &str, may_be: impl Fn(usize) -> bool) -> Option<usize> {
        let patterns = self.patterns_of(bare(block))?;
        let chars = block.chars().count();
        if chars > self.longest {
            return None;
        }
        let lower = block.to_lowercase();
        let lower = bare(&lower);
        let found = patterns
            .iter()
            .filter(|pattern| may_be(pattern.name))
            .find(|pattern| {
                lower
                    .strip_prefix(pattern.text.as_str())
                    .is_some_and(|tail| {
                        let ends = if pattern.whole {
                            is_over(tail)
                        } else {
                            is_word_end(lower, tail)
                        };
                        chars <= pattern.chars && ends
                    })
            });
        found.map(|pattern| pattern.name)
    }
}

impl Phrases {
    /// How many characters other than white space a phrase of this name takes at the beginning of a block,
    /// however long the block is. A phrase that is a whole block counts before a colon or a line break.
    pub fn opening(&self, block: &str, name: &str) -> Option<usize> {
        let start = bare(block);
        let patterns = self.patterns_of(start)?;
        // No phrase is longer, and the rest of a long block need not be in lower case.
        let lower = head(start).to_lowercase();
        let found = patterns.iter().filter(|pattern| {
            let ends = |tail: &str| match pattern.whole {
                true => is_over(tail) || tail.starts_with([':', '：', '\n', '|', '»']),
                false => is_word_end(&lower, tail),
            };
            self.names[pattern.name] == name
                && lower.strip_prefix(pattern.text.as_str()).is_some_and(ends)
        });
        let longest = found.map(|pattern| solid_chars(&pattern.text)).max()?;
        Some(longest + solid_chars(&block[..block.len() - start.len()]))
    }
}

/// The text from its first letter or digit on.
fn bare(text: &str) -> &str {
    text.trim_start_matches(|c: char| !c.is_alphanumeric())
}

/// The first characters of a text.
fn head(text: &str) -> &str {
    let end = text.char_indices().nth(OPENING);
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// The letters and digits that a text begins with, or its first character in scripts that put no
/// spaces between words.
fn first_word(text: &str) -> &str {
    let mut chars = text.char_indices();
    match chars.next() {
        Some((_, first)) if !is_spaced(first) => &text[..first.len_utf8()],
        _ => &text[..text.find(|c: char| !is_spaced(c)).unwrap_or(text.len())],
    }
}

/// The first word in lower case, where it is a short one of ASCII and nothing but ASCII follows it.
fn ascii_word<'b>(text: &str, buffer: &'b mut [u8; ASCII_WORD]) -> Option<&'b str> {
    let bytes = text.as_bytes();
    let is_over = |byte: &u8| !byte.is_ascii_alphanumeric();
    let end = bytes.iter().take(ASCII_WORD).position(is_over)?;
    if end == 0 || !bytes[end].is_ascii() {
        return None;
    }
    let word = &mut buffer[..end];
    word.copy_from_slice(&bytes[..end]);
    word.make_ascii_lowercase();
    std::str::from_utf8(word).ok()
}

fn is_over(tail: &str) -> bool {
    !tail.contains(char::is_alphanumeric)
}

/// True where no word continues from before `tail` into it.
fn is_word_end(text: &str, tail: &str) -> bool {
    let head = &text[..text.len() - tail.len()];
    !(head.ends_with(is_spaced) && tail.starts_with(is_spaced))
}

/// True for letters and digits of scripts with spaces between words.
fn is_spaced(c: char) -> bool {
    c.is_alphanumeric() && !crate::page::text::is_unspaced(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases() -> Phrases {
        Phrases::compile(vec![
            Raw {
                name: "ad".into(),
                is: vec!["Advertisement".into()],
                starts: vec![],
                chars: 200,
                certain: None,
            },
            Raw {
                name: "more".into(),
                is: vec![],
                starts: vec!["Read more".into()],
                chars: 40,
                certain: None,
            },
        ])
    }

    #[test]
    fn a_whole_block_matches_in_any_case_and_punctuation() {
        assert_eq!(phrases().find("— ADVERTISEMENT —"), Some("ad"));
        assert_eq!(phrases().find("Advertisement rules were eased"), None);
    }

    #[test]
    fn the_built_in_phrases_are_read_and_found() {
        let phrases = Phrases::built_in();
        for (block, name) in [
            ("Most read", "read on"),
            (
                "Copyright 2026 The Daily Lantern. All rights reserved.",
                "legal line",
            ),
            (
                "To write comments, please log in to one of the accounts.",
                "log in or comment",
            ),
            ("Читайте также: паром", "read on"),
        ] {
            assert_eq!(phrases.find(block), Some(name), "{block}");
        }
        // A phrase of digits alone would drop any sentence that begins with them.
        let patterns = phrases.patterns.values().flatten();
        let bare: Vec<_> = patterns
            .filter(|it| !it.text.contains(char::is_alphabetic))
            .collect();
        assert!(bare.is_empty(), "{bare:?}");
    }

    #[test]
    fn the_first_word_is_the_same_whether_or_not_it_is_of_ascii() {
        let long = "x".repeat(70);
        for text in [
            "Read more",
            "READ",
            "READ on",
            "a",
            "2nd try",
            "Où est",
            "Reéd",
            "İnan",
            "x–y",
            "x’s",
            "x's",
            "読む",
            "x読む",
            "",
            long.as_str(),
        ] {
            let mut buffer = [0; ASCII_WORD];
            if let Some(word) = ascii_word(text, &mut buffer) {
                let lower = head(text).to_lowercase();
                assert_eq!(word, first_word(&lower), "{text}");
            }
        }
        assert_eq!(ascii_word("READ on", &mut [0; ASCII_WORD]), Some("read"));
    }

    #[test]
    fn an_opening_is_found_in_a_block_of_any_length() {
        let long = "word ".repeat(60);
        for (block, chars) in [
            (format!("Read more: {long}"), Some(8)),
            (format!("» READ MORE {long}"), Some(9)),
            (format!("Advertisement:\n{long}"), None),
        ] {
            assert_eq!(phrases().opening(&block, "more"), chars, "{block}");
        }
        let ad = phrases().opening("Advertisement:\nThe rest", "ad");
        assert_eq!(ad, Some("Advertisement".len()));
        assert_eq!(phrases().opening("Advertisement rules", "ad"), None);
    }

    #[test]
    fn a_start_counts_for_short_blocks_and_whole_words() {
        assert_eq!(phrases().find("Read more: Ferry returns"), Some("more"));
        assert_eq!(phrases().find("Read moreover"), None);
        assert_eq!(
            phrases().find("Read more about it in the long report that follows here"),
            None
        );
    }
}
