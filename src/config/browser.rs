//! The browser that renders a source's pages: the address of its DevTools port.

use std::net::IpAddr;

use url::{Host, Url};

use crate::config::diagnose::Diagnostics;
use crate::config::values::Text;

/// How the address is written.
const EXAMPLE: &str = "\"ws://127.0.0.1:9222\"";

/// The address as written; `None` for "" and for what can't be used, which is reported.
pub(super) fn browser(given: Text, diagnostics: &mut Diagnostics<'_>) -> Option<Url> {
    let given = given?;
    let text = given.get_ref().trim();
    if text.is_empty() {
        return None;
    }
    match check(text) {
        Ok(url) => Some(url),
        Err(message) => {
            diagnostics.push(given.span(), format!("`render`: {message}"));
            None
        }
    }
}

fn check(text: &str) -> Result<Url, String> {
    let no_address = || {
        format!(
            "{text:?} is not the address of a browser's DevTools port; write one such as {EXAMPLE}"
        )
    };
    let url = Url::parse(text).map_err(|_| no_address())?;
    let host = url.host().ok_or_else(no_address)?;
    match url.scheme() {
        "ws" | "http" => {}
        "wss" | "https" => {
            return Err(format!(
                "a DevTools port has no TLS; write {EXAMPLE}, and reach a browser on another machine through a tunnel \
                 (`ssh -L 9222:127.0.0.1:9222 HOST`)"
            ));
        }
        _ => return Err(no_address()),
    }
    let has_login = !url.username().is_empty() || url.password().is_some();
    let is_whole = url.path().starts_with("/devtools/browser/") && url.scheme() == "ws";
    let rest_is_known = url.path() == "/" || is_whole;
    if has_login || url.query().is_some() || url.fragment().is_some() || !rest_is_known {
        return Err(format!(
            "{text:?} has parts that a DevTools port does not know; write {EXAMPLE}, or \
             \"ws://127.0.0.1:9222/devtools/browser/ID\""
        ));
    }
    if is_public(&host) {
        return Err(format!(
            "whoever reaches a DevTools port controls the browser, so that it must not be at a public address; \
             write {EXAMPLE}, and reach a browser on another machine through a tunnel \
             (`ssh -L 9222:127.0.0.1:9222 HOST`)"
        ));
    }
    Ok(url)
}

/// True for the literal address of another network. What a name leads to is checked when it is looked up.
fn is_public(host: &Host<&str>) -> bool {
    let address = match host {
        Host::Domain(name) => name.parse().ok(),
        Host::Ipv4(address) => Some(IpAddr::V4(*address)),
        Host::Ipv6(address) => Some(IpAddr::V6(*address)),
    };
    address.is_some_and(|it| !is_near(it))
}

/// True for an address of this machine or of its own network.
pub(crate) fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(it) => it.is_loopback() || it.is_private(),
        IpAddr::V6(it) => it.is_loopback() || it.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_by_its_port_or_in_full() {
        for text in [
            "ws://127.0.0.1:9222",
            "http://localhost:9222/",
            "ws://[::1]:9222/devtools/browser/7c1b",
            "ws://10.0.0.7:9222",
            "ws://chromium:9222",
        ] {
            assert!(check(text).is_ok(), "{text}: {:?}", check(text));
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_what_to_write() {
        for text in [
            "9222",
            "localhost",
            "wss://127.0.0.1:9222",
            "ftp://127.0.0.1",
            "ws://me:pw@127.0.0.1:9222",
            "ws://127.0.0.1:9222/json/version",
            "ws://127.0.0.1:9222/?x",
            "http://127.0.0.1:9222/devtools/browser/7c1b",
            "ws://93.184.216.34:9222",
            "ws://[2606:4700::1]:9222",
        ] {
            let message = check(text).unwrap_err();
            assert!(message.contains(EXAMPLE), "{text}: {message}");
        }
    }
}
