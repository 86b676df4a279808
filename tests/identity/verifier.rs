//! A verifier of HTTP Message Signatures, written from RFC 9421 and RFC 9651 alone: it shares no code with the program.
//! It reads structured fields strictly and writes them anew, so that what is signed is what the standard says, and not
//! what came.

use std::collections::BTreeMap;

use ring::signature::{ED25519, UnparsedPublicKey};

/// A message as it arrived.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// The authority of the request, or of the request that an answer is for.
    pub authority: String,
    pub method: String,
    pub path: String,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    /// It is an answer: components of the request need `req`.
    pub is_answer: bool,
}

/// What a signature says of itself.
#[derive(Debug)]
pub struct Signed {
    /// The components, as they are written.
    pub components: Vec<String>,
    pub params: BTreeMap<String, Item>,
}

impl Signed {
    pub fn text(&self, name: &str) -> &str {
        match &self.params[name] {
            Item::Text(text) => text,
            other => panic!("{name} is {other:?}"),
        }
    }

    pub fn number(&self, name: &str) -> i64 {
        match &self.params[name] {
            Item::Number(number) => *number,
            other => panic!("{name} is {other:?}"),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Text(String),
    Number(i64),
    Bytes(Vec<u8>),
    Flag,
}

type Params = Vec<(String, Item)>;

#[derive(Debug, Clone)]
enum Member {
    Item(Item, Params),
    Inner(Vec<(Item, Params)>, Params),
}

/// RFC 9421, 3.2: verifies the signature of that label.
pub fn verify(message: &Message, label: &str, public: &[u8]) -> Result<Signed, String> {
    let inputs = dictionary(&message.headers["signature-input"])?;
    let signatures = dictionary(&message.headers["signature"])?;
    let Some(Member::Inner(components, params)) = find(&inputs, label) else {
        return Err(format!("Signature-Input has no list named {label}"));
    };
    let Some(Member::Item(Item::Bytes(signature), _)) = find(&signatures, label) else {
        return Err(format!("Signature has no bytes named {label}"));
    };
    let mut lines = Vec::new();
    let mut written = Vec::new();
    for (name, params) in components {
        let identifier = item(name) + &written_params(params);
        assert!(!written.contains(&identifier), "{identifier} stands twice");
        lines.push(format!("{identifier}: {}", value(message, name, params)?));
        written.push(identifier);
    }
    let list = format!("({}){}", written.join(" "), written_params(params));
    lines.push(format!("\"@signature-params\": {list}"));
    UnparsedPublicKey::new(&ED25519, public)
        .verify(lines.join("\n").as_bytes(), signature)
        .map_err(|_| "the signature does not fit".to_owned())?;
    Ok(Signed {
        components: written,
        params: params.iter().cloned().collect(),
    })
}

/// RFC 9421, 2: the value of a component.
fn value(message: &Message, name: &Item, params: &Params) -> Result<String, String> {
    let Item::Text(name) = name else {
        return Err("a component is no text".to_owned());
    };
    let (mut key, mut is_of_request) = (None, false);
    for (param, given) in params {
        match (param.as_str(), given) {
            ("key", Item::Text(text)) => key = Some(text),
            ("req", Item::Flag) => is_of_request = true,
            _ => return Err(format!("{name} has the parameter {param}")),
        }
    }
    if name.starts_with('@') && is_of_request != message.is_answer {
        return Err(format!("{name} is not of this message"));
    }
    match name.as_str() {
        "@authority" => return Ok(message.authority.clone()),
        "@method" => return Ok(message.method.clone()),
        "@path" => return Ok(message.path.split('?').next().unwrap().to_owned()),
        _ => {}
    }
    let field = message
        .headers
        .get(name)
        .ok_or(format!("there is no header {name}"))?;
    let Some(key) = key else {
        return Ok(field.trim().to_owned());
    };
    match find(&dictionary(field)?, key) {
        Some(Member::Item(value, params)) => Ok(item(value) + &written_params(params)),
        _ => Err(format!("{name} has no member {key}")),
    }
}

fn find<'m>(members: &'m [(String, Member)], label: &str) -> Option<&'m Member> {
    members
        .iter()
        .find(|(key, _)| key == label)
        .map(|(_, member)| member)
}

/// RFC 9651, 4.1: how an item is written.
fn item(item: &Item) -> String {
    match item {
        Item::Text(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        Item::Number(number) => number.to_string(),
        Item::Bytes(bytes) => format!(":{}:", base64(bytes)),
        Item::Flag => "?1".to_owned(),
    }
}

fn written_params(params: &Params) -> String {
    let written = params.iter().map(|(key, value)| match value {
        Item::Flag => format!(";{key}"),
        value => format!(";{key}={}", item(value)),
    });
    written.collect()
}

/// RFC 9651, 4.2.2.
fn dictionary(text: &str) -> Result<Vec<(String, Member)>, String> {
    let mut scanner = Scanner(text.trim_matches(' ').chars().peekable());
    let mut members = Vec::new();
    loop {
        let key = scanner.key()?;
        scanner.expect('=')?;
        let member = if scanner.next_is('(') {
            let mut items = Vec::new();
            loop {
                while scanner.next_is(' ') {}
                if scanner.next_is(')') {
                    break;
                }
                items.push((scanner.item()?, scanner.params()?));
            }
            Member::Inner(items, scanner.params()?)
        } else {
            Member::Item(scanner.item()?, scanner.params()?)
        };
        members.push((key, member));
        while scanner.next_is(' ') {}
        if scanner.0.peek().is_none() {
            return Ok(members);
        }
        scanner.expect(',')?;
        while scanner.next_is(' ') {}
    }
}

struct Scanner<'t>(std::iter::Peekable<std::str::Chars<'t>>);

impl Scanner<'_> {
    fn next_is(&mut self, wanted: char) -> bool {
        self.0.next_if_eq(&wanted).is_some()
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        let found = self.0.next();
        (found == Some(wanted))
            .then_some(())
            .ok_or(format!("{found:?} stands where {wanted} belongs"))
    }

    fn run(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(next) = self.0.next_if(|&c| wanted(c)) {
            text.push(next);
        }
        text
    }

    fn key(&mut self) -> Result<String, String> {
        let key = self.run(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.*".contains(c));
        (!key.is_empty())
            .then_some(key)
            .ok_or("a key is missing".to_owned())
    }

    fn item(&mut self) -> Result<Item, String> {
        if self.next_is('"') {
            let mut text = String::new();
            loop {
                match self.0.next() {
                    Some('"') => return Ok(Item::Text(text)),
                    Some('\\') => text.extend(self.0.next()),
                    Some(c @ ' '..='~') => text.push(c),
                    other => return Err(format!("a text has {other:?}")),
                }
            }
        }
        if self.next_is(':') {
            let text = self.run(|c| c != ':');
            self.expect(':')?;
            return Ok(Item::Bytes(from_base64(&text)));
        }
        let number = self.run(|c| c.is_ascii_digit());
        number
            .parse()
            .map(Item::Number)
            .map_err(|_| "an item is missing".to_owned())
    }

    fn params(&mut self) -> Result<Params, String> {
        let mut params = Params::new();
        while self.next_is(';') {
            let key = self.key()?;
            let value = if self.next_is('=') {
                self.item()?
            } else {
                Item::Flag
            };
            params.push((key, value));
        }
        Ok(params)
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648, 4.
pub fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .fold(0, |word, byte| word << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let index = word >> (18 - 6 * place) & 63;
            text.push(if place <= chunk.len() {
                char::from(ALPHABET[index as usize])
            } else {
                '='
            });
        }
    }
    text
}

/// Of both alphabets, with padding or without.
pub fn from_base64(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut word) = (Vec::new(), 0, 0u32);
    for c in text.bytes().filter(|c| *c != b'=') {
        let c = match c {
            b'-' => b'+',
            b'_' => b'/',
            c => c,
        };
        let index = ALPHABET.iter().position(|known| *known == c).unwrap();
        word = word << 6 | u32::try_from(index).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits & 255).unwrap());
        }
    }
    bytes
}
