//! The canonical form of a URL: one form for one page, so that it is fetched and stored once.
//! Tracking parameters and the markers of other views of a page (AMP, print) are data, in
//! `rules/tracking.toml`.

pub(crate) mod pages;
mod sessions;

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::{Host, Url};

use sessions::without_sessions;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tracking {
    #[serde(rename = "about", default)]
    _about: String,
    names: Vec<String>,
    prefixes: Vec<String>,
    views: Views,
}

/// The marks of another view of a page that has an address of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Views {
    #[serde(rename = "about", default)]
    _about: String,
    parameters: Vec<String>,
    segments: Vec<String>,
}

static TRACKING: LazyLock<Tracking> = LazyLock::new(|| {
    // The file is compiled in and tested; a broken one would track nothing.
    toml::from_str(include_str!("../rules/tracking.toml")).unwrap_or_default()
});

/// The canonical form: lower-case host without a trailing dot, no default port, no fragment, no
/// credentials, dot segments resolved, percent-encoding in upper case and only where it is needed
/// (RFC 3986, 6.2.2), tracking and session parameters removed, AMP and print views led back to
/// their page. The order of the other parameters, `www.` and a trailing slash stay: they may
/// matter (see [`dedup_key`]). Idempotent.
pub fn canonical(url: &Url) -> Url {
    into_canonical(url.clone())
}

/// The same. Most addresses are canonical as they come, and every part of a URL that is set is parsed
/// again: only what changes is set.
pub(crate) fn into_canonical(mut url: Url) -> Url {
    if url.fragment().is_some() {
        url.set_fragment(None);
    }
    if let Some(host) = url.host_str().filter(|host| host.ends_with('.')) {
        let host = host.trim_end_matches('.').to_owned();
        // A host that is only dots stays as it is; nothing will answer there.
        let _ = url.set_host(Some(&host));
    }
    // Both fail only on addresses that can hold no credentials.
    if !url.username().is_empty() {
        let _ = url.set_username("");
    }
    if url.password().is_some() {
        let _ = url.set_password(None);
    }
    if let Some(path) = normal_path(url.path()) {
        // Without sessions it may have dot segments, which are resolved here.
        url.set_path(&path);
    }
    let (path, page) = (url.path(), without_view(url.path()));
    if page.len() < path.len() {
        let page = page.to_owned();
        url.set_path(&page);
    }
    if let Some(query) = url.query().and_then(normal_query) {
        url.set_query(Some(&*query).filter(|query| !query.is_empty()));
    }
    url
}

/// A path without sessions and with normal escapes; `None` where it is so already.
fn normal_path(path: &str) -> Option<String> {
    let escaped = normal_escapes(path);
    let normal = without_sessions(&escaped);
    (normal != path).then(|| normal.into_owned())
}

/// The parameters of a query that choose content, with normal escapes; `None` where there are no others.
fn normal_query(query: &str) -> Option<String> {
    let drops = |pair: &str| pair.is_empty() || tracks(pair) || names_view(pair);
    if !query.contains('%') && !query.split('&').any(drops) {
        return None;
    }
    let kept = query.split('&').filter(|pair| !drops(pair));
    Some(kept.map(normal_escapes).collect::<Vec<_>>().join("&"))
}

/// True for a `name=value` whose name only tracks.
fn tracks(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    let begins = |prefix: &String| {
        let start = name.get(..prefix.len());
        start.is_some_and(|it| it.eq_ignore_ascii_case(prefix))
    };
    let is_name = |known: &String| known.eq_ignore_ascii_case(name);
    TRACKING.names.iter().any(is_name) || TRACKING.prefixes.iter().any(begins)
}

/// True for a `name=value` that asks for another view of the same page: `amp=1`, `view=print`.
fn names_view(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let known = &TRACKING.views.parameters;
    let names = |text: &str| known.iter().any(|it| it.eq_ignore_ascii_case(text));
    let is_switch = || {
        let values = ["", "1", "true", "yes"];
        values.iter().any(|it| it.eq_ignore_ascii_case(value))
    };
    names(pair) || (is_switch() && names(name))
}

/// A path without the last segment of an AMP or print view (`/2026/ferry-returns/amp/`), where what
/// is left still names an article; `/print/` alone may be a section.
fn without_view(path: &str) -> &str {
    let whole = path.trim_end_matches('/');
    let ends = |view: &&String| {
        let page = whole.strip_suffix(view.as_str());
        page.is_some_and(|page| page.ends_with('/'))
    };
    let Some(view) = TRACKING.views.segments.iter().find(ends) else {
        return path;
    };
    let page = &whole[..whole.len() - view.len() - 1];
    let slug = page.rsplit('/').next().unwrap_or_default();
    if names_article(slug) { page } else { path }
}

/// True for a segment that reads like an article's: words joined by hyphens, or a long number.
pub fn names_article(segment: &str) -> bool {
    let words = segment.split(['-', '_', '+']).filter(|it| !it.is_empty());
    let longest = segment.split(|c: char| !c.is_ascii_digit()).map(str::len);
    words.count() >= 3 || longest.max() >= Some(4) || segment.contains('%')
}

/// The key by which URLs of the same page are deduplicated: the canonical form without scheme,
/// `www.`, trailing slash and `index.html`. Two URLs with one key are the same page on all but
/// broken sites, so only the first one found is fetched.
pub fn dedup_key(url: &Url) -> String {
    let url = canonical(url);
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let path = ["index.html", "index.htm", "index.php"]
        .iter()
        .find_map(|index| url.path().strip_suffix(index))
        .filter(|path| path.ends_with('/'))
        .unwrap_or(url.path())
        .trim_end_matches('/');
    let mut key = String::with_capacity(url.as_str().len());
    key.push_str(host);
    if let Some(port) = url.port() {
        key.push(':');
        key.push_str(&port.to_string());
    }
    key.push_str(path);
    if let Some(query) = url.query() {
        key.push('?');
        key.push_str(query);
    }
    key
}

/// The host of a URL, with its port where that is not the scheme's own. Empty for URLs without a host, which are
/// never fetched.
pub fn host_with_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Percent-encoding in upper case, and none for unreserved characters (RFC 3986, 2.3).
fn normal_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let start = text.len() - rest.len() + at;
        let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
        let Some((high, low)) = digit(start + 1).zip(digit(start + 2)) else {
            out.push('%');
            rest = &rest[at + 1..];
            continue;
        };
        let code = u8::try_from(high * 16 + low).unwrap_or_default();
        // Decoded dots could make dot segments, which would not be resolved any more, and decoded
        // digits after a bare `%` a new escape.
        let is_plain = code.is_ascii_alphanumeric() || matches!(code, b'-' | b'_' | b'~');
        if is_plain && !(code.is_ascii_hexdigit() && ends_in_escape(&out)) {
            out.push(char::from(code));
        } else {
            out.push('%');
            let digits = rest[at + 1..at + 3].chars();
            out.extend(digits.map(|it| it.to_ascii_uppercase()));
        }
        rest = &rest[at + 3..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// True where the text ends within what one or two digits more would make an escape.
fn ends_in_escape(text: &str) -> bool {
    match text.as_bytes() {
        [.., b'%'] => true,
        [.., b'%', digit] => digit.is_ascii_hexdigit(),
        _ => false,
    }
}

/// The id of an article: 16 hexadecimal digits of the SHA-256 of its canonical address.
pub fn id(url: &Url) -> String {
    digest(url.as_str().as_bytes())
}

/// 16 hexadecimal digits of a SHA-256.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// True where both addresses belong to one site: the same registrable domain by the public suffix
/// list, or the same host where there is none (numeric addresses, names inside a network).
pub fn same_site(a: &Url, b: &Url) -> bool {
    site_of(a) == site_of(b)
}

/// The site of an address: its registrable domain, or its host where there is none.
pub fn site_of(url: &Url) -> Option<String> {
    Some(match url.host()? {
        Host::Domain(name) => site(name),
        other => other.to_string(),
    })
}

/// The registrable domain of a host's name, or the name itself.
pub fn site(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    psl::domain_str(&host).map_or_else(|| host.clone(), str::to_owned)
}

#[cfg(test)]
mod tests;
