//! Copies a store, table by table in the order of the primary keys, a batch a transaction.
//!
//! The store that is copied is read in one snapshot. How far each table is stands in the copy (`progress`), so that one
//! that was killed goes on where it was. In the end all rows of both are compared (`compare`), and those that have changed
//! meanwhile are written again: a copy is the store as it was when the last run began.

mod compare;
mod progress;
mod tables;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use super::SqlStore;
use super::database::{Cells, Reading, Table, query};
use super::writing::Writing;
use crate::location::StoreLocation;
use crate::store::copy::OnCopyProgress;
use crate::store::{CopyError, CopyProgress, CopyStep, Store as _, StoreError, TableCopy, lock};

pub(super) use progress::source_of;
pub(super) use tables::ADDRESSES;

/// Copies the store at one location to another; see [`store::copy`](crate::store::copy()).
pub(in crate::store) async fn copy(
    from: &StoreLocation,
    to: &StoreLocation,
    on_progress: OnCopyProgress<'_>,
) -> Result<Vec<TableCopy>, CopyError> {
    if progress::name_of(from) == progress::name_of(to) {
        let location = from.to_string();
        return Err(CopyError::Same { location });
    }
    let _locks = (lock(from).await?, lock(to).await?);
    let original = SqlStore::open_read_only(from).await?;
    let copy = SqlStore::open_unfinished(to).await?;
    let mut copying = Copying {
        snapshot: original.snapshot().await?,
        original,
        replaces_nuls: matches!(to, StoreLocation::Server(_)),
        copy,
        on_progress,
    };
    let tables = copying.all(&progress::name_of(from)).await;
    let Copying {
        original,
        snapshot,
        copy,
        ..
    } = copying;
    // A store waits for its connections before it is closed.
    drop(snapshot);
    original.close().await;
    copy.close().await;
    tables
}

/// Copies what a crawl knows of addresses and hosts, but no leases.
pub(super) async fn copy_addresses(original: &SqlStore, copy: &SqlStore) -> Result<(), StoreError> {
    let mut snapshot = original.snapshot().await?;
    for table in &ADDRESSES {
        let mut reading = Reading::of(table, None);
        loop {
            let rows = reading.next(&mut *snapshot).await;
            let rows = rows.map_err(|error| original.fault(error))?;
            if rows.is_empty() {
                break;
            }
            let mut writing = copy.begin().await?;
            let steps = async {
                table.insert(&mut *writing, rows).await?;
                writing.commit().await
            };
            steps.await.map_err(|error| copy.fault(error))?;
        }
    }
    let free = query("UPDATE hosts SET claimed_at = 0, lease_until = 0, lease_owner = NULL");
    copy.write(free).await?;
    Ok(())
}

/// A copy that is being made.
struct Copying<'a> {
    original: SqlStore,
    snapshot: Writing,
    copy: SqlStore,
    replaces_nuls: bool,
    on_progress: OnCopyProgress<'a>,
}

impl Copying<'_> {
    async fn all(&mut self, name: &str) -> Result<Vec<TableCopy>, CopyError> {
        let progress = progress::begin(&self.copy, name).await?;
        for table in tables::all() {
            let known = progress.get(table.name).cloned().unwrap_or_default();
            if !known.filled {
                self.fill(table, Reading::of(table, known.position)).await?;
            }
        }
        let mut copies = Vec::new();
        for table in tables::all() {
            copies.push(self.settle(table).await?);
        }
        if copies.iter().all(TableCopy::is_equal) {
            progress::end(&self.copy).await?;
        }
        Ok(copies)
    }

    /// Writes the rows that are not there yet.
    async fn fill(&mut self, table: &'static Table, mut reading: Reading) -> Result<(), CopyError> {
        let of = self.count(table).await?;
        loop {
            let (rows, _) = self.read(&mut reading).await?;
            let count = rows.len();
            let mut writing = self.copy.begin().await?;
            let steps = async {
                if count > 0 {
                    table.insert(&mut *writing, rows).await?;
                }
                progress::note(&mut writing, table, reading.position(), count == 0).await?;
                writing.commit().await
            };
            steps.await.map_err(|error| self.copy.fault(error))?;
            if count == 0 {
                return Ok(());
            }
            self.report(table, CopyStep::Copying, count, of)?;
        }
    }

    async fn count(&mut self, table: &'static Table) -> Result<u64, CopyError> {
        let count = table.count(&mut *self.snapshot).await;
        Ok(count
            .map_err(|error| self.original.fault(error))?
            .unsigned_abs())
    }

    /// The next rows as they are to be in the copy, and how many of their texts had NULs.
    async fn read(&mut self, reading: &mut Reading) -> Result<(Vec<Cells>, u64), CopyError> {
        let rows = reading.next(&mut *self.snapshot).await;
        let mut rows = rows.map_err(|error| self.original.fault(error))?;
        let mut nuls = 0;
        if self.replaces_nuls {
            nuls = rows.iter_mut().map(Cells::replace_nuls).sum();
        }
        Ok((rows, nuls))
    }

    fn report(
        &mut self,
        table: &'static Table,
        step: CopyStep,
        rows: usize,
        of: u64,
    ) -> Result<(), CopyError> {
        let progress = CopyProgress {
            table: table.name,
            step,
            rows: rows as u64,
            of,
        };
        match (self.on_progress)(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(CopyError::Stopped),
        }
    }
}
