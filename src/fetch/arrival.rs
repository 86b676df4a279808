//! Answers that are not what was asked for, by how they came and not by what they say: empty ones, log-in
//! pages and front pages at the end of a redirect, pages cut short, pages that are not made yet.

use crate::fetch::error::status_line;
use crate::fetch::{Landing, Response, Truncation};
use crate::verdict::VisitOutcome;

/// How an answer came.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    status: u16,
    /// Where redirects have led, and why that is not what was asked for.
    landing: Option<(Landing, String)>,
    truncation: Option<Truncation>,
    is_empty: bool,
}

/// What the way in which a page came makes of what was read in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Correction {
    /// The page was something else.
    Replace(VisitOutcome, String),
    /// The text is complete, the rest of the page is missing.
    CutAfterText,
    /// The text may be cut short.
    CutShort,
}

impl Arrival {
    pub(crate) fn of(response: &Response) -> Arrival {
        let landing = response.landing();
        Arrival {
            status: response.status,
            landing: landing.map(|landing| (landing, landing.reason(&response.url))),
            truncation: response.truncation,
            is_empty: response.is_empty(),
        }
    }

    /// How the visit ends where the answer need not be read, and why.
    pub(crate) fn unread(&self) -> Option<(VisitOutcome, String)> {
        match &self.landing {
            _ if self.is_empty => Some((VisitOutcome::Empty, self.nothing())),
            Some((Landing::LogIn, reason)) => Some((Landing::LogIn.outcome(), reason.clone())),
            _ => None,
        }
    }

    /// What is to be made of a page that was read as this.
    pub(crate) fn correction(&self, outcome: VisitOutcome) -> Option<Correction> {
        let is_article = outcome == VisitOutcome::Stored;
        let is_open = matches!(
            outcome,
            VisitOutcome::NotArticle | VisitOutcome::Empty | VisitOutcome::Index
        );
        match (&self.landing, self.truncation) {
            (Some((landing, reason)), _) if is_open => {
                Some(Correction::Replace(landing.outcome(), reason.clone()))
            }
            (_, Some(Truncation::Anywhere)) if is_article || is_open => Some(Correction::CutShort),
            (_, Some(Truncation::AfterArticle)) if is_article => Some(Correction::CutAfterText),
            _ if self.status == 202 && is_open => {
                Some(Correction::Replace(VisitOutcome::Empty, self.nothing()))
            }
            _ => None,
        }
    }

    /// 'Answered 204 No Content: …'
    fn nothing(&self) -> String {
        let line = status_line(self.status);
        format!("answered {line}: the page holds no text")
    }
}
