//! Addresses that no page may lead to: loopback, private, link-local and reserved ranges, and the
//! metadata services of clouds.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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
