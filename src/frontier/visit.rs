//! A visit that has ended, as the frontier takes it in: the address, the time, and the result.

use std::time::Duration;

use url::Url;

use crate::article::Article;
use crate::extract::site_memory::PageFingerprint;
use crate::frontier::{Due, FoundUrl, UrlKind};
use crate::store::PackedPage;
use crate::verdict::VisitOutcome;

/// A visit that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// What was visited.
    pub due: Due,
    /// When it ended, in unix milliseconds.
    pub at: i64,
    /// How it ended.
    pub result: VisitResult,
}

/// How a visit ended, as far as is known before the store is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum VisitResult {
    /// The server answered with a page, a feed or a sitemap, or that nothing has changed.
    Answered(AnsweredVisit),
    /// There is no answer to read.
    Failed(FailedVisit),
    /// Nothing was requested: a dry run fetches no articles.
    Skipped,
    /// An archive was asked for a copy of a page that is gone, and there is none, for this reason.
    NoCopy(String),
}

/// A visit whose answer was read.
#[derive(Debug, Clone, PartialEq)]
pub struct AnsweredVisit {
    /// The HTTP status.
    pub status: u16,
    /// The answer's `ETag`.
    pub etag: Option<String>,
    /// The answer's `Last-Modified`.
    pub last_modified: Option<String>,
    /// What the archive has of the address now, in the archive's own terms.
    pub archived: Option<String>,
    /// What was read.
    pub reading: Reading,
}

/// What was read in an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// How the visit ends: [`VisitOutcome::Stored`] where there is an article, which the store
    /// may know already.
    pub outcome: VisitOutcome,
    /// Why, in one line.
    pub reason: Option<String>,
    /// The article, where the outcome is [`VisitOutcome::Stored`].
    pub article: Option<Box<ReadArticle>>,
    /// The page as it came, where it is to be stored.
    pub page: Option<Box<PackedPage>>,
    /// The addresses it names.
    pub found: Vec<FoundUrl>,
    /// Of a front page, feed or sitemap: how many of its links are followed.
    pub links: LinkCounts,
    /// Of a front page, feed or sitemap: registrable domains that it shows to be its source's, besides
    /// those of the settings.
    pub sites: Vec<String>,
    /// Of a front page, feed or sitemap: it breaks the rules of its format, so that something may
    /// be missing.
    pub damaged: bool,
}

/// How many links of a front page, feed or sitemap are followed, and how many are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkCounts {
    /// Links that are followed.
    pub followed: u32,
    /// Links that are passed over: of other sites, excluded, or not like articles.
    pub passed: u32,
}

/// An article, and what else the store learns from its page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadArticle {
    /// The record.
    pub article: Article,
    /// What the memory of its site learns from the page.
    pub fingerprint: PageFingerprint,
    /// The source's `article` selectors, where they match nothing on the page.
    pub missed_selectors: Option<String>,
}

/// A visit that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedVisit {
    /// How it ended.
    pub outcome: VisitOutcome,
    /// Why, in one line.
    pub reason: String,
    /// The HTTP status, if the server answered.
    pub status: Option<u16>,
    /// The server asked for no requests for this long.
    pub retry_after: Option<Duration>,
    /// Where it failed, if that was another address, after a redirect.
    pub failed_at: Option<Url>,
}

impl LinkCounts {
    /// Of a reading that passes nothing over.
    pub fn followed(found: &[FoundUrl]) -> LinkCounts {
        let followed = |it: &&FoundUrl| it.kind == UrlKind::Page && !it.too_old;
        let pages = found.iter().filter(followed).count();
        LinkCounts {
            followed: u32::try_from(pages).unwrap_or(u32::MAX),
            passed: 0,
        }
    }
}

impl Reading {
    /// A reading that brought neither article nor addresses.
    pub fn new(outcome: VisitOutcome, reason: Option<String>) -> Reading {
        Reading {
            outcome,
            reason,
            article: None,
            page: None,
            found: Vec::new(),
            links: LinkCounts::default(),
            sites: Vec::new(),
            damaged: false,
        }
    }

    /// A front page, feed or sitemap that names these addresses.
    pub fn index(found: Vec<FoundUrl>) -> Reading {
        Reading {
            links: LinkCounts::followed(&found),
            found,
            ..Reading::new(VisitOutcome::Index, None)
        }
    }
}

impl Visit {
    /// How it ended.
    pub fn outcome(&self) -> VisitOutcome {
        match &self.result {
            VisitResult::Answered(answered) => answered.reading.outcome,
            VisitResult::Failed(failed) => failed.outcome,
            VisitResult::Skipped | VisitResult::NoCopy(_) => VisitOutcome::Unchanged,
        }
    }

    /// Why, in one line.
    pub fn reason(&self) -> Option<&str> {
        match &self.result {
            VisitResult::Answered(answered) => answered.reading.reason.as_deref(),
            VisitResult::Failed(failed) => Some(&failed.reason),
            VisitResult::NoCopy(why) => Some(why),
            VisitResult::Skipped => None,
        }
    }

    /// The HTTP status, if the server answered.
    pub fn status(&self) -> Option<u16> {
        match &self.result {
            VisitResult::Answered(answered) => Some(answered.status),
            VisitResult::Failed(failed) => failed.status,
            VisitResult::Skipped | VisitResult::NoCopy(_) => None,
        }
    }

    /// The answer, where there is one.
    pub fn answered(&self) -> Option<&AnsweredVisit> {
        match &self.result {
            VisitResult::Answered(answered) => Some(answered),
            _ => None,
        }
    }

    /// The failure, where the visit failed.
    pub fn failed(&self) -> Option<&FailedVisit> {
        match &self.result {
            VisitResult::Failed(failed) => Some(failed),
            _ => None,
        }
    }

    /// The article, where there is one.
    pub fn article(&self) -> Option<&Article> {
        let article = self.answered()?.reading.article.as_ref();
        article.map(|read| &read.article)
    }

    /// The addresses it found.
    pub fn found(&self) -> &[FoundUrl] {
        self.answered()
            .map_or(&[], |it| it.reading.found.as_slice())
    }

    /// For how long the server asked for no requests.
    pub fn retry_after(&self) -> Option<Duration> {
        self.failed().and_then(|failed| failed.retry_after)
    }
}
