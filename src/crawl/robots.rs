//! robots.txt files in the store, where the next pass finds them.

use std::sync::Arc;
use std::time::Duration;

use crate::fetch::{BoxFuture, RobotsStore};
use crate::store::{RobotsFile, Store};

use crate::crawl::clock::{Clock, millis};

/// Lends the store to the client. A store that fails here fails the pass soon enough, with the next
/// visit; here it only means that a file is fetched once more.
#[derive(Debug)]
pub(super) struct InStore {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
}

impl RobotsStore for InStore {
    fn load<'a>(&'a self, origin: &'a str) -> BoxFuture<'a, Option<(Option<Vec<u8>>, Duration)>> {
        Box::pin(async move {
            let now = self.clock.now();
            let stored = self.store.robots(origin, now).await.ok().flatten()?;
            let left = u64::try_from(stored.expires_at - now).ok()?;
            Some((stored.bytes, Duration::from_millis(left)))
        })
    }

    fn save<'a>(
        &'a self,
        origin: &'a str,
        file: Option<&'a [u8]>,
        lifetime: Duration,
    ) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let robots = RobotsFile {
                bytes: file.map(<[u8]>::to_vec),
                expires_at: self.clock.now().saturating_add(millis(lifetime)),
            };
            if let Err(error) = self.store.put_robots(origin, &robots).await {
                tracing::warn!(
                    "robots.txt of {origin} is not stored: {}",
                    error.with_causes()
                );
            }
        })
    }
}
