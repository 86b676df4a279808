//! An archive's bytes as they were before compression, member by member. Where a member is damaged, reading goes on
//! at the next one that begins a record.

use std::io;

use memchr::memmem;

use super::codec::{self, Codec};
use super::source::Source;

/// What every record begins with.
pub(super) const MAGIC: &[u8] = b"WARC/";
/// Bytes that are decoded at once.
const AT_ONCE: usize = 128 << 10;

/// Why no more bytes come.
#[derive(Debug)]
pub(super) enum Fault {
    /// The system can't read the archive.
    Unreadable(io::Error),
    /// The archive ends within a member.
    CutShort,
    /// The bytes are damaged; [`Members::recover`] goes on behind them.
    Damaged(String),
    /// There is no record where one should be.
    Misplaced(String),
}

pub(super) struct Members {
    source: Source,
    codec: Box<dyn Codec>,
    /// Decoded bytes; those from `taken` to `filled` are still to be taken.
    decoded: Vec<u8>,
    taken: usize,
    filled: usize,
    /// Where the member begins that is being decoded.
    member: u64,
    is_within: bool,
    /// The bytes to be taken next are a member's first, and begin a record; or that member is damaged.
    is_at_record: bool,
    is_at_end: bool,
    /// What is damaged here, until reading goes on behind it.
    damage: Option<String>,
    /// What is to be reported once the next record is read.
    deferred: Option<Fault>,
}

impl Members {
    pub(super) fn new(mut source: Source) -> io::Result<Members> {
        let codec = codec::of(&mut source)?;
        Ok(Members {
            source,
            codec,
            decoded: vec![0; AT_ONCE],
            taken: 0,
            filled: 0,
            member: 0,
            is_within: false,
            is_at_record: false,
            is_at_end: false,
            damage: None,
            deferred: None,
        })
    }

    /// The next bytes of the record; none where a member begins another one, and at the end.
    pub(super) fn fill(&mut self) -> Result<&[u8], Fault> {
        while self.taken == self.filled && !self.is_at_record && !self.is_at_end {
            (self.taken, self.filled) = (0, 0);
            self.decode()?;
        }
        let end = if self.is_at_record {
            self.taken
        } else {
            self.filled
        };
        Ok(&self.decoded[self.taken..end])
    }

    /// As many bytes of the record, if its member holds so many; no more than are decoded at once.
    pub(super) fn window(&mut self, count: usize) -> Result<&[u8], Fault> {
        self.fill()?;
        while self.filled - self.taken < count && self.is_within && !self.is_at_record {
            self.decoded.copy_within(self.taken..self.filled, 0);
            (self.taken, self.filled) = (0, self.filled - self.taken);
            self.decode_step()?;
        }
        self.fill()
    }

    pub(super) fn take(&mut self, count: usize) {
        self.taken = self.filled.min(self.taken + count);
    }

    /// Puts bytes back, to be read again before all others.
    pub(super) fn put_back(&mut self, mut bytes: Vec<u8>) {
        bytes.extend_from_slice(&self.decoded[self.taken..self.filled]);
        (self.taken, self.filled) = (0, bytes.len());
        bytes.resize(bytes.len().max(AT_ONCE), 0);
        self.decoded = bytes;
    }

    /// Goes to the beginning of the next record or of whatever stands in its place, past empty lines, and returns
    /// where that is in the archive; `None` at the end.
    pub(super) fn begin_record(&mut self) -> Result<Option<u64>, Fault> {
        loop {
            self.is_at_record = false;
            let bytes = self.fill()?;
            let (count, blank) = (bytes.len(), blank_start(bytes));
            if count == 0 && !self.is_at_record {
                return Ok(None);
            }
            self.take(blank);
            if blank < count {
                return Ok(Some(self.offset()));
            }
        }
    }

    /// True where a record may be read next without being looked for.
    pub(super) fn is_between_records(&mut self) -> Result<bool, Fault> {
        let bytes = self.window(MAGIC.len())?;
        Ok(bytes.is_empty() || bytes.starts_with(MAGIC))
    }

    /// True where the archive consists of members.
    pub(super) fn is_compressed(&self) -> bool {
        !self.codec.magic().is_empty()
    }

    /// True where the archive begins with a record.
    pub(super) fn begins_record(&mut self) -> bool {
        let _ = self.fill();
        self.decoded[..self.filled].starts_with(MAGIC)
    }

    /// True where a member begins the next record.
    pub(super) fn is_at_record(&self) -> bool {
        self.is_at_record
    }

    /// Where the next byte is in the archive; in a compressed one, where its member begins.
    pub(super) fn offset(&self) -> u64 {
        if !self.is_compressed() {
            self.source.offset() - (self.filled - self.taken) as u64
        } else {
            self.member
        }
    }

    /// Goes on behind a damaged place, at the next member that begins a record, if there is one. Returns how many
    /// bytes are passed over.
    pub(super) fn recover(&mut self) -> Result<u64, Fault> {
        let damaged = self.member;
        let magic = self.codec.magic();
        (self.taken, self.filled) = (0, 0);
        (self.is_within, self.is_at_record, self.is_at_end) = (false, false, false);
        (self.damage, self.deferred) = (None, None);
        self.source.rewind(damaged + 1);
        loop {
            let bytes = match self.source.peek(magic.len()) {
                Ok(bytes) => bytes,
                Err(error) => return Err(self.stop(error)),
            };
            if magic.is_empty() || bytes.len() < magic.len() {
                self.is_at_end = true;
                return Ok(self.source.offset() - damaged);
            }
            let Some(at) = memmem::find(bytes, magic) else {
                let count = bytes.len() - (magic.len() - 1);
                self.source.take(count);
                continue;
            };
            self.source.take(at);
            let at = self.source.offset();
            if self.is_record_at(at) {
                return Ok(at - damaged);
            }
            self.source.rewind(at + 1);
            if self.source.offset() == at {
                self.source.take(1);
            }
        }
    }

    /// True where a member is at this place, and begins a record.
    fn is_record_at(&mut self, at: u64) -> bool {
        let is_begun = self.source.peek(8).is_ok_and(|it| self.codec.begins(it));
        if !is_begun || self.codec.begin().is_err() {
            return false;
        }
        (self.member, self.is_within) = (at, true);
        (self.taken, self.filled) = (0, 0);
        let is_there = self.decode_start().is_ok() && self.is_at_record;
        self.damage = None;
        is_there
    }

    /// Decodes the next bytes, all before being taken: of this member, or the first ones of the next.
    fn decode(&mut self) -> Result<(), Fault> {
        if let Some(fault) = self.deferred.take() {
            self.is_at_end = matches!(fault, Fault::CutShort);
            return Err(fault);
        }
        if let Some(reason) = &self.damage {
            return Err(Fault::Damaged(reason.clone()));
        }
        if self.decoded.len() > AT_ONCE {
            self.decoded.truncate(AT_ONCE);
            self.decoded.shrink_to_fit();
        }
        if self.is_within {
            return self.decode_step();
        }
        let begun = match self.begin_member() {
            Ok(true) => self.decode_start(),
            Ok(false) => {
                self.is_at_end = true;
                Ok(())
            }
            Err(fault) => Err(fault),
        };
        match begun {
            Ok(()) => Ok(()),
            Err(fault @ Fault::Unreadable(_)) => Err(fault),
            // What is damaged is the next record, not the one that ends here.
            Err(fault) => {
                self.deferred = Some(fault);
                (self.taken, self.filled) = (0, 0);
                (self.is_at_record, self.is_at_end) = (true, false);
                Ok(())
            }
        }
    }

    /// Begins the next member; false where there is none.
    fn begin_member(&mut self) -> Result<bool, Fault> {
        let is_compressed = self.is_compressed();
        loop {
            self.member = self.source.offset();
            let start = self.source.peek(8);
            let start = match start {
                Ok(start) => start,
                Err(error) => return Err(self.stop(error)),
            };
            // Tapes and some tools fill up with zeros.
            let padding = start
                .iter()
                .take_while(|it| matches!(it, 0 | b'\r' | b'\n'))
                .count();
            if start.is_empty() {
                return Ok(false);
            }
            if !is_compressed || padding == 0 {
                break;
            }
            self.source.take(padding);
        }
        let start = self.source.peek(8).unwrap_or_default();
        if !self.codec.begins(start) {
            return Err(self.fail("no compressed data where a record should begin"));
        }
        self.codec
            .begin()
            .map_err(|it| self.fail(&it.to_string()))?;
        self.is_within = true;
        Ok(true)
    }

    /// Decodes the first bytes of a member, and finds out whether they begin a record.
    fn decode_start(&mut self) -> Result<(), Fault> {
        while self.filled < MAGIC.len() && self.is_within && !self.is_at_end {
            self.decode_step()?;
        }
        self.is_at_record = self.decoded[..self.filled].starts_with(MAGIC);
        Ok(())
    }

    /// Decodes some bytes of the member, behind those that are there.
    fn decode_step(&mut self) -> Result<(), Fault> {
        let input = match self.source.fill() {
            Ok(input) => input,
            Err(error) => return Err(self.stop(error)),
        };
        if input.is_empty() {
            self.is_at_end = true;
            self.is_within = false;
            let is_cut = self.is_compressed();
            return if is_cut { Err(Fault::CutShort) } else { Ok(()) };
        }
        let room = self.decoded.len().min(self.filled + AT_ONCE);
        let step = self.codec.step(input, &mut self.decoded[self.filled..room]);
        let step = step.map_err(|it| self.fail(&it.to_string()))?;
        if step.used == 0 && step.made == 0 && !step.is_end {
            return Err(self.fail("the compressed data makes no sense"));
        }
        self.source.take(step.used);
        self.filled += step.made;
        self.is_within = !step.is_end;
        Ok(())
    }

    /// The bytes are damaged here, and stay so until reading goes on behind them.
    fn fail(&mut self, reason: &str) -> Fault {
        self.damage = Some(reason.to_owned());
        Fault::Damaged(reason.to_owned())
    }

    /// The system can't read on.
    fn stop(&mut self, error: io::Error) -> Fault {
        self.is_at_end = true;
        self.is_within = false;
        Fault::Unreadable(error)
    }
}

/// How many line breaks are at the beginning.
pub(super) fn blank_start(bytes: &[u8]) -> usize {
    let blank = bytes.iter().take_while(|it| matches!(it, b'\r' | b'\n'));
    blank.count()
}
