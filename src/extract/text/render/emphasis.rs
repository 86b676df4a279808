//! Where the signs of emphasis may stand (CommonMark 6.2).

use crate::extract::text::render::inline::Inline;

/// True where a sign of emphasis may begin before `text`.
pub(super) fn opens(text: &str, before: Option<char>) -> bool {
    text.chars()
        .next()
        .is_some_and(|first| is_edge(first, before))
}

/// True where a sign of emphasis may end after `text`.
pub(super) fn closes(text: &str, after: Option<char>) -> bool {
    text.chars()
        .next_back()
        .is_some_and(|last| is_edge(last, after))
}

/// True where a sign of emphasis between these is read as what it is. Between two marks of punctuation it could
/// both begin and end one.
fn is_edge(inside: char, outside: Option<char>) -> bool {
    inside.is_alphanumeric() || !inside.is_whitespace() && outside.is_none_or(char::is_whitespace)
}

/// The words of an element without the punctuation at both ends, and that punctuation.
pub(super) fn peeled(inner: &[Inline]) -> (&str, Vec<Inline>, &str) {
    let mut core = inner.to_vec();
    let (mut lead, mut trail) = ("", "");
    if let (Some(Inline::Text(text)), Some(Inline::Text(own))) = (inner.first(), core.first_mut()) {
        let start = text.find(char::is_alphanumeric).unwrap_or(text.len());
        lead = &text[..start];
        own.drain(..start);
    }
    let last = inner.len().saturating_sub(1);
    if let (Some(Inline::Text(text)), Some(Inline::Text(own))) =
        (inner.get(last), core.get_mut(last))
    {
        let kept = own.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
        trail = &text[text.len() - (own.len() - kept)..];
        own.truncate(kept);
    }
    (lead, core, trail)
}
