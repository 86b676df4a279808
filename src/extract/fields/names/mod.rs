//! Names out of bylines: lists are split; 'By', roles, places, dates, addresses and handles are
//! dropped. What is not clearly a name is left out: an empty field is better than a wrong one.

mod brackets;
mod closing;
mod credit_words;
mod credits;
mod east_asian;
mod leads;
mod parts;
mod people;
mod placeholder_names;
mod prose;
mod roles;
mod words;

use std::collections::HashSet;

use crate::extract::fields::field_text;
use crate::limits::Limits;
use brackets::{NO_WRITER, without_brackets};
pub(super) use closing::{closing_name, may_close};
pub(super) use credits::{begins_with_credits, names_writers};
pub(super) use leads::{
    LEAD_WORDS, after_by, after_label, begins_byline, begins_long_byline, is_announced, is_lead,
    may_be_lead, may_begin_byline, may_begin_with_label,
};
use leads::{after_lead, without_label, without_leads};
use parts::parts;
pub(super) use people::{are_others, fullest, is_agency, is_full, is_organisation, is_whole};
use placeholder_names::PLACEHOLDERS;
pub(super) use prose::reads_like_prose;
use roles::{has_role, without_roles};
use words::{DAYS, ENDS};

/// Words that begin a byline after the name of a section.
const LINE_LEADS: &[&str] = &["by", "von", "par", "por", "door"];
/// Longer names are sentences.
const NAME_CHARS: usize = 70;
/// Names have no more words; those of agencies and organisations come close.
const NAME_WORDS: usize = 8;
/// A byline of more characters is a paragraph, unless it is a list of names…
const BYLINE_CHARS: usize = 600;
/// …which has no more bytes than this.
const LIST_BYTES: usize = 32_000;

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
    let Some(line) = line(byline, limits) else {
        return Vec::new();
    };
    let line = without_brackets(&without_addresses(&line));
    let writers = credits::writers(&line).into_iter();
    writers.flat_map(|it| names_in(it, context)).collect()
}

/// A byline cleaned as one line; `None` for a paragraph.
fn line(byline: &str, limits: &Limits) -> Option<String> {
    if byline.len() <= BYLINE_CHARS {
        return field_text::clean(byline, limits);
    }
    if byline.len() > LIST_BYTES {
        return None;
    }
    let whole = Limits {
        field_chars: limits.field_chars.max(LIST_BYTES),
        ..*limits
    };
    let line = field_text::clean(byline, &whole)?;
    let is_list = || {
        parts(&line)
            .iter()
            .all(|it| it.chars().count() <= NAME_CHARS)
    };
    (line.chars().count() <= BYLINE_CHARS || is_list()).then_some(line)
}

/// The names in what one label introduces.
fn names_in(line: &str, context: NameContext) -> Vec<String> {
    let mut parts: Vec<&str> = parts(without_leads(line));
    if context == NameContext::VisibleText {
        retain_announced(&mut parts);
    }
    let alone = parts.len() == 1;
    let writers = parts
        .into_iter()
        .enumerate()
        .filter(|(place, part)| *place == 0 || !is_credential(part))
        .map(|(_, part)| part)
        .filter(|part| !part.contains(NO_WRITER));
    let names = writers
        .flat_map(|part| east_asian::names(part).unwrap_or_else(|| vec![part]))
        .filter_map(|part| name(part, alone))
        .filter(|name| context == NameContext::AuthorField || !is_phrase(name));
    people::without_agencies(names.collect())
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
    // `Politics | By Ada Quill` begins with the section.
    let announces = |part: &&str| {
        LINE_LEADS
            .iter()
            .any(|it| after_lead(part.trim(), it).is_some())
    };
    if let Some(by) = parts.iter().skip(1).position(announces) {
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
    let name = without_roles(without_stop(part.trim_matches(is_decoration)))?;
    let plain = field_text::plain(name);
    let words = plain.split(' ').count();
    let is_name = !plain.is_empty()
        && name.chars().count() <= NAME_CHARS
        && words <= NAME_WORDS
        && has_enough_letters(name)
        && !PLACEHOLDERS.contains(&plain.as_str())
        && !is_lead(&plain)
        && credits::work(name).is_none()
        && !name.contains(['→', '©', '{', '}', '='])
        && !is_slug(name)
        && !has_stray_digits(name)
        && (alone || !has_role(&plain));
    is_name.then(|| name.to_owned())
}

/// True for what stands around names and is no part of one.
fn is_decoration(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            ':' | '：'
                | '-'
                | '–'
                | '—'
                | '*'
                | '"'
                | '“'
                | '”'
                | '„'
                | '«'
                | '»'
                | '~'
                | '_'
                | '>'
                | '<'
                | '#'
                | '।'
                | '。'
                | '■'
                | '●'
                | '▶'
                | '/'
                | '='
                | '＝'
                | '&'
                | '+'
        )
}

/// `Ada Quill.` without the stop; `Ada Quill Jr.` and `Ada Q.` keep it.
fn without_stop(name: &str) -> &str {
    let Some(rest) = name.strip_suffix('.') else {
        return name;
    };
    let last = rest.rsplit(' ').next().unwrap_or_default();
    let is_word = last.chars().count() > 3 && !last.contains('.');
    if is_word { rest } else { name }
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
    let is_clock = begins(name) && (name.ends_with("am") || name.ends_with("pm"));
    digits > 0 && (is_date || name.contains([':', '.']) || digits > 4 || is_time || is_clock)
}

/// True for words that end in lower case, such as `5 mins read`, or contain lower-case words that no
/// name has: `Police found the Body`.
fn is_phrase(name: &str) -> bool {
    let mut words = name.split(' ');
    let last = words
        .next_back()
        .and_then(|word| word.chars().find(|c| c.is_alphabetic()));
    name.contains(' ')
        && name.contains(char::is_uppercase)
        && (last.is_some_and(char::is_lowercase) || words.any(prose::is_foreign_to_names))
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

/// `text` up to where it says more than the name. After one word, which may begin any name, only a
/// date ends it.
fn without_end(text: &str) -> &str {
    let lower = text.to_lowercase();
    // Lower case may have another length; then nothing is cut.
    if lower.len() != text.len() {
        return text;
    }
    let begins_date = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_digit()) || DAYS.iter().any(|it| rest.starts_with(it))
    };
    let end = ENDS
        .iter()
        .filter_map(|end| Some((lower.find(end)?, end.len())))
        .filter(|&(at, len)| lower[..at].contains(' ') || begins_date(&lower[at + len..]))
        .map(|(at, _)| at)
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

#[cfg(test)]
mod tests;

#[cfg(test)]
mod language_tests;
