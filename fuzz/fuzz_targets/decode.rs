//! Any bytes are some text: never a panic, never more than three bytes of text for one of input
//! and a little.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsprint::page::decode::decode;

fuzz_target!(|bytes: &[u8]| {
    let decoded = decode(bytes, None, None);
    assert!(decoded.text.len() <= 3 * bytes.len() + 16);
});
