//! Bylines, dates and titles as pages may write them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsprint::extract::extract;

fuzz_target!(|data: (&str, &str, &str)| {
    let (byline, date, title) = data;
    let page = format!(
        "<title>{title}</title><h1>{title}</h1><p class=byline>{byline}</p><time>{date}</time>\
         <meta name=author content=\"{byline}\"><meta name=date content=\"{date}\">"
    );
    let article = extract(page.as_bytes(), None).article;
    assert!(article.authors.len() <= 100);
});
