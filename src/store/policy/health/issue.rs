//! What can be wrong with a source, each with what to do about it.

use std::fmt;

use super::{HOUR, words};
use crate::verdict::VisitOutcome;

/// What is wrong with a source and needs attention.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum HealthIssue {
    /// None of its front pages, feeds and sitemaps could be read.
    Unreachable,
    /// robots.txt forbids all of its front pages, feeds and sitemaps.
    Disallowed,
    /// The site states that its front pages, feeds and sitemaps are not for the purpose of the crawl.
    OptedOut,
    /// Something else answers in place of one of its front pages, feeds or sitemaps.
    Walled {
        /// Which.
        url: String,
        /// What answers.
        outcome: VisitOutcome,
        /// Why that is known, in one line.
        reason: Option<String>,
    },
    /// It has moved to another site.
    Moved {
        /// The front page, feed or sitemap that the settings name.
        url: String,
        /// Where it is now.
        to: String,
    },
    /// Its front pages, feeds and sitemaps are read, but lead to no page.
    NoLinks {
        /// Links that were seen and passed over.
        passed: u64,
    },
    /// A feed or sitemap breaks the rules of its format, so that something may be missing.
    Damaged {
        /// Which.
        url: String,
    },
    /// The browser that shows its pages is away, or fails.
    NotRendered {
        /// Pages of the last pass that it did not show, and front pages.
        count: u64,
        /// Why one of them was not, where that is known.
        reason: Option<String>,
    },
    /// None of its pages is an article, and hardly any ever was.
    NoArticles {
        /// How most visits ended instead.
        outcome: VisitOutcome,
        /// So many pages.
        count: u64,
        /// Of so many.
        of: u64,
    },
    /// It brings no articles any more.
    Quiet {
        /// For so long, in milliseconds.
        since: i64,
        /// Articles that were expected in this time.
        missed: u64,
    },
    /// Its texts have become short.
    Thin {
        /// The median of words now.
        now: u32,
        /// The median of words before.
        before: u32,
    },
    /// A field is no longer found.
    Lost {
        /// Which.
        field: &'static str,
    },
    /// Its `article` selector matches nothing any more; the general extraction is used.
    Missed {
        /// The selector, or several.
        selector: String,
        /// Articles on whose pages it matched nothing…
        count: usize,
        /// …of the newest so many.
        of: usize,
    },
    /// The user's own headers and cookies are sent, and do not open its pages.
    LockedOut {
        /// So many pages.
        count: usize,
        /// Why, of the one that was visited last, with what to do.
        reason: String,
    },
    /// Its pages are no articles any more.
    Unproductive {
        /// How most visits end instead.
        outcome: VisitOutcome,
        /// So many.
        count: u64,
        /// Of so many.
        visits: u64,
    },
}

impl HealthIssue {
    /// One word for it, the same however much of it there is.
    pub fn word(&self) -> &'static str {
        match self {
            HealthIssue::Unreachable => "unreachable",
            HealthIssue::Disallowed => "blocked by robots.txt",
            HealthIssue::OptedOut => "opted out",
            HealthIssue::Walled { outcome, .. } => words::wall(*outcome),
            HealthIssue::Moved { .. } => "moved",
            HealthIssue::NoLinks { .. } => "no links",
            HealthIssue::Damaged { .. } => "damaged",
            HealthIssue::NotRendered { .. } => "not rendered",
            HealthIssue::NoArticles { .. } => "no articles",
            HealthIssue::Quiet { .. } => "quiet",
            HealthIssue::Thin { .. } => "thin",
            HealthIssue::LockedOut { .. } => "locked out",
            HealthIssue::Lost { .. }
            | HealthIssue::Missed { .. }
            | HealthIssue::Unproductive { .. } => "ill",
        }
    }

    /// True if none of the source's front pages, feeds and sitemaps could be read, whatever the cause.
    pub fn is_unread(&self) -> bool {
        matches!(
            self,
            HealthIssue::Unreachable | HealthIssue::Disallowed | HealthIssue::OptedOut
        )
    }

    /// True where it is that pages are for subscribers.
    pub(super) fn is_paywall(&self) -> bool {
        matches!(
            self,
            HealthIssue::NoArticles {
                outcome: VisitOutcome::PaywallStub,
                ..
            } | HealthIssue::Unproductive {
                outcome: VisitOutcome::PaywallStub,
                ..
            }
        )
    }

    /// What tells it from other issues of the same source, to compare one pass with the next.
    pub fn name(&self) -> String {
        match self {
            HealthIssue::Lost { field } => format!("no {field}"),
            HealthIssue::Missed { .. } => "article selector missed".to_owned(),
            HealthIssue::Unproductive { .. } => "unproductive".to_owned(),
            issue => issue.word().to_owned(),
        }
    }
}

impl fmt::Display for HealthIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HealthIssue::Unreachable => f.write_str(words::UNREACHABLE),
            HealthIssue::Disallowed => f.write_str(words::DISALLOWED),
            HealthIssue::OptedOut => f.write_str(words::OPTED_OUT),
            HealthIssue::Walled {
                url,
                outcome,
                reason,
            } => f.write_str(&words::walled(url, *outcome, reason.as_deref())),
            HealthIssue::Moved { url, to } => write!(
                f,
                "{url} has moved to {to}; put that address into the settings"
            ),
            HealthIssue::NoLinks { passed: 0 } => write!(
                f,
                "its front pages, feeds and sitemaps have no links to pages; check the addresses, or let \
                 `newsprint discover` find others"
            ),
            HealthIssue::NoLinks { passed } => write!(
                f,
                "none of {passed} links is followed; check `include` and `exclude`, `newsprint crawl -vv` \
                 names each link with the reason"
            ),
            HealthIssue::Damaged { url } => write!(
                f,
                "{url} is damaged and was read as far as possible; look for articles that are missing, \
                 and for another feed with `newsprint discover`"
            ),
            HealthIssue::NotRendered { count, reason } => {
                f.write_str(&words::not_rendered(*count, reason.as_deref()))
            }
            HealthIssue::NoArticles { outcome, count, of } => write!(
                f,
                "{count} of {of} pages ended as {}, and hardly any is an article; {}",
                outcome.name(),
                words::advice(*outcome)
            ),
            HealthIssue::Quiet { since, missed } => write!(
                f,
                "gone quiet: nothing new for {} h, in which about {missed} articles were expected; \
                 check whether its addresses are still right",
                since / HOUR
            ),
            HealthIssue::Thin { now, before } => write!(
                f,
                "its articles have become thin: {now} words, {before} before; check one for a \
                 paywall or a new layout"
            ),
            HealthIssue::Lost { field } => write!(
                f,
                "`{field}` is no longer found; a selector in [source.select] fixes it"
            ),
            HealthIssue::Missed {
                selector,
                count,
                of,
            } => write!(
                f,
                "the article selector `{selector}` found nothing on {count} of the last {of} pages, \
                 which may have a new layout; the general extraction is used until it is fixed"
            ),
            HealthIssue::LockedOut { count, reason } => {
                write!(f, "{count} pages show only what everyone sees: {reason}")
            }
            HealthIssue::Unproductive {
                outcome,
                count,
                visits,
            } => write!(
                f,
                "its pages are no articles any more: {count} of the last {visits} ended as {}; {}",
                outcome.name(),
                words::advice(*outcome)
            ),
        }
    }
}
