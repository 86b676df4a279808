//! Names that no public site has. Behind a proxy it is often not this machine that looks a name up, so that what
//! a private name server makes of it is never seen here: such names are judged by what they say.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::fetch::guard::ranges::refused;

/// Top-level domains for a purpose of their own (IANA, 'Special-Use Domain Names': RFC 6761, 6762, 8375, 9476), and
/// the one that is reserved for private use (ICANN, 2024).
const SPECIAL_USE: [&str; 8] = [
    "alt",
    "arpa",
    "example",
    "internal",
    "invalid",
    "local",
    "localhost",
    "test",
];
/// Top-level domains that local networks use though nobody reserved them (RFC 6762, appendix G; ICANN, 'Name
/// Collision'; what routers and clusters hand out).
pub(super) const LOCAL_NETWORK: [&str; 22] = [
    "cluster",
    "consul",
    "corp",
    "dhcp",
    "docker",
    "fritz",
    "home",
    "homelab",
    "intern",
    "intra",
    "intranet",
    "kube",
    "lan",
    "localdomain",
    "localnet",
    "mail",
    "nomad",
    "pod",
    "private",
    "svc",
    "vpn",
    "workgroup",
];
/// Names that a proxy carries into a network of its own, in which there are no addresses (RFC 7686). No name server
/// is asked for them.
const OVERLAYS: [&str; 3] = ["onion", "i2p", "loki"];
/// Services whose names lead to the address that they spell out…
const SPELLING: [&str; 9] = [
    "1u.ms",
    "backname.io",
    "ip6.name",
    "ipq.co",
    "nip.io",
    "rbndr.us",
    "sslip.io",
    "traefik.me",
    "xip.io",
];
/// …and those that lead to this machine.
const LOOPBACK: [&str; 9] = [
    "fuf.me",
    "lacolhost.com",
    "local.gd",
    "localho.st",
    "localhost.direct",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "yoogle.com",
];

/// What a name is, if it is one that no public site has.
pub(super) fn inward(host: &str) -> Option<&'static str> {
    let top = host.rsplit('.').next().unwrap_or(host);
    if host.split('.').any(str::is_empty) {
        return Some("no name of a public host");
    }
    if top == host {
        return Some("a name without a domain, which a local network has");
    }
    if SPECIAL_USE.contains(&top) {
        return Some("a name reserved for special use");
    }
    LOCAL_NETWORK
        .contains(&top)
        .then_some("a name of a local network")
}

/// True for names of networks in which there are no addresses to look up.
pub(super) fn is_overlay(host: &str) -> bool {
    let top = host.rsplit('.').next().unwrap_or(host);
    OVERLAYS.contains(&top)
}

/// The address to which a service leads by this name, if it is not public, and what it is.
pub(super) fn spelled_by_service(host: &str) -> Option<(IpAddr, &'static str)> {
    let is_of = |services: &[&str]| {
        services.iter().any(|it| {
            host.strip_suffix(it)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    };
    if is_of(&LOOPBACK) {
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        return refused(address).map(|kind| (address, kind));
    }
    if !is_of(&SPELLING) {
        return None;
    }
    let labels = || host.split('.');
    let hexadecimal = labels().flat_map(|it| it.split('-')).filter_map(|it| {
        let number = u32::from_str_radix(it, 16).ok();
        let number = number.filter(|_| it.len() == 8)?;
        Some(IpAddr::V4(Ipv4Addr::from_bits(number)))
    });
    let v6 = labels().filter_map(|it| it.replace('-', ":").parse::<Ipv6Addr>().ok());
    let mut all = numbers(host).chain(hexadecimal).chain(v6.map(IpAddr::V6));
    all.find_map(|address| refused(address).map(|kind| (address, kind)))
}

/// What speaks against a name that could not be looked up here.
pub(super) fn doubtful(host: &str) -> Option<&'static str> {
    if numbers(host).any(|address| refused(address).is_some()) {
        return Some("a name that spells out an address of a local network");
    }
    (!has_known_suffix(host)).then_some("a name without a public top-level domain")
}

/// True for a host below a suffix of the public suffix list: not for `printer.acme`.
pub(super) fn has_known_suffix(host: &str) -> bool {
    psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// The IPv4 addresses that a name spells out, with dots or hyphens.
fn numbers(host: &str) -> impl Iterator<Item = IpAddr> {
    let parts: Vec<Option<u8>> = host
        .split(['.', '-'])
        .map(|part| part.parse().ok())
        .collect();
    let addresses: Vec<IpAddr> = parts
        .windows(4)
        .filter_map(|four| match four {
            [Some(a), Some(b), Some(c), Some(d)] => Some(IpAddr::V4(Ipv4Addr::new(*a, *b, *c, *d))),
            _ => None,
        })
        .collect();
    addresses.into_iter()
}
