//! A string of the page as a field of the record: entities resolved, tags dropped, control and
//! direction characters removed, white space folded, and cut to the limit. Every string of a page's
//! markup that reaches [`Fields`](crate::extract::fields::Fields) goes through [`clean`].

use html5ever::data::NAMED_ENTITIES;

use crate::limits::Limits;
use crate::page::text::{is_folded, push_lower};

/// The longest named reference of HTML is 32 characters long.
const ENTITY_CHARS: usize = 33;
/// Content systems escape twice, not more often.
const ENTITY_ROUNDS: usize = 2;

/// `raw` as a field; `None` where nothing readable is left.
pub(super) fn clean(raw: &str, limits: &Limits) -> Option<String> {
    let limit = limits.field_chars;
    // Most fields are printable ASCII with single spaces.
    if raw.len() <= limit && raw.is_ascii() && is_folded(raw) && !raw.contains(['&', '<']) {
        let is_readable = raw.bytes().any(|byte| byte.is_ascii_alphanumeric());
        return is_readable.then(|| raw.to_owned());
    }
    // Cleaning shortens: what is longer than this is cut anyway.
    let head = &raw[..raw.floor_char_boundary(limit * 16)];
    let mut text = head.to_owned();
    for _ in 0..ENTITY_ROUNDS {
        if !text.contains('&') {
            break;
        }
        text = resolve_entities(&text);
    }
    if text.contains('<') {
        text = drop_tags(&text);
    }
    let visible: String = text.chars().filter_map(visible).collect();
    let mut folded = crate::page::tree::fold_space(&visible);
    if let Some((end, _)) = folded.char_indices().nth(limit) {
        folded.truncate(end);
        folded.truncate(folded.trim_end().len());
    }
    folded.chars().any(char::is_alphanumeric).then_some(folded)
}

/// The letters and digits in lower case, one space between words: the form in which two fields are
/// compared.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_alphanumeric() {
            if gap && !plain.is_empty() {
                plain.push(' ');
            }
            gap = false;
            push_lower(&mut plain, c);
        } else if !matches!(c, '\'' | '’' | '`' | '´') {
            gap = true;
        }
    }
    plain
}

/// A character as it may stand in a field: white space as a space, nothing for controls, soft
/// hyphens, zero-width and direction marks, private use and what could not be decoded.
fn visible(c: char) -> Option<char> {
    match c {
        c if c.is_whitespace() => Some(' '),
        '\u{AD}'
        | '\u{61C}'
        | '\u{180E}'
        | '\u{200B}'
        | '\u{200E}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{E000}'..='\u{F8FF}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFD}'
        | '\u{E0000}'..='\u{10FFFF}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// `text` with its character references resolved once; anything else stays.
pub(super) fn resolve_entities(text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        resolved.push_str(&rest[..at]);
        rest = &rest[at..];
        let window = &rest[..rest.floor_char_boundary(ENTITY_CHARS)];
        let character = window
            .find(';')
            .and_then(|end| Some((end, entity(&rest[1..end])?)));
        if let Some((end, characters)) = character {
            resolved.push_str(&characters);
            rest = &rest[end + 1..];
        } else {
            resolved.push('&');
            rest = &rest[1..];
        }
    }
    resolved.push_str(rest);
    resolved
}

/// The characters of a reference without its `&` and `;`.
fn entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(windows_1252(code)).map(String::from);
    }
    let &(first, second) = NAMED_ENTITIES.get(format!("{name};").as_str())?;
    let characters = [first, second].into_iter().filter(|&code| code != 0);
    let text: String = characters.filter_map(char::from_u32).collect();
    (!text.is_empty()).then_some(text)
}

/// HTML (13.2.5.80) reads references to C1 controls as windows-1252; these are the ones in use.
fn windows_1252(code: u32) -> u32 {
    match code {
        0x85 => 0x2026,
        0x91 => 0x2018,
        0x92 => 0x2019,
        0x93 => 0x201C,
        0x94 => 0x201D,
        0x96 => 0x2013,
        0x97 => 0x2014,
        other => other,
    }
}

/// `text` without what looks like a tag: headlines in JSON-LD carry `<i>` and `<br/>`.
fn drop_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let is_tag =
            rest[1..].starts_with(|c: char| c == '/' || c == '!' || c.is_ascii_alphabetic());
        match rest.find('>').filter(|_| is_tag) {
            Some(end) => {
                if is_break(&rest[1..end]) {
                    plain.push(' ');
                }
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('<');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn is_break(tag: &str) -> bool {
    let name = tag.trim_start_matches('/');
    ["br", "p", "div", "li"].iter().any(|known| {
        name.get(..known.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(known))
    }) && name.len() < 8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clean(raw: &str) -> Option<String> {
        super::clean(raw, &Limits::DEFAULT)
    }

    #[test]
    fn references_are_resolved_even_when_escaped_twice() {
        for (raw, clean_one) in [
            ("Fish &amp; chips", "Fish & chips"),
            ("It&amp;#8217;s &amp;quot;on&amp;quot;", "It’s \"on\""),
            ("It&#x2019;s&nbsp;on&#146;", "It’s on’"),
            (
                "R&D; a & b &unknown; &#xFFFFFFFF;",
                "R&D; a & b &unknown; &#xFFFFFFFF;",
            ),
        ] {
            assert_eq!(clean(raw).as_deref(), Some(clean_one));
        }
    }

    #[test]
    fn tags_are_dropped_and_comparisons_are_not() {
        assert_eq!(
            clean("A <i>new</i><br/>dawn").as_deref(),
            Some("A new dawn")
        );
        assert_eq!(clean("3 < 5 and <3").as_deref(), Some("3 < 5 and <3"));
    }

    #[test]
    fn characters_that_deceive_or_cannot_be_seen_are_removed() {
        assert_eq!(
            clean("\u{202E}evil\u{0}\u{7} \u{200B}ti\u{AD}tle\u{FFFD}\n\t x").as_deref(),
            Some("evil title x")
        );
        assert_eq!(clean(" \u{202E}—… "), None);
    }

    #[test]
    fn a_field_is_cut_at_the_limit() {
        let limit = Limits::DEFAULT.field_chars;
        assert_eq!(clean(&"ä".repeat(100_000)).unwrap().chars().count(), limit);
    }

    #[test]
    fn plain_forms_of_differently_set_words_are_equal() {
        assert_eq!(plain("„Don’t – Panic!“"), plain("don't panic"));
    }

    proptest! {
        #[test]
        fn cleaning_never_panics_and_settles(raw in "(?s)[&<>;#a-zäø\u{202E} 0-9\n]{0,200}|(?s).{0,80}") {
            if let Some(once) = clean(&raw) {
                prop_assert!(!once.chars().any(char::is_control));
                prop_assert!(once.chars().count() <= Limits::DEFAULT.field_chars);
            }
        }
    }
}
