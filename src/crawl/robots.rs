//! robots.txt in the frontier, where the next pass finds it.

use std::time::Duration;

use crate::fetch::{BoxFuture, RobotsStore};
use crate::frontier::{Frontier, SqliteFrontier};
use crate::store::KeptRobots;

use crate::crawl::clock::Clock;

/// Lends the frontier to the client. A store that fails here fails the pass soon enough, with the
/// next visit; here it only means that a file is fetched once more.
#[derive(Debug)]
pub(super) struct InFrontier {
    pub(super) frontier: SqliteFrontier,
    pub(super) clock: Clock,
}

impl RobotsStore for InFrontier {
    fn load<'a>(&'a self, origin: &'a str) -> BoxFuture<'a, Option<(Option<Vec<u8>>, Duration)>> {
        Box::pin(async move {
            let now = self.clock.now();
            let kept = self.frontier.robots(origin, now).await.ok().flatten()?;
            let left = u64::try_from(kept.expires_at - now).ok()?;
            Some((kept.file, Duration::from_millis(left)))
        })
    }

    fn save<'a>(
        &'a self,
        origin: &'a str,
        file: Option<&'a [u8]>,
        lifetime: Duration,
    ) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let lifetime = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
            let robots = KeptRobots {
                file: file.map(<[u8]>::to_vec),
                expires_at: self.clock.now().saturating_add(lifetime),
            };
            if let Err(error) = self.frontier.keep_robots(origin, robots).await {
                tracing::warn!("robots.txt of {origin} is not kept: {error}");
            }
        })
    }
}
