//! The addresses that a crawl knows: which of them are meant, to be listed or to be tried again, and a cursor
//! over what became of each.

use std::collections::VecDeque;

use crate::store::{Store, StoreError};
use crate::verdict::VisitOutcome;

/// Addresses read at a time: a cursor over any number takes the memory of this many.
const BATCH: u32 = 500;

/// Selects addresses by what became of them. The default selects all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AddressFilter {
    /// Only addresses of these sources; empty for all.
    pub sources: Vec<String>,
    /// Only addresses whose last visit ended so; empty for all.
    pub outcomes: Vec<VisitOutcome>,
    /// Only addresses that were last visited, or found where they never were, at this time or later,
    /// in unix milliseconds.
    pub since: Option<i64>,
    /// Only pages that are lost: their last visit [brought no article](VisitOutcome::is_loss), and the
    /// store has none of them from an earlier visit or under another address. Those that will be tried
    /// again are among them.
    pub lost: bool,
}

/// An address, and what became of it. Times are unix milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Its position in the order in which addresses were found, from 1.
    pub id: i64,
    /// The address.
    pub url: String,
    /// The source that it belongs to.
    pub source: String,
    /// What it is expected to hold: `page`, `start`, `feed` or `sitemap`.
    pub kind: String,
    /// How its last visit ended; `None` where there was none.
    pub outcome: Option<VisitOutcome>,
    /// Why; at least [what that means](VisitOutcome::meaning) where it brought no article.
    pub reason: Option<String>,
    /// The HTTP status of the last visit, if the server answered.
    pub status: Option<u16>,
    /// Visits in all.
    pub tries: u32,
    /// What named it: `feed`, `news` (a news sitemap), `sitemap` or `link`; `None` for the settings.
    pub evidence: Option<String>,
    /// When it was first named.
    pub found_at: Option<i64>,
    /// When it was last visited.
    pub last_visit: Option<i64>,
    /// When it is due, and its host is not left alone; `None` for never.
    pub next_visit: Option<i64>,
    /// It is a page that was visited and is not in the store.
    pub is_lost: bool,
    /// The id of its article, where the store has it.
    pub stored_id: Option<String>,
    /// The title of that article.
    pub title: Option<String>,
}

/// A cursor over addresses, in the order in which they were found.
#[derive(Debug)]
pub struct Addresses<'s> {
    store: &'s dyn Store,
    filter: AddressFilter,
    after: i64,
    ready: VecDeque<Address>,
}

impl<'s> Addresses<'s> {
    pub(super) fn new(store: &'s dyn Store, filter: AddressFilter) -> Addresses<'s> {
        Addresses {
            store,
            filter,
            after: 0,
            ready: VecDeque::new(),
        }
    }

    /// The next address; `None` after the last.
    ///
    /// # Errors
    /// Fails where the store can't be read.
    pub async fn next(&mut self) -> Result<Option<Address>, StoreError> {
        if self.ready.is_empty() {
            let batch = self
                .store
                .addresses_after(&self.filter, self.after, BATCH)
                .await?;
            if let Some(last) = batch.last() {
                self.after = last.id;
            }
            self.ready.extend(batch);
        }
        Ok(self.ready.pop_front())
    }
}
