//! Finds what a site offers to crawlers: feeds, sitemaps and section pages, each read, the freshest
//! first. Uses the same HTTP client and the same readers as a crawl, and stores nothing.

use std::collections::{BTreeMap, HashSet};

use url::Url;

use crate::canonical::canonical;
use crate::client::{StandIn, on_error_page};
use crate::crawl::front::{self, FrontPage, Opening};
use crate::discover::{self, CandidateUrl, Links, PassReason, USUAL_FEEDS, USUAL_SITEMAPS};
use crate::extract::fields::collect;
use crate::extract::{Extractor, SiteRules};
use crate::fetch::{FetchError, Fetcher, Request, Response};
use crate::limits::Limits;
use crate::page::Document;
use crate::verdict::VisitOutcome;

const DAY: i64 = 24 * 3600 * 1000;
/// What counts as recent.
const RECENT: i64 = 7 * DAY;
/// Feeds, sitemaps and section pages that are read, each.
const MAX_PLACES: usize = 12;
/// Sitemaps of an index that are read: those that changed last.
const BELOW_INDEX: usize = 3;
/// Headlines that are shown of each.
const SAMPLES: usize = 3;
/// Characters that are shown of a link that is not followed.
const SAMPLE_CHARS: usize = 60;
/// A section page is worth following where it links to this many articles that are new.
const NEW_ARTICLES: usize = 3;

/// What a site has to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The front page, after redirects.
    pub front: Url,
    /// Why the front page was looked for at another address than was asked, where it was: with another
    /// scheme, or with or without `www.`.
    pub instead_of: Option<String>,
    /// What stands in the place of the front page, if it is no front page, and why it is not.
    pub problem: Option<(VisitOutcome, String)>,
    /// The links of the front page that are not followed, by reason, the most frequent first.
    pub passed_over: Vec<PassedOver>,
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

/// Links of a page that are not followed for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// Why.
    pub reason: PassReason,
    /// How many.
    pub links: usize,
    /// The texts of some of them, or their addresses.
    pub samples: Vec<String>,
}

/// A page could not be surveyed.
#[derive(Debug, thiserror::Error)]
#[error("{}", match stand_in {
    Some(reason) => format!("{}: {reason}", error.url),
    None => error.to_string(),
})]
pub struct SurveyError {
    /// Why it could not be fetched.
    pub error: FetchError,
    /// What the error answer shows, where that is a bot check or a wall.
    pub stand_in: Option<String>,
}

impl From<FetchError> for SurveyError {
    fn from(error: FetchError) -> SurveyError {
        let shown = on_error_page(&Extractor::default(), &error);
        SurveyError {
            stand_in: shown.map(|StandIn { reason, .. }| reason),
            error,
        }
    }
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

/// Surveys a site, beginning with this page. `now` is in unix milliseconds. Where nothing answers there,
/// the page is looked for with the other scheme, and with or without `www.`.
///
/// # Errors
/// Fails where the page can't be fetched; anything else that can't be fetched is left out.
pub async fn survey(fetcher: &Fetcher, page: &Url, now: i64) -> Result<Survey, SurveyError> {
    survey_in_steps(fetcher, page, now, &|_| ()).await
}

/// What a survey reads, one after the other.
pub const SURVEY_STEPS: [&str; 4] = ["the front page", "feeds", "sitemaps", "sections"];

/// The same, which reports the number of each of the [steps](SURVEY_STEPS) that it begins.
///
/// # Errors
/// Fails as [`survey`] does.
pub async fn survey_in_steps(
    fetcher: &Fetcher,
    page: &Url,
    now: i64,
    begins: &(dyn Fn(usize) + Sync),
) -> Result<Survey, SurveyError> {
    begins(0);
    let (response, instead_of) = first_answer(fetcher, page).await?;
    let front = Front::read(page, &response, fetcher.limits());
    begins(1);
    let feeds = feeds(fetcher, &front, now).await;
    begins(2);
    let sitemaps = sitemaps(fetcher, &front, now).await;
    begins(3);
    let sections = sections(fetcher, &front, now).await;
    Ok(Survey {
        links: Lead::new(front.url.clone(), front.articles, now),
        front: front.url,
        instead_of,
        problem: front.problem,
        passed_over: front.passed_over,
        language: front.language,
        feeds,
        sitemaps,
        sections,
    })
}

/// The answer at this address, or else at the first of the addresses like it that answers, with the error
/// that made this necessary. What our own policy refuses is not looked for elsewhere.
async fn first_answer(
    fetcher: &Fetcher,
    page: &Url,
) -> Result<(Response, Option<String>), SurveyError> {
    let error = match fetcher.get(&Request::page(page.clone())).await {
        Ok(response) => return Ok((response, None)),
        Err(error) => SurveyError::from(error),
    };
    // A bot check is at the right address.
    if error.stand_in.is_none() {
        for other in alternatives(page, VisitOutcome::from(&error.error)) {
            if let Ok(response) = fetcher.get(&Request::page(other)).await {
                return Ok((response, Some(error.to_string())));
            }
        }
    }
    Err(error)
}

/// Addresses at which the page may be found that could not be fetched for this reason.
fn alternatives(page: &Url, failure: VisitOutcome) -> Vec<Url> {
    use VisitOutcome::{Connect, Dns, Http4xx, Http5xx, Tls, TooSlow};
    let is_root = page.path() == "/" && page.query().is_none();
    let may_help = match failure {
        Connect | Tls | Dns | TooSlow => true,
        // Some servers know a site by one name alone.
        Http4xx | Http5xx => is_root,
        _ => false,
    };
    if !may_help || page.port().is_some() {
        return Vec::new();
    }
    let other_scheme = with_scheme(page);
    let mut all = Vec::new();
    if failure != Dns {
        all.extend(other_scheme.clone());
    }
    // A host that does not answer in time would cost the same wait each time.
    if failure != TooSlow {
        all.extend(with_www(page));
        all.extend(other_scheme.as_ref().and_then(with_www));
    }
    all
}

fn with_scheme(page: &Url) -> Option<Url> {
    let mut other = page.clone();
    let scheme = if page.scheme() == "https" {
        "http"
    } else {
        "https"
    };
    other.set_scheme(scheme).ok().map(|()| other)
}

/// The address with `www.` where it has none, and without where it has.
fn with_www(page: &Url) -> Option<Url> {
    let name = page.domain()?;
    let name = match name.strip_prefix("www.") {
        Some(bare) => bare.to_owned(),
        None => format!("www.{name}"),
    };
    let mut other = page.clone();
    other.set_host(Some(&name)).ok().map(|()| other)
}

/// What is read off the front page.
struct Front {
    url: Url,
    language: Option<String>,
    problem: Option<(VisitOutcome, String)>,
    articles: Vec<CandidateUrl>,
    passed_over: Vec<PassedOver>,
    feeds: Vec<Url>,
    sections: Vec<Url>,
}

impl Front {
    fn read(asked: &Url, response: &Response, limits: &Limits) -> Front {
        let document = Document::parse(&response.input(), limits);
        let page = document.page();
        let links = discover::links(&page.tree, &response.url, limits);
        let sections = discover::sections(&page.tree, &response.url, limits);
        let extraction = Extractor::default().extract_page(&page, &SiteRules::default());
        let mut opening = Opening::default();
        let front = FrontPage::new(&page, &extraction, &links, &mut opening);
        let (outcome, reason) = front::end_of(&front.asked_at(asked, &response.url));
        let is_problem = outcome != VisitOutcome::Index || links.pages.is_empty();
        Front {
            url: canonical(&response.url),
            language: collect(&page, &SiteRules::default()).language,
            problem: reason
                .filter(|_| is_problem)
                .map(|reason| (outcome, reason)),
            passed_over: passed_over(&links),
            articles: links.pages,
            feeds: links.feeds,
            sections: sections.into_iter().map(|it| it.url).collect(),
        }
    }
}

/// The links that are not followed, by reason.
fn passed_over(links: &Links) -> Vec<PassedOver> {
    let mut reasons: BTreeMap<PassReason, PassedOver> = BTreeMap::new();
    for (link, reason) in links.passed_over() {
        let of_reason = reasons.entry(reason).or_insert_with(|| PassedOver {
            reason,
            links: 0,
            samples: Vec::new(),
        });
        of_reason.links += 1;
        if of_reason.samples.len() < SAMPLES {
            let text = link.title.clone().unwrap_or_else(|| link.url.to_string());
            of_reason
                .samples
                .push(text.chars().take(SAMPLE_CHARS).collect());
        }
    }
    let mut reasons: Vec<PassedOver> = reasons.into_values().collect();
    reasons.sort_by_key(|it| std::cmp::Reverse(it.links));
    reasons
}

/// The feeds that the page declares or, if there are none, those at the usual places.
async fn feeds(fetcher: &Fetcher, front: &Front, now: i64) -> Vec<Lead> {
    let mut places = front.feeds.clone();
    if places.is_empty() {
        places = joined(&front.url, &USUAL_FEEDS);
    }
    let mut leads = Vec::new();
    for place in places.into_iter().take(MAX_PLACES) {
        let Ok(response) = get(fetcher, front, Request::feed(place.clone())).await else {
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
        let Some(map) = sitemap(fetcher, front, &place).await else {
            continue;
        };
        let (mut articles, mut below) = (map.pages, map.maps);
        below.sort_by_key(|(_, changed)| std::cmp::Reverse(*changed));
        for (url, _) in below.iter().take(BELOW_INDEX) {
            articles.extend(sitemap(fetcher, front, url).await.unwrap_or_default().pages);
        }
        leads.push(Lead::new(place, articles, now));
    }
    ranked(leads)
}

/// Requests what the front page leads to.
async fn get(fetcher: &Fetcher, front: &Front, request: Request) -> Result<Response, FetchError> {
    let request = request.on_behalf_of([front.url.clone()]);
    fetcher.get(&request).await
}

async fn sitemap(fetcher: &Fetcher, front: &Front, url: &Url) -> Option<discover::Sitemap> {
    let asked = get(fetcher, front, Request::sitemap(url.clone()));
    let response = asked.await.ok()?;
    let kind = response.content_type.as_deref();
    discover::sitemap(&response.body, kind, &response.url, fetcher.limits()).ok()
}

async fn sections(fetcher: &Fetcher, front: &Front, now: i64) -> Vec<Lead> {
    let mut known: HashSet<Url> = front.articles.iter().map(|it| it.url.clone()).collect();
    let mut leads = Vec::new();
    for place in front.sections.iter().take(MAX_PLACES) {
        let Ok(response) = get(fetcher, front, Request::page(place.clone())).await else {
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

#[cfg(test)]
mod tests;
