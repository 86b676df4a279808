//! Lines of text that state when and by whom: 'By Ada Quill, 11 May 2026', 'Updated 10:15', '4 min read'.
//! Every word of such a line is known, so that no sentence is one.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::extract::fields::Fields;
use crate::extract::fields::dates::{self, DateReader, Line};
use crate::extract::fields::names::{self, LEAD_WORDS};
use crate::limits::Limits;
use crate::page::text::plain;

/// Longer lines are sentences.
const LINE_CHARS: usize = 120;

/// The words that introduce names, as lines are split into words.
static LEADS: LazyLock<HashSet<String, RandomState>> = LazyLock::new(|| {
    LEAD_WORDS
        .iter()
        .flat_map(|it| dates::words_of(it))
        .collect()
});

/// What a line of dates and names states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MetaLine {
    /// The date is that of the article.
    pub is_own_date: bool,
    /// It names an author of the article, or announces a name.
    pub has_name: bool,
    /// A word says what the date is, or it is a reading time.
    pub is_labelled: bool,
}

/// Reads the lines of one page.
#[derive(Debug)]
pub struct MetaLines {
    reader: DateReader,
    /// The days of publication and modification.
    days: Vec<String>,
    /// The words of each author's name, and of the site's.
    names: Vec<Vec<String>>,
    site: Vec<String>,
}

impl MetaLines {
    /// Prepares the fields of a page for comparison.
    pub fn new(fields: &Fields) -> MetaLines {
        let limits = Limits::default();
        let reader = DateReader::new(fields.language.as_deref(), None, &limits);
        let days = [&fields.published, &fields.modified].into_iter().flatten();
        let words = |name: &String| reader.line(name).words;
        MetaLines {
            reader,
            days: days
                .filter_map(|it| it.get(..10))
                .map(str::to_owned)
                .collect(),
            names: fields
                .authors
                .iter()
                .map(words)
                .filter(|it| !it.is_empty())
                .collect(),
            site: fields.site_name.as_ref().map(words).unwrap_or_default(),
        }
    }

    /// What the line states; `None` for all other text.
    pub fn read(&self, text: &str) -> Option<MetaLine> {
        let text = text.trim();
        if text.len() > LINE_CHARS * 4
            || text.chars().count() > LINE_CHARS
            || text.ends_with(['.', '!', '?', '。']) && plain(text).len() > 60
            || !self.may_state(text) && !names::begins_byline(text)
        {
            return None;
        }
        let mut line = self.reader.line(text);
        if !line.has_date() && line.is_duration() {
            return Some(MetaLine {
                is_labelled: true,
                ..MetaLine::default()
            });
        }
        let has_author = self
            .names
            .iter()
            .filter(|name| remove(&mut line.words, name))
            .count()
            > 0;
        if line.has_date() || has_author {
            remove(&mut line.words, &self.site);
        }
        let is_known = |word: &String| Line::is_around_a_date(word) || LEADS.contains(word);
        // Two dates are a period, unless they are labelled.
        let is_one = line.dates.len() <= 1 || line.is_labelled();
        let states = (line.has_date() || has_author) && is_one;
        if states && line.numbers.is_empty() && line.words.iter().all(is_known) {
            return Some(MetaLine {
                is_own_date: line.dates.iter().any(|date| self.is_own(&date.to_string())),
                has_name: has_author,
                is_labelled: line.is_labelled(),
            });
        }
        announces_name(text, &line).then(|| MetaLine {
            has_name: true,
            ..MetaLine::default()
        })
    }

    /// False for a text of ASCII that has neither a number nor the first word of an author's name: it states
    /// neither a date nor a duration, and names no author.
    fn may_state(&self, text: &str) -> bool {
        if !text.is_ascii() || text.bytes().any(|byte| byte.is_ascii_digit()) {
            return true;
        }
        let firsts = || self.names.iter().filter_map(|name| name.first());
        let mut words = text.split(|c: char| !c.is_ascii_alphabetic());
        words.any(|word| firsts().any(|first| word.eq_ignore_ascii_case(first)))
    }

    fn is_own(&self, date: &str) -> bool {
        self.days.iter().any(|day| date.starts_with(day.as_str()))
    }
}

/// True for 'By Ada Quill' where the fields know another author, or none.
fn announces_name(text: &str, line: &Line) -> bool {
    let name = text
        .split([',', '|', '·', '•', '\n'])
        .next()
        .unwrap_or_default();
    line.numbers.is_empty()
        && names::begins_byline(text)
        && names::is_announced(name)
        && text[name.len()..]
            .chars()
            .filter(|c| c.is_alphabetic())
            .count()
            <= 20
}

/// Removes a run of words; true where it was there.
fn remove(words: &mut Vec<String>, run: &[String]) -> bool {
    if run.is_empty() {
        return false;
    }
    let at = words.windows(run.len()).position(|it| it == run);
    if let Some(at) = at {
        words.drain(at..at + run.len());
    }
    at.is_some()
}
