//! Dates as pages write them, read without guessing: machine formats (ISO 8601, RFC 3339, RFC 2822,
//! `Date.toString`, Unix timestamps) and dates as people write them in the languages of the news and their
//! calendars. The page's own offset is kept; a time without one is a local time. Reads no clock: words such
//! as 'yesterday' are read where the time of the fetch is known.

mod calendars;
mod clock;
mod clock_words;
mod date_time;
mod digits;
mod label_words;
mod labels;
mod lex;
mod line;
mod line_words;
mod months;
mod parts;
mod phrases;
mod relative;
mod relative_words;
mod url;
mod zones;

use crate::limits::Limits;

pub(super) use date_time::DateTime;
pub(super) use labels::{Role, announced, begins_with_label, may_begin_with_label};
use lex::Token;
pub(super) use lex::words_of;
pub(super) use line::{Dated, Line};
use parts::Read;
pub(super) use relative::Fetched;
pub(super) use url::day_in_path;

/// The date that opens a paragraph stands within so many bytes.
const OPENING: usize = 64;

/// True where a text may state a date: it has at least three digits, or Chinese numerals with their unit.
pub(super) fn may_state_date(text: &str) -> bool {
    // Counted without leaving early, there are vector instructions for it; lines and openings are short.
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits > 2 || text.is_ascii() {
        return digits > 2;
    }
    text.chars().filter(|c| is_numeric(*c)).nth(2).is_some() || text.contains('年')
}

/// As [`char::is_numeric`]: most letters are known without a search.
fn is_numeric(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => c.is_ascii_digit(),
        '\u{C0}'..='\u{65F}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => false,
        _ => c.is_numeric(),
    }
}

/// Reads dates, in the order of day and month that the page uses where it writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateReader {
    /// 12/31/2023, as in the United States and the Philippines; nearly everyone else writes
    /// 31/12/2023.
    month_before_slash: bool,
    /// 12-31-2023.
    month_before_dash: bool,
    /// Characters of a text that are read.
    max_chars: usize,
    /// The primary language of the page, where dates are read by it.
    language: &'static str,
}

/// Languages in which dates are read otherwise than in others: by their calendars, the names of their months.
const LANGUAGES: &[&str] = &[
    "ar", "bs", "ckb", "fa", "hr", "ja", "prs", "ps", "tg", "th", "ur",
];

impl DateReader {
    /// The reader for a language and a host: English puts the month first unless the region or the
    /// host's country says otherwise.
    pub(super) fn new(language: Option<&str>, host: Option<&str>, limits: &Limits) -> DateReader {
        let language = language.unwrap_or("en");
        let (language, region) = language.split_once(['-', '_']).unwrap_or((language, ""));
        let country = host.and_then(|host| host.rsplit('.').next()).unwrap_or("");
        let is_american = match (region, country) {
            ("US" | "PH", _) => country.len() != 2 || matches!(country, "us" | "ph"),
            ("", country) => country.len() != 2 || matches!(country, "us" | "ph" | "io" | "tv"),
            _ => false,
        };
        DateReader {
            month_before_slash: language == "en" && is_american,
            month_before_dash: false,
            max_chars: limits.field_chars,
            language: LANGUAGES
                .iter()
                .find(|it| it.eq_ignore_ascii_case(language))
                .unwrap_or(&""),
        }
    }

    fn language(self) -> &'static str {
        self.language
    }

    fn is_japanese(self) -> bool {
        self.language == "ja"
    }

    fn is_thai(self) -> bool {
        self.language == "th"
    }

    /// In Croatian and Bosnian `listopad` is October, in Polish and Czech November.
    fn is_croatian(self) -> bool {
        matches!(self.language, "hr" | "bs")
    }

    /// The same reader with day and month in the other order.
    pub(super) fn swapped(self) -> DateReader {
        DateReader {
            month_before_slash: !self.month_before_slash,
            month_before_dash: !self.month_before_dash,
            ..self
        }
    }

    fn puts_month_before(self, separator: &str) -> bool {
        match separator {
            "/" => self.month_before_slash,
            "-" => self.month_before_dash,
            _ => false,
        }
    }

    /// The first date in `text`.
    pub(super) fn parse(self, text: &str) -> Option<DateTime> {
        let tokens = self.tokens(text);
        if let [Token::Number { value, digits }] = trimmed(&tokens)
            && let Some(date) = DateTime::epoch(*value, *digits)
        {
            return Some(date);
        }
        let found = self.found(&tokens, &labels::among(&tokens));
        found.first().map(|it| it.date)
    }

    /// The date with which a paragraph opens, where a mark separates it from what follows:
    /// `22.12.2023 - The ferry sailed`. Without a mark it is part of the sentence.
    pub(super) fn before_mark(self, text: &str) -> Option<DateTime> {
        let text = text.trim_start();
        if !text.starts_with(char::is_numeric) {
            return None;
        }
        let opening = &text[..text.floor_char_boundary(OPENING)];
        let tokens = self.tokens(opening);
        let Read { date, end, .. } = self.date_at(&tokens, 0)?;
        let mut rest = tokens[end..].iter();
        let next = rest.find(|token| **token != Token::Space)?;
        let is_separate = matches!(next, Token::Mark(mark) if "-–—|:„“\"".contains(*mark));
        is_separate.then(|| date.date())
    }

    /// The tokens of a text, its years in the Gregorian calendar.
    fn tokens(self, text: &str) -> Vec<Token> {
        let tokens = lex::tokens(text, self.max_chars);
        calendars::with_gregorian_years(tokens, self.is_japanese())
    }

    /// The date that begins at a token, without a time that stands around it.
    fn date_at(self, tokens: &[Token], at: usize) -> Option<Read> {
        parts::compact(tokens, at)
            .or_else(|| parts::in_three_parts(tokens, at, self))
            .or_else(|| parts::around_a_clock(tokens, at, self))
    }
}

/// `tokens` without the space at either end.
fn trimmed(mut tokens: &[Token]) -> &[Token] {
    while let [Token::Space, rest @ ..] | [rest @ .., Token::Space] = tokens {
        tokens = rest;
    }
    tokens
}

#[cfg(test)]
mod tests;
