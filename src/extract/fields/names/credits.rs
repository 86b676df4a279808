//! Lines of credits, which say who did what: `Text: Ada Quill  Photo: Ben Harrow`,
//! `取材・文／岸本まり　写真／田中一`, `글 홍길동 사진 김철수`. The authors are those who wrote.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::extract::fields::line_prefixes::LinePrefixes;
use crate::extract::fields::names::credit_words::{CREDIT_WORDS, LABEL_JOINERS};
use crate::extract::fields::names::leads::without_leads;
use crate::extract::fields::names::parts::is_caseless;
use crate::extract::fields::names::words;
use crate::extract::rules::letter_pairs::LetterPairs;

/// A label has no more words.
const LABEL_WORDS: usize = 5;
/// A label of more bytes is a sentence.
const LABEL_BYTES: usize = 60;
/// `Text, photos and video` joins three labels; nobody joins more than a few.
const JOINED: usize = 4;
/// What stands between a label and its names, in every script…
const MARKS: &[char] = &[
    ':', '：', '＝', '=', '◎', '●', '○', '■', '□', '◇', '◆', '▶', '▷', '►', '꞉',
];
/// …and in those without spaces between words.
const SLASHES: &[char] = &['/', '／', '｜', '|', '丨', '・', '･'];

/// What the people behind a label did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// They wrote the text.
    Writing,
    /// They took photos, edited or translated, or they are its source.
    Other,
}

/// How a label introduces names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// A mark follows: `Editor: Ada Quill`.
    Marked,
    /// A name follows, after a mark or right away: `Foto Ada Quill`.
    Bare,
    /// It ends with 'by' or the like: `Photos by Ada Quill`.
    Phrase,
}

/// A label in a line.
struct Label {
    start: usize,
    /// Where the names begin.
    end: usize,
    work: Work,
}

/// The words of a line and what they mean.
struct Credits<'l> {
    line: &'l str,
    /// The bytes of each word.
    words: Vec<(usize, usize)>,
}

static LABELS_ANYWHERE: LazyLock<HashSet<&str>> =
    LazyLock::new(|| words::LABELS.iter().copied().collect());

/// How labels begin.
static BEGINNINGS: LinePrefixes = LinePrefixes::of(beginnings());

const fn beginnings() -> LetterPairs {
    let (mut pairs, mut row) = (LetterPairs::empty(), 0);
    while row < CREDIT_WORDS.len() {
        pairs = pairs.and_first_of(CREDIT_WORDS[row].2);
        row += 1;
    }
    pairs
}

static LABELS: LazyLock<HashMap<&str, (Work, Form)>> = LazyLock::new(|| {
    let rows = CREDIT_WORDS.iter();
    let labels =
        rows.flat_map(|&(work, form, words)| words.iter().map(move |&it| (it, work, form)));
    let mut all: HashMap<&str, (Work, Form)> = HashMap::new();
    for (label, work, form) in labels {
        // A word of several forms has the loosest one.
        let known = all.entry(label).or_insert((work, form));
        if form > known.1 {
            *known = (work, form);
        }
    }
    all
});

/// The parts of a line that name those who wrote; the whole line where it has no labels.
pub(super) fn writers(line: &str) -> Vec<&str> {
    let credits = Credits::new(line);
    let labels = credits.labels();
    let Some(first) = labels.first() else {
        return credits.named_before().unwrap_or_else(|| vec![line]);
    };
    let ends = labels.iter().skip(1).map(|it| it.start);
    let ends = ends.chain([line.len()]);
    let labelled = labels.iter().zip(ends);
    let mut writers: Vec<&str> = labelled
        .filter(|(label, _)| label.work == Work::Writing)
        .map(|(label, end)| &line[label.end..end])
        .collect();
    let before = &line[..first.start];
    if writers.is_empty() || without_leads(before).len() < before.trim().len() {
        writers.insert(0, before);
    }
    writers.retain(|it| it.contains(char::is_alphabetic));
    writers
}

/// The kind of work that `text` names and nothing else: `Fotos`, `Text und Bild`.
pub(super) fn work(text: &str) -> Option<Work> {
    let credits = Credits::new(text);
    let (work, _, next) = credits.joined_label(0)?;
    (next == credits.words.len()).then_some(work)
}

/// True for a line of credits that names those who wrote after a label that says so wherever it
/// stands: `Source: The Ledger Author: Ada Quill`.
pub(in crate::extract::fields) fn names_writers(line: &str) -> bool {
    let credits = Credits::new(line);
    let labels = credits.labels();
    labels.len() > 1 && labels.iter().any(|it| it.is_plain_label(line))
}

/// True for a line that begins with a label of credits and has another of other work, or a mark after the
/// first: `Text Ada Quill Foto Ben Harrow`, `Reportage: Ada Quill`. Whether what follows are names is not
/// asked.
pub(in crate::extract::fields) fn begins_with_credits(line: &str) -> bool {
    // Labels begin with letters, and hardly any line with the letters of one.
    if !BEGINNINGS.may_match(line.trim_start_matches(|c: char| !c.is_alphanumeric())) {
        return false;
    }
    let credits = Credits::new(line);
    let labels = credits.labels();
    let Some(first) = labels.first() else {
        return false;
    };
    let begins = !line[..first.start].contains(char::is_alphanumeric);
    let has = |work| labels.iter().any(|it| it.work == work);
    let is_marked = line[..first.end].trim_end().ends_with(MARKS);
    begins && has(Work::Writing) && (has(Work::Other) || is_marked)
}

impl Label {
    fn is_plain_label(&self, line: &str) -> bool {
        let label = line[self.start..self.end]
            .trim_end()
            .trim_end_matches(MARKS);
        LABELS_ANYWHERE.contains(label.trim().to_lowercase().as_str())
    }
}

impl<'l> Credits<'l> {
    fn new(line: &'l str) -> Credits<'l> {
        let mut words = Vec::new();
        let mut start = None;
        for (at, c) in line.char_indices() {
            match (is_between_words(c), start) {
                (true, Some(from)) => {
                    words.push((from, at));
                    start = None;
                }
                (false, None) => start = Some(at),
                _ => {}
            }
        }
        words.extend(start.map(|from| (from, line.len())));
        Credits { line, words }
    }

    fn labels(&self) -> Vec<Label> {
        let mut labels = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            match self.label(at, !labels.is_empty()) {
                Some((label, next)) => {
                    labels.push(label);
                    at = next;
                }
                None => at += 1,
            }
        }
        labels
    }

    /// The label that begins at a word, and the word after it. `is_later` says that the line has
    /// labels before.
    fn label(&self, at: usize, is_later: bool) -> Option<(Label, usize)> {
        let (work, form, next) = self.joined_label(at)?;
        let start = self.words[at].0;
        let after = &self.line[self.words[next - 1].1..];
        let rest = after.trim_start();
        let is_dense = is_caseless(&self.line[start..]);
        let mark = rest.chars().next();
        let is_mark = mark.is_some_and(|c| {
            MARKS.contains(&c) || (SLASHES.contains(&c) && is_dense) || self.is_cell(at, c, form)
        });
        let names = match mark {
            Some(c) if is_mark => &rest[c.len_utf8()..],
            Some('-' | '–' | '—') if form > Form::Marked && after.starts_with(' ') => {
                rest.trim_start_matches(['-', '–', '—'])
            }
            _ => {
                let is_apart = after.len() > rest.len() && !rest.is_empty();
                let introduces = match form {
                    Form::Marked => false,
                    Form::Phrase => true,
                    Form::Bare => {
                        (is_dense || is_later || self.begins_part(at)) && self.is_name_at(next)
                    }
                };
                (is_apart && introduces).then_some(rest)?
            }
        };
        let label = Label {
            start,
            end: self.line.len() - names.len(),
            work,
        };
        Some((label, next))
    }

    /// True for a label alone in its cell of a line of elements: `Text | Ada Quill`.
    fn is_cell(&self, at: usize, mark: char, form: Form) -> bool {
        let before = self.line[..self.words[at].0].trim_end();
        mark == '|' && form > Form::Marked && (before.is_empty() || before.ends_with('|'))
    }

    fn begins_part(&self, at: usize) -> bool {
        let before = self.line[..self.words[at].0].trim_end();
        before.is_empty() || before.ends_with([',', ';', '|', '.', '·', '•', '/'])
    }

    /// True where a word may begin a name: it has a capital letter, or a script without them.
    fn is_name_at(&self, at: usize) -> bool {
        let word = self.words.get(at).map(|&(from, to)| &self.line[from..to]);
        word.is_some_and(|it| {
            let is_short = it.chars().nth(1).is_none();
            it.starts_with(char::is_uppercase) || (is_caseless(it) && !is_short)
        })
    }

    /// The label at a word with those that are joined to it, and the word after them.
    fn joined_label(&self, at: usize) -> Option<(Work, Form, usize)> {
        let (mut work, mut form, mut next) = self.one_label(at)?;
        for _ in 0..JOINED {
            let Some((other, other_form, end)) = self.joined_at(next) else {
                break;
            };
            if other == Work::Writing {
                work = other;
            }
            form = form.max(other_form);
            next = end;
        }
        Some((work, form, next))
    }

    fn joined_at(&self, at: usize) -> Option<(Work, Form, usize)> {
        let &(start, end) = self.words.get(at)?;
        let gap = self.line[self.words[at - 1].1..start].trim();
        if matches!(gap, "/" | "／" | "・" | "·" | "," | "、" | "，" | "･") {
            return self.one_label(at);
        }
        let joiner = self.line[start..end].to_lowercase();
        let is_joiner = gap.is_empty() && LABEL_JOINERS.contains(&joiner.as_str());
        is_joiner.then(|| self.one_label(at + 1)).flatten()
    }

    /// The longest label at a word, and the word after it.
    fn one_label(&self, at: usize) -> Option<(Work, Form, usize)> {
        let start = self.words.get(at)?.0;
        if !BEGINNINGS.may_match(&self.line[start..]) {
            return None;
        }
        let mut found = None;
        for next in at + 1..=self.words.len().min(at + LABEL_WORDS) {
            let (from, end) = self.words[next - 1];
            let is_one = next == at + 1 || {
                let gap = &self.line[self.words[next - 2].1..from];
                gap == " "
            };
            if !is_one || end - start > LABEL_BYTES {
                break;
            }
            let word = self.line[start..end].trim_end_matches('.');
            let word = word.to_lowercase();
            if let Some(&(work, form)) = LABELS.get(word.as_str()) {
                found = Some((work, form, next));
            }
        }
        found
    }

    /// The names where the labels stand after them: `홍길동 글, 김철수 사진`, `张三 文 李四 图`.
    fn named_before(&self) -> Option<Vec<&'l str>> {
        let last = self.words.len().checked_sub(1).filter(|&it| it > 0)?;
        let is_label = |at: usize| {
            let (work, form, _) = self.one_label(at).filter(|it| it.2 == at + 1)?;
            let (start, _) = self.words[at];
            (form == Form::Bare && is_caseless(&self.line[start..])).then_some(work)
        };
        is_label(last)?;
        let (mut from, mut writers) = (0, Vec::new());
        for at in 1..=last {
            if let Some(work) = is_label(at) {
                let (start, end) = self.words[at];
                if work == Work::Writing {
                    writers.push(&self.line[from..start]);
                }
                from = end;
            }
        }
        Some(writers)
    }
}

fn is_between_words(c: char) -> bool {
    c.is_whitespace()
        || MARKS.contains(&c)
        || SLASHES.contains(&c)
        || matches!(
            c,
            ',' | '，'
                | '、'
                | '،'
                | ';'
                | '；'
                | '؛'
                | '·'
                | '・'
                | '･'
                | '•'
                | '('
                | ')'
                | '（'
                | '）'
                | '['
                | ']'
                | '【'
                | '】'
                | '\u{1}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_begins_with_a_label_is_known_by_its_first_letters() {
        for (label, _) in LABELS.iter() {
            assert!(label.starts_with(char::is_alphanumeric), "{label}");
            for line in [format!("{label}: Ada Quill"), label.to_uppercase()] {
                assert!(BEGINNINGS.may_match(&line), "{line}");
            }
        }
        assert!(!BEGINNINGS.may_match("Xylophones"));
    }
}
