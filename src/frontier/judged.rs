//! Kept pages that were judged again, and what became of them.

use crate::frontier::Reading;
use crate::store::RewriteResult;
use crate::verdict::{AddressEvidence, VisitOutcome};

/// A kept page that was judged again.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The address of the page as asked for.
    pub url: String,
    /// The page's source.
    pub source: String,
    /// When the page was fetched, in unix milliseconds.
    pub fetched_at: i64,
    /// What it was read to be.
    pub reading: Reading,
    /// Its article goes on at another address, of which no page is kept.
    pub continues: bool,
    /// What named its address.
    pub evidence: AddressEvidence,
    /// As [`RawPage::judged_by`](crate::store::RawPage::judged_by).
    pub judged_by: Option<String>,
    /// Report what would change, and change nothing.
    pub dry_run: bool,
}

/// What became of a page that was judged again.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The address of the page as asked for.
    pub url: String,
    /// An article was found on it before.
    pub was_article: bool,
    /// What it is now.
    pub outcome: VisitOutcome,
    /// Its article, and what the store made of it.
    pub article: Option<RewriteResult>,
    /// It holds an article of several pages and was refused before: it is fetched again.
    pub is_due: bool,
}
