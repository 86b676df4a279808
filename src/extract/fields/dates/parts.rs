//! The parts of a written date, and how they make one.

use crate::extract::fields::dates::clock::{self, Clock};
use crate::extract::fields::dates::lex::Token;
use crate::extract::fields::dates::{DateReader, DateTime, months};

/// Two parts of a date are at most so many tokens apart.
const SEPARATOR_TOKENS: usize = 6;
/// Words that stand between the parts of a date: ordinals, articles, 'of', units.
const FILLERS: &[&str] = &[
    "st", "nd", "rd", "th", "er", "re", "de", "del", "of", "d", "the", "den", "di", "do", "m", "г",
    "р", "года", "року", "gada", "ko", "年", "月", "日", "년", "월", "일", "tháng", "năm",
];

/// `20231222` and `20231222101500`.
pub(super) fn compact(tokens: &[Token], at: usize) -> Option<(DateTime, usize)> {
    let &Token::Number { value, digits } = tokens.get(at)? else {
        return None;
    };
    let (date, clock) = match digits {
        8 => (value, None),
        14 => {
            let time = value % 1_000_000;
            let clock = Clock::new(time / 10_000, time / 100 % 100, time % 100);
            (value / 1_000_000, clock)
        }
        _ => return None,
    };
    let date = DateTime::day(date / 10_000, date / 100 % 100, date % 100)?;
    Some((date.with_clock(clock), at + 1))
}

/// One part of a date: a number with its digits, or a month's name.
#[derive(Debug, Clone, Copy)]
enum Part {
    Number(i64, usize),
    Month(i8),
}

impl Part {
    fn at(tokens: &[Token], at: usize) -> Option<Part> {
        match tokens.get(at)? {
            Token::Number { value, digits } if matches!(digits, 1 | 2 | 4) => {
                Some(Part::Number(*value, *digits))
            }
            Token::Word(word) => months::month(word).map(Part::Month),
            _ => None,
        }
    }
}

/// Three parts with separators: `22.12.2023`, `Dec. 22nd, 2023`, `2023年12月22日`.
pub(super) fn in_three_parts(
    tokens: &[Token],
    at: usize,
    reader: DateReader,
) -> Option<(DateTime, usize)> {
    let first = Part::at(tokens, at)?;
    let (left, at) = separator(tokens, at + 1)?;
    let second = Part::at(tokens, at)?;
    let (right, at) = separator(tokens, at + 1)?;
    let third = Part::at(tokens, at)?;
    // '8 January, 17:46': an hour is no year.
    let is_hour =
        matches!(third, Part::Number(_, 2)) && tokens.get(at + 1) == Some(&Token::Mark(':'));
    if is_hour {
        return None;
    }
    Some((read([first, second, third], &left, &right, reader)?, at + 1))
}

fn read(parts: [Part; 3], left: &str, right: &str, reader: DateReader) -> Option<DateTime> {
    use Part::{Month, Number};
    match parts {
        [Number(year, 4), Month(month), Number(day, 1 | 2)]
        | [Number(day, 1 | 2), Month(month), Number(year, 4)]
        | [Month(month), Number(day, 1 | 2), Number(year, 4)] => {
            DateTime::day(year, month.into(), day)
        }
        // Latvian: '2023. gada 22. decembris'.
        [Number(year, 4), Number(day, 1 | 2), Month(month)] if left.ends_with("gada") => {
            DateTime::day(year, month.into(), day)
        }
        [Number(day, 1 | 2), Month(month), Number(year, 2)] => {
            DateTime::day(full_year(year)?, month.into(), day)
        }
        [Number(year, 4), Number(month, 1 | 2), Number(day, 1 | 2)]
            if separate_numbers(left, right) =>
        {
            DateTime::day(year, month, day)
        }
        [
            Number(a, 1 | 2),
            Number(b, 1 | 2),
            Number(year, digits @ (2 | 4)),
        ] if separate_numbers(left, right) => {
            let year = if digits == 4 { year } else { full_year(year)? };
            let month_first = b > 12 || (reader.puts_month_before(left) && a <= 12);
            let (month, day) = if month_first { (a, b) } else { (b, a) };
            DateTime::day(year, month, day)
        }
        _ => None,
    }
}

/// True for the separators of a date in numbers.
fn separate_numbers(left: &str, right: &str) -> bool {
    matches!((left, right), ("." | "/" | "-" | "‐", _) if left == right)
        || matches!(
            (left, right),
            ("年", "月") | ("년", "월") | ("tháng", _) | ("/", "năm")
        )
}

/// A year of two digits in full: the last decade of one century, the first half of the next.
fn full_year(year: i64) -> Option<i64> {
    match year {
        0..=50 => Some(2000 + year),
        90..=99 => Some(1900 + year),
        _ => None,
    }
}

/// What stands between two parts, without white space, and where the next part begins.
fn separator(tokens: &[Token], start: usize) -> Option<(String, usize)> {
    let mut separator = String::new();
    for (at, token) in tokens.iter().enumerate().skip(start).take(SEPARATOR_TOKENS) {
        if Part::at(tokens, at).is_some() {
            return (at > start).then_some((separator, at));
        }
        match token {
            Token::Space => {}
            Token::Mark(mark) if ".,/-‐'’ºª".contains(*mark) => separator.push(*mark),
            Token::Word(word) if FILLERS.contains(&word.as_str()) => separator.push_str(word),
            _ => return None,
        }
    }
    None
}

/// `Fri Dec 22 10:00:00 EST 2023`: the time stands before the year (C's `asctime`).
pub(super) fn around_a_clock(tokens: &[Token], at: usize) -> Option<(DateTime, usize)> {
    let month = months::month(tokens.get(at)?.word()?)?;
    let (_, at) = separator(tokens, at + 1)?;
    let day = tokens.get(at)?.number(1..=2)?;
    let rest = tokens.get(at + 1..)?;
    let clock = clock::after(rest)?;
    let (place, year) = rest
        .iter()
        .take(14)
        .enumerate()
        .find_map(|(place, token)| Some((place, token.number(4..=4)?)))?;
    let date = DateTime::day(year, month.into(), day)?;
    Some((date.with_clock(Some(clock)), at + place + 2))
}
