//! A parser for JSON as pages write it, which reads as far as it goes: single quotes, names without
//! quotes, missing and superfluous commas, comments, raw line breaks and quotes inside strings, an end
//! that was cut off. One pass; the work per quote and the depth are bounded.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// Containers within containers that are read, as by the strict parser.
const MAX_DEPTH: usize = 128;
/// Characters after a quote that are looked at to see whether it ends its string.
const LOOK_AHEAD: usize = 200;

/// The objects and lists of a text that hold anything; text between them is skipped.
pub(super) fn values(text: &str) -> Vec<Value> {
    let mut parser = Parser { rest: text };
    let mut values = Vec::new();
    while let Some(start) = parser.rest.find(['{', '[']) {
        parser.rest = &parser.rest[start..];
        if parser.skip_cdata() {
            continue;
        }
        let value = parser.container(0);
        if !is_empty(&value) {
            values.push(value);
        }
    }
    values
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

/// Where a string stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The name of a member.
    Name,
    /// The value of a member.
    Member,
    /// An item of a list.
    Item,
}

/// What is left of the text.
struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    /// Skips the mark of a CDATA section, which begins with a bracket.
    fn skip_cdata(&mut self) -> bool {
        let inside = self.rest.strip_prefix("[CDATA[");
        self.rest = inside.unwrap_or(self.rest);
        inside.is_some()
    }

    /// The object or list whose bracket comes next.
    fn container(&mut self, depth: usize) -> Value {
        if depth >= MAX_DEPTH {
            self.skip_container();
            return Value::Null;
        }
        let opens_object = self.rest.starts_with('{');
        self.rest = &self.rest[1..];
        if opens_object {
            Value::Object(self.members(depth))
        } else {
            Value::Array(self.items(depth))
        }
    }

    /// Moves past the container whose bracket comes next, however deep it is.
    fn skip_container(&mut self) {
        let mut open = 0_usize;
        while let Some(at) = self.rest.find(['{', '[', '}', ']', '"']) {
            let mark = self.rest.as_bytes()[at];
            self.rest = &self.rest[at + 1..];
            match mark {
                b'{' | b'[' => open += 1,
                b'"' => self.skip_string(),
                _ if open <= 1 => return,
                _ => open -= 1,
            }
        }
        self.rest = "";
    }

    /// Moves past a string whose first quote has been read.
    fn skip_string(&mut self) {
        while let Some(at) = self.rest.find(['"', '\\']) {
            let is_end = self.rest.as_bytes()[at] == b'"';
            self.rest = &self.rest[at + 1..];
            if is_end {
                return;
            }
            let mut chars = self.rest.chars();
            chars.next();
            self.rest = chars.as_str();
        }
        self.rest = "";
    }

    fn members(&mut self, depth: usize) -> Map<String, Value> {
        let mut members = Map::new();
        while let Some(next) = self.peek() {
            match next {
                '}' => {
                    self.bump(next);
                    break;
                }
                // The object was never closed, but the list around it is.
                ']' if depth > 0 => break,
                '"' | '\'' => {
                    let name = self.string(next, Place::Name);
                    self.member(name, depth, &mut members);
                }
                c if is_word(c) => {
                    let name = self.word().to_owned();
                    self.member(name, depth, &mut members);
                }
                // A container without a name.
                '{' | '[' => drop(self.container(depth + 1)),
                c => self.bump(c),
            }
        }
        members
    }

    /// The value after a name, where there is one. Of two members of one name the last counts, as for the
    /// strict parser.
    fn member(&mut self, name: String, depth: usize, members: &mut Map<String, Value>) {
        if self.peek() != Some(':') {
            return;
        }
        self.bump(':');
        if let Some(value) = self.value(Place::Member, depth) {
            members.insert(name, value);
        }
    }

    fn items(&mut self, depth: usize) -> Vec<Value> {
        let mut items = Vec::new();
        while let Some(next) = self.peek() {
            match next {
                ']' => {
                    self.bump(next);
                    break;
                }
                '}' if depth > 0 => break,
                ',' | ':' => self.bump(next),
                _ => {
                    let before = self.rest.len();
                    items.extend(self.value(Place::Item, depth));
                    if self.rest.len() == before {
                        self.bump(next);
                    }
                }
            }
        }
        items
    }

    /// The next value; `None` where a comma or a bracket comes instead, or what JSON has no word for.
    fn value(&mut self, place: Place, depth: usize) -> Option<Value> {
        match self.peek()? {
            '{' | '[' => Some(self.container(depth + 1)),
            quote @ ('"' | '\'') => Some(Value::String(self.string(quote, place))),
            c if is_word(c) => self.literal(),
            _ => None,
        }
    }

    /// A number, a truth value, or what begins with a digit, such as a date; names of variables hold nothing.
    fn literal(&mut self) -> Option<Value> {
        let word = self.word();
        match word {
            "null" | "undefined" | "NaN" => Some(Value::Null),
            "true" | "True" => Some(Value::Bool(true)),
            "false" | "False" => Some(Value::Bool(false)),
            _ => {
                let number: Option<serde_json::Number> = word.parse().ok();
                let text = word.starts_with(|c: char| c.is_ascii_digit());
                let text = text.then(|| Value::String(word.to_owned()));
                number.map(Value::Number).or(text)
            }
        }
    }

    /// Letters, digits and what stands in names and numbers without quotes.
    fn word(&mut self) -> &'t str {
        let end = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// The string whose quote comes next. In a value, a quote that no punctuation follows is part of the text,
    /// and the name of the next member ends a string that was not closed.
    fn string(&mut self, quote: char, place: Place) -> String {
        self.bump(quote);
        let mut text = String::new();
        while let Some(at) = self.rest.find([quote, '\\', '\n']) {
            text.push_str(&self.rest[..at]);
            self.rest = &self.rest[at..];
            if self.rest.starts_with('\\') {
                self.escape(&mut text);
                continue;
            }
            let is_quote = self.rest.starts_with(quote);
            let after = &self.rest[1..];
            if is_quote && ends_string(after, place) {
                self.rest = after;
                return text;
            }
            if place == Place::Member && self.next_member_begins(&text, is_quote) {
                text.truncate(text.trim_end().trim_end_matches(',').len());
                return text;
            }
            text.push(if is_quote { quote } else { '\n' });
            self.rest = after;
        }
        text.push_str(std::mem::take(&mut self.rest));
        text
    }

    /// True where, after what was read of a string, the next member begins: after a comma or on a line of its own.
    fn next_member_begins(&self, text: &str, is_quote: bool) -> bool {
        if is_quote {
            text.trim_end().ends_with(',') && begins_member(self.rest)
        } else {
            begins_quoted_member(&self.rest[1..])
        }
    }

    /// The character of an escape; unknown escapes lose their backslash.
    fn escape(&mut self, text: &mut String) {
        let mut chars = self.rest[1..].chars();
        let code = chars.next();
        let simple = match code {
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('u') => None,
            other => other,
        };
        self.rest = chars.as_str();
        match simple {
            Some(c) => text.push(c),
            None if code.is_some() => self.unicode(text),
            None => {}
        }
    }

    /// The character of `\u00e9`, perhaps in two halves; the `u` has been read.
    fn unicode(&mut self, text: &mut String) {
        let Some(first) = self.hex() else {
            return;
        };
        let is_high = (0xD800..0xDC00).contains(&first);
        let second = is_high.then(|| self.rest.strip_prefix("\\u")).flatten();
        if let Some(rest) = second {
            self.rest = rest;
        }
        let second = second.and_then(|_| self.hex());
        let units = [first, second.unwrap_or(0)];
        let units = &units[..1 + usize::from(second.is_some())];
        text.extend(char::decode_utf16(units.iter().copied()).map(|it| it.unwrap_or('\u{FFFD}')));
    }

    fn hex(&mut self) -> Option<u16> {
        let (digits, rest) = self.rest.split_at_checked(4)?;
        let is_hex = digits.bytes().all(|it| it.is_ascii_hexdigit());
        let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
        self.rest = rest;
        Some(unit)
    }

    /// The next character that is neither white space nor in a comment.
    fn peek(&mut self) -> Option<char> {
        loop {
            self.rest = self.rest.trim_start();
            let end = if self.rest.starts_with("/*") {
                self.rest.find("*/").map(|at| at + 2)
            } else if self.rest.starts_with("//") {
                self.rest.find('\n')
            } else if self.rest.starts_with("<!--") {
                Some("<!--".len())
            } else {
                return self.rest.chars().next();
            };
            self.rest = &self.rest[end.unwrap_or(self.rest.len())..];
        }
    }

    /// Moves past a character.
    fn bump(&mut self, c: char) {
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '@' | '-' | '+' | '.')
}

/// True where what follows a quote shows that it ends a string: the end of the text, a closing bracket, a
/// comma before a member or an item, or, without a comma, another of them. Any quote ends a name.
fn ends_string(after: &str, place: Place) -> bool {
    let rest = trimmed(after);
    match rest.chars().next() {
        _ if place == Place::Name => true,
        None | Some('}' | ']') => true,
        Some(',') => {
            let next = trimmed(&rest[1..]);
            let first = next.chars().next();
            let is_end = first.is_none_or(|c| matches!(c, '}' | ']' | ',' | '/'));
            is_end || begins_next(next, place)
        }
        Some('/') => rest.starts_with("/*") || rest.starts_with("//"),
        // The comma is missing.
        Some('"' | '\'' | '{') if place == Place::Item => rest.len() < after.len(),
        Some(_) => begins_quoted_member(rest),
    }
}

/// True where the next member of an object, or the next item of a list, begins.
fn begins_next(text: &str, place: Place) -> bool {
    match place {
        Place::Item => text.starts_with(|c: char| {
            matches!(c, '"' | '\'' | '{' | '[' | '-' | 't' | 'f' | 'n') || c.is_ascii_digit()
        }),
        Place::Name | Place::Member => begins_member(text),
    }
}

/// True where a text begins with a name in quotes and a colon.
fn begins_quoted_member(text: &str) -> bool {
    trimmed(text).starts_with(['"', '\'']) && begins_member(text)
}

/// True where a text begins with a name and a colon.
fn begins_member(text: &str) -> bool {
    let text = trimmed(text);
    let window = &text[..text.floor_char_boundary(LOOK_AHEAD)];
    let after = match window.chars().next() {
        Some(quote @ ('"' | '\'')) => window[1..]
            .find([quote, '\n', ','])
            .filter(|&end| window[1 + end..].starts_with(quote))
            .map(|end| &window[1 + end + 1..]),
        Some(c) if c.is_alphabetic() || matches!(c, '_' | '@') => {
            window.find(|c| !is_word(c)).map(|end| &window[end..])
        }
        _ => None,
    };
    // `https://` is no name.
    after.is_some_and(|after| {
        let after = after.trim_start();
        after.starts_with(':') && !after.starts_with("://")
    })
}

/// A text without the white space before it, of which only so much is looked at.
fn trimmed(text: &str) -> &str {
    let window = &text[..text.floor_char_boundary(LOOK_AHEAD)];
    &text[window.len() - window.trim_start().len()..]
}

/// The text with its references resolved, where its quotes are written so and no others stand in it.
pub(super) fn unescaped(text: &str, resolve: impl Fn(&str) -> String) -> Cow<'_, str> {
    let is_escaped = ["&quot;", "&#34;", "&#x22;"]
        .iter()
        .any(|it| text.contains(it));
    if is_escaped && !text.contains('"') {
        Cow::Owned(resolve(text))
    } else {
        Cow::Borrowed(text)
    }
}
