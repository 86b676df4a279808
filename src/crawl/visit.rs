//! One visit: fetch an address, read the answer, and say how the visit ended. Pages are read on the
//! threads for blocking work; a panic there, or a page that takes without end, ends the visit, not the crawl.

mod copies;

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::archive::ArchiveError;
use crate::article::Article;
use crate::client::{NextPages, Readers, StandIn, Unread, on_error_page};
use crate::config::{Config, Source};
use crate::crawl::clock::Clock;
use crate::crawl::plan::CompiledSource;
use crate::crawl::read::{FirstPage, Reader, entry_point, extractor, guess_entry_points, raw_page};
use crate::crawl::warc::{PassArchive, VisitArchive};
use crate::extract::Extractor;
use crate::extract::site_memory::host_of;
use crate::fetch::{Arrival, BulkPermits, FetchError, Fetcher, NextTurn, Request, Response};
use crate::frontier::{AnsweredVisit, Due, FailedVisit, Reading, UrlKind, Visit, VisitResult};
use crate::render::Browsers;
use crate::store::{PackedPage, Packer, RawPage, Store};
use crate::verdict::VisitOutcome;

/// What every visit of a pass needs.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    pub(super) fetcher: Fetcher,
    extractor: Extractor,
    store: Arc<dyn Store>,
    clock: Clock,
    keep_pages: bool,
    packer: Arc<Packer>,
    readers: Readers,
    pub(super) browsers: Browsers,
    archive: Option<PassArchive>,
}

impl Visitor {
    pub(super) fn new(
        config: &Config,
        fetcher: Fetcher,
        (clock, archive): (&Clock, Option<PassArchive>),
        store: &Arc<dyn Store>,
    ) -> Visitor {
        let fetcher = match &archive {
            // What is fetched for no visit, such as the robots.txt that says when a host has its turn.
            Some(archive) => fetcher.recorded_by(archive.visit(None)),
            None => fetcher,
        };
        Visitor {
            extractor: extractor(config, fetcher.limits()),
            readers: Readers::new(fetcher.limits().read_time),
            fetcher,
            store: Arc::clone(store),
            clock: clock.clone(),
            archive,
            packer: Arc::default(),
            browsers: Browsers::default(),
            keep_pages: !config.store.keep_pages.is_zero(),
        }
    }

    /// True where so many pages take without end that no others can be read.
    pub(super) fn is_stuck(&self) -> bool {
        self.readers.are_stuck()
    }

    /// Notes that a host (`news.example.org:8080`) got its last request so long ago.
    pub(super) async fn note_last_request(&self, host: &str, ago: Duration) {
        // The last part of `[::1]` is not a port.
        let parts = host.rsplit_once(':');
        let parts = parts.filter(|(_, port)| port.bytes().all(|it| it.is_ascii_digit()));
        let name = parts.map_or(host, |(name, _)| name);
        self.fetcher.note_last_request(name, ago).await;
    }

    /// When the host of an address has a turn for it.
    pub(super) async fn next_turn(&self, due: &Due, plan: &CompiledSource) -> NextTurn {
        let rate = plan.source.requests_per_second;
        self.fetcher.next_turn(&due.url, rate).await
    }

    /// Visits one address. Of a large feed or sitemap, what was read takes memory until it is stored: the permits
    /// are to be held so long.
    ///
    /// # Errors
    /// Fails where what was fetched can't be written to the archive, if there is one.
    pub(super) async fn visit(
        &self,
        due: Due,
        plan: &Arc<CompiledSource>,
    ) -> Result<(Visit, BulkPermits), ArchiveError> {
        let Some(archive) = &self.archive else {
            return Ok(self.make(due, plan, None).await);
        };
        let records = archive.visit(Some(&due));
        let recorded = Visitor {
            fetcher: self
                .fetcher
                .recorded_by(Arc::<VisitArchive>::clone(&records)),
            ..self.clone()
        };
        let (mut visit, permits) = recorded.make(due, plan, Some(&records)).await;
        records.end(&mut visit).await?;
        Ok((visit, permits))
    }

    async fn make(
        &self,
        due: Due,
        plan: &Arc<CompiledSource>,
        records: Option<&VisitArchive>,
    ) -> (Visit, BulkPermits) {
        if due.lookup.is_lookup() {
            return (self.look_up(due, plan).await, BulkPermits::default());
        }
        let due = Visitor::with_lookup(due, plan);
        let url = with_login(due.url.clone(), &plan.source);
        let request = match due.kind {
            UrlKind::Page | UrlKind::Start => Request::page(url),
            UrlKind::Feed => Request::feed(url),
            UrlKind::Sitemap => Request::sitemap(url),
        };
        let request = request
            .on_behalf_of(plan.source.entry_points().cloned())
            .with_rate(plan.source.requests_per_second)
            .with_subscription(plan.subscription.clone())
            .with_validators(due.etag.clone(), due.last_modified.clone());
        let mut permits = BulkPermits::default();
        let fetched = self.fetcher.get_in_turn(&request).await;
        if let Some(records) = records {
            records.note_page(
                fetched
                    .as_ref()
                    .map_or_else(|it| &it.url, |(it, _)| &it.url),
            );
        }
        let result = match fetched {
            Err(error) => VisitResult::Failed(self.failed(&due, error, plan).await),
            Ok((mut response, turns)) => {
                permits = turns;
                let (etag, last_modified) = (response.etag.take(), response.last_modified.take());
                let status = response.status;
                let (reading, is_rendered) = self.read(&due, (&request, response), plan).await;
                // The plain page may stay the same while what its scripts show does not.
                let has_validators = has_validators(status, reading.outcome) && !is_rendered;
                VisitResult::Answered(AnsweredVisit {
                    status,
                    etag: etag.filter(|_| has_validators),
                    last_modified: last_modified.filter(|_| has_validators),
                    archived: None,
                    reading,
                })
            }
        };
        let at = self.clock.now();
        (Visit { due, at, result }, permits)
    }

    /// What an answer holds, and whether a browser showed it.
    async fn read(
        &self,
        due: &Due,
        (request, response): (&Request, Response),
        plan: &Arc<CompiledSource>,
    ) -> (Reading, bool) {
        let arrived = response.url.clone();
        let moved_to = response.moved_to.as_ref();
        let moved_for_good = moved_to.and_then(|to| plan.moved_for_good(due, to));
        if response.status == 304 {
            let moved = plan.moved(due, &arrived).or(moved_for_good);
            return (Reading::new(VisitOutcome::Unchanged, moved), false);
        }
        let (mut arrival, status) = (Arrival::of(&response), response.status);
        if let Some((outcome, reason)) = arrival.unread() {
            let locked_out = plan.locked_out(&due.url, (outcome, Some(status)), &reason);
            let reason = Some(locked_out.unwrap_or(reason));
            return (Reading::new(outcome, reason), false);
        }
        let plain = plan.source.render.is_some().then(|| response.clone());
        let mut first = self
            .read_blocking(due.clone(), response, Arc::clone(plan))
            .await;
        let is_whole = arrival.correction(first.reading.outcome).is_none();
        let plain = plain.filter(|_| first.is_made_by_scripts && is_whole);
        let is_rendered = plain.is_some();
        if let Some(plain) = plain {
            (first, arrival) = self.render(due, (request, plain), (first, plan)).await;
        }
        if due.kind == UrlKind::Page
            && let Some(correction) = arrival.correction(first.reading.outcome)
        {
            first.correct(correction);
        }
        let FirstPage {
            mut reading,
            next_page,
            ..
        } = first;
        let what = reading.reason.as_deref().unwrap_or("a paywall");
        let end = (reading.outcome, Some(status));
        if let Some(locked_out) = plan.locked_out(&arrived, end, what) {
            reading.reason = Some(locked_out);
        }
        if let Some((read, next)) = reading.article.as_mut().zip(next_page) {
            self.join_next_pages(plan, next, &mut read.article).await;
        }
        if due.kind == UrlKind::Start && plan.source.discover.sitemaps {
            let sitemaps = self.fetcher.sitemaps(&arrived).await;
            let sitemaps = sitemaps.into_iter();
            reading
                .found
                .extend(sitemaps.map(|url| entry_point(UrlKind::Sitemap, url, 0, None)));
        }
        // What is empty or made by scripts may have feeds all the same.
        let may_have = matches!(
            reading.outcome,
            VisitOutcome::Index | VisitOutcome::Empty | VisitOutcome::NotRendered
        );
        if due.kind == UrlKind::Start && may_have {
            guess_entry_points(&due.url, plan, &mut reading.found);
        }
        if let Some(moved) = moved_for_good {
            if due.kind != UrlKind::Start {
                tracing::warn!(source = due.source, url = %due.url, "{} has {moved}", due.kind.name());
            }
            reading.reason.get_or_insert(moved);
        }
        if let Some(moved) = plan
            .moved(due, &arrived)
            .filter(|_| !reading.sites.is_empty())
        {
            tracing::warn!(source = due.source, url = %due.url, "the start page has {moved}");
        }
        (reading, is_rendered)
    }

    /// A visit that failed. Where the error answer shows a page, that is read to name a bot check.
    async fn failed(&self, due: &Due, error: FetchError, plan: &CompiledSource) -> FailedVisit {
        let outcome = VisitOutcome::from(&error);
        let what = error.kind.to_string();
        if let Some(reason) = plan.locked_out(&error.url, (outcome, error.status()), &what) {
            let stand_in = StandIn { outcome, reason };
            return failed(due, error, Some(stand_in));
        }
        if error.page().is_none() {
            return failed(due, error, None);
        }
        let (extractor, shown) = (self.extractor.clone(), error.clone());
        let read = move || on_error_page(&extractor, &shown);
        let stand_in = self.readers.read(read).await.unwrap_or_default();
        failed(due, error, stand_in)
    }

    async fn join_next_pages(&self, plan: &CompiledSource, next: Url, article: &mut Article) {
        let pages = NextPages {
            fetcher: &self.fetcher,
            readers: &self.readers,
            extractor: Arc::new(self.extractor.clone()),
            rules: plan.book(),
            source: Some(&plan.source.name),
            requests_per_second: plan.source.requests_per_second,
            subscription: plan.subscription.clone(),
            now: self.clock.now(),
        };
        if let Some(first) = article.parsed_final_url() {
            pages.join(&first, next, article).await;
        }
    }

    pub(super) async fn read_blocking(
        &self,
        due: Due,
        response: Response,
        plan: Arc<CompiledSource>,
    ) -> FirstPage {
        let extractor = match due.kind {
            UrlKind::Page => remembering(&self.extractor, &*self.store, &response.url).await,
            _ => self.extractor.clone(),
        };
        let limits = self.fetcher.limits().clone();
        match due.kind {
            UrlKind::Feed | UrlKind::Sitemap => {
                let work = move || {
                    let reader = Reader {
                        due: &due,
                        plan: &plan,
                        limits: &limits,
                    };
                    match due.kind {
                        UrlKind::Feed => reader.feed(&response, &extractor),
                        _ => reader.sitemap(&response, &extractor),
                    }
                };
                let read = self.readers.read(work).await;
                read.unwrap_or_else(unread).into()
            }
            UrlKind::Page | UrlKind::Start => {
                let is_kept = self.keep_pages && due.kind == UrlKind::Page;
                let page = Arc::new(raw_page(&due, &plan, response, self.clock.now()));
                let (read, packer) = (Arc::clone(&page), Arc::clone(&self.packer));
                let work = move || {
                    let reader = Reader {
                        due: &due,
                        plan: &plan,
                        limits: &limits,
                    };
                    let mut first = reader.page(&read, &extractor);
                    if is_kept {
                        // Here, where the page is at hand.
                        let packed = packer.pack(&read, first.reading.outcome);
                        first.reading.page = packed.map(Box::new);
                    }
                    first
                };
                match self.readers.read(work).await {
                    Ok(first) => first,
                    Err(error) => {
                        let mut first = FirstPage::from(unread(error));
                        if is_kept {
                            first.reading.page = self.packed(page, first.reading.outcome).await;
                        }
                        first
                    }
                }
            }
        }
    }

    /// A page that could not be read, to be kept so that it can be judged again and reported.
    async fn packed(&self, page: Arc<RawPage>, outcome: VisitOutcome) -> Option<Box<PackedPage>> {
        let packer = Arc::clone(&self.packer);
        let pack = move || packer.pack(&page, outcome).map(Box::new);
        tokio::task::spawn_blocking(pack).await.ok().flatten()
    }
}

/// How the visit to an address ends whose answer could not be read.
fn unread(error: Unread) -> Reading {
    Reading::new(VisitOutcome::Panic, Some(error.to_string()))
}

/// The address with the user name and the password that an address of the source names for its origin. The
/// frontier knows addresses without them.
fn with_login(mut url: Url, source: &Source) -> Url {
    let mut named = source
        .entry_points()
        .filter(|it| !it.username().is_empty() || it.password().is_some());
    if let Some(named) = named.find(|it| it.origin() == url.origin()) {
        // Both fail only on addresses that can hold neither.
        let _ = url.set_username(named.username());
        let _ = url.set_password(named.password());
    }
    url
}

/// True where the next answer may be that nothing has changed since this one. What holds nothing is
/// requested whole the next time: many servers give what they change the same validators.
fn has_validators(status: u16, outcome: VisitOutcome) -> bool {
    let is_read = outcome.is_article() || outcome == VisitOutcome::Index;
    status != 304 && (is_read || outcome == VisitOutcome::Unchanged)
}

/// A visit without an answer to read; `stand_in` is what the page of the error answer is.
fn failed(due: &Due, error: FetchError, stand_in: Option<StandIn>) -> FailedVisit {
    let (outcome, reason) = match stand_in {
        Some(stand_in) => (stand_in.outcome, stand_in.reason),
        None => (VisitOutcome::from(&error), error.kind.to_string()),
    };
    FailedVisit {
        outcome,
        reason,
        status: error.status(),
        retry_after: error.retry_after(),
        failed_at: Some(error.url).filter(|url| *url != due.url),
    }
}

/// The extractor with the memory of the page's site. Where the store can't be read, the end of the
/// visit can't be stored either, and reports the error.
pub(super) async fn remembering(extractor: &Extractor, store: &dyn Store, url: &Url) -> Extractor {
    let memory = match host_of(url) {
        Some(host) => store.site_memory(&host).await.unwrap_or_default(),
        None => Arc::default(),
    };
    extractor.with_memory(memory)
}
