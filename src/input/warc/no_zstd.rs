//! Zstandard, in a build that can't read it.

use std::io;

use super::{Codec, Source, ZSTD};

pub(super) fn is_ours(start: &[u8]) -> bool {
    start.starts_with(ZSTD) || start.get(1..4) == Some(b"\x2a\x4d\x18")
}

pub(super) fn open(_: &mut Source) -> io::Result<Box<dyn Codec>> {
    let reason = "it is compressed with Zstandard, which this build can't read; build newsprint with \
                  the feature `compression`";
    Err(io::Error::new(io::ErrorKind::Unsupported, reason))
}
