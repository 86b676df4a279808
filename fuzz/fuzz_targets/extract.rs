//! Any bytes are some page: the whole extraction, with every form asked for, and again with the
//! same result.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsprint::extract::Extractor;
use newsprint::page::Input;

fuzz_target!(|bytes: &[u8]| {
    let extractor = Extractor::builder()
        .markdown(true)
        .html(true)
        .blocks(true)
        .any_kind(true)
        .build();
    let input = Input::new(bytes);
    let once = extractor.extract(&input);
    assert!(once.article.html.is_some_and(|html| !html.contains("<script")));
    assert_eq!(once.article.text, extractor.extract(&input).article.text);
});
