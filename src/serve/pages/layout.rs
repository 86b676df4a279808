//! What all pages have: the head, the places to go to, what was just done, and what is wrong with the settings.

use axum::http::Uri;
use url::form_urlencoded;

use crate::serve::app::App;
use crate::serve::notices::Notice;

/// Which of the places a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// The sources.
    Sources,
    /// Reading and searching.
    Articles,
    /// Anything else.
    Other,
}

/// What all pages have.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// What the page is called.
    pub(crate) title: String,
    section: Section,
    /// What forms carry to show that they are ours.
    pub(crate) form_token: String,
    /// Nothing can be changed: pages leave out what would.
    pub(crate) read_only: bool,
    /// What was just done.
    pub(crate) notice: Option<Notice>,
    /// What is wrong with the settings.
    pub(crate) problem: Option<String>,
    /// The page is asked for again after so many seconds.
    pub(crate) refresh: Option<u32>,
    /// A feed of what the page shows.
    pub(crate) feed: Option<String>,
}

impl Layout {
    /// The layout of a page at this address, which names the notice to show (`notice=7`).
    pub(crate) fn new(app: &App, title: impl Into<String>, section: Section, uri: &Uri) -> Layout {
        let query = uri.query().unwrap_or_default();
        let number = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "notice");
        let number = number.and_then(|(_, value)| value.parse().ok());
        Layout {
            notice: number.and_then(|it| app.notices().get(it)),
            ..Layout::plain(app, title, section)
        }
    }

    /// The same without a notice.
    pub(crate) fn plain(app: &App, title: impl Into<String>, section: Section) -> Layout {
        Layout {
            title: title.into(),
            section,
            form_token: app.guard.form_token().value().to_owned(),
            read_only: app.is_read_only(),
            notice: None,
            problem: app.loaded().problem.clone(),
            refresh: None,
            feed: None,
        }
    }

    /// True if the page is about the sources.
    pub(crate) fn is_sources(&self) -> bool {
        self.section == Section::Sources
    }

    /// True if the page is for reading or searching.
    pub(crate) fn is_articles(&self) -> bool {
        self.section == Section::Articles
    }
}
