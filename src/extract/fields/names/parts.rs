//! A line of names, split into names: at commas, at words like 'and', and where languages write
//! 'and' as the first letter of the next name (Arabic, Hebrew) or without spaces (Chinese, Thai).

use crate::extract::fields::names::people::is_agency;
use crate::extract::fields::names::words::{
    CONJUNCTIONS, FAINT_CONJUNCTIONS, HYPHENS, NAMES_IN_WAW, SEPARATORS, WITH,
};

/// 'And' between names without spaces, and how many letters each name has at least.
const GLUED: &[(&str, usize)] = &[
    ("และ", 4),
    ("及", 2),
    ("與", 2),
    ("与", 2),
    ("和", 2),
    ("및", 2),
];
/// Second words of the names of offices.
const OFFICE_WORDS: &[&str] = &["of", "for", "für"];
/// Parts of one line; no article has more authors.
const MAX_PARTS: usize = 1_000;

/// `line` split into names. Parts without letters are left out.
pub(super) fn parts(line: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for piece in at_marks(line) {
        let mut words = at_words(piece);
        if let Some(last) = words.pop() {
            parts.append(&mut words);
            add_prefixed(last, &mut parts);
        }
        if parts.len() > MAX_PARTS {
            break;
        }
    }
    let each = parts.into_iter().flat_map(at_glued);
    each.filter(|it| it.chars().any(char::is_alphanumeric))
        .filter(|it| !is_common(it.trim()))
        .collect()
}

/// `line` split at commas, strokes and dots.
fn at_marks(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut from, mut before) = (0, None);
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map(|&(_, it)| it);
        if SEPARATORS.contains(&c) && !is_within_name(before, c, after) {
            pieces.push(&line[from..at]);
            from = at + c.len_utf8();
        }
        before = Some(c);
    }
    pieces.push(&line[from..]);
    pieces
}

/// True for the dot in `Gal·la`, `卡尔·马克思` and `ジョン・スミス`.
fn is_within_name(before: Option<char>, dot: char, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    match dot {
        '·' => (before == 'l' && after == 'l') || (is_han(before) && is_han(after)),
        '・' | '･' => is_katakana(before) && is_katakana(after),
        _ => false,
    }
}

/// `piece` split at words that stand between names. Those at its ends, as before the last name of
/// `Ada Quill, Ben Harrow, and Cy Moss`, are dropped.
fn at_words(piece: &str) -> Vec<&str> {
    let piece = without_last(piece.trim());
    let mut names = Vec::new();
    let (mut from, mut at) = (0, 0);
    for word in piece.split(' ') {
        let end = at + word.len();
        let (before, after) = (piece[from..at].trim(), piece[end..].trim());
        if !after.is_empty() && is_conjunction(word, before, after) {
            if !before.is_empty() {
                names.push(before);
            }
            from = end;
        }
        at = end + 1;
    }
    names.push(&piece[from..]);
    names
}

/// `Ada Quill and` without the last word.
fn without_last(piece: &str) -> &str {
    match piece.rsplit_once(' ') {
        Some((rest, last)) if HYPHENS.contains(&last) || is_common(last) => rest,
        _ => piece,
    }
}

/// True for a conjunction. Only 'and' also has capital letters: `Dan` and `Ve` are names.
fn is_common(word: &str) -> bool {
    CONJUNCTIONS.contains(&word) || word.eq_ignore_ascii_case("and")
}

fn is_conjunction(word: &str, before: &str, after: &str) -> bool {
    if HYPHENS.contains(&word) {
        return true;
    }
    // `Center for Harbours and Ferries` is one office.
    let second = before.split(' ').nth(1);
    if second.is_some_and(|it| OFFICE_WORDS.contains(&it)) {
        return false;
    }
    let lower = word.to_lowercase();
    if FAINT_CONJUNCTIONS.contains(&lower.as_str()) {
        // `Ramón y Cajal` is one name, `Ana Ruiz y Luis Mora` are two.
        let is_one = |text: &str| !text.contains(' ');
        let is_even = word == lower && (before.is_empty() || is_one(before) == is_one(after));
        return is_even && (lower != "a" || (!is_one(before) && begins_name(after)));
    }
    // `Harbour and sea reporter` is one role.
    let is_apart = begins_name(after) || !begins_name(before);
    (is_apart && is_common(word)) || (WITH.contains(&word) && is_agency(after))
}

fn begins_name(text: &str) -> bool {
    text.starts_with(|c: char| !c.is_lowercase())
}

/// Adds a part whose last names may be joined by 'and' as a first letter: `ليلى منصور وهاني بركات`.
fn add_prefixed<'l>(part: &'l str, parts: &mut Vec<&'l str>) {
    let part = part.trim();
    if !parts.is_empty()
        && let Some(name) = without_prefix(part)
    {
        parts.push(name);
        return;
    }
    let mut at = 0;
    for (place, word) in part.split(' ').enumerate() {
        let rest = &part[at..];
        if place >= 2
            && rest.contains(' ')
            && let Some(name) = without_prefix(rest)
        {
            parts.extend([part[..at].trim(), name]);
            return;
        }
        at = part.len().min(at + word.len() + 1);
    }
    parts.push(part);
}

/// `text` without an 'and' that is the first letter of its first word. Names that begin with the
/// letter keep it.
fn without_prefix(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['و', 'ו'])?;
    let word = text.split(' ').next()?;
    let is_name = NAMES_IN_WAW.contains(&word) || word.chars().count() < 4;
    (!is_name).then_some(rest)
}

/// `part` split at an 'and' without spaces around it.
fn at_glued(part: &str) -> Vec<&str> {
    let mut names = vec![part];
    for (and, letters) in GLUED {
        if part.contains(and) {
            names = names
                .into_iter()
                .flat_map(|it| at_one(it, and, *letters))
                .collect();
        }
    }
    names
}

fn at_one<'p>(part: &'p str, and: &str, letters: usize) -> Vec<&'p str> {
    let is_long = |name: &str| name.chars().filter(|c| !c.is_whitespace()).count() >= letters;
    match part.split_once(and) {
        Some((one, other)) if is_long(one) && is_long(other) => vec![one, other],
        _ => vec![part],
    }
}

/// A Chinese character.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '々' | '〆' | '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3134F}')
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30A1}'..='\u{30FA}' | 'ー' | '\u{FF66}'..='\u{FF9F}')
}

/// True for text in a script without capital letters.
pub(super) fn is_caseless(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|c| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase())
}
