//! Any bytes are some feed or none: bounded, whatever they say, and read alike twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsprint::discover::feed;
use newsprint::{Limits, Url};

fuzz_target!(|bytes: &[u8]| {
    let base = Url::parse("https://paper.test/news/feed.xml").unwrap();
    let mut limits = Limits::default();
    limits.sitemap_urls = 50;
    limits.feed_bytes = 1 << 20;
    let read = feed(bytes, Some("application/xml"), &base, &limits);
    if let Ok(feed) = &read {
        assert!(feed.entries.len() <= 50);
        for entry in &feed.entries {
            assert!(matches!(entry.url.scheme(), "http" | "https"), "{}", entry.url);
            assert!(entry.url.as_str().len() <= 4 * limits.url_chars, "{}", entry.url);
        }
    }
    assert_eq!(read.ok(), feed(bytes, Some("application/xml"), &base, &limits).ok());
});
