//! Name resolution that lets through only addresses that the guard allows.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

use crate::config::NetworkSettings;
use crate::fetch::guard::AddressError;
use crate::fetch::guard::ranges::refused;

/// Looks names up in DNS and refuses those that lead to an address which the guard does not allow.
#[derive(Debug)]
pub(in crate::fetch) struct Resolver {
    allow_private: bool,
    /// The proxy is named by the user, not by a page, and may well be private.
    trusted: Option<String>,
}

impl Resolver {
    /// For connections to servers.
    pub(in crate::fetch) fn new(network: &NetworkSettings) -> Resolver {
        Resolver {
            allow_private: network.allow_private,
            trusted: None,
        }
    }

    /// For connections to this proxy, and to servers where the proxy takes addresses alone.
    pub(in crate::fetch) fn for_proxy(network: &NetworkSettings, proxy: &Url) -> Resolver {
        let host = proxy.host_str();
        let host = host.map(|host| host.trim_end_matches('.').to_ascii_lowercase());
        Resolver {
            trusted: host,
            ..Resolver::new(network)
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().trim_end_matches('.').to_ascii_lowercase();
        let unfiltered = self.allow_private || self.trusted.as_ref() == Some(&host);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let mut addresses: Vec<SocketAddr> = found.collect();
            if !unfiltered {
                addresses = public_only(host, addresses)?;
            }
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

/// The addresses a name leads to, if all of them are public. A public site has no private
/// addresses; names with both kinds get past guards that check one address and use another.
pub(super) fn public_only(
    host: String,
    found: Vec<SocketAddr>,
) -> Result<Vec<SocketAddr>, AddressError> {
    let inward = found
        .iter()
        .find_map(|address| Some((address.ip(), refused(address.ip())?)));
    match inward {
        Some((address, kind)) => Err(AddressError::PrivateName {
            host,
            address,
            kind,
        }),
        None => Ok(found),
    }
}

/// Knows the names of `network.resolve` for one port and nothing else; it never asks DNS. The
/// HTTP client passes a resolver the name but not the port, so each port has a client of its own.
#[derive(Debug)]
pub(in crate::fetch) struct PinnedResolver(pub(in crate::fetch) Arc<BTreeMap<String, SocketAddr>>);

impl Resolve for PinnedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().trim_end_matches('.').to_ascii_lowercase();
        let known = self.0.get(&host).copied();
        Box::pin(async move {
            let address = known.ok_or_else(|| std::io::Error::other("not in [network] resolve"))?;
            let addresses: Addrs = Box::new(std::iter::once(address));
            Ok(addresses)
        })
    }
}
