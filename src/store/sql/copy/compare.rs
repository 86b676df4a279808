//! Compares a table of both stores row by row, in the order of its primary key, and repairs the copy.

use std::cmp::Ordering;
use std::collections::VecDeque;

use sha2::{Digest, Sha256};

use super::Copying;
use crate::store::copy::TableDigest;
use crate::store::sql::SqlStore;
use crate::store::sql::database::{Cell, Cells, Reading, Table};
use crate::store::{CopyError, CopyStep, StoreError, TableCopy};

/// What is done to a copy where it differs. Rows are deleted before others are inserted, since those may have their unique
/// keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repair {
    /// Rows are deleted that the original does not have, or has otherwise.
    Delete,
    /// Rows are inserted that the copy does not have.
    Insert,
    /// Nothing.
    None,
}

/// The rows of one of the two.
struct Side {
    reading: Reading,
    rows: VecDeque<Cells>,
    has_ended: bool,
    count: u64,
    hash: Sha256,
}

/// What has been compared so far.
struct Comparison {
    table: &'static Table,
    original: Side,
    copy: Side,
    nuls: u64,
    deleted: Vec<Vec<Cell>>,
    inserted: Vec<Cells>,
    different: u64,
}

impl Copying<'_> {
    /// Compares a table, repairs it where it differs, and compares it again.
    pub(super) async fn settle(&mut self, table: &'static Table) -> Result<TableCopy, CopyError> {
        let first = self.compare(table, Repair::Delete).await?;
        if first.different == 0 {
            return Ok(first.report(0));
        }
        self.compare(table, Repair::Insert).await?;
        let last = self.compare(table, Repair::None).await?;
        Ok(last.report(first.different))
    }

    async fn compare(
        &mut self,
        table: &'static Table,
        repair: Repair,
    ) -> Result<Comparison, CopyError> {
        let of = self.count(table).await?;
        let mut both = Comparison::of(table);
        loop {
            if both.original.is_to_be_read() {
                both.repair(&self.copy).await?;
                let (rows, nuls) = self.read(&mut both.original.reading).await?;
                both.nuls += nuls;
                self.report(table, CopyStep::Comparing, rows.len(), of)?;
                both.original.take_in(rows);
            }
            if both.copy.is_to_be_read() {
                both.repair(&self.copy).await?;
                let rows = both.copy.reading.next(self.copy.readers()).await;
                both.copy
                    .take_in(rows.map_err(|error| self.copy.fault(error))?);
            }
            if both.original.rows.is_empty() && both.copy.rows.is_empty() {
                both.repair(&self.copy).await?;
                return Ok(both);
            }
            while both.has_next() {
                both.step(repair);
            }
        }
    }
}

impl Comparison {
    fn of(table: &'static Table) -> Comparison {
        Comparison {
            table,
            original: Side::of(table),
            copy: Side::of(table),
            nuls: 0,
            deleted: Vec::new(),
            inserted: Vec::new(),
            different: 0,
        }
    }

    /// True while the next row of both is known.
    fn has_next(&self) -> bool {
        let is_known = |side: &Side| side.has_ended || !side.rows.is_empty();
        let any = !self.original.rows.is_empty() || !self.copy.rows.is_empty();
        any && is_known(&self.original) && is_known(&self.copy)
    }

    /// Compares the next rows.
    fn step(&mut self, repair: Repair) {
        let order = match (self.original.rows.front(), self.copy.rows.front()) {
            (Some(original), Some(copy)) => {
                self.table.key_of(original).cmp(self.table.key_of(copy))
            }
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        let original = order.is_le().then(|| self.original.pass()).flatten();
        let copy = order.is_ge().then(|| self.copy.pass()).flatten();
        if original == copy {
            return;
        }
        self.different += 1;
        match (repair, original, copy) {
            (Repair::Delete, _, Some(copy)) => {
                self.deleted.push(self.table.key_of(&copy).to_vec());
            }
            (Repair::Insert, Some(original), None) => self.inserted.push(original),
            _ => {}
        }
    }

    async fn repair(&mut self, copy: &SqlStore) -> Result<(), StoreError> {
        let deleted = std::mem::take(&mut self.deleted);
        let inserted = std::mem::take(&mut self.inserted);
        if deleted.is_empty() && inserted.is_empty() {
            return Ok(());
        }
        let mut writing = copy.begin().await?;
        let steps = async {
            self.table.delete(&mut *writing, &deleted).await?;
            if !inserted.is_empty() {
                self.table.insert(&mut *writing, inserted).await?;
            }
            writing.commit().await
        };
        steps.await.map_err(|error| copy.fault(error))
    }

    fn report(self, repaired: u64) -> TableCopy {
        let (original, copy) = (self.original.digest(), self.copy.digest());
        let mut report = TableCopy::new(self.table.name, original, copy);
        report.repaired = repaired;
        report.nuls = self.nuls;
        report
    }
}

impl Side {
    fn of(table: &'static Table) -> Side {
        Side {
            reading: Reading::of(table, None),
            rows: VecDeque::new(),
            has_ended: false,
            count: 0,
            hash: Sha256::new(),
        }
    }

    fn is_to_be_read(&self) -> bool {
        self.rows.is_empty() && !self.has_ended
    }

    fn take_in(&mut self, rows: Vec<Cells>) {
        self.has_ended = rows.is_empty();
        self.rows = rows.into();
    }

    /// The next row, which is counted.
    fn pass(&mut self) -> Option<Cells> {
        let row = self.rows.pop_front()?;
        self.count += 1;
        row.add_to(&mut self.hash);
        Some(row)
    }

    fn digest(self) -> TableDigest {
        let hash = self.hash.finalize();
        TableDigest {
            rows: self.count,
            hash: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}
