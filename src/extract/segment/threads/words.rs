//! The words that readers' comments are recognised by. They are data, in `rules/threads.toml`.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use serde::Deserialize;

use crate::extract::rules::letter_pairs::LetterPairs;
use crate::extract::segment::threads::figures::{has_clock_or_date, has_glued_unit, is_tally};
use crate::extract::segment::threads::name_words::for_each_word;
use crate::extract::segment::threads::shapes::{Ends, Shapes};
use crate::page::text::{push_lower, trim};

/// Longer texts are no labels, in bytes.
const LABEL: usize = 90;
/// A label that begins with an action has at most this many words: 'Reply to Grete'.
const ACTION_WORDS: usize = 3;
/// A time has at most this many words: 'am 26. November 2026 um 12:40 Uhr'.
const TIME_WORDS: usize = 9;

type Set = HashSet<String, RandomState>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    names: Names,
    headings: Labels,
    actions: Labels,
    votes: Labels,
    prompts: Labels,
    times: Times,
    forums: Forums,
}

/// What pages of forums are recognised by.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forums {
    pub(super) software: Vec<String>,
    pub(super) types: Vec<String>,
    pub(super) names: Set,
    pub(super) hosts: Vec<String>,
    pub(super) segments: Set,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    sure: Set,
    likely: Set,
    before: Set,
    after: Set,
    states: Set,
    authors: Set,
    controls: Set,
    bodies: Set,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    is: Set,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Times {
    units: Set,
    alone: Set,
    glued: Vec<String>,
}

/// How surely an element's id or class names comments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// Not at all.
    #[default]
    None,
    /// With a word that is used for other things too.
    Likely,
    /// With a word of its own.
    Sure,
}

/// What an id or a class says about its element.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct NameSigns {
    /// That it holds comments.
    pub(super) naming: Naming,
    /// That it names or shows who has written something.
    pub(super) author: bool,
    /// That it is a button below a comment.
    pub(super) control: bool,
    /// That it is the body of an article.
    pub(super) body: bool,
}

/// What a short text is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct LabelSigns {
    /// The heading of a thread.
    pub(super) heading: bool,
    /// A line that asks for comments or counts them.
    pub(super) prompt: bool,
    /// A button below a comment.
    pub(super) action: bool,
    /// A vote, or the number of votes.
    pub(super) vote: bool,
    /// When something was written.
    pub(super) time: bool,
}

/// What a word of a name is.
#[derive(Debug, Clone, Copy, Default)]
struct WordSigns {
    naming: Naming,
    /// It stands before a name, or after one.
    before: bool,
    after: bool,
    state: bool,
    author: bool,
    control: bool,
}

/// The bit of [`Tables::ends`] for words of the file; the others are those of joined words.
const KNOWN: u8 = 1;

/// The words of the file, each with all that it is.
#[derive(Debug, Default)]
struct Tables {
    of_word: HashMap<&'static str, WordSigns, RandomState>,
    of_label: HashMap<&'static str, LabelSigns, RandomState>,
    /// The first words of all labels: most texts begin with others.
    first_words: HashSet<&'static str, RandomState>,
    /// How they begin.
    first_letters: LetterPairs,
    /// Which words may be [`KNOWN`], and which may be joined.
    ends: Ends,
    /// All words.
    words: Shapes,
    /// Names, and what stands before and after them.
    names: Shapes,
    before: Shapes,
    after: Shapes,
    /// How the names of articles' bodies begin and end.
    bodies: Shapes,
}

// The file is compiled in and tested; a broken one would know no comments.
static WORDS: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/threads.toml")).unwrap_or_default()
});

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables::of(&WORDS));

impl Tables {
    fn of(file: &'static File) -> Tables {
        let names = &file.names;
        let all_names = names.sure.iter().chain(&names.likely);
        let mut tables = Tables {
            names: Shapes::of(all_names.map(String::as_str)),
            before: Shapes::of(names.before.iter().map(String::as_str)),
            after: Shapes::of(names.after.iter().map(String::as_str)),
            bodies: Shapes::of(names.bodies.iter().map(String::as_str)),
            ..Tables::default()
        };
        tables.words(&names.likely, |it| it.naming = Naming::Likely);
        tables.words(&names.sure, |it| it.naming = Naming::Sure);
        tables.words(&names.before, |it| it.before = true);
        tables.words(&names.after, |it| it.after = true);
        tables.words(&names.states, |it| it.state = true);
        tables.words(&names.authors, |it| it.author = true);
        tables.words(&names.controls, |it| it.control = true);
        tables.words = Shapes::of(tables.of_word.keys().copied());
        tables.ends = Ends::of([
            (&tables.words, &tables.words),
            (&tables.before, &tables.names),
            (&tables.names, &tables.after),
        ]);
        tables.labels(&file.headings.is, |it| it.heading = true);
        tables.labels(&file.prompts.is, |it| it.prompt = true);
        tables.labels(&file.actions.is, |it| it.action = true);
        tables.labels(&file.votes.is, |it| it.vote = true);
        tables.labels(&file.times.alone, |it| it.time = true);
        tables.first_letters = LetterPairs::first(tables.first_words.iter().copied());
        tables
    }

    fn words(&mut self, words: &'static Set, set: impl Fn(&mut WordSigns)) {
        for word in words {
            set(self.of_word.entry(word).or_default());
        }
    }

    fn labels(&mut self, labels: &'static Set, set: impl Fn(&mut LabelSigns)) {
        for label in labels {
            self.first_words.extend(label.split(' ').next());
            set(self.of_label.entry(label).or_default());
        }
    }

    fn word(&self, word: &str) -> WordSigns {
        if !self.words.may_join(&self.words, word) {
            return WordSigns::default();
        }
        self.of_word.get(word).copied().unwrap_or_default()
    }

    fn label(&self, label: &str) -> LabelSigns {
        self.of_label.get(label).copied().unwrap_or_default()
    }

    /// How surely a word that is no name itself names comments: 'commentlist', 'usercomments'.
    fn naming_of_joined(&self, word: &str) -> Naming {
        let is_name = |it: &str| self.word(it).naming != Naming::None;
        let has_head = || {
            let mut heads = self.before.within(word.len(), &self.names);
            heads.any(|at| {
                let parts = word.split_at_checked(at);
                parts.is_some_and(|(head, tail)| self.word(head).before && is_name(tail))
            })
        };
        let has_tail = || {
            let mut tails = self.after.within(word.len(), &self.names);
            tails.any(|length| {
                let parts = word.split_at_checked(word.len() - length);
                parts.is_some_and(|(head, tail)| self.word(tail).after && is_name(head))
            })
        };
        let is_joined = self.before.may_join(&self.names, word) && has_head()
            || self.names.may_join(&self.after, word) && has_tail();
        if is_joined {
            Naming::Sure
        } else {
            Naming::None
        }
    }
}

/// What pages of forums are recognised by.
pub(super) fn forums() -> &'static Forums {
    &WORDS.forums
}

/// What an id or a class says. `buffer` is for its words, one at a time.
pub(super) fn of_name(value: &str, buffer: &mut String) -> NameSigns {
    let (names, tables) = (&WORDS.names, &*TABLES);
    let mut signs = NameSigns::default();
    for name in value.split_ascii_whitespace() {
        let may_be_body = tables.bodies.may_join(&tables.bodies, name);
        signs.body |= may_be_body && names.bodies.contains(name);
        let naming = naming(tables, name, buffer, |word| {
            signs.author |= word.author;
            signs.control |= word.control;
        });
        signs.naming = signs.naming.max(naming);
    }
    signs
}

/// How surely one name is that of comments; `visit` sees its words.
fn naming(
    tables: &Tables,
    name: &str,
    buffer: &mut String,
    mut visit: impl FnMut(WordSigns),
) -> Naming {
    let (mut best, mut is_state) = (Naming::None, false);
    let (mut after_part, mut after_likely) = (false, false);
    for_each_word(name, buffer, |word| {
        // Most words are none of these, as two looks at their letters show.
        let may_be = tables.ends.of_word(word);
        let signs = if may_be & KNOWN != 0 {
            tables.word(word)
        } else {
            WordSigns::default()
        };
        visit(signs);
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        if after_likely && (is_number || signs.after) {
            best = Naming::Sure;
        }
        let own = match signs.naming {
            Naming::None if may_be & !KNOWN != 0 => tables.naming_of_joined(word),
            known => known,
        };
        best = best.max(match own {
            Naming::Likely if after_part => Naming::Sure,
            own => own,
        });
        after_likely = own == Naming::Likely;
        after_part = signs.before;
        is_state |= signs.state;
    });
    if is_state { Naming::None } else { best }
}

/// What a text is, if it is short. `buffer` is for its words.
pub(super) fn of_label(text: &str, buffer: &mut String) -> LabelSigns {
    let text = trim(text);
    if text.is_empty() || text.len() > LABEL {
        return LabelSigns::default();
    }
    let tables = &*TABLES;
    // Without a way out, so that the compiler takes many bytes at once.
    let has_digit = text
        .bytes()
        .fold(false, |has, it| has | it.is_ascii_digit());
    if !has_digit && !may_begin_label(&tables.first_letters, text) {
        return LabelSigns::default();
    }
    if !push_label(text, buffer, |first| {
        has_digit || tables.first_words.contains(first)
    }) {
        return LabelSigns::default();
    }
    let label = buffer.as_str();
    let mut signs = tables.label(label);
    if let Some((first, rest)) = label.split_once(' ') {
        let is_short = rest.split(' ').nth(ACTION_WORDS - 1).is_none();
        signs.action |= is_short && tables.label(first).action;
    }
    signs.heading &= !signs.action;
    if has_digit {
        signs.vote |= is_tally(text);
        signs.time |= is_time(text, label);
    }
    signs
}

/// False for a text whose first two letters are those of no label.
fn may_begin_label(first_letters: &LetterPairs, text: &str) -> bool {
    match *text.as_bytes() {
        [first, second, ..] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => {
            first_letters.has(first.to_ascii_lowercase(), second.to_ascii_lowercase())
        }
        _ => true,
    }
}

/// The words of a text in lower case, with one space between them and without numbers and marks. False where the
/// first word `may_begin` no label: then the others are not read.
fn push_label(text: &str, buffer: &mut String, may_begin: impl Fn(&str) -> bool) -> bool {
    buffer.clear();
    let mut is_first = true;
    for c in text.chars() {
        if c.is_alphabetic() || is_joiner(c) && !buffer.is_empty() {
            push_lower(buffer, c);
        } else if !buffer.is_empty() && !buffer.ends_with(' ') {
            if std::mem::take(&mut is_first) && !may_begin(buffer) {
                return false;
            }
            buffer.push(' ');
        }
    }
    buffer.truncate(buffer.trim_end().len());
    !is_first || may_begin(buffer)
}

/// True for characters inside words: apostrophes, joiners, vowel signs.
fn is_joiner(c: char) -> bool {
    matches!(c, '\'' | '\u{200C}' | '\u{200D}' | '\u{0900}'..='\u{0DFF}' | '\u{0E00}'..='\u{0E7F}')
}

/// True for a date, a time of day or an age.
fn is_time(text: &str, label: &str) -> bool {
    let words = &WORDS.times;
    if label.split(' ').count() > TIME_WORDS {
        return false;
    }
    has_clock_or_date(text)
        || label.split(' ').any(|word| words.units.contains(word))
        || has_glued_unit(&words.glued, text)
}
