//! Headers of an answer as text, bounded.

use reqwest::header::{self, HeaderMap, HeaderName};

/// Bytes of a header that are read, many headers of one name together: what is stored of an answer is bounded.
const LONGEST_HEADER: usize = 4096;

/// The `Location` header. Bytes that are not ASCII are sent back as they came, in UTF-8 or not: the server
/// knows what it meant by them.
pub(super) fn location(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::LOCATION)?;
    let bytes = value.as_bytes().iter();
    Some(bytes.fold(String::new(), |mut text, &byte| {
        if byte.is_ascii() {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    }))
}

/// The first header of that name as text, whatever bytes it holds.
pub(super) fn first(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.as_bytes();
    let value = &value[..value.len().min(LONGEST_HEADER)];
    Some(String::from_utf8_lossy(value).into_owned())
}

/// All headers of one name, joined by commas.
pub(super) fn all(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut all: Option<String> = None;
    for value in headers.get_all(name) {
        let next = String::from_utf8_lossy(value.as_bytes());
        match &mut all {
            None => all = Some(next.into_owned()),
            Some(all) if all.len() < LONGEST_HEADER => {
                all.push_str(", ");
                all.push_str(&next);
            }
            Some(_) => break,
        }
    }
    all.map(|mut all| {
        all.truncate(all.floor_char_boundary(LONGEST_HEADER));
        all
    })
}
