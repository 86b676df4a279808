//! Text as text: what HTML or Markdown would read as markup is escaped.

/// How much of the text before is looked at, in bytes; a longer word may be anything.
const LOOK_BACK: usize = 1024;

/// `text` with the characters that mean something in HTML escaped.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// Escapes what CommonMark or GitHub's Markdown would read as markup inside a line.
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(text, None, &mut out);
    out
}

/// Text of several paragraphs as Markdown that shows it as it is.
pub fn text_as_markdown(text: &str) -> String {
    let text = text.replace('\r', "\n");
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let lines = paragraph.lines().map(str::trim);
        let lines: Vec<String> = lines
            .filter(|line| !line.is_empty())
            .map(escape_markdown)
            .collect();
        escape_line_starts(&lines.join("  \n"))
    });
    let shown: Vec<String> = paragraphs.filter(|it| !it.is_empty()).collect();
    shown.join("\n\n")
}

/// A headline as the text of a Markdown heading: one line, whose last hashes are part of it.
pub fn headline_as_markdown(title: &str) -> String {
    let line = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut escaped = escape_markdown(&line);
    if escaped.ends_with('#') {
        escaped.insert(escaped.len() - 1, '\\');
    }
    escaped
}

/// Appends escaped text after what is there; `next` is the character that will follow.
pub(super) fn push_escaped(text: &str, next: Option<char>, out: &mut String) {
    let mut before = out.chars().next_back();
    let mut is_bare = ends_in_bare_address(out);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map(|(_, c)| *c).or(next);
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_markup = match c {
            '\\' | '`' | '[' | ']' | '~' => true,
            '*' => !(before == Some(' ') && after == Some(' ')),
            '_' => !(is_word(before) && is_word(after)),
            '<' => after.is_some_and(|c| c.is_ascii_alphabetic() || "/!?".contains(c)),
            '!' => after == Some('['),
            '&' => is_reference(&text[at + 1..]),
            _ => false,
        };
        if c.is_whitespace() {
            is_bare = false;
        }
        if is_markup && is_bare && c == '<' {
            out.push_str("&lt;");
            before = Some(c);
            continue;
        }
        if is_markup {
            out.push('\\');
        }
        // Records of earlier versions may hold controls.
        out.push(if c.is_control() && !matches!(c, '\n' | '\t') {
            ' '
        } else {
            c
        });
        is_bare |= is_address_start(out);
        before = Some(c);
    }
}

/// True where what is written next belongs to an address of the text itself, which GitHub's Markdown makes a link
/// up to the next space or `<`. Backslashes and backticks are part of it, and escape or quote nothing there.
pub(super) fn ends_in_bare_address(out: &str) -> bool {
    let start = out.floor_char_boundary(out.len().saturating_sub(LOOK_BACK));
    let near = &out[start..];
    match near.rfind(|c: char| c == '<' || c.is_whitespace()) {
        Some(at) => holds_address(&near[at..]),
        None => start > 0 || holds_address(near),
    }
}

fn holds_address(word: &str) -> bool {
    word.contains("://") || word.as_bytes().windows(4).any(is_www)
}

/// True for text that an address of its own begins with.
fn is_address_start(out: &str) -> bool {
    out.ends_with("://")
        || out
            .as_bytes()
            .last_chunk::<4>()
            .is_some_and(|it| is_www(it))
}

fn is_www(bytes: &[u8]) -> bool {
    bytes.eq_ignore_ascii_case(b"www.")
}

/// True for the rest of a character reference: `amp;`, `#39;`.
fn is_reference(rest: &str) -> bool {
    let name = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '#');
    name.is_some_and(|end| end > 0 && rest[end..].starts_with(';'))
}

/// Escapes what CommonMark would read as a heading, a list item, a rule, a quote or a table at the start of a line.
pub(super) fn escape_line_starts(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        match place_of_escape(line[indent..].trim_end()) {
            Some(place) => {
                let place = indent + place;
                out.push_str(&line[..place]);
                out.push('\\');
                out.push_str(&line[place..]);
            }
            None => out.push_str(line),
        }
    }
    out
}

/// Where in a line a backslash has to stand.
fn place_of_escape(line: &str) -> Option<usize> {
    let ends_word = |at: usize| line[at..].is_empty() || line[at..].starts_with([' ', '\t']);
    let first = line.chars().next()?;
    let is_marker = match first {
        '#' => {
            let hashes = line.bytes().take_while(|&it| it == b'#').count();
            hashes <= 6 && ends_word(hashes)
        }
        '+' | '-' => ends_word(1) || is_rule(line),
        '>' => true,
        '=' | '|' | ':' => is_rule(line),
        _ => false,
    };
    if is_marker {
        return Some(0);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = (1..=9).contains(&digits)
        && line[digits..].starts_with(['.', ')'])
        && ends_word(digits + 1);
    is_number.then_some(digits)
}

/// True for a line of nothing but the signs of rules and of tables.
fn is_rule(line: &str) -> bool {
    line.bytes().all(|it| b"-=|: \t".contains(&it))
}
