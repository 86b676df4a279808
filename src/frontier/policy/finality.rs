//! Which answers of a page are final. Only the site can say so, by 410 or by a 404 that repeats once
//! nothing names the page any more, or our own rules; whatever else stands in an article's place may
//! be gone the next time.

use crate::frontier::{FoundUrl, Schedule, Visit};
use crate::verdict::VisitOutcome;

/// How a visit to a page ended, as far as asking again goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageEnd {
    /// The article is in the store.
    Article,
    /// The page was read, or our rules refuse it: another visit would end the same way.
    Final,
    /// 410: gone for good.
    Gone,
    /// 404: final once it repeats and nothing names the page.
    Missing,
    /// Something stands in the page's place, or fails there, that may pass.
    Passing,
    /// No article is there, though a feed or news sitemap names the page as one: perhaps something
    /// stands in its place that is not recognised.
    Doubtful,
    /// The site forbids the page, by robots.txt or an opt-out. What says so is read again each day, and a try costs no
    /// other request, but where the page itself says so.
    Forbidden,
    /// A failure that other pages of the host may share: an outage or a rate limit.
    HostFault,
}

/// How a visit to a page ended.
pub(crate) fn page_end(visit: &Visit) -> PageEnd {
    let is_named = visit.due.evidence.names_article();
    match visit.outcome() {
        VisitOutcome::NotArticle | VisitOutcome::Index if is_named => PageEnd::Doubtful,
        outcome => outcome_end(outcome, visit.status()),
    }
}

/// How a visit with this outcome and status ended, whatever named the page.
pub(crate) fn outcome_end(outcome: VisitOutcome, status: Option<u16>) -> PageEnd {
    match (outcome, status) {
        (VisitOutcome::Http4xx, Some(410)) => PageEnd::Gone,
        (VisitOutcome::Http4xx, Some(404)) => PageEnd::Missing,
        (VisitOutcome::Http4xx, Some(429)) => PageEnd::HostFault,
        (
            VisitOutcome::Http4xx
            | VisitOutcome::ConsentWall
            | VisitOutcome::Challenge
            | VisitOutcome::Soft404
            | VisitOutcome::Empty
            | VisitOutcome::Redirects
            | VisitOutcome::MovedAway
            | VisitOutcome::BadEncoding
            | VisitOutcome::NotRendered
            | VisitOutcome::Panic,
            _,
        ) => PageEnd::Passing,
        (VisitOutcome::Robots | VisitOutcome::OptOut, _) => PageEnd::Forbidden,
        (VisitOutcome::Unchanged, _) => PageEnd::Article,
        (outcome, _) if outcome.is_article() => PageEnd::Article,
        (outcome, _) if outcome.is_transient() => PageEnd::HostFault,
        _ => PageEnd::Final,
    }
}

/// A page that is not due and whose article is not in the store, when something names it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LostPage {
    /// How its last visit ended; `None` where it was never visited.
    pub(crate) outcome: Option<VisitOutcome>,
    /// The status of its last visit.
    pub(crate) status: Option<u16>,
    /// Visits that failed and count.
    pub(crate) attempts: u32,
    /// Something named it all the while.
    pub(crate) was_named: bool,
}

impl LostPage {
    /// The attempts to go on with, where the page that is named again gets another round of tries:
    /// one that went unnamed in between gets one; what was too old and is not any more was never
    /// tried.
    pub(crate) fn revived(&self, schedule: &Schedule, found: &FoundUrl) -> Option<u32> {
        let outcome = self.outcome?;
        if outcome == VisitOutcome::TooOld {
            return (!found.too_old).then_some(0);
        }
        let is_lost = matches!(
            outcome_end(outcome, self.status),
            PageEnd::Missing | PageEnd::Passing | PageEnd::Forbidden | PageEnd::HostFault
        );
        // The second round ends with twice the tries of one.
        let is_first = self.attempts < 2 * schedule.tries();
        (is_lost && is_first && !found.too_old && !self.was_named)
            .then(|| self.attempts.max(schedule.tries()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use url::Url;

    use super::*;
    use crate::frontier::{AnsweredVisit, Due, Reading, UrlKind, VisitResult};
    use crate::verdict::AddressEvidence;

    fn schedule() -> Schedule {
        Schedule::new(Duration::from_secs(300), Duration::from_secs(86_400))
    }

    fn found(too_old: bool) -> FoundUrl {
        FoundUrl {
            url: Url::parse("https://daily.test/a").unwrap(),
            kind: UrlKind::Page,
            depth: 1,
            hint: None,
            published: None,
            guessed: false,
            evidence: AddressEvidence::Unknown,
            too_old,
        }
    }

    const LOST: LostPage = LostPage {
        outcome: Some(VisitOutcome::Challenge),
        status: Some(403),
        attempts: 5,
        was_named: true,
    };

    #[test]
    fn only_the_site_or_our_rules_end_it() {
        for status in [400, 401, 403, 405, 408, 421, 425, 451] {
            let end = outcome_end(VisitOutcome::Http4xx, Some(status));
            assert_eq!(end, PageEnd::Passing, "{status}");
        }
        for outcome in [
            VisitOutcome::Empty,
            VisitOutcome::Challenge,
            VisitOutcome::ConsentWall,
            VisitOutcome::Soft404,
            VisitOutcome::Redirects,
        ] {
            assert_eq!(outcome_end(outcome, Some(200)), PageEnd::Passing);
        }
        let end = |status| outcome_end(VisitOutcome::Http4xx, Some(status));
        assert_eq!(end(410), PageEnd::Gone);
        assert_eq!(end(404), PageEnd::Missing);
        assert_eq!(end(429), PageEnd::HostFault);
        assert_eq!(outcome_end(VisitOutcome::Dns, None), PageEnd::HostFault);
        for outcome in [
            VisitOutcome::Index,
            VisitOutcome::NotArticle,
            VisitOutcome::TooLarge,
            VisitOutcome::NotHtml,
        ] {
            assert_eq!(outcome_end(outcome, Some(200)), PageEnd::Final);
        }
    }

    #[test]
    fn what_a_feed_names_and_is_no_article_is_doubted() {
        let end = |outcome, evidence| {
            let due = Due {
                evidence,
                ..Due::of_test(UrlKind::Page, "https://daily.test/a", "daily")
            };
            let result = VisitResult::Answered(AnsweredVisit {
                status: 200,
                etag: None,
                last_modified: None,
                archived: None,
                reading: Reading::new(outcome, None),
            });
            page_end(&Visit { due, at: 1, result })
        };
        for evidence in [AddressEvidence::Feed, AddressEvidence::NewsSitemap] {
            for outcome in [VisitOutcome::NotArticle, VisitOutcome::Index] {
                assert_eq!(end(outcome, evidence), PageEnd::Doubtful);
            }
            let stub = end(VisitOutcome::PaywallStub, evidence);
            assert_eq!(stub, PageEnd::Final);
        }
        for evidence in [
            AddressEvidence::Unknown,
            AddressEvidence::Link,
            AddressEvidence::Sitemap,
        ] {
            assert_eq!(end(VisitOutcome::NotArticle, evidence), PageEnd::Final);
        }
    }

    #[test]
    fn a_lost_page_that_is_named_anew_gets_one_more_round() {
        let revived = |lost: LostPage| lost.revived(&schedule(), &found(false));
        assert_eq!(revived(LOST), None);
        let unnamed = LostPage {
            was_named: false,
            ..LOST
        };
        assert_eq!(revived(unnamed), Some(5));
        let missing = LostPage {
            outcome: Some(VisitOutcome::Http4xx),
            status: Some(404),
            attempts: 2,
            ..unnamed
        };
        assert_eq!(revived(missing), Some(5));
        let twice = LostPage {
            attempts: 10,
            ..unnamed
        };
        assert_eq!(revived(twice), None);
        let gone = LostPage {
            outcome: Some(VisitOutcome::Http4xx),
            status: Some(410),
            ..unnamed
        };
        assert_eq!(revived(gone), None);
        let read = LostPage {
            outcome: Some(VisitOutcome::NotArticle),
            ..unnamed
        };
        assert_eq!(revived(read), None);
        let other_url = LostPage {
            outcome: None,
            ..unnamed
        };
        assert_eq!(revived(other_url), None);
    }

    #[test]
    fn what_was_too_old_is_tried_as_soon_as_it_is_not() {
        let lost = LostPage {
            outcome: Some(VisitOutcome::TooOld),
            status: None,
            attempts: 0,
            was_named: true,
        };
        assert_eq!(lost.revived(&schedule(), &found(true)), None);
        assert_eq!(lost.revived(&schedule(), &found(false)), Some(0));
    }
}
