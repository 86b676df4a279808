//! By which names clients may call the server, and from where. A page of another site that has its name point here (DNS
//! rebinding) calls it by that name, and a form or a picture of another site says where it stands.

use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};

use crate::serve::failure::Failure;

/// The names of the server.
#[derive(Debug)]
pub(super) struct Hosts {
    address: SocketAddr,
    names: Vec<String>,
}

impl Hosts {
    pub(super) fn new(address: SocketAddr, names: &[String]) -> Hosts {
        let names = names.iter().map(|it| it.to_ascii_lowercase()).collect();
        Hosts { address, names }
    }

    /// True for `localhost:8765`, `127.0.0.1:8765`, `[::1]:8765` and the names that the settings allow.
    pub(super) fn are(&self, authority: &str) -> bool {
        let name = without_port(authority).to_ascii_lowercase();
        if self.names.contains(&name) {
            return true;
        }
        let bare = name.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        match bare.unwrap_or(&name).parse::<IpAddr>() {
            // Nobody can have another name point to an address, as that is none.
            Ok(ip) => {
                ip == self.address.ip() || ip.is_loopback() || self.address.ip().is_unspecified()
            }
            Err(_) => name == "localhost",
        }
    }

    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Failure> {
        let host = headers.get(HOST).and_then(|it| it.to_str().ok());
        if host.is_some_and(|it| self.are(it)) {
            return Ok(());
        }
        Err(Failure::new(
            StatusCode::MISDIRECTED_REQUEST,
            "this server goes by another name; allow the one in the address with --allow-host NAME",
        ))
    }

    /// Refuses what a page of another site sends, or has the browser fetch. A link from there to a page is fine.
    pub(super) fn check_origin(&self, request: &Request) -> Result<(), Failure> {
        let header = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok());
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let is_foreign = match (header("sec-fetch-site"), header(ORIGIN.as_str())) {
            (Some("same-origin" | "none"), _) => false,
            (Some(_), _) => {
                let is_link = header("sec-fetch-mode") == Some("navigate")
                    && header("sec-fetch-dest") == Some("document");
                !(is_read && is_link && !super::rate::fetches(request))
            }
            (None, Some(origin)) => !origin
                .split_once("://")
                .is_some_and(|(_, authority)| self.are(authority)),
            (None, None) => false,
        };
        if is_foreign {
            return Err(Failure::forbidden("this came from a page of another site"));
        }
        Ok(())
    }
}

/// `[::1]` of `[::1]:80`, `a.test` of `a.test:80`.
fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port))
            if port.bytes().all(|it| it.is_ascii_digit())
                && (!name.contains(':') || name.ends_with(']')) =>
        {
            name
        }
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn hosts(address: &str) -> Hosts {
        Hosts::new(address.parse().unwrap(), &["Desk.Example".to_owned()])
    }

    #[test]
    fn a_server_goes_by_its_addresses_and_the_names_that_are_allowed() {
        let local = hosts("127.0.0.1:8765");
        for name in [
            "localhost",
            "LOCALHOST:8765",
            "127.0.0.1:8765",
            "[::1]:1",
            "desk.example:80",
        ] {
            assert!(local.are(name), "{name}");
        }
        for name in [
            "evil.test",
            "localhost.evil.test",
            "192.0.2.1",
            "desk.example.evil.test",
            "",
            ":80",
            "[::1",
        ] {
            assert!(!local.are(name), "{name}");
        }
        assert!(hosts("0.0.0.0:80").are("192.0.2.1:80"));
    }

    #[test]
    fn what_another_site_sends_is_refused_and_its_links_are_followed() {
        let local = hosts("127.0.0.1:8765");
        let allowed = |method: &str, path: &str, headers: &[(&str, &str)]| {
            let mut request = Request::builder().method(method).uri(path);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            local
                .check_origin(&request.body(Body::empty()).unwrap())
                .is_ok()
        };
        let link = [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        let picture = [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-dest", "image"),
        ];
        assert!(allowed("GET", "/search", &link));
        assert!(!allowed("GET", "/api/fetch", &link));
        assert!(!allowed("POST", "/sources", &link));
        assert!(!allowed("GET", "/search", &picture));
        assert!(allowed(
            "POST",
            "/sources",
            &[("sec-fetch-site", "same-origin")]
        ));
        assert!(allowed("POST", "/mcp", &[]));
        assert!(allowed(
            "POST",
            "/mcp",
            &[("origin", "http://localhost:8765")]
        ));
        assert!(!allowed("POST", "/mcp", &[("origin", "http://evil.test")]));
        assert!(!allowed("POST", "/mcp", &[("origin", "null")]));
    }
}
