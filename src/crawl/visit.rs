//! One visit: fetch an address, read what it holds, and say how it ended. Pages are read on the
//! threads for blocking work; a fault of ours there ends the visit, not the crawl.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use url::Url;

use crate::article::Article;
use crate::config::{Config, Format};
use crate::crawl::clock::{Clock, timestamp};
use crate::crawl::pagination::Follow;
use crate::crawl::plan::CompiledSource;
use crate::discover::{self, Links};
use crate::extract::site_memory::{SiteMemory, host_of};
use crate::extract::{Extraction, Extractor, Options};
use crate::fetch::{FetchError, Fetcher, Request, Response};
use crate::frontier::{
    AnsweredVisit, Due, FailedVisit, FoundUrl, ReadArticle, Reading, UrlKind, Visit, VisitResult,
};
use crate::limits::Limits;
use crate::page::Document;
use crate::store::{PackedPage, RawPage, Store};
use crate::verdict::VisitOutcome;

/// What every visit of a pass needs.
#[derive(Debug)]
pub(super) struct Visitor {
    fetcher: Fetcher,
    extractor: Extractor,
    store: Arc<dyn Store>,
    clock: Clock,
    keep_pages: bool,
    /// Pages that are read at once: more than there are processors would only take memory.
    readers: Arc<Semaphore>,
}

/// What was read of an answer, and where its article goes on.
#[derive(Debug)]
struct FirstPage {
    reading: Reading,
    next_page: Option<Url>,
}

impl From<Reading> for FirstPage {
    fn from(reading: Reading) -> FirstPage {
        FirstPage {
            reading,
            next_page: None,
        }
    }
}

impl Visitor {
    pub(super) fn new(
        config: &Config,
        fetcher: Fetcher,
        clock: Clock,
        store: Arc<dyn Store>,
    ) -> Visitor {
        Visitor {
            fetcher,
            extractor: extractor(config),
            store,
            clock,
            keep_pages: !config.store.keep_pages.is_zero(),
            readers: Arc::new(Semaphore::new(
                std::thread::available_parallelism().map_or(2, usize::from),
            )),
        }
    }

    /// A host (`news.example.org:8080`) was last asked for something so long ago.
    pub(super) async fn note_last_request(&self, host: &str, ago: Duration) {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        self.fetcher.note_last_request(name, ago).await;
    }

    /// Visits one address.
    pub(super) async fn visit(&self, due: Due, plan: &Arc<CompiledSource>) -> Visit {
        let url = due.url.clone();
        let request = match due.kind {
            UrlKind::Page | UrlKind::Start => Request::page(url),
            UrlKind::Feed => Request::feed(url),
            UrlKind::Sitemap => Request::sitemap(url),
        };
        let request = request
            .with_rate(plan.source.requests_per_second)
            .with_validators(due.etag.clone(), due.last_modified.clone());
        let result = match self.fetcher.get(&request).await {
            Err(error) => VisitResult::Failed(failed(&due, error)),
            Ok(mut response) => VisitResult::Answered(AnsweredVisit {
                status: response.status,
                etag: response.etag.take(),
                last_modified: response.last_modified.take(),
                reading: self.read(&due, response, plan).await,
            }),
        };
        Visit {
            due,
            at: self.clock.now(),
            result,
        }
    }

    async fn read(&self, due: &Due, response: Response, plan: &Arc<CompiledSource>) -> Reading {
        if response.status == 304 {
            return Reading::new(VisitOutcome::Unchanged, None);
        }
        let FirstPage {
            mut reading,
            next_page,
        } = self
            .read_blocking(due.clone(), response, Arc::clone(plan))
            .await;
        if let Some(read) = reading.article.as_mut().filter(|_| next_page.is_some()) {
            self.follow(plan, next_page, &mut read.article).await;
        }
        if due.kind == UrlKind::Start && plan.source.discover.sitemaps {
            let maps = self.fetcher.sitemaps(&due.url).await;
            let maps = maps.into_iter();
            reading
                .found
                .extend(maps.map(|url| entry(UrlKind::Sitemap, url, 0, None)));
        }
        if due.kind == UrlKind::Start && reading.outcome == VisitOutcome::Index {
            guess(&due.url, plan, &mut reading.found);
        }
        reading
    }

    /// Joins the further pages of an article.
    async fn follow(&self, plan: &CompiledSource, next: Option<Url>, article: &mut Article) {
        let follow = Follow {
            fetcher: &self.fetcher,
            extractor: Arc::new(self.extractor.clone()),
            book: plan.book(),
            source: Some(&plan.source.name),
            requests_per_second: plan.source.requests_per_second,
            now: self.clock.now(),
        };
        if let Ok(first) = Url::parse(&article.final_url) {
            follow.join(&first, next, article).await;
        }
    }

    async fn read_blocking(
        &self,
        due: Due,
        response: Response,
        plan: Arc<CompiledSource>,
    ) -> FirstPage {
        // It is never closed; were it, pages would be read all the same.
        let _reader = Arc::clone(&self.readers).acquire_owned().await.ok();
        let extractor = match due.kind {
            UrlKind::Page => remembering(&self.extractor, &*self.store, &response.url).await,
            _ => self.extractor.clone(),
        };
        let (keep_pages, now) = (self.keep_pages, self.clock.now());
        let work = move || match due.kind {
            UrlKind::Feed => read_feed(&response, &plan).into(),
            UrlKind::Sitemap => read_sitemap(&due, &response, &plan).into(),
            UrlKind::Page | UrlKind::Start => {
                let page = raw_page(&due, response, now);
                let mut first = read_page(&due, &page, &plan, &extractor);
                if keep_pages && is_worth_keeping(&due, first.reading.outcome) {
                    first.reading.page = PackedPage::pack(page).map(Box::new);
                }
                first
            }
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
            let reason =
                "reading the page failed by a fault of newsprint; please report the address";
            Reading::new(VisitOutcome::Panic, Some(reason.to_owned())).into()
        })
    }
}

/// Other rules may find an article where these found none, but not in what stands in its place.
fn is_worth_keeping(due: &Due, outcome: VisitOutcome) -> bool {
    let stands_in = matches!(
        outcome,
        VisitOutcome::Challenge | VisitOutcome::ConsentWall | VisitOutcome::Soft404
    );
    due.kind == UrlKind::Page && !stands_in
}

fn raw_page(due: &Due, response: Response, fetched_at: i64) -> RawPage {
    RawPage {
        url: due.url.to_string(),
        final_url: response.url.into(),
        source: due.source.clone(),
        fetched_at,
        status: response.status,
        content_type: response.content_type,
        x_robots_tag: response.x_robots_tag,
        tdm_reservation: response.tdm_reservation,
        published: due.published,
        bytes: response.body,
    }
}

fn failed(due: &Due, error: FetchError) -> FailedVisit {
    FailedVisit {
        outcome: VisitOutcome::from(&error),
        reason: error.kind.to_string(),
        status: error.status(),
        retry_after: error.retry_after(),
        failed_at: Some(error.url).filter(|url| *url != due.url),
    }
}

fn entry(kind: UrlKind, url: url::Url, depth: u32, hint: Option<i64>) -> FoundUrl {
    FoundUrl {
        url,
        kind,
        depth,
        hint,
        published: None,
        guessed: false,
    }
}

/// Adds the usual places of feeds where neither the page nor the configuration names one, and those
/// of sitemaps where robots.txt doesn't either.
fn guess(page: &Url, plan: &CompiledSource, found: &mut Vec<FoundUrl>) {
    let source = &plan.source;
    for (kind, paths, wanted) in [
        (
            UrlKind::Feed,
            &discover::USUAL_FEEDS[..],
            source.discover.feeds && source.feeds.is_empty(),
        ),
        (
            UrlKind::Sitemap,
            &discover::USUAL_SITEMAPS[..],
            source.discover.sitemaps && source.sitemaps.is_empty(),
        ),
    ] {
        if !wanted
            || found
                .iter()
                .any(|found| found.kind == kind && !found.guessed)
        {
            continue;
        }
        let places = paths.iter().filter_map(|path| page.join(path).ok());
        found.extend(places.map(|url| FoundUrl {
            guessed: true,
            ..entry(kind, url, 0, None)
        }));
    }
}

fn read_feed(response: &Response, plan: &CompiledSource) -> Reading {
    let kind = response.content_type.as_deref();
    match discover::feed(&response.body, kind, &response.url, &Limits::DEFAULT) {
        Ok(candidates) => Reading::index(plan.pages(candidates, 1)),
        Err(error) => Reading::new(VisitOutcome::NotHtml, Some(error.to_string())),
    }
}

fn read_sitemap(due: &Due, response: &Response, plan: &CompiledSource) -> Reading {
    let kind = response.content_type.as_deref();
    match discover::sitemap(&response.body, kind, &response.url, &Limits::DEFAULT) {
        Ok(map) => {
            let mut found = plan.pages(map.pages, 1);
            if due.depth < u32::from(Limits::DEFAULT.sitemap_depth) {
                // A map that has not changed since names nothing that is young enough.
                let maps = map.maps.into_iter().filter(|(_, at)| !plan.is_too_old(*at));
                found.extend(maps.map(|(url, at)| entry(UrlKind::Sitemap, url, due.depth + 1, at)));
            }
            Reading::index(found)
        }
        Err(error) => Reading::new(VisitOutcome::NotHtml, Some(error.to_string())),
    }
}

/// Parses once; takes the article of a page, and the links of those near enough to a start page.
fn read_page(due: &Due, page: &RawPage, plan: &CompiledSource, extractor: &Extractor) -> FirstPage {
    let url = page.parsed_url();
    let document = Document::parse(&page.input(url.as_ref()), &Limits::DEFAULT);
    let parsed = document.page();
    let mut first = if due.kind == UrlKind::Start {
        Reading::index(Vec::new()).into()
    } else {
        let rules = plan.rules(url.as_ref(), page.fetched_at);
        let extraction = extractor.extract_page(&parsed, &rules);
        judged(page, plan, extraction)
    };
    if let Some(url) = url.as_ref().filter(|_| due.depth < plan.source.max_depth) {
        let links = discover::links(&parsed.tree, url, &Limits::DEFAULT);
        first.reading.found = follow(due, plan, links);
    }
    first
}

fn follow(due: &Due, plan: &CompiledSource, links: Links) -> Vec<FoundUrl> {
    let mut found = Vec::new();
    if plan.source.discover.links {
        found = plan.pages(links.pages, due.depth + 1);
    }
    if plan.source.discover.feeds && due.kind == UrlKind::Start {
        found.extend(
            links
                .feeds
                .into_iter()
                .map(|url| entry(UrlKind::Feed, url, 0, None)),
        );
    }
    found
}

/// The extractor with what the store knows of the page's site. Where that can't be read, so can't
/// the end of the visit be kept, which tells of it.
pub(super) async fn remembering(extractor: &Extractor, store: &dyn Store, url: &Url) -> Extractor {
    let memory = match host_of(url) {
        Some(host) => store.site_memory(&host).await.unwrap_or_default(),
        None => SiteMemory::default(),
    };
    extractor.remembering(Arc::new(memory))
}

/// The extractor of a crawl's pages.
pub(super) fn extractor(config: &Config) -> Extractor {
    Extractor::new(Options {
        include: config.output.include.clone(),
        markdown: config.output.format == Format::Markdown,
        html: config.output.format == Format::Html,
        blocks: false,
        any_kind: false,
    })
}

/// Reads a page that was fetched before.
pub(super) fn read_again(page: &RawPage, plan: &CompiledSource, extractor: &Extractor) -> Reading {
    let url = page.parsed_url();
    let rules = plan.rules(url.as_ref(), page.fetched_at);
    let extraction = extractor.extract_with(&page.input(url.as_ref()), &rules);
    // Only its first page is kept; the text that is stored has them all.
    if extraction.next_page.is_some() {
        return Reading::new(VisitOutcome::Unchanged, None);
    }
    judged(page, plan, extraction).reading
}

fn judged(page: &RawPage, plan: &CompiledSource, extraction: Extraction) -> FirstPage {
    let Extraction {
        mut article,
        verdict,
        why: _,
        next_page,
        fingerprint,
        missed,
    } = extraction;
    if !verdict.is_article() {
        return Reading::new(verdict.into(), None).into();
    }
    if let Some(reason) = other_language(plan, article.language.as_deref()) {
        return Reading::new(VisitOutcome::OtherLanguage, Some(reason)).into();
    }
    article.url.clone_from(&page.url);
    article.final_url.clone_from(&page.final_url);
    article.source = Some(page.source.clone());
    article.status = Some(page.status);
    if article.published.is_none()
        && let Some(published) = page.published.and_then(timestamp)
    {
        article.published = Some(published);
        article.warnings.push("date_from_feed".to_owned());
    }
    article.set_fetched_at(timestamp(page.fetched_at));
    let article = ReadArticle {
        article,
        fingerprint,
        missed_selectors: missed,
    };
    let reading = Reading {
        article: Some(Box::new(article)),
        ..Reading::new(VisitOutcome::Stored, None)
    };
    FirstPage { reading, next_page }
}

/// The source's language and the article's, where both are known and their primary tags differ.
fn other_language(plan: &CompiledSource, found: Option<&str>) -> Option<String> {
    let (wanted, found) = (plan.source.language.as_deref()?, found?);
    let primary = |tag: &str| {
        tag.split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let differs = primary(wanted) != primary(found);
    differs.then(|| format!("the article is in `{found}`, the source wants `{wanted}`"))
}
