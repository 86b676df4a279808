//! The words of which ids and classes consist.

use crate::page::text::push_lower;

/// Visits the words of a name in lower case: `userComments-list2` is user, comments, list, 2.
pub(super) fn for_each_word(name: &str, buffer: &mut String, mut found: impl FnMut(&str)) {
    if name.is_ascii() {
        return for_each_ascii_word(name, buffer, found);
    }
    buffer.clear();
    let mut last = ' ';
    for c in name.chars() {
        let is_cut = !c.is_alphanumeric()
            || c.is_uppercase() && last.is_lowercase()
            || c.is_ascii_digit() != last.is_ascii_digit();
        if is_cut && !buffer.is_empty() {
            found(buffer);
            buffer.clear();
        }
        if c.is_alphanumeric() {
            push_lower(buffer, c);
        }
        last = c;
    }
    if !buffer.is_empty() {
        found(buffer);
    }
}

/// What a byte of a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Mark,
    Lower,
    Upper,
    Digit,
}

/// The kind of each byte.
static KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Mark; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' => Kind::Lower,
            b'A'..=b'Z' => Kind::Upper,
            b'0'..=b'9' => Kind::Digit,
            _ => Kind::Mark,
        };
        byte += 1;
    }
    kinds
};

/// As [`for_each_word`]: nearly all names are ASCII, and most words in them need no copy.
fn for_each_ascii_word(name: &str, buffer: &mut String, mut found: impl FnMut(&str)) {
    let (mut start, mut last, mut has_upper) = (0, Kind::Mark, false);
    let mut visit = |word: &str, has_upper: bool| {
        if has_upper {
            buffer.clear();
            buffer.push_str(word);
            buffer.make_ascii_lowercase();
            found(buffer);
        } else if !word.is_empty() {
            found(word);
        }
    };
    for (at, &byte) in name.as_bytes().iter().enumerate() {
        let kind = KINDS[usize::from(byte)];
        // Inside a word nothing changes.
        if kind == last {
            start += usize::from(kind == Kind::Mark);
            continue;
        }
        if !matches!((last, kind), (Kind::Upper, Kind::Lower)) {
            visit(&name[start..at], has_upper);
            has_upper = false;
            start = at + usize::from(kind == Kind::Mark);
        }
        has_upper |= kind == Kind::Upper;
        last = kind;
    }
    visit(&name[start..], has_upper);
}
