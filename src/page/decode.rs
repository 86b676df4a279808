//! Bytes to text. The order of trust is the WHATWG's (HTML, 13.2.3.2): byte order mark, HTTP
//! header, `<meta>` prescan, then detection from the bytes. A declaration that the bytes
//! contradict loses to detection.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252, X_USER_DEFINED};
use url::Url;

/// Browsers search `<meta charset>` in the first 1,024 bytes; content systems put it later.
const PRESCAN_BYTES: usize = 4096;
/// How many bytes detection reads.
const DETECT_BYTES: usize = 256 << 10;
/// A declared encoding is wrong where more than one character in this many cannot be decoded.
const FAULTS_PER: usize = 1000;

/// Text, and how its encoding was found.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    /// The encoding that was used.
    pub encoding: &'static Encoding,
    /// True where nothing declared the encoding, or the declaration was wrong.
    pub guessed: bool,
}

/// Decodes `bytes`, which may be a page, a feed or a sitemap. Never fails: bytes that cannot be decoded
/// become U+FFFD.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>, url: Option<&Url>) -> Decoded<'a> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return Decoded {
            text,
            encoding,
            guessed: false,
        };
    }
    let declared = content_type
        .and_then(from_content_type)
        .or_else(|| from_markup(bytes));
    if let Some(encoding) = declared {
        let (text, faulty) = encoding.decode_without_bom_handling(bytes);
        if !(faulty && is_garbled(&text)) && (encoding == UTF_8 || !is_plainly_utf8(bytes)) {
            return Decoded {
                text,
                encoding,
                guessed: false,
            };
        }
    }
    let encoding = detect(bytes, url);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text,
        encoding,
        // Plain ASCII reads the same in all of them.
        guessed: declared != Some(encoding) && !(encoding == UTF_8 && bytes.is_ascii()),
    }
}

fn is_garbled(text: &str) -> bool {
    let faults = text.matches('\u{FFFD}').count();
    faults > 0 && faults * FAULTS_PER > text.chars().count()
}

/// True where the bytes can hardly be anything but UTF-8, whatever is declared: text in another
/// encoding that is not ASCII is not valid UTF-8 by chance.
fn is_plainly_utf8(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()
}

fn detect(bytes: &[u8], url: Option<&Url>) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(DETECT_BYTES)];
    if is_utf8_prefix(sample) {
        return UTF_8;
    }
    let host = url.and_then(Url::host_str).unwrap_or_default();
    let tld = host
        .rsplit('.')
        .next()
        .filter(|tld| !tld.is_empty() && tld.is_ascii());
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, true);
    detector.guess(
        tld.map(str::to_ascii_lowercase)
            .as_deref()
            .map(str::as_bytes),
        Utf8Detection::Allow,
    )
}

/// True for valid UTF-8 that may be cut in the middle of its last character.
fn is_utf8_prefix(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

fn from_content_type(value: &str) -> Option<&'static Encoding> {
    let at = find_ignoring_case(value.as_bytes(), b"charset=")?;
    for_label(&value.as_bytes()[at + b"charset=".len()..])
}

/// The prescan of HTML 13.2.3.2, simplified: the first `charset=` inside a `<meta` or an XML
/// declaration's `encoding=`.
fn from_markup(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(PRESCAN_BYTES)];
    if head.starts_with(b"<?xml") {
        let end = head.iter().position(|&byte| byte == b'>')?;
        if let Some(at) = find_ignoring_case(&head[..end], b"encoding=") {
            return for_label(&head[at + b"encoding=".len()..end]);
        }
    }
    let mut rest = head;
    while let Some(at) = find_ignoring_case(rest, b"<meta") {
        rest = &rest[at + b"<meta".len()..];
        let end = rest
            .iter()
            .position(|&byte| byte == b'>')
            .unwrap_or(rest.len());
        let tag = &rest[..end];
        if let Some(found) = find_ignoring_case(tag, b"charset")
            .and_then(|at| after_equals(&tag[at + b"charset".len()..]))
            .and_then(for_label)
        {
            return Some(found);
        }
    }
    None
}

fn after_equals(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.trim_ascii_start();
    bytes.strip_prefix(b"=")
}

/// The encoding of a label that may be quoted and followed by anything. UTF-16 in a place that was
/// read as ASCII means UTF-8, and `x-user-defined` means windows-1252 (HTML 13.2.3.2).
fn for_label(bytes: &[u8]) -> Option<&'static Encoding> {
    let bytes = bytes.trim_ascii_start();
    let bytes = bytes
        .strip_prefix(b"\"")
        .or_else(|| bytes.strip_prefix(b"'"))
        .unwrap_or(bytes);
    let end = bytes
        .iter()
        .position(|byte| {
            matches!(byte, b'"' | b'\'' | b';' | b',' | b'>' | b'?') || byte.is_ascii_whitespace()
        })
        .unwrap_or(bytes.len());
    let encoding = Encoding::for_label(&bytes[..end])?;
    Some(if encoding == X_USER_DEFINED {
        WINDOWS_1252
    } else if encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE {
        UTF_8
    } else {
        encoding
    })
}

fn find_ignoring_case(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_that_is_declared_as_something_else_is_read_as_what_it_is() {
        let page = "<meta charset=iso-8859-15><p>perd\u{ed} el respeto por \u{e9}l</p>";
        let decoded = decode(page.as_bytes(), None, None);
        assert!(decoded.text.contains("perd\u{ed} el respeto"));
        assert!(decoded.guessed);
    }

    fn read(bytes: &[u8], content_type: Option<&str>) -> (String, &'static str, bool) {
        let decoded = decode(bytes, content_type, None);
        (
            decoded.text.into_owned(),
            decoded.encoding.name(),
            decoded.guessed,
        )
    }

    #[test]
    fn a_byte_order_mark_wins_over_every_declaration() {
        let bytes = b"\xEF\xBB\xBF<meta charset=windows-1251>\xC3\xA4";
        assert_eq!(
            read(bytes, Some("text/html; charset=koi8-r")),
            ("<meta charset=windows-1251>ä".into(), "UTF-8", false)
        );
    }

    #[test]
    fn the_header_wins_over_the_markup() {
        let (text, name, guessed) = read(
            b"<meta charset=utf-8>\xE4rger",
            Some("text/html; charset=ISO-8859-1"),
        );
        assert_eq!(
            (text.as_str(), name, guessed),
            ("<meta charset=utf-8>ärger", "windows-1252", false)
        );
    }

    #[test]
    fn the_markup_is_read_in_both_its_forms() {
        assert_eq!(
            read(b"<meta charset='gbk'>\xD6\xD0", None).0,
            "<meta charset='gbk'>中"
        );
        let old = b"<META HTTP-EQUIV=Content-Type CONTENT=\"text/html; charset = euc-kr\">\xB0\xA1";
        assert!(read(old, None).0.ends_with('가'));
    }

    #[test]
    fn a_declaration_that_the_bytes_contradict_loses_to_detection() {
        let page = "<meta charset=utf-8>".to_owned();
        let russian = encoding_rs::WINDOWS_1251
            .encode("Вечером в порту снова загудел старый паром")
            .0
            .into_owned();
        let (text, name, guessed) = read(&[page.into_bytes(), russian].concat(), None);
        assert_eq!((name, guessed), ("windows-1251", true));
        assert!(text.ends_with("паром"));
    }

    #[test]
    fn a_page_that_declares_nothing_is_guessed_by_its_bytes() {
        assert_eq!(
            read("снова".as_bytes(), None),
            ("снова".into(), "UTF-8", true)
        );
    }

    #[test]
    fn a_broken_character_in_a_long_text_changes_nothing() {
        let mut bytes = "Grüße ".repeat(1000).into_bytes();
        bytes.push(0xFF);
        let (text, name, guessed) = read(&bytes, Some("text/html; charset=utf-8"));
        assert_eq!((name, guessed), ("UTF-8", false));
        assert!(text.ends_with('\u{FFFD}'));
    }
}
