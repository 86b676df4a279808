//! A link's score by its address, its text and where on the page it stands.

use url::Url;

use super::words::{ARTICLE_PARAMETERS, MEDIA, SERVICE_PARAMETERS, service};
use crate::page::text::word_count;
use crate::page::{Id, Tag, Tree};

/// What each property of a link adds to its score or takes from it.
pub(super) mod weight {
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
    /// Links with a lower score are followed only where the page puts them forward.
    pub(in super::super) const THRESHOLD: f64 = 1.4;
}

/// The score of a link with this text.
pub(super) fn score(tree: &Tree<'_>, anchor: Id, url: &Url, text: &str) -> f64 {
    path_score(url) + text_score(text) + position_score(tree, anchor)
}

/// True for `/` and its parameters, unless they name an article: `/?p=1201`.
pub(super) fn is_front_page(url: &Url) -> bool {
    url.path() == "/" && query_score(url) <= 0.0
}

/// True for a file that is not a page, and for an address that a script has yet to fill in.
pub(super) fn is_not_page(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    let is_template = ["%7B%7B", "{{", "$%7B", "${", "%3C%"]
        .iter()
        .any(|mark| url.as_str().contains(mark));
    is_template || ending.is_some_and(|ending| MEDIA.contains(&ending.as_str()))
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
    if service(url).is_some() {
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
