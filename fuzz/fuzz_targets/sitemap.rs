//! Any bytes are some sitemap, index, list of addresses, or none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsprint::discover::{maps_to_read, sitemap};
use newsprint::{Limits, Url};

fuzz_target!(|bytes: &[u8]| {
    let base = Url::parse("https://paper.test/sitemap.xml").unwrap();
    let mut limits = Limits::default();
    limits.sitemap_urls = 50;
    limits.sitemap_bytes = 1 << 20;
    if let Ok(map) = sitemap(bytes, None, &base, &limits) {
        assert!(map.pages.len() <= 50 && map.maps.len() <= 50);
        for url in map.pages.iter().map(|page| &page.url).chain(map.maps.iter().map(|map| &map.0)) {
            assert!(matches!(url.scheme(), "http" | "https"), "{url}");
        }
        let found = map.maps.len();
        assert!(maps_to_read(map.maps, Some(0)).len() <= found);
    }
});
