//! Escapes in strings of JavaScript and JSON, and in addresses.

/// A string with its escapes resolved.
pub(super) fn unescaped(quoted: &str) -> String {
    if !quoted.contains('\\') {
        return quoted.to_owned();
    }
    let mut text = String::with_capacity(quoted.len());
    let mut rest = quoted;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else { break };
        rest = &rest[c.len_utf8()..];
        match c {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'b' | 'f' | 'v' | '0' | '\n' => {}
            'u' => rest = push_unicode(&mut text, rest),
            'x' => match hex(rest, 2) {
                Some(code) => {
                    text.extend(char::from_u32(code));
                    rest = &rest[2..];
                }
                None => text.push('x'),
            },
            c => text.push(c),
        }
    }
    text.push_str(rest);
    text
}

fn hex(text: &str, digits: usize) -> Option<u32> {
    u32::from_str_radix(text.get(..digits)?, 16).ok()
}

/// Appends the character of an escape that begins after `\u`, and returns what follows it.
fn push_unicode<'t>(text: &mut String, rest: &'t str) -> &'t str {
    if let Some(braced) = rest.strip_prefix('{')
        && let Some((code, after)) = braced.split_once('}')
    {
        let code = u32::from_str_radix(code, 16).ok();
        text.push(code.and_then(char::from_u32).unwrap_or('\u{FFFD}'));
        return after;
    }
    let Some(first) = hex(rest, 4) else {
        text.push('u');
        return rest;
    };
    let after = &rest[4..];
    if let (0xD800..=0xDBFF, Some(low)) = (first, after.strip_prefix("\\u"))
        && let Some(second @ 0xDC00..=0xDFFF) = hex(low, 4)
    {
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        text.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
        return &low[4..];
    }
    text.push(char::from_u32(first).unwrap_or('\u{FFFD}'));
    after
}

/// A text with `%7B` and the like as the characters they stand for.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        match hex(rest, 2).and_then(|code| u8::try_from(code).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &rest[2..];
            }
            None => bytes.push(b'%'),
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok()
}
