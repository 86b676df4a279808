//! Addresses of links and pictures: absolute, of the web only, and never a script's.

use url::Url;

use crate::extract::text::render::Source;
use crate::page::Id;

/// A link's absolute address, for web and mail links only.
pub(super) fn link(source: &Source<'_, '_>, anchor: Id) -> Option<String> {
    let href = source.tree.attr(anchor, "href")?;
    absolute(source.base, href, &["http", "https", "mailto"])
}

/// A picture's absolute address, on the web only.
pub(super) fn picture(source: &Source<'_, '_>, address: &str) -> Option<String> {
    absolute(source.base, address.trim(), &["http", "https"])
}

fn absolute(base: Option<&Url>, address: &str, schemes: &[&str]) -> Option<String> {
    let url = match base {
        Some(base) => base.join(address).ok()?,
        None => Url::parse(address).ok()?,
    };
    let is_shown = schemes.contains(&url.scheme());
    is_shown.then(|| {
        let mut escaped = String::with_capacity(url.as_str().len());
        for c in url.as_str().chars() {
            match c {
                '<' => escaped.push_str("%3C"),
                '>' => escaped.push_str("%3E"),
                '\\' => escaped.push_str("%5C"),
                '|' => escaped.push_str("%7C"),
                '`' => escaped.push_str("%60"),
                c => escaped.push(c),
            }
        }
        escaped
    })
}

/// An address in Markdown; in angle brackets where it could not stand by itself.
pub(super) fn destination(href: &str) -> String {
    let escaped = escape_references(href);
    if href.contains(['(', ')', ' ']) {
        format!("<{escaped}>")
    } else {
        escaped
    }
}

/// `&copy;` in an address is no character reference.
fn escape_references(href: &str) -> String {
    let mut out = String::with_capacity(href.len());
    for (at, part) in href.split('&').enumerate() {
        if at > 0 {
            let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '#');
            let is_reference = end.is_some_and(|end| end > 0 && part[end..].starts_with(';'));
            out.push_str(if is_reference { "\\&" } else { "&" });
        }
        out.push_str(part);
    }
    out
}
