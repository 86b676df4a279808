//! Character references (HTML 13.2.5.72 to 80): `&amp;`, `&eacute`, `&#8217;`, `&#x2019;`.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use memchr::memchr;

/// Longest name, semicolon excluded.
const LONGEST_NAME: usize = 31;
/// Longest of the names that need no semicolon.
const LONGEST_WITHOUT_SEMICOLON: usize = 6;

/// The references in `text` resolved, as [`push_resolved`] does.
pub fn resolve(text: &str, in_attribute: bool) -> String {
    let mut resolved = String::with_capacity(text.len());
    push_resolved(text, in_attribute, &mut resolved);
    resolved
}

/// Appends `text` with its references resolved. In an attribute's value, a name without a semicolon before a letter,
/// a digit or `=` is no reference but part of a URL (`?a=1&copy=2`).
pub fn push_resolved(text: &str, in_attribute: bool, resolved: &mut String) {
    let mut rest = text;
    while let Some(ampersand) = memchr(b'&', rest.as_bytes()) {
        resolved.push_str(&rest[..ampersand]);
        rest = &rest[ampersand + 1..];
        let found = match rest.strip_prefix('#') {
            Some(digits) => numeric(digits).map(|(c, length)| ([Some(c), None], length + 1)),
            None => named(rest, in_attribute),
        };
        match found {
            Some((chars, length)) => {
                resolved.extend(chars.into_iter().flatten());
                rest = &rest[length..];
            }
            None => resolved.push('&'),
        }
    }
    resolved.push_str(rest);
}

/// The character of a numeric reference, and its length in bytes; `text` begins after `#`.
fn numeric(text: &str) -> Option<(char, usize)> {
    let (marker, base) = if text.starts_with(['x', 'X']) {
        (1, 16)
    } else {
        (0, 10)
    };
    let digits = text[marker..].chars().take_while(|c| c.is_digit(base));
    let (mut number, mut end) = (0u32, marker);
    for digit in digits.filter_map(|c| c.to_digit(base)) {
        number = number.saturating_mul(base).saturating_add(digit);
        end += 1;
    }
    let semicolon = usize::from(text[end..].starts_with(';'));
    (end > marker).then(|| (character(number), end + semicolon))
}

/// The character with this number. Numbers of windows-1252 are read as such, and numbers that are no
/// characters become U+FFFD.
fn character(number: u32) -> char {
    let c1 = number.checked_sub(0x80).map(|it| it as usize);
    let replaced = c1.and_then(|it| C1_REPLACEMENTS.get(it).copied().flatten());
    let stated = || char::from_u32(number).filter(|&c| c != '\0');
    replaced
        .or_else(stated)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The characters of the longest named reference at the start of `text`, and its length in bytes.
fn named(text: &str, in_attribute: bool) -> Option<([Option<char>; 2], usize)> {
    let (name, chars) = longest_name(text)?;
    let next = text.as_bytes().get(name.len());
    let goes_on = next.is_some_and(|it| *it == b'=' || it.is_ascii_alphanumeric());
    if in_attribute && !name.ends_with(';') && goes_on {
        return None;
    }
    let second = Some(chars.1).filter(|&it| it != 0).and_then(char::from_u32);
    Some(([char::from_u32(chars.0), second], name.len()))
}

/// The names that most references are, and their characters.
const COMMON: [(&str, char); 8] = [
    ("amp;", '&'),
    ("quot;", '"'),
    ("nbsp;", '\u{A0}'),
    ("lt;", '<'),
    ("gt;", '>'),
    ("rsquo;", '’'),
    ("ldquo;", '“'),
    ("rdquo;", '”'),
];

/// The longest name at the start of `text`. A name is letters and digits, so that a semicolon ends the longest one
/// there can be; without it, only a few short names count.
fn longest_name(text: &str) -> Option<(&str, (u32, u32))> {
    // The table also holds the prefixes of all names, with 0 for their characters.
    let known = |end: usize| {
        let (name, chars) = (&text[..end], NAMED_ENTITIES.get(&text[..end])?);
        (chars.0 != 0).then_some((name, *chars))
    };
    if let Some((name, c)) = COMMON.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((&text[..name.len()], (*c as u32, 0)));
    }
    let letters = text.bytes().take(LONGEST_NAME + 1);
    let letters = letters.take_while(u8::is_ascii_alphanumeric).count();
    let with_semicolon = (letters > 0 && text.as_bytes().get(letters) == Some(&b';'))
        .then(|| known(letters + 1))
        .flatten();
    with_semicolon.or_else(|| {
        (2..=letters.min(LONGEST_WITHOUT_SEMICOLON))
            .rev()
            .find_map(known)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_resolved_and_the_rest_stays() {
        for (text, expected) in [
            ("a &amp; b &lt;&gt;", "a & b <>"),
            ("caf&eacute &eacutes", "café és"),
            ("&notit; &notin; &NotEqualTilde;", "¬it; ∉ ≂̸"),
            ("&#8217;&#x2019;&#X2019 &#150;", "’’’ –"),
            (
                "&#0;&#xD800;&#x110000;&#99999999999;",
                "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}",
            ),
            (
                "& &; &# &#x; &#xg &unknown; R&D é&",
                "& &; &# &#x; &#xg &unknown; R&D é&",
            ),
        ] {
            assert_eq!(resolve(text, false), expected, "{text}");
        }
    }

    #[test]
    fn common_names_are_those_of_the_table() {
        for (name, c) in COMMON {
            assert_eq!(NAMED_ENTITIES.get(name), Some(&(c as u32, 0)), "{name}");
        }
    }

    #[test]
    fn names_without_semicolon_are_short() {
        let names = NAMED_ENTITIES.entries().filter(|(_, chars)| chars.0 != 0);
        for (name, _) in names {
            let letters = name.strip_suffix(';');
            let longest = letters.map_or(LONGEST_WITHOUT_SEMICOLON, |_| LONGEST_NAME);
            let letters = letters.unwrap_or(name);
            assert!((2..=longest).contains(&letters.len()), "{name}");
            assert!(
                letters.bytes().all(|it| it.is_ascii_alphanumeric()),
                "{name}"
            );
        }
    }

    #[test]
    fn urls_keep_what_only_looks_like_a_reference() {
        assert_eq!(resolve("?a=1&copy=2&lt;&reg", true), "?a=1&copy=2<®");
        assert_eq!(resolve("?a=1&copy=2", false), "?a=1©=2");
    }
}
