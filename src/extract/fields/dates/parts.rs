//! The parts of a written date, and how they make one.

use crate::extract::fields::dates::calendars::{self, BUDDHIST, Calendar, YEARS};
use crate::extract::fields::dates::clock::{self, Clock};
use crate::extract::fields::dates::lex::Token;
use crate::extract::fields::dates::months::{self, Month};
use crate::extract::fields::dates::{DateReader, DateTime};

/// Two parts of a date are at most so many tokens apart.
const SEPARATOR_TOKENS: usize = 9;
/// Words that stand between the parts of a date: ordinals, articles, 'of', units, what a year is counted from.
const FILLERS: &[&str] = &[
    "st",
    "nd",
    "rd",
    "th",
    "er",
    "re",
    "de",
    "del",
    "of",
    "d",
    "the",
    "den",
    "di",
    "do",
    "m",
    "г",
    "р",
    "года",
    "року",
    "gada",
    "ko",
    "年",
    "月",
    "日",
    "년",
    "월",
    "일",
    "tháng",
    "năm",
    "พ",
    "ค",
    "ศ",
    "ปี",
    "ឆ្នាំ",
    "ខែ",
    "ປີ",
    "ເດືອນ",
    "ခုနှစ်",
    "ခု",
    "နှစ်",
    "оны",
    "сарын",
    "жылғы",
    "წლის",
    "թ",
    "ماه",
    "سال",
    "عام",
    "سنه",
    "لعام",
    "av",
    "och",
];

/// A date that is read out of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) date: DateTime,
    /// One past its last token.
    pub(super) end: usize,
    pub(super) calendar: Calendar,
}

/// `20231222` and `20231222101500`.
pub(super) fn compact(tokens: &[Token], at: usize) -> Option<Read> {
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
    Some(Read {
        date: date.with_clock(clock),
        end: at + 1,
        calendar: Calendar::Gregorian,
    })
}

/// One part of a date: a number with its digits, or a month's name.
#[derive(Debug, Clone, Copy)]
enum Part {
    Number(i64, usize),
    Named(Month),
}

impl Part {
    /// The part that begins at a token, and where it ends.
    fn at(tokens: &[Token], at: usize, reader: DateReader) -> Option<(Part, usize)> {
        match tokens.get(at)? {
            Token::Number { value, digits } if matches!(digits, 1 | 2 | 4) => {
                Some((Part::Number(*value, *digits), at + 1))
            }
            Token::Word(word) => {
                let (mut month, end) = months::month_at(tokens, at)?;
                if reader.is_croatian() && matches!(word.as_str(), "listopad" | "listopada") {
                    month.number = 10;
                }
                Some((Part::Named(month), end))
            }
            _ => None,
        }
    }
}

/// Three parts with separators: `22.12.2023`, `Dec. 22nd, 2023`, `2023年12月22日`.
pub(super) fn in_three_parts(tokens: &[Token], at: usize, reader: DateReader) -> Option<Read> {
    let start = at;
    let (first, end) = Part::at(tokens, at, reader)?;
    let (left, at) = separator(tokens, end, reader)?;
    let (second, end) = Part::at(tokens, at, reader)?;
    let (right, at) = separator(tokens, end, reader)?;
    let (third, end) = Part::at(tokens, at, reader)?;
    // '8 January, 17:46': an hour is no year.
    let is_hour = matches!(third, Part::Number(_, 2)) && tokens.get(end) == Some(&Token::Mark(':'));
    if is_hour || matches!(third, Part::Number(_, 2)) && is_version(tokens, start) {
        return None;
    }
    let said = calendars::after_year(&tokens[end..]);
    let parts = Parts::of([first, second, third], &left, &right, reader)?;
    let (date, calendar) = parts.date(said.map(|it| it.0), reader)?;
    let after = said.filter(|_| calendar == Calendar::Solar || calendar == Calendar::Lunar);
    Some(Read {
        date,
        end: end + after.map_or(0, |it| it.1),
        calendar,
    })
}

/// True where a letter touches the number: `v8.5.11`, and `R8.5.11` where it is no era.
fn is_version(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|it| tokens[it].word());
    before.is_some_and(|it| it.len() == 1)
}

/// Year, month and day, each in its place.
struct Parts {
    year: i64,
    /// Digits of the year.
    digits: usize,
    month: i64,
    day: i64,
    /// The calendar that the month's name belongs to; `None` for a number.
    named: Option<Calendar>,
    /// The name is Thai, where years are Buddhist.
    is_thai: bool,
}

impl Parts {
    fn of(parts: [Part; 3], left: &str, right: &str, reader: DateReader) -> Option<Parts> {
        use Part::{Named, Number};
        let is_numeric = separate_numbers(left, right);
        let (year, digits, month, day) = match parts {
            [Number(year, 4), Named(month), Number(day, 1 | 2)]
            | [Number(day, 1 | 2), Named(month), Number(year, 4)]
            | [Named(month), Number(day, 1 | 2), Number(year, 4)] => (year, 4, Named(month), day),
            // Latvian: '2023. gada 22. decembris'.
            [Number(year, 4), Number(day, 1 | 2), Named(month)] if left.ends_with("gada") => {
                (year, 4, Named(month), day)
            }
            [Number(day, 1 | 2), Named(month), Number(year, 2)] => (year, 2, Named(month), day),
            [Number(year, 4), Number(month, 1 | 2), Number(day, 1 | 2)] if is_numeric => {
                (year, 4, Number(month, 2), day)
            }
            [
                Number(a, 1 | 2),
                Number(b, 1 | 2),
                Number(year, digits @ (2 | 4)),
            ] if is_numeric => {
                let month_first = b > 12 || (reader.puts_month_before(left) && a <= 12);
                let (month, day) = if month_first { (a, b) } else { (b, a) };
                (year, digits, Number(month, 2), day)
            }
            _ => return None,
        };
        let (month, named) = match month {
            Named(month) => (i64::from(month.number), Some(month.calendar)),
            Number(month, _) => (month, None),
        };
        Some(Parts {
            year,
            digits,
            month,
            day,
            named,
            is_thai: reader.is_thai(),
        })
    }

    /// The date, and the calendar in which the page states it. `said` is what stands after the year.
    fn date(&self, said: Option<Calendar>, reader: DateReader) -> Option<(DateTime, Calendar)> {
        let hijri = match self.named {
            Some(calendar @ (Calendar::Solar | Calendar::Lunar)) => Some(calendar),
            Some(_) => None,
            None if self.digits == 4 && self.year < *YEARS.start() => {
                said.or_else(|| calendars::of_numbers(self.year, reader.language()))
            }
            None => None,
        };
        if let Some(calendar) = hijri {
            let date = calendars::hijri(calendar, self.year, self.month, self.day)?;
            return Some((date, calendar));
        }
        let gregorian = |year| DateTime::day(year, self.month, self.day);
        if self.digits == 4 {
            let is_buddhist = self.year > *YEARS.end();
            let year = if is_buddhist {
                self.year - BUDDHIST
            } else {
                self.year
            };
            let calendar = if is_buddhist {
                Calendar::Buddhist
            } else {
                Calendar::Gregorian
            };
            return Some((gregorian(year)?, calendar));
        }
        let buddhist = || {
            let year = 2500 + self.year - BUDDHIST;
            self.is_thai.then(|| gregorian(year)).flatten()
        };
        match buddhist() {
            Some(date) => Some((date, Calendar::Buddhist)),
            None => Some((gregorian(full_year(self.year)?)?, Calendar::Gregorian)),
        }
    }
}

/// True for the separators of a date in numbers.
fn separate_numbers(left: &str, right: &str) -> bool {
    matches!((left, right), ("." | "/" | "-", _) if left == right)
        || matches!(
            (left, right),
            ("年", "月") | ("년", "월") | ("tháng", _) | ("/", "năm") | ("оны", "-рсарын")
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
fn separator(tokens: &[Token], start: usize, reader: DateReader) -> Option<(String, usize)> {
    let mut separator = String::new();
    for (at, token) in tokens.iter().enumerate().skip(start).take(SEPARATOR_TOKENS) {
        if Part::at(tokens, at, reader).is_some() {
            return (at > start).then_some((separator, at));
        }
        match token {
            Token::Space => {}
            Token::Mark(mark) if ".,/-'’ºª".contains(*mark) => separator.push(*mark),
            Token::Word(word) if FILLERS.contains(&word.as_str()) => separator.push_str(word),
            _ => return None,
        }
    }
    None
}

/// `Fri Dec 22 10:00:00 EST 2023`: the time stands before the year (C's `asctime`).
pub(super) fn around_a_clock(tokens: &[Token], at: usize, reader: DateReader) -> Option<Read> {
    let (month, end) = months::month_at(tokens, at)?;
    if month.calendar != Calendar::Gregorian {
        return None;
    }
    let (_, at) = separator(tokens, end, reader)?;
    let day = tokens.get(at)?.number(1..=2)?;
    let (clock, end) = clock::after(tokens, at + 1, tokens.len())?;
    let rest = tokens.get(end..)?;
    let mut rest = rest.iter().take(14).enumerate();
    let (place, year) = rest.find_map(|(place, token)| Some((place, token.number(4..=4)?)))?;
    let date = DateTime::day(year, month.number.into(), day)?;
    Some(Read {
        date: date.with_clock(Some(clock)),
        end: end + place + 1,
        calendar: Calendar::Gregorian,
    })
}
