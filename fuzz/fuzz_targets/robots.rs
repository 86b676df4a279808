//! Any bytes are some robots.txt.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsprint::Url;
use newsprint::fetch::fuzzing::robots;

fuzz_target!(|data: (&[u8], &str)| {
    let (file, path) = data;
    let mut url = Url::parse("https://paper.test/").unwrap();
    url.set_path(path);
    let read = robots(file, &url);
    assert!(read.2.len() <= 1_000);
    assert_eq!(read, robots(file, &url));
});
