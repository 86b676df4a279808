//! The host of a page, found in its bytes without parsing them.

use memchr::{memchr, memmem, memrchr};
use url::Url;

use crate::page::Input;

/// How many bytes of a page are searched.
const HEAD: usize = 256 << 10;

/// The name of the host under which a memory is stored: without `www.`.
pub fn host_of(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

/// The host of a page: of its address, else of the canonical address that it states.
pub fn host_of_page(input: &Input<'_>) -> Option<String> {
    if let Some(url) = input.url {
        return host_of(url);
    }
    let head = &input.bytes[..input.bytes.len().min(HEAD)];
    let own = attribute(head, "canonical", "href").or_else(|| attribute(head, "og:url", "content"));
    host_of(&Url::parse(own?.trim()).ok()?)
}

/// The value of an attribute of the first `link` or `meta` element that contains `name`. Only the elements
/// that may be it are made text of.
fn attribute(head: &[u8], name: &str, attribute: &str) -> Option<String> {
    for at in memmem::find_iter(head, name) {
        let start = memrchr(b'<', &head[..at])?;
        let end = at + memchr(b'>', &head[at..])?;
        let tag = &head[start..end];
        if (tag.starts_with(b"<link") || tag.starts_with(b"<meta"))
            && let Some(value) = value(&String::from_utf8_lossy(tag), attribute)
        {
            return Some(value.to_owned());
        }
    }
    None
}

fn value<'t>(tag: &'t str, attribute: &str) -> Option<&'t str> {
    let at = tag.find(&format!("{attribute}="))? + attribute.len() + 1;
    let rest = &tag[at..];
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => rest[1..].split(quote).next(),
        None => rest.split_ascii_whitespace().next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(html: &str, url: Option<&str>) -> Option<String> {
        let url = url.and_then(|url| Url::parse(url).ok());
        host_of_page(&Input::new(html.as_bytes()).with_url(url.as_ref()))
    }

    #[test]
    fn the_host_is_that_of_the_address_or_of_the_canonical_link() {
        let canonical = "<p>canonical</p><link href='https://www.a.example/x' rel=canonical>";
        assert_eq!(host(canonical, None).as_deref(), Some("a.example"));
        let own = host(canonical, Some("https://b.example:8080/"));
        assert_eq!(own.as_deref(), Some("b.example"));
        let graph = "<meta property=\"og:url\" content=\"http://c.example/\"/>";
        assert_eq!(host(graph, None).as_deref(), Some("c.example"));
        for page in [
            "",
            "<link rel=canonical",
            "<link rel=canonical href=/x>",
            "canonical>",
        ] {
            assert_eq!(host(page, None), None, "{page}");
        }
    }
}
