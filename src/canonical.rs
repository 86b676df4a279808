//! The canonical form of a URL: one form for one page, so that it is fetched and stored once.
//! Tracking parameters and the markers of other views of a page (AMP, print) are data, in
//! `rules/tracking.toml`.

pub(crate) mod pages;
mod sessions;

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
    let mut url = url.clone();
    url.set_fragment(None);
    if let Some(host) = url.host_str().filter(|host| host.ends_with('.')) {
        let host = host.trim_end_matches('.').to_owned();
        // A host that is only dots stays as it is; nothing will answer there.
        let _ = url.set_host(Some(&host));
    }
    // Both fail only on addresses that can hold no credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    // Sets the path twice: without sessions it may have dot segments, which only then are resolved.
    url.set_path(&without_sessions(&normal_escapes(url.path())));
    let path = without_view(url.path()).to_owned();
    url.set_path(&path);
    let query = url.query().map(|query| {
        let kept = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !tracks(pair) && !names_view(pair));
        kept.map(normal_escapes).collect::<Vec<_>>().join("&")
    });
    url.set_query(query.as_deref().filter(|query| !query.is_empty()));
    url
}

/// True for a `name=value` whose name only tracks.
fn tracks(pair: &str) -> bool {
    let name = pair
        .split('=')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    TRACKING.names.contains(&name) || TRACKING.prefixes.iter().any(|it| name.starts_with(it))
}

/// True for a `name=value` that asks for another view of the same page: `amp=1`, `view=print`.
fn names_view(pair: &str) -> bool {
    let pair = pair.to_ascii_lowercase();
    let (name, value) = pair.split_once('=').unwrap_or((&pair, ""));
    let is_switch = matches!(value, "" | "1" | "true" | "yes");
    let known = &TRACKING.views.parameters;
    known.contains(&pair) || (is_switch && known.iter().any(|it| it == name))
}

/// A path without the last segment of an AMP or print view (`/2026/ferry-returns/amp/`), where what
/// is left still names an article; `/print/` alone may be a section.
fn without_view(path: &str) -> &str {
    let Some((page, last)) = path.trim_end_matches('/').rsplit_once('/') else {
        return path;
    };
    let slug = page.rsplit('/').next().unwrap_or_default();
    let is_view = TRACKING.views.segments.iter().any(|it| it == last);
    if is_view && names_article(slug) {
        page
    } else {
        path
    }
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
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let path = ["index.html", "index.htm", "index.php"]
        .iter()
        .find_map(|index| url.path().strip_suffix(index))
        .filter(|path| path.ends_with('/'))
        .unwrap_or(url.path())
        .trim_end_matches('/');
    let query = url.query().map(|it| format!("?{it}")).unwrap_or_default();
    format!("{host}{port}{path}{query}")
}

/// Percent-encoding in upper case, and none for unreserved characters (RFC 3986, 2.3).
fn normal_escapes(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let start = text.len() - rest.len() + at;
        let hex = bytes
            .get(start + 1..start + 3)
            .filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        let Some(hex) = hex else {
            out.push('%');
            rest = &rest[at + 1..];
            continue;
        };
        let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default();
        let code = u8::try_from(digit(hex[0]) * 16 + digit(hex[1])).unwrap_or_default();
        // Decoded dots could make dot segments, which would not be resolved any more, and decoded
        // digits after a bare `%` a new escape.
        let is_plain = code.is_ascii_alphanumeric() || matches!(code, b'-' | b'_' | b'~');
        if is_plain && !(code.is_ascii_hexdigit() && ends_in_escape(&out)) {
            out.push(char::from(code));
        } else {
            out.push_str(&format!("%{code:02X}"));
        }
        rest = &rest[at + 3..];
    }
    out.push_str(rest);
    out
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(url: &str) -> String {
        canonical(&Url::parse(url).unwrap()).into()
    }

    #[test]
    fn one_page_has_one_canonical_form() {
        for (written, expected) in [
            (
                "HTTP://Example.ORG.:80/a/../b/./c#d",
                "http://example.org/b/c",
            ),
            ("https://u:p@example.org/", "https://example.org/"),
            (
                "https://example.org/%7ejoe/%c3%a4%2fb",
                "https://example.org/~joe/%C3%A4%2Fb",
            ),
            (
                "https://example.org/a?utm_source=x&id=7&fbclid=y",
                "https://example.org/a?id=7",
            ),
            (
                "https://example.org/a?UTM_Source=x",
                "https://example.org/a",
            ),
            ("https://example.org/a?", "https://example.org/a"),
            (
                "https://example.org/a?b=2&a=1&&",
                "https://example.org/a?b=2&a=1",
            ),
            (
                "https://example.org/a;jsessionid=5F?x=1",
                "https://example.org/a?x=1",
            ),
            (
                "https://example.org/(S(lit3py55t21z5v55vlm25s55))/a.aspx",
                "https://example.org/a.aspx",
            ),
            (
                "https://example.org/news/(X(1)S(abc))/7;SID=9?x=1",
                "https://example.org/news/7?x=1",
            ),
            (
                "https://example.org/a;phpsessid=1/b",
                "https://example.org/a/b",
            ),
            (
                "https://example.org/(s(x))/a(b))",
                "https://example.org/(s(x))/a(b))",
            ),
            ("https://example.org/(S(abc))", "https://example.org/"),
            ("https://example.org/a/?p=12", "https://example.org/a/?p=12"),
            ("https://example.org../a", "https://example.org/a"),
            (
                "https://example.org/a/(S(x));sid=1",
                "https://example.org/a",
            ),
            ("https://example.org/100%", "https://example.org/100%"),
            ("https://example.org/%%330", "https://example.org/%%330"),
            ("https://example.org/%4%31", "https://example.org/%4%31"),
            ("https://example.org/ä", "https://example.org/%C3%A4"),
        ] {
            assert_eq!(form(written), expected, "{written}");
        }
    }

    #[test]
    fn views_lead_back_to_their_page() {
        for view in [
            "https://example.org/2026/ferry-sails-again/amp/",
            "https://example.org/2026/ferry-sails-again/amp",
            "https://example.org/2026/ferry-sails-again/print",
            "https://example.org/2026/ferry-sails-again?amp",
            "https://example.org/2026/ferry-sails-again?amp=1&utm_source=x",
            "https://example.org/2026/ferry-sails-again?outputType=amp",
            "https://example.org/2026/ferry-sails-again?view=print",
        ] {
            assert_eq!(form(view), "https://example.org/2026/ferry-sails-again");
        }
        for page in [
            "https://example.org/print/",
            "https://example.org/news/print/",
            "https://example.org/a?view=list",
            "https://example.org/a?amp=12",
        ] {
            assert_eq!(form(page), page);
        }
    }

    #[test]
    fn urls_of_one_page_share_a_key_and_other_pages_do_not() {
        let key = |url: &str| dedup_key(&Url::parse(url).unwrap());
        let page = key("https://example.org/a/b");
        for same in [
            "http://www.example.org/a/b/",
            "https://EXAMPLE.org:443/a/./b#c",
            "https://example.org/a/b/index.html",
            "https://example.org/a/b?utm_source=x",
        ] {
            assert_eq!(key(same), page, "{same}");
        }
        for other in [
            "https://news.example.org/a/b",
            "https://example.org/a/b?p=2",
            "https://example.org:8080/a/b",
            "https://example.org/a/b.html",
            "https://example.org/a/bindex.html",
        ] {
            assert_ne!(key(other), page, "{other}");
        }
        assert_eq!(key("https://example.org/"), key("http://example.org"));
    }

    #[test]
    fn parameters_that_choose_content_stay() {
        for name in [
            "id", "p", "page", "article", "v", "lang", "q", "ref", "s", "story",
        ] {
            let url = format!("https://example.org/?{name}=1");
            assert_eq!(form(&url), url);
        }
    }

    #[test]
    fn sites_are_told_apart_by_their_registrable_domain() {
        let same = |a: &str, b: &str| same_site(&Url::parse(a).unwrap(), &Url::parse(b).unwrap());
        assert!(same(
            "https://news.example.co.uk/",
            "https://www.example.co.uk/x"
        ));
        assert!(!same("https://a.co.uk/", "https://b.co.uk/"));
        assert!(!same("https://a.blogspot.com/", "https://b.blogspot.com/"));
        assert!(same("http://127.0.0.1:8000/", "http://127.0.0.1:9000/"));
        assert!(!same("http://127.0.0.1/", "http://127.0.0.2/"));
        assert!(same("http://paper.example/", "http://paper.example/a"));
    }

    #[test]
    fn an_id_is_sixteen_digits_of_the_address() {
        let id = id(&Url::parse("https://example.org/a").unwrap());
        assert_eq!(id.len(), 16);
        assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    proptest! {
        #[test]
        fn the_form_of_a_form_is_itself(rest in "[a-zA-Z0-9%;=&?#./~_:@-]{0,60}") {
            if let Ok(url) = Url::parse(&format!("https://Example.org/{rest}")) {
                let once = canonical(&url);
                prop_assert_eq!(canonical(&once), once);
            }
        }
    }
}
