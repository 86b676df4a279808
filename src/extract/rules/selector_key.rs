//! The key of a CSS selector: the id, class, attribute or tag of its rightmost compound, under which
//! [`Index`](super::index::Index) files it.

use crate::page::AttrNames;

/// The name that a selector is filed under.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// `#id`
    Id(String),
    /// `.class`
    Class(String),
    /// `tag`
    Tag(String),
    /// A part of the class or id: `[class*=part]`
    Substring(String),
    /// `[attribute]`
    Attribute(String),
    /// The selector has no such name.
    None,
}

/// The parts of a selector list, split at its top-level commas.
pub(super) fn split_list(source: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, depth, byte) in scan(source) {
        if byte == b',' && depth == 0 {
            parts.push(source[start..at].trim());
            start = at + 1;
        }
    }
    parts.push(source[start..].trim());
    parts
}

/// The bytes of a selector, each with its index and the depth of brackets around it; quoted text is deeper
/// than any brackets.
fn scan(source: &str) -> impl Iterator<Item = (usize, usize, u8)> + '_ {
    let mut depth = 0usize;
    let mut quote = None;
    source.bytes().enumerate().map(move |(at, byte)| {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => return (at, usize::MAX, byte),
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(' | b'[') => depth += 1,
            (None, b')' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        let closing = usize::from(matches!(byte, b')' | b']'));
        (at, depth + closing, byte)
    })
}

/// The key of a selector, and whether the selector says nothing more. An id is preferred to a class, that
/// to an attribute, that to a tag.
pub(super) fn key_of(selector: &str) -> (Key, bool) {
    let start = start_of_last_compound(selector);
    let compound = &selector[start..];
    let names = simple_parts(compound);
    let whole = start == 0 && names.len() == 1;
    let pick = |sign: char| {
        names
            .iter()
            .find(|part| part.starts_with(sign))
            .map(|part| part[1..].to_owned())
    };
    if let Some(id) = pick('#') {
        return (Key::Id(id), whole);
    }
    if let Some(class) = pick('.') {
        return (Key::Class(class), whole);
    }
    let attributes = names.iter().filter(|part| part.starts_with('['));
    if let Some(needle) = attributes.clone().find_map(|part| substring(part)) {
        return (Key::Substring(needle), false);
    }
    let tag = names
        .first()
        .filter(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()));
    if let Some(tag) = tag {
        return (Key::Tag(tag.to_ascii_lowercase()), whole);
    }
    if let Some(name) = attributes.clone().find_map(|part| attribute_name(part)) {
        return (Key::Attribute(name), false);
    }
    (Key::None, false)
}

fn start_of_last_compound(selector: &str) -> usize {
    scan(selector)
        .filter(|(_, depth, byte)| *depth == 0 && matches!(byte, b' ' | b'>' | b'+' | b'~'))
        .map(|(at, ..)| at + 1)
        .last()
        .unwrap_or(0)
}

/// The attributes that the selector's rightmost compound asks for. A name with escapes is left out.
pub(super) fn attributes_of(selector: &str) -> AttrNames {
    let names = simple_parts(&selector[start_of_last_compound(selector)..]);
    let attributes = names.iter().filter(|part| part.starts_with('['));
    let plain = attributes.filter_map(|part| {
        let name = attribute_name(part)?;
        let after = part[1 + name.len()..].chars().next()?;
        let is_whole = "]=~|^$*".contains(after) || after.is_whitespace();
        (is_whole && !name.is_empty()).then_some(name)
    });
    plain.fold(AttrNames::default(), |all, name| {
        all.with(AttrNames::of(&name))
    })
}

/// `div.a[b=c]:not(.d)` as `div`, `.a`, `[b=c]`, `:not(.d)`.
fn simple_parts(compound: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = scan(compound)
        .filter(|(_, depth, byte)| {
            (*depth == 0 && matches!(byte, b'#' | b'.' | b':')) || (*depth == 1 && *byte == b'[')
        })
        .map(|(at, ..)| at)
        .collect();
    if starts.first() != Some(&0) {
        starts.insert(0, 0);
    }
    starts.push(compound.len());
    starts
        .windows(2)
        .map(|pair| &compound[pair[0]..pair[1]])
        .filter(|part| !part.is_empty())
        .collect()
}

fn attribute_name(part: &str) -> Option<String> {
    let name = part.strip_prefix('[')?;
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))?;
    Some(name[..end].to_ascii_lowercase())
}

/// The text that `[class*=text]`, `^=`, `$=` or `~=` looks for in a class or an id.
fn substring(part: &str) -> Option<String> {
    let name = attribute_name(part)?;
    if !matches!(name.as_str(), "class" | "id") {
        return None;
    }
    let (_, value) = part.split_once('=')?;
    let value = value.trim_end_matches(']').trim();
    let value = value.strip_suffix(" i").unwrap_or(value).trim();
    let value = value.trim_matches(|c| c == '"' || c == '\'');
    (!value.is_empty()).then(|| value.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_most_selective_name_of_the_last_compound() {
        let key = |selector| key_of(selector);
        assert_eq!(key(".a"), (Key::Class("a".into()), true));
        assert_eq!(key("nav"), (Key::Tag("nav".into()), true));
        assert_eq!(key("div > p.a#b"), (Key::Id("b".into()), false));
        assert_eq!(
            key("[class*='Share' i]"),
            (Key::Substring("share".into()), false)
        );
        assert_eq!(
            key("div[class^=ad-]"),
            (Key::Substring("ad-".into()), false)
        );
        assert_eq!(
            key("[role=navigation]"),
            (Key::Attribute("role".into()), false)
        );
        assert_eq!(key("a:not(.b > c)"), (Key::Tag("a".into()), false));
        assert_eq!(
            key("a [title='x y']"),
            (Key::Attribute("title".into()), false)
        );
        assert_eq!(key("*"), (Key::None, false));
    }

    #[test]
    fn the_attributes_of_the_last_compound_are_asked_for() {
        let both = AttrNames::of("hidden").with(AttrNames::of("style"));
        assert_eq!(attributes_of("p[hidden][STYLE*='a[b' i]"), both);
        assert_eq!(attributes_of("p[ hidden ]"), AttrNames::default());
        for none in ["p", "[a] > p", "p:not([hidden])", "[x\\:y]", "[*|href]"] {
            assert_eq!(attributes_of(none), AttrNames::default(), "{none}");
        }
    }
}
