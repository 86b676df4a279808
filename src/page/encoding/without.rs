//! Brotli and Zstandard, in a build that can't read them.

use std::io;

use super::Decoded;

pub(super) fn unbrotli(_: &[u8], _: usize) -> io::Result<Decoded> {
    Err(missing("Brotli"))
}

pub(super) fn unzstd(_: &[u8], _: usize) -> io::Result<Decoded> {
    Err(missing("Zstandard"))
}

fn missing(name: &str) -> io::Error {
    let reason = format!(
        "the body is compressed with {name}, which this build can't read; build newsprint with the \
         feature `compression`"
    );
    io::Error::new(io::ErrorKind::Unsupported, reason)
}
