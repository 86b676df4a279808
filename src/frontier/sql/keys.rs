//! The name of a pattern of addresses.

use sha2::{Digest, Sha256};
use url::Url;

use crate::traps::url_pattern;

/// Longer names are kept as hashes: a site may make addresses as long as it likes.
const LONGEST: usize = 120;
/// Bytes of a hash: 128 bits, so that nobody can make an address that is taken for another's.
const HASH: usize = 16;

/// The name of the pattern of this address, as `shapes.shape` has it.
pub(super) fn pattern_key(url: &Url) -> String {
    let pattern = url_pattern(url);
    if pattern.len() <= LONGEST {
        return pattern;
    }
    let hash = Sha256::digest(pattern.as_bytes());
    let hex = hash.iter().take(HASH).map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", hex.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_patterns_are_hashes_and_no_two_share_one() {
        let url = |path: &str| {
            let base = Url::parse("https://daily.test/").unwrap();
            base.join(path).unwrap()
        };
        let short = url("news/ferry");
        assert_eq!(pattern_key(&short), url_pattern(&short));
        let long = |end| pattern_key(&url(&format!("{end}/{}", "a/".repeat(200))));
        assert_eq!(long("b").len(), "sha256:".len() + 2 * HASH);
        assert_ne!(long("b"), long("c"));
    }
}
