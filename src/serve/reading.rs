//! One page as the API and the tools of MCP give it: its article, or why there is none.

use std::time::Duration;

use url::Url;

use crate::article::Article;
use crate::client::ClientError;
use crate::extract::Extraction;
use crate::verdict::VisitOutcome;

/// Why a page gives no article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    /// How the visit ended, as in a crawl.
    pub(crate) outcome: VisitOutcome,
    /// Why, in one line, with what to do about it.
    pub(crate) reason: String,
    /// The HTTP status of the page, where its server answered.
    pub(crate) status: Option<u16>,
    /// The server asked for no requests for this long.
    pub(crate) retry_after: Option<Duration>,
}

/// The article of a page, if there is one or if the text of any page was asked for.
pub(crate) fn article(read: Result<Extraction, ClientError>) -> Result<Article, Missing> {
    let extraction = read.map_err(Missing::of)?;
    let Extraction {
        article,
        verdict,
        note,
        ..
    } = extraction;
    if verdict.is_article() || !article.text.is_empty() {
        return Ok(article);
    }
    let outcome = VisitOutcome::from(verdict);
    let reason = note.unwrap_or_else(|| no_article(outcome));
    Err(Missing {
        status: article.status,
        ..Missing::new(outcome, reason)
    })
}

/// The address that a client gives. It may be refused later on.
pub(crate) fn web_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok();
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    url.filter(is_web).ok_or_else(|| {
        format!(
            "`{}` is not a full address; start with https://",
            short(text)
        )
    })
}

/// The beginning of what a client sent, for a message.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

impl Missing {
    fn new(outcome: VisitOutcome, reason: impl Into<String>) -> Missing {
        Missing {
            outcome,
            reason: reason.into(),
            status: None,
            retry_after: None,
        }
    }

    fn of(error: ClientError) -> Missing {
        match error {
            ClientError::Fetch(error) => Missing {
                status: error.status(),
                retry_after: error.retry_after(),
                ..Missing::new(VisitOutcome::from(&error), error.kind.to_string())
            },
            ClientError::NoArticle { verdict, .. } => {
                let outcome = VisitOutcome::from(verdict);
                Missing::new(outcome, no_article(outcome))
            }
            ClientError::StandIn {
                status,
                outcome,
                reason,
                ..
            } => Missing {
                status: Some(status),
                ..Missing::new(outcome, reason)
            },
            ClientError::TooLong { reason, .. } | ClientError::Unread { reason } => {
                Missing::new(VisitOutcome::Panic, reason)
            }
            error @ ClientError::Panicked { .. } => {
                Missing::new(VisitOutcome::Panic, error.to_string())
            }
        }
    }
}

fn no_article(outcome: VisitOutcome) -> String {
    format!(
        "the page holds no article ({}); ask for `any_kind` to get its text all the same",
        outcome.meaning()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_address_is_one_of_the_web_with_a_host() {
        assert!(web_address("https://daily.test/1?a#b").is_ok());
        for text in [
            "",
            "daily.test/1",
            "/news",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "mailto:a@b.test",
        ] {
            let error = web_address(text).unwrap_err();
            assert!(error.ends_with("start with https://"), "{text}: {error}");
        }
        assert!(web_address(&"x".repeat(10_000)).unwrap_err().len() < 200);
    }

    #[test]
    fn a_page_without_an_article_says_how_to_get_its_text() {
        let hours = "<p>The desk is open on weekdays from nine to five, and closed on Sundays and holidays.</p>";
        let page = format!("<html><body><h1>Opening hours</h1>{hours}{hours}</body></html>");
        let missing = article(Ok(crate::extract(page.as_bytes(), None))).unwrap_err();
        assert!(!missing.outcome.is_article());
        assert!(missing.reason.contains("any_kind"), "{}", missing.reason);
    }
}
