//! What becomes of each request that a page makes.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::fetch::{Expect, Part};

/// What the page may do, as the header of its answer says (Content Security Policy Level 3): run scripts and ask for
/// data. Without pictures, fonts, frames, workers, plug-ins, windows, dialogs, forms, downloads and WebRTC.
const POLICY: &str = "sandbox allow-scripts allow-same-origin; img-src 'none'; media-src 'none'; font-src 'none'; \
    object-src 'none'; frame-src 'none'; child-src 'none'; worker-src 'none'; manifest-src 'none'; \
    form-action 'none'; connect-src http: https: data: blob:; webrtc 'block'";

/// A request that is stopped before it is sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Paused {
    pub(super) request_id: String,
    pub(super) request: PausedRequest,
    #[serde(default)]
    frame_id: String,
    #[serde(default)]
    resource_type: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct PausedRequest {
    pub(super) url: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    headers: Map<String, Value>,
}

/// What becomes of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is for the page itself, or for what the page's own frame goes on to.
    Document,
    /// It is for a script or for data, which we fetch.
    Fetch(Url, Expect),
    /// A style sheet. It is empty: text is read without, and some pages wait for it.
    Style,
    /// The question whether a script may ask another site, which nobody but the browser needs.
    Preflight,
    /// It is refused.
    Refuse,
}

impl Paused {
    /// What becomes of a request of the page whose main frame is this.
    pub(super) fn decide(&self, frame: &str) -> Decision {
        let method = self.request.method.as_str();
        if method == "OPTIONS" && self.header("Access-Control-Request-Method") == Some("GET") {
            return Decision::Preflight;
        }
        let Some(url) = self.url().filter(|_| method == "GET") else {
            return Decision::Refuse;
        };
        let is_ahead = |name| self.header(name).is_some_and(|it| it.contains("prefetch"));
        let is_stream = self.header("Accept") == Some("text/event-stream");
        if is_ahead("Sec-Purpose") || is_ahead("Purpose") || is_stream {
            return Decision::Refuse;
        }
        match self.resource_type.as_str() {
            "Document" if self.frame_id == frame => Decision::Document,
            "Script" => Decision::Fetch(url, Expect::Script),
            "XHR" | "Fetch" => Decision::Fetch(url, Expect::Data),
            "Stylesheet" => Decision::Style,
            _ => Decision::Refuse,
        }
    }

    fn url(&self) -> Option<Url> {
        let url = Url::parse(&self.request.url).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    /// The `Origin` header: a site may let scripts of some other sites read, and asks of which they are.
    pub(super) fn origin(&self) -> Option<String> {
        self.header("Origin").map(str::to_owned)
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.request.headers.iter();
        let (_, value) = headers.find(|(it, _)| it.eq_ignore_ascii_case(name))?;
        value.as_str()
    }

    /// The answer to [`Decision::Preflight`].
    pub(super) fn preflight(&self) -> Value {
        let origin = self.header("Origin").unwrap_or("*");
        let asked = self.header("Access-Control-Request-Headers");
        let headers = [
            ("Access-Control-Allow-Origin", Some(origin)),
            ("Access-Control-Allow-Methods", Some("GET")),
            ("Access-Control-Allow-Headers", asked),
            ("Access-Control-Allow-Credentials", Some("true")),
        ];
        fulfilled(&self.request_id, 204, &headers, b"")
    }
}

/// The page itself, as it was fetched.
pub(super) fn document(id: &str, content_type: Option<&str>, body: &[u8]) -> Value {
    let headers = [
        ("Content-Type", Some(content_type.unwrap_or("text/html"))),
        ("Content-Security-Policy", Some(POLICY)),
        ("X-DNS-Prefetch-Control", Some("off")),
        ("Referrer-Policy", Some("no-referrer")),
    ];
    fulfilled(id, 200, &headers, body)
}

/// An answer after which a frame stays where it is.
pub(super) fn nothing(id: &str) -> Value {
    fulfilled(id, 204, &[], b"")
}

/// A style sheet without styles.
pub(super) fn no_style(id: &str) -> Value {
    let headers = [
        ("Content-Type", Some("text/css")),
        ("Access-Control-Allow-Origin", Some("*")),
    ];
    fulfilled(id, 200, &headers, b"")
}

/// An answer that we fetched.
pub(super) fn part(id: &str, part: &Part) -> Value {
    let headers = [
        ("Content-Type", part.content_type.as_deref()),
        ("Access-Control-Allow-Origin", part.allow_origin.as_deref()),
        (
            "Access-Control-Allow-Credentials",
            part.allow_credentials.as_deref(),
        ),
    ];
    fulfilled(id, part.status, &headers, &part.body)
}

/// An answer without a body, such as 404.
pub(super) fn status(id: &str, status: u16) -> Value {
    fulfilled(
        id,
        status,
        &[("Access-Control-Allow-Origin", Some("*"))],
        b"",
    )
}

/// A refusal.
pub(super) fn refused(id: &str) -> Value {
    json!({"requestId": id, "errorReason": "BlockedByClient"})
}

fn fulfilled(id: &str, status: u16, headers: &[(&str, Option<&str>)], body: &[u8]) -> Value {
    let stated = headers.iter().filter_map(|(name, value)| {
        let value = (*value)?;
        let is_plain = value.bytes().all(|it| (b' '..=b'~').contains(&it));
        is_plain.then(|| json!({"name": name, "value": value}))
    });
    json!({
        "requestId": id,
        "responseCode": status,
        "responseHeaders": stated.collect::<Vec<_>>(),
        "body": STANDARD.encode(body),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(kind: &str, method: &str, url: &str, headers: &Value) -> Decision {
        let paused: Paused = serde_json::from_value(json!({
            "requestId": "1", "frameId": "main", "resourceType": kind,
            "request": {"url": url, "method": method, "headers": headers},
        }))
        .unwrap();
        paused.decide("main")
    }

    #[test]
    fn scripts_and_data_are_fetched_and_nothing_else() {
        let at = "https://daily.test/x";
        let plain = json!({});
        let url = || Url::parse(at).unwrap();
        assert_eq!(
            decide("Script", "GET", at, &plain),
            Decision::Fetch(url(), Expect::Script)
        );
        for data in ["XHR", "Fetch"] {
            assert_eq!(
                decide(data, "GET", at, &plain),
                Decision::Fetch(url(), Expect::Data)
            );
            assert_eq!(decide(data, "POST", at, &plain), Decision::Refuse);
        }
        assert_eq!(decide("Document", "GET", at, &plain), Decision::Document);
        assert_eq!(decide("Document", "POST", at, &plain), Decision::Refuse);
        assert_eq!(decide("Stylesheet", "GET", at, &plain), Decision::Style);
        for kind in [
            "Image",
            "Media",
            "Font",
            "TextTrack",
            "Prefetch",
            "EventSource",
            "WebSocket",
            "Manifest",
            "Ping",
            "CSPViolationReport",
            "Preflight",
            "Other",
            "",
        ] {
            assert_eq!(decide(kind, "GET", at, &plain), Decision::Refuse, "{kind}");
        }
        let ahead = json!({"sec-purpose": "prefetch;prerender"});
        assert_eq!(decide("Script", "GET", at, &ahead), Decision::Refuse);
        let stream = json!({"Accept": "text/event-stream"});
        assert_eq!(decide("XHR", "GET", at, &stream), Decision::Refuse);
        for url in [
            "file:///etc/passwd",
            "chrome://version",
            "ftp://daily.test/",
            "nonsense",
        ] {
            assert_eq!(
                decide("Script", "GET", url, &plain),
                Decision::Refuse,
                "{url}"
            );
        }
    }

    #[test]
    fn a_frame_of_the_page_is_no_page() {
        let paused: Paused = serde_json::from_value(json!({
            "requestId": "1", "frameId": "other", "resourceType": "Document",
            "request": {"url": "https://ads.test/", "method": "GET"},
        }))
        .unwrap();
        assert_eq!(paused.decide("main"), Decision::Refuse);
    }

    #[test]
    fn headers_of_other_bytes_are_left_out() {
        let document = document("1", Some("text/html\r\nX: y"), b"<p>");
        let headers = document["responseHeaders"].as_array().unwrap();
        assert!(headers.iter().all(|it| it["name"] != "Content-Type"));
        assert_eq!(document["body"], "PHA+");
    }
}
