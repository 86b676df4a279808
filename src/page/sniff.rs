//! Whether a body is HTML: by its content type where that can be believed, else by its first bytes, as
//! browsers do it (MIME Sniffing Standard, 7.1). Content types are often malformed, and pages are
//! often sent as `application/octet-stream`; neither loses a page.

/// Bytes that are looked at.
pub(crate) const SNIFFED: usize = 1024;

/// What a `Content-Type` header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ContentType {
    /// HTML, or XML that may be XHTML.
    Html,
    /// Nothing to be relied on: the first bytes decide.
    Unknown,
    /// Something else.
    Other(String),
}

/// Types that say what a body is. Every other type is sent for pages, too.
const OTHER_FAMILIES: [&str; 7] = [
    "image",
    "audio",
    "video",
    "font",
    "model",
    "message",
    "multipart",
];
const OTHER_TYPES: [&str; 22] = [
    "application/pdf",
    "application/json",
    "application/ld+json",
    "application/feed+json",
    "application/javascript",
    "application/x-javascript",
    "application/ecmascript",
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/zip",
    "application/gzip",
    "application/x-gzip",
    "application/epub+zip",
    "application/msword",
    "application/rtf",
    "application/wasm",
    "application/ogg",
    "application/postscript",
    "text/css",
    "text/csv",
    "text/javascript",
];

impl ContentType {
    /// Reads the header's value, which may be malformed: `text/html charset=utf-8`,
    /// `text/html, text/html`.
    pub(crate) fn of(value: &str) -> ContentType {
        let ends = |c: char| matches!(c, ';' | ',') || c.is_whitespace();
        let name = value.trim().split(ends).next().unwrap_or_default();
        let name = name.trim_matches(['"', '\'']).to_ascii_lowercase();
        match name.as_str() {
            "text/html" | "application/xhtml+xml" | "application/xml" | "text/xml" => {
                ContentType::Html
            }
            name if is_other(name) => ContentType::Other(name.chars().take(100).collect()),
            _ => ContentType::Unknown,
        }
    }
}

fn is_other(name: &str) -> bool {
    let family = name.split('/').next().unwrap_or_default();
    OTHER_FAMILIES.contains(&family)
        || OTHER_TYPES.contains(&name)
        || (name.starts_with("application/vnd.") && !name.ends_with("+xml"))
}

/// True where a body whose content type says nothing is markup: where its first thing is a tag, a
/// comment or a declaration, or where the page begins below some words, such as a script's warning. Also
/// where there is nothing at all: an empty page is empty, not something else.
pub(crate) fn is_markup(body: &[u8]) -> bool {
    let start = &body[..body.len().min(SNIFFED)];
    let utf16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
    if !utf16 && start.contains(&0) {
        return false;
    }
    begins_with_tag(start)
        || (is_text(start)
            && ["<!doctype html", "<html", "<head"]
                .iter()
                .any(|tag| contains(start, tag.as_bytes())))
}

/// True where the first thing in a body is a tag, a comment or a declaration, or where nothing is there.
pub(crate) fn begins_with_tag(start: &[u8]) -> bool {
    // Byte order marks, and in UTF-16 every other byte of what is plain ASCII, are passed over.
    let mut visible = start
        .iter()
        .filter(|byte| !matches!(byte, 0 | 0xef | 0xbb | 0xbf | 0xfe | 0xff))
        .skip_while(|byte| byte.is_ascii_whitespace());
    match (visible.next(), visible.next()) {
        (None, _) => true,
        (Some(b'<'), Some(next)) => {
            next.is_ascii_alphabetic() || matches!(next, b'!' | b'?' | b'/')
        }
        _ => false,
    }
}

/// True where there is none of the bytes that text never holds (MIME Sniffing Standard, 3).
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(SNIFFED)];
    !start
        .iter()
        .any(|byte| matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31))
}

/// The name of a file format that a body begins like, whatever its content type says.
pub(crate) fn other_format(body: &[u8]) -> Option<&'static str> {
    const FORMATS: [(&[u8], &str); 9] = [
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"ID3", "audio/mpeg"),
        (b"OggS\0", "application/ogg"),
    ];
    let known = FORMATS.iter().find(|(magic, _)| body.starts_with(magic));
    known.map(|(_, name)| *name)
}

/// True where `bytes` contain `tag`, given in lower case, in any case.
pub(crate) fn contains(bytes: &[u8], tag: &[u8]) -> bool {
    places(bytes, tag).next().is_some()
}

/// How often `tag`, given in lower case, is in `bytes`, in any case.
#[cfg(feature = "fetch")]
pub(crate) fn count(bytes: &[u8], tag: &[u8]) -> usize {
    places(bytes, tag).count()
}

fn places<'a>(bytes: &'a [u8], tag: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let first = tag.first().copied().unwrap_or_default();
    let starts = memchr::memchr2_iter(first, first.to_ascii_uppercase(), bytes);
    starts.filter(move |&at| {
        let there = bytes[at..].get(..tag.len());
        there.is_some_and(|it| it.eq_ignore_ascii_case(tag))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_decides_where_it_says_something() {
        for html in [
            "text/html",
            "Text/HTML; charset=utf-8",
            "text/html charset=utf-8",
            "text/html,text/html",
            "text/html, text/html; charset=utf-8",
            "\"text/html\"",
            "application/xhtml+xml",
            "text/xml",
        ] {
            assert_eq!(ContentType::of(html), ContentType::Html, "{html}");
        }
        for unknown in [
            "",
            " ",
            "text/plain",
            "text/plain;charset=x",
            "*/*",
            "application/octet-stream",
            "binary/octet-stream",
            "unknown/unknown",
            "html",
            "charset=utf-8",
            "text/htm",
            "application/x-httpd-php",
            "application/vnd.wap.xhtml+xml",
        ] {
            assert_eq!(ContentType::of(unknown), ContentType::Unknown, "{unknown}");
        }
        for other in [
            "image/png",
            "application/pdf",
            "application/rss+xml",
            "video/mp4; x=y",
            "application/vnd.ms-excel",
        ] {
            assert!(
                matches!(ContentType::of(other), ContentType::Other(_)),
                "{other}"
            );
        }
    }

    #[test]
    fn markup_is_known_by_its_start() {
        for page in [
            &b"<!DOCTYPE html><p>"[..],
            b"\xef\xbb\xbf \r\n\t<html>",
            b"<?xml version=\"1.0\"?>",
            b"<!-- saved --><html>",
            b"\xff\xfe<\0h\0t\0m\0l\0>\0",
            b"\xfe\xff\0<\0h\0t\0m\0l\0>",
            b"Warning: include() failed on line 3\n<!DOCTYPE HTML><p>",
            b"",
        ] {
            assert!(is_markup(page), "{page:?}");
        }
        for other in [
            &b"plain words"[..],
            b"%PDF-1.7",
            b"\x89PNG\r\n",
            b"{\"a\":1}",
            b"< 5",
            b"<a\0b",
            b"\x01\x02<html>",
        ] {
            assert!(!is_markup(other), "{other:?}");
        }
    }

    #[test]
    fn files_that_are_sent_as_pages_are_known_by_their_start() {
        assert_eq!(other_format(b"%PDF-1.7"), Some("application/pdf"));
        assert_eq!(other_format(b"<p>%PDF-"), None);
    }
}
