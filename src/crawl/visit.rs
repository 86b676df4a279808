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
use crate::extract::site_memory::{PageFingerprint, SiteMemory, host_of};
use crate::extract::{Extraction, Extractor, Options};
use crate::fetch::{FetchError, Fetcher, Request, Response, Want};
use crate::frontier::{Due, Found, Kind, Visit};
use crate::limits::Limits;
use crate::page::{Document, Input};
use crate::store::{PackedPage, RawPage, Store};
use crate::verdict::VisitOutcome;

/// What every visit of a pass needs.
#[derive(Debug)]
pub(super) struct Visitor {
    fetcher: Fetcher,
    extractor: Extractor,
    store: Store,
    clock: Clock,
    keep_pages: bool,
    /// Pages that are read at once: more than there are processors would only take memory.
    readers: Arc<Semaphore>,
}

/// What was read of an answer.
#[derive(Debug)]
struct Reading {
    outcome: VisitOutcome,
    reason: Option<String>,
    article: Option<Box<Article>>,
    page: Option<Box<PackedPage>>,
    /// Where the article goes on.
    next_page: Option<Url>,
    traits: Option<Box<PageFingerprint>>,
    missed: Option<String>,
    found: Vec<Found>,
}

impl Reading {
    fn new(outcome: VisitOutcome, reason: Option<String>) -> Reading {
        Reading {
            outcome,
            reason,
            article: None,
            page: None,
            next_page: None,
            traits: None,
            missed: None,
            found: Vec::new(),
        }
    }

    fn index(found: Vec<Found>) -> Reading {
        Reading {
            found,
            ..Reading::new(VisitOutcome::Index, None)
        }
    }
}

impl Visitor {
    pub(super) fn new(config: &Config, fetcher: Fetcher, clock: Clock, store: Store) -> Visitor {
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
        let request = Request {
            url: due.url.clone(),
            requests_per_second: plan.source.requests_per_second,
            etag: due.etag.clone(),
            last_modified: due.last_modified.clone(),
            want: match due.kind {
                Kind::Page | Kind::Start => Want::Page,
                Kind::Feed => Want::Feed,
                Kind::Sitemap => Want::Sitemap,
            },
        };
        match self.fetcher.get(&request).await {
            Err(error) => failed(due, error, self.clock.now()),
            Ok(mut response) => {
                let (status, etag, last_modified) = (
                    response.status,
                    response.etag.take(),
                    response.last_modified.take(),
                );
                let reading = self.read(&due, response, plan).await;
                Visit {
                    due,
                    at: self.clock.now(),
                    outcome: reading.outcome,
                    reason: reading.reason,
                    status: Some(status),
                    etag,
                    last_modified,
                    article: reading.article,
                    page: reading.page,
                    traits: reading.traits,
                    missed: reading.missed,
                    found: reading.found,
                    hold: None,
                    failed_at: None,
                }
            }
        }
    }

    async fn read(&self, due: &Due, response: Response, plan: &Arc<CompiledSource>) -> Reading {
        if response.status == 304 {
            return Reading::new(VisitOutcome::Unchanged, None);
        }
        let mut reading = self
            .read_blocking(due.clone(), response, Arc::clone(plan))
            .await;
        if let Some(article) = reading
            .article
            .as_mut()
            .filter(|_| reading.next_page.is_some())
        {
            self.follow(plan, reading.next_page.take(), article).await;
        }
        if due.kind == Kind::Start && plan.source.discover.sitemaps {
            let maps = self.fetcher.sitemaps(&due.url).await;
            let maps = maps.into_iter();
            reading
                .found
                .extend(maps.map(|url| entry(Kind::Sitemap, url, 0, None)));
        }
        if due.kind == Kind::Start && reading.outcome == VisitOutcome::Index {
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
    ) -> Reading {
        // It is never closed; were it, pages would be read all the same.
        let _reader = Arc::clone(&self.readers).acquire_owned().await.ok();
        let extractor = match due.kind {
            Kind::Page => remembering(&self.extractor, &self.store, &response.url).await,
            _ => self.extractor.clone(),
        };
        let (keep_pages, now) = (self.keep_pages, self.clock.now());
        let work = move || match due.kind {
            Kind::Feed => read_feed(&response, &plan),
            Kind::Sitemap => read_sitemap(&due, &response, &plan),
            Kind::Page | Kind::Start => {
                let page = raw_page(&due, response, now);
                let mut reading = read_page(&due, &page, &plan, &extractor);
                if keep_pages && is_worth_keeping(&due, reading.outcome) {
                    reading.page = PackedPage::pack(page).map(Box::new);
                }
                reading
            }
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
            let reason =
                "reading the page failed by a fault of newsprint; please report the address";
            Reading::new(VisitOutcome::Panic, Some(reason.to_owned()))
        })
    }
}

/// Other rules may find an article where these found none, but not in what stands in its place.
fn is_worth_keeping(due: &Due, outcome: VisitOutcome) -> bool {
    let stands_in = matches!(
        outcome,
        VisitOutcome::Challenge | VisitOutcome::ConsentWall | VisitOutcome::Soft404
    );
    due.kind == Kind::Page && !stands_in
}

/// A raw page as the extractor reads it; `url` is its final address.
fn input<'p>(page: &'p RawPage, url: Option<&'p Url>) -> Input<'p> {
    Input {
        bytes: &page.bytes,
        url,
        content_type: page.content_type.as_deref(),
        x_robots_tag: page.x_robots_tag.as_deref(),
        tdm_reservation: page.tdm_reservation.as_deref(),
    }
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

fn failed(due: Due, error: FetchError, at: i64) -> Visit {
    Visit {
        at,
        outcome: error.outcome,
        reason: Some(error.reason),
        status: error.status,
        etag: None,
        last_modified: None,
        article: None,
        page: None,
        traits: None,
        missed: None,
        found: Vec::new(),
        failed_at: Some(error.url).filter(|url| *url != due.url),
        hold: error.retry_after,
        due,
    }
}

fn entry(kind: Kind, url: url::Url, depth: u32, hint: Option<i64>) -> Found {
    Found {
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
fn guess(page: &Url, plan: &CompiledSource, found: &mut Vec<Found>) {
    let source = &plan.source;
    for (kind, paths, wanted) in [
        (
            Kind::Feed,
            &discover::USUAL_FEEDS[..],
            source.discover.feeds && source.feeds.is_empty(),
        ),
        (
            Kind::Sitemap,
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
        found.extend(places.map(|url| Found {
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
                found.extend(maps.map(|(url, at)| entry(Kind::Sitemap, url, due.depth + 1, at)));
            }
            Reading::index(found)
        }
        Err(error) => Reading::new(VisitOutcome::NotHtml, Some(error.to_string())),
    }
}

/// Parses once; takes the article of a page, and the links of those near enough to a start page.
fn read_page(due: &Due, page: &RawPage, plan: &CompiledSource, extractor: &Extractor) -> Reading {
    let url = Url::parse(&page.final_url).ok();
    let input = input(page, url.as_ref());
    let document = Document::parse(&input, &Limits::DEFAULT);
    let tree = document.tree();
    let mut reading = if due.kind == Kind::Start {
        Reading::index(Vec::new())
    } else {
        let extraction = extractor.extract_tree(
            &input,
            &document,
            &tree,
            &plan.rules(url.as_ref(), page.fetched_at),
        );
        judged(page, plan, extraction)
    };
    if let Some(url) = url.filter(|_| due.depth < plan.source.max_depth) {
        let links = discover::links(&tree, &url, &Limits::DEFAULT);
        reading.found = follow(due, plan, links);
    }
    reading
}

fn follow(due: &Due, plan: &CompiledSource, links: Links) -> Vec<Found> {
    let mut found = Vec::new();
    if plan.source.discover.links {
        found = plan.pages(links.pages, due.depth + 1);
    }
    if plan.source.discover.feeds && due.kind == Kind::Start {
        found.extend(
            links
                .feeds
                .into_iter()
                .map(|url| entry(Kind::Feed, url, 0, None)),
        );
    }
    found
}

/// The extractor with what the store knows of the page's site. Where that can't be read, so can't
/// the end of the visit be kept, which tells of it.
pub(super) async fn remembering(extractor: &Extractor, store: &Store, url: &Url) -> Extractor {
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

/// What a page comes to that was fetched before.
#[derive(Debug)]
pub(super) struct ReadAgain {
    pub(super) outcome: VisitOutcome,
    pub(super) article: Option<Box<Article>>,
    /// The `article` selectors that find nothing on it.
    pub(super) missed: Option<String>,
}

/// Reads a page that was fetched before.
pub(super) fn read_again(
    page: &RawPage,
    plan: &CompiledSource,
    extractor: &Extractor,
) -> ReadAgain {
    let url = Url::parse(&page.final_url).ok();
    let input = input(page, url.as_ref());
    let document = Document::parse(&input, &Limits::DEFAULT);
    let extraction = extractor.extract_tree(
        &input,
        &document,
        &document.tree(),
        &plan.rules(url.as_ref(), page.fetched_at),
    );
    // Only its first page is kept; the text that is stored has them all.
    if extraction.next_page.is_some() {
        return ReadAgain {
            outcome: VisitOutcome::Unchanged,
            article: None,
            missed: None,
        };
    }
    let reading = judged(page, plan, extraction);
    ReadAgain {
        outcome: reading.outcome,
        article: reading.article,
        missed: reading.missed,
    }
}

fn judged(page: &RawPage, plan: &CompiledSource, extraction: Extraction) -> Reading {
    let Extraction {
        mut article,
        verdict,
        why: _,
        next_page,
        traits,
        missed,
    } = extraction;
    if verdict != VisitOutcome::Stored {
        return Reading::new(verdict, None);
    }
    if let Some(reason) = other_language(plan, article.language.as_deref()) {
        return Reading::new(VisitOutcome::OtherLanguage, Some(reason));
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
    Reading {
        article: Some(Box::new(article)),
        next_page,
        traits: Some(Box::new(traits)),
        missed,
        ..Reading::new(VisitOutcome::Stored, None)
    }
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
