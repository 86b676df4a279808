//! Any bytes are some page: the whole extraction, with every form asked for, and again with the
//! same result.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use newsprint::extract::Extractor;
use newsprint::page::Input;

static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::builder().markdown(true).html(true).blocks(true).any_kind(true).build());

fuzz_target!(|bytes: &[u8]| {
    let input = Input::new(bytes);
    let once = EXTRACTOR.extract(&input);
    assert!(once.article.html.is_some_and(|html| !html.contains("<script")));
    assert_eq!(once.article.text, EXTRACTOR.extract(&input).article.text);
});
