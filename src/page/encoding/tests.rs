//! Every encoding, in all its forms, and bodies that lie about theirs.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::*;

const PAGE: &[u8] =
    b"<!DOCTYPE html><p>The ferry returned on Monday, and the ferry left on Tuesday.</p>";
const LIMIT: usize = 1 << 20;

fn codings(names: &str) -> Codings {
    Codings::of([names])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// [`PAGE`] in Brotli: one uncompressed block, and the end (RFC 7932, 9).
fn brotli() -> Vec<u8> {
    // WBITS 16 (one bit 0), ISLAST 0, MNIBBLES 4 (00), MLEN-1 in 16 bits, ISUNCOMPRESSED 1.
    let head = (u32::try_from(PAGE.len()).unwrap() - 1) << 4 | 1 << 20;
    let mut bytes = head.to_le_bytes()[..3].to_vec();
    bytes.extend_from_slice(PAGE);
    bytes.push(3); // ISLAST 1, ISLASTEMPTY 1
    bytes
}

fn whole(names: &str, raw: Vec<u8>) {
    let decoded = codings(names).decode(raw, LIMIT).unwrap();
    let text = String::from_utf8_lossy(&decoded.bytes).into_owned();
    assert_eq!(decoded.bytes, PAGE, "{names}: {text}");
    assert!(!decoded.ended_early, "{names}");
}

#[test]
fn every_encoding_is_read_in_all_its_forms() {
    whole("gzip", gzip(PAGE));
    whole("X-GZIP", gzip(PAGE));
    whole("gzip", [gzip(&PAGE[..20]), gzip(&PAGE[20..])].concat());
    whole("gzip", [gzip(PAGE), b"\0\0\0\0".to_vec()].concat());
    whole("deflate", zlib(PAGE));
    whole("deflate", deflate(PAGE));
    whole("br", brotli());
    whole("zstd", zstd(PAGE));
    whole("deflate, gzip", gzip(&zlib(PAGE)));
    whole("identity", PAGE.to_vec());
    whole("utf-8", PAGE.to_vec());
}

#[test]
fn a_body_is_read_as_it_is_where_its_encoding_is_a_lie() {
    for names in ["gzip", "deflate", "br", "zstd"] {
        whole(names, PAGE.to_vec());
        whole(names, gzip(PAGE));
        whole(names, zlib(PAGE));
        whole(names, zstd(PAGE));
    }
    whole("gzip, br", PAGE.to_vec());
    whole("gzip, br", gzip(PAGE));
    whole("gzip", brotli());
    whole("zstd", deflate(PAGE));
    for names in ["gzip", "deflate", "br", "zstd"] {
        let robots = b"User-agent: *\nDisallow: /private\n".to_vec();
        let decoded = codings(names).decode(robots.clone(), LIMIT).unwrap();
        assert_eq!(decoded.bytes, robots, "{names}");
    }
    whole("", PAGE.to_vec());
    assert_eq!(codings("").or_gzip(&gzip(PAGE)), codings("gzip"));
    assert_eq!(codings("").or_gzip(PAGE), codings(""));
}

#[test]
fn what_came_before_a_damaged_place_is_kept() {
    let mut seed = 1_u32;
    let mut long = PAGE.to_vec();
    long.extend((0..200_000).map(|_| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'a' + u8::try_from(seed >> 28).unwrap()
    }));
    for (names, whole) in [
        ("gzip", gzip(&long)),
        ("deflate", zlib(&long)),
        ("deflate", deflate(&long)),
        ("zstd", zstd(&long)),
    ] {
        let cut = whole[..whole.len() * 9 / 10].to_vec();
        let decoded = codings(names).decode(cut, LIMIT).unwrap();
        assert!(decoded.ended_early, "{names}");
        assert!(
            decoded.bytes.starts_with(PAGE) && decoded.bytes.len() < long.len(),
            "{names}"
        );
    }
}

#[test]
fn what_cannot_be_read_at_all_is_an_error() {
    for names in ["gzip", "deflate", "br", "zstd"] {
        let noise = b"\x07\x01\x02\x03 not encoded, but no text either".to_vec();
        assert!(codings(names).decode(noise, LIMIT).is_err(), "{names}");
        assert!(codings(names).decode(Vec::new(), LIMIT).is_ok(), "{names}");
    }
    assert!(
        codings("gzip")
            .decode(gzip(PAGE)[..10].to_vec(), LIMIT)
            .is_err()
    );
}

#[test]
fn a_flood_of_empty_members_is_read_in_part() {
    let flood = gzip(b"").repeat(2 * MEMBERS);
    let decoded = codings("gzip").decode([gzip(PAGE), flood].concat(), LIMIT);
    assert_eq!(decoded.unwrap().bytes, PAGE);
}

#[test]
fn a_bomb_gives_one_byte_more_than_allowed() {
    let zeros = vec![b' '; 3 << 20];
    for (names, raw) in [
        ("gzip", gzip(&zeros)),
        ("deflate", zlib(&zeros)),
        ("deflate", deflate(&zeros)),
        ("zstd", zstd(&zeros)),
        ("gzip, gzip", gzip(&gzip(&zeros))),
    ] {
        let decoded = codings(names).decode(raw, 1000).unwrap();
        assert_eq!(decoded.bytes.len(), 1001, "{names}");
    }
}
