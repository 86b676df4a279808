//! Which of the addresses that a crawl knows are meant: to be listed, or to be tried again.

use crate::verdict::VisitOutcome;

/// Selects pages by what became of them. The default selects all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AddressFilter {
    /// Only pages of these sources; empty for all.
    pub sources: Vec<String>,
    /// Only pages whose last visit ended so; empty for all.
    pub outcomes: Vec<VisitOutcome>,
    /// Only pages that were last visited, or found where they never were, at this time or later, in
    /// unix milliseconds.
    pub since: Option<i64>,
    /// Only pages that are lost: visited, without an article in the store, and not due again.
    pub lost: bool,
}
