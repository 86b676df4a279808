//! Scripts that the pages of a site have in common, for as long as their server says that they may be used again: they
//! are fetched once, not with every page.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use crate::fetch::Part;

/// Bytes of all of them.
const BYTES: usize = 64 << 20;
/// The longest time that one is used.
const LONGEST: Duration = Duration::from_secs(3600);

/// The scripts, by the host of the page and their address.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    parts: HashMap<(String, Url), (Instant, Arc<Part>)>,
    bytes: usize,
}

impl Cache {
    /// A script that is known still.
    pub(super) fn get(&self, page: &Url, url: &Url) -> Option<Arc<Part>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, part) = kept.parts.get(&key(page, url))?;
        (Instant::now() < *until).then(|| Arc::clone(part))
    }

    /// Keeps a script for as long as its server says. Where there is no room, all are forgotten.
    pub(super) fn put(&self, page: &Url, url: &Url, part: &Arc<Part>) {
        let Some(age) = part.max_age.filter(|age| !age.is_zero()) else {
            return;
        };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.bytes + part.body.len() > BYTES {
            *kept = Kept::default();
        }
        kept.bytes += part.body.len();
        let until = Instant::now() + age.min(LONGEST);
        let before = kept.parts.insert(key(page, url), (until, Arc::clone(part)));
        if let Some((_, before)) = before {
            kept.bytes -= before.body.len();
        }
    }
}

fn key(page: &Url, url: &Url) -> (String, Url) {
    (page.origin().ascii_serialization(), url.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(seconds: u64, bytes: usize) -> Arc<Part> {
        Arc::new(Part {
            status: 200,
            content_type: None,
            allow_origin: None,
            allow_credentials: None,
            max_age: Some(Duration::from_secs(seconds)),
            body: vec![b' '; bytes],
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_script_is_kept_as_long_as_its_server_says() {
        let cache = Cache::default();
        let page = Url::parse("https://daily.test/1").unwrap();
        let url = |name: &str| page.join(name).unwrap();
        cache.put(&page, &url("/a.js"), &part(60, 10));
        cache.put(&page, &url("/b.js"), &part(0, 10));
        assert!(cache.get(&page, &url("/a.js")).is_some());
        assert!(cache.get(&url("/2"), &url("/a.js")).is_some());
        assert!(cache.get(&page, &url("/b.js")).is_none());
        let other = Url::parse("https://other.test/").unwrap();
        assert!(cache.get(&other, &url("/a.js")).is_none());
        tokio::time::advance(Duration::from_secs(61)).await;
        assert!(cache.get(&page, &url("/a.js")).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn its_size_is_bounded() {
        let cache = Cache::default();
        let page = Url::parse("https://daily.test/").unwrap();
        for number in 0..5 {
            let url = page.join(&format!("/{number}.js")).unwrap();
            cache.put(&page, &url, &part(60, BYTES / 3));
            let kept = cache.0.lock().unwrap();
            let bytes: usize = kept.parts.values().map(|(_, it)| it.body.len()).sum();
            assert!(bytes == kept.bytes && bytes <= BYTES);
        }
    }
}
