//! How a source goes from day to day, and what became of its pages.

use async_trait::async_trait;

use crate::store::{Address, StoreError};
use crate::verdict::VisitOutcome;

/// What a source brought on one day of 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SourceDay {
    /// Pages that were first named on it.
    pub found: u64,
    /// Articles that were stored or changed on it.
    pub articles: u64,
    /// Words of their texts, in all.
    pub words: u64,
    /// Those of them that have a title…
    pub titles: u64,
    /// …an author…
    pub authors: u64,
    /// …and a date of publication.
    pub dates: u64,
    /// Pages that were last visited on it and are not in the store.
    pub lost: u64,
}

impl SourceDay {
    /// The sum of some days.
    pub fn sum<'d>(days: impl IntoIterator<Item = &'d SourceDay>) -> SourceDay {
        let mut sum = SourceDay::default();
        for day in days {
            sum.found += day.found;
            sum.articles += day.articles;
            sum.words += day.words;
            sum.titles += day.titles;
            sum.authors += day.authors;
            sum.dates += day.dates;
            sum.lost += day.lost;
        }
        sum
    }

    /// The mean length of a text, in words; `None` without articles.
    pub fn mean_words(&self) -> Option<u64> {
        self.words.checked_div(self.articles)
    }

    /// So many in a hundred of the articles; `None` without articles.
    pub fn percent(&self, count: u64) -> Option<u64> {
        (count * 100).checked_div(self.articles)
    }
}

/// What a store counts and lists of a source's days and pages. All times are unix milliseconds. Every method fails
/// where the store can't be read.
#[async_trait]
pub trait Trends {
    /// For each of these sources, in their order: so many days of 24 hours, the oldest first, the last of which ends
    /// now.
    async fn source_days(
        &self,
        sources: &[String],
        days: usize,
        now: i64,
    ) -> Result<Vec<Vec<SourceDay>>, StoreError>;

    /// How the last visits to a source's pages ended, each outcome with the number of pages, the most frequent first.
    async fn outcome_counts(&self, source: &str) -> Result<Vec<(VisitOutcome, u64)>, StoreError>;

    /// The pages of a source whose last visit ended so and that were found before the one of this number, the newest
    /// first, at most `limit`.
    async fn pages_by_outcome(
        &self,
        source: &str,
        outcome: VisitOutcome,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Address>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_add_up_and_nothing_is_divided_by_nothing() {
        let day = SourceDay {
            found: 4,
            articles: 3,
            words: 1000,
            authors: 2,
            lost: 1,
            ..SourceDay::default()
        };
        let sum = SourceDay::sum(&[day, day, SourceDay::default()]);
        assert_eq!((sum.found, sum.articles, sum.lost), (8, 6, 2));
        assert_eq!(sum.mean_words(), Some(333));
        assert_eq!(sum.percent(sum.authors), Some(66));
        let none = SourceDay::default();
        assert_eq!((none.mean_words(), none.percent(0)), (None, None));
    }
}
