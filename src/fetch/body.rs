//! The body of an answer: read chunk by chunk and counted after decompression, so that a
//! decompression bomb is dropped as soon as it grows; and the check that a page is HTML.

use reqwest::Response;
use reqwest::header::CONTENT_TYPE;

use crate::fetch::FetchErrorKind;
use crate::fetch::profile::{Excess, RequestProfile};

/// Bytes that are checked where the content type does not say whether a body is HTML.
const SNIFFED: usize = 1024;

/// Reads a body within the profile's bounds.
pub(super) async fn read(
    mut response: Response,
    profile: &RequestProfile<'_>,
) -> Result<Vec<u8>, FetchErrorKind> {
    let mut sniff = match (profile.html_only, kind(&content_type(&response))) {
        (false, _) | (true, ContentType::Html) => false,
        (true, ContentType::Unknown) => true,
        (true, ContentType::Other(name)) => return Err(not_html(Some(name))),
    };
    let limit = profile.max_body;
    let announced = response.content_length().unwrap_or(0);
    if let Excess::Refuse(expect) = profile.excess
        && announced > limit as u64
    {
        return Err(FetchErrorKind::TooLarge { limit, expect });
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > limit {
            match profile.excess {
                Excess::Refuse(expect) => return Err(FetchErrorKind::TooLarge { limit, expect }),
                Excess::Cut => body.truncate(limit),
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

/// What a `Content-Type` header says.
#[derive(Debug, PartialEq, Eq)]
enum ContentType {
    Html,
    /// None, or plain text, which servers also send for files of unknown type.
    Unknown,
    Other(String),
}

fn kind(content_type: &str) -> ContentType {
    let name = content_type.split(';').next().unwrap_or("").trim();
    match name.to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" | "application/xml" | "text/xml" => ContentType::Html,
        "" | "text/plain" => ContentType::Unknown,
        other => ContentType::Other(other.chars().take(100).collect()),
    }
}

fn refuse_unless_markup(body: &[u8]) -> Result<(), FetchErrorKind> {
    if looks_like_markup(body) {
        return Ok(());
    }
    Err(not_html(None))
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

fn not_html(content_type: Option<String>) -> FetchErrorKind {
    FetchErrorKind::NotHtml { content_type }
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
            assert_eq!(kind(html), ContentType::Html, "{html}");
        }
        for unknown in ["", " ", "text/plain", "text/plain;charset=x"] {
            assert_eq!(kind(unknown), ContentType::Unknown, "{unknown}");
        }
        for other in [
            "image/png",
            "application/pdf",
            "application/rss+xml",
            "video/mp4; x=y",
        ] {
            assert!(matches!(kind(other), ContentType::Other(_)), "{other}");
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
}
