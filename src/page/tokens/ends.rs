//! Where things end: texts, comments, and content that is not markup.

use html5ever::tokenizer::states::RawKind;
use memchr::{memchr_iter, memchr2};

use crate::page::tokens::is_space;

pub(super) fn starts_with(text: &str, lower: &str) -> bool {
    let start = text.as_bytes().get(..lower.len());
    start.is_some_and(|it| it.eq_ignore_ascii_case(lower.as_bytes()))
}

/// True where a `<` begins a tag, a comment or a declaration, and is not text.
pub(super) fn begins_markup(rest: &[u8]) -> bool {
    match *rest {
        [b'<', b'/', ..] => rest.len() > 2,
        [b'<', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'),
        _ => false,
    }
}

pub(super) fn end_of_text(rest: &[u8]) -> usize {
    memchr_iter(b'<', rest)
        .find(|&at| begins_markup(&rest[at..]))
        .unwrap_or(rest.len())
}

pub(super) fn end_of_bogus_comment(rest: &str) -> usize {
    rest.find('>').map_or(rest.len(), |it| it + 1)
}

/// The end of the comment whose content begins here. `<!-->` and `<!--->` are whole comments.
pub(super) fn end_of_comment(rest: &str) -> usize {
    let ends = |&at: &usize| {
        let content = &rest.as_bytes()[..at];
        matches!(content, b"" | b"-") || content.ends_with(b"--") || content.ends_with(b"--!")
    };
    let mut signs = memchr_iter(b'>', rest.as_bytes());
    signs.find(ends).map_or(rest.len(), |it| it + 1)
}

/// The position of the end tag of an element whose content is not markup.
pub(super) fn end_of_raw(rest: &str, kind: RawKind, name: &str) -> usize {
    if kind == RawKind::ScriptData {
        return end_of_script(rest);
    }
    memchr_iter(b'<', rest.as_bytes())
        .find(|&at| is_tag(&rest.as_bytes()[at..], b"</", name))
        .unwrap_or(rest.len())
}

/// The position of the end tag of a script. Inside a comment of the script, a start tag and the end tag after
/// it do not count (HTML 13.2.5.20 to 31).
fn end_of_script(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    // Where the comment begins, and whether a script's start tag is open in it.
    let (mut comment, mut inner) = (None, false);
    let mut from = 0;
    while let Some(found) = memchr2(b'<', b'>', &bytes[from..]) {
        let at = from + found;
        from = at + 1;
        let ahead = &bytes[at..];
        match comment {
            Some(start) if ahead[0] == b'>' && bytes[start..at].ends_with(b"--") => comment = None,
            None if ahead.starts_with(b"<!--") => (comment, inner) = (Some(at + 2), false),
            Some(_) if inner && is_tag(ahead, b"</", "script") => inner = false,
            _ if is_tag(ahead, b"</", "script") => return at,
            Some(_) if is_tag(ahead, b"<", "script") => inner = true,
            _ => {}
        }
    }
    bytes.len()
}

/// True where a tag of this name is.
fn is_tag(rest: &[u8], opens: &[u8], name: &str) -> bool {
    let Some((named, after)) = rest
        .strip_prefix(opens)
        .and_then(|it| it.split_at_checked(name.len()))
    else {
        return false;
    };
    let ends = |&it: &u8| is_space(it) || matches!(it, b'/' | b'>');
    named.eq_ignore_ascii_case(name.as_bytes()) && after.first().is_some_and(ends)
}
