//! The robots.txt of a host in memory, one for each scheme and port, or why it can't be read.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use crate::fetch::FetchErrorKind;
use crate::fetch::robots::Robots;

/// The rules, or why they can't be read.
pub(in crate::fetch) type RobotsResult = Result<Arc<Robots>, FetchErrorKind>;

/// Scheme and port; the host is the one that owns the cache.
type Origin = (String, u16);

/// The robots.txt of one host.
#[derive(Debug, Default)]
pub(in crate::fetch) struct RobotsCache(HashMap<Origin, (Instant, RobotsResult)>);

impl RobotsCache {
    /// Origins in the cache of one host; few have more than two.
    const LIMIT: usize = 8;

    /// What is known of the origin of this address, if it has not expired.
    pub(super) fn get(&self, url: &Url) -> Option<RobotsResult> {
        let (until, known) = self.0.get(&origin(url))?;
        (*until > Instant::now()).then(|| known.clone())
    }

    /// Keeps what is known of an origin for so long.
    pub(super) fn insert(&mut self, url: &Url, known: RobotsResult, lifetime: Duration) {
        if self.0.len() >= Self::LIMIT {
            self.0.clear();
        }
        self.0
            .insert(origin(url), (Instant::now() + lifetime, known));
    }
}

fn origin(url: &Url) -> Origin {
    let port = url.port_or_known_default().unwrap_or_default();
    (url.scheme().to_owned(), port)
}
