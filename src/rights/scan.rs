//! A walk over the tags of markup, enough to read a licence in XML and what a page links to. It takes whatever comes,
//! reads no entity that is declared, and remembers nothing.

/// Attributes of one element that are read.
const ATTRIBUTES: usize = 32;

/// A piece of markup.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// A start tag, in lower case and without its namespace's prefix.
    Open {
        name: String,
        attributes: Vec<(String, String)>,
        is_closed: bool,
    },
    /// An end tag.
    Close(String),
    /// What stands between tags, as it stands there.
    Text(&'t str),
}

/// The pieces of a text.
#[derive(Debug)]
pub(super) struct Pieces<'t>(&'t str);

impl<'t> Pieces<'t> {
    pub(super) fn of(text: &'t str) -> Pieces<'t> {
        Pieces(text)
    }

    /// Passes over the content of an element that holds no markup, such as a script, and gives it.
    pub(super) fn raw(&mut self, name: &str) -> &'t str {
        let is_end = |at: &usize| {
            let tag = self.0.get(at + 2..at + 2 + name.len());
            tag.is_some_and(|it| it.eq_ignore_ascii_case(name))
        };
        let mut ends = self.0.match_indices("</").map(|(at, _)| at);
        let end = ends.find(is_end).unwrap_or(self.0.len());
        let (content, rest) = self.0.split_at(end);
        self.0 = rest;
        content
    }

    /// Passes over what ends with `end`, and gives what stood before it.
    fn until(&mut self, end: &str) -> &'t str {
        let (inside, rest) = self.0.split_once(end).unwrap_or((self.0, ""));
        self.0 = rest;
        inside
    }
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        loop {
            let text = self.0;
            if text.is_empty() {
                return None;
            }
            if let Some(rest) = text.strip_prefix("<!--") {
                self.0 = rest;
                self.until("-->");
            } else if let Some(rest) = text.strip_prefix("<![CDATA[") {
                self.0 = rest;
                return Some(Piece::Text(self.until("]]>")));
            } else if text.starts_with("<!") || text.starts_with("<?") {
                self.until(">");
            } else if let Some(rest) = text.strip_prefix("</") {
                self.0 = rest;
                let name = self.until(">");
                return Some(Piece::Close(local_name(name.trim())));
            } else if text.starts_with('<')
                && text[1..].starts_with(|c: char| c.is_ascii_alphabetic())
            {
                let (tag, rest) = tag_of(&text[1..]);
                self.0 = rest;
                return Some(open(tag));
            } else {
                // A lone `<` is text.
                let from = usize::from(text.starts_with('<'));
                let end = text[from..].find('<').map_or(text.len(), |at| at + from);
                self.0 = &text[end..];
                return Some(Piece::Text(&text[..end]));
            }
        }
    }
}

/// A tag up to its `>`, which may stand in quotes, and what comes after it.
fn tag_of(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (&text[..at], &text[at + 1..]),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    (text, "")
}

fn open(tag: &str) -> Piece<'static> {
    let is_closed = tag.ends_with('/');
    let tag = tag.trim_end_matches('/');
    let end = tag
        .find(|c: char| c.is_ascii_whitespace() || c == '/')
        .unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(end);
    let mut attributes = Vec::new();
    while attributes.len() < ATTRIBUTES {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || c == '=')
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(value) => value_of(value.trim_start()),
            None => ("", after),
        };
        attributes.push((local_name(name), unescaped(value)));
        // A sign without a name is passed over.
        let least = usize::from(name.is_empty() && after.len() == rest.len());
        rest = after.get(least..).unwrap_or_default();
    }
    Piece::Open {
        name: local_name(name),
        attributes,
        is_closed,
    }
}

/// The value of an attribute, in quotes or without, and what comes after it.
fn value_of(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(rest) = text.strip_prefix(quote) {
            return rest.split_once(quote).unwrap_or((rest, ""));
        }
    }
    let end = text
        .find(|c: char| c.is_ascii_whitespace())
        .unwrap_or(text.len());
    text.split_at(end)
}

fn local_name(name: &str) -> String {
    let name = name.rsplit_once(':').map_or(name, |(_, name)| name);
    name.to_ascii_lowercase()
}

/// The text without the entities that every XML document has.
pub(super) fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let replace = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
    pairs.iter().fold(text.to_owned(), replace)
}
