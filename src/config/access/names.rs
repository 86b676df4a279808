//! Which headers and cookies may be configured: names and values as HTTP has them (RFC 9110, 5.5 and 5.6.2; RFC 6265,
//! 4.1.1), and none that newsprint itself or the HTTP client sets.

use super::Kind;

/// Bytes of a header's value. Servers refuse requests whose headers are longer than this.
const LONGEST_HEADER: usize = 8 << 10;
/// Bytes of a cookie, as [browsers](https://www.rfc-editor.org/rfc/rfc6265#section-6.1) have it.
const LONGEST_COOKIE: usize = 4096;

/// Headers that are not configured here, and why.
const RESERVED: [(&str, &str); 31] = {
    const WIRE: &str = "HTTP itself sets it";
    const BODY: &str = "there is no body that it could describe";
    const PARTS: &str = "newsprint asks for whole pages";
    const CHANGES: &str =
        "newsprint sets it by what it has stored, to ask whether a page has changed";
    const ORIGIN: &str = "it would say that the request came from somebody else";
    const IDENTITY: &str = "who the crawler is stands in [crawl]";
    const SIGNED: &str = "requests are signed by [identity]";
    [
        ("host", WIRE),
        ("connection", WIRE),
        ("keep-alive", WIRE),
        ("proxy-connection", WIRE),
        ("upgrade", WIRE),
        ("http2-settings", WIRE),
        ("te", WIRE),
        ("trailer", WIRE),
        ("transfer-encoding", WIRE),
        (
            "proxy-authorization",
            "a proxy's login stands in the address of `proxy` in [network]",
        ),
        ("expect", BODY),
        ("content-length", BODY),
        ("content-type", BODY),
        ("content-encoding", BODY),
        (
            "accept",
            "newsprint sets it by what it asks for: a page, a feed or a sitemap",
        ),
        (
            "accept-encoding",
            "newsprint sets it by what it can decompress",
        ),
        ("range", PARTS),
        ("if-range", PARTS),
        ("if-match", CHANGES),
        ("if-none-match", CHANGES),
        ("if-modified-since", CHANGES),
        ("if-unmodified-since", CHANGES),
        ("forwarded", ORIGIN),
        ("x-forwarded-for", ORIGIN),
        ("x-real-ip", ORIGIN),
        ("via", ORIGIN),
        ("user-agent", "it is `user_agent` in [crawl]"),
        ("from", IDENTITY),
        ("signature", SIGNED),
        ("signature-input", SIGNED),
        ("signature-agent", SIGNED),
    ]
};

/// What is wrong with the name of a header, with the fix.
pub(super) fn header_problem(name: &str) -> Option<String> {
    if !is_token(name) {
        return Some(not_a_name(Kind::Header, name));
    }
    let lower = name.to_ascii_lowercase();
    let (_, why) = RESERVED.iter().find(|(reserved, _)| *reserved == lower)?;
    Some(format!(
        "the header `{name}` cannot be set here: {why}; remove it"
    ))
}

/// What is wrong with the name of a cookie, with the fix.
pub(super) fn cookie_problem(name: &str) -> Option<String> {
    (!is_token(name)).then(|| not_a_name(Kind::Cookie, name))
}

fn not_a_name(kind: Kind, name: &str) -> String {
    let noun = kind.noun();
    format!("{name:?} is not the name of a {noun}: letters, digits and - _ . alone make one")
}

/// What is wrong with a value, with the fix. The value itself is never shown.
pub(super) fn value_problem(kind: Kind, name: &str, value: &str) -> Option<String> {
    let noun = kind.noun();
    let most = match kind {
        Kind::Header => LONGEST_HEADER,
        Kind::Cookie => LONGEST_COOKIE,
    };
    let problem = if value.trim().is_empty() {
        "is empty: copy it from the browser's developer tools, or remove the line".to_owned()
    } else if value.len() > most {
        format!("is longer than {most} bytes, which servers do not take")
    } else if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        "has a line break or another character that HTTP does not allow; copy it again, in one line"
            .to_owned()
    } else if kind == Kind::Cookie && value.contains(';') {
        "has a `;`, where the next cookie begins; give each cookie a name of its own".to_owned()
    } else {
        return None;
    };
    Some(format!("the value of the {noun} `{name}` {problem}"))
}

/// True for a token (RFC 9110, 5.6.2).
pub(super) fn is_token(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.len() <= 256 && name.bytes().all(is_part)
}
