//! Pages that scripts build, shown in a browser that already runs: a Chromium, by the port of its DevTools protocol.
//! Only pages whose plain answer holds no text come here (`is_made_by_scripts`).
//!
//! The browser sends nothing itself. Each page has a browser context of its own, without cookies, whose proxy leads
//! nowhere (`tab`); each request that the page makes is stopped before it is sent, and answered with what our own
//! client fetches, or refused (`traffic`). So the address guard, robots.txt, the pace of each host, user agent, limits
//! and the archive are those of every other request. The page may run scripts and ask for data; it is given no
//! pictures, fonts, frames, workers, windows, forms or downloads. No bot check is solved and no wall passed: a page
//! that shows one is judged as one.
//!
//! The browser is not trusted: what it says is bounded in size and time, and what is malformed ends the page.

mod cache;
mod endpoint;
mod need;
mod protocol;
mod scripts;
mod show;
mod tab;
mod traffic;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use url::Url;

use crate::fetch::{Fetcher, Request, Response, Truncation};
use cache::Cache;
use show::Show;
use tab::Tab;

pub(crate) use need::is_made_by_scripts;

/// Pages that browsers show at a time. Each is a process of some 100 MB.
const TABS: usize = 4;
/// How long a browser may take to answer, and to make and to close a tab.
const ANSWER: Duration = Duration::from_secs(10);
/// How long a browser that did not answer is not asked again.
const AWAY: Duration = Duration::from_secs(60);
/// The content type of a page as a browser has shown it. What is stored is known by it.
const CONTENT_TYPE: &str = "text/html; charset=utf-8; rendered=1";
/// In the record of an article that a browser has shown.
pub(crate) const WARNING: &str = "rendered";

/// Shows pages in browsers. Clones share their tabs, and the scripts that pages have in common.
#[derive(Debug, Clone)]
pub(crate) struct Browsers(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    tabs: Semaphore,
    cache: Cache,
    /// A browser that did not answer, until when it is not asked again, and why.
    away: Mutex<Option<(Url, Instant, RenderError)>>,
}

/// Why a page could not be shown. `Display` is one line with the fix.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum RenderError {
    /// Nothing answers at the address, or something else does.
    #[error(
        "no browser answers at {} ({reason}); {}",
        shown(address),
        start(address)
    )]
    Away {
        /// Its address, as in the settings.
        address: Url,
        /// What happened.
        reason: String,
    },
    /// The connection broke.
    #[error(
        "the browser closed the connection while it showed the page; see whether it still runs"
    )]
    Closed,
    /// What it says is no message of the protocol.
    #[error("the browser sent what is not understood: {0}")]
    Malformed(String),
    /// It refused a command.
    #[error("the browser refused {command}: {reason}; use a current Chromium")]
    Refused {
        /// The command.
        command: &'static str,
        /// Why.
        reason: String,
    },
    /// The tab crashed.
    #[error("the page crashed its tab in the browser")]
    Crashed,
    /// It did not open the page.
    #[error("the browser did not open the page: {0}")]
    NotOpened(String),
    /// The page could not be read.
    #[error("the page kept the browser busy for {0:?}, and nothing could be read")]
    Busy(Duration),
}

/// The address as it is written in the settings.
fn shown(address: &Url) -> &str {
    address.as_str().trim_end_matches('/')
}

/// How to start a browser for the port of this address.
fn start(address: &Url) -> String {
    let port = address.port_or_known_default().unwrap_or(9222);
    format!(
        "start one with `chromium --headless --remote-debugging-port={port} --user-data-dir=DIR`, as a user of its own"
    )
}

/// A page as a browser has shown it.
#[derive(Debug)]
pub struct Rendered {
    /// Its elements, as HTML.
    html: String,
    /// There was more.
    is_cut: bool,
    /// Scripts were still at work when its time was over.
    is_late: bool,
    /// Requests of its scripts that were not made, or failed.
    failed: Failed,
}

/// Requests of a page's scripts that brought nothing.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Failed {
    count: usize,
    of: usize,
    first: Option<String>,
}

impl Default for Browsers {
    fn default() -> Browsers {
        Browsers(Arc::new(Shared {
            tabs: Semaphore::new(TABS),
            cache: Cache::default(),
            away: Mutex::default(),
        }))
    }
}

impl Browsers {
    /// Shows a page that was fetched, in the browser at this address.
    ///
    /// # Errors
    /// Fails where the browser is away or fails, or where the page keeps it busy without end.
    pub(crate) async fn show(
        &self,
        address: &Url,
        fetcher: &Fetcher,
        (request, page): (&Request, &Response),
    ) -> Result<Rendered, RenderError> {
        if let Some(error) = self.is_away(address) {
            return Err(error);
        }
        let Ok(_tab) = self.0.tabs.acquire().await else {
            return Err(RenderError::Closed);
        };
        let tab = timeout(ANSWER, Tab::open(address, fetcher.user_agent())).await;
        let away = || RenderError::Away {
            address: address.clone(),
            reason: format!("it says nothing for {ANSWER:?}"),
        };
        let mut tab = match tab.unwrap_or_else(|_| Err(away())) {
            Ok(tab) => tab,
            Err(error) => {
                self.note_away(address, &error);
                return Err(error);
            }
        };
        let time = fetcher.limits().render_time;
        let shown = Show::new(fetcher, (request, page), &self.0.cache).run(&mut tab);
        // `Show` keeps to the time itself, as long as the browser answers.
        let shown = timeout(time + ANSWER, shown).await;
        // Whatever happened, the tab ends with the connection.
        let _ = timeout(ANSWER, tab.close()).await;
        shown.unwrap_or(Err(RenderError::Busy(time)))
    }

    fn is_away(&self, address: &Url) -> Option<RenderError> {
        let away = self.0.away.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, until, error) = away.as_ref()?;
        (of == address && Instant::now() < *until).then(|| error.clone())
    }

    fn note_away(&self, address: &Url, error: &RenderError) {
        let mut away = self.0.away.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(error, RenderError::Away { .. }) {
            *away = Some((address.clone(), Instant::now() + AWAY, error.clone()));
        }
    }
}

impl Rendered {
    /// The page in place of the plain answer.
    pub(crate) fn into_response(self, plain: Response) -> Response {
        // What there is of a page without end is read, and its record says that it is truncated.
        let cut = self.is_cut.then_some(Truncation::AfterArticle);
        Response {
            content_type: Some(CONTENT_TYPE.to_owned()),
            truncation: cut,
            body: self.html.into_bytes(),
            ..plain
        }
    }

    /// What to say of how the page was shown, where it holds no article.
    pub fn note(&self, time: Duration) -> String {
        let late = match self.is_late {
            true => format!("; its scripts were not done within {time:?}"),
            false => String::new(),
        };
        format!("a browser showed the page{late}{}", self.failed)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = &self.first else {
            return Ok(());
        };
        let Failed { count, of, .. } = self;
        write!(
            f,
            "; {count} of {of} requests of its scripts failed, such as {first}"
        )
    }
}

/// True for the content type of a page that a browser has shown, also of a stored one.
pub(crate) fn is_rendered(content_type: Option<&str>) -> bool {
    content_type == Some(CONTENT_TYPE)
}
