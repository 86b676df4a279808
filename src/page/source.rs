//! A page's text, and the few strings that are made of it: text and values with their character references
//! resolved, names in lower case. A [`Span`] is a part of either, so that nothing else of a page is copied
//! while its tree is built.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use memchr::memchr2_iter;

use crate::page::references::push_resolved;

/// The most bytes that are read, because a tendril counts in 32 bits.
const MOST_BYTES: usize = 1 << 30;

/// A part of a page's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    start: u32,
    len: u32,
}

impl Span {
    /// A span of nothing where the numbers exceed 32 bits.
    fn new(start: usize, len: usize) -> Span {
        let span = u32::try_from(start)
            .ok()
            .zip(u32::try_from(len).ok())
            .map(|(start, len)| Span { start, len });
        span.unwrap_or_default()
    }
}

/// The page as it is read, and what was made of parts of it. A span that begins after the page's end lies in
/// the second.
#[derive(Debug)]
pub struct Source {
    page: StrTendril,
    made: RefCell<String>,
}

impl Source {
    /// The page with newlines for carriage returns (HTML 13.2.3.5), without its byte order mark and without
    /// NUL characters, some of which the standard keeps or replaces.
    pub fn new(text: &str) -> Source {
        let text = &text[..text.floor_char_boundary(MOST_BYTES)];
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Source {
            page: normalised(text),
            made: RefCell::default(),
        }
    }

    /// The page's text.
    pub fn page(&self) -> &StrTendril {
        &self.page
    }

    /// A part of the page.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(start, end - start)
    }

    /// A part of the page with its character references resolved.
    pub fn resolved(&self, start: usize, end: usize, in_attribute: bool) -> Span {
        let text = &self.page[start..end];
        if memchr::memchr(b'&', text.as_bytes()).is_none() {
            return self.span(start, end);
        }
        self.make(|made| push_resolved(text, in_attribute, made))
    }

    /// The span of a text that came out of the tree builder. What the builder got as a part of the page lies
    /// inside of it still, unless it is so short that it was copied.
    pub fn span_of(&self, text: &str) -> Span {
        let offset = text.as_ptr().addr().wrapping_sub(self.page.as_ptr().addr());
        match offset.checked_add(text.len()) {
            Some(end) if end <= self.page.len() => Span::new(offset, text.len()),
            _ => self.make(|made| made.push_str(text)),
        }
    }

    /// The span of what is added to the strings that were made.
    pub fn make(&self, add: impl FnOnce(&mut String)) -> Span {
        let mut made = self.made.borrow_mut();
        let start = made.len();
        add(&mut made);
        Span::new(self.page.len() + start, made.len() - start)
    }

    /// One span of the text of several.
    pub fn join(&self, spans: impl Iterator<Item = Span>) -> Span {
        self.make(|made| {
            for span in spans {
                match self.place(span) {
                    Ok(text) => made.push_str(text),
                    Err(range) => made.extend_from_within(range),
                }
            }
        })
    }

    /// Reads the text of a span while strings are still made.
    pub fn read<T>(&self, span: Span, read: impl FnOnce(&str) -> T) -> T {
        match self.place(span) {
            Ok(text) => read(text),
            Err(range) => read(self.made.borrow().get(range).unwrap_or_default()),
        }
    }

    /// The text in the page, or where it is among the strings that were made.
    fn place(&self, span: Span) -> Result<&str, std::ops::Range<usize>> {
        let (start, len) = (span.start as usize, span.len as usize);
        match start.checked_sub(self.page.len()) {
            Some(start) if len > 0 => Err(start..start + len),
            _ => Ok(self.page.get(start..start + len).unwrap_or_default()),
        }
    }

    /// The texts, once no more strings are made.
    pub fn finish(self) -> Texts {
        Texts {
            page: self.page,
            made: self.made.into_inner(),
        }
    }
}

fn normalised(text: &str) -> StrTendril {
    let mut odd = memchr2_iter(b'\r', b'\0', text.as_bytes()).peekable();
    if odd.peek().is_none() {
        return StrTendril::from_slice(text);
    }
    let mut page = String::with_capacity(text.len());
    let mut from = 0;
    for at in odd {
        page.push_str(&text[from..at]);
        let is_return = text.as_bytes()[at] == b'\r';
        if is_return && text.as_bytes().get(at + 1) != Some(&b'\n') {
            page.push('\n');
        }
        from = at + 1;
    }
    page.push_str(&text[from..]);
    page.into()
}

/// The texts of a page that has been read.
#[derive(Debug)]
pub struct Texts {
    page: StrTendril,
    made: String,
}

impl Texts {
    /// For reading many of them.
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            page: &self.page,
            made: &self.made,
        }
    }
}

/// Reads the texts of spans.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    page: &'a str,
    made: &'a str,
}

impl<'a> Reader<'a> {
    /// The text of a span.
    #[inline]
    pub fn get(&self, span: Span) -> &'a str {
        let (start, len) = (span.start as usize, span.len as usize);
        let text = match start.checked_sub(self.page.len()) {
            Some(start) if len > 0 => self.made.get(start..start + len),
            _ => self.page.get(start..start + len),
        };
        text.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_page_stay_in_it_and_others_are_made() {
        let source = Source::new("\u{FEFF}a longer text\r\nof a page &amp;\0 more");
        assert_eq!(&**source.page(), "a longer text\nof a page &amp; more");
        let part = source.page().subtendril(2, 11);
        let spans = [
            source.span_of(&part),
            source.span_of(" and "),
            source.resolved(14, 34, false),
            source.span(3, 3),
        ];
        assert_eq!(spans[0], source.span(2, 13));
        let joined = source.join(spans.into_iter());
        let again = source.join([joined, spans[1]].into_iter());
        let texts = source.finish();
        let texts = texts.reader();
        assert_eq!(
            spans.map(|it| texts.get(it)),
            ["longer text", " and ", "of a page & more", ""]
        );
        assert_eq!(texts.get(joined), "longer text and of a page & more");
        assert_eq!(texts.get(again), "longer text and of a page & more and ");
    }
}
