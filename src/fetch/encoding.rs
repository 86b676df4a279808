//! `Content-Encoding`: gzip, deflate in both of its forms, Brotli and Zstandard. Servers declare encodings
//! that they do not use; what a body begins with is believed first. What was read before a damaged
//! place is kept. Bytes in, bytes out, never more than asked for.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;
use flate2::{Decompress, FlushDecompress, Status};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use crate::fetch::sniff;

/// The `Accept-Encoding` header.
pub(super) const ACCEPTED: &str = "gzip, deflate, br, zstd";
/// Encodings one over the other; more are an attack.
const LAYERS: usize = 3;
/// Members of one gzip file; more are an attack, too.
const MEMBERS: usize = 1_000;
/// The base-2 logarithm of the largest Zstandard window (RFC 9659: 8 MiB).
const ZSTD_WINDOW: u32 = 23;

const GZIP_MAGIC: &[u8] = b"\x1f\x8b";
const ZSTD_MAGIC: &[u8] = b"\x28\xb5\x2f\xfd";

/// One encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// The encodings of a body, in the order they were applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Codings(Vec<Coding>);

/// A decoded body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    /// At most one byte more than asked for, which shows that there were too many.
    pub(super) bytes: Vec<u8>,
    /// The encoded data ended, or was damaged, before its end.
    pub(super) ended_early: bool,
}

impl Codings {
    /// Those that the headers name. Names that are no encodings (`identity`, `utf-8`) mean nothing.
    pub(super) fn of(headers: &HeaderMap) -> Codings {
        let values = headers.get_all(CONTENT_ENCODING).iter();
        let values = values.filter_map(|value| value.to_str().ok());
        let names = values.flat_map(|value| value.split(','));
        let codings = names.filter_map(|name| match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some(Coding::Gzip),
            "deflate" => Some(Coding::Deflate),
            "br" => Some(Coding::Brotli),
            "zstd" => Some(Coding::Zstd),
            _ => None,
        });
        Codings(codings.take(LAYERS).collect())
    }

    /// True where the body is as it was sent.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same for a body that begins like gzip though no header says so.
    pub(super) fn or_gzip(self, body: &[u8]) -> Codings {
        if self.is_empty() && body.starts_with(GZIP_MAGIC) {
            return Codings(vec![Coding::Gzip]);
        }
        self
    }

    /// Decodes a body, at most one byte more than `limit`.
    pub(super) fn decode(&self, raw: Vec<u8>, limit: usize) -> io::Result<Decoded> {
        let mut decoded = Decoded {
            bytes: raw,
            ended_early: false,
        };
        for coding in self.0.iter().rev() {
            let outer = decoded.ended_early;
            decoded = coding.decode(decoded.bytes, limit)?;
            decoded.ended_early |= outer;
        }
        Ok(decoded)
    }
}

impl Coding {
    /// What a body is encoded with: what its first bytes show, else what was declared; `None` for a body
    /// that is plain text.
    fn really(self, body: &[u8]) -> Option<Coding> {
        if body.starts_with(GZIP_MAGIC) {
            return Some(Coding::Gzip);
        }
        if body.starts_with(ZSTD_MAGIC) {
            return Some(Coding::Zstd);
        }
        let is_plain = sniff::is_text(body)
            && (sniff::begins_with_tag(body) || matches!(self, Coding::Gzip | Coding::Zstd));
        (!is_plain).then_some(self)
    }

    fn decode(self, body: Vec<u8>, limit: usize) -> io::Result<Decoded> {
        if body.is_empty() {
            return Ok(Decoded::default());
        }
        match self.really(&body) {
            None => Ok(plain(body)),
            Some(coding) => match coding.decode_as(&body, limit) {
                // No encoding, no tag at the start, but text: a feed in JSON, a robots.txt.
                Err(_) if sniff::is_text(&body) => Ok(plain(body)),
                Err(error) => coding.undeclared(&body, limit).ok_or(error),
                decoded => decoded,
            },
        }
    }

    fn decode_as(self, body: &[u8], limit: usize) -> io::Result<Decoded> {
        let decoded = match self {
            Coding::Gzip => gunzip(body, limit),
            Coding::Deflate => inflate(body, limit),
            Coding::Brotli => {
                let reader = brotli_decompressor::Decompressor::new(body, 8 << 10);
                read(reader, limit)
            }
            Coding::Zstd => unzstd(body, limit),
        }?;
        // Noise can look like encoded data for some bytes.
        if decoded.ended_early && !sniff::is_text(&decoded.bytes) {
            return Err(damaged());
        }
        Ok(decoded)
    }

    /// A page in an encoding that was not declared, and that has no mark of its own.
    fn undeclared(self, body: &[u8], limit: usize) -> Option<Decoded> {
        let others = [Coding::Brotli, Coding::Deflate].into_iter();
        let mut pages = others
            .filter(|it| *it != self)
            .filter_map(|it| it.decode_as(body, limit).ok());
        pages
            .find(|it| !it.ended_early && !it.bytes.is_empty() && sniff::begins_with_tag(&it.bytes))
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the data is damaged")
}

fn plain(bytes: Vec<u8>) -> Decoded {
    Decoded {
        bytes,
        ended_early: false,
    }
}

/// Reads to the end, to the limit or to the first error, which is one only where nothing came before it.
fn read(reader: impl Read, limit: usize) -> io::Result<Decoded> {
    let mut bytes = Vec::new();
    let end = reader.take(limit as u64 + 1).read_to_end(&mut bytes);
    match end {
        Err(error) if bytes.is_empty() => Err(error),
        end => Ok(Decoded {
            bytes,
            ended_early: end.is_err(),
        }),
    }
}

/// Decodes gzip, member by member. What follows the last is ignored, as browsers do.
fn gunzip(mut body: &[u8], limit: usize) -> io::Result<Decoded> {
    let mut decoded = Decoded::default();
    if !body.starts_with(GZIP_MAGIC) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is not gzip"));
    }
    for _ in 0..MEMBERS {
        if !body.starts_with(GZIP_MAGIC) || decoded.bytes.len() > limit || decoded.ended_early {
            break;
        }
        let mut member = GzDecoder::new(body);
        let part = read(&mut member, limit - decoded.bytes.len());
        match part {
            Err(_) if !decoded.bytes.is_empty() => decoded.ended_early = true,
            part => {
                let part = part?;
                decoded.bytes.extend_from_slice(&part.bytes);
                decoded.ended_early = part.ended_early;
            }
        }
        body = member.into_inner();
    }
    Ok(decoded)
}

/// Decodes deflate: with the zlib header that the standard asks for, or raw, as many servers send it.
fn inflate(body: &[u8], limit: usize) -> io::Result<Decoded> {
    let has_header = matches!(body, [first, second, ..]
        if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0);
    if has_header && let Ok(decoded) = inflate_as(body, true, limit) {
        return Ok(decoded);
    }
    inflate_as(body, false, limit)
}

fn inflate_as(body: &[u8], zlib: bool, limit: usize) -> io::Result<Decoded> {
    let mut inflater = Decompress::new(zlib);
    let mut bytes = Vec::new();
    loop {
        let at = usize::try_from(inflater.total_in()).unwrap_or(body.len());
        let before = (at, bytes.len());
        bytes.reserve((limit + 1 - bytes.len()).min(32 << 10));
        let step = inflater.decompress_vec(&body[at..], &mut bytes, FlushDecompress::None);
        let ended_early = match step {
            _ if bytes.len() > limit => false,
            Ok(Status::StreamEnd) => false,
            Ok(_)
                if before
                    != (
                        usize::try_from(inflater.total_in()).unwrap_or(at),
                        bytes.len(),
                    ) =>
            {
                continue;
            }
            Err(error) if bytes.is_empty() => return Err(error.into()),
            Ok(_) if bytes.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            _ => true,
        };
        bytes.truncate(limit + 1);
        return Ok(Decoded { bytes, ended_early });
    }
}

fn unzstd(body: &[u8], limit: usize) -> io::Result<Decoded> {
    let mut reader = zstd::stream::read::Decoder::with_buffer(body)?;
    reader.window_log_max(ZSTD_WINDOW)?;
    read(reader, limit)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const PAGE: &[u8] =
        b"<!DOCTYPE html><p>The ferry returned on Monday, and the ferry left on Tuesday.</p>";
    const LIMIT: usize = 1 << 20;

    fn codings(names: &str) -> Codings {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, names.parse().unwrap());
        Codings::of(&headers)
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
}
