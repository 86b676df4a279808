//! Full-text search over the articles of a store: what is found, page by page.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;

use crate::article::{Access, Article, Kind};
use crate::search::{Part, SearchQuery, snippet};
use crate::store::{Store, StoreError, StoredArticle};

/// Records read at a time by a cursor over all that is found.
const BATCH: u32 = 100;
/// Up to so many, articles that are found are counted.
pub(crate) const MOST_COUNTED: u64 = 1_000;

/// What a step of indexing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Indexed {
    /// Articles whose words are in the index now.
    pub articles: u64,
    /// What is left to be indexed.
    pub left: Unindexed,
}

/// What a step of indexing leaves for later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unindexed {
    /// Articles that the next step indexes.
    #[default]
    More,
    /// Articles that no step can index yet: articles have their turn in the order in which they were stored, and on a server
    /// that is known once the transactions have ended that began before, in whichever of its databases.
    HeldBack,
    /// Nothing.
    Nothing,
}

/// How many articles are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(u64),
    /// More than so many; nobody has counted them.
    MoreThan(u64),
}

impl Total {
    /// The total where so many were counted before counting was stopped.
    pub(crate) fn of_counted(count: u64) -> Total {
        match count {
            0..=MOST_COUNTED => Total::Exactly(count),
            _ => Total::MoreThan(MOST_COUNTED),
        }
    }
}

/// The place after an article in what a query finds. It is a text, for links; it stays right while articles are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchCursor {
    /// By time: after the entry of this number.
    Newest {
        /// The number of the last entry that was read.
        entry: i64,
    },
    /// By relevance: of the articles that were indexed at the beginning, so many were read.
    Relevance {
        /// The last article that was indexed at the beginning.
        last: i64,
        /// The articles that were read.
        read: u32,
    },
}

impl fmt::Display for SearchCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchCursor::Newest { entry } => write!(f, "n{entry}"),
            SearchCursor::Relevance { last, read } => write!(f, "r{last}-{read}"),
        }
    }
}

/// A text is no cursor of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor of a search; begin with the first page")]
pub struct BadSearchCursor;

impl FromStr for SearchCursor {
    type Err = BadSearchCursor;

    fn from_str(text: &str) -> Result<SearchCursor, BadSearchCursor> {
        let number = |text: &str| text.parse::<u64>().ok();
        let place = |text: &str| i64::try_from(number(text)?).ok();
        let newest = text.strip_prefix('n').and_then(place);
        let relevance = || {
            let (last, read) = text.strip_prefix('r')?.split_once('-')?;
            Some(SearchCursor::Relevance {
                last: place(last)?,
                read: u32::try_from(number(read)?).ok()?,
            })
        };
        let newest = newest.map(|entry| SearchCursor::Newest { entry });
        newest.or_else(relevance).ok_or(BadSearchCursor)
    }
}

/// Some of the articles that a query finds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FoundArticles {
    /// The articles, in the order of the query.
    pub articles: Vec<StoredArticle>,
    /// The place after them; `None` where there are no more.
    pub next: Option<SearchCursor>,
}

/// An article that was found, as a list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// [`Article::id`].
    pub id: String,
    /// [`Article::title`].
    pub title: Option<String>,
    /// [`Article::source`].
    pub source: Option<String>,
    /// The address to read it at: the canonical one, or else the one that was asked for.
    pub url: Option<String>,
    /// [`Article::published`].
    pub published: Option<String>,
    /// [`Article::fetched_at`].
    pub fetched_at: Option<String>,
    /// [`Article::authors`].
    pub authors: Vec<String>,
    /// [`Article::section`].
    pub section: Option<String>,
    /// [`Article::language`].
    pub language: Option<String>,
    /// [`Article::kind`].
    pub kind: Kind,
    /// [`Article::access`].
    pub access: Option<Access>,
    /// [`Article::word_count`].
    pub word_count: usize,
    /// [`Article::revision`].
    pub revision: u32,
    /// [`Article::duplicate_of`].
    pub duplicate_of: Option<String>,
    /// The part of the text that shows why it was found.
    pub snippet: Vec<Part>,
}

impl Hit {
    /// What a list shows of this article.
    pub fn of(article: Article, query: &SearchQuery) -> Hit {
        Hit {
            snippet: snippet(&article.text, query),
            id: article.id,
            title: article.title,
            source: article.source,
            url: article.canonical_url.or(article.final_url).or(article.url),
            published: article.published,
            fetched_at: article.fetched_at,
            authors: article.authors,
            section: article.section,
            language: article.language,
            kind: article.kind,
            access: article.access,
            word_count: article.word_count,
            revision: article.revision,
            duplicate_of: article.duplicate_of,
        }
    }
}

/// A page of what a query finds.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPage {
    /// The articles, in the order of the query.
    pub hits: Vec<Hit>,
    /// The place after them; `None` where there are no more.
    pub next: Option<SearchCursor>,
    /// How many the query finds in all.
    pub total: Total,
}

/// An article whose text is nearly that of another.
#[derive(Debug, Clone, PartialEq)]
pub struct NearDuplicate {
    /// The other article.
    pub article: StoredArticle,
    /// How similar the two texts are, from 0 to 1: the share of runs of three words that they have in common.
    pub similarity: f64,
}

/// A cursor over all articles that a query finds.
#[derive(Debug)]
pub struct Found<'s> {
    store: &'s dyn Store,
    query: SearchQuery,
    after: Option<SearchCursor>,
    ready: VecDeque<Article>,
    is_done: bool,
}

impl<'s> Found<'s> {
    pub(super) fn new(store: &'s dyn Store, query: SearchQuery) -> Found<'s> {
        Found {
            store,
            query,
            after: None,
            ready: VecDeque::new(),
            is_done: false,
        }
    }

    /// The next article; `None` after the last.
    ///
    /// # Errors
    /// Fails where the store can't be read.
    pub async fn next(&mut self) -> Result<Option<Article>, StoreError> {
        while self.ready.is_empty() && !self.is_done {
            let found = self.store.find(&self.query, self.after, BATCH).await?;
            self.is_done = found.next.is_none();
            self.after = found.next;
            self.ready
                .extend(found.articles.into_iter().map(|it| it.article));
        }
        Ok(self.ready.pop_front())
    }
}

/// A page of what a query finds, with snippets.
pub(super) async fn page(
    store: &dyn Store,
    query: &SearchQuery,
    after: Option<SearchCursor>,
    limit: u32,
) -> Result<SearchPage, StoreError> {
    let found = store.find(query, after, limit).await?;
    let hits = found
        .articles
        .into_iter()
        .map(|it| Hit::of(it.article, query));
    Ok(SearchPage {
        hits: hits.collect(),
        next: found.next,
        total: store.count_found(query).await?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written_and_nothing_else_is() {
        let relevance = SearchCursor::Relevance { last: 7, read: 20 };
        for cursor in [SearchCursor::Newest { entry: 12 }, relevance] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for bad in [
            "",
            "n",
            "n-1",
            "r1",
            "r1-",
            "r1-99999999999",
            "x1",
            "n1 ",
            "n99999999999999999999",
        ] {
            assert_eq!(bad.parse::<SearchCursor>(), Err(BadSearchCursor), "{bad}");
        }
    }
}
