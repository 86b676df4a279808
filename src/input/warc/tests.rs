//! Archives, whole and damaged: a damaged record costs itself and is reported; the others come out as they are.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use crate::input::{InputError, InputErrorKind, warc};
use crate::limits::Limits;
use crate::page::{PageFault, SavedPage};

const MOST: u64 = 1 << 19;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A page that a body of noise does not compress to nothing.
fn page(name: &str) -> String {
    let mut seed = name
        .bytes()
        .fold(7_u32, |seed, byte| seed.wrapping_mul(31) + u32::from(byte));
    let words: Vec<String> = (0..300)
        .map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            format!("w{:x}", seed >> 12)
        })
        .collect();
    format!(
        "<html><title>{name}</title><p>{}</p></html>",
        words.join(" ")
    )
}

fn answer(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

fn html(name: &str) -> Vec<u8> {
    answer("Content-Type: text/html\r\n", page(name).as_bytes())
}

/// A record with more fields, and with the length that it states.
fn stated(kind: &str, name: &str, fields: &str, length: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://paper.example/{name}\r\n\
         WARC-Date: 2026-11-23T09:00:00Z\r\n{fields}Content-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn record(kind: &str, name: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    stated(kind, name, fields, &block.len().to_string(), block)
}

fn response(name: &str) -> Vec<u8> {
    record("response", name, "", &html(name))
}

fn read(bytes: Vec<u8>) -> Vec<Result<SavedPage, InputError>> {
    let limits = Limits {
        warc_record_bytes: 1 << 20,
        ..Limits::DEFAULT
    };
    warc("a.warc", Cursor::new(bytes), MOST, &limits)
        .unwrap()
        .collect()
}

/// What comes out, in short: the names of pages that are as they were, with faults, and `!` for each report.
fn summary(bytes: Vec<u8>) -> String {
    let items = read(bytes).into_iter().map(|item| match item {
        Ok(it) => {
            let name = it
                .url
                .as_ref()
                .map_or("?", |it| it.path().trim_start_matches('/'))
                .to_owned();
            let same = if it.bytes == page(&name).as_bytes() {
                ""
            } else {
                "~"
            };
            let faults: String = it
                .faults
                .iter()
                .map(|it| match it {
                    PageFault::Truncated => "-cut",
                    PageFault::WrongLength => "-length",
                    PageFault::WrongDigest => "-digest",
                })
                .collect();
            format!("{name}{same}{faults}")
        }
        Err(error) => {
            assert!(error.reason.contains("byte"), "{error}");
            "!".to_owned()
        }
    });
    items.collect::<Vec<_>>().join(" ")
}

type Packing = (&'static str, fn(&[u8]) -> Vec<u8>);

/// How each record is stored.
fn packings() -> Vec<Packing> {
    vec![
        ("plain", <[u8]>::to_vec),
        ("gzip", gzip),
        ("zstd", |bytes| zstd::encode_all(bytes, 3).unwrap()),
    ]
}

/// An archive of records, each packed by itself.
fn packed(pack: fn(&[u8]) -> Vec<u8>, records: &[Vec<u8>]) -> Vec<u8> {
    records.iter().flat_map(|it| pack(it)).collect()
}

#[test]
fn pages_come_out_of_every_packing_in_order() {
    let records = [
        record("warcinfo", "", "", b"x: y"),
        response("a"),
        record("request", "a", "", b"GET / HTTP/1.1\r\n\r\n"),
        response("b"),
    ];
    for (name, pack) in packings() {
        assert_eq!(summary(packed(pack, &records)), "a b", "{name}");
        assert_eq!(
            summary(pack(&records.concat())),
            "a b",
            "{name} as one member"
        );
        // Members that have nothing to do with records.
        let pieces: Vec<Vec<u8>> = records.concat().chunks(700).map(<[u8]>::to_vec).collect();
        assert_eq!(summary(packed(pack, &pieces)), "a b", "{name} in pieces");
    }
    assert_eq!(
        summary([packed(gzip, &records), vec![0; 100]].concat()),
        "a b",
        "padded"
    );
    assert_eq!(summary(Vec::new()), "");
}

#[test]
fn a_length_that_lies_costs_no_record() {
    let block = html("b");
    for length in ["7", "300", "999999", "99999999999999", "x", "-1", ""] {
        let lying = stated("response", "b", "", length, &block);
        for (name, pack) in packings() {
            let bytes = packed(
                pack,
                &[response("a"), lying.clone(), response("c"), response("d")],
            );
            let found = summary(bytes);
            assert_eq!(
                found.replace(" !", ""),
                "a b-length c d",
                "{name}, {length}"
            );
        }
    }
    // The last record.
    let lying = stated("response", "b", "", "7", &block);
    assert_eq!(summary([response("a"), lying].concat()), "a b-length");
    let lying = stated("response", "b", "", "999999", &block);
    assert_eq!(summary([response("a"), lying].concat()), "a b-cut");
}

#[test]
fn a_page_that_looks_like_a_record_is_none() {
    let inner = answer("Content-Type: text/html\r\n", &response("fake"));
    for (name, pack) in packings() {
        let bytes = packed(pack, &[record("response", "a", "", &inner), response("b")]);
        assert_eq!(summary(bytes), "a~ b", "{name}");
    }
}

#[test]
fn garbage_between_records_is_passed_over_and_reported() {
    let garbage = b"\x00\x01 no record\r\nWARC/ neither\r\nWARC/1.0 nor this\r\n".to_vec();
    for (name, pack) in packings() {
        let bytes = packed(
            pack,
            &[response("a"), garbage.clone(), response("b"), response("c")],
        );
        assert_eq!(summary(bytes), "a ! b c", "{name}");
        let raw = [
            pack(&response("a")),
            b"raw garbage".to_vec(),
            pack(&response("b")),
        ]
        .concat();
        assert_eq!(summary(raw), "a ! b", "{name}, not packed");
    }
    let bomb = format!(
        "WARC/1.0\r\nWARC-Type: response\r\n{}\r\n",
        "X-Padding: y\r\n".repeat(10_000)
    );
    let bytes = packed(
        gzip,
        &[response("a"), bomb.clone().into_bytes(), response("b")],
    );
    assert_eq!(summary(bytes), "a ! b");
    assert_eq!(
        summary([response("a"), bomb.into_bytes(), response("b")].concat()),
        "a ! b"
    );
    assert_eq!(summary(b"<html><p>a page</p></html>".to_vec()), "!");
    assert_eq!(summary(gzip(b"<html><p>a page</p></html>")), "!");
}

#[test]
fn a_damaged_member_costs_its_record_alone() {
    for (name, pack) in packings().into_iter().skip(1) {
        let members: Vec<Vec<u8>> = ["a", "b", "c", "d"].map(|it| pack(&response(it))).into();
        for cut in [members[1].len() / 2, members[1].len() - 3, 20] {
            let bytes = [&members[0], &members[1][..cut], &members[2], &members[3]];
            let found = summary(bytes.map(<[u8]>::to_vec).concat());
            assert!(
                ["a ! c d", "a b-digest ! c d"].contains(&found.as_str()),
                "{name} cut at {cut}: {found}"
            );
        }
        // A frame of Zstandard need not have a checksum.
        let mut flipped = members.clone();
        let middle = flipped[1].len() / 2;
        flipped[1][middle] ^= 0x55;
        let found = summary(flipped.concat());
        assert!(
            ["a ! c d", "a b~-digest ! c d", "a b~ c d"].contains(&found.as_str()),
            "{name} flipped: {found}"
        );
        // The download broke off.
        let whole = members[..2].concat();
        let cut = whole[..whole.len() - members[1].len() / 2].to_vec();
        let found = summary(cut);
        assert!(
            ["a b~-cut", "a !"].contains(&found.as_str()),
            "{name} at the end: {found}"
        );
    }
}

#[test]
fn a_wrong_digest_is_reported_and_the_page_kept() {
    let digest = |digest: &str| {
        let field = format!("WARC-Payload-Digest: {digest}\r\n");
        summary(record("response", "a", &field, &html("a")))
    };
    assert_eq!(digest("sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "a-digest");
    assert_eq!(digest("md5:00000000000000000000000000000000"), "a");
    let right = |bytes: &[u8]| {
        use sha1::Digest;
        let hex: String = sha1::Sha1::digest(bytes)
            .iter()
            .map(|it| format!("{it:02x}"))
            .collect();
        format!("sha1:{hex}")
    };
    assert_eq!(digest(&right(page("a").as_bytes())), "a");
    // Of a chunked and packed body, the digest may be of any form of it.
    let zipped = gzip(page("a").as_bytes());
    let chunked = [
        format!("{:x}\r\n", zipped.len()).as_bytes(),
        &zipped,
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let block = answer(
        "Content-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
        &chunked,
    );
    for form in [&chunked[..], &zipped, page("a").as_bytes()] {
        let field = format!("WARC-Payload-Digest: {}\r\n", right(form));
        assert_eq!(summary(record("response", "a", &field, &block)), "a");
    }
    let field = format!("WARC-Block-Digest: {}\r\n", right(&block));
    assert_eq!(summary(record("response", "a", &field, &block)), "a");
}

#[test]
fn bodies_are_decoded_as_they_were_sent() {
    let body = page("a").into_bytes();
    let chunk = |body: &[u8]| {
        [
            format!("{:x};x=y\r\n", body.len()).as_bytes(),
            body,
            b"\r\n0\r\n\r\n",
        ]
        .concat()
    };
    let forms = [
        ("Content-Encoding: gzip\r\n", gzip(&body)),
        ("Content-Encoding: gzip\r\n", body.clone()),
        ("Transfer-Encoding: chunked\r\n", chunk(&body)),
        ("Transfer-Encoding: chunked\r\n", body.clone()),
        ("", chunk(&body)),
        (
            "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
            chunk(&gzip(&body)),
        ),
        (
            "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
            gzip(&body),
        ),
        (
            "Content-Encoding: zstd\r\n",
            zstd::encode_all(&body[..], 3).unwrap(),
        ),
    ];
    for (headers, body) in forms {
        for kind in [
            "Content-Type: text/html; charset=utf-8\r\n",
            "Content-Type: application/octet-stream\r\n",
            "",
        ] {
            let block = answer(&format!("{kind}{headers}"), &body);
            assert_eq!(
                summary(record("response", "a", "", &block)),
                "a",
                "{kind}{headers}"
            );
        }
    }
    let cut = &chunk(&body)[..body.len() / 2];
    let block = answer(
        "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n",
        cut,
    );
    assert_eq!(summary(record("response", "a", "", &block)), "a~-cut");
}

#[test]
fn what_is_no_page_is_passed_over() {
    let others = [
        record(
            "response",
            "a",
            "",
            b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>x",
        ),
        record(
            "response",
            "b",
            "",
            &answer("Content-Type: image/png\r\n", b"\x89PNG\r\n\x1a\n"),
        ),
        record("response", "c", "", &answer("", b"{\"a\": 1}")),
        record(
            "response",
            "robots.txt",
            "",
            &answer("Content-Type: text/plain\r\n", b"User-agent: *"),
        ),
        record("revisit", "d", "", b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        record("conversion", "e", "Content-Type: text/plain\r\n", b"words"),
        record("metadata", "f", "", b"a: b"),
        record(
            "response",
            "g",
            "Content-Type: text/dns\r\n",
            b"20261123090000\r\npaper.example. 300 IN A 192.0.2.1",
        ),
    ];
    assert_eq!(summary(others.concat()), "");
    let file = record(
        "resource",
        "h",
        "Content-Type: text/html\r\n",
        page("h").as_bytes(),
    );
    let cut = record("response", "i", "WARC-Truncated: length\r\n", &html("i"));
    assert_eq!(summary([others.concat(), file, cut].concat()), "h i-cut");
}

#[test]
fn a_page_brings_what_is_known_of_it() {
    let block = answer(
        "content-type: text/html\r\nX-Robots-Tag: noai\r\nx-robots-tag: noarchive\r\ntdm-reservation: 1\r\n",
        page("a").as_bytes(),
    );
    let bytes = [response("first"), record("response", "a\0b", "", &block)].concat();
    let pages: Vec<_> = read(bytes).into_iter().map(Result::unwrap).collect();
    let page = &pages[1];
    assert_eq!(page.name, "a.warc#https://paper.example/a\0b");
    assert_eq!(
        page.url.as_ref().unwrap().as_str(),
        "https://paper.example/a%00b"
    );
    assert_eq!(
        (page.status, page.fetched_at.as_deref()),
        (Some(200), Some("2026-11-23T09:00:00Z"))
    );
    assert_eq!(page.x_robots_tag.as_deref(), Some("noai, noarchive"));
    assert_eq!(page.tdm_reservation.as_deref(), Some("1"));
    assert_eq!(page.offset, Some(response("first").len() as u64));
}

#[test]
fn a_page_that_is_too_large_is_named_and_costs_no_other() {
    let large = |size| answer("Content-Type: text/html\r\n", &vec![b'x'; size]);
    for (name, pack) in packings() {
        let records = [
            response("a"),
            record("response", "b", "", &large(700_000)),
            record("response", "c", "", &large(1_200_000)),
            response("d"),
        ];
        let found = read(packed(pack, &records));
        assert_eq!(found.len(), 4, "{name}");
        for item in &found[1..3] {
            let error = item.as_ref().map(|it| it.bytes.len()).unwrap_err();
            assert_eq!(error.kind, InputErrorKind::TooLarge, "{name}: {error}");
        }
        assert!(found[3].is_ok(), "{name}");
    }
    // What is kept of a record may be small once it is unpacked.
    let zeros = answer(
        "Content-Type: text/html\r\nContent-Encoding: gzip\r\n",
        &[gzip(page("a").as_bytes()), vec![0; 1_200_000]].concat(),
    );
    assert_eq!(summary(record("response", "a", "", &zeros)), "a-cut");
}

#[test]
fn a_dictionary_at_the_beginning_unpacks_the_rest() {
    let names: Vec<String> = (0..200).map(|it| format!("page-{it}")).collect();
    let records: Vec<Vec<u8>> = names.iter().map(|it| response(it)).collect();
    // Any bytes will do as one; what they have in common with the records is not stored again.
    let dictionary = records.concat()[..8 << 10].to_vec();
    let mut packer = zstd::bulk::Compressor::with_dictionary(3, &dictionary).unwrap();
    let frames: Vec<u8> = records
        .iter()
        .flat_map(|it| packer.compress(it).unwrap())
        .collect();
    for stored in [
        dictionary.clone(),
        zstd::encode_all(&dictionary[..], 3).unwrap(),
    ] {
        let length = u32::try_from(stored.len()).unwrap().to_le_bytes();
        let bytes = [b"\x5d\x2a\x4d\x18", &length[..], &stored, &frames].concat();
        assert_eq!(summary(bytes), names.join(" "));
    }
    assert!(!summary(frames).contains("page-7"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_bytes_make_it_panic_or_go_on_for_ever(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        packing in 0..3_usize,
        at in 0..2000_usize,
    ) {
        let packings = packings();
        let (_, pack) = packings[packing % packings.len()];
        let mut archive = packed(pack, &[response("a"), response("b"), response("c")]);
        let at = at.min(archive.len());
        let end = archive.len().min(at + bytes.len());
        archive.splice(at..end, bytes);
        let found = read(archive);
        prop_assert!(found.len() < 1000);
    }

    #[test]
    fn whatever_is_damaged_the_last_record_comes_out(
        bytes in proptest::collection::vec(any::<u8>(), 1..100),
        packing in 0..3_usize,
        at in 0..2000_usize,
    ) {
        let packings = packings();
        let (_, pack) = packings[packing % packings.len()];
        let (middle, last) = (pack(&response("b")), pack(&response("last")));
        let at = at % middle.len();
        let damaged = [&middle[..at], &bytes, &middle[(at + bytes.len()).min(middle.len())..]].concat();
        let archive = [pack(&response("a")), damaged, last].concat();
        let found = summary(archive);
        prop_assert!(found.starts_with("a"), "{}", found);
        prop_assert!(found.ends_with(" last"), "{}", found);
    }
}
