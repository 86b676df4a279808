//! Any bytes are some WARC file: pages, and errors, and an end.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use newsprint::{Limits, input};

fuzz_target!(|bytes: &[u8]| {
    let max_bytes = 1 << 16;
    let mut limits = Limits::default();
    limits.warc_record_bytes = 1 << 17;
    let reader = Cursor::new(bytes.to_vec());
    let Ok(pages) = input::warc("pages.warc", reader, max_bytes, &limits) else { return };
    let mut records = 0;
    for page in pages {
        records += 1;
        assert!(page.is_err() || page.is_ok_and(|page| page.bytes.len() as u64 <= max_bytes));
    }
    // A record takes some bytes, packed or not.
    assert!(records <= 1_100 * bytes.len() + 1);
});
