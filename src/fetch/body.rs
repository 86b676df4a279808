//! Reading an answer's body: in pieces, counted after decompression, and never past its limit.

use super::Want;
use crate::limits::Limits;
use crate::outcome::Outcome;

/// A body that was not taken.
#[derive(Debug)]
pub enum BodyError {
    /// It is longer than this many bytes.
    TooLarge(u64),
    /// It broke off.
    Broken(reqwest::Error),
}

/// Reads a body of at most `limit` bytes.
pub async fn read(response: &mut reqwest::Response, limit: u64) -> Result<Vec<u8>, BodyError> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(BodyError::Broken)? {
        if body.len() as u64 + piece.len() as u64 > limit {
            return Err(BodyError::TooLarge(limit));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// How long a body may be, in bytes.
pub fn limit(want: Want, max_body: u64) -> u64 {
    let limits = Limits::DEFAULT;
    match want {
        Want::Page => max_body,
        Want::Feed => limits.feed_bytes as u64,
        Want::Sitemap => limits.sitemap_bytes as u64,
    }
}

/// What to ask for.
pub fn accept(want: Want) -> &'static str {
    match want {
        Want::Page => "text/html,application/xhtml+xml,*/*;q=0.1",
        Want::Feed => {
            "application/rss+xml,application/atom+xml,application/feed+json,application/xml,*/*;q=0.1"
        }
        Want::Sitemap => "application/xml,text/xml,text/plain,*/*;q=0.1",
    }
}

/// Refuses what is not a web page where one is wanted: by its type, or, where the type says
/// little, by how it begins.
pub fn check_type(want: Want, content_type: Option<&str>, body: &[u8]) -> Result<(), String> {
    if want != Want::Page {
        return Ok(());
    }
    let essence = content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    let essence = essence.to_ascii_lowercase();
    match essence.as_str() {
        "text/html" | "application/xhtml+xml" => Ok(()),
        "" | "text/plain" | "application/octet-stream" | "text/xml" | "application/xml"
            if is_markup(body) =>
        {
            Ok(())
        }
        "" => Err("the answer is not a web page".to_owned()),
        other => Err(format!("the answer is {other}, not a web page")),
    }
}

/// The outcome of a body that was not taken.
pub fn outcome(error: &BodyError) -> (Outcome, String) {
    match error {
        BodyError::TooLarge(limit) => (
            Outcome::TooLarge,
            format!("larger than {limit} bytes; raise [crawl] max_body if you want it"),
        ),
        BodyError::Broken(error) if error.is_timeout() => (
            Outcome::TooSlow,
            "the answer did not end in time".to_owned(),
        ),
        BodyError::Broken(_) => (Outcome::Connect, "the answer broke off".to_owned()),
    }
}

/// True where the first characters are those of HTML.
fn is_markup(body: &[u8]) -> bool {
    let head = &body[..body.len().min(1024)];
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    text.starts_with('<')
        && [
            "<!doctype html",
            "<html",
            "<head",
            "<body",
            "<meta",
            "<title",
            "<div",
            "<article",
        ]
        .iter()
        .any(|mark| text.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_its_type_or_by_how_it_begins() {
        let check = |kind: Option<&str>, body: &str| check_type(Want::Page, kind, body.as_bytes());
        assert!(check(Some("Text/HTML; charset=x"), "anything").is_ok());
        assert!(check(None, "\u{FEFF}\n<!DOCTYPE html><p>").is_ok());
        assert!(check(Some("text/plain"), "<html>").is_ok());
        assert!(check(Some("text/plain"), "plain words").is_err());
        assert!(check(Some("application/xml"), "<rss><channel/></rss>").is_err());
        assert_eq!(
            check(Some("application/pdf"), "%PDF-1.7"),
            Err("the answer is application/pdf, not a web page".to_owned())
        );
        assert!(check_type(Want::Feed, Some("application/pdf"), b"").is_ok());
    }
}
