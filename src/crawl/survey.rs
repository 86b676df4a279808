//! Finds what a site offers to crawlers: feeds, sitemaps and section pages, each read, the freshest
//! first. Uses the same HTTP client and the same readers as a crawl, and stores nothing.

use std::collections::{BTreeMap, HashSet};

use url::Url;

use crate::canonical::canonical;
use crate::discover::{self, CandidateUrl, USUAL_FEEDS, USUAL_SITEMAPS};
use crate::extract::SiteRules;
use crate::extract::fields::collect;
use crate::fetch::{FetchError, Fetcher, Request, Response};
use crate::limits::Limits;
use crate::page::Document;

const DAY: i64 = 24 * 3600 * 1000;
/// What counts as recent.
const RECENT: i64 = 7 * DAY;
/// Feeds, sitemaps and section pages that are read, each.
const MAX_PLACES: usize = 12;
/// Sitemaps of an index that are read: those that changed last.
const BELOW_INDEX: usize = 3;
/// Headlines that are shown of each.
const SAMPLES: usize = 3;
/// A section page is worth following where it links to this many articles that the front page
/// doesn't.
const NEW_ARTICLES: usize = 3;

/// What a site has to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The front page, after redirects.
    pub front: Url,
    /// The site's language, where the front page declares one.
    pub language: Option<String>,
    /// What the front page itself links to.
    pub links: Lead,
    /// Feeds that can be read, the freshest first.
    pub feeds: Vec<Lead>,
    /// Sitemaps that can be read, the freshest first.
    pub sitemaps: Vec<Lead>,
    /// Section pages that link to articles which the front page doesn't, the richest first.
    pub sections: Vec<Lead>,
}

/// A place to find articles at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Its address.
    pub url: Url,
    /// The articles it names.
    pub articles: usize,
    /// Those of them dated within a week.
    pub recent: usize,
    /// The newest date, in unix milliseconds.
    pub newest: Option<i64>,
    /// Some headlines, the newest first.
    pub samples: Vec<String>,
}

impl Lead {
    fn new(url: Url, mut articles: Vec<CandidateUrl>, now: i64) -> Lead {
        articles.sort_by_key(|it| std::cmp::Reverse(it.dated));
        let is_recent = |it: &&CandidateUrl| it.dated.is_some_and(|at| now - at <= RECENT);
        Lead {
            url,
            articles: articles.len(),
            recent: articles.iter().filter(is_recent).count(),
            newest: articles.first().and_then(|it| it.dated),
            samples: articles
                .iter()
                .filter_map(|it| it.title.clone())
                .take(SAMPLES)
                .collect(),
        }
    }
}

/// Surveys a site, beginning with this page. `now` is in unix milliseconds.
///
/// # Errors
/// Fails where the page can't be fetched; anything else that can't be fetched is left out.
pub async fn survey(fetcher: &Fetcher, page: &Url, now: i64) -> Result<Survey, FetchError> {
    let response = fetcher.get(&Request::page(page.clone())).await?;
    let front = Front::read(&response, fetcher.limits());
    let feeds = feeds(fetcher, &front, now).await;
    let sitemaps = sitemaps(fetcher, &front, now).await;
    let sections = sections(fetcher, &front, now).await;
    Ok(Survey {
        links: Lead::new(front.url.clone(), front.articles, now),
        front: front.url,
        language: front.language,
        feeds,
        sitemaps,
        sections,
    })
}

/// What is read off the front page.
struct Front {
    url: Url,
    language: Option<String>,
    articles: Vec<CandidateUrl>,
    feeds: Vec<Url>,
    sections: Vec<Url>,
}

impl Front {
    fn read(response: &Response, limits: &Limits) -> Front {
        let document = Document::parse(&response.input(), limits);
        let page = document.page();
        let links = discover::links(&page.tree, &response.url, limits);
        let sections = discover::sections(&page.tree, &response.url, limits);
        Front {
            url: canonical(&response.url),
            language: collect(&page, &SiteRules::default()).language,
            articles: links.pages,
            feeds: links.feeds,
            sections: sections.into_iter().map(|it| it.url).collect(),
        }
    }
}

/// The feeds that the page declares or, if there are none, those at the usual places.
async fn feeds(fetcher: &Fetcher, front: &Front, now: i64) -> Vec<Lead> {
    let mut places = front.feeds.clone();
    if places.is_empty() {
        places = joined(&front.url, &USUAL_FEEDS);
    }
    let mut leads = Vec::new();
    for place in places.into_iter().take(MAX_PLACES) {
        let Ok(response) = fetcher.get(&Request::feed(place.clone())).await else {
            continue;
        };
        let kind = response.content_type.as_deref();
        let read = discover::feed(&response.body, kind, &response.url, fetcher.limits());
        leads.extend(read.map(|feed| Lead::new(place, feed.entries, now)));
    }
    ranked(leads)
}

/// The sitemaps that robots.txt names or, if there are none, those at the usual places. Of an index,
/// the sitemaps that changed last are read, and the index itself is listed.
async fn sitemaps(fetcher: &Fetcher, front: &Front, now: i64) -> Vec<Lead> {
    let mut places = fetcher.sitemaps(&front.url).await;
    if places.is_empty() {
        places = joined(&front.url, &USUAL_SITEMAPS);
    }
    let mut leads = Vec::new();
    for place in places.into_iter().take(MAX_PLACES) {
        let Some(map) = sitemap(fetcher, &place).await else {
            continue;
        };
        let (mut articles, mut below) = (map.pages, map.maps);
        below.sort_by_key(|(_, changed)| std::cmp::Reverse(*changed));
        for (url, _) in below.iter().take(BELOW_INDEX) {
            articles.extend(sitemap(fetcher, url).await.unwrap_or_default().pages);
        }
        leads.push(Lead::new(place, articles, now));
    }
    ranked(leads)
}

async fn sitemap(fetcher: &Fetcher, url: &Url) -> Option<discover::Sitemap> {
    let response = fetcher.get(&Request::sitemap(url.clone())).await.ok()?;
    let kind = response.content_type.as_deref();
    discover::sitemap(&response.body, kind, &response.url, fetcher.limits()).ok()
}

async fn sections(fetcher: &Fetcher, front: &Front, now: i64) -> Vec<Lead> {
    let mut known: HashSet<Url> = front.articles.iter().map(|it| it.url.clone()).collect();
    let mut leads = Vec::new();
    for place in front.sections.iter().take(MAX_PLACES) {
        let Ok(response) = fetcher.get(&Request::page(place.clone())).await else {
            continue;
        };
        let mut articles = {
            let document = Document::parse(&response.input(), fetcher.limits());
            discover::links(&document.page().tree, &response.url, fetcher.limits()).pages
        };
        articles.retain(|it| !known.contains(&it.url));
        if articles.len() >= NEW_ARTICLES {
            known.extend(articles.iter().map(|it| it.url.clone()));
            leads.push(Lead::new(place.clone(), articles, now));
        }
    }
    ranked(leads)
}

fn joined(page: &Url, paths: &[&str]) -> Vec<Url> {
    paths
        .iter()
        .filter_map(|path| page.join(path).ok())
        .collect()
}

/// The freshest first, then the richest; of those that name the same articles the first. What
/// names none is left out.
fn ranked(leads: Vec<Lead>) -> Vec<Lead> {
    let mut unique: BTreeMap<_, Lead> = BTreeMap::new();
    for lead in leads.into_iter().filter(|lead| lead.articles > 0) {
        let key = (lead.articles, lead.newest, lead.samples.clone());
        unique.entry(key).or_insert(lead);
    }
    let mut leads: Vec<Lead> = unique.into_values().collect();
    leads.sort_by_key(|lead| std::cmp::Reverse((lead.recent, lead.newest, lead.articles)));
    leads
}
