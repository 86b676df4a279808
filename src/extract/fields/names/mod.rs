//! Names out of bylines: lists are split; 'By', roles, places, dates, addresses and handles are
//! dropped. What is not clearly a name is left out: an empty field is better than a wrong one.

mod leads;
mod people;
mod placeholder_names;
mod words;

use std::collections::HashSet;

use crate::extract::fields::field_text;
use crate::limits::Limits;
pub(super) use leads::{
    LEAD_WORDS, after_by, after_label, begins_byline, begins_long_byline, is_announced, is_lead,
};
use leads::{after_lead, without_label, without_leads};
pub(super) use people::{fullest, is_full, without_organisations};
use placeholder_names::{PLACEHOLDERS, ROLES};
use words::{CHECKERS, ENDS, IN_ORGANISATIONS, PARTICLES, SEPARATORS};

/// Longer names are sentences.
const NAME_CHARS: usize = 70;
/// Names have no more words; those of agencies and organisations come close.
const NAME_WORDS: usize = 8;
/// A byline of more characters is a paragraph.
const BYLINE_CHARS: usize = 600;

/// Where a byline was found, which says how far it is trusted to hold names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameContext {
    /// In a field for authors, which is meant to hold names.
    AuthorField,
    /// In visible text, which may hold other words.
    VisibleText,
}

/// Cleans names as a page or a selector states them: one name each, without duplicates.
pub(super) fn clean<S: AsRef<str>>(
    raw: &[S],
    context: NameContext,
    limits: &Limits,
) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for byline in raw.iter().take(limits.list_items) {
        for name in split(byline.as_ref(), context, limits) {
            if names.len() < limits.list_items && seen.insert(field_text::plain(&name)) {
                names.push(name);
            }
        }
    }
    names
}

/// `Ferry, Ada` as `Ada Ferry`: scholarly pages state one author so in each element (Highwire's
/// `citation_author`).
pub(super) fn first_name_first(raw: &str) -> String {
    match raw.split_once(',') {
        Some((last, first)) if !first.contains(',') && !last.trim().contains(' ') => {
            format!("{} {}", first.trim(), last.trim())
        }
        _ => raw.to_owned(),
    }
}

/// The names in one byline.
fn split(byline: &str, context: NameContext, limits: &Limits) -> Vec<String> {
    let Some(line) = field_text::clean(byline, limits) else {
        return Vec::new();
    };
    if line.chars().count() > BYLINE_CHARS {
        return Vec::new();
    }
    let line = without_brackets(&without_addresses(&line));
    let mut parts: Vec<&str> = parts(without_checkers(without_leads(&line)));
    if context == NameContext::VisibleText {
        retain_announced(&mut parts);
    }
    let alone = parts.len() == 1;
    let names = parts
        .into_iter()
        .enumerate()
        .filter(|(place, part)| *place == 0 || !is_credential(part))
        .filter_map(|(_, part)| name(part, alone))
        .filter(|name| context == NameContext::AuthorField || !is_phrase(name));
    names.collect()
}

/// `line` split at every separator.
fn parts(line: &str) -> Vec<&str> {
    let mut parts = vec![line];
    for separator in SEPARATORS {
        if line.contains(separator) {
            parts = parts
                .into_iter()
                .flat_map(|part| part.split(separator))
                .collect();
        }
    }
    parts.retain(|part| part.chars().any(char::is_alphanumeric));
    parts
}

/// Retains the parts that are announced as names: drops what stands before a 'by' of its own, and
/// everything from the first part that begins with 'in', which are sections and places.
fn retain_announced(parts: &mut Vec<&str>) {
    if let Some(by) = parts
        .iter()
        .position(|part| part.trim().len() < 5 && is_lead(part))
    {
        parts.drain(..=by);
    }
    if let Some(place) = parts
        .iter()
        .skip(1)
        .position(|part| after_lead(part.trim(), "in").is_some())
    {
        parts.truncate(place + 1);
    }
}

/// One part of a byline as a name, if it is one.
fn name(part: &str, alone: bool) -> Option<String> {
    let part = without_end(without_label(without_leads(part)));
    let name = part.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ':' | '-' | '–' | '—' | '*' | '"' | '“' | '”' | '„' | '~' | '_' | '>' | '<' | '#'
            )
    });
    let plain = field_text::plain(name);
    let words = plain.split(' ').count();
    let is_name = !plain.is_empty()
        && name.chars().count() <= NAME_CHARS
        && words <= NAME_WORDS
        && has_enough_letters(name)
        && !PLACEHOLDERS.contains(&plain.as_str())
        && !is_lead(&plain)
        && !name.contains(['→', '©', '{', '}', '='])
        && !is_slug(name)
        && !has_stray_digits(name)
        && (alone || !has_role(&plain));
    is_name.then(|| name.to_owned())
}

/// Two letters, or one that is a word by itself.
fn has_enough_letters(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2 || name.chars().any(|c| c as u32 > 0x2E80)
}

/// Digits stand in handles (`reader99`) and in the names of organisations (`Radio1 News`), after
/// letters; elsewhere in names of several words they are dates.
fn has_stray_digits(name: &str) -> bool {
    let begins = |word: &str| {
        let first = word.chars().find(|c| c.is_alphanumeric());
        first.is_some_and(|c| c.is_ascii_digit())
    };
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let is_time = begins(name) && !name.contains(char::is_lowercase);
    let is_date = name.contains(' ') && name.split(' ').any(begins);
    digits > 0 && (is_date || name.contains([':', '.']) || digits > 4 || is_time)
}

/// True for words that end in lower case, such as `5 mins read`, or contain lower-case words that no
/// name has: `Police found the Body`.
fn is_phrase(name: &str) -> bool {
    let mut words = name.split(' ');
    let last = words
        .next_back()
        .and_then(|word| word.chars().find(|c| c.is_alphabetic()));
    let is_foreign = |word: &str| {
        word.starts_with(char::is_lowercase)
            && !PARTICLES.contains(&word)
            && !IN_ORGANISATIONS.contains(&word)
    };
    name.contains(' ')
        && name.contains(char::is_uppercase)
        && (last.is_some_and(char::is_lowercase) || words.any(is_foreign))
}

/// True for `ada-quill` and `page.author`: part of a URL, the name of a field.
fn is_slug(name: &str) -> bool {
    name.contains(['-', '_', '.']) && !name.contains(' ') && !name.contains(char::is_uppercase)
}

/// True for `MD`, `RDN` or `E-RYT 200` after a name. Agencies look the same, but stand alone.
fn is_credential(part: &str) -> bool {
    const AGENCIES: &[&str] = &[
        "AFP", "AP", "DPA", "EFE", "ANSA", "PTI", "TASS", "APA", "SDA", "PAP", "NTB", "TT",
    ];
    let part = part.trim();
    let letters = part.chars().filter(|c| c.is_alphabetic());
    let is_short = part.chars().count() <= 9 && !part.contains(char::is_lowercase);
    is_short && letters.count() >= 2 && part.is_ascii() && !AGENCIES.contains(&part)
}

fn has_role(plain: &str) -> bool {
    plain.split(' ').any(|word| ROLES.contains(&word))
}

/// `text` up to those who edited, checked or translated the article.
fn without_checkers(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let end = CHECKERS.iter().filter_map(|it| lower.find(it)).min();
    end.and_then(|at| text.get(..at)).unwrap_or(text)
}

/// `text` up to where it says more than the name.
fn without_end(text: &str) -> &str {
    let lower = text.to_lowercase();
    // Lower case may have another length; then nothing is cut.
    if lower.len() != text.len() {
        return text;
    }
    let end = ENDS
        .iter()
        .filter_map(|end| lower.find(end))
        .filter(|&at| lower[..at].contains(' '))
        .min();
    end.and_then(|at| text.get(..at)).unwrap_or(text)
}

/// `text` without e-mail addresses, URLs and handles.
fn without_addresses(text: &str) -> String {
    let is_address = |word: &&str| {
        let word = word.to_ascii_lowercase();
        word.contains('@') || word.contains("://") || word.starts_with("www.")
    };
    let words: Vec<&str> = text.split(' ').filter(|word| !is_address(word)).collect();
    words.join(" ")
}

/// `text` without what stands in brackets, which may be nested or never closed.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' | '（' => depth += 1,
            ')' | ']' | '）' => depth = depth.saturating_sub(1),
            ' ' if outside.ends_with(' ') => {}
            _ if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    outside
}

#[cfg(test)]
mod tests;
