//! WARC records, each as a gzip member of its own, so that a reader can begin at any of them.

use std::fmt;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::input;

/// The name of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RecordId([u8; 16]);

impl RecordId {
    /// A new one: a random UUID (RFC 9562, version 4).
    pub(super) fn new() -> RecordId {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // Only a system that is still starting has no randomness.
            bytes = fastrand::u128(..).to_ne_bytes();
        }
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        RecordId(bytes)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<urn:uuid:")?;
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        f.write_str(">")
    }
}

/// A record that is being made.
#[derive(Debug)]
pub(super) struct Record<'b> {
    headers: Vec<u8>,
    block: [&'b [u8]; 2],
}

impl<'b> Record<'b> {
    /// A record of this type and name, of that time in unix milliseconds.
    pub(super) fn new(kind: &str, id: RecordId, at: i64) -> Record<'b> {
        let record = Record {
            headers: b"WARC/1.1\r\n".to_vec(),
            block: [&[], &[]],
        };
        record
            .header("WARC-Type", kind)
            .header("WARC-Record-ID", id)
            .header("WARC-Date", date(at))
    }

    /// With a header. A value never breaks its line.
    pub(super) fn header(mut self, name: &str, value: impl fmt::Display) -> Record<'b> {
        let value = value.to_string().replace(['\r', '\n'], " ");
        self.headers.extend_from_slice(name.as_bytes());
        self.headers.extend_from_slice(b": ");
        self.headers.extend_from_slice(value.as_bytes());
        self.headers.extend_from_slice(b"\r\n");
        self
    }

    /// With a header where there is a value.
    pub(super) fn maybe(self, name: &str, value: Option<impl fmt::Display>) -> Record<'b> {
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }

    /// With a block of two parts, of that content type.
    pub(super) fn block(self, content_type: &str, parts: [&'b [u8]; 2]) -> Record<'b> {
        let length = parts[0].len() + parts[1].len();
        let record = self
            .header("WARC-Block-Digest", digest(&parts))
            .header("Content-Type", content_type)
            .header("Content-Length", length);
        Record {
            block: parts,
            ..record
        }
    }

    /// Writes it as a gzip member.
    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        let mut packer = GzEncoder::new(out, Compression::default());
        let [head, body] = self.block;
        // Writing to memory cannot fail.
        for part in [&self.headers, &b"\r\n"[..], head, body, b"\r\n\r\n"] {
            let _ = packer.write_all(part);
        }
        let _ = packer.finish();
    }
}

/// The digest of these bytes, one part after the other, as WARC headers state it.
pub(super) fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    format!("sha256:{}", base32(&hash.finalize()))
}

/// Bytes in base 32, filled up to whole groups.
fn base32(bytes: &[u8]) -> String {
    let mut text = input::base32(bytes);
    while !text.len().is_multiple_of(8) {
        text.push('=');
    }
    text
}

/// Unix milliseconds as a WARC date, to the second.
pub(super) fn date(millis: i64) -> String {
    let seconds = Timestamp::from_second(millis.div_euclid(1000)).unwrap_or_default();
    seconds.to_string()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn digests_are_in_the_base32_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY======"),
            ("fo", "MZXQ===="),
            ("foo", "MZXW6==="),
            ("foob", "MZXW6YQ="),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI======"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        let empty = "sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ====";
        assert_eq!(digest(&[]), empty);
        assert_eq!(digest(&[b"ab", b"c"]), digest(&[b"abc"]));
    }

    #[test]
    fn names_are_uuids_and_no_two_are_equal() {
        let (one, two) = (RecordId::new(), RecordId::new());
        assert_ne!(one, two);
        let text = one.to_string();
        assert_eq!(text.len(), "<urn:uuid:>".len() + 36);
        assert_eq!(text.as_bytes()["<urn:uuid:".len() + 14], b'4', "{text}");
    }

    #[test]
    fn a_record_is_one_member_and_a_header_one_line() {
        let record = Record::new("metadata", RecordId([0; 16]), 1_800_000_000_999)
            .header("WARC-Target-URI", "http://a.test/\r\nWARC-Type: warcinfo")
            .block("text/plain", [b"one ", b"two"]);
        let mut member = Vec::new();
        record.pack(&mut member);
        let mut text = String::new();
        let mut reader = GzDecoder::new(&member[..]);
        reader.read_to_string(&mut text).unwrap();
        let digest = digest(&[b"one two"]);
        let expected = format!(
            "WARC/1.1\r\nWARC-Type: metadata\r\n\
             WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n\
             WARC-Date: 2027-01-15T08:00:00Z\r\n\
             WARC-Target-URI: http://a.test/  WARC-Type: warcinfo\r\n\
             WARC-Block-Digest: {digest}\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\n\
             one two\r\n\r\n"
        );
        assert_eq!(text, expected);
    }
}
