//! WARC files in Zstandard: a frame for each record, and before the first, in a frame that others skip, perhaps a
//! dictionary for all of them (IIPC, 'Zstandard Compression for WARC', 1.0).

use std::io::{self, Read};

use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

use super::{Codec, Source, Step, ZSTD};

/// The frame that holds the dictionary begins so.
const DICTIONARY: &[u8] = b"\x5d\x2a\x4d\x18";
/// Maximum size of a dictionary; common ones have 100 KB.
const DICTIONARY_BYTES: usize = 16 << 20;

pub(super) fn is_ours(start: &[u8]) -> bool {
    // Any frame that is to be skipped may come first.
    start.starts_with(ZSTD) || start.get(1..4) == Some(&DICTIONARY[1..])
}

pub(super) fn open(source: &mut Source) -> io::Result<Box<dyn Codec>> {
    let dictionary = dictionary(source)?;
    Ok(Box::new(Zstd(Decoder::with_dictionary(&dictionary)?)))
}

/// The dictionary, which may be compressed itself; empty if there is none.
fn dictionary(source: &mut Source) -> io::Result<Vec<u8>> {
    let head = source.peek(8)?;
    let Some((magic, size)) = head.split_first_chunk::<4>() else {
        return Ok(Vec::new());
    };
    if magic != DICTIONARY {
        return Ok(Vec::new());
    }
    let size = size.first_chunk().map_or(0, |it| u32::from_le_bytes(*it)) as usize;
    if size > DICTIONARY_BYTES {
        return Err(io::Error::other("its dictionary is too large"));
    }
    source.take(8);
    let mut stored = Vec::new();
    while stored.len() < size {
        let part = source.fill()?;
        if part.is_empty() {
            return Err(io::Error::other("it ends within its dictionary"));
        }
        let count = part.len().min(size - stored.len());
        stored.extend_from_slice(&part[..count]);
        source.take(count);
    }
    if !stored.starts_with(ZSTD) {
        return Ok(stored);
    }
    let mut dictionary = Vec::new();
    zstd::stream::read::Decoder::with_buffer(&stored[..])?
        .take(DICTIONARY_BYTES as u64)
        .read_to_end(&mut dictionary)?;
    Ok(dictionary)
}

struct Zstd(Decoder<'static>);

impl Codec for Zstd {
    fn magic(&self) -> &'static [u8] {
        ZSTD
    }

    fn begins(&self, bytes: &[u8]) -> bool {
        is_ours(bytes)
    }

    fn begin(&mut self) -> io::Result<()> {
        self.0.reinit()
    }

    fn step(&mut self, input: &[u8], out: &mut [u8]) -> io::Result<Step> {
        let mut input = InBuffer::around(input);
        let mut out = OutBuffer::around(out);
        let rest = self.0.run(&mut input, &mut out)?;
        Ok(Step {
            used: input.pos(),
            made: out.pos(),
            is_end: rest == 0,
        })
    }
}
