//! Text to tokens: the tokenizer of HTML (HTML 13.2.5). It emits the same tokens as html5ever's, for
//! html5ever's tree builder, but goes from one delimiter to the next instead of from character to
//! character, and emits slices of the page instead of copies: most bytes of a page are values of
//! attributes, and scripts. Comments and parse errors are not emitted.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Doctype, EndTag, StartTag, Tag, TagKind, Token, TokenSink, TokenSinkResult,
    Tokenizer, TokenizerOpts,
};
use html5ever::{Attribute, LocalName, QualName, ns};
use memchr::{memchr, memchr2, memchr2_iter};

use crate::page::names::Names;
use crate::page::references::resolve;
use crate::page::sink::MOST_ATTRIBUTES;

/// The most bytes that are read, because a tendril counts in 32 bits.
const MOST_BYTES: usize = 1 << 30;

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
pub struct Tokens {
    page: StrTendril,
    at: usize,
    mode: Mode,
    names: Names,
}

impl Tokens {
    /// Begins at the start of `text`.
    pub fn new(text: &str) -> Tokens {
        Tokens {
            page: normalised(&text[..text.floor_char_boundary(MOST_BYTES)]),
            at: 0,
            mode: Mode::Markup,
            names: Names::default(),
        }
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &str {
        &self.page[self.at..]
    }

    /// Skips this many bytes of the rest.
    pub fn skip(&mut self, bytes: usize) {
        self.at = self.page.len().min(self.at + bytes);
    }

    /// Emits the next text or tag. False at the end of the page.
    pub fn step<S: TokenSink>(&mut self, sink: &S) -> bool {
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
    fn text<S: TokenSink>(&mut self, end: usize, resolves: bool, sink: &S) {
        let start = std::mem::replace(&mut self.at, end);
        if start == end {
            return;
        }
        let text = if resolves {
            self.resolved(start, end, false)
        } else {
            self.slice(start, end)
        };
        let _ = sink.process_token(Token::CharacterTokens(text), 1);
    }

    /// Reads a tag, a comment or a declaration.
    fn markup<S: TokenSink>(&mut self, sink: &S) {
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
    fn tag<S: TokenSink>(&mut self, kind: TagKind, sink: &S) {
        self.at += if kind == StartTag { 1 } else { 2 };
        let Some(tag) = self.read_tag(kind) else {
            self.at = self.page.len();
            return;
        };
        let name = tag.name.clone();
        self.mode = match sink.process_token(Token::TagToken(tag), 1) {
            TokenSinkResult::RawData(kind) => Mode::Raw(kind, name),
            TokenSinkResult::Plaintext => Mode::Plain,
            _ => Mode::Markup,
        };
    }

    fn read_tag(&mut self, kind: TagKind) -> Option<Tag> {
        let start = self.at;
        self.skip_until(|it| is_space(it) || matches!(it, b'/' | b'>'));
        let mut tag = Tag {
            kind,
            name: self.name(start),
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        };
        loop {
            self.skip_until(|it| !is_space(it));
            match self.peek()? {
                b'>' => {
                    self.at += 1;
                    return Some(tag);
                }
                b'/' => {
                    self.at += 1;
                    tag.self_closing = self.peek()? == b'>';
                }
                _ => self.read_attribute(&mut tag)?,
            }
        }
    }

    fn read_attribute(&mut self, tag: &mut Tag) -> Option<()> {
        let start = self.at;
        // A name may begin with `=`, which otherwise ends it.
        self.at += usize::from(self.peek()? == b'=');
        self.skip_until(|it| is_space(it) || matches!(it, b'/' | b'>' | b'='));
        let local = self.name(start);
        self.skip_until(|it| !is_space(it));
        let value = if self.peek()? == b'=' {
            self.at += 1;
            self.skip_until(|it| !is_space(it));
            self.read_value()?
        } else {
            StrTendril::new()
        };
        if tag.attrs.iter().any(|it| it.name.local == local) {
            tag.had_duplicate_attributes = true;
        } else if tag.attrs.len() < MOST_ATTRIBUTES {
            let name = QualName::new(None, ns!(), local);
            tag.attrs.push(Attribute { name, value });
        }
        Some(())
    }

    fn read_value(&mut self) -> Option<StrTendril> {
        let (start, end) = match self.peek()? {
            b'>' => return Some(StrTendril::new()),
            quote @ (b'"' | b'\'') => {
                let start = self.at + 1;
                let end = start + memchr(quote, &self.page.as_bytes()[start..])?;
                self.at = end + 1;
                (start, end)
            }
            _ => {
                let start = self.at;
                self.skip_until(|it| is_space(it) || it == b'>');
                (start, self.at)
            }
        };
        Some(self.resolved(start, end, true))
    }

    /// Reads a comment, a document type or, in foreign content, a CDATA section.
    fn declaration<S: TokenSink>(&mut self, sink: &S) {
        const CDATA: &str = "<![CDATA[";
        let rest = self.rest();
        if let Some(comment) = rest.strip_prefix("<!--") {
            self.at += "<!--".len() + end_of_comment(comment);
        } else if starts_with(rest, "<!doctype") {
            let end = end_of_bogus_comment(rest);
            let doctype = read_doctype(&rest[..end]);
            self.at += end;
            let _ = sink.process_token(Token::DoctypeToken(doctype), 1);
        } else if rest.starts_with(CDATA)
            && sink.adjusted_current_node_present_but_not_in_html_namespace()
        {
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

    fn skip_until(&mut self, stops: impl Fn(u8) -> bool) {
        let rest = self.rest().bytes();
        self.at += rest.take_while(|&it| !stops(it)).count();
    }

    /// The name from `start` to here, in lower case.
    fn name(&mut self, start: usize) -> LocalName {
        let name = &self.page[start..self.at];
        if name.bytes().any(|it| it.is_ascii_uppercase()) {
            self.names.get(&name.to_ascii_lowercase())
        } else {
            self.names.get(name)
        }
    }

    fn resolved(&self, start: usize, end: usize, in_attribute: bool) -> StrTendril {
        let text = &self.page[start..end];
        if memchr(b'&', text.as_bytes()).is_none() {
            return self.slice(start, end);
        }
        resolve(text, in_attribute).into()
    }

    /// A part of the page, not copied.
    fn slice(&self, start: usize, end: usize) -> StrTendril {
        let bounded = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        self.page.subtendril(bounded(start), bounded(end - start))
    }
}

/// The page with newlines for carriage returns (HTML 13.2.3.5), without its byte order mark and without NUL
/// characters, some of which the standard keeps or replaces.
fn normalised(text: &str) -> StrTendril {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut page = StrTendril::with_capacity(u32::try_from(text.len()).unwrap_or(0));
    let mut from = 0;
    for at in memchr2_iter(b'\r', b'\0', text.as_bytes()) {
        page.push_slice(&text[from..at]);
        let is_alone = text.as_bytes()[at] == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n');
        if is_alone {
            page.push_slice("\n");
        }
        from = at + 1;
    }
    page.push_slice(&text[from..]);
    page
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\x0C')
}

fn starts_with(text: &str, lower: &str) -> bool {
    let start = text.as_bytes().get(..lower.len());
    start.is_some_and(|it| it.eq_ignore_ascii_case(lower.as_bytes()))
}

/// True where a `<` begins a tag, a comment or a declaration, and is not text.
fn begins_markup(rest: &[u8]) -> bool {
    match *rest {
        [b'<', b'/', ..] => rest.len() > 2,
        [b'<', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'),
        _ => false,
    }
}

fn end_of_text(rest: &[u8]) -> usize {
    memchr::memchr_iter(b'<', rest)
        .find(|&at| begins_markup(&rest[at..]))
        .unwrap_or(rest.len())
}

fn end_of_bogus_comment(rest: &str) -> usize {
    rest.find('>').map_or(rest.len(), |it| it + 1)
}

/// The end of the comment whose content begins here. `<!-->` and `<!--->` are whole comments.
fn end_of_comment(rest: &str) -> usize {
    let ends = |&at: &usize| {
        let content = &rest.as_bytes()[..at];
        matches!(content, b"" | b"-") || content.ends_with(b"--") || content.ends_with(b"--!")
    };
    let mut signs = memchr::memchr_iter(b'>', rest.as_bytes());
    signs.find(ends).map_or(rest.len(), |it| it + 1)
}

/// The position of the end tag of an element whose content is not markup.
fn end_of_raw(rest: &str, kind: RawKind, name: &str) -> usize {
    if kind == RawKind::ScriptData {
        return end_of_script(rest);
    }
    memchr::memchr_iter(b'<', rest.as_bytes())
        .find(|&at| is_tag(&rest.as_bytes()[at..], b"</", name))
        .unwrap_or(rest.len())
}

/// The position of the end tag of a script. Inside a comment of the script, a start tag and the end tag after
/// it do not count (HTML 13.2.5.20 to 31).
fn end_of_script(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    // Where the comment begins, and whether a script's start tag is open in it.
    let (mut comment, mut inner) = (None, false);
    let mut from = 0;
    while let Some(found) = memchr2(b'<', b'>', &bytes[from..]) {
        let at = from + found;
        from = at + 1;
        let ahead = &bytes[at..];
        match comment {
            Some(start) if ahead[0] == b'>' && bytes[start..at].ends_with(b"--") => comment = None,
            None if ahead.starts_with(b"<!--") => (comment, inner) = (Some(at + 2), false),
            Some(_) if inner && is_tag(ahead, b"</", "script") => inner = false,
            _ if is_tag(ahead, b"</", "script") => return at,
            Some(_) if is_tag(ahead, b"<", "script") => inner = true,
            _ => {}
        }
    }
    bytes.len()
}

/// True where a tag of this name is.
fn is_tag(rest: &[u8], opens: &[u8], name: &str) -> bool {
    let Some((named, after)) = rest
        .strip_prefix(opens)
        .and_then(|it| it.split_at_checked(name.len()))
    else {
        return false;
    };
    let ends = |&it: &u8| is_space(it) || matches!(it, b'/' | b'>');
    named.eq_ignore_ascii_case(name.as_bytes()) && after.first().is_some_and(ends)
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
