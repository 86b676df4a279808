//! Articles as the store gives them out: which to read, what storing one did, and a cursor over
//! many.

use std::collections::VecDeque;

use crate::article::Article;
use crate::store::{Store, StoreError};

/// Records read at a time: a cursor over any number takes the memory of this many.
const BATCH: u32 = 100;

/// Which articles or raw pages to read; the default is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Fetched at this time or later, in unix milliseconds.
    pub since: Option<i64>,
    /// Fetched before this time, in unix milliseconds.
    pub until: Option<i64>,
    /// Names of sources; empty for all.
    pub sources: Vec<String>,
    /// Raw pages: none that only stood in for another, such as walls and checks.
    pub without_stand_ins: bool,
}

/// An article of the store.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// Its position in the order of storing, from 1.
    pub seq: i64,
    /// Counts the changes of its record.
    pub version: i64,
    /// The record.
    pub article: Article,
}

/// An article in the state in which it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArticleVersion {
    /// As [`StoredArticle::seq`].
    pub seq: i64,
    /// As [`StoredArticle::version`].
    pub version: i64,
}

/// What storing an article did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredAs {
    /// It is new.
    New,
    /// It is new, but its text is nearly that of the article with this id. It is stored all the
    /// same.
    DuplicateOf(String),
    /// Its text has changed since it was stored. It is this revision; the one before is stored too.
    Revision(u32),
    /// The store has it already; nothing was changed.
    Unchanged,
}

impl StoredAs {
    /// True where it has a row of its own that was not there before.
    pub(crate) fn is_inserted(&self) -> bool {
        matches!(self, StoredAs::New | StoredAs::DuplicateOf(_))
    }
}

/// A record that was extracted again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rewrite {
    /// The record.
    pub(crate) article: Article,
    /// The `article` selectors that find nothing on its page.
    pub(crate) missed_selectors: Option<String>,
    /// When its page was fetched, in unix milliseconds.
    pub(crate) fetched_at: i64,
}

/// What the store made of a record extracted again.
#[derive(Debug, Clone, PartialEq)]
pub struct RewriteResult {
    /// The record as it is stored now.
    pub article: Article,
    /// What became of it.
    pub stored_as: StoredAs,
    /// The record before, where there was one under the same URL.
    pub before: Option<Article>,
    /// The fields other than the text that differ from it.
    pub fields: Vec<&'static str>,
}

/// A cursor over articles, in the order in which they were stored.
#[derive(Debug)]
pub struct Articles<'s> {
    store: &'s dyn Store,
    filter: Filter,
    after: i64,
    ready: VecDeque<Article>,
}

impl<'s> Articles<'s> {
    pub(super) fn new(store: &'s dyn Store, filter: Filter) -> Articles<'s> {
        Articles {
            store,
            filter,
            after: 0,
            ready: VecDeque::new(),
        }
    }

    /// The next article; `None` after the last.
    ///
    /// # Errors
    /// Fails where the store can't be read.
    pub async fn next(&mut self) -> Result<Option<Article>, StoreError> {
        if self.ready.is_empty() {
            let batch = self
                .store
                .articles_after(&self.filter, self.after, BATCH)
                .await?;
            if let Some(last) = batch.last() {
                self.after = last.seq;
            }
            self.ready.extend(batch.into_iter().map(|it| it.article));
        }
        Ok(self.ready.pop_front())
    }
}
