//! Queries in pieces: what stands between spaces, with quoted text whole.

/// A part of a query between spaces, with its quoted text whole.
#[derive(Debug)]
pub(super) struct Piece<'q> {
    /// A minus stands before it.
    pub(super) is_excluded: bool,
    /// What stands before the first `:`, if that is a name.
    pub(super) name: Option<&'q str>,
    /// What follows the name, without quotation marks.
    pub(super) value: &'q str,
    /// All of it, as words.
    pub(super) whole: &'q str,
    /// Its value stands in quotation marks.
    pub(super) is_quoted: bool,
    /// The second quotation mark is missing.
    pub(super) is_open: bool,
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '＂')
}

/// The next piece of the text, and what follows it.
pub(super) fn next_piece(text: &str) -> Option<(Piece<'_>, &str)> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.is_empty() {
        return None;
    }
    let signed = text.strip_prefix(['-', '−']);
    let is_excluded =
        signed.is_some_and(|it| !it.starts_with(|c: char| c.is_whitespace() || c == '-'));
    let unsigned = signed.filter(|_| is_excluded).unwrap_or(text);
    let word_end = unsigned.find(|c: char| c.is_whitespace() || is_quote(c));
    let head = unsigned
        .get(..word_end.unwrap_or(unsigned.len()))
        .unwrap_or_default();
    let name = head.split_once([':', '：']).map(|(name, _)| name);
    let name = name.filter(|it| !it.is_empty() && it.chars().all(char::is_alphabetic));
    let value_start = name.map_or(0, |name| {
        let colon = unsigned.get(name.len()..).and_then(|it| it.chars().next());
        name.len() + colon.map_or(0, char::len_utf8)
    });
    let value = unsigned.get(value_start..).unwrap_or_default();
    let quote = value.chars().next().filter(|c| is_quote(*c));
    let Some(quote) = quote else {
        let end = value
            .find(|c: char| c.is_whitespace() || is_quote(c))
            .unwrap_or(value.len());
        let (value, after) = value.split_at(end);
        let whole = unsigned.get(..value_start + end).unwrap_or_default();
        let piece = Piece {
            is_excluded,
            name,
            value,
            whole,
            is_quoted: false,
            is_open: false,
        };
        return Some((piece, after));
    };
    let quoted = value.get(quote.len_utf8()..).unwrap_or_default();
    let end = quoted.find(is_quote);
    let (value, after) = quoted.split_at(end.unwrap_or(quoted.len()));
    let mut after = after.strip_prefix(is_quote).unwrap_or(after);
    let is_prefix = after.starts_with('*');
    after = after.trim_start_matches('*');
    let length = unsigned.len() - after.len();
    let piece = Piece {
        is_excluded,
        name,
        // The star is read with the words.
        value: if is_prefix {
            unsigned.get(value_start..length).unwrap_or_default()
        } else {
            value
        },
        whole: unsigned.get(..length).unwrap_or_default(),
        is_quoted: true,
        is_open: end.is_none(),
    };
    Some((piece, after))
}
