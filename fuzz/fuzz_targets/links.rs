//! The links of any page: which are followed, and that every one is judged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsprint::discover::{links, sections};
use newsprint::page::{Document, Input};
use newsprint::{Limits, Url};

fuzz_target!(|bytes: &[u8]| {
    let base = Url::parse("https://paper.test/news/").unwrap();
    let limits = Limits::default();
    let input = Input::new(bytes).with_url(&base);
    let document = Document::parse(&input, &limits);
    let tree = document.page().tree;
    let found = links(&tree, &base, &limits);
    assert!(found.pages.len() <= found.judged.len());
    for page in found.pages.iter().chain(&sections(&tree, &base, &limits)) {
        assert!(matches!(page.url.scheme(), "http" | "https"), "{}", page.url);
    }
});
