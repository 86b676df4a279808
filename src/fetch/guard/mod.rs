//! The address guard: which addresses may be requested at all. A page chooses its links and its
//! redirects, and whoever runs a name server chooses what a name points to; neither may lead a
//! crawler to the machines behind its own firewall (server-side request forgery). This folder owns
//! the rules as pure functions of an address, and the resolver that applies them to names; it
//! sends nothing itself.
//!
//! The connection goes to an address that was checked: the resolver passes the client only what
//! is allowed, so a name cannot point elsewhere between check and use.

mod ranges;
mod resolver;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use crate::config::NetworkSettings;
use ranges::refused;
pub(super) use resolver::{PinnedResolver, Resolver};

/// Ports from 1024 on that belong to mail, chat, telephony and file servers. Browsers block them too
/// (Fetch Standard, 2.10 'Port blocking').
const BLOCKED_PORTS: [u16; 19] = [
    1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
    6679, 6697, 10080,
];

/// Why an address is not requested.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// Its scheme is not a web scheme.
    #[error("only http and https addresses are fetched, not {0}")]
    Scheme(String),
    /// It has no host.
    #[error("the address has no host")]
    NoHost,
    /// Its port belongs to another kind of server.
    #[error(
        "web servers do not use port {port}; if this one does, add \
         \"{host}:{port}\" = \"address:{port}\" to [network] resolve"
    )]
    Port {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// It is an IP address that is not public.
    #[error(
        "{address} is {kind}; to fetch from there, set [network] allow_private = true or add a \
         resolve entry"
    )]
    Private {
        /// The IP address.
        address: IpAddr,
        /// What kind of address that is.
        kind: &'static str,
    },
    /// Its name leads to an IP address that is not public.
    #[error(
        "{host} leads to {address}, {kind}; to fetch from there, set [network] allow_private = \
         true or add a resolve entry"
    )]
    PrivateName {
        /// The host.
        host: String,
        /// The IP address.
        address: IpAddr,
        /// What kind of address that is.
        kind: &'static str,
    },
    /// Its name belongs to this machine or its network.
    #[error(
        "{0} is a name of this machine or of its network; to fetch from there, set [network] \
         allow_private = true or add a resolve entry"
    )]
    LocalName(String),
    /// `network.resolve` has its host, but not its port.
    #[error(
        "[network] resolve has {host}, but not its port {port}; add \"{host}:{port}\" there, or \
         remove the name to have it looked up"
    )]
    Unlisted {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
}

/// How an address that may be requested is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// At the address that `network.resolve` gives for its host and port.
    Pinned(SocketAddr),
    /// At the literal address it names, or by way of DNS and the filter behind it.
    Open,
}

/// The rules, with the exceptions that the settings make.
#[derive(Debug)]
pub(super) struct Guard {
    allow_private: bool,
    resolve: BTreeMap<(String, u16), SocketAddr>,
    proxy_host: Option<String>,
}

impl Guard {
    pub(super) fn new(network: &NetworkSettings) -> Guard {
        Guard {
            allow_private: network.allow_private,
            resolve: network.resolve.clone(),
            proxy_host: proxy_host(network),
        }
    }

    /// Decides whether an address may be requested and how it is reached. Names that DNS has to
    /// look up pass here and are checked again by the [`Resolver`], by what they lead to.
    pub(super) fn route(&self, url: &Url) -> Result<Route, AddressError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(AddressError::Scheme(url.scheme().to_owned()));
        }
        let (host, port) = host_and_port(url).ok_or(AddressError::NoHost)?;
        if let Some(address) = self.resolve.get(&(host.clone(), port)) {
            return Ok(Route::Pinned(*address));
        }
        if self.resolve.keys().any(|(name, _)| *name == host) {
            return Err(AddressError::Unlisted { host, port });
        }
        if !matches!(port, 80 | 443 | 1024..) || BLOCKED_PORTS.contains(&port) {
            return Err(AddressError::Port { host, port });
        }
        if !self.allow_private {
            self.refuse_private(url, host)?;
        }
        Ok(Route::Open)
    }

    fn refuse_private(&self, url: &Url, host: String) -> Result<(), AddressError> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            _ if is_local_name(&host) || self.proxy_host.as_ref() == Some(&host) => {
                return Err(AddressError::LocalName(host));
            }
            _ => return Ok(()),
        };
        match refused(address) {
            Some(kind) => Err(AddressError::Private { address, kind }),
            None => Ok(()),
        }
    }
}

/// The host as everything here compares it, in lower case, as `url` has it, and without a trailing
/// dot; and the port, also where the scheme implies it.
pub(super) fn host_and_port(url: &Url) -> Option<(String, u16)> {
    let host = url.host_str()?.trim_end_matches('.');
    if host.is_empty() {
        return None;
    }
    Some((host.to_owned(), url.port_or_known_default()?))
}

fn proxy_host(network: &NetworkSettings) -> Option<String> {
    let proxy = network.proxy.as_ref()?;
    Some(proxy.host_str()?.trim_end_matches('.').to_ascii_lowercase())
}

/// Names that never belong to a public site. Those that a private name server knows are caught by
/// the address they lead to; these are refused by name since a proxy may look them up.
fn is_local_name(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host == "metadata.google.internal"
}
