//! By what a page is known, whichever of its addresses is used, and a pattern of addresses.

use sha2::{Digest, Sha256};
use url::Url;

use crate::canonical::dedup_key;
use crate::traps::url_pattern;

/// Longer keys are kept as hashes: a site may make addresses as long as it likes, and each key stands in the table
/// and in its index.
const LONGEST: usize = 120;
/// Bytes of a hash: 128 bits, so that nobody can make an address that is taken for another's.
const HASH: usize = 16;

/// The key of the page at this address, as `urls.spelling` has it.
pub(super) fn page_key(url: &Url) -> String {
    short(dedup_key(url))
}

/// The name of the pattern of this address, as `shapes.shape` has it.
pub(super) fn pattern_key(url: &Url) -> String {
    short(url_pattern(url))
}

fn short(key: String) -> String {
    if key.len() <= LONGEST {
        return key;
    }
    let hash = Sha256::digest(key.as_bytes());
    let hex = hash.iter().take(HASH).map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", hex.collect::<String>())
}

/// The key under which an earlier version may have stored the page.
pub(super) fn old_page_key(url: &Url) -> Option<String> {
    let key = dedup_key(url);
    (key.len() > LONGEST).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://daily.test/")
            .unwrap()
            .join(path)
            .unwrap()
    }

    #[test]
    fn only_long_keys_are_hashes_and_no_two_pages_share_one() {
        let short = url("news/ferry");
        assert_eq!(page_key(&short), dedup_key(&short));
        assert_eq!(old_page_key(&short), None);
        let long = |end| url(&format!("{}{end}", "a".repeat(1_900)));
        assert_eq!(page_key(&long(1)).len(), "sha256:".len() + 2 * HASH);
        assert_ne!(page_key(&long(1)), page_key(&long(2)));
        assert_eq!(old_page_key(&long(1)), Some(dedup_key(&long(1))));
    }
}
