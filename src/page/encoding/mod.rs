//! `Content-Encoding`: gzip, deflate in both of its forms, Brotli and Zstandard. Servers declare encodings
//! that they do not use; what a body begins with is believed first. What was read before a damaged
//! place is kept. Bytes in, bytes out, never more than asked for.
//!
//! Brotli and Zstandard need the Cargo feature `compression`: without it, bodies in them are errors.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

use crate::page::sniff;

/// Brotli and Zstandard.
#[cfg(feature = "compression")]
#[path = "with.rs"]
mod others;
#[cfg(not(feature = "compression"))]
#[path = "without.rs"]
mod others;

/// The `Accept-Encoding` header of a build with the feature `compression`.
#[cfg(feature = "fetch")]
pub(crate) const ACCEPTED: &str = "gzip, deflate, br, zstd";
/// Encodings one over the other; more are an attack.
const LAYERS: usize = 3;
/// Members of one gzip file; more are an attack, too.
const MEMBERS: usize = 1_000;

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
pub(crate) struct Codings(Vec<Coding>);

/// A decoded body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// At most one byte more than asked for, which shows that there were too many.
    pub(crate) bytes: Vec<u8>,
    /// The encoded data ended, or was damaged, before its end.
    pub(crate) ended_early: bool,
}

impl Codings {
    /// Those that the values of `Content-Encoding` headers name. Names that are no encodings (`identity`,
    /// `utf-8`) mean nothing.
    pub(crate) fn of<'v>(values: impl IntoIterator<Item = &'v str>) -> Codings {
        let values = values.into_iter();
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
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same for a body that begins like gzip though no header says so.
    pub(crate) fn or_gzip(self, body: &[u8]) -> Codings {
        if self.is_empty() && body.starts_with(GZIP_MAGIC) {
            return Codings(vec![Coding::Gzip]);
        }
        self
    }

    /// Decodes a body, at most one byte more than `limit`.
    pub(crate) fn decode(&self, raw: Vec<u8>, limit: usize) -> io::Result<Decoded> {
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
            Coding::Brotli => others::unbrotli(body, limit),
            Coding::Zstd => others::unzstd(body, limit),
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

#[cfg(test)]
#[cfg(feature = "compression")]
mod tests;
