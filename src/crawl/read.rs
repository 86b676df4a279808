//! Reads answers: feeds, sitemaps and pages, and stored pages again. Bytes in, a [`Reading`] out;
//! no network and no store.

use url::Url;

use crate::config::{Config, Format};
use crate::crawl::clock::timestamp;
use crate::crawl::front::{self, FrontPage, Opening};
use crate::crawl::languages::other_language;
use crate::crawl::plan::CompiledSource;
use crate::discover::{self, DiscoverError, Links};
use crate::extract::{Extraction, Extractor};
use crate::fetch::{Correction, Response};
use crate::frontier::{Due, FoundUrl, LinkCounts, ReadArticle, Reading, UrlKind};
use crate::limits::Limits;
use crate::page::Document;
use crate::render;
use crate::store::RawPage;
use crate::verdict::{AddressEvidence, VisitOutcome};

/// What is longer, in bytes, is no wall in the place of a feed; and a page says so near its start.
const PAGE_BYTES: usize = 1 << 20;
const PAGE_START: usize = 2048;

/// What was read in an answer, and where its article continues.
#[derive(Debug)]
pub(super) struct FirstPage {
    pub(super) reading: Reading,
    pub(super) next_page: Option<Url>,
    /// Scripts would have made what is missing.
    pub(super) is_made_by_scripts: bool,
}

impl FirstPage {
    /// Corrects what was read in a page by how the page came.
    pub(super) fn correct(&mut self, correction: Correction) {
        let reading = &mut self.reading;
        let (outcome, reason) = match correction {
            Correction::Replace(outcome, reason) => (outcome, reason),
            Correction::CutShort => (
                VisitOutcome::BadEncoding,
                "the compressed page ends early, and its text may be cut short".to_owned(),
            ),
            Correction::CutAfterText => {
                if let Some(read) = &mut reading.article {
                    read.article.warnings.push("truncated".to_owned());
                }
                return;
            }
        };
        (reading.outcome, reading.reason) = (outcome, Some(reason));
        (reading.article, reading.page) = (None, None);
        self.next_page = None;
    }
}

impl From<Reading> for FirstPage {
    fn from(reading: Reading) -> FirstPage {
        FirstPage {
            reading,
            next_page: None,
            is_made_by_scripts: false,
        }
    }
}

/// Reads the answers of one address.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) due: &'a Due,
    pub(super) plan: &'a CompiledSource,
    pub(super) limits: &'a Limits,
}

impl Reader<'_> {
    /// Reads a feed.
    pub(super) fn feed(&self, response: &Response, extractor: &Extractor) -> Reading {
        let kind = response.content_type.as_deref();
        match discover::feed(&response.body, kind, &response.url, self.limits) {
            Ok(feed) => {
                if feed.is_damaged {
                    tracing::warn!(url = %response.url, "damaged feed: read as far as possible");
                }
                let arrived = &response.url;
                let named = feed.entries.len();
                let sites = self.plan.learn(self.due, arrived, &feed.entries);
                let found = self.plan.pages(feed.entries, self.due, arrived);
                Reading {
                    links: counts(found.len(), named),
                    sites,
                    damaged: feed.is_damaged,
                    reason: self.truncated(feed.truncated),
                    ..Reading::index(found)
                }
            }
            Err(error) => self.unread(response, extractor, &error),
        }
    }

    /// What stands in the place of a feed or sitemap.
    fn unread(&self, response: &Response, extractor: &Extractor, error: &DiscoverError) -> Reading {
        let start = response.body.len().min(PAGE_START);
        let start = response.body[..start].to_ascii_lowercase();
        let is_page =
            response.body.len() <= PAGE_BYTES && start.windows(5).any(|it| it == b"<html");
        let verdict = is_page.then(|| extractor.extract(&response.input()).verdict);
        match verdict.and_then(front::stand_in) {
            Some((outcome, what, _)) => {
                let kind = self.due.kind.name();
                Reading::new(outcome, Some(format!("{what} in place of the {kind}")))
            }
            None => Reading::new(VisitOutcome::NotHtml, Some(error.to_string())),
        }
    }

    /// Reads a sitemap or a sitemap index.
    pub(super) fn sitemap(&self, response: &Response, extractor: &Extractor) -> Reading {
        let kind = response.content_type.as_deref();
        let map = match discover::sitemap(&response.body, kind, &response.url, self.limits) {
            Ok(map) => map,
            Err(error) => return self.unread(response, extractor, &error),
        };
        if map.is_damaged {
            tracing::warn!(url = %response.url, "damaged sitemap: read as far as possible");
        }
        let (plan, depth) = (self.plan, self.due.depth);
        let named = map.pages.len() + map.maps.len();
        let sites = plan.learn(self.due, &response.url, &map.pages);
        let mut found = plan.pages(map.pages, self.due, &response.url);
        if depth < u32::from(self.limits.sitemap_depth) {
            let maps = discover::maps_to_read(map.maps, plan.oldest()).into_iter();
            found.extend(maps.map(|(url, at)| entry_point(UrlKind::Sitemap, url, depth + 1, at)));
        }
        Reading {
            links: counts(found.len(), named),
            sites,
            damaged: map.is_damaged,
            reason: self.truncated(map.truncated),
            ..Reading::index(found)
        }
    }

    /// What to say of a feed or sitemap with more addresses than are read.
    fn truncated(&self, truncated: bool) -> Option<String> {
        let most = self.limits.sitemap_urls;
        truncated.then(|| format!("only its first {most} addresses are read"))
    }

    /// Parses a page once; takes its article, and its links where they are near enough to a start
    /// page. A start page is judged by both: a wall may stand in its place.
    pub(super) fn page(&self, page: &RawPage, extractor: &Extractor) -> FirstPage {
        let url = page.parsed_url();
        let document = Document::parse(&page.input(url.as_ref()), self.limits);
        let parsed = document.page();
        let rules = self.plan.rules(url.as_ref(), page.fetched_at);
        let extraction = extractor.extract_page(&parsed, &rules);
        let is_start = self.due.kind == UrlKind::Start;
        let is_near = self.due.depth < self.plan.source.max_depth;
        let links = url.as_ref().filter(|_| is_near || is_start).map(|url| {
            let standing = |link: &Url| self.plan.standing(link, url);
            discover::links_of_source(&parsed.tree, url, self.limits, &standing)
        });
        let mut first: FirstPage = match (&links, &url) {
            (Some(links), Some(url)) if is_start => {
                let mut opening = Opening::default();
                let front = FrontPage::new(&parsed, &extraction, links, &mut opening);
                let front = front.asked_at(&self.due.url, url);
                let (outcome, reason) = front::end_of(&front);
                FirstPage {
                    is_made_by_scripts: front.is_made_by_scripts(outcome),
                    ..Reading::new(outcome, reason).into()
                }
            }
            _ if is_start => Reading::index(Vec::new()).into(),
            _ => reading_of(page, self.plan, extraction),
        };
        if let Some(reason) = url
            .as_ref()
            .and_then(|url| self.refusal(&first.reading, url))
        {
            return Reading::new(VisitOutcome::MovedAway, Some(reason)).into();
        }
        if let Some((links, url)) = links.filter(|_| is_near).zip(url.as_ref()) {
            log_links(&page.final_url, &links);
            let named = links.judged.len();
            first.reading.found = self.links(links, url);
            let found = first.reading.found.iter();
            let pages = found.filter(|it| it.kind == UrlKind::Page).count();
            first.reading.links = counts(pages, named);
        }
        if let Some(url) = &url {
            self.follow_move(&mut first.reading, url);
        }
        first
    }

    /// Why the page that a redirect has led to is none of the source's. What stands in a page's place
    /// says more of itself.
    fn refusal(&self, reading: &Reading, arrived: &Url) -> Option<String> {
        let stands_in = matches!(
            reading.outcome,
            VisitOutcome::Challenge | VisitOutcome::ConsentWall | VisitOutcome::Soft404
        );
        let is_page = self.due.kind == UrlKind::Page && !stands_in;
        is_page.then(|| self.plan.refuses(self.due, arrived))?
    }

    /// Takes the site that a start page has moved to for the source's own.
    fn follow_move(&self, reading: &mut Reading, arrived: &Url) {
        if self.due.kind == UrlKind::Start && reading.outcome == VisitOutcome::Index {
            reading.sites = self.plan.learn(self.due, arrived, &[]);
            let moved = self.plan.moved(self.due, arrived);
            reading.reason = moved.or(reading.reason.take());
        }
    }

    fn links(&self, links: Links, arrived: &Url) -> Vec<FoundUrl> {
        let mut found = Vec::new();
        if self.plan.source.discover.links {
            found = self.plan.pages(links.pages, self.due, arrived);
        }
        if self.plan.source.discover.feeds && self.due.kind == UrlKind::Start {
            let feeds = links.feeds.into_iter();
            found.extend(feeds.map(|url| entry_point(UrlKind::Feed, url, 0, None)));
        }
        found
    }
}

/// How many of the addresses that an entry point names are followed.
fn counts(followed: usize, named: usize) -> LinkCounts {
    let count = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    LinkCounts {
        followed: count(followed),
        passed: count(named.saturating_sub(followed)),
    }
}

/// Logs each link of a page with what becomes of it.
fn log_links(page: &str, links: &Links) {
    for link in &links.judged {
        let title = link.title.as_deref().unwrap_or_default();
        tracing::debug!(page, url = %link.url, title, "link {}", link.decision);
    }
}

/// An answer as the store takes it.
pub(super) fn raw_page(
    due: &Due,
    plan: &CompiledSource,
    response: Response,
    fetched_at: i64,
) -> RawPage {
    RawPage {
        url: due.url.to_string(),
        final_url: response.url.into(),
        source: due.source.clone(),
        fetched_at,
        status: response.status,
        content_type: response.content_type,
        x_robots_tag: response.x_robots_tag,
        tdm_reservation: response.tdm_reservation,
        signals: response.signals,
        published: due.published,
        evidence: due.evidence,
        judged_by: Some(plan.judged_by.clone()),
        bytes: response.body,
    }
}

/// A feed or sitemap that was found.
pub(super) fn entry_point(kind: UrlKind, url: Url, depth: u32, hint: Option<i64>) -> FoundUrl {
    FoundUrl {
        url,
        kind,
        depth,
        hint,
        published: None,
        guessed: false,
        evidence: AddressEvidence::Unknown,
        too_old: false,
    }
}

/// Adds the usual places of feeds where neither the page nor the configuration names one, and those
/// of sitemaps where robots.txt doesn't either.
pub(super) fn guess_entry_points(page: &Url, plan: &CompiledSource, found: &mut Vec<FoundUrl>) {
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
            ..entry_point(kind, url, 0, None)
        }));
    }
}

/// The extractor of a crawl's pages.
pub(super) fn extractor(config: &Config, limits: &Limits) -> Extractor {
    Extractor::builder()
        .include(config.output.include.iter().copied())
        .markdown(config.output.format == Format::Markdown)
        .html(config.output.format == Format::Html)
        .limits(limits.clone())
        .build()
}

/// What was read in a page that was fetched before.
#[derive(Debug)]
pub(super) struct Reread {
    pub(super) reading: Reading,
    /// Only the first page is kept, while the stored text has them all.
    pub(super) continues: bool,
}

/// Reads a page that was fetched before.
pub(super) fn read_again(page: &RawPage, plan: &CompiledSource, extractor: &Extractor) -> Reread {
    let url = page.parsed_url();
    let rules = plan.rules(url.as_ref(), page.fetched_at);
    let extraction = extractor.extract_with(&page.input(url.as_ref()), &rules);
    Reread {
        continues: extraction.next_page.is_some(),
        reading: reading_of(page, plan, extraction).reading,
    }
}

/// What an extraction means for the visit: an article to store, or why there is none.
fn reading_of(page: &RawPage, plan: &CompiledSource, extraction: Extraction) -> FirstPage {
    let is_made_by_scripts = render::is_made_by_scripts(&extraction, &page.bytes);
    let Extraction {
        mut article,
        verdict,
        next_page,
        fingerprint,
        missed_selectors,
        note,
        why,
        ..
    } = extraction;
    if let Some(reason) = plan.withheld(verdict, &article.rights) {
        return Reading::new(VisitOutcome::OptOut, Some(reason)).into();
    }
    if !verdict.is_article() {
        let reason = note.unwrap_or_else(|| why.to_string());
        return FirstPage {
            is_made_by_scripts,
            ..Reading::new(verdict.into(), Some(reason)).into()
        };
    }
    if let Some(reason) = other_language(plan, article.language.as_deref()) {
        return Reading::new(VisitOutcome::OtherLanguage, Some(reason)).into();
    }
    article.url = Some(page.url.clone());
    article.final_url = Some(page.final_url.clone());
    article.source = Some(page.source.clone());
    article.status = Some(page.status);
    // What the feed states is surer than '2 hours ago'.
    let is_relative = article.warnings.iter().any(|it| it == "date_from_relative");
    if (article.published.is_none() || is_relative)
        && let Some(published) = page.published.and_then(timestamp)
    {
        article.published = Some(published);
        article.warnings.retain(|it| it != "date_from_relative");
        article.warnings.push("date_from_feed".to_owned());
    }
    if render::is_rendered(page.content_type.as_deref()) {
        article.warnings.push(render::WARNING.to_owned());
    }
    article.set_fetched_at(timestamp(page.fetched_at));
    let article = ReadArticle {
        article,
        fingerprint,
        missed_selectors,
    };
    let mut reading = Reading::new(VisitOutcome::Stored, None);
    reading.article = Some(Box::new(article));
    FirstPage {
        next_page,
        ..reading.into()
    }
}
