//! JSON-LD of any shape, broken or not, inside an ordinary page.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsprint::extract::extract;

fuzz_target!(|data: &str| {
    let page = format!("<script type=\"application/ld+json\">{data}</script><p>Two hundred limes.</p>");
    let article = extract(page.as_bytes(), None).article;
    assert!(article.title.is_none_or(|title| title.chars().count() <= 2_000));
});
