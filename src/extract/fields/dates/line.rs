//! Lines that hold a date and hardly anything else: what they say, word by word.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::extract::fields::dates::lex::{self, Token};
use crate::extract::fields::dates::line_words::{AGES, AGO, AROUND, MINUTES, READING};
use crate::extract::fields::dates::{DateReader, DateTime, clock, labels};

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

impl DateReader {
    /// Reads a line.
    pub(in crate::extract::fields) fn line(self, text: &str) -> Line {
        let tokens = lex::tokens(text, self.max_chars);
        let mut line = Line::default();
        let mut at = 0;
        while at < tokens.len() {
            if let Some((date, end)) = self.date_at(&tokens, at) {
                line.dates.push(date);
                at = end.max(at + 1);
                continue;
            }
            if let Some(end) = clock::end_of_time(&tokens[at..]) {
                line.has_clock = true;
                at += end;
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
        let all = |words: &[&str]| self.words.iter().all(|it| words.contains(&it.as_str()));
        let any = |words: &[&str]| self.words.iter().any(|it| words.contains(&it.as_str()));
        let is_short = matches!(self.numbers[..], [0..=120] | [0..=120, 0..=120]);
        is_short && self.words.len() >= 2 && (all(READING) && any(MINUTES) || all(AGES) && any(AGO))
    }
}

/// The words of the tables, split as lines are.
struct Words {
    labels: HashSet<String, RandomState>,
    around: HashSet<String, RandomState>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let labels: HashSet<String, RandomState> = labels::all().flat_map(words_of).collect();
    let around = AROUND.iter().copied().flat_map(words_of);
    Words {
        around: around.chain(labels.iter().cloned()).collect(),
        labels,
    }
});

fn words_of(phrase: &str) -> impl Iterator<Item = String> + use<> {
    let tokens = lex::tokens(phrase, usize::MAX).into_iter();
    tokens.filter_map(|token| match token {
        Token::Word(word) => Some(word),
        _ => None,
    })
}
