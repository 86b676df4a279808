//! How an address stands in its row: without what its host says, and under a key of 64 bits. Two addresses may
//! share a key: whoever finds a row by it compares the address itself.

use sha2::{Digest, Sha256};
use url::Url;

use super::database::{self, Connection};
use super::pieces::host_id;
use crate::canonical::{dedup_key, host_with_port};

/// Bits of a key that stand for the page; those before them stand for its host.
const PAGE_BITS: u32 = 40;
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// By what a page is known, whichever of its addresses is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageKey {
    /// What its addresses have in common; see [`dedup_key`].
    pub(crate) text: String,
    /// The column `urls.key`.
    pub(crate) hash: i64,
}

impl PageKey {
    /// The key of the page at this address.
    pub(crate) fn of(url: &Url) -> PageKey {
        let text = dedup_key(url);
        let hash = hash(&text);
        PageKey { text, hash }
    }

    /// What the keys of one host have in common.
    pub(crate) fn host_bits(&self) -> i64 {
        self.hash >> PAGE_BITS
    }
}

/// The keys of one host have the same first bits, so that what is stored together stands together. The others are of
/// a hash for which nobody finds thousands of addresses that share them.
fn hash(key: &str) -> i64 {
    let host = key.split(['/', '?']).next().unwrap_or_default();
    let host = host.bytes().fold(FNV_START, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME)
    });
    let page = Sha256::digest(key.as_bytes());
    let page = page
        .iter()
        .take(PAGE_BITS as usize / 8)
        .fold(0, |page, byte| page << 8 | u64::from(*byte));
    ((host ^ (host >> 32)) << PAGE_BITS | page).cast_signed()
}

/// An address as its row has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// `hosts.host`.
    pub(crate) host: String,
    /// `urls.path`: all that follows `https://` and the host; with a colon before it, all that follows `http://` and
    /// the host; else the whole address.
    pub(crate) path: String,
}

impl Stored {
    /// The address as it is stored.
    pub(crate) fn of(url: &Url) -> Stored {
        let host = host_with_port(url);
        let whole = url.as_str();
        let after = |scheme: &str| {
            let path = whole.strip_prefix(scheme)?.strip_prefix(host.as_str())?;
            path.starts_with('/').then_some(path)
        };
        let path = match (after("https://"), after("http://")) {
            (Some(path), _) => path.to_owned(),
            (None, Some(path)) => format!(":{path}"),
            (None, None) => whole.to_owned(),
        };
        Stored { host, path }
    }
}

/// The number of the page with this address.
pub(crate) async fn find_page(
    connection: &mut Connection,
    url: &Url,
) -> Result<Option<i64>, database::Error> {
    let Stored { host, path } = Stored::of(url);
    database::query_scalar(concat!(
        "SELECT id FROM urls WHERE kind = 0 AND key = $1 AND path = $2 AND host_id = ",
        host_id!("$3"),
    ))
    .bind(PageKey::of(url).hash)
    .bind(path)
    .bind(host)
    .fetch_optional(connection)
    .await
}

/// The number of the page with this address, as a string.
pub(crate) async fn find_page_of(
    connection: &mut Connection,
    url: &str,
) -> Result<Option<i64>, database::Error> {
    match Url::parse(url) {
        Ok(url) => find_page(connection, &url).await,
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{Connection as _, SqliteConnection};

    use super::super::pieces::address;
    use super::*;

    fn hash_of(url: &str) -> i64 {
        PageKey::of(&Url::parse(url).unwrap()).hash
    }

    #[test]
    fn addresses_of_one_page_share_a_key_and_pages_of_one_host_its_first_bits() {
        let one = hash_of("https://www.daily.test/ferry/");
        assert_eq!(one, hash_of("http://daily.test/ferry"));
        let other = hash_of("https://daily.test/tide?id=4");
        assert_ne!(one, other);
        assert_eq!(one >> PAGE_BITS, other >> PAGE_BITS);
        assert_ne!(
            one >> PAGE_BITS,
            hash_of("https://a.test/ferry") >> PAGE_BITS
        );
    }

    #[test]
    fn keys_are_the_same_in_every_version() {
        assert_eq!(
            hash_of("https://daily.test/ferry"),
            1_182_470_082_405_598_794
        );
    }

    #[tokio::test]
    async fn every_address_is_rebuilt_from_its_row() {
        let mut memory =
            SqliteConnection::connect_with(&SqliteConnectOptions::new().in_memory(true))
                .await
                .unwrap();
        for whole in [
            "https://a.test/",
            "http://a.test//x?y=//z",
            "https://a.test:8443/x",
            "http://user@a.test/x",
            "https://[::1]:8/x",
            "https://a.test/%F0?:",
        ] {
            let url = Url::parse(whole).unwrap();
            let Stored { host, path } = Stored::of(&url);
            assert!(path.len() < whole.len() || whole.contains('@'), "{path}");
            let rebuilt: String = database::query_scalar(concat!("SELECT ", address!("$1", "$2")))
                .bind(host)
                .bind(path)
                .fetch_one(&mut memory)
                .await
                .unwrap();
            assert_eq!(rebuilt, whole);
        }
    }
}
