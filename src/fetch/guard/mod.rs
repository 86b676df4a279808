//! The address guard: which addresses may be requested at all. A page chooses its links and its
//! redirects, and whoever runs a name server chooses what a name points to; neither may lead a
//! crawler to the machines behind its own firewall (server-side request forgery). This folder owns
//! the rules as pure functions of an address, and the resolver that applies them to names; it
//! sends nothing itself.
//!
//! The connection goes to an address that was checked: the resolver passes the client only what
//! is allowed, so a name cannot point elsewhere between check and use. Behind a proxy the last word on a name is
//! the proxy's: names that belong to no public site are refused, and others are looked up here first.
//!
//! An entry of `network.resolve` is the user's word on one host, and leads wherever it says. No page may make use of
//! it: where it leads inwards, it holds for the addresses that the user named and for their sites alone.

mod names;
mod proxied;
mod ranges;
mod resolver;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use crate::canonical::same_site;
use crate::config::NetworkSettings;
use proxied::Proxy;
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
    /// A proxy would look its name up, and no public site has such a name.
    #[error(
        "{host} is {kind}, and the proxy might lead to a machine inside its network; to fetch from there, set \
         [network] allow_private = true or add a resolve entry"
    )]
    ProxiedName {
        /// The host.
        host: String,
        /// What kind of name that is.
        kind: &'static str,
    },
    /// `network.resolve` leads inwards for its host, and a page of another site led there.
    #[error(
        "[network] resolve leads {host}:{port} to {address}, {kind}, and that is for addresses of your own, not \
         where a page of another site leads; to fetch from there, name it in the source's `start`, or set [network] \
         allow_private = true"
    )]
    Untrusted {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// The IP address of the entry.
        address: IpAddr,
        /// What kind of address that is.
        kind: &'static str,
    },
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
    /// Through the proxy.
    Proxied,
}

/// The rules, with the exceptions that the settings make.
#[derive(Debug)]
pub(super) struct Guard {
    allow_private: bool,
    resolve: BTreeMap<(String, u16), SocketAddr>,
    proxy: Option<Proxy>,
}

impl Guard {
    pub(super) fn new(network: &NetworkSettings) -> Guard {
        Guard {
            allow_private: network.allow_private,
            resolve: network.resolve.clone(),
            proxy: network.proxy.as_ref().map(Proxy::new),
        }
    }

    /// Decides whether an address may be requested for the sake of those that the user named.
    pub(super) async fn admit(&self, url: &Url, named: &[Url]) -> Result<Route, AddressError> {
        let route = self.route(url)?;
        match (route, &self.proxy) {
            (Route::Pinned(address), _) => self.refuse_untrusted(url, address, named)?,
            (Route::Proxied, Some(proxy)) if !self.allow_private => {
                if let (Some(Host::Domain(_)), Some((host, _))) = (url.host(), host_and_port(url)) {
                    proxy.check(&host).await?;
                }
            }
            _ => {}
        }
        Ok(route)
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
        let proxy = self.proxy.as_ref();
        let is_proxied = proxy.is_some_and(|proxy| proxy.takes(url));
        if !self.allow_private {
            match literal(url, &host) {
                Some(address) => refuse_private(address)?,
                None => self.refuse_local(host, is_proxied)?,
            }
        }
        Ok(if is_proxied {
            Route::Proxied
        } else {
            Route::Open
        })
    }

    /// Refuses a name of this machine, of its network, or of the proxy's where that would look it up.
    fn refuse_local(&self, host: String, is_proxied: bool) -> Result<(), AddressError> {
        let proxy = self.proxy.as_ref().and_then(|proxy| proxy.host.as_ref());
        if is_local_name(&host) || proxy == Some(&host) {
            return Err(AddressError::LocalName(host));
        }
        if !is_proxied || names::is_overlay(&host) {
            return Ok(());
        }
        if let Some((address, kind)) = names::spelled_by_service(&host) {
            return Err(AddressError::PrivateName {
                host,
                address,
                kind,
            });
        }
        match names::inward(&host) {
            Some(kind) => Err(proxied::refusal(&host, kind)),
            None => Ok(()),
        }
    }

    /// Refuses to follow an entry of `network.resolve` inwards, unless the user named an address of that site, or one
    /// that the settings lead to the very same place.
    fn refuse_untrusted(
        &self,
        url: &Url,
        address: SocketAddr,
        named: &[Url],
    ) -> Result<(), AddressError> {
        let Some(kind) = refused(address.ip()).filter(|_| !self.allow_private) else {
            return Ok(());
        };
        let pinned = |url: &Url| self.resolve.get(&host_and_port(url)?).copied();
        let is_own = |own: &Url| same_site(own, url) || pinned(own) == Some(address);
        if named.iter().any(is_own) {
            return Ok(());
        }
        let (host, port) = host_and_port(url).ok_or(AddressError::NoHost)?;
        Err(AddressError::Untrusted {
            host,
            port,
            address: address.ip(),
            kind,
        })
    }
}

fn refuse_private(address: IpAddr) -> Result<(), AddressError> {
    match refused(address) {
        Some(kind) => Err(AddressError::Private { address, kind }),
        None => Ok(()),
    }
}

/// The address that an address's host is; also one that more than one dot at its end makes a name of.
fn literal(url: &Url, host: &str) -> Option<IpAddr> {
    let parsed = match url.host()? {
        Host::Domain(_) => Host::parse(host).ok()?,
        other => other.to_owned(),
    };
    match parsed {
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
        Host::Domain(_) => None,
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

/// Names that never belong to a public site. Those that a private name server knows are caught by
/// the address they lead to; these are refused by name since a proxy may look them up.
fn is_local_name(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host == "metadata.google.internal"
}
