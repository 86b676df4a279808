//! How an archive is compressed: not at all, or in members of gzip or frames of Zstandard that can be read each by
//! itself, one for a record.

use std::io;

use flate2::{Decompress, FlushDecompress, Status};

use super::source::Source;

pub(super) const GZIP: &[u8] = b"\x1f\x8b\x08";
pub(super) const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// What one step of decoding did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Bytes of the input that were used.
    pub(super) used: usize,
    /// Bytes that were written.
    pub(super) made: usize,
    /// The member has ended, and was whole.
    pub(super) is_end: bool,
}

/// Decodes an archive member by member.
pub(super) trait Codec: Send {
    /// What members begin with; nothing if there are none.
    fn magic(&self) -> &'static [u8];

    /// True where these bytes may be the beginning of a member.
    fn begins(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(self.magic())
    }

    /// Begins a member.
    fn begin(&mut self) -> io::Result<()>;

    /// Decodes some bytes of a member.
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> io::Result<Step>;
}

/// The codec of an archive, by its first bytes.
pub(super) fn of(source: &mut Source) -> io::Result<Box<dyn Codec>> {
    let start = source.peek(8)?;
    if start.starts_with(GZIP) {
        return Ok(Box::new(Gzip(Decompress::new_gzip(15))));
    }
    if zstd::is_ours(start) {
        return zstd::open(source);
    }
    Ok(Box::new(Stored))
}

/// Bytes as they are.
struct Stored;

impl Codec for Stored {
    fn magic(&self) -> &'static [u8] {
        &[]
    }

    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn step(&mut self, input: &[u8], out: &mut [u8]) -> io::Result<Step> {
        let count = input.len().min(out.len());
        out[..count].copy_from_slice(&input[..count]);
        Ok(Step {
            used: count,
            made: count,
            is_end: false,
        })
    }
}

struct Gzip(Decompress);

impl Codec for Gzip {
    fn magic(&self) -> &'static [u8] {
        GZIP
    }

    fn begins(&self, bytes: &[u8]) -> bool {
        // RFC 1952, 2.3.1.2: the other flags are zero.
        bytes.starts_with(GZIP) && bytes.get(3).is_some_and(|flags| flags & 0xe0 == 0)
    }

    fn begin(&mut self) -> io::Result<()> {
        self.0 = Decompress::new_gzip(15);
        Ok(())
    }

    fn step(&mut self, input: &[u8], out: &mut [u8]) -> io::Result<Step> {
        let before = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(input, out, FlushDecompress::None)?;
        let count = |now: u64, then: u64| usize::try_from(now - then).unwrap_or(0);
        Ok(Step {
            used: count(self.0.total_in(), before.0),
            made: count(self.0.total_out(), before.1),
            is_end: status == Status::StreamEnd,
        })
    }
}

/// Archives in Zstandard.
#[cfg(feature = "compression")]
#[path = "zstd.rs"]
mod zstd;
#[cfg(not(feature = "compression"))]
#[path = "no_zstd.rs"]
mod zstd;
