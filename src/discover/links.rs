//! The links of a page that look like articles, scored by position, path and words.

mod feeds;
mod words;

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::canonical::{names_article, same_site};
use crate::discover::{CandidateUrl, Links, resolve};
use crate::limits::Limits;
use crate::page::text::word_count;
use crate::page::{Id, Tag, Tree};
use feeds::feeds;
use words::{ARTICLE_PARAMETERS, MEDIA, SERVICE_PARAMETERS, SERVICE_WORDS};

/// What each property of a link adds to its score or takes from it.
mod weight {
    /// Each word beyond the second in the last path segment.
    pub(super) const SLUG_WORD: f64 = 0.5;
    /// A date in the path.
    pub(super) const DATE: f64 = 2.0;
    /// A number of four digits or more, such as the article ids of content management systems.
    pub(super) const NUMBER: f64 = 1.2;
    /// An extension such as `.html`.
    pub(super) const DOCUMENT: f64 = 0.8;
    /// A link text as long as a short headline.
    pub(super) const HEADLINE: f64 = 1.5;
    /// A link text longer than any section name.
    pub(super) const LONG_HEADLINE: f64 = 3.0;
    /// The link is in a heading or an article element.
    pub(super) const HEADING: f64 = 1.5;
    /// The link is in a menu, footer or sidebar.
    pub(super) const FRAME: f64 = -1.5;
    /// A short path without numbers or dates, as sections have.
    pub(super) const SECTION: f64 = -1.5;
    /// A path segment that articles do not have.
    pub(super) const SERVICE: f64 = -5.0;
    /// Links with a lower score are not followed.
    pub(super) const THRESHOLD: f64 = 1.4;
}

/// What links of a page are resolved against and compared with.
struct SiteLinks<'a> {
    /// The address of the page.
    home: &'a Url,
    /// The base address: `<base href>`, or else that of the page.
    base: Url,
    limits: &'a Limits,
}

impl<'a> SiteLinks<'a> {
    fn new(tree: &Tree<'_>, page: &'a Url, limits: &'a Limits) -> SiteLinks<'a> {
        SiteLinks {
            home: page,
            base: declared_base(tree, page),
            limits,
        }
    }
}

/// Collects the links of the page at `base` that look like articles, and its feeds.
pub fn links(tree: &Tree<'_>, base: &Url, limits: &Limits) -> Links {
    let site = SiteLinks::new(tree, base, limits);
    let feeds = feeds(tree, &site);
    if forbids_following(tree) {
        return Links {
            pages: Vec::new(),
            feeds,
        };
    }
    let mut scored: Vec<(f64, CandidateUrl)> = Vec::new();
    let mut positions: HashMap<Url, usize> = HashMap::new();
    for anchor in tree.elements(Tag::A).take(4 * limits.page_links) {
        let Some((score, candidate)) = scored_link(tree, anchor, &site) else {
            continue;
        };
        match positions.get(&candidate.url) {
            None => {
                positions.insert(candidate.url.clone(), scored.len());
                scored.push((score, candidate));
            }
            // An image and a headline often link to the same article: the higher score counts.
            Some(&at) if score > scored[at].0 => scored[at] = (score, candidate),
            Some(_) => {}
        }
    }
    scored.retain(|(score, _)| *score >= weight::THRESHOLD);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.truncate(limits.page_links);
    Links {
        pages: scored.into_iter().map(|(_, candidate)| candidate).collect(),
        feeds,
    }
}

/// The section pages linked from a front page's menus, in order, without duplicates.
pub fn sections(tree: &Tree<'_>, base: &Url, limits: &Limits) -> Vec<CandidateUrl> {
    let site = SiteLinks::new(tree, base, limits);
    if forbids_following(tree) {
        return Vec::new();
    }
    let mut known: HashSet<Url> = HashSet::new();
    let anchors = tree.elements(Tag::A).take(4 * limits.page_links);
    let mut sections = Vec::new();
    for anchor in anchors {
        let Some(url) = tree
            .attr(anchor, "href")
            .and_then(|href| resolve(&site.base, href, limits))
        else {
            continue;
        };
        let text = tree.text(anchor);
        let is_section = same_host(&url, site.home)
            && is_section_path(&url)
            && (1..=3).contains(&word_count(&text))
            && is_in_menu(tree, anchor);
        if is_section && known.insert(url.clone()) {
            sections.push(CandidateUrl {
                url,
                title: Some(text),
                dated: None,
                published: None,
            });
        }
    }
    sections
}

fn same_host(url: &Url, home: &Url) -> bool {
    let bare = |url: &Url| {
        url.host_str()
            .map(|host| host.trim_start_matches("www.").to_owned())
    };
    bare(url) == bare(home)
}

/// True for one or two short words as a path: `/politics`, `/world/asia/`.
fn is_section_path(url: &Url) -> bool {
    let segments: Vec<&str> = url.path().split('/').filter(|it| !it.is_empty()).collect();
    let is_word = |segment: &&str| {
        !names_article(segment)
            && !SERVICE_WORDS.contains(&segment.to_ascii_lowercase().as_str())
            && !segment.contains('.')
    };
    (1..=2).contains(&segments.len()) && url.query().is_none() && segments.iter().all(is_word)
}

fn is_in_menu(tree: &Tree<'_>, anchor: Id) -> bool {
    tree.ancestors(anchor).any(|above| {
        matches!(
            tree.tag(above),
            Tag::Nav | Tag::Header | Tag::Menu | Tag::Ul
        )
    })
}

fn declared_base(tree: &Tree<'_>, base: &Url) -> Url {
    tree.elements(Tag::Base)
        .find_map(|id| tree.attr(id, "href"))
        .and_then(|href| base.join(href).ok())
        .unwrap_or_else(|| base.clone())
}

fn forbids_following(tree: &Tree<'_>) -> bool {
    tree.elements(Tag::Meta).any(|id| {
        let is_robots = tree
            .attr(id, "name")
            .is_some_and(|it| it.eq_ignore_ascii_case("robots"));
        let content = tree
            .attr(id, "content")
            .unwrap_or_default()
            .to_ascii_lowercase();
        is_robots
            && content
                .split(',')
                .any(|it| matches!(it.trim(), "nofollow" | "none"))
    })
}

/// A link and its score, if it leads to another page of the site.
fn scored_link(tree: &Tree<'_>, anchor: Id, site: &SiteLinks<'_>) -> Option<(f64, CandidateUrl)> {
    let rel = tree.attr(anchor, "rel").unwrap_or_default();
    if rel
        .split_whitespace()
        .any(|it| it.eq_ignore_ascii_case("nofollow"))
    {
        return None;
    }
    let url = resolve(&site.base, tree.attr(anchor, "href")?, site.limits)?;
    if !same_site(&url, site.home) || is_front_page(&url) || url == *site.home || is_media(&url) {
        return None;
    }
    let text = tree.text(anchor);
    let score = path_score(&url) + text_score(&text) + position_score(tree, anchor);
    let title = (!text.is_empty()).then(|| text.chars().take(300).collect());
    Some((
        score,
        CandidateUrl {
            url,
            title,
            dated: None,
            published: None,
        },
    ))
}

/// True for `/` and its parameters, unless they name an article: `/?p=1201`.
fn is_front_page(url: &Url) -> bool {
    url.path() == "/" && query_score(url) <= 0.0
}

/// Scores the parameters that name an article or something else: `?p=1201`, `?cat=3`.
fn query_score(url: &Url) -> f64 {
    let names = |known: &[&str], test: fn(&str) -> bool| {
        url.query_pairs().any(|(name, value)| {
            known.contains(&name.to_ascii_lowercase().as_str()) && test(&value)
        })
    };
    let is_number = |value: &str| !value.is_empty() && value.bytes().all(|it| it.is_ascii_digit());
    if names(SERVICE_PARAMETERS, |_| true) {
        weight::SERVICE
    } else if names(ARTICLE_PARAMETERS, is_number) {
        weight::NUMBER + weight::DOCUMENT
    } else {
        0.0
    }
}

fn is_media(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| MEDIA.contains(&ending.as_str()))
}

fn path_score(url: &Url) -> f64 {
    let segments: Vec<String> = url
        .path_segments()
        .into_iter()
        .flatten()
        .filter(|it| !it.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let Some(last) = segments.last() else {
        return query_score(url);
    };
    if segments
        .iter()
        .any(|it| SERVICE_WORDS.contains(&it.as_str()))
    {
        return weight::SERVICE;
    }
    let mut score = 0.0;
    let words = last
        .split(['-', '_', '+'])
        .filter(|word| !word.is_empty())
        .count();
    let encoded = last.matches('%').count() / 9;
    score += weight::SLUG_WORD * (words.max(encoded).min(8) as f64 - 2.0).max(0.0);
    let query = url.query().unwrap_or_default();
    if has_number(last) || has_number(query) {
        score += weight::NUMBER;
    }
    let dated = has_date(&segments);
    if dated {
        score += weight::DATE;
    }
    if last.ends_with(".html") || last.ends_with(".htm") || last.ends_with(".php") {
        score += weight::DOCUMENT;
    }
    if !dated && words < 3 && !has_number(last) && query.is_empty() && !last.contains('%') {
        score += weight::SECTION;
    }
    score
}

fn has_number(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|number| number.len() >= 4)
}

/// A year followed by a month, as two segments or in one.
fn has_date(segments: &[String]) -> bool {
    let is_year = |it: &str| it.len() == 4 && (it.starts_with("19") || it.starts_with("20"));
    let is_month = |it: &str| {
        it.parse::<u8>()
            .is_ok_and(|month| (1..=12).contains(&month))
    };
    let pair = segments
        .windows(2)
        .any(|pair| is_year(&pair[0]) && is_month(&pair[1]));
    pair || segments.iter().any(|it| {
        let parts: Vec<&str> = it.split(['-', '_']).collect();
        parts
            .windows(3)
            .any(|part| is_year(part[0]) && is_month(part[1]) && part[2].len() == 2)
    })
}

/// Scores the length of the link's text. In scripts without spaces each character counts as a word, so
/// the bounds are low.
fn text_score(text: &str) -> f64 {
    match word_count(text) {
        4..=5 => weight::HEADLINE,
        6..=40 => weight::LONG_HEADLINE,
        _ => 0.0,
    }
}

fn position_score(tree: &Tree<'_>, anchor: Id) -> f64 {
    let mut score = 0.0;
    for above in tree.ancestors(anchor) {
        match tree.tag(above) {
            Tag::Nav | Tag::Footer | Tag::Aside | Tag::Menu => return weight::FRAME,
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::Article => score = weight::HEADING,
            _ => {}
        }
    }
    score
}

#[cfg(test)]
mod tests;
