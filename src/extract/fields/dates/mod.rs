//! Dates as pages write them, read without guessing: machine forms (ISO 8601, RFC 3339, RFC 2822,
//! `Date.toString`, seconds since 1970) and the spellings of people in some thirty languages. A
//! page's own offset is kept; a time without one names no instant, so its day alone is told.
//! Reads no clock and knows no time zone rules.

mod clock;
mod lex;
mod names;
mod url;

use std::fmt;

pub(super) use crate::extract::fields::dates::names::{after_published, announces_change};
pub(super) use crate::extract::fields::dates::url::day_in_path;
use clock::Clock;
use lex::Token;

/// Articles on the web are not older, nor from further ahead.
const YEARS: std::ops::RangeInclusive<i64> = 1990..=2100;
/// Years by which the Buddhist calendar is ahead.
const BUDDHIST: i64 = 543;
/// Offsets are whole quarters of an hour, in seconds…
const QUARTER: i64 = 900;
/// …and no farther than these, in minutes: nobody lives twelve hours behind Greenwich, where a clock
/// that leaves out 'p.m.' would seem to.
const FARTHEST_WEST: i16 = -11 * 60;
const FARTHEST: i16 = 14 * 60;
/// Times this many seconds apart are told of one instant: readers are not told the seconds.
const SAME_INSTANT: i64 = 90;
/// Bytes in which the date that opens a paragraph is looked for.
const OPENING: usize = 64;
/// Between the parts of a date stand no more tokens than this.
const GLUE_TOKENS: usize = 6;
/// Words that stand between the parts of a date: ordinals, articles, 'of', units.
const FILLERS: &[&str] = &[
    "st", "nd", "rd", "th", "er", "re", "de", "del", "of", "d", "the", "den", "di", "do", "m", "г",
    "р", "года", "року", "gada", "ko", "年", "月", "日", "년", "월", "일", "tháng", "năm",
];

/// Which number comes first where a date is written in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    /// 12/31/2023, as in the United States and the Philippines; nearly all the world writes
    /// 31/12/2023.
    month_before_slash: bool,
    /// 12-31-2023.
    month_before_dash: bool,
}

impl Order {
    const DAY_FIRST: Order = Order {
        month_before_slash: false,
        month_before_dash: false,
    };
    const MONTH_FIRST: Order = Order {
        month_before_slash: true,
        month_before_dash: false,
    };

    /// The other order.
    pub(super) fn turned(self) -> Order {
        Order {
            month_before_slash: !self.month_before_slash,
            month_before_dash: !self.month_before_dash,
        }
    }

    fn puts_month_before(self, glue: &str) -> bool {
        match glue {
            "/" => self.month_before_slash,
            "-" => self.month_before_dash,
            _ => false,
        }
    }

    /// The order of a language and a host: English means month first unless the region or the
    /// host's country says otherwise.
    pub(super) fn of(language: Option<&str>, host: Option<&str>) -> Order {
        let language = language.unwrap_or("en");
        let (language, region) = language.split_once('-').unwrap_or((language, ""));
        let country = host.and_then(|host| host.rsplit('.').next()).unwrap_or("");
        let is_american = match (region, country) {
            ("US" | "PH", _) => country.len() != 2 || matches!(country, "us" | "ph"),
            ("", country) => country.len() != 2 || matches!(country, "us" | "ph" | "io" | "tv"),
            _ => false,
        };
        if language == "en" && is_american {
            Order::MONTH_FIRST
        } else {
            Order::DAY_FIRST
        }
    }
}

/// A day, and the time of day where one is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateTime {
    year: i16,
    month: i8,
    day: i8,
    clock: Option<Clock>,
}

impl DateTime {
    /// A day of the calendar within [`YEARS`], also where the year is counted as in Thailand.
    fn day(year: i64, month: i64, day: i64) -> Option<DateTime> {
        let is_thai = YEARS.contains(&(year - BUDDHIST)) && !YEARS.contains(&year);
        let year = if is_thai { year - BUDDHIST } else { year };
        if !YEARS.contains(&year) {
            return None;
        }
        let (year, month, day) = (
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        );
        jiff::civil::Date::new(year, month, day).ok()?;
        Some(DateTime {
            year,
            month,
            day,
            clock: None,
        })
    }

    /// Seconds or milliseconds since 1970, in UTC.
    fn epoch(value: i64, digits: usize) -> Option<DateTime> {
        let seconds = match digits {
            10 => value,
            13 => value / 1000,
            _ => return None,
        };
        let timestamp = jiff::Timestamp::from_second(seconds).ok()?;
        Some(DateTime::of(jiff::tz::Offset::UTC.to_datetime(timestamp))?.at(0))
    }

    /// True where an instant is named: a time with an offset.
    pub(super) fn is_instant(&self) -> bool {
        self.clock.is_some_and(|clock| clock.offset.is_some())
    }

    /// The day alone.
    pub(super) fn date(&self) -> DateTime {
        DateTime {
            clock: None,
            ..*self
        }
    }

    /// True where an instant is told in Greenwich's time, as machines do wherever the page is from.
    pub(super) fn is_utc(&self) -> bool {
        self.clock.is_some_and(|clock| clock.offset == Some(0))
    }

    /// The same instant as readers are told it: `local` names a time of day without an offset, or
    /// with one, which is that many quarters of an hour from Greenwich. `None` where the two can't be
    /// the same instant.
    pub(super) fn told_as(&self, local: &DateTime) -> Option<DateTime> {
        let (utc, there) = (self.civil()?, local.civil()?);
        let away = there.duration_since(utc).as_secs();
        let quarters = (away + (QUARTER / 2)).div_euclid(QUARTER);
        let rest = away - quarters * QUARTER;
        let minutes = i16::try_from(quarters * QUARTER / 60).ok()?;
        if rest.abs() > SAME_INSTANT || !(FARTHEST_WEST..=FARTHEST).contains(&minutes) {
            return None;
        }
        let told = utc
            .checked_add(jiff::SignedDuration::from_mins(minutes.into()))
            .ok()?;
        Some(DateTime::of(told)?.at(minutes))
    }

    /// True where this instant, told in Greenwich's time, is the midnight with which `day` begins
    /// somewhere: a day that a machine took for an instant.
    pub(super) fn begins(&self, day: &DateTime) -> bool {
        let midnight = day.civil_day().map(|day| day.at(0, 0, 0, 0));
        let Some((utc, midnight)) = self.civil().zip(midnight) else {
            return false;
        };
        let away = midnight.duration_since(utc).as_secs();
        away % QUARTER == 0 && away.abs() <= i64::from(FARTHEST) * 60
    }

    fn civil_day(&self) -> Option<jiff::civil::Date> {
        jiff::civil::Date::new(self.year, self.month, self.day).ok()
    }

    /// The day and the time of day; `None` where there is no time.
    fn civil(&self) -> Option<jiff::civil::DateTime> {
        let clock = self.clock?;
        Some(self.civil_day()?.to_datetime(clock.civil()?))
    }

    fn of(civil: jiff::civil::DateTime) -> Option<DateTime> {
        let day = DateTime::day(
            civil.year().into(),
            civil.month().into(),
            civil.day().into(),
        )?;
        let clock = Clock::new(
            civil.hour().into(),
            civil.minute().into(),
            civil.second().into(),
        )?;
        Some(DateTime {
            clock: Some(clock),
            ..day
        })
    }

    /// True where it names a day before that of the other.
    pub(super) fn is_on_earlier_day(&self, other: &DateTime) -> bool {
        (self.year, self.month, self.day) < (other.year, other.month, other.day)
    }

    fn at(self, minutes: i16) -> DateTime {
        let clock = self.clock.map(|clock| clock.at(minutes));
        DateTime { clock, ..self }
    }

    /// True where both name the same day, whatever the time.
    pub(super) fn is_same_day(&self, other: &DateTime) -> bool {
        (self.year, self.month, self.day) == (other.year, other.month, other.day)
    }
}

impl fmt::Display for DateTime {
    /// RFC 3339; a day alone where no instant is named.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)?;
        match self.clock {
            Some(clock) if clock.offset.is_some() => write!(f, "T{clock}"),
            _ => Ok(()),
        }
    }
}

/// The first date in `text`.
pub(super) fn parse(text: &str, order: Order) -> Option<DateTime> {
    let tokens = lex::tokens(text);
    if let [Token::Number { value, digits }] = tokens.trim()
        && let Some(moment) = DateTime::epoch(*value, *digits)
    {
        return Some(moment);
    }
    (0..tokens.len()).find_map(|at| Some(moment_at(&tokens, at, order)?.0))
}

/// The date with which a paragraph opens, where a mark parts it from what follows:
/// `22.12.2023 - The ferry sailed`. Without one it is a part of the sentence.
pub(super) fn before_mark(text: &str, order: Order) -> Option<DateTime> {
    let text = text.trim_start();
    if !text.starts_with(char::is_numeric) {
        return None;
    }
    let tokens = lex::tokens(&text[..text.floor_char_boundary(OPENING)]);
    let (moment, end) = moment_at(&tokens, 0, order)?;
    let mut rest = tokens[end..].iter();
    let next = rest.find(|token| **token != Token::Space)?;
    let is_parted = matches!(next, Token::Mark(mark) if "-–—|:„“\"".contains(*mark));
    is_parted.then(|| moment.date())
}

/// The date that begins at a token, and where it ends.
fn moment_at(tokens: &[Token], at: usize, order: Order) -> Option<(DateTime, usize)> {
    let (moment, end) = compact(tokens, at)
        .or_else(|| parted(tokens, at, order))
        .or_else(|| clock_inside(tokens, at))?;
    let clock = moment
        .clock
        .or_else(|| clock::after(&tokens[end..]))
        .or_else(|| clock::before(&tokens[..at]));
    Some((DateTime { clock, ..moment }, end))
}

trait Trim {
    fn trim(&self) -> &[Token];
}

impl Trim for Vec<Token> {
    fn trim(&self) -> &[Token] {
        let mut tokens = self.as_slice();
        while let [Token::Space, rest @ ..] | [rest @ .., Token::Space] = tokens {
            tokens = rest;
        }
        tokens
    }
}

/// `20231222` and `20231222101500`.
fn compact(tokens: &[Token], at: usize) -> Option<(DateTime, usize)> {
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
    let moment = DateTime::day(date / 10_000, date / 100 % 100, date % 100)?;
    Some((DateTime { clock, ..moment }, at + 1))
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
            Token::Word(word) => names::month(word).map(Part::Month),
            _ => None,
        }
    }
}

/// Three parts with glue between: `22.12.2023`, `Dec. 22nd, 2023`, `2023年12月22日`.
fn parted(tokens: &[Token], at: usize, order: Order) -> Option<(DateTime, usize)> {
    let first = Part::at(tokens, at)?;
    let (left, at) = glue(tokens, at + 1)?;
    let second = Part::at(tokens, at)?;
    let (right, at) = glue(tokens, at + 1)?;
    let third = Part::at(tokens, at)?;
    // '8 January, 17:46': an hour is no year.
    let is_hour =
        matches!(third, Part::Number(_, 2)) && tokens.get(at + 1) == Some(&Token::Mark(':'));
    if is_hour {
        return None;
    }
    Some((read(first, &left, second, &right, third, order)?, at + 1))
}

fn read(
    first: Part,
    left: &str,
    second: Part,
    right: &str,
    third: Part,
    order: Order,
) -> Option<DateTime> {
    use Part::{Month, Number};
    match (first, second, third) {
        (Number(year, 4), Month(month), Number(day, 1 | 2))
        | (Number(day, 1 | 2), Month(month), Number(year, 4))
        | (Month(month), Number(day, 1 | 2), Number(year, 4)) => {
            DateTime::day(year, month.into(), day)
        }
        // Latvian: '2023. gada 22. decembris'.
        (Number(year, 4), Number(day, 1 | 2), Month(month)) if left.ends_with("gada") => {
            DateTime::day(year, month.into(), day)
        }
        (Number(day, 1 | 2), Month(month), Number(year, 2)) => {
            DateTime::day(century(year)?, month.into(), day)
        }
        (Number(year, 4), Number(month, 1 | 2), Number(day, 1 | 2))
            if part_numbers(left, right) =>
        {
            DateTime::day(year, month, day)
        }
        (Number(a, 1 | 2), Number(b, 1 | 2), Number(year, digits @ (2 | 4)))
            if part_numbers(left, right) =>
        {
            let year = if digits == 4 { year } else { century(year)? };
            let month_first = b > 12 || (order.puts_month_before(left) && a <= 12);
            let (month, day) = if month_first { (a, b) } else { (b, a) };
            DateTime::day(year, month, day)
        }
        _ => None,
    }
}

/// True where the glue on both sides is what parts the numbers of a date.
fn part_numbers(left: &str, right: &str) -> bool {
    matches!((left, right), ("." | "/" | "-" | "‐", _) if left == right)
        || matches!(
            (left, right),
            ("年", "月") | ("년", "월") | ("tháng", _) | ("/", "năm")
        )
}

/// The year of two digits: the last decade of one century, the first half of the next.
fn century(year: i64) -> Option<i64> {
    match year {
        0..=50 => Some(2000 + year),
        90..=99 => Some(1900 + year),
        _ => None,
    }
}

/// What stands between two parts, without white space, and where the next part begins.
fn glue(tokens: &[Token], start: usize) -> Option<(String, usize)> {
    let mut glue = String::new();
    for (at, token) in tokens.iter().enumerate().skip(start).take(GLUE_TOKENS) {
        if Part::at(tokens, at).is_some() {
            return (at > start).then_some((glue, at));
        }
        match token {
            Token::Space => {}
            Token::Mark(mark) if ".,/-‐'’ºª".contains(*mark) => glue.push(*mark),
            Token::Word(word) if FILLERS.contains(&word.as_str()) => glue.push_str(word),
            _ => return None,
        }
    }
    None
}

/// `Fri Dec 22 10:00:00 EST 2023`: the time stands before the year (C's `asctime`).
fn clock_inside(tokens: &[Token], at: usize) -> Option<(DateTime, usize)> {
    let month = names::month(tokens.get(at)?.word()?)?;
    let (_, at) = glue(tokens, at + 1)?;
    let day = tokens.get(at)?.number(1..=2)?;
    let rest = tokens.get(at + 1..)?;
    let clock = clock::after(rest)?;
    let (place, year) = rest
        .iter()
        .take(14)
        .enumerate()
        .find_map(|(place, token)| Some((place, token.number(4..=4)?)))?;
    let moment = DateTime::day(year, month.into(), day)?;
    let clock = Some(clock);
    Some((DateTime { clock, ..moment }, at + place + 2))
}

#[cfg(test)]
mod tests;
