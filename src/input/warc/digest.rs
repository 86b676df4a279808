//! The digests that records state of their blocks and payloads.

use sha1::{Digest, Sha1};
use sha2::Sha256;

/// The alphabet of RFC 4648, section 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Whether bytes have the digest that is stated (`sha1:…`, in base 32 or hexadecimal); `None` for an algorithm that
/// is not known.
pub(super) fn matches(stated: &str, bytes: &[u8]) -> Option<bool> {
    let (algorithm, value) = stated.split_once(':')?;
    let computed = match algorithm.trim().to_ascii_lowercase().as_str() {
        "sha1" | "sha-1" => Sha1::digest(bytes).to_vec(),
        "sha256" | "sha-256" => Sha256::digest(bytes).to_vec(),
        _ => return None,
    };
    let value = value.trim().trim_end_matches('=');
    Some(
        value.eq_ignore_ascii_case(&base32(&computed))
            || value.eq_ignore_ascii_case(&hex(&computed)),
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes in base 32 (RFC 4648, section 6), without padding.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let groups = bytes.chunks(5).flat_map(|group| {
        let mut padded = [0; 8];
        padded[3..3 + group.len()].copy_from_slice(group);
        let bits = u64::from_be_bytes(padded);
        let count = (group.len() * 8).div_ceil(5);
        (0..count).map(move |at| BASE32[(bits >> (35 - 5 * at)) as usize & 31])
    });
    groups.map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_compared_in_both_alphabets_and_any_case() {
        // As `printf abc | sha1sum` and Python's base64.b32encode have it.
        for stated in [
            "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5",
            "sha1:a9993e364706816aba3e25717850c26c9cd0d89d",
            "SHA-1:A9993E364706816ABA3E25717850C26C9CD0D89D",
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "sha256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ====",
        ] {
            assert_eq!(matches(stated, b"abc"), Some(true), "{stated}");
            assert_eq!(matches(stated, b"abd"), Some(false), "{stated}");
        }
        assert_eq!(
            matches("md5:900150983cd24fb0d6963f7d28e17f72", b"abc"),
            None
        );
        assert_eq!(matches("sha1:", b"abc"), Some(false));
        assert_eq!(matches("no digest", b"abc"), None);
    }
}
