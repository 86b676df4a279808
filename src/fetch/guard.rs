//! Which addresses may be connected to. Pages name any address they like, in links and in
//! redirects; what is not on the public internet is refused: by its literal, and again after DNS,
//! where the connection then goes to the very address that was checked, so that a name that
//! resolves anew (DNS rebinding) gains nothing.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Why an address is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not `http` or `https`.
    #[error("`{0}:` addresses are not fetched; only http and https are")]
    Scheme(String),
    /// A port that other services listen on.
    #[error(
        "port {0} is refused; web servers answer on 80, 443 or from 1024 up (a [network] resolve entry lifts this)"
    )]
    Port(u16),
    /// Not on the public internet.
    #[error(
        "{0} is {1}; set [network] allow_private = true, or add a [network] resolve entry for this host"
    )]
    Private(String, &'static str),
    /// The address names no host.
    #[error("the address names no host")]
    NoHost,
}

/// The rules for addresses of one run.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    allow_private: bool,
    trusted: BTreeMap<(String, u16), SocketAddr>,
}

impl Guard {
    /// A guard that trusts the `resolve` entries and, if asked to, private addresses.
    pub fn new(allow_private: bool, trusted: BTreeMap<(String, u16), SocketAddr>) -> Guard {
        Guard {
            allow_private,
            trusted,
        }
    }

    /// The address that a `resolve` entry gives this URL.
    pub fn trusted(&self, url: &Url) -> Option<SocketAddr> {
        let key = (host_name(url)?, url.port_or_known_default()?);
        self.trusted.get(&key).copied()
    }

    /// Checks what can be seen without DNS.
    pub fn check(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        if self.trusted(url).is_some() {
            return Ok(());
        }
        let port = url.port_or_known_default().unwrap_or_default();
        if port < 1024 && !matches!(port, 80 | 443) {
            return Err(Refusal::Port(port));
        }
        match url.host() {
            None => Err(Refusal::NoHost),
            Some(Host::Domain(_)) if self.is_local_name(url) => {
                let name = host_name(url).unwrap_or_default();
                Err(Refusal::Private(name, "a name of this machine"))
            }
            Some(Host::Domain(_)) => Ok(()),
            Some(Host::Ipv4(ip)) => self.check_ip(ip.into()),
            Some(Host::Ipv6(ip)) => self.check_ip(ip.into()),
        }
    }

    /// Checks an address to connect to.
    pub fn check_ip(&self, ip: IpAddr) -> Result<(), Refusal> {
        match special(ip) {
            Some(what) if !self.allow_private => Err(Refusal::Private(ip.to_string(), what)),
            _ => Ok(()),
        }
    }

    fn is_local_name(&self, url: &Url) -> bool {
        let name = host_name(url).unwrap_or_default();
        !self.allow_private && (name == "localhost" || name.ends_with(".localhost"))
    }
}

/// The host's name in lower case, without a trailing dot.
pub fn host_name(url: &Url) -> Option<String> {
    let name = url.host_str()?.to_ascii_lowercase();
    Some(name.strip_suffix('.').map_or(name.clone(), str::to_owned))
}

/// What an address is if it is not one of the public internet (IANA's special-purpose registries,
/// RFC 6890). Addresses that embed an IPv4 address are judged by it.
fn special(ip: IpAddr) -> Option<&'static str> {
    match ip.to_canonical() {
        IpAddr::V4(ip) => special_v4(ip),
        IpAddr::V6(ip) => embedded_v4(ip).map_or_else(|| special_v6(ip), special_v4),
    }
}

fn special_v4(ip: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = ip.octets();
    Some(match (a, b, c) {
        (0, ..) => "an address of this network",
        (127, ..) => "a loopback address",
        (10, ..) | (192, 168, _) | (172, 16..=31, _) => "a private address",
        (100, 64..=127, _) => "a carrier's shared address",
        (169, 254, _) => "a link-local address, as cloud metadata services use",
        (192, 0, 0) => "a protocol assignment",
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) => "an address for documentation",
        (192, 88, 99) => "a relay address",
        (198, 18..=19, _) => "an address for benchmarks",
        (224..=239, ..) => "a multicast address",
        (240.., ..) => "a reserved address",
        _ => return None,
    })
}

fn special_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let first = ip.segments()[0];
    Some(match first {
        _ if ip.is_loopback() => "a loopback address",
        _ if ip.is_unspecified() => "an address of this network",
        0xfc00..=0xfdff => "a unique local address, as private networks use",
        0xfe80..=0xfebf => "a link-local address",
        0xfec0..=0xfeff => "a site-local address",
        0xff00.. => "a multicast address",
        0x2001 if ip.segments()[1] == 0x0db8 => "an address for documentation",
        0x3fff if ip.segments()[1] < 0x1000 => "an address for documentation",
        0x0100 if ip.segments()[1..4] == [0, 0, 0] => "a discard address",
        _ => return None,
    })
}

/// The IPv4 address inside a NAT64 (RFC 6052), 6to4 (RFC 3056) or IPv4-compatible address.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match s {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(join(high, low)),
        [0x64, 0xff9b, 1, ..] => Some(Ipv4Addr::UNSPECIFIED),
        [0x2002, high, low, ..] => Some(join(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(join(high, low)),
        _ => None,
    }
}

/// A name that DNS could not turn into an address we may connect to.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// DNS has no answer.
    #[error("{0} could not be resolved")]
    Unknown(String, #[source] std::io::Error),
    /// All of its addresses are refused.
    #[error("{0}")]
    Refused(#[from] Refusal),
}

/// The resolver that hands out checked addresses only.
#[derive(Debug, Clone)]
pub struct GuardedResolver(pub Arc<Guard>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.0);
        Box::pin(async move {
            let found = lookup(name.as_str()).await?;
            let mut refused = None;
            let allowed: Vec<SocketAddr> = found
                .into_iter()
                .filter(|at| match guard.check_ip(at.ip()) {
                    Ok(()) => true,
                    Err(refusal) => {
                        refused = Some(refusal);
                        false
                    }
                })
                .collect();
            match refused {
                Some(refusal) if allowed.is_empty() => Err(ResolveError::Refused(refusal).into()),
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

async fn lookup(name: &str) -> Result<Vec<SocketAddr>, ResolveError> {
    match tokio::net::lookup_host((name, 0)).await {
        Ok(found) => Ok(found.collect()),
        Err(error) => Err(ResolveError::Unknown(name.to_owned(), error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(url: &str) -> Result<(), Refusal> {
        Guard::default().check(&Url::parse(url).unwrap())
    }

    #[test]
    fn addresses_off_the_public_internet_are_refused_in_every_spelling() {
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "2130706433",
            "0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "100.64.0.1",
            "169.254.169.254",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[::7f00:1]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "[ff02::1]",
            "[2001:db8::1]",
            "localhost",
            "LOCALHOST.",
            "a.localhost",
        ] {
            let refused = verdict(&format!("http://{host}/"));
            assert!(
                matches!(refused, Err(Refusal::Private(..))),
                "{host}: {refused:?}"
            );
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        for host in [
            "example.org",
            "93.184.215.14",
            "172.32.0.1",
            "100.128.0.1",
            "[2606:2800::1]",
        ] {
            assert_eq!(verdict(&format!("https://{host}/")), Ok(()), "{host}");
        }
    }

    #[test]
    fn schemes_and_ports_of_other_services_are_refused() {
        assert!(matches!(
            verdict("file:///etc/passwd"),
            Err(Refusal::Scheme(_))
        ));
        assert!(matches!(
            verdict("ftp://example.org/"),
            Err(Refusal::Scheme(_))
        ));
        assert_eq!(verdict("http://example.org:25/"), Err(Refusal::Port(25)));
        assert_eq!(verdict("http://example.org:8080/"), Ok(()));
    }

    #[test]
    fn a_resolve_entry_is_trusted_for_its_host_and_port_alone() {
        let entry = (
            ("archive.example".to_owned(), 80),
            "127.0.0.1:8080".parse().unwrap(),
        );
        let guard = Guard::new(false, BTreeMap::from([entry]));
        let trusted = |url: &str| guard.trusted(&Url::parse(url).unwrap()).is_some();
        assert!(trusted("http://Archive.Example./"));
        assert!(!trusted("http://archive.example:81/"));
        assert!(!trusted("http://other.example/"));
    }

    #[test]
    fn private_addresses_pass_where_the_user_allows_them() {
        let guard = Guard::new(true, BTreeMap::new());
        assert_eq!(
            guard.check(&Url::parse("http://localhost:8000/").unwrap()),
            Ok(())
        );
        assert_eq!(guard.check_ip(Ipv4Addr::LOCALHOST.into()), Ok(()));
    }
}
