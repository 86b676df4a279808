//! Articles of several pages: where a rule of `next_page` finds a link, the pages behind it are
//! fetched one after the other, as politely as any, and joined.

use std::collections::HashSet;
use std::sync::Arc;

use url::Url;

use crate::article::Article;
use crate::extract::Extractor;
use crate::fetch::{Fetcher, Request, Response};
use crate::limits::Limits;
use crate::rulebook::RuleBook;

/// What the further pages of an article are read with.
#[derive(Debug, Clone)]
pub struct Follow<'a> {
    /// Who asks for them.
    pub fetcher: &'a Fetcher,
    /// Who reads them.
    pub extractor: Arc<Extractor>,
    /// Whose rules hold.
    pub book: Arc<RuleBook>,
    /// The source, if there is one.
    pub source: Option<&'a str>,
    /// Requests per second, if not as configured.
    pub requests_per_second: Option<f64>,
    /// What time it is, in unix milliseconds.
    pub now: i64,
}

impl Follow<'_> {
    /// Joins the pages on which an article goes on, from `next` on: those of the first page's host,
    /// each once, at most [`Limits::joined_pages`]. What could not be had is told by the warning
    /// `next_page_missing`.
    pub async fn join(&self, first: &Url, next: Option<Url>, article: &mut Article) {
        let parts = Arc::new(self.extractor.of_any_kind());
        let mut seen = HashSet::from([first.clone()]);
        let mut next = next;
        for _ in 1..Limits::DEFAULT.joined_pages {
            let Some(url) = next.filter(|url| is_new(url, first, &mut seen)) else {
                return;
            };
            let Some(part) = self.get(url.clone()).await else {
                break;
            };
            let has_moved = part.url != url;
            if has_moved && !is_new(&part.url, first, &mut seen) {
                return;
            }
            let Some((text, following)) = self.read(Arc::clone(&parts), part).await else {
                break;
            };
            article.join(text);
            next = following;
            if next.is_none() {
                return;
            }
        }
        article.warnings.push("next_page_missing".to_owned());
    }

    async fn get(&self, url: Url) -> Option<Response> {
        let request = Request::page(url).with_rate(self.requests_per_second);
        self.fetcher.get(&request).await.ok()
    }

    /// The text of a page, and where it goes on; `None` where a fault of ours ended it.
    async fn read(&self, parts: Arc<Extractor>, part: Response) -> Option<(Article, Option<Url>)> {
        let rules = self.book.for_page(self.source, Some(&part.url), self.now);
        let work = move || {
            let extraction = parts.extract_with(&part.input(), &rules);
            (extraction.article, extraction.next_page)
        };
        tokio::task::spawn_blocking(work).await.ok()
    }
}

/// True for an address of the first page's host that was not asked for yet.
fn is_new(url: &Url, first: &Url, seen: &mut HashSet<Url>) -> bool {
    let host = |url: &Url| {
        (
            url.host_str().map(str::to_owned),
            url.port_or_known_default(),
        )
    };
    host(url) == host(first) && seen.insert(url.clone())
}
