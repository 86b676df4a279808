//! How much of the archives was read, counted while others read on.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// What was read of archives so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ReadCounts {
    /// Bytes, as they are stored.
    pub bytes: u64,
    /// Records of every type.
    pub records: u64,
    /// Records with a page.
    pub pages: u64,
    /// Records that say that a page had not changed since it was saved before.
    pub revisits: u64,
    /// Answers that are no page, by their status.
    pub other_status: u64,
    /// What is not HTML.
    pub other_type: u64,
    /// Requests, notes on the crawl and the like.
    pub other_records: u64,
    /// Damaged places.
    pub damaged: u64,
}

/// The same, being counted.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) bytes: AtomicU64,
    pub(super) records: AtomicU64,
    pub(super) pages: AtomicU64,
    pub(super) revisits: AtomicU64,
    pub(super) other_status: AtomicU64,
    pub(super) other_type: AtomicU64,
    pub(super) other_records: AtomicU64,
    pub(super) damaged: AtomicU64,
}

impl Counters {
    pub(super) fn now(&self) -> ReadCounts {
        ReadCounts {
            bytes: self.bytes.load(Relaxed),
            records: self.records.load(Relaxed),
            pages: self.pages.load(Relaxed),
            revisits: self.revisits.load(Relaxed),
            other_status: self.other_status.load(Relaxed),
            other_type: self.other_type.load(Relaxed),
            other_records: self.other_records.load(Relaxed),
            damaged: self.damaged.load(Relaxed),
        }
    }
}
