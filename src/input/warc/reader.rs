//! Reads one record after the other: its header, and its block up to where it really ends.

use memchr::{memchr, memmem};

use super::header::{HEADER_BYTES, Header};
use super::members::{Fault, MAGIC, Members, blank_start};

/// Bytes in which the beginning of a record shows: its first line, and the name of its first field.
const BEGINNING: usize = 64;
/// Memory that is reserved at most for a block before it has come.
const MOST_RESERVED: usize = 1 << 20;

pub(super) struct Reader {
    members: Members,
    record_bytes: usize,
    /// The header of the record that was read last.
    pub(super) header: Vec<u8>,
    /// Its block, as far as it is kept.
    pub(super) block: Vec<u8>,
    /// Bytes of the block that are not kept.
    pub(super) dropped: u64,
    /// Bytes that were passed over before it showed that the length of the record was wrong.
    pub(super) unsearched: u64,
}

/// How a block ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Where its length says.
    Stated,
    /// There, and the archive is damaged behind it: its checksum may be wrong.
    Unchecked,
    /// Elsewhere, before the next record.
    Found,
    /// With the archive, too early.
    CutShort,
}

impl Reader {
    pub(super) fn new(members: Members, record_bytes: usize) -> Reader {
        Reader {
            members,
            record_bytes,
            header: Vec::new(),
            block: Vec::new(),
            dropped: 0,
            unsearched: 0,
        }
    }

    /// Goes to the beginning of the next record, and returns its place; `None` at the end.
    pub(super) fn begin(&mut self) -> Result<Option<u64>, Fault> {
        self.members.begin_record()
    }

    /// Where damage is that was just found.
    pub(super) fn place(&self) -> u64 {
        self.members.offset()
    }

    /// Reads the record that begins here.
    pub(super) fn read(&mut self) -> Result<End, Fault> {
        self.clear_block();
        self.read_header()?;
        let length = Header::new(&self.header).text("content-length");
        self.read_block(length.and_then(|it| it.parse().ok()))
    }

    fn clear_block(&mut self) {
        self.block.clear();
        (self.dropped, self.unsearched) = (0, 0);
    }

    fn read_header(&mut self) -> Result<(), Fault> {
        self.header.clear();
        let start = self.members.window(MAGIC.len())?;
        if start.len() >= MAGIC.len() && !start.starts_with(MAGIC) {
            return Err(misplaced());
        }
        loop {
            let bytes = self.members.fill()?;
            if bytes.is_empty() {
                return Err(Fault::Misplaced(
                    "the header of a record breaks off".to_owned(),
                ));
            }
            let count = memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
            self.header.extend_from_slice(&bytes[..count]);
            self.members.take(count);
            let start = &self.header[..self.header.len().min(MAGIC.len())];
            if !MAGIC.starts_with(start) {
                return Err(misplaced());
            }
            if self.header.ends_with(b"\n\r\n") || self.header.ends_with(b"\n\n") {
                return Ok(());
            }
            if self.header.len() > HEADER_BYTES {
                let reason = format!("the header of a record is longer than {HEADER_BYTES} bytes");
                return Err(Fault::Misplaced(reason));
            }
        }
    }

    fn read_block(&mut self, length: Option<u64>) -> Result<End, Fault> {
        let expected = usize::try_from(length.unwrap_or(0)).unwrap_or(usize::MAX);
        self.block
            .reserve(expected.min(self.record_bytes).min(MOST_RESERVED));
        let left = match self.read_bytes(length.unwrap_or(0)) {
            Ok(left) => left,
            Err(Fault::CutShort) => return Ok(End::CutShort),
            Err(fault) => return Err(fault),
        };
        if length.is_some() && left == 0 {
            let end = self.block.len();
            let is_right = self.is_end();
            let as_stated = match is_right {
                Ok(true) => Some(End::Stated),
                Ok(false) => None,
                Err(Fault::CutShort) => Some(End::CutShort),
                Err(Fault::Damaged(_) | Fault::Misplaced(_)) => Some(End::Unchecked),
                Err(fault) => return Err(fault),
            };
            if let Some(as_stated) = as_stated {
                self.block.truncate(end);
                return Ok(as_stated);
            }
        }
        self.find_real_end(left > 0)
    }

    /// True where a block may end: before the empty lines that part records, or before a record or the end.
    fn is_end(&mut self) -> Result<bool, Fault> {
        let end = self.block.len();
        self.read_blank()?;
        let is_parted = self.block[end..].starts_with(b"\r\n\r\n");
        Ok(is_parted || self.members.is_between_records()?)
    }

    /// Reads so many bytes of the block, and returns how many there were too few.
    fn read_bytes(&mut self, mut left: u64) -> Result<u64, Fault> {
        while left > 0 {
            let bytes = self.members.fill()?;
            if bytes.is_empty() {
                break;
            }
            let count = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            self.keep(count)?;
            left -= count as u64;
        }
        Ok(left)
    }

    /// Takes so many of the next bytes: adds them to the block, and counts those that are too many for it.
    fn keep(&mut self, count: usize) -> Result<(), Fault> {
        let bytes = &self.members.fill()?[..count];
        let room = self.record_bytes.saturating_sub(self.block.len());
        let kept = count.min(room);
        self.block.extend_from_slice(&bytes[..kept]);
        self.dropped += (count - kept) as u64;
        self.members.take(count);
        Ok(())
    }

    /// Reads the line breaks behind a block.
    fn read_blank(&mut self) -> Result<(), Fault> {
        loop {
            let bytes = self.members.fill()?;
            let count = blank_start(bytes);
            if count == 0 {
                return Ok(());
            }
            self.keep(count)?;
        }
    }

    /// Finds the end of a block whose length is wrong: before the next record, which may be within what was taken
    /// for the block.
    fn find_real_end(&mut self, is_too_short: bool) -> Result<End, Fault> {
        if self.members.is_at_record() {
            trim_end(&mut self.block);
            return Ok(End::Found);
        }
        self.unsearched = std::mem::take(&mut self.dropped);
        let block = std::mem::take(&mut self.block);
        self.members.put_back(block);
        let is_found = self.find_record()?;
        trim_end(&mut self.block);
        let is_cut = is_too_short && !is_found && !self.members.is_compressed();
        Ok(if is_cut { End::CutShort } else { End::Found })
    }

    /// Goes to the next record, wherever it begins. Returns how many bytes were passed over.
    pub(super) fn skip(&mut self) -> Result<u64, Fault> {
        self.clear_block();
        let kept = std::mem::take(&mut self.record_bytes);
        let found = self.find_record();
        self.record_bytes = kept;
        found.map(|_| self.header.len() as u64 + self.dropped)
    }

    /// Goes on behind a damaged place of a compressed archive. Returns how many bytes were passed over.
    pub(super) fn recover(&mut self) -> Result<u64, Fault> {
        self.members.recover()
    }

    /// Reads up to the next record, and adds what is before it to the block. False where there is none.
    fn find_record(&mut self) -> Result<bool, Fault> {
        loop {
            let bytes = match self.members.window(BEGINNING) {
                Err(Fault::CutShort) => return Ok(false),
                bytes => bytes?,
            };
            if bytes.is_empty() {
                return Ok(self.members.is_at_record());
            }
            let (count, is_found) = before_record(bytes);
            self.keep(count)?;
            if is_found {
                return Ok(true);
            }
        }
    }
}

fn misplaced() -> Fault {
    Fault::Misplaced("bytes that belong to no record".to_owned())
}

/// How many bytes there are before the first record, and whether there is one. Where that can't be seen yet, the
/// bytes up to there.
fn before_record(bytes: &[u8]) -> (usize, bool) {
    for at in memmem::find_iter(bytes, MAGIC) {
        if at > 0 && bytes.len() - at < BEGINNING {
            return (at, false);
        }
        if begins_record(&bytes[at..]) {
            return (at, true);
        }
    }
    // The last bytes may be the first ones of a record.
    let rest = if bytes.len() > MAGIC.len() {
        MAGIC.len() - 1
    } else {
        0
    };
    (bytes.len() - rest, false)
}

/// True for `WARC/1.0`, a line break and the name of a field.
fn begins_record(bytes: &[u8]) -> bool {
    let version = bytes.get(MAGIC.len()..MAGIC.len() + 3);
    let is_version = matches!(version, Some([major, b'.', minor]) if major.is_ascii_digit() && minor.is_ascii_digit());
    let rest = bytes.get(MAGIC.len() + 3..).unwrap_or_default();
    let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
    let Some(field) = rest.strip_prefix(b"\n") else {
        return false;
    };
    let begins = |name: &[u8]| {
        field
            .get(..name.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(name))
    };
    is_version && (begins(b"warc-") || begins(b"content-"))
}

/// Takes the empty lines off that part records.
fn trim_end(block: &mut Vec<u8>) {
    let breaks = block
        .iter()
        .rev()
        .take(4)
        .take_while(|it| matches!(it, b'\r' | b'\n'));
    let count = breaks.count();
    block.truncate(block.len() - count);
}
