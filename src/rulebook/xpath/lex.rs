//! Splits XPath at separators outside quotes and brackets, and reads its names and quoted strings.

/// The arguments of `function(…)`, if the text is just that call.
pub(super) fn call<'t>(text: &'t str, function: &str) -> Option<&'t str> {
    let inner = text
        .strip_prefix(function)?
        .trim_start()
        .strip_prefix('(')?;
    let end = split_at(inner, ')');
    (end + 1 == inner.len()).then(|| &inner[..end])
}

pub(super) fn literal(text: &str) -> Result<&str, String> {
    let text = text.trim();
    for quote in ['\'', '"'] {
        let inner = text
            .strip_prefix(quote)
            .and_then(|it| it.strip_suffix(quote));
        if let Some(inner) = inner.filter(|it| !it.contains(quote)) {
            return Ok(inner);
        }
    }
    Err(format!("`{text}` is not a quoted string"))
}

pub(super) fn ident(name: &str) -> Result<&str, String> {
    let name = name.trim();
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if starts && name.chars().all(plain) {
        Ok(name)
    } else {
        Err(format!("`{name}` is not a plain name"))
    }
}

pub(super) fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The parts between separators outside quotes and brackets.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let end = split_at(rest, separator);
        parts.push(&rest[..end]);
        match rest.get(end + separator.len_utf8()..) {
            Some(tail) => rest = tail,
            None => return parts,
        }
    }
}

pub(super) fn split_word<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(word) {
        // A separator outside quotes and brackets, counted from the last one.
        let before = &text[start..at];
        if at >= start && is_balanced(before) {
            parts.push(before);
            start = at + word.len();
        }
    }
    parts.push(&text[start..]);
    parts
}

fn is_balanced(text: &str) -> bool {
    let (depth, quote) = text.chars().fold((0i32, None), follow);
    depth == 0 && quote.is_none()
}

/// The position of the first such character outside quotes and brackets, or the end.
pub(super) fn split_at(text: &str, wanted: char) -> usize {
    let mut state = (0i32, None);
    for (at, c) in text.char_indices() {
        if c == wanted && state == (0, None) {
            return at;
        }
        state = follow(state, c);
    }
    text.len()
}

fn follow((depth, quote): (i32, Option<char>), c: char) -> (i32, Option<char>) {
    match (quote, c) {
        (Some(open), c) if c == open => (depth, None),
        (Some(_), _) => (depth, quote),
        (None, '\'' | '"') => (depth, Some(c)),
        (None, '(' | '[') => (depth + 1, None),
        (None, ')' | ']') => (depth - 1, None),
        _ => (depth, quote),
    }
}
