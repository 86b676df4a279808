//! Dates that are relative to the time at which the page was read: '2 hours ago', 'gestern, 10:26 Uhr',
//! '3小时前'. They name an instant only where the time of the fetch is known. Weeks, months and years are too
//! vague to name a day.

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::extract::fields::dates::lex::Token;
use crate::extract::fields::dates::line::Line;
use crate::extract::fields::dates::phrases::Phrases;
use crate::extract::fields::dates::relative_words::{
    AGO, BEFORE_YESTERDAY, DAYS, HOURS, MINUTES, NOW, ONE, PAST, SECONDS, TODAY, YESTERDAY,
};
use crate::extract::fields::dates::{DateReader, DateTime, clock};

/// Longer texts are sentences.
const MOST_CHARS: usize = 60;

/// When the page was fetched, and the time zone of its source.
#[derive(Debug, Clone, Copy)]
pub(in crate::extract::fields) struct Fetched<'z> {
    /// Unix milliseconds.
    pub(in crate::extract::fields) at: i64,
    pub(in crate::extract::fields) zone: Option<&'z TimeZone>,
}

/// What a word of a relative date says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Seconds,
    Minutes,
    Hours,
    Days,
    /// So many days before the day of the fetch.
    Day(i64),
    Now,
    Ago,
    One,
}

impl DateReader {
    /// The date that a short text states relative to the fetch. A text with other words than those of such dates
    /// is none.
    pub(in crate::extract::fields) fn relative(
        self,
        text: &str,
        fetched: Fetched<'_>,
    ) -> Option<DateTime> {
        if text.trim().chars().count() > MOST_CHARS {
            return None;
        }
        let tokens = self.tokens(text);
        let meanings = meanings(&tokens)?;
        let at = Timestamp::from_millisecond(fetched.at).ok()?;
        let offset = fetched
            .zone
            .map_or(jiff::tz::Offset::UTC, |zone| zone.to_offset(at));
        let has = |wanted| meanings.iter().any(|(it, _)| *it == wanted);
        if has(Meaning::Now) {
            return instant(at, offset.seconds());
        }
        let day = meanings.iter().find_map(|(it, _)| match it {
            Meaning::Day(before) => Some(*before),
            _ => None,
        });
        if let Some(before) = day {
            let clock = (0..tokens.len()).find_map(|it| Some(clock::time_at(&tokens, it)?.0));
            let day = day_before(at, offset, before)?;
            return Some(day.with_clock(clock).relative());
        }
        let (unit, place) = unit_of(&meanings)?;
        let count = count_before(&tokens, place, &meanings)?;
        let is_past = has(Meaning::Ago) || PAST.iter().any(|it| tokens[place].is(it));
        if !is_past || count > longest(unit) {
            return None;
        }
        match unit {
            Meaning::Days => Some(day_before(at, offset, count)?.relative()),
            _ => instant(at.checked_sub(span(unit, count)).ok()?, offset.seconds()),
        }
    }
}

/// An instant to the minute.
fn instant(at: Timestamp, offset_seconds: i32) -> Option<DateTime> {
    let offset = jiff::tz::Offset::from_seconds(offset_seconds).ok()?;
    let civil = offset.to_datetime(at).with().second(0).subsec_nanosecond(0);
    let date = DateTime::from_civil(civil.build().ok()?)?;
    let minutes = i16::try_from(offset_seconds / 60).ok()?;
    Some(date.at_offset(minutes).relative())
}

fn day_before(at: Timestamp, offset: jiff::tz::Offset, days: i64) -> Option<DateTime> {
    let day = offset
        .to_datetime(at)
        .checked_sub(Span::new().days(days))
        .ok()?;
    Some(DateTime::from_civil(day)?.date())
}

fn span(unit: Meaning, count: i64) -> Span {
    match unit {
        Meaning::Hours => Span::new().hours(count),
        Meaning::Minutes => Span::new().minutes(count),
        _ => Span::new().seconds(count),
    }
}

/// The longest time that is stated in a unit.
fn longest(unit: Meaning) -> i64 {
    match unit {
        Meaning::Hours => 72,
        Meaning::Days => 60,
        _ => 600,
    }
}

/// The first unit, and its token.
fn unit_of(meanings: &[(Meaning, usize)]) -> Option<(Meaning, usize)> {
    use Meaning::{Days, Hours, Minutes, Seconds};
    meanings
        .iter()
        .find(|(it, _)| matches!(it, Seconds | Minutes | Hours | Days))
        .copied()
}

/// The number of units: before the unit, or the word for one.
fn count_before(tokens: &[Token], unit: usize, meanings: &[(Meaning, usize)]) -> Option<i64> {
    let before = tokens[..unit].iter().rev();
    let mut before = before.skip_while(|it| **it == Token::Space);
    match before.next() {
        Some(token @ Token::Number { .. }) => token.number(1..=3),
        _ => {
            let is_one = meanings.iter().any(|(it, _)| *it == Meaning::One);
            is_one.then_some(1)
        }
    }
}

/// What the words say, each with its token; `None` where a word belongs to no such date.
fn meanings(tokens: &[Token]) -> Option<Vec<(Meaning, usize)>> {
    let mut meanings = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(word) = tokens[at].word() else {
            at += 1;
            continue;
        };
        let known = PHRASES.at(tokens, at);
        match known {
            Some((meaning, end)) => {
                meanings.push((meaning, at));
                at = end;
            }
            None if Line::is_around_a_date(word) => at += 1,
            None => return None,
        }
    }
    Some(meanings)
}

/// Every phrase with what it says.
static PHRASES: LazyLock<Phrases<Meaning>> = LazyLock::new(|| {
    let tables: [(Meaning, &[&'static str]); 10] = [
        (Meaning::Seconds, SECONDS),
        (Meaning::Minutes, MINUTES),
        (Meaning::Hours, HOURS),
        (Meaning::Days, DAYS),
        (Meaning::Day(0), TODAY),
        (Meaning::Day(1), YESTERDAY),
        (Meaning::Day(2), BEFORE_YESTERDAY),
        (Meaning::Now, NOW),
        (Meaning::Ago, AGO),
        (Meaning::One, ONE),
    ];
    let phrases = tables.into_iter();
    Phrases::new(phrases.flat_map(|(meaning, table)| table.iter().map(move |it| (*it, meaning))))
});
