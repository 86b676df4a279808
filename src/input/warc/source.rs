//! The bytes of an archive as they are stored. Some of those that were read are kept, so that reading can begin
//! again at an earlier place.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::input::counts::Counters;

/// Bytes that are kept at least. Behind the end of a member that was cut short, what follows is decoded as if it
/// belonged to it, until that is noticed: within some kilobytes, as the codes of gzip and Zstandard leave little room.
const KEPT: usize = 1 << 20;
/// Bytes that are read at once.
const AT_ONCE: usize = 128 << 10;
/// Size of the buffer: some reads pass before what is kept is moved to its beginning.
const BUFFER: usize = 2 * KEPT;

pub(super) struct Source {
    reader: Box<dyn Read + Send>,
    /// What is kept, and what was read ahead.
    buffer: Vec<u8>,
    /// Where the buffer begins in the archive.
    start: u64,
    /// How much of the buffer was taken, and how much of it was read.
    taken: usize,
    filled: usize,
    is_at_end: bool,
    counters: Arc<Counters>,
}

impl Source {
    pub(super) fn new(reader: Box<dyn Read + Send>, counters: Arc<Counters>) -> Source {
        Source {
            reader,
            buffer: vec![0; BUFFER],
            start: 0,
            taken: 0,
            filled: 0,
            is_at_end: false,
            counters,
        }
    }

    /// What was read ahead, at least some bytes; none at the end.
    pub(super) fn fill(&mut self) -> io::Result<&[u8]> {
        if self.taken == self.filled {
            self.read_more()?;
        }
        Ok(&self.buffer[self.taken..self.filled])
    }

    /// The next bytes, at least so many unless the archive ends before.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.filled - self.taken < count && !self.is_at_end {
            self.read_more()?;
        }
        Ok(&self.buffer[self.taken..self.filled])
    }

    pub(super) fn take(&mut self, count: usize) {
        self.taken = self.filled.min(self.taken + count);
    }

    /// The place of the next byte.
    pub(super) fn offset(&self) -> u64 {
        self.start + self.taken as u64
    }

    /// Goes back to a place, or as near to it as is kept.
    pub(super) fn rewind(&mut self, to: u64) {
        let at = usize::try_from(to.saturating_sub(self.start)).unwrap_or(usize::MAX);
        self.taken = self.taken.min(at);
    }

    fn read_more(&mut self) -> io::Result<()> {
        if self.filled + AT_ONCE > BUFFER {
            let gone = self.taken.saturating_sub(KEPT);
            self.buffer.copy_within(gone..self.filled, 0);
            self.start += gone as u64;
            self.taken -= gone;
            self.filled -= gone;
        }
        let room = BUFFER.min(self.filled + AT_ONCE);
        let result = loop {
            match self.reader.read(&mut self.buffer[self.filled..room]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        let count = *result.as_ref().unwrap_or(&0);
        self.filled += count;
        self.counters
            .bytes
            .fetch_add(count as u64, Ordering::Relaxed);
        self.is_at_end = count == 0;
        result.map(|_| ())
    }
}
