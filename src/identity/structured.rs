//! Structured fields (RFC 9651, 4.2), as far as `Signature-Input` and `Signature` need them: dictionaries whose members
//! are lists in parentheses, texts or bytes, with parameters. What servers send is read here, so anything else is an
//! end and no fault.

use crate::identity::from_base64;

/// Members of a dictionary that are read.
const MOST_MEMBERS: usize = 100;

/// One member of a dictionary.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) params: Params,
    /// The value and its parameters as they stand in the field.
    pub(super) raw: String,
}

/// Parameters in their order.
pub(super) type Params = Vec<(String, Value)>;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Bytes(Vec<u8>),
    True,
    /// A word without quotes.
    Token(String),
    /// Texts in parentheses, each with parameters.
    List(Vec<(String, Params)>),
}

/// Reads a dictionary; `None` where it is none.
pub(super) fn dictionary(text: &str) -> Option<Vec<Member>> {
    let mut reader = Reader { text, at: 0 };
    let mut members = Vec::new();
    reader.skip_spaces();
    while !reader.is_at_end() {
        if members.len() == MOST_MEMBERS {
            return None;
        }
        let key = reader.key()?;
        let begin = reader.at + 1;
        let (value, params) = match reader.take('=') {
            true => (reader.value()?, reader.params()?),
            false => (Value::True, reader.params()?),
        };
        let raw = text.get(begin..reader.at).unwrap_or_default().to_owned();
        members.push(Member {
            key,
            value,
            params,
            raw,
        });
        reader.skip_spaces();
        if reader.is_at_end() {
            return Some(members);
        }
        if !reader.take(',') {
            return None;
        }
        reader.skip_spaces();
        if reader.is_at_end() {
            return None;
        }
    }
    Some(members)
}

/// The parameter of that name.
pub(super) fn param<'p>(params: &'p Params, name: &str) -> Option<&'p Value> {
    let named = params.iter().find(|(key, _)| key == name);
    named.map(|(_, value)| value)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    fn take(&mut self, wanted: char) -> bool {
        let is_there = self.rest().starts_with(wanted);
        self.at += if is_there { wanted.len_utf8() } else { 0 };
        is_there
    }

    fn skip_spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    fn take_while(&mut self, is_wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !is_wanted(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn key(&mut self) -> Option<String> {
        let is_first = |c: char| c.is_ascii_lowercase() || c == '*';
        if !self.rest().starts_with(is_first) {
            return None;
        }
        let is_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.*".contains(c);
        Some(self.take_while(is_key).to_owned())
    }

    fn value(&mut self) -> Option<Value> {
        match self.rest().chars().next()? {
            '(' => self.list(),
            '"' => self.string().map(Value::Text),
            ':' => self.bytes(),
            '?' => self.rest().starts_with("?1").then(|| {
                self.at += 2;
                Value::True
            }),
            '-' | '0'..='9' => {
                let number = self.take_while(|c| c == '-' || c.is_ascii_digit());
                number.parse().ok().map(Value::Integer)
            }
            c if c.is_ascii_alphabetic() || c == '*' => {
                let is_token =
                    |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:/".contains(c);
                Some(Value::Token(self.take_while(is_token).to_owned()))
            }
            _ => None,
        }
    }

    fn string(&mut self) -> Option<String> {
        self.take('"').then_some(())?;
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| matches!(c, ' '..='~') && c != '"' && c != '\\'));
            if self.take('"') {
                return Some(text);
            }
            self.take('\\').then_some(())?;
            let escaped = self
                .rest()
                .chars()
                .next()
                .filter(|c| matches!(c, '"' | '\\'))?;
            text.push(escaped);
            self.at += 1;
        }
    }

    fn bytes(&mut self) -> Option<Value> {
        self.take(':').then_some(())?;
        let text = self.take_while(|c| c.is_ascii_alphanumeric() || "+/=".contains(c));
        let bytes = from_base64(text)?;
        self.take(':').then_some(Value::Bytes(bytes))
    }

    fn list(&mut self) -> Option<Value> {
        self.take('(').then_some(())?;
        let mut items = Vec::new();
        loop {
            self.skip_spaces();
            if self.take(')') {
                return Some(Value::List(items));
            }
            let item = (self.string()?, self.params()?);
            items.push(item);
            let is_parted = self.rest().starts_with([' ', ')']);
            (is_parted && items.len() <= MOST_MEMBERS).then_some(())?;
        }
    }

    fn params(&mut self) -> Option<Params> {
        let mut params = Params::new();
        while self.take(';') {
            self.skip_spaces();
            let key = self.key()?;
            let value = match self.take('=') {
                true => self.value()?,
                false => Value::True,
            };
            params.push((key, value));
            (params.len() <= MOST_MEMBERS).then_some(())?;
        }
        Some(params)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dictionary_is_read_with_lists_parameters_and_bytes() {
        let text = "a=(\"@authority\";req \"x\");created=17;keyid=\"k\\\"\", b=:aGk=:;t=?1, c";
        let read = dictionary(text).unwrap();
        let req = vec![("req".to_owned(), Value::True)];
        let items = vec![("@authority".to_owned(), req), ("x".to_owned(), vec![])];
        assert_eq!(read[0].value, Value::List(items));
        assert_eq!(param(&read[0].params, "created"), Some(&Value::Integer(17)));
        assert_eq!(
            param(&read[0].params, "keyid"),
            Some(&Value::Text("k\"".to_owned()))
        );
        assert_eq!(
            read[0].raw,
            "(\"@authority\";req \"x\");created=17;keyid=\"k\\\"\""
        );
        assert_eq!(
            (read[1].key.as_str(), &read[1].value),
            ("b", &Value::Bytes(b"hi".to_vec()))
        );
        assert_eq!((read[2].key.as_str(), &read[2].value), ("c", &Value::True));
        assert_eq!(dictionary(" ").unwrap(), vec![]);
    }

    #[test]
    fn what_is_no_dictionary_is_none() {
        for text in [
            "A=1",
            "a=",
            "a=(",
            "a=(\"b",
            "a=(\"b\"\"c\")",
            "a=\"b",
            "a=:b",
            "a=:!:",
            "a=1,",
            "a=1 b=2",
            "a=1;",
            "\u{e9}",
            "a=\"\u{e9}\"",
            "a=?2",
            "a=--1",
            "a=\"\\n\"",
            "a=(b)",
        ] {
            assert_eq!(dictionary(text), None, "{text}");
        }
        let long = "a, ".repeat(101) + "a";
        assert_eq!(dictionary(&long), None);
    }
}
