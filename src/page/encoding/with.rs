//! Brotli and Zstandard.

use std::io;

use super::{Decoded, read};

/// The base-2 logarithm of the largest Zstandard window (RFC 9659: 8 MiB).
const ZSTD_WINDOW: u32 = 23;

pub(super) fn unbrotli(body: &[u8], limit: usize) -> io::Result<Decoded> {
    read(brotli_decompressor::Decompressor::new(body, 8 << 10), limit)
}

pub(super) fn unzstd(body: &[u8], limit: usize) -> io::Result<Decoded> {
    let mut reader = zstd::stream::read::Decoder::with_buffer(body)?;
    reader.window_log_max(ZSTD_WINDOW)?;
    read(reader, limit)
}
