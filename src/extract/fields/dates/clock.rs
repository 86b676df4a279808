//! The time of day in a written date, and its offset from Greenwich.

use std::fmt;

use crate::extract::fields::dates::lex::Token;
use crate::extract::fields::dates::zones;

/// A date and its time are at most so many tokens apart: `22 December 2023, um 10:15 Uhr`.
const DISTANCE: usize = 8;
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

    /// The time on a clock of twelve hours.
    fn half(self, afternoon: bool) -> Clock {
        let hour = match (self.hour, afternoon) {
            (12, false) => 0,
            (1..=11, true) => self.hour + 12,
            (hour, _) => hour,
        };
        Clock { hour, ..self }
    }
}

impl fmt::Display for Clock {
    /// `10:15:00+01:00`, as RFC 3339 has it.
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

/// The time that follows a date.
pub(super) fn after(tokens: &[Token]) -> Option<Clock> {
    let mut words = String::new();
    for at in 0..tokens.len().min(DISTANCE) {
        if let Some((clock, end)) = time(&tokens[at..], &words) {
            return Some(zoned(halved(clock, &words, &tokens[at..], end), tokens, at));
        }
        match &tokens[at] {
            Token::Number { .. } => return None,
            Token::Word(word) => words.push_str(word),
            _ => {}
        }
    }
    None
}

/// The time that stands before a date: `10:15, 22 December 2023`.
pub(super) fn before(tokens: &[Token]) -> Option<Clock> {
    let start = tokens.len().saturating_sub(DISTANCE * 2);
    (start..tokens.len()).find_map(|at| {
        let (clock, end) = time(&tokens[at..], "")?;
        Some(zoned(halved(clock, "", &tokens[at..], end), tokens, at))
    })
}

/// Where the time of day ends that `tokens` begin with.
pub(super) fn end_of_time(tokens: &[Token]) -> Option<usize> {
    time(tokens, "").map(|(_, end)| end)
}

/// A time at the start of `tokens`, and where it ends. `10:15`, `10:15:30.123`, `10h15`, `10時15分`,
/// `10.15 Uhr`, and after ISO 8601's `T` also `101530`.
fn time(tokens: &[Token], words: &str) -> Option<(Clock, usize)> {
    if words.ends_with('t')
        && let Some(Token::Number { value, digits }) = tokens.first()
    {
        match digits {
            6 => {
                return Some((
                    Clock::new(value / 10_000, value / 100 % 100, value % 100)?,
                    1,
                ));
            }
            4 => return Some((Clock::new(value / 100, value % 100, 0)?, 1)),
            _ => {}
        }
    }
    let hour = tokens.first()?.number(1..=2)?;
    let mut at = 2;
    let parts = match tokens.get(1)? {
        Token::Mark(':') => true,
        Token::Mark('.') => is_german(tokens),
        Token::Word(word) => match word.as_str() {
            "h" | "時" | "点" | "點" => true,
            "시" => {
                at += usize::from(tokens.get(at) == Some(&Token::Space));
                true
            }
            _ => false,
        },
        _ => false,
    };
    if !parts {
        return None;
    }
    let minute = tokens.get(at)?.number(2..=2)?;
    at += 1;
    let mut second = 0;
    if tokens.get(at) == Some(&Token::Mark(':'))
        && let Some(value) = tokens.get(at + 1).and_then(|it| it.number(2..=2))
    {
        second = value;
        at += 2;
        if let Some([Token::Mark('.' | ','), Token::Number { .. }]) = tokens.get(at..at + 2) {
            at += 2;
        }
    }
    Some((Clock::new(hour, minute, second)?, at))
}

/// True for `10.15 Uhr`; without the word a full stop may be anything.
fn is_german(tokens: &[Token]) -> bool {
    matches!(
        tokens.get(3..5),
        Some([Token::Space, Token::Word(word)]) if word == "uhr"
    )
}

/// Reads 'am' and 'pm', after the time or, in Chinese, Japanese and Korean, before it. Returns the
/// clock and where the text that was read ends.
fn halved(clock: Clock, before: &str, tokens: &[Token], end: usize) -> (Clock, usize) {
    if ["下午", "午後", "오후"]
        .iter()
        .any(|it| before.contains(it))
    {
        return (clock.half(true), end);
    }
    let at = end + usize::from(tokens.get(end) == Some(&Token::Space));
    let Some(word) = tokens.get(at).and_then(Token::word) else {
        return (clock, end);
    };
    match word {
        "am" | "pm" => (clock.half(word == "pm"), at + 1),
        "a" | "p" => match tokens.get(at + 1..at + 3) {
            Some([Token::Mark('.'), Token::Word(m)]) if m == "m" => {
                let stop = usize::from(tokens.get(at + 3) == Some(&Token::Mark('.')));
                (clock.half(word == "p"), at + 3 + stop)
            }
            _ => (clock, end),
        },
        _ => (clock, end),
    }
}

/// Reads the offset that follows: `Z`, `+01:00`, `+0100`, `+01`, `GMT+1`, `EST`.
fn zoned((clock, end): (Clock, usize), tokens: &[Token], start: usize) -> Clock {
    let mut at = start + end;
    let adjacent = at;
    while matches!(tokens.get(at), Some(Token::Space | Token::Mark('(' | ','))) && at < adjacent + 3
    {
        at += 1;
    }
    let named = tokens.get(at).and_then(Token::word).and_then(zones::zone);
    if let Some(minutes) = named {
        let stated = if minutes == 0 {
            offset(&tokens[at + 1..], true)
        } else {
            None
        };
        return clock.at(stated.unwrap_or(minutes));
    }
    let stated = tokens
        .get(at..)
        .and_then(|rest| offset(rest, at == adjacent));
    match stated {
        Some(minutes) => clock.at(minutes),
        None => clock,
    }
}

/// A signed offset at the start of `tokens`. Hours alone count only where they touch the time: in
/// `10:15 - 12 comments` they are none.
fn offset(tokens: &[Token], adjacent: bool) -> Option<i16> {
    let sign = match tokens.first()? {
        Token::Mark('+') => 1,
        Token::Mark('-' | '−') => -1,
        _ => return None,
    };
    let &Token::Number { value, digits } = tokens.get(1)? else {
        return None;
    };
    let (hours, minutes) = match (digits, tokens.get(2), tokens.get(3)) {
        (4, _, _) => (value / 100, value % 100),
        (1 | 2, Some(Token::Mark(':')), Some(part)) => (value, part.number(2..=2)?),
        (1 | 2, _, _) if adjacent => (value, 0),
        _ => return None,
    };
    if hours > MAX_OFFSET_HOURS || minutes > 59 {
        return None;
    }
    i16::try_from(sign * (hours * 60 + minutes)).ok()
}
