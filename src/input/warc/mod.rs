//! WARC files (ISO 28500, versions 1.0 and 1.1): the web pages among their records. A damaged record costs itself:
//! where the length of one is wrong, or bytes belong to none, reading goes on at the next record.
//!
//! One thread reads an archive: it decompresses, finds the records and sorts out those without a page. What is left
//! to do with a page ([`Record::read`]) is done by the thread that extracts it.

mod codec;
mod digest;
mod header;
mod members;
mod reader;
mod record;
mod source;
#[cfg(test)]
#[cfg(feature = "compression")]
mod tests;

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use self::header::Header;
use self::members::{Fault, Members};
use self::reader::{End, Reader};
use self::record::{Content, Kind, Place};
use self::source::Source;
use crate::input::counts::Counters;
use crate::input::{InputError, InputErrorKind};
use crate::page::PageFault;

#[cfg(feature = "crawl")]
pub(crate) use self::digest::base32;
pub(super) use self::record::Record;

/// The records of one archive that hold pages.
pub(super) struct Records {
    name: String,
    /// The archive; or why it can't be read, until that has been reported.
    reader: Result<Reader, Option<InputError>>,
    counters: Arc<Counters>,
    /// What is to be reported next.
    pending: Option<InputError>,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Records {
    pub(super) fn new(
        name: String,
        reader: Box<dyn Read + Send>,
        record_bytes: usize,
        counters: Arc<Counters>,
    ) -> Records {
        let members = Members::new(Source::new(reader, Arc::clone(&counters)));
        let reader = members
            .map(|it| Reader::new(it, record_bytes))
            .map_err(|error| {
                Some(InputError {
                    name: name.clone(),
                    reason: format!("cannot read it: {error}"),
                    kind: InputErrorKind::Unreadable,
                })
            });
        Records {
            name,
            reader,
            counters,
            pending: None,
        }
    }

    /// What is to be reported of a place that is damaged.
    fn damaged(&self, offset: u64, reason: &str) -> InputError {
        count(&self.counters.damaged);
        InputError {
            name: self.name.clone(),
            reason: format!("damaged at byte {offset}: {reason}"),
            kind: InputErrorKind::Damaged,
        }
    }

    /// The page in the record that was just read, or what is to be reported of it.
    fn page(&mut self, offset: u64, end: End) -> Option<Result<Record, InputError>> {
        let reader = self.reader.as_mut().ok()?;
        count(&self.counters.records);
        let fault = match end {
            End::Stated => None,
            End::Unchecked => Some(PageFault::WrongDigest),
            End::Found => Some(PageFault::WrongLength),
            End::CutShort => Some(PageFault::Truncated),
        };
        let header = Header::new(&reader.header);
        let place = Place {
            archive: &self.name,
            offset,
            faults: fault.into_iter().collect(),
            is_cut: reader.dropped > 0,
        };
        let unsearched = reader.unsearched;
        let counter = match Kind::of(header) {
            Kind::Page => match Record::of(header, &mut reader.block, place) {
                Ok(record) => {
                    count(&self.counters.pages);
                    self.pending = (unsearched > 0).then(|| self.unsearched(offset, unsearched));
                    return Some(Ok(record));
                }
                Err(Content::OtherStatus) => &self.counters.other_status,
                Err(Content::OtherType) => &self.counters.other_type,
            },
            Kind::Revisit => &self.counters.revisits,
            Kind::Other => &self.counters.other_records,
        };
        count(counter);
        if unsearched > 0 {
            return Some(Err(self.unsearched(offset, unsearched)));
        }
        // There is no page in it, but the archive is damaged here.
        let fault = fault.filter(|_| end != End::Unchecked)?;
        Some(Err(self.damaged(
            offset,
            &format!("a record without a page: {fault}"),
        )))
    }

    fn unsearched(&self, offset: u64, count: u64) -> InputError {
        let reason = format!(
            "the length of a record is wrong, and {count} bytes had been passed over when that showed"
        );
        self.damaged(offset, &reason)
    }

    /// Goes on behind a damaged place, and returns what is to be reported of it.
    fn recover(&mut self, offset: u64, fault: Fault) -> InputError {
        let Ok(reader) = &mut self.reader else {
            return self.damaged(offset, "the archive can't be read");
        };
        let (reason, skipped) = match fault {
            Fault::Unreadable(error) => {
                return InputError {
                    name: self.name.clone(),
                    reason: format!("cannot read on after byte {offset}: {error}"),
                    kind: InputErrorKind::Unreadable,
                };
            }
            Fault::CutShort => {
                return self.damaged(offset, "the archive ends within a record");
            }
            Fault::Misplaced(reason) => (reason, reader.skip()),
            Fault::Damaged(reason) => (reason, reader.recover()),
        };
        let reason = match skipped {
            Ok(count) => format!("{reason}; {count} bytes were passed over"),
            Err(_) => reason,
        };
        self.damaged(offset, &reason)
    }
}

impl Iterator for Records {
    type Item = Result<Record, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.pending.take() {
            return Some(Err(error));
        }
        loop {
            let reader = match &mut self.reader {
                Ok(reader) => reader,
                Err(error) => return error.take().map(Err),
            };
            let (offset, read) = match reader.begin() {
                Ok(None) => return None,
                Ok(Some(offset)) => (offset, reader.read()),
                Err(fault) => (reader.place(), Err(fault)),
            };
            let found = match read {
                Ok(end) => self.page(offset, end),
                Err(fault) => Some(Err(self.recover(offset, fault))),
            };
            if found.is_some() {
                return found;
            }
        }
    }
}

/// True for the first bytes of a WARC file, compressed or not.
pub(super) fn begins_archive(start: &[u8]) -> bool {
    let counters = Arc::default();
    let source = Source::new(Box::new(io::Cursor::new(start.to_vec())), counters);
    Members::new(source).is_ok_and(|mut it| it.begins_record())
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
