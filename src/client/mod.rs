//! One polite fetch and extraction for programs: what `newsprint fetch` does, as a value.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = newsprint::Client::builder()
//!     .user_agent("example-bot/1.0 (+https://example.org/bot)")
//!     .build()?;
//! let article = client.article(&"https://example.org/news/1".parse()?).await?;
//! println!("{}", article.text);
//! # Ok(())
//! # }
//! ```
//!
//! Every request passes the address guard, obeys robots.txt and keeps the host's pace, redirects
//! and the further pages of an article included. The client reads the system's clock and needs a
//! Tokio runtime; it stores nothing.

mod builder;
mod next_pages;
mod readers;
mod rendering;
#[cfg(feature = "serve")]
mod serving;
mod stand_in;

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use crate::article::Article;
use crate::extract::{Extraction, Extractor, Options};
use crate::fetch::{Arrival, Correction, FetchError, FetchErrorKind, Fetcher, Request, Response};
use crate::page::SavedPage;
use crate::render::{self, Browsers};
use crate::rulebook::RuleBook;
use crate::verdict::{Verdict, VisitOutcome};

pub use builder::ClientBuilder;
pub(crate) use next_pages::NextPages;
pub(crate) use readers::{Readers, Unread};
pub(crate) use stand_in::{StandIn, on_error_page};

/// Fetches pages politely and extracts their articles. Clones share connections, the pace of each
/// host and its robots.txt: make one client, and use it for everything.
#[derive(Debug, Clone)]
pub struct Client {
    fetcher: Fetcher,
    readers: Readers,
    extractor: Arc<Extractor>,
    rules: Arc<RuleBook>,
    browsers: Browsers,
}

/// A page gave no article.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The page could not be fetched, or a rule of ours refused it
    /// ([`FetchError::is_refusal`]).
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The page was fetched and holds no article.
    #[error("{url}: the page holds no article ({})", verdict.name())]
    NoArticle {
        /// The page's address, as requested.
        url: Url,
        /// What the page is instead.
        verdict: Verdict,
    },
    /// Something else stands in the page's place, by its status, its address or the page that an error answer
    /// shows: a bot check with status 403, the site's front page, nothing at all.
    #[error("{url}: {reason}")]
    StandIn {
        /// The page's address, as requested.
        url: Url,
        /// The HTTP status.
        status: u16,
        /// What stands there.
        outcome: VisitOutcome,
        /// The same in one line, with what to do about it.
        reason: String,
    },
    /// Reading the page failed by a fault of newsprint.
    #[error("{url}: reading the page failed by a fault of newsprint; please report it")]
    Panicked {
        /// The page's address, as requested.
        url: Url,
    },
    /// Reading the page took too long ([`Limits::read_time`](crate::Limits::read_time)).
    #[error("{url}: {reason}")]
    TooLong {
        /// The page's address, as requested.
        url: Url,
        /// How long, in one line.
        reason: String,
    },
    /// A page that was given could not be read.
    #[error("{reason}")]
    Unread {
        /// Why, in one line.
        reason: String,
    },
}

impl Client {
    /// A client with the default settings: one request per second and host, robots.txt obeyed,
    /// private addresses refused.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Fetches a page and gives its article.
    ///
    /// # Errors
    ///
    /// Fails where the page can't be fetched or holds no article.
    pub async fn article(&self, url: &Url) -> Result<Article, ClientError> {
        let Extraction {
            article, verdict, ..
        } = self.fetch(url).await?;
        // Text without an article is what `Options::any_kind` asks for.
        if verdict.is_article() || !article.text.is_empty() {
            return Ok(article);
        }
        let url = url.clone();
        Err(ClientError::NoArticle { url, verdict })
    }

    /// Fetches a page and gives its record and the verdict on it, whatever the page is. The further
    /// pages of an article are joined where a `next_page` selector of the rules finds them.
    ///
    /// # Errors
    ///
    /// Fails where the page can't be fetched, or where the way in which the answer came shows that it is
    /// something else.
    pub async fn fetch(&self, requested: &Url) -> Result<Extraction, ClientError> {
        let url = &without_login(requested);
        let request = Request::page(requested.clone());
        let response = match self.fetcher.get(&request).await {
            Ok(response) => response,
            Err(error) => return Err(self.failed(url, error).await),
        };
        let (mut arrival, status) = (Arrival::of(&response), response.status);
        let stand_in = |(outcome, reason)| ClientError::StandIn {
            url: url.clone(),
            status,
            outcome,
            reason,
        };
        if let Some((outcome, reason)) = arrival.unread() {
            let own = self.fetcher.subscription(url);
            let locked_out =
                own.and_then(|it| it.locked_out(url, (outcome, Some(status)), &reason));
            return Err(stand_in((outcome, locked_out.unwrap_or(reason))));
        }
        let first = response.url.clone();
        let now = Timestamp::now();
        let response = Arc::new(response);
        let mut extraction = self.read_here(url, &response, now).await?;
        if let Some(kind) = self.withheld(&extraction) {
            let url = first;
            return Err(FetchError { url, kind }.into());
        }
        let shown = self
            .show((&request, &response), (&arrival, &extraction))
            .await;
        if let Some(response) = shown.map_err(stand_in)? {
            arrival = Arrival::of(&response);
            extraction = self.read_here(url, &Arc::new(response), now).await?;
            if let Some(kind) = self.withheld(&extraction) {
                let url = first;
                return Err(FetchError { url, kind }.into());
            }
        }
        match arrival.correction(extraction.verdict.into()) {
            // The text of any page is what `Options::any_kind` asks for.
            Some(Correction::Replace(outcome, reason)) if extraction.article.text.is_empty() => {
                return Err(stand_in((outcome, reason)));
            }
            Some(Correction::CutShort | Correction::CutAfterText) => {
                extraction.article.warnings.push("truncated".to_owned());
            }
            _ => {}
        }
        let own = self.fetcher.subscription(&first);
        let what = extraction.note.as_deref().unwrap_or("a paywall");
        let end = (extraction.verdict.into(), Some(status));
        if let Some(locked_out) = own.and_then(|it| it.locked_out(&first, end, what)) {
            extraction.note = Some(locked_out);
        }
        if let Some(next) = extraction.next_page.take() {
            let pages = NextPages {
                fetcher: &self.fetcher,
                readers: &self.readers,
                extractor: Arc::clone(&self.extractor),
                rules: Arc::clone(&self.rules),
                source: None,
                requests_per_second: None,
                subscription: None,
                now: now.as_millisecond(),
            };
            pages.join(&first, next, &mut extraction.article).await;
        }
        Ok(extraction)
    }

    /// Reads a page on the threads for it.
    async fn read_here(
        &self,
        asked: &Url,
        response: &Arc<Response>,
        now: Timestamp,
    ) -> Result<Extraction, ClientError> {
        let (client, url, page) = (self.clone(), asked.clone(), Arc::clone(response));
        let read = self.readers.read(move || client.read(&url, &page, now));
        read.await.map_err(|error| unread(asked.clone(), error))
    }

    /// Why the page is withheld, where it states that it is not for the client's purpose.
    fn withheld(&self, extraction: &Extraction) -> Option<FetchErrorKind> {
        // What stands in a page's place says nothing of the page.
        let is_read = matches!(
            extraction.verdict,
            Verdict::Article | Verdict::NotArticle | Verdict::PaywallStub
        );
        if !is_read && extraction.article.text.is_empty() {
            return None;
        }
        let reader = self.fetcher.reader();
        let opt_out = reader.forbidden_by(&extraction.article.rights)?;
        Some(FetchErrorKind::OptOut(opt_out))
    }

    /// This client with other options for its records. Both share connections, the pace of each host and the
    /// threads that read pages.
    #[must_use]
    pub fn with_options(&self, options: Options) -> Client {
        let limits = self.extractor.limits().clone();
        let extractor = Extractor::builder().options(options).limits(limits);
        Client {
            extractor: Arc::new(extractor.build()),
            ..self.clone()
        }
    }

    /// Extracts a page that somebody else has fetched, with the rules of its source and host: no network, on the
    /// threads that read this client's pages.
    ///
    /// # Errors
    ///
    /// Fails where reading the page takes too long, or by a fault of newsprint.
    pub async fn extract(&self, page: SavedPage) -> Result<Extraction, ClientError> {
        let (client, now) = (self.clone(), Timestamp::now().as_millisecond());
        let read = move || {
            let rules = client.rules.for_page(None, page.url.as_ref(), now);
            client.extractor.extract_with(&page.input(), &rules)
        };
        let read = self.readers.read(read).await;
        read.map_err(|error| ClientError::Unread {
            reason: error.to_string(),
        })
    }

    /// Why there is no page. Where the error answer shows one, it is read to name a bot check.
    async fn failed(&self, url: &Url, error: FetchError) -> ClientError {
        let (outcome, what) = (VisitOutcome::from(&error), error.kind.to_string());
        let own = self.fetcher.subscription(&error.url);
        let locked_out =
            own.and_then(|it| it.locked_out(&error.url, (outcome, error.status()), &what));
        if let Some((reason, status)) = locked_out.zip(error.status()) {
            return ClientError::StandIn {
                url: url.clone(),
                status,
                outcome,
                reason,
            };
        }
        let (Some(status), Some(_)) = (error.status(), error.page()) else {
            return error.into();
        };
        let (extractor, shown) = (Arc::clone(&self.extractor), error.clone());
        let read = move || on_error_page(&extractor, &shown);
        match self.readers.read(read).await {
            Ok(Some(StandIn { outcome, reason })) => ClientError::StandIn {
                url: url.clone(),
                status,
                outcome,
                reason,
            },
            _ => error.into(),
        }
    }

    fn read(&self, requested: &Url, response: &Response, now: Timestamp) -> Extraction {
        let rules = self
            .rules
            .for_page(None, Some(&response.url), now.as_millisecond());
        let input = response.input().with_fetched_at(now.as_millisecond());
        let mut extraction = self.extractor.extract_with(&input, &rules);
        let article = &mut extraction.article;
        article.url = Some(requested.to_string());
        article.status = Some(response.status);
        let fetched_at = Timestamp::from_second(now.as_second()).ok();
        article.set_fetched_at(fetched_at.map(|at| at.to_string()));
        if render::is_rendered(response.content_type.as_deref()) {
            article.warnings.push(render::WARNING.to_owned());
        }
        extraction
    }
}

/// Why there is no record of a page that was fetched.
fn unread(url: Url, error: Unread) -> ClientError {
    match error {
        Unread::Panicked => ClientError::Panicked { url },
        Unread::TooLong(_) | Unread::NoThread => ClientError::TooLong {
            url,
            reason: error.to_string(),
        },
    }
}

/// The address without the user name and the password that it may name: they are sent, and not shown.
fn without_login(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail only on addresses that can hold neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}
