//! The body of an answer: read piece by piece, counted after decompression, so that a small
//! archive of a large nothing is dropped as soon as it grows; and the check that a page is one.

use reqwest::Response;
use reqwest::header::CONTENT_TYPE;

use crate::fetch::failure::Failure;
use crate::fetch::request_profile::{Excess, RequestProfile};
use crate::verdict::VisitOutcome;

/// Bytes that are looked at where the type does not say whether a body is HTML.
const SNIFFED: usize = 1024;

/// Reads a body within the errand's bounds.
pub(super) async fn read(
    mut response: Response,
    errand: &RequestProfile<'_>,
) -> Result<Vec<u8>, Failure> {
    let mut sniff = match (errand.html_only, kind(&content_type(&response))) {
        (false, _) | (true, Kind::Html) => false,
        (true, Kind::Unknown) => true,
        (true, Kind::Other(name)) => return Err(not_html(&format!("the server calls it {name}"))),
    };
    let announced = response.content_length().unwrap_or(0);
    let mut body = Vec::new();
    if let Excess::Refuse(mend) = errand.excess
        && announced > errand.max_body as u64
    {
        return Err(too_large(errand.max_body, mend));
    }
    while let Some(piece) = response.chunk().await? {
        body.extend_from_slice(&piece);
        if body.len() > errand.max_body {
            match errand.excess {
                Excess::Refuse(mend) => return Err(too_large(errand.max_body, mend)),
                Excess::Cut => body.truncate(errand.max_body),
            }
            break;
        }
        if sniff && body.len() >= SNIFFED {
            refuse_unless_markup(&body)?;
            sniff = false;
        }
    }
    if sniff {
        refuse_unless_markup(&body)?;
    }
    Ok(body)
}

/// The `Content-Type` as sent; empty where there is none.
fn content_type(response: &Response) -> String {
    response
        .headers()
        .get(CONTENT_TYPE)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .unwrap_or_default()
}

/// What a `Content-Type` promises.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Html,
    /// Nothing, or plain text, which is also what servers say that do not know.
    Unknown,
    Other(String),
}

fn kind(content_type: &str) -> Kind {
    let name = content_type.split(';').next().unwrap_or("").trim();
    match name.to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" | "application/xml" | "text/xml" => Kind::Html,
        "" | "text/plain" => Kind::Unknown,
        other => Kind::Other(other.chars().take(100).collect()),
    }
}

fn refuse_unless_markup(body: &[u8]) -> Result<(), Failure> {
    if looks_like_markup(body) {
        return Ok(());
    }
    Err(not_html(
        "the server does not say what it is and it does not look like HTML",
    ))
}

/// True where the first thing in a body is a tag, a comment or a declaration, and also where there
/// is nothing at all: an empty page is empty, not something else.
fn looks_like_markup(body: &[u8]) -> bool {
    let start = &body[..body.len().min(SNIFFED)];
    let utf16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
    if !utf16 && start.contains(&0) {
        return false;
    }
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

fn not_html(why: &str) -> Failure {
    Failure::new(VisitOutcome::NotHtml, format!("not a web page: {why}"))
}

fn too_large(limit: usize, mend: &str) -> Failure {
    let size = match limit {
        bytes if bytes > 0 && bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        bytes if bytes > 0 && bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
        bytes => format!("{bytes} bytes"),
    };
    Failure::new(VisitOutcome::TooLarge, format!("larger than {size}{mend}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_decides_where_it_says_something() {
        for html in [
            "text/html",
            "Text/HTML; charset=utf-8",
            "application/xhtml+xml",
            "text/xml",
        ] {
            assert_eq!(kind(html), Kind::Html, "{html}");
        }
        for unknown in ["", " ", "text/plain", "text/plain;charset=x"] {
            assert_eq!(kind(unknown), Kind::Unknown, "{unknown}");
        }
        for other in [
            "image/png",
            "application/pdf",
            "application/rss+xml",
            "video/mp4; x=y",
        ] {
            assert!(matches!(kind(other), Kind::Other(_)), "{other}");
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
            b"",
        ] {
            assert!(looks_like_markup(page), "{page:?}");
        }
        for other in [
            &b"plain words"[..],
            b"%PDF-1.7",
            b"\x89PNG\r\n",
            b"{\"a\":1}",
            b"< 5",
            b"<a\0b",
        ] {
            assert!(!looks_like_markup(other), "{other:?}");
        }
    }

    #[test]
    fn a_limit_is_named_in_the_unit_it_was_set_in() {
        assert_eq!(too_large(5 << 20, "").reason, "larger than 5 MiB");
        assert_eq!(
            too_large(500 << 10, "; mend").reason,
            "larger than 500 KiB; mend"
        );
        assert_eq!(too_large(1500, "").reason, "larger than 1500 bytes");
    }
}
