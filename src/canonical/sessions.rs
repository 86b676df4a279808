//! Sessions in the paths of addresses: each visitor gets another one.

use std::borrow::Cow;

use memchr::memchr2;

/// Parameters of path segments that hold sessions.
const SESSIONS: [&str; 5] = [
    ";jsessionid=",
    ";sessionid=",
    ";session_id=",
    ";phpsessid=",
    ";sid=",
];

/// A path without sessions: neither `;jsessionid=…` nor the segments that ASP.NET adds, `/(S(abc))/`.
pub(super) fn without_sessions(path: &str) -> Cow<'_, str> {
    // What both kinds have.
    if !path.is_empty() && memchr2(b';', b'(', path.as_bytes()).is_none() {
        return Cow::Borrowed(path);
    }
    let kept = path.split('/').map(without_parameter);
    let kept: Vec<&str> = kept.filter(|it| !is_session(it)).collect();
    match kept.join("/") {
        empty if empty.is_empty() => Cow::Borrowed("/"),
        path => Cow::Owned(path),
    }
}

fn without_parameter(segment: &str) -> &str {
    let lower = segment.to_ascii_lowercase();
    let at = SESSIONS.iter().filter_map(|it| lower.find(it)).min();
    at.and_then(|at| segment.get(..at)).unwrap_or(segment)
}

/// True for `(S(abc))` and `(X(1)S(abc))`.
fn is_session(segment: &str) -> bool {
    let inner = segment
        .strip_prefix('(')
        .and_then(|it| it.strip_suffix("))"));
    inner.is_some_and(|inner| {
        inner.split(')').all(|part| {
            let (name, value) = part.split_once('(').unwrap_or_default();
            matches!(name, "S" | "A" | "F" | "X")
                && value
                    .bytes()
                    .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
        })
    })
}
