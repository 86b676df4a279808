//! Which pages are kept as they came, so that they can be judged again, and which of two of one address.

use crate::verdict::VisitOutcome;

/// What a page is worth: of two of one address, the one that is worth more is kept, else the newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PageWorth {
    /// Something was served in its place, as far as we can tell.
    StandIn,
    /// It was read, and refused.
    Refused,
    /// It holds an article.
    Article,
}

/// What a page is worth whose visit ended so.
pub(crate) fn worth(outcome: VisitOutcome) -> PageWorth {
    match outcome {
        VisitOutcome::Stored
        | VisitOutcome::Duplicate
        | VisitOutcome::Updated
        | VisitOutcome::Unchanged => PageWorth::Article,
        VisitOutcome::Challenge | VisitOutcome::ConsentWall | VisitOutcome::Soft404 => {
            PageWorth::StandIn
        }
        _ => PageWorth::Refused,
    }
}

/// True where a verdict ended the visit, which may be another by another extractor or other rules.
pub(crate) fn is_refusal(outcome: VisitOutcome) -> bool {
    REFUSED.contains(&outcome)
}

/// The verdicts by which pages are refused.
pub(crate) const REFUSED: [VisitOutcome; 8] = [
    VisitOutcome::Index,
    VisitOutcome::NotArticle,
    VisitOutcome::ConsentWall,
    VisitOutcome::Challenge,
    VisitOutcome::Soft404,
    VisitOutcome::PaywallStub,
    VisitOutcome::Empty,
    VisitOutcome::OtherLanguage,
];

/// Bytes of a compressed page that seems to stand in for another: walls and checks are small, and an
/// article mistaken for one rarely has more.
pub(crate) const LARGEST_STAND_IN: usize = 256 << 10;

/// Refused pages of a source that are kept, the newest; those of articles have no such bound.
pub(crate) const MOST_REFUSED: u32 = 5_000;

/// Pages whose articles a feed names and which were not kept: so many of a source are fetched again
/// after an upgrade…
pub(crate) const MOST_FETCHED_AGAIN: u32 = 100;
/// …of those visited within this time, in milliseconds.
pub(crate) const FETCHED_AGAIN_WITHIN: i64 = 30 * super::DAY_MS;

/// True where a page that a visit with this outcome brought is kept.
pub(crate) fn is_kept(outcome: VisitOutcome, packed_length: usize) -> bool {
    // What another site serves is not this source's to keep, nor what the site wants not to be kept.
    !matches!(outcome, VisitOutcome::MovedAway | VisitOutcome::OptOut)
        && (worth(outcome) > PageWorth::StandIn || packed_length <= LARGEST_STAND_IN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_worth_more_than_a_refused_page_and_that_more_than_a_wall() {
        let worths = [
            VisitOutcome::Soft404,
            VisitOutcome::NotArticle,
            VisitOutcome::Stored,
        ]
        .map(worth);
        assert!(worths.is_sorted());
        assert_eq!(worth(VisitOutcome::OtherLanguage), PageWorth::Refused);
        assert_eq!(worth(VisitOutcome::Unchanged), PageWorth::Article);
    }

    #[test]
    fn large_stand_ins_are_not_kept() {
        assert!(is_kept(VisitOutcome::Challenge, LARGEST_STAND_IN));
        assert!(!is_kept(VisitOutcome::Challenge, LARGEST_STAND_IN + 1));
        assert!(is_kept(VisitOutcome::NotArticle, LARGEST_STAND_IN + 1));
    }

    #[test]
    fn a_refusal_is_a_verdict_and_no_failure() {
        assert!(REFUSED.iter().all(|it| is_refusal(*it) && !it.is_failure()));
        assert!(!is_refusal(VisitOutcome::Http4xx));
        assert!(!is_refusal(VisitOutcome::Stored));
    }
}
