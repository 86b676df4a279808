//! Crawl traps that show only over many addresses: a URL pattern
//! ([`url_pattern`](crate::traps::url_pattern)) whose pages bring no article visit after visit,
//! while other pages of the host do.

use crate::frontier::Schedule;
use crate::verdict::VisitOutcome;

/// What visits to addresses of one pattern brought. Times are unix milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PatternRecord {
    /// Visits in a row without an article.
    pub(crate) unproductive: u32,
    /// The first of them.
    pub(crate) unproductive_since: Option<i64>,
    /// The last visit with an article.
    pub(crate) productive_at: Option<i64>,
    /// The last visit.
    pub(crate) visited_at: i64,
}

impl PatternRecord {
    /// The record after one more visit.
    pub(crate) fn after_visit(self, productive: bool, at: i64) -> PatternRecord {
        if productive {
            PatternRecord {
                unproductive: 0,
                unproductive_since: None,
                productive_at: Some(at),
                visited_at: at,
            }
        } else {
            PatternRecord {
                unproductive: self.unproductive.saturating_add(1),
                unproductive_since: self.unproductive_since.or(Some(at)),
                visited_at: at,
                ..self
            }
        }
    }

    /// True where more addresses of this pattern are not worth a visit: it has brought nothing in
    /// too many visits, while others of its host have brought articles (the last of them at
    /// `host_productive_at`). Where none has, the site may be down or unreadable as a whole, and it
    /// takes many more visits.
    pub(crate) fn is_trap(
        &self,
        schedule: &Schedule,
        host_productive_at: Option<i64>,
        now: i64,
    ) -> bool {
        let since_others_brought = self
            .unproductive_since
            .zip(host_productive_at)
            .is_some_and(|(since, at)| at >= since);
        let most = if since_others_brought {
            schedule
                .unproductive_visits
                .min(schedule.unproductive_visits_alone)
        } else {
            schedule.unproductive_visits_alone
        };
        self.visited_at > now.saturating_sub(schedule.unproductive_for) && self.unproductive >= most
    }
}

/// Whether a visit to a page that ended so was productive; `None` where it says nothing about the
/// page. Only a page that answers well and holds nothing speaks for a trap: not one that fails or that
/// something else stands in the place of, and not one that leads to new pages of another pattern, as
/// a section does.
pub(crate) fn is_productive(outcome: VisitOutcome, leads_on: bool) -> Option<bool> {
    match outcome {
        VisitOutcome::Unchanged => Some(true),
        outcome if outcome.is_article() => Some(true),
        VisitOutcome::NotArticle | VisitOutcome::Index if !leads_on => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const HOUR: i64 = 3600 * 1000;

    fn schedule() -> Schedule {
        Schedule::new(Duration::from_secs(300), Duration::from_secs(24 * 3600))
    }

    fn after(visits: u32) -> PatternRecord {
        (0..visits).fold(PatternRecord::default(), |record, _| {
            record.after_visit(false, HOUR)
        })
    }

    #[test]
    fn a_pattern_is_a_trap_after_forty_empty_visits_while_others_bring_articles() {
        let others = Some(2 * HOUR);
        assert!(!after(39).is_trap(&schedule(), others, 3 * HOUR));
        assert!(after(40).is_trap(&schedule(), others, 3 * HOUR));
        let before_the_first = Some(HOUR - 1);
        assert!(!after(40).is_trap(&schedule(), before_the_first, 3 * HOUR));
    }

    #[test]
    fn where_nothing_brings_articles_it_takes_ten_times_as_many() {
        assert!(!after(399).is_trap(&schedule(), None, HOUR));
        assert!(after(400).is_trap(&schedule(), None, HOUR));
    }

    #[test]
    fn after_a_month_without_a_visit_it_gets_another_chance() {
        let others = Some(2 * HOUR);
        let month = 30 * 24 * HOUR;
        assert!(after(40).is_trap(&schedule(), others, HOUR + month - 1));
        assert!(!after(40).is_trap(&schedule(), others, HOUR + month));
    }

    #[test]
    fn one_article_clears_the_count() {
        let record = after(100).after_visit(true, 2 * HOUR);
        assert_eq!((record.unproductive, record.unproductive_since), (0, None));
        assert_eq!(record.productive_at, Some(2 * HOUR));
        let again = record.after_visit(false, 3 * HOUR);
        assert_eq!(again.unproductive_since, Some(3 * HOUR));
        assert_eq!(again.productive_at, Some(2 * HOUR));
    }

    #[test]
    fn failures_and_walls_say_nothing_of_a_page() {
        for outcome in [
            VisitOutcome::Http4xx,
            VisitOutcome::Http5xx,
            VisitOutcome::Robots,
            VisitOutcome::Empty,
            VisitOutcome::Soft404,
            VisitOutcome::Challenge,
            VisitOutcome::Redirects,
        ] {
            assert_eq!(is_productive(outcome, false), None, "{outcome:?}");
        }
        assert_eq!(is_productive(VisitOutcome::Duplicate, false), Some(true));
        assert_eq!(is_productive(VisitOutcome::Index, false), Some(false));
        assert_eq!(is_productive(VisitOutcome::NotArticle, false), Some(false));
    }

    #[test]
    fn a_section_that_leads_to_new_pages_is_no_trap() {
        assert_eq!(is_productive(VisitOutcome::Index, true), None);
    }
}
