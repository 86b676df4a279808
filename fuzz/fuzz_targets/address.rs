//! Addresses: the canonical form is a fixed point, and its key too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsprint::Url;
use newsprint::canonical::{canonical, dedup_key, id};

fuzz_target!(|data: (&str, &str)| {
    let (base, text) = data;
    let base = Url::parse(base).or_else(|_| Url::parse("https://paper.test/news/"));
    let Ok(url) = base.and_then(|base| base.join(text)) else { return };
    let once = canonical(&url);
    assert_eq!(once, canonical(&once), "{url}");
    assert_eq!(dedup_key(&once), dedup_key(&url), "{url}");
    assert_eq!(id(&once).len(), id(&url).len());
});
