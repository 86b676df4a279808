//! Markup that may be damaged, piece by piece and without copies. A `<` that begins no tag is text; comments,
//! declarations, processing instructions and an end in the middle of a tag are dropped. Takes time linear in the
//! length.

use memchr::{memchr2, memchr3};

/// What a comment, a processing instruction and a declaration end with, by how they begin.
const DROPPED: [(&str, &str); 3] = [("<!--", "-->"), ("<?", "?>"), ("<!", ">")];

/// A piece of markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// The start of an element. An empty one has an end, too.
    Start(StartTag<'a>),
    /// The end of the element of this name.
    End(&'a str),
    /// Text, or a part of it.
    Text(&'a str),
    /// An entity or a character in text, by its name.
    Reference(&'a str),
}

/// What a start tag holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StartTag<'a> {
    content: &'a str,
    name: usize,
}

impl<'a> StartTag<'a> {
    fn new(content: &'a str) -> StartTag<'a> {
        let end = content.bytes().position(|it| it.is_ascii_whitespace());
        StartTag {
            content,
            name: end.unwrap_or(content.len()),
        }
    }

    /// The name with its prefix.
    pub(super) fn name(&self) -> &'a str {
        &self.content[..self.name]
    }

    /// The content and the length of the name, where there is more than that.
    pub(super) fn with_attributes(&self) -> Option<(&'a str, usize)> {
        (self.name < self.content.len()).then_some((self.content, self.name))
    }
}

/// The pieces of a text.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    rest: &'a str,
    /// The name of an empty element, which ends next.
    empty: Option<&'a str>,
    /// What was searched for to the end in vain is not searched for again.
    missing: Vec<&'static str>,
    /// Something was damaged so far.
    pub(super) is_damaged: bool,
}

impl<'a> Pieces<'a> {
    pub(super) fn of(text: &'a str) -> Pieces<'a> {
        Pieces {
            rest: text,
            empty: None,
            missing: Vec::new(),
            is_damaged: false,
        }
    }

    /// Takes so many bytes off the rest.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Text up to the next tag or reference.
    fn text(&mut self) -> Piece<'a> {
        let end = memchr2(b'<', b'&', self.rest.as_bytes());
        Piece::Text(self.take(end.unwrap_or(self.rest.len())))
    }

    /// What an `&` begins: without its `;`, it is text.
    fn reference(&mut self) -> Piece<'a> {
        let after = &self.rest.as_bytes()[1..];
        let end = memchr3(b';', b'&', b'<', after).map(|at| at + 1);
        match end {
            Some(end) if after[end - 1] == b';' => Piece::Reference(&self.take(end + 1)[1..end]),
            _ => {
                self.is_damaged = true;
                Piece::Text(self.take(end.unwrap_or(self.rest.len())))
            }
        }
    }

    /// The section at the start of the rest. Where another begins first, this one has no end, and what stands
    /// in it is read like any text.
    fn character_data(&mut self) -> Option<Piece<'a>> {
        const START: &str = "<![CDATA[";
        let inner = &self.rest[START.len()..];
        let next = inner.find(START).unwrap_or(inner.len());
        let Some(length) = inner[..next].find("]]>") else {
            self.is_damaged = true;
            self.take(START.len());
            return None;
        };
        let section = self.take(START.len() + length + "]]>".len());
        Some(Piece::Text(&section[START.len()..][..length]))
    }

    /// Drops what `closing` ends, or its first two characters where nothing does.
    fn drop_until(&mut self, closing: &'static str) {
        let mut end = None;
        if !self.missing.contains(&closing) {
            end = self.rest.find(closing);
            self.missing.extend(end.is_none().then_some(closing));
        }
        self.is_damaged |= end.is_none();
        self.take(end.map_or(2, |at| at + closing.len()));
    }

    /// The tag at the start of the rest, or the `<` there.
    fn tag(&mut self) -> Option<Piece<'a>> {
        let length = match tag_length(self.rest) {
            Tag::Whole(length) => length,
            Tag::No => {
                self.is_damaged = true;
                return Some(Piece::Text(self.take(1)));
            }
            Tag::CutOff => {
                self.is_damaged = true;
                self.rest = "";
                return None;
            }
        };
        let content = &self.take(length)[1..length - 1];
        if let Some(name) = content.strip_prefix('/') {
            return Some(Piece::End(name.trim_ascii_end()));
        }
        let tag = StartTag::new(content.strip_suffix('/').unwrap_or(content));
        self.empty = content.ends_with('/').then(|| tag.name());
        Some(Piece::Start(tag))
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some(name) = self.empty.take() {
            return Some(Piece::End(name));
        }
        loop {
            let piece = match self.rest.as_bytes() {
                [] => return None,
                [b'&', ..] => Some(self.reference()),
                [b'<', b'!', b'[', ..] if self.rest.starts_with("<![CDATA[") => {
                    self.character_data()
                }
                [b'<', b'!' | b'?', ..] => {
                    let of = |(start, _): &&(&str, _)| self.rest.starts_with(start);
                    let closing = DROPPED.iter().find(of).map_or(">", |(_, closing)| closing);
                    self.drop_until(closing);
                    None
                }
                [b'<', ..] => self.tag(),
                _ => Some(self.text()),
            };
            if piece.is_some() {
                return piece;
            }
        }
    }
}

enum Tag {
    /// A tag of so many bytes.
    Whole(usize),
    /// A tag at the end of the text, without its end.
    CutOff,
    No,
}

/// What the `<` at the start of the text begins. A tag ends before the next `<`, or is none.
fn tag_length(text: &str) -> Tag {
    let name = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    if name.is_empty() {
        return Tag::CutOff;
    }
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return Tag::No;
    }
    let bytes = text.as_bytes();
    // Most tags have no attribute, and then what comes first ends them.
    if let Some(at) = memchr3(b'=', b'<', b'>', &bytes[1..])
        && bytes[at + 1] == b'>'
    {
        return Tag::Whole(at + 2);
    }
    let (mut quote, mut last) = (None, b' ');
    for (at, &byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'<' => return Tag::No,
            b'>' if quote.is_none() => return Tag::Whole(at + 1),
            b'"' | b'\'' if quote == Some(byte) => quote = None,
            b'"' | b'\'' if quote.is_none() && last == b'=' => quote = Some(byte),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
    }
    Tag::CutOff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> (Vec<String>, bool) {
        let mut pieces = Pieces::of(text);
        let shown = pieces.by_ref().map(|piece| match piece {
            Piece::Start(tag) => format!("<{}>", tag.name()),
            Piece::End(name) => format!("</{name}>"),
            Piece::Text(text) => text.to_owned(),
            Piece::Reference(name) => format!("&{name};"),
        });
        (shown.collect(), pieces.is_damaged)
    }

    #[test]
    fn markup_falls_into_tags_texts_and_references() {
        let text = "<?xml?><a b='>'>x &amp; y<!-- <z> --><![CDATA[<i>&]]><c/></a >";
        let expected = ["<a>", "x ", "&amp;", " y", "<i>&", "<c>", "</c>", "</a>"];
        assert_eq!(pieces(text), (expected.map(str::to_owned).to_vec(), false));
    }

    #[test]
    fn what_begins_no_tag_is_text_and_a_sign_of_damage() {
        for (text, expected) in [
            (
                "<a>1 < 2 & 3</a>",
                &["<a>", "1 ", "<", " 2 ", "& 3", "</a>"][..],
            ),
            ("<a b=\"c<d>", &["<", "a b=\"c", "<d>"][..]),
            ("<a title=it's>x", &["<a>", "x"][..]),
            ("<a><![CDATA[x<b>", &["<a>", "x", "<b>"][..]),
            ("<a>x<!-- y", &["<a>", "x", "-- y"][..]),
            ("<a>x</a", &["<a>", "x"][..]),
        ] {
            let (found, is_damaged) = pieces(text);
            assert_eq!(found, expected, "{text}");
            assert_eq!(is_damaged, text != "<a title=it's>x", "{text}");
        }
    }
}
