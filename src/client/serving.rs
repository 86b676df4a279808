//! What a server needs of its client: the same pace and connections with rules that change, and the parts by themselves.

use std::sync::Arc;

use crate::client::{Client, Readers};
use crate::fetch::Fetcher;
use crate::rulebook::RuleBook;

impl Client {
    /// The same client with other rules: connections, the pace of each host and its robots.txt are shared.
    pub(crate) fn with_rules(&self, rules: Arc<RuleBook>) -> Client {
        Client {
            rules,
            ..self.clone()
        }
    }

    /// What fetches.
    pub(crate) fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// The threads that read pages.
    pub(crate) fn readers(&self) -> &Readers {
        &self.readers
    }
}
