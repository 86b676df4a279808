//! A written date as tokens: numbers, words, marks. Words are lower case and end where letters
//! end, so that `22nd`, `10h30` and `2023年` come apart by themselves. Letters that languages write in
//! several ways are one letter: Arabic and Persian ones, Greek with and without accents. What readers do
//! not see (marks of direction, joiners, vowel points) is left out.

use crate::extract::fields::dates::digits::digit;

/// A piece of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Digits, at most eighteen, and how many there are.
    Number { value: i64, digits: usize },
    /// Letters, lower case. An ideograph or a Hangul syllable is a word of its own.
    Word(String),
    /// White space, however much.
    Space,
    /// Any other character.
    Mark(char),
}

impl Token {
    /// The value of a number of one of these lengths.
    pub(super) fn number(&self, lengths: std::ops::RangeInclusive<usize>) -> Option<i64> {
        match self {
            Token::Number { value, digits } if lengths.contains(digits) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    /// True for the word.
    pub(super) fn is(&self, word: &str) -> bool {
        self.word() == Some(word)
    }
}

/// The tokens of the first `max_chars` characters of `text`.
pub(super) fn tokens(text: &str, max_chars: usize) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut rest, mut left) = (text, max_chars);
    while left > 0 {
        // Most words are ASCII, and need no look at each letter.
        let letters = rest.bytes().take(left).take_while(u8::is_ascii_alphabetic);
        let letters = letters.count();
        if letters > 0 {
            push_ascii(&mut tokens, &rest[..letters]);
            (rest, left) = (&rest[letters..], left - letters);
            continue;
        }
        let mut chars = rest.chars();
        let Some(c) = chars.next() else {
            break;
        };
        (rest, left) = (chars.as_str(), left - 1);
        let last = tokens.last_mut();
        if let Some(digit) = digit(c) {
            match last {
                Some(Token::Number { value, digits }) if *digits < 18 => {
                    *value = *value * 10 + digit;
                    *digits += 1;
                }
                _ => tokens.push(Token::Number {
                    value: digit,
                    digits: 1,
                }),
            }
        } else if is_invisible(c) {
            continue;
        } else if is_syllable(c) {
            tokens.push(Token::Word(c.to_string()));
        } else if c.is_alphabetic() || is_accent(c) {
            let letters = c.to_lowercase().filter(|it| !is_invisible(*it)).map(folded);
            match last {
                Some(Token::Word(word)) if !ends_with_syllable(word) => word.extend(letters),
                _ => tokens.push(Token::Word(letters.collect())),
            }
        } else if c.is_whitespace() {
            if last != Some(&mut Token::Space) {
                tokens.push(Token::Space);
            }
        } else {
            tokens.push(Token::Mark(mark(c)));
        }
    }
    tokens
}

/// Adds letters of ASCII, to the word before them or as one.
fn push_ascii(tokens: &mut Vec<Token>, letters: &str) {
    match tokens.last_mut() {
        Some(Token::Word(word)) if !ends_with_syllable(word) => {
            let start = word.len();
            word.push_str(letters);
            word[start..].make_ascii_lowercase();
        }
        _ => tokens.push(Token::Word(letters.to_ascii_lowercase())),
    }
}

/// The first word as it is written, where it is ASCII and within so many characters.
fn ascii_first_word(text: &str, max_chars: usize) -> Option<&str> {
    let head = &text.as_bytes()[..text.len().min(max_chars)];
    let start = head.iter().position(|it| !is_gap(it))?;
    let end = head[start..].iter().position(is_gap);
    let end = end.map_or(head.len(), |it| start + it);
    let is_whole = end < head.len() || head.len() == text.len();
    text.get(start..end).filter(|it| is_whole && it.is_ascii())
}

/// True for a byte that belongs to no word.
fn is_gap(byte: &u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphabetic()
}

/// The first word within so many characters, as tokens have it.
pub(super) fn first_word(text: &str, max_chars: usize) -> Option<String> {
    if let Some(word) = ascii_first_word(text, max_chars) {
        return Some(word.to_ascii_lowercase());
    }
    let start = text.bytes().position(|it| !is_gap(&it))?;
    let is_end = |at: &usize| is_gap(&text.as_bytes()[*at]);
    // What is not ASCII may be no letter: then the word is searched for in the whole.
    let end = (start..text.len()).find(is_end).unwrap_or(text.len());
    let first = |text: &str| words(tokens(text, max_chars)).next();
    first(&text[..end]).or_else(|| first(text))
}

fn ends_with_syllable(word: &str) -> bool {
    let is_ascii = word.as_bytes().last().is_some_and(u8::is_ascii);
    !is_ascii && word.chars().next_back().is_some_and(is_syllable)
}

/// The words of a phrase, as tokens have them.
pub(in crate::extract::fields) fn words_of(phrase: &str) -> impl Iterator<Item = String> + use<> {
    words(tokens(phrase, usize::MAX))
}

/// The words among tokens.
pub(super) fn words(tokens: Vec<Token>) -> impl Iterator<Item = String> {
    tokens.into_iter().filter_map(|token| match token {
        Token::Word(word) => Some(word),
        _ => None,
    })
}

/// A letter in lower case, as tokens have it.
pub(super) fn letter(c: char) -> char {
    folded(c.to_lowercase().next().unwrap_or(c))
}

/// True for a combining accent, which belongs to the letter before it: Latin and Greek ones, the
/// silencers, tones and stacking marks of the scripts of India and South-East Asia.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{94D}' | '\u{9CD}' | '\u{A4D}' | '\u{ACD}' | '\u{B4D}'
        | '\u{BCD}' | '\u{C4D}' | '\u{CCD}' | '\u{D4D}' | '\u{DCA}' | '\u{E47}'..='\u{E4E}'
        | '\u{EC8}'..='\u{ECD}' | '\u{1037}' | '\u{1039}' | '\u{103A}' | '\u{17C9}'..='\u{17D3}')
}

/// True for what readers do not see, or need not to read: marks of direction, joiners, soft hyphens,
/// vowel points, the Arabic elongation, the dots that some scripts leave out.
pub(super) fn is_invisible(c: char) -> bool {
    if (c as u32) < 0xAD {
        return false;
    }
    matches!(c, '\u{AD}' | '\u{307}' | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}'
        | '\u{5C4}' | '\u{5C5}' | '\u{5C7}' | '\u{61C}' | '\u{640}' | '\u{64B}'..='\u{652}' | '\u{670}'
        | '\u{93C}' | '\u{9BC}' | '\u{A3C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The letter for which this one stands.
fn folded(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' | 'ې' => 'ي',
        'ک' => 'ك',
        'ة' | 'ۀ' | 'ھ' | 'ہ' | 'ۂ' | 'ە' => 'ه',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'ς' => 'σ',
        '\u{958}' => '\u{915}',
        '\u{959}' => '\u{916}',
        '\u{95A}' => '\u{917}',
        '\u{95B}' => '\u{91C}',
        '\u{95C}' | '\u{95D}' => '\u{921}',
        '\u{95E}' => '\u{92B}',
        '\u{9DF}' => '\u{9AF}',
        _ => c,
    }
}

/// The mark for which this one stands: full-width and typographic forms.
fn mark(c: char) -> char {
    match c {
        '：' | '∶' | '︓' => ':',
        '．' | '。' => '.',
        '／' | '⁄' => '/',
        '－' | '‐' | '‑' | '−' => '-',
        '（' => '(',
        '）' => ')',
        '，' | '、' | '،' => ',',
        _ => c,
    }
}

fn is_syllable(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_word_is_that_of_the_tokens(text in "[ .•—0-9aBéİ年月\u{300}\u{200F}\u{E01}]{0,12}", most in 0_usize..14) {
            let all = tokens(&text, most);
            let first = all.iter().find_map(Token::word).map(str::to_owned);
            let ascii = ascii_first_word(&text, most).map(str::to_ascii_lowercase);
            prop_assert!(ascii.is_none() || ascii == first);
            prop_assert_eq!(first_word(&text, most), first);
        }
    }
}
