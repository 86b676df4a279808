//! What your own subscriptions need in a pass: read at its beginning, so that a cookie renewed between two passes counts.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::config::{Config, ConfigError};
use crate::crawl::clock::Clock;
use crate::fetch::Subscription;

/// The headers and cookies of these sources, by name.
pub(super) fn of(
    config: &Config,
    names: &[String],
    clock: &Clock,
) -> Result<BTreeMap<String, Subscription>, ConfigError> {
    let now = Timestamp::from_millisecond(clock.now()).unwrap_or_default();
    let mut found = BTreeMap::new();
    for source in config.sources.iter().filter(|it| names.contains(&it.name)) {
        if let Some(subscription) = Subscription::of(source, now)? {
            found.insert(source.name.clone(), subscription);
        }
    }
    Ok(found)
}
