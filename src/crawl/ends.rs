//! Stores the ends of visits. A visit that can't be stored costs no other: it is made again later, unless the
//! store itself is of no more use.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::frontier::{FailedVisit, Finished, Frontier, Pass, Visit, VisitResult};
use crate::store::StoreError;
use crate::verdict::VisitOutcome;

/// After so many visits in a row that can't be stored, not even as failures, the pass ends.
const MOST_UNSTORED: u32 = 5;

/// Stores the ends of visits.
#[derive(Debug, Default)]
pub(super) struct VisitEnds {
    /// Visits in a row that could not be stored.
    unstored: AtomicU32,
}

impl VisitEnds {
    /// Stores the end of a visit. One that can't be stored ends as a fault of newsprint, and is made again
    /// later; `None` where not even that can be stored now.
    ///
    /// # Errors
    /// Fails where the store is of no more use, and where too many visits in a row can't be stored.
    pub(super) async fn store(
        &self,
        frontier: &dyn Frontier,
        pass: &Pass,
        visit: Visit,
    ) -> Result<Option<Finished>, StoreError> {
        let (due, at) = (visit.due.clone(), visit.at);
        let error = match frontier.finish(pass, visit).await {
            Ok(finished) => {
                self.unstored.store(0, Ordering::Relaxed);
                return Ok(Some(finished));
            }
            Err(error @ StoreError::LeaseLost { .. }) => {
                tracing::debug!(source = due.source, url = %due.url, "the visit is dropped: {error}");
                return Ok(None);
            }
            Err(error) if error.is_of_store() => return Err(error),
            Err(error) => error,
        };
        let error = error.with_causes();
        tracing::error!(source = due.source, url = %due.url, "the visit is not stored: {error}");
        let failed = FailedVisit {
            outcome: VisitOutcome::Panic,
            reason: format!("what was read could not be stored: {error}"),
            status: None,
            retry_after: None,
            failed_at: None,
        };
        let result = VisitResult::Failed(failed);
        match frontier.finish(pass, Visit { due, at, result }).await {
            Ok(finished) => Ok(Some(finished)),
            Err(error) => {
                let unstored = self.unstored.fetch_add(1, Ordering::Relaxed) + 1;
                let ends_pass = error.is_of_store() || unstored >= MOST_UNSTORED;
                if ends_pass { Err(error) } else { Ok(None) }
            }
        }
    }
}
