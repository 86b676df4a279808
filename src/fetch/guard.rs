//! The address guard: which addresses may be asked for at all. A page chooses its links and its
//! redirects, and whoever runs a name server chooses what a name points to; neither may lead a
//! crawler to the machines behind its own firewall (server-side request forgery). This file owns
//! the rules as pure functions of an address and the resolver that applies them to names; it sends
//! nothing itself.
//!
//! The connection goes to an address that was checked: the resolver hands the client only what
//! passed, so a name cannot point elsewhere between check and use.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::config::NetworkSettings;
use crate::verdict::VisitOutcome;

/// Ports from 1024 on that belong to mail, chat, telephony and file servers: browsers don't ask them
/// either (Fetch Standard, 2.10 'Port blocking').
const OTHERS_PORTS: [u16; 19] = [
    1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
    6679, 6697, 10080,
];

/// Why an address is not asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("only http and https addresses are fetched, not {0}")]
    Scheme(String),
    #[error("the address names no host")]
    NoHost,
    #[error(
        "web servers do not use port {port}; if this one does, add \
         \"{host}:{port}\" = \"address:{port}\" to [network] resolve"
    )]
    Port { host: String, port: u16 },
    #[error(
        "{address} is {kind}; set [network] allow_private = true or add a resolve entry if you \
         mean to fetch from there"
    )]
    Address { address: IpAddr, kind: &'static str },
    #[error(
        "{host} leads to {address}, {kind}; set [network] allow_private = true or add a resolve \
         entry if you mean to fetch from there"
    )]
    Name {
        host: String,
        address: IpAddr,
        kind: &'static str,
    },
    #[error(
        "{0} is a name of this machine or of its network; set [network] allow_private = true or \
         add a resolve entry if you mean to fetch from there"
    )]
    LocalName(String),
    #[error(
        "[network] resolve has {host}, but not its port {port}; add \"{host}:{port}\" there, or \
         take the name out to have it looked up"
    )]
    Unlisted { host: String, port: u16 },
}

impl Refusal {
    /// The outcome that a visit refused like this ends in.
    pub(super) fn outcome(&self) -> VisitOutcome {
        match self {
            Refusal::Unlisted { .. } => VisitOutcome::Dns,
            _ => VisitOutcome::BlockedAddress,
        }
    }
}

/// How an address that may be asked for is reached.
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

    /// Decides whether an address may be asked for and how it is reached. Names that DNS has to
    /// look up pass here and are checked again by the [`Resolver`], by what they lead to.
    pub(super) fn route(&self, url: &Url) -> Result<Route, Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        let (host, port) = host_and_port(url).ok_or(Refusal::NoHost)?;
        if let Some(address) = self.resolve.get(&(host.clone(), port)) {
            return Ok(Route::Pinned(*address));
        }
        if self.resolve.keys().any(|(name, _)| *name == host) {
            return Err(Refusal::Unlisted { host, port });
        }
        if !matches!(port, 80 | 443 | 1024..) || OTHERS_PORTS.contains(&port) {
            return Err(Refusal::Port { host, port });
        }
        if !self.allow_private {
            self.refuse_private(url, host)?;
        }
        Ok(Route::Open)
    }

    fn refuse_private(&self, url: &Url, host: String) -> Result<(), Refusal> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            _ if is_local_name(&host) || self.proxy_host.as_ref() == Some(&host) => {
                return Err(Refusal::LocalName(host));
            }
            _ => return Ok(()),
        };
        match refused(address) {
            Some(kind) => Err(Refusal::Address { address, kind }),
            None => Ok(()),
        }
    }
}

/// The host in the spelling that everything here compares: lower case, as `url` has it, without a
/// trailing dot; and the port, also where the scheme implies it.
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
/// what they lead to; these are refused by name since a proxy may do the looking up.
fn is_local_name(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host == "metadata.google.internal"
}

/// What an address is, if it is one that a page must not lead to; `None` for public addresses.
///
/// The IPv4 ranges are those of the IANA special-purpose registry (RFC 6890). For IPv6 it is the
/// other way round: only global unicast (`2000::/3`) is public, less the ranges below. Forms that
/// carry an IPv4 address inside (mapped, NAT64, 6to4) are judged by that address.
pub(super) fn refused(address: IpAddr) -> Option<&'static str> {
    match address.to_canonical() {
        IpAddr::V4(address) => refused_v4(address),
        IpAddr::V6(address) => refused_v6(address),
    }
}

const REFUSED_V4: &[(Ipv4Addr, u8, &str)] = &[
    (Ipv4Addr::new(127, 0, 0, 0), 8, "a loopback address"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "a private address"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "a private address"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "a private address"),
    (
        Ipv4Addr::new(169, 254, 169, 254),
        32,
        "a cloud's metadata service",
    ),
    (
        Ipv4Addr::new(168, 63, 129, 16),
        32,
        "a cloud's metadata service",
    ),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "a link-local address"),
    (
        Ipv4Addr::new(100, 64, 0, 0),
        10,
        "a carrier's private address",
    ),
    (
        Ipv4Addr::new(0, 0, 0, 0),
        8,
        "an address of this host itself",
    ),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "reserved for protocols"),
    (
        Ipv4Addr::new(192, 0, 2, 0),
        24,
        "reserved for documentation",
    ),
    (
        Ipv4Addr::new(198, 51, 100, 0),
        24,
        "reserved for documentation",
    ),
    (
        Ipv4Addr::new(203, 0, 113, 0),
        24,
        "reserved for documentation",
    ),
    (
        Ipv4Addr::new(192, 88, 99, 0),
        24,
        "reserved for 6to4 relays",
    ),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "reserved for benchmarks"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "a multicast address"),
    (Ipv4Addr::BROADCAST, 32, "the broadcast address"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "a reserved address"),
];

const REFUSED_V6: &[(Ipv6Addr, u8, &str)] = &[
    (Ipv6Addr::LOCALHOST, 128, "a loopback address"),
    (Ipv6Addr::UNSPECIFIED, 128, "an address of this host itself"),
    (
        Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
        128,
        "a cloud's metadata service",
    ),
    (
        Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0),
        7,
        "a private address",
    ),
    (
        Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0),
        10,
        "a link-local address",
    ),
    (
        Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0),
        8,
        "a multicast address",
    ),
    (
        Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0),
        23,
        "reserved for protocols",
    ),
    (
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0),
        32,
        "reserved for documentation",
    ),
    (
        Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0),
        20,
        "reserved for documentation",
    ),
];

fn refused_v4(address: Ipv4Addr) -> Option<&'static str> {
    REFUSED_V4
        .iter()
        .find(|(net, length, _)| {
            address.to_bits() >> (32 - length) == net.to_bits() >> (32 - length)
        })
        .map(|(_, _, kind)| *kind)
}

fn refused_v6(address: Ipv6Addr) -> Option<&'static str> {
    if let Some(embedded) = embedded_v4(address) {
        return refused_v4(embedded);
    }
    let listed = REFUSED_V6.iter().find(|(net, length, _)| {
        address.to_bits() >> (128 - length) == net.to_bits() >> (128 - length)
    });
    match listed {
        Some((_, _, kind)) => Some(kind),
        None if address.segments()[0] & 0xe000 == 0x2000 => None,
        None => Some("not a public address"),
    }
}

/// The IPv4 address inside a NAT64 (RFC 6052, `64:ff9b::/96`) or 6to4 (RFC 3056, `2002::/16`)
/// address.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
        }
        _ => None,
    }
}

/// Looks names up and lets through only addresses that the guard allows.
#[derive(Debug)]
pub(super) struct Resolver {
    allow_private: bool,
    /// The proxy is named by the user, not by a page, and may well be private.
    trusted: Option<String>,
}

impl Resolver {
    pub(super) fn new(network: &NetworkSettings) -> Resolver {
        Resolver {
            allow_private: network.allow_private,
            trusted: proxy_host(network),
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

/// The addresses a name leads to, if all of them are public. A name that leads both outside and
/// inside is no site's; it is how a guard is got round that checks one address and uses another.
fn public_only(host: String, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refusal> {
    let inward = found
        .iter()
        .find_map(|address| Some((address.ip(), refused(address.ip())?)));
    match inward {
        Some((address, kind)) => Err(Refusal::Name {
            host,
            address,
            kind,
        }),
        None => Ok(found),
    }
}

/// Knows the names of `network.resolve` for one port and nothing else; it never asks DNS. The
/// client's resolver hook is told the name but not the port, so each port has a client of its own.
#[derive(Debug)]
pub(super) struct PinnedResolver(pub(super) Arc<BTreeMap<String, SocketAddr>>);

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

#[cfg(test)]
mod tests {
    use super::*;

    fn route(url: &str) -> Result<Route, Refusal> {
        Guard::new(&NetworkSettings::default()).route(&Url::parse(url).unwrap())
    }

    fn kind(address: &str) -> Option<&'static str> {
        refused(address.parse().unwrap())
    }

    #[test]
    fn addresses_that_are_not_public_are_refused() {
        for address in [
            "127.0.0.1",
            "127.255.255.255",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.1.1",
            "169.254.169.254",
            "168.63.129.16",
            "100.64.0.1",
            "100.100.100.200",
            "100.127.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "192.0.0.192",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
        ] {
            assert!(kind(address).is_some(), "{address}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
            "2606:4700::1111",
            "2a00:1450:4001::200e",
            "2001:200::1",
        ] {
            assert_eq!(kind(address), None, "{address}");
        }
    }

    #[test]
    fn every_spelling_of_a_loopback_address_is_refused() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://0x7f.1/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://0/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]:8080/",
            "http://localhost/",
            "http://localhost./",
            "http://LOCALHOST:8080/",
            "https://app.localhost/",
            "http://127.0.0.1./",
            "http://metadata.google.internal/computeMetadata/v1/",
        ] {
            let refusal = route(url).unwrap_err();
            assert_eq!(
                refusal.outcome(),
                VisitOutcome::BlockedAddress,
                "{url}: {refusal}"
            );
        }
    }

    #[test]
    fn a_refusal_says_what_the_address_is_and_how_to_allow_it() {
        assert_eq!(
            route("http://127.0.0.1/").unwrap_err().to_string(),
            "127.0.0.1 is a loopback address; set [network] allow_private = true or add a resolve \
             entry if you mean to fetch from there"
        );
    }

    #[test]
    fn only_web_schemes_are_fetched() {
        for url in [
            "file:///etc/passwd",
            "ftp://example.org/",
            "gopher://example.org/",
            "data:,x",
        ] {
            assert!(matches!(route(url), Err(Refusal::Scheme(_))), "{url}");
        }
    }

    #[test]
    fn ports_of_other_services_are_refused() {
        for port in [1, 22, 25, 79, 81, 442, 444, 1023, 2049, 6000, 6667, 10080] {
            let refused = route(&format!("http://example.org:{port}/"));
            assert!(matches!(refused, Err(Refusal::Port { .. })), "{port}");
        }
        for port in [80, 443, 1024, 8080, 65535] {
            assert_eq!(
                route(&format!("http://example.org:{port}/")),
                Ok(Route::Open),
                "{port}"
            );
        }
    }

    #[test]
    fn allow_private_lifts_the_refusal_of_addresses_and_local_names() {
        let guard = Guard::new(&NetworkSettings {
            allow_private: true,
            ..NetworkSettings::default()
        });
        for url in [
            "http://127.0.0.1:8080/",
            "http://localhost/",
            "http://[fe80::1]/",
        ] {
            assert_eq!(
                guard.route(&Url::parse(url).unwrap()),
                Ok(Route::Open),
                "{url}"
            );
        }
    }

    #[test]
    fn a_resolve_entry_is_trusted_for_its_host_and_port_alone() {
        let address: SocketAddr = "127.0.0.1:4000".parse().unwrap();
        let resolve = [
            (("daily.test".to_owned(), 80), address),
            (("127.0.0.1".to_owned(), 22), address),
        ];
        let guard = Guard::new(&NetworkSettings {
            resolve: resolve.into(),
            ..NetworkSettings::default()
        });
        let route = |url: &str| guard.route(&Url::parse(url).unwrap());

        assert_eq!(route("http://daily.test/"), Ok(Route::Pinned(address)));
        assert_eq!(route("http://DAILY.test.:80/a"), Ok(Route::Pinned(address)));
        assert_eq!(route("http://127.0.0.1:22/"), Ok(Route::Pinned(address)));
        assert_eq!(route("http://other.test/"), Ok(Route::Open));
        // A made-up name is never asked of DNS, whatever the port.
        let elsewhere = route("https://daily.test/").unwrap_err();
        assert_eq!(elsewhere.outcome(), VisitOutcome::Dns);
        assert!(
            elsewhere.to_string().contains("daily.test:443"),
            "{elsewhere}"
        );
    }

    #[test]
    fn a_page_cannot_lead_to_the_proxy() {
        let proxy = Url::parse("socks5://gate.corp:1080").ok();
        let guard = Guard::new(&NetworkSettings {
            proxy,
            ..NetworkSettings::default()
        });
        let refused = guard.route(&Url::parse("http://gate.corp/").unwrap());
        assert!(matches!(refused, Err(Refusal::LocalName(_))));
    }

    #[test]
    fn a_name_with_any_private_address_is_refused() {
        let lead_to = |addresses: &[&str]| {
            let found = addresses
                .iter()
                .map(|text| SocketAddr::new(text.parse().unwrap(), 0));
            public_only("news.test".to_owned(), found.collect())
        };
        for found in [&["10.0.0.1"][..], &["8.8.8.8", "10.0.0.1", "9.9.9.9"]] {
            let refusal = lead_to(found).unwrap_err().to_string();
            let expected = "news.test leads to 10.0.0.1, a private address;";
            assert!(refusal.starts_with(expected), "{refusal}");
        }
        assert_eq!(lead_to(&["8.8.8.8", "2600::1"]).unwrap().len(), 2);
    }
}
