//! A written date as tokens: numbers, words, marks. Words are lower case and end where letters
//! end, so that `22nd`, `10h30` and `2023年` come apart by themselves.

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
}

/// The tokens of the first `max_chars` characters of `text`.
pub(super) fn tokens(text: &str, max_chars: usize) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for c in text.chars().take(max_chars) {
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
        } else if is_syllable(c) {
            tokens.push(Token::Word(c.to_string()));
        } else if c.is_alphabetic() || is_accent(c) {
            match last {
                Some(Token::Word(word)) if !word.chars().next_back().is_some_and(is_syllable) => {
                    word.extend(c.to_lowercase());
                }
                _ => tokens.push(Token::Word(c.to_lowercase().collect())),
            }
        } else if c.is_whitespace() {
            if last != Some(&mut Token::Space) {
                tokens.push(Token::Space);
            }
        } else {
            tokens.push(Token::Mark(c));
        }
    }
    tokens
}

/// The value of a decimal digit: ASCII, full-width, Arabic-Indic, Persian, Devanagari, Bengali,
/// Thai.
fn digit(c: char) -> Option<i64> {
    const ZEROS: [char; 7] = [
        '0', '\u{FF10}', '\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{E50}',
    ];
    ZEROS
        .iter()
        .map(|&zero| i64::from(u32::from(c)) - i64::from(u32::from(zero)))
        .find(|value| (0..10).contains(value))
}

/// True for a combining accent, which belongs to the letter before it: Latin and Greek ones, the dot
/// and the silencer of Devanagari and Bengali, the tones and the silencer of Thai.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{93C}' | '\u{94D}' | '\u{9BC}' | '\u{9CD}'
        | '\u{E47}'..='\u{E4E}')
}

fn is_syllable(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}
