//! One page through the library, with what a long-lived interpreter needs around it: a deadline, a bound on the page's
//! size, and a panic that ends as an error. Knows nothing of Python.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use newsprint::extract::explain::Explanation;
use newsprint::extract::{Extraction, Extractor, SiteRules};
use newsprint::page::Input;
use newsprint::rights::Signals;
use url::Url;

use crate::error::Failure;
use crate::faults;

/// A page, and what is known of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageInput<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) url: Option<Url>,
    pub(crate) content_type: Option<&'a str>,
    /// RFC 3339.
    pub(crate) fetched_at: Option<String>,
    pub(crate) status: Option<u16>,
    /// Where the page was read from.
    pub(crate) source: Option<String>,
    /// The `X-Robots-Tag` headers, joined by commas.
    pub(crate) x_robots_tag: Option<&'a str>,
    /// The `tdm-reservation` header.
    pub(crate) tdm_reservation: Option<&'a str>,
    /// Other headers on the use of the page.
    pub(crate) signals: Signals,
    /// What whoever read the page warns of.
    pub(crate) warnings: Vec<String>,
}

/// An extractor with its deadline and its bound on pages.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    pub(crate) extractor: Extractor,
    /// The most time for one page.
    pub(crate) timeout: Option<Duration>,
    /// The most bytes of one page.
    pub(crate) max_bytes: usize,
}

impl Worker {
    /// The record of a page.
    pub(crate) fn extract(&self, page: PageInput<'_>) -> Result<Extraction, Failure> {
        let mut extraction = self.guarded(&page, |input, go_on| {
            let site = SiteRules::default();
            self.extractor.extract_while(input, &site, go_on).ok()
        })?;
        let article = &mut extraction.article;
        article.source = page.source;
        article.set_fetched_at(page.fetched_at);
        article.status = page.status;
        for warning in page.warnings {
            if !article.warnings.contains(&warning) {
                article.warnings.push(warning);
            }
        }
        Ok(extraction)
    }

    /// Why the record of a page is what it is.
    pub(crate) fn explain(&self, page: &PageInput<'_>) -> Result<Explanation, Failure> {
        self.guarded(page, |input, _| {
            Some(self.extractor.explain(input, &SiteRules::default()))
        })
    }

    /// Does `work`, which returns nothing if it was stopped.
    fn guarded<T>(
        &self,
        page: &PageInput<'_>,
        work: impl FnOnce(&Input<'_>, &dyn Fn() -> bool) -> Option<T>,
    ) -> Result<T, Failure> {
        let (bytes, max) = (page.bytes.len(), self.max_bytes);
        if bytes > max {
            return Err(Failure::TooLarge { bytes, max });
        }
        // A timeout beyond what a clock can say is none.
        let end = self.timeout.and_then(|it| Instant::now().checked_add(it));
        let go_on = || end.is_none_or(|end| Instant::now() < end);
        let fetched_at = page.fetched_at.as_deref();
        let mut input = Input::new(page.bytes)
            .with_url(page.url.as_ref())
            .with_content_type(page.content_type)
            .with_fetched_at(fetched_at.and_then(unix_millis));
        input.x_robots_tag = page.x_robots_tag;
        input.tdm_reservation = page.tdm_reservation;
        input.signals = Some(&page.signals);
        let done = catch_unwind(AssertUnwindSafe(|| {
            faults::provoke(page.bytes, &go_on);
            work(&input, &go_on)
        }));
        let done = done.map_err(|_| Failure::Panicked)?;
        done.ok_or(Failure::TimedOut(self.timeout.unwrap_or_default()))
    }
}

/// An instant in unix milliseconds; nothing for what states none, such as a day.
pub(crate) fn unix_millis(rfc3339: &str) -> Option<i64> {
    let at = rfc3339.parse::<jiff::Timestamp>().ok()?;
    Some(at.as_millisecond())
}

/// Makes the tables that the library makes at first use.
pub(crate) fn warm_up() {
    const PAGE: &[u8] = b"<html><head><title>Ferry returns</title></head><body><h1>Ferry returns</h1>\
        <p class=byline>By Ada Ferry, 3 March 2026</p><p>The night ferry sailed again on Monday.</p></body></html>";
    let url = Url::parse("https://example.org/2026/03/03/ferry").ok();
    newsprint::extract(PAGE, url.as_ref());
}
