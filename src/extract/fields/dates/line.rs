//! Lines that hold dates and hardly anything else: what they say, word by word, and what each date is.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::extract::fields::dates::calendars::Calendar;
use crate::extract::fields::dates::labels::{self, Label, Role};
use crate::extract::fields::dates::lex::{Token, words, words_of};
use crate::extract::fields::dates::line_words::{AGES, AGO, AROUND, MINUTES, READING};
use crate::extract::fields::dates::parts::Read;
use crate::extract::fields::dates::{DateReader, DateTime, clock};

/// Dates of one line that are read.
const MOST: usize = 20;
/// The same day in two calendars is at most so many days apart, as converted.
const SAME_DAY: i32 = 2;

/// A line as its dates and the rest of its words, in lower case. In Chinese, Japanese and Korean every
/// character is a word.
#[derive(Debug, Default)]
pub(in crate::extract::fields) struct Line {
    /// The dates it states.
    pub(in crate::extract::fields) dates: Vec<DateTime>,
    /// It states a time of day without a date.
    pub(in crate::extract::fields) has_clock: bool,
    /// Words around them.
    pub(in crate::extract::fields) words: Vec<String>,
    /// Other numbers.
    pub(in crate::extract::fields) numbers: Vec<i64>,
}

/// A date of a line, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::fields) struct Dated {
    pub(in crate::extract::fields) date: DateTime,
    pub(in crate::extract::fields) role: Role,
}

/// A date among tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) date: DateTime,
    pub(super) start: usize,
    pub(super) end: usize,
    calendar: Calendar,
}

impl DateReader {
    /// Reads a line.
    pub(in crate::extract::fields) fn line(self, text: &str) -> Line {
        let tokens = self.tokens(text);
        if !has_number(&tokens) {
            return Line {
                words: words(tokens).collect(),
                ..Line::default()
            };
        }
        let found = self.found(&tokens, &labels::among(&tokens));
        let mut line = Line::default();
        let (mut at, mut next) = (0, 0);
        while at < tokens.len() {
            if let Some(date) = found.get(next).filter(|it| it.start <= at) {
                line.dates.push(date.date);
                at = date.end.max(at + 1);
                next += 1;
                continue;
            }
            if let Some((_, end)) = clock::time_at(&tokens, at) {
                line.has_clock = true;
                at = end;
                continue;
            }
            match &tokens[at] {
                Token::Word(word) => line.words.push(word.clone()),
                Token::Number { value, .. } => line.numbers.push(*value),
                Token::Space | Token::Mark(_) => {}
            }
            at += 1;
        }
        line
    }

    /// Every date of a text, with what its label says it is. A date without a label in a line that labels
    /// another as that of a modification is that of publication. A labelled time without a date is on the day
    /// before it in the line.
    pub(in crate::extract::fields) fn dated(self, text: &str) -> Vec<Dated> {
        let tokens = self.tokens(text);
        if !has_number(&tokens) {
            return Vec::new();
        }
        let mut labels = labels::among(&tokens);
        let found = self.found(&tokens, &labels);
        let found = with_times(found, &tokens, &mut labels);
        let roles = roles(&found, &labels);
        let mut dated: Vec<Dated> = found
            .iter()
            .zip(roles)
            .map(|(it, role)| Dated {
                date: it.date,
                role,
            })
            .collect();
        let has_modified = dated.iter().any(|it| it.role == Role::Modified);
        let has_published = dated.iter().any(|it| it.role == Role::Published);
        let unsaid = dated.iter_mut().find(|it| it.role == Role::Unsaid);
        if let Some(unsaid) = unsaid.filter(|_| has_modified && !has_published) {
            unsaid.role = Role::Published;
        }
        dated
    }

    /// The dates among tokens, in order. A day that is stated in two calendars is one, and the Gregorian date
    /// is believed.
    pub(super) fn found(self, tokens: &[Token], labels: &[Label]) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let (mut at, mut from) = (0, 0);
        while at < tokens.len() && found.len() < MOST {
            let Some(read) = self.date_at(tokens, at) else {
                at += 1;
                continue;
            };
            let next = labels.iter().find(|it| it.start >= read.end);
            let limit = next.map_or(tokens.len(), |it| it.start);
            let label = labels.iter().rfind(|it| it.end <= at);
            let from_label = label.map_or(0, |it| it.end).max(from);
            let it = with_clock(read, tokens, (from_label, at, limit));
            from = it.end;
            at = it.end.max(at + 1);
            match found.last_mut().and_then(|last| same_day(last, &it)) {
                Some(one) => {
                    found.pop();
                    found.push(one);
                }
                None => found.push(it),
            }
        }
        found
    }
}

/// False where there is neither a date nor a time.
fn has_number(tokens: &[Token]) -> bool {
    let is_number = |token: &Token| matches!(token, Token::Number { .. });
    tokens.iter().any(is_number)
}

/// A date with the time after it or before it, between two places.
fn with_clock(read: Read, tokens: &[Token], (from, at, limit): (usize, usize, usize)) -> Found {
    let mut found = Found {
        date: read.date,
        start: at,
        end: read.end,
        calendar: read.calendar,
    };
    if read.date.has_time() {
        return found;
    }
    if let Some((clock, end)) = clock::after(tokens, read.end, limit) {
        found.date = read.date.with_clock(Some(clock));
        found.end = end;
    } else {
        found.date = read.date.with_clock(clock::before(tokens, from, at));
    }
    found
}

/// The one of two dates that is believed, where they are the same day in two calendars.
fn same_day(one: &Found, other: &Found) -> Option<Found> {
    let days = one.date.days_until(&other.date)?;
    if one.calendar == other.calendar || days.abs() > SAME_DAY {
        return None;
    }
    let rank = |it: &Found| match it.calendar {
        Calendar::Gregorian => 0,
        Calendar::Buddhist | Calendar::Solar => 1,
        Calendar::Lunar => 2,
    };
    let (believed, second) = if rank(one) <= rank(other) {
        (one, other)
    } else {
        (other, one)
    };
    let clock = believed.date.clock.or(second.date.clock);
    Some(Found {
        date: believed.date.with_clock(clock),
        start: one.start.min(other.start),
        end: one.end.max(other.end),
        calendar: believed.calendar,
    })
}

/// The dates, and the times of day that a label announces after them: `11 mayo 2026 | Actualizado 13:05`. The
/// label of a time that cannot be on that day is left out: it was another day's.
fn with_times(mut found: Vec<Found>, tokens: &[Token], labels: &mut Vec<Label>) -> Vec<Found> {
    let all = labels.clone();
    for (place, label) in all.iter().enumerate() {
        let Some(before) = found.iter().rfind(|it| it.end <= label.start).copied() else {
            continue;
        };
        let next = all.get(place + 1).map_or(tokens.len(), |it| it.start);
        let date = found
            .iter()
            .find(|it| it.start >= label.end)
            .map(|it| it.start);
        let limit = date.map_or(next, |it| it.min(next));
        let Some((clock, end)) = clock::after(tokens, label.end, limit) else {
            continue;
        };
        if date.is_some_and(|it| it < end + 4) {
            continue;
        }
        let later = before.date.with_clock(Some(clock));
        if later.is_earlier_than(&before.date) {
            labels.retain(|it| it != label);
            continue;
        }
        let at = found.partition_point(|it| it.start < label.end);
        let time = Found {
            date: later,
            start: label.end,
            end,
            calendar: before.calendar,
        };
        found.insert(at, time);
    }
    found
}

/// What each date is. Labels stand before the dates, or after them where the first one does and the last one too:
/// `2026年5月11日 公開 2026年5月12日 更新`.
fn roles(found: &[Found], labels: &[Label]) -> Vec<Role> {
    let is_after = || {
        let (first, last) = (found.first()?, found.last()?);
        let (opens, closes) = (labels.first()?, labels.last()?);
        Some(opens.start >= first.end && closes.start >= last.end)
    };
    let is_after = is_after().unwrap_or(false);
    let role = |place: usize| {
        let it = &found[place];
        let label = if is_after {
            let end = found.get(place + 1).map_or(usize::MAX, |it| it.start);
            labels
                .iter()
                .find(|label| label.start >= it.end && label.end <= end)
        } else {
            let start = place.checked_sub(1).map_or(0, |before| found[before].end);
            labels
                .iter()
                .rfind(|label| label.start >= start && label.end <= it.start)
        };
        label.map_or(Role::Unsaid, |it| it.role)
    };
    (0..found.len()).map(role).collect()
}

impl Line {
    /// True where the line states a date or a time.
    pub(in crate::extract::fields) fn has_date(&self) -> bool {
        !self.dates.is_empty() || self.has_clock
    }

    /// True for a word that may stand around a date: a label, a preposition, a weekday.
    pub(in crate::extract::fields) fn is_around_a_date(word: &str) -> bool {
        WORDS.around.contains(word)
    }

    /// True where one of the words announces a date: 'published', 'updated'.
    pub(in crate::extract::fields) fn is_labelled(&self) -> bool {
        self.words.iter().any(|word| WORDS.labels.contains(word))
    }

    /// True for '4 min read' and '2 hours ago'.
    pub(in crate::extract::fields) fn is_duration(&self) -> bool {
        let all =
            |words: &HashSet<String, RandomState>| self.words.iter().all(|it| words.contains(it));
        let any =
            |words: &HashSet<String, RandomState>| self.words.iter().any(|it| words.contains(it));
        let is_short = matches!(self.numbers[..], [0..=120] | [0..=120, 0..=120]);
        let is_age = || all(&WORDS.ages) && any(&WORDS.ago);
        let is_reading = || all(&WORDS.reading) && any(&WORDS.minutes);
        is_short && self.words.len() >= 2 && (is_reading() || is_age())
    }
}

/// The words of the tables, split as lines are.
struct Words {
    labels: HashSet<String, RandomState>,
    around: HashSet<String, RandomState>,
    reading: HashSet<String, RandomState>,
    minutes: HashSet<String, RandomState>,
    ages: HashSet<String, RandomState>,
    ago: HashSet<String, RandomState>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let words = |phrases: &[&str]| phrases.iter().copied().flat_map(words_of).collect();
    let labels: HashSet<String, RandomState> = labels::all().flat_map(words_of).collect();
    let around = AROUND.iter().copied().flat_map(words_of);
    Words {
        around: around.chain(labels.iter().cloned()).collect(),
        labels,
        reading: words(READING),
        minutes: words(MINUTES),
        ages: words(AGES),
        ago: words(AGO),
    }
});
