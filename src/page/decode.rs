//! Bytes to text. The order of trust is the WHATWG's (HTML, 13.2.3.2): byte order mark, HTTP
//! header, `<meta>` prescan, then detection from the bytes. A declaration that the bytes
//! contradict loses to detection. UTF-16 without a mark shows in its zeros, and `double` repairs text that was
//! encoded twice.

mod double;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use url::Url;

/// Browsers search `<meta charset>` in the first 1,024 bytes; content systems put it later.
const PRESCAN_BYTES: usize = 4096;
/// How many bytes detection reads.
const DETECT_BYTES: usize = 256 << 10;
/// A declared encoding is wrong where more than one character in this many cannot be decoded.
const FAULTS_PER: usize = 1000;
/// Bytes in which zeros are counted: UTF-16 has one beside each character of the markup.
const ZEROS_IN: usize = 4096;
/// Letters beyond ASCII in Western languages stand alone or in twos; in runs of this many bytes they are
/// letters of another script, read as Western ones.
const LONG_RUN: usize = 4;
/// A Western declaration is believed where a text has fewer bytes beyond ASCII.
const FEW_LETTERS: usize = 64;

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
    let mut decoded = decode_once(bytes, content_type, url);
    if let Some(text) = double::repaired(&decoded.text) {
        decoded.text = Cow::Owned(text);
    }
    decoded
}

fn decode_once<'a>(bytes: &'a [u8], content_type: Option<&str>, url: Option<&Url>) -> Decoded<'a> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decoded(&bytes[mark..], encoding, false);
    }
    if let Some(encoding) = utf16_by_zeros(bytes) {
        let mut decoded = decoded(bytes, encoding, true);
        let head = &decoded.text.as_bytes()[..decoded.text.len().min(PRESCAN_BYTES)];
        let header = content_type.unwrap_or_default().as_bytes();
        decoded.guessed = [head, header]
            .iter()
            .all(|it| find_ignoring_case(it, b"utf-16").is_none());
        return decoded;
    }
    let declared = content_type
        .and_then(from_content_type)
        .or_else(|| from_markup(bytes));
    if let Some(encoding) = declared {
        let (text, faulty) = encoding.decode_without_bom_handling(bytes);
        let is_garbled = faulty && is_garbled(&text);
        let is_utf8 = encoding != UTF_8 && is_plainly_utf8(bytes);
        let is_foreign = encoding == WINDOWS_1252 && !is_utf8 && is_of_another_script(bytes);
        if !is_garbled && !is_utf8 && !is_foreign {
            return Decoded {
                text,
                encoding,
                guessed: false,
            };
        }
    }
    let encoding = detect(bytes, url);
    // Plain ASCII reads the same in all of them.
    let is_sure = declared == Some(encoding) || (encoding == UTF_8 && bytes.is_ascii());
    decoded(bytes, encoding, !is_sure)
}

fn decoded<'a>(bytes: &'a [u8], encoding: &'static Encoding, guessed: bool) -> Decoded<'a> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text,
        encoding,
        guessed,
    }
}

/// UTF-16 without a byte order mark: in markup, every other byte is zero. No other encoding has zeros.
fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(ZEROS_IN)];
    let (mut even, mut odd) = (0, 0);
    for pair in head.chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let is_some = |zeros: usize, others: usize| zeros * 8 > head.len() && zeros > 8 * others;
    if is_some(odd, even) {
        Some(UTF_16LE)
    } else if is_some(even, odd) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// True where most bytes beyond ASCII stand in long runs, as in text of another script than the Western one
/// that a template's author declared without a thought.
fn is_of_another_script(bytes: &[u8]) -> bool {
    let (mut all, mut in_runs) = (0, 0);
    for run in bytes.split(u8::is_ascii).filter(|run| !run.is_empty()) {
        all += run.len();
        in_runs += if run.len() >= LONG_RUN { run.len() } else { 0 };
    }
    all >= FEW_LETTERS && in_runs * 4 > all * 3
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
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
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

    /// Text in UTF-16, without a mark.
    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf16_without_a_mark_is_read_in_either_order_whatever_is_declared() {
        for (charset, guessed) in [("utf-16", false), ("utf-8", true), ("iso-8859-1", true)] {
            let page = format!("<meta charset={charset}><p>„Grüße“ – 港の船</p>");
            let little = utf16(&page, u16::to_le_bytes);
            assert_eq!(read(&little, None), (page.clone(), "UTF-16LE", guessed));
            let big = utf16(&page, u16::to_be_bytes);
            assert_eq!(read(&big, None), (page.clone(), "UTF-16BE", guessed));
        }
        let page = "<p>„Grüße“</p>";
        let (text, ..) = read(
            &utf16(page, u16::to_be_bytes),
            Some("text/html; charset=utf-16"),
        );
        assert_eq!(text, page);
    }

    #[test]
    fn a_few_zeros_in_a_page_of_another_encoding_make_it_no_utf16() {
        let page = "<p>Gr\u{fc}\u{df}e\0\0 an alle, die \0 noch kommen</p>";
        let (text, name, _) = read(page.as_bytes(), Some("text/html; charset=utf-8"));
        assert_eq!((text.as_str(), name), (page, "UTF-8"));
    }

    #[test]
    fn another_script_behind_a_western_declaration_is_detected() {
        let russian =
            "Вечером в порту снова загудел старый паром, и дети побежали к воде. ".repeat(4);
        let bytes = encoding_rs::WINDOWS_1251.encode(&russian).0.into_owned();
        let (text, name, guessed) = read(&bytes, Some("text/html; charset=iso-8859-1"));
        assert_eq!((text, name, guessed), (russian, "windows-1251", true));
        let greek =
            "Το βράδυ το παλιό πλοίο σφύριξε ξανά στο λιμάνι και τα παιδιά έτρεξαν. ".repeat(4);
        let bytes = encoding_rs::ISO_8859_7.encode(&greek).0.into_owned();
        let (text, ..) = read(&bytes, Some("text/html; charset=iso-8859-1"));
        assert_eq!(text, greek);
        let french =
            "Été à la forêt, où l’âne brûlé a mangé des pâtés très fins, répète-t-on. ".repeat(9);
        let bytes = WINDOWS_1252.encode(&french).0.into_owned();
        let (text, _, guessed) = read(&bytes, Some("text/html; charset=iso-8859-1"));
        assert_eq!((text, guessed), (french, false));
    }

    #[test]
    fn text_encoded_twice_is_read_as_it_was_written() {
        let page =
            "<meta charset=utf-8><p>SchÃ¶ne GrÃ¼ÃŸe aus KÃ¶ln, fÃ¼r fÃ¼nf Ã„pfel â€“ und mehr</p>";
        assert_eq!(
            read(page.as_bytes(), None).0,
            "<meta charset=utf-8><p>Schöne Grüße aus Köln, für fünf Äpfel – und mehr</p>"
        );
    }

    #[test]
    fn utf7_is_never_read() {
        let page = b"<p>+ADw-script+AD4-</p>";
        let (text, ..) = read(page, Some("text/html; charset=utf-7"));
        assert_eq!(text.as_bytes(), page);
    }
}
