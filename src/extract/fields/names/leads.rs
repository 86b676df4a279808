//! What introduces a name: 'By', 'Written by', 'Author:'.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use crate::extract::fields::line_prefixes::LinePrefixes;
use crate::extract::fields::names::is_full;
use crate::extract::fields::names::words::{CLEAR_LEADS, LABELS, LEADS, LOWER_LEADS};

/// What a byline begins with.
static BYLINES: LinePrefixes = LinePrefixes::new(CLEAR_LEADS);
/// How lines begin that may have a label.
static LABELLED: LinePrefixes = LinePrefixes::new(LABELS);

/// How leads begin.
static BEGINNINGS: LinePrefixes = LinePrefixes::new(LEADS);
/// No lead has more bytes.
const LONGEST: usize = longest(LEADS);

const fn longest(leads: &[&str]) -> usize {
    let (mut longest, mut at) = (0, 0);
    while at < leads.len() {
        if leads[at].len() > longest {
            longest = leads[at].len();
        }
        at += 1;
    }
    longest
}

/// Every lead by its first word.
static BY_FIRST: LazyLock<Leads> = LazyLock::new(|| Leads::new(LEADS));
/// The clear leads by their first words.
static CLEAR_BY_FIRST: LazyLock<Leads> = LazyLock::new(|| Leads::new(CLEAR_LEADS));
/// The labels by their first words.
static LABELS_BY_FIRST: LazyLock<Leads> = LazyLock::new(|| Leads::new(LABELS));
/// Every lead.
static ALL: LazyLock<HashSet<&str, RandomState>> =
    LazyLock::new(|| LEADS.iter().copied().collect());

/// Leads by their first words: a line is compared with those alone that begin as it does.
struct Leads {
    by_first: HashMap<String, Vec<&'static str>, RandomState>,
    /// The first words have no more letters.
    longest: usize,
}

impl Leads {
    fn new(leads: &[&'static str]) -> Leads {
        let mut by_first: HashMap<String, Vec<&'static str>, RandomState> = HashMap::default();
        let mut longest = 0;
        for lead in leads {
            let first = first_word(lead, usize::MAX).unwrap_or_default();
            longest = longest.max(first.chars().count());
            by_first.entry(first).or_default().push(lead);
        }
        Leads { by_first, longest }
    }

    /// The leads whose first word is that of a text.
    fn with_first_word_of(&self, text: &str) -> &[&'static str] {
        let leads = first_word(text, self.longest).and_then(|it| self.by_first.get(&it));
        leads.map_or(&[], Vec::as_slice)
    }
}

/// The first word in lower case, with one form of the Greek sigma; `None` where it is longer.
fn first_word(text: &str, longest: usize) -> Option<String> {
    let letters = text
        .chars()
        .take_while(|c| !c.is_whitespace() && !matches!(c, ':' | '：'))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ς' { 'σ' } else { c });
    let mut word = String::with_capacity(16);
    for (place, letter) in letters.enumerate() {
        if place == longest {
            return None;
        }
        word.push(letter);
    }
    Some(word)
}

/// The words of which leads consist.
pub(in crate::extract::fields) static LEAD_WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| LEADS.iter().flat_map(|lead| lead.split(' ')).collect());

/// `text` without the words that introduce a name.
pub(super) fn without_leads(text: &str) -> &str {
    let mut rest = without_glued_by(text.trim());
    // 'Text: By …' has two; no byline has more than a few.
    for _ in 0..3 {
        match BY_FIRST
            .with_first_word_of(rest)
            .iter()
            .filter_map(|lead| after_lead(rest, lead))
            .min_by_key(|it| it.len())
        {
            Some(after) => rest = after,
            None => break,
        }
    }
    without_lower_lead(without_glued_thai(rest))
}

/// `di Ada Quill` without the first word; `di Costa` may be a surname.
fn without_lower_lead(text: &str) -> &str {
    let mut words = text.split(' ');
    let is_lead = words.next().is_some_and(|it| LOWER_LEADS.contains(&it));
    let is_name = words
        .by_ref()
        .take(2)
        .filter(|it| it.starts_with(char::is_uppercase))
        .count()
        == 2;
    match text.split_once(' ') {
        Some((_, rest)) if is_lead && is_name => rest,
        _ => text,
    }
}

/// Thai has no spaces between words: `โดยสมชาย ใจดี`.
fn without_glued_thai(text: &str) -> &str {
    text.strip_prefix("โดย").unwrap_or(text).trim_start()
}

/// `Interview: Ada Quill` without the label: no name has a colon.
pub(super) fn without_label(text: &str) -> &str {
    match text.rsplit_once([':', '：']) {
        // `3:15pm` is a time.
        Some((label, rest))
            if rest.chars().any(char::is_alphabetic) && !label.ends_with(char::is_numeric) =>
        {
            rest.trim_start()
        }
        _ => text,
    }
}

/// `ByAda Quill`, where the markup had a gap: the rest after 'By'.
fn without_glued_by(text: &str) -> &str {
    match text.strip_prefix("By") {
        Some(rest) if rest.starts_with(char::is_uppercase) && rest.contains(' ') => rest,
        _ => text,
    }
}

/// True where `text` is nothing but what introduces a name.
pub(in crate::extract::fields) fn is_lead(text: &str) -> bool {
    let lower = text.trim().trim_end_matches([':', '：']).to_lowercase();
    ALL.contains(lower.as_str())
}

/// False for most texts in several pieces that are more than a lead. Reads no more of them than a lead has.
pub(in crate::extract::fields) fn may_be_lead<'t>(pieces: impl Iterator<Item = &'t str>) -> bool {
    let mut letters = 0;
    for piece in pieces.map(str::trim_start).filter(|it| !it.is_empty()) {
        if letters == 0 && !BEGINNINGS.may_match(piece) {
            return false;
        }
        // Lower case has at least as many characters, and a lead at least as many bytes.
        let is_letter = |c: &char| !c.is_whitespace() && !matches!(c, ':' | '：');
        letters += piece.chars().filter(is_letter).take(LONGEST + 1).count();
        if letters > LONGEST {
            return false;
        }
    }
    true
}

/// False for most lines that begin no byline, by their first letters.
pub(in crate::extract::fields) fn may_begin_byline(line: &str) -> bool {
    BYLINES.may_match(line)
}

/// False for most lines that do not begin with the label of a name.
pub(in crate::extract::fields) fn may_begin_with_label(line: &str) -> bool {
    LABELLED.may_match(line)
}

/// True for a line that begins with a clear lead and goes on with a capital letter or ends with one
/// word (`by ada`), or is the lead.
pub(in crate::extract::fields) fn begins_byline(line: &str) -> bool {
    let line = line.trim_start();
    if !BYLINES.may_match(line) {
        return false;
    }
    let line = line.trim_end();
    let head = line.get(..line.floor_char_boundary(40)).unwrap_or(line);
    let leads = CLEAR_BY_FIRST.with_first_word_of(head);
    if leads.is_empty() {
        return false;
    }
    let own = head.trim_end_matches(':').to_lowercase();
    let names = |rest: &str| {
        let begins = rest
            .chars()
            .next()
            .is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
        begins || (!rest.is_empty() && !rest.contains(' '))
    };
    leads.contains(&own.as_str()) && is_lead(head)
        || leads
            .iter()
            .any(|lead| after_lead(head, lead).is_some_and(names))
}

/// True for a lead and a full name, and nothing else: `By Ada Quill`.
pub(in crate::extract::fields) fn is_announced(line: &str) -> bool {
    let line = line.trim();
    let name = without_leads(line).trim_end_matches('.');
    name.len() < line.len() && is_full(name)
}

/// True for a line that begins with a clear lead of several words, such as 'Written by'.
pub(in crate::extract::fields) fn begins_long_byline(line: &str) -> bool {
    let line = line.trim_start();
    if !BYLINES.may_match(line) {
        return false;
    }
    let leads = CLEAR_BY_FIRST.with_first_word_of(line).iter();
    let mut leads = leads.filter(|lead| lead.contains(' '));
    leads.any(|lead| after_lead(line, lead).is_some()) && begins_byline(line)
}

/// What follows 'by' within a line: `24 December 2023 by Ada Quill`.
pub(in crate::extract::fields) fn after_by(line: &str) -> Option<&str> {
    let by = [" by ", " By ", " von ", " par ", " por "];
    let (_, rest) = by.iter().find_map(|word| line.split_once(word))?;
    rest.starts_with(char::is_uppercase).then_some(rest)
}

/// The name after a label with a colon (`Author: Ada Ferry`); empty where the label stands alone and
/// the name follows elsewhere.
pub(in crate::extract::fields) fn after_label(line: &str) -> Option<&str> {
    let start = line.trim_start();
    if !LABELLED.may_match(start) || LABELS_BY_FIRST.with_first_word_of(start).is_empty() {
        return None;
    }
    let (label, rest) = line.split_once([':', '：'])?;
    let label = label.trim();
    let is_label = label.len() <= 40 && LABELS.contains(&label.to_lowercase().as_str());
    is_label.then(|| rest.trim())
}

/// What follows `lead` at the start of `text`.
pub(super) fn after_lead<'a>(text: &'a str, lead: &str) -> Option<&'a str> {
    let mut chars = text.char_indices();
    for expected in lead.chars() {
        let (_, c) = chars.next()?;
        if !c.to_lowercase().eq([expected]) {
            return None;
        }
    }
    let rest = chars.as_str();
    let after_space = rest.trim_start();
    if let Some(named) = after_space.strip_prefix([':', '：']) {
        return Some(named.trim_start());
    }
    (after_space.len() < rest.len() && !after_space.is_empty()).then_some(after_space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_in_several_pieces_may_be_one_and_what_is_longer_is_none() {
        for lead in LEADS {
            for text in [format!("\n {}：:", lead.to_uppercase()), (*lead).to_owned()] {
                for at in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
                    let (one, other) = text.split_at(at);
                    assert!(may_be_lead([one, " ", other].into_iter()), "{text}");
                }
            }
        }
        assert!(!may_be_lead(["Xylophones"].into_iter()));
        assert!(!may_be_lead(["by ", &"a".repeat(LONGEST)].into_iter()));
    }

    #[test]
    fn the_leads_with_the_first_word_of_a_line_are_all_that_it_may_begin_with() {
        let after = [
            " Ada Quill",
            ": Ada",
            "： Ada",
            "",
            "s Ada",
            "\u{a0}Ada",
            "\n:",
        ];
        for lead in LEADS.iter().chain(CLEAR_LEADS) {
            for end in after {
                for line in [format!("{lead}{end}"), lead.to_uppercase() + end] {
                    let opens = |it: &&&str| after_lead(&line, it).is_some();
                    let all: HashSet<&&str> = CLEAR_LEADS.iter().filter(opens).collect();
                    let known = CLEAR_BY_FIRST.with_first_word_of(&line).iter();
                    assert_eq!(known.filter(opens).collect::<HashSet<_>>(), all, "{line}");
                    let all: HashSet<&&str> = LEADS.iter().filter(opens).collect();
                    let known = BY_FIRST.with_first_word_of(&line).iter();
                    assert_eq!(known.filter(opens).collect::<HashSet<_>>(), all, "{line}");
                    let is_label = LABELS.contains(&line.to_lowercase().as_str());
                    assert!(!is_label || LABELLED.may_match(&line), "{line}");
                }
            }
        }
    }
}
