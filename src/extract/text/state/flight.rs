//! The rows in which React's server components are sent (`self.__next_f.push`): each has a number and a value,
//! elements are lists that begin with `$`, and `$L5` or `$5` stands for row 5. The elements become markup again;
//! what is passed to components as data stays data.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::extract::text::render::escape_html;
use crate::extract::text::state::literal;

/// Levels of nesting that are followed.
const DEPTH: usize = 150;
/// Bytes of markup that are made at most.
const MOST_BYTES: usize = 4 << 20;
/// Elements whose content is no part of the text.
const SILENT: [&str; 10] = [
    "script", "style", "head", "meta", "link", "title", "svg", "template", "noscript", "iframe",
];
/// Elements without an end tag.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "source", "wbr"];
/// Attributes that say what an element is, as React names them and as HTML does.
const ATTRIBUTES: [(&str, &str); 10] = [
    ("className", "class"),
    ("class", "class"),
    ("id", "id"),
    ("href", "href"),
    ("src", "src"),
    ("alt", "alt"),
    ("role", "role"),
    ("dateTime", "datetime"),
    ("itemProp", "itemprop"),
    ("aria-hidden", "aria-hidden"),
];

/// The rows of a page.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// By number, in hexadecimal.
    by_number: HashMap<String, Value>,
    /// The numbers in the order in which they came.
    order: Vec<String>,
}

impl Rows {
    /// Splits what was sent.
    pub(super) fn of(flight: &str, budget: usize) -> Rows {
        let mut rows = Rows::default();
        let mut rest = flight;
        while let Some((number, row)) = rest.split_once(':') {
            let number = number.trim_start();
            if number.len() > 8 || !number.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                // Not the start of a row: on to the next line.
                rest = rest.split_once('\n').map_or("", |(_, after)| after);
                continue;
            }
            let value;
            (value, rest) = row_value(row, budget);
            if let Some(value) = value {
                if !rows.by_number.contains_key(number) {
                    rows.order.push(number.to_owned());
                }
                rows.by_number.insert(number.to_owned(), value);
            }
        }
        rows
    }

    /// The page that the rows describe, as markup.
    pub(super) fn markup(&self) -> String {
        let mut writer = Writer {
            rows: self,
            markup: String::new(),
            written: HashSet::new(),
        };
        let referred = self.referred();
        for number in &self.order {
            let is_shown = !self.by_number.get(number).is_some_and(Value::is_string);
            if is_shown && !referred.contains(number.as_str()) {
                writer.row(number, 0);
            }
        }
        writer.markup
    }

    /// The values of the rows, with rows of text in the place of what refers to them.
    pub(super) fn values(&self) -> Vec<Value> {
        let values = self.order.iter().filter_map(|it| self.by_number.get(it));
        values.map(|value| self.with_texts(value, 0)).collect()
    }

    fn with_texts(&self, value: &Value, depth: usize) -> Value {
        match value {
            Value::String(text) => match self.referred_by(text) {
                Some(Value::String(row)) => Value::String(row.clone()),
                _ => value.clone(),
            },
            _ if depth > DEPTH => Value::Null,
            Value::Array(items) => {
                let items = items.iter();
                Value::Array(items.map(|it| self.with_texts(it, depth + 1)).collect())
            }
            Value::Object(fields) => {
                let fields = fields.iter();
                let plain = fields.map(|(key, it)| (key.clone(), self.with_texts(it, depth + 1)));
                Value::Object(plain.collect())
            }
            _ => value.clone(),
        }
    }

    /// The row that a string stands for.
    fn referred_by(&self, text: &str) -> Option<&Value> {
        self.by_number.get(row_number(text)?)
    }

    /// The numbers of rows that others refer to.
    fn referred(&self) -> HashSet<&str> {
        let mut referred = HashSet::new();
        let mut open: Vec<&Value> = self.by_number.values().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::String(text) => referred.extend(row_number(text)),
                Value::Array(items) => open.extend(items),
                Value::Object(fields) => open.extend(fields.values()),
                _ => {}
            }
        }
        referred
    }
}

/// The number in `$L5`, `$@5` and `$5`.
fn row_number(text: &str) -> Option<&str> {
    let number = text.strip_prefix('$')?;
    let number = number.strip_prefix(['L', '@']).unwrap_or(number);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_number.then_some(number)
}

/// The value at the start of a row, and what follows the row.
fn row_value(row: &str, budget: usize) -> (Option<Value>, &str) {
    if let Some(text) = row.strip_prefix('T')
        && let Some((length, text)) = text.split_once(',')
        && let Ok(length) = usize::from_str_radix(length, 16)
    {
        let end = text.floor_char_boundary(length);
        return (Some(Value::String(text[..end].to_owned())), &text[end..]);
    }
    let (line, rest) = row.split_once('\n').unwrap_or((row, ""));
    let is_value = line.starts_with(['[', '{', '"']);
    let value = is_value.then(|| literal::value(line, budget)).flatten();
    (value, rest)
}

/// Writes elements as markup.
struct Writer<'r> {
    rows: &'r Rows,
    markup: String,
    /// Rows that stand in the markup: each stands there once.
    written: HashSet<&'r str>,
}

impl<'r> Writer<'r> {
    fn row(&mut self, number: &str, depth: usize) {
        let Some((number, value)) = self.rows.by_number.get_key_value(number) else {
            return;
        };
        if self.written.insert(number) {
            self.node(value, depth);
        }
    }

    /// Writes a child: an element, a text, a list of them, or a reference to one.
    fn node(&mut self, value: &'r Value, depth: usize) {
        if depth > DEPTH || self.markup.len() > MOST_BYTES {
            return;
        }
        match value {
            Value::String(text) => match row_number(text) {
                Some(number) => self.row(number, depth + 1),
                None if text.starts_with("$$") => self.markup.push_str(&escape_html(&text[1..])),
                None if text.starts_with('$') => {}
                None => self.markup.push_str(&escape_html(text)),
            },
            Value::Number(number) => self.markup.push_str(&number.to_string()),
            Value::Array(items) => match items.as_slice() {
                [
                    Value::String(sign),
                    Value::String(tag),
                    _,
                    Value::Object(props),
                    ..,
                ] if sign == "$" => {
                    self.element(tag, props, depth);
                }
                _ => {
                    for item in items {
                        // Bare strings among data are names, not texts.
                        if item.is_array() || items.iter().any(is_element) {
                            self.node(item, depth + 1);
                        } else {
                            self.data(item, depth + 1);
                        }
                    }
                }
            },
            _ => self.data(value, depth),
        }
    }

    /// Writes the elements within data: slots and layouts.
    fn data(&mut self, value: &'r Value, depth: usize) {
        if depth > DEPTH {
            return;
        }
        match value {
            Value::Object(fields) => {
                for (_, field) in fields {
                    self.data(field, depth + 1);
                }
            }
            Value::Array(_) => self.node(value, depth + 1),
            Value::String(text) if text.starts_with("$L") => self.node(value, depth + 1),
            _ => {}
        }
    }

    fn element(&mut self, tag: &str, props: &'r Map<String, Value>, depth: usize) {
        if tag.starts_with('$')
            || !tag
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            // A component: what it is given as children is likely what it shows.
            match props.get("children") {
                Some(children) => self.node(children, depth + 1),
                None => props.values().for_each(|it| self.data(it, depth + 1)),
            }
            return;
        }
        if SILENT.contains(&tag) {
            return;
        }
        self.markup.push('<');
        self.markup.push_str(tag);
        for (name, attribute) in ATTRIBUTES {
            if let Some(Value::String(value)) = props.get(name) {
                let value = escape_html(value);
                self.markup.push_str(&format!(" {attribute}=\"{value}\""));
            }
        }
        if props.get("hidden") == Some(&Value::Bool(true)) {
            self.markup.push_str(" hidden");
        }
        self.markup.push('>');
        if VOID.contains(&tag) {
            return;
        }
        let html = props
            .get("dangerouslySetInnerHTML")
            .and_then(|it| it.get("__html"));
        match html {
            Some(Value::String(html)) => {
                let row = self.rows.referred_by(html).and_then(Value::as_str);
                self.markup.push_str(row.unwrap_or(html));
            }
            _ => {
                if let Some(children) = props.get("children") {
                    self.children(children, depth + 1);
                }
            }
        }
        self.markup.push_str(&format!("</{tag}>"));
    }

    /// Writes the children of an element, where strings are texts.
    fn children(&mut self, children: &'r Value, depth: usize) {
        match children {
            Value::Array(items) if !is_element(children) => {
                for item in items {
                    self.children(item, depth + 1);
                    if depth > DEPTH {
                        return;
                    }
                }
            }
            _ => self.node(children, depth),
        }
    }
}

fn is_element(value: &Value) -> bool {
    let first = value.as_array().and_then(|it| it.first());
    first.and_then(Value::as_str) == Some("$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_the_markup_they_were_made_of() {
        let flight = "1:I[12,[],\"\"]\n\
            0:{\"b\":\"x\",\"f\":[[\"\",\"$L2\"]]}\n\
            2:[\"$\",\"main\",null,{\"className\":\"page\",\"children\":[[\"$\",\"h1\",null,{\"children\":\"A & B\"}],\"$L3\",[\"$\",\"$L1\",null,{\"children\":[\"$\",\"br\",null,{}]}]]}]\n\
            4:Ta,<p>Öl</p>5:\"x\"\n\
            3:[\"$\",\"div\",\"k\",{\"children\":[\"One \",[\"$\",\"em\",null,{\"children\":\"two\"}],[\"$\",\"div\",null,{\"dangerouslySetInnerHTML\":{\"__html\":\"$4\"}}]]}]\n";
        let rows = Rows::of(flight, 1000);
        assert_eq!(
            rows.markup(),
            "<main class=\"page\"><h1>A &amp; B</h1><div>One <em>two</em><div><p>Öl</p></div></div><br></main>"
        );
    }

    #[test]
    fn rows_that_refer_to_themselves_or_are_cut_short_end() {
        for flight in [
            "0:[\"$\",\"p\",null,{\"children\":\"$L0\"}]\n",
            "0:\"$L1\"\n1:\"$L0\"\n",
            "0:[\"$\",\"p\",null,{\"child",
            "T:",
            "0:Tffffffff,abc",
            "no rows\nat all",
        ] {
            assert!(Rows::of(flight, 1000).markup().len() < 20);
        }
    }
}
