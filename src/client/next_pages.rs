//! Articles of several pages: where a `next_page` selector finds a link, the pages behind it are
//! fetched one after the other, as politely as any, and joined.

use std::collections::HashSet;
use std::sync::Arc;

use url::Url;

use crate::article::Article;
use crate::client::Readers;
use crate::extract::Extractor;
use crate::fetch::{Fetcher, Request, Response, Subscription, Truncation};
use crate::rulebook::RuleBook;

/// What it takes to fetch and read the further pages of an article.
#[derive(Debug)]
pub(crate) struct NextPages<'a> {
    pub(crate) fetcher: &'a Fetcher,
    pub(crate) readers: &'a Readers,
    pub(crate) extractor: Arc<Extractor>,
    pub(crate) rules: Arc<RuleBook>,
    /// The source whose rules apply, if there is one.
    pub(crate) source: Option<&'a str>,
    /// Requests per second, where the client's own rate is not wanted.
    pub(crate) requests_per_second: Option<f64>,
    /// What your own subscription needs; `None` for that of the client.
    pub(crate) subscription: Option<Subscription>,
    /// What time it is, in unix milliseconds.
    pub(crate) now: i64,
}

impl NextPages<'_> {
    /// Joins the pages on which an article continues, from `next` on: those of the first page's
    /// host, each once, at most [`joined_pages`](crate::limits::Limits::joined_pages). Where one
    /// can't be fetched, the article gets the warning `next_page_missing`.
    pub(crate) async fn join(&self, first: &Url, next: Url, article: &mut Article) {
        let parts = Arc::new(self.extractor.of_any_kind());
        let mut seen = HashSet::from([first.clone()]);
        let mut next = Some(next);
        for _ in 1..self.fetcher.limits().joined_pages {
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
        let request = Request::page(url)
            .with_rate(self.requests_per_second)
            .with_subscription(self.subscription.clone());
        let part = self.fetcher.get(&request).await.ok();
        // Half a page is missing, not read.
        part.filter(|part| part.truncation != Some(Truncation::Anywhere))
    }

    /// The text of a page, and where it continues; `None` where an opt-out forbids it or a fault of ours ended it.
    async fn read(&self, parts: Arc<Extractor>, part: Response) -> Option<(Article, Option<Url>)> {
        let rules = self.rules.for_page(self.source, Some(&part.url), self.now);
        let reader = self.fetcher.reader().clone();
        let work = move || {
            let extraction = parts.extract_with(&part.input(), &rules);
            let is_free = reader.forbidden_by(&extraction.article.rights).is_none();
            is_free.then_some((extraction.article, extraction.next_page))
        };
        self.readers.read(work).await.ok().flatten()
    }
}

/// True for an address of the first page's host that was not requested yet.
fn is_new(url: &Url, first: &Url, seen: &mut HashSet<Url>) -> bool {
    let host = |url: &Url| {
        (
            url.host_str().map(str::to_owned),
            url.port_or_known_default(),
        )
    };
    host(url) == host(first) && seen.insert(url.clone())
}
