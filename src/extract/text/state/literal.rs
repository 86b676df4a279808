//! JSON, and what of JavaScript is data: unquoted keys, single quotes, `void 0`, `!0`, `new Date("…")`,
//! `JSON.parse("…")`, and a function that is called at once with literals for its names, as Nuxt writes it. Nothing
//! is run: an expression that is not data becomes null.

mod escapes;

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use crate::extract::text::state::literal::escapes::{percent_decoded, unescaped};

/// Levels of nesting that are read.
const DEPTH: usize = 160;
/// Stands before a name whose value comes later. No text holds this character.
const NAME: char = '\u{FDD0}';
/// Where a function's `return` is looked for.
const RETURN_WITHIN: usize = 1 << 16;

/// Reads values out of a text, one after the other.
pub(super) struct Reader<'t> {
    text: &'t str,
    /// The byte that is read next.
    pub(super) at: usize,
    /// Values that may still be read.
    budget: usize,
}

/// The value that a text is, with nothing after it but space and semicolons.
pub(super) fn value(text: &str, budget: usize) -> Option<Value> {
    let mut reader = Reader::new(text, 0, budget);
    let value = reader.value(0)?;
    let rest = text[reader.at..].trim_matches([' ', '\n', '\r', '\t', ';']);
    rest.is_empty().then_some(value)
}

impl<'t> Reader<'t> {
    /// A reader of at most `budget` values from byte `at` on.
    pub(super) fn new(text: &'t str, at: usize, budget: usize) -> Reader<'t> {
        Reader { text, at, budget }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn eat_text(&mut self, text: &str) -> bool {
        let is_next = self.text.as_bytes()[self.at..].starts_with(text.as_bytes());
        self.at += if is_next { text.len() } else { 0 };
        is_next
    }

    /// Skips space and comments.
    fn space(&mut self) {
        loop {
            while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
                self.at += 1;
            }
            let end = if self.eat_text("/*") {
                "*/"
            } else if self.eat_text("//") {
                "\n"
            } else {
                return;
            };
            let rest = &self.text.as_bytes()[self.at..];
            let length = memchr::memmem::find(rest, end.as_bytes());
            self.at += length.map_or(rest.len(), |length| length + end.len());
        }
    }

    /// Values that may still be read.
    pub(super) fn left(&self) -> usize {
        self.budget
    }

    /// The value that begins here. On failure the reader stands where it failed.
    pub(super) fn value(&mut self, depth: usize) -> Option<Value> {
        self.space();
        self.budget = self.budget.checked_sub(1)?;
        if depth > DEPTH {
            return None;
        }
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' | b'\'' | b'`' => self.joined_strings().map(Value::String),
            b'0'..=b'9' | b'-' | b'+' | b'.' => self.number(),
            b'!' => {
                self.at += 1;
                let value = self.value(depth + 1)?;
                Some(Value::Bool(value == 0))
            }
            b'(' => {
                self.at += 1;
                let value = self.value(depth + 1)?;
                self.space();
                self.eat(b')').then_some(value)
            }
            _ => self.named(depth),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut fields = Map::new();
        loop {
            self.space();
            if self.eat(b'}') {
                return Some(Value::Object(fields));
            }
            let key = match self.peek()? {
                b'"' | b'\'' => self.string()?,
                _ => self.name()?.to_owned(),
            };
            self.space();
            let value = if self.eat(b':') {
                self.item(depth)?
            } else {
                // `{title}` is short for `{title: title}`; a method has no value.
                match self.peek()? {
                    b',' | b'}' => {}
                    b'(' => self.skip_expression()?,
                    _ => return None,
                }
                Value::Null
            };
            fields.insert(key, value);
            self.space();
            if !self.eat(b',') && self.peek()? != b'}' {
                return None;
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            if self.eat(b']') {
                return Some(Value::Array(items));
            }
            if self.eat(b',') {
                items.push(Value::Null);
                continue;
            }
            items.push(self.item(depth)?);
            self.space();
            if !self.eat(b',') && self.peek()? != b']' {
                return None;
            }
        }
    }

    /// A value inside another; null in place of an expression that is no data.
    fn item(&mut self, depth: usize) -> Option<Value> {
        let value = self.value(depth + 1);
        if self.budget == 0 || depth >= DEPTH {
            return None;
        }
        self.space();
        match value {
            Some(value) if matches!(self.peek()?, b',' | b'}' | b']') => Some(value),
            _ => self.skip_expression().map(|()| Value::Null),
        }
    }

    /// Skips an expression up to the comma or bracket after it.
    fn skip_expression(&mut self) -> Option<()> {
        let mut open = 0usize;
        loop {
            match self.peek()? {
                b'"' | b'\'' | b'`' => {
                    self.quoted()?;
                    continue;
                }
                b'{' | b'[' | b'(' => open += 1,
                b',' if open == 0 => return Some(()),
                b'}' | b']' | b')' => match open.checked_sub(1) {
                    Some(left) => open = left,
                    None => return Some(()),
                },
                _ => {}
            }
            self.at += 1;
        }
    }

    /// The text between two quotes, as it is written.
    fn quoted(&mut self) -> Option<&'t str> {
        let quote = self.peek()?;
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = start;
        loop {
            at += memchr::memchr2(quote, b'\\', bytes.get(at..)?)?;
            if bytes[at] == quote {
                break;
            }
            at += 2;
        }
        self.at = at + 1;
        self.text.get(start..at)
    }

    fn string(&mut self) -> Option<String> {
        let is_template = self.peek() == Some(b'`');
        let quoted = self.quoted()?;
        if is_template && quoted.contains("${") {
            return None;
        }
        Some(unescaped(quoted))
    }

    /// Strings that are joined by `+`.
    fn joined_strings(&mut self) -> Option<String> {
        let mut joined = self.string()?;
        loop {
            let end = self.at;
            self.space();
            let is_joined = self.eat(b'+');
            self.space();
            if !is_joined || !matches!(self.peek(), Some(b'"' | b'\'' | b'`')) {
                self.at = end;
                return Some(joined);
            }
            joined.push_str(&self.string()?);
        }
    }

    fn number(&mut self) -> Option<Value> {
        let rest = &self.text[self.at..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let digits = rest[..length].trim_start_matches('+');
        self.at += length;
        if let Ok(whole) = digits.parse::<i64>() {
            return Some(Value::from(whole));
        }
        let number = digits.parse::<f64>().ok().and_then(Number::from_f64);
        Some(number.map_or(Value::Null, Value::Number))
    }

    fn name(&mut self) -> Option<&'t str> {
        let rest = &self.text[self.at..];
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += length;
        (length > 0).then(|| &rest[..length])
    }

    /// A word of the language, a call that makes a value, or a name.
    fn named(&mut self, depth: usize) -> Option<Value> {
        let name = self.name()?;
        match name {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" | "undefined" | "NaN" | "Infinity" => Some(Value::Null),
            "void" => self.value(depth + 1).map(|_| Value::Null),
            "function" => self.called_function(depth),
            "new" => {
                self.space();
                self.name()?;
                self.first_argument(depth)
            }
            "JSON.parse" => match self.first_argument(depth)? {
                Value::String(text) => value(&text, self.budget),
                _ => None,
            },
            "decodeURIComponent" | "decodeURI" | "unescape" => match self.first_argument(depth)? {
                Value::String(text) => percent_decoded(&text).map(Value::String),
                _ => None,
            },
            "Object.freeze" | "Object.assign" | "String" | "Number" | "BigInt" => {
                self.first_argument(depth)
            }
            _ => Some(Value::String(format!("{NAME}{name}"))),
        }
    }

    /// The first argument of a call.
    fn first_argument(&mut self, depth: usize) -> Option<Value> {
        self.space();
        if !self.eat(b'(') {
            return Some(Value::Null);
        }
        let mut first = None;
        loop {
            self.space();
            if self.eat(b')') {
                return Some(first.unwrap_or(Value::Null));
            }
            let value = self.value(depth + 1)?;
            first.get_or_insert(value);
            self.space();
            if !self.eat(b',') && self.peek()? != b')' {
                return None;
            }
        }
    }

    /// `function(a,b){return {…}}("x",1)`: what is returned, with the values for the names.
    fn called_function(&mut self, depth: usize) -> Option<Value> {
        self.space();
        if !self.eat(b'(') {
            return None;
        }
        let rest = &self.text[self.at..];
        let end = rest.find(')')?;
        let names = rest[..end].split(',').map(str::trim);
        let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
        self.at += end + 1;
        let body = &self.text.as_bytes()[self.at..];
        let body = &body[..body.len().min(RETURN_WITHIN)];
        self.at += memchr::memmem::find(body, b"return")? + "return".len();
        let mut value = self.value(depth + 1)?;
        self.space();
        self.eat(b';');
        self.space();
        if !self.eat(b'}') {
            return None;
        }
        // The call stands inside or after the parentheses around the function.
        self.space();
        self.eat(b')');
        let start = self.at;
        let Some(Value::Array(values)) = self.arguments(depth) else {
            self.at = start;
            return None;
        };
        let values: HashMap<&str, Value> = names.into_iter().zip(values).collect();
        resolve_names(&mut value, &values, &mut self.budget);
        Some(value)
    }

    fn arguments(&mut self, depth: usize) -> Option<Value> {
        self.space();
        if !self.eat(b'(') {
            return None;
        }
        let mut values = Vec::new();
        loop {
            self.space();
            if self.eat(b')') {
                return Some(Value::Array(values));
            }
            values.push(self.value(depth + 1)?);
            self.space();
            if !self.eat(b',') && self.peek()? != b')' {
                return None;
            }
        }
    }
}

/// Puts values in the place of names; names without one become null.
fn resolve_names(value: &mut Value, values: &HashMap<&str, Value>, budget: &mut usize) {
    match value {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix(NAME) {
                let known = values.get(name).filter(|_| *budget > 0);
                *budget = budget.saturating_sub(1);
                *value = known.cloned().unwrap_or(Value::Null);
            }
        }
        Value::Array(items) => {
            for item in items {
                resolve_names(item, values, budget);
            }
        }
        Value::Object(fields) => {
            for (_, item) in fields.iter_mut() {
                resolve_names(item, values, budget);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
