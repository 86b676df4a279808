//! Text to tokens: the tokenizer of HTML (HTML 13.2.5). It emits the same tokens as html5ever's, for
//! html5ever's tree builder, but goes from one delimiter to the next instead of from character to
//! character, and emits slices of the page instead of copies: most bytes of a page are values of
//! attributes, and scripts. Comments, attributes of end tags and parse errors are not emitted.

use html5ever::LocalName;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Doctype, EndTag, StartTag, Tag, TagKind, Token, TokenSink, TokenSinkResult,
    Tokenizer, TokenizerOpts,
};
use memchr::memchr;

use crate::page::attributes::{Attr, MOST_ATTRIBUTES};
use crate::page::names::Names;
use crate::page::references::resolve;
use crate::page::source::{Source, Span};
use crate::page::tokens::ends::{
    begins_markup, end_of_bogus_comment, end_of_comment, end_of_raw, end_of_text, starts_with,
};

mod ends;

/// Receives a page's tokens.
pub trait Receiver {
    /// Takes a text.
    fn text(&self, text: StrTendril);
    /// Takes a tag, whose attributes stand apart from it; says what its content is.
    fn tag(&self, tag: Tag, attributes: &[Attr]) -> Content;
    /// Takes a document type.
    fn doctype(&self, doctype: Doctype);
    /// True inside of formulas and drawings.
    fn is_foreign(&self) -> bool;
}

/// What the content of an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Text and tags.
    Markup,
    /// Text up to the element's end tag.
    Raw(RawKind),
    /// Text to the end of the page.
    Plain,
}

/// The name of a tag or an attribute.
struct Name<'s> {
    text: &'s str,
    start: usize,
    /// Its last eight letters, in lower case: of most names all, so that different names differ in it.
    key: u64,
    has_capitals: bool,
}

/// How the rest of the page is read.
#[derive(Debug)]
enum Mode {
    /// As text and tags.
    Markup,
    /// As text up to the end tag of this name.
    Raw(RawKind, LocalName),
    /// As text to the end.
    Plain,
}

/// The tokenizer, at one point of a page.
#[derive(Debug)]
pub struct Tokens<'s> {
    source: &'s Source,
    page: &'s str,
    at: usize,
    mode: Mode,
    names: Names,
    /// The attributes of the tag that is read, and the last letters of their names.
    attributes: Vec<Attr>,
    attribute_keys: Vec<u64>,
}

impl<'s> Tokens<'s> {
    /// Begins at the start of a page.
    pub fn new(source: &'s Source) -> Tokens<'s> {
        Tokens {
            source,
            page: source.page(),
            at: 0,
            mode: Mode::Markup,
            names: Names::default(),
            attributes: Vec::new(),
            attribute_keys: Vec::new(),
        }
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &'s str {
        &self.page[self.at..]
    }

    /// Skips this many bytes of the rest.
    pub fn skip(&mut self, bytes: usize) {
        self.at = self.page.len().min(self.at + bytes);
    }

    /// Emits the next text or tag. False at the end of the page.
    pub fn step(&mut self, sink: &impl Receiver) -> bool {
        if self.at >= self.page.len() {
            return false;
        }
        match std::mem::replace(&mut self.mode, Mode::Markup) {
            Mode::Plain => self.text(self.page.len(), false, sink),
            Mode::Raw(kind, name) => {
                let length = end_of_raw(self.rest(), kind, &name);
                self.text(self.at + length, kind == RawKind::Rcdata, sink);
            }
            Mode::Markup if begins_markup(self.rest().as_bytes()) => self.markup(sink),
            Mode::Markup => {
                let length = end_of_text(self.rest().as_bytes());
                self.text(self.at + length, true, sink);
            }
        }
        true
    }

    /// Emits the text up to `end`.
    fn text(&mut self, end: usize, resolves: bool, sink: &impl Receiver) {
        let start = std::mem::replace(&mut self.at, end);
        if start == end {
            return;
        }
        let text = &self.page[start..end];
        if resolves && memchr(b'&', text.as_bytes()).is_some() {
            sink.text(resolve(text, false).into());
        } else {
            sink.text(self.slice(start, end));
        }
    }

    /// Reads a tag, a comment or a declaration.
    fn markup(&mut self, sink: &impl Receiver) {
        let rest = self.rest().as_bytes();
        match (rest.get(1), rest.get(2)) {
            (Some(b'/'), Some(b'>')) => self.at += 3,
            (Some(b'/'), Some(letter)) if letter.is_ascii_alphabetic() => self.tag(EndTag, sink),
            (Some(letter), _) if letter.is_ascii_alphabetic() => self.tag(StartTag, sink),
            (Some(b'!'), _) => self.declaration(sink),
            _ => self.at += end_of_bogus_comment(self.rest()),
        }
    }

    /// Reads a tag. A tag that the page ends in is dropped.
    fn tag(&mut self, kind: TagKind, sink: &impl Receiver) {
        self.at += if kind == StartTag { 1 } else { 2 };
        let Some(tag) = self.read_tag(kind) else {
            self.at = self.page.len();
            return;
        };
        let name = tag.name.clone();
        self.mode = match sink.tag(tag, &self.attributes) {
            Content::Markup => Mode::Markup,
            Content::Raw(kind) => Mode::Raw(kind, name),
            Content::Plain => Mode::Plain,
        };
    }

    fn read_tag(&mut self, kind: TagKind) -> Option<Tag> {
        self.attributes.clear();
        self.attribute_keys.clear();
        let name = self.skip_name(SPACE | ENDS_TAG);
        let mut tag = Tag {
            kind,
            name: if name.has_capitals {
                self.names.get(&name.text.to_ascii_lowercase(), name.key)
            } else {
                self.names.get(name.text, name.key)
            },
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        };
        loop {
            self.skip_space();
            match self.peek()? {
                b'>' => {
                    self.at += 1;
                    return Some(tag);
                }
                b'/' => {
                    self.at += 1;
                    tag.self_closing = self.peek()? == b'>';
                }
                _ => self.read_attribute(kind)?,
            }
        }
    }

    fn read_attribute(&mut self, kind: TagKind) -> Option<()> {
        let name = self.skip_name(SPACE | ENDS_TAG | ENDS_NAME);
        self.skip_space();
        let mut value = Span::default();
        if self.peek()? == b'=' {
            self.at += 1;
            self.skip_space();
            let (start, end) = self.read_value()?;
            if kind == StartTag {
                value = self.source.resolved(start, end, true);
            }
        }
        if kind == StartTag && self.attributes.len() < MOST_ATTRIBUTES && !self.has(&name) {
            let name_span = if name.has_capitals {
                let lower = name.text.to_ascii_lowercase();
                self.source.make(|made| made.push_str(&lower))
            } else {
                self.source.span(name.start, name.start + name.text.len())
            };
            self.attribute_keys.push(name.key);
            self.attributes.push(Attr {
                name: name_span,
                value,
            });
        }
        Some(())
    }

    /// True where the tag has an attribute of that name.
    fn has(&self, name: &Name<'_>) -> bool {
        let is_same = |it: &Attr| {
            let known = |known: &str| known.eq_ignore_ascii_case(name.text);
            self.source.read(it.name, known)
        };
        let mut known = self.attribute_keys.iter().zip(&self.attributes);
        known.any(|(&key, it)| key == name.key && is_same(it))
    }

    /// Skips an attribute's value: where it begins and ends.
    fn read_value(&mut self) -> Option<(usize, usize)> {
        match self.peek()? {
            b'>' => Some((self.at, self.at)),
            quote @ (b'"' | b'\'') => {
                let start = self.at + 1;
                let end = start + memchr(quote, &self.page.as_bytes()[start..])?;
                self.at = end + 1;
                Some((start, end))
            }
            _ => {
                let start = self.at;
                let mut rest = self.rest().bytes();
                let length = rest.position(|it| is_space(it) || it == b'>');
                self.at = length.map_or(self.page.len(), |it| start + it);
                Some((start, self.at))
            }
        }
    }

    /// Reads a comment, a document type or, in foreign content, a CDATA section.
    fn declaration(&mut self, sink: &impl Receiver) {
        const CDATA: &str = "<![CDATA[";
        let rest = self.rest();
        if let Some(comment) = rest.strip_prefix("<!--") {
            self.at += "<!--".len() + end_of_comment(comment);
        } else if starts_with(rest, "<!doctype") {
            let end = end_of_bogus_comment(rest);
            let doctype = read_doctype(&rest[..end]);
            self.at += end;
            sink.doctype(doctype);
        } else if rest.starts_with(CDATA) && sink.is_foreign() {
            let length = rest.find("]]>").unwrap_or(rest.len());
            let end = self.at + length;
            self.at += CDATA.len();
            self.text(end, false, sink);
            self.skip("]]>".len());
        } else {
            self.at += end_of_bogus_comment(rest);
        }
    }

    fn peek(&self) -> Option<u8> {
        self.page.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// Skips a name, which goes up to a character of such a kind. Its first character is no such character, but may
    /// be `=`.
    fn skip_name(&mut self, ends: u8) -> Name<'s> {
        let (start, bytes) = (self.at, self.page.as_bytes());
        let first = bytes[start];
        let (mut key, mut seen, mut end) = (u64::from(first), KINDS[usize::from(first)], start + 1);
        while let Some(&byte) = bytes.get(end) {
            let kind = KINDS[usize::from(byte)];
            if kind & ends != 0 {
                break;
            }
            seen |= kind;
            key = key << 8 | u64::from(byte);
            end += 1;
        }
        self.at = end;
        let (text, has_capitals) = (&self.page[start..end], seen & CAPITAL != 0);
        if has_capitals {
            let small = text.bytes().map(|it| it.to_ascii_lowercase());
            key = small.fold(0, |key, byte| key << 8 | u64::from(byte));
        }
        Name {
            text,
            start,
            key,
            has_capitals,
        }
    }

    /// A part of the page, not copied.
    fn slice(&self, start: usize, end: usize) -> StrTendril {
        let bounded = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        let page = self.source.page();
        page.subtendril(bounded(start), bounded(end - start))
    }
}

/// Kinds of characters in a tag.
const SPACE: u8 = 1;
const ENDS_TAG: u8 = 2;
const ENDS_NAME: u8 = 4;
const CAPITAL: u8 = 8;

/// The kind of each byte.
static KINDS: [u8; 256] = kinds();

const fn kinds() -> [u8; 256] {
    let mut kinds = [0; 256];
    let mut byte = 0u8;
    loop {
        kinds[byte as usize] = match byte {
            b' ' | b'\n' | b'\t' | b'\x0C' => SPACE,
            b'/' | b'>' => ENDS_TAG,
            b'=' => ENDS_NAME,
            b'A'..=b'Z' => CAPITAL,
            _ => 0,
        };
        if byte == u8::MAX {
            return kinds;
        }
        byte += 1;
    }
}

fn is_space(byte: u8) -> bool {
    KINDS[usize::from(byte)] == SPACE
}

/// Reads a document type with html5ever: it has many rules of its own, and a page has only one.
fn read_doctype(declaration: &str) -> Doctype {
    #[derive(Default)]
    struct Keeper(std::cell::RefCell<Doctype>);
    impl TokenSink for Keeper {
        type Handle = ();

        fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
            if let Token::DoctypeToken(doctype) = token {
                self.0.replace(doctype);
            }
            TokenSinkResult::Continue
        }
    }
    let tokenizer = Tokenizer::new(Keeper::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(declaration));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.take()
}

#[cfg(test)]
mod html5lib_tests;
