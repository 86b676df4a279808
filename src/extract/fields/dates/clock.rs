//! The time of day in a written date, and its offset from Greenwich.

use std::fmt;

use crate::extract::fields::dates::clock_words::{
    AFTERNOON, AFTERNOON_AFTER, BEFORE_TIME, MORNING, MORNING_AFTER, OCLOCK,
};
use crate::extract::fields::dates::lex::Token;
use crate::extract::fields::dates::zones;

/// A date and its time are at most so many tokens apart: `22 December 2023, um 10:15 Uhr`.
const DISTANCE: usize = 10;
/// The farthest offsets in use, in hours.
const MAX_OFFSET_HOURS: i64 = 14;

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    hour: i8,
    minute: i8,
    second: i8,
    /// Minutes east of Greenwich, where stated.
    pub(super) offset: Option<i16>,
}

impl Clock {
    /// A time that a day has; a leap second counts as the second before it.
    pub(super) fn new(hour: i64, minute: i64, second: i64) -> Option<Clock> {
        let valid =
            (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
        valid.then_some(Clock {
            hour: i8::try_from(hour).ok()?,
            minute: i8::try_from(minute).ok()?,
            second: i8::try_from(second.min(59)).ok()?,
            offset: None,
        })
    }

    /// The same time at an offset.
    pub(super) fn at(self, minutes: i16) -> Clock {
        Clock {
            offset: Some(minutes),
            ..self
        }
    }

    /// The time of day alone.
    pub(super) fn civil(self) -> Option<jiff::civil::Time> {
        jiff::civil::Time::new(self.hour, self.minute, self.second, 0).ok()
    }

    /// True for a midnight without an offset, which machines write for a day alone.
    pub(super) fn is_no_time(self) -> bool {
        (self.hour, self.minute, self.second, self.offset) == (0, 0, 0, None)
    }

    /// The time on a clock of twelve hours.
    fn half(self, afternoon: bool) -> Clock {
        let hour = match (self.hour, afternoon) {
            (12, false) => 0,
            (0..=11, true) => self.hour + 12,
            (hour, _) => hour,
        };
        Clock { hour, ..self }
    }
}

impl fmt::Display for Clock {
    /// `10:15:00+01:00`, as RFC 3339 has it; without an offset the time alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        match self.offset {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

/// The time that follows a date which ends at `from`, and where it ends. Nothing after `limit` is read.
pub(super) fn after(tokens: &[Token], from: usize, limit: usize) -> Option<(Clock, usize)> {
    let tokens = &tokens[..limit.min(tokens.len())];
    for at in from..tokens.len().min(from + DISTANCE) {
        if let Some(read) = time_at(tokens, at) {
            return Some(read);
        }
        if matches!(tokens[at], Token::Number { .. }) {
            return None;
        }
    }
    None
}

/// The time that stands before a date: `10:15, 22 December 2023`. Nothing before `from` is read.
pub(super) fn before(tokens: &[Token], from: usize, date: usize) -> Option<Clock> {
    let start = from.max(date.saturating_sub(DISTANCE * 2));
    let mut times = (start..date).rev().filter_map(|at| {
        let (clock, end) = time_at(&tokens[..date], at)?;
        let is_whole = at == start || !matches!(tokens[at - 1], Token::Mark(':' | '.'));
        is_whole.then_some((clock, end))
    });
    let (clock, end) = times.next()?;
    let between = &tokens[end..date];
    let is_close =
        between.len() <= DISTANCE && !between.iter().any(|it| matches!(it, Token::Number { .. }));
    is_close.then_some(clock)
}

/// The time of day that begins at a token, with its half of the day and its offset, and where it ends.
pub(super) fn time_at(tokens: &[Token], at: usize) -> Option<(Clock, usize)> {
    let (clock, end) = digits_of_iso(tokens, at).or_else(|| written(tokens, at))?;
    let (clock, end) = halved(clock, tokens, at, end);
    Some(zoned(clock, tokens, end))
}

/// `101530` and `1015` after ISO 8601's `T`.
fn digits_of_iso(tokens: &[Token], at: usize) -> Option<(Clock, usize)> {
    let is_after_t = at.checked_sub(1).is_some_and(|it| tokens[it].is("t"));
    let &Token::Number { value, digits } = tokens.get(at)? else {
        return None;
    };
    let clock = match digits {
        6 if is_after_t => Clock::new(value / 10_000, value / 100 % 100, value % 100),
        4 if is_after_t => Clock::new(value / 100, value % 100, 0),
        _ => None,
    };
    Some((clock?, at + 1))
}

/// `10:15`, `10:15:30.123`, `10h15`, `10h`, `10時15分`, `3시 5분`, `10 Uhr`; `10.15` where a word says that it
/// is a time.
fn written(tokens: &[Token], at: usize) -> Option<(Clock, usize)> {
    let hour = tokens.get(at)?.number(1..=2)?;
    let (clock, end) = match tokens.get(at + 1)? {
        Token::Mark(':') => with_colons(hour, tokens, at + 2)?,
        Token::Mark('.') => {
            let minute = tokens.get(at + 2)?.number(2..=2)?;
            let is_date = matches!(
                tokens.get(at + 3..at + 5),
                Some([Token::Mark('.'), Token::Number { .. }])
            );
            let end = at + 3;
            let is_time = is_announced(tokens, at) || says_time(tokens, end);
            if is_date || !is_time {
                return None;
            }
            (Clock::new(hour, minute, 0)?, end)
        }
        _ => with_unit(hour, tokens, at + 1)?,
    };
    let end = end + o_clock(tokens, end).unwrap_or(0);
    Some((clock, end))
}

/// The minutes and seconds after the colon of an hour.
fn with_colons(hour: i64, tokens: &[Token], at: usize) -> Option<(Clock, usize)> {
    let minute = tokens.get(at)?.number(2..=2)?;
    let (mut second, mut end) = (0, at + 1);
    if tokens.get(end) == Some(&Token::Mark(':'))
        && let Some(value) = tokens.get(end + 1).and_then(|it| it.number(1..=2))
    {
        second = value;
        end += 2;
        if let Some([Token::Mark('.' | ','), Token::Number { .. }]) = tokens.get(end..end + 2) {
            end += 2;
        }
    }
    Some((Clock::new(hour, minute, second)?, end))
}

/// An hour with its unit, and the minutes after it where there are any.
fn with_unit(hour: i64, tokens: &[Token], at: usize) -> Option<(Clock, usize)> {
    let unit = skip_space(tokens, at);
    let word = tokens.get(unit)?.word()?;
    let is_half = half_after(tokens, at).is_some();
    let is_hour = matches!(word, "h" | "時" | "时" | "点" | "點" | "시" | "uhr");
    if !is_hour {
        return (is_half || o_clock(tokens, at).is_some())
            .then(|| Some((Clock::new(hour, 0, 0)?, at)))?;
    }
    // '20時間', '3시간', '2 h ago': a length of time.
    let next = tokens.get(unit + 1).and_then(Token::word);
    if matches!(next, Some("間" | "间" | "간")) {
        return None;
    }
    let place = skip_space(tokens, unit + 1);
    let is_east_asian = !matches!(word, "h" | "uhr");
    let minute = tokens.get(place).and_then(|it| it.number(1..=2));
    let after = tokens.get(place + 1).and_then(Token::word);
    let is_date = matches!(
        tokens.get(place + 1),
        Some(Token::Mark('.' | '/' | '-' | ':'))
    );
    match (minute, tokens.get(place)) {
        (Some(minute), _) if is_east_asian && matches!(after, Some("分" | "분")) => {
            Some((Clock::new(hour, minute, 0)?, place + 2))
        }
        (Some(minute), Some(Token::Number { digits: 2, .. })) if !is_date => {
            Some((Clock::new(hour, minute, 0)?, place + 1))
        }
        _ if after_half_past(tokens, unit + 1) => Some((Clock::new(hour, 30, 0)?, unit + 2)),
        _ => Some((Clock::new(hour, 0, 0)?, unit + 1)),
    }
}

/// `3点半`.
fn after_half_past(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|it| it.is("半") || it.is("반"))
}

/// True where the word before a number says that a time follows: `kl. 10.15`, `ore 10.15`.
fn is_announced(tokens: &[Token], at: usize) -> bool {
    let before = tokens[..at].iter().rev();
    let mut before = before.filter(|it| !matches!(it, Token::Space | Token::Mark('.' | ':')));
    before
        .next()
        .and_then(Token::word)
        .is_some_and(|word| BEFORE_TIME.contains(&word))
}

/// True where the word after a number says that it was a time: `10.15 Uhr`, `10.15 pm`, `10.15 WIB`.
fn says_time(tokens: &[Token], end: usize) -> bool {
    let word = tokens.get(skip_space(tokens, end)).and_then(Token::word);
    o_clock(tokens, end).is_some()
        || half_after(tokens, end).is_some()
        || word.is_some_and(|it| it == "h" || zones::zone(it).is_some())
}

/// How many tokens say that a time has ended: `Uhr`, `น.`, `hrs`.
fn o_clock(tokens: &[Token], at: usize) -> Option<usize> {
    let place = skip_space(tokens, at);
    let word = tokens.get(place)?.word()?;
    OCLOCK.contains(&word).then_some(place + 1 - at)
}

fn skip_space(tokens: &[Token], at: usize) -> usize {
    at + usize::from(tokens.get(at) == Some(&Token::Space))
}

/// Reads which half of the day it is, after the time or before it.
fn halved(clock: Clock, tokens: &[Token], at: usize, end: usize) -> (Clock, usize) {
    if let Some((afternoon, after)) = half_after(tokens, end) {
        return (clock.half(afternoon), after);
    }
    match half_before(tokens, at) {
        Some(afternoon) => (clock.half(afternoon), end),
        None => (clock, end),
    }
}

/// `pm`, `p.m.`, `μ.μ.`, `م`: whether it is the afternoon, and where the words end.
fn half_after(tokens: &[Token], end: usize) -> Option<(bool, usize)> {
    let at = skip_space(tokens, end);
    let phrases = |words: &'static [&'static [&'static str]], afternoon: bool| {
        let ends = words.iter().filter_map(move |it| phrase_at(tokens, at, it));
        ends.max().map(|end| (afternoon, end))
    };
    phrases(AFTERNOON_AFTER, true).or_else(|| phrases(MORNING_AFTER, false))
}

/// Where a phrase ends; full stops and spaces may stand between its words, and a full stop after it where
/// its words are letters.
fn phrase_at(tokens: &[Token], mut at: usize, words: &[&str]) -> Option<usize> {
    for (place, word) in words.iter().enumerate() {
        while place > 0 && matches!(tokens.get(at), Some(Token::Space | Token::Mark('.'))) {
            at += 1;
        }
        if !tokens.get(at)?.is(word) {
            return None;
        }
        at += 1;
    }
    let is_stop = words.len() > 1 && tokens.get(at) == Some(&Token::Mark('.'));
    Some(at + usize::from(is_stop))
}

/// `午後`, `오후`, `PM`, `शाम` before the time: whether it is the afternoon.
fn half_before(tokens: &[Token], at: usize) -> Option<bool> {
    let words = tokens[..at].iter().rev();
    let mut words = words.skip_while(|it| **it == Token::Space);
    let last = words.next()?.word()?;
    let both = words
        .next()
        .and_then(Token::word)
        .map(|it| format!("{it}{last}"));
    let is_one_of = |list: &[&str]| {
        list.contains(&last) || both.as_deref().is_some_and(|it| list.contains(&it))
    };
    match (is_one_of(AFTERNOON), is_one_of(MORNING)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// Reads the offset that follows: `Z`, `+01:00`, `+0100`, `+01`, `GMT+1`, `EST`; returns where it ends.
fn zoned(clock: Clock, tokens: &[Token], end: usize) -> (Clock, usize) {
    let mut at = end;
    while matches!(tokens.get(at), Some(Token::Space | Token::Mark('(' | ','))) && at < end + 3 {
        at += 1;
    }
    let named = tokens.get(at).and_then(Token::word).and_then(zones::zone);
    if let Some(minutes) = named {
        let stated = offset(&tokens[at + 1..], true).filter(|_| minutes == 0);
        return match stated {
            Some((minutes, length)) => (clock.at(minutes), at + 1 + length),
            None => (clock.at(minutes), at + 1),
        };
    }
    let rest = tokens.get(at..).unwrap_or_default();
    match offset(rest, at == end) {
        Some((minutes, length)) => (clock.at(minutes), at + length),
        None => (clock, end),
    }
}

/// A signed offset at the start of `tokens`, and how many tokens it has. Hours alone count only where they
/// touch the time: in `10:15 - 12 comments` they are none.
fn offset(tokens: &[Token], adjacent: bool) -> Option<(i16, usize)> {
    let sign = match tokens.first()? {
        Token::Mark('+') => 1,
        Token::Mark('-') => -1,
        _ => return None,
    };
    let &Token::Number { value, digits } = tokens.get(1)? else {
        return None;
    };
    let (hours, minutes, length) = match (digits, tokens.get(2), tokens.get(3)) {
        (4, _, _) => (value / 100, value % 100, 2),
        (1 | 2, Some(Token::Mark(':')), Some(part)) => (value, part.number(2..=2)?, 4),
        (1 | 2, _, _) if adjacent => (value, 0, 2),
        _ => return None,
    };
    if hours > MAX_OFFSET_HOURS || minutes > 59 {
        return None;
    }
    let minutes = i16::try_from(sign * (hours * 60 + minutes)).ok()?;
    Some((minutes, length))
}
